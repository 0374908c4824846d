"""Traffic to the internet and to other regions."""

from typing import Final

from costs.azure.amounts import less_grant, stepped
from costs.money import ZERO
from costs.pricing import Pricing
from costs.resource import Program, Resource

SERVICE: Final = "bandwidth"
# The first 100 GB a month are free in a subscription. Source: Azure bandwidth pricing, "Internet egress".
_FREE_GIB: Final = 100
_STEPS: Final = ((10_240, "first-10TB-after-100GB-free"), (51_200, "next-40TB"), (153_600, "next-100TB"), (None, "over-150TB"))
# Source: Azure bandwidth pricing: zone 1 is North America and Europe, zone 3 South America, zone 2 everything else.
_ZONE_1: Final = (
    "us", "canada", "mexico", "europe", "uk", "france", "germany", "norway", "sweden", "switzerland", "italy", "poland", "spain",
    "austria", "belgium", "denmark", "finland", "greece",
)  # fmt: skip
_ZONE_3: Final = ("brazil", "chile")


def zone(region: str) -> str:
    """The billing zone of a region's traffic to the internet."""
    if any(name in region for name in _ZONE_3):
        return "zone3"
    # "australia" holds "us" too.
    return "zone1" if any(name in region.replace("australia", "") for name in _ZONE_1) else "zone2"


def egress(pricing: Pricing) -> None:
    """A line for traffic to the internet, by the steps of the region's zone."""
    if pricing.region is None:
        pricing.unpriced("internet egress", "the region is not known, so it has no price")
        return
    elsewhere = _counted_with(pricing)
    if elsewhere:
        pricing.assume("internet egress", ZERO, f"what its component sends to the internet is counted with {elsewhere.name}")
        return
    sent = less_grant(pricing.usage_or("egressGibPerMonth"), _FREE_GIB, "GB")
    steps = [(edge, f"internet-egress-{zone(pricing.region)}-{step}") for edge, step in _STEPS]
    tariff = stepped(pricing, "internet egress", SERVICE, sent.amount.high, steps)
    pricing.line("internet egress", tariff, sent, usage_based=True)


def _counted_with(pricing: Pricing) -> Resource | None:
    """Of several resources in a component that tells its traffic once, the one that has paid for it: the first that sends any."""
    teller, told = _teller(pricing.program, pricing.resource), pricing.usage("egressGibPerMonth")
    # What a usage file says is meant for each resource.
    if teller is None or told is None or told.words != f"egressGibPerMonth ({teller.name})":
        return None
    for line in pricing.found.lines:
        payer = pricing.program.resources.get(line.urn)
        same = line.driver == "internet egress" and any(factor.words.startswith(told.words) for factor in line.factors)
        if same and payer and _teller(pricing.program, payer) is teller:
            return payer
    return None


def _teller(program: Program, resource: Resource) -> Resource | None:
    return next((each for each in program.ancestors(resource) if not each.custom and each.get("usage.egressGibPerMonth")), None)
