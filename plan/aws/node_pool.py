"""What node pools on Amazon EKS can and cannot be."""

import re
from collections.abc import Mapping

from catalogue.machine_facts import machine_facts
from catalogue.model import Machine
from plan.model import CachePlan, DiskPlan, DriverPlan, Taint
from plan.pool_choice import Choice
from plan.pool_disk import disk_size
from plan.pool_request import PoolRequest
from plan.pool_rules import PoolLimits, RefusedCapacity
from plan.storage_rules import CloudRule

_GROUPS = "Amazon EKS User Guide, Managed node groups: https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html"
_TEMPLATES = "Amazon EKS User Guide, Customize managed nodes with launch templates: https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html"
_BLOCKS = "Amazon EC2 User Guide, Capacity Blocks for ML: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-capacity-blocks.html"
_RESERVATION = "Amazon EC2 User Guide, On-Demand Capacity Reservations: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-capacity-reservations.html"
_PLACEMENT = "Amazon EC2 User Guide, Placement strategies: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-strategies.html"
_RESERVED_PLACEMENT = (
    "Amazon EC2 User Guide, Use Capacity Reservations with cluster placement groups: "
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/cr-cpg.html"
)
_EFA = "Amazon EC2 User Guide, Elastic Fabric Adapter: EFA traffic stays in one Availability Zone: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa.html"
_GP3 = "Amazon EBS User Guide, General Purpose SSD volumes: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html"
_AMI = "Amazon EKS User Guide, EKS-optimized accelerated AMIs: https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html"
_OPERATOR = "NVIDIA GPU Operator, Amazon EKS: https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/amazon-eks.html"
_UPDATE = (
    "Amazon EKS API Reference, NodegroupUpdateConfig: https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupUpdateConfig.html"
)
_PODS = "Amazon EKS User Guide, Choose an optimal EC2 node instance type: https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html"
_BLOCK_FAMILIES = re.compile(r"(p4de?|p5(e|en)?|p6[a-z0-9-]*|trn1n?|trn2u?)\.")
# A dozen pods of each node are the cluster's own.
_LEAST_PODS = 17
_GP3_IOPS, _GP3_IOPS_PER_GIB = range(3_000, 80_001), 500
_GP3_MIBPS, _GP3_MIBPS_PER_IOPS = range(125, 2_001), 0.25
_ID = re.compile(r"cr-([0-9a-f]{8}|[0-9a-f]{17})")
_ID_FORM = "cr- and 8 or 17 hexadecimal digits"

LIMITS = PoolLimits(
    no_capacity={
        "flexStart": RefusedCapacity(
            problem="is Google Cloud's: AWS has no capacity that waits for a start",
            instead="spot, onDemand, or a capacity block",
            source=_GROUPS,
        )
    },
    reservation=_ID,
    reservation_form=_ID_FORM,
    reservation_has_zone=True,
    reservation_source=_RESERVATION,
    block=_ID,
    block_form=_ID_FORM,
    block_source=_BLOCKS,
    spot_bid=CloudRule(reason="is a bid that neither managed node groups nor Karpenter can make", source=_TEMPLATES),
    interconnect="efa",
    fabrics={"efa": "efa"},
    one_zone_source=_EFA,
    placement_source=_PLACEMENT,
    image_snapshot=re.compile(r"snap-([0-9a-f]{8}|[0-9a-f]{17})"),
    image_snapshot_form="snap- and 8 or 17 hexadecimal digits, of an EBS volume that holds images",
    streaming=CloudRule(reason="is what EKS nodes do not do: no node image of EKS starts images while they load", source=_AMI),
    cache_source=_TEMPLATES,
    repair_fixed=None,
    surge=CloudRule(reason="is EKS's own choice: it adds as many nodes as may be missing before it takes any", source=_UPDATE),
    reserved_keys=("eks.amazonaws.com", "karpenter.sh", "karpenter.k8s.aws"),
    label_source=_GROUPS,
)


def node_obstacle(machine: Machine) -> CloudRule | None:
    """A node must hold more pods than the cluster's own."""
    facts = machine_facts("aws", machine.instance_type)
    if facts is None or facts.max_pods is None or facts.max_pods >= _LEAST_PODS:
        return None
    return CloudRule(reason=f"holds {facts.max_pods} pods, and the cluster's own on each node are about a dozen", source=_PODS)


def check_ladder(request: PoolRequest, choice: Choice) -> None:
    """Capacity blocks are of a few families; a placement group of ours holds no machine that was reserved outside it."""
    name = choice.machine.instance_type
    if "block" in request.ladder and not _BLOCK_FAMILIES.match(name):
        problem = f"names a capacity block, and AWS sells none of {name}"
        request.fault(
            "capacity", list(request.ladder), problem, allowed="P4, P5, P6 and Trainium machines", fix="remove block", source=_BLOCKS
        )
    held = [kind for kind in ("reserved", "block") if kind in request.ladder]
    if request.pool.placement == "compact" and held:
        problem = f"makes a placement group, in which AWS launches nothing from {held[0]} capacity that was made outside it"
        fix = "remove placement: the fast network works without it"
        request.fault("placement", "compact", problem, allowed=f"no placement beside {held[0]}", fix=fix, source=_RESERVED_PLACEMENT)


