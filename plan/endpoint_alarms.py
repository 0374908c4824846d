"""What watches an endpoint, and what ends a rollout."""

import re
from collections.abc import Iterator, Mapping

from environment.endpoint import Alarms
from plan.endpoint_capabilities import ability
from plan.endpoint_refusals import allows
from plan.endpoint_request import EndpointRequest
from plan.endpoint_rollout import is_guarded
from plan.model import AlarmPlan
from plan.pool_request import written

PERIOD_SECONDS = 60
PERIODS = 3
_MOST_QUIET_MINUTES = 1380
# Of a healthy model, which fails on malformed requests alone; in development nothing is watched unasked.
ERROR_PERCENT: Mapping[str, float] = {"staging": 2.0, "prod": 1.0}
_SATURATION_PERCENT = 90.0
_QUIET_MINUTES = 30
_NOTIFY: Mapping[str, tuple[str, re.Pattern[str], str]] = {
    "sageMaker": (
        "the ARN of an SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME",
        re.compile(r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?$"),
        "Amazon CloudWatch, PutMetricAlarm, AlarmActions: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
    ),
    "vertexAi": (
        "projects/PROJECT/notificationChannels/ID",
        re.compile(r"^projects/[^/\s]+/notificationChannels/\d+$"),
        "Cloud Monitoring, AlertPolicy, notificationChannels: https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies",
    ),
    "azureMl": (
        "the ARM id of an action group, /subscriptions/…/actionGroups/NAME",
        re.compile(r"^/subscriptions/[^/]+/resource[gG]roups/[^/]+/providers/[mM]icrosoft\.[iI]nsights/action[gG]roups/[^/]+$"),
        "Azure Monitor, Metric alerts, actions: https://learn.microsoft.com/azure/templates/microsoft.insights/metricalerts",
    ),
}


def plan_alarms(request: EndpointRequest, column: str, *, scales_to_zero: bool) -> tuple[AlarmPlan, ...]:
    """The endpoint's alarms, one of each kind at most; those that a rollback looks at say so. Faults thresholds that cannot be."""
    wish = request.endpoint.alarms
    if wish is not None:
        given = sorted(wish.model_dump(by_alias=True, exclude_none=True, exclude_unset=True))
        if not allows(request, column, "alarms", "alarms", given, fix="remove alarms"):
            return ()
        _check_notify(request, column, wish)
    if not ability(column, "alarms").can:
        return ()
    wish = wish or Alarms()
    return tuple(_alarms(request, column, wish, scales_to_zero=scales_to_zero))


def _alarms(request: EndpointRequest, column: str, wish: Alarms, *, scales_to_zero: bool) -> Iterator[AlarmPlan]:
    rollback = _rollback(request)
    strategy = request.endpoint.strategy
    # Where the file guards a rollout and does not say by what, these two do.
    watched = ability(column, "rollbackOnAlarms").can and is_guarded(strategy) and not rollback
    asked = {"errorRate": wish.error_rate_percent, "p95": wish.p95_ms}
    fields = {"errorRate": "errorRatePercent", "p95": "p95Ms"}
    for kind, field in fields.items():
        threshold, ends = _threshold(request, kind, field, asked[kind], rollback.get(kind))
        if threshold is None:
            threshold = _default(request, kind)
        if threshold is not None:
            check_threshold(request, kind, f"alarms.{field}", threshold)
            rolls_back = ends or watched
            yield AlarmPlan(kind=kind, threshold=threshold, period_seconds=PERIOD_SECONDS, periods=PERIODS, rollback=rolls_back)
    yield from _saturation(request, wish)
    yield from _no_traffic(request, wish, scales_to_zero=scales_to_zero)


def _rollback(request: EndpointRequest) -> Mapping[str, tuple[str, float]]:
    """What ends a rollout, by kind of alarm: where the file says it, and the threshold."""
    strategy = request.endpoint.strategy
    wish = strategy.rollback_on if strategy else None
    if wish is None:
        return {}
    told = (("errorRate", "errorRatePercent", wish.error_rate_percent), ("p95", "p95Ms", wish.p95_ms))
    return {kind: (f"strategy.rollbackOn.{field}", value) for kind, field, value in told if value is not None}


def _threshold(
    request: EndpointRequest, kind: str, field: str, asked: float | None, rollback: tuple[str, float] | None
) -> tuple[float | None, bool]:
    """The threshold that the file gives, and whether a rollout ends when it is passed."""
    if rollback is None:
        return asked, False
    path, value = rollback
    if asked is not None and asked != value:
        _fault_two(request, f"alarms.{field}", asked, path, value)
    if kind == "p95":
        check_objective(request, path, value)
    return value, True


def _fault_two(request: EndpointRequest, path: str, value: float, other: str, known: float) -> None:
    problem = f"is not the {known:g} of {other}, and an endpoint has one alarm of each kind"
    request.fault(path, written(value), problem, allowed=f"{known:g}", fix=f"write {known:g} in both, or remove one")


def check_objective(request: EndpointRequest, path: str, value: float) -> None:
    """Faults a latency (milliseconds, at this path) that would take back a version which keeps the endpoint's objective."""
    objective = request.endpoint.objective.p95_ms if request.endpoint.objective else None
    if objective is not None and value < objective:
        problem = f"is less than the objective of {objective:g} ms, so a version that keeps it would be taken back"
        request.fault(path, written(value), problem, allowed=f"{objective:g} or more", fix=f"write p95Ms: {objective:g}")


def check_threshold(request: EndpointRequest, kind: str, path: str, threshold: float) -> None:
    """Faults a threshold (at this path) that nothing exceeds."""
    if kind == "errorRate" and threshold >= 100:
        problem = "percent is never exceeded, so the alarm never fires"
        request.fault(path, written(threshold), problem, allowed="less than 100", fix="write errorRatePercent: 1")


def _default(request: EndpointRequest, kind: str) -> float | None:
    stage = request.environment.stage
    if stage == "dev":
        return None
    if kind == "errorRate":
        percent = ERROR_PERCENT[stage]
        request.decide("alarms.errorRatePercent", f"{percent:g}", "a healthy model fails on malformed requests alone")
        return percent
    objective = request.endpoint.objective.p95_ms if request.endpoint.objective else None
    if objective is not None:
        request.decide("alarms.p95Ms", f"{objective:g}", "the endpoint's objective")
    return objective


def _saturation(request: EndpointRequest, wish: Alarms) -> Iterator[AlarmPlan]:
    percent = wish.saturation_percent
    if percent is None:
        if request.environment.stage == "dev":
            return
        percent = _SATURATION_PERCENT
        request.decide("alarms.saturationPercent", f"{percent:g}", "above it the next burst waits for a replica that is not there yet")
    if not 0 < percent < 100:
        problem = "percent of use is always there or never exceeded"
        request.fault("alarms.saturationPercent", written(percent), problem, allowed="more than 0 and less than 100", fix="write 90")
    yield AlarmPlan(kind="saturation", threshold=percent, period_seconds=PERIOD_SECONDS, periods=2 * PERIODS, rollback=False)


def _no_traffic(request: EndpointRequest, wish: Alarms, *, scales_to_zero: bool) -> Iterator[AlarmPlan]:
    minutes = wish.no_traffic_minutes
    if minutes is None:
        low = request.endpoint.traffic.requests_per_second.low
        if request.environment.stage != "prod" or scales_to_zero or low * _QUIET_MINUTES * 60 < 1:
            return
        minutes = _QUIET_MINUTES
        request.decide("alarms.noTrafficMinutes", minutes, "at its least traffic there would have been requests: callers are cut off")
    if not 1 <= minutes <= _MOST_QUIET_MINUTES:
        problem = "minutes are no time that alarms look back"
        allowed = f"1 to {_MOST_QUIET_MINUTES}"
        fix = f"write noTrafficMinutes: {1 if minutes < 1 else _MOST_QUIET_MINUTES}"
        request.fault("alarms.noTrafficMinutes", minutes, problem, allowed=allowed, fix=fix)
    yield AlarmPlan(kind="noTraffic", threshold=1, period_seconds=PERIOD_SECONDS, periods=minutes, rollback=False)


def _check_notify(request: EndpointRequest, column: str, wish: Alarms) -> None:
    if not wish.notify:
        return
    form, pattern, source = _NOTIFY["vertexAi" if column == "cloudRun" else column]
    for each in wish.notify:
        if pattern.fullmatch(each) is None:
            problem = "is nothing that alarms of this cloud are sent to"
            request.fault("alarms.notify", each, problem, allowed=form, fix="write it as the cloud does", source=source)
