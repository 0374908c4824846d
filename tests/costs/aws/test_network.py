"""NAT gateways, public addresses, endpoints, transit gateways, load balancers, name service."""

from decimal import Decimal
from typing import Any

import pytest

from costs.resource import UNKNOWN
from tests.costs.aws.listing import REGION, TRANSFER, listed
from tests.costs.building import component, estimated, prices, resource, told, usd

# Source: Amazon VPC, PrivateLink, Transit Gateway, VPN, Elastic Load Balancing, Route 53 and WAF pricing, us-east-1.
LIST = prices(
    *listed("data-transfer", TRANSFER),
    *listed("nat-gateway", {"gateway": ("hour", "0.045"), "data-processed": ("GB", "0.045")}),
    *listed("vpc", {"public-ipv4-in-use": ("hour", "0.005"), "public-ipv4-idle": ("hour", "0.005")}),
    *listed("vpc-endpoint", {"interface": ("endpoint-AZ-hour", "0.01"), "interface-data-first-1PB": ("GB", "0.01")}),
    *listed("transit-gateway", {"attachment": ("hour", "0.05")}),
    *listed("vpn", {"site-to-site": ("hour", "0.05")}),
    *listed(
        "elb",
        {
            "alb-hour": ("hour", "0.0225"),
            "alb-lcu": ("LCU-hour", "0.008"),
            "nlb-hour": ("hour", "0.0225"),
            "nlb-lcu": ("LCU-hour", "0.006"),
            "gwlb": ("hour", "0.0125"),
            "classic-elb-hour": ("hour", "0.025"),
        },
    ),
    *listed("route53", {"hosted-zone": ("zone-month", "0.5"), "standard-queries": ("1M queries", "0.4")}),
    *listed("waf", {"web-acl": ("ACL-month", "5"), "rule": ("rule-month", "1")}),
)


def test_a_nat_gateway_by_the_hour_the_gib_and_what_leaves():
    nat = resource("aws:ec2/natGateway:NatGateway", properties={"allocationId": UNKNOWN})
    found = estimated(LIST, nat, config=REGION, usage=told(processedGibPerMonth=1000, egressGibPerMonth=200))
    assert usd(found, "NAT gateway") == (Decimal("32.8500"),) * 3  # 730 h × 0.045
    assert usd(found, "data through the NAT gateway") == (Decimal("45.0000"),) * 3  # 1000 GiB × 0.045
    assert usd(found, "data sent to the internet") == (Decimal("18.0000"),) * 3  # 200 GiB × 0.09


def test_a_private_nat_gateway_sends_nothing_to_the_internet():
    nat = resource("aws:ec2/natGateway:NatGateway", properties={"connectivityType": "private"})
    found = estimated(LIST, nat, config=REGION, usage=told(processedGibPerMonth=1, egressGibPerMonth=200))
    assert not [each for each in found.lines if each.driver.startswith("data sent")]


def test_a_regional_nat_gateway_is_paid_in_each_zone_it_grows_into():
    nat = resource("aws:ec2/natGateway:NatGateway", properties={"availabilityMode": "regional"})
    found = estimated(LIST, nat, config=REGION, usage=told(processedGibPerMonth=1, egressGibPerMonth=1))
    # 1 … 2 … 3 zones × 730 h × 0.045
    assert usd(found, "NAT gateway") == (Decimal("32.8500"), Decimal("65.7000"), Decimal("98.5500"))


def test_internet_egress_reaches_the_last_tier():
    nat = resource("aws:ec2/natGateway:NatGateway")
    found = estimated(LIST, nat, config=REGION, usage=told(processedGibPerMonth=1, egressGibPerMonth=153_601))
    # 10,240 × 0.09 + 40,960 × 0.085 + 102,400 × 0.07 + 1 × 0.05 = 921.6 + 3481.6 + 7168 + 0.05
    assert usd(found, "data sent to the internet") == (Decimal("11571.2500"),) * 3


