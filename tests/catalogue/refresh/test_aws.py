"""AWS: which rows of a price list become prices, and which do not."""

from pathlib import Path

import pytest

from catalogue.refresh.model import CannotFetch
from tests.catalogue.refresh import shapes
from tests.catalogue.refresh.refreshing import refreshed, rows
from tests.catalogue.refresh.serving import Answer, Asked, Serving, of
from tests.catalogue.refresh.shapes import machine, reserved, usage

SOURCE = "aws-price-list-2026-11-25"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    files = {
        "sources.csv": "old-2026-01-01,2026-01-01,medium,second hand\n",
        "prices/aws/eu-west-1.csv": "m5.xlarge,0.214,,old-2026-01-01\n",
        "machines/aws.csv": "g5.xlarge,4,16,A10G,1,24,old\nm5.xlarge,4,16,,,,old\n",
    }
    return shapes.catalogue(tmp_path, files)


def machines(data: Path) -> list[str]:
    return rows(data, "prices/aws/eu-west-1.csv")


LEFT_OUT = {
    "Windows": machine("m5.xlarge", "0.398", Operating_System="Windows"),
    "dedicated": machine("m5.xlarge", "0.3", Tenancy="Dedicated"),
    "own licence": machine("m5.xlarge", "0.3", License_Model="Bring your own license"),
    "an unused reservation": machine("m5.xlarge", "0.3", CapacityStatus="UnusedCapacityReservation", usageType="EUW1-UnusedBox:m5.xlarge"),
    "a reserved place": machine("m5.xlarge", "0.3", CapacityStatus="AllocatedCapacityReservation"),
    "a capacity block": machine("m5.xlarge", "0.3", MarketOption="CapacityBlock"),
    "an unused place": machine("m5.xlarge", "0.3", usageType="EUW1-UnusedBox:m5.xlarge"),
    "SQL Server": machine("m5.xlarge", "0.9") | {"Pre Installed S/W": "SQL Web", "operation": "RunInstances:0200"},
    "a local zone": machine("m5.xlarge", "0.3", Location_Type="AWS Local Zone"),
    "another currency": machine("m5.xlarge", "1.5", Currency="CNY"),
    "an upfront fee": reserved("m5.xlarge", "500") | {"Unit": "Quantity"},
    "a placeholder": machine("m6.xlarge", "0.0000000000"),
    "a negative price": machine("m6.xlarge", "-0.1"),
    "garbage": machine("m6.xlarge", "n/a"),
    "a name that is a path": machine("../../etc/passwd", "0.1"),
}


@pytest.mark.parametrize("row", LEFT_OUT.values(), ids=LEFT_OUT)
def test_only_a_plain_running_linux_machine_has_the_on_demand_price(row: dict[str, str], data: Path) -> None:
    refreshed("aws", data, shapes.aws({"AmazonEC2": [row, machine("m5.xlarge", "0.2140000000")]}), regions=("eu-west-1",))
    assert machines(data) == [f"m5.xlarge,0.214,,{SOURCE}"]
    assert not (data / "commitments").exists()


def test_what_is_left_out_for_its_price_is_counted(data: Path) -> None:
    bad = [LEFT_OUT[name] for name in ("a placeholder", "a negative price", "garbage", "a name that is a path")]
    outcome = refreshed("aws", data, shapes.aws({"AmazonEC2": [*bad, machine("m5.xlarge", "0.214")]}))
    counted = {reason: outcome.skipped[reason] for reason in ("zero", "negative", "not a number", "no name")}
    assert counted == {"zero": 1, "negative": 1, "not a number": 1, "no name": 1}


def test_the_list_is_read_in_its_own_region_and_version(data: Path) -> None:
    asked: list[Serving] = []
    refreshed("aws", data, shapes.aws({"AmazonEC2": [machine("m5.xlarge", "0.214")]}), asked, services=frozenset({"machines"}))
    assert [one.path for one in asked[0].asked] == [
        "/offers/v1.0/aws/AmazonEC2/current/region_index.json",
        "/offers/v1.0/aws/AmazonEC2/20261124225308/eu-west-1/index.csv",
    ]


def test_a_new_machine_type_gets_its_shape_and_its_familys_accelerator(data: Path) -> None:
    new = [machine("g5.2xlarge", "1.353", vCPU="8", Memory="32 GiB", GPU="1"), machine("u7i.metal", "99", vCPU="896", Memory="12,288 GiB")]
    refreshed("aws", data, shapes.aws({"AmazonEC2": [*new, machine("m5.xlarge", "0.214")]}))
    assert f"g5.2xlarge,8,32,A10G,1,24,{SOURCE}" in rows(data, "machines/aws.csv")
    assert f"u7i.metal,896,12288,,,,{SOURCE}" in rows(data, "machines/aws.csv")
    assert "g5.xlarge,4,16,A10G,1,24,old" in rows(data, "machines/aws.csv")


