"""Vertex AI: endpoints and what is deployed on them, feature stores, vector search.

Source: Google Cloud, "Vertex AI pricing": prediction nodes have prices of their own, not Compute Engine's.
"""

from decimal import Decimal
from typing import Final

from catalogue.model import Machine, Price
from costs.capacity import scaled
from costs.gcp.part import amount, known, part
from costs.model import Factor
from costs.money import Band
from costs.pricing import HOURS, Pricer, Pricing, count

PREDICTION: Final = "vertex-ai-prediction"
TRAINING: Final = "vertex-ai-training"
_GPU_SKUS: Final = {"NVIDIA_TESLA_T4": "t4-gpu", "NVIDIA_L4": "l4-gpu", "NVIDIA_TESLA_V100": "v100-gpu", "NVIDIA_TESLA_P100": "p100-gpu"}
# Machines whose nodes are sold by their parts: the skus of a vCPU, a GiB and a GPU.
_PARTS: Final = {
    "a2-ultragpu-": ("a2-core", "a2-ram", "a2-a100-80gb-gpu"),
    "a2-highgpu-": ("a2-core", "a2-ram", "a2-a100-40gb-gpu"),
    "a3-highgpu-": ("a3-core", "a3-ram", "a3-h100-80gb-gpu"),
}


def node_lines(pricing: Pricing, path: str, service: str, driver: str, running: Factor) -> None:
    """Vertex AI nodes of a `machineSpec`, with the GPUs it adds to them."""
    kind = known(pricing, f"{path}.machineType", driver)
    if kind is None:
        return
    shape = pricing.catalogue.machine(pricing.provider, kind)
    skus = next((skus for prefix, skus in _PARTS.items() if kind.startswith(prefix)), None)
    if skus and shape and shape.vcpus and shape.memory_gib:
        _by_parts(pricing, service, driver, kind, running, skus, shape)
    else:
        pricing.line(f"{driver} ({kind})", pricing.service(service, kind, f"{driver} ({kind})"), running, pricing.hours())
        _added_gpus(pricing, path, service, driver, kind, running)


def _by_parts(pricing: Pricing, service: str, driver: str, kind: str, running: Factor, skus: tuple[str, str, str], shape: Machine) -> None:
    amounts = (("vCPUs each", shape.vcpus), ("GiB each", shape.memory_gib), ("GPUs each", shape.accelerator_count))
    for sku, (words, each) in zip(skus, amounts, strict=True):
        name = f"{driver} ({kind}), {sku}"
        price: Price | None = pricing.service(service, sku, name)
        pricing.line(name, price, running, Factor(words, Band.of(each or 0, each or 0, each or 0)), pricing.hours())


def _added_gpus(pricing: Pricing, path: str, service: str, driver: str, kind: str, running: Factor) -> None:
    accelerator = pricing.text(f"{path}.acceleratorType")
    if accelerator and kind.startswith("n1-"):
        name = f"{driver}' {accelerator}"
        price = pricing.service(service, _GPU_SKUS.get(accelerator, accelerator.lower()), name)
        pricing.line(name, price, running, amount(pricing, f"{path}.acceleratorCount", "GPUs each", 1), pricing.hours())


def deployed_model(pricing: Pricing) -> None:
    """A model-garden model on nodes of its own."""
    _dedicated(pricing, "deployConfig.dedicatedResources", "serving nodes")


def served_model(pricing: Pricing) -> None:
    """A model deployed by a resource of the program's own, which speaks in the words of the API's DedicatedResources."""
    least = pricing.number("minReplicaCount", 1)
    running = scaled(pricing, "replicas", least, None, pricing.number("maxReplicaCount") or least)
    node_lines(pricing, "machineSpec", PREDICTION, "serving nodes", running)


def resource_pool(pricing: Pricing) -> None:
    """Nodes that several models share."""
    _dedicated(pricing, "dedicatedResources", "serving nodes")


def deployed_index(pricing: Pricing) -> None:
    """The nodes that serve a vector index. Automatic ones are chosen by the service, at least two."""
    if pricing.resource.get("dedicatedResources"):
        _dedicated(pricing, "dedicatedResources", "index nodes", "vertex-ai-vector-search")
    else:
        least, most = (pricing.number(f"automaticResources.{name}ReplicaCount") for name in ("min", "max"))
        running = scaled(pricing, "replicas", least or Decimal(2), None, most)
        price = pricing.service("vertex-ai-vector-search", "automatic-node", "index nodes")
        pricing.line("index nodes", price, running, HOURS)


def _dedicated(pricing: Pricing, path: str, driver: str, service: str = PREDICTION) -> None:
    """Replicas between the limits; without a maximum as many as the minimum. Source: the Vertex AI API's DedicatedResources."""
    if pricing.resource.get(path) is None:
        pricing.unpriced(driver, "the machines are not given: the service chooses those that it recommends for the model")
        return
    least = pricing.number(f"{path}.minReplicaCount", 1)
    most = pricing.number(f"{path}.maxReplicaCount") or least
    running = scaled(pricing, "replicas", least, None, most)
    if pricing.flag(f"{path}.spot"):
        pricing.unpriced(f"{driver} (spot)", "no price of spot prediction nodes is on record: the on-demand price stands here")
    node_lines(pricing, f"{path}.machineSpec", service, driver, running)


