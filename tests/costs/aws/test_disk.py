"""EBS volumes and snapshots, EFS, FSx."""

from decimal import Decimal
from typing import Any

import pytest

from costs.resource import UNKNOWN
from tests.costs.aws.listing import REGION, listed
from tests.costs.building import estimated, prices, resource, told, usd

VOLUME = "aws:ebs/volume:Volume"
# Source: Amazon EBS pricing, us-east-1; io2's second and third tier are 70 % and 49 % of the first.
EBS = {
    "gp2-storage": ("GB-month", "0.1"),
    "gp3-storage": ("GB-month", "0.08"),
    "gp3-iops-over-3000": ("IOPS-month", "0.005"),
    "gp3-throughput-over-125MBps": ("MBps-month", "0.04"),
    "io1-storage": ("GB-month", "0.125"),
    "io1-iops": ("IOPS-month", "0.065"),
    "io2-storage": ("GB-month", "0.125"),
    "io2-iops-tier1": ("IOPS-month", "0.065"),
    "io2-iops-tier2": ("IOPS-month", "0.0455"),
    "io2-iops-tier3": ("IOPS-month", "0.03185"),
    "snapshot": ("GB-month", "0.05"),
    "snapshot-archive": ("GB-month", "0.0125"),
}
LIST = prices(*listed("ebs", EBS))


def volume(**properties: Any) -> Any:
    return resource(VOLUME, properties=properties)


def drivers(found: Any) -> list[str]:
    return [each.driver for each in found.lines]


def test_a_left_out_type_is_gp2():
    found = estimated(LIST, volume(size=100), config=REGION)
    assert usd(found, "volume (gp2)") == (Decimal("10.0000"),) * 3  # 100 GiB × 0.10


def test_gp3_includes_3000_iops_and_125_mibps():
    found = estimated(LIST, volume(type="gp3", size=100, iops=3000, throughput=125), config=REGION)
    assert drivers(found) == ["volume (gp3)"]


def test_gp3_above_what_is_included_is_paid_by_the_unit():
    found = estimated(LIST, volume(type="gp3", size=500, iops=3001, throughput=126), config=REGION)
    assert usd(found, "volume (gp3)") == (Decimal("40.0000"),) * 3  # 500 × 0.08
    assert usd(found, "volume IOPS") == (Decimal("0.0050"),) * 3  # 1 × 0.005
    assert usd(found, "volume throughput") == (Decimal("0.0400"),) * 3  # 1 × 0.04


def test_gp3_at_its_most():
    found = estimated(LIST, volume(type="gp3", size=1000, iops=16_000, throughput=1000), config=REGION)
    assert usd(found, "volume IOPS")[1] == Decimal("65.0000")  # 13,000 × 0.005
    assert usd(found, "volume throughput")[1] == Decimal("35.0000")  # 875 × 0.04


@pytest.mark.parametrize(
    ("iops", "cost"),
    [
        (32_000, "2080.0000"),  # 32,000 × 0.065
        (32_001, "2080.0455"),  # … + 1 × 0.0455
        (64_001, "3536.0319"),  # 2080 + 32,000 × 0.0455 + 1 × 0.03185 = 3536.03185
    ],
)
def test_io2_iops_get_cheaper_in_tiers(iops: int, cost: str):
    found = estimated(LIST, volume(type="io2", size=100, iops=iops), config=REGION)
    of_iops = sum((each.usd.expected for each in found.lines if "IOPS" in each.driver), Decimal(0))
    assert abs(of_iops - Decimal(cost)) <= Decimal("0.00005")


def test_io1_pays_every_iops():
    found = estimated(LIST, volume(type="io1", size=100, iops=5000), config=REGION)
    assert usd(found, "volume IOPS") == (Decimal("325.0000"),) * 3  # 5,000 × 0.065


@pytest.mark.parametrize(
    "properties",
    [{"size": UNKNOWN}, {"size": -5}, {"size": 1, "type": UNKNOWN}, {"size": 1, "type": "gp9"}, {"size": 1, "type": "io1"}, {}],
)
def test_a_volume_that_cannot_be_read_is_unpriced(properties: dict[str, Any]):
    assert estimated(LIST, volume(**properties), config=REGION).unpriced


def test_unknown_extras_of_gp3_are_unpriced_beside_the_size():
    found = estimated(LIST, volume(type="gp3", size=100, iops=UNKNOWN), config=REGION)
    assert drivers(found) == ["volume (gp3)"]
    assert [each.driver for each in found.unpriced] == ["volume iops"]


def test_a_snapshot_holds_at_most_its_volume():
    owner = volume(size=200)
    taken = resource("aws:ebs/snapshot:Snapshot", "taken", refers={"volumeId": owner.urn})
    found = estimated(LIST, owner, taken, config=REGION)
    # 0 … 100 … 200 GiB × 0.05
    assert usd(found, "snapshot storage") == (Decimal(0), Decimal("5.0000"), Decimal("10.0000"))


def test_an_archived_snapshot_is_cheaper():
    taken = resource("aws:ebs/snapshot:Snapshot", properties={"storageTier": "archive"})
    found = estimated(LIST, taken, config=REGION, usage=told(storedGib=100))
    assert usd(found, "snapshot storage") == (Decimal("1.2500"),) * 3  # 100 × 0.0125


# Source: Amazon EFS pricing, us-east-1.
EFS = {
    "standard-storage": ("GB-month", "0.3"),
    "one-zone-storage": ("GB-month", "0.16"),
    "standard-ia-storage": ("GB-month", "0.025"),
    "archive-storage": ("GB-month", "0.008"),
    "provisioned-throughput": ("MBps-month", "6"),
}
FILES = prices(*listed("efs", EFS))


def test_files_lie_between_the_warm_and_the_cold_class_where_efs_moves_them():
    cold = resource("aws:efs/fileSystem:FileSystem", properties={"lifecyclePolicies": [{"transitionToIa": "AFTER_30_DAYS"}]})
    found = estimated(FILES, cold, config=REGION, usage=told(storedGib=100))
    assert usd(found, "file storage") == (Decimal("2.5000"), Decimal("2.5000"), Decimal("30.0000"))  # 0.025, 0.025, 0.30
    warm = estimated(FILES, resource("aws:efs/fileSystem:FileSystem"), config=REGION, usage=told(storedGib=100))
    assert usd(warm, "file storage") == (Decimal("30.0000"),) * 3


def test_provisioned_throughput_over_one_mibps_for_each_20_gib():
    fast = resource("aws:efs/fileSystem:FileSystem", properties={"throughputMode": "provisioned", "provisionedThroughputInMibps": 50})
    found = estimated(FILES, fast, config=REGION, usage=told(storedGib=200))
    # (50 - 200/20) × 6
    assert usd(found, "provisioned throughput") == (Decimal("240.0000"),) * 3


def test_lustre_by_the_size_and_its_own_list():
    lustre = prices(*listed("fsx-lustre", {"persistent-ssd-storage": ("GB-month", "0.145")}))
    made = {"storageCapacity": 1200, "deploymentType": "PERSISTENT_2", "perUnitStorageThroughput": 125}
    found = estimated(lustre, resource("aws:fsx/lustreFileSystem:LustreFileSystem", properties=made), config=REGION)
    assert usd(found, "file system") == (Decimal("174.0000"),) * 3  # 1200 × 0.145
    fast = resource("aws:fsx/lustreFileSystem:LustreFileSystem", properties={**made, "perUnitStorageThroughput": 1000})
    assert estimated(lustre, fast, config=REGION).unpriced
