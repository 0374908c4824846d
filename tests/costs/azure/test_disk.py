from decimal import Decimal
from typing import Any

import pytest

from costs.azure.disk import tier_sku
from costs.model import Estimate
from costs.resource import UNKNOWN
from tests.costs.building import estimated, prices, resource, told, usd

DISK = "azure-native:compute:Disk"
# USD a disk and month, managed disks list price, East US, 2026.
LIST = prices(
    *(
        ("azure", "managed-disk", sku, "eastus", unit, price)
        for sku, unit, price in (
            ("premium-ssd-p4-lrs", "disk-month", "5.28"),
            ("premium-ssd-p10-lrs", "disk-month", "19.71"),
            ("premium-ssd-p30-lrs", "disk-month", "135.17"),
            ("premium-ssd-p10-lrs-mount", "disk-month", "0.91"),
            ("standard-ssd-e10-lrs", "disk-month", "9.60"),
            ("standard-ssd-e10-operations", "10k operations", "0.002"),
            ("standard-hdd-s4-lrs", "disk-month", "1.54"),
            ("premium-ssd-v2-capacity", "GiB-month", "0.081"),
            ("premium-ssd-v2-iops-over-3000", "IOPS-month", "0.005"),
            ("premium-ssd-v2-throughput-over-125", "MBps-month", "0.04"),
            ("ultra-capacity", "GiB-month", "0.11972"),
            ("ultra-iops", "IOPS-month", "0.04964"),
            ("ultra-throughput", "MBps-month", "0.3495"),
            ("snapshot-lrs", "GB-month", "0.05"),
        )
    )
)


def disk(sku: str, gib: Any, **more: Any) -> Estimate:
    properties = {"location": "eastus", "sku": {"name": sku}, "diskSizeGB": gib, **more}
    return estimated(LIST, resource(DISK, properties=properties), usage=told(operationsPerMonth=1_000_000))


@pytest.mark.parametrize(
    ("kind", "gib", "sku"),
    [
        ("Premium_LRS", 1, "premium-ssd-p1-lrs"),
        ("Premium_LRS", 4, "premium-ssd-p1-lrs"),
        ("Premium_LRS", 5, "premium-ssd-p2-lrs"),
        ("Premium_LRS", 128, "premium-ssd-p10-lrs"),
        ("Premium_LRS", 129, "premium-ssd-p15-lrs"),
        ("Premium_ZRS", 128, "premium-ssd-p10-zrs"),
        ("StandardSSD_LRS", 4096, "standard-ssd-e50-lrs"),
        ("Standard_LRS", 4, "standard-hdd-s4-lrs"),
        ("Standard_LRS", 33, "standard-hdd-s6-lrs"),
        ("Premium_LRS", 32767, "premium-ssd-p80-lrs"),
        ("Premium_LRS", 40000, None),
        ("UltraSSD_LRS", 128, None),
        ("", 128, None),
    ],
)
def test_a_disk_is_billed_as_the_next_larger_tier_of_its_type(kind: str, gib: int, sku: str | None) -> None:
    assert tier_sku(kind, Decimal(gib)) == sku


def test_a_premium_disk_costs_its_tier_whatever_the_operations() -> None:
    found = disk("Premium_LRS", 100)
    # 100 GiB is a P10: 19.71 USD a month
    assert usd(found, "disk") == (Decimal("19.7100"),) * 3
    assert not found.unpriced


def test_a_standard_disk_also_pays_for_its_operations() -> None:
    found = disk("StandardSSD_LRS", 128)
    # E10 9.60, and 1,000,000 operations × 0.002 USD/10,000 = 0.20
    assert usd(found, "disk (") == (Decimal("9.6000"),) * 3
    assert usd(found, "disk operations") == (Decimal("0.2000"),) * 3


def test_operations_that_nobody_tells_are_an_assumption_and_not_missing() -> None:
    found = estimated(LIST, resource(DISK, properties={"sku": {"name": "StandardSSD_LRS"}, "diskSizeGB": 128, "location": "eastus"}))
    assert not found.unpriced
    # 1,000, 100,000 and 1,000,000 operations × 0.002 USD/10,000
    assert usd(found, "disk operations") == (Decimal("0.0002"), Decimal("0.0200"), Decimal("0.2000"))


