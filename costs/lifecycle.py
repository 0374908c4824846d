"""Where objects lie as they age: the months of a bucket with lifecycle rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from costs.money import DAYS_PER_MONTH

HORIZON_DAYS: Final = 365
"""How far an estimate looks ahead where nothing deletes objects: the first year."""


@dataclass(frozen=True, slots=True)
class AgeClass:
    """From this age (days) on an object lies in this storage class."""

    from_days: int
    storage_class: str


@dataclass(frozen=True, slots=True)
class Placement:
    """One storage class of a bucket, which objects enter at the age of from_days.

    share: of what is stored, over the time looked at. entered: whether objects get there before they are deleted (or within the first
    year). days: how long each stays, None without end.
    """

    storage_class: str
    from_days: int
    share: Decimal
    entered: bool
    days: int | None


@lru_cache(maxsize=4_096)
def placements(classes: tuple[AgeClass, ...], delete_after_days: int | None) -> tuple[Placement, ...]:
    """How a bucket that is written evenly is spread over its classes, youngest first.

    With deletion after D days the ages are spread evenly over 0…D (the steady state). Without it what is stored is spread as in the
    average month of the first year.
    """
    ages = _sorted(classes)
    months = [volumes(ages, delete_after_days, month) for month in range(12)] if delete_after_days is None else []
    held = [sum(month[i] for month in months) for i in range(len(ages))] if months else _steady(ages, delete_after_days or 1)
    whole = sum(held) or Decimal(1)
    ends = [*(each.from_days for each in ages[1:]), delete_after_days]
    horizon = delete_after_days if delete_after_days is not None else HORIZON_DAYS
    return tuple(
        Placement(
            storage_class=each.storage_class,
            from_days=each.from_days,
            share=Decimal(held[i]) / whole,
            entered=each.from_days < horizon,
            days=None if ends[i] is None else max(0, min(ends[i] or 0, delete_after_days or ends[i] or 0) - each.from_days),
        )
        for i, each in enumerate(ages)
    )


def volumes(classes: Sequence[AgeClass], delete_after_days: int | None, month: int) -> list[Decimal]:
    """GiB in each class, averaged over the month (0 is the first), of a bucket that starts empty and takes one GiB a day."""
    start, end = month * DAYS_PER_MONTH, (month + 1) * DAYS_PER_MONTH
    ends = [*(Decimal(each.from_days) for each in classes[1:]), None]
    deleted = None if delete_after_days is None else Decimal(delete_after_days)
    held: list[Decimal] = []
    for each, until in zip(classes, ends, strict=True):
        low = Decimal(each.from_days)
        high = min((edge for edge in (until, deleted) if edge is not None), default=None)
        held.append((_area(end, low, high) - _area(start, low, high)) / DAYS_PER_MONTH)
    return held


def _area(day: Decimal, low: Decimal, high: Decimal | None) -> Decimal:
    """The integral to that day of how much is between two ages: it grows from `low` on and stays from `high` on."""
    if day <= low or (high is not None and high <= low):
        return Decimal(0)
    if high is None or day <= high:
        return (day - low) ** 2 / 2
    return (high - low) ** 2 / 2 + (high - low) * (day - high)


def _steady(ages: Sequence[AgeClass], delete_after_days: int) -> list[Decimal]:
    starts = [min(each.from_days, delete_after_days) for each in ages]
    return [Decimal(end - start) for start, end in zip(starts, [*starts[1:], delete_after_days], strict=True)]


def _sorted(classes: tuple[AgeClass, ...]) -> list[AgeClass]:
    """By age; of two classes from the same day the later named one holds, as a rule's last transition does."""
    latest = {each.from_days: each for each in classes}
    return [latest[day] for day in sorted(latest)]
