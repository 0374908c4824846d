"""Pools that an autoscaler makes up for pods: Karpenter's NodePools (on AKS too), GKE's compute classes, Autopilot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from rehearsal.capacity.demand import SOMEWHERE, Demand
from rehearsal.capacity.gcp import number
from rehearsal.capacity.machines import Machine, accelerator_named, machines_of
from rehearsal.scenario import Market
from rehearsal.scheduling.clusters import AKS, EKS, Cluster, objects_of, runs
from rehearsal.scheduling.fitting import short_of
from rehearsal.scheduling.pools import Pool, accelerator_taints
from rehearsal.scheduling.workload import Requirement, Taint, Workload, holds, requirement
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import Value, Values, as_map, as_text, lookup
from rehearsal.zones import aws_zones, gcp_zones

# Karpenter fills reserved capacity first, then spot, then on demand, of those that a NodePool allows (its documentation: capacity types).
_CAPACITY_TYPES: Final[tuple[tuple[str, Market], ...]] = (("reserved", "reserved"), ("spot", "spot"), ("on-demand", "onDemand"))
_LARGEST_CHOICE: Final = 20
CLASS: Final = "cloud.google.com/compute-class"


def karpenter_pools(cloud: SimulatedCloud, cluster: Cluster, workload: Workload) -> list[Pool]:
    """Give what Karpenter would start for a workload's pods, the NodePool of the greatest weight first."""
    if cluster.resource.type not in (EKS, AKS) or not _has_karpenter(cloud, cluster):
        return []
    pools = objects_of(cloud, cluster.place, "NodePool", "karpenter.sh")
    by_weight = sorted(pools, key=lambda pool: (-number(lookup(pool.inputs, ("spec", "weight"))), pool.name))
    return [found for pool in by_weight for found in _node_pool(cluster, pool, workload)]


def _has_karpenter(cloud: SimulatedCloud, cluster: Cluster) -> bool:
    inputs = cluster.resource.inputs
    managed = lookup(inputs, ("computeConfig", "enabled")) is True or lookup(inputs, ("nodeProvisioningProfile", "mode")) == "Auto"
    return managed or runs(cloud, cluster.place, "karpenter")


def _node_pool(cluster: Cluster, pool: Resource, workload: Workload) -> Iterator[Pool]:
    template = as_map(lookup(pool.inputs, ("spec", "template")))
    spec = as_map(template.get("spec"))
    requirements = [requirement(as_map(item)) for item in _items(spec.get("requirements"))]
    named = {"karpenter.sh/nodepool": pool.name}
    labels = {**named, **{key: as_text(value) or "" for key, value in as_map(lookup(template, ("metadata", "labels"))).items()}}
    taints = tuple(_taint(as_map(item)) for item in _items(spec.get("taints")))
    limit = as_text(lookup(pool.inputs, ("spec", "limits", "nodes")))
    for word, market in _CAPACITY_TYPES:
        if not _allows_capacity(requirements, word):
            continue
        demand = _karpenter_demand(cluster, pool.name, market)
        made = Pool(pool.name, pool.key, demand, labels, taints, float(limit) if limit else None, provisioned=True)
        yield from _with_machines(made, requirements, workload)


def _allows_capacity(requirements: Sequence[Requirement], word: str) -> bool:
    """Without a word on it Karpenter starts on demand."""
    said = [each for each in requirements if each[0] == "karpenter.sh/capacity-type"]
    return all(holds(each, {"karpenter.sh/capacity-type": word}) for each in said) if said else word == "on-demand"


def _karpenter_demand(cluster: Cluster, name: str, market: Market) -> Demand:
    """Reserved capacity is that of any open reservation: which ones, the node class chooses, and that is not held."""
    kind, zones = ("aws", tuple(aws_zones(cluster.region))) if cluster.resource.type == EKS else ("azure", ("",))
    reservation = SOMEWHERE if market == "reserved" else ""
    return Demand(kind, cluster.region, zones, ("",), "onDemand" if market == "reserved" else market, 1, name, reservation=reservation)


def _with_machines(pool: Pool, requirements: Sequence[Requirement], workload: Workload) -> Iterator[Pool]:
    """Give the pool with the machines that its requirements allow and a pod fits, the smallest first; nothing where there is none."""
    wanted = [each for each in requirements if each[0] != "karpenter.sh/capacity-type"]
    zones = pool.demand.zones
    found = [
        each.type
        for each in machines_of(pool.demand.cloud)
        if _fits(pool, each, workload) and any(_meets(pool, each, zone, wanted, workload) for zone in zones)
    ]
    if found:
        fitting = tuple(zone for zone in zones if _zone_meets(wanted, zone))
        demand = replace(pool.demand, machine_types=tuple(found[:_LARGEST_CHOICE]), zones=fitting or zones)
        yield replace(pool, demand=demand)


def _zone_meets(wanted: Sequence[Requirement], zone: str) -> bool:
    key = "topology.kubernetes.io/zone"
    return not zone or all(holds(each, {key: zone}) for each in wanted if each[0] == key)


def _fits(pool: Pool, machine: Machine, workload: Workload) -> bool:
    """Whoever asks for no accelerator gets none (Karpenter chooses the cheapest machine, GKE the machine family)."""
    node = pool.demand.one(machine.type, pool.demand.zones[0])
    idle = bool(machine.accelerator) and not any("/" in name for name in workload.requests)
    return machine.vcpus > 0 and not idle and short_of(node, pool.shares, workload.requests, {}) is None


