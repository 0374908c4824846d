"""Plans the network of an environment."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network

from catalogue.regions import Region
from catalogue.zones import zones as zones_of
from environment.model import Environment
from environment.network import Network, PrivateService
from plan.existing_network import plan_existing_network
from plan.findings import Findings
from plan.flow_logs import plan_flow_logs
from plan.model import NetworkPlan
from plan.network_ranges import plan_ranges
from plan.network_request import ROOT, NetworkRequest
from plan.network_rules import Nat, NetworkRules, Subnets
from plan.registry import has_networks, network_rules
from plan.scope import has_existing_cluster, wants_network

_ZONES_SOURCE = "catalogue/data/zones.csv"


def plan_network(environment: Environment, region: Region | None, labels: Mapping[str, str], findings: Findings) -> NetworkPlan | None:
    """The network, None where the environment has none, or where what is wrong with it leaves nothing to plan.

    Faults everything that the cloud cannot build or that would cut nodes off.
    """
    if not has_networks(environment.cloud):
        _refuse(environment, findings)
        return None
    rules = network_rules(environment.cloud)
    _check_cluster(environment, rules, findings)
    if region is None or not wants_network(environment):
        return None
    request = NetworkRequest(environment=environment, region=region, wish=environment.network or Network(), findings=findings)
    if request.wish.existing is not None:
        return plan_existing_network(request, rules, request.wish.existing, labels)
    return _plan_new(request, rules, labels)


def _plan_new(request: NetworkRequest, rules: NetworkRules, labels: Mapping[str, str]) -> NetworkPlan | None:
    zones = _zones(request, rules)
    if zones is None:
        return None
    nat = _nat(request, rules, zones)
    services = _services(request, rules, nat)
    ranges = plan_ranges(request, rules)
    flow_logs = plan_flow_logs(request, rules)
    if ranges.cidr is None:
        return None
    subnets = rules.subnets(request, ranges.cidr, zones, nat)
    if subnets is None:
        return None
    _check_room(request, rules, subnets)
    return NetworkPlan(
        name=ROOT,
        labels=labels,
        cidr=str(ranges.cidr),
        zones=tuple(zones),
        private_subnets=subnets.private,
        public_subnets=subnets.public,
        endpoint_subnet=subnets.endpoint,
        proxy_subnet=subnets.proxy,
        pod_cidr=str(ranges.pods) if ranges.pods else None,
        service_cidr=str(ranges.services) if ranges.services else None,
        nats=rules.nats(nat, zones),
        private_endpoints=rules.endpoints(request, services, nat),
        flow_logs=flow_logs,
    )


def _refuse(environment: Environment, findings: Findings) -> None:
    if environment.network is not None:
        problem = f"is nothing that cloud {environment.cloud} can make: the cluster's owners gave it a network"
        findings.fault(ROOT, "network", problem, allowed="network on aws, gcp or azure", fix="remove network")


def _check_cluster(environment: Environment, rules: NetworkRules, findings: Findings) -> None:
    network = environment.network
    if not has_existing_cluster(environment):
        return
    if network is not None and network.existing is None:
        problem = "would be a new network, in which the existing cluster does not stand"
        fix = "remove network, or name the cluster's own under network.existing"
        findings.fault(ROOT, "network", problem, allowed="network: {existing: …} beside an existing cluster", fix=fix)
    new = sorted(name for name, pool in environment.node_pools.items() if not pool.existing)
    source = rules.LIMITS.new_nodes_source
    if network is None and new and source is not None:
        problem = f"does not say in which subnets of the existing cluster's network the nodes of {', '.join(new)} stand"
        fix = "add network: {existing: …}"
        findings.fault(f"{ROOT}.existing", None, problem, allowed="id and privateSubnets", fix=fix, source=source)


def _zones(request: NetworkRequest, rules: NetworkRules) -> tuple[str, ...] | None:
    available = zones_of(request.cloud, request.region.name)
    asked = request.wish.zones
    if not available:
        return _without_zones(request, asked)
    if asked is None:
        choice = rules.default_zones(request)
        count = min(choice.chosen, len(available))
        reason = choice.reason if count == choice.chosen else f"{choice.reason}; {request.region.name} has {len(available)}"
        request.decide("zones", count, reason, choice.source)
    else:
        count = asked
        if asked > len(available):
            problem = f"are more zones than {request.region.name} has"
            allowed = f"1 to {len(available)}: {', '.join(available)}"
            request.fault("zones", asked, problem, allowed=allowed, fix=f"write zones: {len(available)}", source=_ZONES_SOURCE)
            return None
    rules.check_zones(request, count)
    return available[:count]


def _without_zones(request: NetworkRequest, asked: int | None) -> tuple[str, ...] | None:
    region = request.region
    if region.has_zones is False:
        if asked is not None:
            problem = f"are asked for, and {region.name} has none"
            request.fault("zones", asked, problem, allowed="left out in a region without zones", fix="remove zones", source=region.source)
        request.decide("zones", 0, f"{region.name} has no zones: all nodes stand together", region.source)
        return ()
    problem = f"cannot be chosen: which zones {region.name} has is not on record"
    allowed = f"a region whose zones are in {_ZONES_SOURCE}"
    request.fault("zones", asked, problem, allowed=allowed, fix="choose another region, or use an existing network", source=_ZONES_SOURCE)
    return None


def _nat(request: NetworkRequest, rules: NetworkRules, zones: Sequence[str]) -> Nat:
    asked = request.wish.nat
    if asked is not None:
        rules.check_nat(request, asked, zones)
        return asked
    choice = rules.default_nat(request)
    request.decide("nat", choice.chosen, choice.reason, choice.source)
    return choice.chosen


def _services(request: NetworkRequest, rules: NetworkRules, nat: Nat) -> tuple[PrivateService, ...]:
    asked = request.wish.private_endpoints
    if asked is None:
        choice = rules.default_services(request, nat)
        request.decide("privateEndpoints", ", ".join(choice.chosen) or "none", choice.reason, choice.source)
        return choice.chosen
    services = tuple(dict.fromkeys(asked))
    rules.check_services(request, services, nat)
    return services


def _check_room(request: NetworkRequest, rules: NetworkRules, subnets: Subnets) -> None:
    """Faults subnets with fewer addresses than the pools' nodes may take; the /24 of each node's pods is checked with the pods' range."""
    limits = rules.LIMITS
    room = sum(IPv4Network(each.cidr).num_addresses - limits.reserved_addresses for each in subnets.private)
    needed = request.most_nodes * limits.addresses_per_node
    if room >= needed:
        return
    problem = f"leaves {room} addresses for nodes, and the pools may take {needed} ({limits.addresses_per_node} for each node)"
    fix = "write a larger cidr, or fewer nodes"
    request.fault("cidr", request.wish.cidr, problem, allowed="room for the largest pools", fix=fix, source=limits.address_source)
