"""A Cloud Storage bucket with everything that makes it safe to use."""

from collections.abc import Sequence

import pulumi_gcp as gcp
from pulumi import ComponentResource, Input, InvokeOptions, Output, ResourceOptions

from components.contract import BucketOutputs, bucket_outputs, usage
from components.gcp.customer_key import CustomerKey
from components.gcp.durations import SECONDS_PER_DAY
from components.gcp.storage_key import bucket_key
from components.gcp.storage_lifecycle import lifecycle_rules
from plan.model import BucketPlan, PlacementPlan, RetentionPlan, TieringPlan

# The group as which Cloud Storage delivers usage logs. Source: Cloud Storage, "Usage logs and storage logs".
LOG_WRITER = "group:cloud-storage-analytics@google.com"


class Bucket(ComponentResource):
    """One bucket of the environment.

    Owns the bucket, its key ring and key when it is a customer key, the storage service agent's right to that key, and, on a bucket of
    purpose logs, Cloud Storage's right to write there. Owns none of these when the plan names a bucket that exists: that one is looked
    up and stays as it is.
    """

    outputs: BucketOutputs
    log_destination: Output[str]

    def __init__(
        self,
        name: str,
        plan: BucketPlan,
        *,
        access_log_bucket: Input[str] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        """Build the bucket that the plan describes."""
        # The engine hands retain_on_delete down to the children: a bucket that stays needs its key.
        kept = ResourceOptions(retain_on_delete=plan.keep or None)
        super().__init__("drydock:gcp:Bucket", name, {"usage": usage(plan)}, ResourceOptions.merge(opts, kept))
        if plan.existing:
            self.outputs = _existing(self, plan, plan.existing.name)
            self.log_destination = self.outputs["name"]
        else:
            children = ResourceOptions(parent=self)
            key = bucket_key(name, plan, children)
            bucket = _bucket(name, plan, access_log_bucket, key, children)
            self.outputs = _outputs(plan, bucket, key)
            self.log_destination = _log_destination(name, plan, bucket, children)
        self.register_outputs({**self.outputs})


def _existing(parent: Bucket, plan: BucketPlan, name: str) -> BucketOutputs:
    found = gcp.storage.get_bucket_output(name=name, opts=InvokeOptions(parent=parent))
    return bucket_outputs(
        plan,
        name=found.name,
        url=found.url,
        resource_id=found.id,
        location=found.location,
        encryption_key=found.encryptions.apply(_default_key),
    )


def _default_key(encryptions: Sequence[gcp.storage.outputs.GetBucketEncryptionResult]) -> str | None:
    return encryptions[0].default_kms_key_name or None if encryptions else None


def _bucket(
    name: str, plan: BucketPlan, access_log_bucket: Input[str] | None, key: CustomerKey | None, opts: ResourceOptions
) -> gcp.storage.Bucket:
    # Cloud Storage refuses a default key that it may not use yet.
    after_grant = ResourceOptions(depends_on=[key.grant]) if key else None
    return gcp.storage.Bucket(
        name,
        location=plan.placement.location,
        custom_placement_config=_regions(plan.placement),
        rpo=plan.placement.rpo,
        uniform_bucket_level_access=True,
        public_access_prevention="enforced",
        autoclass=_autoclass(plan.tiering),
        lifecycle_rules=lifecycle_rules(plan),
        soft_delete_policy=gcp.storage.BucketSoftDeletePolicyArgs(retention_duration_seconds=plan.soft_delete_days * SECONDS_PER_DAY),
        versioning=gcp.storage.BucketVersioningArgs(enabled=plan.versioning.enabled),
        retention_policy=_retention(plan.retention),
        encryption=gcp.storage.BucketEncryptionArgs(default_kms_key_name=key.name) if key else None,
        logging=_logging(plan, access_log_bucket),
        force_destroy=plan.delete_objects_on_destroy,
        labels=plan.labels,
        opts=ResourceOptions.merge(opts, after_grant),
    )


def _regions(placement: PlacementPlan) -> gcp.storage.BucketCustomPlacementConfigArgs | None:
    if not placement.data_locations:
        return None
    return gcp.storage.BucketCustomPlacementConfigArgs(data_locations=list(placement.data_locations))


def _autoclass(tiering: TieringPlan) -> gcp.storage.BucketAutoclassArgs | None:
    if tiering.mode != "auto":
        return None
    return gcp.storage.BucketAutoclassArgs(enabled=True, terminal_storage_class=tiering.terminal_class)


def _retention(retention: RetentionPlan | None) -> gcp.storage.BucketRetentionPolicyArgs | None:
    if retention is None:
        return None
    return gcp.storage.BucketRetentionPolicyArgs(retention_period=str(retention.days * SECONDS_PER_DAY), is_locked=retention.locked)


def _logging(plan: BucketPlan, access_log_bucket: Input[str] | None) -> gcp.storage.BucketLoggingArgs | None:
    if access_log_bucket is None:
        return None
    return gcp.storage.BucketLoggingArgs(log_bucket=access_log_bucket, log_object_prefix=plan.name)


def _outputs(plan: BucketPlan, bucket: gcp.storage.Bucket, key: CustomerKey | None) -> BucketOutputs:
    return bucket_outputs(
        plan,
        name=bucket.name,
        url=bucket.url,
        resource_id=bucket.id,
        location=bucket.location,
        encryption_key=key.name if key else None,
    )


def _log_destination(name: str, plan: BucketPlan, bucket: gcp.storage.Bucket, opts: ResourceOptions) -> Output[str]:
    if plan.purpose != "logs":
        return bucket.name
    writer = gcp.storage.BucketIAMMember(
        f"{name}-log-writer", bucket=bucket.name, role="roles/storage.objectCreator", member=LOG_WRITER, opts=opts
    )
    # Whoever writes here waits until that is allowed.
    return Output.all(bucket.name, writer.id).apply(lambda both: str(both[0]))
