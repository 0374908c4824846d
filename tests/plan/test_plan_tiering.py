"""Ages and classes. Days are the providers': S3 30/90/180 and Azure 30/90/180 in the class, Cloud Storage 30/90/365 from creation."""

import pytest

CLOUDS = ("aws", "gcp", "azure")


def _captures(**tiering):
    return {"captures": {"purpose": "captures", "tiering": tiering}}


def _moves(plan):
    return [(step.after_days, step.storage_class) for step in plan.buckets[0].tiering.transitions]


def _paths(faults):
    return [fault.path for fault in faults]


@pytest.mark.parametrize(
    ("cloud", "classes"),
    [
        ("aws", ["STANDARD_IA", "GLACIER_IR", "DEEP_ARCHIVE"]),
        ("gcp", ["NEARLINE", "COLDLINE", "ARCHIVE"]),
        ("azure", ["Cool", "Cold", "Archive"]),
    ],
)
def test_tiers_become_the_clouds_classes(planned, cloud, classes):
    plan = planned(cloud, _captures(infrequentAfterDays=30, coldAfterDays=60, archiveAfterDays=150))
    assert _moves(plan) == list(zip([30, 60, 150], classes, strict=True))
    assert plan.buckets[0].tiering.mode == "ages"


def test_s3_takes_no_object_into_standard_ia_before_30_days(planned, faulted):
    (fault,) = faulted("aws", _captures(infrequentAfterDays=29))
    assert fault.path == "storage.captures.tiering.infrequentAfterDays"
    assert fault.fix == "write infrequentAfterDays: 30"
    assert "Amazon S3" in fault.source
    assert _moves(planned("aws", _captures(infrequentAfterDays=30))) == [(30, "STANDARD_IA")]


@pytest.mark.parametrize("cloud", ["gcp", "azure"])
def test_only_s3_has_an_earliest_age(planned, cloud):
    assert planned(cloud, _captures(infrequentAfterDays=1)).buckets[0].tiering.transitions[0].after_days == 1


@pytest.mark.parametrize("cloud", CLOUDS)
def test_archive_before_90_days_is_refused_as_drydocks_own_rule(planned, faulted, cloud):
    (fault,) = faulted(cloud, _captures(archiveAfterDays=89))
    assert fault.path == "storage.captures.tiering.archiveAfterDays"
    assert fault.value == "89"
    assert fault.allowed == "90 or more, or left out"
    assert fault.fix == "write archiveAfterDays: 90"
    assert "Drydock's own rule" in fault.problem
    assert fault.source == ""
    assert planned(cloud, _captures(archiveAfterDays=90)).buckets[0].tiering.transitions[0].after_days == 90


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(
    ("ages", "path"),
    [
        ({"infrequentAfterDays": 60, "coldAfterDays": 60}, "coldAfterDays"),
        ({"coldAfterDays": 200, "archiveAfterDays": 150}, "archiveAfterDays"),
        ({"infrequentAfterDays": 60, "deleteAfterDays": 60}, "deleteAfterDays"),
    ],
)
def test_ages_must_grow(faulted, cloud, ages, path):
    faults = faulted(cloud, _captures(**ages))
    assert _paths(faults) == [f"storage.captures.tiering.{path}"]
    assert "is not after" in faults[0].problem


# Hand calculation, S3 and Azure: age of the move + minimum days of the class. Cloud Storage: minimum days of the class from creation.
@pytest.mark.parametrize(
    ("cloud", "ages", "earliest_delete"),
    [
        ("aws", {"infrequentAfterDays": 40}, 70),
        ("aws", {"coldAfterDays": 40}, 130),
        ("aws", {"archiveAfterDays": 100}, 190),
        ("azure", {"infrequentAfterDays": 40}, 70),
        ("azure", {"coldAfterDays": 40}, 130),
        ("azure", {"archiveAfterDays": 100}, 280),
        ("gcp", {"infrequentAfterDays": 10}, 30),
        ("gcp", {"coldAfterDays": 40}, 90),
        ("gcp", {"archiveAfterDays": 100}, 365),
    ],
)
def test_objects_are_not_deleted_before_the_days_that_their_class_bills(planned, faulted, cloud, ages, earliest_delete):
    (fault,) = faulted(cloud, _captures(**ages, deleteAfterDays=earliest_delete - 1))
    assert fault.path == "storage.captures.tiering.deleteAfterDays"
    assert fault.allowed == f"{earliest_delete} or more, or left out"
    assert fault.source
    assert planned(cloud, _captures(**ages, deleteAfterDays=earliest_delete)).buckets[0].tiering.delete_after_days == earliest_delete


