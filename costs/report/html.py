"""An estimate as one page that needs nothing else: no network, no script, readable on a phone and in the dark."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from costs.commitments import CommitmentOption
from costs.model import Estimate, Line
from costs.money import HOURS_PER_MONTH, Band
from costs.report import charts
from costs.report.amounts import change, change_span, money, span
from costs.report.details import alike, numbered_sources, price_dates, source_words
from costs.report.escape import cut, printable
from costs.report.naming import kind_of, kind_word, option_words, told_apart
from costs.report.order import expected_first
from costs.report.stack import StackReport
from costs.report.totals import no_change, without_total
from costs.resource import name_of
from costs.words import formula, number_text

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER = Path(__file__).parent
_NAME = 100


@dataclass(frozen=True)
class Part:
    """The lines of one component."""

    name: str
    usd: Band
    lines: tuple[Line, ...]


def page(
    name: str,
    estimate: Estimate,
    *,
    before: Estimate | None = None,
    traffic: Sequence[tuple[Decimal, Band]] = (),
    commitments: Sequence[CommitmentOption] = (),
) -> str:
    """The page as HTML; the same bytes for the same input.

    before: shows what changed from it. traffic: the cost at multiples of the expected traffic. commitments: ways to pay for its machines.
    """
    parts = _parts(estimate)
    diff = StackReport(name, before, estimate).diff if before else None
    return (
        environment()
        .get_template("page.html.jinja")
        .render(
            name=cut(name, _NAME),
            estimate=estimate,
            diff=diff,
            no_change=no_change(diff) if diff else "",
            changes=sorted(diff.changes, key=expected_first) if diff else (),
            nothing=without_total([estimate]),
            nothing_before=without_total([before], listed=False) if before else "",
            parts=parts,
            bars=charts.bars([(part.name, part.usd) for part in parts]),
            whole=charts.bar("total", estimate.total, estimate.total.high),
            curve=charts.curve(traffic),
            traffic=traffic,
            commitments=commitments,
            assumptions=alike(estimate.assumptions),
            dates=price_dates(estimate.lines),
            sources=numbered_sources(line for part in parts for line in part.lines),
            hours=HOURS_PER_MONTH,
        )
    )


def environment() -> "Environment":
    """Templates of this folder; whatever they are given is escaped."""
    # Only the page needs a template engine, whose import takes longer than an estimate.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    templates.filters.update(_FILTERS)
    return templates


def _shown(value: object) -> object:
    """Words without control characters; what is markup already (charts, styles) as it is."""
    return printable(value) if type(value) is str else value


def _parts(estimate: Estimate) -> list[Part]:
    """Components with their lines, the dearest first."""
    found: dict[str, list[Line]] = {}
    for line in estimate.lines:
        found.setdefault(estimate.components.get(line.urn, line.urn), []).append(line)
    sums, names = estimate.of_component(), told_apart(found)
    parts = [(urn, Part(names[urn], sums[urn], tuple(lines))) for urn, lines in found.items()]
    return [part for _, part in sorted(parts, key=lambda each: (-each[1].usd.expected, -each[1].usd.high, each[0]))]


def _hourly(usd: Decimal) -> str:
    return number_text(round(usd, 4))


def _percent(part: Decimal) -> str:
    return f"{number_text(round(part * 100, 1))} %"


_FILTERS: dict[str, Any] = {
    "money": money,
    "change": change,
    "span": span,
    "change_span": change_span,
    "number": number_text,
    "percent": _percent,
    "share": charts.share,
    "hourly": _hourly,
    "name": name_of,
    "kind": kind_word,
    "type": kind_of,
    "formula": formula,
    "source": source_words,
    "plan": option_words,
}
