"""Who logs to whom."""

import pytest

LOGS = {"purpose": "logs"}
MODELS = {"purpose": "models"}


def _targets(plan):
    return {bucket.name: bucket.access_logs for bucket in plan.buckets}


def _reasons(plan, name):
    return [d.reason for d in plan.decisions if d.path == f"storage.{name}.accessLogs"]


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
def test_every_bucket_logs_to_the_one_logs_bucket(planned, cloud):
    assert _targets(planned(cloud, {"audit": LOGS, "models": MODELS})) == {"audit": None, "models": "audit"}


def test_without_or_with_several_logs_buckets_none_is_chosen(planned):
    assert _targets(planned("aws", {"models": MODELS}))["models"] is None
    plan = planned("aws", {"a": LOGS, "b": LOGS, "models": MODELS})
    assert _targets(plan)["models"] is None
    assert _reasons(plan, "models") == ["several buckets have purpose logs, and none is named"]


def test_the_named_one_of_several_takes_the_logs(planned):
    assert _targets(planned("aws", {"a": LOGS, "b": LOGS, "models": {**MODELS, "accessLogs": "b"}}))["models"] == "b"


def test_the_named_bucket_must_exist_and_be_for_logs(faulted):
    (missing,) = faulted("aws", {"audit": LOGS, "models": {**MODELS, "accessLogs": "audti"}})
    assert (missing.path, missing.fix) == ("storage.models.accessLogs", "write accessLogs: audit")
    (wrong,) = faulted("aws", {"data": {"purpose": "datasets"}, "models": {**MODELS, "accessLogs": "data"}})
    assert wrong.problem == "is a bucket of purpose datasets"


def test_a_logs_bucket_does_not_log_itself(faulted):
    (fault,) = faulted("aws", {"audit": {**LOGS, "accessLogs": "audit"}})
    assert fault.path == "storage.audit.accessLogs"


@pytest.mark.parametrize(
    "obstacle",
    [{"retention": {"days": 30}}, {"encryption": {"customerKey": True}}],
)
def test_s3_delivers_no_logs_under_object_lock_or_a_kms_key(planned, faulted, obstacle):
    audit = {**LOGS, **obstacle}
    plan = planned("aws", {"audit": audit, "models": MODELS})
    assert _targets(plan)["models"] is None
    assert _reasons(plan, "models")[0].startswith("audit cannot take them")
    (fault,) = faulted("aws", {"audit": audit, "models": {**MODELS, "accessLogs": "audit"}})
    assert "Amazon S3" in fault.source
    for cloud in ("gcp", "azure"):
        assert _targets(planned(cloud, {"audit": audit, "models": MODELS}))["models"] == "audit"


def test_an_existing_logs_bucket_is_used_only_when_named(planned):
    audit = {**LOGS, "existing": {"name": "company-audit"}}
    assert _targets(planned("aws", {"audit": audit, "models": MODELS}))["models"] is None
    assert _targets(planned("aws", {"audit": audit, "models": {**MODELS, "accessLogs": "audit"}}))["models"] == "audit"


def test_receivers_of_logs_stand_before_the_buckets_that_write_them(planned):
    plan = planned("aws", {"a-data": {"purpose": "datasets"}, "b-models": MODELS, "z-logs": LOGS})
    assert [bucket.name for bucket in plan.buckets] == ["z-logs", "a-data", "b-models"]
