"""Gateway API: the class that Gateways name, where the cloud makes none."""

from pulumi import ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs


def gateway_class(name: str, controller: str, opts: ResourceOptions) -> CustomResource:
    """The class whose Gateways this controller answers."""
    return CustomResource(
        "gateway-class",
        api_version="gateway.networking.k8s.io/v1",
        kind="GatewayClass",
        metadata=ObjectMetaArgs(name=name),
        spec={"controllerName": controller},
        opts=opts,
    )
