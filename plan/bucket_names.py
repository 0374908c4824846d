"""Names that a cloud would not take, or would not tell apart."""

from collections.abc import Sequence

from plan.request import BucketRequest
from plan.storage_rules import StorageRules


def check_names(requests: Sequence[BucketRequest], rules: StorageRules) -> None:
    """Faults buckets whose names are too long for the cloud, kept back by it, or equal after what the cloud leaves out of them."""
    owners: dict[str, str] = {}
    for request in requests:
        if request.bucket.existing is not None:
            continue
        physical = rules.physical_name(request.name)
        _check_length(request, rules, physical)
        _check_reserved(request, rules, physical)
        if physical in owners:
            problem = f"becomes '{physical}' on {request.cloud}, as {owners[physical]} does"
            fix = "rename one of the two"
            request.findings.fault(
                request.path(), request.name, problem, allowed="names that differ", fix=fix, source=rules.LIMITS.name_source
            )
        owners.setdefault(physical, request.name)


def _check_length(request: BucketRequest, rules: StorageRules, physical: str) -> None:
    limit = rules.LIMITS.name_limit
    if limit is None or len(physical) <= limit:
        return
    problem = f"is too long: '{physical}' has {len(physical)} characters, and {request.cloud} needs room for a suffix"
    fix = f"shorten it by {len(physical) - limit}"
    request.findings.fault(request.path(), request.name, problem, allowed=f"{limit} characters", fix=fix, source=rules.LIMITS.name_source)


def _check_reserved(request: BucketRequest, rules: StorageRules, physical: str) -> None:
    limits = rules.LIMITS
    if limits.reserved_name is None or limits.reserved_name.match(f"{physical}-") is None:
        return
    problem = f"is a name that {request.cloud} gives to nobody"
    allowed = limits.reserved_name_rule
    request.findings.fault(request.path(), request.name, problem, allowed=allowed, fix="rename it", source=limits.name_source)
