"""What Azure's virtual networks can and cannot do for a cluster."""

import re
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network

from environment.network import ExistingNetwork, PrivateService
from plan.model import NatPlan, PrivateEndpointPlan, SubnetPlan
from plan.network_request import NetworkRequest
from plan.network_rules import Choice, Nat, NetworkLimits, Subnets
from plan.ranges import cut

_VNET = "Microsoft Learn, Azure Virtual Network frequently asked questions: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq"
_OVERLAY = "Microsoft Learn, Azure CNI Overlay, IP address planning (each node takes a /24): https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay"
_RESERVED = (
    "Microsoft Learn, Azure CNI in AKS, prerequisites (ranges that AKS keeps): https://learn.microsoft.com/azure/aks/configure-azure-cni"
)
_NAT = "Microsoft Learn, NAT gateway and availability zones: https://learn.microsoft.com/azure/nat-gateway/nat-availability-zones"
_OUTBOUND = (
    "Microsoft Learn, Customize cluster egress with outbound types in AKS: https://learn.microsoft.com/azure/aks/egress-outboundtype"
)
_ZONES = "Microsoft Learn, Availability zones in AKS: https://learn.microsoft.com/azure/aks/availability-zones-overview"
_PRIVATE = "Microsoft Learn, Private endpoint DNS zone values: https://learn.microsoft.com/azure/private-link/private-endpoint-dns"
_MONITOR = "Microsoft Learn, Azure Monitor private link (a private link scope for all networks that share a DNS): https://learn.microsoft.com/azure/azure-monitor/logs/private-link-design"
_FLOWS = "Microsoft Learn, Virtual network flow logs: https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview"
_GROUP = r"/subscriptions/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/resourceGroups/[\w.()-]{1,90}"
_NETWORK = rf"{_GROUP}/providers/Microsoft\.Network/virtualNetworks/[\w.-]{{2,64}}"

