"""Where a resource is paid."""

import pytest

from costs.gcp.place import is_zone, place, region_of
from costs.resource import UNKNOWN, Program, Resource
from tests.costs.building import resource


def region(it: Resource, *others: Resource, **config: str) -> str | None:
    program = Program([it, *others], {f"gcp:{key}": value for key, value in config.items()})
    found = place(it, program)
    assert found.provider == "gcp"
    return found.region


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"location": "EUROPE-WEST4"}, "europe-west4"),
        ({"location": "EU"}, "eu"),
        ({"location": "us-central1-a"}, "us-central1"),
        ({"zone": "us-east5-b"}, "us-east5"),
        ({"zone": "https://www.googleapis.com/compute/v1/projects/p/zones/asia-east1-c"}, "asia-east1"),
        ({"region": "me-central2", "zone": "us-east1-b"}, "me-central2"),
        ({"location": UNKNOWN}, None),
        ({}, None),
    ],
)
def test_the_region_is_that_of_the_location(properties: dict[str, object], expected: str | None) -> None:
    assert region(resource("gcp:compute/disk:Disk", properties=properties)) == expected


def test_a_part_is_where_its_owner_is() -> None:
    cluster = resource("gcp:container/cluster:Cluster", "c", {"location": "europe-west1-b"})
    pool = resource("gcp:container/nodePool:NodePool", "p", {"cluster": UNKNOWN}, refers={"cluster": cluster.urn})
    assert region(pool, cluster, region="us-east1") == "europe-west1"
    ring = resource("gcp:kms/keyRing:KeyRing", "r", {"location": "europe"})
    key = resource("gcp:kms/cryptoKey:CryptoKey", "k", {"keyRing": UNKNOWN}, refers={"keyRing": ring.urn})
    assert region(key, ring) == "europe"
    existing = resource("gcp:kms/cryptoKey:CryptoKey", "k", {"keyRing": "projects/p/locations/us-west1/keyRings/r"})
    assert region(existing) == "us-west1"


def test_the_provider_goes_before_the_configuration() -> None:
    it = resource("gcp:compute/disk:Disk")
    assert region(it, region="us-east1") == "us-east1"
    assert region(it, zone="us-east4-a") == "us-east4"
    provider = resource("pulumi:providers:gcp", "elsewhere", {"region": "asia-south1"})
    own = Resource(urn=it.urn, type=it.type, properties={}, provider=provider.urn)
    assert region(own, provider, region="us-east1") == "asia-south1"


def test_a_provider_whose_region_is_not_known_leaves_the_configuration_s() -> None:
    provider = resource("pulumi:providers:gcp", "elsewhere", {"region": UNKNOWN})
    own = Resource(
        urn="urn:pulumi:test::shop::gcp:compute/disk:Disk::it", type="gcp:compute/disk:Disk", properties={}, provider=provider.urn
    )
    assert region(own, provider, region="us-east1") == "us-east1"


def test_an_unknown_location_is_not_the_configuration_s() -> None:
    assert region(resource("gcp:compute/disk:Disk", properties={"zone": UNKNOWN}), region="us-east1") is None


def test_services_that_have_no_place_are_paid_everywhere() -> None:
    assert region(resource("gcp:pubsub/topic:Topic")) == "global"
    assert region(resource("gcp:pubsub/topic:Topic"), region="us-east1") == "us-east1"


def test_zones_are_told_from_regions() -> None:
    assert is_zone("us-central1-a")
    assert not is_zone("us-central1")
    assert not is_zone("europe-west12")
    assert region_of("europe-west12-b") == "europe-west12"
    assert region_of("us") == "us"