def persistent_resource(pricing: Pricing) -> None:
    """Training machines that wait for jobs, pool by pool."""
    pools = pricing.resource.items("resourcePools")
    if not pools:
        pricing.unpriced("training nodes", "resourcePools are known only after `up`")
    for each in pools:
        pool = part(pricing, each)
        least, most = (pool.number(f"autoscalingSpec.{name}ReplicaCount") for name in ("min", "max"))
        number = pool.number("replicaCount", 1)
        running = scaled(pool, "nodes", least, number, most) if most else count("nodes", number or 1)
        node_lines(pool, "machineSpec", TRAINING, "training nodes", running)


def online_store(pricing: Pricing) -> None:
    """Nodes of a Bigtable online store, scaled between limits, or of an optimized one."""
    if pricing.resource.get("bigtable") is None:
        price = pricing.service("vertex-ai-feature-store", "optimized-node", "feature store nodes")
        pricing.line("feature store nodes", price, pricing.usage_or("nodes"), HOURS)
        return
    least, most = (pricing.number(f"bigtable.autoScaling.{name}NodeCount") for name in ("min", "max"))
    price = pricing.service("vertex-ai-feature-store", "bigtable-node", "feature store nodes")
    pricing.line("feature store nodes", price, scaled(pricing, "nodes", least, None, most), HOURS)


def feature_store(pricing: Pricing) -> None:
    """Online serving nodes of a legacy feature store; one without them only stores."""
    path = "onlineServingConfig"
    fixed, most = pricing.number(f"{path}.fixedNodeCount"), pricing.number(f"{path}.scaling.maxNodeCount")
    if fixed or most:
        least = pricing.number(f"{path}.scaling.minNodeCount") if most else fixed
        running = scaled(pricing, "nodes", least, None, most or fixed)
        price = pricing.service("vertex-ai-feature-store", "legacy-online-node", "feature store nodes")
        pricing.line("feature store nodes", price, running, HOURS)
    stored = pricing.usage_or("storedGib")
    pricing.line("feature storage", pricing.service("vertex-ai-feature-store", "storage", "feature storage"), stored, usage_based=True)


def index(pricing: Pricing) -> None:
    """Building a vector index, by what it reads."""
    read = pricing.usage_or("processedGibPerMonth", reason="how much data the index is built from is not told")
    pricing.line("index building", pricing.service("vertex-ai-vector-search", "index-building", "index building"), read, usage_based=True)


def tensorboard(pricing: Pricing) -> None:
    """What is logged and kept."""
    stored = pricing.usage_or("storedGib")
    pricing.line(
        "TensorBoard storage", pricing.service("vertex-ai-tensorboard", "storage", "TensorBoard storage"), stored, usage_based=True
    )


def reasoning_engine(pricing: Pricing) -> None:
    """An agent's runtime by vCPU- and GiB-hours."""
    pricing.unpriced("agent runtime", "no price of the agent runtime is on record")


def dataset_storage(pricing: Pricing) -> None:
    """Metadata kept by Vertex ML Metadata."""
    stored = pricing.usage_or("storedGib")
    pricing.line("metadata", pricing.service("vertex-ai-metadata", "storage", "metadata"), stored, usage_based=True)


PRICERS: dict[str, Pricer] = {
    "pulumi-python:dynamic/vertex:DeployedModel": served_model,
    "gcp:vertex/aiEndpointWithModelGardenDeployment:AiEndpointWithModelGardenDeployment": deployed_model,
    "gcp:vertex/aiDeploymentResourcePool:AiDeploymentResourcePool": resource_pool,
    "gcp:vertex/aiIndexEndpointDeployedIndex:AiIndexEndpointDeployedIndex": deployed_index,
    "gcp:vertex/aiIndex:AiIndex": index,
    "gcp:vertex/aiPersistentResource:AiPersistentResource": persistent_resource,
    "gcp:vertex/aiFeatureOnlineStore:AiFeatureOnlineStore": online_store,
    "gcp:vertex/aiFeatureStore:AiFeatureStore": feature_store,
    "gcp:vertex/aiMetadataStore:AiMetadataStore": dataset_storage,
    "gcp:vertex/aiTensorboard:AiTensorboard": tensorboard,
    "gcp:vertex/aiReasoningEngine:AiReasoningEngine": reasoning_engine,
}
FREE: set[str] = {"gcp:vertex/aiEndpoint:AiEndpoint", "gcp:vertex/aiIndexEndpoint:AiIndexEndpoint", "gcp:vertex/aiDataset:AiDataset"}
