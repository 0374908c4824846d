"""Bounds on a whole program that need no budget: what stands idle, what one component takes, how far the worst case is."""

from typing import Any

from costs.resource import Program, Resource
from policies.checks.cost_any import CHECKS
from policies.review import review
from policies.settings import settings
from tests.costs.building import resource

STACK = Resource(urn="urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", type="pulumi:pulumi:Stack", properties={}, custom=False)
# Amazon EC2 on-demand price list, eu-west-1: t3.large costs 0.0912 USD an hour, 66.58 a month of 730 hours; its disk comes on top.
MACHINE = resource(
    "aws:ec2/instance:Instance", "web", {"instanceType": "t3.large", "rootBlockDevice": {"volumeSize": 8, "volumeType": "gp3"}}
)


def group(least: int, most: int) -> Resource:
    scaling = {"minSize": least, "maxSize": most}
    return resource("aws:eks/nodeGroup:NodeGroup", "pool", {"instanceTypes": ["t3.large"], "scalingConfig": scaling})


def lines(*resources: Resource, check: str, parameters: dict[str, Any] | None = None, **given: Any) -> list[str]:
    program = Program([STACK, *resources], {"aws:region": "eu-west-1"})
    (chosen,) = [each for each in CHECKS.listed if each.id == check]
    told = {"checks": {check: {"level": "advisory", "parameters": parameters or {}}}, **given}
    return [each.what for each in review(program, [chosen], settings(told, [chosen])).findings]


def test_what_stands_idle_is_bounded_outside_production() -> None:
    (line,) = lines(MACHINE, group(0, 9), check="DD-COST-406", parameters={"idleMonthlyUsd": 60}, profile="dev")
    assert "over 60.00" in line
    assert line.endswith("most of it: web 67.28, pool 0.00")
    assert lines(MACHINE, group(0, 9), check="DD-COST-406", parameters={"idleMonthlyUsd": 70}, profile="dev") == []
    assert lines(MACHINE, check="DD-COST-406", parameters={"idleMonthlyUsd": 60}, profile="prod") == []


def test_a_component_that_is_most_of_the_budget_is_named() -> None:
    (line,) = lines(MACHINE, check="DD-COST-407", parameters={"componentPercent": 50}, monthlyUsd=100)
    assert line.startswith("web costs 67.")
    assert line.endswith("more than 50 % of monthlyUsd, 50.00")
    assert lines(MACHINE, check="DD-COST-407", parameters={"componentPercent": 70}, monthlyUsd=100) == []
    assert lines(MACHINE, check="DD-COST-407") == []


def test_a_worst_case_far_above_what_is_expected_says_what_grows() -> None:
    (line,) = lines(MACHINE, group(1, 30), check="DD-COST-408")
    assert "times what is expected; most by pool" in line
    assert lines(MACHINE, group(1, 12), check="DD-COST-408") == []
    assert lines(check="DD-COST-408") == []


def test_a_program_without_a_budget_is_told_so_where_that_is_asked_for() -> None:
    assert lines(MACHINE, check="DD-COST-409") == ["has no budget a month"]
    assert lines(MACHINE, check="DD-COST-409", monthlyUsd=1) == []
