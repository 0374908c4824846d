"""S3: classes by age, moves, early deletion, Intelligent-Tiering, replication."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from costs.resource import UNKNOWN, Resource
from tests.costs.aws.listing import REGION, S3, TRANSFER, listed, s3
from tests.costs.building import component, estimated, line, prices, resource, told, usd

BUCKET = "aws:s3/bucket:Bucket"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"


def bucket(name: str = "it", **properties: Any) -> Resource:
    return resource(BUCKET, name, {"bucket": f"{name}-1a2b", **properties})


def rules(owner: Resource, *listed_rules: dict[str, Any], kind: str = LIFECYCLE) -> Resource:
    enabled = [{"status": "Enabled", "filter": {"prefix": ""}, **rule} for rule in listed_rules]
    return resource(kind, "rules", {"bucket": UNKNOWN, "rules": enabled}, refers={"bucket": owner.urn})


def moves(*transitions: tuple[int, str]) -> dict[str, Any]:
    return {"transitions": [{"days": days, "storageClass": name} for days, name in transitions]}


def test_standard_storage_at_the_edge_of_its_first_tier_and_one_gib_above():
    # 51,200 GiB × 0.023 USD (S3 Standard, first 50 TB, us-east-1)
    at = estimated(s3(), bucket(), config=REGION, usage=told(storedGib=51_200))
    assert usd(at, "STANDARD storage") == (Decimal("1177.6000"),) * 3
    # One more GiB costs the next tier's 0.022 USD
    above = estimated(s3(), bucket(), config=REGION, usage=told(storedGib=51_201))
    assert usd(above, "STANDARD storage") == (Decimal("1177.6220"),) * 3


def test_where_only_the_first_tier_is_on_record_it_holds_for_everything_and_says_so():
    first = {"standard-storage-first-50TB": S3["standard-storage-first-50TB"]}
    found = estimated(prices(*listed("s3", first)), bucket(), config=REGION, usage=told(storedGib=60_000))
    # 60,000 GiB × 0.023 USD
    assert usd(found, "STANDARD storage")[1] == Decimal("1380.0000")


def test_classes_hold_the_share_of_the_ages_that_a_deletion_leaves_them():
    owner = bucket()
    configured = rules(owner, moves((30, "STANDARD_IA"), (90, "DEEP_ARCHIVE")), {"expiration": {"days": 400}})
    found = estimated(s3(), owner, configured, config=REGION, usage=told(storedGib=4000, writtenGibPerMonth=300))
    # Steady state over 400 days: 30 in Standard, 60 in Standard-IA, 310 in Deep Archive
    assert usd(found, "STANDARD storage")[1] == Decimal("6.9000")  # 4000 GiB × 30/400 × 0.023
    assert usd(found, "STANDARD_IA storage")[1] == Decimal("7.5000")  # 4000 GiB × 60/400 × 0.0125
    assert usd(found, "DEEP_ARCHIVE storage")[1] == Decimal("3.0690")  # 4000 GiB × 310/400 × 0.00099


def test_each_object_that_is_written_is_moved_into_each_class_once():
    owner = bucket()
    configured = rules(owner, moves((30, "STANDARD_IA"), (90, "DEEP_ARCHIVE")), {"expiration": {"days": 400}})
    found = estimated(s3(), owner, configured, config=REGION, usage=told(storedGib=1000, writtenGibPerMonth=100, objectMib=8))
    # 100 GiB × 128 objects of 8 MiB = 12,800 objects; 0.01 USD and 0.05 USD per 1,000
    assert usd(found, "moves to STANDARD_IA") == (Decimal("0.1280"),) * 3
    assert usd(found, "moves to DEEP_ARCHIVE") == (Decimal("0.6400"),) * 3
    # PUT requests are to S3 Standard: 12,800 × 0.005 per 1,000
    assert usd(found, "write requests") == (Decimal("0.0640"),) * 3


def test_what_leaves_glacier_before_ninety_days_is_paid_to_the_ninetieth():
    owner = bucket()
    configured = rules(owner, moves((0, "GLACIER")), {"expiration": {"days": 30}})
    found = estimated(s3(), owner, configured, config=REGION, usage=told(storedGib=100, writtenGibPerMonth=100))
    # 100 GiB a month × 60 of the 90 days ÷ (730/24) days a month × 0.0036 USD = 100 × 1.972603 × 0.0036
    assert usd(found, "early deletion from GLACIER") == (Decimal("0.7101"),) * 3


def test_what_stays_its_minimum_in_infrequent_access_costs_no_more():
    owner = bucket()
    configured = rules(owner, moves((30, "STANDARD_IA")), {"expiration": {"days": 60}})
    found = estimated(s3(), owner, configured, config=REGION, usage=told(storedGib=100))
    assert not [each for each in found.lines if each.driver.startswith("early deletion")]


def test_intelligent_tiering_is_one_band_from_what_is_never_to_what_is_always_read():
    owner = bucket()
    found = estimated(s3(), owner, rules(owner, moves((0, "INTELLIGENT_TIERING"))), config=REGION, usage=told(storedGib=1000, objectMib=1))
    # 1000 GiB × 0.004 (Archive Instant) … 0.0125 (Infrequent) … 0.023 (Frequent)
    assert usd(found, "INTELLIGENT_TIERING storage") == (Decimal("4.0000"), Decimal("12.5000"), Decimal("23.0000"))
    # 1000 GiB × 1024 objects of 1 MiB × 0.0025 USD per 1,000
    assert usd(found, "INTELLIGENT_TIERING monitoring") == (Decimal("2.5600"),) * 3


@pytest.mark.parametrize(
    ("status", "tiers", "low"),
    [
        ("Enabled", ["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"], "0.9900"),
        ("Enabled", ["ARCHIVE_ACCESS"], "3.6000"),
        ("Disabled", ["ARCHIVE_ACCESS"], "4.0000"),
    ],
)
def test_opt_in_archive_tiers_lower_the_least_that_intelligent_tiering_costs(status: str, tiers: list[str], low: str):
    owner = bucket()
    archive = resource(
        "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration",
        properties={"status": status, "tierings": [{"accessTier": tier, "days": 180} for tier in tiers]},
        refers={"bucket": owner.urn},
    )
    found = estimated(s3(), owner, rules(owner, moves((0, "INTELLIGENT_TIERING"))), archive, config=REGION, usage=told(storedGib=1000))
    assert usd(found, "INTELLIGENT_TIERING storage")[0] == Decimal(low)


def test_of_two_deletions_the_earlier_holds():
    owner = bucket()
    configured = rules(owner, moves((30, "STANDARD_IA")), {"expiration": {"days": 60}}, {"expiration": {"days": 90}})
    found = estimated(s3(), owner, configured, config=REGION, usage=told(storedGib=100))
    assert usd(found, "STANDARD storage")[1] == Decimal("1.1500")  # 100 GiB × 30/60 × 0.023


def test_a_disabled_rule_changes_nothing():
    owner = bucket()
    configured = rules(owner, {**moves((30, "STANDARD_IA")), "status": "Disabled"})
    found = estimated(s3(), owner, configured, config=REGION, usage=told(storedGib=100))
    assert usd(found, "STANDARD storage")[1] == Decimal("2.3000")  # 100 GiB × 0.023


@pytest.mark.parametrize("chosen", [{"prefix": "raw/"}, {"tag": {"key": "a", "value": "b"}}, {"and": {"prefix": "raw/"}}, UNKNOWN])
def test_a_rule_for_some_objects_is_left_out_aloud(chosen: Any):
    owner = bucket()
    configured = rules(owner, {"id": "raw", "filter": chosen, **moves((30, "STANDARD_IA"))})
    found = estimated(s3(), owner, configured, config=REGION, usage=told(storedGib=100))
    assert usd(found, "STANDARD storage")[1] == Decimal("2.3000")
    assert [each for each in found.assumptions if each.quantity == "lifecycle rule raw"]


def test_a_filter_that_only_spares_small_objects_means_all_of_them():
    owner = bucket()
    configured = rules(owner, {"filter": {"objectSizeGreaterThan": 131_072}, **moves((0, "GLACIER"))})
    found = estimated(s3(), owner, configured, config=REGION, usage=told(storedGib=100))
    assert usd(found, "GLACIER storage")[1] == Decimal("0.3600")  # 100 GiB × 0.0036


def test_rules_inside_the_bucket_count_as_well():
    inside = [{"enabled": True, "transitions": [{"days": 0, "storageClass": "GLACIER"}]}, {"enabled": False, "expiration": {"days": 1}}]
    found = estimated(s3(), bucket(lifecycleRules=inside), config=REGION, usage=told(storedGib=100))
    assert usd(found, "GLACIER storage")[1] == Decimal("0.3600")


def test_a_configuration_that_names_the_bucket_belongs_to_it():
    owner = bucket()
    named = resource(LIFECYCLE, properties={"bucket": "it-1a2b", "rules": [{"status": "Enabled", **moves((0, "GLACIER"))}]})
    other = resource(LIFECYCLE, "other", {"bucket": "else-1a2b", "rules": [{"status": "Enabled", **moves((0, "DEEP_ARCHIVE"))}]})
    found = estimated(s3(), owner, named, other, config=REGION, usage=told(storedGib=100))
    assert usd(found, "GLACIER storage")[1] == Decimal("0.3600")
    assert not [each for each in found.lines if each.driver.startswith("DEEP_ARCHIVE")]


def test_rules_that_are_not_known_yet_are_taken_for_none_aloud():
    owner = bucket()
    configured = resource(LIFECYCLE, properties={"rules": UNKNOWN}, refers={"bucket": owner.urn})
    found = estimated(s3(), owner, configured, config=REGION, usage=told(storedGib=100))
    assert usd(found, "STANDARD storage")[1] == Decimal("2.3000")
    assert [each for each in found.assumptions if each.quantity == "lifecycle rules"]


@pytest.mark.parametrize("transition", [{"date": "2030-01-01", "storageClass": "GLACIER"}, {"days": UNKNOWN, "storageClass": "GLACIER"}])
def test_a_transition_without_a_known_age_is_left_out_aloud(transition: dict[str, Any]):
    owner = bucket()
    found = estimated(s3(), owner, rules(owner, {"transitions": [transition]}), config=REGION, usage=told(storedGib=100))
    assert usd(found, "STANDARD storage")[1] == Decimal("2.3000")
    assert [each for each in found.assumptions if each.quantity == "lifecycle rule"]


def test_a_class_without_a_price_list_is_unpriced_not_free():
    owner = bucket()
    found = estimated(s3(), owner, rules(owner, moves((0, "REDUCED_REDUNDANCY"))), config=REGION, usage=told(storedGib=100))
    assert [each for each in found.unpriced if each.driver == "REDUCED_REDUNDANCY storage"]


def test_versions_are_said_to_be_contained_in_what_is_stored():
    owner = bucket()
    versions = resource(
        "aws:s3/bucketVersioning:BucketVersioning",
        properties={"versioningConfiguration": {"status": "Enabled"}},
        refers={"bucket": owner.urn},
    )
    found = estimated(s3(), owner, versions, config=REGION, usage=told(storedGib=100))
    assert [each for each in found.assumptions if each.quantity == "old versions"]
    assert not [each for each in estimated(s3(), owner, config=REGION).assumptions if each.quantity == "old versions"]


def test_what_is_sent_to_the_internet_is_paid_by_tiers():
    found = estimated(s3(), bucket(), config=REGION, usage=told(storedGib=1, egressGibPerMonth=10_241))
    # 10,240 GiB × 0.09 + 1 GiB × 0.085 (first 10 TB, next 40 TB)
    assert usd(found, "data sent to the internet") == (Decimal("921.6850"),) * 3


def test_without_a_word_on_egress_the_worst_case_is_that_all_that_is_read_leaves():
    found = estimated(s3(), bucket(), config=REGION, usage=told(storedGib=1, readGibPerMonth=50))
    assert usd(found, "data sent to the internet") == (Decimal(0), Decimal(0), Decimal("4.5000"))  # 50 GiB × 0.09


def replicated(to: str | None, **rule: Any) -> list[Resource]:
    around = component(storedGib=1000, writtenGibPerMonth=200)
    source = resource(BUCKET, "source", {"bucket": "source-1", "region": "us-east-1"}, parent=around.urn)
    copy = resource(BUCKET, "copy", {"bucket": "copy-1", "region": to}, parent=around.urn)
    config = {"bucket": "source-1", "rules": [{"status": "Enabled", "destination": {"bucket": "arn:aws:s3:::copy-1"}, **rule}]}
    refers = {"bucket": source.urn}
    return [around, source, copy, resource(REPLICATION, properties=config, parent=around.urn, refers=refers)]


def test_what_is_replicated_pays_the_way_to_the_other_region():
    found = estimated(s3(), *replicated("eu-west-1"), config=REGION)
    assert usd(found, "data replicated to eu-west-1") == (Decimal("4.0000"),) * 3  # 200 GiB × 0.02


def test_the_way_from_n_virginia_to_ohio_is_cheaper():
    found = estimated(s3(), *replicated("us-east-2"), config=REGION)
    assert usd(found, "data replicated to us-east-2") == (Decimal("2.0000"),) * 3  # 200 GiB × 0.01


def test_replication_within_a_region_has_no_transfer():
    found = estimated(s3(), *replicated("us-east-1"), config=REGION)
    assert not [each for each in found.lines if each.driver.startswith("data replicated")]


def test_an_unknown_destination_may_be_the_same_region_or_another():
    source = resource(BUCKET, "source", {"bucket": "source-1"})
    config = {"rules": [{"status": "Enabled", "destination": {"bucket": UNKNOWN}}]}
    found = estimated(
        s3(),
        source,
        resource(REPLICATION, properties=config, refers={"bucket": source.urn}),
        config=REGION,
        usage=told(writtenGibPerMonth=200),
    )
    assert usd(found, "data replicated to an unknown region") == (Decimal(0), Decimal("4.0000"), Decimal("4.0000"))


def test_what_the_bucket_is_taken_to_receive_is_what_is_replicated():
    # 365 GiB stored, renewed once a year: 365 × (730/24) ÷ 365 = 30.4167 GiB a month × 0.02
    listing = replicated("eu-west-1")
    around = component(storedGib=365)
    found = estimated(s3(), around, *listing[1:], config=REGION)
    assert usd(found, "data replicated to eu-west-1")[1] == Decimal("0.6083")


def test_a_disabled_replication_rule_costs_nothing_and_time_control_costs_extra():
    off = estimated(s3(), *replicated("eu-west-1", status="Disabled"), config=REGION)
    assert not [each for each in off.lines if each.urn.endswith("::it")]
    control = {"bucket": "arn:aws:s3:::copy-1", "replicationTime": {"status": "Enabled"}}
    found = estimated(s3(), *replicated("eu-west-1", destination=control), config=REGION)
    assert [each for each in found.unpriced if each.driver == "replication time control"]


def test_a_bucket_of_an_unknown_region_is_unpriced():
    found = estimated(s3(), bucket(region=UNKNOWN), config=REGION, usage=told(storedGib=100))
    assert not found.lines
    assert any("region is not known" in each.reason for each in found.unpriced)


def test_the_replica_is_priced_in_its_own_region():
    there = prices(
        *listed("s3", S3),
        *listed("s3", {**S3, "standard-storage-first-50TB": ("GB-month", "0.0245")}, "eu-central-1"),
        *listed("data-transfer", TRANSFER),
    )
    found = estimated(there, *replicated("eu-central-1"), config=REGION)
    stored = {each.urn.rpartition("::")[2]: each.usd.expected for each in found.lines if each.driver == "STANDARD storage"}
    assert stored == {"source": Decimal(23), "copy": Decimal("24.5")}  # 1000 GiB × 0.023 and × 0.0245


def test_more_stored_read_and_written_never_costs_less():
    owner = bucket()
    configured = rules(owner, moves((30, "STANDARD_IA"), (90, "GLACIER")), {"expiration": {"days": 120}})
    totals = [
        estimated(s3(), owner, configured, config=REGION, usage=told(storedGib=size, readGibPerMonth=size, writtenGibPerMonth=size)).total
        for size in (1, 100, 51_200, 51_201, 1_000_000)
    ]
    for less, more in pairwise(totals):
        assert less.low <= more.low
        assert less.expected <= more.expected
        assert less.high <= more.high


def test_every_line_grows_from_low_to_high():
    owner = bucket()
    configured = rules(owner, moves((0, "INTELLIGENT_TIERING")))
    found = estimated(s3(), owner, configured, config=REGION)
    assert found.lines
    assert all(each.usd.low <= each.usd.expected <= each.usd.high for each in found.lines)
    assert line(found, "INTELLIGENT_TIERING storage").usage_based
