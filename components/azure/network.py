"""The network of an environment: subnets for nodes and private endpoints, one way out, records of who spoke to whom."""

from dataclasses import dataclass
from typing import cast

import pulumi_azure_native as azure
from pulumi import ComponentResource, Input, InvokeOptions, Output, ResourceOptions

from components.azure.network_flow_logs import record_flows
from components.contract import NetworkOutputs
from plan.model import NatPlan, NetworkPlan, SubnetPlan


@dataclass(frozen=True, kw_only=True)
class NodeSubnet:
    """A subnet that nodes may stand in; zone: the one zone that it serves, None for all."""

    id: Output[str]
    zone: str | None


@dataclass(frozen=True, kw_only=True)
class PrivateAccess:
    """The subnet in which a private endpoint stands, and the zone in which it is found by name."""

    subnet_id: Output[str]
    dns_zone_id: Output[str]


class Network(ComponentResource):
    """The environment's network.

    Owns the virtual network, its subnets with their security group, NAT gateways with their addresses, the private zones in which
    private endpoints are found, and flow logs. Owns nothing when the plan names a network that exists.

    node_subnets: where nodes may stand. endpoint_subnet and dns_zones (by service, such as blob): for private endpoints;
    None and empty where the environment has none.
    """

    outputs: NetworkOutputs
    node_subnets: tuple[NodeSubnet, ...]
    endpoint_subnet: Output[str] | None
    dns_zones: dict[str, Output[str]]

    def private_access(self, service: str) -> PrivateAccess | None:
        """Where a private endpoint of this service goes; None where the environment has none."""
        if self.endpoint_subnet is None or service not in self.dns_zones:
            return None
        return PrivateAccess(subnet_id=self.endpoint_subnet, dns_zone_id=self.dns_zones[service])

    def __init__(
        self, name: str, plan: NetworkPlan, *, location: str, resource_group_name: Input[str] | None, opts: ResourceOptions | None = None
    ) -> None:
        """Build the network that the plan describes; `resource_group_name` may be left out for one that exists."""
        super().__init__("drydock:azure:Network", name, {"usage": {}}, opts)
        if plan.existing:
            self.node_subnets = tuple(NodeSubnet(id=Output.from_input(each), zone=None) for each in plan.existing.private_subnets)
            self.endpoint_subnet, self.dns_zones = None, {}
            identifier = _existing(self, plan.existing.identifier)
        else:
            spec = _Spec(
                name=name,
                plan=plan,
                location=location,
                resource_group_name=cast(Input[str], resource_group_name),
                opts=ResourceOptions(parent=self),
            )
            network = _virtual_network(spec)
            self.node_subnets, self.endpoint_subnet = _subnets(spec, network)
            self.dns_zones = _dns_zones(spec, network)
            record_flows(name, plan, location=location, resource_group_name=spec.resource_group_name, network=network, opts=spec.opts)
            identifier = network.id
        self.outputs = NetworkOutputs(
            id=identifier,
            privateSubnets=Output.all(*(subnet.id for subnet in self.node_subnets)),
            zones=list(plan.zones),
            usage={},
        )
        self.register_outputs({**self.outputs})


@dataclass(frozen=True, kw_only=True)
class _Spec:
    name: str
    plan: NetworkPlan
    location: str
    resource_group_name: Input[str]
    opts: ResourceOptions


def _existing(parent: Network, identifier: str) -> Output[str]:
    # /subscriptions/S/resourceGroups/GROUP/providers/Microsoft.Network/virtualNetworks/NAME
    parts = identifier.split("/")
    found = azure.network.get_virtual_network_output(
        resource_group_name=parts[4], virtual_network_name=parts[8], opts=InvokeOptions(parent=parent)
    )
    return found.apply(lambda network: cast(str, network.id))


def _virtual_network(spec: _Spec) -> azure.network.VirtualNetwork:
    return azure.network.VirtualNetwork(
        spec.name,
        resource_group_name=spec.resource_group_name,
        location=spec.location,
        address_space=azure.network.AddressSpaceArgs(address_prefixes=[spec.plan.cidr]),
        tags=spec.plan.labels,
        # Subnets are resources of their own: listed here as well, each update of the network would take the others for removed.
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(ignore_changes=["subnets"])),
    )


