"""What a refresh would change, and whether a person has to look at it first."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

VANISHING = Decimal(20)
"""Percent of a table's known prices that may vanish at once."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One price: old is None where it is new, new is None where it is gone; volatile: a spot price, which moves by nature."""

    name: str
    old: Decimal | None
    new: Decimal | None
    volatile: bool = False

    @property
    def percent(self) -> Decimal | None:
        """How far the price moved, in percent of the old one; None where one of the two is missing."""
        return (self.new - self.old) / self.old * 100 if self.old and self.new is not None else None


@dataclass(frozen=True, kw_only=True)
class TableChanges:
    """The changes of one table: machines of a region, a service in a region, reservations of a region."""

    title: str
    known: int
    changes: tuple[Change, ...]
    other: tuple[str, ...] = ()

    @property
    def added(self) -> list[Change]:
        """Prices that were not on record."""
        return [change for change in self.changes if change.old is None]

    @property
    def removed(self) -> list[Change]:
        """Prices that the interface does not list any more."""
        return [change for change in self.changes if change.new is None]

    @property
    def moved(self) -> list[Change]:
        """Prices that differ from the record, the biggest move first; spot prices, which always move, after the others."""
        moved = [(change.volatile, -abs(percent), change) for change in self.changes if (percent := change.percent) is not None]
        return [change for *_, change in sorted(moved, key=lambda found: (*found[:2], found[2].name))]

    def refusals(self, threshold: Decimal) -> list[str]:
        """Why a person has to accept these changes: a line for each price that moves too far, one where too many vanish."""
        lines = [f"{self.title}: {note}" for note in self.other]
        gone = [change for change in self.removed if not change.volatile]
        if self.known and Decimal(len(gone) * 100) / self.known > VANISHING:
            lines.append(f"{self.title}: {len(gone)} of {self.known} known prices would vanish (more than {VANISHING} %)")
        return lines + [f"{self.title}: {said(change)}" for change in self.moved if _too_far(change, threshold)]


def said(change: Change) -> str:
    """The change in words: old → new and percent."""
    if change.old is None:
        return f"{change.name} new at {change.new:f}"
    if change.new is None:
        return f"{change.name} {change.old:f} → no price"
    return f"{change.name} {change.old:f} → {change.new:f} USD ({change.percent:+.1f} %)"


def compared(old: dict[str, str], new: dict[str, str], *, volatile: bool = False) -> list[Change]:
    """The changes between two price lists; an empty price is none."""
    names: Iterable[str] = sorted({*old, *new})
    pairs = [(name, _price(old.get(name)), _price(new.get(name))) for name in names]
    return [Change(name=name, old=before, new=after, volatile=volatile) for name, before, after in pairs if before != after]


def _too_far(change: Change, threshold: Decimal) -> bool:
    return not change.volatile and change.percent is not None and abs(change.percent) > threshold


def _price(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
