"""The words for accelerators, and the machines that carry them."""

import csv
import time
from decimal import Decimal

import pytest

from catalogue.accelerators import accelerators
from catalogue.catalogue import Catalogue
from catalogue.index import DATA
from catalogue.pool_accelerators import accelerator_words, gke_attachable, machines_with, pool_accelerator, word_of
from catalogue.regions import regions

REAL = Catalogue.open()
# Accelerators that machines on record have, and no environment file can ask for.
WITHOUT_A_WORD = {"Habana HL-205", "Qualcomm AI100", "V520"}
# Which clouds have a machine with each; Google has the GB200 too, in zones that are not on record.
CLOUDS = {
    word: set(clouds.split())
    for clouds, words in {
        "azure": "amd-mi300x amd-v710 nvidia-a10 nvidia-gb200",
        "aws": "aws-inferentia aws-inferentia2 aws-trainium aws-trainium2 nvidia-a10g nvidia-b300 nvidia-l40s nvidia-rtx-pro-4500"
        " nvidia-t4g",
        "gcp": "nvidia-h100-mega-80gb nvidia-p100 nvidia-p4 tpu-v4 tpu-v5e tpu-v5p tpu-v6e tpu7x",
        "aws gcp": "nvidia-b200 nvidia-l4 nvidia-rtx-pro-6000",
        "aws azure gcp": "nvidia-a100-40gb nvidia-a100-80gb nvidia-h100-80gb nvidia-h200-141gb nvidia-t4 nvidia-v100",
    }.items()
    for word in words.split()
}


def found(provider, region, word, per_node=None):
    """(machine, accelerators on it, USD an hour) of each offer."""
    offers = machines_with(provider, region, word, per_node, catalogue=REAL)
    return [(each.machine.instance_type, each.machine.accelerator_count, each.on_demand and each.on_demand.usd) for each in offers]


@pytest.mark.parametrize("word", accelerator_words())
def test_a_word_finds_machines_on_the_clouds_that_have_them(word):
    having = {cloud for cloud in ("aws", "azure", "gcp") if any(found(cloud, region, word) for region in regions(cloud))}
    assert having == CLOUDS[word]


def test_the_words_are_those_of_environment_files():
    assert accelerator_words() == tuple(sorted(CLOUDS))


def test_every_accelerator_of_a_machine_has_a_word_or_is_known_to_have_none():
    named = {name for word in accelerator_words() for name in pool_accelerator(word).names}
    assert set(accelerators()) - named == WITHOUT_A_WORD


# GKE documentation: GPU machine types, TPUs in GKE; AWS Neuron and AMD device plugin documentation.
@pytest.mark.parametrize(
    ("word", "resource", "gke_name"),
    [
        ("nvidia-l4", "nvidia.com/gpu", "nvidia-l4"),
        ("nvidia-t4", "nvidia.com/gpu", "nvidia-tesla-t4"),
        ("nvidia-a100-40gb", "nvidia.com/gpu", "nvidia-tesla-a100"),
        ("nvidia-a100-80gb", "nvidia.com/gpu", "nvidia-a100-80gb"),
        ("nvidia-h100-mega-80gb", "nvidia.com/gpu", "nvidia-h100-mega-80gb"),
        ("nvidia-a10g", "nvidia.com/gpu", None),
        ("aws-trainium2", "aws.amazon.com/neuron", None),
        ("amd-mi300x", "amd.com/gpu", None),
        ("tpu-v5e", "google.com/tpu", "tpu-v5-lite-podslice"),
        ("tpu-v6e", "google.com/tpu", "tpu-v6e-slice"),
    ],
)
def test_a_word_has_the_names_that_its_platform_uses(word, resource, gke_name):
    assert (pool_accelerator(word).resource_name, pool_accelerator(word).gke_name) == (resource, gke_name)


