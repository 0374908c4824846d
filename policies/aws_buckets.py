"""S3 buckets as checks read them: what a bucket says of itself, whichever version of the SDK it was written for."""

from policies.view import View

BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
"""A bucket, and what it and each of its satellites was called in the SDK's sixth version; both names are still in use."""
# BucketV2 lists what the other holds once. Source: Pulumi registry, aws.s3.BucketV2, inputs.
_LISTED = {
    "logging.targetBucket": "loggings.0.targetBucket",
    "objectLockConfiguration.rule": "objectLockConfiguration.rules",
    "replicationConfiguration.rules": "replicationConfigurations.0.rules",
    "serverSideEncryptionConfiguration.rule": "serverSideEncryptionConfigurations.0.rules",
    "versioning.enabled": "versionings.0.enabled",
}
_DEFAULT = "applyServerSideEncryptionByDefault"


def inside(view: View, path: str) -> str:
    """Where a bucket itself says what the other type has at this path; whatever is no BucketV2 has it there."""
    return _LISTED[path] if view.resource.type == BUCKETS[1] else path


def by_default(rule: View, name: str) -> str:
    """Where an encryption's rule, of a bucket or beside it, says this of what it takes by default."""
    return f"{_DEFAULT}s.0.{name}" if rule.present(f"{_DEFAULT}s") else f"{_DEFAULT}.{name}"
