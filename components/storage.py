"""The order in which an environment's buckets are built, the same on every cloud."""

from collections.abc import Callable
from typing import Protocol

from pulumi import Output

from components.contract import BucketOutputs
from plan.model import BucketPlan, Plan


class BucketComponent(Protocol):
    """What every cloud's bucket component gives. log_destination: what another bucket needs to know to write its access logs here."""

    outputs: BucketOutputs
    log_destination: Output[str]


def deploy_buckets(plan: Plan, build: Callable[[BucketPlan, Output[str] | None], BucketComponent]) -> dict[str, BucketOutputs]:
    """Build each bucket of the plan, in its order, handing it the one that it writes its access logs to; gives their outputs by name."""
    built: dict[str, BucketComponent] = {}
    for bucket in plan.buckets:
        # The plan puts a bucket that receives logs before those that write them.
        destination = built[bucket.access_logs].log_destination if bucket.access_logs else None
        built[bucket.name] = build(bucket, destination)
    return {name: bucket.outputs for name, bucket in built.items()}
