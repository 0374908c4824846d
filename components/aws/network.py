"""The network of an environment: private subnets in its zones, ways out, ways to AWS's services that never leave it."""

from dataclasses import dataclass
from itertools import chain

import pulumi_aws as aws
from pulumi import ComponentResource, InvokeOptions, Output, Resource, ResourceOptions

from components.aws.network_endpoints import gateway_endpoints, interface_endpoints
from components.aws.network_flow_logs import record_flows
from components.aws.network_routes import public_routes, route_out
from components.aws.network_spec import NetworkSpec
from components.aws.place import Place
from components.aws.subnets import FoundSubnets, NodeSubnets, OwnSubnets
from components.contract import NetworkOutputs
from plan.model import ExistingNetworkPlan, NetworkPlan, SubnetPlan

# What load balancers that Kubernetes makes look for. Source: Amazon EKS User Guide, "VPC and subnet requirements".
_INTERNAL, _PUBLIC = "kubernetes.io/role/internal-elb", "kubernetes.io/role/elb"


class Network(ComponentResource):
    """The environment's network.

    Owns the VPC, its subnets and routes, NAT gateways with their addresses, endpoints of AWS's services with their security group, and
    flow logs with their log group. The VPC's default security group lets nothing through. Owns nothing when the plan names a network
    that exists.

    node_subnets: where nodes may stand. service_ranges: addresses of AWS's services that are reached through gateways. ready: what must
    be there before a node can reach its cluster.
    """

    outputs: NetworkOutputs
    node_subnets: NodeSubnets
    service_ranges: Output[list[str]]
    ready: list[Resource]

    def __init__(self, name: str, plan: NetworkPlan, *, place: Place, opts: ResourceOptions | None = None) -> None:
        """Build the network that the plan describes."""
        super().__init__("drydock:aws:Network", name, {"usage": {}}, opts)
        if plan.existing:
            found = _existing(self, plan.existing, place)
        else:
            found = _build(NetworkSpec(name=name, plan=plan, place=place, opts=ResourceOptions(parent=self)))
        self.node_subnets, self.service_ranges, self.ready = found.node_subnets, found.service_ranges, found.ready
        self.outputs = NetworkOutputs(id=found.id, privateSubnets=found.private, zones=list(plan.zones), usage={})
        self.register_outputs({**self.outputs})


@dataclass(frozen=True, kw_only=True)
class _Found:
    id: Output[str]
    private: Output[list[str]]
    node_subnets: NodeSubnets
    service_ranges: Output[list[str]]
    ready: list[Resource]


def _existing(parent: Network, existing: ExistingNetworkPlan, place: Place) -> _Found:
    lookup = InvokeOptions(parent=parent)
    subnets = Output.from_input(list(existing.private_subnets))
    return _Found(
        id=aws.ec2.get_vpc_output(id=existing.identifier, region=place.region, opts=lookup).id,
        private=subnets,
        node_subnets=FoundSubnets(subnets, place.region, lookup),
        service_ranges=Output.from_input([]),
        ready=[],
    )


def _build(spec: NetworkSpec) -> _Found:
    vpc = _vpc(spec)
    private = {subnet.name: _subnet(spec, vpc, subnet, _INTERNAL) for subnet in spec.plan.private_subnets}
    public = {subnet.name: _subnet(spec, vpc, subnet, _PUBLIC) for subnet in spec.plan.public_subnets}
    internet = public_routes(spec, vpc, public)
    tables, routes = route_out(spec, vpc, private, public, internet)
    gateways, interfaces = gateway_endpoints(spec, vpc, tables), interface_endpoints(spec, vpc, list(private.values()))
    record_flows(spec, vpc)
    by_zone = {str(subnet.zone): private[subnet.name].id for subnet in spec.plan.private_subnets}
    return _Found(
        id=vpc.id,
        private=Output.all(*(subnet.id for subnet in private.values())),
        node_subnets=OwnSubnets(by_zone),
        service_ranges=Output.all(*(gateway.cidr_blocks for gateway in gateways)).apply(lambda found: sorted({*chain(*found)})),
        ready=[*routes, *gateways, *interfaces],
    )


def _vpc(spec: NetworkSpec) -> aws.ec2.Vpc:
    vpc = aws.ec2.Vpc(
        spec.name,
        cidr_block=spec.plan.cidr,
        # EKS's private API address and the endpoints' private names need both.
        enable_dns_support=True,
        enable_dns_hostnames=True,
        region=spec.place.region,
        tags=spec.tags(),
        opts=spec.opts,
    )
    # Without rules it lets nothing through: what is put into no group of its own reaches nothing.
    aws.ec2.DefaultSecurityGroup(
        f"{spec.name}-default-security-group",
        vpc_id=vpc.id,
        ingress=[],
        egress=[],
        region=spec.place.region,
        tags=spec.tags("default-security-group"),
        opts=spec.opts,
    )
    return vpc


def _subnet(spec: NetworkSpec, vpc: aws.ec2.Vpc, plan: SubnetPlan, load_balancers: str) -> aws.ec2.Subnet:
    return aws.ec2.Subnet(
        f"{spec.name}-{plan.name}",
        vpc_id=vpc.id,
        cidr_block=plan.cidr,
        availability_zone=plan.zone,
        map_public_ip_on_launch=False,
        region=spec.place.region,
        tags={**spec.tags(plan.name), load_balancers: "1"},
        opts=spec.opts,
    )
