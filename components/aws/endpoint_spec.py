"""What every part of a SageMaker endpoint has in common."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi import Output, ResourceOptions

from components.aws.place import Place
from components.contract import BucketOutputs, NetworkOutputs, RegistryOutputs
from components.serving import image_address
from plan.model import ArtifactPlan, EndpointPlan, VariantPlan

# Amazon SageMaker API, CreateEndpoint: EndpointName.
_LONGEST_NAME = 63
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9]+")


@dataclass(frozen=True, kw_only=True)
class EndpointInputs:
    """What endpoints stand on: the network (None: they reach nothing), the buckets that the plan names, and the registry of our images.

    private_runtime: the network has an address of its own for calls to endpoints.
    """

    place: Place
    network: NetworkOutputs | None
    buckets: Mapping[str, BucketOutputs]
    registry: RegistryOutputs | None
    private_runtime: bool = False


@dataclass(frozen=True, kw_only=True)
class EndpointSpec:
    """One endpoint to be built."""

    name: str
    plan: EndpointPlan
    on: EndpointInputs
    opts: ResourceOptions

    @property
    def endpoint_name(self) -> str:
        """The endpoint's name, which its alarms must know before it is there, and its variants' scaling after.

        It says whether SageMaker itself watches alarms during an update: the provider replaces an endpoint where that begins or ends,
        and two names can stand side by side. Source: terraform-provider-aws, aws_sagemaker_endpoint, auto_rollback_configuration.
        """
        return _fitting(f"{pulumi.get_project()}-{pulumi.get_stack()}-{self.name}{'-guarded' if self.rolls_back else ''}")

    @property
    def guarded(self) -> bool:
        """Whether updates go by deployment guardrails; SageMaker's own way is to move all traffic at once and to wait for nothing.

        Guardrails want the same variants before and after. Source: Amazon SageMaker Developer Guide, "Deployment guardrails", exclusions.
        """
        return self.plan.rollout.shift != "allAtOnce" or self.plan.rollout.bake_seconds > 0

    @property
    def rolls_back(self) -> bool:
        """Whether an alarm ends an update and brings the old fleet back."""
        return self.guarded and any(alarm.rollback for alarm in self.plan.alarms)

    @property
    def production(self) -> tuple[VariantPlan, ...]:
        """The variants whose answers callers get."""
        return tuple(variant for variant in self.plan.variants if variant.role != "shadow")

    def tags(self, role: str) -> Mapping[str, str]:
        """The labels of one resource, with a name to find it by."""
        return {**self.plan.labels, "Name": f"{self.name}-{role}"}

    def address(self, bucket: str, prefix: str) -> Output[str]:
        """Where a prefix of a bucket of the plan lies."""
        return Output.concat(self.on.buckets[bucket]["url"], "/", prefix)

    def artifact_address(self, artifact: ArtifactPlan) -> Output[str]:
        """Where a model's files lie."""
        return self.address(artifact.bucket, artifact.path) if artifact.bucket else Output.from_input(artifact.path)

    def image_address(self, variant: VariantPlan) -> Output[str]:
        """Where a variant's image lies; one of ours is named by its repository alone."""
        return image_address(variant.model.image, self.on.registry)


def _fitting(name: str) -> str:
    """A name of letters, digits and hyphens; one that is too long keeps its end, which tells endpoints apart, after a digest of all."""
    plain = _NOT_IN_NAMES.sub("-", name).strip("-")
    if len(plain) <= _LONGEST_NAME:
        return plain
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{digest}-{plain[-(_LONGEST_NAME - len(digest) - 1) :].lstrip('-')}"
