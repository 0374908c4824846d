"""Components on Azure."""

from components.azure.resource_group import resource_group_name
from components.azure.storage import Bucket
from components.contract import DeploymentOutputs
from components.storage import deploy_buckets
from plan.model import Plan

__all__ = ["deploy"]


def deploy(plan: Plan) -> DeploymentOutputs:
    """Build everything that the plan holds, from what others stand on to what stands on it."""
    group = resource_group_name(plan)
    access, outputs = None, DeploymentOutputs()
    if plan.network or plan.cluster:
        # What clusters are made of takes a second to load, which an environment of buckets need not wait for.
        from components.azure.platform import deploy_platform

        outputs, access = deploy_platform(plan, group)
    outputs["storage"] = deploy_buckets(
        plan,
        lambda bucket, log_destination: Bucket(
            bucket.name, bucket, resource_group_name=group, access_log_bucket=log_destination, private_access=access
        ),
    )
    return outputs
