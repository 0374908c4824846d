"""Accelerators, the parts a GPU divides into, and TPU slices.

Memory is in GiB, memory bandwidth in GB/s, compute in dense TFLOPS. The figures come from `data/accelerators.csv`, `data/partitions.csv`
and `data/tpu_slices.csv`; every row names its source, and `data/PROVENANCE.md` says how far to trust it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from catalogue.rows import rows

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class Accelerator:
    """One accelerator under the name that the price and shape data use.

    kind: gpu, tpu, neuron, or other for the accelerators that are none of them.
    memory_gib: what the vendor advertises; the driver shows up to 7 % less.
    tflops_fp16_dense: peak without sparsity; bf16 on a TPU, which has no fp16; None where it is not known.
    partitions: the MIG profiles at `memory_gib`; `partitions()` knows boards with more memory.
    """

    name: str
    vendor: str
    kind: str
    generation: str
    memory_gib: float
    memory_bandwidth_gbps: float
    precisions: tuple[str, ...]
    tflops_fp16_dense: float | None
    partitions: tuple[str, ...]
    as_of: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Partition:
    """One MIG profile of a GPU.

    instances_per_gpu: how many of this profile fit on one GPU.
    memory_gib: what one instance can use, where a driver's listing is known; otherwise its documented share of the GPU's memory.
    compute_fraction: its share of the compute slices; a GPU of seven slices has eight of memory, so the two shares differ.
    """

    accelerator: str
    gpu_memory_gib: float
    profile: str
    instances_per_gpu: int
    memory_gib: float
    compute_fraction: Fraction
    as_of: str
    source: str


@dataclass(frozen=True, kw_only=True)
class TpuSlice:
    """One slice: chips in a topology, on the hosts (VMs, GKE nodes) of one machine type.

    accelerator_type: the TPU VM name, None for a slice that only GKE makes. Its number counts chips on v5e and v6e, and
    TensorCores (two a chip) on v4, v5p and tpu7x.
    """

    generation: str
    gke_machine_type: str
    accelerator_type: str | None
    topology: str
    chips: int
    chips_per_host: int
    hosts: int
    vcpus_per_host: int
    memory_gib_per_host: float
    as_of: str
    source: str


@cache
def accelerators() -> Mapping[str, Accelerator]:
    """Every known accelerator by its name, in alphabetical order."""
    return {row["name"]: _accelerator(row) for row in rows(_DATA / "accelerators.csv")}


def accelerator(name: str) -> Accelerator | None:
    """The accelerator of this name, None for an unknown one."""
    return accelerators().get(name)


@cache
def partitions(accelerator_name: str, memory_gib: float | None = None) -> tuple[Partition, ...]:
    """The MIG profiles of a GPU, smallest first; empty where it has none.

    memory_gib: the GPU memory of the machine's shape; the A100 and the H100 come with different amounts under one name, and their profiles
    differ. The nearest known amount counts, since the clouds round it differently. Left out: the accelerator's own.
    """
    known = accelerator(accelerator_name)
    every = tuple(partition for partition in _partitions() if partition.accelerator == accelerator_name)
    if known is None or not every:
        return ()
    wanted = known.memory_gib if memory_gib is None else memory_gib
    nearest = min((partition.gpu_memory_gib for partition in every), key=lambda gib: abs(gib - wanted))
    return tuple(partition for partition in every if partition.gpu_memory_gib == nearest)


def tpu_slices(generation: str) -> tuple[TpuSlice, ...]:
    """The slices of a TPU generation (v4, v5e, v5p, v6e, tpu7x), smallest first; empty for an unknown one."""
    return tuple(each for each in _tpu_slices() if each.generation == generation)


def tpu_slice(generation: str, topology: str, machine_type: str | None = None) -> TpuSlice | None:
    """The slice of this topology, on the fewest hosts unless a machine type is named; None for an unknown one."""
    fitting = (each for each in tpu_slices(generation) if each.topology == topology and machine_type in (None, each.gke_machine_type))
    return min(fitting, key=lambda each: each.hosts, default=None)


def tpu_slice_of_type(accelerator_type: str) -> TpuSlice | None:
    """The slice that a TPU VM accelerator type such as v5litepod-16 means, None for an unknown one."""
    return _slices_by_type().get(accelerator_type)


@cache
def _partitions() -> tuple[Partition, ...]:
    return tuple(_partition(row) for row in rows(_DATA / "partitions.csv"))


@cache
def _tpu_slices() -> tuple[TpuSlice, ...]:
    return tuple(_tpu_slice(row) for row in rows(_DATA / "tpu_slices.csv"))


@cache
def _slices_by_type() -> Mapping[str, TpuSlice]:
    return {each.accelerator_type: each for each in _tpu_slices() if each.accelerator_type is not None}


def _accelerator(row: Mapping[str, str]) -> Accelerator:
    flops = row["tflops_fp16_dense"]
    return Accelerator(
        name=row["name"],
        vendor=row["vendor"],
        kind=row["kind"],
        generation=row["generation"],
        memory_gib=float(row["memory_gib"]),
        memory_bandwidth_gbps=float(row["memory_bandwidth_gbps"]),
        precisions=tuple(row["precisions"].split()),
        tflops_fp16_dense=float(flops) if flops else None,
        partitions=tuple(row["partitions"].split()),
        as_of=row["as_of"],
        source=row["source"],
    )


def _partition(row: Mapping[str, str]) -> Partition:
    return Partition(
        accelerator=row["accelerator"],
        gpu_memory_gib=float(row["gpu_memory_gib"]),
        profile=row["profile"],
        instances_per_gpu=int(row["instances_per_gpu"]),
        memory_gib=float(row["memory_gib"]),
        compute_fraction=Fraction(row["compute_fraction"]),
        as_of=row["as_of"],
        source=row["source"],
    )


def _tpu_slice(row: Mapping[str, str]) -> TpuSlice:
    return TpuSlice(
        generation=row["generation"],
        gke_machine_type=row["gke_machine_type"],
        accelerator_type=row["accelerator_type"] or None,
        topology=row["topology"],
        chips=int(row["chips"]),
        chips_per_host=int(row["chips_per_host"]),
        hosts=int(row["hosts"]),
        vcpus_per_host=int(row["vcpus_per_host"]),
        memory_gib_per_host=float(row["memory_gib_per_host"]),
        as_of=row["as_of"],
        source=row["source"],
    )
