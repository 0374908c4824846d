"""Azure Machine Learning: managed online endpoints, compute clusters and instances, serverless endpoints."""

from decimal import Decimal
from typing import Final

from costs.azure.amounts import autoscaled
from costs.azure.disk import disk_price
from costs.azure.egress import egress
from costs.azure.machine import is_spot, size_name
from costs.capacity import machines, scaled
from costs.money import Band
from costs.pricing import Pricer, Pricing, count

ML: Final = "azure-native:machinelearningservices:"
# A deployment without instanceType runs on this size. Source: Azure ML REST API, "Online Deployments: Create Or Update".
_DEFAULT_SIZE: Final = "Standard_F4s_v2"
# A compute instance keeps a disk of this size, also while it is stopped. Source: Azure ML, "Plan to manage costs".
_INSTANCE_DISK_GIB: Final = 120


def _deployment(pricing: Pricing) -> None:
    """Instances at the price of the virtual machine, without a surcharge; the 20 % kept for upgrades is quota, not cost.

    Source: Azure ML, "Managed online endpoints: view costs" and "Virtual machine quota allocation for deployment".
    """
    kind = pricing.text("properties.endpointComputeType", "Managed").lower()
    if kind in ("kubernetes", "azuremlcompute"):
        return  # It runs on machines that are paid where they are declared.
    size, capacity = size_name(pricing.text("properties.instanceType", _DEFAULT_SIZE)), pricing.number("sku.capacity", 1)
    unknown = any(pricing.unreadable(f"properties.{name}") for name in ("instanceType", "endpointComputeType"))
    if unknown or capacity is None:
        pricing.unpriced("instances", "properties.instanceType or sku.capacity is known only after `up`")
        return
    machines(pricing, "instances", size, autoscaled(pricing, "replicas", capacity))


def _endpoint(pricing: Pricing) -> None:
    """An endpoint is free: its deployments are paid, and what it sends to the internet."""
    egress(pricing)


def _compute(pricing: Pricing) -> None:
    kind = pricing.text("properties.computeType").lower()
    if pricing.unreadable("properties") or not kind:
        pricing.unpriced("compute", "properties.computeType is known only after `up`")
    elif kind == "amlcompute":
        _compute_cluster(pricing)
    elif kind == "computeinstance":
        _compute_instance(pricing)
    elif kind in ("databricks", "datafactory", "synapsespark", "hdinsight", "datalakeanalytics"):
        pricing.unpriced("compute", f"attached compute ({kind}) has no price list here")
    # What else is attached (AKS, Kubernetes, a virtual machine) is paid where it is declared.


def _compute_cluster(pricing: Pricing) -> None:
    size = size_name(pricing.text("properties.properties.vmSize"))
    low = pricing.number("properties.properties.scaleSettings.minNodeCount", 0)
    high = pricing.number("properties.properties.scaleSettings.maxNodeCount")
    if not size or low is None or high is None:
        pricing.unpriced("nodes", "vmSize, minNodeCount or maxNodeCount is not known before `up`")
        return
    running = scaled(pricing, "nodes", low, min(max(low, Decimal(1)), high), high)
    machines(pricing, "nodes", size, running, spot=is_spot(pricing, "properties.properties.vmPriority"))


def _compute_instance(pricing: Pricing) -> None:
    size = size_name(pricing.text("properties.properties.vmSize"))
    if not size:
        pricing.unpriced("compute instance", "vmSize is not known before `up`")
        return
    at = "properties.properties."
    stops = any(pricing.resource.get(f"{at}{name}") for name in ("idleTimeBeforeShutdown", "schedules"))
    # A working month of 22 days with 8 hours stands between never and always.
    hours = pricing.usage_or("hoursPerMonth", Band.of(0, 176, 730), "it stops when idle or by schedule") if stops else pricing.hours()
    machines(pricing, "compute instance", size, count("instance", 1), hours=hours)
    price = disk_price(pricing, "disk of the compute instance", "Premium_LRS", Decimal(_INSTANCE_DISK_GIB))
    pricing.line("disk of the compute instance", price, count("disk, also while stopped", 1))


def _serverless(pricing: Pricing) -> None:
    model = pricing.text("properties.modelSettings.modelId", "the model").rpartition("/")[2]
    pricing.unpriced("tokens", f"the prices of {model} by the token have no list here")


def _registry(pricing: Pricing) -> None:
    pricing.unpriced("registry storage", "an Azure ML registry makes storage and container registries of its own in each of its regions")


def _network_rule(pricing: Pricing) -> None:
    """Private endpoints are paid, and a rule by FQDN makes a firewall. Source: Azure ML, "Managed virtual network isolation: pricing"."""
    kind, driver = pricing.text("properties.type").lower(), "outbound rule"
    if kind == "privateendpoint":
        pricing.line(driver, pricing.service("private-endpoint", "endpoint", driver), count("endpoint", 1), pricing.hours())
    elif kind == "fqdn":
        pricing.unpriced("firewall of the managed network", "a rule by FQDN makes an Azure Firewall, without a price here")


def _job(pricing: Pricing) -> None:
    """A job runs on compute that is paid where it is declared, without one on serverless compute. Source: Azure ML, serverless compute."""
    if pricing.resource.get("jobBaseProperties.computeId") is None:
        pricing.unpriced("serverless compute", "no computeId is set: the job pays for machines that Azure ML takes, for as long as it runs")


def _reserved(pricing: Pricing) -> None:
    pricing.unpriced("reserved capacity", "what the group reserves has no price list here")


PRICERS: dict[str, Pricer] = {
    f"{ML}OnlineDeployment": _deployment,
    f"{ML}ManagedNetworkSettingsRule": _network_rule,
    f"{ML}Job": _job,
    f"{ML}CapacityReservationGroup": _reserved,
    f"{ML}OnlineEndpoint": _endpoint,
    f"{ML}Compute": _compute,
    f"{ML}MachineLearningCompute": _compute,
    f"{ML}ServerlessEndpoint": _serverless,
    f"{ML}MarketplaceSubscription": _serverless,
    f"{ML}Registry": _registry,
}
# A workspace costs nothing itself, and schedules run on compute that is paid where it is declared. Source: Azure ML pricing.
FREE: set[str] = {
    f"{ML}{name}"
    for name in (
        "BatchDeployment",
        "BatchEndpoint",
        "CapabilityHost",
        "CodeContainer",
        "CodeVersion",
        "ComponentContainer",
        "ComponentVersion",
        "DataContainer",
        "DataVersion",
        "Datastore",
        "EnvironmentContainer",
        "EnvironmentVersion",
        "FeaturesetContainerEntity",
        "FeaturesetVersion",
        "FeaturestoreEntityContainerEntity",
        "FeaturestoreEntityVersion",
        "ModelContainer",
        "ModelVersion",
        "PrivateEndpointConnection",
        "RegistryModelContainer",
        "RegistryModelVersion",
        "Schedule",
        "Workspace",
        "WorkspaceConnection",
    )
}
