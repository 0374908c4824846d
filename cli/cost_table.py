"""An estimate, and a change of one, in a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from rich.table import Table

from cli.cost_rows import print_assumptions, print_commitments, print_foot, print_unknown, row, say, show, table, total_words
from costs.commitments import CommitmentOption
from costs.diff import EstimateDiff, Kind
from costs.model import Estimate, Line, total
from costs.money import ZERO
from costs.report.amounts import change, money
from costs.report.details import price_words
from costs.report.naming import kind_word
from costs.resource import name_of
from costs.words import formula

_MANY = 20
_MANY_LINES = 150
_STYLES = {Kind.NEW: "red", Kind.CHANGED: "yellow", Kind.REMOVED: "green"}


def print_estimate(
    estimate: Estimate, name: str, verbose: bool = False, options: Sequence[CommitmentOption] = (), unknown: Sequence[str] = ()
) -> None:
    """The amounts by component, resource and driver, then what has no price, how else to pay, and what was assumed.

    verbose: with formulas, and all of it. options, unknown: commitments and spot for its machines, and the machines without any.
    """
    say(f"{name}: {total_words(estimate)}", "bold")
    if estimate.lines:
        say("")
        show(_amounts(estimate, verbose))
    print_unknown("Not priced, and not in the amounts", estimate.unpriced, estimate.unsupported)
    print_commitments(options, unknown)
    print_assumptions(estimate.assumptions, verbose)
    print_foot(estimate)


def print_diff(diff: EstimateDiff, name: str, verbose: bool = False) -> None:
    """What changed, the dearest first, and what has no price. verbose: every change, every assumption."""
    usd = diff.change
    say(f"{name}: {change(usd.expected)} a month expected, {change(usd.low)} at low use, {change(usd.high)} in the worst case", "bold")
    say(f"before: {total_words(diff.before)}")
    say(f"after: {total_words(diff.after)}")
    if diff.changes:
        say("")
        show(_changes(diff, verbose))
    _print_doubts(diff)
    new, new_types = set(diff.newly_unpriced), set(diff.newly_unsupported)
    print_unknown("Newly not priced, and not in the amounts", diff.newly_unpriced, diff.newly_unsupported)
    kept_types = [urn for urn in diff.after.unsupported if urn not in new_types]
    print_unknown("Not priced as before", [each for each in diff.after.unpriced if each not in new], kept_types)
    print_unknown("No longer without a price", diff.no_longer_unpriced, style="bold green")
    print_assumptions(diff.after.assumptions, verbose)
    print_foot(diff.after)


def _amounts(estimate: Estimate, verbose: bool) -> Table:
    found = table("USD a month")
    parts = [(name_of(urn), total(lines), urn, lines) for urn, lines in _grouped(estimate.lines, estimate.components).items()]
    dearest = sorted(parts, key=lambda part: (-part[1].expected, -part[1].high, part[2]))
    shown = len(dearest) if verbose else _fitting([len(lines) for *_, lines in dearest])
    for name, usd, component, lines in dearest[:shown]:
        row(found, name, usd, style="bold")
        for urn, own in _grouped(lines, {}).items():
            _resource(found, urn, own, urn == component, verbose)
    if shown < len(dearest):
        rest = sum((usd for _, usd, *_ in dearest[shown:]), ZERO)
        row(found, f"… {len(dearest) - shown} more, see --verbose", rest)
    row(found, f"total{', at least' if estimate.at_least else ''}", estimate.total, estimate.confidence, style="bold")
    return found


def _fitting(lines: Sequence[int]) -> int:
    """How many of the dearest parts are shown: as long as a person still reads them, and one in any case."""
    sums = accumulate(lines)
    return max(1, sum(each <= _MANY_LINES for each in sums))


def _resource(found: Table, urn: str, lines: list[Line], alone: bool, verbose: bool) -> None:
    """A resource and its drivers; with only one driver, or where it is its own component, they share a row."""
    name = "" if alone else f"{name_of(urn)} {kind_word(urn)}"
    together = alone or len(lines) == 1
    if not together:
        row(found, name, total(lines), depth=1)
    for line in lines:
        words = f"{name}, {line.driver}" if together and name else line.driver
        shown = (formula(line), *(f"price of {price}" for price in price_words(line))) if verbose else ()
        use = ", by use" if line.usage_based else ""
        row(found, f"{words}{use}", line.usd, line.confidence, depth=1 if together else 2, under=shown)


def _grouped(lines: Iterable[Line], by: Mapping[str, str]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(by.get(line.urn, line.urn), []).append(line)
    return found


def _changes(diff: EstimateDiff, verbose: bool) -> Table:
    found = table("change, USD a month")
    shown = diff.changes if verbose else diff.changes[:_MANY]
    for each in shown:
        words = f"{each.kind} {name_of(each.urn)} {kind_word(each.urn)}"
        row(found, words, each.change, each.confidence, style=_STYLES[each.kind], under=(each.driver,), amount=change)
    rest = sum((each.change for each in diff.changes[len(shown) :]), ZERO)
    if len(shown) < len(diff.changes):
        row(found, f"… {len(diff.changes) - len(shown)} more, see --verbose", rest, amount=change)
    row(found, "all", diff.change, style="bold", amount=change)
    return found


def _print_doubts(diff: EstimateDiff) -> None:
    if diff.no_longer_known != ZERO:
        lost = money(diff.no_longer_known.expected)
        say(f"{lost} of this is no saving: the price of what cost that is not known any more.", "bold red")
    if diff.newly_known != ZERO:
        known = money(diff.newly_known.expected)
        say(f"{known} of this is no new cost: it was there before, and its price has become known.", "bold")
