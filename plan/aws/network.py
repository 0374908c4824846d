"""What Amazon VPC can and cannot do for a cluster."""

import re
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network

from environment.network import ExistingNetwork, PrivateService
from plan.model import NatPlan, PrivateEndpointPlan, SubnetPlan
from plan.network_request import NetworkRequest
from plan.network_rules import Choice, Nat, NetworkLimits, Subnets
from plan.ranges import cut

# Amazon CloudWatch Logs API Reference, PutRetentionPolicy.
LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
LOG_DAYS_SOURCE = "Amazon CloudWatch Logs API Reference, PutRetentionPolicy: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"
_SUBNETS = "Amazon EKS User Guide, VPC and subnet requirements: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html"
_VPC = "Amazon VPC User Guide, VPC CIDR blocks: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"
_SERVICES = "Amazon EKS API Reference, KubernetesNetworkConfigRequest: https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html"
_CNI = "Amazon EKS Best Practices Guide, Amazon VPC CNI (a node keeps one interface's addresses warm)"
_NAT = "Amazon VPC User Guide, NAT gateways: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html"
_PRIVATE = "Amazon EKS User Guide, Deploy private clusters with limited internet access: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html"
_ECR = "Amazon ECR User Guide, Interface VPC endpoints (image layers come from S3): https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html"
_GATEWAY = "AWS PrivateLink Guide, Gateway endpoints for Amazon S3 (no charge): https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html"
_FLOWS = "Amazon VPC User Guide, Flow log records: no sampling"

LIMITS = NetworkLimits(
    prefixes=range(16, 29),
    prefix_source=_VPC,
    service_prefixes=range(12, 25),
    service_source=_SERVICES,
    pods_in_subnets=True,
    pod_source=_CNI,
    addresses_per_node=32,
    reserved_addresses=5,
    address_source=_CNI,
    flow_days=LOG_DAYS,
    flow_days_source=LOG_DAYS_SOURCE,
    samples_flows=False,
    sample_source=_FLOWS,
    zone_source=_SUBNETS,
    existing_id=re.compile(r"vpc-([0-9a-f]{8}|[0-9a-f]{17})"),
    existing_id_form="vpc- and 8 or 17 hexadecimal digits",
    existing_subnet=re.compile(r"subnet-([0-9a-f]{8}|[0-9a-f]{17})"),
    existing_subnet_form="subnet- and 8 or 17 hexadecimal digits",
    existing_source=_SUBNETS,
    one_subnet=False,
    named_ranges=False,
    subnets_have_zones=True,
    new_nodes_source="Amazon EKS API Reference, CreateNodegroup: subnets is required",
)
_ALL: tuple[PrivateService, ...] = ("storage", "registry", "ml", "logs", "identity")
_NEEDED_WITHOUT_NAT: tuple[PrivateService, ...] = ("storage", "registry", "identity")
_INTERFACES: Mapping[PrivateService, tuple[str, ...]] = {
    "registry": ("ecr.api", "ecr.dkr"),
    "ml": ("sagemaker.api", "sagemaker.runtime"),
    "logs": ("logs",),
    "identity": ("sts", "eks-auth"),
}
# What nodes, load balancers and whoever adds nodes ask of AWS, and can ask in no other way without NAT.
_WITHOUT_NAT = ("ec2", "eks", "autoscaling", "elasticloadbalancing", "ssm", "sqs")
# A load balancer wants eight free addresses in each of its subnets.
_SMALLEST_PUBLIC, _USUAL_PUBLIC = 27, 24


def default_zones(request: NetworkRequest) -> Choice[int]:
    """EKS needs two; each more is billed a NAT gateway and interface endpoints."""
    if request.stage == "dev":
        return Choice(chosen=2, reason="EKS needs two zones, and each more adds to the bill", source=_SUBNETS)
    return Choice(chosen=3, reason="one zone of three may fail and two thirds of the nodes are left", source=_SUBNETS)


def check_zones(request: NetworkRequest, count: int) -> None:
    """EKS takes no network of a single zone."""
    if request.has_cluster and count < 2:
        problem = "is too few: EKS wants subnets in two zones at least"
        request.fault("zones", count, problem, allowed="2 or more", fix="write zones: 2", source=_SUBNETS)


def default_nat(request: NetworkRequest) -> Choice[Nat]:
    """One gateway outside production, there one in each zone."""
    if request.stage == "prod":
        return Choice(chosen="perZone", reason="a gateway stands in one zone: when that fails, the others must still get out", source=_NAT)
    return Choice(
        chosen="single", reason="one gateway is enough where a zone's failure may stop the work; each is billed by the hour", source=_NAT
    )


