"""How a canary's share of the traffic grows by itself: its shares, for how long each is watched, and by which alarms."""

from collections.abc import Iterator, Mapping
from math import ceil

from environment.endpoint import Alarms, Canary
from plan.endpoint_alarms import ERROR_PERCENT, PERIOD_SECONDS, PERIODS, check_objective, check_threshold
from plan.endpoint_capabilities import ability
from plan.endpoint_request import EndpointRequest
from plan.endpoint_rollout import grows_by_itself
from plan.model import AlarmPlan, Band, CanaryRolloutPlan

_BAKE_MINUTES = {"dev": 5, "staging": 5, "prod": 10}
_ERROR_PERCENT = 2.0
_LOOK_SECONDS = 60
# A look is about eleven events of an execution, which may have 25,000; most of them are for watching.
_MOST_LOOKS = 1_000
_QUOTA = "AWS Step Functions, Quotas, execution history: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"
_LOG_DAYS = {"dev": 7, "staging": 30, "prod": 90}
# Once for a rollout, and once each time that autoscaling has changed its replicas; an estimate of low confidence, as is what each writes:
# some ten KiB where it finds nothing to do, some MiB where it watches.
_STARTS = Band(low=1, expected=100, high=1_000)
_LOGGED_GIB = Band(low=0, expected=0.05, high=1)


def plan_canary(request: EndpointRequest, column: str) -> CanaryRolloutPlan | None:
    """How the canary's share grows, or None where only the file changes it. Faults thresholds that cannot be."""
    canary = request.endpoint.canary
    if canary is None or not grows_by_itself(canary) or not ability(column, "canaryRollback").can:
        return None
    shares = shares_percent(canary)
    minutes = _bake_minutes(request, canary)
    look_seconds = _look_seconds(request, len(shares) * minutes)
    _decide_shares(request, shares, minutes)
    days = _LOG_DAYS[request.environment.stage]
    request.decide("canary.logDays", days, "who asks why it went, or did not, asks within this time")
    return CanaryRolloutPlan(
        shares_percent=shares,
        bake_seconds=60 * minutes,
        look_seconds=look_seconds,
        alarms=tuple(_alarms(request, canary)),
        log_days=days,
        starts_per_month=_STARTS,
        logged_gib_per_month=_LOGGED_GIB,
    )


def shares_percent(canary: Canary) -> tuple[float, ...]:
    """The canary's shares of the traffic one after another, in percent; the last is what the file gives it."""
    return (*canary.steps, canary.percent)


def stable_share(canary: Canary | None) -> float:
    """The percent of the traffic that the stable version must be able to answer: all of it where an alarm gives it all back at once."""
    if canary is None:
        return 100.0
    return 100.0 if grows_by_itself(canary) else 100 - canary.percent


def _bake_minutes(request: EndpointRequest, canary: Canary) -> int:
    if canary.bake_minutes is not None:
        return canary.bake_minutes
    minutes = _BAKE_MINUTES[request.environment.stage]
    reason = "alarms look at three minutes before they fire, and metrics come some minutes late"
    request.decide("canary.bakeMinutes", minutes, reason, ability("sageMaker", "canaryBake").source)
    return minutes


def _look_seconds(request: EndpointRequest, minutes: int) -> int:
    """How often the alarms are looked at, in whole minutes: as often as they can change, where that many looks fit into an execution."""
    seconds = _LOOK_SECONDS * max(1, ceil(minutes / _MOST_LOOKS))
    reason = "an alarm changes no more often"
    if seconds > _LOOK_SECONDS:
        reason = f"{minutes} minutes of watching are looked at {_MOST_LOOKS} times at most, as an execution has 25,000 events"
    request.decide("canary.lookSeconds", seconds, reason, _QUOTA)
    return seconds


def _decide_shares(request: EndpointRequest, shares: tuple[float, ...], minutes: int) -> None:
    percent = ", ".join(f"{share:g}" for share in shares)
    reason = f"its share stays; {minutes} minutes after it came into service nobody watches it but its alarms' receivers"
    if len(shares) > 1:
        reason = f"each follows after {minutes} minutes without an alarm, and the first alarm gives all traffic back"
    request.decide("canary.shares", percent, reason, ability("sageMaker", "canarySteps").source)
    request.decide("replicas", "for all traffic", "the stable version gets it back at once when an alarm of the canary fires")


def _alarms(request: EndpointRequest, canary: Canary) -> Iterator[AlarmPlan]:
    for kind, threshold in _thresholds(request, canary).items():
        yield AlarmPlan(kind=kind, threshold=threshold, period_seconds=PERIOD_SECONDS, periods=PERIODS, rollback=True)


def _thresholds(request: EndpointRequest, canary: Canary) -> Mapping[str, float]:
    """What takes the canary back, by kind of alarm."""
    wish = canary.rollback_on
    if wish is None:
        return _default(request)
    if wish.error_rate_percent is not None:
        check_threshold(request, "errorRate", "canary.rollbackOn.errorRatePercent", wish.error_rate_percent)
    if wish.p95_ms is not None:
        check_objective(request, "canary.rollbackOn.p95Ms", wish.p95_ms)
    return _given(wish.error_rate_percent, wish.p95_ms)


def _default(request: EndpointRequest) -> Mapping[str, float]:
    """What the endpoint's own alarms look at: what is too bad for all versions is too bad for the new one."""
    own = request.endpoint.alarms or Alarms()
    objective = request.endpoint.objective.p95_ms if request.endpoint.objective else None
    percent, latency = own.error_rate_percent, own.p95_ms or objective
    if percent is None:
        percent = ERROR_PERCENT.get(request.environment.stage, _ERROR_PERCENT)
    chosen = f"errorRatePercent {percent:g}" + (f", p95Ms {latency:g}" if latency else "")
    request.decide("canary.rollbackOn", chosen, "what the endpoint's own alarms look at, for the canary alone")
    return _given(percent, latency)


def _given(percent: float | None, latency: float | None) -> Mapping[str, float]:
    return {kind: value for kind, value in (("errorRate", percent), ("p95", latency)) if value is not None}
