"""Zones, against the providers' lists."""

import csv

import pytest

from catalogue.index import DATA
from catalogue.pool_accelerators import accelerator_words
from catalogue.regions import regions
from catalogue.zones import accelerator_zones, zones


def suffixes(provider, region):
    return "".join(zone.removeprefix(region).removeprefix("-") for zone in zones(provider, region))


# Google Cloud documentation, Regions and zones: not every region begins with a.
@pytest.mark.parametrize(
    ("region", "letters"), [("us-east1", "bcd"), ("europe-west1", "bcd"), ("us-central1", "abcf"), ("europe-west4", "abc")]
)
def test_google_zones_have_the_letters_that_google_lists(region, letters):
    assert suffixes("gcp", region) == letters
    assert zones("gcp", region)[0] == f"{region}-{letters[0]}"


# EC2 User Guide, Availability Zones; EKS User Guide: us-east-1e takes no control plane.
@pytest.mark.parametrize(
    ("region", "letters"),
    [
        ("us-east-1", "abcdf"),
        ("us-west-2", "abcd"),
        ("us-west-1", "ab"),
        ("ca-central-1", "abd"),
        ("ap-northeast-1", "acd"),
        ("eu-west-1", "abc"),
    ],
)
def test_aws_zones_are_those_that_a_cluster_may_use(region, letters):
    assert suffixes("aws", region) == letters


def test_azure_numbers_the_zones_of_regions_that_have_them():
    assert zones("azure", "westeurope") == ("1", "2", "3")
    assert zones("azure", "westus") == zones("azure", "chilecentral") == ()


@pytest.mark.parametrize("provider", ["aws", "gcp"])
def test_every_region_has_zones_and_a_cluster_needs_two(provider):
    few = [region for region in regions(provider) if len(zones(provider, region)) < 2]
    # Cloud TPU's own region shows one zone to customers.
    assert few == (["us-central2"] if provider == "gcp" else [])


def test_what_is_unknown_has_no_zones():
    assert zones("gcp", "mars-1") == zones("azure", "mars-1") == zones("nobody", "us-east-1") == ()


# Google Cloud documentation, TPU regions and zones; accelerator types that Compute Engine lists by zone.
@pytest.mark.parametrize(
    ("region", "word", "letters"),
    [
        ("us-central1", "tpu-v6e", "b"),
        ("us-east5", "tpu-v6e", "ab"),
        ("us-west4", "tpu-v5e", "a"),
        ("europe-west4", "tpu-v5p", "b"),
        ("us-central1", "nvidia-t4", "abcf"),
        ("europe-west4", "nvidia-a100-80gb", "a"),
        ("us-east4", "nvidia-l4", "ac"),
        ("us-west3", "nvidia-b200", "bc"),
    ],
)
def test_an_accelerator_is_in_the_zones_that_google_lists(region, word, letters):
    assert accelerator_zones("gcp", region, word) == tuple(f"{region}-{letter}" for letter in letters)


def test_a_region_without_the_accelerator_is_known_to_have_none():
    assert accelerator_zones("gcp", "africa-south1", "nvidia-l4") == ()


def test_zones_that_nobody_publishes_are_not_known():
    assert accelerator_zones("aws", "us-east-1", "nvidia-l4") is accelerator_zones("azure", "eastus", "nvidia-t4") is None
    assert accelerator_zones("gcp", "us-central1", "nvidia-rtx-pro-6000") is None
    assert accelerator_zones("gcp", "us-central1", "no-such") is None


def test_every_accelerators_zone_is_a_zone_of_its_region_and_its_word_is_known():
    with (DATA / "accelerator_zones.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["region"], row["word"]) for row in rows}) == len(rows) > 100
    for row in rows:
        assert row["word"] in accelerator_words()
        assert set(row["zones"].split()) <= set(zones("gcp", row["region"])), row
        assert row["as_of"], row
        assert row["source"], row


def test_every_row_is_dated_and_sourced_once():
    with (DATA / "zones.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["provider"], row["region"]) for row in rows}) == len(rows) > 70
    assert all(row["as_of"] and row["source"] for row in rows)
