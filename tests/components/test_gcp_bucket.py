"""Cloud Storage: each setting of the plan in its words. Expected values: the Cloud Storage and Cloud KMS references."""

import pytest

from components.gcp.storage_key import key_location
from plan.model import EncryptionPlan, PlacementPlan, RetentionPlan, TieringPlan, Transition, VersioningPlan

BUCKET = "gcp:storage/bucket:Bucket"


@pytest.fixture
def inputs_of(deployed, bucket):
    def run(**choices):
        return deployed("gcp", bucket("gcp", **choices)).one(BUCKET).inputs

    return run


def rules(inputs, action):
    return [rule["condition"] for rule in inputs["lifecycleRules"] if rule["action"]["type"] == action]


def test_access_is_by_iam_alone_and_never_public(inputs_of):
    inputs = inputs_of()
    assert (inputs["uniformBucketLevelAccess"], inputs["publicAccessPrevention"]) == (True, "enforced")


def test_ages_become_changes_of_class(inputs_of):
    moves = (Transition(after_days=30, storage_class="NEARLINE"), Transition(after_days=90, storage_class="COLDLINE"))
    found = [
        rule
        for rule in inputs_of(tiering=TieringPlan(mode="ages", transitions=moves))["lifecycleRules"]
        if "storageClass" in rule["action"]
    ]
    assert [(rule["action"]["storageClass"], rule["condition"]["age"]) for rule in found] == [("NEARLINE", 30), ("COLDLINE", 90)]


def test_autoclass_moves_objects_and_no_rule_does(inputs_of):
    inputs = inputs_of(tiering=TieringPlan(mode="auto", terminal_class="NEARLINE", delete_after_days=400))
    assert inputs["autoclass"] == {"enabled": True, "terminalStorageClass": "NEARLINE"}
    assert rules(inputs, "SetStorageClass") == []
    assert rules(inputs, "Delete") == [{"age": 400, "withState": "ANY"}]


def test_without_auto_there_is_no_autoclass(inputs_of):
    assert "autoclass" not in inputs_of()


def test_deletion_by_age_leaves_old_versions_to_their_own_rule(inputs_of):
    inputs = inputs_of(tiering=TieringPlan(delete_after_days=400), versioning=VersioningPlan(enabled=True, delete_old_after_days=60))
    assert rules(inputs, "Delete") == [{"age": 400, "withState": "LIVE"}, {"daysSinceNoncurrentTime": 60, "withState": "ARCHIVED"}]


def test_the_newest_old_versions_stay_beside_the_live_one(inputs_of):
    # Versions newest first: live, 1st old, 2nd old, 3rd old. Two old ones are to stay, so the third is the first to go;
    # it has three newer ones.
    inputs = inputs_of(versioning=VersioningPlan(enabled=True, delete_old_after_days=60, keep_newest=2))
    assert rules(inputs, "Delete") == [{"daysSinceNoncurrentTime": 60, "numNewerVersions": 3, "withState": "ARCHIVED"}]


def test_unfinished_uploads_are_aborted(inputs_of):
    assert rules(inputs_of(abort_multipart_after_days=2), "AbortIncompleteMultipartUpload") == [{"age": 2}]


@pytest.mark.parametrize(("days", "seconds"), [(0, 0), (7, 604_800), (30, 2_592_000)])
def test_soft_delete_is_in_seconds_and_none_is_said_outright(inputs_of, days, seconds):
    assert inputs_of(soft_delete_days=days)["softDeletePolicy"] == {"retentionDurationSeconds": seconds}


def test_retention_is_in_seconds_and_locked_only_when_planned(inputs_of):
    assert inputs_of(retention=RetentionPlan(days=30, locked=False))["retentionPolicy"] == {"retentionPeriod": "2592000", "isLocked": False}
    assert inputs_of(retention=RetentionPlan(days=1, locked=True))["retentionPolicy"] == {"retentionPeriod": "86400", "isLocked": True}
    assert "retentionPolicy" not in inputs_of()


def test_a_configurable_dual_region_names_its_two_regions(inputs_of):
    placement = PlacementPlan(location="EU", data_locations=("EUROPE-WEST1", "EUROPE-WEST4"), rpo="ASYNC_TURBO")
    inputs = inputs_of(placement=placement)
    assert inputs["location"] == "EU"
    assert inputs["customPlacementConfig"] == {"dataLocations": ["EUROPE-WEST1", "EUROPE-WEST4"]}
    assert inputs["rpo"] == "ASYNC_TURBO"


@pytest.mark.parametrize(
    ("bucket_location", "kms_location"),
    [("EU", "europe"), ("US", "us"), ("ASIA", "asia"), ("europe-west1", "europe-west1"), ("NAM4", "nam4")],
)
def test_a_key_is_where_its_bucket_is_in_the_words_of_cloud_kms(bucket_location, kms_location):
    assert key_location(bucket_location) == kms_location


def test_a_customer_key_rotates_as_planned_in_the_buckets_place(deployed, bucket):
    placement = PlacementPlan(location="EU")
    deployment = deployed("gcp", bucket("gcp", placement=placement, encryption=EncryptionPlan(customer_key=True, rotation_days=90)))
    assert deployment.one("gcp:kms/keyRing:KeyRing").inputs["location"] == "europe"
    assert deployment.one("gcp:kms/cryptoKey:CryptoKey").inputs["rotationPeriod"] == "7776000s"
    assert deployment.one(BUCKET).inputs["encryption"] == {"defaultKmsKeyName": "captures-key-1a2b3c4"}


@pytest.mark.parametrize("theirs", [None, "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/theirs"])
def test_the_storage_service_agent_may_use_the_key_before_the_bucket_needs_it(deployed, bucket, theirs):
    deployment = deployed("gcp", bucket("gcp", encryption=EncryptionPlan(customer_key=theirs is None, existing_key=theirs)))
    grant = deployment.one("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember")
    assert grant.inputs == {
        "cryptoKeyId": theirs or "captures-key-1a2b3c4",
        "role": "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        "member": "serviceAccount:service-42@gs-project-accounts.iam.gserviceaccount.com",
    }
    assert grant.urn in deployment.one(BUCKET).depends_on
    assert (deployment.of_type("gcp:kms/cryptoKey:CryptoKey") == []) is (theirs is not None)


def test_usage_logs_go_to_the_logs_bucket_once_they_may(deployed, bucket):
    deployment = deployed("gcp", bucket("gcp", "logs", purpose="logs"), bucket("gcp", access_logs="logs"))
    writer = deployment.one("gcp:storage/bucketIAMMember:BucketIAMMember")
    assert writer.inputs == {
        "bucket": "logs-1a2b3c4",
        "role": "roles/storage.objectCreator",
        "member": "group:cloud-storage-analytics@google.com",
    }
    captures = deployment.one(BUCKET, "captures")
    assert captures.inputs["logging"] == {"logBucket": "logs-1a2b3c4", "logObjectPrefix": "captures"}
    assert writer.urn in captures.depends_on
