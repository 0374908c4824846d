"""How much a bucket holds and takes in, for the charges that the model of all clouds does not know."""

from decimal import Decimal

from costs.model import Factor
from costs.money import DAYS_PER_MONTH, Band
from costs.object_storage import written_gib
from costs.pricing import Pricing


def stored(pricing: Pricing, delete_after_days: int | None) -> Factor:
    """GiB on the average day: told, or from what is told to be written, as in costs.object_storage."""
    told, written_told = pricing.usage("storedGib"), pricing.usage("writtenGibPerMonth")
    if told or written_told is None:
        return told or pricing.usage_or("storedGib")
    days = Decimal(min(delete_after_days, 365)) if delete_after_days else DAYS_PER_MONTH * 6
    return Factor(f"GiB stored ({written_told.words})", written_told.amount * (days / DAYS_PER_MONTH), written_told.confidence)


def written(pricing: Pricing, delete_after_days: int | None) -> Factor:
    """GiB a month, as costs.object_storage counts them."""
    return written_gib(pricing, delete_after_days, stored(pricing, delete_after_days))


def replaced(pricing: Pricing, delete_after_days: int | None) -> Factor:
    """Which share of what is written is deleted or replaces something in the end.

    All of it where a rule deletes by age. Otherwise all of it if what is stored is taken to be renewed, and none if only what is written
    is told: then the bucket grows.
    """
    if delete_after_days is not None:
        return Factor("of it deleted in the end", Band.exactly(1))
    expected = 0 if pricing.usage("writtenGibPerMonth") else 1
    return pricing.assume("share of what is written that replaces something", Band.of(0, expected, 1), "no rule deletes by age")
