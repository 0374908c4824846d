"""Components on AWS."""

import pulumi_aws as aws

from components.aws.cluster import Cluster
from components.aws.inside_cluster import fill_cluster
from components.aws.network import Network
from components.aws.node_pools import build_node_pools
from components.aws.place import Place
from components.aws.quotas import quota_of_account
from components.aws.storage import Bucket
from components.contract import DeploymentOutputs
from components.quota_check import check_quotas
from components.storage import deploy_buckets
from plan.model import Plan

__all__ = ["deploy"]


def deploy(plan: Plan) -> DeploymentOutputs:
    """Build everything that the plan holds, from what others stand on to what stands on it."""
    check_quotas(plan.quotas, quota_of_account, region=plan.region)
    place = Place(caller=aws.get_caller_identity_output(), region=plan.region)
    buckets = deploy_buckets(
        plan, lambda bucket, log_destination: Bucket(bucket.name, bucket, caller=place.caller, access_log_bucket=log_destination)
    )
    outputs = DeploymentOutputs(storage=buckets)
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
