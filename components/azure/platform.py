"""The network and cluster of an environment with its pools and all that stands in them, in the order in which one stands on another."""

from collections.abc import Mapping, Sequence

from pulumi import Output, Resource, ResourceOptions

from components.azure.cluster import Cluster, Surroundings
from components.azure.endpoint_identity import endpoint_identity
from components.azure.network import Network
from components.azure.node_classes import build_provisioned_pools
from components.azure.node_pool import ClusterOfPools, NodePool
from components.contract import DeploymentOutputs
from components.kubernetes import deploy_kubernetes
from components.kubernetes.endpoint_spec import CloudIdentity
from components.serving import BuildEndpoints
from plan.model import ClusterPlan, EndpointPlan, Plan


def deploy_platform(plan: Plan, group: Output[str] | None) -> tuple[DeploymentOutputs, Network | None, BuildEndpoints | None]:
    """Build the plan's network, its cluster, the cluster's pools, and what stands in it: those that the plan has.

    Gives beside their outputs the network, and what builds endpoints in the cluster, once all else is there; None where there is none.
    """
    outputs, in_cluster = DeploymentOutputs(), None
    network = Network(plan.network.name, plan.network, location=plan.region, resource_group_name=group) if plan.network else None
    if network:
        outputs["network"] = network.outputs
    if plan.cluster:
        found, in_cluster = _deploy_cluster(plan, plan.cluster, network, group)
        outputs.update(found)
    return outputs, network, in_cluster


def _deploy_cluster(
    plan: Plan, cluster_plan: ClusterPlan, network: Network | None, group: Output[str] | None
) -> tuple[DeploymentOutputs, BuildEndpoints]:
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

    def identify(endpoint: EndpointPlan, built: DeploymentOutputs) -> CloudIdentity:
        home = group or cluster.resource_group_name
        return endpoint_identity(endpoint, built, issuer=cluster.outputs["identityIssuer"], resource_group_name=home, location=plan.region)

    nodes_outputs = {name: pool.outputs for name, pool in pools.items()}
    outputs = DeploymentOutputs(cluster=cluster.outputs, nodePools=nodes_outputs, kubernetes=inside.outputs)
    return outputs, lambda built: inside.deploy_endpoints(plan, built, identify)


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
