"""Amazon S3."""

from typing import Any

from tests.policies.case import UNKNOWN, Case, made

BUCKET = made("aws:s3/bucket:Bucket", {"bucket": "b"}, "data")
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
FLAGS: dict[str, Any] = {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True}
GOOGLE = made("gcp:storage/bucket:Bucket")


def versioned(status: object) -> Any:
    return made(VERSIONING, {"versioningConfiguration": {"status": status}}, bucket=BUCKET)


CASES = {
    "DD-STORAGE-001": Case(
        violating=(BUCKET, made(BLOCK, FLAGS)),
        passing=(BUCKET, made(BLOCK, FLAGS, bucket=BUCKET)),
        unknown=None,
        why_known="it looks for a resource that refers to the bucket, not for a value",
        elsewhere=(GOOGLE,),
    ),
    "DD-STORAGE-002": Case(
        violating=(made(BLOCK, {"blockPublicAcls": True, "ignorePublicAcls": True, "restrictPublicBuckets": False}),),
        at=("blockPublicPolicy", "restrictPublicBuckets"),
        passing=(made(BLOCK, FLAGS),),
        unknown=(made(BLOCK, {**FLAGS, "blockPublicPolicy": UNKNOWN}),),
        elsewhere=(GOOGLE,),
    ),
    "DD-STORAGE-003": Case(
        violating=(BUCKET, versioned("Suspended")),
        passing=(BUCKET, versioned("Enabled")),
        unknown=(BUCKET, versioned(UNKNOWN)),
        elsewhere=(GOOGLE, made("aws:s3/bucket:Bucket", {"tags": {"purpose": "checkpoints"}}, "churned")),
    ),
}
