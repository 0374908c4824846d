"""When a cluster is upgraded, what it records, and whether it can be deleted."""

from plan.cluster_request import ClusterRequest
from plan.cluster_rules import ClusterRules
from plan.flow_logs import nearest_days
from plan.model import MaintenancePlan

_START_HOUR, _HOURS = 2, 8
_LOG_DAYS = {"dev": (30, "a month covers the search for a fault"), "staging": (90, "a quarter covers a release")}
_PROD_LOG_DAYS = (365, "an investigation may look back a year")


def plan_maintenance(request: ClusterRequest, rules: ClusterRules) -> MaintenancePlan:
    """The window of upgrades; faults one that the cloud does not keep to, or that it finds too short."""
    rule = rules.LIMITS.upkeep
    wish = request.wish.maintenance
    if not rule.has_window:
        if wish is not None:
            problem = f"is nothing that {rules.LIMITS.service} has: it upgrades when it is told to, or at the end of a version's support"
            shown = wish.model_dump(by_alias=True, exclude_unset=True)
            request.fault("maintenance", shown, problem, allowed="left out", fix="remove maintenance", source=rule.source)
        return MaintenancePlan(days=(), start_hour_utc=0, hours=0)
    if wish is None:
        days = ", ".join(rule.default_days)
        request.decide("maintenance", f"{days} {_START_HOUR:02d}:00 UTC, {_HOURS} hours", "at weekends fewest people work", rule.source)
        return MaintenancePlan(days=rule.default_days, start_hour_utc=_START_HOUR, hours=_HOURS)
    days = tuple(day[:2].upper() for day in dict.fromkeys(wish.days)) if "days" in wish.model_fields_set else rule.default_days
    if len(days) > rule.most_days:
        problem = f"are more days than a window of {rules.LIMITS.service} has"
        fix = f"write days: [{wish.days[0]}]"
        request.fault("maintenance.days", list(wish.days), problem, allowed=f"{rule.most_days} at most", fix=fix, source=rule.source)
    total = len(days) * wish.hours
    if total < rule.least_hours_a_week:
        problem = f"in {len(days)} windows a week are {total} hours, too few for upgrades"
        allowed = f"{rule.least_hours_a_week} hours a week or more"
        request.fault("maintenance.hours", wish.hours, problem, allowed=allowed, fix="add a day, or hours", source=rule.source)
    return MaintenancePlan(days=days, start_hour_utc=wish.start_hour_utc, hours=wish.hours)


def plan_audit_logs(request: ClusterRequest, rules: ClusterRules) -> tuple[str, ...]:
    """What is recorded of requests to the API, in the cloud's words; faults a log that cannot be switched off."""
    rule = rules.LIMITS.audit
    asked = request.wish.audit_logs
    if asked is False and rule.always_on:
        problem = f"cannot be: {rules.LIMITS.service} always records who changed what"
        request.fault("auditLogs", asked, problem, allowed="true, or left out", fix="remove auditLogs", source=rule.source)
    if asked is None:
        request.decide("auditLogs", True, rule.reason, rule.source)
    return () if asked is False else rule.types


def plan_log_days(request: ClusterRequest, rules: ClusterRules) -> int:
    """Days for which these records are kept, 0 where there are none; faults days that the cloud cannot keep."""
    rule = rules.LIMITS.audit
    asked = request.wish.log_retention_days
    if request.wish.audit_logs is False:
        if asked is not None:
            fix = "remove logRetentionDays, or write auditLogs: true"
            request.fault("logRetentionDays", asked, "has no effect, as nothing is recorded", allowed="left out", fix=fix)
        return 0
    if rule.days is None:
        if asked is not None:
            problem = "is not the cluster's to choose: the project's log buckets keep records for their own time"
            request.fault("logRetentionDays", asked, problem, allowed="left out", fix="remove logRetentionDays", source=rule.days_source)
        else:
            request.decide("logRetentionDays", rule.fixed_days, "what the project keeps of administrators' requests", rule.days_source)
        return rule.fixed_days
    if asked is None:
        days, reason = _LOG_DAYS.get(request.stage, _PROD_LOG_DAYS)
        request.decide("logRetentionDays", days, reason)
        return days
    if asked not in rule.days:
        near = nearest_days(asked, rule.days)
        problem = f"is not a time for which {request.cloud} keeps records"
        allowed = f"{min(rule.days)} to {max(rule.days)}, in the cloud's steps"
        request.fault("logRetentionDays", asked, problem, allowed=allowed, fix=f"write logRetentionDays: {near}", source=rule.days_source)
    return asked


def plan_deletion_protection(request: ClusterRequest, rules: ClusterRules) -> bool:
    """Whether the cloud refuses to delete the cluster; false unless asked for, as a destroy would stop halfway."""
    asked = request.wish.deletion_protection
    source = rules.LIMITS.protection_source
    if asked is None:
        reason = "a destroy that stops at the cluster leaves nodes that are billed; pulumi's own question stands before it"
        request.decide("deletionProtection", False, reason, source)
        return False
    if asked and not rules.LIMITS.protects_from_deletion:
        problem = f"is nothing that {rules.LIMITS.service} has"
        fix = "remove deletionProtection; put a lock on the resource group by hand if you want one"
        request.fault("deletionProtection", asked, problem, allowed="false, or left out", fix=fix, source=source)
    return asked


def plan_autoscaling_profile(request: ClusterRequest, rules: ClusterRules) -> str | None:
    """How eagerly the cloud takes idle nodes away, None where it has no such choice."""
    profile = rules.LIMITS.autoscaling_profiles.get(request.stage)
    if profile is not None:
        reason = "what runs in prod finds a node at once" if request.stage == "prod" else "idle nodes go sooner, and cost less"
        request.decide("autoscalingProfile", profile, reason, rules.LIMITS.autoscaling_source)
    return profile
