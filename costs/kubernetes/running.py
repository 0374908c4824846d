"""How many pods of a workload run, and for how long."""

from decimal import Decimal
from typing import Final

from costs.capacity import scaled
from costs.kubernetes.pod_set import Pods
from costs.model import Factor
from costs.money import HOURS_PER_MONTH, Band
from costs.pricing import Pricing

_FINITE_HOURS: Final = Decimal(10)


def running(pricing: Pricing, made: Pods) -> Factor | None:
    """How many of its pods run; None, and listed as unpriced, where their number cannot be read."""
    if made.least is None:
        pricing.unpriced(made.words, f"the number of {made.words} is known only after `up`, or is no number")
        return None
    return scaled(pricing, made.words, made.least, made.desired, made.most)


def hours(pricing: Pricing, made: Pods) -> Factor:
    """Hours a month: all where the pods go on, told or assumed where they end; a Job never runs longer than its deadline."""
    if not made.finite:
        return pricing.hours()
    deadline = pricing.number("spec.activeDeadlineSeconds")
    most = HOURS_PER_MONTH if deadline is None else min(HOURS_PER_MONTH, deadline / 3600)
    taken = Band(Decimal(0), min(_FINITE_HOURS, most), most)
    return pricing.usage_or("hoursPerMonth", taken, "nobody says how long its pods run in a month")
