from decimal import Decimal
from typing import Any

import pytest

from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import estimated, line, prices, resource, told, usd

ACCOUNT = "azure-native:storage:StorageAccount"
URN = f"urn:pulumi:test::shop::{ACCOUNT}::it"
# Blob storage list prices East US, 2026-10: USD a GB and month, and for 10,000 operations.
LIST = prices(
    *(
        ("azure", "blob-storage", sku, "eastus", unit, price)
        for sku, unit, price in (
            ("hot-lrs-storage-first-50TB", "GB-month", "0.0208"),
            ("hot-lrs-storage-next-450TB", "GB-month", "0.019968"),
            ("hot-zrs-storage-first-50TB", "GB-month", "0.026"),
            ("hot-lrs-write", "10k operations", "0.05"),
            ("hot-lrs-read", "10k operations", "0.004"),
            ("cool-lrs-storage", "GB-month", "0.0152"),
            ("cool-lrs-write", "10k operations", "0.1"),
            ("cool-lrs-read", "10k operations", "0.01"),
            ("cool-lrs-retrieval", "GB", "0.01"),
            ("archive-lrs-storage", "GB-month", "0.00099"),
            ("archive-lrs-write", "10k operations", "0.11"),
            ("archive-lrs-retrieval", "GB", "0.022"),
            ("hot-grs-storage-first-50TB", "GB-month", "0.0458"),
            ("geo-replication", "GB", "0.02"),
            ("premium-block-blob-lrs-storage", "GB-month", "0.195"),
        )
    ),
    ("azure", "files", "premium-lrs-provisioned", "eastus", "GB-month", "0.16"),
)
USAGE = {"storedGib": 1000, "writtenGibPerMonth": 100, "readGibPerMonth": 100, "objectMib": 8, "requestsPerSecond": 1}


