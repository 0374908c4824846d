"""Azure: paging, which items become prices, and whole-term reservations."""

from pathlib import Path
from typing import Any

import pytest

from catalogue.refresh.model import CannotFetch
from tests.catalogue.refresh import shapes
from tests.catalogue.refresh.refreshing import refreshed, rows
from tests.catalogue.refresh.serving import Answer, Asked, Serving, of
from tests.catalogue.refresh.shapes import item, meter, page

SOURCE = "azure-retail-prices-2026-11-25"
D2 = "Standard_D2s_v5"
ONLY_MACHINES = frozenset({"machines"})


@pytest.fixture
def data(tmp_path: Path) -> Path:
    files = {
        "sources.csv": "old-2026-01-01,2026-01-01,medium,second hand\n",
        "prices/azure/westeurope.csv": f"{D2},0.115,,old-2026-01-01\n",
        "machines/azure.csv": f"{D2},2,8,,,,old\n",
    }
    return shapes.catalogue(tmp_path, files)


def machines(data: Path) -> list[str]:
    return rows(data, "prices/azure/westeurope.csv")


LEFT_OUT: dict[str, dict[str, Any]] = {
    "Windows": item(D2, 0.207, productName="Virtual Machines Dsv5 Series Windows"),
    "low priority": item(D2, 0.02, skuName="D2s v5 Low Priority"),
    "cloud services": item(D2, 0.13, productName="Dsv5 Series CloudServices"),
    "for development": item(D2, 0.1, type="DevTestConsumption"),
    "by month": item(D2, 80.0, unitOfMeasure="1 Month"),
    "a second band": item(D2, 0.09, tierMinimumUnits=100.0),
    "not yet in force": item(D2, 0.2, effectiveStartDate="2026-12-01T00:00:00Z"),
    "replaced since": item(D2, 0.2, effectiveStartDate="2025-01-01T00:00:00Z"),
    "no primary meter": item(D2, 0.2, isPrimaryMeterRegion=False),
    "another currency": item(D2, 0.2, currencyCode="EUR"),
    "free": item("Standard_D4s_v5", 0.0),
    "negative": item("Standard_D4s_v5", -0.1),
    "no number": item("Standard_D4s_v5", 0) | {"retailPrice": "call us"},
    "a host": item("Dsv5_Type1", 4.0),
    "a name that is a path": item("Standard_../../x", 4.0),
}


@pytest.mark.parametrize("other", LEFT_OUT.values(), ids=LEFT_OUT)
def test_only_a_plain_hour_in_force_is_the_on_demand_price(other: dict[str, Any], data: Path) -> None:
    refreshed("azure", data, shapes.azure([other, item(D2, 0.115)]), services=ONLY_MACHINES)
    assert machines(data) == [f"{D2},0.115,,{SOURCE}"]


def test_a_spot_price_stands_beside_the_on_demand_price(data: Path) -> None:
    spot = item(D2, 0.0215, skuName="D2s v5 Spot", meterName="D2s v5 Spot")
    refreshed("azure", data, shapes.azure([item(D2, 0.115), spot]), services=ONLY_MACHINES)
    assert machines(data) == [f"{D2},0.115,0.0215,{SOURCE}"]


def test_a_spot_price_above_on_demand_is_no_price(data: Path) -> None:
    spot = item(D2, 0.2, skuName="D2s v5 Spot")
    outcome = refreshed("azure", data, shapes.azure([item(D2, 0.115), spot]), services=ONLY_MACHINES)
    assert machines(data) == [f"{D2},0.115,,{SOURCE}"]
    assert outcome.skipped["spot above on demand"] == 1


def test_small_prices_keep_their_digits(data: Path) -> None:
    refreshed("azure", data, shapes.azure([item("Standard_B1ls", 5.2e-05), item(D2, 0.115)]), services=ONLY_MACHINES)
    assert f"Standard_B1ls,0.000052,,{SOURCE}" in machines(data)


def test_a_reservation_is_paid_for_its_whole_term(data: Path) -> None:
    terms = [
        item(D2, 594.0, type="Reservation", reservationTerm="1 Year"),
        item(D2, 1148.0, type="Reservation", reservationTerm="3 Years"),
        item(D2, 1900.0, type="Reservation", reservationTerm="5 Years"),
    ]
    refreshed("azure", data, shapes.azure([item(D2, 0.115), *terms]), services=ONLY_MACHINES)
    # 594 USD ÷ 8,760 h = 0.067808…; 1,148 USD ÷ 26,280 h = 0.043683…
    assert rows(data, "commitments/azure/reservation.csv") == [
        f"{D2},westeurope,1,monthly,price_usd_hour,0.067808,{SOURCE}",
        f"{D2},westeurope,3,monthly,price_usd_hour,0.043683,{SOURCE}",
    ]


