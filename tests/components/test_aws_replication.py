"""S3 replication. Expected values: the Amazon S3 user guide on permissions for replication and on encrypted objects."""

import json

import pytest

from plan.model import EncryptionPlan, PlacementPlan, RetentionPlan, TieringPlan, VersioningPlan

BUCKET = "aws:s3/bucket:Bucket"
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
SOURCE_KEY = "arn:aws:kms:eu-west-1:123456789012:key/captures-key-1a2b3c4"
REPLICA_KEY = "arn:aws:kms:eu-central-1:123456789012:key/captures-replica-key-1a2b3c4"


@pytest.fixture
def replicated(deployed, bucket):
    def run(**choices):
        placement = PlacementPlan(location="eu-west-1", replica_region="eu-central-1")
        return deployed("aws", bucket("aws", placement=placement, versioning=VersioningPlan(enabled=True), **choices))

    return run


def permissions(deployment):
    document = json.loads(deployment.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    return {(statement["Resource"]): statement["Action"] for statement in document["Statement"]}


def test_a_bucket_with_one_region_has_no_replica(deployed, bucket):
    deployment = deployed("aws", bucket("aws"))
    assert deployment.of_type("drydock:aws:BucketReplica") + deployment.of_type(REPLICATION) + deployment.of_type("aws:iam/role:Role") == []


def test_the_replica_and_all_its_satellites_are_in_the_second_region(replicated):
    deployment = replicated(encryption=EncryptionPlan(customer_key=True))
    replica = deployment.one("drydock:aws:BucketReplica")
    children = [resource for resource in deployment.resources if resource.parent == replica.urn]
    assert {resource.inputs["region"] for resource in children} == {"eu-central-1"}
    assert BUCKET in {resource.type for resource in children}


def test_the_replica_is_as_safe_and_as_short_lived_as_its_source(replicated):
    deployment = replicated(tiering=TieringPlan(delete_after_days=400), retention=RetentionPlan(days=10, locked=True))

    def satellites(parent):
        return {r.type for r in deployment.resources if r.parent == deployment.one(parent).urn and r.type.startswith("aws:s3/")}

    assert satellites("drydock:aws:BucketReplica") == satellites("drydock:aws:Bucket") - {REPLICATION}


def test_everything_new_is_replicated_deletions_too(replicated):
    (rule,) = replicated().one(REPLICATION).inputs["rules"]
    assert rule["destination"] == {"bucket": "arn:aws:s3:::captures-replica-1a2b3c4"}
    assert rule["deleteMarkerReplication"] == {"status": "Enabled"}
    assert (rule["status"], rule["filter"]) == ("Enabled", {"prefix": ""})
    assert "sourceSelectionCriteria" not in rule


def test_replication_waits_for_the_versions_of_both_buckets_and_for_its_rights(replicated):
    deployment = replicated()
    needed = [resource.urn for resource in deployment.of_type("aws:s3/bucketVersioning:BucketVersioning")]
    needed.append(deployment.one("aws:iam/rolePolicy:RolePolicy").urn)
    assert len(needed) == 3
    assert set(needed) <= set(deployment.one(REPLICATION).depends_on)


# S3 user guide, "Object Lock considerations", replication: a bucket with Object Lock replicates only into one that has it too.
def test_replication_waits_for_the_object_lock_of_both_buckets(replicated):
    deployment = replicated(retention=RetentionPlan(days=10, locked=False))
    locks = [resource.urn for resource in deployment.of_type("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration")]
    assert len(locks) == 2
    assert set(locks) <= set(deployment.one(REPLICATION).depends_on)


def test_the_replicas_key_outlives_the_replica(replicated):
    deployment = replicated(encryption=EncryptionPlan(customer_key=True))
    key = deployment.one("aws:kms/key:Key", "captures-replica-key")
    assert key.urn in deployment.one(BUCKET, "captures-replica").depends_on


def test_the_role_is_s3s_alone_and_reaches_only_these_two_buckets(replicated):
    deployment = replicated()
    trust = json.loads(deployment.one("aws:iam/role:Role").inputs["assumeRolePolicy"])
    assert [statement["Principal"] for statement in trust["Statement"]] == [{"Service": "s3.amazonaws.com"}]
    assert permissions(deployment) == {
        "arn:aws:s3:::captures-1a2b3c4": ["s3:GetReplicationConfiguration", "s3:ListBucket"],
        "arn:aws:s3:::captures-1a2b3c4/*": ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
        "arn:aws:s3:::captures-replica-1a2b3c4/*": ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
    }


def test_encrypted_objects_are_replicated_under_a_key_of_the_second_region(replicated):
    deployment = replicated(encryption=EncryptionPlan(customer_key=True))
    (rule,) = deployment.one(REPLICATION).inputs["rules"]
    assert rule["sourceSelectionCriteria"] == {"sseKmsEncryptedObjects": {"status": "Enabled"}}
    assert rule["destination"]["encryptionConfiguration"] == {"replicaKmsKeyId": REPLICA_KEY}
    found = permissions(deployment)
    assert (found[SOURCE_KEY], found[REPLICA_KEY]) == (["kms:Decrypt"], ["kms:Encrypt"])


def test_the_role_may_read_retention_where_objects_have_one(replicated):
    found = permissions(replicated(retention=RetentionPlan(days=10, locked=False)))
    assert {"s3:GetObjectRetention", "s3:GetObjectLegalHold"} <= set(found["arn:aws:s3:::captures-1a2b3c4/*"])


def test_s3_delivers_access_logs_to_the_bucket_and_not_to_its_replica(replicated):
    deployment = replicated(purpose="logs")
    policies = {r.name: r.inputs["policy"] for r in deployment.of_type("aws:s3/bucketPolicy:BucketPolicy")}
    assert {name: "DeliverAccessLogs" in policy for name, policy in policies.items()} == {
        "captures-policy": True,
        "captures-replica-policy": False,
    }
