"""The network and cluster of an environment with its pools and all that stands in it."""

from components.aws.cluster import Cluster
from components.aws.inside_cluster import fill_cluster
from components.aws.network import Network
from components.aws.node_pools import build_node_pools
from components.aws.place import Place
from components.aws.quotas import quota_of_account
from components.contract import DeploymentOutputs
from components.quota_check import check_quotas
from plan.model import Plan


def deploy_platform(plan: Plan, place: Place) -> DeploymentOutputs:
    """Build the plan's network, its cluster, the cluster's pools, and what stands in it: those that the plan has."""
    check_quotas(plan.quotas, quota_of_account, region=plan.region)
    outputs = DeploymentOutputs()
    network = Network(plan.network.name, plan.network, place=place) if plan.network else None
    if network:
        outputs["network"] = network.outputs
    if plan.cluster is None:
        return outputs
    cluster = Cluster(plan.cluster.name, plan.cluster, network=network, place=place)
    pools = build_node_pools(plan, plan.cluster, cluster, place)
    outputs["cluster"] = cluster.outputs
    outputs["nodePools"] = {name: pool.outputs for name, pool in pools.items()}
    outputs["kubernetes"] = fill_cluster(plan, plan.cluster, cluster, pools, network, place)
    return outputs
