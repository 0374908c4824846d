"""Components on Google Cloud."""

from components.contract import DeploymentOutputs
from components.gcp.storage import Bucket
from components.storage import deploy_buckets
from plan.model import Plan

__all__ = ["deploy"]


def deploy(plan: Plan) -> DeploymentOutputs:
    """Build everything that the plan holds, from what others stand on to what stands on it."""
    buckets = deploy_buckets(plan, lambda bucket, log_destination: Bucket(bucket.name, bucket, access_log_bucket=log_destination))
    outputs = DeploymentOutputs(storage=buckets)
    if plan.network or plan.cluster:
        # What clusters are made of takes a second to load, which an environment of buckets need not wait for.
        from components.gcp.platform import deploy_platform

        outputs.update(deploy_platform(plan))
    return outputs