def _meets(pool: Pool, machine: Machine, zone: str, wanted: Sequence[Requirement], workload: Workload) -> bool:
    labels = pool.labels_of(pool.demand.one(machine.type, zone))
    return all(holds(each, labels) for each in wanted if each[0] in labels) and workload.accepts(labels)


def _taint(item: Values) -> Taint:
    return Taint(as_text(item.get("key")) or "", as_text(item.get("value")) or "", as_text(item.get("effect")) or "NoSchedule")


def compute_class(cloud: SimulatedCloud, cluster: Cluster, name: str) -> Resource | None:
    """Give a ComputeClass of a cluster by its name, or None."""
    found = (each for each in objects_of(cloud, cluster.place, "ComputeClass", "cloud.google.com") if each.name == name)
    return next(found, None)


def class_pools(cluster: Cluster, chosen: Resource, pools: Sequence[Pool], workload: Workload) -> list[Pool]:
    """Give the ladder of a compute class: its priorities in their order, then whatever else there is if it says ScaleUpAnyway."""
    spec = as_map(chosen.inputs.get("spec"))
    ladder: list[Pool] = []
    for index, item in enumerate(_items(spec.get("priorities"))):
        ladder += _priority(cluster, chosen, index, as_map(item), pools, workload)
    if as_text(spec.get("whenUnsatisfiable")) == "ScaleUpAnyway":
        ladder += [pool for pool in pools if pool not in ladder]
    return ladder


def _priority(cluster: Cluster, chosen: Resource, index: int, rule: Values, pools: Sequence[Pool], workload: Workload) -> list[Pool]:
    """A rule names pools, or describes machines that existing pools may be of and that GKE makes pools of where it may."""
    names = [as_text(name) for name in _items(rule.get("nodepools"))]
    if names:
        return [pool for name in names for pool in pools if pool.name == name]
    fitting = [pool for pool in pools if pool.labels.get(CLASS) == chosen.name and _follows(rule, pool)]
    creates = lookup(chosen.inputs, ("spec", "nodePoolAutoCreation", "enabled")) is True
    return fitting + (_created(cluster, chosen, index, rule, workload) if creates else [])


def _follows(rule: Values, pool: Pool) -> bool:
    return (
        _rule_allows(rule, pool.demand.one(pool.demand.machine_types[0], pool.demand.zones[0]).machine)
        and _market(rule) == pool.demand.market
    )


def _rule_allows(rule: Values, machine: Machine) -> bool:
    """GKE documentation: ComputeClass, priority rules."""
    kind, family = as_text(rule.get("machineType")), as_text(rule.get("machineFamily"))
    accelerator = as_map(rule.get("gpu")) or as_map(rule.get("tpu"))
    wanted = as_text(accelerator.get("type"))
    cores, memory = number(rule.get("minCores")), number(rule.get("minMemoryGb"))
    checks = (
        not kind or machine.type == kind,
        not family or machine.type.split("-")[0] == family,
        not wanted or machine.accelerator == accelerator_named(wanted),
        not accelerator.get("count") or machine.accelerators == number(accelerator.get("count")),
        machine.vcpus >= cores and (not memory or machine.memory_gib >= memory),
    )
    return all(checks)


def _market(rule: Values) -> Market:
    if lookup(rule, ("flexStart", "enabled")) is True:
        return "flexStart"
    return "spot" if rule.get("spot") is True else "onDemand"


def _created(cluster: Cluster, chosen: Resource, index: int, rule: Values, workload: Workload) -> list[Pool]:
    zones = tuple(as_text(zone) or "" for zone in _items(lookup(rule, ("location", "zones")))) or tuple(_zones_of(cluster))
    specific = as_text(lookup(rule, ("reservations", "specific", 0, "name"))) or ""
    machines = [each for each in machines_of("gcp") if _rule_allows(rule, each)]
    name = f"{chosen.name}[{index}]"
    demand = Demand("gcp", cluster.region, zones, ("",), _market(rule), 1, name, reservation=specific)
    pool = Pool(name, chosen.key, demand, {CLASS: chosen.name}, (Taint(CLASS, chosen.name, "NoSchedule"),))
    return _of_machines(pool, machines, workload)


def autopilot_pools(cluster: Cluster, workload: Workload) -> list[Pool]:
    """Give what Autopilot would start: on demand, or spot for pods that select gke-spot (GKE documentation: Autopilot)."""
    spot = workload.selector.get("cloud.google.com/gke-spot") == "true"
    labels = {"cloud.google.com/gke-spot": "true"} if spot else {}
    demand = Demand("gcp", cluster.region, tuple(_zones_of(cluster)), ("",), "spot" if spot else "onDemand", 1, "autopilot")
    return _of_machines(Pool("autopilot", cluster.resource.key, demand, labels), machines_of("gcp"), workload)


def _of_machines(pool: Pool, machines: Sequence[Machine], workload: Workload) -> list[Pool]:
    fitting = [
        each
        for each in machines
        if _fits(pool, each, workload) and any(_meets(pool, each, zone, (), workload) for zone in pool.demand.zones)
    ]
    if not fitting:
        return []
    demand = replace(pool.demand, machine_types=tuple(each.type for each in fitting[:_LARGEST_CHOICE]))
    taints = accelerator_taints(demand.one(demand.machine_types[0], demand.zones[0]))
    return [replace(pool, demand=demand, taints=(*pool.taints, *taints))]


def _zones_of(cluster: Cluster) -> list[str]:
    return [as_text(zone) or "" for zone in _items(cluster.resource.outputs.get("nodeLocations"))] or gcp_zones(cluster.region)


def _items(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []
