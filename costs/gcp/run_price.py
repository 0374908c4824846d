"""What an instance of Cloud Run costs: by request or for as long as it is there, in tier 1 and tier 2 regions.

Source: Google Cloud, "Cloud Run pricing".
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from catalogue.model import Price
from costs.model import Factor
from costs.money import SECONDS_PER_MONTH, Band
from costs.pricing import Pricing, count

SERVICE: Final = "cloud-run"
TIER_1: Final = frozenset(
    {
        *("asia-east1", "asia-northeast1", "asia-northeast2", "europe-north1", "europe-southwest1", "europe-west1", "europe-west4"),
        *("europe-west8", "europe-west9", "me-west1", "us-central1", "us-east1", "us-east4", "us-east5", "us-south1", "us-west1"),
    }
)
# Where a tier's price was read: by definition it is the same in all regions of the tier.
_READ_IN: Final = {"tier1": ("tier1", "us-central1"), "tier2": ("tier2", "europe-west3")}
# The most instances of a service that sets no maximum. Source: Google Cloud, "About maximum instances".
MOST: Final = 100
SECONDS: Final = count("seconds a month", SECONDS_PER_MONTH)


@dataclass(frozen=True, kw_only=True)
class Size:
    """One instance, all containers together. gpu: the accelerator's name. redundant: whether GPUs are held in a second zone."""

    cpu: Decimal
    memory_gib: Decimal
    gpus: Decimal = Decimal(0)
    gpu: str = "nvidia-l4"
    redundant: bool = True


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How many instances there may be, and how many requests one works on at most. most: None without a limit that is known."""

    least: Decimal
    most: Decimal
    concurrency: Decimal


def limited(pricing: Pricing, least: Decimal | None, most: Decimal | None, concurrency: Decimal) -> Scale:
    """The limits that a service sets, and Cloud Run's own where it sets none."""
    if not most:
        pricing.note("most instances", str(MOST), "no maximum is set: Cloud Run's default")
    top = most or Decimal(MOST)
    return Scale(least=least or Decimal(0), most=max(top, least or Decimal(0)), concurrency=concurrency)


def tier(pricing: Pricing) -> str:
    """Every region that is not tier 1 is tier 2."""
    return "tier1" if pricing.region in TIER_1 else "tier2"


def tier_price(pricing: Pricing, service: str, sku: str, driver: str, *, everywhere: bool = False) -> Price | None:
    """The sku's price in the region, else in any region of its tier (everywhere: of either tier), else listed as unpriced."""
    if pricing.region is None:
        return pricing.service(service, sku, driver)
    regions = [pricing.region, *_READ_IN[tier(pricing)], *(_READ_IN["tier1"] if everywhere else ())]
    for region in regions:
        found = pricing.catalogue.service(pricing.provider, service, sku, region)
        # A price with a note is guessed from another region's: the tier's own is better.
        if found is not None and not found.note:
            return found
    return pricing.service(service, sku, driver)


def resource_lines(pricing: Pricing, driver: str, how: str, size: Size, instances: Factor, time: Factor = SECONDS) -> None:
    """vCPU- and GiB-seconds of instances, by a way of billing (request-based, instance-based, min-instance-idle)."""
    for what, words, each in (("cpu", "vCPUs each", size.cpu), ("memory", "GiB each", size.memory_gib)):
        name = f"{driver} {what}"
        price = tier_price(pricing, SERVICE, f"{what}-{how}-{tier(pricing)}", name)
        pricing.line(name, price, instances, count(words, each), time, usage_based=how != "min-instance-idle")
    if size.gpus:
        redundancy = "zonal-redundancy" if size.redundant else "no-zonal-redundancy"
        price = tier_price(pricing, SERVICE, f"gpu-{size.gpu}-{redundancy}", f"{driver} GPU")
        pricing.line(f"{driver} GPU ({size.gpu})", price, instances, count("GPUs each", size.gpus), time, usage_based=True)


def by_request(pricing: Pricing, size: Size, scale: Scale) -> None:
    """Instances are paid while they work on a request, at 0.40 USD a million on top; those kept warm at a lower price all the time."""
    rate = pricing.usage_or("requestsPerSecond")
    busy = busy_instances(pricing, rate, scale)
    resource_lines(pricing, "request", "request-based", size, busy)
    price = tier_price(pricing, SERVICE, "requests", "requests", everywhere=True)
    pricing.line("requests", price, rate, SECONDS, usage_based=True)
    if scale.least:
        warm = count("instances kept warm, as if they were always idle", scale.least)
        resource_lines(pricing, "minimum instances'", "min-instance-idle", size, warm)


def busy_instances(pricing: Pricing, rate: Factor, scale: Scale) -> Factor:
    """Instances at work on the average second: requests/s × seconds each ÷ how many one works on at once.

    As long as requests rarely meet, sharing saves nothing: then it is requests/s × seconds each, up to one whole instance.
    """
    duration = pricing.usage_or("durationMs")
    together = _together(pricing, scale)
    pairs = (
        (rate.amount.low, duration.amount.low, together.amount.high),
        (rate.amount.expected, duration.amount.expected, together.amount.expected),
        (rate.amount.high, duration.amount.high, together.amount.low),
    )
    levels = (min(_busy(each_second * each_takes / 1000, at_once), scale.most) for each_second, each_takes, at_once in pairs)
    sure = min(rate.confidence, duration.confidence, together.confidence)
    return Factor(f"instances at work ({rate.words} × {duration.words} ÷ {together.words})", Band(*levels), sure)


def _busy(work: Decimal, at_once: Decimal) -> Decimal:
    return min(work, max(Decimal(1), work / at_once))


def _together(pricing: Pricing, scale: Scale) -> Factor:
    """How many requests one instance works on at once: what is told, at most what it allows, at least one."""
    if scale.concurrency <= 1:
        return count("1 at once", 1)
    told = pricing.usage_or("concurrency", reason=f"how many of the {scale.concurrency} requests allowed at once one instance gets")
    return Factor(told.words, told.amount.clamped(1, scale.concurrency), told.confidence)


def always_on(pricing: Pricing, size: Size, scale: Scale) -> None:
    """Instances are paid from start to stop, without a price for requests: from the minimum to the maximum, expected by the traffic."""
    if scale.least == scale.most:
        resource_lines(pricing, "instance", "instance-based", size, count("instances", scale.least))
        return
    told = pricing.usage("replicas")
    needed = told or busy_instances(pricing, pricing.usage_or("requestsPerSecond"), scale)
    expected = needed.amount.expected.to_integral_value("ROUND_CEILING")
    band = Band(scale.least, min(max(expected, scale.least), scale.most), scale.most)
    words = told.words if told else f"instances = ceil({needed.words})"
    resource_lines(pricing, "instance", "instance-based", size, Factor(words, band, needed.confidence))
