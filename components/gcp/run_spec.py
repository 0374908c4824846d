"""What every part of an endpoint on Cloud Run has in common."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Output, ResourceOptions

from components.contract import BucketOutputs, NetworkOutputs, RegistryOutputs
from components.serving import image_address
from plan.model import EndpointPlan, VariantPlan

# A service's name has up to 49 characters, a service account's id up to 30; the engine adds eight of its own.
# Source: Cloud Run Admin API v2, Service.name; IAM API v1, CreateServiceAccountRequest.accountId.
LONGEST_SERVICE = 41
LONGEST_ACCOUNT = 22


@dataclass(frozen=True, kw_only=True)
class RunInputs:
    """What endpoints stand on: the network (None: there is none), the buckets that the plan names, and the registry of our images."""

    region: str
    buckets: Mapping[str, BucketOutputs]
    network: NetworkOutputs | None = None
    registry: RegistryOutputs | None = None


@dataclass(frozen=True, kw_only=True)
class RunSpec:
    """One endpoint to be built."""

    name: str
    plan: EndpointPlan
    on: RunInputs
    opts: ResourceOptions

    @property
    def balanced(self) -> bool:
        """Whether it answers under a host name of one's own, at a load balancer: then each version is a service."""
        return self.plan.access.host is not None

    @property
    def host_url(self) -> str:
        """Where a load balancer answers."""
        return f"https://{self.plan.access.host}"

    def image_address(self, variant: VariantPlan) -> Output[str]:
        """Where a variant's image lies; one of ours is named by its repository alone."""
        return image_address(variant.model.image, self.on.registry)


def fitting(name: str, longest: int) -> str:
    """The name, or where it is too long its end, which tells versions apart, after a letter and a digest of all."""
    if len(name) <= longest:
        return name
    digest = f"d{hashlib.sha256(name.encode()).hexdigest()[:7]}"
    return f"{digest}-{name[-(longest - len(digest) - 1) :].lstrip('-')}"
