"""The network and cluster of an environment with its pools and all that stands in it."""

from components.aws.cluster import Cluster
from components.aws.endpoint_identity import endpoint_identity
from components.aws.inside_cluster import fill_cluster
from components.aws.network import Network
from components.aws.node_pools import build_node_pools
from components.aws.place import Place
from components.aws.quotas import quota_of_account
from components.contract import DeploymentOutputs
from components.kubernetes.endpoint_spec import CloudIdentity
from components.quota_check import check_quotas
from components.serving import BuildEndpoints
from plan.model import EndpointPlan, Plan


def deploy_platform(plan: Plan, place: Place) -> tuple[DeploymentOutputs, BuildEndpoints | None]:
    """Build the plan's network, its cluster, the cluster's pools, and what stands in it: those that the plan has.

    Gives beside their outputs what builds endpoints in the cluster, once all else is there; None without a cluster.
    """
    check_quotas(plan.quotas, quota_of_account, region=plan.region)
    outputs = DeploymentOutputs()
    network = Network(plan.network.name, plan.network, place=place) if plan.network else None
    if network:
        outputs["network"] = network.outputs
    if plan.cluster is None:
        return outputs, None
    cluster = Cluster(plan.cluster.name, plan.cluster, network=network, place=place)
    pools = build_node_pools(plan, plan.cluster, cluster, place)
    outputs["cluster"] = cluster.outputs
    outputs["nodePools"] = {name: pool.outputs for name, pool in pools.items()}
    inside = fill_cluster(plan, plan.cluster, cluster, pools, network, place)
    outputs["kubernetes"] = inside.outputs

    def identify(endpoint: EndpointPlan, built: DeploymentOutputs) -> CloudIdentity:
        return endpoint_identity(endpoint, built, cluster=cluster.facts, place=place)

    return outputs, lambda built: inside.deploy_endpoints(plan, built, identify)
