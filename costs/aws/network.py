"""Networks: NAT gateways, public addresses, endpoints, transit gateways, VPNs, flow logs."""

from typing import Final

from costs.aws.parts import egress, hourly, how_many, metered, no_free_tier, teller, tiered, together, unlisted
from costs.aws.place import region
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count

_LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_ZONES: Final = Band.of(1, 2, 3)
_HOLDERS: Final = (
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/natGatewayEipAssociation:NatGatewayEipAssociation",
    "aws:ec2/eipAssociation:EipAssociation",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:alb/loadBalancer:LoadBalancer",
    "aws:transfer/server:Server",
)
# Source: AWS PrivateLink pricing, "Interface endpoints".
_ENDPOINT_DATA: Final = (
    (1_048_576, "interface-data-first-1PB"),
    (5_242_880, "interface-data-next-4PB"),
    (None, "interface-data-over-5PB"),
)


def _nat(pricing: Pricing) -> None:
    """Hours for each zone, data through it, and what of that leaves to the internet. Source: Amazon VPC pricing, "NAT gateway"."""
    hours = pricing.hours()
    zones = count("NAT gateway", 1)
    if pricing.text("availabilityMode", "zonal") == "regional":
        zones = how_many(pricing, "availabilityZoneAddresses", "zones", _ZONES)
    pricing.line("NAT gateway", pricing.service("nat-gateway", "gateway", "NAT gateway"), zones, hours)
    driver = "data through the NAT gateway"
    through = _part_of(pricing, pricing.usage_or("processedGibPerMonth"))
    pricing.line(driver, pricing.service("nat-gateway", "data-processed", driver), through, usage_based=True)
    if pricing.text("connectivityType", "public") == "public":
        egress(pricing, pricing.usage_or("egressGibPerMonth"))


def _part_of(pricing: Pricing, through: Factor) -> Factor:
    """What a component tells passes through all of its NAT gateways together: an even part of it through each."""
    around = teller(pricing, "processedGibPerMonth", through)
    if around is None:
        return through
    every = pricing.program.of_type(pricing.resource.type)
    number = sum(any(each is around for each in pricing.program.ancestors(other)) for other in every)
    return Factor(f"{through.words} ÷ {number} NAT gateways", through.amount / number, through.confidence) if number > 1 else through


def _address(pricing: Pricing) -> None:
    """Public IPv4 by the hour, used or not; an account's own addresses are free. Source: Amazon VPC pricing, "Public IPv4"."""
    if pricing.resource.get("publicIpv4Pool") not in (None, "amazon") or pricing.resource.get("customerOwnedIpv4Pool"):
        return
    known = pricing.resource
    used = known.get("instance") or known.get("networkInterface") or _attached(pricing)
    driver = f"public IPv4 address ({'in use' if used else 'idle'})"
    public_address(pricing, driver, "public-ipv4-in-use" if used else "public-ipv4-idle")


def public_address(pricing: Pricing, driver: str, sku: str = "public-ipv4-in-use", many: int = 1) -> None:
    """A line for public IPv4 addresses that stand all the time. Source: Amazon VPC pricing, "Public IPv4"."""
    pricing.line(driver, pricing.service("vpc", sku, driver), count("addresses", many), pricing.hours())


def _attached(pricing: Pricing) -> bool:
    """Whether something in the program holds the address."""
    return any(pricing.program.referring(pricing.resource, kind) for kind in _HOLDERS)


def _endpoint(pricing: Pricing) -> None:
    """Interface endpoints by zone; gateway endpoints are free. Source: AWS PrivateLink pricing."""
    kind = pricing.text("vpcEndpointType", "Gateway")
    if pricing.unreadable("vpcEndpointType"):
        pricing.unpriced("VPC endpoint", "its vpcEndpointType is known only after `up`")
        return
    if kind == "Gateway":
        return
    sku = {"GatewayLoadBalancer": "gateway-load-balancer"}.get(kind, "interface")
    zones = _endpoint_zones(pricing)
    pricing.line(f"{kind} endpoint", pricing.service("vpc-endpoint", sku, f"{kind} endpoint"), zones, pricing.hours())
    driver = "data through the endpoint"
    edges = _ENDPOINT_DATA if sku == "interface" else ((None, "gateway-load-balancer-data"),)
    through = pricing.usage_or("processedGibPerMonth")
    pricing.line(driver, tiered(pricing, "vpc-endpoint", edges, driver), through, usage_based=True)


def _endpoint_zones(pricing: Pricing) -> Factor:
    joined = pricing.program.referring(
        pricing.resource, "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation", "vpcEndpointId"
    )
    named = len(pricing.resource.items("subnetIds")) or len(pricing.resource.items("subnetConfigurations"))
    if joined and not pricing.unreadable("subnetIds"):
        return count("zones (subnetIds and associations)", named + len(joined))
    path = "subnetIds" if pricing.resource.get("subnetIds") else "subnetConfigurations"
    return how_many(pricing, path, "zones", _ZONES)


