"""Pools of Google Kubernetes Engine as checks ask for them: where they stand, what they run on, how many nodes they have."""

from catalogue.machine_facts import machine_facts
from policies.joins import everywhere
from policies.view import View

NODE_POOL = "gcp:container/nodePool:NodePool"
CLUSTER = "gcp:container/cluster:Cluster"
POOLS = (NODE_POOL, CLUSTER)
_PROVISIONED = "clusterAutoscaling.autoProvisioningDefaults"


def pools(view: View) -> list[str]:
    """Before which paths a pool's properties stand: none for a NodePool, nor for the pool that a cluster is born with, if that stays.

    Autopilot's nodes are Google's own. Raises Undecided.
    """
    if view.resource.type == NODE_POOL:
        return [""]
    if view.flag("enableAutopilot"):
        return []
    inside = [f"nodePools.{at}." for at in range(len(view.items("nodePools")))]
    return inside or ([] if view.flag("removeDefaultNodePool") else [""])


def node_configs(view: View) -> list[str]:
    """The paths of what nodes are: of each pool, and of the pools that GKE adds by itself. Raises Undecided."""
    found = [f"{pool}nodeConfig" for pool in pools(view)]
    provisions = view.resource.type == CLUSTER and view.flag("clusterAutoscaling.enabled") and not view.flag("enableAutopilot")
    return [*found, _PROVISIONED] if provisions else found


def managements(view: View) -> list[str]:
    """The paths of how nodes are looked after: of each pool, and of the pools that GKE adds by itself. Raises Undecided."""
    configs = node_configs(view)
    return [f"{pool}management" for pool in pools(view)] + [f"{path}.management" for path in configs if path == _PROVISIONED]


def accelerator(view: View, pool: str = "") -> str | None:
    """What a pod asks for on a pool's nodes, such as nvidia.com/gpu; None without an accelerator. Raises Undecided."""
    if view.items(f"{pool}nodeConfig.guestAccelerators"):
        return "nvidia.com/gpu"
    found = machine_facts("gcp", view.text(f"{pool}nodeConfig.machineType"))
    return found.accelerator_resource if found else None


def architecture(view: View) -> str:
    """The processor of a NodePool's nodes; GKE takes e2-medium where no machine is named. Raises Undecided."""
    found = machine_facts("gcp", view.text("nodeConfig.machineType"))
    return found.architecture if found else "amd64"


def fewest(view: View, pool: str = "") -> tuple[str, float]:
    """How many nodes a pool has at least, and the path that says so. Raises Undecided."""
    scaled = (f"{pool}autoscaling.totalMinNodeCount", f"{pool}autoscaling.minNodeCount")
    paths = scaled if view.get(f"{pool}autoscaling") else (f"{pool}nodeCount", f"{pool}initialNodeCount")
    counts = [(path, view.number(path) or 0) for path in paths]
    return max(counts, key=lambda each: each[1])


def most(view: View) -> float:
    """How many nodes a NodePool has at most, in each zone or in all. Raises Undecided."""
    if not view.get("autoscaling"):
        return fewest(view)[1]
    return max(view.number("autoscaling.totalMaxNodeCount") or 0, view.number("autoscaling.maxNodeCount") or 0)


def spot(view: View, pool: str = "") -> bool:
    """Whether nodes may be taken away at any time. Raises Undecided."""
    return view.flag(f"{pool}nodeConfig.spot") or view.flag(f"{pool}nodeConfig.preemptible")


def companions(view: View) -> list[View]:
    """The other NodePools of the same cluster: that come from the same resource, or give the same name and come from none.

    Raises Undecided.
    """
    cluster = view.resource.references.get("cluster", ())
    others = [each for each in everywhere(view, [NODE_POOL]) if each.resource.urn != view.resource.urn]
    alike = [each for each in others if each.resource.references.get("cluster", ()) == cluster]
    return alike if cluster else [each for each in alike if each.text("cluster") == view.text("cluster")]
