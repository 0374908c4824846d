"""What node pools on Google Kubernetes Engine can and cannot be."""

import re
from collections.abc import Mapping

from catalogue.model import Machine
from plan.model import CachePlan, DiskPlan, DriverPlan, Taint
from plan.pool_choice import Choice
from plan.pool_disk import disk_size, refuse_speed
from plan.pool_request import PoolRequest
from plan.pool_rules import PoolLimits
from plan.storage_rules import CloudRule

_DOCS = "https://cloud.google.com/kubernetes-engine/docs"
_FLEX = f"Google Cloud, About GPU, TPU and H4D provisioning with flex-start: {_DOCS}/concepts/dws"
_QUEUED = f"Google Cloud, Run a large-scale workload with flex-start with queued provisioning: {_DOCS}/how-to/provisioningrequest"
_BLOCK = "Google Cloud, Future reservation requests in calendar mode: https://cloud.google.com/compute/docs/instances/future-reservations-calendar-mode-overview"
_RESERVATION = f"Google Cloud, Consuming reserved zonal resources: {_DOCS}/how-to/consuming-reservations"
_TPU_RESERVATION = f"Google Cloud, TPUs in GKE, TPU reservations: {_DOCS}/concepts/tpus"
_SPOT = "Google Cloud, Spot VMs, Pricing: https://cloud.google.com/compute/docs/instances/spot"
_PLACEMENT = f"Google Cloud, Define compact placement for GKE nodes: {_DOCS}/how-to/compact-placement"
_GPUDIRECT = f"Google Cloud, Maximize GPU network bandwidth in Standard mode clusters: {_DOCS}/how-to/gpu-bandwidth-gpudirect-tcpx"
_BOOT_DISK = f"Google Cloud, Configuring custom boot disks: {_DOCS}/how-to/custom-boot-disks"
_HYPERDISK = "Google Cloud, Machine series that support Hyperdisk: https://cloud.google.com/compute/docs/disks/hyperdisks"
_IMAGE_DISK = f"Google Cloud, Use secondary boot disks to preload data or container images: {_DOCS}/how-to/data-container-image-preloading"
_STREAMING = f"Google Cloud, Use Image streaming to pull container images: {_DOCS}/how-to/image-streaming"
_DRIVERS = f"Google Cloud, Run GPUs in GKE Standard node pools: {_DOCS}/how-to/gpus"
_OPERATOR = f"Google Cloud, Manage the GPU stack with the NVIDIA GPU Operator: {_DOCS}/how-to/gpu-operator"
_LABELS = f"Google Cloud, Create and manage cluster and node pool labels: {_DOCS}/how-to/creating-managing-labels"
# Machines whose disks are Hyperdisk: no Persistent Disk can be attached.
_HYPERDISK_ONLY = re.compile(r"(a3-ultragpu|a4x?|c4[ad]?|n4[ad]?|g4|x4|h4d|m4|ct6e|tpu7x)-")
_SLOW_DISK_REFUSED = re.compile(r"(c3d?|a3|ct5p|z3|h3)-")
_BLOCKS = re.compile(r"(a3-(high|mega|ultra)gpu-8g|a4-highgpu-8g|ct5lp-|ct5p-|ct6e-|tpu7x-|h4d-)")
_FLEX_GENERAL = re.compile(r"h4d-")
_NAME = re.compile(r"(projects/[a-z][a-z0-9:.-]{4,60}/reservations/)?[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_NAME_FORM = "a reservation's name, or projects/PROJECT/reservations/NAME"
_HYPERDISK_IOPS, _HYPERDISK_MIBPS = range(3_000, 160_001), range(140, 2_401)

LIMITS = PoolLimits(
    no_capacity={},
    reservation=_NAME,
    reservation_form=_NAME_FORM,
    reservation_has_zone=True,
    reservation_source=_RESERVATION,
    block=_NAME,
    block_form=_NAME_FORM,
    block_source=_BLOCK,
    spot_bid=CloudRule(reason="is a bid, and Google sets the price of spot machines itself", source=_SPOT),
    interconnect="gpuDirect",
    fabrics={"gpudirect-tcpx": "gpuDirectTcpx", "gpudirect-tcpxo": "gpuDirectTcpxo", "gpudirect-rdma": "gpuDirectRdma"},
    one_zone_source=_GPUDIRECT,
    placement_source=_PLACEMENT,
    image_snapshot=re.compile(r"projects/[a-z][a-z0-9:.-]{4,60}/global/images/(family/)?[a-z]([a-z0-9-]{0,61}[a-z0-9])?"),
    image_snapshot_form="projects/PROJECT/global/images/NAME, a disk image that holds images",
    streaming=None,
    cache_source=_IMAGE_DISK,
    repair_fixed=None,
    surge=None,
    reserved_keys=("cloud.google.com", "gke.io"),
    label_source=_LABELS,
)


def node_obstacle(machine: Machine) -> CloudRule | None:
    """GKE takes every machine that can hold its own add-ons."""
    return None


def check_ladder(request: PoolRequest, choice: Choice) -> None:
    """Flex-start, calendar-mode reservations and reservations are of some machines only."""
    name = choice.machine.instance_type
    if "block" in request.ladder and not _BLOCKS.match(name):
        problem = f"names a block, and Google has none in calendar mode of {name}"
        allowed = "A3 and A4 machines of 8 GPUs, TPU v5e, v5p, v6e and 7x"
        request.fault("capacity", list(request.ladder), problem, allowed=allowed, fix="remove block", source=_BLOCK)
    if "flexStart" in request.ladder:
        _check_flex_start(request, choice)
    if request.pool.reservation is not None and request.pool.reservation.create is not None and choice.tpu is not None:
        problem = "asks for a reservation of TPUs, which Google makes on request only"
        fix = "request the reservation from Google and write existing"
        request.fault("reservation.create", request.pool.reservation.create, problem, allowed="existing", fix=fix, source=_TPU_RESERVATION)
    if request.pool.queued and "flexStart" in request.ladder:
        _check_queued(request)


def disk(request: PoolRequest, choice: Choice) -> DiskPlan:
    """A Persistent Disk, or a Hyperdisk on machines that take no other."""
    size = disk_size(request, choice, least=20, source=_BOOT_DISK)
    asked = request.pool.disk
    word = asked.type if asked and asked.type else "balanced"
    if _HYPERDISK_ONLY.match(choice.machine.instance_type):
        return _hyperdisk(request, choice, size, word)
    refuse_speed(request, "follows from a Persistent Disk's size", "raise sizeGib, or write type: ssd", _BOOT_DISK)
    if word == "standard" and _SLOW_DISK_REFUSED.match(choice.machine.instance_type):
        problem = f"is a disk that {choice.machine.instance_type} does not take"
        request.fault("disk.type", word, problem, allowed="balanced, ssd", fix="write type: balanced", source=_BOOT_DISK)
    if asked is None or asked.type is None:
        request.decide("disk.type", "pd-balanced", "an SSD at half the price of the fastest one", _BOOT_DISK)
    return DiskPlan(size_gib=size, type=f"pd-{word}")


def driver(request: PoolRequest, choice: Choice) -> DriverPlan:
    """GKE installs driver and device plugin, or the GPU operator owns both; a TPU needs no driver."""
    if choice.accelerator is None:
        return DriverPlan(driver="none", device_plugin="none")
    asked = request.pool.driver
    if choice.tpu is not None:
        return DriverPlan(driver="cloud", device_plugin="cloud")
    if request.driver_owner == "operator":
        if asked and asked.version is not None:
            problem = "is the GPU operator's to choose"
            request.fault(
                "driver.version", asked.version, problem, allowed="no version beside the operator", fix="remove version", source=_OPERATOR
            )
        reason = "the GPU operator owns driver and device plugin, so GKE installs neither: never two owners"
        request.decide("driver", "GPU operator", reason, _OPERATOR)
        return DriverPlan(driver="operator", device_plugin="operator")
    version = (asked.version if asked and asked.version else "default").upper()
    request.decide("driver", f"GKE, {version}", "GKE installs driver and device plugin, matched to the node image", _DRIVERS)
    return DriverPlan(driver="cloud", device_plugin="cloud", version=version)


def os_image(choice: Choice, driver: DriverPlan) -> str:
    """Container-Optimized OS; Ubuntu where the GPU operator installs the driver, which it cannot on the former."""
    return "UBUNTU_CONTAINERD" if driver.driver == "operator" else "COS_CONTAINERD"


def cloud_profile(request: PoolRequest, choice: Choice, driver: DriverPlan, profile: str) -> str | None:
    """GKE partitions GPUs itself, and says the profile as NVIDIA does."""
    return None if driver.driver == "operator" else profile


def cache(request: PoolRequest, choice: Choice, driver: DriverPlan) -> CachePlan:
    """Images start while they load, and the machine's own disks hold them where it has any."""
    asked = request.pool.cache
    count = choice.facts.local_ssd_count if choice.facts else 0
    use = asked.local_ssd if asked and asked.local_ssd is not None else count > 0
    if count and (asked is None or asked.local_ssd is None):
        request.decide("cache.localSsd", True, f"{choice.machine.instance_type} comes with {count} of them, paid for anyway", _IMAGE_DISK)
    snapshot = asked.image_snapshot if asked else None
    return CachePlan(image_snapshot=snapshot, streaming=_streaming(request, driver, snapshot), local_ssd_count=count if use else 0)


def rung_labels(request: PoolRequest, kind: str, driver: DriverPlan) -> Mapping[str, str]:
    """The class by which GKE climbs the ladder; and that its device plugin stays away where the operator brings one."""
    labels = {"cloud.google.com/compute-class": request.name} if _has_class(request) else {}
    if driver.driver == "operator":
        labels["gke-no-default-nvidia-gpu-device-plugin"] = "true"
    return labels


def rung_taints(request: PoolRequest, kind: str) -> tuple[Taint, ...]:
    """What GKE puts on nodes of a compute class and on queued ones."""
    of_class = [Taint(key="cloud.google.com/compute-class", value=request.name, effect="NoSchedule")] if _has_class(request) else []
    queued = kind == "flexStart" and request.pool.queued
    of_queue = [Taint(key="cloud.google.com/gke-queued", value="true", effect="NoSchedule")] if queued else []
    return (*of_class, *of_queue)


def selector(request: PoolRequest) -> Mapping[str, str]:
    """A pod names its compute class; GKE then tries the class's node pools in order."""
    return {"cloud.google.com/compute-class": request.name} if _has_class(request) else {}


def pool_name(rung: str, immutable: tuple[object, ...]) -> str | None:
    """Pulumi names node pools, so that a new one is there before the old one goes."""
    return None


def _has_class(request: PoolRequest) -> bool:
    return len(request.ladder) > 1


def _check_flex_start(request: PoolRequest, choice: Choice) -> None:
    name, ladder = choice.machine.instance_type, list(request.ladder)
    if request.provisioner == "none":
        problem = "waits for pods that ask for nodes, and nobody adds nodes: flex-start has no fixed number of them"
        fix = "remove nodeProvisioner: off, or flexStart"
        request.fault("capacity", ladder, problem, allowed="flexStart where the cloud adds nodes", fix=fix, source=_FLEX)
    if choice.accelerator is None and not _FLEX_GENERAL.match(name):
        problem = f"starts {name} when there is room, and flex-start is for GPUs, TPUs and H4D"
        request.fault("capacity", ladder, problem, allowed="flexStart beside an accelerator", fix="remove flexStart", source=_FLEX)
    if choice.one_slice:
        problem = "starts a slice of several hosts, and flex-start has TPUs on single hosts only"
        request.fault("capacity", ladder, problem, allowed="a topology on one host", fix="remove flexStart", source=_FLEX)
    elif choice.machine.accelerator == "tpu-v4":
        problem = "starts TPU v4, which flex-start has not"
        request.fault("capacity", ladder, problem, allowed="TPU v5e, v5p, v6e and 7x", fix="remove flexStart", source=_FLEX)


def _check_queued(request: PoolRequest) -> None:
    if len(request.ladder) > 1:
        problem = "admits a job with all its nodes at once, which another kind of capacity could not give it"
        request.fault(
            "queued", True, problem, allowed="queued beside capacity: [flexStart]", fix="write capacity: [flexStart]", source=_QUEUED
        )
    if request.pool.placement == "compact":
        problem = "is not for nodes that come by a queued request"
        request.fault("placement", "compact", problem, allowed="no placement beside queued", fix="remove placement", source=_QUEUED)


def _hyperdisk(request: PoolRequest, choice: Choice, size_gib: int, word: str) -> DiskPlan:
    name, asked = choice.machine.instance_type, request.pool.disk
    if word == "standard":
        problem = f"is a disk that {name} does not take"
        request.fault("disk.type", word, problem, allowed="balanced, ssd", fix="write type: balanced", source=_HYPERDISK)
    request.decide("disk.type", "hyperdisk-balanced", f"{name} takes Hyperdisk only", _HYPERDISK)
    iops, mibps = (asked.iops, asked.throughput_mibps) if asked else (None, None)
    _check_range(request, "disk.iops", iops, _HYPERDISK_IOPS)
    _check_range(request, "disk.throughputMibps", mibps, _HYPERDISK_MIBPS)
    return DiskPlan(size_gib=size_gib, type="hyperdisk-balanced", iops=iops, throughput_mibps=mibps)


def _check_range(request: PoolRequest, field: str, value: int | None, allowed: range) -> None:
    if value is not None and value not in allowed:
        nearest = min(max(value, allowed.start), allowed[-1])
        text, fix = f"{allowed.start} to {allowed[-1]}", f"write {field.rpartition('.')[2]}: {nearest}"
        request.fault(field, value, "is what no Hyperdisk Balanced gives", allowed=text, fix=fix, source=_HYPERDISK)


def _streaming(request: PoolRequest, driver: DriverPlan, snapshot: str | None) -> bool:
    asked = request.pool.cache.streaming if request.pool.cache else None
    possible = driver.driver != "operator"
    if asked and not possible:
        problem = "needs Container-Optimized OS, and the GPU operator's nodes run Ubuntu"
        request.fault("cache.streaming", True, problem, allowed="false beside the GPU operator", fix="remove streaming", source=_STREAMING)
    if snapshot is not None and not asked and possible:
        if asked is False:
            problem = "must be on for an image disk to be used"
            request.fault(
                "cache.streaming", False, problem, allowed="true beside imageSnapshot", fix="remove streaming", source=_IMAGE_DISK
            )
        return True
    if asked is None and possible:
        request.decide("cache.streaming", True, "images of Artifact Registry start while they load, at no charge", _STREAMING)
    return possible if asked is None else asked
