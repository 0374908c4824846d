"""What stands around a model on AWS: fifteen resources a set, as many sets as `resources` holds. `main.tf` has one set for Terraform."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

SET = 15
TAGS = {"owner": "ml-platform", "stage": "prod", "costCenter": "cc-4211"}
SUBNETS = ["subnet-0a1b2c3d", "subnet-1b2c3d4e"]
IMAGE = f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/scorer@sha256:{'0123456789abcdef' * 4}"


def https(description: str) -> Any:
    """A rule of a firewall, for either direction."""
    return {"description": description, "protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/16"]}


def allow(**statement: object) -> str:
    """A policy document of one statement that allows."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def storage(name: str, key: aws.kms.Key) -> None:
    """Five resources: a bucket and what belongs to it."""
    bucket = aws.s3.Bucket(name, force_destroy=False, tags=TAGS)
    aws.s3.BucketPublicAccessBlock(
        name,
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    aws.s3.BucketVersioning(name, bucket=bucket.id, versioning_configuration={"status": "Enabled"})
    encryption: Any = {"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}
    aws.s3.BucketServerSideEncryptionConfiguration(
        name, bucket=bucket.id, rules=[{"apply_server_side_encryption_by_default": encryption, "bucket_key_enabled": True}]
    )
    tiering: Any = {
        "id": "tiering",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "transitions": [{"days": 30, "storage_class": "STANDARD_IA"}],
        "noncurrent_version_expiration": {"noncurrent_days": 30},
    }
    aws.s3.BucketLifecycleConfiguration(name, bucket=bucket.id, rules=[tiering])


def cluster(name: str, key: aws.kms.Key, role: aws.iam.Role) -> None:
    """Three resources: a cluster, its firewall and its nodes."""
    firewall = aws.ec2.SecurityGroup(
        name,
        description="the endpoint",
        vpc_id="vpc-0a1b2c3d",
        ingress=[https("from inside")],
        egress=[https("to inside")],
        tags=TAGS,
    )
    made = aws.eks.Cluster(
        name,
        role_arn=role.arn,
        version="1.33",
        enabled_cluster_log_types=["api", "audit", "authenticator"],
        vpc_config={
            "subnet_ids": SUBNETS,
            "endpoint_private_access": True,
            "endpoint_public_access": False,
            "security_group_ids": [firewall.id],
        },
        encryption_config={"resources": ["secrets"], "provider": {"key_arn": key.arn}},
        tags=TAGS,
    )
    aws.eks.NodeGroup(
        name,
        cluster_name=made.name,
        node_role_arn=role.arn,
        subnet_ids=SUBNETS,
        instance_types=["g5.xlarge"],
        scaling_config={"min_size": 1, "desired_size": 2, "max_size": 4},
        tags=TAGS,
    )


def serving(name: str, key: aws.kms.Key, role: aws.iam.Role) -> None:
    """Four resources: images, a function, its log and its secret."""
    aws.ecr.Repository(
        name,
        image_tag_mutability="IMMUTABLE",
        image_scanning_configuration={"scan_on_push": True},
        encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.arn}],
        tags=TAGS,
    )
    aws.lambda_.Function(
        name,
        role=role.arn,
        package_type="Image",
        image_uri=IMAGE,
        memory_size=1024,
        timeout=30,
        environment={"variables": {"STAGE": "prod"}},
        tags=TAGS,
    )
    aws.cloudwatch.LogGroup(name, retention_in_days=365, kms_key_id=key.arn, tags=TAGS)
    aws.secretsmanager.Secret(name, description="the hub's token", kms_key_id=key.arn, tags=TAGS)


for number in range(pulumi.Config().require_int("resources") // SET):
    named = f"platform-{number}"
    own_key = aws.kms.Key(named, description="encrypts the models", enable_key_rotation=True, deletion_window_in_days=30, tags=TAGS)
    own_role = aws.iam.Role(named, assume_role_policy=allow(Action="sts:AssumeRole", Principal={"Service": "eks.amazonaws.com"}), tags=TAGS)
    aws.iam.RolePolicy(named, role=own_role.id, policy=allow(Action=["s3:GetObject"], Resource=["arn:aws:s3:::models/*"]))
    storage(named, own_key)
    cluster(named, own_key, own_role)
    serving(named, own_key, own_role)
