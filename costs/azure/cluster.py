"""AKS clusters: the control plane, the pools written into it, and the way out to the internet that AKS makes."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from catalogue.model import Confidence
from costs.azure.egress import egress
from costs.azure.node_pool import price_pool, rungs
from costs.model import Factor
from costs.pricing import Pricer, Pricing, count
from costs.rung import Rung, Rungs

SERVICE: Final = "aks"
# Source: AKS, "Free, Standard and Premium pricing tiers for AKS cluster management".
_TIERS: Final = {"standard": "standard-tier-uptime-sla", "premium": "premium-tier-long-term-support"}
_FREE_METER: Final = "free-tier-infrastructure-meter-from-2026-10-01"
_POOL: Final = "azure-native:containerservice:AgentPool"


def _cluster(pricing: Pricing) -> None:
    automatic = pricing.text("sku.name").lower() == "automatic"
    _control_plane(pricing, automatic)
    provisioned = pricing.text("nodeProvisioningProfile.mode").lower() == "auto"
    # Without default pools it makes nodes for the pools only that the program itself declares, which are priced there.
    if automatic or (provisioned and pricing.text("nodeProvisioningProfile.defaultNodePools").lower() != "none"):
        pricing.unpriced("nodes by auto-provisioning", "AKS chooses machines by what the pods ask for")
    _pools(pricing)
    _way_out(pricing)


def _control_plane(pricing: Pricing, automatic: bool) -> None:
    tier = pricing.text("sku.tier", "Free").lower()
    if pricing.unreadable("sku") or pricing.unreadable("sku.tier"):
        pricing.unpriced("control plane", "sku.tier is known only after `up`")
    elif automatic:
        pricing.line("control plane", pricing.service(SERVICE, "automatic-hosted-control-plane", "control plane"), *_always(pricing))
    elif tier in _TIERS:
        pricing.line(f"control plane ({tier})", pricing.service(SERVICE, _TIERS[tier], "control plane"), *_always(pricing))
    elif tier == "free":
        _free_tier(pricing)
    else:
        pricing.unpriced("control plane", f"the tier '{tier}' has no price list here")


def _free_tier(pricing: Pricing) -> None:
    """Free by AKS's documentation, while a capture of the price list has a meter for it since 2026-10-01: between nothing and that."""
    meter = pricing.catalogue.service(pricing.provider, SERVICE, _FREE_METER, pricing.region) if pricing.region else None
    if meter:
        unsure = replace(meter.source, confidence=Confidence.LOW)
        note = "the Free tier costs nothing by its documentation; a price list of 2026-10 has a meter for it"
        price = replace(meter, usd=Decimal(0), low=Decimal(0), source=unsure, note=note)
        pricing.line("control plane (free)", price, *_always(pricing))


def _always(pricing: Pricing) -> tuple[Factor, Factor]:
    return count("cluster", 1), pricing.hours()


def _pools(pricing: Pricing) -> None:
    if pricing.unreadable("agentPoolProfiles"):
        pricing.unpriced("nodes", "agentPoolProfiles is known only after `up`")
    for at, name in _inline(pricing):
        price_pool(pricing, at, name)


def _inline(pricing: Pricing) -> list[tuple[str, str]]:
    """Path and name of each pool in the cluster itself; one that the program also declares by itself is priced there."""
    declared = {pool.get("agentPoolName") for pool in pricing.program.referring(pricing.resource, _POOL, "resourceName")}
    names = [pricing.text(f"agentPoolProfiles.{at}.name") for at in range(len(pricing.resource.items("agentPoolProfiles")))]
    return [(f"agentPoolProfiles.{at}.", name or str(at)) for at, name in enumerate(names) if not name or name not in declared]


def _rungs(pricing: Pricing) -> list[Rung]:
    return [rung for at, _ in _inline(pricing) for rung in rungs(pricing, at)]


def _way_out(pricing: Pricing) -> None:
    """Left out, a Standard load balancer with one rule and one address. Source: AKS, "Customize cluster egress with outbound types"."""
    if pricing.unreadable("networkProfile.outboundType"):
        pricing.unpriced("outbound traffic", "networkProfile.outboundType is known only after `up`")
        return
    kind = pricing.text("networkProfile.outboundType", "loadBalancer").lower()
    one = count("made by AKS for outbound traffic", 1)
    if kind == "loadbalancer" and pricing.text("networkProfile.loadBalancerSku", "standard").lower() == "standard":
        rule = pricing.service("load-balancer", "standard-first-5-rules", "outbound load balancer")
        pricing.line("outbound load balancer", rule, one, pricing.hours())
        addresses = pricing.number("networkProfile.loadBalancerProfile.managedOutboundIPs.count", 1)
        if pricing.resource.get("networkProfile.loadBalancerProfile.outboundIPs") is None and addresses is not None:
            _addresses(pricing, int(addresses))
        egress(pricing)
    elif kind == "managednatgateway":
        pricing.line("outbound NAT gateway", pricing.service("nat-gateway", "gateway", "outbound NAT gateway"), one, pricing.hours())
        processed = pricing.usage_or("processedGibPerMonth")
        pricing.line("NAT data", pricing.service("nat-gateway", "data-processed", "NAT data"), processed, usage_based=True)
        _addresses(pricing, int(pricing.number("networkProfile.natGatewayProfile.managedOutboundIPProfile.count", 1) or 1))
        egress(pricing)


def _addresses(pricing: Pricing, number: int) -> None:
    price = pricing.service("public-ip", "standard-static-regional", "outbound public IP")
    pricing.line("outbound public IP", price, count("addresses", number), pricing.hours())


PRICERS: dict[str, Pricer] = {"azure-native:containerservice:ManagedCluster": _cluster}
RUNGS: dict[str, Rungs] = {"azure-native:containerservice:ManagedCluster": _rungs}
FREE: set[str] = set()
