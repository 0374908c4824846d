"""One S3 bucket in one region with its satellites: a bucket of the environment, or a replica of one."""

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Output, Resource, ResourceOptions

from components.aws.customer_key import create_key
from components.aws.place import CallerIdentity, Place
from components.aws.storage_lifecycle import build_archive_tiers, build_lifecycle
from components.aws.storage_policy import bucket_policy
from components.aws.storage_spec import RegionalBucket


@dataclass(frozen=True, kw_only=True)
class RegionalResources:
    """What was built, as far as others need it.

    before_replication: what S3 wants to be there before it replicates from here or to here. log_destination: the bucket's name, known
    only once logs may be delivered into it.
    """

    bucket: aws.s3.Bucket
    before_replication: tuple[Resource, ...]
    key_arn: Output[str] | None
    log_destination: Output[str]


def build_regional_bucket(spec: RegionalBucket, caller: CallerIdentity) -> RegionalResources:
    """Build the bucket and its satellites; every one carries the region, so that a bucket that moves takes them along."""
    key = _key(spec, caller) if spec.plan.encryption.customer_key else None
    bucket = _bucket(spec, key)
    _ownership(spec, bucket)
    public_access = _public_access(spec, bucket)
    versioning = _versioning(spec, bucket)
    key_arn = _key_arn(spec, key)
    _encryption(spec, bucket, key_arn)
    policy = _policy(spec, bucket, caller, public_access)
    build_lifecycle(spec, bucket, versioning)
    build_archive_tiers(spec, bucket)
    retention = _retention(spec, bucket, versioning)
    destination = Output.all(bucket.bucket, policy.id).apply(lambda both: str(both[0]))
    before_replication = (versioning, retention) if retention else (versioning,)
    return RegionalResources(bucket=bucket, before_replication=before_replication, key_arn=key_arn, log_destination=destination)


def _bucket(spec: RegionalBucket, key: aws.kms.Key | None) -> aws.s3.Bucket:
    # A destroy stops at a bucket that holds objects, and must not have scheduled their key for deletion by then.
    key_outlives_it = ResourceOptions(depends_on=[key] if key else None)
    return aws.s3.Bucket(
        spec.name,
        region=spec.region,
        force_destroy=spec.plan.delete_objects_on_destroy,
        tags=spec.plan.labels,
        opts=ResourceOptions.merge(spec.opts, key_outlives_it),
    )


def _ownership(spec: RegionalBucket, bucket: aws.s3.Bucket) -> None:
    aws.s3.BucketOwnershipControls(
        f"{spec.name}-ownership",
        bucket=bucket.bucket,
        region=spec.region,
        rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
        opts=spec.opts,
    )


def _public_access(spec: RegionalBucket, bucket: aws.s3.Bucket) -> aws.s3.BucketPublicAccessBlock:
    return aws.s3.BucketPublicAccessBlock(
        f"{spec.name}-public-access",
        bucket=bucket.bucket,
        region=spec.region,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=spec.opts,
    )


def _versioning(spec: RegionalBucket, bucket: aws.s3.Bucket) -> aws.s3.BucketVersioning:
    # "Disabled" is refused once versioning was ever on; "Suspended" is right from the first day and after it.
    status = "Enabled" if spec.plan.versioning.enabled else "Suspended"
    return aws.s3.BucketVersioning(
        f"{spec.name}-versioning",
        bucket=bucket.bucket,
        region=spec.region,
        versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status=status),
        opts=spec.opts,
    )


def _key(spec: RegionalBucket, caller: CallerIdentity) -> aws.kms.Key:
    return create_key(
        spec.name,
        spec.plan.encryption,
        description=f"Objects of the bucket {spec.name}",
        place=Place(caller=caller, region=spec.region),
        labels=spec.plan.labels,
        opts=spec.opts,
    )


def _key_arn(spec: RegionalBucket, key: aws.kms.Key | None) -> Output[str] | None:
    existing_key = spec.plan.encryption.existing_key
    if existing_key:
        return Output.from_input(existing_key)
    return key.arn if key else None


def _encryption(spec: RegionalBucket, bucket: aws.s3.Bucket, key_arn: Output[str] | None) -> None:
    by_default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
        sse_algorithm="aws:kms" if key_arn else "AES256", kms_master_key_id=key_arn
    )
    rule = aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
        apply_server_side_encryption_by_default=by_default,
        # One call to KMS per bucket and while, instead of one per object.
        bucket_key_enabled=key_arn is not None,
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        f"{spec.name}-encryption", bucket=bucket.bucket, region=spec.region, rules=[rule], opts=spec.opts
    )


def _policy(
    spec: RegionalBucket, bucket: aws.s3.Bucket, caller: CallerIdentity, public_access: aws.s3.BucketPublicAccessBlock
) -> aws.s3.BucketPolicy:
    receives_logs = spec.plan.purpose == "logs" and not spec.is_replica
    document = Output.all(bucket.arn, caller).apply(
        lambda both: bucket_policy(both[0], log_source_account=both[1].account_id if receives_logs else None)
    )
    return aws.s3.BucketPolicy(
        f"{spec.name}-policy",
        bucket=bucket.bucket,
        region=spec.region,
        policy=Output.json_dumps(document),
        # S3 refuses two of these changes at once ("a conflicting conditional operation is currently in progress").
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[public_access])),
    )


def _retention(
    spec: RegionalBucket, bucket: aws.s3.Bucket, versioning: aws.s3.BucketVersioning
) -> aws.s3.BucketObjectLockConfiguration | None:
    retention = spec.plan.retention
    if retention is None:
        return None
    by_default = aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(
        mode="COMPLIANCE" if retention.locked else "GOVERNANCE", days=retention.days
    )
    # This turns Object Lock on, once versions are kept. The bucket's own switch would replace a bucket that gets retention later.
    return aws.s3.BucketObjectLockConfiguration(
        f"{spec.name}-retention",
        bucket=bucket.bucket,
        region=spec.region,
        rule=aws.s3.BucketObjectLockConfigurationRuleArgs(default_retention=by_default),
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[versioning])),
    )
