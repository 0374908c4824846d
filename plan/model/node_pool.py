"""What is decided about node pools: machines, the capacity ladder, and what workloads must say to land on them."""

from collections.abc import Mapping
from dataclasses import dataclass

from plan.model.band import Band


@dataclass(frozen=True, kw_only=True)
class Taint:
    """What keeps pods off a node unless they tolerate it. effect: NoSchedule | PreferNoSchedule | NoExecute, as Kubernetes writes it."""

    key: str
    value: str
    effect: str


@dataclass(frozen=True, kw_only=True)
class Toleration:
    """What lets a pod onto tainted nodes. operator: Equal | Exists; effect: empty tolerates every effect."""

    key: str
    operator: str = "Equal"
    value: str = ""
    effect: str = ""


@dataclass(frozen=True, kw_only=True)
class MachinePlan:
    """The machine of a pool: its shape, and what it costs an hour on demand (USD; None is unknown).

    accelerator: the environment file's word, empty for none; accelerator_count: whole devices (TPU: chips) a node.
    gke_accelerator: Google's own name, where the accelerator is attached or selected by it. attached: the accelerator is
    attached to a general machine (Google's N1), not part of it.
    """

    instance_type: str
    architecture: str
    vcpus: float
    memory_gib: float
    accelerator: str = ""
    accelerator_kind: str = ""
    accelerator_count: int = 0
    gke_accelerator: str | None = None
    attached: bool = False
    usd_per_hour: float | None = None
    spot_usd_per_hour: float | None = None


@dataclass(frozen=True, kw_only=True)
class TpuSlicePlan:
    """One slice: a pool of several hosts is one slice. policy: the workload policy that tpu7x wants (HIGH_THROUGHPUT), None otherwise."""

    topology: str
    chips: int
    chips_per_host: int
    hosts: int
    policy: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReservationPlan:
    """Capacity set aside. existing: its id or name; otherwise `count` machines are reserved, which is billed from then on.

    zones: the zones it stands in.
    """

    existing: str | None = None
    count: int = 0
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RungPlan:
    """One rung of a pool's capacity ladder: nodes of one kind, tried before the rungs after it.

    name: logical name in Pulumi, unique in the environment (`gpu-spot`; the pool's own name where it has one rung only).
    provisioner: group (a node group of the cloud: EKS node group, GKE node pool, AKS agent pool) | karpenter (a Karpenter NodePool, of
    Karpenter itself or of AKS node auto-provisioning) | existing.
    pool_name: the name that the cloud is given, None where Pulumi names it. capacity: reserved | block | onDemand | flexStart | spot.
    priority: 0 is tried first. min_nodes, max_nodes: over all zones together. zones: where its nodes may stand.
    spot_max_usd_per_hour: None bids up to the on-demand price. max_run_seconds: after which flex-start nodes go.
    """

    name: str
    provisioner: str
    pool_name: str | None
    capacity: str
    priority: int
    min_nodes: int
    max_nodes: int
    zones: tuple[str, ...]
    node_labels: Mapping[str, str]
    taints: tuple[Taint, ...]
    reservation: ReservationPlan | None = None
    queued: bool = False
    max_run_seconds: int | None = None
    spot_max_usd_per_hour: float | None = None


@dataclass(frozen=True, kw_only=True)
class DiskPlan:
    """The boot disk: its type in the cloud's word (gp3, pd-balanced, Managed). iops and throughput: None is the type's own."""

    size_gib: int
    type: str
    iops: int | None = None
    throughput_mibps: int | None = None


@dataclass(frozen=True, kw_only=True)
class SharingPlan:
    """How pods share a GPU. strategy: none | mig | timeSlicing | mps; clients: pods a GPU (time-slicing, MPS) or parts a GPU (MIG).

    mig_profile: as NVIDIA writes it (1g.10gb). cloud_profile: as the cloud writes it (GKE 1g.10gb, AKS MIG1g); None where the device
    plugin or GPU operator is told instead of the cloud.
    """

    strategy: str = "none"
    clients: int = 1
    mig_profile: str | None = None
    cloud_profile: str | None = None


@dataclass(frozen=True, kw_only=True)
class DriverPlan:
    """Who owns the accelerator's driver and device plugin, each exactly once.

    driver: image (part of the node image) | cloud (the cloud installs it) | operator (GPU operator) | none. version: the cloud's word
    (GKE DEFAULT, LATEST), None where it has none. device_plugin: image | cloud | helm | operator | none.
    """

    driver: str
    device_plugin: str
    version: str | None = None


@dataclass(frozen=True, kw_only=True)
class InterconnectPlan:
    """The fast network between nodes. kind: none | efa | gpuDirectTcpx | gpuDirectTcpxo | gpuDirectRdma | infiniBand.

    first_card: the network card that carries the first of its interfaces (AWS: 1 where card 0 carries plain traffic only).
    """

    kind: str = "none"
    interfaces: int = 0
    first_card: int = 0


@dataclass(frozen=True, kw_only=True)
class CachePlan:
    """What spares a new node the download. image_snapshot: EBS snapshot id or Google disk image; streaming: images start while loading.

    local_ssd_count: of the machine's own fast disks, used for images and models.
    """

    image_snapshot: str | None = None
    streaming: bool = False
    local_ssd_count: int = 0


@dataclass(frozen=True, kw_only=True)
class UpgradePlan:
    """How nodes are renewed: extra nodes at a time, and nodes that may be missing."""

    max_surge: int
    max_unavailable: int


@dataclass(frozen=True, kw_only=True)
class PoolUsage:
    """Nodes that run on average over a month, over all rungs."""

    nodes: Band


@dataclass(frozen=True, kw_only=True)
class NodePoolPlan:
    """One node pool, every choice made. `name` is its key in the environment file.

    labels: of cloud resources. resource: what a pod asks for (nvidia.com/gpu), empty for a CPU pool; resources_per_node: how many of them a
    node offers after sharing. selector, tolerations: what a pod must say to land here and nowhere else. system: runs the cluster's own
    add-ons. os_image: the node image in the cloud's word (AL2023_x86_64_NVIDIA, COS_CONTAINERD, AzureLinux).
    """

    name: str
    labels: Mapping[str, str]
    system: bool
    machine: MachinePlan
    rungs: tuple[RungPlan, ...]
    os_image: str
    disk: DiskPlan
    driver: DriverPlan
    sharing: SharingPlan
    interconnect: InterconnectPlan
    compact_placement: bool
    cache: CachePlan
    auto_repair: bool
    upgrade: UpgradePlan
    resource: str
    resources_per_node: int
    selector: Mapping[str, str]
    tolerations: tuple[Toleration, ...]
    usage: PoolUsage
    tpu: TpuSlicePlan | None = None
    existing: bool = False
