"""Artifact Registry."""

from decimal import Decimal

from tests.costs.building import estimated, resource, told, usd
from tests.costs.gcp.listed import LIST, R

D = Decimal


def test_a_registry_is_paid_by_what_it_holds_and_what_leaves_the_region() -> None:
    it = resource("gcp:artifactregistry/repository:Repository", properties={"location": R})
    found = estimated(LIST, it, usage=told(storedGib=50, crossRegionGibPerMonth=30))
    assert usd(found, "storage") == (D("5.0000"),) * 3  # 50 × 0.10
    assert usd(found, "pulls") == (D("0.3000"),) * 3  # 30 × 0.01
    virtual = resource("gcp:artifactregistry/repository:Repository", properties={"location": R, "mode": "VIRTUAL_REPOSITORY"})
    assert estimated(LIST, virtual).free == 1


def test_scans_are_paid_where_they_are_on() -> None:
    properties = {"location": R, "vulnerabilityScanningConfig": {"enablementConfig": "INHERITED"}}
    it = resource("gcp:artifactregistry/repository:Repository", properties=properties)
    assert usd(estimated(LIST, it, usage=told(operationsPerMonth=10)), "vulnerability scans") == (D("2.6000"),) * 3  # 10 × 0.26
