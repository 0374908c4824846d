"""Amazon EKS nodes: how their machines are launched, what they may reach, what they cost while nobody uses them."""

from collections.abc import Iterator
from typing import Any

from policies.aws_machines import LAUNCH_TEMPLATE, NODE_GROUP, accelerator, facts, node_types
from policies.check import Checks, Problem
from policies.joins import everywhere, sources
from policies.view import View

CHECKS = Checks()
INSTANCE = "aws:ec2/instance:Instance"
LAUNCH_CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration"
_LAUNCHED = (LAUNCH_TEMPLATE, LAUNCH_CONFIGURATION, INSTANCE)
_ENCRYPTED_BY_DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault"
_KEEPING_OUT = ("NO_SCHEDULE", "NO_EXECUTE")


@CHECKS.add(
    "DD-NODEPOOL-001",
    "Nodes are not open to SSH from the world",
    NODE_GROUP,
    severity="critical",
    rationale="A key alone, without security groups, has EKS open port 22 of every node to 0.0.0.0/0.",
    fix="leave remoteAccess out and use Session Manager, or name sourceSecurityGroupIds",
    equivalents=("CKV_AWS_100", "AWS-0107"),
)
def no_open_ssh(view: View) -> Iterator[Problem]:
    """A key for SSH without security groups (Amazon EKS API, RemoteAccessConfig)."""
    if view.present("remoteAccess.ec2SshKey") and not view.present("remoteAccess.sourceSecurityGroupIds"):
        yield Problem(path="remoteAccess.sourceSecurityGroupIds", what="names nobody, which opens port 22 to the world")


@CHECKS.add(
    "DD-NODEPOOL-002",
    "Machines hand out their credentials to sessions only",
    *_LAUNCHED,
    severity="high",
    rationale="The metadata service's first version gives a node's role to whoever can make a process on it send one request.",
    fix="set metadataOptions.httpTokens to required",
    equivalents=("CKV_AWS_79", "AWS-0028", "AWS-0130", "ec2-imdsv2-check"),
)
def metadata_needs_session(view: View) -> Iterator[Problem]:
    """metadataOptions.httpTokens; left out, the image and the account decide (Amazon EC2 User Guide, "Instance metadata options")."""
    if view.text("metadataOptions.httpEndpoint") != "disabled" and view.text("metadataOptions.httpTokens") != "required":
        yield Problem(path="metadataOptions.httpTokens", what="does not require a session (IMDSv2)")


@CHECKS.add(
    "DD-NODEPOOL-003",
    "Pods cannot take their node's credentials",
    *_LAUNCHED,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A second hop is how a container gets at the metadata service, and so at all that the node's role may do.",
    fix="set metadataOptions.httpPutResponseHopLimit to 1 and give pods roles of their own",
    equivalents=("CKV_AWS_341", "autoscaling-launchconfig-hop-limit"),
)
def one_hop(view: View) -> Iterator[Problem]:
    """metadataOptions.httpPutResponseHopLimit, 1 where it is left out (Amazon EC2 API, InstanceMetadataOptionsRequest)."""
    hops = view.number("metadataOptions.httpPutResponseHopLimit")
    if hops is not None and hops > 1 and view.text("metadataOptions.httpEndpoint") != "disabled":
        yield Problem(path="metadataOptions.httpPutResponseHopLimit", what=f"is {hops:.0f}")


@CHECKS.add(
    "DD-NODEPOOL-004",
    "Disks of machines are encrypted",
    *_LAUNCHED,
    severity="high",
    joined=True,
    rationale="A node's disk holds images, models and secrets; a snapshot of it that leaks is readable as it is.",
    fix="set encrypted to true on every disk, the root disk included, or turn on encryption by default (EncryptionByDefault)",
    equivalents=("CKV_AWS_8", "AWS-0008", "AWS-0131", "encrypted-volumes"),
)
def disks_encrypted(view: View) -> Iterator[Problem]:
    """Every disk that is told, and the root disk, which is the image's where it is not; a program's EncryptionByDefault covers all."""
    if any(found.flag("enabled", default=True) for found in everywhere(view, [_ENCRYPTED_BY_DEFAULT])):
        return
    disks = list(_disks(view))
    yield from (Problem(path=f"{path}.encrypted", what="is off") for path, disk in disks if not _on(disk.get("encrypted")))
    root = "blockDeviceMappings" if view.resource.type == LAUNCH_TEMPLATE else "rootBlockDevice"
    if not any(path.startswith(root) for path, _ in disks):
        yield Problem(path=root, what="tells nothing of the root disk, which is then as its image is")


