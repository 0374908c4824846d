"""What a destroy leaves standing, and what it takes with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plan.request import BucketRequest
from plan.storage_rules import StorageRules


@dataclass(frozen=True, kw_only=True)
class DestroyPlan:
    """keep: a destroy leaves the bucket and everything in it. delete_objects: it deletes the objects too, instead of stopping at them."""

    keep: bool
    delete_objects: bool


def plan_destroys(
    requests: Mapping[str, BucketRequest], log_targets: Mapping[str, str | None], rules: StorageRules
) -> Mapping[str, DestroyPlan]:
    """What a destroy does to each bucket; faults wishes that contradict each other, or that the cloud could only grant by losing objects.

    A bucket of purpose logs comes last: it stays if one that writes its access logs there (`log_targets`) does.
    """
    plans: dict[str, DestroyPlan] = {}
    for name in sorted(requests, key=lambda name: (requests[name].bucket.purpose == "logs", name)):
        kept_writers = [writer for writer, target in log_targets.items() if target == name and writer in plans and plans[writer].keep]
        plans[name] = _plan_destroy(requests[name], rules, sorted(kept_writers))
    return plans


def _plan_destroy(request: BucketRequest, rules: StorageRules, kept_writers: Sequence[str]) -> DestroyPlan:
    keep = _plan_keep(request, rules, kept_writers)
    return DestroyPlan(keep=keep, delete_objects=_plan_delete_objects(request, keep, kept_writers))


def _plan_keep(request: BucketRequest, rules: StorageRules, kept_writers: Sequence[str]) -> bool:
    asked = request.bucket.keep
    if asked is not None:
        if not asked:
            _check_unkept(request, rules, kept_writers)
        return asked
    keep, reason, source = _default_keep(request, rules, kept_writers)
    request.decide("keep", keep, reason, source)
    return keep


def _default_keep(request: BucketRequest, rules: StorageRules, kept_writers: Sequence[str]) -> tuple[bool, str, str]:
    if request.is_production_original:
        return True, "production cannot make its models and datasets again", ""
    if kept_writers:
        return True, f"a destroy keeps {_names(kept_writers)}, whose access logs are written here", ""
    loss = rules.LIMITS.deletion_takes_objects
    if loss is not None and not _gives_objects_up(request):
        return True, f"{loss.reason}, so what may not be deleted with its objects is kept", loss.source
    return False, "what it holds can be made again, or is not production's", ""


def _check_unkept(request: BucketRequest, rules: StorageRules, kept_writers: Sequence[str]) -> None:
    if kept_writers:
        problem = f"would lose the access logs of {_names(kept_writers)}, which a destroy keeps"
        fix = f"remove keep, or write keep: false for {_names(kept_writers)}"
        request.fault("keep", False, problem, allowed="true, or left out", fix=fix)
        return
    loss = rules.LIMITS.deletion_takes_objects
    if loss is None or _gives_objects_up(request):
        return
    problem = f"would lose the objects: {loss.reason}"
    if request.bucket.retention is not None:
        allowed, fix = "true, or left out, beside retention", "remove keep"
    else:
        allowed, fix = "false beside deleteObjectsOnDestroy: true", "write deleteObjectsOnDestroy: true as well, or remove keep"
    request.fault("keep", False, problem, allowed=allowed, fix=fix, source=loss.source)


def _plan_delete_objects(request: BucketRequest, keep: bool, kept_writers: Sequence[str]) -> bool:
    asked = request.bucket.delete_objects_on_destroy
    if asked is not None:
        _check_delete_objects(request, asked, keep, kept_writers)
        return asked
    delete = not keep and _gives_objects_up(request)
    reason = (
        "a development environment is thrown away whole" if delete else "a destroy must not take objects with it unless the file says so"
    )
    request.decide("deleteObjectsOnDestroy", delete, reason)
    return delete


def _check_delete_objects(request: BucketRequest, asked: bool, keep: bool, kept_writers: Sequence[str]) -> None:
    if not asked:
        return
    if keep:
        problem, fix = "contradicts keep", "write keep: false as well, or remove deleteObjectsOnDestroy"
        if kept_writers:
            problem += f": the access logs of {_names(kept_writers)}, which a destroy keeps, are written here"
            fix = "remove deleteObjectsOnDestroy"
        request.fault("deleteObjectsOnDestroy", True, problem, allowed="false where the bucket is kept", fix=fix)
    if request.bucket.retention is not None:
        problem = "cannot be done while retention protects the objects"
        request.fault("deleteObjectsOnDestroy", True, problem, allowed="false beside retention", fix="remove deleteObjectsOnDestroy")


def _gives_objects_up(request: BucketRequest) -> bool:
    asked = request.bucket.delete_objects_on_destroy
    if asked is not None:
        return asked
    return request.stage == "dev" and request.bucket.retention is None


def _names(buckets: Sequence[str]) -> str:
    return " and ".join(buckets)
