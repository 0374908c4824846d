"""The network of an environment: one subnet over all zones, one way out, Google's services by private addresses."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_gcp as gcp
from pulumi import ComponentResource, InvokeOptions, Output, Resource, ResourceOptions

from components.contract import NetworkOutputs
from components.gcp.network_dns import private_zone
from plan.model import ExistingNetworkPlan, FlowLogsPlan, NatPlan, NetworkPlan, SubnetPlan

# What the subnets' secondary ranges are called where the network is ours.
_PODS, _SERVICES = "pods", "services"
_LAST_PRIORITY = 65_534


@dataclass(frozen=True, kw_only=True)
class NodeSubnet:
    """Where nodes stand, with the names of the secondary ranges that pods and Services take their addresses from."""

    network: Output[str]
    subnetwork: Output[str]
    pod_range: str | None
    service_range: str | None


class Network(ComponentResource):
    """The environment's network.

    Owns the network, its subnets, the router with its NAT, the rule that refuses and records what nobody allowed, and the private zones
    that lead Google's names to private addresses. Owns nothing when the plan names a network that exists.

    nodes: where nodes stand. ready: what must be there before nodes are, and must outlive them.
    """

    outputs: NetworkOutputs
    nodes: NodeSubnet
    ready: Sequence[Resource]

    def __init__(self, name: str, plan: NetworkPlan, *, region: str, opts: ResourceOptions | None = None) -> None:
        """Build the network that the plan describes."""
        super().__init__("drydock:gcp:Network", name, {"usage": {}}, opts)
        if plan.existing:
            identifier, subnets = _existing(self, plan.existing, region)
            pods, services, self.ready = plan.existing.pod_range, plan.existing.service_range, ()
        else:
            spec = _Spec(name=name, plan=plan, region=region, opts=ResourceOptions(parent=self))
            identifier, subnets, self.ready = _build(spec)
            pods, services = (_PODS if plan.pod_cidr else None), (_SERVICES if plan.service_cidr else None)
        self.nodes = NodeSubnet(network=identifier, subnetwork=subnets[0], pod_range=pods, service_range=services)
        self.outputs = NetworkOutputs(id=identifier, privateSubnets=Output.all(*subnets), zones=list(plan.zones), usage={})
        self.register_outputs({**self.outputs})


@dataclass(frozen=True, kw_only=True)
class _Spec:
    name: str
    plan: NetworkPlan
    region: str
    opts: ResourceOptions


def _existing(parent: Network, plan: ExistingNetworkPlan, region: str) -> tuple[Output[str], list[Output[str]]]:
    here = InvokeOptions(parent=parent)
    name, project = _parts(plan.identifier)
    network = gcp.compute.get_network_output(name=name, project=project, opts=here)
    subnets: list[Output[str]] = []
    for identifier in plan.private_subnets:
        name, project = _parts(identifier)
        subnets.append(gcp.compute.get_subnetwork_output(name=name, project=project, region=region, opts=here).self_link)
    return network.self_link, subnets


def _parts(identifier: str) -> tuple[str, str | None]:
    """Name and project of NAME or …projects/PROJECT/…/NAME; the provider's own project is None."""
    place, _, name = identifier.rpartition("/")
    _, _, rest = place.partition("projects/")
    return name, rest.partition("/")[0] or None


def _build(spec: _Spec) -> tuple[Output[str], list[Output[str]], list[Resource]]:
    network = gcp.compute.Network(spec.name, auto_create_subnetworks=False, routing_mode="REGIONAL", opts=spec.opts)
    # Pods and Services take their addresses from ranges of the first subnet, where nodes stand.
    subnets = [_subnet(spec, network, subnet, with_ranges=index == 0) for index, subnet in enumerate(spec.plan.private_subnets)]
    _refuse_others(spec, network)
    zones = [
        record
        for endpoint in spec.plan.private_endpoints
        if endpoint.dns_zone
        for record in private_zone(f"{spec.name}-{endpoint.name}", endpoint.dns_zone, network.self_link, spec.plan.labels, spec.opts)
    ]
    nats = [_nat(spec, network, subnets, nat) for nat in spec.plan.nats]
    links = [subnet.self_link for subnet in subnets]
    if spec.plan.proxy_subnet:
        # Whoever stands in the subnets finds the proxies there, and is gone before them.
        proxies = _proxies(spec, network, spec.plan.proxy_subnet)
        links = [Output.all(link, proxies.self_link).apply(lambda both: str(both[0])) for link in links]
    return network.self_link, links, [*nats, *zones]