def _transit_attachment(pricing: Pricing) -> None:
    """Attachments by the hour, data by the GB sent in. Source: AWS Transit Gateway pricing."""
    pricing.line("attachment", pricing.service("transit-gateway", "attachment", "attachment"), pricing.hours())
    driver = "data through the attachment"
    through = pricing.usage_or("processedGibPerMonth")
    pricing.line(driver, pricing.service("transit-gateway", "data-processed", driver), through, usage_based=True)


def _vpn(pricing: Pricing) -> None:
    pricing.line("VPN connection", pricing.service("vpn", "site-to-site", "VPN connection"), pricing.hours())
    if pricing.resource.get("transitGatewayId") is not None:
        # On a transit gateway it is an attachment as well. Source: AWS Transit Gateway pricing.
        _transit_attachment(pricing)
    egress(pricing, pricing.usage_or("egressGibPerMonth"))


def _client_vpn(pricing: Pricing) -> None:
    driver = "client connections"
    pricing.line(driver, pricing.service("client-vpn", "connection", driver), pricing.usage_or("concurrency"), pricing.hours())
    pricing.note(driver, "concurrency", "how many clients are connected on average counts as its concurrency")


def _peering(pricing: Pricing) -> None:
    """A peering is free; between regions what passes is not. Source: Amazon EC2 on-demand pricing, "Data transfer"."""
    there = pricing.resource.get("peerRegion")
    if there and there != pricing.region:
        driver = "data sent to the peer's region"
        sent = pricing.usage_or("crossRegionGibPerMonth")
        pricing.line(driver, pricing.service("data-transfer", "inter-region-out", driver), sent, usage_based=True)
        return
    pricing.note("data between zones", "none", "within a zone a peering is free, between zones each GB is paid by both sides")


def _flow_log(pricing: Pricing) -> None:
    """What a flow log delivers is a vended log wherever it goes. Source: Amazon CloudWatch pricing, "Vended logs"."""
    target = pricing.text("logDestinationType", "cloud-watch-logs")
    group = next((each for path in ("logDestination", "logGroupName") if (each := pricing.program.referred(pricing.resource, path))), None)
    if group is not None and group.type == _LOG_GROUP:
        # Vended logs cost as much as others up to 10 TB a month, and less above: the group's price is never too low.
        pricing.note("flow logs", "nothing of their own", f"what comes in is paid with the log group {group.name}")
        return
    sku = {"s3": "vended-logs-to-s3", "kinesis-data-firehose": "vended-logs-to-firehose"}.get(target, "vended-logs-ingested")
    pricing.line("flow logs", pricing.service("cloudwatch", sku, "flow logs"), pricing.usage_or("ingestedGibPerMonth"), usage_based=True)


def _accelerator(pricing: Pricing) -> None:
    no_free_tier(pricing, "allowances")
    pricing.line("accelerator", pricing.service("global-accelerator", "accelerator", "accelerator"), pricing.hours())
    driver = "premium data transfer"
    sent = pricing.usage_or("egressGibPerMonth")
    pricing.line(driver, pricing.service("global-accelerator", "data-transfer-premium", driver), sent, usage_based=True)


def _peering_attachment(pricing: Pricing) -> None:
    """Each side pays for its attachment, and nobody for data that comes through it. Source: AWS Transit Gateway pricing."""
    pricing.line("attachment", pricing.service("transit-gateway", "attachment", "attachment"), pricing.hours())


def _inter_region_attachment(pricing: Pricing) -> None:
    _peering_attachment(pricing)
    there = pricing.resource.get("peerRegion")
    if there and there != region(pricing.resource, pricing.program):
        driver = "data sent to the peer's region"
        sent = pricing.usage_or("crossRegionGibPerMonth")
        pricing.line(driver, pricing.service("data-transfer", "inter-region-out", driver), sent, usage_based=True)


