"""Buckets: what lies where, what is asked of it, what stays after deletion."""

from decimal import Decimal

import pytest

from costs.gcp.lifecycle import Lifecycle, lifecycle
from costs.lifecycle import AgeClass
from costs.model import Estimate
from costs.pricing import Found, Pricing
from costs.resource import UNKNOWN, Program, Resource
from costs.usage import NO_USAGE
from tests.costs.building import estimated, line, prices, resource, told, usd

D = Decimal
BUCKET = "gcp:storage/bucket:Bucket"
R = "europe-west4"
# List prices of europe-west4, 2026-07-30, and operations as of 2026-10-02.
LIST = prices(
    ("gcp", "cloud-storage", "standard-storage", R, "GiB-month", "0.02"),
    ("gcp", "cloud-storage", "nearline-storage", R, "GiB-month", "0.01"),
    ("gcp", "cloud-storage", "coldline-storage", R, "GiB-month", "0.004"),
    ("gcp", "cloud-storage", "archive-storage", R, "GiB-month", "0.0012"),
    ("gcp", "cloud-storage", "nearline-retrieval", R, "GiB", "0.01"),
    ("gcp", "cloud-storage", "archive-retrieval", R, "GiB", "0.05"),
    ("gcp", "cloud-storage", "regional-standard-class-a", R, "10k operations", "0.05"),
    ("gcp", "cloud-storage", "regional-standard-class-b", R, "10k operations", "0.004"),
    ("gcp", "cloud-storage", "regional-nearline-class-a", R, "10k operations", "0.10"),
    ("gcp", "cloud-storage", "autoclass-management-fee", R, "1k objects-month", "0.0025"),
    ("gcp", "cloud-storage", "multi-region-standard-storage", "eu", "GiB-month", "0.026"),
    ("gcp", "cloud-storage", "replication-default", "eu", "GiB", "0.02"),
    ("gcp", "cloud-storage", "replication-turbo", "eu", "GiB", "0.04"),
    ("gcp", "cloud-storage", "egress-worldwide-first-10TiB", "global", "GiB", "0.12"),
    ("gcp", "cloud-storage", "egress-worldwide-10-to-150TiB", "global", "GiB", "0.11"),
    ("gcp", "cloud-storage", "egress-worldwide-over-150TiB", "global", "GiB", "0.08"),
)
NO_SOFT_DELETE = {"retentionDurationSeconds": 0}


def bucket(**properties: object) -> Resource:
    return resource(BUCKET, properties={"location": R.upper(), "softDeletePolicy": NO_SOFT_DELETE, **properties})


def rule(age: int, storage_class: str | None = None, **condition: object) -> dict[str, object]:
    action = {"type": "SetStorageClass", "storageClass": storage_class} if storage_class else {"type": "Delete"}
    return {"action": action, "condition": {"age": age, **condition}}


def unpriced(found: Estimate) -> str:
    return " | ".join(f"{each.driver}: {each.reason}" for each in found.unpriced)


def test_stored_gib_cost_the_price_of_the_bucket_s_class() -> None:
    found = estimated(LIST, bucket(), usage=told(storedGib=(10, 500, 2000)))
    # 10 / 500 / 2000 GiB × 0.02 USD/GiB-month (Cloud Storage list price europe-west4, 2026-07-30)
    assert usd(found, "STANDARD storage") == (D("0.2000"), D("10.0000"), D("40.0000"))


def test_the_older_names_of_standard_cost_what_standard_costs() -> None:
    found = estimated(LIST, bucket(storageClass="REGIONAL"), usage=told(storedGib=500))
    assert usd(found, "STANDARD storage") == (D("10.0000"),) * 3


def test_objects_are_spread_over_the_classes_by_age() -> None:
    rules = [rule(30, "NEARLINE"), rule(90, "ARCHIVE"), rule(500)]
    found = estimated(LIST, bucket(lifecycleRules=rules), usage=told(storedGib=1000))
    # Of 500 days 30 in Standard, 60 in Nearline, 410 in Archive.
    assert usd(found, "STANDARD storage") == (D("1.2000"),) * 3  # 1000 × 30/500 × 0.02
    assert usd(found, "NEARLINE storage") == (D("1.2000"),) * 3  # 1000 × 60/500 × 0.01
    assert usd(found, "ARCHIVE storage") == (D("0.9840"),) * 3  # 1000 × 410/500 × 0.0012


def test_a_change_of_class_is_a_class_a_operation_of_the_colder_class() -> None:
    rules = [rule(30, "NEARLINE"), rule(365)]
    found = estimated(LIST, bucket(lifecycleRules=rules), usage=told(storedGib=1, writtenGibPerMonth=100, objectMib=1))
    # 100 GiB × 1024 objects × 0.10 USD per 10,000
    assert usd(found, "moves to NEARLINE") == (D("1.0240"),) * 3
    # 100 GiB × 1024 objects × 0.05 USD per 10,000
    assert usd(found, "write requests") == (D("0.5120"),) * 3


