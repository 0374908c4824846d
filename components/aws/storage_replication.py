"""S3 replication from a bucket into its replica, and the role that carries it out."""

from typing import Any

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components.aws.storage_regional import RegionalResources
from components.aws.storage_spec import RegionalBucket

READ_VERSIONS = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"]
READ_RETENTION = ["s3:GetObjectRetention", "s3:GetObjectLegalHold"]
WRITE_REPLICAS = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]


def replicate(spec: RegionalBucket, source: RegionalResources, replica: RegionalResources) -> None:
    """Replicate every new object and every deletion of `source` into `replica`."""
    role = _role(spec, source, replica)
    aws.s3.BucketReplicationConfig(
        f"{spec.name}-replication",
        bucket=source.bucket.bucket,
        region=spec.region,
        role=role,
        rules=[_rule(source, replica)],
        # S3 takes the configuration only when both buckets keep versions and, if the source has Object Lock, the replica has it too.
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[*source.before_replication, *replica.before_replication])),
    )


def replication_permissions(
    source_arn: str, replica_arn: str, source_key: str | None, replica_key: str | None, *, retention: bool
) -> dict[str, Any]:
    """What the role may do, and no more. Source: Amazon S3 user guide, "Setting up permissions for live replication"."""
    read = READ_VERSIONS + READ_RETENTION if retention else READ_VERSIONS
    statements = [
        _allowed(["s3:GetReplicationConfiguration", "s3:ListBucket"], source_arn),
        _allowed(read, f"{source_arn}/*"),
        _allowed(WRITE_REPLICAS, f"{replica_arn}/*"),
    ]
    if source_key:
        statements.append(_allowed(["kms:Decrypt"], source_key))
    if replica_key:
        statements.append(_allowed(["kms:Encrypt"], replica_key))
    return {"Version": "2012-10-17", "Statement": statements}


def _role(spec: RegionalBucket, source: RegionalResources, replica: RegionalResources) -> Output[str]:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    role = aws.iam.Role(f"{spec.name}-replication-role", assume_role_policy=Output.json_dumps(trust), tags=spec.plan.labels, opts=spec.opts)
    permissions = Output.all(source.bucket.arn, replica.bucket.arn, source.key_arn, replica.key_arn).apply(
        lambda arns: replication_permissions(*arns, retention=spec.plan.retention is not None)
    )
    policy = aws.iam.RolePolicy(f"{spec.name}-replication-policy", role=role.name, policy=Output.json_dumps(permissions), opts=spec.opts)
    # S3 tries the role at once: its ARN is handed on only when it may do its work.
    return Output.all(role.arn, policy.id).apply(lambda both: str(both[0]))


def _rule(source: RegionalResources, replica: RegionalResources) -> aws.s3.BucketReplicationConfigRuleArgs:
    return aws.s3.BucketReplicationConfigRuleArgs(
        id="everything",
        status="Enabled",
        priority=0,
        filter=aws.s3.BucketReplicationConfigRuleFilterArgs(prefix=""),
        delete_marker_replication=aws.s3.BucketReplicationConfigRuleDeleteMarkerReplicationArgs(status="Enabled"),
        source_selection_criteria=_encrypted_too() if source.key_arn else None,
        destination=_destination(replica),
    )


def _encrypted_too() -> aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs:
    # Left out, S3 passes over every object that is encrypted with a KMS key, without a word.
    encrypted = aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaSseKmsEncryptedObjectsArgs(status="Enabled")
    return aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs(sse_kms_encrypted_objects=encrypted)


def _destination(replica: RegionalResources) -> aws.s3.BucketReplicationConfigRuleDestinationArgs:
    if replica.key_arn is None:
        return aws.s3.BucketReplicationConfigRuleDestinationArgs(bucket=replica.bucket.arn)
    encryption = aws.s3.BucketReplicationConfigRuleDestinationEncryptionConfigurationArgs(replica_kms_key_id=replica.key_arn)
    return aws.s3.BucketReplicationConfigRuleDestinationArgs(bucket=replica.bucket.arn, encryption_configuration=encryption)


def _allowed(actions: list[str], resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}
