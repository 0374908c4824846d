"""An S3 bucket with everything that makes it safe to use."""

import pulumi_aws as aws
from pulumi import ComponentResource, Input, InvokeOptions, Output, ResourceOptions

from components.aws.place import CallerIdentity
from components.aws.storage_regional import RegionalResources, build_regional_bucket
from components.aws.storage_replica import BucketReplica
from components.aws.storage_replication import replicate
from components.aws.storage_spec import RegionalBucket
from components.contract import BucketOutputs, bucket_outputs, usage
from plan.model import BucketPlan


class Bucket(ComponentResource):
    """One bucket of the environment.

    Owns the bucket, its satellites (ownership, public access, versioning, encryption, policy, lifecycle, archive tiers, retention,
    access logging), its key when it is a customer key, and its replica in a second region. Owns none of these when the plan names a
    bucket that exists: that one is looked up and stays as it is.
    """

    outputs: BucketOutputs
    log_destination: Output[str]

    def __init__(
        self,
        name: str,
        plan: BucketPlan,
        *,
        caller: CallerIdentity,
        access_log_bucket: Input[str] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        """Build the bucket that the plan describes; `caller` is the account that owns it."""
        # The engine hands retain_on_delete down to the children: without its policy and key a bucket that stays would be worth little.
        kept = ResourceOptions(retain_on_delete=plan.keep or None)
        super().__init__("drydock:aws:Bucket", name, {"usage": usage(plan)}, ResourceOptions.merge(opts, kept))
        if plan.existing:
            self.outputs = _existing(self, plan, plan.existing.name)
            self.log_destination = self.outputs["name"]
        else:
            spec = RegionalBucket(plan=plan, name=name, region=plan.placement.location, opts=ResourceOptions(parent=self))
            built = build_regional_bucket(spec, caller)
            _replica(self, spec, built, caller)
            _access_logging(spec, built, access_log_bucket)
            self.outputs = _outputs(plan, built)
            self.log_destination = built.log_destination
        self.register_outputs({**self.outputs})


def _existing(parent: Bucket, plan: BucketPlan, name: str) -> BucketOutputs:
    found = aws.s3.get_bucket_output(bucket=name, opts=InvokeOptions(parent=parent))
    return bucket_outputs(
        plan,
        name=found.bucket,
        url=Output.concat("s3://", found.bucket),
        resource_id=found.arn,
        location=found.bucket_region,
        encryption_key=None,
    )


def _replica(parent: Bucket, spec: RegionalBucket, source: RegionalResources, caller: CallerIdentity) -> None:
    if not spec.plan.placement.replica_region:
        return
    replica = BucketReplica(
        spec.name, spec.plan, region=spec.plan.placement.replica_region, caller=caller, opts=ResourceOptions(parent=parent)
    )
    replicate(spec, source, replica.resources)


def _access_logging(spec: RegionalBucket, built: RegionalResources, access_log_bucket: Input[str] | None) -> None:
    if access_log_bucket is None:
        return
    by_event_date = aws.s3.BucketLoggingTargetObjectKeyFormatPartitionedPrefixArgs(partition_date_source="EventTime")
    aws.s3.BucketLogging(
        f"{spec.name}-access-logs",
        bucket=built.bucket.bucket,
        region=spec.region,
        target_bucket=access_log_bucket,
        target_prefix=f"{spec.plan.name}/",
        target_object_key_format=aws.s3.BucketLoggingTargetObjectKeyFormatArgs(partitioned_prefix=by_event_date),
        opts=spec.opts,
    )


def _outputs(plan: BucketPlan, built: RegionalResources) -> BucketOutputs:
    return bucket_outputs(
        plan,
        name=built.bucket.bucket,
        url=Output.concat("s3://", built.bucket.bucket),
        resource_id=built.bucket.arn,
        location=built.bucket.region,
        encryption_key=built.key_arn,
    )
