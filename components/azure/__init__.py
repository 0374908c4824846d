"""Components on Azure."""

from components.azure.network import Network
from components.azure.platform import deploy_platform
from components.azure.resource_group import resource_group_name
from components.azure.storage import Bucket
from components.azure.storage_endpoint import SERVICE
from components.contract import DeploymentOutputs
from components.storage import deploy_buckets
from plan.model import Plan

__all__ = ["deploy"]


def deploy(plan: Plan) -> DeploymentOutputs:
    """Build everything that the plan holds, from what others stand on to what stands on it."""
    group = resource_group_name(plan)
    network = Network(plan.network.name, plan.network, location=plan.region, resource_group_name=group) if plan.network else None
    access = network.private_access(SERVICE) if network else None
    outputs = DeploymentOutputs(
        storage=deploy_buckets(
            plan,
            lambda bucket, log_destination: Bucket(
                bucket.name, bucket, resource_group_name=group, access_log_bucket=log_destination, private_access=access
            ),
        )
    )
    if network:
        outputs["network"] = network.outputs
    if plan.cluster:
        platform = deploy_platform(plan, plan.cluster, network, group)
        outputs["cluster"], outputs["nodePools"], outputs["kubernetes"] = platform.cluster, platform.node_pools, platform.kubernetes
    return outputs