def test_two_prices_for_one_machine_are_none_and_the_record_stays(data: Path) -> None:
    listed = [machine("m5.xlarge", "0.3"), machine("m5.xlarge", "0.4"), machine("c5.xlarge", "0.192")]
    outcome = refreshed("aws", data, shapes.aws({"AmazonEC2": listed}))
    assert machines(data) == [f"c5.xlarge,0.192,,{SOURCE}", "m5.xlarge,0.214,,old-2026-01-01"]
    assert outcome.doubtful == ("eu-west-1 m5.xlarge",)


def test_reservations_are_those_without_upfront_that_cannot_be_exchanged(data: Path) -> None:
    listed = [
        reserved("m5.xlarge", "0.135"),
        reserved("m5.xlarge", "0.092", length="3yr"),
        reserved("m5.xlarge", "0.063", option="Partial Upfront"),
        reserved("m5.xlarge", "0.155", offering="convertible"),
    ]
    refreshed("aws", data, shapes.aws({"AmazonEC2": [*listed, machine("m5.xlarge", "0.214")]}))
    assert rows(data, "commitments/aws/reserved-standard.csv") == [
        f"m5.xlarge,eu-west-1,1,no-upfront,price_usd_hour,0.135,{SOURCE}",
        f"m5.xlarge,eu-west-1,3,no-upfront,price_usd_hour,0.092,{SOURCE}",
    ]


def test_storage_classes_requests_and_their_units(data: Path) -> None:
    storage = [
        usage("EU-TimedStorage-ByteHrs", "0.0230000000", "Storage"),
        usage("EU-TimedStorage-ByteHrs", "0.0220000000", "Storage", start="51200"),
        usage("EU-TimedStorage-SIA-ByteHrs", "0.0125000000", "Storage"),
        usage("EU-Tables-TimedStorage-ByteHrs", "0.0265000000", "Storage"),
        usage("EU-Requests-Tier1", "0.0000050000", "API Request", unit="Requests"),
        usage("EU-Monitoring-Automation-INT", "0.0000025000", "Fee", unit="Objects"),
    ]
    refreshed("aws", data, shapes.aws({"AmazonS3": storage}), services=frozenset({"s3"}))
    # 0.000005 USD a request × 1,000; 0.0000025 USD an object × 1,000 (the list's units are one request and one object)
    assert rows(data, "services/aws/s3.csv") == [
        f"intelligent-tiering-monitoring,eu-west-1,1k objects-month,0.0025,{SOURCE}",
        f"standard-ia-storage,eu-west-1,GB-month,0.0125,{SOURCE}",
        f"standard-put-requests,eu-west-1,1k requests,0.005,{SOURCE}",
        f"standard-storage,eu-west-1,GB-month,0.023,{SOURCE}",
        f"standard-storage-first-50TB,eu-west-1,GB-month,0.023,{SOURCE}",
        f"standard-storage-next-450TB,eu-west-1,GB-month,0.022,{SOURCE}",
    ]


def test_bands_are_counted_from_the_first_that_costs_something(data: Path) -> None:
    lambda_rows = [
        usage("EUW1-Lambda-GB-Second", "0", start="0"),
        usage("EUW1-Lambda-GB-Second", "0.0000166667", start="400000"),
        usage("EUW1-Lambda-GB-Second", "0.0000150000", start="6000000000"),
        usage("EUW1-Request", "0.0000002000"),
    ]
    refreshed("aws", data, shapes.aws({"AWSLambda": lambda_rows}), services=frozenset({"lambda"}))
    assert rows(data, "services/aws/lambda.csv") == [
        f"duration-x86-tier1,eu-west-1,GB-second,0.0000166667,{SOURCE}",
        f"duration-x86-tier2-next-9B,eu-west-1,GB-second,0.000015,{SOURCE}",
        f"requests,eu-west-1,1M requests,0.2,{SOURCE}",
    ]