def test_nearline_that_is_deleted_before_30_days_is_paid_for_30() -> None:
    found = estimated(LIST, bucket(storageClass="NEARLINE", lifecycleRules=[rule(10)]), usage=told(storedGib=10, writtenGibPerMonth=73))
    # 73 GiB a month × (30 - 10) days ÷ (730/24) days a month × 0.01 USD = 73 × 20 × 24/730 × 0.01 = 0.48
    assert usd(found, "early deletion from NEARLINE") == (D("0.4800"),) * 3


@pytest.mark.parametrize(("storage_class", "days"), [("NEARLINE", 30), ("COLDLINE", 90), ("ARCHIVE", 365)])
def test_no_class_is_left_too_early_at_its_minimum_age(storage_class: str, days: int) -> None:
    at_minimum = estimated(LIST, bucket(storageClass=storage_class, lifecycleRules=[rule(days)]), usage=told(storedGib=10))
    a_day_less = estimated(LIST, bucket(storageClass=storage_class, lifecycleRules=[rule(days - 1)]), usage=told(storedGib=10))
    assert not [each for each in at_minimum.lines if each.driver.startswith("early")]
    assert [each for each in a_day_less.lines if each.driver.startswith("early")]


def test_reads_from_a_cold_class_are_paid_by_the_gib() -> None:
    found = estimated(LIST, bucket(storageClass="ARCHIVE"), usage=told(storedGib=1, readGibPerMonth=40))
    # 40 GiB × 0.05 USD/GiB
    assert usd(found, "retrieval from ARCHIVE") == (D("2.0000"),) * 3


def test_read_requests_are_class_b_operations() -> None:
    found = estimated(LIST, bucket(), usage=told(storedGib=1, requestsPerSecond=10))
    # 10/s × 2,628,000 s × 0.004 USD per 10,000
    assert usd(found, "read requests") == (D("10.5120"),) * 3


def test_deleted_objects_are_kept_for_seven_days_unless_the_bucket_says_otherwise() -> None:
    rules = [rule(73)]
    left_out = resource(BUCKET, properties={"location": R, "lifecycleRules": rules})
    usage = told(storedGib=1, writtenGibPerMonth=100)
    # 100 GiB a month × 7 days ÷ (730/24) × 0.02 USD
    assert usd(estimated(LIST, left_out, usage=usage), "soft-deleted") == (D("0.4603"),) * 3
    longer = bucket(lifecycleRules=rules, softDeletePolicy={"retentionDurationSeconds": 30 * 86_400})
    # 100 GiB a month × 30 days ÷ (730/24) × 0.02 USD
    assert usd(estimated(LIST, longer, usage=usage), "soft-deleted") == (D("1.9726"),) * 3
    none = estimated(LIST, bucket(lifecycleRules=rules), usage=usage)
    assert not [each for each in none.lines if each.driver.startswith("soft-deleted")]


def test_soft_deleted_objects_stay_in_the_class_that_they_were_deleted_from() -> None:
    rules = [rule(30, "ARCHIVE"), rule(500)]
    found = estimated(LIST, resource(BUCKET, properties={"location": R, "lifecycleRules": rules}), usage=told(storedGib=1))
    assert line(found, "soft-deleted").driver == "soft-deleted objects (ARCHIVE storage)"


def test_where_nothing_deletes_soft_delete_may_cost_nothing() -> None:
    found = estimated(LIST, resource(BUCKET, properties={"location": R}), usage=told(storedGib=1, writtenGibPerMonth=100))
    # Only what is overwritten is deleted: nothing … nothing … all of 100 GiB × 7 days ÷ (730/24) × 0.02
    assert usd(found, "soft-deleted") == (D("0.0000"), D("0.0000"), D("0.4603"))


def test_old_versions_are_stored_until_a_rule_deletes_them() -> None:
    rules = [{"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": 73, "withState": "ARCHIVED"}}]
    found = estimated(LIST, bucket(versioning={"enabled": True}, lifecycleRules=rules), usage=told(storedGib=365))
    # 365 GiB renewed in a year: 365/12 GiB a month × 73 ÷ (730/24) months × 0.02 USD = 73 GiB × 0.02; none of it in the best case
    assert usd(found, "old versions") == (D("0.0000"), D("1.4600"), D("1.4600"))


