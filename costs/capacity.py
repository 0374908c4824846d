"""Machines that scale: how many run, and what an hour of them costs on demand or as spot."""

from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from typing import Final

from catalogue.catalogue import Catalogue
from catalogue.model import Confidence, Offer, Price, Source
from costs.model import IDLE, Factor, MachineUse
from costs.money import Band
from costs.pricing import Pricing
from costs.words import usd_text

# A spot instance is never dearer than on demand; the deepest discount that AWS, Google Cloud and Azure each promise is about 90 %.
SPOT_MOST_SAVING: Final = Decimal("0.90")
# What share of the time spot capacity is missing and on-demand machines stand in, by the advisor's interruption band (its upper edge).
_FALLBACK: Final = {"<5%": "0.05", "5-10%": "0.10", "10-15%": "0.15", "15-20%": "0.20", ">20%": "0.30"}
_FALLBACK_UNKNOWN: Final = Decimal("0.10")


def scaled(pricing: Pricing, words: str, minimum: Decimal | None, desired: Decimal | None, maximum: Decimal | None) -> Factor:
    """How many of an autoscaled set run: low the minimum, high the maximum, expected from the traffic where it is told.

    `words` names what is counted (`nodes`, `replicas`) and is also the usage that gives the number directly. Without an upper limit the
    worst case has no bound, so ten times the expected number is taken, as an assumption.
    """
    low = minimum if minimum is not None else desired if desired is not None else Decimal(1)
    told = pricing.usage(words) or _by_traffic(pricing, words)
    if maximum is None:
        expected = told.amount.expected if told else desired if desired is not None else max(low, Decimal(1))
        maximum = max(expected, low, Decimal(1)) * 10
        pricing.assume(f"most {words}", Band.exactly(maximum), "no maximum is set: ten times the expected number stands for the worst case")
    maximum = max(maximum, low)
    if low == maximum:
        return Factor(words, Band.exactly(low))
    if told:
        return Factor(told.words, Band(low, told.amount.clamped(low, maximum).expected, maximum), told.confidence)
    # A set that may scale to nothing is not expected to stay there: nobody pays for a pool that is never used.
    expected = min(max(desired or low, low) or Decimal(1), maximum)
    return pricing.assume(
        words, Band(low, expected, maximum), "no traffic is told: between the limits, as many as set at the start (one where that is none)"
    )


def say_idle(pricing: Pricing, running: Factor) -> None:
    """Notes what nodes cost of which none may run."""
    if not running.amount.low and running.amount.high:
        pricing.note(IDLE, "$0.00", "scales to zero")


def say_held(pricing: Pricing, *drivers: str) -> None:
    """Notes what capacity costs that is paid whether or not machines use it: the lines of these drivers, as they begin."""
    own = (line for line in pricing.found.lines if line.urn == pricing.resource.urn and line.driver.startswith(drivers))
    usd = sum((line.usd.low for line in own), Decimal(0))
    if usd:
        pricing.note(IDLE, f"${usd_text(usd)} a month", "reserved: billed whether it is used or not")


def _by_traffic(pricing: Pricing, words: str) -> Factor | None:
    traffic, each = pricing.usage("requestsPerSecond"), pricing.usage("requestsPerSecondPerReplica")
    if traffic is None or each is None or not each.amount.expected:
        return None
    levels = (traffic.amount.low, traffic.amount.expected, traffic.amount.high)
    needed = Band(*((level / each.amount.expected).to_integral_value(ROUND_CEILING) for level in levels))
    told = f"{words} = ceil({traffic.amount.expected} requests/s ÷ {each.amount.expected} each)"
    return Factor(told, needed, min(traffic.confidence, each.confidence))


def machines(
    pricing: Pricing, driver: str, instance_type: str, running: Factor, *, spot: bool = False, hours: Factor | None = None
) -> Offer | None:
    """A line for machines of a type by the hour; None, and listed as unpriced, where there is no price."""
    offer = pricing.machine(instance_type, driver)
    if offer is None or offer.on_demand is None:
        return None
    price = spot_price(pricing, offer) if spot else offer.on_demand
    time = hours or pricing.hours()
    use = MachineUse(offer, running.amount, time.amount, spot)
    pricing.line(f"{driver} ({instance_type}{', spot' if spot else ''})", price, running, time, machine=use)
    return offer


def spot_price(pricing: Pricing, offer: Offer) -> Price:
    """USD an hour of spot capacity, with the share that was told to fall back to on demand, else the usual one."""
    told = pricing.usage("onDemandShare")
    price = usual_spot(pricing.catalogue, offer, told.amount.expected if told else None)
    assert price is not None  # machines() asks only where there is an on-demand price
    return price


def usual_spot(catalogue: Catalogue, offer: Offer, on_demand_share: Decimal | None = None) -> Price | None:
    """USD an hour of spot capacity: between the recorded discount and on demand; None where even that price is unknown.

    Expected: the recorded spot price (or saving) for the time that spot is to be had, on demand for the rest.
    """
    on_demand = offer.on_demand
    if on_demand is None:
        return None
    spot, fallback, source, note = _spot(catalogue, offer, on_demand)
    share = fallback if on_demand_share is None else on_demand_share
    expected = spot * (1 - share) + on_demand.usd * share
    note = f"{note}; {share:.0%} of the time on demand, in the worst case always"
    return replace(on_demand, usd=expected, low=min(spot, on_demand.usd), high=on_demand.usd, source=source, note=note)


def recorded_spot(catalogue: Catalogue, offer: Offer) -> Decimal | None:
    """USD an hour of spot capacity while there is some: recorded, or by the advisor's saving; None where neither is on record."""
    found = _spot_on_record(catalogue, offer, offer.on_demand) if offer.on_demand else None
    return found[0] if found else None


def _spot(catalogue: Catalogue, offer: Offer, on_demand: Price) -> tuple[Decimal, Decimal, Source, str]:
    """USD an hour, the share of the time in which there is none, the source and a note."""
    found = _spot_on_record(catalogue, offer, on_demand)
    if found:
        return found
    source = Source(text=on_demand.source.text, as_of=on_demand.source.as_of, confidence=Confidence.LOW)
    lowest = on_demand.usd * (1 - SPOT_MOST_SAVING)
    return lowest, Decimal(1), source, "no spot price is on record: between the deepest discount that clouds promise and on demand"


def _spot_on_record(catalogue: Catalogue, offer: Offer, on_demand: Price) -> tuple[Decimal, Decimal, Source, str] | None:
    if offer.spot is not None:
        known = offer.spot.source
        source = Source(text=known.text, as_of=known.as_of, confidence=min(known.confidence, Confidence.MEDIUM))
        return offer.spot.usd, _FALLBACK_UNKNOWN, source, "spot price of one day, which changes"
    machine = offer.machine
    for known in catalogue.commitments(machine.provider, machine.instance_type, offer.region):
        if known.plan == "spot-advisor-savings":
            fallback = Decimal(_FALLBACK.get(known.payment.removeprefix("interruption:"), str(_FALLBACK_UNKNOWN)))
            return on_demand.usd * (1 - known.value), fallback, known.source, f"the spot advisor's saving of {known.value:.0%}"
    return None
