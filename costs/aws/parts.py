"""What the AWS pricers share: simple pricers made from a sku, tiered prices, requests, what is sent to the internet."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from catalogue.model import Confidence, Price
from costs.model import Factor
from costs.money import SECONDS_PER_MONTH, Band
from costs.pricing import Pricer, Pricing
from costs.resource import Missing, Resource
from costs.tiers import Tariff

Edges = Sequence[tuple[int | None, str]]
"""(upper edge in the price's unit, sku), lowest first."""

# 10 TB, the next 40, the next 100 (1 TB = 1024 GB). Source: Amazon EC2 on-demand pricing, "Data transfer".
_EGRESS: Final = (
    (10_240, "internet-egress-first-10TB"),
    (51_200, "internet-egress-next-40TB"),
    (153_600, "internet-egress-next-100TB"),
    (None, "internet-egress-over-150TB"),
)


def no_free_tier(pricing: Pricing, what: str) -> None:
    """AWS's free allowances hold once for an account, so no single resource can claim them."""
    pricing.note("free tier", "not applied", f"{what} that AWS does not bill are shared by the whole account")


def on_record(pricing: Pricing, service: str, sku: str) -> Price | None:
    """The price where there is one; nothing is listed where there is none."""
    return pricing.catalogue.service(pricing.provider, service, sku, pricing.region) if pricing.region else None


def tiered(pricing: Pricing, service: str, edges: Edges, driver: str) -> Tariff | None:
    """Steps of those tiers that are on record; the last one known holds for what comes after it, since AWS's tiers only get cheaper."""
    known = recorded(pricing, service, edges)
    if not known:
        return pricing.service(service, edges[0][1], driver)
    if len(known) < len(edges):
        missing = f"no price of {edges[len(known)][1]} in {pricing.region} is on record"
        pricing.note(f"price of {driver}", "that of the first tiers", missing)
    prices = [(edge, pricing.service(service, sku, driver)) for edge, sku in known]
    return prices[0][1] if len(prices) == 1 else pricing.steps(*prices)


def recorded(pricing: Pricing, service: str, edges: Edges) -> list[tuple[int | None, str]]:
    """The tiers on record, the last without an edge."""
    known: list[tuple[int | None, str]] = []
    for edge, sku in edges:
        if on_record(pricing, service, sku) is None:
            break
        known.append((edge, sku))
    return [*known[:-1], (None, known[-1][1])] if known else []


def requests(pricing: Pricing) -> tuple[Factor, ...]:
    """Requests a month: told as such, else by the second, else assumed."""
    monthly, rate = pricing.usage("requestsPerMonth"), pricing.usage("requestsPerSecond")
    if monthly is None and rate is not None:
        return rate, Factor("seconds a month", Band.exactly(SECONDS_PER_MONTH))
    return (monthly or pricing.usage_or("requestsPerMonth"),)


def egress(pricing: Pricing, sent: Factor) -> None:
    """A line for what is sent to the internet, by tiers. Source: Amazon EC2 on-demand pricing, "Data transfer"."""
    driver = "data sent to the internet"
    payer = _paid_before(pricing, sent, driver)
    if payer:
        pricing.note(driver, "none", f"what its component sends to the internet is counted with {payer}")
        return
    no_free_tier(pricing, "100 GB a month sent to the internet")
    pricing.line(driver, tiered(pricing, "data-transfer", _EGRESS, driver), sent, usage_based=True)


def teller(pricing: Pricing, quantity: str, told: Factor) -> Resource | None:
    """The component that told this quantity for all that stands in it; None where it was told for the resource itself, or assumed."""
    named = (each for each in pricing.program.ancestors(pricing.resource) if not each.custom and each.get(f"usage.{quantity}"))
    found = next(named, None)
    return found if found and told.words == f"{quantity} ({found.name})" else None


def _paid_before(pricing: Pricing, sent: Factor, driver: str) -> str | None:
    """The resource of the same component that has paid for what the component sends: it is told once for all of them."""
    around, program = teller(pricing, "egressGibPerMonth", sent), pricing.program
    for line in pricing.found.lines if around else ():
        payer = program.resources.get(line.urn)
        if line.driver == driver and line.factors == (sent,) and payer and any(each is around for each in program.ancestors(payer)):
            return payer.name
    return None


def between(low: Price | None, expected: Price | None, high: Price | None, note: str) -> Price | None:
    """One price out of three, where nobody can say how much is paid at which; None where one of them is not known."""
    if low is None or expected is None or high is None:
        return None
    sure = min(Confidence.MEDIUM, *(each.source.confidence for each in (low, expected, high)))
    levels = sorted((low.usd, expected.usd, high.usd))
    source = replace(expected.source, confidence=sure)
    return replace(expected, low=levels[0], usd=levels[1], high=levels[2], source=source, note=note)


def number_of(pricing: Pricing, other: Resource | None, path: str, default: int | None = None) -> Decimal | None:
    """The number in another resource's property, read as `Pricing.number` reads its own."""
    return replace(pricing, resource=other).number(path, default) if other else None


def how_many(pricing: Pricing, path: str, words: str, assumed: Band) -> Factor:
    """How long a list is; where it is left out or known only after `up`, this band is assumed."""
    value = pricing.resource.get(path)
    if isinstance(value, list | tuple) and value:
        return Factor(f"{words} ({path})", Band.exactly(len(pricing.resource.items(path))))
    reason = "the list is known only after `up`" if isinstance(value, Missing) else f"{path} is left out"
    return pricing.assume(words, assumed, reason)


def metered(service: str, sku: str, driver: str, quantity: str) -> Pricer:
    """A pricer of something that costs by one usage quantity."""
    return lambda pricing: pricing.line(driver, pricing.service(service, sku, driver), pricing.usage_or(quantity), usage_based=True)


def hourly(service: str, sku: str, driver: str) -> Pricer:
    """A pricer of something that costs by the hour as long as it stands."""
    return lambda pricing: pricing.line(driver, pricing.service(service, sku, driver), pricing.hours())


def monthly(service: str, sku: str, driver: str) -> Pricer:
    """A pricer of something that costs by the month as long as it stands."""
    return lambda pricing: pricing.line(driver, pricing.service(service, sku, driver), Factor(driver, Band.exactly(1)))


def together(*pricers: Pricer) -> Pricer:
    """All of these cost drivers."""

    def price(pricing: Pricing) -> None:
        for each in pricers:
            each(pricing)

    return price


def unlisted(driver: str, reason: str = "its price list is not on record") -> Pricer:
    """A pricer of something that AWS bills and that has no price here: named, never 0."""
    return lambda pricing: pricing.unpriced(driver, reason)
