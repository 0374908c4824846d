"""Defaults, written out as the documentation promises them: a changed default is a breaking change."""

import pytest

# (infrequent, cold, deleted) after days
AGES = {
    ("captures", "dev"): (None, None, 30),
    ("captures", "staging"): (30, None, 90),
    ("captures", "prod"): (30, 90, 400),
    ("checkpoints", "dev"): (None, None, 14),
    ("checkpoints", "staging"): (None, None, 14),
    ("checkpoints", "prod"): (None, None, 30),
    ("logs", "dev"): (None, None, 30),
    ("logs", "staging"): (None, None, 90),
    ("logs", "prod"): (None, None, 400),
    ("models", "prod"): (None, None, None),
    ("datasets", "dev"): (None, None, None),
}


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
@pytest.mark.parametrize(("key", "ages"), AGES.items())
def test_default_ages(planned, cloud, key, ages):
    purpose, stage = key
    plan = planned(cloud, {"b": {"purpose": purpose, "tiering": None}}, stage=stage)
    tiering = plan.buckets[0].tiering
    moves = [step.after_days for step in tiering.transitions] if tiering.mode == "ages" else []
    assert moves == [days for days in ages[:2] if days is not None]
    assert tiering.delete_after_days == ages[2]


@pytest.mark.parametrize(
    ("stage", "chosen"),
    [
        ("dev", "deleted after 30 days"),
        ("prod", "infrequent after 30 days, cold after 90 days, deleted after 400 days"),
    ],
)
def test_default_tiering_is_told_in_words(planned, stage, chosen):
    plan = planned("aws", {"b": {"purpose": "captures"}}, stage=stage)
    assert [d.chosen for d in plan.decisions if d.path == "storage.b.tiering"] == [chosen]


def test_no_default_tiering_is_told_as_none(planned):
    plan = planned("aws", {"b": {"purpose": "models"}})
    assert [d.chosen for d in plan.decisions if d.path == "storage.b.tiering"] == ["none"]


@pytest.mark.parametrize(
    ("purpose", "stage", "days"),
    [("models", "prod", 30), ("datasets", "prod", 30), ("models", "staging", 7), ("captures", "prod", 7), ("checkpoints", "prod", 0)],
)
def test_default_soft_delete(planned, purpose, stage, days):
    assert planned("gcp", {"b": {"purpose": purpose}}, stage=stage).buckets[0].soft_delete_days == days


def test_what_the_file_chose_is_no_decision(planned):
    chosen = {
        "purpose": "captures",
        "tiering": "none",
        "versioning": {"enabled": True, "deleteOldAfterDays": 30},
        "softDeleteDays": 7,
        "redundancy": "region",
        "encryption": {"customerKey": True},
        "compression": "gzip",
        "keep": False,
        "deleteObjectsOnDestroy": False,
        "abortMultipartAfterDays": 3,
    }
    decisions = planned("gcp", {"b": chosen}).decisions
    assert [d.path for d in decisions] == ["storage.b.accessLogs"]


def test_models_are_told_why_autoclass_stops_short(planned):
    decisions = planned("gcp", {"b": {"purpose": "models", "tiering": "auto"}}).decisions
    assert [d.reason for d in decisions if d.path == "storage.b.tiering"] == ["models never go to an archive class"]
