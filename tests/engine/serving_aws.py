"""A program of endpoints on SageMaker as source, from plans made by hand: what each endpoint serves, and how."""

from pathlib import Path

SOURCE = '''"""Endpoints on SageMaker with the bucket that their models lie in."""
import sys

sys.path.insert(0, {root!r})
from dataclasses import replace

import pulumi
import pulumi_aws as aws
from components.aws.endpoint import Endpoint
from components.aws.endpoint_spec import EndpointInputs
from components.aws.place import Place
from components.contract import BucketOutputs
from plan.model import MachinePlan, RolloutPlan
from tests.components.endpoint_plans import canary_rollout, endpoint_plan

place = Place(caller=aws.get_caller_identity_output(), region="eu-west-1")
bucket = aws.s3.Bucket("models")
models = BucketOutputs(
    name=bucket.bucket,
    url=pulumi.Output.concat("s3://", bucket.bucket),
    resourceId=bucket.arn,
    location=bucket.region,
    encryptionKey=pulumi.Output.from_input(None),
    compression="none",
    keep=False,
    usage={{}},
)
on = EndpointInputs(place=place, network=None, buckets={{"models": models}}, registry=None)
PLAIN = RolloutPlan(shift="allAtOnce", step_percent=100, bake_seconds=0)
GROWING = replace(PLAIN, canary=canary_rollout(10, 50))


def on_machine(plan, machine):
    def moved(variant):
        return replace(variant, machine=replace(variant.machine, instance_type=machine))

    return replace(plan, variants=tuple(moved(variant) for variant in plan.variants))


for plan in ({plans}):
    pulumi.export(plan.name, Endpoint(plan.name, plan, on=on).outputs)
'''


def program_of(root: Path, *plans: str) -> str:
    """The source of a program with these endpoints, each a Python expression that gives its plan."""
    return SOURCE.format(root=str(root), plans="".join(f"{plan}, " for plan in plans))