@pytest.mark.parametrize("word", accelerator_words())
def test_a_word_agrees_with_the_accelerators_facts(word):
    known = pool_accelerator(word)
    for name in known.names:
        facts = accelerators()[name]
        assert (facts.kind, facts.vendor) == (known.kind, known.vendor)
        assert known.precisions == facts.precisions
    memories = {accelerators()[name].memory_gib for name in known.names}
    assert known.memory_gib in memories
    assert known.mig == any(accelerators()[name].partitions for name in known.names)
    assert (known.tpu_generation is not None) == (known.kind == "tpu")
    assert known.time_slicing == known.mps == (known.vendor == "nvidia")


@pytest.mark.parametrize(
    ("provider", "instance_type", "word"),
    [
        ("aws", "p4d.24xlarge", "nvidia-a100-40gb"),
        ("aws", "p4de.24xlarge", "nvidia-a100-80gb"),
        ("gcp", "a2-highgpu-1g", "nvidia-a100-40gb"),
        ("gcp", "a2-ultragpu-1g", "nvidia-a100-80gb"),
        ("azure", "Standard_NC24ads_A100_v4", "nvidia-a100-80gb"),
        ("azure", "Standard_ND96asr_v4", "nvidia-a100-40gb"),
        ("azure", "Standard_NC40ads_H100_v5", "nvidia-h100-80gb"),
        ("aws", "p3dn.24xlarge", "nvidia-v100"),
        ("gcp", "a3-megagpu-8g", "nvidia-h100-mega-80gb"),
        ("aws", "g7e.2xlarge", "nvidia-rtx-pro-6000"),
        ("aws", "trn2.48xlarge", "aws-trainium2"),
        ("aws", "m5.large", None),
        ("aws", "dl1.24xlarge", None),
    ],
)
def test_memory_tells_apart_words_that_share_a_name(provider, instance_type, word):
    assert word_of(REAL.machine(provider, instance_type)) == word


# EC2 list prices of us-east-1, 2026-07-20.
def test_machines_come_cheapest_first():
    assert found("aws", "us-east-1", "nvidia-a10g")[:2] == [("g5.xlarge", 1, Decimal("1.006")), ("g5.2xlarge", 1, Decimal("1.212"))]
    usd = [price for _, _, price in found("aws", "us-east-1", "nvidia-l4")]
    assert usd == sorted(usd)


def test_a_machine_without_a_known_price_comes_last():
    offers = found("aws", "us-east-2", "aws-trainium2")
    assert [price for _, _, price in offers] == [None] * len(offers) != []
    mixed = [(name, price) for name, _, price in found("gcp", "us-east4", "nvidia-h100-mega-80gb")]
    assert mixed == [("a3-megagpu-8g", Decimal("92.937588"))]
    assert [price for _, _, price in found("gcp", "us-central1", "nvidia-h200-141gb")] == [None]


def test_a_machine_has_exactly_as_many_accelerators_as_asked():
    assert {name for name, _, _ in found("gcp", "us-central1", "nvidia-l4", 2)} == {"g2-standard-24"}
    assert {name for name, _, _ in found("azure", "eastus", "nvidia-a10", 2)} == {"Standard_NV72ads_A10_v5"}
    assert found("gcp", "us-central1", "nvidia-l4", 3) == []


def test_a_part_of_a_gpu_is_found_only_when_asked_for():
    assert not any(name.startswith("g6f") for name, _, _ in found("aws", "us-east-1", "nvidia-l4"))
    assert {name for name, _, _ in found("aws", "us-east-1", "nvidia-l4", 0.125)} == {"g6f.large", "g6f.xlarge"}
    assert {name for name, _, _ in found("azure", "eastus", "nvidia-a10", 1 / 3)} == {"Standard_NV12ads_A10_v5"}


