"""Budgets on a whole program: over, within, unknown, and against a baseline."""

import json
from pathlib import Path
from typing import Any

import pytest

from costs.resource import Program, Resource
from policies.checks.cost_total import CHECKS
from policies.finding import Finding
from policies.review import review
from policies.settings import settings
from tests.costs.building import resource

STACK = Resource(urn="urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", type="pulumi:pulumi:Stack", properties={}, custom=False)
# Amazon EC2 on-demand price list, eu-west-1: t3.large costs 0.0912 USD an hour, 66.58 a month of 730 hours; its disk comes on top.
MACHINE = resource(
    "aws:ec2/instance:Instance", "web", {"instanceType": "t3.large", "rootBlockDevice": {"volumeSize": 8, "volumeType": "gp3"}}
)
UNPRICED = resource("aws:gamelift/fleet:Fleet", "games")


def found(*resources: Resource, **given: Any) -> list[Finding]:
    program = Program([STACK, *resources], {"aws:region": "eu-west-1"})
    return list(review(program, CHECKS.listed, settings(given, CHECKS.listed)).findings)


def lines(*resources: Resource, **given: Any) -> list[str]:
    return [f"{each.check.id} {each.what}" for each in found(*resources, **given)]


def test_without_a_bound_nothing_is_said() -> None:
    assert lines(MACHINE) == []


@pytest.mark.parametrize(("bound", "check"), [("monthlyUsd", "001"), ("worstMonthlyUsd", "002"), ("componentMonthlyUsd", "004")])
def test_a_bound_that_is_passed_says_by_how_much_and_what_drives_it(bound: str, check: str) -> None:
    (line,) = lines(MACHINE, **{bound: 60})
    assert line.startswith(f"DD-COST-{check} ")
    assert "web" in line
    assert " over " in line
    assert lines(MACHINE, **{bound: 90}) == []


def test_the_price_of_an_hour_has_a_cap_of_its_own() -> None:
    (line,) = lines(MACHINE, hourlyUsd=0.09)
    assert line.startswith("DD-COST-003 0.09 USD an hour are possible")
    assert lines(MACHINE, hourlyUsd=0.11) == []


def test_where_a_price_is_unknown_the_bound_speaks_of_at_least() -> None:
    assert any("DD-COST-001 at least " in line for line in lines(MACHINE, UNPRICED, monthlyUsd=60))


def test_too_many_unknown_prices_are_named() -> None:
    (line,) = lines(MACHINE, UNPRICED, unpricedPercent=40)
    assert line.startswith("DD-COST-006 50 % of the billed resources have no known price")
    assert "games" in line
    assert lines(MACHINE, UNPRICED, unpricedPercent=60) == []


def test_a_change_is_held_against_its_baseline(tmp_path: Path) -> None:
    baseline = tmp_path / "before.json"
    baseline.write_text(json.dumps({"total": {"expected": "50"}}))
    (line,) = lines(MACHINE, baseline=str(baseline))
    assert line.startswith("DD-COST-005 ")
    assert "the baseline's 50.00" in line
    assert lines(MACHINE, baseline=str(baseline), increasePercent=60) == []


def test_a_baseline_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (line,) = lines(MACHINE, baseline=str(tmp_path / "none.json"))
    assert "no estimate that can be read" in line
