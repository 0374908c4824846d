"""One comment for a pull request that changes any number of stacks: what it costs, why, and what is not known."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from costs.cause import weight
from costs.diff import ResourceChange
from costs.model import Estimate, total
from costs.money import HOURS_PER_MONTH, ZERO, Band
from costs.report.amounts import change, change_span, money, span
from costs.report.details import assumptions, formulas, price_dates, tens
from costs.report.escape import code, prose
from costs.report.naming import kind_word
from costs.report.order import expected_first
from costs.report.sections import Section, fitted
from costs.report.stack import NOTHING, StackReport
from costs.report.totals import without_total
from costs.resource import name_of

MARKER = "drydock-cost"
"""By this a comment is found again."""
LIMIT = 60_000
"""Characters. GitHub takes 65,536, Azure DevOps 150,000, GitLab a million."""
_TOP = 10


def comment(
    stacks: Sequence[StackReport], *, limit: int = LIMIT, marker: str = MARKER, also: str = "", more: Sequence[Section] = ()
) -> str:
    """The comment as Markdown of at most `limit` characters; the same bytes for the same stacks.

    marker: another word for each comment, where one pull request has several of them. also: what the headline tells beside the cost.
    more: sections of what else is told of the same stacks, before what is folded.
    """
    head = Section(head=f"[//]: <> ({marker})\n\n## {headline(stacks)}{also}\n")
    folded = [assumptions(stacks, 4), formulas(stacks, 5)]
    parts = [head, _stacks(stacks), _warnings(stacks), _changes(stacks), _unknown(stacks), *more, *folded, Section(head=_foot(stacks))]
    return fitted([part for part in parts if part], limit)


def headline(stacks: Sequence[StackReport]) -> str:
    """The one sentence: `Cost: +$410/mo expected (+$120 … +$1,900), 2 items unpriced`."""
    whole = _whole(stacks)
    unknown, new = (sum(getattr(stack, name) for stack in stacks) for name in ("unknown", "newly_unknown"))
    told = f", {unknown} item{'' if unknown == 1 else 's'} unpriced{f' ({new} new)' if new else ''}" if unknown else ""
    nothing = without_total([stack.after for stack in stacks])
    if nothing and not any(stack.before and stack.before.lines for stack in stacks):
        # Of a new stack, or one with new gaps, nobody knows whether its cost changes.
        same = "" if new or any(stack.before is None for stack in stacks) else "no change, "
        return f"Cost: {same}{nothing}{f' ({new} new)' if new else ''}"
    if whole == ZERO:
        after = total(line for stack in stacks for line in stack.after.lines)
        return f"Cost: no change, {'at least ' if unknown else ''}{money(after.expected)}/mo expected ({span(after)}){told}"
    return f"Cost: {change(whole.expected)}/mo expected ({change_span(whole)}){told}"


def _whole(stacks: Sequence[StackReport]) -> Band:
    return sum((stack.diff.change for stack in stacks), ZERO)


def _stacks(stacks: Sequence[StackReport]) -> Section:
    head = "| stack | before | after | Δ expected | Δ low … high | worst case after | confidence |\n|---|--:|--:|--:|--:|--:|---|\n"
    rows = [_stack(stack) for stack in stacks]
    return Section(head=head, rows=rows if len(stacks) < 2 else [_all(stacks), *rows])


def _all(stacks: Sequence[StackReport]) -> str:
    before, after = (total(line for stack in stacks for line in _side(stack, side).lines) for side in ("before", "after"))
    vague, least = (any(_side(stack, side).at_least for stack in stacks) for side in ("before", "after"))
    was = _told(before.expected, before, vague)
    sure = min(stack.after.confidence for stack in stacks)
    return _amounts("**all stacks**", was, after, _whole(stacks), least, str(sure))


def _side(stack: StackReport, side: str) -> Estimate:
    return stack.after if side == "after" else stack.before or NOTHING


def _stack(stack: StackReport) -> str:
    before = _told(stack.before.total.expected, stack.before.total, stack.before.at_least) if stack.before else "new"
    after = stack.after
    return _amounts(code(stack.name), before, after.total, stack.diff.change, after.at_least, str(after.confidence))


def _amounts(name: str, before: str, after: Band, changed: Band, least: bool, sure: str) -> str:
    deltas = f"**{change(changed.expected)}** | {change_span(changed)}"
    return f"| {name} | {before} | {_told(after.expected, after, least)} | {deltas} | {_told(after.high, after, least)} | {sure} |"


def _told(level: Decimal, of: Band, least: bool) -> str:
    """One level of a total; where nothing of it is known, no amount: `at least $0` says nothing."""
    return "unknown" if least and not of.high else f"{'at least ' if least else ''}{money(level)}"


def _warnings(stacks: Sequence[StackReport]) -> Section | None:
    """What makes the amounts above mean less than they seem to."""
    lost, found = (sum((getattr(stack.diff, name) for stack in stacks), ZERO) for name in ("no_longer_known", "newly_known"))
    rows: list[str] = []
    if lost != ZERO:
        rows.append(f"- **{money(lost.expected)} of this is no saving**: the price of what cost that is not known any more.")
    if found != ZERO:
        rows.append(f"- **{money(found.expected)} of this is no new cost**: it was there before, and its price has become known.")
    notes = [(stack.name, note) for stack in stacks for side in (stack.before, stack.after) if side for note in side.notes]
    rows += [f"- {code(name)}: {prose(note)}" for name, note in dict.fromkeys(notes)]
    return Section(head="", rows=rows, rank=1) if rows else None


def _changes(stacks: Sequence[StackReport]) -> Section | None:
    found = [(stack, each) for stack in stacks for each in stack.diff.changes]
    if not found:
        return None
    # A worst case that jumps must not fall off the list; in it, the order is that of the column that a reader sees first.
    found.sort(key=lambda each: weight(each[1].change), reverse=True)
    shown = sorted(found[:_TOP], key=lambda each: expected_first(each[1]))
    where = " stack |" if len(stacks) > 1 else ""
    head = f"### What changed\n\n| |{where} resource | Δ expected | Δ low … high | what changed most | confidence |\n"
    rule = f"|---|{'---|' if where else ''}---|--:|--:|---|---|\n"
    rows = [_change(each, stack.name if where else "") for stack, each in shown]
    return Section(head=head + rule, rows=rows, rank=3, more=max(len(found) - _TOP, 0))


def _change(each: ResourceChange, stack: str) -> str:
    where = f" {code(stack)} |" if stack else ""
    doubt = " (see above)" if each.doubtful else ""
    what = _name(each.urn)
    deltas = f"{change(each.change.expected)} | {change_span(each.change)}"
    return f"| {each.kind} |{where} {what} | {deltas} | {prose(each.driver)}{doubt} | {each.confidence} |"


def _unknown(stacks: Sequence[StackReport]) -> Section | None:
    """Always open: what is not in the amounts, the new first, then by name: a preview's own order differs from run to run."""
    found: dict[tuple[bool, str, str], list[str]] = {}
    for stack in stacks:
        where = f"{code(stack.name)}: " if len(stacks) > 1 else ""
        for new, urn, why in _gaps(stack):
            found.setdefault((not new, where, why), []).append(urn)
    rows = [
        f"- {'' if known else '**new** '}{where}{', '.join(map(_name, part))}{why}"
        for (known, where, why), urns in sorted(found.items())
        for part in tens(sorted(urns))
    ]
    return Section(head="### Not priced: not in the amounts above\n\n", rows=rows, rank=2) if rows else None


def _gaps(stack: StackReport) -> Iterator[tuple[bool, str, str]]:
    """Whether it is new, the URN, and what is unknown why."""
    new: set[object] = {*stack.diff.newly_unpriced, *stack.diff.newly_unsupported} if stack.before else set()
    for each in stack.after.unpriced:
        yield each in new, each.urn, f", {prose(each.driver)}: {prose(each.reason)}"
    for urn in stack.after.unsupported:
        yield urn in new, urn, ": no resource of this type is priced"


def _name(urn: str) -> str:
    return f"{code(name_of(urn))} {prose(kind_word(urn))}"


def _foot(stacks: Sequence[StackReport]) -> str:
    dates = price_dates(line for stack in stacks for line in stack.after.lines)
    return f"USD a month of {HOURS_PER_MONTH} hours at list prices without tax{dates}."
