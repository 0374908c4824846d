"""How much a bucket holds and takes in, for the charges that the model of all clouds does not know."""

from decimal import Decimal

from costs.model import Factor
from costs.money import DAYS_PER_MONTH, Band
from costs.pricing import Pricing


def stored(pricing: Pricing, delete_after_days: int | None) -> Factor:
    """GiB on the average day: told, or from what is told to be written, as in costs.object_storage."""
    told, written_told = pricing.usage("storedGib"), pricing.usage("writtenGibPerMonth")
    if told or written_told is None:
        return told or pricing.usage_or("storedGib")
    days = Decimal(min(delete_after_days, 365)) if delete_after_days else DAYS_PER_MONTH * 6
    return Factor(f"GiB stored ({written_told.words})", written_told.amount * (days / DAYS_PER_MONTH), written_told.confidence)


def written(pricing: Pricing, delete_after_days: int | None) -> Factor:
    """GiB a month: told, or what is stored renewed as the lifecycle deletes it, once a year without."""
    told = pricing.usage("writtenGibPerMonth")
    if told:
        return told
    days = Decimal(delete_after_days or 365)
    rate = stored(pricing, delete_after_days).amount * (DAYS_PER_MONTH / days)
    # In the same words as costs.object_storage, so that it is one assumption.
    why = f"what is stored is renewed {'as the lifecycle deletes it' if delete_after_days else 'once a year'} ({days} days)"
    return pricing.assume("writtenGibPerMonth", rate, why)


def replaced(pricing: Pricing, delete_after_days: int | None) -> Factor:
    """Which share of what is written is deleted or replaces something in the end.

    All of it where a rule deletes by age. Otherwise all of it if what is stored is taken to be renewed, and none if only what is written
    is told: then the bucket grows.
    """
    if delete_after_days is not None:
        return Factor("of it deleted in the end", Band.exactly(1))
    expected = 0 if pricing.usage("writtenGibPerMonth") else 1
    return pricing.assume("share of what is written that replaces something", Band.of(0, expected, 1), "no rule deletes by age")


def objects_per_gib(pricing: Pricing) -> Factor:
    """1024 ÷ the MiB of the average object; small objects are the dear case."""
    size = pricing.usage_or("objectMib", reason="size of the average object")
    least = Decimal("0.001")
    levels = (1024 / max(level, least) for level in (size.amount.high, size.amount.expected, size.amount.low))
    return Factor("objects per GiB", Band(*levels), size.confidence)
