"""What a change of a program does to its cost, resource by resource."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from catalogue.model import Confidence
from costs.cause import cause, change, pairs, weight
from costs.model import Estimate, Line, Unpriced, total
from costs.money import ZERO, Band


class Kind(StrEnum):
    """What happened to a resource."""

    NEW = "+"
    CHANGED = "~"
    REMOVED = "-"


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceChange:
    """One resource whose cost changed.

    before, after: USD a month, None where it has no priced line. change: after - before at each level (at low use, as expected, at high
    use), so a level may fall while another rises. driver: what changed most, in words. doubtful: part of the change is only that a
    price is not known any more, or has become known.
    """

    urn: str
    kind: Kind
    before: Band | None
    after: Band | None
    change: Band
    driver: str
    confidence: Confidence
    doubtful: bool = False


@dataclass(frozen=True)
class EstimateDiff:
    """Two estimates of one program. changes: the dearest first, whatever their sign."""

    before: Estimate
    after: Estimate
    changes: tuple[ResourceChange, ...]

    @cached_property
    def change(self) -> Band:
        """USD a month, level by level: the sum of the changes, in which what is the same before and after is exactly nothing."""
        return sum((each.change for each in self.changes), ZERO)

    @cached_property
    def newly_unpriced(self) -> tuple[Unpriced, ...]:
        """Costs that are unknown after, and were known or not there before."""
        return _only(self.after.unpriced, self.before.unpriced)

    @cached_property
    def no_longer_unpriced(self) -> tuple[Unpriced, ...]:
        """Costs that were unknown before, and are known or gone after."""
        return _only(self.before.unpriced, self.after.unpriced)

    @property
    def newly_unsupported(self) -> tuple[str, ...]:
        """New resources (URN) of types that are not priced here."""
        known = {identity(urn) for urn in self.before.unsupported}
        return tuple(urn for urn in self.after.unsupported if identity(urn) not in known)

    @cached_property
    def no_longer_known(self) -> Band:
        """How much of the fall is no saving: lines that are gone because their price is not known any more."""
        return total(_vanished(self.before.lines, self.after.lines, self.newly_unpriced))

    @cached_property
    def newly_known(self) -> Band:
        """How much of the rise is no new cost: lines that are there because their price has become known."""
        return total(_vanished(self.after.lines, self.before.lines, self.no_longer_unpriced))


def diff(before: Estimate, after: Estimate) -> EstimateDiff:
    """What changes from one estimate to the other. Resources are the same by type and name: the stacks' own names may differ."""
    olds, news = _by_resource(before.lines), _by_resource(after.lines)
    unknown = _Unknown(before, after)
    changes = [_change(olds.get(key, []), news.get(key, []), unknown) for key in dict.fromkeys([*news, *olds])]
    found = [each for each in changes if each]
    return EstimateDiff(before, after, tuple(sorted(found, key=lambda each: (*(-level for level in weight(each.change)), each.urn))))


def identity(urn: str) -> str:
    """What stays the same of a URN from one stack or project to another: the types of its parents, its type and its name."""
    parts = urn.split("::", 2)
    return parts[2] if urn.startswith("urn:pulumi:") and len(parts) > 2 else urn


class _Unknown:
    """What has no price before and after, by resource. lost, gained: what is unknown only after, only before."""

    def __init__(self, before: Estimate, after: Estimate) -> None:
        self.before, self.after = _without_price(before), _without_price(after)
        self.lost = _by_urn(_only(after.unpriced, before.unpriced))
        self.gained = _by_urn(_only(before.unpriced, after.unpriced))


def _change(olds: list[Line], news: list[Line], unknown: _Unknown) -> ResourceChange | None:
    changed = [pair for pair in pairs(olds, news) if change(pair) != ZERO]
    if not changed:
        return None
    urn = (news or olds)[0].urn
    lost, gained = unknown.lost.get(identity(urn), []), unknown.gained.get(identity(urn), [])
    kind = _kind(olds, news, unknown)
    return ResourceChange(
        urn=urn,
        kind=kind,
        before=total(olds) if olds else None,
        after=total(news) if news else None,
        change=sum((change(pair) for pair in changed), ZERO),
        driver=_price_words(olds, news, lost, gained) or _thing_words(kind, olds, news) or cause(changed),
        confidence=min(line.confidence for pair in changed for line in pair if line),
        doubtful=bool(lost and any(new is None for _, new in changed)) or bool(gained and any(old is None for old, _ in changed)),
    )


def _kind(olds: list[Line], news: list[Line], unknown: _Unknown) -> Kind:
    """A resource that is there without a price has neither come nor gone."""
    key = identity((news or olds)[0].urn)
    if (olds or key in unknown.before) and (news or key in unknown.after):
        return Kind.CHANGED
    return Kind.NEW if news else Kind.REMOVED


def _price_words(olds: list[Line], news: list[Line], lost: list[Unpriced], gained: list[Unpriced]) -> str:
    if lost and not news:
        return f"{lost[0].driver} has no price any more: {lost[0].reason}"
    return f"{gained[0].driver} has a price now" if gained and not olds else ""


def _thing_words(kind: Kind, olds: list[Line], news: list[Line]) -> str:
    if kind is Kind.CHANGED:
        return ""
    machine = next((line.machine.offer.machine.instance_type for line in (*news, *olds) if line.machine), "")
    word = "new" if kind is Kind.NEW else "removed"
    return f"{word}: {machine}" if machine else word


def _without_price(estimate: Estimate) -> set[str]:
    return {identity(urn) for urn in (*(each.urn for each in estimate.unpriced), *estimate.unsupported)}


def _by_urn(listed: Iterable[Unpriced]) -> Mapping[str, list[Unpriced]]:
    found: dict[str, list[Unpriced]] = {}
    for each in listed:
        found.setdefault(identity(each.urn), []).append(each)
    return found


def _only(these: Iterable[Unpriced], those: Iterable[Unpriced]) -> tuple[Unpriced, ...]:
    known = {(identity(each.urn), each.driver) for each in those}
    return tuple(each for each in these if (identity(each.urn), each.driver) not in known)


def _vanished(lines: Iterable[Line], others: Iterable[Line], unknown: Iterable[Unpriced]) -> Iterator[Line]:
    """The lines that the other side lacks, of resources that have something unknown there."""
    doubtful = {identity(each.urn) for each in unknown}
    kept = {(identity(line.urn), line.driver) for line in others}
    return (line for line in lines if identity(line.urn) in doubtful and (identity(line.urn), line.driver) not in kept)


def _by_resource(lines: Iterable[Line]) -> Mapping[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(identity(line.urn), []).append(line)
    return found
