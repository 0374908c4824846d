"""What keeps objects from being lost: old versions, retention and soft delete."""

from plan.model import RetentionPlan, VersioningPlan
from plan.request import BucketRequest
from plan.storage_defaults import default_old_version_days, default_soft_delete_days, default_versioning
from plan.storage_rules import StorageRules


def plan_versioning(request: BucketRequest, rules: StorageRules) -> VersioningPlan:
    """Whether old versions stay, and how long; faults a choice that another setting forbids."""
    enabled = _versioning_enabled(request, rules)
    wish = request.bucket.versioning
    if not enabled:
        _check_unversioned(request)
        return VersioningPlan(enabled=False)
    keep_newest = wish.keep_newest if wish else None
    if keep_newest is not None and not rules.LIMITS.keeps_newest_versions:
        allowed = "deleteOldAfterDays alone"
        problem = f"cannot be kept by number on {request.cloud}, which knows old versions by age only"
        fix = "remove keepNewest"
        request.fault("versioning.keepNewest", keep_newest, problem, allowed=allowed, fix=fix, source=rules.LIMITS.lifecycle_source)
    return VersioningPlan(enabled=True, delete_old_after_days=_old_version_days(request, rules), keep_newest=keep_newest)


def plan_retention(request: BucketRequest, rules: StorageRules) -> RetentionPlan | None:
    """Days in which nothing can be deleted; None unless the file asks for them, as they bind even their owner.

    Faults retention that cannot be built as it was asked for.
    """
    wish = request.bucket.retention
    if wish is None:
        return None
    rules.check_retention(request, wish)
    return RetentionPlan(days=wish.days, locked=wish.locked)


def plan_soft_delete(request: BucketRequest, rules: StorageRules) -> int:
    """Days in which a deleted object can be brought back, 0 for none."""
    allowed = rules.LIMITS.soft_delete_days
    asked = request.bucket.soft_delete_days
    if asked is not None:
        _check_soft_delete(request, rules, asked)
        return asked
    if allowed is None:
        request.decide(
            "softDeleteDays", 0, f"{request.cloud} has no soft delete; old versions do its work", rules.LIMITS.soft_delete_source
        )
        return 0
    days, reason = default_soft_delete_days(request.bucket.purpose, request.stage)
    request.decide("softDeleteDays", days, reason)
    return days


def _versioning_enabled(request: BucketRequest, rules: StorageRules) -> bool:
    forced = rules.forced_versioning(request)
    wish = request.bucket.versioning
    if wish is None:
        default = default_versioning(request.bucket.purpose)
        enabled, reason, source = (
            (default.enabled, default.reason, "") if forced is None else (forced.enabled, forced.reason, forced.source)
        )
        request.decide("versioning.enabled", enabled, reason, source)
        return enabled
    if forced is not None and forced.enabled != wish.enabled:
        need = str(forced.enabled).lower()
        request.fault(
            "versioning.enabled",
            wish.enabled,
            f"cannot be: {forced.reason}",
            allowed=need,
            fix=f"write enabled: {need}",
            source=forced.source,
        )
    return wish.enabled


def _check_unversioned(request: BucketRequest) -> None:
    wish = request.bucket.versioning
    if wish is None or wish.enabled:
        return
    for field, value in (("deleteOldAfterDays", wish.delete_old_after_days), ("keepNewest", wish.keep_newest)):
        if value is not None:
            fix = f"remove {field}, or write enabled: true"
            request.fault(f"versioning.{field}", value, "has no effect, as no old versions are kept", allowed="left out", fix=fix)


def _old_version_days(request: BucketRequest, rules: StorageRules) -> int:
    wish = request.bucket.versioning
    retention_days = request.bucket.retention.days if request.bucket.retention else 0
    if wish is None or wish.delete_old_after_days is None:
        days, reason = default_old_version_days(request.stage)
        if days < retention_days:
            days, reason = retention_days, "no version can be deleted before its retention ends"
        if rules.LIMITS.counts_versions_from_writing:
            reason += f"; {request.cloud} counts from when the version was written, so soft delete covers one that was replaced late"
        request.decide("versioning.deleteOldAfterDays", days, reason, rules.LIMITS.lifecycle_source)
        return days
    if wish.delete_old_after_days < retention_days:
        problem = f"is before the retention of {retention_days} days ends, so nothing would be deleted then"
        fix = f"write deleteOldAfterDays: {retention_days}"
        request.fault(
            "versioning.deleteOldAfterDays", wish.delete_old_after_days, problem, allowed=f"{retention_days} or more, or left out", fix=fix
        )
    return wish.delete_old_after_days


def _check_soft_delete(request: BucketRequest, rules: StorageRules, asked: int) -> None:
    allowed = rules.LIMITS.soft_delete_days
    source = rules.LIMITS.soft_delete_source
    if asked == 0:
        return
    if allowed is None:
        fix = "remove softDeleteDays and write versioning: {enabled: true}"
        request.fault("softDeleteDays", asked, f"is nothing that {request.cloud} has", allowed="0, or left out", fix=fix, source=source)
        return
    if asked in allowed:
        return
    nearest = allowed.start if asked < allowed.start else allowed.stop - 1
    words = f"0, or {allowed.start} to {allowed.stop - 1}"
    request.fault(
        "softDeleteDays",
        asked,
        f"is not a period that {request.cloud} takes",
        allowed=words,
        fix=f"write softDeleteDays: {nearest}",
        source=source,
    )
