"""Nodes of Azure: AKS pools, virtual machines, scale sets and capacity reservations."""

from __future__ import annotations

import math
from typing import Final

from rehearsal.capacity.demand import Demand
from rehearsal.capacity.gcp import number, texts
from rehearsal.capacity.reservations import AZURE
from rehearsal.scenario import Market
from rehearsal.state import SimulatedCloud
from rehearsal.values import Value, Values, as_map, as_text, lookup

CLUSTER: Final = "azure-native:containerservice:ManagedCluster"
AGENT_POOL: Final = "azure-native:containerservice:AgentPool"
ONLINE_DEPLOYMENT: Final = "azure-native:machinelearningservices:OnlineDeployment"
# Source: Microsoft Learn, "Managed online endpoints SKU list": Azure keeps a fifth more for upgrades, but not of these.
_UPGRADE_RESERVE: Final = 1.2
_WITHOUT_RESERVE: Final = frozenset(
    {
        "Standard_NC24ads_A100_v4",
        "Standard_NC48ads_A100_v4",
        "Standard_NC96ads_A100_v4",
        "Standard_ND96asr_v4",
        "Standard_ND96amsr_A100_v4",
        "Standard_ND40rs_v2",
    }
)


def agent_pool(region: str, name: str, values: Values) -> Demand:
    """Give an AKS pool as a demand of as many nodes as it starts with; it never has fewer than its minimum."""
    scaled = values.get("enableAutoScaling") is True
    given = values.get("count")
    count = max(number(given), number(values.get("minCount"))) if scaled else number(given) if given is not None else 1
    return Demand(
        cloud="azure",
        region=region,
        zones=_zones(region, values.get("availabilityZones")),
        machine_types=(as_text(values.get("vmSize")) or "",),
        market=_market(values.get("scaleSetPriority")),
        count=count,
        pool=name,
        reservation=as_text(values.get("capacityReservationGroupID")) or "",
    )


def _agent_pool(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    region = cluster_region(cloud, as_text(values.get("resourceGroupName")) or "", as_text(values.get("resourceName")) or "") or region
    return [agent_pool(region, as_text(values.get("agentPoolName")) or "", values)] if values.get("vmSize") else []


def cluster_region(cloud: SimulatedCloud, group: str, name: str) -> str | None:
    """Give the region of a cluster: its pools say none of their own."""
    for cluster in cloud.identified([CLUSTER], name):
        if f"/resourcegroups/{group}/".lower() in cluster.id.lower():
            return cluster.place.rsplit("/", 1)[-1]
    return None


def _cluster(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    profiles = values.get("agentPoolProfiles")
    pools = [as_map(profile) for profile in profiles] if isinstance(profiles, list) else []
    return [agent_pool(region, as_text(pool.get("name")) or "", pool) for pool in pools if pool.get("vmSize")]


def _machine(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    size = as_text(lookup(values, ("hardwareProfile", "vmSize")))
    return [_demand(region, values, size, values.get("priority"), 1)] if size else []


def _scale_set(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    size = as_text(lookup(values, ("sku", "name")))
    priority = lookup(values, ("virtualMachineProfile", "priority"))
    return [_demand(region, values, size, priority, number(lookup(values, ("sku", "capacity"))))] if size else []


def _demand(region: str, values: Values, size: str, priority: Value, count: int) -> Demand:
    return Demand("azure", region, _zones(region, values.get("zones")), (size,), _market(priority), count)


def _online_deployment(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    """Azure Machine Learning's quotas are its own, of the same families and with the same first limits; here they are one."""
    size = as_text(lookup(values, ("properties", "instanceType")))
    if not size:
        return []
    count = number(lookup(values, ("sku", "capacity")))
    reserved = count if size in _WITHOUT_RESERVE else math.ceil(_UPGRADE_RESERVE * count)
    return [Demand("azure", region, ("",), (size,), "onDemand", reserved)]


def _reservation(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    size = as_text(lookup(values, ("sku", "name")))
    if not size:
        return []
    count = number(lookup(values, ("sku", "capacity")))
    return [Demand("azure", region, _zones(region, values.get("zones")), (size,), "reserved", count, purchase=True)]


def _market(priority: Value) -> Market:
    return "spot" if as_text(priority) == "Spot" else "onDemand"


def _zones(region: str, zones: Value) -> tuple[str, ...]:
    """Zones as their nodes' labels say them: westeurope-1; without zones the region's machines have none."""
    return tuple(f"{region}-{zone}" for zone in texts(zones)) or ("",)


WANTS: Final = {
    CLUSTER: _cluster,
    AGENT_POOL: _agent_pool,
    "azure-native:compute:VirtualMachine": _machine,
    "azure-native:compute:VirtualMachineScaleSet": _scale_set,
    AZURE: _reservation,
    ONLINE_DEPLOYMENT: _online_deployment,
}