def test_a_new_size_gets_the_cores_of_its_name(data: Path) -> None:
    new = [item("Standard_NC24ads_A100_v4", 4.7), item("Standard_E64-16s_v5", 4.6), item(D2, 0.115)]
    refreshed("azure", data, shapes.azure(new), services=ONLY_MACHINES)
    assert f"Standard_NC24ads_A100_v4,24,,,,,{SOURCE}" in rows(data, "machines/azure.csv")
    assert f"Standard_E64-16s_v5,16,,,,,{SOURCE}" in rows(data, "machines/azure.csv")


def test_disks_blobs_and_meters_of_everywhere(data: Path) -> None:
    meters = [
        meter("Premium SSD Managed Disks", "P10 LRS", "P10 LRS Disk", 21.68, "1/Month"),
        meter("Premium SSD Managed Disks", "P10 LRS", "P10 LRS Disk Mount", 0.91, "1/Month"),
        meter("Standard SSD Managed Disks", "E10 ZRS", "E10 ZRS Disk", 14.4, "1/Month"),
        meter("General Block Blob v2", "Hot LRS", "Hot LRS Data Stored", 0.0196, "1 GB/Month"),
        meter("General Block Blob v2", "Hot LRS", "Hot LRS Data Stored", 0.0188, "1 GB/Month", tierMinimumUnits=51200.0),
        meter("General Block Blob v2", "Cool RA-GRS", "Cool RA-GRS Data Stored", 0.025, "1 GB/Month"),
        meter("NAT Gateway", "Standard", "Standard Gateway", 0.045, "1 Hour", serviceName="NAT Gateway", armRegionName="Global"),
    ]
    wanted = frozenset({"managed-disk", "blob-storage", "nat-gateway"})
    refreshed("azure", data, shapes.azure([], meters), services=wanted)
    assert {line for service in wanted for line in rows(data, f"services/azure/{service}.csv")} == {
        f"premium-ssd-p10-lrs,westeurope,disk-month,21.68,{SOURCE}",
        f"standard-ssd-e10-zrs,westeurope,disk-month,14.4,{SOURCE}",
        f"hot-lrs-storage-first-50TB,westeurope,GB-month,0.0196,{SOURCE}",
        f"hot-lrs-storage-next-450TB,westeurope,GB-month,0.0188,{SOURCE}",
        f"cool-ragrs-storage,westeurope,GB-month,0.025,{SOURCE}",
        f"gateway,global,hour,0.045,{SOURCE}",
    }


def test_pages_are_followed_on_the_host_that_was_asked(data: Path) -> None:
    asked: list[Serving] = []

    def answer(one: Asked) -> Answer:
        if "Reservation" in one.query["$filter"]:
            return page([])
        if one.query.get("$skip") == "1000":
            return page([item("Standard_D4s_v5", 0.23)])
        following = "https://prices.azure.com:443/api/retail/prices?$filter=serviceName%20eq%20'Virtual%20Machines'&$skip=1000"
        return page([item(D2, 0.115)], following)

    refreshed("azure", data, answer, asked, services=ONLY_MACHINES)
    assert machines(data) == [f"{D2},0.115,,{SOURCE}", f"Standard_D4s_v5,0.23,,{SOURCE}"]
    filters = [one.query["$filter"] for one in asked[0].asked]
    assert filters[0] == "serviceName eq 'Virtual Machines' and armRegionName eq 'westeurope' and priceType eq 'Consumption'"
    assert {one.path for one in asked[0].asked} == {"/api/retail/prices"}


WRONG = {
    "a loop of pages": (page([item(D2, 0.115)], "https://prices.azure.com/api/retail/prices?$skip=1000"), "its pages form a loop"),
    "an empty list": (page([]), "no virtual machine in the region westeurope"),
    "no items": (of({"error": "x"}), "has no Items"),
    "items that are none": (of({"Items": [1]}), "an item is no object"),
    "cut off": (Answer(b'{"Items": [{"retailPrice": 0.1'), "cut off or no JSON"),
    "a page": (Answer(b"<html>", kind="text/html"), "a web page"),
}


@pytest.mark.parametrize(("answer", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_answer_is_no_fetch_and_changes_nothing(answer: Answer, words: str, data: Path) -> None:
    before = shapes.contents(data)
    with pytest.raises(CannotFetch, match=words):
        refreshed("azure", data, lambda asked: answer, services=ONLY_MACHINES)
    assert shapes.contents(data) == before