@CHECKS.add(
    "DD-NODEPOOL-005",
    "Machines have no public addresses",
    *_LAUNCHED,
    severity="high",
    rationale="What has no public address cannot be tried from the internet, whatever its security group says.",
    fix="set associatePublicIpAddress to false and send traffic out through NAT",
    equivalents=("CKV_AWS_88", "CKV_AWS_389", "AWS-0009", "ec2-instance-no-public-ip"),
)
def no_public_address(view: View) -> Iterator[Problem]:
    """associatePublicIpAddress, of the machine or of an interface of its launch template; left out, the subnet decides."""
    if _on(view.get("associatePublicIpAddress")):
        yield Problem(path="associatePublicIpAddress", what="is on")
    for path, interface in view.each("networkInterfaces"):
        if _on(interface.get("associatePublicIpAddress")):
            yield Problem(path=f"{path}.associatePublicIpAddress", what="is on")


@CHECKS.add(
    "DD-NODEPOOL-006",
    "Nodes stand in private subnets",
    NODE_GROUP,
    severity="high",
    joined=True,
    rationale="A subnet that gives out public addresses gives one to every node.",
    fix="name subnets without mapPublicIpOnLaunch in subnetIds",
    key="network.existing.privateSubnets",
    equivalents=("CKV_AWS_130", "AWS-0164"),
)
def private_subnets(view: View) -> Iterator[Problem]:
    """mapPublicIpOnLaunch of the subnets that the program declares, off where it is left out (Amazon EC2 API, Subnet)."""
    for subnet in sources(view, "subnetIds", ["aws:ec2/subnet:Subnet"]):
        if subnet.flag("mapPublicIpOnLaunch"):
            yield Problem(path="subnetIds", what=f"has {subnet.resource.name}, which gives out public addresses")


@CHECKS.add(
    "DD-NODEPOOL-007",
    "A node group says how its machines are launched",
    NODE_GROUP,
    level="advisory",
    rationale="Without a launch template the account's defaults decide on disk encryption and on who may ask for the node's credentials.",
    fix="set launchTemplate, with encrypted disks, httpTokens required and one hop",
)
def has_launch_template(view: View) -> Iterator[Problem]:
    """Whether a launch template is named (Amazon EKS User Guide, "Customize managed nodes with launch templates")."""
    if not view.present("launchTemplate"):
        yield Problem(path="launchTemplate", what="is not set")


@CHECKS.add(
    "DD-NODEPOOL-008",
    "Accelerated nodes go to zero outside production",
    NODE_GROUP,
    level="advisory",
    joined=True,
    rationale="One idle GPU node costs more in a night than the job of the day did.",
    fix="set scalingConfig.minSize to 0 and let the autoscaler add nodes",
    key="nodePools.<name>.nodes.min",
)
def accelerators_to_zero(view: View) -> Iterator[Problem]:
    """scalingConfig.minSize of groups with accelerators, in any stage but prod."""
    if view.stage != "prod" and (least := view.number("scalingConfig.minSize")) and accelerator(node_types(view)):
        yield Problem(path="scalingConfig.minSize", what=f"is {least:.0f}")


@CHECKS.add(
    "DD-NODEPOOL-009",
    "Accelerated nodes keep other pods out",
    NODE_GROUP,
    level="advisory",
    joined=True,
    rationale="One ordinary pod that lands on a GPU node keeps it from being taken away, for the price of a GPU.",
    fix="add a taint such as nvidia.com/gpu with effect NO_SCHEDULE",
    key="nodePools.<name>.taints",
)
def accelerators_tainted(view: View) -> Iterator[Problem]:
    """Whether groups with accelerators have a taint that keeps pods out."""
    if accelerator(node_types(view)) and not any(taint.text("effect") in _KEEPING_OUT for _, taint in view.each("taints")):
        yield Problem(path="taints", what="keep no pod out")