def disk(request: PoolRequest, choice: Choice) -> DiskPlan:
    """A gp3 volume, whose IOPS and throughput are bought apart from its size."""
    size = disk_size(request, choice, least=20)
    asked = request.pool.disk
    if asked is None or asked.type != "balanced":
        reason = "the one type that is cheapest and fast enough to boot from; iops and throughputMibps make it faster"
        request.decide("disk.type", "gp3", reason, _GP3)
    iops = asked.iops if asked else None
    throughput = asked.throughput_mibps if asked else None
    _check_gp3(request, size, iops, throughput)
    return DiskPlan(size_gib=size, type="gp3", iops=iops, throughput_mibps=throughput)


def driver(request: PoolRequest, choice: Choice) -> DriverPlan:
    """The node image brings the driver; the device plugin is a chart, or the GPU operator's."""
    if choice.accelerator is None:
        return DriverPlan(driver="none", device_plugin="none")
    if request.pool.driver is not None and request.pool.driver.version is not None:
        problem = "cannot be chosen: the driver is part of the node image"
        request.fault(
            "driver.version", request.pool.driver.version, problem, allowed="no version on AWS", fix="remove version", source=_AMI
        )
    if choice.is_nvidia and request.driver_owner == "operator":
        reason = "AL2023's NVIDIA image brings the driver, so the GPU operator installs none and owns the device plugin: never two owners"
        request.decide("driver", "driver of the image, device plugin of the GPU operator", reason, _OPERATOR)
        return DriverPlan(driver="image", device_plugin="operator")
    request.decide("driver", "driver of the image, device plugin of a chart", "AL2023's image has the driver and no device plugin", _AMI)
    return DriverPlan(driver="image", device_plugin="helm")


def os_image(choice: Choice, driver: DriverPlan) -> str:
    """Amazon Linux 2023 in the variant of processor and accelerator; Amazon Linux 2 is out of support."""
    arm = choice.machine.architecture == "arm64"
    if choice.machine.accelerator_kind == "neuron":
        return "AL2023_x86_64_NEURON"
    kind = "NVIDIA" if choice.is_nvidia else "STANDARD"
    return f"AL2023_{'ARM_64' if arm else 'x86_64'}_{kind}"


def cloud_profile(request: PoolRequest, choice: Choice, driver: DriverPlan, profile: str) -> str | None:
    """EKS partitions nothing itself: the GPU operator's MIG manager does, by a label of the nodes."""
    return None


def cache(request: PoolRequest, choice: Choice, driver: DriverPlan) -> CachePlan:
    """The machine's own disks hold images where it has any; a snapshot is the file's to name."""
    asked = request.pool.cache
    count = choice.facts.local_ssd_count if choice.facts else 0
    use = asked.local_ssd if asked and asked.local_ssd is not None else count > 0
    if count and (asked is None or asked.local_ssd is None):
        request.decide("cache.localSsd", True, f"{choice.machine.instance_type} comes with {count} of them, paid for anyway", _TEMPLATES)
    return CachePlan(image_snapshot=asked.image_snapshot if asked else None, local_ssd_count=count if use else 0)


def rung_labels(request: PoolRequest, kind: str, driver: DriverPlan) -> Mapping[str, str]:
    """EKS puts its own labels on nodes by itself, and none that must be declared."""
    return {}


def rung_taints(request: PoolRequest, kind: str) -> tuple[Taint, ...]:
    """EKS taints no nodes by itself."""
    return ()


def selector(request: PoolRequest) -> Mapping[str, str]:
    """The pool's own label is enough: expander or weights choose the rung."""
    return {}


def pool_name(rung: str, immutable: tuple[object, ...]) -> str | None:
    """Pulumi names node groups, so that a new one is there before the old one goes."""
    return None


def _check_gp3(request: PoolRequest, size_gib: int, iops: int | None, mibps: int | None) -> None:
    given = iops or _GP3_IOPS.start
    most_iops = min(_GP3_IOPS[-1], max(_GP3_IOPS.start, size_gib * _GP3_IOPS_PER_GIB))
    if iops is not None and not _GP3_IOPS.start <= iops <= most_iops:
        allowed = f"{_GP3_IOPS.start} to {most_iops} at {size_gib} GiB"
        fix = f"write iops: {min(max(iops, _GP3_IOPS.start), most_iops)}"
        request.fault("disk.iops", iops, "is what no gp3 volume of this size can do", allowed=allowed, fix=fix, source=_GP3)
    most = min(_GP3_MIBPS[-1], int(given * _GP3_MIBPS_PER_IOPS))
    if mibps is not None and not _GP3_MIBPS.start <= mibps <= most:
        allowed = f"{_GP3_MIBPS.start} to {most} at {given} iops"
        problem = "is more or less than a gp3 volume with so many iops gives"
        fix = f"write throughputMibps: {min(max(mibps, _GP3_MIBPS.start), most)}"
        request.fault("disk.throughputMibps", mibps, problem, allowed=allowed, fix=fix, source=_GP3)
