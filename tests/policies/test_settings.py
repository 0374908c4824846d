"""Settings that are wrong are told before anything is checked, each in one line."""

from datetime import date
from typing import Any

import pytest

from costs.resource import Program
from policies.registry import all_checks
from policies.review import review
from policies.settings import SettingsInvalid, settings
from tests.policies.case import made

EXEMPTION = {"check": "DD-STORAGE-002", "resource": "it", "reason": "moves next week", "owner": "ml-platform", "expires": "2026-12-31"}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"profile": "paranoid"}, "profile: 'paranoid' is wrong; allowed: 'dev', 'prod' or 'regulated'"),
    ({"checks": {"DD-STORAGE-01": {}}}, "checks.DD-STORAGE-01: is no check; allowed: an id of docs/policies.md; fix: write DD-STORAGE-"),
    ({"checks": {"DD-STORAGE-001": {"level": "fatal"}}}, "checks.DD-STORAGE-001.level: 'fatal' is wrong"),
    ({"checks": {"DD-COST-006": {"parameters": {"unpricedPercent": "many"}}}}, "unpricedPercent: 'many' is wrong"),
    ({"checks": {"DD-COST-006": {"parameters": {"percent": 3}}}}, "percent: is no parameter of it; allowed: unpricedPercent"),
    ({"exemptions": [{**EXEMPTION, "reason": ""}]}, "exemptions.0.reason: '' is wrong"),
    ({"exemptions": [{key: value for key, value in EXEMPTION.items() if key != "owner"}]}, "exemptions.0.owner: is missing"),
    ({"exemptions": [{**EXEMPTION, "expires": "soon"}]}, "exemptions.0.expires: 'soon' is wrong"),
    ({"exemptions": [{**EXEMPTION, "check": "DD-NOTHING-001"}]}, "exemptions.0.check: 'DD-NOTHING-001' is no check"),
    ({"monthlyUsd": -1}, "monthlyUsd: '-1' is wrong"),
    ({"remediate": "maybe"}, "remediate: 'maybe' is wrong; allowed: true | false; fix: correct remediate"),
    ({"remediate": "yes"}, "remediate: 'yes' is wrong; allowed: true | false"),
    ({"checks": {"DD-KEY-001": {"remediate": 1}}}, "checks.DD-KEY-001.remediate: '1' is wrong; allowed: true | false"),
    (
        {"checks": {"DD-KEY-002": {"remediate": True}}},
        "checks.DD-KEY-002.remediate: nothing mends it; allowed for: DD-KEY-001 | DD-KEY-004 | DD-KEY-006 | DD-KEY-101 |",
    ),
    (
        {"checks": {"DD-NETWORK-001": {"remediate": True}}},
        "checks.DD-NETWORK-001.remediate: nothing mends it; allowed for: DD-CLUSTER-001 |",
    ),
    ({"labels": {"owner": ""}}, "labels.owner: '' is wrong"),
    ({"labels": {"owner": 5}}, "labels.owner: '5' is wrong"),
]


@pytest.mark.parametrize(("given", "told"), WRONG)
def test_a_wrong_setting_is_told_in_one_line(given: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        settings(given, all_checks())
    (line,) = str(caught.value).splitlines()
    assert told in line


HALF = made(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    {"blockPublicAcls": True, "ignorePublicAcls": True, "restrictPublicBuckets": False},
)


def held(given: dict[str, Any], today: date) -> tuple[int, int, int]:
    """Findings, used exemptions and unused ones of the block with two switches off."""
    (check,) = [each for each in all_checks() if each.id == "DD-STORAGE-002"]
    found = review(Program([HALF]), [check], settings(given, all_checks()), today=today)
    return len(found.findings), len(found.used), len(found.unused)


def test_an_exemption_holds_through_its_last_day_and_not_a_day_longer() -> None:
    assert held({"exemptions": [EXEMPTION]}, date(2026, 12, 31)) == (0, 1, 0)
    assert held({"exemptions": [EXEMPTION]}, date(2027, 1, 1)) == (2, 0, 1)


def test_an_exemption_that_holds_nothing_back_is_listed_as_unused() -> None:
    assert held({"exemptions": [{**EXEMPTION, "resource": "other*"}]}, date(2026, 12, 1)) == (2, 0, 1)


def test_a_date_as_pulumi_hands_it_on_is_taken() -> None:
    found = settings({"exemptions": [{**EXEMPTION, "expires": "2026-12-31 00:00:00 +0000 UTC"}]}, all_checks())
    assert found.exemptions[0].expires == date(2026, 12, 31)


def test_a_profile_sets_another_level_and_a_setting_goes_before_it() -> None:
    (check,) = [each for each in all_checks() if each.id == "DD-STORAGE-003"]
    assert settings({}, all_checks()).level(check) == "mandatory"
    assert settings({"profile": "dev"}, all_checks()).level(check) == "advisory"
    given = {"profile": "dev", "checks": {"DD-STORAGE-003": {"level": "disabled"}}}
    assert settings(given, all_checks()).level(check) == "disabled"


def test_remedies_are_off_unless_asked_for_and_a_checks_own_word_goes_first() -> None:
    checks = {check.id: check for check in all_checks()}
    mended, other, without = checks["DD-KEY-001"], checks["DD-STORAGE-101"], checks["DD-KEY-002"]

    def asked(given: dict[str, Any]) -> list[bool]:
        found = settings(given, all_checks())
        return [found.remediates(check) for check in (mended, other, without)]

    assert asked({}) == [False, False, False]
    assert asked({"remediate": True}) == [True, True, False]
    assert asked({"remediate": True, "checks": {"DD-KEY-001": {"remediate": False}}}) == [False, True, False]
    assert asked({"checks": {"DD-KEY-001": {"remediate": True}}}) == [True, False, False]
    assert asked({"remediate": True, "checks": {"DD-KEY-001": {"level": "disabled"}}}) == [False, True, False]
    assert asked({"remediate": True, "checks": {"DD-KEY-002": {"remediate": False}}}) == [True, True, False]
