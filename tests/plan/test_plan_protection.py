"""Old versions, retention and soft delete."""

import pytest

CLOUDS = ("aws", "gcp", "azure")


def _bucket(purpose="datasets", **fields):
    return {"b": {"purpose": purpose, **fields}}


def _paths(faults):
    return [fault.path for fault in faults]


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(
    ("purpose", "enabled"), [("datasets", True), ("models", True), ("captures", False), ("checkpoints", False), ("logs", False)]
)
def test_what_is_overwritten_by_mistake_keeps_old_versions(planned, cloud, purpose, enabled):
    assert planned(cloud, _bucket(purpose)).buckets[0].versioning.enabled is enabled


@pytest.mark.parametrize(("stage", "days"), [("dev", 30), ("staging", 30), ("prod", 90)])
def test_old_versions_always_go(planned, stage, days):
    plan = planned("aws", _bucket(versioning={"enabled": True, "keepNewest": 3}), stage=stage)
    assert plan.buckets[0].versioning.delete_old_after_days == days
    assert plan.buckets[0].versioning.keep_newest == 3


def test_azure_keeps_no_number_of_versions(planned, faulted):
    (fault,) = faulted("azure", _bucket(versioning={"keepNewest": 3}))
    assert fault.path == "storage.b.versioning.keepNewest"
    assert "Microsoft" in fault.source
    assert planned("gcp", _bucket(versioning={"keepNewest": 3})).buckets[0].versioning.keep_newest == 3


@pytest.mark.parametrize(("cloud", "told"), [("aws", False), ("gcp", False), ("azure", True)])
def test_azure_is_told_to_count_old_versions_from_their_writing(planned, cloud, told):
    decisions = planned(cloud, _bucket()).decisions
    (reason,) = [d.reason for d in decisions if d.path == "storage.b.versioning.deleteOldAfterDays"]
    assert ("from when the version was written" in reason) is told


@pytest.mark.parametrize("setting", [{"keepNewest": 3}, {"deleteOldAfterDays": 30}])
def test_versions_that_are_not_kept_are_not_counted(faulted, setting):
    (field,) = setting
    assert _paths(faulted("aws", _bucket(versioning={"enabled": False, **setting}))) == [f"storage.b.versioning.{field}"]


@pytest.mark.parametrize("reason", [{"retention": {"days": 10}}, {"replicaRegion": "eu-central-1"}])
def test_s3_object_lock_and_replication_need_versioning(planned, faulted, reason):
    (fault,) = faulted("aws", _bucket(versioning={"enabled": False}, **reason))
    assert (fault.path, fault.fix) == ("storage.b.versioning.enabled", "write enabled: true")
    assert "Amazon S3" in fault.source
    assert planned("aws", _bucket("captures", **reason)).buckets[0].versioning.enabled


def test_cloud_storage_has_retention_or_versioning(planned, faulted):
    (fault,) = faulted("gcp", _bucket(versioning={"enabled": True}, retention={"days": 10}))
    assert (fault.path, fault.fix) == ("storage.b.versioning.enabled", "write enabled: false")
    assert not planned("gcp", _bucket(retention={"days": 10})).buckets[0].versioning.enabled


def test_azure_has_retention_with_and_without_versioning(planned):
    for enabled in (True, False):
        assert planned("azure", _bucket(versioning={"enabled": enabled}, retention={"days": 10})).buckets[0].versioning.enabled is enabled


def test_old_versions_stay_through_retention(planned, faulted):
    def storage(days):
        return _bucket(retention={"days": 200}, versioning={"deleteOldAfterDays": days})

    assert _paths(faulted("aws", storage(199))) == ["storage.b.versioning.deleteOldAfterDays"]
    assert planned("aws", storage(200)).buckets[0].versioning.delete_old_after_days == 200
    assert planned("aws", _bucket(retention={"days": 200})).buckets[0].versioning.delete_old_after_days == 200


def test_retention_is_only_what_was_asked(planned):
    retention = planned("aws", _bucket(retention={"days": 10, "locked": True})).buckets[0].retention
    assert retention is not None
    assert (retention.days, retention.locked) == (10, True)
    assert planned("aws", _bucket()).buckets[0].retention is None


# azure-native's container immutability policy has a period and no lock; Azure's own lock call is
# `az storage container immutability-policy lock`.
def test_azure_retention_is_locked_by_hand_and_elsewhere_by_the_plan(planned, faulted):
    (fault,) = faulted("azure", _bucket(retention={"days": 10, "locked": True}))
    assert fault.path == "storage.b.retention.locked"
    assert fault.fix.startswith("write locked: false")
    assert "az storage container immutability-policy lock" in fault.fix
    assert "Microsoft" in fault.source
    assert planned("azure", _bucket(retention={"days": 10, "locked": False})).buckets[0].retention.days == 10
    for cloud in ("aws", "gcp"):
        assert planned(cloud, _bucket(retention={"days": 10, "locked": True})).buckets[0].retention.locked


@pytest.mark.parametrize(("cloud", "days"), [("aws", 0), ("gcp", 0), ("gcp", 7), ("gcp", 90), ("azure", 0), ("azure", 1), ("azure", 365)])
def test_soft_delete_takes_the_clouds_days(planned, cloud, days):
    assert planned(cloud, _bucket(softDeleteDays=days)).buckets[0].soft_delete_days == days


@pytest.mark.parametrize(
    ("cloud", "days", "fix"),
    [
        ("aws", 7, "remove softDeleteDays and write versioning: {enabled: true}"),
        ("gcp", 6, "write softDeleteDays: 7"),
        ("gcp", 91, "write softDeleteDays: 90"),
        ("azure", 366, "write softDeleteDays: 365"),
    ],
)
def test_soft_delete_takes_no_other_days(faulted, cloud, days, fix):
    (fault,) = faulted(cloud, _bucket(softDeleteDays=days))
    assert (fault.path, fault.fix) == ("storage.b.softDeleteDays", fix)
    assert fault.source


@pytest.mark.parametrize("cloud", ["gcp", "azure"])
def test_deleted_checkpoints_are_gone_at_once(planned, cloud):
    assert planned(cloud, _bucket("checkpoints")).buckets[0].soft_delete_days == 0
    assert planned(cloud, _bucket("captures")).buckets[0].soft_delete_days == 7


@pytest.mark.parametrize(("cloud", "purpose", "days"), [("aws", "models", 7), ("gcp", "checkpoints", 2), ("azure", "checkpoints", 7)])
def test_unfinished_uploads_always_go(planned, cloud, purpose, days):
    assert planned(cloud, _bucket(purpose)).buckets[0].abort_multipart_after_days == days


def test_azure_drops_unfinished_uploads_after_a_week_and_not_otherwise(planned, faulted):
    assert _paths(faulted("azure", _bucket(abortMultipartAfterDays=6))) == ["storage.b.abortMultipartAfterDays"]
    assert planned("azure", _bucket(abortMultipartAfterDays=7)).buckets[0].abort_multipart_after_days == 7
    assert planned("aws", _bucket(abortMultipartAfterDays=6)).buckets[0].abort_multipart_after_days == 6


def test_a_purpose_chooses_its_compression_unless_the_file_does(planned):
    assert planned("aws", _bucket("captures")).buckets[0].compression == "zstd"
    assert planned("aws", _bucket("models")).buckets[0].compression == "none"
    assert planned("aws", _bucket("captures", compression="gzip")).buckets[0].compression == "gzip"
