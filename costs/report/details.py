"""What stands folded below a comment: assumptions, formulas, and the dates of the prices."""

from collections.abc import Iterable, Mapping, Sequence

from costs.model import Assumption, Line
from costs.report.escape import code, prose
from costs.report.sections import Section
from costs.report.stack import StackReport
from costs.resource import name_of
from costs.tiers import prices
from costs.words import formula

_FORMULA = 600


def assumptions(stacks: Sequence[StackReport], rank: int) -> Section | None:
    """What was taken for granted in the amounts after, by quantity and name: a preview's own order differs from run to run."""
    rows = [
        f"- {where}{prose(each.quantity)}: {prose(each.taken)} ({prose(each.reason)}): {', '.join(code(name_of(urn)) for urn in part)}"
        for stack, where in _named(stacks)
        for each, urns in sorted(alike(stack.after.assumptions), key=lambda kind: (kind[0].quantity, kind[0].taken, kind[0].reason))
        for part in tens(sorted(urns))
    ]
    return _folded("Assumptions", rows, rank)


def alike(assumed: Iterable[Assumption]) -> list[tuple[Assumption, list[str]]]:
    """Each kind of assumption once, with the URNs of the resources it was made for; the most common first."""
    kinds: dict[tuple[str, str, str], tuple[Assumption, list[str]]] = {}
    for each in assumed:
        kinds.setdefault((each.quantity, each.taken, each.reason), (each, []))[1].append(each.urn)
    return sorted(kinds.values(), key=lambda kind: -len(kind[1]))


def tens(names: Sequence[str]) -> list[Sequence[str]]:
    """Ten at a time: as many as a row holds."""
    return [names[start : start + 10] for start in range(0, len(names), 10)]


def formulas(stacks: Sequence[StackReport], rank: int) -> Section | None:
    """How each amount of a changed resource comes about."""
    rows: list[str] = []
    for stack, where in _named(stacks):
        changed = {each.urn for each in stack.diff.changes}
        lines = sorted((line for line in stack.after.lines if line.urn in changed), key=lambda line: line.urn)
        rows += [f"- {where}{_formula(line)}" for line in lines]
    return _folded("Formulas of what changed", rows, rank)


def price_dates(lines: Iterable[Line]) -> str:
    """`, read from 2026-01-02 to 2026-07-20`, and how many prices have no date."""
    known = {price for line in lines for price in prices(line.tariff)}
    dates = sorted({price.source.as_of for price in known} - {""})
    undated = sum(not price.source.as_of for price in known)
    read = f", of {dates[0]}" if len(dates) == 1 else f", from {dates[0]} to {dates[-1]}" if dates else ""
    return f"{read}{f' ({undated} without a date)' if undated else ''}"


def numbered_sources(lines: Iterable[Line]) -> dict[str, int]:
    """The numbers by which lines refer to where their prices come from, in the order of their use."""
    texts = dict.fromkeys(price.source.text for line in lines for price in prices(line.tariff))
    return {text: number for number, text in enumerate(texts, 1)}


def source_words(line: Line, sources: Mapping[str, int]) -> str:
    """Date, region and number of the source of each price of a line, each once: `2026-07-20 us-east-1 [3]`."""
    known = [(price.source.as_of or "no date", price.region, f"[{sources[price.source.text]}]") for price in prices(line.tariff)]
    return "; ".join(dict.fromkeys(" ".join(each) for each in known))


def _named(stacks: Sequence[StackReport]) -> list[tuple[StackReport, str]]:
    return [(stack, f"{code(stack.name)}: " if len(stacks) > 1 else "") for stack in stacks]


def _formula(line: Line) -> str:
    dates = price_dates([line])
    return f"{code(name_of(line.urn))}, {prose(line.driver)}: {code(formula(line), _FORMULA)}{dates}, confidence {line.confidence}"


def _folded(title: str, rows: Sequence[str], rank: int) -> Section | None:
    if not rows:
        return None
    # Without the empty lines around it Markdown inside is not rendered.
    head = f"<details><summary>{title} ({len(rows)})</summary>\n\n"
    return Section(head=head, rows=list(dict.fromkeys(rows)), tail="\n</details>\n", rank=rank)
