"""A KMS key of one's own: for a bucket's objects, for a cluster's secrets."""

from collections.abc import Mapping

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components.aws.place import Place
from plan.model import EncryptionPlan


def create_key(
    name: str, encryption: EncryptionPlan, *, description: str, place: Place, labels: Mapping[str, str], opts: ResourceOptions
) -> aws.kms.Key:
    """A customer-managed key in the region, rotated as planned, with an alias to find it by. `name` is what it belongs to."""
    key = aws.kms.Key(
        f"{name}-key",
        description=description,
        region=place.region,
        enable_key_rotation=True,
        rotation_period_in_days=encryption.rotation_days,
        deletion_window_in_days=30,
        policy=Output.json_dumps(place.caller.apply(_key_policy)),
        tags=labels,
        opts=opts,
    )
    aws.kms.Alias(f"{name}-key-alias", region=place.region, target_key_id=key.key_id, opts=opts)
    return key


def _key_policy(caller: aws.GetCallerIdentityResult) -> dict[str, object]:
    # Access is then decided by IAM alone, and the key cannot lock its own account out.
    partition = caller.arn.split(":")[1]
    owner = {"AWS": f"arn:{partition}:iam::{caller.account_id}:root"}
    statement = {"Sid": "OwnerDecidesThroughIam", "Effect": "Allow", "Principal": owner, "Action": "kms:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}
