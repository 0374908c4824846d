"""What the tables and lists of `drydock cost` are made of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from catalogue.model import Confidence
from cli.output import out, plain_table, print_table
from costs.commitments import CommitmentOption
from costs.model import IDLE, Assumption, Estimate, Unpriced
from costs.money import HOURS_PER_MONTH, Band
from costs.report.amounts import money
from costs.report.details import alike, price_dates
from costs.report.escape import one_line
from costs.report.naming import kind_of, kind_word, option_words, told_apart
from costs.report.totals import without_total
from costs.resource import name_of
from costs.words import number_text

_FEW = 5


def say(words: str, style: str = "") -> None:
    """A sentence, wrapped at the terminal's width. Nothing in it is taken for markup or an escape sequence."""
    out.print(Text(one_line(words), style), soft_wrap=False)


def table(head: str) -> Table:
    """An empty table of amounts: the words may wrap, the amounts never."""
    found = plain_table(head)
    for level in ("low", "expected", "high"):
        found.add_column(level, justify="right", no_wrap=True)
    found.add_column("sure", no_wrap=True)
    return found


def row(
    into: Table,
    words: str,
    usd: Band,
    sure: Confidence | None = None,
    *,
    style: str = "",
    depth: int = 0,
    under: Sequence[str] = (),
    amount: Callable[[Decimal], str] = money,
) -> None:
    """A row of amounts; `under` stands below the words, a line each."""
    what = [Padding(Text(one_line(words), style), (0, 0, 0, 2 * depth))]
    what += [Padding(Text(one_line(each), "dim"), (0, 0, 0, 2 * depth + 2)) for each in under]
    amounts = [Text(amount(level), style) for level in (usd.low, usd.expected, usd.high)]
    into.add_row(Group(*what), *amounts, Text(str(sure or ""), "yellow" if sure is Confidence.LOW else ""))


def total_words(estimate: Estimate, *, listed: bool = True) -> str:
    """`at least $40 a month expected, at least $10 at low use, at least $90 in the worst case (confidence low)`.

    listed: whether what has no price stands below.
    """
    nothing = without_total([estimate], listed=listed)
    if nothing:
        return nothing
    least = "at least " if estimate.at_least else ""
    usd = estimate.total
    levels = f"{least}{money(usd.low)} at low use, {least}{money(usd.high)} in the worst case"
    return f"{least}{money(usd.expected)} a month expected, {levels} (confidence {estimate.confidence})"


def print_unknown(title: str, unpriced: Iterable[Unpriced], unsupported: Iterable[str] = (), style: str = "bold red") -> None:
    """Every cost that is not known, by name."""
    rows = [f"{name_of(each.urn)} {kind_word(each.urn)}, {each.driver}: {each.reason}" for each in unpriced]
    rows += [f"{name_of(urn)}: {kind_of(urn)} is not priced" for urn in unsupported]
    _list(f"{title} ({len(rows)})", rows, style)


def print_assumptions(assumptions: Sequence[Assumption], verbose: bool) -> None:
    """What stands while nobody works, always whole; then each assumption with its resource, or, in short, each kind of it once."""
    idle = [f"{each.taken} ({each.reason}): {', '.join(map(name_of, urns))}" for each, urns in alike(_of_idle(assumptions, True))]
    _list("When idle", idle)
    assumed = _of_idle(assumptions, False)
    if verbose:
        names = told_apart(each.urn for each in assumed)
        _list(f"Assumed ({len(assumed)})", [f"{names[each.urn]}, {_taken(each)}" for each in assumed])
        return
    rows = [f"{_taken(each)}: {_names(urns)}" for each, urns in alike(assumed)]
    more = [f"… and {len(rows) - _FEW} more, see --verbose"] if len(rows) > _FEW else []
    _list(f"Assumed ({len(assumed)})", [*rows[:_FEW], *more])


def _of_idle(assumptions: Iterable[Assumption], wanted: bool) -> list[Assumption]:
    return [each for each in assumptions if (each.quantity == IDLE) is wanted]


def print_commitments(options: Sequence[CommitmentOption], unknown: Sequence[str]) -> None:
    """Each way to pay for a machine type, then the types for which none is on record."""
    rows = [f"{each.machine} in {each.region}: {_pays(each)}" for each in options]
    _list("Pay as you go, or", [*rows, *unknown])


def _pays(each: CommitmentOption) -> str:
    prices = f"{_hourly(each.committed_usd_hour)} instead of {_hourly(each.on_demand_usd_hour)} USD/h"
    pays = f", pays from {each.break_even:.0%} of the hours on" if 0 < each.break_even < 1 else ""
    saves = f", saves {money(each.saving)} a month" if each.saving > 0 else ""
    return f"{option_words(each)}: {prices}{pays}{saves}{f'; {each.warning}' if each.warning else ''}"


def _hourly(usd: Decimal) -> str:
    return number_text(round(usd, 4))


def print_sources(sources: Mapping[str, int]) -> None:
    """Where prices are from, each once, under the number by which rows refer to it."""
    _list("Sources of the prices", list(sources), marks=[f"[{number}]" for number in sources.values()])


def print_foot(estimate: Estimate) -> None:
    """What the amounts are, and what a reader should know of the input."""
    _list("Note", estimate.notes, "bold yellow")
    say("")
    say(f"USD a month of {HOURS_PER_MONTH} hours at list prices without tax{price_dates(estimate.lines)}.", "dim")


def _taken(each: Assumption) -> str:
    return f"{each.quantity} {each.taken} ({each.reason})"


def _names(urns: Sequence[str]) -> str:
    return name_of(urns[0]) if len(urns) == 1 else f"{len(urns)} resources"


def _list(title: str, rows: Sequence[str], style: str = "bold", marks: Sequence[str] = ()) -> None:
    if not rows:
        return
    say("")
    say(title, style)
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    # A word as long as a line, such as an address, is broken and never cut off.
    grid.add_column(overflow="fold")
    for mark, each in zip(marks or ["-"] * len(rows), rows, strict=True):
        grid.add_row(Text(mark), Text(one_line(each)))
    print_table(grid)
