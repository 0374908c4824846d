"""The network and cluster of an environment with everything that stands in them, from quotas to workloads."""

from pulumi import Resource, ResourceOptions

from components.contract import DeploymentOutputs
from components.gcp.cluster import Cluster, Surroundings
from components.gcp.endpoint_identity import endpoint_identity
from components.gcp.network import Network
from components.gcp.node_pool import ClusterOfPools, NodePool
from components.gcp.quotas import quota_limit
from components.kubernetes import compute_class, deploy_kubernetes
from components.kubernetes.endpoint_spec import CloudIdentity
from components.quota_check import check_quotas
from components.serving import BuildEndpoints
from plan.model import ClusterPlan, EndpointPlan, Plan


def deploy_platform(plan: Plan) -> tuple[DeploymentOutputs, BuildEndpoints | None]:
    """Build the plan's network, its cluster, the cluster's pools, and what stands in it: those that the plan has.

    Gives beside their outputs what builds endpoints in the cluster, once all else is there; None without a cluster.
    """
    check_quotas(plan.quotas, lambda need: quota_limit(need, plan.region), region=plan.region)
    outputs = DeploymentOutputs()
    network = Network(plan.network.name, plan.network, region=plan.region) if plan.network else None
    if network:
        outputs["network"] = network.outputs
    if plan.cluster is None:
        return outputs, None
    cluster = _cluster(plan, plan.cluster, network)
    pools = _node_pools(plan, cluster)
    outputs["cluster"] = cluster.outputs
    outputs["nodePools"] = {name: pool.outputs for name, pool in pools.items()}
    inside = deploy_kubernetes(
        plan,
        provider=cluster.provider,
        nodes=[node for pool in pools.values() for node in pool.resources],
        build_nodes=lambda _, opts: _compute_classes(plan, pools, opts),
    )
    outputs["kubernetes"] = inside.outputs

    def identify(endpoint: EndpointPlan, built: DeploymentOutputs) -> CloudIdentity:
        return endpoint_identity(endpoint, built, workload_pool=cluster.outputs["identityIssuer"])

    return outputs, lambda built: inside.deploy_endpoints(plan, built, identify)


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
