"""What a machine costs an hour where models are served: each platform has a price list of its own."""

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


def sagemaker_usd(region: str, machine: str) -> float | None:
    """USD an hour of an `ml.` machine, None where no region's is on record."""
    return _usd(prices().service("aws", "sagemaker-instance", machine, region))


def vertex_usd(region: str, machine: Machine) -> float | None:
    """USD an hour of a node that serves, with its accelerators; None where a part of it has no price on record."""
    skus = next((skus for prefix, skus in _PARTS.items() if machine.instance_type.startswith(prefix)), None)
    if skus is not None:
        amounts = (machine.vcpus or 0, machine.memory_gib or 0, machine.accelerator_count)
        return _sum([(sku, amount) for sku, amount in zip(skus, amounts, strict=True)], region)
    parts = [(machine.instance_type, 1.0)]
    if machine.accelerator and machine.instance_type.startswith("n1-"):
        parts.append((_ATTACHED.get(machine.accelerator, ""), machine.accelerator_count))
    return _sum(parts, region)


def azure_usd(offer: Offer) -> float | None:
    """USD an hour of a deployment's machine: that of the virtual machine. Source: Azure ML, Managed online endpoints: view costs."""
    return _usd(offer.on_demand)


def cloud_run_usd(region: str, machine: ServingMachine) -> float | None:
    """USD an hour of an instance that is always there (instance-based billing, without zonal redundancy of its GPU); None where unknown."""
    tier = "tier2" if region.startswith(_TIER_2) else "tier1"
    amounts = [(f"cpu-instance-based-{tier}", machine.vcpus or 0), (f"memory-instance-based-{tier}", machine.memory_gib or 0)]
    if machine.accelerator:
        amounts.append((f"gpu-{machine.accelerator}-no-zonal-redundancy", float(machine.accelerator_count)))
    home = "europe-west3" if tier == "tier2" else "us-central1"
    return _sum(amounts, region, service="cloud-run", home=home, times=_SECONDS)


def _sum(parts: list[tuple[str, float]], region: str, *, service: str = _PREDICTION, home: str = "", times: int = 1) -> float | None:
    total = 0.0
    for sku, amount in parts:
        found = prices().service("gcp", service, sku, home or region) or prices().service("gcp", service, sku, region)
        if found is None:
            return None
        total += float(found.usd / found.per) * amount * times
    return total


def _usd(price: Price | None) -> float | None:
    return None if price is None else float(price.usd / price.per)
