"""Records of who spoke to whom in the network."""

from collections.abc import Collection

from plan.model import FlowLogsPlan
from plan.network_request import NetworkRequest
from plan.network_rules import NetworkRules

_DAYS = {"dev": (7, "a week covers the search for a fault"), "staging": (30, "a month covers a release")}
_PROD_DAYS = (90, "a break-in is often found weeks later")
_SAMPLES = {"prod": (50, "half of the flows show every connection that lasts")}
_OTHER_SAMPLE = (10, "a tenth of the flows shows who speaks to whom, at a tenth of the price")


def plan_flow_logs(request: NetworkRequest, rules: NetworkRules) -> FlowLogsPlan | None:
    """Whether flows are recorded, how many of them and for how long; faults days and shares that the cloud cannot keep."""
    wish = request.wish.flow_logs
    if wish is not None and not wish.enabled:
        _check_off(request)
        return None
    if wish is None:
        request.decide("flowLogs.enabled", True, "without them nobody can say afterwards where data went")
    return FlowLogsPlan(retention_days=_days(request, rules), sample_percent=_sample(request, rules))


def nearest_days(days: int, allowed: Collection[int]) -> int:
    """The allowed number of days that is nearest; of two the longer one, as it loses nothing."""
    return min(allowed, key=lambda each: (abs(each - days), -each))


def _check_off(request: NetworkRequest) -> None:
    wish = request.wish.flow_logs
    for field, value in (("retentionDays", wish and wish.retention_days), ("samplePercent", wish and wish.sample_percent)):
        if value is not None:
            fix = f"remove {field}, or write enabled: true"
            request.fault(f"flowLogs.{field}", value, "has no effect, as no flows are recorded", allowed="left out", fix=fix)


def _days(request: NetworkRequest, rules: NetworkRules) -> int:
    limits = rules.LIMITS
    asked = request.wish.flow_logs.retention_days if request.wish.flow_logs else None
    if limits.flow_days is None:
        fixed = limits.fixed_flow_days or 0
        if asked is not None:
            problem = f"cannot be chosen on {request.cloud}: the project's log bucket keeps them for its own time"
            request.fault(
                "flowLogs.retentionDays", asked, problem, allowed="left out", fix="remove retentionDays", source=limits.flow_days_source
            )
        else:
            request.decide("flowLogs.retentionDays", fixed, "what the project's log bucket keeps by default", limits.flow_days_source)
        return fixed
    if asked is None:
        days, reason = _DAYS.get(request.stage, _PROD_DAYS)
        request.decide("flowLogs.retentionDays", days, reason)
        return days
    if asked not in limits.flow_days:
        near = nearest_days(asked, limits.flow_days)
        problem = f"is not a time for which {request.cloud} keeps them"
        allowed = f"{min(limits.flow_days)} to {max(limits.flow_days)}, in the cloud's steps"
        request.fault(
            "flowLogs.retentionDays", asked, problem, allowed=allowed, fix=f"write retentionDays: {near}", source=limits.flow_days_source
        )
    return asked


def _sample(request: NetworkRequest, rules: NetworkRules) -> int:
    asked = request.wish.flow_logs.sample_percent if request.wish.flow_logs else None
    if not rules.LIMITS.samples_flows:
        if asked not in (None, 100):
            problem = f"cannot be chosen: {request.cloud} records every flow"
            fix = "remove samplePercent"
            request.fault("flowLogs.samplePercent", asked, problem, allowed="100, or left out", fix=fix, source=rules.LIMITS.sample_source)
        return 100
    if asked is not None:
        return asked
    percent, reason = _SAMPLES.get(request.stage, _OTHER_SAMPLE)
    request.decide("flowLogs.samplePercent", percent, reason, rules.LIMITS.sample_source)
    return percent
