"""The accelerators' facts against each other, the shapes' names and the vendors' own documents."""

import csv
from fractions import Fraction
from math import prod
from pathlib import Path

import pytest

from catalogue.accelerators import accelerator, accelerators, partitions, tpu_slice, tpu_slice_of_type, tpu_slices

DATA = Path(__file__).parents[2] / "catalogue" / "data"
GENERATIONS = ("v4", "v5e", "v5p", "v6e", "tpu7x")

# The `accelerator` column of the price and shape data, 2026-11-24, and TPU7x, which it does not price yet.
NAMED_BY_SHAPES = [
    *("A10", "A100", "A100 80GB", "A100-80GB", "A10G", "B200", "B300", "GB200", "H100", "H100 Mega", "H200", "Habana HL-205"),
    *("Inferentia", "Inferentia2", "L4", "L40S", "MI300X", "P100", "P4", "Qualcomm AI100", "RTX PRO 4500", "RTX PRO 6000"),
    *("RTX PRO 6000 BSE", "RTX PRO Server 6000", "Radeon Pro V710", "T4", "T4g", "TPU v4", "TPU v5e", "TPU v5p", "TPU v6e"),
    *("TPU7x", "Trainium", "Trainium2", "V100", "V520"),
]


def rows(table):
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def divided_gpus():
    """Every (accelerator, GPU memory) that divides into partitions."""
    return sorted({(row["accelerator"], float(row["gpu_memory_gib"])) for row in rows("partitions")})


def test_the_accelerators_are_those_that_the_shapes_name():
    assert list(accelerators()) == NAMED_BY_SHAPES


@pytest.mark.parametrize("name", NAMED_BY_SHAPES)
def test_an_accelerator_has_plausible_figures(name):
    found = accelerator(name)
    assert found.kind in ("gpu", "tpu", "neuron", "other")
    assert 8 <= found.memory_gib <= 300
    assert 50 <= found.memory_bandwidth_gbps <= 8000
    assert set(found.precisions) <= {"fp32", "tf32", "fp16", "bf16", "fp8", "fp6", "fp4", "int8", "int4"}
    assert found.tflops_fp16_dense is None or 15 < found.tflops_fp16_dense <= 2500


# AWS Neuron documentation; Google Cloud documentation, TPU7x (Ironwood) and TPU v5e; NVIDIA MIG User Guide, Supported GPUs.
@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("Trainium2", "memory_gib", 96),
        ("Trainium2", "tflops_fp16_dense", 667),
        ("Inferentia2", "memory_bandwidth_gbps", 820),
        ("TPU v5e", "tflops_fp16_dense", 197),
        ("TPU7x", "memory_bandwidth_gbps", 7380),
        ("GB200", "memory_gib", 186),
        ("H200", "memory_gib", 141),
    ],
)
def test_a_figure_is_the_one_its_vendor_documents(name, field, value):
    assert getattr(accelerator(name), field) == value


def test_fp8_came_with_ada_and_hopper_and_fp4_with_blackwell():
    gpus = [each for each in accelerators().values() if each.vendor == "nvidia"]
    fp8 = {each.generation for each in gpus if "fp8" in each.precisions}
    assert fp8 == {"ada", "hopper", "blackwell", "blackwell-ultra"}
    assert {each.generation for each in gpus if "fp4" in each.precisions} == {"blackwell", "blackwell-ultra"}


# NVIDIA MIG User Guide, Supported MIG Profiles.
@pytest.mark.parametrize(
    ("name", "profile", "instances", "fraction"),
    [
        ("A100", "1g.5gb", 7, "1/7"),
        ("A100", "3g.20gb", 2, "3/7"),
        ("A100 80GB", "2g.20gb", 3, "2/7"),
        ("H100", "1g.20gb", 4, "1/7"),
        ("H200", "7g.141gb", 1, "1"),
        ("B200", "4g.90gb", 1, "4/7"),
        ("RTX PRO 6000", "1g.24gb", 4, "1/4"),
        ("RTX PRO 4500", "1g.16gb", 2, "1/2"),
    ],
)
def test_a_profile_is_the_one_nvidia_documents(name, profile, instances, fraction):
    (found,) = (partition for partition in partitions(name) if partition.profile == profile)
    assert (found.instances_per_gpu, found.compute_fraction) == (instances, Fraction(fraction))


@pytest.mark.parametrize(("name", "gpu_memory"), divided_gpus())
def test_the_partitions_fit_on_their_gpu(name, gpu_memory):
    for partition in partitions(name, gpu_memory):
        assert partition.gpu_memory_gib == gpu_memory
        assert partition.memory_gib * partition.instances_per_gpu <= gpu_memory
        assert partition.compute_fraction * partition.instances_per_gpu <= 1


@pytest.mark.parametrize(("name", "gpu_memory"), divided_gpus())
def test_a_profiles_name_says_its_slices_and_its_memory_rounded(name, gpu_memory):
    for partition in partitions(name, gpu_memory):
        slices, memory = partition.profile.removesuffix("gb").split("g.")
        assert Fraction(int(slices)) / partition.compute_fraction in (2, 4, 7)
        assert float(memory) - 3 < partition.memory_gib < float(memory) + 1.1


