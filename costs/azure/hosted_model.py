"""Models that Azure hosts (OpenAI and others), other AI services, and AI Search."""

import re
from typing import Final

from costs.money import decimal
from costs.pricing import Pricer, Pricing, count

SERVICE: Final = "openai"
_REACH: Final = {"global": "global", "datazone": "data-zone", "": "regional"}
# Source: Azure AI Search pricing: the names of its units.
_SEARCH: Final = {
    "basic": "basic-unit",
    "standard": "standard-s1-unit",
    "standard2": "standard-s2-unit",
    "standard3": "standard-s3-unit",
    "storage_optimized_l1": "storage-optimized-l1-unit",
    "storage_optimized_l2": "storage-optimized-l2-unit",
}


def _deployment(pricing: Pricing) -> None:
    """Provisioned throughput by the unit and hour; everything else by the token. Source: Azure OpenAI, "Deployment types"."""
    kind, model = pricing.text("sku.name").lower(), _model(pricing)
    match = re.fullmatch(r"(global|datazone|)(standard|batch|provisionedmanaged|provisioned)", kind)
    if not model or match is None:
        pricing.unpriced("hosted model", "sku.name or properties.model.name is not known, or of a kind without a price list here")
        return
    reach, how = _REACH[match.group(1)], match.group(2)
    if how.startswith("provisioned"):
        units = pricing.number("sku.capacity")
        if units is None:
            pricing.unpriced("throughput units", "sku.capacity is not known before `up`")
        else:
            price = pricing.service(SERVICE, f"ptu-{reach}", "throughput units")
            pricing.line(f"throughput units ({model})", price, count("PTU", units), pricing.hours())
        return
    _tokens(pricing, f"{model}-{reach}{'-batch' if how == 'batch' else ''}", model)


def _model(pricing: Pricing) -> str:
    """The model as the price list calls it; gpt-4o is listed by its version, as its price fell."""
    name, version = pricing.text("properties.model.name").lower(), pricing.text("properties.model.version")
    dated = re.fullmatch(r"\d{4}-(\d\d)-(\d\d)", version)
    return f"{name}-{dated.group(1)}{dated.group(2)}" if name == "gpt-4o" and dated else name


def _tokens(pricing: Pricing, sku: str, model: str) -> None:
    if "embedding" in model:
        tokens = pricing.usage_or("inputTokensPerMonth")
        pricing.line(f"tokens ({model})", pricing.service(SERVICE, sku, f"tokens ({model})"), tokens, usage_based=True)
        return
    for way, quantity in (("input", "inputTokensPerMonth"), ("output", "outputTokensPerMonth")):
        driver = f"{way} tokens ({model})"
        pricing.line(driver, pricing.service(SERVICE, f"{sku}-{way}", driver), pricing.usage_or(quantity), usage_based=True)


def _account(pricing: Pricing) -> None:
    """Accounts for hosted models cost nothing by themselves; other kinds are paid by what is asked of them."""
    kind = pricing.text("kind")
    if kind.lower() in ("openai", "aiservices") or pricing.text("sku.name").upper() == "F0":
        return
    pricing.unpriced(f"requests to {kind or 'the service'}", f"the service '{kind}' is paid by use, which has no price list here")


def _commitment(pricing: Pricing) -> None:
    pricing.unpriced("commitment plan", "commitment tiers have no price list here")


def _search(pricing: Pricing) -> None:
    """Search units (replicas × partitions) by the hour. Source: Azure AI Search, "How you are charged"."""
    tier = pricing.text("sku.name").lower()
    replicas, partitions = pricing.number("replicaCount", 1), pricing.number("partitionCount", 1)
    if tier == "free":
        return
    if tier not in _SEARCH or replicas is None or partitions is None:
        pricing.unpriced("search units", "sku.name, replicaCount or partitionCount is not known before `up`, or has no price list here")
        return
    units = count(f"search units ({replicas} replicas × {partitions} partitions)", decimal(replicas) * partitions)
    pricing.line(f"search units ({tier})", pricing.service("ai-search", _SEARCH[tier], "search units"), units, pricing.hours())
    if pricing.text("semanticSearch").lower() == "standard":
        pricing.unpriced("semantic ranking", "queries with semantic ranking have no price list here")


_COGNITIVE = "azure-native:cognitiveservices:"
PRICERS: dict[str, Pricer] = {
    f"{_COGNITIVE}Account": _account,
    f"{_COGNITIVE}Deployment": _deployment,
    f"{_COGNITIVE}CommitmentPlan": _commitment,
    f"{_COGNITIVE}SharedCommitmentPlan": _commitment,
    "azure-native:search:Service": _search,
}
FREE: set[str] = {
    *(
        f"{_COGNITIVE}{name}"
        for name in (
            "AccountCapabilityHost", "AccountConnection", "CommitmentPlanAssociation", "EncryptionScope", "PrivateEndpointConnection",
            "Project", "ProjectCapabilityHost", "ProjectConnection", "RaiBlocklist", "RaiBlocklistItem", "RaiPolicy",
        )
    ),
    "azure-native:search:PrivateEndpointConnection",
    "azure-native:search:SharedPrivateLinkResource",
}  # fmt: skip
