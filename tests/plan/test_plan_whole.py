"""What holds for every plan."""

import json
import sys
from importlib import import_module
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from environment.faults import EnvironmentInvalid
from environment.model import Environment
from plan import plan
from plan.registry import has_storage, storage_rules

REGIONS = {"aws": "eu-west-1", "gcp": "europe-west1", "azure": "westeurope"}
PURPOSES = ("datasets", "models", "captures", "checkpoints", "logs")
ARCHIVES = {"GLACIER", "DEEP_ARCHIVE", "ARCHIVE", "Archive", "ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"}


def _optional(**fields):
    return st.fixed_dictionaries({}, optional=fields)


days = st.sampled_from([1, 29, 30, 31, 60, 89, 90, 120, 180, 270, 365, 400, 730])
tierings = st.one_of(
    st.sampled_from(["auto", "none"]),
    _optional(
        auto=st.booleans(),
        basis=st.sampled_from(["age", "lastAccess"]),
        infrequentAfterDays=days,
        coldAfterDays=days,
        archiveAfterDays=days,
        deleteAfterDays=days,
    ),
)
settings_of_a_bucket = _optional(
    tiering=tierings,
    versioning=_optional(enabled=st.booleans(), deleteOldAfterDays=days, keepNewest=st.integers(1, 100)),
    retention=st.fixed_dictionaries({"days": days}, optional={"locked": st.booleans()}),
    softDeleteDays=st.sampled_from([0, 1, 7, 30, 90, 365]),
    redundancy=st.sampled_from(["zone", "region", "multiRegion"]),
    keep=st.booleans(),
    deleteObjectsOnDestroy=st.booleans(),
    encryption=st.just({"customerKey": True}),
)
fates_of_a_bucket = _optional(keep=st.booleans(), deleteObjectsOnDestroy=st.booleans(), retention=st.just({"days": 30}))


def _environments(fields):
    buckets = st.builds(lambda purpose, fields: {"purpose": purpose, **fields}, st.sampled_from(PURPOSES), fields)
    return st.fixed_dictionaries(
        {
            "cloud": st.sampled_from(sorted(REGIONS)),
            "stage": st.sampled_from(["dev", "staging", "prod"]),
            "storage": st.dictionaries(st.sampled_from(["a", "b", "c-d"]), buckets, min_size=1, max_size=3),
        }
    )


environments = _environments(settings_of_a_bucket)
destroyed = _environments(fates_of_a_bucket)


def _environment(raw):
    return Environment.model_validate({"owner": "ml", "costCenter": "cc-1", "region": REGIONS[raw["cloud"]], **raw})


def _planned(raw):
    try:
        return plan(_environment(raw))
    except EnvironmentInvalid:
        assume(False)
        raise


def _faults(raw):
    try:
        plan(_environment(raw))
    except EnvironmentInvalid as invalid:
        return invalid.faults
    return ()


@settings(max_examples=30, deadline=None)
@given(environments)
def test_a_valid_plan_moves_objects_only_to_colder_classes_and_deletes_last(raw):
    for bucket in _planned(raw).buckets:
        ages = [step.after_days for step in bucket.tiering.transitions]
        ages += [bucket.tiering.delete_after_days] if bucket.tiering.delete_after_days is not None else []
        assert all(earlier < later for earlier, later in pairwise(ages))


@settings(max_examples=30, deadline=None)
@given(environments)
def test_a_valid_plan_archives_no_model_and_mixes_no_modes(raw):
    for bucket in _planned(raw).buckets:
        classes = {step.storage_class for step in bucket.tiering.transitions}
        assert bucket.purpose != "models" or not classes & ARCHIVES
        assert bucket.tiering.mode != "none" or not classes
        assert bucket.tiering.mode != "ages" or (classes and bucket.tiering.terminal_class is None)
        assert bucket.tiering.basis != "lastAccess" or raw["cloud"] == "azure"


@settings(max_examples=30, deadline=None)
@given(environments)
def test_a_valid_plan_never_deletes_what_it_keeps_or_retains(raw):
    for bucket in _planned(raw).buckets:
        assert not (bucket.keep and bucket.delete_objects_on_destroy)
        if bucket.retention is None:
            continue
        assert not bucket.delete_objects_on_destroy
        assert bucket.tiering.delete_after_days is None or bucket.tiering.delete_after_days >= bucket.retention.days
        assert not bucket.versioning.enabled or (bucket.versioning.delete_old_after_days or 0) >= bucket.retention.days


@settings(max_examples=30, deadline=None)
@given(destroyed)
def test_a_valid_plan_on_azure_keeps_a_bucket_or_gives_its_objects_up(raw):
    for bucket in _planned({**raw, "cloud": "azure"}).buckets:
        assert bucket.keep is not bucket.delete_objects_on_destroy


