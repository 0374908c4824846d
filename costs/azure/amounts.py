"""Quantities that several of Azure's services count alike: free grants, days, requests, replicas by autoscale settings."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from catalogue.model import Confidence, Price
from costs.capacity import scaled
from costs.model import Factor
from costs.model import product as quantity_of
from costs.money import DAYS_PER_MONTH, SECONDS_PER_MONTH, Band, number_in
from costs.pricing import Pricing, count
from costs.tiers import Step, Tariff
from costs.words import number_text

DAYS = count("days a month", DAYS_PER_MONTH)
SECONDS = count("seconds a month", SECONDS_PER_MONTH)
AUTOSCALE = ("azure-native:monitor:AutoscaleSetting", "azure-native:insights:AutoscaleSetting")


def less_grant(factor: Factor, grant: Decimal | int, unit: str) -> Factor:
    """The quantity where a subscription's free grant may have been used up by something else: only the low level has it off."""
    low = max(factor.amount.low - grant, Decimal(0))
    words = f"{factor.words} (low: without the subscription's {number_text(grant)} {unit} free of charge)"
    return replace(factor, words=words, amount=Band(low, factor.amount.expected, factor.amount.high))


def requests(pricing: Pricing) -> tuple[Factor, ...]:
    """Requests a month: told as a number or as a rate, else assumed."""
    told = pricing.usage("requestsPerMonth")
    if told and not pricing.usage("requestsPerSecond"):
        return (told,)
    return pricing.usage_or("requestsPerSecond"), SECONDS


def product(words: str, *factors: Factor) -> Factor:
    """Several factors as one, as sure as the least sure of them."""
    return Factor(words, quantity_of(factors), min((factor.confidence for factor in factors), default=Confidence.HIGH))


def mapping(value: Any) -> dict[str, Any]:
    """The value where it is a mapping; an empty one for anything else, also for what is known only after `up`."""
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """The value where it is a list; an empty one for anything else."""
    return cast(list[Any], value) if isinstance(value, list) else []


def autoscaled(pricing: Pricing, words: str, capacity: Decimal) -> Factor:
    """How many run of what has a fixed capacity, unless an autoscale setting of the program moves it.

    A setting that is not enabled has no effect, and `enabled` is false by default. Of several profiles (schedules) the lowest minimum and
    the highest maximum count. Source: Azure Monitor, "Autoscale settings resource".
    """
    limits = [each for each in _profiles(pricing) if each]
    if not limits:
        return count(words, capacity)
    low, high = min(low for low, _, _ in limits), max(high for _, _, high in limits)
    return scaled(pricing, words, low, limits[0][1], high)


def _profiles(pricing: Pricing) -> list[tuple[Decimal, Decimal, Decimal]]:
    found: list[tuple[Decimal, Decimal, Decimal]] = []
    for kind in AUTOSCALE:
        for setting in pricing.program.referring(pricing.resource, kind, "targetResourceUri"):
            if setting.get("enabled") is not True:
                continue
            for at in range(len(setting.items("profiles"))):
                values = [number_in(setting.get(f"profiles.{at}.capacity.{name}")) for name in ("minimum", "default", "maximum")]
                low, default, high = values
                if low is None or high is None:
                    pricing.unpriced("autoscaled capacity", f"a limit of {setting.name} is known only after `up`")
                else:
                    found.append((low, default if default is not None else low, high))
    return found


def between(low: Price, high: Price, note: str) -> Price:
    """A price that is one of two, the dearer expected."""
    cheap, dear = sorted((low, high), key=lambda price: price.usd)
    return replace(dear, low=min(cheap.low, dear.low), high=max(cheap.high, dear.high), note=note)


def stepped(pricing: Pricing, driver: str, service: str, most: Decimal, steps: Iterable[tuple[int | None, str | None]]) -> Tariff | None:
    """A tariff of (upper edge, sku; None is free of charge), as far as the largest quantity reaches.

    Steps that cannot be reached need no price; the first that has none makes the driver unpriced.
    """
    known: list[Step] = []
    for edge, sku in steps:
        price = pricing.service(service, sku, driver) if sku else None
        if sku and price is None:
            return None
        known.append(Step(None if edge is None else Decimal(edge), price))
        if edge is not None and most <= edge:
            break
    return known[0].price if len(known) == 1 and known[0].price else tuple(known)
