"""The target that one replica is kept at, for each metric that replicas follow."""

from environment.endpoint import Autoscaling
from plan.endpoint_choice import Choice
from plan.endpoint_replicas import HEADROOM
from plan.endpoint_request import EndpointRequest

_PERCENT = 70.0
# A queue is worked off in about this long by the replicas that are there: Drydock's own rule.
_QUEUE_SECONDS = 30
# Latency is acted on before the objective is missed; without one, when it is a quarter above what was measured.
_OF_OBJECTIVE, _OVER_MEASURED = 0.8, 1.25


def scaling_target(request: EndpointRequest, at: str, role: str, wish: Autoscaling, choice: Choice) -> float:
    """One replica's target of the metric: the file's, else what follows from its speed; faults a target that it never reaches."""
    metric = wish.metric or "requests"
    speed = choice.speed
    if wish.target is not None:
        if role == "stable" and metric == "requests" and speed.measured and wish.target > speed.requests_per_second:
            problem = f"requests a second are more than one replica answers ({speed.words}), and none would be added in time"
            target = _rounded(speed.requests_per_second * HEADROOM)
            allowed = f"{speed.requests_per_second:g} or less"
            request.fault("autoscaling.target", wish.target, problem, allowed=allowed, fix=f"write target: {target:g}, or remove it")
        return wish.target
    target, reason = _target(request, metric, choice)
    request.decide(f"{at}autoscaling.target", f"{target:g}", reason, speed.source if metric == "requests" else "")
    return target


def _target(request: EndpointRequest, metric: str, choice: Choice) -> tuple[float, str]:
    speed = choice.speed
    if metric == "requests":
        return _rounded(speed.requests_per_second * HEADROOM), f"{HEADROOM:.0%} of {speed.words}"
    if metric == "concurrency":
        at_once = choice.requests_at_once
        return max(1.0, _rounded(at_once * HEADROOM)), f"{HEADROOM:.0%} of the {at_once} requests that one replica works on at once"
    if metric == "queueDepth":
        return max(1.0, float(int(speed.requests_per_second * _QUEUE_SECONDS))), f"{_QUEUE_SECONDS} seconds of work at {speed.words}"
    if metric == "latency":
        return _latency(request, choice)
    return _PERCENT, "the rest is for the minutes until another replica is ready"


def _latency(request: EndpointRequest, choice: Choice) -> tuple[float, str]:
    objective = request.endpoint.objective
    if objective is not None and objective.p95_ms is not None:
        return _rounded(
            objective.p95_ms * _OF_OBJECTIVE
        ), f"{_OF_OBJECTIVE:.0%} of objective.p95Ms, so that replicas come before it is missed"
    if choice.speed.measured and choice.speed.p95_ms is not None:
        return _rounded(choice.speed.p95_ms * _OVER_MEASURED), "a quarter above the latency that was measured"
    problem = "is left out, and nothing says which latency is too long"
    fix = "add autoscaling.target or objective.p95Ms"
    request.fault("autoscaling.target", None, problem, allowed="milliseconds, with metric: latency", fix=fix)
    return 0.0, "no latency is known"


def _rounded(value: float) -> float:
    """Three digits are more than an estimate knows."""
    return float(f"{value:.3g}")
