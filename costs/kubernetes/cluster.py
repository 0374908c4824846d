"""Which cluster a resource runs on, and what nodes that cluster has."""

from collections.abc import Iterable
from typing import Final

from costs.kubernetes.tokens import declared, tokens
from costs.registry import Place, pricers
from costs.resource import Program, Resource, once

EKS: Final = "aws:eks/cluster:Cluster"
GKE: Final = "gcp:container/cluster:Cluster"
AKS: Final = "azure-native:containerservice:ManagedCluster"
CLUSTERS: Final = (EKS, GKE, AKS)
KARPENTER: Final = tuple(tokens("karpenter.sh", "NodePool", "Provisioner"))
_NODES: Final = {
    EKS: (
        *("aws:eks/nodeGroup:NodeGroup", "aws:autoscaling/group:Group", "aws:ec2/instance:Instance", "aws:ec2/fleet:Fleet"),
        *KARPENTER,
    ),
    GKE: ("gcp:container/nodePool:NodePool",),
    AKS: ("azure-native:containerservice:AgentPool", *KARPENTER),
}
NOWHERE: Final = Place("kubernetes", None)


def place(resource: Resource, program: Program) -> Place:
    """The price list and region of the cluster that it runs on; no cloud's where the program does not declare the cluster."""
    cluster = cluster_of(resource, program)
    module = pricers(cluster.package) if cluster else None
    return module.place(cluster, program) if cluster and module else NOWHERE


def cluster_of(resource: Resource, program: Program) -> Resource | None:
    """The program's cluster that the resource's provider leads to, else the program's only one; None for an existing or bare cluster."""
    known = _known(program)
    if resource.provider not in known:
        known[resource.provider] = _cluster(resource.provider, program)
    return known[resource.provider]


@once
def _known(program: Program) -> dict[str, Resource | None]:
    del program  # One dictionary each, by provider, filled as its resources are asked for.
    return {}


def has_nodes(cluster: Resource, program: Program, *, by_demand: bool = True) -> bool:
    """Whether the program declares nodes of this kind of cluster: they are priced where they are declared.

    by_demand: whether a pool that makes them as pods ask for them counts.
    """
    return _inline_nodes(cluster) or bool(_declared(program, cluster.type) - (set() if by_demand else set(KARPENTER)))


@once
def _kinds(program: Program) -> set[str]:
    return {resource.type for resource in program.resources.values()}


def _declared(program: Program, cluster: str) -> set[str]:
    return _kinds(program) & set(_NODES[cluster])


def _inline_nodes(cluster: Resource) -> bool:
    if cluster.type == AKS:
        return bool(cluster.items("agentPoolProfiles"))
    if cluster.type == GKE:
        return bool(cluster.items("nodePools")) or cluster.get("removeDefaultNodePool") is not True
    return False


def _cluster(provider: str, program: Program) -> Resource | None:
    every = declared(program, CLUSTERS)
    configured = program.resources.get(provider)
    if configured and configured.references:
        reached = [each for each in _reached(configured, program) if each.type in CLUSTERS]
        # Configured from something else, such as another stack's output: a cluster that this program does not make.
        return reached[0] if reached and (len(reached) == 1 or len(every) == 1) else None
    return every[0] if len(every) == 1 else None


def _reached(start: Resource, program: Program) -> Iterable[Resource]:
    """What its values come from, however many resources lie between; a component stands for what is in it.

    A cluster is not followed further: what a cluster itself refers to is not where the resource runs.
    """
    seen: dict[str, None] = dict.fromkeys(urn for urns in start.references.values() for urn in urns)
    waiting = [*seen]
    while waiting:
        found = program.resources.get(waiting.pop(0))
        if found is None:
            continue
        yield found
        if found.type in CLUSTERS:
            continue
        leads = [urn for urns in found.references.values() for urn in urns]
        inside = [] if found.custom else [each.urn for each in program.resources.values() if each.parent == found.urn]
        fresh = [urn for urn in (*leads, *inside) if urn not in seen]
        seen.update(dict.fromkeys(fresh))
        waiting.extend(fresh)