def test_autoclass_is_a_band_from_its_coldest_class_to_standard() -> None:
    found = estimated(LIST, bucket(autoclass={"enabled": True, "terminalStorageClass": "ARCHIVE"}, lifecycleRules=[rule(730)]),
                      usage=told(storedGib=1000, objectMib=8))  # fmt: skip
    # Unread: 30 days Standard, 60 Nearline, 275 Coldline, 365 Archive of 730 days.
    # (30×0.02 + 60×0.01 + 275×0.004 + 365×0.0012) / 730 = 2.738/730 = 0.003750684…
    assert usd(found, "autoclass storage") == (D("1.2000"), D("3.7507"), D("20.0000"))
    # 1000 GiB × 128 objects × 0.0025 USD per 1,000
    assert usd(found, "autoclass management") == (D("0.3200"),) * 3
    assert not [each for each in found.lines if each.driver.startswith("retrieval")]


def test_autoclass_ends_in_nearline_unless_it_says_archive() -> None:
    found = estimated(LIST, bucket(autoclass={"enabled": True}), usage=told(storedGib=1000))
    assert usd(found, "autoclass storage")[0] == D("10.0000")  # all in Nearline: 1000 × 0.01


def test_a_multi_region_has_its_own_price_and_pays_for_replication() -> None:
    found = estimated(LIST, bucket(location="EU"), usage=told(storedGib=1000, writtenGibPerMonth=50))
    assert usd(found, "STANDARD storage") == (D("26.0000"),) * 3  # 1000 × 0.026
    assert usd(found, "default replication") == (D("1.0000"),) * 3  # 50 × 0.02
    turbo = estimated(LIST, bucket(location="EU", rpo="ASYNC_TURBO"), usage=told(storedGib=1000, writtenGibPerMonth=50))
    assert usd(turbo, "turbo replication") == (D("2.0000"),) * 3  # 50 × 0.04


def test_a_multi_region_without_a_price_on_record_is_unpriced_and_not_nothing() -> None:
    found = estimated(LIST, bucket(location="US"), usage=told(storedGib=1000))
    assert "multi-region-standard-storage in us is on record" in unpriced(found)
    assert found.at_least


def test_a_pair_of_regions_is_not_taken_for_the_multi_region_around_it() -> None:
    placement = {"dataLocations": ["EUROPE-WEST4", "EUROPE-WEST1"]}
    found = estimated(LIST, bucket(location="EU", customPlacementConfig=placement), usage=told(storedGib=1000))
    assert "dual-region-standard-storage in europe-west1+europe-west4" in unpriced(found)
    assert not [line for line in found.lines if "storage" in line.driver]


def test_untold_egress_is_nothing_as_expected_and_all_that_is_read_in_the_worst_case() -> None:
    found = estimated(LIST, bucket(), usage=told(storedGib=1, readGibPerMonth=(1, 10, 100)))
    # 100 GiB × 0.12
    assert usd(found, "internet egress") == (D("0.0000"), D("0.0000"), D("12.0000"))


def test_egress_to_the_internet_goes_by_steps_where_it_is_told() -> None:
    found = estimated(LIST, bucket(), usage=told(storedGib=1, egressGibPerMonth=(10_240, 10_241, 200_000)))
    # 10240 × 0.12 = 1228.80; one more at 0.11; 10240 × 0.12 + 143360 × 0.11 + 46400 × 0.08 = 1228.8 + 15769.6 + 3712
    assert usd(found, "internet egress") == (D("1228.8000"), D("1228.9100"), D("20710.4000"))


def test_a_class_and_a_location_that_are_not_known_yet_are_named() -> None:
    for name in ("storageClass", "location"):
        found = estimated(LIST, bucket(**{name: UNKNOWN}), usage=told(storedGib=1000))
        assert not found.lines
        assert "known only after `up`" in unpriced(found)


def test_an_unknown_storage_class_is_named() -> None:
    assert "RAPID" in unpriced(estimated(LIST, bucket(storageClass="RAPID"), usage=told(storedGib=1)))


def test_untold_usage_is_an_assumption_with_low_confidence() -> None:
    found = estimated(LIST, bucket())
    assert str(line(found, "STANDARD storage").confidence) == "low"
    assert "storedGib" in {each.quantity for each in found.assumptions}


def rules_of(*rules: object) -> Lifecycle:
    it = bucket(lifecycleRules=[*rules])
    return lifecycle(Pricing(it, Program([it]), LIST, NO_USAGE, Found(), "gcp", R), "STANDARD")


def test_a_rule_moves_objects_only_to_a_colder_class() -> None:
    found = rules_of(rule(60, "NEARLINE"), rule(30, "COLDLINE"))
    assert found.ages == (AgeClass(0, "STANDARD"), AgeClass(30, "COLDLINE"))


def test_a_rule_for_some_classes_leaves_the_others_alone() -> None:
    only_nearline = {"matchesStorageClasses": ["NEARLINE"]}
    assert rules_of(rule(60, "ARCHIVE", **only_nearline)).ages == (AgeClass(0, "STANDARD"),)
    assert rules_of(rule(30, "NEARLINE"), rule(60, "ARCHIVE", **only_nearline)).ages[-1] == AgeClass(60, "ARCHIVE")