@CHECKS.add(
    "DD-NODEPOOL-010",
    "Spot nodes have something to fall back on",
    NODE_GROUP,
    severity="high",
    joined=True,
    profiles={"dev": "advisory"},
    rationale="Spot is taken away with two minutes' notice, everywhere at once when demand rises; without other nodes nothing runs.",
    fix="add a node group with ON_DEMAND capacity and the same kind of machine, minSize 0",
    key="nodePools.<name>.capacity",
)
def spot_falls_back(view: View) -> Iterator[Problem]:
    """Whether the cluster has a group of on-demand or reserved machines with the same accelerator, or none, and the same architecture."""
    if view.text("capacityType") != "SPOT":
        return
    kind = _kind(view)
    others = [each for each in _companions(view) if each.text("capacityType") != "SPOT" and each.number("scalingConfig.maxSize")]
    if not any(_kind(each) == kind for each in others):
        yield Problem(path="capacityType", what="is SPOT, and no other node group of the cluster has such machines")


@CHECKS.add(
    "DD-NODEPOOL-011",
    "A group of machines is not of spot alone",
    "aws:autoscaling/group:Group",
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Spot is taken away with two minutes' notice, everywhere at once when demand rises.",
    fix="set onDemandBaseCapacity to 1 or more, or onDemandPercentageAboveBaseCapacity above 0",
)
def some_on_demand(view: View) -> Iterator[Problem]:
    """The share of on-demand machines, all where it is left out (Amazon EC2 Auto Scaling API, InstancesDistribution)."""
    path = "mixedInstancesPolicy.instancesDistribution"
    if not view.number(f"{path}.onDemandBaseCapacity") and view.number(f"{path}.onDemandPercentageAboveBaseCapacity") == 0:
        yield Problem(path=f"{path}.onDemandBaseCapacity", what="is 0, and everything above it is spot")


@CHECKS.add(
    "DD-NODEPOOL-012",
    "Accelerated nodes are not bound to one type in one zone",
    NODE_GROUP,
    level="advisory",
    joined=True,
    rationale="GPUs run out by type and by zone: a group that can only have one type in one place has nothing on such a day.",
    fix="name more subnets or instanceTypes, or add a node group with another type",
    key="nodePools.<name>.zones",
)
def not_bound(view: View) -> Iterator[Problem]:
    """Groups with accelerators of one type in one subnet where no other group has any; what a placement group packs is meant so."""
    names = node_types(view)
    if len(names) != 1 or not accelerator(names) or len(view.items("subnetIds")) != 1 or _packed(view):
        return
    if not any(accelerator(node_types(each)) for each in _companions(view)):
        yield Problem(path="subnetIds", what=f"is one subnet, and {names[0]} is the only accelerated type")


def _on(value: Any) -> bool:
    # A launch template says "true", a machine true.
    return value is True or value == "true"


def _disks(view: View) -> Iterator[tuple[str, View]]:
    for path, mapping in view.each("blockDeviceMappings"):
        # Only a disk of EBS is one: others are the machine's own, or none at all.
        yield from ((f"{path}.ebs", disk) for _, disk in mapping.each("ebs"))
    for name in ("rootBlockDevice", "ebsBlockDevices"):
        yield from ((name if name == "rootBlockDevice" else path, disk) for path, disk in view.each(name))


def _kind(group: View) -> tuple[str | None, str]:
    names = node_types(group)
    return accelerator(names), next((found.architecture for found in map(facts, names) if found), "amd64")


def _companions(group: View) -> list[View]:
    """The other node groups of the same cluster: that come from the same resource, or give the same name."""
    cluster = group.resource.references.get("clusterName", ())
    others = [each for each in everywhere(group, [NODE_GROUP]) if each.resource.urn != group.resource.urn]
    if cluster:
        return [each for each in others if each.resource.references.get("clusterName", ()) == cluster]
    return [each for each in others if each.text("clusterName") == group.text("clusterName")]


def _packed(group: View) -> bool:
    template = group.referred("launchTemplate", LAUNCH_TEMPLATE)
    return template is not None and template.present("placement.groupName")
