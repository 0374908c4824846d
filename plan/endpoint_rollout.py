"""How new versions take over: a canary, a shadow, and how a new stable version gets its traffic."""

from itertools import pairwise

from environment.endpoint import Canary, Shadow, Strategy
from plan.endpoint_capabilities import COLUMNS, ability
from plan.endpoint_refusals import allows, within
from plan.endpoint_request import EndpointRequest
from plan.model import RolloutPlan
from plan.pool_request import written

# The words of `shift` → the abilities that they ask for.
_SHIFTS = {"allAtOnce": "allAtOnce", "canary": "canaryShift", "linear": "linear", "rolling": "rolling"}
_DEFAULT_STEPS = {"canary": 10.0, "linear": 20.0, "rolling": 20.0}
_BAKE_MINUTES = {"dev": 5, "staging": 5, "prod": 10}
# Shares are decimal, and computed in binary.
_EXACT = 1e-9
_CAPACITY = (
    "Amazon SageMaker, CapacitySize, Value is an integer: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CapacitySize.html"
)
_ASYNCHRONOUS = (
    "Amazon SageMaker, Monitor an asynchronous endpoint: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html"
)
_EXCLUSIONS = "Amazon SageMaker, Deployment guardrails, Exclusions: https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html"


def check_versions(request: EndpointRequest, column: str) -> None:
    """Faults a canary and a shadow that the platform cannot have, or that would show nothing."""
    endpoint = request.endpoint
    if endpoint.canary is not None:
        _check_canary(request, column, endpoint.canary)
    if endpoint.shadow is not None:
        _check_shadow(request, column, endpoint.shadow)
    if endpoint.canary is not None and endpoint.shadow is not None:
        _check_both(request, column, endpoint.canary, endpoint.shadow)


def plan_rollout(request: EndpointRequest, column: str) -> RolloutPlan:
    """How a new stable version takes over. Faults what the platform cannot do."""
    strategy = request.endpoint.strategy
    if strategy is None:
        _decide_plain(request, column)
        return RolloutPlan(shift="allAtOnce", step_percent=100.0, bake_seconds=0)
    _check_strategy(request, column, strategy)
    return RolloutPlan(
        shift=strategy.shift,
        step_percent=_step(request, strategy),
        bake_seconds=60 * _bake(request, column, strategy),
    )


def is_guarded(strategy: Strategy | None) -> bool:
    """Whether the platform watches alarms while a new version takes over."""
    return strategy is not None and (strategy.shift != "allAtOnce" or bool(strategy.bake_minutes) or strategy.rollback_on is not None)


def grows_by_itself(canary: Canary) -> bool:
    """Whether a canary's share grows, or goes back, without a change of the file."""
    return bool(canary.steps) or canary.bake_minutes is not None or canary.rollback_on is not None


def _check_canary(request: EndpointRequest, column: str, canary: Canary) -> None:
    if not allows(request, column, "canary", "canary", canary.model, fix="remove canary, or write another platform under on"):
        return
    if canary.model == request.endpoint.model:
        problem = "is the stable version itself, and both would answer alike"
        request.fault("canary.model", canary.model, problem, allowed="another version under models", fix="write another, or remove canary")
    if not 0 < canary.percent < 100:
        problem = "percent leaves one of the two without a request"
        fix = "remove canary" if canary.percent == 0 else f"write model: {canary.model} and remove canary, which promotes it"
        request.fault("canary.percent", written(canary.percent), problem, allowed="more than 0 and less than 100", fix=fix)
    else:
        _check_fraction(request, column, "canary.percent", canary.percent)
    if canary.steps:
        _check_steps(request, column, canary)
    if canary.bake_minutes is not None:
        _check_bake(request, column, "canaryBake", "canary.bakeMinutes", canary.bake_minutes)
    _check_rollback(request, column, "canary", "canaryRollback")
    if grows_by_itself(canary) and request.endpoint.asynchronous is not None:
        problem = "of an asynchronous endpoint cannot be watched: SageMaker counts no calls of its versions, and so no share that fails"
        fix = "remove steps, bakeMinutes and rollbackOn, or asynchronous"
        allowed = "endpoints that answer their caller"
        request.fault("canary", canary.model, problem, allowed=allowed, fix=fix, source=_ASYNCHRONOUS)


