"""Load balancers: hours, capacity units from the traffic, public addresses; name service and content delivery in front of them."""

from decimal import Decimal
from typing import Final

from costs.aws.network import public_address
from costs.aws.parts import egress, how_many, tiered, unlisted
from costs.model import Factor
from costs.money import HOURS_PER_MONTH, Band
from costs.pricing import Pricer, Pricing, count

_PREFIXES: Final = {"application": "alb", "network": "nlb", "gateway": "gwlb"}
# New connections a second that one unit covers. Source: Elastic Load Balancing pricing, "LCU details" (TCP for network ones).
_CONNECTIONS: Final = {"alb": 25, "nlb": 800, "gwlb": 600}
# Source: Amazon Route 53 pricing, "Authoritative DNS".
_QUERIES: Final = ((1_000_000_000, "standard-queries"), (None, "standard-queries-over-1B"))


def _load_balancer(pricing: Pricing) -> None:
    """Hours and capacity units. Source: Elastic Load Balancing pricing."""
    kind = pricing.text("loadBalancerType", "application")
    if pricing.unreadable("loadBalancerType") or kind not in _PREFIXES:
        pricing.unpriced("load balancer", "its loadBalancerType is known only after `up`, or is none that AWS has")
        return
    prefix = _PREFIXES[kind]
    driver = f"{kind} load balancer"
    pricing.line(driver, pricing.service("elb", "gwlb" if prefix == "gwlb" else f"{prefix}-hour", driver), pricing.hours())
    driver = f"{kind} capacity units"
    units = _units(pricing, _CONNECTIONS[prefix])
    pricing.line(driver, pricing.service("elb", f"{prefix}-lcu", driver), units, pricing.hours(), usage_based=True)
    if kind != "gateway" and not pricing.flag("internal"):
        _public(pricing)


def _units(pricing: Pricing, connections: int) -> Factor:
    """Capacity units an hour: 1 GB processed, or so many new connections a second, whichever is more.

    At worst every request opens a connection; where connections are reused the bytes decide.
    """
    through, rate = pricing.usage_or("processedGibPerMonth"), pricing.usage_or("requestsPerSecond")
    of_bytes, of_connections = through.amount / HOURS_PER_MONTH, rate.amount / connections
    least = pricing.number("minimumLoadBalancerCapacity.capacityUnits") or Decimal(0)
    units = Band(
        max(of_bytes.low, least),
        max(of_bytes.expected, of_connections.expected, least),
        max(of_bytes.high, of_connections.high, least),
    )
    words = f"capacity units: 1 GiB an hour or {connections} new connections/s"
    return Factor(words, units, min(through.confidence, rate.confidence))


def _public(pricing: Pricing) -> None:
    if pricing.text("ipAddressType") == "dualstack-without-public-ipv4":
        egress(pricing, pricing.usage_or("egressGibPerMonth"))
        return
    mapped = len(pricing.resource.items("subnetMappings"))
    own = sum(pricing.resource.get(f"subnetMappings.{number}.allocationId") is not None for number in range(mapped))
    if mapped:
        # Elastic addresses are resources, and priced, themselves.
        if mapped > own:
            public_address(pricing, "public IPv4 addresses", many=mapped - own)
    else:
        zones = how_many(pricing, "subnets", "addresses, one for each subnet", Band.of(2, 2, 3))
        driver = "public IPv4 addresses"
        pricing.line(driver, pricing.service("vpc", "public-ipv4-in-use", driver), zones, pricing.hours())
    egress(pricing, pricing.usage_or("egressGibPerMonth"))


def _classic(pricing: Pricing) -> None:
    pricing.line("classic load balancer", pricing.service("elb", "classic-elb-hour", "classic load balancer"), pricing.hours())
    driver = "data through the load balancer"
    through = pricing.usage_or("processedGibPerMonth")
    pricing.line(driver, pricing.service("elb", "classic-elb-data-processed", driver), through, usage_based=True)
    if not pricing.flag("internal"):
        path = "subnets" if pricing.resource.get("subnets") else "availabilityZones"
        zones = how_many(pricing, path, "addresses, one for each zone", Band.of(2, 2, 3))
        driver = "public IPv4 addresses"
        pricing.line(driver, pricing.service("vpc", "public-ipv4-in-use", driver), zones, pricing.hours())
        egress(pricing, pricing.usage_or("egressGibPerMonth"))


def _zone(pricing: Pricing) -> None:
    """Queries of private zones are free. Source: Amazon Route 53 pricing."""
    pricing.line("hosted zone", pricing.service("route53", "hosted-zone", "hosted zone"), count("zone", 1))
    if pricing.resource.get("vpcs"):
        return
    asked = pricing.usage_or("requestsPerMonth")
    pricing.line("queries", tiered(pricing, "route53", _QUERIES, "queries"), asked, usage_based=True)


def _health_check(pricing: Pricing) -> None:
    pricing.line("health check", pricing.service("route53", "health-check", "health check"), count("health check", 1))
    pricing.note("optional features", "none", "HTTPS, string matching, fast intervals and latency measurement cost extra each")