# n1-standard-4 is 0.189999 an hour in us-central1, a T4 0.35: each listed by Google.
def test_attached_gpus_come_with_the_machine_in_one_price():
    (first, *_) = machines_with("gcp", "us-central1", "nvidia-t4", 1, catalogue=REAL)
    assert (first.machine.instance_type, first.machine.accelerator, first.machine.accelerator_count) == ("n1-standard-4", "T4", 1)
    assert (first.machine.vcpus, first.machine.memory_gib) == (4, 15)
    assert first.on_demand.usd == Decimal("0.189999") + Decimal("0.35")
    assert first.spot is not None
    two = {name: usd for name, _, usd in found("gcp", "us-central1", "nvidia-t4", 2)}
    assert two["n1-standard-4"] == Decimal("0.189999") + 2 * Decimal("0.35")


# Google Cloud documentation, N1 GPUs: one V100 up to 12 vCPUs, eight up to 96; one T4 up to 48.
def test_attached_gpus_bound_the_machine():
    assert max(REAL.machine("gcp", name).vcpus for name, _, _ in found("gcp", "us-central1", "nvidia-v100", 1)) == 8
    assert max(REAL.machine("gcp", name).vcpus for name, _, _ in found("gcp", "us-central1", "nvidia-t4", 1)) == 32
    assert "n1-standard-96" in {name for name, _, _ in found("gcp", "us-central1", "nvidia-v100", 8)}
    assert not {name for name, _, _ in found("gcp", "us-central1", "nvidia-t4")} & {"n1-standard-1", "n1-standard-2", "n1-highcpu-4"}


def test_attached_gpus_come_in_the_numbers_that_google_allows():
    assert gke_attachable("nvidia-v100") == (1, 2, 4, 8)
    assert gke_attachable("nvidia-t4") == gke_attachable("nvidia-p100") == gke_attachable("nvidia-p4") == (1, 2, 4)
    assert gke_attachable("nvidia-l4") == gke_attachable("no-such") == ()


# A v5e chip is 1.20 an hour in us-central1; hosts of 1, 4 and 8 chips (Google Cloud documentation, TPU v5e).
def test_tpus_are_the_hosts_of_gke_at_the_price_of_their_chips():
    assert found("gcp", "us-central1", "tpu-v5e") == [
        ("ct5lp-hightpu-1t", 1, Decimal("1.2")),
        ("ct5lp-hightpu-4t", 4, Decimal("4.8")),
        ("ct5lp-hightpu-8t", 8, Decimal("9.6")),
    ]
    (host,) = machines_with("gcp", "us-central1", "tpu-v5e", 4, catalogue=REAL)
    assert (host.machine.vcpus, host.machine.memory_gib, host.machine.family) == (112, 192, "ct5lp-hightpu")
    assert found("gcp", "us-central1", "tpu7x") == [("tpu7x-standard-4t", 4, None)]


def test_google_prices_gpus_in_regions_that_have_none():
    assert REAL.offer("gcp", "africa-south1", "a2-highgpu-1g").on_demand is not None
    assert found("gcp", "africa-south1", "nvidia-a100-40gb") == []


def test_an_unknown_word_has_no_meaning_and_no_machines():
    assert pool_accelerator("nvidia-h1000") is None
    assert found("aws", "us-east-1", "nvidia-h1000") == found("aws", "mars-1", "nvidia-l4") == []


def test_the_words_are_read_in_less_than_20_ms():
    for read in (pool_accelerator.__globals__["_words"], pool_accelerator.__globals__["_attachable"]):
        read.cache_clear()
    start = time.perf_counter()
    assert pool_accelerator("nvidia-l4") is not None
    assert gke_attachable("nvidia-t4")
    assert time.perf_counter() - start < 0.02


@pytest.mark.parametrize(("table", "key"), [("pool_accelerators", ("word",)), ("attachable_gpus", ("word", "count"))])
def test_every_row_is_dated_and_sourced_once(table, key):
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({tuple(row[column] for column in key) for row in rows}) == len(rows) > 0
    assert all(row["as_of"] and row["source"] for row in rows)