def test_a_public_address_is_paid_whether_it_is_used_or_not():
    address = resource("aws:ec2/eip:Eip")
    idle = estimated(LIST, address, config=REGION)
    assert usd(idle, "public IPv4 address (idle)") == (Decimal("3.6500"),) * 3  # 730 h × 0.005
    nat = resource("aws:ec2/natGateway:NatGateway", "nat", refers={"allocationId": address.urn})
    used = estimated(LIST, address, nat, config=REGION)
    assert usd(used, "public IPv4 address (in use)") == (Decimal("3.6500"),) * 3


def test_an_accounts_own_address_is_free():
    found = estimated(LIST, resource("aws:ec2/eip:Eip", properties={"publicIpv4Pool": "ipv4pool-ec2-012"}), config=REGION)
    assert (found.lines, found.unpriced, found.free) == ((), (), 1)
    amazon = estimated(LIST, resource("aws:ec2/eip:Eip", properties={"publicIpv4Pool": "amazon"}), config=REGION)
    assert amazon.lines


def endpoint(**properties: Any) -> Any:
    return resource("aws:ec2/vpcEndpoint:VpcEndpoint", properties=properties)


def test_an_interface_endpoint_is_paid_in_each_of_its_subnets():
    made = endpoint(vpcEndpointType="Interface", subnetIds=["a", UNKNOWN, "c"])
    found = estimated(LIST, made, config=REGION, usage=told(processedGibPerMonth=100))
    assert usd(found, "Interface endpoint") == (Decimal("21.9000"),) * 3  # 3 × 730 h × 0.01
    assert usd(found, "data through the endpoint") == (Decimal("1.0000"),) * 3  # 100 × 0.01


def test_a_gateway_endpoint_is_free():
    for made in (endpoint(), endpoint(vpcEndpointType="Gateway")):
        assert estimated(LIST, made, config=REGION).free == 1


def test_an_endpoint_whose_subnets_are_unknown_stands_in_one_to_three_zones():
    found = estimated(LIST, endpoint(vpcEndpointType="Interface", subnetIds=UNKNOWN), config=REGION)
    assert usd(found, "Interface endpoint") == (Decimal("7.3000"), Decimal("14.6000"), Decimal("21.9000"))


def test_subnets_associated_later_count_as_well():
    made = endpoint(vpcEndpointType="Interface", subnetIds=["a"])
    kind = "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation"
    joined = resource(kind, "joined", refers={"vpcEndpointId": made.urn})
    found = estimated(LIST, made, joined, config=REGION)
    assert usd(found, "Interface endpoint") == (Decimal("14.6000"),) * 3  # 2 × 730 h × 0.01


def test_an_unknown_kind_of_endpoint_is_unpriced():
    assert estimated(LIST, endpoint(vpcEndpointType=UNKNOWN), config=REGION).unpriced


def test_a_transit_gateway_is_paid_by_its_attachments():
    hub = resource("aws:ec2transitgateway/transitGateway:TransitGateway", "hub")
    spoke = resource("aws:ec2transitgateway/vpcAttachment:VpcAttachment", "spoke")
    found = estimated(LIST, hub, spoke, config=REGION)
    assert usd(found, "attachment") == (Decimal("36.5000"),) * 3  # 730 h × 0.05
    assert [each.driver for each in found.unpriced] == ["data through the attachment"]
    assert found.free == 1


def test_a_vpn_connection_by_the_hour():
    found = estimated(LIST, resource("aws:ec2/vpnConnection:VpnConnection"), config=REGION)
    assert usd(found, "VPN connection") == (Decimal("36.5000"),) * 3  # 730 h × 0.05


def test_a_peering_is_paid_only_between_regions():
    kind = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
    far = estimated(LIST, resource(kind, properties={"peerRegion": "eu-west-1"}), config=REGION, usage=told(crossRegionGibPerMonth=50))
    assert usd(far, "data sent to the peer's region") == (Decimal("1.0000"),) * 3  # 50 × 0.02
    assert estimated(LIST, resource(kind, properties={"peerRegion": "us-east-1"}), config=REGION).free == 1


