"""The tables of known rows agree with the catalogue that they feed."""

import csv
from collections.abc import Iterator

import pytest

from catalogue.index import DATA
from catalogue.refresh.gcp_skus import covering
from catalogue.refresh.rules import Target, aws_rules, azure_rules, gcp_rules


def targets() -> Iterator[tuple[str, Target]]:
    yield from (("aws", rule.target) for rule in aws_rules())
    yield from (("azure", rule.target) for rule in azure_rules())
    yield from (("gcp", rule.target) for rule in gcp_rules())


def recorded(provider: str, service: str) -> dict[str, str]:
    """sku → unit, of a service on record."""
    file = DATA / "services" / provider / f"{service}.csv"
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as opened:
        return {row["sku"]: row["unit"] for row in csv.DictReader(opened)}


def test_a_sku_has_the_unit_that_it_has_in_the_catalogue() -> None:
    wrong = [
        (provider, target, unit)
        for provider, target in targets()
        if (unit := recorded(provider, target.service).get(target.sku, target.unit)) != target.unit
    ]
    assert wrong == []


def test_no_two_rows_of_a_table_feed_one_sku() -> None:
    named = [(provider, target.service, target.sku) for provider, target in targets()]
    assert len(named) == len(set(named))


SUMS = (
    "e2-standard-4",
    "e2-medium",
    "n1-highmem-8",
    "n2-standard-128",
    "c4a-highcpu-1",
    "g2-standard-96",
    "a2-megagpu-16g",
    "t2d-standard-1",
)
OTHERS = (
    "a2-ultragpu-1g",
    "a3-highgpu-8g",
    "c3-standard-4-lssd",
    "c4-highmem-288-metal",
    "e2-micro",
    "e2-small",
    "g4-standard-12",
    "tpu-v5e-chip",
    "gpu-nvidia-tesla-t4",
)


@pytest.mark.parametrize("name", SUMS)
def test_a_plain_machine_type_is_the_sum_of_its_parts(name: str) -> None:
    assert covering(name) is not None


@pytest.mark.parametrize("name", OTHERS)
def test_machine_types_with_bundled_disks_shared_cores_or_slices_are_not(name: str) -> None:
    assert covering(name) is None
