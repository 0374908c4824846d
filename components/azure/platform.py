"""The network and cluster of an environment with its pools and all that stands in them, in the order in which one stands on another."""

from collections.abc import Mapping, Sequence

from pulumi import Output, Resource, ResourceOptions

from components.azure.cluster import Cluster, Surroundings
from components.azure.network import Network
from components.azure.node_classes import build_provisioned_pools
from components.azure.node_pool import ClusterOfPools, NodePool
from components.contract import DeploymentOutputs
from components.kubernetes import deploy_kubernetes
from plan.model import ClusterPlan, Plan


def deploy_platform(plan: Plan, group: Output[str] | None) -> tuple[DeploymentOutputs, Network | None]:
    """Build the plan's network, its cluster, the cluster's pools, and what stands in it: those that the plan has.

    Gives the network beside their outputs; None where there is none.
    """
    outputs = DeploymentOutputs()
    network = Network(plan.network.name, plan.network, location=plan.region, resource_group_name=group) if plan.network else None
    if network:
        outputs["network"] = network.outputs
    if plan.cluster:
        outputs.update(_deploy_cluster(plan, plan.cluster, network, group))
    return outputs, network


def _deploy_cluster(plan: Plan, cluster_plan: ClusterPlan, network: Network | None, group: Output[str] | None) -> DeploymentOutputs:
    around = None
    if network and group and plan.network:
        around = Surroundings(location=plan.region, resource_group_name=group, network=plan.network, node_subnets=network.node_subnets)
    # Nothing of a cluster may outlive the network that it stands in: nodes on their way out still need a way out.
    after_network = ResourceOptions(depends_on=[network] if network else None)
    cluster = Cluster(cluster_plan.name, cluster_plan, pools=plan.node_pools, surroundings=around, opts=after_network)
    pools = _pools(plan, cluster, network)
    # Objects in the cluster go before the nodes that run their controllers, so that load balancers and disks go with them.
    nodes: Sequence[Resource] = (cluster, *pools.values())
    inside = deploy_kubernetes(
        plan,
        provider=cluster.provider,
        nodes=nodes,
        build_nodes=lambda _add_ons, opts: build_provisioned_pools(plan.node_pools, plan.region, opts),
    )
    return DeploymentOutputs(cluster=cluster.outputs, nodePools={name: pool.outputs for name, pool in pools.items()}, kubernetes=inside)


def _pools(plan: Plan, cluster: Cluster, network: Network | None) -> Mapping[str, NodePool]:
    inline = "" if cluster.identity is None else next(pool.name for pool in plan.node_pools if pool.system)
    owner = ClusterOfPools(
        name=cluster.outputs["name"],
        resource_group_name=cluster.resource_group_name,
        location=plan.region,
        identity=cluster.identity,
        node_subnets=network.node_subnets if network else (),
        version=cluster.version,
        inline=inline,
        depends_on=cluster.ready,
    )
    return {pool.name: NodePool(pool.name, pool, cluster=owner) for pool in plan.node_pools}
