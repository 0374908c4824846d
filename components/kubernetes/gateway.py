"""Gateway API: the class that Gateways name, where the cloud makes none, and the Gateways that endpoints share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import CustomTimeouts, Output, ResourceOptions
from pulumi_kubernetes import _utilities  # pyright: ignore[reportPrivateUsage]  # every resource of the SDK names its plugin by it
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import Namespace
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.kubernetes.namespace import TEAM_LABEL, pod_security_labels
from plan.model import EndpointPlan

GROUP = "gateway.networking.k8s.io"
API = f"{GROUP}/v1"
# Gateways and the certificates that they show lie apart from teams, who would else read each other's keys.
NAMESPACE = "drydock-gateways"
HTTP = "http"
_HTTP_PORT, _HTTPS_PORT = 80, 443
_TIMEOUT = "15m"
_AWS = "service.beta.kubernetes.io/aws-load-balancer"
# What a cloud's controller reads on a Service that asks for a load balancer. Sources: AWS Load Balancer Controller, Annotations, and
# cloud-provider-aws, Service annotations; Google Cloud, LoadBalancer Service parameters; Microsoft Learn, AKS internal load balancer.
_BALANCERS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "private": {
        "aws": {f"{_AWS}-type": "nlb", f"{_AWS}-scheme": "internal", f"{_AWS}-internal": "true"},
        "gcp": {"networking.gke.io/load-balancer-type": "Internal"},
        "azure": {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"},
    },
    "public": {"aws": {f"{_AWS}-type": "nlb", f"{_AWS}-scheme": "internet-facing"}, "gcp": {}, "azure": {}},
}


def gateway_class(name: str, controller: str, opts: ResourceOptions) -> CustomResource:
    """The class whose Gateways this controller answers."""
    return CustomResource(
        "gateway-class",
        api_version=API,
        kind="GatewayClass",
        metadata=ObjectMetaArgs(name=name),
        spec={"controllerName": controller},
        opts=opts,
    )


class GatewayResource(pulumi.CustomResource):
    """A Gateway with what its controller says of it, which the SDK's class for custom resources does not hand out."""

    status: Output[Any]

    def __init__(self, name: str, *, metadata: ObjectMetaArgs, spec: Mapping[str, Any], opts: ResourceOptions) -> None:
        """Make the Gateway; its status holds the addresses where it answers."""
        props = {"apiVersion": API, "kind": "Gateway", "metadata": metadata, "spec": spec, "status": None}
        version = ResourceOptions(version=_utilities.get_version())
        super().__init__(f"kubernetes:{API}:Gateway", name, props, ResourceOptions.merge(version, opts))


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """One Gateway of the cluster: where routes attach, and its address."""

    name: str
    resource: GatewayResource

    @property
    def address(self) -> Output[str]:
        """The IP address or host name where it answers."""
        return self.resource.status.apply(lambda status: status["addresses"][0]["value"])

    def parent(self, host: str | None) -> dict[str, str]:
        """How a route names it: the listener of its host, or the one for paths of the Gateway's own address."""
        return {"name": self.name, "namespace": NAMESPACE, "sectionName": host or HTTP}


def build_gateways(
    endpoints: Sequence[EndpointPlan], *, cloud: str, class_name: str, cloud_made: bool, opts: ResourceOptions
) -> dict[str, Gateway]:
    """The Gateways that these endpoints need, under `private` and `public`: endpoints share a load balancer, not one with strangers.

    cloud_made: the cloud's own controller answers the class, and what it is decides who reaches it.
    """
    reached = {reach(endpoint): [each for each in endpoints if reach(each) == reach(endpoint)] for endpoint in endpoints}
    if not reached:
        return {}
    labels = pod_security_labels("restricted")
    namespace = Namespace("gateways-namespace", metadata=ObjectMetaArgs(name=NAMESPACE, labels=labels), opts=opts)
    waiting = ResourceOptions(depends_on=[namespace], custom_timeouts=CustomTimeouts(create=_TIMEOUT, update=_TIMEOUT))
    return {
        name: Gateway(
            name=name,
            resource=GatewayResource(
                f"{name}-gateway",
                # Without its address nobody could be told where endpoints answer.
                metadata=ObjectMetaArgs(name=name, namespace=NAMESPACE, annotations={"pulumi.com/waitFor": "condition=Programmed"}),
                spec={
                    "gatewayClassName": class_name,
                    "listeners": _listeners(those),
                    **({} if cloud_made else {"infrastructure": {"annotations": _balancer(name, cloud)}}),
                },
                opts=ResourceOptions.merge(opts, waiting),
            ),
        )
        for name, those in sorted(reached.items())
    }


def reach(endpoint: EndpointPlan) -> str:
    """Which Gateway an endpoint has: `public` or `private`."""
    return "public" if endpoint.access.public else "private"


def _balancer(name: str, cloud: str) -> dict[str, str]:
    # Of a cluster that is there already nobody knows whose it is; each controller passes over the others' annotations.
    known = _BALANCERS[name]
    return dict(known[cloud]) if cloud in known else {key: value for each in known.values() for key, value in each.items()}


def _listeners(endpoints: Sequence[EndpointPlan]) -> list[dict[str, Any]]:
    hosts = {each.access.host: each.access.certificate for each in endpoints if each.access.host}
    plain = [_listener(HTTP, _HTTP_PORT, "HTTP")] if any(each.access.host is None for each in endpoints) else []
    return [*plain, *(_secure(host, certificate) for host, certificate in sorted(hosts.items()))]


def _secure(host: str, certificate: str | None) -> dict[str, Any]:
    return {
        **_listener(host, _HTTPS_PORT, "HTTPS"),
        "hostname": host,
        "tls": {"mode": "Terminate", "certificateRefs": [{"kind": "Secret", "name": certificate}]},
    }


def _listener(name: str, port: int, protocol: str) -> dict[str, Any]:
    teams = {"matchExpressions": [{"key": TEAM_LABEL, "operator": "Exists"}]}
    return {"name": name, "port": port, "protocol": protocol, "allowedRoutes": {"namespaces": {"from": "Selector", "selector": teams}}}
