"""Components on Azure."""

from components.azure.resource_group import resource_group_name
from components.azure.storage import Bucket
from components.azure.storage_endpoint import SERVICE
from components.contract import DeploymentOutputs
from components.serving import add_endpoints
from components.storage import deploy_buckets
from plan.model import Plan

__all__ = ["deploy"]


def deploy(plan: Plan) -> DeploymentOutputs:
    """Build everything that the plan holds, from what others stand on to what stands on it."""
    group = resource_group_name(plan)
    network, in_cluster, outputs = None, None, DeploymentOutputs()
    if plan.network or plan.cluster:
        # What clusters are made of takes a second to load, which an environment of buckets need not wait for.
        from components.azure.platform import deploy_platform

        outputs, network, in_cluster = deploy_platform(plan, group)
    access = network.private_access(SERVICE) if network else None
    outputs["storage"] = deploy_buckets(
        plan,
        lambda bucket, log_destination: Bucket(
            bucket.name, bucket, resource_group_name=group, access_log_bucket=log_destination, private_access=access
        ),
    )
    if plan.registry or plan.endpoints:
        # Endpoints need more of the SDK than buckets do, and it takes a while to load.
        from components.azure.serving import deploy_serving

        outputs.update(deploy_serving(plan, group=group, buckets=outputs["storage"], network=network))
    add_endpoints(outputs, in_cluster)
    return outputs
