"""What a whole program may cost: budgets on its estimate, which says "at least" where a price is unknown."""

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from catalogue.catalogue import Catalogue
from costs.estimate import estimate
from costs.model import Estimate
from costs.resource import Program, name_of, once
from policies.check import Checks, Problem
from policies.view import View

CHECKS = Checks()
_STACK = "pulumi:pulumi:Stack"
_HOURS_PER_MONTH = 730


@once
def estimated(program: Program) -> Estimate:
    """The estimate of a program, made once for all checks that ask for it."""
    return estimate(program, Catalogue.open())


@CHECKS.add(
    "DD-COST-001",
    "The expected monthly cost is within the budget",
    _STACK,
    severity="high",
    joined=True,
    rationale="A budget that is looked at after the bill has come bounds nothing.",
    fix="take away what drives it, or raise monthlyUsd with whoever pays",
)
def within_budget(view: View) -> Iterator[Problem]:
    """The total's expected level against monthlyUsd."""
    yield from _above(view, "monthlyUsd", estimated(view.program).total.expected, "a month are expected")


@CHECKS.add(
    "DD-COST-002",
    "The worst case is within its bound",
    _STACK,
    severity="high",
    joined=True,
    rationale="Autoscaling up to every maximum is allowed by the program, so somebody must be able to pay it.",
    fix="lower the maximum of what drives it, or raise worstMonthlyUsd",
)
def within_worst_case(view: View) -> Iterator[Problem]:
    """The total's high level against worstMonthlyUsd."""
    yield from _above(view, "worstMonthlyUsd", estimated(view.program).total.high, "a month are possible", level="high")


@CHECKS.add(
    "DD-COST-003",
    "The price of an hour is within its cap",
    _STACK,
    severity="high",
    joined=True,
    rationale="A mistake runs for hours before anybody sees it; the cap bounds what each of them costs.",
    fix="lower the maximum of what drives it, or raise hourlyUsd",
)
def within_hourly_cap(view: View) -> Iterator[Problem]:
    """The total's high level over 730 hours against hourlyUsd."""
    yield from _above(view, "hourlyUsd", estimated(view.program).total.high / _HOURS_PER_MONTH, "an hour are possible", level="high")


@CHECKS.add(
    "DD-COST-004",
    "No single component costs more than its bound",
    _STACK,
    joined=True,
    rationale="One component that eats the budget should be somebody's decision.",
    fix="make it smaller, or raise componentMonthlyUsd",
)
def within_component_bound(view: View) -> Iterator[Problem]:
    """Each outermost component's expected level against componentMonthlyUsd."""
    bound = _bound(view, "componentMonthlyUsd")
    if bound is None:
        return
    for urn, band in estimated(view.program).of_component().items():
        if band.expected > bound:
            yield Problem(what=f"{name_of(urn)} costs {_usd(band.expected)} USD a month, {_usd(band.expected - bound)} over {_usd(bound)}")


@CHECKS.add(
    "DD-COST-005",
    "A change costs no more than it may",
    _STACK,
    severity="high",
    joined=True,
    rationale="A budget that is far away lets a change double the bill unseen.",
    fix="have the change approved and write the baseline again: drydock cost --format json",
)
def within_increase(view: View) -> Iterator[Problem]:
    """The expected total against that of the baseline file and increasePercent (20 where only a baseline is set)."""
    path = view.parameters.get("baseline")
    if path is None:
        return
    before, now = _baseline(Path(str(path))), estimated(view.program).total.expected
    if before is None:
        fix = "write it: drydock cost STACK --format json > FILE, as a path from the pack's folder or an absolute one"
        yield Problem(what=f"baseline {path} is no estimate that can be read", fix=fix)
        return
    allowed = before * (1 + (_bound(view, "increasePercent") or Decimal(20)) / 100)
    if now > allowed:
        yield Problem(what=f"{_usd(now)} USD a month are expected, {_usd(now - before)} more than the baseline's {_usd(before)}")


@CHECKS.add(
    "DD-COST-006",
    "What has no known price is a small part of what is billed",
    _STACK,
    joined=True,
    level="advisory",
    rationale='A total of "at least" says little where most of it is unknown.',
    fix="price it: drydock prices, or raise unpricedPercent",
    parameters={"unpricedPercent": 25.0},
)
def priced_enough(view: View) -> Iterator[Problem]:
    """The share of billed resources without a known price against unpricedPercent."""
    found = estimated(view.program)
    unknown = {each.urn for each in found.unpriced} | set(found.unsupported)
    billed = unknown | {line.urn for line in found.lines}
    if not billed:
        return
    share = 100 * len(unknown) / len(billed)
    bound = float(view.parameters["unpricedPercent"])
    if share > bound:
        names = ", ".join(sorted(map(name_of, unknown))[:3])
        yield Problem(what=f"{share:.0f} % of the billed resources have no known price, more than {bound:.0f} % ({names} …)")


def _above(view: View, name: str, amount: Decimal, words: str, level: str = "expected") -> Iterator[Problem]:
    bound = _bound(view, name)
    if bound is not None and amount > bound:
        found = estimated(view.program)
        at_least = "at least " if found.at_least else ""
        drivers = ", ".join(_drivers(found, level))
        over = _usd(amount - bound)
        yield Problem(what=f"{at_least}{_usd(amount)} USD {words}, {over} over {name} {_usd(bound)}; most of it: {drivers}")


def _drivers(found: Estimate, level: str) -> Iterator[str]:
    dearest = sorted(found.of_component().items(), key=lambda each: -getattr(each[1], level))
    for urn, band in dearest[:3]:
        yield f"{name_of(urn)} {_usd(getattr(band, level))}"


def _bound(view: View, name: str) -> Decimal | None:
    value: Any = view.parameters.get(name)
    return None if value is None else Decimal(str(value))


def _usd(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _baseline(path: Path) -> Decimal | None:
    try:
        return Decimal(str(json.loads(path.read_text(encoding="utf-8"))["total"]["expected"]))
    except (OSError, ValueError, KeyError, TypeError, InvalidOperation):
        return None
