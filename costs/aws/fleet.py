"""Machines of which one of several types may run: a band of prices, not the cheapest alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from enum import Enum
from typing import Final

from catalogue.model import Confidence, Offer, Price
from costs.capacity import machines, spot_price
from costs.model import Factor, MachineUse
from costs.money import Band
from costs.pricing import Pricing

_MOST_NAMED: Final = 5


class Pick(Enum):
    """Which of several types is expected to run."""

    FIRST = "the first that is to be had"
    CHEAPEST = "the cheapest that is to be had"
    ANY = "any of them"


@dataclass(frozen=True, slots=True)
class Choice:
    """A type that may run, and how many units of capacity one machine of it counts for."""

    instance_type: str
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class _Priced:
    choice: Choice
    offer: Offer
    price: Price

    @property
    def unit(self) -> Decimal:
        """USD an hour for a unit of capacity."""
        return self.price.usd / self.choice.weight


def fleet(
    pricing: Pricing,
    driver: str,
    choices: Sequence[Choice],
    running: Factor,
    *,
    spot: bool = False,
    pick: Pick = Pick.FIRST,
    hours: Factor | None = None,
) -> None:
    """A line for `running` units of capacity of these types; a type without a price is listed as unpriced."""
    if len(choices) == 1 and choices[0].weight == 1:
        machines(pricing, driver, choices[0].instance_type, running, spot=spot, hours=hours)
        return
    priced = [each for choice in choices if (each := _priced(pricing, driver, choice, spot))]
    if not priced:
        return
    expected = _expected(priced, pick, running.amount.expected)
    units, time = _whole(running, priced, expected), hours or pricing.hours()
    use = MachineUse(expected.offer, units.amount / expected.choice.weight, time.amount, spot)
    spoken = f"{driver} ({_names(priced)}{', spot' if spot else ''})"
    pricing.line(spoken, _price(priced, expected, pick), units, time, machine=use)


def _priced(pricing: Pricing, driver: str, choice: Choice, spot: bool) -> _Priced | None:
    offer = pricing.machine(choice.instance_type, f"{driver} ({choice.instance_type})")
    if offer is None or offer.on_demand is None:
        return None
    return _Priced(choice, offer, spot_price(pricing, offer) if spot else offer.on_demand)


def _expected(priced: Sequence[_Priced], pick: Pick, units: Decimal) -> _Priced:
    if pick is Pick.FIRST:
        return priced[0]
    # By what the whole machines for these units cost: a large machine is no bargain where little is needed.
    ordered = sorted(priced, key=lambda each: (_round_up(units, each.choice.weight) * each.unit, each.unit))
    return ordered[0] if pick is Pick.CHEAPEST else ordered[(len(ordered) - 1) // 2]


def _price(priced: Sequence[_Priced], expected: _Priced, pick: Pick) -> Price:
    low = min(each.price.low / each.choice.weight for each in priced)
    high = max(each.price.high / each.choice.weight for each in priced)
    mean = pick is Pick.ANY and len({each.choice.weight for each in priced}) == 1
    usd = sum((each.unit for each in priced), Decimal(0)) / len(priced) if mean else expected.unit
    several = len({each.choice.instance_type for each in priced}) > 1
    sure = min(each.price.source.confidence for each in priced)
    source = replace(expected.price.source, confidence=min(sure, Confidence.MEDIUM) if several else sure)
    which = f"{_names(priced)}: {pick.value} runs" if several else ""
    note = "; ".join(part for part in (which, expected.price.note) if part)
    return replace(expected.price, usd=usd, low=low, high=high, source=source, note=note)


def _names(priced: Sequence[_Priced]) -> str:
    names = list(dict.fromkeys(each.choice.instance_type for each in priced))
    return (
        ", ".join(names)
        if len(names) <= _MOST_NAMED
        else f"{', '.join(names[: _MOST_NAMED - 1])} and {len(names) - _MOST_NAMED + 1} others"
    )


def _whole(running: Factor, priced: Sequence[_Priced], expected: _Priced) -> Factor:
    """Units rounded up to whole machines, since a machine that counts for four units is paid for as a whole."""
    if all(each.choice.weight == 1 for each in priced):
        return running
    amount = running.amount
    low = min(_round_up(amount.low, each.choice.weight) for each in priced)
    high = max(_round_up(amount.high, each.choice.weight) for each in priced)
    rounded = Band(low, _round_up(amount.expected, expected.choice.weight), high)
    return Factor(f"units of capacity in whole machines ({running.words})", rounded, running.confidence)


def _round_up(units: Decimal, weight: Decimal) -> Decimal:
    return (units / weight).to_integral_value(ROUND_CEILING) * weight
