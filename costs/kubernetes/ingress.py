"""Ingresses and Gateways: the cloud's own classes make a load balancer, others go through a Service that is one."""

from collections.abc import Mapping
from typing import Final

from costs.kubernetes.cloud import priced_as
from costs.kubernetes.cluster import EKS, GKE, cluster_of
from costs.kubernetes.forwarding import forwarding_rule
from costs.kubernetes.ingress_class import GATEWAY_CLASSES, GATEWAYS, INGRESS_CLASSES, INGRESSES, controller_of, gateway_controllers
from costs.kubernetes.network import NLB
from costs.kubernetes.tokens import annotation, declared, mappings
from costs.pricing import Pricer, Pricing, count
from costs.resource import Missing, Program, Resource, once

_GROUP: Final = "alb.ingress.kubernetes.io/group.name"
# Controllers inside the cluster, which share the load balancer of their own Service; AKS's gateway is a resource of its own.
_INSIDE: Final = (
    *("nginx", "traefik", "haproxy", "kong", "contour", "istio", "cilium", "kourier", "webapprouting", "azure-application-gateway"),
    *("azure/application-gateway", "nginx-internal", "apisix", "envoy", "skipper"),
)
_ALB: Final = ("alb", "ingress.k8s.aws/alb", "eks.amazonaws.com/alb", "gateway.k8s.aws/alb")
_TLS: Final = ("ingress.gcp.kubernetes.io/pre-shared-cert", "networking.gke.io/managed-certificates")


def _ingress(pricing: Pricing) -> None:
    resource, cluster = pricing.resource, cluster_of(pricing.resource, pricing.program)
    controller = controller_of(resource, pricing.program)
    if controller is None:
        return pricing.unpriced("load balancer", "its ingress class is known only after `up`")
    if controller in _ALB:
        return _alb(pricing, cluster)
    if controller in ("gce", "gce-internal"):
        return _gce(pricing, cluster, inside=controller == "gce-internal")
    if not controller.endswith(_INSIDE) and not controller.startswith(_INSIDE):
        why = f"who serves the ingress class {controller}" if controller else "which class is the cluster's default"
        pricing.unpriced("load balancer", f"{why}, and so whether that makes a load balancer, is not in this program")
    return None


def _alb(pricing: Pricing, cluster: Resource | None) -> None:
    """One for each Ingress, or for each group of them; internal unless told otherwise. Source: AWS Load Balancer Controller, "Ingress"."""
    if cluster is None or cluster.type != EKS:
        return pricing.unpriced("load balancer", "its cluster, and so its region's price, is not in this program")
    group = annotation(pricing.resource, _GROUP)
    if group and _first_of_group(pricing.program).get(group) != pricing.resource.urn:
        return None
    inside = annotation(pricing.resource, "alb.ingress.kubernetes.io/scheme") != "internet-facing"
    return priced_as(pricing, NLB, {"loadBalancerType": "application", "internal": inside}, "load balancer")


def _gce(pricing: Pricing, cluster: Resource | None, *, inside: bool) -> None:
    """A forwarding rule for HTTP and one for HTTPS. Source: GKE documentation, "Ingress for external Application Load Balancers"."""
    secure = bool(mappings(pricing.resource.get("spec.tls"))) or any(annotation(pricing.resource, name) for name in _TLS)
    plain = annotation(pricing.resource, "kubernetes.io/ingress.allow-http") != "false"
    _rules(pricing, cluster, "INTERNAL_MANAGED" if inside else "EXTERNAL", max(secure + plain, 1), everywhere=not inside)


def _rules(pricing: Pricing, cluster: Resource | None, scheme: str, number: int, *, everywhere: bool) -> None:
    if cluster is None or cluster.type != GKE:
        return pricing.unpriced("load balancer", "its cluster, and so its region's price, is not in this program")
    return forwarding_rule(pricing, cluster, scheme, count("forwarding rules", number), everywhere=everywhere)


def _gateway(pricing: Pricing) -> None:
    """Source: GKE documentation, "GatewayClass capabilities"; AWS Load Balancer Controller, "Gateway API"."""
    resource, cluster = pricing.resource, cluster_of(pricing.resource, pricing.program)
    named = resource.get("spec.gatewayClassName")
    if isinstance(named, Missing) or not isinstance(named, str):
        return pricing.unpriced("load balancer", "its gatewayClassName is known only after `up`")
    controller = gateway_controllers(pricing.program).get(named, named)
    if named.startswith("gke-l7"):
        ports = {str(each.get("port")) for each in mappings(resource.get("spec.listeners"))}
        inside = "-rilb" in named
        everywhere = not inside and "regional" not in named
        scheme = "INTERNAL_MANAGED" if inside else "EXTERNAL_MANAGED"
        return _rules(pricing, cluster, scheme, max(len(ports), 1), everywhere=everywhere)
    if controller in _ALB:
        return _alb(pricing, cluster)
    return pricing.unpriced("load balancer", f"what the gateway class {named} makes for it cannot be seen before `up`")


@once
def _first_of_group(program: Program) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for each in declared(program, INGRESSES):
        group = annotation(each, _GROUP)
        if group:
            found.setdefault(group, each.urn)
    return found


PRICERS: dict[str, Pricer] = {
    **dict.fromkeys(INGRESSES, _ingress),
    **dict.fromkeys(GATEWAYS, _gateway),
}
FREE: set[str] = {*INGRESS_CLASSES, *GATEWAY_CLASSES}
