"""AKS puts every Service on one public and one internal Standard load balancer: what counts are their rules."""

from typing import Final

from costs.kubernetes.cluster import AKS, cluster_of
from costs.kubernetes.tokens import annotation, declared, mappings, tokens
from costs.pricing import Pricing, count
from costs.resource import Program, Resource, once

# Source: Azure load balancer pricing: one price for the first five rules together, then one for each further rule.
_INCLUDED: Final = 5
_SERVICES: Final = tuple(tokens("core", "Service"))
_INTERNAL: Final = "service.beta.kubernetes.io/azure-load-balancer-internal"


def rules(pricing: Pricing, cluster: Resource) -> None:
    """A rule for each port, an address for a public Service, the data. Source: AKS, "Use a public standard load balancer"."""
    inside = annotation(pricing.resource, _INTERNAL).lower() == "true"
    before = _before(pricing.program).get(pricing.resource.urn, 0)
    # The public one exists already where the nodes' way out goes through it, and one of its rules is that way out.
    way_out = not inside and str(cluster.get("networkProfile.outboundType") or "loadBalancer").lower() == "loadbalancer"
    before += way_out
    own = _ports(pricing.resource)
    if before == 0:
        price = pricing.service("load-balancer", "standard-first-5-rules", "load balancer")
        pricing.line("load balancer (first five rules)", price, count("load balancer", 1), pricing.hours())
    further = max(before + own, _INCLUDED) - max(before, _INCLUDED)
    if further:
        price = pricing.service("load-balancer", "standard-overage-rule", "load balancer rules")
        pricing.line("load balancer rules", price, count("rules over the first five", further), pricing.hours())
    if not inside:
        price = pricing.service("public-ip", "standard-static-regional", "public IP")
        pricing.line("public IP", price, count("address", 1), pricing.hours())
    driver = "load balancer data"
    through = pricing.usage_or("processedGibPerMonth")
    pricing.line(driver, pricing.service("load-balancer", "standard-data-processed", driver), through, usage_based=True)


def _ports(resource: Resource) -> int:
    return max(len(mappings(resource.get("spec.ports"))), 1)


@once
def _before(program: Program) -> dict[str, int]:
    """How many rules the Services before it put on the same load balancer, by URN."""
    taken: dict[tuple[str, bool], int] = {}
    found: dict[str, int] = {}
    for each in declared(program, _SERVICES):
        cluster = cluster_of(each, program)
        if cluster is None or cluster.type != AKS or each.get("spec.type") != "LoadBalancer":
            continue
        which = cluster.urn, annotation(each, _INTERNAL).lower() == "true"
        found[each.urn] = taken.get(which, 0)
        taken[which] = found[each.urn] + _ports(each)
    return found
