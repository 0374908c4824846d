"""Services of type LoadBalancer: the load balancer that the cluster's cloud makes for them."""

from typing import Final

from costs.kubernetes.azure_rules import rules
from costs.kubernetes.cloud import priced_as
from costs.kubernetes.cluster import AKS, EKS, cluster_of
from costs.kubernetes.forwarding import forwarding_rule
from costs.kubernetes.tokens import annotation, tokens
from costs.pricing import Pricer, Pricing
from costs.resource import Missing, Resource

SERVICES: Final = tuple(tokens("core", "Service"))
NLB: Final = "aws:lb/loadBalancer:LoadBalancer"
_CLASSIC: Final = "aws:elb/loadBalancer:LoadBalancer"
_AWS: Final = "service.beta.kubernetes.io/aws-load-balancer-"
_CONTROLLER: Final = "aws-load-balancer-controller"
_NETWORK_CLASSES: Final = ("service.k8s.aws/nlb", "eks.amazonaws.com/nlb")


def _service(pricing: Pricing) -> None:
    """Only a Service of type LoadBalancer costs something by itself."""
    resource, kind = pricing.resource, pricing.resource.get("spec.type")
    if isinstance(kind, Missing):
        pricing.unpriced("load balancer", "whether it is one (spec.type) is known only after `up`")
    elif kind == "LoadBalancer":
        load_balancer(pricing, cluster_of(resource, pricing.program))


def load_balancer(pricing: Pricing, cluster: Resource | None) -> None:
    """The load balancer in front of a Service, on its cluster's cloud."""
    if cluster is None:
        pricing.unpriced("load balancer", "its cluster, and so whose load balancer it gets, is not in this program")
    elif isinstance(pricing.resource.get("metadata.annotations"), Missing):
        pricing.unpriced("load balancer", "its annotations, and so its kind, are known only after `up`")
    elif cluster.type == EKS:
        _aws(pricing, cluster)
    elif cluster.type == AKS:
        rules(pricing, cluster)
    else:
        _gcp(pricing, cluster)


def _aws(pricing: Pricing, cluster: Resource) -> None:
    """A network load balancer where the AWS Load Balancer Controller or an annotation makes one, else a classic one.

    The controller's are internal unless told otherwise, the cloud provider's are public. Source: AWS Load Balancer Controller, "Network
    Load Balancer" and "Service annotations"; Kubernetes documentation, "Service", "Internal load balancer".
    """
    resource = pricing.resource
    kind = annotation(resource, _AWS + "type")
    by_controller = (
        kind in ("external", "nlb-ip") or resource.get("spec.loadBalancerClass") in _NETWORK_CLASSES or _has_controller(pricing, cluster)
    )
    scheme, internal = annotation(resource, _AWS + "scheme"), annotation(resource, _AWS + "internal")
    inside = scheme == "internal" or internal in ("true", "0.0.0.0/0") or (by_controller and not scheme and internal != "false")
    network = by_controller or kind == "nlb"
    properties = {"internal": inside, **({"loadBalancerType": "network"} if network else {})}
    priced_as(pricing, NLB if network else _CLASSIC, properties, "load balancer")


def _has_controller(pricing: Pricing, cluster: Resource) -> bool:
    """The controller takes every Service over once it is installed (from 2.5 on); EKS Auto Mode has it built in, for its own class only."""
    releases = pricing.program.of_type("kubernetes:helm.sh/v3:Release")
    return any(str(each.get("chart")).endswith(_CONTROLLER) and cluster_of(each, pricing.program) in (None, cluster) for each in releases)


def _gcp(pricing: Pricing, cluster: Resource) -> None:
    """A forwarding rule for each protocol. Source: GKE documentation, "LoadBalancer Service parameters"."""
    resource = pricing.resource
    told = annotation(resource, "networking.gke.io/load-balancer-type") or annotation(resource, "cloud.google.com/load-balancer-type")
    forwarding_rule(pricing, cluster, "INTERNAL" if told.lower() == "internal" else "EXTERNAL")


PRICERS: dict[str, Pricer] = dict.fromkeys(SERVICES, _service)
FREE: set[str] = set()