def balancer(kind: str = "aws:lb/loadBalancer:LoadBalancer", **properties: Any) -> Any:
    return resource(kind, properties=properties)


@pytest.mark.parametrize("namespace", ["lb", "alb", "applicationloadbalancing", "elasticloadbalancingv2"])
def test_an_application_load_balancer_by_every_name(namespace: str):
    made = balancer(f"aws:{namespace}/loadBalancer:LoadBalancer", internal=True)
    found = estimated(LIST, made, config=REGION, usage=told(processedGibPerMonth=730, requestsPerSecond=1))
    assert usd(found, "application load balancer") == (Decimal("16.4250"),) * 3  # 730 h × 0.0225
    # 730 GiB ÷ 730 h = 1 unit of 1 GB an hour; × 730 h × 0.008
    assert usd(found, "application capacity units") == (Decimal("5.8400"),) * 3


def test_many_connections_take_more_units_than_their_bytes():
    found = estimated(LIST, balancer(internal=True), config=REGION, usage=told(processedGibPerMonth=730, requestsPerSecond=100))
    # bytes 1 unit; 100 connections/s ÷ 25 = 4 units, if none is used again: × 730 h × 0.008
    assert usd(found, "application capacity units") == (Decimal("5.8400"), Decimal("23.3600"), Decimal("23.3600"))


def test_a_network_load_balancer_has_its_own_units():
    made = balancer(loadBalancerType="network", internal=True)
    found = estimated(LIST, made, config=REGION, usage=told(processedGibPerMonth=730, requestsPerSecond=1600))
    # 1600 connections/s ÷ 800 = 2 units × 730 h × 0.006
    assert usd(found, "network capacity units")[2] == Decimal("8.7600")


def test_a_public_load_balancer_has_an_address_in_each_subnet():
    made = balancer(subnets=["a", "b", "c"])
    found = estimated(LIST, made, config=REGION, usage=told(processedGibPerMonth=1, requestsPerSecond=1, egressGibPerMonth=10))
    assert usd(found, "public IPv4 addresses") == (Decimal("10.9500"),) * 3  # 3 × 730 h × 0.005
    assert usd(found, "data sent to the internet") == (Decimal("0.9000"),) * 3  # 10 × 0.09


def test_elastic_addresses_of_a_load_balancer_are_not_paid_twice():
    mapped = [{"subnetId": "a", "allocationId": "eipalloc-1"}, {"subnetId": "b"}]
    found = estimated(LIST, balancer(loadBalancerType="network", subnetMappings=mapped), config=REGION)
    assert usd(found, "public IPv4 addresses") == (Decimal("3.6500"),) * 3  # only that of subnet b


def test_capacity_that_is_reserved_is_paid_at_least():
    made = balancer(internal=True, minimumLoadBalancerCapacity={"capacityUnits": 100})
    found = estimated(LIST, made, config=REGION, usage=told(processedGibPerMonth=1, requestsPerSecond=0))
    assert usd(found, "application capacity units") == (Decimal("584.0000"),) * 3  # 100 × 730 h × 0.008


@pytest.mark.parametrize("kind", [UNKNOWN, "quantum"])
def test_a_load_balancer_of_no_known_type_is_unpriced(kind: Any):
    found = estimated(LIST, balancer(loadBalancerType=kind), config=REGION)
    assert not found.lines
    assert found.unpriced


def test_a_public_zone_and_its_queries_wherever_the_stack_is():
    zone = resource("aws:route53/zone:Zone", properties={"name": "example.org"})
    found = estimated(LIST, zone, config={"aws:region": "eu-west-1"}, usage=told(requestsPerMonth=10_000_000))
    assert usd(found, "hosted zone") == (Decimal("0.5000"),) * 3
    assert usd(found, "queries") == (Decimal("4.0000"),) * 3  # 10 × 0.40


def test_a_private_zone_has_free_queries():
    zone = resource("aws:route53/zone:Zone", properties={"vpcs": [{"vpcId": "vpc-1"}]})
    assert [each.driver for each in estimated(LIST, zone, config=REGION).lines] == ["hosted zone"]


