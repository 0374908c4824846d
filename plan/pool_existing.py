"""Node pools that are there already: what the file says of them are facts, and nothing is made."""

from collections.abc import Mapping

from catalogue.pool_accelerators import pool_accelerator
from plan.model import (
    CachePlan,
    DiskPlan,
    DriverPlan,
    InterconnectPlan,
    MachinePlan,
    NodePoolPlan,
    RungPlan,
    SharingPlan,
    Taint,
    UpgradePlan,
)
from plan.pool_labels import check_labels, tolerations
from plan.pool_machine_faults import fault_unknown_accelerator
from plan.pool_request import PoolRequest, written
from plan.pool_usage import plan_pool_usage

# Fields that would change nodes which are not ours.
_CHANGING: Mapping[str, str] = {
    "capacity": "capacity",
    "reservation": "reservation",
    "block": "block",
    "queued": "queued",
    "max_run_hours": "maxRunHours",
    "spot_max_usd_per_hour": "spotMaxUsdPerHour",
    "disk": "disk",
    "placement": "placement",
    "interconnect": "interconnect",
    "cache": "cache",
    "auto_repair": "autoRepair",
    "upgrade": "upgrade",
    "system": "system",
    "topology": "topology",
}


def plan_existing_pool(request: PoolRequest) -> NodePoolPlan | None:
    """The pool as the file describes it; faults what would have to be made, and a pool that no pod could find."""
    pool = request.pool
    known = pool_accelerator(pool.accelerator) if pool.accelerator else None
    if pool.accelerator is not None and known is None:
        fault_unknown_accelerator(request)
    for field, word in _CHANGING.items():
        value = getattr(pool, field)
        if value is not None:
            problem = "would change nodes that are there already"
            request.fault(word, written(value), problem, allowed="labels, taints and sizes of existing nodes", fix=f"remove {word}")
    if not pool.labels:
        problem = "tells its nodes from others, so no pod could be sent there"
        fix = "add labels with what its nodes carry, such as node.kubernetes.io/instance-type"
        request.fault("labels", None, problem, allowed="one label or more of the nodes", fix=fix)
    check_labels(request, None, None)
    count = pool.per_node or (1 if known else 0)
    taints = tuple(Taint(key=taint.key, value=taint.value, effect=taint.effect) for taint in pool.taints)
    most = pool.nodes.max if pool.nodes else 1
    if pool.nodes is None:
        request.decide("nodes.max", most, "one node is known to be there; say how many there are")
    # Nodes that are there are there, whoever scales them.
    least = pool.nodes.min if pool.nodes and pool.nodes.min is not None else most
    sharing = _sharing(request)
    return NodePoolPlan(
        name=request.name,
        labels=request.labels,
        system=False,
        machine=MachinePlan(
            instance_type=pool.machine or "",
            architecture=pool.architecture or "amd64",
            vcpus=pool.vcpus or 0,
            memory_gib=pool.memory_gib or 0,
            accelerator=known.word if known else "",
            accelerator_kind=known.kind if known else "",
            accelerator_count=count,
        ),
        rungs=(_rung(request, taints, least, most),),
        os_image="",
        disk=DiskPlan(size_gib=0, type=""),
        driver=_driver(request, known is not None),
        sharing=sharing,
        interconnect=InterconnectPlan(),
        compact_placement=False,
        cache=CachePlan(),
        auto_repair=False,
        upgrade=UpgradePlan(max_surge=0, max_unavailable=0),
        resource=known.resource_name if known else "",
        resources_per_node=count * sharing.clients if known else 0,
        selector=dict(sorted(pool.labels.items())),
        tolerations=tolerations(taints),
        usage=plan_pool_usage(request, least, most),
        existing=True,
    )


def _rung(request: PoolRequest, taints: tuple[Taint, ...], least: int, most: int) -> RungPlan:
    return RungPlan(
        name=request.name,
        provisioner="existing",
        pool_name=None,
        capacity="onDemand",
        priority=0,
        min_nodes=least,
        max_nodes=most,
        zones=request.pool.zones or (),
        node_labels=dict(sorted(request.pool.labels.items())),
        taints=taints,
    )


def _sharing(request: PoolRequest) -> SharingPlan:
    """How its GPUs are shared already: what a node offers follows from it."""
    asked = request.pool.sharing
    if asked is None:
        return SharingPlan()
    if asked.mig is not None:
        problem = "cannot be told of existing nodes: how many parts there are follows from how they were made"
        request.fault("sharing.mig", asked.mig, problem, allowed="perNode with what a node offers", fix="write perNode, and remove mig")
    if asked.time_slicing is not None:
        return SharingPlan(strategy="timeSlicing", clients=asked.time_slicing)
    return SharingPlan(strategy="mps", clients=asked.mps) if asked.mps is not None else SharingPlan()


def _driver(request: PoolRequest, accelerated: bool) -> DriverPlan:
    """Who owns driver and device plugin: an operator or chart of ours only where the file installs one."""
    if not accelerated:
        return DriverPlan(driver="none", device_plugin="none")
    owner = request.pool.driver.owner if request.pool.driver else None
    if owner == "operator" or request.add_ons.get("gpu_operator") == "install":
        return DriverPlan(driver="operator", device_plugin="operator")
    plugin = "helm" if request.add_ons.get("device_plugin") == "install" else "none"
    if plugin == "none":
        request.decide(
            "driver", "as it is", "the nodes are there already, with a driver and a device plugin; addOns.devicePlugin: install adds one"
        )
    return DriverPlan(driver="none", device_plugin=plugin)
