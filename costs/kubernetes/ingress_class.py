"""Who serves an Ingress or a Gateway: the controller of its class."""

from collections.abc import Mapping
from typing import Any, Final

from costs.kubernetes.cluster import GKE, cluster_of
from costs.kubernetes.tokens import annotation, declared, meta, tokens
from costs.resource import Missing, Program, Resource, once

INGRESSES: Final = (*tokens("networking.k8s.io", "Ingress"), *tokens("extensions", "Ingress"))
INGRESS_CLASSES: Final = tuple(tokens("networking.k8s.io", "IngressClass"))
GATEWAYS: Final = tuple(tokens("gateway.networking.k8s.io", "Gateway"))
GATEWAY_CLASSES: Final = tuple(tokens("gateway.networking.k8s.io", "GatewayClass"))


def controller_of(resource: Resource, program: Program) -> str | None:
    """The controller of an Ingress's class, or the class's name where the program does not declare it; GKE's own without one.

    Empty where nobody says which; None where that is known only after `up`.
    """
    named = resource.get("spec.ingressClassName") or annotation(resource, "kubernetes.io/ingress.class")
    if isinstance(named, Missing):
        return None
    cluster = cluster_of(resource, program)
    return _controllers(program).get(str(named), str(named)) or ("gce" if cluster and cluster.type == GKE else "")


@once
def _controllers(program: Program) -> Mapping[str, str]:
    """Controllers of the program's ingress classes, by name; that of the default class under the empty name."""
    found: dict[str, str] = {}
    for each in declared(program, INGRESS_CLASSES):
        controller: Any = each.get("spec.controller")
        if isinstance(controller, str):
            found[meta(each) or each.name] = controller
            if annotation(each, "ingressclass.kubernetes.io/is-default-class") == "true":
                found.setdefault("", controller)
    return found


@once
def gateway_controllers(program: Program) -> Mapping[str, str]:
    """Controllers of the program's gateway classes, by the class's name."""
    classes = declared(program, GATEWAY_CLASSES)
    return {meta(each) or each.name: str(each.get("spec.controllerName")) for each in classes}