@settings(max_examples=30, deadline=None)
@given(destroyed)
def test_a_valid_plan_keeps_the_access_logs_of_what_it_keeps(raw):
    buckets = {bucket.name: bucket for bucket in _planned(raw).buckets}
    for bucket in buckets.values():
        assert not (bucket.keep and bucket.access_logs) or buckets[bucket.access_logs].keep


@settings(max_examples=30, deadline=None)
@given(environments)
def test_every_fault_is_one_line_that_says_where_what_and_how(raw):
    faults = _faults(raw)
    assume(faults)
    assert len(set(faults)) == len(faults)
    for fault in faults:
        assert "\n" not in fault.line()
        assert all((fault.path, fault.value, fault.problem, fault.allowed, fault.fix))


@settings(max_examples=30, deadline=None)
@given(environments, st.randoms(use_true_random=False))
def test_equal_input_gives_an_equal_plan_whatever_the_order_of_keys(raw, random):
    storage = list(raw["storage"].items())
    random.shuffle(storage)
    shuffled = {**raw, "storage": {name: dict(reversed(bucket.items())) for name, bucket in storage}}

    def written(source):
        return json.dumps(_planned(source).as_dict(), sort_keys=True)

    assert written(raw) == written(shuffled)


def test_labels_are_ordered_whatever_the_order_of_the_file():
    raw = {"cloud": "aws", "stage": "dev", "storage": {}}
    one = plan(_environment({**raw, "labels": {"a": "1", "z": "2"}}))
    other = plan(_environment({**raw, "labels": {"z": "2", "a": "1"}}))
    assert json.dumps(one.as_dict()) == json.dumps(other.as_dict())


@pytest.mark.parametrize("cloud", sorted(REGIONS))
@pytest.mark.parametrize("stage", ["dev", "staging", "prod"])
@pytest.mark.parametrize("retention", [None, 30, 1000])
def test_a_purpose_alone_is_always_enough(cloud, stage, retention):
    extra = {"retention": {"days": retention}} if retention else {}
    storage = {purpose: {"purpose": purpose, **extra} for purpose in PURPOSES}
    planned = plan(_environment({"cloud": cloud, "stage": stage, "storage": storage}))
    assert {bucket.name for bucket in planned.buckets} == set(PURPOSES)
    assert all(decision.reason for decision in planned.decisions)


def test_all_faults_are_reported_at_once():
    storage = {
        "a": {"purpose": "logs", "keep": True, "deleteObjectsOnDestroy": True},
        "b": {"purpose": "models", "softDeleteDays": 3, "tiering": {"archiveAfterDays": 5}},
    }
    with pytest.raises(EnvironmentInvalid) as caught:
        plan(_environment({"cloud": "aws", "stage": "prod", "storage": storage, "labels": {"owner": "x"}}))
    paths = [fault.path for fault in caught.value.faults]
    assert paths == sorted(paths)
    archive = "storage.b.tiering.archiveAfterDays"
    assert paths == ["labels.owner", "storage.a.deleteObjectsOnDestroy", "storage.b.softDeleteDays", archive, archive]


def test_every_cloud_but_a_cluster_on_any_machines_has_storage_rules():
    clouds = set(Environment.model_fields["cloud"].annotation.__args__)
    assert {cloud for cloud in clouds if not has_storage(cloud)} == {"kubernetes"}
    for cloud in clouds - {"kubernetes"}:
        assert storage_rules(cloud).LIMITS.tiers.keys() == {"infrequent", "cold", "archive"}


@pytest.mark.parametrize("cloud", sorted(REGIONS))
def test_planning_loads_no_cloud_sdk_and_no_pulumi(monkeypatch, cloud):
    for module in [name for name in sys.modules if name.partition(".")[0] == "plan"]:
        monkeypatch.delitem(sys.modules, module)
    for sdk in ("pulumi", "pulumi_aws", "pulumi_gcp", "pulumi_azure_native", "pulumi_kubernetes"):
        # An import of a module that is None fails.
        monkeypatch.setitem(sys.modules, sdk, None)
    fresh = import_module("plan")
    assert fresh.plan is not plan
    assert fresh.plan(_environment({"cloud": cloud, "stage": "prod", "storage": {"b": {"purpose": "models"}}})).buckets


def test_a_cluster_on_any_machines_has_no_object_storage(environment):
    with pytest.raises(EnvironmentInvalid) as caught:
        plan(environment("aws", {"a": {"purpose": "models"}}).model_copy(update={"cloud": "kubernetes", "region": "berlin"}))
    assert [fault.path for fault in caught.value.faults] == ["storage.a"]
