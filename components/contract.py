"""What a component hands out: the same words on every cloud, so that whoever reads them need not know which one it is."""

from dataclasses import asdict
from typing import Any, TypedDict

from pulumi import Input, Output
from pydantic.alias_generators import to_camel

from plan.model import BucketPlan


class BucketOutputs(TypedDict):
    """The outputs of one bucket, equal on every cloud, spelt as Pulumi spells outputs.

    name: as the cloud knows it. url: s3://…, gs://… or https://account.blob.core.windows.net/container. resourceId: ARN, bucket id
    or container id. encryptionKey: the customer key's ARN, resource name or URI; None is the cloud's own key. compression: what
    writers are asked to use. keep: whether the bucket outlives its stack. usage: low / expected / high of each quantity, None is unknown.
    """

    name: Output[str]
    url: Output[str]
    resourceId: Output[str]
    location: Output[str]
    encryptionKey: Output[str | None]
    compression: str
    keep: bool
    usage: dict[str, Any]


def bucket_outputs(
    plan: BucketPlan,
    *,
    name: Input[str],
    url: Input[str],
    resource_id: Input[str],
    location: Input[str],
    encryption_key: Input[str] | Input[str | None],
) -> BucketOutputs:
    """The outputs of a bucket: what its cloud says about it, and what the plan does."""
    return BucketOutputs(
        name=Output.from_input(name),
        url=Output.from_input(url),
        resourceId=Output.from_input(resource_id),
        location=Output.from_input(location),
        encryptionKey=Output.from_input(encryption_key),
        compression=plan.compression,
        keep=plan.keep,
        usage=usage(plan),
    )


def usage(plan: BucketPlan) -> dict[str, Any]:
    """The bucket's usage bands, None where unknown: an output of its component, and an input, since a preview shows inputs only."""
    return {to_camel(quantity): band for quantity, band in asdict(plan.usage).items()}


class DeploymentOutputs(TypedDict):
    """What a deployment exports: per concept, the outputs of each of its components under its name in the environment file."""

    storage: dict[str, BucketOutputs]