def test_hosting_disks_gateways_clusters_keys_and_balancers(data: Path) -> None:
    lists = {
        "AmazonSageMaker": [usage("EUW1-Host:ml.g5.xlarge", "1.5690000000"), usage("EUW1-Train:ml.g5.xlarge", "9")],
        "AmazonEC2": [
            usage("EUW1-EBS:VolumeUsage.gp3", "0.0880000000", "Storage"),
            usage("EUW1-EBS:VolumeP-Throughput.gp3", "45.0560000000", "Provisioned Throughput", unit="GiBps-mo"),
            usage("EU-NatGateway-Hours", "0.0480000000", "NAT Gateway", unit="Hrs"),
        ],
        "AmazonEKS": [usage("EUW1-AmazonEKS-Hours:perCluster", "0.1000000000", unit="Hours")],
        "awskms": [usage("eu-west-1-KMS-Requests", "0.0000030000"), usage("eu-west-1-KMS-Keys", "1")],
        "AWSELB": [
            usage("EU-LoadBalancerUsage", "0.0252", "Load Balancer-Application"),
            usage("EU-LoadBalancerUsage", "0.028", "Load Balancer"),
            usage("EU-LCUUsage", "0.008", "Load Balancer-Application"),
        ],
    }
    wanted = frozenset({"sagemaker-instance", "ebs", "nat-gateway", "eks", "kms", "elb"})
    refreshed("aws", data, shapes.aws(lists), services=wanted)
    found = {line for service in wanted for line in rows(data, f"services/aws/{service}.csv")}
    # 45.056 USD a GiB/s and month ÷ 1,024 = 0.044 USD a MiB/s; 0.000003 USD a request × 10,000
    assert found == {
        f"ml.g5.xlarge,eu-west-1,instance-hour,1.569,{SOURCE}",
        f"gp3-storage,eu-west-1,GB-month,0.088,{SOURCE}",
        f"gp3-throughput-over-125MBps,eu-west-1,MBps-month,0.044,{SOURCE}",
        f"gateway,eu-west-1,hour,0.048,{SOURCE}",
        f"cluster,eu-west-1,hour,0.1,{SOURCE}",
        f"requests,eu-west-1,10k requests,0.03,{SOURCE}",
        f"customer-key,eu-west-1,key-month,1,{SOURCE}",
        f"alb-hour,eu-west-1,hour,0.0252,{SOURCE}",
        f"classic-elb-hour,eu-west-1,hour,0.028,{SOURCE}",
        f"alb-lcu,eu-west-1,LCU-hour,0.008,{SOURCE}",
    }


def listed(body: bytes, kind: str = "text/csv", index: Answer | None = None) -> object:
    """An interface whose price list is this; its index is right unless another is given."""
    good = shapes.aws({"AmazonEC2": []})
    return lambda asked: (index or good(asked)) if asked.path.endswith(".json") else Answer(body, kind=kind)


LIST = shapes.price_list("AmazonEC2", [machine("m5.xlarge", "0.214"), machine("c5.xlarge", "0.192")])
WRONG = {
    "cut off in a row": (listed(LIST[:-40]), "breaks off in the middle of a row"),
    "empty": (listed(shapes.price_list("AmazonEC2", [])), "it has no row"),
    "no CSV of prices": (listed(b"hello\nworld\n"), "no price list"),
    "an error in XML": (listed(b"<?xml version='1.0'?><Error/>", "application/xml"), "no price list"),
    "columns are gone": (listed(LIST.replace(b"Tenancy", b"Tenantry")), "lack Tenancy"),
    "a page": (listed(b"<html>", "text/html"), "a web page"),
    "no region": (listed(LIST, index=of({"regions": {}})), "names no region"),
    "another form": (listed(LIST, index=of({"regions": {"eu-west-1": {"url": "x"}}})), "no currentVersionUrl"),
    "elsewhere": (listed(LIST, index=of({"regions": {"eu-west-1": {"currentVersionUrl": "//evil/index.json"}}})), "no currentVersionUrl"),
    "not this region": (listed(LIST, index=of({"regions": {}}) and shapes.aws({"AmazonEC2": []}, "us-east-1")(Asked(
        "/offers/v1.0/aws/AmazonEC2/current/region_index.json", {}, {}))), "AWS lists no prices of the region eu-west-1"),
    "no price at all": (listed(shapes.price_list("AmazonEC2", [machine("m5.xlarge", "0")])), "not a single price"),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_list_is_no_fetch_and_changes_nothing(answer: object, words: str, data: Path) -> None:
    before = shapes.contents(data)
    with pytest.raises(CannotFetch, match=words):
        refreshed("aws", data, answer, services=frozenset({"machines"}))  # type: ignore[arg-type]
    assert shapes.contents(data) == before