def test_a_chosen_performance_tier_is_paid_instead_of_that_of_the_size() -> None:
    # 128 GiB with tier P30: 135.17 USD
    assert usd(disk("Premium_LRS", 128, tier="P30"), "disk") == (Decimal("135.1700"),) * 3


def test_a_shared_disk_pays_for_each_further_mount() -> None:
    # 3 shares are 2 further mounts × 0.91 USD
    assert usd(disk("Premium_LRS", 128, maxShares=3), "shared mounts") == (Decimal("1.8200"),) * 3


def test_a_premium_v2_disk_pays_only_above_what_is_included() -> None:
    found = disk("PremiumV2_LRS", 1000, diskIOPSReadWrite=5000, diskMBpsReadWrite=125)
    # 1,000 GiB × 0.081; (5,000 - 3,000) IOPS × 0.005; 125 MB/s are included
    assert usd(found, "capacity") == (Decimal("81.0000"),) * 3
    assert usd(found, "iops") == (Decimal("10.0000"),) * 3
    assert not [line for line in found.lines if line.driver.startswith("throughput")]


def test_an_ultra_disk_pays_for_all_of_its_performance_and_nothing_is_guessed() -> None:
    found = disk("UltraSSD_LRS", 100, diskIOPSReadWrite=1000)
    # 1,000 IOPS × 0.04964
    assert usd(found, "iops") == (Decimal("49.6400"),) * 3
    assert [each.driver for each in found.unpriced] == ["throughput"]


def test_a_snapshot_costs_between_nothing_and_the_whole_disk() -> None:
    it = resource("azure-native:compute:Snapshot", properties={"location": "eastus", "diskSizeGB": 100})
    # 0 … 50 … 100 GiB × 0.05
    assert usd(estimated(LIST, it), "snapshot") == (Decimal("0.0000"), Decimal("2.5000"), Decimal("5.0000"))


@pytest.mark.parametrize("gib", [UNKNOWN, None, "large", -5])
def test_a_size_that_is_not_known_is_unpriced_never_free(gib: Any) -> None:
    found = disk("Premium_LRS", gib)
    assert not found.lines
    assert found.unpriced


def test_a_tier_without_a_price_is_named_and_no_other_is_taken() -> None:
    found = disk("Premium_LRS", 256)
    assert not found.lines
    assert "premium-ssd-p15-lrs" in found.unpriced[0].reason


def test_on_demand_bursting_is_not_left_out() -> None:
    assert [each.driver for each in disk("Premium_LRS", 128, burstingEnabled=True).unpriced] == ["on-demand bursting"]


def test_a_price_by_the_hour_is_paid_for_all_of_the_month() -> None:
    # As the price list on record has them. Source: Azure managed disks pricing, East US.
    hourly = prices(
        ("azure", "managed-disk", "premium-ssd-v2-capacity", "eastus", "GiB-hour", "0.00011"),
        ("azure", "managed-disk", "premium-ssd-v2-iops-over-3000", "eastus", "IOPS-hour", "0.000007"),
        ("azure", "managed-disk", "premium-ssd-v2-throughput-over-125", "eastus", "MBps-hour", "0.000055"),
    )
    shape = {"sku": {"name": "PremiumV2_LRS"}, "diskSizeGB": 1000, "diskIOPSReadWrite": 5000, "diskMBpsReadWrite": 225}
    found = estimated(hourly, resource("azure-native:compute:Disk", properties={"location": "eastus", **shape}))
    assert usd(found, "capacity") == (Decimal("80.3000"),) * 3  # 1,000 × 730 × 0.00011
    assert usd(found, "iops") == (Decimal("10.2200"),) * 3  # 2,000 × 730 × 0.000007
    assert usd(found, "throughput") == (Decimal("4.0150"),) * 3  # 100 × 730 × 0.000055


def test_operations_cost_the_same_on_every_size_of_standard_ssd() -> None:
    lists = prices(
        ("azure", "managed-disk", "standard-ssd-e4-lrs", "eastus", "disk-month", "2.4"),
        ("azure", "managed-disk", "standard-ssd-e10-operations", "eastus", "10k operations", "0.002"),
    )
    it = resource("azure-native:compute:Disk", properties={"location": "eastus", "sku": {"name": "StandardSSD_LRS"}, "diskSizeGB": 32})
    found = estimated(lists, it)
    assert usd(found, "disk operations") == (Decimal("0.0002"), Decimal("0.0200"), Decimal("0.2000"))
    assert not found.unpriced