def test_a_rule_for_some_objects_saves_nothing_and_is_listed() -> None:
    found = rules_of(rule(10, matchesPrefixes=["tmp/"]))
    assert found.delete_after_days is None
    assert "lifecycle rule 1" in found.doubts[0]
    assert "lifecycle" in {each.quantity for each in estimated(LIST, bucket(lifecycleRules=[rule(10, matchesPrefixes=["a"])])).assumptions}


def test_the_earliest_deletion_counts() -> None:
    assert rules_of(rule(400), rule(90), rule(500)).delete_after_days == 90


def test_an_age_of_0_counts_only_where_it_is_asked_to_be_sent() -> None:
    assert rules_of(rule(0, "NEARLINE")).ages == (AgeClass(0, "STANDARD"),)
    assert AgeClass(0, "NEARLINE") in rules_of(rule(0, "NEARLINE", sendAgeIfZero=True)).ages


@pytest.mark.parametrize("age", [-1, "soon", None, UNKNOWN, True])
def test_a_rule_that_makes_no_sense_is_listed_and_saves_nothing(age: object) -> None:
    found = rules_of({"action": {"type": "Delete"}, "condition": {"age": age}})
    assert found.delete_after_days is None
    assert found.doubts


def test_what_is_stored_follows_from_what_is_written_where_only_that_is_told() -> None:
    autoclass = {"enabled": True}
    deleted = bucket(autoclass=autoclass, lifecycleRules=[rule(73)])
    # 100 GiB a month for 73 days: 240 GiB, at most in Standard: 240 × 0.02; 240 GiB × 128 objects × 0.0025 per 1,000
    found = estimated(LIST, deleted, usage=told(writtenGibPerMonth=100, objectMib=8))
    assert usd(found, "autoclass storage")[2] == D("4.8000")
    assert usd(found, "autoclass management") == (D("0.0768"),) * 3
    # Never deleted: half a year's writing, 600 GiB × 0.02
    kept = estimated(LIST, bucket(autoclass=autoclass), usage=told(writtenGibPerMonth=100))
    assert usd(kept, "autoclass storage")[2] == D("12.0000")


def test_old_versions_that_nothing_deletes_pile_up_for_half_a_year_on_average() -> None:
    versioned = resource(BUCKET, properties={"location": R, "versioning": {"enabled": True}})
    found = estimated(LIST, versioned, usage=told(storedGib=365))
    # 365/12 GiB a month × 6 months × 0.02 USD
    assert usd(found, "old versions") == (D("0.0000"), D("3.6500"), D("3.6500"))
    assert not [each for each in found.lines if each.driver.startswith("soft-deleted")]


def test_storage_is_usage_and_every_line_of_a_bucket_is() -> None:
    rules = [rule(30, "NEARLINE"), rule(40)]
    found = estimated(LIST, bucket(lifecycleRules=rules, versioning={"enabled": True}), bucket(autoclass={"enabled": True}))
    assert all(each.usage_based for each in found.lines)


def test_a_rule_that_changes_the_class_pays_no_early_deletion_and_time_counts_from_the_start() -> None:
    moves = [rule(30, "NEARLINE"), rule(45, "COLDLINE"), rule(90, "ARCHIVE")]
    used = told(storedGib=1000, writtenGibPerMonth=76, requestsPerSecond=0, readGibPerMonth=0, objectMib=8)
    kept = estimated(LIST, bucket(lifecycleRules=[*moves, rule(400)]), usage=used)
    assert not [each for each in kept.lines if each.driver.startswith("early deletion")]
    early = estimated(LIST, bucket(lifecycleRules=[*moves, rule(292)]), usage=used)
    # 365 - 292 = 73 days = 2.4 months of Archive × 76 GiB × 0.0012
    assert usd(early, "early deletion") == (D("0.2189"),) * 3


def test_a_pair_of_regions_that_the_program_chose_is_billed_in_both() -> None:
    placement = {"dataLocations": ["EUROPE-WEST4", "EUROPE-WEST1"]}
    catalogue = prices(("gcp", "cloud-storage", "dual-region-standard-storage", "europe-west1+europe-west4", "GiB-month", "0.02"))
    found = estimated(catalogue, bucket(location="EU", customPlacementConfig=placement), usage=told(storedGib=1000))
    assert usd(found, "STANDARD storage") == (D("40.0000"),) * 3  # 1000 × 2 regions × 0.02
    named = prices(("gcp", "cloud-storage", "dual-region-standard-storage", "nam4", "GiB-month", "0.02"))
    assert usd(estimated(named, bucket(location="NAM4"), usage=told(storedGib=1000)), "STANDARD storage") == (D("20.0000"),) * 3