def _subnet(spec: _Spec, network: gcp.compute.Network, subnet: SubnetPlan, *, with_ranges: bool) -> gcp.compute.Subnetwork:
    ranges = {_PODS: spec.plan.pod_cidr, _SERVICES: spec.plan.service_cidr} if with_ranges else {}
    return gcp.compute.Subnetwork(
        f"{spec.name}-{subnet.name}",
        network=network.self_link,
        region=spec.region,
        ip_cidr_range=subnet.cidr,
        secondary_ip_ranges=[
            gcp.compute.SubnetworkSecondaryIpRangeArgs(range_name=name, ip_cidr_range=cidr) for name, cidr in ranges.items() if cidr
        ],
        private_ip_google_access=True,
        log_config=_flow_logs(spec.plan.flow_logs) if spec.plan.flow_logs else None,
        opts=spec.opts,
    )


def _proxies(spec: _Spec, network: gcp.compute.Network, subnet: SubnetPlan) -> gcp.compute.Subnetwork:
    """Where load balancers' proxies take their addresses from; machines stand elsewhere."""
    return gcp.compute.Subnetwork(
        f"{spec.name}-{subnet.name}",
        network=network.self_link,
        region=spec.region,
        ip_cidr_range=subnet.cidr,
        purpose="REGIONAL_MANAGED_PROXY",
        role="ACTIVE",
        opts=spec.opts,
    )


def _flow_logs(plan: FlowLogsPlan) -> gcp.compute.SubnetworkLogConfigArgs:
    return gcp.compute.SubnetworkLogConfigArgs(
        # One record of a connection in ten minutes says who spoke to whom; twelve a minute would be paid for and say the same.
        aggregation_interval="INTERVAL_10_MIN",
        flow_sampling=plan.sample_percent / 100,
        metadata="INCLUDE_ALL_METADATA",
    )


def _refuse_others(spec: _Spec, network: gcp.compute.Network) -> None:
    # Google refuses the same without this rule, but leaves no record of it.
    gcp.compute.Firewall(
        f"{spec.name}-refuse",
        network=network.self_link,
        direction="INGRESS",
        priority=_LAST_PRIORITY,
        denies=[gcp.compute.FirewallDenyArgs(protocol="all")],
        source_ranges=["0.0.0.0/0"],
        log_config=gcp.compute.FirewallLogConfigArgs(metadata="EXCLUDE_ALL_METADATA"),
        opts=spec.opts,
    )


def _nat(spec: _Spec, network: gcp.compute.Network, subnets: Sequence[gcp.compute.Subnetwork], nat: NatPlan) -> gcp.compute.RouterNat:
    router = gcp.compute.Router(f"{spec.name}-{nat.name}-router", network=network.self_link, region=spec.region, opts=spec.opts)
    return gcp.compute.RouterNat(
        f"{spec.name}-{nat.name}",
        router=router.name,
        region=spec.region,
        nat_ip_allocate_option="AUTO_ONLY",
        source_subnetwork_ip_ranges_to_nat="LIST_OF_SUBNETWORKS",
        subnetworks=[
            gcp.compute.RouterNatSubnetworkArgs(name=subnet.self_link, source_ip_ranges_to_nats=["ALL_IP_RANGES"]) for subnet in subnets
        ],
        # Nodes that pull large images open many connections at once; a fixed share of ports would drop some of them.
        enable_dynamic_port_allocation=True,
        enable_endpoint_independent_mapping=False,
        log_config=gcp.compute.RouterNatLogConfigArgs(enable=True, filter="ERRORS_ONLY"),
        opts=spec.opts,
    )
