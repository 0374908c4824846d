"""Buckets on two clouds, each with what stands around a bucket: nine resources a set, as many sets as `resources` holds."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_gcp as gcp

SET = 9


def on_aws(name: str) -> None:
    """Five resources."""
    bucket = aws.s3.Bucket(name, force_destroy=True, tags={"owner": "ml-platform", "stage": "prod", "costCenter": "cc-4211"})
    aws.s3.BucketPublicAccessBlock(
        name,
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    aws.s3.BucketVersioning(name, bucket=bucket.id, versioning_configuration={"status": "Enabled"})
    aws.s3.BucketLifecycleConfiguration(
        name,
        bucket=bucket.id,
        rules=[
            {
                "id": "tiering",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "transitions": [{"days": 30, "storage_class": "STANDARD_IA"}, {"days": 90, "storage_class": "GLACIER"}],
                "expiration": {"days": 400},
            }
        ],
    )
    aws.s3.BucketPolicy(name, bucket=bucket.id, policy=bucket.arn.apply(tls_only))


def tls_only(arn: str) -> str:
    """The document that refuses plain HTTP."""
    statement = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def on_gcp(name: str) -> None:
    """Four resources."""
    bucket = gcp.storage.Bucket(
        name,
        location="EU",
        force_destroy=True,
        uniform_bucket_level_access=True,
        labels={"owner": "ml-platform", "stage": "prod"},
        lifecycle_rules=[{"action": {"type": "SetStorageClass", "storage_class": "NEARLINE"}, "condition": {"age": 30}}],
    )
    account = gcp.serviceaccount.Account(name, account_id=name, display_name=f"reads {name}")
    member = account.email.apply(lambda mail: f"serviceAccount:{mail}")
    gcp.storage.BucketIAMMember(name, bucket=bucket.name, role="roles/storage.objectViewer", member=member)
    gcp.storage.BucketObject(name, bucket=bucket.name, content=f"the objects of {name}")


for number in range(pulumi.Config().require_int("resources") // SET):
    on_aws(f"models-{number}")
    on_gcp(f"captures-{number}")
