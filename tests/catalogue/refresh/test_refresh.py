"""What a refresh writes, what it refuses, and what it leaves alone."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalogue.catalogue import Catalogue
from catalogue.index import DATA
from catalogue.model import Confidence
from catalogue.refresh.model import CannotFetch
from catalogue.refresh.tables import Tables
from tests.catalogue.refresh import shapes
from tests.catalogue.refresh.refreshing import refreshed, rows
from tests.catalogue.refresh.shapes import item, machine, usage

SOURCE = "aws-price-list-2026-11-25"
KNOWN = tuple(f"m5.{size}" for size in ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge", "metal"))
S3 = frozenset({"s3"})


@pytest.fixture
def data(tmp_path: Path) -> Path:
    files = {
        "sources.csv": "earlier-2026-01-01,2026-01-01,medium,second hand\nkept-2026-01-01,2026-01-01,low,blog\n",
        "prices/aws/eu-west-1.csv": "".join(f"{name},1,,earlier-2026-01-01\n" for name in KNOWN),
        "prices/gcp/us-central1.csv": "e2-micro,0.0084,,kept-2026-01-01\n",
        "machines/aws.csv": "".join(f"{name},4,16,,,,old\n" for name in KNOWN),
        "machines/gcp.csv": "e2-micro,,,,,,old\n",
        "services/aws/s3.csv": (
            "standard-ia-retrieval,eu-west-1,GB,0.01,aws-price-list-2026-06-01\n"
            "standard-ia-storage,eu-west-1,GB-month,0.023,aws-price-list-2026-06-01\n"
            "standard-ia-storage,us-east-1,GB-month,0.023,kept-2026-01-01\n"
            "vault-lock,eu-west-1,GB-month,5,kept-2026-01-01\n"
        ),
    }
    folder = shapes.catalogue(tmp_path, files)
    with (folder / "sources.csv").open("a") as file:
        file.write("aws-price-list-2026-06-01,2026-06-01,high,AWS Price List bulk files\n")
    return folder


def ec2(**prices: str) -> list[dict[str, str]]:
    """The known machines at 1 USD, but for these: size=price, empty for gone."""
    sizes = [name.removeprefix("m5.") for name in KNOWN]
    found = {f"m5.{size}": prices.get(f"_{size}", "1") for size in sizes}
    return [machine(name, price) for name, price in found.items() if price]


def machines(data: Path, listed: list[dict[str, str]], **other: Any) -> Any:
    return refreshed("aws", data, shapes.aws({"AmazonEC2": listed}), services=frozenset({"machines"}), **other)


def storage(data: Path, listed: list[dict[str, str]], **other: Any) -> Any:
    return refreshed("aws", data, shapes.aws({"AmazonS3": listed}), services=S3, **other)


def test_what_is_written_is_found_with_its_date_source_and_confidence(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRYDOCK_CACHE_DIR", str(data.parent / "cache"))
    machines(data, ec2(_large="1.1"))
    offer = Catalogue.open(data).offer("aws", "eu-west-1", "m5.large")
    assert offer is not None
    assert offer.on_demand is not None
    assert offer.on_demand.usd == Decimal("1.1")
    source = offer.on_demand.source
    assert (source.as_of, source.confidence) == ("2026-11-25", Confidence.HIGH)
    assert source.text.startswith("AWS Price List bulk files, 127.0.0.1")


def test_sources_that_nothing_names_any_more_go_and_others_stay(data: Path) -> None:
    machines(data, ec2())
    assert [line.partition(",")[0] for line in rows(data, "sources.csv")] == ["aws-price-list-2026-06-01", SOURCE, "kept-2026-01-01"]


def test_a_second_refresh_of_the_same_day_changes_nothing(data: Path) -> None:
    machines(data, ec2(_large="1.1"))
    with_port = shapes.contents(data)
    outcome = machines(data, ec2(_large="1.1"))
    assert not any(table.changes for table in outcome.changes)
    # Only the port of the test's host, which is part of the source's text, is another.
    assert {name for name, content in shapes.contents(data).items() if content != with_port[name]} <= {"sources.csv"}


def test_a_price_may_move_by_just_the_threshold(data: Path) -> None:
    assert machines(data, ec2(_large="1.25", _xlarge="0.75")).refusals == ()


@pytest.mark.parametrize("price", ["1.2501", "0.7499", "50"])
def test_a_price_that_moves_further_is_refused_and_nothing_is_written(price: str, data: Path) -> None:
    before = shapes.contents(data)
    outcome = machines(data, ec2(_large=price))
    (line,) = outcome.refusals
    assert line.startswith(f"eu-west-1 machines: m5.large 1 → {price} USD (")
    assert shapes.contents(data) == before


def test_the_threshold_is_a_persons_choice(data: Path) -> None:
    assert machines(data, ec2(_large="1.4"), threshold=Decimal(40), dry_run=True).refusals == ()
    assert len(machines(data, ec2(_large="1.4"), threshold=Decimal(39), dry_run=True).refusals) == 1


def test_accept_writes_what_was_refused(data: Path) -> None:
    outcome = machines(data, ec2(_large="50", _xlarge="", _2xlarge=""), accept=True)
    assert outcome.refusals == ()
    listed = rows(data, "prices/aws/eu-west-1.csv")
    assert f"m5.large,50,,{SOURCE}" in listed
    assert len(listed) == len(KNOWN) - 2


def test_more_than_a_fifth_of_a_regions_prices_may_not_vanish(data: Path) -> None:
    # 1 of 9 is 11 %; 2 of 9 are 22 %
    assert machines(data, ec2(_large=""), dry_run=True).refusals == ()
    outcome = machines(data, ec2(_large="", _xlarge=""))
    assert outcome.refusals == ("eu-west-1 machines: 2 of 9 known prices would vanish (more than 20 %)",)


def test_a_dry_run_tells_the_changes_and_writes_nothing(data: Path) -> None:
    before = shapes.contents(data)
    outcome = machines(data, ec2(_large="1.1", _xlarge=""), dry_run=True)
    (table,) = [table for table in outcome.changes if table.changes]
    assert [change.name for change in table.moved] == ["m5.large"]
    assert [change.name for change in table.removed] == ["m5.xlarge"]
    assert shapes.contents(data) == before


def test_a_spot_price_may_move_freely(tmp_path: Path) -> None:
    files = {
        "sources.csv": "old,2026-01-01,medium,second hand\n",
        "prices/azure/westeurope.csv": "Standard_D2s_v5,0.115,0.01,old\n",
        "machines/azure.csv": "Standard_D2s_v5,2,8,,,,old\n",
    }
    data = shapes.catalogue(tmp_path, files)
    listed = [item("Standard_D2s_v5", 0.115), item("Standard_D2s_v5", 0.09, skuName="D2s v5 Spot")]
    outcome = refreshed("azure", data, shapes.azure(listed), services=frozenset({"machines"}))
    assert outcome.refusals == ()
    assert rows(data, "prices/azure/westeurope.csv") == ["Standard_D2s_v5,0.115,0.09,azure-retail-prices-2026-11-25"]


def test_rows_that_the_fetch_does_not_cover_stay(data: Path) -> None:
    storage(data, [usage("EU-TimedStorage-SIA-ByteHrs", "0.024"), usage("EU-Retrieval-SIA", "0.01")])
    assert rows(data, "services/aws/s3.csv") == [
        f"standard-ia-retrieval,eu-west-1,GB,0.01,{SOURCE}",
        f"standard-ia-storage,eu-west-1,GB-month,0.024,{SOURCE}",
        "standard-ia-storage,us-east-1,GB-month,0.023,kept-2026-01-01",
        "vault-lock,eu-west-1,GB-month,5,kept-2026-01-01",
    ]


def test_a_row_of_the_same_interface_that_is_not_listed_any_more_vanishes(data: Path) -> None:
    outcome = storage(data, [usage("EU-TimedStorage-SIA-ByteHrs", "0.023")])
    assert outcome.refusals == ("eu-west-1 s3: 1 of 2 known prices would vanish (more than 20 %)",)
    storage(data, [usage("EU-TimedStorage-SIA-ByteHrs", "0.023")], accept=True)
    assert [line.partition(",")[0] for line in rows(data, "services/aws/s3.csv")] == [
        "standard-ia-storage",
        "standard-ia-storage",
        "vault-lock",
    ]


def test_another_unit_is_refused_since_its_price_cannot_be_compared(data: Path) -> None:
    text = (
        (data / "services/aws/s3.csv")
        .read_text()
        .replace("standard-ia-storage,eu-west-1,GB-month,0.023", "standard-ia-storage,eu-west-1,GiB,0.023")
    )
    (data / "services/aws/s3.csv").write_text(text)
    outcome = storage(data, [usage("EU-TimedStorage-SIA-ByteHrs", "0.023"), usage("EU-Retrieval-SIA", "0.01")])
    assert outcome.refusals == ("eu-west-1 s3: standard-ia-storage unit GiB → GB-month",)


def test_prices_of_other_clouds_are_not_touched(data: Path) -> None:
    before = (data / "prices/gcp/us-central1.csv").read_bytes()
    machines(data, ec2(_large="1.1"))
    assert (data / "prices/gcp/us-central1.csv").read_bytes() == before


@pytest.mark.parametrize("region", ["../../etc", "eu west", "", "a/b"])
def test_a_region_that_is_no_name_is_refused_before_anything_is_asked(region: str, data: Path) -> None:
    with pytest.raises(CannotFetch, match="no region's name"):
        machines(data, ec2(), regions=(region,))


def test_an_unknown_service_is_refused_with_those_that_are_known(data: Path) -> None:
    with pytest.raises(CannotFetch, match=r"--service s4: not known; allowed: .*machines.* s3"):
        refreshed("aws", data, shapes.aws({}), services=frozenset({"s4"}))


def test_a_folder_that_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotFetch, match=r"no sources\.csv"):
        machines(tmp_path, ec2())


def test_the_catalogues_own_files_are_written_back_byte_for_byte() -> None:
    tables = Tables(DATA)
    for folder in ("prices", "services", "commitments", "machines"):
        for file in (DATA / folder).rglob("*.csv"):
            tables.table(str(file.relative_to(DATA)))
    tables.table("sources.csv")
    assert tables.changed() == {}
