"""Networks on AWS."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

VPC = made("aws:ec2/vpc:Vpc", {"tags": {"stage": "prod"}}, "net")
SUBNET = made("aws:ec2/subnet:Subnet", {}, "public", vpcId=VPC)
NAT = made("aws:ec2/natGateway:NatGateway", {}, "nat", subnetId=SUBNET)
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
MODEL = "aws:sagemaker/model:Model"
WORLD: dict[str, Any] = {"cidrBlocks": ["192.0.2.0/24", "0.0.0.0/0"]}


def ports(first: object, last: object, protocol: str = "tcp") -> dict[str, Any]:
    return {"protocol": protocol, "fromPort": first, "toPort": last}


def group(*rules: dict[str, Any]) -> Resource:
    return made(GROUP, {"ingress": list(rules)})


def rule(kind: str, **properties: Any) -> Resource:
    return made(RULE, {"type": kind, **properties})


def ingress(first: object, last: object, **source: object) -> Resource:
    return made(INGRESS, {"ipProtocol": "tcp", "fromPort": first, "toPort": last, **source})


def reached(service: object, kind: str | None = "Gateway") -> Resource:
    given = {"serviceName": service, **({"vpcEndpointType": kind} if kind else {})}
    return made(ENDPOINT, given, vpcId=VPC)


def served(bucket: Resource, **properties: object) -> Resource:
    return made(MODEL, {"primaryContainer": {"modelDataUrl": UNKNOWN}, **properties}, "model", primaryContainer=bucket)


def stored(region: object, name: str = "models") -> Resource:
    return made("aws:s3/bucket:Bucket", {"region": region}, name)


CASES = {
    "DD-NETWORK-001": Case(
        violating=(
            group({**ports(443, 443), **WORLD}, {**ports(0, 1024), **WORLD}, {**ports(0, 0, "-1"), "ipv6CidrBlocks": ["::/0"]}),
            rule("ingress", **ports(3389, 3389), **WORLD),
            ingress(22, 22, cidrIpv4="0.0.0.0/0"),
            made(INGRESS, {"ipProtocol": "-1", "cidrIpv6": "::/0"}, "all"),
            made(INGRESS, {"ipProtocol": "all", "cidrIpv6": "::/0"}, "every"),
            # By their numbers (IANA, "Protocol Numbers"), and RDP over UDP.
            *(
                made(INGRESS, {"ipProtocol": protocol, "fromPort": 3389, "toPort": 3389, "cidrIpv4": "0.0.0.0/0"}, protocol)
                for protocol in ("6", "17", "udp")
            ),
        ),
        at=("ingress.1", "ingress.2", *[""] * 7),
        passing=(
            group({**ports(22, 22), "cidrBlocks": ["192.0.2.0/24"]}, {**ports(443, 443), **WORLD}, {**ports(23, 2374), **WORLD}),
            ingress(22, 22, cidrIpv4="10.0.0.0/8"),
            made(INGRESS, {"ipProtocol": "tcp", "cidrIpv4": "0.0.0.0/0"}, "no-ports"),
            made(INGRESS, {"ipProtocol": "tcp", "fromPort": 22, "cidrIpv4": "0.0.0.0/0"}, "no-last"),
            made(INGRESS, {"ipProtocol": "tcp", "toPort": 22, "cidrIpv4": "0.0.0.0/0"}, "no-first"),
            made(GROUP, {"ingress": [{**ports(0, 255, "icmp"), **WORLD}]}, "ping"),
        ),
        unknown=(group({**ports(22, 22), "cidrBlocks": [UNKNOWN]}),),
        elsewhere=(rule("egress", **ports(22, 22), **WORLD), made(EGRESS, {"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"})),
    ),
    "DD-NETWORK-002": Case(
        violating=(group({**ports(8888, 8888), **WORLD}), ingress(6000, 9000, cidrIpv4="0.0.0.0/0")),
        at=("ingress.0", ""),
        passing=(group({**ports(8888, 8888), "cidrBlocks": ["10.0.0.0/8"]}, {**ports(443, 443), **WORLD}),),
        unknown=(ingress(UNKNOWN, 9000, cidrIpv4="0.0.0.0/0"),),
        # All ports are told by the check of administration.
        elsewhere=(rule("egress", **ports(8888, 8888), **WORLD), group({**ports(0, 0, "-1"), **WORLD})),
    ),
    "DD-NETWORK-003": Case(
        violating=(
            VPC,
            SUBNET,
            NAT,
            reached("com.amazonaws.eu-west-1.s3", "Interface"),
            made("aws:ec2/vpc:Vpc", {}, "regional"),
            made("aws:ec2/natGateway:NatGateway", {"availabilityMode": "regional"}, vpcId=made("aws:ec2/vpc:Vpc", {}, "regional")),
        ),
        at=("", ""),
        passing=(VPC, SUBNET, NAT, reached("com.amazonaws.eu-west-1.s3", None)),
        unknown=(VPC, SUBNET, NAT, reached(UNKNOWN)),
        elsewhere=(VPC, SUBNET),
    ),
    "DD-NETWORK-004": Case(
        violating=(VPC,),
        passing=(VPC, made(FLOW_LOG, {}, vpcId=VPC)),
        unknown=None,
        why_known="it looks for a resource that refers to the network, not for a value",
        elsewhere=(made("aws:ec2/vpc:Vpc", {"tags": {"stage": "dev"}}), SUBNET),
    ),
    "DD-NETWORK-005": Case(
        violating=(
            stored("us-east-1"),
            served(stored("us-east-1"), region="eu-west-1"),
            made(MODEL, {"region": "eu-west-1"}, "chain", containers=stored("us-east-1")),
        ),
        at=("containers", "primaryContainer"),
        passing=(stored("eu-west-1"), served(stored("eu-west-1"), region="eu-west-1")),
        unknown=(
            stored(UNKNOWN),
            served(stored(UNKNOWN), region="eu-west-1"),
            stored("eu-west-1", "known"),
            made(MODEL, {}, "somewhere", primaryContainer=stored("eu-west-1", "known")),
        ),
        undecided=2,
        elsewhere=(made(MODEL, {"region": "eu-west-1"}), stored("us-east-1")),
    ),
}