def _check_steps(request: EndpointRequest, column: str, canary: Canary) -> None:
    steps = canary.steps
    if any(later <= earlier for earlier, later in pairwise(steps)):
        rising = ", ".join(f"{step:g}" for step in sorted(set(steps)))
        problem = "do not rise, and a canary's traffic must not fall on its way"
        request.fault(
            "canary.steps",
            [written(step) for step in steps],
            problem,
            allowed="each more than the one before",
            fix=f"write steps: [{rising}]",
        )
    if any(not 0 < step < canary.percent for step in steps):
        within_goal = ", ".join(f"{step:g}" for step in steps if 0 < step < canary.percent)
        problem = f"are not on the way to the canary's {canary.percent:g} percent"
        fix = f"write steps: [{within_goal}]" if within_goal else "remove steps"
        request.fault(
            "canary.steps", [written(step) for step in steps], problem, allowed=f"more than 0 and less than {canary.percent:g}", fix=fix
        )
    fix = f"remove steps, and write percent: {steps[0]:g} now and more in later updates"
    allows(request, column, "canarySteps", "canary.steps", [written(step) for step in steps], fix=fix)


def _check_shadow(request: EndpointRequest, column: str, shadow: Shadow) -> None:
    if not allows(request, column, "shadow", "shadow", shadow.model, fix="remove shadow, or write another platform under on"):
        return
    if shadow.model == request.endpoint.model:
        problem = "is the stable version itself, and the comparison would show nothing"
        request.fault("shadow.model", shadow.model, problem, allowed="another version under models", fix="write another, or remove shadow")
    if shadow.percent == 0:
        request.fault("shadow.percent", 0, "copies no request", allowed="more than 0", fix="remove shadow")
    elif shadow.percent < 100 and not ability(column, "shadowPercent").can:
        allows(request, column, "shadowPercent", "shadow.percent", shadow.percent, fix="write percent: 100")
    elif within(request, column, "shadow", "shadow.percent", shadow.percent, unit="percent"):
        _check_fraction(request, column, "shadow.percent", shadow.percent)
    if request.endpoint.asynchronous is not None:
        problem = "has no answers that could be dropped: those of an asynchronous endpoint are files in a bucket"
        request.fault("shadow", shadow.model, problem, allowed="endpoints that answer their caller", fix="remove shadow, or asynchronous")


def _check_fraction(request: EndpointRequest, column: str, fields: str, percent: float) -> None:
    """Faults a share that the platform would round."""
    found = ability(column, "fractions")
    step = found.low if found.can else 1.0
    if step is None or abs(percent / step - round(percent / step)) < _EXACT:
        return
    nearest_share = max(step, round(percent / step) * step)
    fix = f"write percent: {nearest_share:g}"
    if allows(request, column, "fractions", fields, percent, fix=fix):
        problem = f"percent is finer than {COLUMNS[column]} splits requests"
        request.fault(fields, percent, problem, allowed=f"steps of {step:g}", fix=fix, source=found.source)


def _check_both(request: EndpointRequest, column: str, canary: Canary, shadow: Shadow) -> None:
    if canary.model == shadow.model:
        problem = "is the canary as well: a version has live traffic, or copies of it"
        source = ability("azureMl", "shadow").source
        request.fault("shadow.model", shadow.model, problem, allowed="another version", fix="remove shadow, or canary", source=source)
    if ability(column, "shadow").can and ability(column, "canary").can:
        allows(request, column, "canaryAndShadow", "shadow", shadow.model, fix="remove shadow until the canary is promoted")


def _check_strategy(request: EndpointRequest, column: str, strategy: Strategy) -> None:
    name = _SHIFTS[strategy.shift]
    if allows(request, column, name, "strategy.shift", strategy.shift, fix="write shift: allAtOnce, or remove strategy"):
        _check_step(request, column, strategy, name)
    _check_variants(request, column, strategy)
    if strategy.bake_minutes is not None:
        _check_bake(request, column, "bake", "strategy.bakeMinutes", strategy.bake_minutes)
    _check_rollback(request, column, "strategy", "rollbackOnAlarms")