def check_nat(request: NetworkRequest, nat: Nat, zones: Sequence[str]) -> None:
    """AWS has all three."""


def subnets(request: NetworkRequest, cidr: IPv4Network, zones: Sequence[str], nat: Nat) -> Subnets | None:
    """A large private subnet in each zone, and a small public one for gateways and load balancers."""
    prefix = max(min(cidr.prefixlen + 5, _SMALLEST_PUBLIC), _USUAL_PUBLIC)
    try:
        private, rest = cut(cidr, len(zones))
        public = tuple(rest.subnets(new_prefix=prefix))[: len(zones)]
    except ValueError:
        public = private = ()
    if len(public) < len(zones):
        smallest = _SMALLEST_PUBLIC - (len(zones) - 1).bit_length() - max(2, len(zones).bit_length())
        problem = f"has no room for a private and a public subnet in each of {len(zones)} zones"
        fix = f"write a /{smallest} or larger, or fewer zones"
        request.fault("cidr", str(cidr), problem, allowed="a range that can be cut into subnets", fix=fix, source=_VPC)
        return None
    return Subnets(private=_named("private", private, zones), public=_named("public", public, zones))


def nats(nat: Nat, zones: Sequence[str]) -> tuple[NatPlan, ...]:
    """Each stands in a zone; a single one in the first."""
    served = {"none": (), "single": zones[:1], "perZone": zones}[nat]
    return tuple(NatPlan(name=f"nat-{index}", zone=zone) for index, zone in enumerate(served))


def default_services(request: NetworkRequest, nat: Nat) -> Choice[tuple[PrivateService, ...]]:
    """Everything in production and where there is no other way, else what is free."""
    if request.stage == "prod":
        return Choice(
            chosen=_ALL, reason="production's data and credentials do not cross the internet; billed by zone and hour", source=_GATEWAY
        )
    if nat == "none":
        return Choice(chosen=_NEEDED_WITHOUT_NAT, reason="without NAT nodes reach what they need in no other way", source=_PRIVATE)
    return Choice(chosen=("storage",), reason="the gateway to S3 is free; the others are billed by zone and hour", source=_GATEWAY)


def check_services(request: NetworkRequest, services: Sequence[PrivateService], nat: Nat) -> None:
    """Nodes that have no way out need three of them; images need two."""
    asked = list(services)
    if nat == "none" and request.has_cluster:
        missing = [each for each in _NEEDED_WITHOUT_NAT if each not in services]
        if missing:
            problem = f"lacks {', '.join(missing)}: without NAT nodes cannot join the cluster"
            fix = f"add {', '.join(missing)}, or write nat: single"
            request.fault(
                "privateEndpoints", asked, problem, allowed=f"{', '.join(_NEEDED_WITHOUT_NAT)} beside nat: none", fix=fix, source=_PRIVATE
            )
    elif "registry" in services and "storage" not in services:
        problem = "has registry without storage, where the layers of images lie"
        request.fault("privateEndpoints", asked, problem, allowed="registry beside storage", fix="add storage", source=_ECR)


def endpoints(request: NetworkRequest, services: Sequence[PrivateService], nat: Nat) -> tuple[PrivateEndpointPlan, ...]:
    """A gateway to S3, and an interface endpoint for each other service."""
    prefix = f"com.amazonaws.{request.region.name}"
    found: list[PrivateEndpointPlan] = []
    if "storage" in services:
        found.append(PrivateEndpointPlan(name="s3", service=f"{prefix}.s3", kind="gateway"))
    names = [name for service in _ALL if service in services for name in _INTERFACES.get(service, ())]
    if nat == "none" and request.has_cluster:
        names += _WITHOUT_NAT
    return (*found, *(PrivateEndpointPlan(name=name.replace(".", "-"), service=f"{prefix}.{name}", kind="interface") for name in names))


def check_existing(request: NetworkRequest, existing: ExistingNetwork) -> None:
    """EKS wants two subnets, in different zones."""
    if request.has_cluster and len(existing.private_subnets) < 2:
        problem = "is one subnet, and EKS wants two in different zones"
        request.fault(
            "existing.privateSubnets",
            list(existing.private_subnets),
            problem,
            allowed="two or more",
            fix="add a subnet of another zone",
            source=_SUBNETS,
        )


def _named(role: str, ranges: Sequence[IPv4Network], zones: Sequence[str]) -> tuple[SubnetPlan, ...]:
    return tuple(
        SubnetPlan(name=f"{role}-{index}", cidr=str(cidr), zone=zone) for index, (cidr, zone) in enumerate(zip(ranges, zones, strict=True))
    )
