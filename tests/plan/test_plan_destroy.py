"""What a destroy leaves standing, and what it takes with it."""

import pytest

CLOUDS = ("aws", "gcp", "azure")
LOGS = {"purpose": "logs"}
MODELS = {"purpose": "models"}
CAPTURES = {"purpose": "captures"}


def _bucket(purpose="captures", **fields):
    return {"b": {"purpose": purpose, **fields}}


def _paths(faults):
    return [fault.path for fault in faults]


def _fate(plan, name="b"):
    (bucket,) = [bucket for bucket in plan.buckets if bucket.name == name]
    return bucket.keep, bucket.delete_objects_on_destroy


def _reason(plan, name="b"):
    (reason,) = [decision.reason for decision in plan.decisions if decision.path == f"storage.{name}.keep"]
    return reason


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
@pytest.mark.parametrize("stage", ["dev", "staging", "prod"])
@pytest.mark.parametrize("purpose", ["datasets", "models", "captures", "checkpoints", "logs"])
def test_only_productions_models_and_datasets_survive_a_destroy(planned, cloud, stage, purpose):
    keep, delete_objects = _fate(planned(cloud, _bucket(purpose), stage=stage))
    assert keep is (stage == "prod" and purpose in ("models", "datasets"))
    assert delete_objects is (stage == "dev")


def test_a_kept_bucket_loses_no_objects(planned, faulted):
    assert _fate(planned("aws", _bucket(keep=True), stage="dev")) == (True, False)
    assert _paths(faulted("aws", _bucket(keep=True, deleteObjectsOnDestroy=True))) == ["storage.b.deleteObjectsOnDestroy"]
    assert _fate(planned("aws", _bucket(keep=False, deleteObjectsOnDestroy=True))) == (False, True)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_destroy_cannot_delete_what_retention_protects(faulted, cloud):
    storage = _bucket(retention={"days": 10}, keep=False, deleteObjectsOnDestroy=True)
    assert _paths(faulted(cloud, storage)) == ["storage.b.deleteObjectsOnDestroy"]


# Amazon: DeleteBucket needs an empty bucket. Google: buckets.delete needs an empty bucket. Microsoft: deleting an account deletes its data.
@pytest.mark.parametrize(
    ("fields", "stage", "elsewhere", "azure"),
    [
        ({}, "dev", (False, True), (False, True)),
        ({}, "staging", (False, False), (True, False)),
        ({}, "prod", (False, False), (True, False)),
        ({"deleteObjectsOnDestroy": False}, "dev", (False, False), (True, False)),
        ({"deleteObjectsOnDestroy": True}, "prod", (False, True), (False, True)),
        ({"retention": {"days": 10}}, "dev", (False, False), (True, False)),
    ],
)
def test_azure_keeps_what_may_not_be_deleted_with_its_objects(planned, fields, stage, elsewhere, azure):
    assert _fate(planned("aws", _bucket(**fields), stage=stage)) == elsewhere
    assert _fate(planned("gcp", _bucket(**fields), stage=stage)) == elsewhere
    assert _fate(planned("azure", _bucket(**fields), stage=stage)) == azure


def test_azures_reason_to_keep_is_told_with_its_source(planned):
    decisions = planned("azure", _bucket()).decisions
    (kept,) = [decision for decision in decisions if decision.path == "storage.b.keep"]
    assert kept.chosen == "true"
    assert kept.reason == "Azure deletes an account with everything in it, so what may not be deleted with its objects is kept"
    assert "Microsoft" in kept.source
    assert _reason(planned("azure", _bucket(), stage="dev")) == "what it holds can be made again, or is not production's"
    assert _reason(planned("azure", _bucket("models"))) == "production cannot make its models and datasets again"


@pytest.mark.parametrize("fields", [{}, {"deleteObjectsOnDestroy": False}])
def test_what_azure_does_not_keep_must_be_given_up_outright(planned, faulted, fields):
    (fault,) = faulted("azure", _bucket(keep=False, **fields))
    assert fault.path == "storage.b.keep"
    assert fault.fix == "write deleteObjectsOnDestroy: true as well, or remove keep"
    assert "Microsoft" in fault.source
    assert _fate(planned("azure", _bucket(keep=False, deleteObjectsOnDestroy=True))) == (False, True)
    assert _fate(planned("azure", _bucket(keep=False), stage="dev")) == (False, True)
    assert _fate(planned("aws", _bucket(keep=False, **fields))) == (False, False)


def test_no_fix_for_azure_deletes_what_retention_protects(planned, faulted):
    (fault,) = faulted("azure", _bucket(keep=False, retention={"days": 10}), stage="dev")
    assert (fault.path, fault.fix) == ("storage.b.keep", "remove keep")
    assert _fate(planned("aws", _bucket(keep=False, retention={"days": 10}), stage="dev")) == (False, False)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_logs_bucket_outlives_what_logs_to_it(planned, cloud):
    plan = planned(cloud, {"audit": LOGS, "models": {**MODELS, "keep": True}, "captures": CAPTURES}, stage="dev")
    assert _fate(plan, "audit") == (True, False)
    assert _reason(plan, "audit") == "a destroy keeps models, whose access logs are written here"
    assert _fate(plan, "captures") == (False, True)
    unkept = planned(cloud, {"audit": LOGS, "models": MODELS, "captures": CAPTURES}, stage="dev")
    assert _fate(unkept, "audit") == (False, True)


def test_a_logs_bucket_stays_only_for_what_logs_to_it(planned):
    storage = {"a": LOGS, "z": LOGS, "models": {**MODELS, "accessLogs": "z"}, "captures": {**CAPTURES, "accessLogs": "a"}}
    plan = planned("aws", storage)
    assert (_fate(plan, "z"), _fate(plan, "a")) == ((True, False), (False, False))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_access_logs_of_kept_buckets_cannot_be_given_up(planned, faulted, cloud):
    def storage(**models):
        audit = {**LOGS, "keep": False, "deleteObjectsOnDestroy": True}
        data = {"purpose": "datasets", "keep": False, "deleteObjectsOnDestroy": True}
        return {"audit": audit, "data": data, "models": {**MODELS, **models}}

    (fault,) = faulted(cloud, storage())
    assert (fault.path, fault.value) == ("storage.audit.keep", "false")
    assert fault.problem == "would lose the access logs of models, which a destroy keeps"
    assert fault.fix == "remove keep, or write keep: false for models"
    assert _fate(planned(cloud, storage(keep=False, deleteObjectsOnDestroy=True)), "audit") == (False, True)


def test_the_access_logs_of_kept_buckets_are_not_deleted_either(planned, faulted):
    audit = {**LOGS, "deleteObjectsOnDestroy": True}
    (fault,) = faulted("aws", {"audit": audit, "data": {"purpose": "datasets"}, "models": MODELS})
    assert (fault.path, fault.fix) == ("storage.audit.deleteObjectsOnDestroy", "remove deleteObjectsOnDestroy")
    assert "data and models" in fault.problem
    assert _fate(planned("aws", {"audit": audit, "captures": CAPTURES}), "audit") == (False, True)


def test_buckets_that_name_each_other_for_their_logs_get_faults_and_no_loop(faulted):
    storage = {"a": {**MODELS, "accessLogs": "b"}, "b": {**MODELS, "accessLogs": "a"}}
    assert _paths(faulted("aws", storage)) == ["storage.a.accessLogs", "storage.b.accessLogs"]