PRICERS: dict[str, Pricer] = {
    "aws:ec2/natGateway:NatGateway": _nat,
    "aws:ec2/eip:Eip": _address,
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": _peering,
    "aws:ec2/flowLog:FlowLog": _flow_log,
    "aws:ec2/vpnConnection:VpnConnection": _vpn,
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": _transit_attachment,
    "aws:ec2transitgateway/connect:Connect": _transit_attachment,
    "aws:ec2transitgateway/peeringAttachment:PeeringAttachment": _inter_region_attachment,
    "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter": _peering_attachment,
    "aws:ec2clientvpn/networkAssociation:NetworkAssociation": hourly("client-vpn", "association", "client VPN association"),
    "aws:ec2clientvpn/endpoint:Endpoint": _client_vpn,
    "aws:globalaccelerator/accelerator:Accelerator": _accelerator,
    "aws:ec2/trafficMirrorSession:TrafficMirrorSession": hourly("vpc", "traffic-mirroring-session", "traffic mirroring"),
    "aws:ec2/networkInsightsAnalysis:NetworkInsightsAnalysis": unlisted("reachability analysis"),
    "aws:ec2/vpcIpam:VpcIpam": unlisted("active addresses (advanced tier)"),
    "aws:vpc/routeServerEndpoint:RouteServerEndpoint": hourly("vpc", "route-server-endpoint", "route server endpoint"),
    "aws:networkfirewall/firewall:Firewall": together(
        hourly("network-firewall", "endpoint", "firewall endpoint (each zone)"),
        metered("network-firewall", "data-processed", "data through the firewall", "processedGibPerMonth"),
    ),
    "aws:directconnect/connection:Connection": unlisted("Direct Connect port hours"),
    "aws:directconnect/hostedConnection:HostedConnection": unlisted("Direct Connect port hours"),
}
FREE: set[str] = {
    # Billed through the NAT gateways, addresses, endpoints and attachments above, or through the machines behind them.
    "aws:directconnect/gateway:Gateway",
    "aws:directconnect/gatewayAssociation:GatewayAssociation",
    "aws:ec2/carrierGateway:CarrierGateway",
    "aws:ec2/customerGateway:CustomerGateway",
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
    "aws:ec2/defaultRouteTable:DefaultRouteTable",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:ec2/defaultSubnet:DefaultSubnet",
    "aws:ec2/defaultVpc:DefaultVpc",
    "aws:ec2/defaultVpcDhcpOptions:DefaultVpcDhcpOptions",
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
    "aws:ec2/eipAssociation:EipAssociation",
    "aws:ec2/eipDomainName:EipDomainName",
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
    "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
    "aws:ec2/managedPrefixList:ManagedPrefixList",
    "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry",
    "aws:ec2/natGatewayEipAssociation:NatGatewayEipAssociation",
    "aws:ec2/networkAcl:NetworkAcl",
    "aws:ec2/networkAclAssociation:NetworkAclAssociation",
    "aws:ec2/networkAclRule:NetworkAclRule",
    "aws:ec2/networkInsightsPath:NetworkInsightsPath",
    "aws:ec2/networkInterface:NetworkInterface",
    "aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment",
    "aws:ec2/networkInterfacePermission:NetworkInterfacePermission",
    "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment",
    "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions",
    "aws:ec2/route:Route",
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/securityGroupAssociation:SecurityGroupAssociation",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/subnetCidrReservation:SubnetCidrReservation",
    "aws:ec2/trafficMirrorFilter:TrafficMirrorFilter",
    "aws:ec2/trafficMirrorFilterRule:TrafficMirrorFilterRule",
    "aws:ec2/trafficMirrorTarget:TrafficMirrorTarget",
    "aws:ec2/vpc:Vpc",
    "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion",
    "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions",
    "aws:ec2/vpcDhcpOptions:VpcDhcpOptions",
    "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation",
    "aws:ec2/vpcEndpointConnectionAccepter:VpcEndpointConnectionAccepter",
    "aws:ec2/vpcEndpointConnectionNotification:VpcEndpointConnectionNotification",
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",
    "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
    "aws:ec2/vpcEndpointService:VpcEndpointService",
    "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple",
    "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation",
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
    "aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation",
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
    "aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive",
    "aws:ec2/vpnConnectionRoute:VpnConnectionRoute",
    "aws:ec2/vpnGateway:VpnGateway",
    "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment",
    "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation",
    "aws:ec2clientvpn/authorizationRule:AuthorizationRule",
    "aws:ec2clientvpn/route:Route",
    "aws:ec2transitgateway/defaultRouteTableAssociation:DefaultRouteTableAssociation",
    "aws:ec2transitgateway/defaultRouteTablePropagation:DefaultRouteTablePropagation",
    "aws:ec2transitgateway/prefixListReference:PrefixListReference",
    "aws:ec2transitgateway/route:Route",
    "aws:ec2transitgateway/routeTable:RouteTable",
    "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation",
    "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation",
    "aws:ec2transitgateway/transitGateway:TransitGateway",
    "aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter",
    "aws:globalaccelerator/endpointGroup:EndpointGroup",
    "aws:globalaccelerator/listener:Listener",
    "aws:networkfirewall/firewallPolicy:FirewallPolicy",
    "aws:networkfirewall/loggingConfiguration:LoggingConfiguration",
    "aws:networkfirewall/ruleGroup:RuleGroup",
    "aws:vpc/endpointPrivateDns:EndpointPrivateDns",
    "aws:vpc/endpointServicePrivateDnsVerification:EndpointServicePrivateDnsVerification",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation",
}