@pytest.mark.parametrize("cloud", ["aws", "azure"])
def test_a_move_before_the_billed_days_of_the_class_is_refused_where_they_count_in_the_class(planned, faulted, cloud):
    faults = faulted(cloud, _captures(infrequentAfterDays=40, coldAfterDays=69))
    assert _paths(faults) == ["storage.captures.tiering.coldAfterDays"]
    assert len(_moves(planned(cloud, _captures(infrequentAfterDays=40, coldAfterDays=70)))) == 2


def test_cloud_storage_bills_no_early_move_between_classes(planned):
    assert _moves(planned("gcp", _captures(infrequentAfterDays=40, coldAfterDays=41))) == [(40, "NEARLINE"), (41, "COLDLINE")]


@pytest.mark.parametrize(("delete", "chosen"), [(None, "DEEP_ARCHIVE"), (280, "DEEP_ARCHIVE"), (279, "GLACIER"), (190, "GLACIER")])
def test_s3_archives_deep_only_where_objects_stay_180_days(planned, delete, chosen):
    ages = {"archiveAfterDays": 100} | ({"deleteAfterDays": delete} if delete else {})
    plan = planned("aws", _captures(**ages))
    assert _moves(plan) == [(100, chosen)]
    assert chosen in [d.chosen for d in plan.decisions if d.path == "storage.captures.tiering.archiveAfterDays"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_models_are_never_archived(faulted, cloud):
    faults = faulted(cloud, {"m": {"purpose": "models", "tiering": {"archiveAfterDays": 400}}})
    assert _paths(faults) == ["storage.m.tiering.archiveAfterDays"]


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("field", ["infrequentAfterDays", "coldAfterDays"])
def test_auto_takes_no_ages_of_tiers(faulted, cloud, field):
    assert _paths(faulted(cloud, _captures(auto=True, **{field: 100}))) == [f"storage.captures.tiering.{field}"]


@pytest.mark.parametrize("cloud", ["gcp", "azure"])
def test_only_s3_archives_beside_auto(faulted, cloud):
    assert _paths(faulted(cloud, _captures(auto=True, archiveAfterDays=200))) == ["storage.captures.tiering.archiveAfterDays"]


@pytest.mark.parametrize(
    ("days", "tier"), [(90, "ARCHIVE_ACCESS"), (179, "ARCHIVE_ACCESS"), (180, "DEEP_ARCHIVE_ACCESS"), (730, "DEEP_ARCHIVE_ACCESS")]
)
def test_intelligent_tiering_archives_between_90_and_730_days(planned, days, tier):
    plan = planned("aws", _captures(auto=True, archiveAfterDays=days))
    assert (plan.buckets[0].tiering.mode, _moves(plan)) == ("auto", [(days, tier)])


@pytest.mark.parametrize("days", [89, 731])
def test_intelligent_tiering_archives_neither_earlier_nor_later(faulted, days):
    assert _paths(faulted("aws", _captures(auto=True, archiveAfterDays=days))) == ["storage.captures.tiering.archiveAfterDays"]


def test_intelligent_tiering_archives_nothing_that_is_deleted_first(planned, faulted):
    assert _paths(faulted("aws", _captures(auto=True, archiveAfterDays=100, deleteAfterDays=100))) == [
        "storage.captures.tiering.archiveAfterDays"
    ]
    assert _moves(planned("aws", _captures(auto=True, archiveAfterDays=100, deleteAfterDays=101)))


@pytest.mark.parametrize(("purpose", "terminal"), [("models", "NEARLINE"), ("datasets", "ARCHIVE")])
def test_autoclass_keeps_models_out_of_the_archive(planned, purpose, terminal):
    tiering = planned("gcp", {"b": {"purpose": purpose, "tiering": "auto"}}).buckets[0].tiering
    assert (tiering.mode, tiering.terminal_class, tiering.transitions) == ("auto", terminal, ())


# Hand calculation: Cool pays with deletion at 30 + 30, Cold at 90 + 90.
@pytest.mark.parametrize(
    ("delete", "moves"),
    [(None, [(30, "Cool"), (90, "Cold")]), (180, [(30, "Cool"), (90, "Cold")]), (179, [(30, "Cool")]), (60, [(30, "Cool")]), (59, [])],
)
def test_azure_watches_the_last_access_and_leaves_out_tiers_that_deletion_cuts_short(planned, delete, moves):
    plan = planned("azure", _captures(auto=True, **({"deleteAfterDays": delete} if delete else {})))
    tiering = plan.buckets[0].tiering
    assert (_moves(plan), tiering.basis, tiering.return_to_hot) == (moves, "lastAccess", bool(moves))


def test_azure_says_that_deletion_counts_from_the_last_access(planned):
    def decided(**ages):
        decisions = planned("azure", _captures(auto=True, **ages)).decisions
        return [d.chosen for d in decisions if d.path == "storage.captures.tiering.deleteAfterDays"]

    assert decided(deleteAfterDays=200) == ["200 days after the last access"]
    assert decided() == []


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_only_azure_counts_from_the_last_access(planned, faulted, cloud):
    ages = {"basis": "lastAccess", "infrequentAfterDays": 30}
    assert _paths(faulted(cloud, _captures(**ages))) == ["storage.captures.tiering.basis"]
    tiering = planned("azure", _captures(**ages)).buckets[0].tiering
    assert (tiering.basis, tiering.return_to_hot) == ("lastAccess", True)


def test_auto_tier_to_hot_needs_a_cool_tier(planned):
    assert not planned("azure", _captures(basis="lastAccess", coldAfterDays=30)).buckets[0].tiering.return_to_hot


@pytest.mark.parametrize("tiering", [{"basis": "age"}, {"basis": "age", "auto": True}])
def test_a_basis_without_ages_is_refused(faulted, tiering):
    assert _paths(faulted("azure", _captures(**tiering))) == ["storage.captures.tiering.basis"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_nothing_is_deleted_before_its_retention_ends(planned, faulted, cloud):
    def storage(days):
        return {"c": {"purpose": "captures", "retention": {"days": 100}, "tiering": {"deleteAfterDays": days}}}

    assert _paths(faulted(cloud, storage(99))) == ["storage.c.tiering.deleteAfterDays"]
    assert planned(cloud, storage(100)).buckets[0].tiering.delete_after_days == 100


@pytest.mark.parametrize(("retention", "delete"), [(400, 400), (401, 401)])
def test_the_default_deletion_waits_for_retention(planned, retention, delete):
    plan = planned("aws", {"c": {"purpose": "captures", "retention": {"days": retention}}})
    assert plan.buckets[0].tiering.delete_after_days == delete


def test_one_zone_ia_never_moves_to_glacier_instant_retrieval(planned, faulted):
    def storage(**ages):
        return {"c": {"purpose": "captures", "redundancy": "zone", "tiering": ages}}

    assert _paths(faulted("aws", storage(infrequentAfterDays=30, coldAfterDays=90))) == ["storage.c.tiering.coldAfterDays"]
    assert _moves(planned("aws", storage(infrequentAfterDays=30, archiveAfterDays=90))) == [(30, "ONEZONE_IA"), (90, "DEEP_ARCHIVE")]


def test_the_default_leaves_out_the_move_that_one_zone_ia_rules_out(planned):
    assert _moves(planned("aws", {"c": {"purpose": "captures", "redundancy": "zone"}})) == [(30, "ONEZONE_IA")]


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(
    ("purpose", "mode"), [("datasets", "auto"), ("models", "none"), ("captures", "ages"), ("checkpoints", "none"), ("logs", "none")]
)
def test_every_purpose_has_a_tiering_of_its_own(planned, cloud, purpose, mode):
    plan = planned(cloud, {"b": {"purpose": purpose}})
    assert plan.buckets[0].tiering.mode == mode
    assert any(d.path == "storage.b.tiering" and d.reason for d in plan.decisions)