def test_a_web_acl_with_its_rules():
    acl = resource("aws:wafv2/webAcl:WebAcl", properties={"rules": [{"name": "a"}, {"name": "b"}]})
    found = estimated(LIST, acl, config=REGION)
    assert usd(found, "web ACL") == (Decimal("5.0000"),) * 3
    assert usd(found, "rules") == (Decimal("2.0000"),) * 3
    assert [each.driver for each in found.unpriced] == ["web ACL requests"]


def test_a_vpn_connection_on_a_transit_gateway_is_an_attachment_as_well():
    def connection(**properties: Any):
        return estimated(LIST, resource("aws:ec2/vpnConnection:VpnConnection", properties=properties), config=REGION)

    assert usd(connection(transitGatewayId="tgw-1"), "attachment") == (Decimal("36.5000"),) * 3  # 730 h × 0.05
    assert not [each for each in connection(vpnGatewayId="vgw-1").lines if each.driver == "attachment"]


def test_each_side_of_a_peering_pays_for_its_attachment_and_nobody_for_processing():
    for kind in ("peeringAttachment:PeeringAttachment", "peeringAttachmentAccepter:PeeringAttachmentAccepter"):
        found = estimated(LIST, resource(f"aws:ec2transitgateway/{kind}"), config=REGION)
        assert usd(found, "attachment") == (Decimal("36.5000"),) * 3  # 730 h × 0.05
        assert not found.unpriced


def test_a_public_classic_load_balancer_has_an_address_in_each_zone():
    it = resource("aws:elb/loadBalancer:LoadBalancer", properties={"subnets": ["a", "b", "c"]})
    assert usd(estimated(LIST, it, config=REGION), "public IPv4 addresses") == (Decimal("10.9500"),) * 3  # 3 × 730 h × 0.005
    inside = resource("aws:elb/loadBalancer:LoadBalancer", properties={"internal": True})
    assert not [each for each in estimated(LIST, inside, config=REGION).lines if each.driver.startswith("public")]


def test_what_a_component_tells_once_is_paid_once():
    net = component("net", processedGibPerMonth=900, egressGibPerMonth=100)
    gateways = [resource("aws:ec2/natGateway:NatGateway", f"n{i}", parent=net.urn) for i in range(3)]
    balancer = resource("aws:lb/loadBalancer:LoadBalancer", "alb", {"subnets": ["a"]}, parent=net.urn)
    lines = estimated(LIST, net, *gateways, balancer, config=REGION).lines
    through = [each.usd.expected for each in lines if each.driver == "data through the NAT gateway"]
    assert through == [Decimal("13.5")] * 3  # 900 ÷ 3 × 0.045
    assert [each.usd.expected for each in lines if each.driver == "data sent to the internet"] == [Decimal("9")]  # 100 × 0.09


def test_what_a_flow_log_writes_into_a_log_group_of_the_program_is_paid_with_the_group() -> None:
    list_prices = prices(*listed("cloudwatch", {"vended-logs-ingested": ("GB", "0.50"), "vended-logs-to-s3": ("GB", "0.25")}))
    group = resource("aws:cloudwatch/logGroup:LogGroup", "flows", {"retentionInDays": 1})
    kind = "aws:ec2/flowLog:FlowLog"
    inside = resource(kind, "inside", {"logDestination": UNKNOWN}, refers={"logDestination": group.urn})
    found = estimated(list_prices, group, inside, config=REGION, usage=told(ingestedGibPerMonth=100))
    assert not [each for each in (*found.lines, *found.unpriced) if each.urn == inside.urn]
    elsewhere = [resource(kind, "elsewhere", {"logGroupName": "theirs"}), resource(kind, "bucket", {"logDestinationType": "s3"})]
    apart = estimated(list_prices, *elsewhere, config=REGION, usage=told(ingestedGibPerMonth=100))
    # 100 GB × 0.50 (CloudWatch), × 0.25 (S3)
    assert sorted(each.usd.expected for each in apart.lines) == [Decimal("25.00"), Decimal("50.00")]
