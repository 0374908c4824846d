"""An estimate, and a change of one, in a terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from rich.table import Table

from cli.cost_rows import (
    print_assumptions,
    print_commitments,
    print_foot,
    print_sources,
    print_unknown,
    row,
    say,
    table,
    total_words,
)
from cli.output import print_table
from costs import cause
from costs.commitments import CommitmentOption
from costs.diff import EstimateDiff, Kind, ResourceChange, identity
from costs.model import Estimate, Line, total
from costs.money import ZERO
from costs.report.amounts import change, change_span, money
from costs.report.details import numbered_sources, source_words
from costs.report.naming import kind_word, told_apart
from costs.report.order import expected_first
from costs.report.totals import no_change
from costs.resource import name_of
from costs.words import formula

_MANY = 20
_MANY_LINES = 150
_MORE_LINES = (" more line)", " more lines)")
_STYLES = {Kind.NEW: "red", Kind.CHANGED: "yellow", Kind.REMOVED: "green"}


def print_estimate(
    estimate: Estimate, name: str, verbose: bool = False, options: Sequence[CommitmentOption] = (), unknown: Sequence[str] = ()
) -> None:
    """The amounts by component, resource and driver, then what has no price, how else to pay, and what was assumed.

    verbose: with formulas, and all of it. options, unknown: commitments and spot for its machines, and the machines without any.
    """
    say(f"{name}: {total_words(estimate)}", "bold")
    # Numbered in the order of their use: a reader finds [1] above [2].
    sources = numbered_sources(_in_order(estimate)) if verbose else {}
    if estimate.lines:
        say("")
        print_table(_amounts(estimate, sources, verbose))
    print_unknown("Not priced, and not in the amounts", estimate.unpriced, estimate.unsupported)
    print_commitments(options, unknown)
    print_assumptions(estimate.assumptions, verbose)
    print_sources(sources)
    print_foot(estimate)


def print_diff(diff: EstimateDiff, name: str, verbose: bool = False) -> None:
    """What changed, the dearest first, and what has no price. verbose: every change, every assumption."""
    say(f"{name}: {_headline(diff)}", "bold")
    say(f"before: {total_words(diff.before, listed=False)}")
    say(f"after: {total_words(diff.after)}")
    if diff.changes:
        say("")
        print_table(_changes(diff, verbose))
        if not verbose and any(each.driver.endswith(_MORE_LINES) for each in diff.changes):
            say("Each line that changed: see --verbose", "dim")
    _print_doubts(diff)
    new, new_types = set(diff.newly_unpriced), set(diff.newly_unsupported)
    print_unknown("Newly not priced, and not in the amounts", diff.newly_unpriced, diff.newly_unsupported)
    kept_types = [urn for urn in diff.after.unsupported if urn not in new_types]
    print_unknown("Not priced as before", [each for each in diff.after.unpriced if each not in new], kept_types)
    print_unknown("No longer without a price", diff.no_longer_unpriced, style="bold green")
    print_assumptions(diff.after.assumptions, verbose)
    print_foot(diff.after)


def _headline(diff: EstimateDiff) -> str:
    if not diff.changes:
        return no_change(diff)
    usd = diff.change
    return f"{change(usd.expected)} a month expected, {change(usd.low)} at low use, {change(usd.high)} in the worst case"


def _amounts(estimate: Estimate, sources: Mapping[str, int], verbose: bool) -> Table:
    found, dearest = table("USD a month"), _dearest(estimate)
    names = told_apart(component for component, _ in dearest)
    shown = len(dearest) if verbose else _fitting([len(lines) for _, lines in dearest])
    for component, lines in dearest[:shown]:
        row(found, names[component], total(lines), style="bold")
        for urn, own in _grouped(lines, {}).items():
            _resource(found, urn, own, urn == component, sources, verbose)
    if shown < len(dearest):
        rest = total(line for _, lines in dearest[shown:] for line in lines)
        row(found, f"… {len(dearest) - shown} more, see --verbose", rest)
    row(found, f"total{', at least' if estimate.at_least else ''}", estimate.total, estimate.confidence, style="bold")
    return found


def _dearest(estimate: Estimate) -> list[tuple[str, list[Line]]]:
    """Components with their lines, the dearest first."""
    parts = [(urn, lines, total(lines)) for urn, lines in _grouped(estimate.lines, estimate.components).items()]
    return [(urn, lines) for urn, lines, _ in sorted(parts, key=lambda part: (-part[2].expected, -part[2].high, part[0]))]


def _in_order(estimate: Estimate) -> Iterator[Line]:
    """The lines as the table has them."""
    for _, lines in _dearest(estimate):
        for own in _grouped(lines, {}).values():
            yield from own


def _fitting(lines: Sequence[int]) -> int:
    """How many of the dearest parts are shown: as long as a person still reads them, and one in any case."""
    sums = accumulate(lines)
    return max(1, sum(each <= _MANY_LINES for each in sums))


def _resource(found: Table, urn: str, lines: list[Line], alone: bool, sources: Mapping[str, int], verbose: bool) -> None:
    """A resource and its drivers; with only one driver, or where it is its own component, they share a row."""
    name = "" if alone else f"{name_of(urn)} {kind_word(urn)}"
    together = alone or len(lines) == 1
    if not together:
        row(found, name, total(lines), depth=1)
    for line in lines:
        words = f"{name}, {line.driver}" if together and name else line.driver
        shown = _how(line, sources) if verbose else ()
        use = ", by use" if line.usage_based else ""
        row(found, f"{words}{use}", line.usd, line.confidence, depth=1 if together else 2, under=shown)


def _how(line: Line, sources: Mapping[str, int]) -> list[str]:
    """How a line comes about, and the date, region and source of its prices, where it has any."""
    price = source_words(line, sources)
    return [formula(line), *([f"price: {price}"] if price else [])]


def _grouped(lines: Iterable[Line], by: Mapping[str, str]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(by.get(line.urn, line.urn), []).append(line)
    return found


def _changes(diff: EstimateDiff, verbose: bool) -> Table:
    found = table("change, USD a month")
    shown = diff.changes if verbose else diff.changes[:_MANY]
    for each in sorted(shown, key=expected_first):
        words = f"{each.kind} {name_of(each.urn)} {kind_word(each.urn)}"
        under = (each.driver, *_changed_lines(diff, each)) if verbose else (each.driver,)
        row(found, words, each.change, each.confidence, style=_STYLES[each.kind], under=under, amount=change)
    rest = sum((each.change for each in diff.changes[len(shown) :]), ZERO)
    if len(shown) < len(diff.changes):
        row(found, f"… {len(diff.changes) - len(shown)} more, see --verbose", rest, amount=change)
    row(found, "all", diff.change, style="bold", amount=change)
    return found


def _changed_lines(diff: EstimateDiff, each: ResourceChange) -> Iterator[str]:
    """Each line of a resource that changed, the most first: why, and by how much."""
    olds, news = ([line for line in side.lines if identity(line.urn) == identity(each.urn)] for side in (diff.before, diff.after))
    changed = [(pair, cause.change(pair)) for pair in cause.pairs(olds, news) if cause.change(pair) != ZERO]
    if len(changed) == 1 and cause.cause([changed[0][0]]) == each.driver:
        return
    for pair, usd in sorted(changed, key=lambda part: cause.weight(part[1]), reverse=True):
        old, new = pair
        driver = f"{new.driver}: " if old and new and old.driver == new.driver else ""
        within = "" if usd.low == usd.expected == usd.high else f" ({change_span(usd)})"
        yield f"- {driver}{cause.cause([pair])}: {change(usd.expected)}{within}"


def _print_doubts(diff: EstimateDiff) -> None:
    if diff.no_longer_known != ZERO:
        lost = money(diff.no_longer_known.expected)
        say(f"{lost} of this is no saving: the price of what cost that is not known any more.", "bold red")
    if diff.newly_known != ZERO:
        known = money(diff.newly_known.expected)
        say(f"{known} of this is no new cost: it was there before, and its price has become known.", "bold")
