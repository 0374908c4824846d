"""Networks on AWS: what the world reaches, and what traffic costs that takes the wrong way."""

from collections.abc import Iterator

from costs.aws.place import region
from policies.check import Checks, Problem
from policies.checks.storage_aws import BUCKETS
from policies.joins import beside, sources
from policies.view import Undecided, View

CHECKS = Checks()
VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_NAT = "aws:ec2/natGateway:NatGateway"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_FLOW_LOG = "aws:ec2/flowLog:FlowLog"
_WORLD = ("0.0.0.0/0", "::/0")
_EVERY_PORT = range(65_536)
_NO_PORTS = range(0)


@CHECKS.add(
    "DD-NETWORK-001",
    "Nobody administers machines from the internet",
    GROUP,
    RULE,
    INGRESS,
    severity="critical",
    rationale="SSH, RDP and the Docker API that are open to the world are tried within minutes.",
    fix="use Session Manager, or name your networks",
    equivalents=("CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_277", "AWS-0107", "restricted-ssh"),
    parameters={"ports": ("22", "2375", "3389")},
)
def no_open_administration(view: View) -> Iterator[Problem]:
    """Rules that let the world in on ports of administration, or on all of them."""
    yield from _open(view)


@CHECKS.add(
    "DD-NETWORK-002",
    "Tools of machine learning are not open to the internet",
    GROUP,
    RULE,
    INGRESS,
    severity="critical",
    rationale="Ray, Jupyter, MLflow and TensorBoard run code or show data for whoever reaches them, and by default ask nobody who calls.",
    fix="put them behind a load balancer that asks who calls, or name your networks",
    parameters={"ports": ("5000", "6006", "6379", "8265", "8786", "8787", "8888", "10001")},
)
def no_open_tools(view: View) -> Iterator[Problem]:
    """Rules that let the world in on the usual ports of such tools (documentation of Ray, Jupyter, Dask, MLflow, TensorBoard, Redis)."""
    yield from _open(view)


@CHECKS.add(
    "DD-NETWORK-003",
    "S3 is reached without NAT",
    VPC,
    joined=True,
    level="advisory",
    rationale="Models, datasets and image layers come from S3: through NAT each gigabyte is billed, through a gateway endpoint none is.",
    fix="add a VpcEndpoint of type Gateway for com.amazonaws.REGION.s3 with the private subnets' route tables",
    key="network.privateEndpoints",
)
def gateway_to_storage(view: View) -> Iterator[Problem]:
    """Networks with a NAT gateway and without a gateway endpoint for S3 (Amazon VPC, "Gateway endpoints": no charge)."""
    subnets = beside(view, [SUBNET], "vpcId")
    if not any(beside(each, [_NAT]) for each in [view, *subnets]):
        return
    endpoints = beside(view, [_ENDPOINT], "vpcId")
    gateways = [each for each in endpoints if each.text("vpcEndpointType", "Gateway") == "Gateway"]
    if not any(each.text("serviceName").endswith(".s3") for each in gateways):
        yield Problem(what="has NAT, and no gateway endpoint for S3")


@CHECKS.add(
    "DD-NETWORK-004",
    "A network keeps records of its traffic",
    VPC,
    joined=True,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="After a break-in nobody can say where data went.",
    fix="add a FlowLog for the VPC",
    key="network.flowLogs",
    equivalents=("CKV2_AWS_11", "AWS-0178", "vpc-flow-logs-enabled"),
)
def records_traffic(view: View) -> Iterator[Problem]:
    """In production, whether a flow log refers to it."""
    if view.stage == "prod" and not beside(view, [_FLOW_LOG], "vpcId"):
        yield Problem(what="no flow log refers to it")


@CHECKS.add(
    "DD-NETWORK-005",
    "A model is served where it is stored",
    "aws:sagemaker/model:Model",
    joined=True,
    level="advisory",
    rationale="Every instance that starts loads the model over regions: that is billed by the gigabyte, and takes longer.",
    fix="store the model in the endpoint's region, or replicate the bucket there",
    key="models.<name>.artifact, region",
)
def stored_nearby(view: View) -> Iterator[Problem]:
    """The region of a model against those of the buckets that its containers load from, where the program declares them."""
    for name in ("primaryContainer", "containers"):
        for bucket in sources(view, name, BUCKETS):
            here, there = (region(each.resource, view.program) for each in (view, bucket))
            if here is None or there is None:
                raise Undecided("region")
            if here != there:
                yield Problem(path=name, what=f"loads from {bucket.resource.name} in {there}, and is served in {here}")


def _open(view: View) -> Iterator[Problem]:
    """Rules for the world that include one of the parameter's ports; a rule for all ports is told by the check of administration."""
    wanted = [int(port) for port in view.parameters["ports"]]
    for path, rule in _rules(view):
        ports = _ports(rule)
        everything = ports == _EVERY_PORT and 22 not in wanted
        hit = [port for port in wanted if port in ports]
        if hit and not everything and _to_world(rule):
            yield Problem(path=path, what=f"lets the world in on port {hit[0]}")


def _rules(view: View) -> Iterator[tuple[str, View]]:
    if view.resource.type == GROUP:
        yield from view.each("ingress")
    elif view.resource.type == INGRESS or view.text("type") == "ingress":
        yield "", view


def _to_world(rule: View) -> bool:
    listed = [each.text("") for name in ("cidrBlocks", "ipv6CidrBlocks") for _, each in rule.each(name)]
    return any(network in _WORLD for network in [*listed, rule.text("cidrIpv4"), rule.text("cidrIpv6")])


def _ports(rule: View) -> range:
    """The ports of a rule; protocol -1 is all of them, and of ICMP these are no ports (Amazon EC2 API, IpPermission)."""
    protocol = (rule.text("protocol") or rule.text("ipProtocol")).lower()
    if protocol in ("-1", "all"):
        return _EVERY_PORT
    first, last = rule.number("fromPort"), rule.number("toPort")
    if first is None or last is None or protocol not in ("tcp", "6", "udp", "17"):
        return _NO_PORTS
    return range(int(first), int(last) + 1)
