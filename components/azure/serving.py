"""The container registry and the managed endpoints of an environment, in the order in which one stands on another."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from pulumi import Output, ResourceOptions

from components.azure import container_registry, workspace
from components.azure.container_registry import ContainerRegistry
from components.azure.endpoint import Endpoint
from components.azure.endpoint_home import EndpointHome
from components.azure.workspace import Workspace
from components.contract import BucketOutputs, DeploymentOutputs
from components.serving import repository_of
from plan.model import EndpointPlan, Plan, RegistryPlan

if TYPE_CHECKING:
    from components.azure.network import Network

PLATFORM = "azureMl"
_WORKSPACE = "workspace"
# What "docker.io" means on the wire, and which hosts a model hub's files come from.
_HOSTS = {"docker.io": ("*.docker.io", "*.docker.com"), "huggingface.co": ("huggingface.co", "*.huggingface.co", "*.hf.co")}
_WITHIN_AZURE = (".azurecr.io", "mcr.microsoft.com", ".blob.core.windows.net")


def deploy_serving(
    plan: Plan, *, group: Output[str] | None, buckets: dict[str, BucketOutputs], network: "Network | None" = None
) -> DeploymentOutputs:
    """Build the plan's registry, and its endpoints on Azure Machine Learning with the workspace that they share."""
    outputs = DeploymentOutputs()
    after_network = ResourceOptions(depends_on=[network] if network else None)
    registry = None
    if plan.registry:
        registry = ContainerRegistry(
            plan.registry.name,
            plan.registry,
            location=plan.region,
            resource_group_name=group,
            private_access=network.private_access(container_registry.SERVICE) if network else None,
            opts=after_network,
        )
        outputs["registry"] = registry.outputs
    endpoints = [endpoint for endpoint in plan.endpoints if endpoint.platform == PLATFORM]
    if endpoints and group is not None:
        home = _home(plan, endpoints, group, buckets, registry, network, after_network)
        outputs["endpoints"] = {endpoint.name: Endpoint(endpoint.name, endpoint, home=home).outputs for endpoint in endpoints}
    return outputs


def _home(
    plan: Plan,
    endpoints: list[EndpointPlan],
    group: Output[str],
    buckets: dict[str, BucketOutputs],
    registry: ContainerRegistry | None,
    network: "Network | None",
    opts: ResourceOptions,
) -> EndpointHome:
    built = Workspace(
        _WORKSPACE,
        location=plan.region,
        resource_group_name=group,
        labels=plan.labels,
        buckets={name: buckets[name] for name in used_buckets(endpoints)},
        hosts=outside_hosts(endpoints, plan.registry),
        registry_id=registry.id if registry else None,
        public=any(endpoint.access.public for endpoint in endpoints),
        private_access=network.private_access(workspace.SERVICE) if network else None,
        opts=opts,
    )
    return replace(built.home, registry=registry.outputs if registry else None)


def used_buckets(endpoints: Iterable[EndpointPlan]) -> list[str]:
    """The buckets that endpoints read models from or capture into."""
    used: set[str] = set()
    for endpoint in endpoints:
        used |= {each.model.artifact.bucket or "" for each in endpoint.variants if each.model.artifact}
        used |= {endpoint.capture.bucket} if endpoint.capture else set()
    return sorted(used - {""})


def outside_hosts(endpoints: Iterable[EndpointPlan], registry: RegistryPlan | None = None) -> list[str]:
    """The hosts outside of Azure that images and models are fetched from: all that a network closed otherwise lets through."""
    found: set[str] = set()
    for variant in (each for endpoint in endpoints for each in endpoint.variants):
        found.add(_image_host(variant.model.image, registry))
        artifact = variant.model.artifact
        if artifact and artifact.bucket is None:
            found.add(_address_host(artifact.path))
    outside = (host for host in found if not host.endswith(_WITHIN_AZURE))
    return sorted({each for host in outside for each in _HOSTS.get(host, (host,))})


def _image_host(image: str, registry: RegistryPlan | None) -> str:
    if registry and repository_of(image) in registry.repositories:
        # One that is made is in Azure.
        return (registry.existing or _WITHIN_AZURE[0]).partition("/")[0].partition(":")[0]
    first, slash, _ = image.partition("/")
    # As Docker reads it: without a dot, a port or "localhost" it is no host but a name on Docker Hub.
    return first.partition(":")[0] if slash and ("." in first or ":" in first) else "docker.io"


def _address_host(address: str) -> str:
    scheme, _, rest = address.partition("://")
    return "huggingface.co" if scheme == "hf" else rest.partition("/")[0].partition(":")[0]
