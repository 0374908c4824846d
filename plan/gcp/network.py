"""What Google Cloud's networks can and cannot do for a cluster."""

import re
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network

from environment.network import ExistingNetwork, PrivateService
from plan.model import NatPlan, PrivateEndpointPlan, SubnetPlan
from plan.network_request import NetworkRequest
from plan.network_rules import Choice, Nat, NetworkLimits, Subnets
from plan.ranges import cut
from plan.scope import needs_proxies

_SUBNETS = "Google Cloud, Subnets: https://cloud.google.com/vpc/docs/subnets"
_NATIVE = "Google Cloud, VPC-native clusters, IP address allocation: https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips"
_NAT = "Google Cloud, Cloud NAT (a regional resource without a zone): https://cloud.google.com/nat/docs/overview"
_ACCESS = "Google Cloud, Private Google Access: https://cloud.google.com/vpc/docs/configure-private-google-access"
_REGIONAL = "Google Cloud, Regional clusters: https://cloud.google.com/kubernetes-engine/docs/concepts/regional-clusters"
_FLOWS = "Google Cloud, VPC Flow Logs: https://cloud.google.com/vpc/docs/flow-logs"
_LOGS = "Google Cloud, Cloud Logging, Log retention periods: https://cloud.google.com/logging/quotas#logs_retention_periods"
_PROXIES = "Google Cloud, Proxy-only subnets: /23 is recommended, /26 the smallest: https://cloud.google.com/load-balancing/docs/proxy-only-subnets"
_PROXY_PREFIX, _LONGEST_PROXY_PREFIX = 23, 26
_NAME = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
_LINK = r"(https://www\.googleapis\.com/compute/v1/)?projects/[a-z0-9:.-]+"

LIMITS = NetworkLimits(
    prefixes=range(8, 29),
    prefix_source=_SUBNETS,
    service_prefixes=range(16, 28),
    service_source=_NATIVE,
    pods_in_subnets=False,
    pod_source=_NATIVE,
    addresses_per_node=1,
    reserved_addresses=4,
    address_source=_SUBNETS,
    flow_days=None,
    flow_days_source=_LOGS,
    fixed_flow_days=30,
    samples_flows=True,
    sample_source=_FLOWS,
    zone_source=_REGIONAL,
    existing_id=re.compile(rf"{_NAME}|{_LINK}/global/networks/{_NAME}"),
    existing_id_form="the network's name or projects/PROJECT/global/networks/NAME",
    existing_subnet=re.compile(rf"{_NAME}|{_LINK}/regions/(?P<region>[a-z0-9-]+)/subnetworks/{_NAME}"),
    existing_subnet_form="the subnet's name or projects/PROJECT/regions/REGION/subnetworks/NAME",
    existing_source=_SUBNETS,
    one_subnet=True,
    named_ranges=True,
    subnets_have_zones=False,
    new_nodes_source=None,
)
_ALL: tuple[PrivateService, ...] = ("storage", "registry", "ml", "logs", "identity")
_NEEDED_WITHOUT_NAT: tuple[PrivateService, ...] = ("storage", "registry")
_ZONES: Mapping[str, tuple[PrivateService, ...]] = {"googleapis.com.": _ALL, "pkg.dev.": ("registry",), "gcr.io.": ("registry",)}


def default_zones(request: NetworkRequest) -> Choice[int]:
    """Three: a subnet spans them all."""
    return Choice(chosen=3, reason="a regional cluster spreads over three zones, and none of them is billed by itself", source=_REGIONAL)


def check_zones(request: NetworkRequest, count: int) -> None:
    """A regional cluster may have its nodes in a single zone."""


def default_nat(request: NetworkRequest) -> Choice[Nat]:
    """One: it is in no zone that could fail."""
    return Choice(chosen="single", reason="Cloud NAT serves the whole region and stands in none of its zones", source=_NAT)


def check_nat(request: NetworkRequest, nat: Nat, zones: Sequence[str]) -> None:
    """Cloud NAT has no zone."""
    if nat == "perZone":
        problem = "has no meaning on Google Cloud, whose NAT serves a region and stands in no zone"
        request.fault("nat", nat, problem, allowed="single or none", fix="write nat: single, which outlives a zone", source=_NAT)


def subnets(request: NetworkRequest, cidr: IPv4Network, zones: Sequence[str], nat: Nat) -> Subnets | None:
    """One subnet for nodes over all zones, and one for load balancers' proxies where there are any; the rest is left for later."""
    (nodes,), last = cut(cidr, 1)
    return Subnets(private=(SubnetPlan(name="nodes", cidr=str(nodes)),), proxy=_proxies(request, last))


def _proxies(request: NetworkRequest, free: IPv4Network) -> SubnetPlan | None:
    if not needs_proxies(request.environment):
        return None
    if free.prefixlen > _LONGEST_PROXY_PREFIX:
        problem = f"leaves a /{free.prefixlen} for the proxies of load balancers"
        allowed = f"/{_LONGEST_PROXY_PREFIX - 2} or larger"
        request.fault("cidr", request.wish.cidr, problem, allowed=allowed, fix="write a larger cidr", source=_PROXIES)
        return None
    chosen = next(free.subnets(new_prefix=max(free.prefixlen, _PROXY_PREFIX)))
    request.decide("proxySubnet", chosen, "load balancers within the network take their proxies' addresses from one of their own", _PROXIES)
    return SubnetPlan(name="proxies", cidr=str(chosen))


def nats(nat: Nat, zones: Sequence[str]) -> tuple[NatPlan, ...]:
    """One at most."""
    return () if nat == "none" else (NatPlan(name="nat"),)


def default_services(request: NetworkRequest, nat: Nat) -> Choice[tuple[PrivateService, ...]]:
    """All of them."""
    return Choice(chosen=_ALL, reason="Private Google Access is free, and its DNS zones cost cents a month", source=_ACCESS)


def check_services(request: NetworkRequest, services: Sequence[PrivateService], nat: Nat) -> None:
    """Nodes that have no way out need Google's interfaces and the registry."""
    missing = [each for each in _NEEDED_WITHOUT_NAT if each not in services]
    if nat == "none" and request.has_cluster and missing:
        problem = f"lacks {', '.join(missing)}: without NAT nodes cannot join the cluster"
        fix = f"add {', '.join(missing)}, or write nat: single"
        allowed = f"{', '.join(_NEEDED_WITHOUT_NAT)} beside nat: none"
        request.fault("privateEndpoints", list(services), problem, allowed=allowed, fix=fix, source=_ACCESS)


def endpoints(request: NetworkRequest, services: Sequence[PrivateService], nat: Nat) -> tuple[PrivateEndpointPlan, ...]:
    """The private DNS zones through which Google's own names lead to addresses that only the network reaches."""
    return tuple(
        PrivateEndpointPlan(name=zone.removesuffix(".").replace(".", "-"), service="all-apis", kind="private-dns", dns_zone=zone)
        for zone, serving in _ZONES.items()
        if set(serving) & set(services)
    )


def check_existing(request: NetworkRequest, existing: ExistingNetwork) -> None:
    """A subnet belongs to one region."""
    for subnet in existing.private_subnets:
        match = LIMITS.existing_subnet.fullmatch(subnet)
        region = match["region"] if match else None
        if region is not None and region != request.region.name:
            problem = f"is a subnet of {region}, and the environment stands in {request.region.name}"
            allowed = f"subnets of {request.region.name}"
            request.fault("existing.privateSubnets", subnet, problem, allowed=allowed, fix="name a subnet of the region", source=_SUBNETS)
