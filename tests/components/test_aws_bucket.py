"""S3: each setting of the plan in S3's words. Expected values are S3's own: its user guide and API reference."""

import json

import pytest

from plan.model import EncryptionPlan, RetentionPlan, TieringPlan, Transition, VersioningPlan

SATELLITES = ["BucketOwnershipControls", "BucketPublicAccessBlock", "BucketVersioning", "BucketLifecycleConfiguration", "BucketPolicy"]
SATELLITES += ["BucketServerSideEncryptionConfiguration"]


def token(class_name):
    return f"aws:s3/{class_name[0].lower()}{class_name[1:]}:{class_name}"


@pytest.fixture
def deployed_aws(deployed, bucket):
    def run(**choices):
        return deployed("aws", bucket("aws", **choices))

    return run


def rules(deployment):
    return {rule["id"]: rule for rule in deployment.one(token("BucketLifecycleConfiguration")).inputs["rules"]}


def statements(deployment, name):
    document = json.loads(deployment.one(token("BucketPolicy"), name).inputs["policy"])
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_every_satellite_is_in_the_buckets_region(deployed_aws):
    deployment = deployed_aws()
    assert {deployment.one(token(name)).inputs["region"] for name in SATELLITES} == {"eu-west-1"}


def test_nothing_is_ever_public(deployed_aws):
    inputs = deployed_aws().one(token("BucketPublicAccessBlock")).inputs
    switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert [switch for switch in switches if inputs[switch] is not True] == []


def test_acls_are_off(deployed_aws):
    assert deployed_aws().one(token("BucketOwnershipControls")).inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


@pytest.mark.parametrize(("enabled", "status"), [(True, "Enabled"), (False, "Suspended")])
def test_versioning_can_be_turned_off_again(deployed_aws, enabled, status):
    inputs = deployed_aws(versioning=VersioningPlan(enabled=enabled)).one(token("BucketVersioning")).inputs
    assert inputs["versioningConfiguration"] == {"status": status}


