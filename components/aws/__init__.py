"""Components on AWS."""

import pulumi_aws as aws

from components.aws.place import Place
from components.aws.storage import Bucket
from components.contract import DeploymentOutputs
from components.serving import add_endpoints
from components.storage import deploy_buckets
from plan.model import Plan

__all__ = ["deploy"]


def deploy(plan: Plan) -> DeploymentOutputs:
    """Build everything that the plan holds, from what others stand on to what stands on it."""
    place = Place(caller=aws.get_caller_identity_output(), region=plan.region)
    buckets = deploy_buckets(
        plan, lambda bucket, log_destination: Bucket(bucket.name, bucket, caller=place.caller, access_log_bucket=log_destination)
    )
    outputs, in_cluster = DeploymentOutputs(storage=buckets), None
    if plan.network or plan.cluster:
        # What clusters are made of takes a second to load, which an environment of buckets need not wait for.
        from components.aws.platform import deploy_platform

        platform, in_cluster = deploy_platform(plan, place)
        outputs.update(platform)
    if plan.registry or plan.endpoints:
        from components.aws.serving import deploy_serving

        outputs.update(deploy_serving(plan, place, outputs))
    add_endpoints(outputs, in_cluster)
    return outputs
