"""Components on AWS."""

import pulumi_aws as aws

from components.aws.storage import Bucket
from components.contract import DeploymentOutputs
from components.storage import deploy_buckets
from plan.model import Plan

__all__ = ["deploy"]


def deploy(plan: Plan) -> DeploymentOutputs:
    """Build everything that the plan holds, from what others stand on to what stands on it."""
    caller = aws.get_caller_identity_output()
    buckets = deploy_buckets(
        plan, lambda bucket, log_destination: Bucket(bucket.name, bucket, caller=caller, access_log_bucket=log_destination)
    )
    return DeploymentOutputs(storage=buckets)
