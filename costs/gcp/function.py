"""Cloud Functions of both generations. Free tiers are not applied.

Source: Google Cloud, "Cloud Functions pricing"; defaults: the provider's documentation.
"""

from decimal import Decimal
from typing import Final

from costs.gcp.network import internet_egress
from costs.gcp.run_price import MOST, SECONDS, Scale, Size, busy_instances, by_request, limited, tier, tier_price
from costs.gcp.size import function_gib, vcpus
from costs.pricing import Pricer, Pricing, count

# vCPUs of a function by its memory in GiB. Source: Google Cloud, "Cloud Functions: memory limits" (second generation).
_FUNCTION_CPU: Final = (
    (Decimal("0.125"), Decimal("0.0833")),
    (Decimal("0.25"), Decimal("0.1666")),
    (Decimal("0.5"), Decimal("0.3333")),
    (Decimal(1), Decimal("0.5833")),
    (Decimal(2), Decimal(1)),
    (Decimal(8), Decimal(2)),
    (Decimal(16), Decimal(4)),
)
# MHz of a first-generation function by its MB. Source: Google Cloud, "Cloud Functions (1st gen) pricing".
_FIRST_MHZ: Final = ((128, 200), (256, 400), (512, 800), (1024, 1400), (2048, 2400), (8192, 4800))


def function(pricing: Pricing) -> None:
    """A function of the second generation: a Cloud Run service billed by request, one request at a time unless it says otherwise."""
    memory = function_gib(pricing.resource.get("serviceConfig.availableMemory") or "256M")
    told = pricing.resource.get("serviceConfig.availableCpu")
    cpu = vcpus(told) if told else _by_memory(memory)
    if memory is None or cpu is None:
        pricing.unpriced("instances", "serviceConfig.availableMemory or availableCpu is known only after `up`")
        return
    least, most = (pricing.number(f"serviceConfig.{name}") for name in ("minInstanceCount", "maxInstanceCount"))
    concurrency = pricing.number("serviceConfig.maxInstanceRequestConcurrency") or Decimal(1)
    by_request(pricing, Size(cpu=cpu, memory_gib=memory), limited(pricing, least, most, concurrency))
    internet_egress(pricing)


def _by_memory(memory: Decimal | None) -> Decimal | None:
    if memory is None:
        return None
    return next((cpu for most, cpu in _FUNCTION_CPU if memory <= most), Decimal(8))


def first_function(pricing: Pricing) -> None:
    """A function of the first generation: GB- and GHz-seconds while it works, and invocations."""
    memory = pricing.number("availableMemoryMb", 256)
    if memory is None:
        pricing.unpriced("invocations", "availableMemoryMb is known only after `up`")
        return
    mhz = next((mhz for most, mhz in _FIRST_MHZ if memory <= most), 4800)
    rate = pricing.usage_or("requestsPerSecond")
    most = pricing.number("maxInstances") or Decimal(MOST)
    busy = busy_instances(pricing, rate, Scale(least=Decimal(0), most=most, concurrency=Decimal(1)))
    parts = (("memory", "GB each", memory / 1024), ("cpu", "GHz each", Decimal(mhz) / 1000))
    for what, words, each in parts:
        price = tier_price(pricing, "cloud-functions", f"gen1-{what}-{tier(pricing)}", what)
        pricing.line(what, price, busy, count(words, each), SECONDS, usage_based=True)
    price = tier_price(pricing, "cloud-functions", "gen1-invocations", "invocations", everywhere=True)
    pricing.line("invocations", price, rate, SECONDS, usage_based=True)
    if pricing.number("minInstances"):
        pricing.unpriced("minimum instances", "no price of an idle first-generation instance is on record")
    internet_egress(pricing)


PRICERS: dict[str, Pricer] = {
    "gcp:cloudfunctionsv2/function:Function": function,
    "gcp:cloudfunctions/function:Function": first_function,
}
FREE: set[str] = set()
