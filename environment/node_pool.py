"""A node pool as a person asks for it: an accelerator, a need or a machine, how many nodes, and where capacity may come from."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from environment.base import Band, Listed, Part, Quantity, Whole

Capacity = Literal["reserved", "block", "onDemand", "flexStart", "spot"]
Precision = Literal["fp32", "tf32", "bf16", "fp16", "fp8", "int8", "fp4", "int4"]
Count = Annotated[int, Whole, Field(ge=0, le=5_000)]
Positive = Annotated[int, Whole, Field(ge=1, le=5_000)]


class Nodes(Part):
    """Fewest and most nodes of a pool, over all its zones and rungs."""

    min: Count | None = None
    max: Positive


class Reservation(Part):
    """Machines set aside: one that is there (`existing`: id or name), or `create` so many, which are billed until it is deleted."""

    existing: Annotated[str, StringConstraints(min_length=1)] | None = None
    create: Positive | None = None


class Block(Part):
    """A capacity block that was bought: its reservation's id, and the zone it stands in. Drydock never buys one."""

    existing: Annotated[str, StringConstraints(min_length=1)]
    zone: Annotated[str, StringConstraints(min_length=1)] | None = None


class Disk(Part):
    """The boot disk. type: `balanced` for most, `ssd` where images are large and pods many, `standard` where cheap is enough."""

    size_gib: Annotated[int, Whole, Field(ge=20, le=16_384)] | None = None
    type: Literal["balanced", "ssd", "standard"] | None = None
    iops: Annotated[int, Whole, Field(ge=100)] | None = None
    throughput_mibps: Annotated[int, Whole, Field(ge=100)] | None = None


class Sharing(Part):
    """How several pods use one GPU: as parts (`mig`: a profile, 1g.10gb), in turns (`timeSlicing`), at once (`mps`: pods a GPU)."""

    mig: Annotated[str, StringConstraints(pattern=r"^[1-7]g\.\d+gb(\+me)?$")] | None = None
    time_slicing: Annotated[int, Whole, Field(ge=2, le=48)] | None = None
    mps: Annotated[int, Whole, Field(ge=2, le=48)] | None = None


class Cache(Part):
    """What spares new nodes the download: a disk that holds images, images that start while they load, the machine's own fast disks."""

    image_snapshot: Annotated[str, StringConstraints(min_length=1)] | None = None
    streaming: bool | None = None
    local_ssd: bool | None = None


class Driver(Part):
    """Who owns the accelerator's driver: the cloud (its node image or installer), or the GPU operator."""

    owner: Literal["cloud", "operator"] | None = None
    version: Literal["default", "latest"] | None = None


class Upgrade(Part):
    """How nodes are renewed: so many more at a time, and so many missing."""

    max_surge: Count | None = None
    max_unavailable: Count | None = None


class Taint(Part):
    """What keeps pods off the pool's nodes unless they tolerate it."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=253)]
    value: Annotated[str, StringConstraints(max_length=63)] = ""
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] = "NoSchedule"


class PoolUsage(Part):
    """Nodes that run on average, as low / expected / high; left out it follows from the minimum and maximum."""

    nodes: Band


class NodePool(Part):
    """One node pool.

    The machine is chosen by accelerator and count, by need (vCPUs, memory, accelerator memory, precision), or named. `existing` says
    that the nodes are there already with these labels and taints, in a cluster that is not Drydock's to change.
    """

    accelerator: Annotated[str, StringConstraints(min_length=2, max_length=40)] | None = None
    per_node: Annotated[int, Whole, Field(ge=1, le=16)] | None = None
    accelerator_memory_gib: Quantity | None = None
    precision: Precision | None = None
    vcpus: Quantity | None = None
    memory_gib: Quantity | None = None
    machine: Annotated[str, StringConstraints(min_length=2, max_length=60)] | None = None
    architecture: Literal["amd64", "arm64"] | None = None
    topology: Annotated[str, StringConstraints(pattern=r"^\d+x\d+(x\d+)?$")] | None = None
    nodes: Nodes | None = None
    capacity: Annotated[tuple[Capacity, ...], Listed, Field(min_length=1)] | None = None
    reservation: Reservation | None = None
    block: Block | None = None
    queued: bool | None = None
    max_run_hours: Annotated[int, Whole, Field(ge=1, le=168)] | None = None
    spot_max_usd_per_hour: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    zones: Annotated[tuple[str, ...], Listed, Field(min_length=1)] | None = None
    labels: Mapping[str, str] = Field(default_factory=dict)
    taints: Annotated[tuple[Taint, ...], Listed] = ()
    disk: Disk | None = None
    sharing: Sharing | None = None
    driver: Driver | None = None
    placement: Literal["compact", "spread"] | None = None
    interconnect: Literal["none", "efa", "gpuDirect", "infiniBand"] | None = None
    cache: Cache | None = None
    auto_repair: bool | None = None
    upgrade: Upgrade | None = None
    system: bool | None = None
    existing: bool = False
    usage: PoolUsage | None = None
