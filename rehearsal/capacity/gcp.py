"""Nodes of Google Cloud: GKE node pools, instances and reservations."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rehearsal.capacity.demand import SOMEWHERE, Demand
from rehearsal.capacity.reservations import GCP
from rehearsal.scenario import Market
from rehearsal.state import SimulatedCloud
from rehearsal.values import Value, Values, as_map, as_text, lookup
from rehearsal.zones import gcp_zones

CLUSTER: Final = "gcp:container/cluster:Cluster"
NODE_POOL: Final = "gcp:container/nodePool:NodePool"
# GKE documentation: the machine of a pool that names none.
_DEFAULT_TYPE: Final = "e2-medium"


def pool_demand(region: str, name: str, zones: tuple[str, ...], config: Values, *, queued: bool = False) -> Demand:
    """Give one node of a GKE pool with this `nodeConfig` as a demand."""
    accelerator = as_map(lookup(config, ("guestAccelerators", 0)))
    affinity = as_map(config.get("reservationAffinity"))
    kind = as_text(affinity.get("consumeReservationType"))
    reservation = as_text(lookup(affinity, ("values", 0))) or ""
    return Demand(
        cloud="gcp",
        region=region,
        zones=zones,
        machine_types=(as_text(config.get("machineType")) or _DEFAULT_TYPE,),
        market=_market(config, queued=queued),
        pool=name,
        attached=as_text(accelerator.get("type")) or "",
        attached_count=number(accelerator.get("count")),
        reservation=(reservation or SOMEWHERE) if kind == "SPECIFIC_RESERVATION" else "",
        open_reservations=kind not in ("NO_RESERVATION", "SPECIFIC_RESERVATION"),
    )


def node_pool(region: str, values: Values) -> Demand:
    """Give one node of a node pool as a demand over all its zones."""
    queued = lookup(values, ("queuedProvisioning", "enabled")) is True
    zones = texts(values.get("nodeLocations")) or gcp_zones(region)
    return pool_demand(_region(region), as_text(values.get("name")) or "", tuple(zones), as_map(values.get("nodeConfig")), queued=queued)


def _node_pool(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    """A pool's count and minimum are for each of its zones, unless the autoscaler's are totals."""
    whole = node_pool(region, values)
    scaling = as_map(values.get("autoscaling"))
    count = max(number(values.get("nodeCount")), number(values.get("initialNodeCount")), number(scaling.get("minNodeCount")))
    total = number(scaling.get("totalMinNodeCount")) - count * len(whole.zones)
    each = [replace(whole, zones=(zone,), count=count) for zone in whole.zones] if count else []
    return each + ([whole.counting(total)] if total > 0 else [])


def default_pool(region: str, values: Values) -> Demand | None:
    """Give one node of the default pool as a demand, of a cluster that keeps that pool; one that removes it needs none that last."""
    gone = values.get("removeDefaultNodePool") is True or values.get("enableAutopilot") is True
    if gone or not number(values.get("initialNodeCount")):
        return None
    zones = tuple(texts(values.get("nodeLocations")) or gcp_zones(region))
    return pool_demand(_region(region), "default-pool", zones, as_map(values.get("nodeConfig")))


def _cluster(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    demand = default_pool(region, values)
    count = number(values.get("initialNodeCount"))
    return [replace(demand, zones=(zone,), count=count) for zone in demand.zones] if demand else []


def _instance(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    zone = as_text(values.get("zone")) or gcp_zones(region)[0]
    machine_type = (as_text(values.get("machineType")) or "").rsplit("/", 1)[-1]
    scheduling = as_map(values.get("scheduling"))
    spot = as_text(scheduling.get("provisioningModel")) == "SPOT" or scheduling.get("preemptible") is True
    config: Values = {
        "machineType": machine_type,
        "guestAccelerators": values.get("guestAccelerators"),
        "spot": spot,
        "reservationAffinity": {"consumeReservationType": lookup(values, ("reservationAffinity", "type"))},
    }
    return [pool_demand(_region(zone), "", (zone,), config)] if machine_type else []


def _reservation(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    specific = as_map(values.get("specificReservation"))
    properties = as_map(specific.get("instanceProperties"))
    zone = as_text(values.get("zone")) or ""
    accelerator = as_map(lookup(properties, ("guestAccelerators", 0)))
    machine_type = as_text(properties.get("machineType"))
    if not machine_type:
        return []
    count = number(specific.get("count"))
    kind, cards = as_text(accelerator.get("acceleratorType")) or "", number(accelerator.get("acceleratorCount"))
    demand = Demand("gcp", _region(zone), (zone,), (machine_type,), "reserved", count, attached=kind, attached_count=cards, purchase=True)
    return [demand]


def _market(config: Values, *, queued: bool) -> Market:
    if config.get("flexStart") is True or queued:
        return "flexStart"
    return "spot" if config.get("spot") is True or config.get("preemptible") is True else "onDemand"


def _region(location: str) -> str:
    return location.rsplit("-", 1)[0] if location.count("-") > 1 else location


def texts(value: Value) -> list[str]:
    """Give a list's texts; empty for anything else."""
    return [text for item in value if (text := as_text(item))] if isinstance(value, list) else []


def number(value: Value) -> int:
    """Give a number, be it written as text; 0 where there is none."""
    return int(float(as_text(value) or 0))


WANTS: Final = {
    NODE_POOL: _node_pool,
    CLUSTER: _cluster,
    "gcp:compute/instance:Instance": _instance,
    GCP: _reservation,
}
