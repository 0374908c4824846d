"""How a private endpoint of Vertex AI is reached from the environment's network: Private Service Connect, made by Google itself."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_gcp as gcp
from pulumi import Input, Output, Resource, ResourceOptions

# Source: Vertex AI, "Use dedicated private endpoints based on Private Service Connect for online inference", service automation.
_SERVICE_CLASS = "gcp-vertexai"


@dataclass(frozen=True, kw_only=True)
class VertexNetwork:
    """The network that endpoints are reached from. network: projects/…/global/networks/NAME. depends_on: what lets Google in."""

    network: Output[str]
    depends_on: Sequence[Resource] = ()


def vertex_network(
    name: str, *, network: Input[str], subnetwork: Input[str], region: str, labels: dict[str, str], opts: ResourceOptions | None = None
) -> VertexNetwork:
    """Let Google give each private endpoint an address in the subnet. One serves all endpoints of a network in a region.

    network, subnetwork: self links or paths.
    """
    path = _path(network)
    policy = gcp.networkconnectivity.ServiceConnectionPolicy(
        f"{name}-vertex",
        location=region,
        network=path,
        service_class=_SERVICE_CLASS,
        psc_config=gcp.networkconnectivity.ServiceConnectionPolicyPscConfigArgs(subnetworks=[_path(subnetwork)]),
        labels=labels,
        opts=opts,
    )
    return VertexNetwork(network=path, depends_on=[policy])


def _path(link: Input[str]) -> Output[str]:
    """The part of a self link that these two services want."""
    return Output.from_input(link).apply(lambda text: text[text.find("projects/") :] if "projects/" in text else text)