@pytest.mark.parametrize("name", NAMED_BY_SHAPES)
def test_an_accelerator_lists_the_profiles_of_its_own_memory(name):
    assert accelerator(name).partitions == tuple(partition.profile for partition in partitions(name))


def test_a_board_with_more_memory_has_other_profiles():
    assert partitions("A100", 80)[0].profile == "1g.10gb"
    assert partitions("H100", 94)[0].profile == "1g.12gb"
    assert partitions("B200", 179.06) == partitions("B200")


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_slice_has_the_chips_of_its_topology_on_all_its_hosts(generation):
    for each in tpu_slices(generation):
        assert each.chips == prod(int(side) for side in each.topology.split("x")), each
        assert each.hosts * each.chips_per_host == each.chips, each
        assert each.gke_machine_type.endswith(f"-{each.chips_per_host}t"), each


@pytest.mark.parametrize("generation", GENERATIONS)
def test_an_accelerator_type_counts_chips_or_two_cores_a_chip(generation):
    for each in tpu_slices(generation):
        cores = 1 if each.generation in ("v5e", "v6e") else 2
        if each.accelerator_type:
            assert int(each.accelerator_type.rpartition("-")[2]) == each.chips * cores, each
            assert tpu_slice_of_type(each.accelerator_type) == each


@pytest.mark.parametrize("generation", GENERATIONS)
def test_slices_come_smallest_first_and_a_machine_type_has_one_size(generation):
    assert [each.chips for each in tpu_slices(generation)] == sorted(each.chips for each in tpu_slices(generation))
    hosts = {(each.gke_machine_type, each.vcpus_per_host, each.memory_gib_per_host) for each in tpu_slices(generation)}
    assert len(hosts) == len({machine_type for machine_type, _, _ in hosts})


# Google Cloud documentation, TPU v5p, TPU v5e and TPU7x (Ironwood).
@pytest.mark.parametrize(
    ("accelerator_type", "topology", "machine_type", "hosts", "vcpus", "memory"),
    [
        ("v4-8", "2x2x1", "ct4p-hightpu-4t", 1, 240, 407),
        ("v5litepod-8", "2x4", "ct5lp-hightpu-8t", 1, 224, 384),
        ("v5litepod-16", "4x4", "ct5lp-hightpu-4t", 4, 112, 192),
        ("v5p-128", "4x4x4", "ct5p-hightpu-4t", 16, 208, 448),
        ("v5p-12288", "16x16x24", "ct5p-hightpu-4t", 1536, 208, 448),
        ("v6e-1", "1x1", "ct6e-standard-1t", 1, 44, 176),
        ("v6e-256", "16x16", "ct6e-standard-4t", 64, 180, 720),
        ("tpu7x-8", "2x2x1", "tpu7x-standard-4t", 1, 224, 960),
    ],
)
def test_an_accelerator_type_is_the_slice_google_documents(accelerator_type, topology, machine_type, hosts, vcpus, memory):
    found = tpu_slice_of_type(accelerator_type)
    assert (found.topology, found.gke_machine_type, found.hosts) == (topology, machine_type, hosts)
    assert (found.vcpus_per_host, found.memory_gib_per_host) == (vcpus, memory)


@pytest.mark.parametrize(("generation", "family"), [("v5e", "ct5lp-hightpu"), ("v6e", "ct6e-standard")])
def test_eight_flat_chips_are_one_host_or_in_gke_two(generation, family):
    assert tpu_slice(generation, "2x4").gke_machine_type == f"{family}-8t"
    two = tpu_slice(generation, "2x4", f"{family}-4t")
    assert (two.hosts, two.accelerator_type) == (2, None)


def test_every_generation_of_slices_is_an_accelerator():
    assert {each.generation for each in accelerators().values() if each.kind == "tpu"} == set(GENERATIONS)
    assert {row["generation"] for row in rows("tpu_slices")} == set(GENERATIONS)


def test_what_is_not_known_is_none_or_empty():
    assert accelerator("H1000") is None
    assert partitions("H1000") == partitions("L4") == tpu_slices("v1") == ()
    assert tpu_slice("v5e", "3x3") is tpu_slice("v9", "2x4") is tpu_slice("v4", "2x2x1", "ct5p-hightpu-4t") is None
    assert tpu_slice_of_type("v5p-1") is tpu_slice_of_type("") is None


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("accelerators", ("name",)),
        ("partitions", ("accelerator", "gpu_memory_gib", "profile")),
        ("tpu_slices", ("generation", "topology", "gke_machine_type")),
    ],
)
def test_every_row_is_dated_and_sourced_once(table, key):
    found = rows(table)
    assert len({tuple(row[column] for column in key) for row in found}) == len(found) > 0
    assert all(row["as_of"] and row["source"] for row in found)
