"""The VPC of an environment. Expected values: the Amazon VPC, PrivateLink and EKS user guides."""

import json

import pytest

from components.aws.network import Network
from plan.model import ExistingNetworkPlan, FlowLogsPlan, NatPlan, PrivateEndpointPlan
from tests.components.aws_place import place
from tests.components.plans import LABELS, network_plan

SUBNET, ROUTE, ENDPOINT = "aws:ec2/subnet:Subnet", "aws:ec2/route:Route", "aws:ec2/vpcEndpoint:VpcEndpoint"
NAT, TABLE, GROUP = "aws:ec2/natGateway:NatGateway", "aws:ec2/routeTable:RouteTable", "aws:ec2/securityGroup:SecurityGroup"
S3 = PrivateEndpointPlan(name="s3", service="com.amazonaws.eu-west-1.s3", kind="gateway")
ECR = PrivateEndpointPlan(name="ecr-api", service="com.amazonaws.eu-west-1.ecr.api", kind="interface")
STS = PrivateEndpointPlan(name="sts", service="com.amazonaws.eu-west-1.sts", kind="interface")
# Every type with tags that a network may consist of, from the provider's reference.
TAGGABLE = {
    "aws:ec2/vpc:Vpc",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    SUBNET,
    "aws:ec2/internetGateway:InternetGateway",
    TABLE,
    "aws:ec2/eip:Eip",
    NAT,
    ENDPOINT,
    GROUP,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:iam/role:Role",
    "aws:ec2/flowLog:FlowLog",
}


@pytest.fixture
def network(registered):
    def build(*, preview=False, **choices):
        return registered(lambda: Network("network", network_plan("aws", **choices), place=place()), preview=preview)

    return build


@pytest.fixture
def full(network):
    return network(private_endpoints=(S3, ECR, STS), flow_logs=FlowLogsPlan(retention_days=90, sample_percent=100))


def test_every_taggable_resource_carries_the_labels(full):
    taggable = [r for r in full.resources if r.type in TAGGABLE]
    assert {r.type for r in taggable} == TAGGABLE
    assert [r.name for r in taggable if not LABELS.items() <= r.inputs["tags"].items()] == []


def test_every_resource_stands_under_the_network(full):
    (component,) = full.of_type("drydock:aws:Network")
    assert [r.name for r in full.resources if r is not component and r.parent != component.urn] == []


def test_everything_regional_names_the_region(full):
    regional = [r for r in full.resources if r.type.startswith("aws:") and not r.type.startswith("aws:iam/")]
    assert {r.inputs.get("region") for r in regional} == {"eu-west-1"}


def test_names_inside_the_vpc_resolve(full):
    vpc = full.one("aws:ec2/vpc:Vpc").inputs
    assert (vpc["cidrBlock"], vpc["enableDnsSupport"], vpc["enableDnsHostnames"]) == ("10.40.0.0/16", True, True)


def test_the_default_security_group_lets_nothing_through(full):
    group = full.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs
    assert (group["ingress"], group["egress"], group["vpcId"]) == ([], [], "network-1a2b3c4")


def test_subnets_stand_in_their_zones_and_give_no_public_address(full):
    found = {r.name: (r.inputs["availabilityZone"], r.inputs["cidrBlock"]) for r in full.of_type(SUBNET)}
    assert found == {
        "network-private-0": ("eu-west-1a", "10.40.0.0/19"),
        "network-private-1": ("eu-west-1b", "10.40.32.0/19"),
        "network-public-0": ("eu-west-1a", "10.40.240.0/24"),
        "network-public-1": ("eu-west-1b", "10.40.241.0/24"),
    }
    assert {r.inputs["mapPublicIpOnLaunch"] for r in full.of_type(SUBNET)} == {False}


# Amazon EKS User Guide, "VPC and subnet requirements": subnets for internal and for internet-facing load balancers.
def test_load_balancers_find_their_subnets(full):
    roles = {r.name: {tag: v for tag, v in r.inputs["tags"].items() if "kubernetes.io" in tag} for r in full.of_type(SUBNET)}
    assert roles["network-private-1"] == {"kubernetes.io/role/internal-elb": "1"}
    assert roles["network-public-1"] == {"kubernetes.io/role/elb": "1"}


def test_one_gateway_serves_every_private_subnet_from_a_public_one(network):
    deployment = network()
    gateway = deployment.one(NAT)
    assert gateway.inputs["subnetId"] == "network-public-0-1a2b3c4"
    assert gateway.inputs["allocationId"] == "network-nat-address-1a2b3c4"
    out = {r.name: r.inputs["natGatewayId"] for r in deployment.of_type(ROUTE) if "natGatewayId" in r.inputs}
    assert out == dict.fromkeys(("network-private-0-route", "network-private-1-route"), "network-nat-1a2b3c4")


def test_a_gateway_per_zone_serves_its_own_zone(network):
    nats = tuple(NatPlan(name=f"nat-{i}", zone=f"eu-west-1{zone}") for i, zone in enumerate("ab"))
    deployment = network(nats=nats)
    out = {r.name: r.inputs["natGatewayId"] for r in deployment.of_type(ROUTE) if "natGatewayId" in r.inputs}
    assert out == {"network-private-0-route": "network-nat-0-1a2b3c4", "network-private-1-route": "network-nat-1-1a2b3c4"}
    gateways = {r.name: r.inputs["subnetId"] for r in deployment.of_type(NAT)}
    assert gateways == {"network-nat-0": "network-public-0-1a2b3c4", "network-nat-1": "network-public-1-1a2b3c4"}