def _subnets(spec: _Spec, network: azure.network.VirtualNetwork) -> tuple[tuple[NodeSubnet, ...], Output[str] | None]:
    group = _security_group(spec)
    built: list[azure.network.Subnet] = []
    nats = {nat.zone: _nat(spec, nat) for nat in spec.plan.nats}
    for plan in spec.plan.private_subnets:
        built.append(_subnet(spec, network, plan, group, nats.get(plan.zone) or nats.get(None), built))
    endpoints = spec.plan.endpoint_subnet and _subnet(spec, network, spec.plan.endpoint_subnet, group, None, built)
    nodes = tuple(NodeSubnet(id=subnet.id, zone=plan.zone) for subnet, plan in zip(built, spec.plan.private_subnets, strict=True))
    return nodes, endpoints.id if endpoints else None


def _security_group(spec: _Spec) -> azure.network.NetworkSecurityGroup:
    """A group without rules of its own: what Azure's default rules leave is traffic inside the network and from its load balancers."""
    return azure.network.NetworkSecurityGroup(
        f"{spec.name}-security-group",
        resource_group_name=spec.resource_group_name,
        location=spec.location,
        tags=spec.plan.labels,
        opts=spec.opts,
    )


def _subnet(
    spec: _Spec,
    network: azure.network.VirtualNetwork,
    plan: SubnetPlan,
    group: azure.network.NetworkSecurityGroup,
    nat: azure.network.NatGateway | None,
    before: list[azure.network.Subnet],
) -> azure.network.Subnet:
    return azure.network.Subnet(
        f"{spec.name}-{plan.name}",
        resource_group_name=spec.resource_group_name,
        virtual_network_name=network.name,
        address_prefix=plan.cidr,
        network_security_group=azure.network.NetworkSecurityGroupArgs(id=group.id),
        nat_gateway=azure.network.SubResourceArgs(id=nat.id) if nat else None,
        # Nothing gets out but through the NAT gateway.
        default_outbound_access=False,
        private_endpoint_network_policies="Enabled",
        # Azure changes a network's subnets one at a time and refuses the second meanwhile (AnotherOperationInProgress).
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=before[-1:])),
    )


def _nat(spec: _Spec, plan: NatPlan) -> azure.network.NatGateway:
    zones = [plan.zone] if plan.zone else None
    address = azure.network.PublicIPAddress(
        f"{spec.name}-{plan.name}-address",
        resource_group_name=spec.resource_group_name,
        location=spec.location,
        public_ip_allocation_method=azure.network.IPAllocationMethod.STATIC,
        sku=azure.network.PublicIPAddressSkuArgs(name=azure.network.PublicIPAddressSkuName.STANDARD),
        zones=zones or (list(spec.plan.zones) or None),
        tags=spec.plan.labels,
        opts=spec.opts,
    )
    return azure.network.NatGateway(
        f"{spec.name}-{plan.name}",
        resource_group_name=spec.resource_group_name,
        location=spec.location,
        sku=azure.network.NatGatewaySkuArgs(name=azure.network.NatGatewaySkuName.STANDARD),
        public_ip_addresses=[azure.network.SubResourceArgs(id=address.id)],
        zones=zones,
        tags=spec.plan.labels,
        opts=spec.opts,
    )


def _dns_zones(spec: _Spec, network: azure.network.VirtualNetwork) -> dict[str, Output[str]]:
    return {each.service: _dns_zone(spec, network, each.name, each.dns_zone) for each in spec.plan.private_endpoints if each.dns_zone}


def _dns_zone(spec: _Spec, network: azure.network.VirtualNetwork, name: str, zone_name: str) -> Output[str]:
    zone = azure.privatedns.PrivateZone(
        f"{spec.name}-{name}",
        private_zone_name=zone_name,
        resource_group_name=spec.resource_group_name,
        location="global",
        tags=spec.plan.labels,
        opts=spec.opts,
    )
    link = azure.privatedns.VirtualNetworkLink(
        f"{spec.name}-{name}-link",
        private_zone_name=zone.name,
        resource_group_name=spec.resource_group_name,
        location="global",
        registration_enabled=False,
        virtual_network=azure.privatedns.SubResourceArgs(id=network.id),
        tags=spec.plan.labels,
        opts=spec.opts,
    )
    # Whoever registers a name in the zone does so once the network can find it.
    return Output.all(zone.id, link.id).apply(lambda both: both[0])
