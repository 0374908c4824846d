"""Components on Google Cloud."""

from components.contract import DeploymentOutputs
from components.gcp.storage import Bucket
from components.serving import add_endpoints
from components.storage import deploy_buckets
from plan.model import Plan

__all__ = ["deploy"]


def deploy(plan: Plan) -> DeploymentOutputs:
    """Build everything that the plan holds, from what others stand on to what stands on it."""
    buckets = deploy_buckets(plan, lambda bucket, log_destination: Bucket(bucket.name, bucket, access_log_bucket=log_destination))
    outputs, in_cluster = DeploymentOutputs(storage=buckets), None
    if plan.network or plan.cluster:
        # What clusters are made of takes a second to load, which an environment of buckets need not wait for.
        from components.gcp.platform import deploy_platform

        platform, in_cluster = deploy_platform(plan)
        outputs.update(platform)
    if plan.registry or plan.endpoints:
        from components.gcp.serving import deploy_serving

        outputs.update(deploy_serving(plan, outputs))
    add_endpoints(outputs, in_cluster)
    return outputs