def test_without_nat_nothing_private_has_a_way_out(network):
    deployment = network(nats=())
    private = {
        r.inputs["routeTableId"] for r in deployment.of_type("aws:ec2/routeTableAssociation:RouteTableAssociation") if "private" in r.name
    }
    assert len(private) == 2
    assert [r.name for r in deployment.of_type(ROUTE) if r.inputs["routeTableId"] in private] == []


def test_without_public_subnets_there_is_no_internet_gateway(network):
    deployment = network(nats=(), public_subnets=())
    assert deployment.of_type("aws:ec2/internetGateway:InternetGateway") + deployment.of_type(ROUTE) == []


# Amazon EC2 API Reference, CreateNatGateway and AllocateAddress: both need the VPC's internet gateway attached.
def test_gateways_and_addresses_wait_for_the_way_to_the_internet(network):
    deployment = network()
    route = deployment.one(ROUTE, "network-public-route")
    assert route.inputs["gatewayId"] == "network-internet-1a2b3c4"
    assert route.urn in deployment.one(NAT).depends_on
    assert route.urn in deployment.one("aws:ec2/eip:Eip").depends_on


def test_a_gateway_endpoint_stands_in_every_private_route_table(full):
    found = full.one(ENDPOINT, "network-s3").inputs
    assert (found["vpcEndpointType"], found["serviceName"]) == ("Gateway", "com.amazonaws.eu-west-1.s3")
    assert sorted(found["routeTableIds"]) == ["network-private-0-routes-1a2b3c4", "network-private-1-routes-1a2b3c4"]


def test_an_interface_endpoint_answers_under_the_services_own_name_in_private_subnets_only(full):
    found = full.one(ENDPOINT, "network-ecr-api").inputs
    assert (found["vpcEndpointType"], found["privateDnsEnabled"]) == ("Interface", True)
    assert sorted(found["subnetIds"]) == ["network-private-0-1a2b3c4", "network-private-1-1a2b3c4"]
    assert found["securityGroupIds"] == ["network-endpoints-security-group-1a2b3c4"]


def test_endpoints_take_https_from_inside_the_network_and_nothing_else(full):
    (rule,) = full.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert {key: rule.inputs[key] for key in ("ipProtocol", "fromPort", "toPort", "cidrIpv4")} == {
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "cidrIpv4": "10.40.0.0/16",
    }
    assert full.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") == []
    assert not {"ingress", "egress"} & set(full.one(GROUP).inputs)


def test_without_interfaces_there_is_no_security_group(network):
    assert network(private_endpoints=(S3,)).of_type(GROUP) == []


def test_every_flow_is_recorded_and_kept_as_long_as_planned(full):
    log = full.one("aws:ec2/flowLog:FlowLog")
    assert (log.inputs["trafficType"], log.inputs["vpcId"]) == ("ALL", "network-1a2b3c4")
    assert log.inputs["logDestination"] == "arn:aws:logs:eu-west-1:123456789012:log-group:network-flow-logs-1a2b3c4"
    assert full.one("aws:cloudwatch/logGroup:LogGroup").inputs["retentionInDays"] == 90
    assert full.one("aws:iam/rolePolicy:RolePolicy").urn in log.depends_on


def test_flow_logs_write_into_their_own_group_for_their_own_account(full):
    role = json.loads(full.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"][0]
    assert role["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert role["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    statements = json.loads(full.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])["Statement"]
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:network-flow-logs-1a2b3c4"
    (writing,) = [each for each in statements if "logs:PutLogEvents" in each["Action"]]
    assert writing["Resource"] == [group, f"{group}:*"]
    assert not any("logs:CreateLogGroup" in each["Action"] for each in statements)


def test_outputs_give_what_stands_where(full):
    outputs = full.outputs_of(full.one("drydock:aws:Network"))
    assert outputs == {
        "id": "network-1a2b3c4",
        "privateSubnets": ["network-private-0-1a2b3c4", "network-private-1-1a2b3c4"],
        "zones": ["eu-west-1a", "eu-west-1b"],
        "usage": {},
    }


def test_an_existing_network_is_looked_up_and_nothing_is_made(network):
    existing = ExistingNetworkPlan(identifier="vpc-theirs", private_subnets=("subnet-a", "subnet-b"))
    deployment = network(existing=existing)
    assert [r.type for r in deployment.resources] == ["drydock:aws:Network"]
    assert [call.args for call in deployment.asked if "getVpc" in call.token] == [{"id": "vpc-theirs", "region": "eu-west-1"}]
    outputs = deployment.outputs_of(deployment.one("drydock:aws:Network"))
    assert (outputs["id"], outputs["privateSubnets"]) == ("vpc-theirs", ["subnet-a", "subnet-b"])


def test_a_preview_registers_the_same_resources(network):
    def names(deployment):
        return {(r.type, r.name) for r in deployment.resources}

    assert names(network(private_endpoints=(S3, ECR), preview=True)) == names(network(private_endpoints=(S3, ECR)))
