"""Which region of another cloud is nearest."""

import pytest

from catalogue.locations import location, nearest
from catalogue.regions import regions


@pytest.mark.parametrize(
    ("provider", "region", "other", "found"),
    [
        ("aws", "eu-west-1", "azure", "northeurope"),  # both Dublin
        ("aws", "eu-central-1", "gcp", "europe-west3"),  # both Frankfurt
        ("gcp", "asia-northeast1", "azure", "japaneast"),  # both Tokyo
        ("azure", "westeurope", "gcp", "europe-west4"),  # both in the Netherlands
        ("azure", "swedencentral", "aws", "eu-north-1"),
        ("gcp", "us-east4", "aws", "us-east-1"),  # both Ashburn
    ],
)
def test_the_nearest_region_is_the_one_in_the_same_place(provider, region, other, found):
    assert nearest(provider, region, other)[0][0] == found


def test_the_distance_is_that_of_the_great_circle():
    # Dublin to London: 464 km by great circle; the nearest Google region to eu-west-1 is London.
    name, km = nearest("aws", "eu-west-1", "gcp")[0]
    assert name == "europe-west2"
    assert km == pytest.approx(464, abs=15)


def test_an_unknown_region_has_no_neighbour():
    assert nearest("aws", "mars-1", "gcp") == []


def test_a_region_that_ordinary_accounts_cannot_use_is_never_the_nearest():
    assert nearest("azure", "westus2", "aws")[0][0] == "us-west-2"
    assert nearest("azure", "eastus", "aws")[0][0] == "us-east-1"


@pytest.mark.parametrize("provider", ["aws", "gcp", "azure"])
def test_every_region_that_the_plan_accepts_has_a_place(provider):
    assert [name for name in regions(provider) if location(provider, name) is None] == []