def account(*others: Resource, usage: dict[str, Any] | None = None, **properties: Any) -> Estimate:
    given = {"location": "eastus", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2", **properties}
    return estimated(LIST, resource(ACCOUNT, properties=given), *others, usage=told(**{**USAGE, **(usage or {})}))


def policy(*rules: dict[str, Any], name: str = "policy") -> Resource:
    return resource("azure-native:storage:ManagementPolicy", name, {"policy": {"rules": [*rules]}}, refers={"accountName": URN})


def rule(base: dict[str, Any], filters: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    actions: dict[str, Any] = {"baseBlob": {name: days if isinstance(days, dict) else after(days) for name, days in base.items()}}
    return {"name": "rule", "definition": {"actions": actions, "filters": {"blobTypes": ["blockBlob"], **(filters or {})}}, **more}


def after(days: Any) -> dict[str, Any]:
    return {"daysAfterModificationGreaterThan": days}


def blob_service(**properties: Any) -> Resource:
    return resource("azure-native:storage:BlobServiceProperties", "service", properties, refers={"accountName": URN})


def drivers(found: Estimate) -> list[str]:
    return [each.driver for each in found.lines]


def test_an_account_costs_what_it_stores_and_what_is_asked_of_it() -> None:
    found = account()
    # 1,000 GiB × 0.0208
    assert usd(found, "hot storage") == (Decimal("20.8000"),) * 3
    # 100 GiB × 1024 ÷ 8 MiB = 12,800 objects × 0.05/10,000
    assert usd(found, "write requests") == (Decimal("0.0640"),) * 3
    # 1/s × 2,628,000 s × 0.004/10,000
    assert usd(found, "read requests") == (Decimal("1.0512"),) * 3
    assert not found.unpriced


def test_hot_storage_is_cheaper_above_50_tb_and_a_step_that_is_not_reached_needs_no_price() -> None:
    found = account(usage={"storedGib": 61_200})
    # 51,200 × 0.0208 + 10,000 × 0.019968
    assert usd(found, "hot storage") == (Decimal("1264.6400"),) * 3
    # at the edge the first step still holds: 51,200 × 0.0208
    assert usd(account(usage={"storedGib": 51_200}), "hot storage") == (Decimal("1064.9600"),) * 3
    # more than 500 TB reaches a step that this price list lacks
    assert "over-500TB" in account(usage={"storedGib": 600_000}).unpriced[0].reason


def test_an_account_that_begins_cool_pays_for_cool_and_for_retrieval() -> None:
    found = account(accessTier="Cool")
    # 1,000 × 0.0152; 100 GiB × 0.01
    assert usd(found, "cool storage") == (Decimal("15.2000"),) * 3
    assert usd(found, "retrieval from cool") == (Decimal("1.0000"),) * 3


def test_a_management_policy_moves_what_is_stored_and_each_move_is_paid() -> None:
    found = account(policy(rule({"tierToCool": 30, "tierToArchive": 90, "delete": 120})))
    # kept 120 days: 30 hot, 60 cool, 30 archive = 1/4, 1/2, 1/4 of 1,000 GiB in the steady state
    assert line(found, "cool storage").factors[1].amount.expected == Decimal("0.5")
    # 1,000 × 0.25 × 0.0208; 1,000 × 0.5 × 0.0152; 1,000 × 0.25 × 0.00099
    assert usd(found, "hot storage") == (Decimal("5.2000"),) * 3
    assert usd(found, "cool storage") == (Decimal("7.6000"),) * 3
    assert usd(found, "archive storage") == (Decimal("0.2475"),) * 3
    # 12,800 objects × 0.1/10,000, × 0.11/10,000
    assert usd(found, "moves to cool") == (Decimal("0.1280"),) * 3
    assert usd(found, "moves to archive") == (Decimal("0.1408"),) * 3


def test_a_tier_that_is_left_before_its_minimum_is_paid_to_the_end() -> None:
    found = account(policy(rule({"tierToArchive": 30, "delete": 90})))
    # 100 GiB a month, deleted after 60 of 180 days: 120 ÷ 30.41667 months × 0.00099
    assert usd(found, "early deletion from archive") == (Decimal("0.3906"),) * 3
    # cool from day 0 to 40 has its 30 days
    assert "early deletion from cool" not in drivers(account(policy(rule({"delete": 40})), accessTier="Cool"))


def test_a_rule_that_is_disabled_or_means_other_blobs_has_no_effect() -> None:
    plain = usd(account(), "hot storage")
    assert usd(account(policy(rule({"tierToCool": 0}, enabled=False))), "hot storage") == plain
    assert usd(account(policy(rule({"tierToCool": 0}, {"blobTypes": ["appendBlob"]}))), "hot storage") == plain


def test_a_rule_with_a_prefix_is_taken_for_all_and_the_assumption_is_said() -> None:
    found = account(policy(rule({"tierToCool": 30}, {"prefixMatch": ["logs/"]})))
    assert "cool storage" in drivers(found)
    assert any("only some blobs" in each.reason for each in found.assumptions)


def test_rules_by_last_access_are_taken_as_if_nothing_was_read_again() -> None:
    found = account(policy(rule({"tierToCool": {"daysAfterLastAccessTimeGreaterThan": 30}})))
    assert "cool storage" in drivers(found)
    assert any("last access" in each.reason for each in found.assumptions)


def test_of_several_deletions_the_earliest_holds() -> None:
    both = account(policy(rule({"delete": 400}), rule({"tierToCool": 30, "delete": 60})))
    # 60 days, half of them hot: 1,000 × 0.5 × 0.0208
    assert usd(both, "hot storage") == (Decimal("10.4000"),) * 3


def test_a_policy_that_cannot_be_read_is_named() -> None:
    unknown = resource("azure-native:storage:ManagementPolicy", "p", {"policy": UNKNOWN}, refers={"accountName": URN})
    assert "lifecycle" in [each.driver for each in account(unknown).unpriced]
    assert "lifecycle" in [each.driver for each in account(policy(rule({"delete": UNKNOWN}))).unpriced]


def test_soft_delete_keeps_what_the_lifecycle_deletes() -> None:
    kept = blob_service(deleteRetentionPolicy={"enabled": True, "days": 30})
    found = account(policy(rule({"delete": 60})), kept)
    # 100 GiB a month, all of it deleted, kept 30 ÷ 30.41667 months × 0.0208
    assert usd(found, "deleted blobs") == (Decimal("2.0515"),) * 3


def test_old_versions_cost_between_nothing_and_all_that_is_written() -> None:
    found = account(blob_service(isVersioningEnabled=True))
    # versions are never deleted: 6 months on average of 0 … 20 … 100 % of 100 GiB × 0.0208
    assert usd(found, "deleted blobs and old versions") == (Decimal("0.0000"), Decimal("2.4960"), Decimal("12.4800"))


def test_old_versions_that_a_rule_deletes_are_kept_only_so_long() -> None:
    actions = {"version": {"delete": {"daysAfterCreationGreaterThan": 73}}}
    found = account(policy({"name": "old", "definition": {"actions": actions}}), blob_service(isVersioningEnabled=True))
    # 73 ÷ 30.41667 = 2.4 months of 0 … 20 … 100 GiB × 0.0208
    assert usd(found, "deleted blobs and old versions") == (Decimal("0.0000"), Decimal("0.9984"), Decimal("4.9920"))


def test_deleted_versions_are_kept_as_long_as_the_soft_delete_keeps_them() -> None:
    actions = {"version": {"delete": {"daysAfterCreationGreaterThan": 73}}}
    service = blob_service(isVersioningEnabled=True, deleteRetentionPolicy={"enabled": True, "days": 73})
    found = account(policy({"name": "old", "definition": {"actions": actions}}), service)
    # (73 + 73) ÷ 30.41667 = 4.8 months of 0 … 20 … 100 GiB × 0.0208
    assert usd(found, "deleted blobs and old versions") == (Decimal("0.0000"), Decimal("1.9968"), Decimal("9.9840"))


def test_a_rule_cannot_warm_up_what_begins_cool() -> None:
    found = account(policy(rule({"tierToCool": 30})), accessTier="Cool")
    assert [each for each in drivers(found) if each.endswith("storage")] == ["cool storage"]
    assert "moves to cool" not in drivers(found)


def test_another_redundancy_is_never_priced_as_this_one() -> None:
    found = account(sku={"name": "Standard_GZRS"})
    assert "hot storage" not in drivers(found)
    assert any("hot-gzrs-storage-first-50TB" in each.reason for each in found.unpriced)
    # 1,000 × 0.026
    assert usd(account(sku={"name": "Standard_ZRS"}), "hot storage") == (Decimal("26.0000"),) * 3


def test_copies_to_the_second_region_are_paid() -> None:
    found = account(sku={"name": "Standard_GRS"})
    # 1,000 × 0.0458; 100 GiB written × 0.02
    assert usd(found, "hot storage") == (Decimal("45.8000"),) * 3
    assert usd(found, "copies to the second region") == (Decimal("2.0000"),) * 3
    assert "copies to the second region" not in drivers(account())


def test_the_archive_tier_that_zone_redundancy_lacks_is_said() -> None:
    found = account(policy(rule({"tierToArchive": 30})), sku={"name": "Standard_ZRS"})
    assert "does not exist with ZRS" in found.unpriced[0].reason
    assert usd(found, "hot storage") == (Decimal("26.0000"),) * 3


def test_premium_block_blobs_have_their_own_prices() -> None:
    found = account(sku={"name": "Premium_LRS"}, kind="BlockBlobStorage")
    # 1,000 × 0.195
    assert usd(found, "premium-block-blob-lrs storage") == (Decimal("195.0000"),) * 3
    assert account(sku={"name": "Premium_LRS"}).unpriced[0].driver == "page blobs"


def test_a_hierarchical_namespace_is_not_priced_as_a_flat_one() -> None:
    found = account(isHnsEnabled=True)
    assert "hot storage" not in drivers(found)
    assert any("adls-hot-lrs" in each.reason for each in found.unpriced)


@pytest.mark.parametrize(
    "properties",
    [
        {"sku": UNKNOWN},
        {"sku": {"name": UNKNOWN}},
        {"sku": {"name": "Nonsense"}},
        {"accessTier": "Lukewarm"},
        {"accessTier": UNKNOWN},
        {"kind": UNKNOWN},
        {"isHnsEnabled": UNKNOWN},
    ],
)
def test_an_account_that_cannot_be_read_is_unpriced(properties: dict[str, Any]) -> None:
    found = account(**properties)
    assert not found.lines
    assert [each.driver for each in found.unpriced] == ["storage"]


def test_without_usage_the_quantities_are_assumed_and_said() -> None:
    it = resource(ACCOUNT, properties={"location": "eastus", "sku": {"name": "Standard_LRS"}})
    found = estimated(LIST, it)
    # 10 … 100 … 1,000 GiB × 0.0208
    assert usd(found, "hot storage") == (Decimal("0.2080"), Decimal("2.0800"), Decimal("20.8000"))
    assert "storedGib" in [each.quantity for each in found.assumptions]


def test_what_an_account_holds_is_priced_with_it() -> None:
    container = resource("azure-native:storage:BlobContainer", "c", refers={"accountName": URN})
    assert account(container).free == 1


def test_a_premium_file_share_costs_what_it_provisions() -> None:
    it = resource(ACCOUNT, properties={"location": "eastus", "kind": "FileStorage", "sku": {"name": "Premium_LRS"}})
    share = resource("azure-native:storage:FileShare", "s", {"shareQuota": 500}, refers={"accountName": URN})
    # 500 GiB × 0.16
    assert usd(estimated(LIST, it, share), "provisioned file share") == (Decimal("80.0000"),) * 3


def test_more_volume_never_costs_less() -> None:
    totals = [
        account(policy(rule({"tierToCool": 30, "delete": 90})), usage={"storedGib": gib}).total for gib in (0, 10, 51_200, 51_201, 90_000)
    ]
    assert totals == sorted(totals, key=lambda band: band.expected)
