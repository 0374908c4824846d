"""The cluster of an environment with everything that stands in it, from its quotas to its workloads."""

from dataclasses import dataclass

from pulumi import Resource, ResourceOptions

from components.contract import ClusterOutputs, KubernetesOutputs, NodePoolOutputs
from components.gcp.cluster import Cluster, Surroundings
from components.gcp.network import Network
from components.gcp.node_pool import ClusterOfPools, NodePool
from components.gcp.quotas import quota_limit
from components.kubernetes import compute_class, deploy_kubernetes
from components.quota_check import check_quotas
from plan.model import ClusterPlan, Plan


@dataclass(frozen=True, kw_only=True)
class Platform:
    """What a cluster and its contents hand out."""

    cluster: ClusterOutputs
    node_pools: dict[str, NodePoolOutputs]
    kubernetes: KubernetesOutputs


def deploy_platform(plan: Plan, cluster_plan: ClusterPlan, network: Network | None) -> Platform:
    """Build the plan's cluster, its pools and what stands in it."""
    check_quotas(plan.quotas, lambda need: quota_limit(need, plan.region), region=plan.region)
    cluster = _cluster(plan, cluster_plan, network)
    pools = _node_pools(plan, cluster)
    inside = deploy_kubernetes(
        plan,
        provider=cluster.provider,
        nodes=[node for pool in pools.values() for node in pool.resources],
        build_nodes=lambda _, opts: _compute_classes(plan, pools, opts),
    )
    return Platform(cluster=cluster.outputs, node_pools={name: pool.outputs for name, pool in pools.items()}, kubernetes=inside)


def _cluster(plan: Plan, cluster_plan: ClusterPlan, network: Network | None) -> Cluster:
    around = Surroundings(nodes=network.nodes, ready=network.ready) if network else None
    has_nodes = any(rung.provisioner == "group" for pool in plan.node_pools for rung in pool.rungs)
    return Cluster(cluster_plan.name, cluster_plan, region=plan.region, around=around, has_nodes=has_nodes)


def _node_pools(plan: Plan, cluster: Cluster) -> dict[str, NodePool]:
    identity = cluster.identity
    place = (
        ClusterOfPools(
            name=cluster.outputs["name"],
            region=plan.region,
            service_account=identity.email,
            depends_on=[*cluster.ready, *identity.grants],
        )
        if identity
        else None
    )
    return {pool.name: NodePool(pool.name, pool, cluster=place) for pool in plan.node_pools}


def _compute_classes(plan: Plan, pools: dict[str, NodePool], opts: ResourceOptions) -> list[Resource]:
    """The class of each ladder, which GKE climbs."""
    return [compute_class(pool, pools[pool.name].names, opts=opts) for pool in plan.node_pools if len(pools[pool.name].names) > 1]
