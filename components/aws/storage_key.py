"""The KMS key of an S3 bucket."""

import pulumi_aws as aws
from pulumi import Output

from components.aws.storage_spec import CallerIdentity, RegionalBucket


def create_key(spec: RegionalBucket, caller: CallerIdentity) -> aws.kms.Key:
    """A customer-managed key in the bucket's region, rotated as planned."""
    key = aws.kms.Key(
        f"{spec.name}-key",
        description=f"Objects of the bucket {spec.name}",
        region=spec.region,
        enable_key_rotation=True,
        rotation_period_in_days=spec.plan.encryption.rotation_days,
        deletion_window_in_days=30,
        policy=Output.json_dumps(caller.apply(_key_policy)),
        tags=spec.plan.labels,
        opts=spec.opts,
    )
    aws.kms.Alias(f"{spec.name}-key-alias", region=spec.region, target_key_id=key.key_id, opts=spec.opts)
    return key


def _key_policy(caller: aws.GetCallerIdentityResult) -> dict[str, object]:
    # Access is then decided by IAM alone, and the key cannot lock its own account out.
    partition = caller.arn.split(":")[1]
    owner = {"AWS": f"arn:{partition}:iam::{caller.account_id}:root"}
    statement = {"Sid": "OwnerDecidesThroughIam", "Effect": "Allow", "Principal": owner, "Action": "kms:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}
