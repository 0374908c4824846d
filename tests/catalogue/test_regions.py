"""The regions' facts against the providers' own lists."""

import csv
from pathlib import Path

import pytest

from catalogue.regions import providers_with, regions

FILE = Path(__file__).parents[2] / "catalogue" / "data" / "regions.csv"


@pytest.mark.parametrize(
    ("provider", "name", "continent"),
    [
        ("aws", "eu-west-1", "europe"),
        ("aws", "ap-southeast-2", "oceania"),
        ("aws", "me-central-1", "middle-east"),
        ("gcp", "northamerica-northeast1", "north-america"),
        ("gcp", "australia-southeast1", "oceania"),
        ("azure", "brazilsouth", "south-america"),
    ],
)
def test_a_region_lies_on_its_continent(provider, name, continent):
    assert regions(provider)[name].continent == continent


def test_london_and_zurich_lie_outside_the_multi_region_eu():
    inside = {name for name, region in regions("gcp").items() if region.multi_region == "EU"}
    assert "europe-west1" in inside
    assert not inside & {"europe-west2", "europe-west6"}


def test_only_google_has_multi_regions_and_only_azure_zones_and_pairs():
    for region in (*regions("aws").values(), *regions("azure").values()):
        assert region.multi_region is None
    for region in (*regions("aws").values(), *regions("gcp").values()):
        assert (region.has_zones, region.has_pair, region.paired_region) == (None, None, None)


# Microsoft Learn, Azure regions list, 2025-03-21.
@pytest.mark.parametrize(
    ("name", "has_zones", "pair"),
    [("westeurope", True, "northeurope"), ("westus", False, "eastus"), ("italynorth", True, None), ("westus3", True, "eastus")],
)
def test_azure_zones_and_pairs(name, has_zones, pair):
    region = regions("azure")[name]
    assert (region.has_zones, region.paired_region, region.has_pair) == (has_zones, pair, pair is not None)


def test_a_region_that_the_list_does_not_hold_is_unknown_not_without():
    region = regions("azure")["chilecentral"]
    assert (region.has_zones, region.has_pair) == (None, None)


def test_every_pair_is_a_region():
    for region in regions("azure").values():
        assert region.paired_region is None or region.paired_region in regions("azure")


def test_a_name_finds_its_providers():
    assert providers_with("eu-west-1") == ("aws",)
    assert providers_with("nowhere") == ()
    assert regions("nobody") == {}


def test_every_row_is_sourced_once():
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["provider"], row["region"]) for row in rows}) == len(rows) == 133
    assert all(row["source"] and row["continent"] for row in rows)
    # The one source without a date states none itself.
    assert [row["region"] for row in rows if not row["as_of"]] == ["us-central2"]
