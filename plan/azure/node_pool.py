"""What agent pools on Azure Kubernetes Service can and cannot be."""

import re
from collections.abc import Mapping
from hashlib import sha256

from catalogue.accelerators import partitions
from catalogue.model import Machine
from plan.model import CachePlan, DiskPlan, DriverPlan, Taint
from plan.pool_choice import Choice
from plan.pool_disk import disk_size, refuse_speed
from plan.pool_request import PoolRequest
from plan.pool_rules import PoolLimits, RefusedCapacity
from plan.storage_rules import CloudRule

_LEARN = "https://learn.microsoft.com/azure/aks"
_SPOT = f"Microsoft Learn, Add an Azure Spot node pool to an AKS cluster: {_LEARN}/spot-node-pool"
_NAP = f"Microsoft Learn, AKS node auto-provisioning: {_LEARN}/node-auto-provisioning"
_SIZES = f"Microsoft Learn, AKS quotas, virtual machine sizes, and region availability: {_LEARN}/quotas-skus-regions"
_SYSTEM = f"Microsoft Learn, Manage system node pools in AKS: {_LEARN}/use-system-pools"
_RESERVATION = f"Microsoft Learn, Assign capacity reservation groups to AKS node pools: {_LEARN}/use-capacity-reservation-groups"
_PLACEMENT = f"Microsoft Learn, Use proximity placement groups in AKS: {_LEARN}/reduce-latency-ppg"
_INFINIBAND = "Microsoft Learn, Enable InfiniBand: https://learn.microsoft.com/azure/virtual-machines/extensions/enable-infiniband"
_DISKS = f"Microsoft Learn, Storage options in AKS, node OS disks: {_LEARN}/concepts-storage"
_GPUS = f"Microsoft Learn, Use GPUs on AKS: {_LEARN}/gpu-cluster"
_OPERATOR = f"Microsoft Learn, Use the NVIDIA GPU Operator on AKS: {_LEARN}/nvidia-gpu-operator"
_AMD = f"Microsoft Learn, Use AMD GPUs on AKS: {_LEARN}/use-amd-gpus"
_MIG = f"Microsoft Learn, Create a multi-instance GPU node pool in AKS: {_LEARN}/gpu-multi-instance"
_STREAMING = f"Microsoft Learn, Artifact streaming on AKS (preview): {_LEARN}/artifact-streaming"
_REPAIR = f"Microsoft Learn, Node auto-repair in AKS: {_LEARN}/node-auto-repair"
_LABELS = f"Microsoft Learn, Use labels in an AKS cluster: {_LEARN}/use-labels"
_LEAST_VCPUS, _LEAST_MEMORY_GIB = 2, 4
_LEAST_DISK_GIB = 30
_LETTERS, _DIGITS = 8, 4
_SPOT_KEY = "kubernetes.azure.com/scalesetpriority"
_GROUP = re.compile(
    r"/subscriptions/[0-9a-f-]{36}/resourceGroups/[\w.()-]{1,90}/providers/Microsoft\.Compute/capacityReservationGroups/[\w.-]{1,80}",
    re.IGNORECASE,
)
_GROUP_FORM = "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.Compute/capacityReservationGroups/NAME"

LIMITS = PoolLimits(
    no_capacity={
        "block": RefusedCapacity(
            problem="is what AWS and Google sell: Azure has no blocks of capacity",
            instead="reserved, onDemand or spot",
            source=_RESERVATION,
        ),
        "flexStart": RefusedCapacity(
            problem="is Google Cloud's: Azure has no capacity that waits for a start", instead="spot, onDemand or reserved", source=_SPOT
        ),
    },
    reservation=_GROUP,
    reservation_form=_GROUP_FORM,
    reservation_has_zone=False,
    reservation_source=_RESERVATION,
    block=_GROUP,
    block_form=_GROUP_FORM,
    block_source=_RESERVATION,
    spot_bid=None,
    interconnect="infiniBand",
    fabrics={"infiniband": "infiniBand"},
    one_zone_source=_INFINIBAND,
    placement_source=_PLACEMENT,
    image_snapshot=None,
    image_snapshot_form="",
    streaming=CloudRule(reason="is a preview that the released API version of AKS does not have", source=_STREAMING),
    cache_source=_DISKS,
    repair_fixed=CloudRule(reason="cannot be switched off: AKS repairs every node", source=_REPAIR),
    surge=None,
    reserved_keys=("kubernetes.azure.com",),
    label_source=_LABELS,
)


def node_obstacle(machine: Machine) -> CloudRule | None:
    """AKS wants two vCPUs and 4 GiB of every node that may hold its own add-ons."""
    if (machine.vcpus or 0) >= _LEAST_VCPUS and (machine.memory_gib is None or machine.memory_gib >= _LEAST_MEMORY_GIB):
        return None
    return CloudRule(reason=f"is too small for AKS, which wants {_LEAST_VCPUS} vCPUs and {_LEAST_MEMORY_GIB} GiB", source=_SIZES)


def check_ladder(request: PoolRequest, choice: Choice) -> None:
    """Node auto-provisioning makes no bids."""
    bid = request.pool.spot_max_usd_per_hour
    if bid is not None and request.provisioner == "karpenter":
        problem = "is a bid that node auto-provisioning cannot make"
        fix = "remove spotMaxUsdPerHour, or write nodeProvisioner: cloud"
        request.fault("spotMaxUsdPerHour", bid, problem, allowed="a bid beside nodeProvisioner: cloud", fix=fix, source=_NAP)