def _check_variants(request: EndpointRequest, column: str, strategy: Strategy) -> None:
    """Faults guardrails beside variants that they do not take."""
    if not ability(column, "rollbackOnAlarms").can or not is_guarded(strategy):
        return
    if request.endpoint.canary is not None:
        problem = "is watched by guardrails, which take the same variants before and after, and a canary comes and goes"
        fix = "remove strategy, or canary"
        request.fault("strategy", strategy.shift, problem, allowed="strategy or canary", fix=fix, source=_EXCLUSIONS)
    elif strategy.shift == "rolling" and request.endpoint.shadow is not None:
        problem = "replaces machines in batches, which SageMaker does not do where an endpoint has several variants"
        fix = "write shift: canary"
        request.fault("strategy.shift", "rolling", problem, allowed="allAtOnce | canary | linear", fix=fix, source=_EXCLUSIONS)


def _check_step(request: EndpointRequest, column: str, strategy: Strategy, name: str) -> None:
    if strategy.step_percent is None:
        return
    if strategy.shift == "allAtOnce":
        problem = "has no effect where all traffic goes at once"
        fix = "remove stepPercent, or write shift: canary"
        request.fault("strategy.stepPercent", written(strategy.step_percent), problem, allowed="left out", fix=fix)
        return
    if within(request, column, name, "strategy.stepPercent", strategy.step_percent, unit="percent") and strategy.step_percent % 1:
        problem = "percent is part of one, and a step is in whole percents of the fleet"
        fix = f"write stepPercent: {round(strategy.step_percent)}"
        request.fault("strategy.stepPercent", strategy.step_percent, problem, allowed="whole percents", fix=fix, source=_CAPACITY)


def _check_bake(request: EndpointRequest, column: str, name: str, fields: str, minutes: int) -> None:
    if allows(request, column, name, fields, minutes, fix="remove bakeMinutes, and wait before the next update"):
        within(request, column, name, fields, minutes, unit="minutes")


def _check_rollback(request: EndpointRequest, column: str, word: str, name: str) -> None:
    wish = getattr(request.endpoint, word).rollback_on
    if wish is None:
        return
    value = wish.model_dump(by_alias=True, exclude_none=True)
    fields = f"{word}.rollbackOn"
    if not value:
        problem = "names nothing that would end a rollout"
        request.fault(fields, {}, problem, allowed="errorRatePercent, p95Ms", fix="add errorRatePercent: 1, or remove rollbackOn")
        return
    fix = "remove rollbackOn; write the thresholds under alarms, and revert the change when one fires"
    allows(request, column, name, fields, value, fix=fix)


def _step(request: EndpointRequest, strategy: Strategy) -> float:
    if strategy.shift == "allAtOnce":
        return 100.0
    if strategy.step_percent is not None:
        return strategy.step_percent
    step = _DEFAULT_STEPS[strategy.shift]
    request.decide("strategy.stepPercent", f"{step:g}", "a mistake reaches few callers at first")
    return step


def _decide_plain(request: EndpointRequest, column: str) -> None:
    if ability(column, "canaryShift").can:
        reason = "a canary can come and go; guardrails (strategy) take the same variants before and after an update"
        request.decide("strategy.shift", "allAtOnce", reason, _EXCLUSIONS)
        return
    reason = f"on {COLUMNS[column]} {ability(column, 'canaryShift').note}"
    request.decide("strategy.shift", "allAtOnce", reason, ability(column, "allAtOnce").source)


def _bake(request: EndpointRequest, column: str, strategy: Strategy) -> int:
    """Minutes of watching between steps; 0 where nobody watches."""
    if strategy.bake_minutes is not None:
        if strategy.bake_minutes == 0 and strategy.shift == "allAtOnce" and strategy.rollback_on is not None:
            problem = "leaves no time in which an alarm could end the rollout"
            request.fault("strategy.bakeMinutes", 0, problem, allowed="1 to 60", fix="write bakeMinutes: 10, or remove rollbackOn")
        return strategy.bake_minutes
    found = ability(column, "bake")
    if not found.can or not is_guarded(strategy):
        return 0
    minutes = _BAKE_MINUTES[request.environment.stage]
    request.decide("strategy.bakeMinutes", minutes, "alarms look at three minutes before they fire", found.source)
    return minutes
