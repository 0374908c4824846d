"""Load balancers and application gateways."""

from decimal import Decimal
from typing import Final

from costs.azure.egress import egress
from costs.capacity import scaled
from costs.model import Factor
from costs.pricing import Pricer, Pricing, count

# An instance of a v2 gateway is as good as ten capacity units. Source: Azure, "Understand pricing for Application Gateway".
_UNITS_PER_INSTANCE: Final = 10
_GATEWAY_V2: Final = {"standard_v2": "standard-v2", "waf_v2": "waf-v2"}


def _load_balancer(pricing: Pricing) -> None:
    """Five rules at one price, each further one on top; inbound NAT rules are free. Source: Azure Load Balancer pricing."""
    if pricing.text("sku.name", "Basic").lower() == "basic" and not pricing.unreadable("sku"):
        if pricing.usage("egressGibPerMonth"):
            egress(pricing)
        return
    if pricing.unreadable("sku") or pricing.unreadable("loadBalancingRules") or pricing.unreadable("outboundRules"):
        pricing.unpriced("rules", "sku or the rules are known only after `up`")
        return
    rules = len(pricing.resource.items("loadBalancingRules")) + len(pricing.resource.items("outboundRules"))
    if rules:
        first = pricing.service("load-balancer", "standard-first-5-rules", "first five rules")
        pricing.line("first five rules", first, count("load balancer", 1), pricing.hours())
    if rules > 5:
        further = pricing.service("load-balancer", "standard-overage-rule", "further rules")
        pricing.line("further rules", further, count("rules above five", rules - 5), pricing.hours())
    processed = pricing.usage_or("processedGibPerMonth")
    pricing.line(
        "data processed", pricing.service("load-balancer", "standard-data-processed", "data processed"), processed, usage_based=True
    )
    egress(pricing)


def _application_gateway(pricing: Pricing) -> None:
    tier = pricing.text("sku.tier").lower()
    if tier not in _GATEWAY_V2:
        _gateway_v1(pricing, tier)
        return
    name = _GATEWAY_V2[tier]
    price = pricing.service("application-gateway", f"{name}-gateway", "gateway")
    pricing.line("gateway", price, count("gateway", 1), pricing.hours())
    units = pricing.service("application-gateway", f"{name}-capacity-unit", "capacity units")
    instances = _instances(pricing)
    if instances is None:
        pricing.unpriced("capacity units", "autoscaleConfiguration or sku.capacity is known only after `up`")
    else:
        each = count("capacity units each", _UNITS_PER_INSTANCE)
        pricing.line("capacity units", units, instances, each, pricing.hours())
    egress(pricing)


def _instances(pricing: Pricing) -> Factor | None:
    if pricing.unreadable("autoscaleConfiguration"):
        return None
    if pricing.resource.get("autoscaleConfiguration") is None:
        capacity = pricing.number("sku.capacity")
        return None if capacity is None else count("instances", capacity)
    low = pricing.number("autoscaleConfiguration.minCapacity")
    # Without a maximum it is 10. Source: Azure, "Autoscaling and zone-redundant Application Gateway v2".
    high = pricing.number("autoscaleConfiguration.maxCapacity", 10)
    return None if low is None or high is None else scaled(pricing, "replicas", low, min(max(low, Decimal(1)), high), high)


def _gateway_v1(pricing: Pricing, tier: str) -> None:
    size, capacity = pricing.text("sku.name").lower().rpartition("_")[2], pricing.number("sku.capacity", 2)
    if not tier or not size or capacity is None:
        pricing.unpriced("gateway", "sku is known only after `up`")
        return
    name = "waf-v1" if tier == "waf" else "v1-basic"
    price = pricing.service("application-gateway", f"{name}-{size}", "gateway")
    pricing.line(f"gateway ({size})", price, count("instances", capacity), pricing.hours())
    egress(pricing)


PRICERS: dict[str, Pricer] = {
    "azure-native:network:LoadBalancer": _load_balancer,
    "azure-native:network:ApplicationGateway": _application_gateway,
}
FREE: set[str] = set()
