"""Budgets of a whole program, by the estimate of the programs here; DISK, CPU and REGION with their prices stand in cost_any.py."""

from pathlib import Path
from typing import Any

from costs.resource import Resource
from tests.policies.case import Case, made
from tests.policies.cases.cost_any import CPU, STACK, group, instance

UNPRICED = made("aws:gamelift/fleet:Fleet", {}, "games")
LARGE, MEDIUM, SMALL = instance(), instance("t3.medium", "medium"), instance("t3.small", "small")
LARGE_TOO = instance(name="too")
KNOWN = "a price that is not known is spoken of as at least"
# An estimate of 440 USD a month, as `drydock cost --format json` writes it,.
HERE = Path(__file__).parent
BASELINE = str(HERE / "cost_total.json")


def disk(gib: int) -> Resource:
    """A disk for 0.088 USD a GiB and month (Amazon EBS price list, eu-west-1, gp3)."""
    return made("aws:ebs/volume:Volume", {"region": "eu-west-1", "size": gib, "type": "gp3"}, "disk")


def bounded(bound: str, value: float, *, words: tuple[str, ...], passing: tuple[Resource, ...], violating: tuple[Resource, ...]) -> Case:
    """A bound on the program; without it nothing is said, nor of a program without a stack."""
    return Case(
        violating=(STACK, *violating),
        words=words,
        given={bound: value},
        passing=(STACK, *passing),
        unknown=None,
        why_known=KNOWN,
        elsewhere=(STACK, *violating),
        instead={"elsewhere": {}},
    )


def compared(violating: tuple[Resource, ...], words: tuple[str, ...], passing: tuple[Resource, ...], **given: Any) -> Case:
    """A program against an earlier estimate."""
    return Case(
        violating=(STACK, *violating),
        words=words,
        given=given,
        passing=(STACK, *passing),
        unknown=None,
        why_known=KNOWN,
        elsewhere=(STACK, *violating),
        instead={"elsewhere": {"increasePercent": 1}},
    )


CASES = {
    # 67.28 + 33.99 + 17.35, and the fourth is not told.
    "DD-COST-001": bounded(
        "monthlyUsd",
        67.28,
        violating=(LARGE, MEDIUM, SMALL, instance("t3.small", "tiny")),
        words=("135.97 USD a month are expected, 68.69 over monthlyUsd 67.28; most of it: web 67.28, medium 33.99, small 17.35; fix",),
        passing=(LARGE,),
    ),
    "DD-COST-001 at least": bounded(
        "monthlyUsd", 60, violating=(LARGE, UNPRICED), words=("at least 67.28 USD a month are expected",), passing=(MEDIUM, UNPRICED)
    ),
    # Ten nodes of 68.776.
    "DD-COST-002": bounded(
        "worstMonthlyUsd",
        687.76,
        violating=(group(1, 11, CPU, "b"), LARGE),
        words=("823.82 USD a month are possible, 136.06 over worstMonthlyUsd 687.76; most of it: b 756.54, web 67.28",),
        passing=(group(1, 10, CPU),),
    ),
    # 0.0912 USD and a 730th of a disk of 0.704.
    "DD-COST-003": bounded(
        "hourlyUsd",
        0.17,
        violating=(group(1, 2, CPU, "pool"),),
        words=("0.19 USD an hour are possible, 0.02 over hourlyUsd 0.17; most of it: pool 137.55",),
        passing=(LARGE,),
    ),
    "DD-COST-003 in hours of a month": bounded(
        "hourlyUsd", 0.1842, violating=(LARGE, LARGE_TOO), words=("0.18 USD an hour",), passing=(LARGE, SMALL)
    ),
    "DD-COST-004": bounded(
        "componentMonthlyUsd",
        67.28,
        violating=(LARGE, instance("m5.large", "large")),
        words=("large costs 78.81 USD a month, 11.53 over 67.28",),
        passing=(LARGE, MEDIUM),
    ),
    # 20 % where nothing is said: up to 528.
    "DD-COST-005": compared(
        violating=(disk(6001),),
        words=("528.09 USD a month are expected, 88.09 more than the baseline's 440.00",),
        passing=(disk(6000),),
        baseline=BASELINE,
    ),
    "DD-COST-005 by percent": compared(
        violating=(disk(5501),), words=("484.09 USD",), passing=(disk(5500),), baseline=BASELINE, increasePercent=10
    ),
    "DD-COST-005 without a file": Case(
        violating=(STACK, LARGE),
        words=("no estimate that can be read",),
        given={"baseline": str(HERE / "no-such-file.json")},
        passing=(STACK, MEDIUM, SMALL),
        instead={"passing": {"baseline": BASELINE}, "elsewhere": {}},
        unknown=None,
        why_known=KNOWN,
        elsewhere=(STACK, LARGE),
    ),
    # Four of five have no price; of two, one.
    "DD-COST-006": Case(
        violating=(STACK, LARGE, *(made("aws:gamelift/fleet:Fleet", {}, name) for name in ("a", "b", "c", "d"))),
        words=("80 % of the billed resources have no known price, more than 50 % (a, b, c …)",),
        given={"unpricedPercent": 50},
        passing=(STACK, LARGE, UNPRICED),
        unknown=None,
        why_known=KNOWN,
        elsewhere=(STACK,),
    ),
}
