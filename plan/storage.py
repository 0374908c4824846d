"""Plans the object storage of an environment."""

from collections.abc import Mapping

from catalogue.regions import Region
from environment.model import Environment
from plan.access_logs import plan_access_logs
from plan.bucket_names import check_names
from plan.destroy import DestroyPlan, plan_destroys
from plan.encryption import plan_encryption
from plan.existing import plan_existing
from plan.findings import Findings
from plan.labels import bucket_labels
from plan.model import BucketPlan
from plan.protection import plan_retention, plan_soft_delete, plan_versioning
from plan.registry import has_storage, storage_rules
from plan.request import BucketRequest
from plan.storage_defaults import default_abort_days, default_compression
from plan.storage_rules import StorageRules
from plan.tiering import plan_tiering
from plan.usage import plan_usage


def plan_buckets(environment: Environment, region: Region | None, labels: Mapping[str, str], findings: Findings) -> tuple[BucketPlan, ...]:
    """Every bucket planned; those that receive access logs first, then by name."""
    if not has_storage(environment.cloud):
        for name in sorted(environment.storage):
            problem = f"needs object storage, which cloud {environment.cloud} does not bring"
            findings.fault(f"storage.{name}", name, problem, allowed="storage on aws, gcp or azure", fix=f"remove storage.{name}")
        return ()
    rules = storage_rules(environment.cloud)
    requests = {name: _request(environment, region, name, findings) for name in sorted(environment.storage)}
    check_names(tuple(requests.values()), rules)
    plans = [*_plan_existing(requests, rules, labels), *_plan_new(requests, rules, labels)]
    receivers = {plan.access_logs for plan in plans}
    return tuple(sorted(plans, key=lambda plan: (plan.name not in receivers, plan.name)))


def _request(environment: Environment, region: Region | None, name: str, findings: Findings) -> BucketRequest:
    bucket = environment.storage[name]
    request = BucketRequest(
        cloud=environment.cloud,
        stage=environment.stage,
        region_name=environment.region,
        region=region,
        name=name,
        bucket=bucket,
        redundancy=bucket.redundancy or ("multiRegion" if bucket.replica_region else "region"),
        findings=findings,
    )
    if bucket.redundancy is None and bucket.existing is None:
        reason = "replicaRegion names a second region" if bucket.replica_region else "a zone may fail without losing or hiding an object"
        request.decide("redundancy", request.redundancy, reason)
    return request


def _plan_existing(requests: Mapping[str, BucketRequest], rules: StorageRules, labels: Mapping[str, str]) -> list[BucketPlan]:
    return [
        plan_existing(request, rules, existing, _compression(request), bucket_labels(labels, request.bucket.purpose))
        for request in requests.values()
        if (existing := request.bucket.existing) is not None
    ]


def _plan_new(requests: Mapping[str, BucketRequest], rules: StorageRules, labels: Mapping[str, str]) -> list[BucketPlan]:
    new = {name: request for name, request in requests.items() if request.bucket.existing is None}
    log_targets = {name: plan_access_logs(request, requests, rules) for name, request in new.items()}
    destroys = plan_destroys(new, log_targets, rules)
    return [_plan_bucket(request, rules, labels, log_targets[name], destroys[name]) for name, request in new.items()]


def _plan_bucket(
    request: BucketRequest, rules: StorageRules, labels: Mapping[str, str], access_logs: str | None, destroy: DestroyPlan
) -> BucketPlan:
    tiering = plan_tiering(request, rules)
    placement = rules.placement(request, tiering)
    _check_replica(request)
    return BucketPlan(
        name=request.name,
        purpose=request.bucket.purpose,
        labels=bucket_labels(labels, request.bucket.purpose),
        placement=placement,
        tiering=tiering,
        versioning=plan_versioning(request, rules),
        retention=plan_retention(request, rules),
        soft_delete_days=plan_soft_delete(request, rules),
        encryption=plan_encryption(request, rules, placement),
        access_logs=access_logs,
        abort_multipart_after_days=_abort_days(request, rules),
        compression=_compression(request),
        keep=destroy.keep,
        delete_objects_on_destroy=destroy.delete_objects,
        usage=plan_usage(request),
    )


def _check_replica(request: BucketRequest) -> None:
    replica = request.bucket.replica_region
    if replica is None or request.redundancy == "multiRegion":
        return
    problem = f"has no effect with redundancy {request.redundancy}"
    request.fault(
        "replicaRegion",
        replica,
        problem,
        allowed="beside redundancy: multiRegion",
        fix="write redundancy: multiRegion, or remove replicaRegion",
    )


def _compression(request: BucketRequest) -> str:
    if request.bucket.compression is not None:
        return request.bucket.compression
    compression, reason = default_compression(request.bucket.purpose)
    request.decide("compression", compression, reason)
    return compression


def _abort_days(request: BucketRequest, rules: StorageRules) -> int:
    fixed = rules.LIMITS.fixed_abort_days
    asked = request.bucket.abort_multipart_after_days
    if fixed is not None:
        return _fixed_abort_days(request, rules, fixed)
    if asked is not None:
        return asked
    days, reason = default_abort_days(request.bucket.purpose)
    request.decide("abortMultipartAfterDays", days, reason)
    return days


def _fixed_abort_days(request: BucketRequest, rules: StorageRules, fixed: int) -> int:
    asked = request.bucket.abort_multipart_after_days
    if asked is None:
        request.decide("abortMultipartAfterDays", fixed, f"{request.cloud} drops unfinished uploads by itself", rules.LIMITS.abort_source)
    elif asked != fixed:
        problem = f"cannot be set on {request.cloud}, which drops unfinished uploads after {fixed} days by itself"
        request.fault(
            "abortMultipartAfterDays",
            asked,
            problem,
            allowed=f"{fixed}, or left out",
            fix="remove abortMultipartAfterDays",
            source=rules.LIMITS.abort_source,
        )
    return fixed
