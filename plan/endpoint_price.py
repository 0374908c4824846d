"""What a machine costs an hour where models are served: each platform has a price list of its own."""

from dataclasses import dataclass

from catalogue.model import Machine, Offer, Price
from catalogue.serving_machines import ServingMachine
from plan.pool_offers import prices

_SECONDS = 3_600
_PREDICTION = "vertex-ai-prediction"
# Vertex AI sells these by their parts: the skus of a vCPU, a GiB and a GPU. Source: Google Cloud, Vertex AI pricing.
_PARTS = {
    "a2-ultragpu-": ("a2-core", "a2-ram", "a2-a100-80gb-gpu"),
    "a2-highgpu-": ("a2-core", "a2-ram", "a2-a100-40gb-gpu"),
    "a3-highgpu-": ("a3-core", "a3-ram", "a3-h100-80gb-gpu"),
}
_ATTACHED = {"T4": "t4-gpu", "V100": "v100-gpu", "P100": "p100-gpu", "P4": "p4-gpu"}
# Regions of Cloud Run's higher prices. Source: Google Cloud, Cloud Run pricing, tier 2.
_TIER_2 = (
    *("africa-", "asia-east2", "asia-northeast3", "asia-south", "australia-", "europe-central2", "europe-west10", "europe-west12"),
    *("europe-west2", "europe-west3", "europe-west6", "me-central", "northamerica-", "southamerica-", "us-west2", "us-west3", "us-west4"),
)


@dataclass(frozen=True, kw_only=True)
class HourlyPrice:
    """USD an hour. words: from when it is, and how far to trust it."""

    usd: float
    words: str


def sagemaker_price(region: str, machine: str) -> HourlyPrice | None:
    """The price of an `ml.` machine, None where no region's is on record."""
    return _hourly(prices().service("aws", "sagemaker-instance", machine, region))


def vertex_price(region: str, machine: Machine) -> HourlyPrice | None:
    """The price of a node that serves, with its accelerators; None where a part of it has none on record."""
    skus = next((skus for prefix, skus in _PARTS.items() if machine.instance_type.startswith(prefix)), None)
    if skus is not None:
        amounts = (machine.vcpus or 0, machine.memory_gib or 0, machine.accelerator_count)
        return _sum([(sku, amount) for sku, amount in zip(skus, amounts, strict=True)], region)
    parts = [(machine.instance_type, 1.0)]
    if machine.accelerator and machine.instance_type.startswith("n1-"):
        parts.append((_ATTACHED.get(machine.accelerator, ""), machine.accelerator_count))
    return _sum(parts, region)


def azure_price(offer: Offer) -> HourlyPrice | None:
    """The price of a deployment's machine: that of the virtual machine. Source: Azure ML, Managed online endpoints: view costs."""
    return _hourly(offer.on_demand)


def cloud_run_price(region: str, machine: ServingMachine) -> HourlyPrice | None:
    """The price of an instance that is always there (instance-based billing, no zonal redundancy of its GPU); None where unknown."""
    tier = "tier2" if region.startswith(_TIER_2) else "tier1"
    amounts = [(f"cpu-instance-based-{tier}", machine.vcpus or 0), (f"memory-instance-based-{tier}", machine.memory_gib or 0)]
    if machine.accelerator:
        amounts.append((f"gpu-{machine.accelerator}-no-zonal-redundancy", float(machine.accelerator_count)))
    home = "europe-west3" if tier == "tier2" else "us-central1"
    return _sum(amounts, region, service="cloud-run", home=home, times=_SECONDS)


def _sum(parts: list[tuple[str, float]], region: str, *, service: str = _PREDICTION, home: str = "", times: int = 1) -> HourlyPrice | None:
    found: list[Price] = []
    total = 0.0
    for sku, amount in parts:
        price = prices().service("gcp", service, sku, home or region) or prices().service("gcp", service, sku, region)
        if price is None:
            return None
        found.append(price)
        total += float(price.usd / price.per) * amount * times
    return HourlyPrice(usd=total, words=_words(min(found, key=lambda price: price.source.confidence)))


def _hourly(price: Price | None) -> HourlyPrice | None:
    return None if price is None else HourlyPrice(usd=float(price.usd / price.per), words=_words(price))


def _words(price: Price) -> str:
    day = price.source.as_of or "an unknown day"
    where = f", guessed from that of {price.region}" if price.note else ""
    return f"list price of {day}{where}, confidence {price.source.confidence}"