LIMITS = NetworkLimits(
    prefixes=range(8, 27),
    prefix_source=_VNET,
    service_prefixes=range(13, 29),
    service_source=_RESERVED,
    reserved_ranges=tuple(IPv4Network(text) for text in ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")),
    reserved_source=_RESERVED,
    pods_in_subnets=False,
    pod_source=_OVERLAY,
    addresses_per_node=1,
    reserved_addresses=5,
    address_source=_VNET,
    flow_days=range(1, 366),
    flow_days_source=_FLOWS,
    samples_flows=False,
    sample_source=_FLOWS,
    zone_source=_ZONES,
    existing_id=re.compile(_NETWORK, re.IGNORECASE),
    existing_id_form="/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.Network/virtualNetworks/NAME",
    existing_subnet=re.compile(rf"(?P<network>{_NETWORK})/subnets/[\w.-]{{1,80}}", re.IGNORECASE),
    existing_subnet_form="the network's id and /subnets/NAME",
    existing_source=_VNET,
    one_subnet=True,
    named_ranges=False,
    subnets_have_zones=False,
    new_nodes_source=None,
)
# Group id of the private endpoint, and the zone in which its names resolve.
_ENDPOINTS: Mapping[PrivateService, tuple[tuple[str, str], ...]] = {
    "storage": (("blob", "privatelink.blob.core.windows.net"),),
    "registry": (("registry", "privatelink.azurecr.io"),),
    "ml": (("amlworkspace", "privatelink.api.azureml.ms"),),
}
_POSSIBLE = tuple(_ENDPOINTS)


def default_zones(request: NetworkRequest) -> Choice[int]:
    """Three: a subnet spans them all."""
    return Choice(chosen=3, reason="nodes spread over all zones, and no zone is billed by itself", source=_ZONES)


def check_zones(request: NetworkRequest, count: int) -> None:
    """AKS takes any of them."""


def default_nat(request: NetworkRequest) -> Choice[Nat]:
    """One, in every stage: a gateway in each zone would need a node pool in each zone."""
    reason = "a pool of AKS stands in one subnet, which has one gateway; one in each zone needs pools of one zone each (nat: perZone)"
    return Choice(chosen="single", reason=reason, source=_NAT)


def check_nat(request: NetworkRequest, nat: Nat, zones: Sequence[str]) -> None:
    """A gateway in each zone needs zones and pools of one zone; AKS needs a way out."""
    if nat == "none" and request.has_cluster:
        problem = "leaves AKS without a way out, and its nodes fetch what they start with from the internet"
        request.fault("nat", nat, problem, allowed="single or perZone", fix="write nat: single", source=_OUTBOUND)
    if nat != "perZone":
        return
    if not zones:
        problem = f"has no meaning in {request.region.name}, which has no zones"
        request.fault("nat", nat, problem, allowed="single or none", fix="write nat: single", source=_NAT)
        return
    wide = _pools_of_several_zones(request)
    if request.has_cluster and wide:
        problem = f"needs pools of one zone each, as a pool stands in one subnet and that has one gateway; {wide}"
        request.fault("nat", nat, problem, allowed="single, or perZone beside pools of one zone", fix="write nat: single", source=_NAT)


def subnets(request: NetworkRequest, cidr: IPv4Network, zones: Sequence[str], nat: Nat) -> Subnets | None:
    """One subnet for nodes, or one in each zone that has its own gateway, and one for private endpoints."""
    zoned = nat == "perZone" and len(zones) > 0
    parts, rest = cut(cidr, len(zones) if zoned else 1)
    endpoint = next(rest.subnets(new_prefix=max(24, rest.prefixlen)))
    return Subnets(
        private=tuple(
            SubnetPlan(name=f"nodes-{zone}" if zoned else "nodes", cidr=str(part), zone=zone)
            for part, zone in zip(parts, zones if zoned else (None,), strict=True)
        ),
        endpoint=SubnetPlan(name="endpoints", cidr=str(endpoint)),
    )


def nats(nat: Nat, zones: Sequence[str]) -> tuple[NatPlan, ...]:
    """One in no zone of its own, or one in each."""
    if nat == "none":
        return ()
    if nat == "single" or not zones:
        return (NatPlan(name="nat"),)
    return tuple(NatPlan(name=f"nat-{zone}", zone=zone) for zone in zones)


def default_services(request: NetworkRequest, nat: Nat) -> Choice[tuple[PrivateService, ...]]:
    """All that Azure has in production, none elsewhere."""
    if request.stage == "prod":
        return Choice(
            chosen=_POSSIBLE, reason="production's data does not cross the internet; each endpoint is billed by the hour", source=_PRIVATE
        )
    return Choice(chosen=(), reason="each endpoint is billed by the hour; Entra ID signs in without one", source=_PRIVATE)


def check_services(request: NetworkRequest, services: Sequence[PrivateService], nat: Nat) -> None:
    """Two of the words have no private endpoint that an environment could own."""
    allowed = f"any of {', '.join(_POSSIBLE)}"
    if "identity" in services:
        problem = "holds identity, and Entra ID has no private endpoint"
        request.fault("privateEndpoints", list(services), problem, allowed=allowed, fix="remove identity", source=_PRIVATE)
    if "logs" in services:
        problem = "holds logs, whose private link scope takes over the names of Azure Monitor for every network that shares a DNS"
        request.fault("privateEndpoints", list(services), problem, allowed=allowed, fix="remove logs", source=_MONITOR)


def endpoints(request: NetworkRequest, services: Sequence[PrivateService], nat: Nat) -> tuple[PrivateEndpointPlan, ...]:
    """An endpoint and the private zone of its names, for each service."""
    return tuple(
        PrivateEndpointPlan(name=group, service=group, kind="interface", dns_zone=zone)
        for service, groups in _ENDPOINTS.items()
        if service in services
        for group, zone in groups
    )


def check_existing(request: NetworkRequest, existing: ExistingNetwork) -> None:
    """A subnet's id begins with that of its network."""
    for subnet in existing.private_subnets:
        match = LIMITS.existing_subnet.fullmatch(subnet)
        if match is not None and match["network"].lower() != existing.id.lower():
            problem = "is a subnet of another network than existing.id"
            request.fault(
                "existing.privateSubnets", subnet, problem, allowed="subnets of the network", fix="correct one of the two", source=_VNET
            )


def _pools_of_several_zones(request: NetworkRequest) -> str:
    pools = {name: pool for name, pool in request.environment.node_pools.items() if not pool.existing}
    wide = sorted(name for name, pool in pools.items() if pool.zones is None or len(pool.zones) != 1)
    if wide:
        return f"{', '.join(wide)} may stand in several"
    return "" if any(pool.system for pool in pools.values()) else "the system pool that is added may stand in several"
