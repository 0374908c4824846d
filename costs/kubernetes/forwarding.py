"""Forwarding rules that GKE makes: the first few of a project share one price, so each must see the others."""

from dataclasses import replace
from typing import Any, Final

from costs.kubernetes.cloud import priced_as
from costs.kubernetes.cluster import GKE, cluster_of
from costs.kubernetes.ingress_class import GATEWAYS, INGRESSES, controller_of
from costs.kubernetes.tokens import declared, tokens
from costs.model import Factor
from costs.pricing import Pricing
from costs.resource import Program, Resource, once

_GLOBAL: Final = "gcp:compute/globalForwardingRule:GlobalForwardingRule"
_REGIONAL: Final = "gcp:compute/forwardingRule:ForwardingRule"
_SERVICES: Final = tuple(tokens("core", "Service"))


def forwarding_rule(pricing: Pricing, cluster: Resource, scheme: str, *times: Factor, everywhere: bool = False) -> None:
    """Rules of this load balancing scheme, global (everywhere) or in the cluster's region, as Google Cloud bills them."""
    where: dict[str, Any] = {} if everywhere else {"location": cluster.get("location")}
    properties = {"loadBalancingScheme": scheme, "portRange": "443", **where}
    kind = _GLOBAL if everywhere else _REGIONAL
    priced_as(replace(pricing, program=_with_rules(pricing.program)), kind, properties, "load balancer", *times)


@once
def _with_rules(program: Program) -> Program:
    """The program as Google Cloud sees it: each Service, Ingress and Gateway that is a load balancer there is a forwarding rule."""
    kinds = (*_SERVICES, *INGRESSES, *GATEWAYS)
    made = ((each, _rule(each, program)) for each in declared(program, kinds))
    rules = {each.urn: replace(each, type=kind, properties={}, references={}) for each, kind in made if kind}
    return Program({**program.resources, **rules}.values(), program.config)


def _rule(resource: Resource, program: Program) -> str:
    """The kind of rule that GKE makes for it, empty for none."""
    cluster = cluster_of(resource, program)
    if cluster is None or cluster.type != GKE:
        return ""
    if resource.type in _SERVICES:
        return _REGIONAL if resource.get("spec.type") == "LoadBalancer" else ""
    if resource.type in INGRESSES:
        return {"gce": _GLOBAL, "gce-internal": _REGIONAL}.get(controller_of(resource, program) or "", "")
    named = str(resource.get("spec.gatewayClassName"))
    inside = "-rilb" in named or "regional" in named
    return (_REGIONAL if inside else _GLOBAL) if named.startswith("gke-l7") else ""