def _resolver(pricing: Pricing) -> None:
    addresses = how_many(pricing, "ipAddresses", "network interfaces", Band.of(2, 2, 4))
    driver = "resolver endpoint"
    pricing.line(driver, pricing.service("route53", "resolver-endpoint-interface", driver), addresses, pricing.hours())
    asked = pricing.usage_or("requestsPerMonth")
    pricing.line("resolver queries", pricing.service("route53", "resolver-queries", "resolver queries"), asked, usage_based=True)


def _distribution(pricing: Pricing) -> None:
    sent = pricing.usage_or("egressGibPerMonth")
    driver = "data sent by the distribution"
    pricing.line(driver, pricing.service("cloudfront", "data-transfer-out-first-10TB", driver), sent, usage_based=True)
    asked = pricing.usage_or("requestsPerMonth")
    pricing.line("requests", pricing.service("cloudfront", "https-requests", "distribution requests"), asked, usage_based=True)


def _web_acl(pricing: Pricing) -> None:
    """An ACL, its rules, its requests. Source: AWS WAF pricing."""
    pricing.line("web ACL", pricing.service("waf", "web-acl", "web ACL"), count("ACL", 1))
    _rules(pricing)
    pricing.line("requests", pricing.service("waf", "requests", "web ACL requests"), pricing.usage_or("requestsPerMonth"), usage_based=True)


def _rules(pricing: Pricing) -> None:
    """Rules cost the same in an ACL and in a group of rules; a group within an ACL counts as one of its rules."""
    rules = len(pricing.resource.items("rules")) + len(pricing.program.referring(pricing.resource, "aws:wafv2/webAclRule:WebAclRule"))
    if pricing.unreadable("rules"):
        pricing.unpriced("rules", "they are known only after `up`")
    elif rules:
        pricing.line("rules", pricing.service("waf", "rule", "rules"), count("rules", rules))


_LISTENERS: Final = ("listener", "listenerCertificate", "listenerRule", "targetGroup", "targetGroupAttachment")
_NAMESPACES: Final = ("lb", "alb", "applicationloadbalancing", "elasticloadbalancingv2")


PRICERS: dict[str, Pricer] = {
    **{f"aws:{namespace}/loadBalancer:LoadBalancer": _load_balancer for namespace in _NAMESPACES},
    "aws:elb/loadBalancer:LoadBalancer": _classic,
    "aws:elasticloadbalancing/loadBalancer:LoadBalancer": _classic,
    "aws:lb/trustStore:TrustStore": unlisted("trust store"),
    "aws:route53/zone:Zone": _zone,
    "aws:route53/healthCheck:HealthCheck": _health_check,
    "aws:route53/resolverEndpoint:ResolverEndpoint": _resolver,
    "aws:route53/trafficPolicyInstance:TrafficPolicyInstance": unlisted("traffic policy record"),
    "aws:route53domains/registeredDomain:RegisteredDomain": unlisted("domain registration (a year's fee)"),
    "aws:route53domains/domain:Domain": unlisted("domain registration (a year's fee)"),
    "aws:cloudfront/distribution:Distribution": _distribution,
    "aws:cloudfront/function:Function": unlisted("function invocations"),
    "aws:cloudfront/keyValueStore:KeyValueStore": unlisted("reads and writes of the store"),
    "aws:wafv2/webAcl:WebAcl": _web_acl,
    "aws:wafv2/ruleGroup:RuleGroup": _rules,
    "aws:shield/protection:Protection": unlisted("Shield Advanced subscription"),
}
FREE: set[str] = {
    *(f"aws:{namespace}/{name}:{name[0].upper()}{name[1:]}" for namespace in _NAMESPACES for name in _LISTENERS),
    *(
        f"aws:{namespace}/{name[0].lower()}{name[1:]}:{name}"
        for namespace in ("elb", "elasticloadbalancing")
        for name in (
            "AppCookieStickinessPolicy",
            "Attachment",
            "ListenerPolicy",
            "LoadBalancerBackendServerPolicy",
            "LoadBalancerCookieStickinessPolicy",
            "LoadBalancerPolicy",
            "SslNegotiationPolicy",
        )
    ),
    "aws:lb/trustStoreRevocation:TrustStoreRevocation",
    "aws:route53/delegationSet:DelegationSet",
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec",
    "aws:route53/keySigningKey:KeySigningKey",
    "aws:route53/queryLog:QueryLog",
    "aws:route53/record:Record",
    "aws:route53/recordsExclusive:RecordsExclusive",
    "aws:route53/resolverConfig:ResolverConfig",
    "aws:route53/resolverRule:ResolverRule",
    "aws:route53/resolverRuleAssociation:ResolverRuleAssociation",
    "aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization",
    "aws:route53/zoneAssociation:ZoneAssociation",
    "aws:cloudfront/cachePolicy:CachePolicy",
    "aws:cloudfront/keyGroup:KeyGroup",
    "aws:cloudfront/originAccessControl:OriginAccessControl",
    "aws:cloudfront/originAccessIdentity:OriginAccessIdentity",
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy",
    "aws:cloudfront/publicKey:PublicKey",
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
    "aws:wafv2/ipSet:IpSet",
    "aws:wafv2/regexPatternSet:RegexPatternSet",
    "aws:wafv2/webAclAssociation:WebAclAssociation",
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    # Rules are counted with their ACL.
    "aws:wafv2/webAclRule:WebAclRule",
}