def disk(request: PoolRequest, choice: Choice) -> DiskPlan:
    """A managed disk of the fastest kind that the size supports; the machine's own disk where the file wants it."""
    size = disk_size(request, choice, least=_LEAST_DISK_GIB, source=_DISKS)
    asked = request.pool.disk
    if asked is not None and asked.type == "standard":
        problem = "cannot be chosen: AKS takes Premium SSD wherever the machine supports it"
        request.fault("disk.type", asked.type, problem, allowed="balanced, ssd", fix="remove type", source=_DISKS)
    refuse_speed(request, "is the disk size's own on AKS", "raise sizeGib", _DISKS)
    local_gib = choice.facts.local_ssd_gib if choice.facts else 0
    wanted = request.pool.cache is not None and request.pool.cache.local_ssd
    if wanted and local_gib >= size:
        request.decide("disk.type", "Ephemeral", f"the file wants the machine's own disk, and {size} GiB fit on it", _DISKS)
        return DiskPlan(size_gib=size, type="Ephemeral")
    if asked is None or asked.type is None:
        request.decide("disk.type", "Managed", "Premium SSD where the machine supports it", _DISKS)
    return DiskPlan(size_gib=size, type="Managed")


def driver(request: PoolRequest, choice: Choice) -> DriverPlan:
    """AKS installs NVIDIA's driver and no device plugin; the GPU operator owns both or none; AMD's are an operator's always."""
    if choice.accelerator is None:
        return DriverPlan(driver="none", device_plugin="none")
    asked = request.pool.driver
    if asked is not None and asked.version is not None:
        problem = "cannot be chosen: the driver belongs to the node image's version"
        request.fault("driver.version", asked.version, problem, allowed="no version on Azure", fix="remove version", source=_GPUS)
    if not choice.is_nvidia:
        request.decide("driver", "AMD GPU operator", "AKS installs no AMD driver, so AMD's operator owns driver and device plugin", _AMD)
        return DriverPlan(driver="operator", device_plugin="operator")
    if request.driver_owner == "operator":
        reason = "the GPU operator owns driver and device plugin, so AKS installs none: never two owners"
        request.decide("driver", "GPU operator", reason, _OPERATOR)
        return DriverPlan(driver="operator", device_plugin="operator")
    request.decide("driver", "driver of AKS, device plugin of a chart", "AKS installs the driver and no device plugin", _GPUS)
    return DriverPlan(driver="cloud", device_plugin="helm")


def os_image(choice: Choice, driver: DriverPlan) -> str:
    """Azure Linux; Ubuntu for GPUs, whose drivers AKS and the operators support there for every size."""
    return "Ubuntu" if choice.accelerator is not None else "AzureLinux"


def cloud_profile(request: PoolRequest, choice: Choice, driver: DriverPlan, profile: str) -> str | None:
    """AKS's own word, MIG1g and the like: it means the smallest part of so many slices and no other."""
    if driver.driver == "operator":
        return None
    machine = choice.offer.machine
    slices = profile.partition("g.")[0]
    known = [each for each in partitions(machine.accelerator, machine.accelerator_memory_gib) if each.profile.startswith(f"{slices}g.")]
    smallest = min(known, key=lambda each: each.memory_gib)
    if smallest.profile != profile:
        problem = f"is what AKS cannot make: its MIG{slices}g is {smallest.profile}"
        fix = f"write mig: {smallest.profile}, or driver: {{owner: operator}}"
        request.fault("sharing.mig", profile, problem, allowed=smallest.profile, fix=fix, source=_MIG)
    return f"MIG{slices}g"


def cache(request: PoolRequest, choice: Choice, driver: DriverPlan) -> CachePlan:
    """The machine's own disk, where the file wants it: AKS keeps images and pods' files there."""
    asked = request.pool.cache
    count = choice.facts.local_ssd_count if choice.facts else 0
    return CachePlan(local_ssd_count=count if asked and asked.local_ssd else 0)


def rung_labels(request: PoolRequest, kind: str, driver: DriverPlan) -> Mapping[str, str]:
    """AKS labels spot nodes itself."""
    return {_SPOT_KEY: "spot"} if kind == "spot" else {}


def rung_taints(request: PoolRequest, kind: str) -> tuple[Taint, ...]:
    """AKS taints spot nodes itself."""
    return (Taint(key=_SPOT_KEY, value="spot", effect="NoSchedule"),) if kind == "spot" else ()


def selector(request: PoolRequest) -> Mapping[str, str]:
    """The pool's own label is enough: the autoscaler's priorities choose the rung."""
    return {}


def pool_name(rung: str, immutable: tuple[object, ...]) -> str | None:
    """Up to 12 lower-case letters and digits: the rung's, and a hash of what cannot change under one name.

    A pool that must be replaced so gets another name, and is there before the old one goes.
    """
    letters = re.sub("[^a-z0-9]", "", rung)[:_LETTERS]
    return letters + sha256(repr((rung, immutable)).encode()).hexdigest()[:_DIGITS]
