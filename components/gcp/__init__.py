"""Components on Google Cloud."""

from components.contract import DeploymentOutputs
from components.gcp.network import Network
from components.gcp.platform import deploy_platform
from components.gcp.storage import Bucket
from components.storage import deploy_buckets
from plan.model import Plan

__all__ = ["deploy"]


def deploy(plan: Plan) -> DeploymentOutputs:
    """Build everything that the plan holds, from what others stand on to what stands on it."""
    buckets = deploy_buckets(plan, lambda bucket, log_destination: Bucket(bucket.name, bucket, access_log_bucket=log_destination))
    outputs = DeploymentOutputs(storage=buckets)
    network = Network(plan.network.name, plan.network, region=plan.region) if plan.network else None
    if network:
        outputs["network"] = network.outputs
    if plan.cluster:
        platform = deploy_platform(plan, plan.cluster, network)
        outputs["cluster"], outputs["nodePools"], outputs["kubernetes"] = platform.cluster, platform.node_pools, platform.kubernetes
    return outputs
