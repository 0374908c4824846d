"""The pools of a cluster: which nodes they have or can get, with the labels and taints that the cloud adds to the program's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from rehearsal.capacity import aws, azure, gcp
from rehearsal.capacity.demand import Demand, Node
from rehearsal.scheduling.clusters import AKS, EKS, GKE, Cluster, runs
from rehearsal.scheduling.workload import Taint
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import Value, Values, as_map, as_text, lookup

_EFFECTS: Final = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}
_AZURE_TAINT: Final = re.compile(r"^(?P<key>[^=:]+)(=(?P<value>[^:]*))?:(?P<effect>\w+)$")
_ARM: Final = re.compile(r"^(\w\d+g[a-z]*\.|[a-z]+4a-|t2a-|Standard_[A-Z]+\d+p)")
# How many parts a GPU is cut into (NVIDIA MIG User Guide: profiles by compute slices of seven).
_MIG_PARTS: Final = {"1": 7, "2": 3, "3": 2, "4": 1, "7": 1}


@dataclass(frozen=True)
class Pool:
    """Nodes that are alike. `demand` is one of them; `maximum` of None is no limit; `fixed` says why it does not grow, empty where it does.

    `shares` is how many pods use one accelerator, None for as many as like. `provisioned` nodes come from Karpenter and carry its labels.
    """

    name: str
    holder: str
    demand: Demand
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    taints: tuple[Taint, ...] = ()
    maximum: float | None = None
    fixed: str = ""
    shares: float | None = 1
    provisioned: bool = False

    def labels_of(self, node: Node) -> dict[str, str]:
        """Give the labels of a node of the pool, those of its machine and zone included."""
        machine = node.machine
        well_known = {
            "node.kubernetes.io/instance-type": node.machine_type,
            "topology.kubernetes.io/region": node.region,
            "topology.kubernetes.io/zone": node.zone,
            "kubernetes.io/os": "linux",
            "kubernetes.io/arch": "arm64" if _ARM.match(node.machine_type) else "amd64",
        }
        told = self.provisioned or node.cloud == "gcp"
        added = _MACHINE_LABELS[node.cloud](node, machine.accelerator, machine.accelerators) if told else {}
        return {**well_known, **added, **self.labels}


def pools_of(cloud: SimulatedCloud, cluster: Cluster) -> list[Pool]:
    """Give the pools that the cluster was given, without those that an autoscaler makes up (Karpenter, GKE's compute classes)."""
    return list(_POOLS[cluster.resource.type](cloud, cluster))


def _eks(cloud: SimulatedCloud, cluster: Cluster) -> Iterator[Pool]:
    scaled = runs(cloud, cluster.place, "cluster-autoscaler")
    for group in cloud.of_types([aws.NODE_GROUP]):
        if (group.place, as_text(group.inputs.get("clusterName"))) != (cluster.resource.place, cluster.resource.name):
            continue
        capacity = as_text(group.outputs.get("capacityType")) or "ON_DEMAND"
        added = {"eks.amazonaws.com/nodegroup": group.name, "eks.amazonaws.com/capacityType": capacity}
        yield Pool(
            name=group.name,
            holder=group.key,
            demand=aws.node_group(cloud, cluster.region, group.outputs),
            labels={**added, **_texts(group.inputs.get("labels"))},
            taints=_taints(group.inputs.get("taints")),
            maximum=gcp.number(lookup(group.inputs, ("scalingConfig", "maxSize"))),
            fixed="" if scaled else "the cluster has no cluster-autoscaler",
            shares=_shares(group.inputs.get("labels")),
        )


def _gke(cloud: SimulatedCloud, cluster: Cluster) -> Iterator[Pool]:
    default = gcp.default_pool(cluster.region, cluster.resource.outputs)
    if default:
        held = "the default pool has no autoscaler"
        config = as_map(cluster.resource.outputs.get("nodeConfig"))
        yield _gke_pool(default, cluster.resource, config, {}, fixed=held)
    for pool in cloud.of_types([gcp.NODE_POOL]):
        place = as_text(pool.outputs.get("location"))
        named = (as_text(pool.inputs.get("cluster")) or "").rsplit("/", 1)[-1]
        if named == cluster.resource.name and place in (None, "", cluster.region):
            scaling = as_map(pool.inputs.get("autoscaling"))
            demand = gcp.node_pool(cluster.region, pool.outputs)
            fixed = "" if scaling else "the pool has no autoscaler"
            made = _gke_pool(demand, pool, as_map(pool.inputs.get("nodeConfig")), pool.inputs, fixed=fixed)
            yield replace(made, maximum=_gke_maximum(scaling, demand) if scaling else None)


def _gke_maximum(scaling: Values, demand: Demand) -> float:
    total = gcp.number(scaling.get("totalMaxNodeCount"))
    return total or gcp.number(scaling.get("maxNodeCount")) * len(demand.zones)


def _gke_pool(demand: Demand, pool: Resource, config: Values, inputs: Values, *, fixed: str) -> Pool:
    """GKE's labels and taints (GKE documentation: GPUs, TPUs, Spot VMs, flex-start, GPU sharing)."""
    node = demand.one(demand.machine_types[0], demand.zones[0])
    labels = {"cloud.google.com/gke-nodepool": demand.pool, "cloud.google.com/gke-provisioning": _provisioning(demand, config)}
    if demand.market == "spot":
        labels["cloud.google.com/gke-preemptible" if config.get("preemptible") is True else "cloud.google.com/gke-spot"] = "true"
    if config.get("flexStart") is True:
        labels["cloud.google.com/gke-flex-start"] = "true"
    topology = as_text(lookup(inputs, ("placementPolicy", "tpuTopology")))
    if topology:
        labels["cloud.google.com/gke-tpu-topology"] = topology
    if demand.reservation:
        labels["cloud.google.com/reservation-name"] = demand.reservation.rsplit("/", 1)[-1]
    labels |= _sharing_labels(config)
    return Pool(
        name=demand.pool,
        holder=pool.key,
        demand=demand,
        labels={**labels, **_texts(config.get("labels"))},
        taints=(*accelerator_taints(node), *_taints(config.get("taints"))),
        fixed=fixed,
        shares=_gke_shares(config),
    )


def accelerator_taints(node: Node) -> tuple[Taint, ...]:
    """Give the taint that GKE puts on nodes with GPUs or TPUs."""
    resource = node.machine.resource
    return (Taint(resource, "present", "NoSchedule"),) if node.cloud == "gcp" and resource in ("nvidia.com/gpu", "google.com/tpu") else ()


def _provisioning(demand: Demand, config: Values) -> str:
    if demand.market == "spot":
        return "preemptible" if config.get("preemptible") is True else "spot"
    return "standard"


def _sharing_labels(config: Values) -> dict[str, str]:
    accelerator = as_map(lookup(config, ("guestAccelerators", 0)))
    sharing = as_map(accelerator.get("gpuSharingConfig"))
    found = {
        "cloud.google.com/gke-gpu-sharing-strategy": (as_text(sharing.get("gpuSharingStrategy")) or "").lower().replace("_", "-"),
        "cloud.google.com/gke-max-shared-clients-per-gpu": as_text(sharing.get("maxSharedClientsPerGpu")) or "",
        "cloud.google.com/gke-gpu-partition-size": as_text(accelerator.get("gpuPartitionSize")) or "",
    }
    return {key: value for key, value in found.items() if value}


def _gke_shares(config: Values) -> float | None:
    accelerator = as_map(lookup(config, ("guestAccelerators", 0)))
    clients = gcp.number(lookup(accelerator, ("gpuSharingConfig", "maxSharedClientsPerGpu"))) or 1
    partition = as_text(accelerator.get("gpuPartitionSize"))
    return clients * (_MIG_PARTS.get(partition[0], 1) if partition else 1)


def _aks(cloud: SimulatedCloud, cluster: Cluster) -> Iterator[Pool]:
    separate = [found for found in cloud.beneath(cluster.resource.id) if found.type == azure.AGENT_POOL]
    for pool in separate:
        yield _aks_pool(cluster, pool.name, pool.key, pool.inputs)
    names = {pool.name for pool in separate}
    profiles = cluster.resource.inputs.get("agentPoolProfiles")
    for profile in profiles if isinstance(profiles, list) else []:
        values = as_map(profile)
        name = as_text(values.get("name")) or ""
        if name not in names:
            yield _aks_pool(cluster, name, cluster.resource.key, values)


def _aks_pool(cluster: Cluster, name: str, holder: str, values: Values) -> Pool:
    """AKS's labels and taints (AKS documentation: node pools, Spot node pools, GPU node pools)."""
    demand = azure.agent_pool(cluster.region, name, values)
    mode = (as_text(values.get("mode")) or "User").lower()
    labels = {"kubernetes.azure.com/agentpool": name, "agentpool": name, "kubernetes.azure.com/mode": mode}
    taints = [_azure_taint(as_text(each) or "") for each in _items(values.get("nodeTaints"))]
    if demand.market == "spot":
        labels["kubernetes.azure.com/scalesetpriority"] = "spot"
        taints.append(Taint("kubernetes.azure.com/scalesetpriority", "spot", "NoSchedule"))
    if demand.one(demand.machine_types[0], "").machine.accelerator:
        labels |= {"kubernetes.azure.com/accelerator": "nvidia", "accelerator": "nvidia"}
    profile = as_text(values.get("gpuInstanceProfile"))
    scaled = values.get("enableAutoScaling") is True
    return Pool(
        name=name,
        holder=holder,
        demand=demand.counting(1),
        labels={**labels, **_texts(values.get("nodeLabels"))},
        taints=tuple(dict.fromkeys(taint for taint in taints if taint)),
        maximum=gcp.number(values.get("maxCount")) if scaled else None,
        fixed="" if scaled else "the pool has no autoscaler",
        shares=_MIG_PARTS.get(profile[3], 1) if profile and len(profile) > 3 else _shares(values.get("nodeLabels")),
    )


def _azure_taint(text: str) -> Taint | None:
    match = _AZURE_TAINT.match(text)
    return Taint(match["key"], match["value"] or "", match["effect"]) if match else None


def _taints(value: Value) -> tuple[Taint, ...]:
    found = [as_map(item) for item in _items(value)]
    return tuple(
        Taint(
            as_text(item.get("key")) or "", as_text(item.get("value")) or "", _EFFECTS.get(as_text(item.get("effect")) or "", "NoSchedule")
        )
        for item in found
    )


def _shares(labels: Value) -> float | None:
    """A device plugin's configuration that a label chooses says how GPUs are shared: that is the program's to know."""
    chosen = {"nvidia.com/device-plugin.config", "nvidia.com/mig.config"} & as_map(labels).keys()
    return None if chosen else 1


def _texts(value: Value) -> dict[str, str]:
    return {key: as_text(item) or "" for key, item in as_map(value).items()}


def _items(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


def _aws_labels(node: Node, accelerator: str, count: float) -> dict[str, str]:
    """Karpenter's labels of a machine (Karpenter documentation: well-known labels)."""
    family = node.machine_type.split(".")[0]
    generation = re.search(r"\d", family)
    capacity = {"spot": "spot", "onDemand": "on-demand"}.get(node.market, "reserved")
    found = {
        "karpenter.sh/capacity-type": capacity,
        "karpenter.k8s.aws/instance-family": family,
        "karpenter.k8s.aws/instance-category": re.split(r"\d", family)[0],
        "karpenter.k8s.aws/instance-generation": generation[0] if generation else "",
        "karpenter.k8s.aws/instance-size": node.machine_type.rsplit(".", 1)[-1],
        "karpenter.k8s.aws/instance-cpu": str(node.machine.vcpus),
        "karpenter.k8s.aws/instance-memory": f"{node.machine.memory_gib * 1024:g}",
    }
    if accelerator:
        maker = "gpu" if node.machine.resource.endswith("/gpu") else "accelerator"
        found |= {
            f"karpenter.k8s.aws/instance-{maker}-name": accelerator.lower(),
            f"karpenter.k8s.aws/instance-{maker}-count": f"{count:g}",
        }
    return found


def _gcp_labels(node: Node, accelerator: str, count: float) -> dict[str, str]:
    machine = node.machine
    found = {"cloud.google.com/machine-family": node.machine_type.split("-")[0]}
    if not accelerator:
        return found
    name = "gke-tpu-accelerator" if machine.resource == "google.com/tpu" else "gke-accelerator"
    return {**found, f"cloud.google.com/{name}": machine.gke_name, "cloud.google.com/gke-accelerator-count": f"{count:g}"}


def _azure_labels(node: Node, accelerator: str, count: float) -> dict[str, str]:
    """Labels of node auto-provisioning (AKS documentation: node provisioning)."""
    family = re.match(r"Standard_([A-Z]+)", node.machine_type)
    found = {
        "karpenter.sh/capacity-type": "spot" if node.market == "spot" else "on-demand",
        "karpenter.azure.com/sku-family": family[1] if family else "",
        "karpenter.azure.com/sku-name": node.machine_type,
        "karpenter.azure.com/sku-cpu": str(node.machine.vcpus),
    }
    return (
        {**found, "karpenter.azure.com/sku-gpu-name": accelerator, "karpenter.azure.com/sku-gpu-count": f"{count:g}"}
        if accelerator
        else found
    )


_MACHINE_LABELS: Final = {"aws": _aws_labels, "gcp": _gcp_labels, "azure": _azure_labels}
_POOLS: Final = {EKS: _eks, GKE: _gke, AKS: _aks}
