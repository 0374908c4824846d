"""How many nodes a pool has, at least and at most."""

from plan.pool_choice import Choice
from plan.pool_request import PoolRequest
from plan.pool_tpu import slice_problem

_CPU_MAX = 3
_SLICES = (
    "Google Cloud, TPUs in GKE: a multi-host slice is one node pool, created and deleted whole: "
    "https://cloud.google.com/kubernetes-engine/docs/concepts/tpus"
)
_SYSTEM = "Microsoft Learn, Manage system node pools in AKS: at least one node, no scaling to zero: https://learn.microsoft.com/azure/aks/use-system-pools"
_QUEUED = "Google Cloud, Run a large-scale workload with flex-start with queued provisioning: https://cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest"
_FLEX = "Google Cloud, About GPU, TPU and H4D provisioning with flex-start: https://cloud.google.com/kubernetes-engine/docs/concepts/dws"


def plan_nodes(request: PoolRequest, choice: Choice | None) -> tuple[int, int]:
    """Fewest and most nodes, over all zones and rungs; faults what the pool's kind does not allow."""
    asked = request.pool.nodes
    asked_min = asked.min if asked else None
    least = _default_min(request, choice) if asked_min is None else asked_min
    if asked and least > asked.max:
        if asked_min is None:
            least = asked.max
        else:
            request.fault("nodes.min", least, f"is more than nodes.max, {asked.max}", allowed=f"0 to {asked.max}", fix="raise nodes.max")
    if choice is not None and choice.one_slice:
        return _slice(request, choice, least)
    most = asked.max if asked else _default_max(request, choice, least)
    _check(request, least)
    if asked_min is None:
        request.decide("nodes.min", least, _why_min(request, least))
    return least, most


def _accelerated(request: PoolRequest, choice: Choice | None) -> bool:
    return request.wants_accelerator or (choice is not None and choice.accelerator is not None)


def _default_min(request: PoolRequest, choice: Choice | None) -> int:
    if request.system:
        return 2 if request.stage == "prod" else 1
    keeps_none = request.provisioner == "karpenter" or not set(request.ladder) & {"onDemand", "reserved"}
    if request.stage != "prod" or _accelerated(request, choice) or keeps_none:
        return 0 if request.provisioner != "none" else (request.pool.nodes.max if request.pool.nodes else 1)
    return 1


def _why_min(request: PoolRequest, least: int) -> str:
    if request.system:
        zones = "a node may fail without the cluster's add-ons" if least > 1 else "the cluster's own add-ons need a place"
        return zones
    if request.provisioner == "none":
        return "nobody adds nodes, so all of them are there"
    if least:
        return "what runs in prod should not wait for its first node"
    return "an idle pool costs nothing; the first pod waits for a node"


def _default_max(request: PoolRequest, choice: Choice | None, least: int) -> int:
    fixed = request.provisioner in ("none", "karpenter")
    if request.system:
        most = least if fixed else least + 2
        reason = "nobody resizes this pool" if fixed else "upgrades and a growing cluster need some room"
    elif _accelerated(request, choice):
        most, reason = max(1, least), "no more accelerators than one machine's cost money unless the file says so"
    else:
        most, reason = max(_CPU_MAX, 2 * least), "room for a peak; the file knows better"
    request.decide("nodes.max", most, reason)
    return most


def _slice(request: PoolRequest, choice: Choice, least: int) -> tuple[int, int]:
    assert choice.tpu is not None
    hosts = choice.tpu.hosts
    asked = request.pool.nodes
    arithmetic = slice_problem(choice.tpu)
    if asked and asked.max != hosts:
        problem = f"is not the slice's number of hosts: {arithmetic}, and one pool is one slice"
        request.fault("nodes.max", asked.max, problem, allowed=str(hosts), fix=f"write nodes: {{max: {hosts}}}", source=_SLICES)
    if asked and asked.min not in (None, 0, hosts):
        problem = f"is part of a slice: {arithmetic}, which come and go together"
        request.fault("nodes.min", asked.min, problem, allowed=f"0 or {hosts}", fix="write min: 0, or leave it out", source=_SLICES)
    if asked is None:
        request.decide("nodes.max", hosts, arithmetic, _SLICES)
    if asked is None or asked.min is None:
        least = hosts if request.provisioner == "none" else 0
        request.decide("nodes.min", least, "a slice comes and goes whole; idle it costs nothing" if not least else "nobody adds nodes")
    _check(request, least)
    return least, hosts


def _check(request: PoolRequest, least: int) -> None:
    asked = request.pool.nodes.min if request.pool.nodes else None
    if request.system and least < 1:
        problem = "leaves the cluster's own add-ons without a node"
        request.fault("nodes.min", least, problem, allowed="1 or more for the system pool", fix="write nodes.min: 1", source=_SYSTEM)
    if request.pool.queued and asked:
        problem = "is more than none: queued nodes come for a job that was admitted, and go with it"
        request.fault("nodes.min", asked, problem, allowed="0 beside queued", fix="remove nodes.min, or queued", source=_QUEUED)
    elif request.ladder == ("flexStart",) and asked:
        problem = "asks for nodes that stay, and flex-start's go after seven days at the latest"
        request.fault("nodes.min", asked, problem, allowed="0 beside flexStart", fix="remove nodes.min, or add onDemand", source=_FLEX)
    nodes = request.pool.nodes
    if request.provisioner == "none" and request.cloud != "kubernetes" and nodes and nodes.min is not None and nodes.min < nodes.max:
        problem = f"can never become {nodes.max}: nobody adds nodes"
        fix = f"write nodes: {{min: {nodes.max}, max: {nodes.max}}}, or remove cluster.addOns.nodeProvisioner"
        request.fault("nodes.min", nodes.min, problem, allowed="nodes.min equal to nodes.max beside nodeProvisioner: off", fix=fix)
