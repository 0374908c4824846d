"""A bucket that is there already: looked up, and left as it is."""

from collections.abc import Mapping

from pydantic.alias_generators import to_camel

from environment.base import Part
from environment.storage import ExistingBucket
from plan.model import BucketPlan, EncryptionPlan, ExistingBucketPlan, PlacementPlan, TieringPlan, VersioningPlan
from plan.request import BucketRequest
from plan.storage_defaults import ABORT_MULTIPART_DAYS
from plan.storage_rules import StorageRules
from plan.usage import plan_usage

_BESIDE = frozenset({"purpose", "usage", "compression", "existing"})


def plan_existing(
    request: BucketRequest, rules: StorageRules, existing: ExistingBucket, compression: str, labels: Mapping[str, str]
) -> BucketPlan:
    """The plan of a bucket that is only used; faults every setting that would have to change it."""
    _check_settings(request)
    _check_address(request, rules, existing)
    request.decide("existing", "left as it is", "a bucket that stood before the environment is not the environment's to change")
    return BucketPlan(
        name=request.name,
        purpose=request.bucket.purpose,
        labels=labels,
        placement=PlacementPlan(location=request.region_name),
        tiering=TieringPlan(),
        versioning=VersioningPlan(enabled=False),
        retention=None,
        soft_delete_days=0,
        encryption=EncryptionPlan(),
        access_logs=None,
        abort_multipart_after_days=ABORT_MULTIPART_DAYS,
        compression=compression,
        keep=True,
        delete_objects_on_destroy=False,
        usage=plan_usage(request),
        existing=ExistingBucketPlan(name=existing.name, account=existing.account, resource_group=existing.resource_group),
    )


def _check_settings(request: BucketRequest) -> None:
    for field in sorted(request.bucket.model_fields_set - _BESIDE):
        value = getattr(request.bucket, field)
        if value is None:
            continue
        name = to_camel(field)
        problem = "would change a bucket that is there already"
        request.fault(name, _plain(value), problem, allowed="purpose, usage and compression beside existing", fix=f"remove {name}")


def _plain(value: object) -> object:
    return value.model_dump(by_alias=True, exclude_unset=True, exclude={"existing_key"}) if isinstance(value, Part) else value


def _check_address(request: BucketRequest, rules: StorageRules, existing: ExistingBucket) -> None:
    if rules.LIMITS.existing_name.fullmatch(existing.name) is None:
        problem = f"is no bucket's name on {request.cloud}"
        request.fault(
            "existing.name", existing.name, problem, allowed=rules.LIMITS.existing_name_rule, fix="write the name as the cloud shows it"
        )
    for field, value in (("account", existing.account), ("resourceGroup", existing.resource_group)):
        if rules.LIMITS.existing_needs_account and value is None:
            fix = f"add {field}"
            request.fault(
                f"existing.{field}", None, "does not say which storage account holds the container", allowed=f"the {field} by name", fix=fix
            )
        if not rules.LIMITS.existing_needs_account and value is not None:
            problem = f"is nothing that a bucket on {request.cloud} has"
            request.fault(f"existing.{field}", value, problem, allowed="left out", fix=f"remove {field}")
