"""Who adds nodes when pods wait: the cloud, the cluster autoscaler, Karpenter, or nobody."""

from collections.abc import Mapping

from environment.model import Environment
from environment.node_pool import NodePool
from plan.findings import Findings
from plan.ladder import ladder
from plan.scope import wants_cluster

SYSTEM_POOL = "system"
_PATH = "cluster.addOns.nodeProvisioner"
_CLUSTER_AUTOSCALER = "Kubernetes, cluster autoscaler FAQ (max-node-provision-time is 15 minutes)"
_MINIMUM = "Karpenter, NodePools: it keeps no minimum of nodes: https://karpenter.sh/docs/concepts/nodepools/"
_NAP = "Microsoft Learn, AKS node auto-provisioning: not beside the cluster autoscaler: https://learn.microsoft.com/azure/aks/node-auto-provisioning"
# What each cloud's clusters can use.
_POSSIBLE: Mapping[str, tuple[str, ...]] = {
    "aws": ("karpenter", "clusterAutoscaler", "off", "existing"),
    "gcp": ("cloud", "off"),
    "azure": ("cloud", "karpenter", "off"),
    "kubernetes": ("off", "existing"),
}

_SOURCES: Mapping[str, str] = {
    "aws": "Amazon EKS User Guide, Autoscaling: https://docs.aws.amazon.com/eks/latest/userguide/autoscaling.html",
    "gcp": "Google Cloud, About GKE cluster autoscaling: https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler",
    "azure": "Microsoft Learn, Cluster autoscaling in AKS: https://learn.microsoft.com/azure/aks/cluster-autoscaler-overview",
    # Whose machines they are is Drydock's own word.
    "kubernetes": "",
}


def system_pools(environment: Environment) -> tuple[str, ...]:
    """The pools of the file that run the cluster's own add-ons: those that say so, else the one that is called so."""
    named = tuple(name for name in sorted(environment.node_pools) if environment.node_pools[name].system)
    implied = environment.node_pools.get(SYSTEM_POOL)
    if named or implied is None or implied.system is False or implied.existing:
        return named
    return (SYSTEM_POOL,)


def plan_provisioner(environment: Environment, findings: Findings) -> str:
    """Who adds nodes: none | cloud | clusterAutoscaler | karpenter. Faults one that the cloud has not, or that a pool cannot live with."""
    if not wants_cluster(environment):
        return "none"
    asked = environment.cluster.add_ons.node_provisioner if environment.cluster and environment.cluster.add_ons else None
    if asked is None:
        chosen, reason, source = _default(environment)
        findings.decide(_PATH, chosen, reason, source)
        return chosen
    if asked not in _POSSIBLE[environment.cloud]:
        _fault(environment, asked, findings)
        return _default(environment)[0]
    if asked == "existing":
        return {"aws": "clusterAutoscaler", "kubernetes": "none"}[environment.cloud]
    if asked == "karpenter":
        _check_karpenter(environment, findings)
    return "none" if asked == "off" else asked


def must_be_group(pool: NodePool, kinds: tuple[str, ...], cloud: str, *, system: bool) -> str | None:
    """Why a pool must be a node group of the cloud although Karpenter adds nodes, None where it need not."""
    if system:
        return "Karpenter itself runs there"
    if "block" in kinds:
        return "a capacity block is entered by a node group that names it"
    if pool.placement == "compact":
        return "Karpenter makes no placement group"
    if pool.nodes is not None and pool.nodes.min:
        return "Karpenter keeps no minimum of nodes"
    if cloud == "azure" and "reserved" in kinds:
        return "node auto-provisioning takes no capacity reservation group"
    return None


def _default(environment: Environment) -> tuple[str, str, str]:
    if environment.cloud == "kubernetes":
        return "none", "the cluster's nodes are its owners' to add", ""
    if environment.cloud != "aws":
        return "cloud", "the cluster autoscaler is part of the cluster there", ""
    pools = _own_pools(environment)
    scaling = {name: kinds for name, kinds in pools.items() if _scales(environment.node_pools[name])}
    stuck = _stuck(environment)
    climbing = sorted(name for name, kinds in pools.items() if len(kinds) > 1)
    if climbing and not stuck:
        reason = (
            f"{_listed(climbing)} may fall from rung to rung: Karpenter tries the next at once, the cluster autoscaler after 15 minutes"
        )
        return "karpenter", reason, _CLUSTER_AUTOSCALER
    if climbing:
        reason = f"{_listed(sorted(stuck))} must grow as a node group ({next(iter(stuck.values()))}), and one provisioner serves all pools"
        return "clusterAutoscaler", reason, _MINIMUM
    if scaling or any(_grows(environment.node_pools[name]) for name in system_pools(environment)):
        return "clusterAutoscaler", "each pool has one kind of capacity, so there is no ladder to climb", ""
    return "none", "no pool changes its number of nodes", ""


def _own_pools(environment: Environment) -> Mapping[str, tuple[str, ...]]:
    """The pools that are not there already and are no system pool, with their ladders."""
    systems = system_pools(environment)
    return {
        name: ladder(pool, environment.stage, system=False)
        for name, pool in sorted(environment.node_pools.items())
        if not pool.existing and name not in systems
    }


def _grows(pool: NodePool) -> bool:
    """Whether the file gives a system pool room to grow; without a word it keeps its number of nodes."""
    return pool.nodes is not None and _scales(pool)


def _scales(pool: NodePool) -> bool:
    return pool.nodes is None or (pool.nodes.min or 0) < pool.nodes.max


def _stuck(environment: Environment) -> Mapping[str, str]:
    """Pools that must be node groups and must grow: Karpenter would leave them as they are."""
    reasons = {
        name: must_be_group(environment.node_pools[name], kinds, environment.cloud, system=False)
        for name, kinds in _own_pools(environment).items()
        if _scales(environment.node_pools[name])
    }
    return {name: reason for name, reason in reasons.items() if reason is not None}


def _check_karpenter(environment: Environment, findings: Findings) -> None:
    for name, reason in _stuck(environment).items():
        problem = f"leaves pool {name} at its minimum: {reason}, and nothing but Karpenter adds nodes"
        allowed = f"clusterAutoscaler beside {name}, or nodes.min equal to nodes.max there"
        fix = f"write nodeProvisioner: {'cloud' if environment.cloud == 'azure' else 'clusterAutoscaler'}"
        source = _NAP if environment.cloud == "azure" else _MINIMUM
        findings.fault(_PATH, "karpenter", problem, allowed=allowed, fix=fix, source=source)


def _fault(environment: Environment, asked: str, findings: Findings) -> None:
    why = {
        "cloud": "is part of GKE and AKS, not of this cluster",
        "clusterAutoscaler": f"is part of the cluster itself on {environment.cloud}: a second one would work against it",
        "karpenter": f"adds no nodes on {environment.cloud}",
        "existing": f"is always the cloud's own on {environment.cloud}",
    }[asked]
    possible = _POSSIBLE[environment.cloud]
    fix = f"write nodeProvisioner: {possible[0]}, or leave it out"
    findings.fault(_PATH, asked, why, allowed=", ".join(possible), fix=fix, source=_SOURCES[environment.cloud])


def _listed(names: list[str]) -> str:
    return " and ".join(names)