def test_requests_without_modern_tls_are_denied(deployed_aws):
    found = statements(deployed_aws(), "captures-policy")
    both = ["arn:aws:s3:::captures-1a2b3c4", "arn:aws:s3:::captures-1a2b3c4/*"]
    everyone = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": both}
    assert found == {
        "DenyWithoutTls": {"Sid": "DenyWithoutTls", **everyone, "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        "DenyOldTls": {"Sid": "DenyOldTls", **everyone, "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
    }


def test_the_policy_waits_for_the_public_access_block(deployed_aws):
    deployment = deployed_aws()
    assert deployment.one(token("BucketPublicAccessBlock")).urn in deployment.one(token("BucketPolicy")).depends_on


def test_the_lifecycle_waits_for_versioning(deployed_aws):
    deployment = deployed_aws()
    assert deployment.one(token("BucketVersioning")).urn in deployment.one(token("BucketLifecycleConfiguration")).depends_on


def test_ages_become_transitions(deployed_aws):
    moves = (Transition(after_days=30, storage_class="STANDARD_IA"), Transition(after_days=90, storage_class="GLACIER_IR"))
    found = rules(deployed_aws(tiering=TieringPlan(mode="ages", transitions=moves, delete_after_days=400)))
    assert found["tiering"]["transitions"] == [{"days": 30, "storageClass": "STANDARD_IA"}, {"days": 90, "storageClass": "GLACIER_IR"}]
    assert found["deletion"]["expiration"] == {"days": 400}


def test_auto_is_intelligent_tiering_from_the_first_day_with_its_archive_tiers(deployed_aws):
    deployment = deployed_aws(
        tiering=TieringPlan(mode="auto", transitions=(Transition(after_days=180, storage_class="DEEP_ARCHIVE_ACCESS"),))
    )
    assert rules(deployment)["tiering"]["transitions"] == [{"days": 0, "storageClass": "INTELLIGENT_TIERING"}]
    tiers = deployment.one(token("BucketIntelligentTieringConfiguration")).inputs["tierings"]
    assert tiers == [{"accessTier": "DEEP_ARCHIVE_ACCESS", "days": 180}]


def test_auto_without_archive_needs_no_archive_tiers(deployed_aws):
    assert deployed_aws(tiering=TieringPlan(mode="auto")).of_type(token("BucketIntelligentTieringConfiguration")) == []


def test_old_versions_go_by_age_and_number(deployed_aws):
    found = rules(deployed_aws(versioning=VersioningPlan(enabled=True, delete_old_after_days=60, keep_newest=3)))
    assert found["old-versions"]["noncurrentVersionExpiration"] == {"noncurrentDays": 60, "newerNoncurrentVersions": 3}


def test_delete_markers_are_cleared_unless_deletion_by_age_clears_them(deployed_aws):
    versioning = VersioningPlan(enabled=True, delete_old_after_days=60)
    alone = rules(deployed_aws(versioning=versioning))
    assert alone["delete-markers"]["expiration"] == {"expiredObjectDeleteMarker": True}
    assert "delete-markers" not in rules(deployed_aws(versioning=versioning, tiering=TieringPlan(delete_after_days=400)))


# S3 user guide, "Deleting objects from versioning-suspended buckets": a delete puts a marker with the version ID null. Left there,
# markers no listing shows would stop the bucket's deletion.
def test_delete_markers_of_suspended_versioning_are_cleared_too(deployed_aws):
    assert rules(deployed_aws(versioning=VersioningPlan(enabled=False)))["delete-markers"]["expiration"] == {
        "expiredObjectDeleteMarker": True
    }


def test_every_rule_covers_the_whole_bucket_and_says_so(deployed_aws):
    found = rules(
        deployed_aws(versioning=VersioningPlan(enabled=True, delete_old_after_days=60), tiering=TieringPlan(delete_after_days=400))
    )
    assert {json.dumps(rule["filter"]) for rule in found.values()} == {'{"prefix": ""}'}
    assert found["incomplete-uploads"]["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}


# pulumi-aws: objectLockEnabled on the bucket forces a new one; the configuration of its own serves buckets new and old.
def test_a_bucket_that_gets_retention_later_is_the_same_bucket(deployed_aws):
    versioning = VersioningPlan(enabled=True)
    without = deployed_aws(versioning=versioning).one(token("Bucket")).inputs
    assert deployed_aws(versioning=versioning, retention=RetentionPlan(days=30, locked=False)).one(token("Bucket")).inputs == without


def test_object_lock_waits_for_versioning(deployed_aws):
    deployment = deployed_aws(retention=RetentionPlan(days=30, locked=False), versioning=VersioningPlan(enabled=True))
    assert deployment.one(token("BucketVersioning")).urn in deployment.one(token("BucketObjectLockConfiguration")).depends_on


def test_retention_is_object_lock(deployed_aws):
    for locked, mode in ((False, "GOVERNANCE"), (True, "COMPLIANCE")):
        deployment = deployed_aws(retention=RetentionPlan(days=30, locked=locked), versioning=VersioningPlan(enabled=True))
        rule = deployment.one(token("BucketObjectLockConfiguration")).inputs["rule"]
        assert rule == {"defaultRetention": {"mode": mode, "days": 30}}


def encryption(deployment):
    (rule,) = deployment.one(token("BucketServerSideEncryptionConfiguration")).inputs["rules"]
    return rule


def test_without_a_key_s3_encrypts_with_its_own(deployed_aws):
    deployment = deployed_aws()
    assert encryption(deployment)["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    assert deployment.of_type("aws:kms/key:Key") == []


def test_a_customer_key_rotates_as_planned_and_never_locks_its_account_out(deployed_aws):
    deployment = deployed_aws(encryption=EncryptionPlan(customer_key=True, rotation_days=180))
    key = deployment.one("aws:kms/key:Key").inputs
    assert (key["enableKeyRotation"], key["rotationPeriodInDays"], key["region"]) == (True, 180, "eu-west-1")
    (statement,) = json.loads(key["policy"])["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert statement["Action"] == "kms:*"
    assert encryption(deployment) == {
        "applyServerSideEncryptionByDefault": {
            "sseAlgorithm": "aws:kms",
            "kmsMasterKeyId": "arn:aws:kms:eu-west-1:123456789012:key/captures-key-1a2b3c4",
        },
        "bucketKeyEnabled": True,
    }


# Pulumi deletes what depends before what it depends on, and KMS makes a key useless the moment its deletion is scheduled.
def test_a_destroy_takes_the_key_only_after_the_bucket(deployed_aws):
    deployment = deployed_aws(encryption=EncryptionPlan(customer_key=True))
    assert deployment.one("aws:kms/key:Key").urn in deployment.one(token("Bucket")).depends_on


def test_an_existing_key_is_used_and_none_created(deployed_aws):
    arn = "arn:aws:kms:eu-west-1:123456789012:key/theirs"
    deployment = deployed_aws(encryption=EncryptionPlan(existing_key=arn))
    assert encryption(deployment)["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"] == arn
    assert deployment.of_type("aws:kms/key:Key") == []


def test_access_logs_go_to_the_logs_bucket_by_source_and_date(deployed, bucket):
    deployment = deployed("aws", bucket("aws", "logs", purpose="logs"), bucket("aws", access_logs="logs"))
    inputs = deployment.one(token("BucketLogging")).inputs
    assert (inputs["targetBucket"], inputs["targetPrefix"]) == ("logs-1a2b3c4", "captures/")
    assert inputs["targetObjectKeyFormat"] == {"partitionedPrefix": {"partitionDateSource": "EventTime"}}


def test_only_a_logs_bucket_lets_s3_deliver_and_only_from_its_own_account(deployed, bucket):
    deployment = deployed("aws", bucket("aws", "logs", purpose="logs"), bucket("aws", access_logs="logs"))
    delivery = statements(deployment, "logs-policy")["DeliverAccessLogs"]
    assert delivery["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert delivery["Resource"] == "arn:aws:s3:::logs-1a2b3c4/*"
    assert delivery["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    assert "DeliverAccessLogs" not in statements(deployment, "captures-policy")


def test_logging_waits_until_delivery_is_allowed(deployed, bucket):
    deployment = deployed("aws", bucket("aws", "logs", purpose="logs"), bucket("aws", access_logs="logs"))
    assert deployment.one(token("BucketPolicy"), "logs-policy").urn in deployment.one(token("BucketLogging")).depends_on
