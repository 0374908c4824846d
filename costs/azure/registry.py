"""Container registries."""

from types import MappingProxyType
from typing import Final

from costs.azure.amounts import DAYS
from costs.azure.egress import egress
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count

SERVICE: Final = "container-registry"
# GiB that the daily price includes. Source: Azure Container Registry, "Service tiers (SKUs)".
_INCLUDED_GIB: Final = MappingProxyType({"basic": 10, "standard": 100, "premium": 500})


def _registry(pricing: Pricing) -> None:
    tier = pricing.text("sku.name").lower()
    if tier not in _INCLUDED_GIB:
        pricing.unpriced("registry", f"sku.name '{tier}' has no price list here" if tier else "sku.name is known only after `up`")
        return
    pricing.line(f"registry ({tier})", pricing.service(SERVICE, tier, "registry"), count("registry", 1), DAYS)
    stored = pricing.usage_or("storedGib")
    above = (stored.amount - Band.exactly(_INCLUDED_GIB[tier])).clamped(0)
    words = f"GiB above the {_INCLUDED_GIB[tier]} included ({stored.words})"
    overage = pricing.service(SERVICE, "storage-overage", "storage above what is included")
    pricing.line("storage above what is included", overage, Factor(words, above, stored.confidence), usage_based=True)
    if pricing.usage("egressGibPerMonth"):
        egress(pricing)


def _replication(pricing: Pricing) -> None:
    """Each further region costs as much as the premium registry. Source: Azure, "Geo-replication in Azure Container Registry"."""
    price = pricing.service(SERVICE, "premium-geo-replication", "geo-replication")
    pricing.line("geo-replication", price, count("region", 1), DAYS)


def _task(pricing: Pricing) -> None:
    pricing.unpriced("build time", "tasks pay for each vCPU-second of a build, and nobody says how long builds take")


def _agent_pool(pricing: Pricing) -> None:
    pricing.unpriced("build agents", "dedicated build agents (agent pools) have no price list here")


PRICERS: dict[str, Pricer] = {
    "azure-native:containerregistry:Registry": _registry,
    "azure-native:containerregistry:Replication": _replication,
    "azure-native:containerregistry:Task": _task,
    "azure-native:containerregistry:TaskRun": _task,
    "azure-native:containerregistry:AgentPool": _agent_pool,
}
FREE: set[str] = {
    f"azure-native:containerregistry:{name}"
    for name in (
        "CacheRule",
        "ConnectedRegistry",
        "CredentialSet",
        "ExportPipeline",
        "ImportPipeline",
        "PipelineRun",
        "PrivateEndpointConnection",
        "ScopeMap",
        "Token",
        "Webhook",
    )
}
