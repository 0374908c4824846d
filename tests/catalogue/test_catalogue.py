"""Look-ups of machines and prices, and the files they come from."""

import csv
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from catalogue.catalogue import Catalogue
from catalogue.index import DATA, family
from catalogue.model import Confidence, MachineNeed
from tests.costs.building import prices

REAL = Catalogue.open()


def rows(file):
    with file.open(newline="") as opened:
        return list(csv.DictReader(opened))


def test_a_machine_is_found_with_its_price_date_source_and_confidence():
    # EC2 list price of g5.xlarge in Ireland, 2026-02-17 (two extractions agree)
    offer = REAL.offer("aws", "eu-west-1", "g5.xlarge")
    price = offer.on_demand
    assert (price.usd, price.unit, price.source.as_of, price.source.confidence) == (Decimal("1.123"), "hour", "2026-02-17", Confidence.HIGH)
    assert (offer.machine.vcpus, offer.machine.memory_gib, offer.machine.accelerator) == (4, 16, "A10G")
    assert (offer.machine.accelerator_count, offer.machine.accelerator_memory_gib) == (1, 22.35)
    assert REAL.machine("aws", "m6i.large").accelerator_memory_gib is None
    assert REAL.machine("aws", "no.such") is None


def test_a_machine_that_is_offered_without_a_price_has_none():
    trainium = REAL.offer("aws", "us-east-2", "trn2.48xlarge")
    assert trainium is not None
    assert trainium.on_demand is None


def test_a_machine_that_is_not_offered_is_not_found():
    assert REAL.offer("aws", "eu-west-1", "g99.xlarge") is None
    assert REAL.offer("aws", "mars-1", "g5.xlarge") is None


def test_the_cheapest_machine_has_what_is_needed():
    catalogue = prices(
        machines=[("gcp", "here", name, usd, None) for name, usd in (("a", "3"), ("b", "2"), ("c", "1"), ("d", "0.5"), ("e", None))],
        shapes=[
            ("gcp", "a", "a", 8, 32, "L4", 1, 24, "list"),
            ("gcp", "b", "b", 8, 32, "T4", 2, 16, "list"),
            ("gcp", "c", "c", 8, 32, "T4", 1, 16, "list"),
            ("gcp", "d", "d", 8, None, "", 0, None, "list"),
            ("gcp", "e", "e", 8, 32, "L4", 1, 24, "list"),
        ],
    )

    def found(**need):
        return [offer.machine.instance_type for offer in catalogue.cheapest("gcp", "here", MachineNeed(**need))]

    assert found(accelerator_memory_gib=24) == ["b", "a"]  # 2 × 16 GiB is 32 GiB; e has no price
    assert found(accelerators=("L4",)) == ["a"]
    assert found(accelerators=("L4", "T4"), accelerator_count=2) == ["b"]
    assert found(vcpus=8) == ["d", "c", "b", "a"]
    assert found(memory_gib=1) == ["c", "b", "a"]  # an unknown memory is not enough
    assert found(vcpus=9) == []


def test_prices_are_compared_as_numbers():
    catalogue = prices(machines=[("aws", "here", "a", "10", None), ("aws", "here", "b", "9", None)])
    assert [offer.machine.instance_type for offer in catalogue.cheapest("aws", "here", MachineNeed())] == ["b", "a"]


def test_a_family_is_listed_from_its_smallest_size():
    sizes = [offer.machine.instance_type for offer in REAL.family("gcp", "us-central1", "g2-standard")]
    assert sizes[0] == "g2-standard-4"
    assert sizes[-1] == "g2-standard-96"


@pytest.mark.parametrize(
    ("provider", "name", "found"),
    [
        ("aws", "g5.xlarge", "g5"),
        ("aws", "ml.g5.12xlarge", "g5"),
        ("gcp", "n2-standard-8", "n2-standard"),
        ("gcp", "a2-highgpu-1g", "a2-highgpu"),
        ("azure", "Standard_NC24ads_A100_v4", "NCads_A100_v4"),
        ("azure", "Standard_D4s_v5", "Ds_v5"),
        ("azure", "Standard_E4-2s_v5", "Es_v5"),
    ],
)
def test_a_type_belongs_to_its_family(provider, name, found):
    assert family(provider, name) == found


def test_a_unit_of_many_is_a_price_for_many():
    price = prices(("aws", "s3", "get", "here", "10k operations", "0.004")).service("aws", "s3", "get", "here")
    assert (price.usd, price.per, price.unit) == (Decimal("0.004"), 10_000, "operations")
    millions = prices(("aws", "sqs", "it", "here", "1M requests", "0.4")).service("aws", "sqs", "it", "here")
    assert millions.per == 1_000_000


def test_one_price_for_all_regions_is_found_in_each():
    catalogue = prices(("azure", "x", "y", "global", "hour", "2"))
    assert catalogue.service("azure", "x", "y", "anywhere").usd == 2


TWELVE = [("aws", region, f"m{i}.large", str(usd * (i + 1)), None) for i in range(12) for region, usd in (("us-east-1", 10), ("far", 12))]


def test_a_missing_price_is_guessed_from_home_as_machines_prices_differ():
    catalogue = prices(("aws", "s3", "it", "us-east-1", "GB", "0.10"), machines=TWELVE)
    price = catalogue.service("aws", "s3", "it", "far")
    # every machine is 1.2 times as dear there
    assert (price.low, price.usd, price.high) == (Decimal("0.10"), Decimal("0.12"), Decimal("0.12"))
    assert price.source.confidence is Confidence.LOW
    assert price.region == "us-east-1"
    assert "no price of s3 it in far is on record" in price.note


def test_a_guess_is_opt_out():
    connection = prices(("aws", "s3", "it", "us-east-1", "GB", "0.10"), machines=TWELVE)._connection
    assert Catalogue(connection, guesses=False).service("aws", "s3", "it", "far") is None
    assert Catalogue(connection, guesses=False).service("aws", "s3", "it", "us-east-1").usd == Decimal("0.10")


def test_without_machines_in_common_nothing_is_guessed():
    assert prices(("aws", "s3", "it", "us-east-1", "GB", "0.10")).service("aws", "s3", "it", "far") is None


def test_a_machines_price_is_never_guessed():
    assert prices(machines=TWELVE).offer("aws", "elsewhere", "m1.large") is None


def test_a_location_of_two_regions_is_as_dear_as_the_first():
    listed = [
        ("gcp", region, f"n{i}-standard-4", str(usd * (i + 1)), None) for i in range(12) for region, usd in (("us-central1", 1), ("b", 2))
    ]
    catalogue = prices(("gcp", "kms", "key", "us-central1", "key-month", "0.06"), machines=listed)
    assert catalogue.service("gcp", "kms", "key", "b+c").usd == Decimal("0.12")


def test_what_a_spot_machine_saves_is_on_record():
    found = REAL.commitments("aws", "g5.xlarge", "eu-west-1")
    assert {each.plan for each in found} >= {"spot-advisor-savings", "reserved-standard"}
    assert all(0 < each.value < 1 for each in found if each.kind == "discount")


# ── the files


def test_every_figure_has_a_source_on_record():
    known = {row["id"] for row in rows(DATA / "sources.csv")}
    used = {
        row["source"] for folder in ("prices", "services", "commitments") for file in (DATA / folder).rglob("*.csv") for row in rows(file)
    }
    assert used == known


def test_no_price_is_nothing_and_none_is_negative():
    columns = {"prices": ("on_demand_usd_hour", "spot_usd_hour"), "services": ("price_usd",), "commitments": ("value",)}
    for folder, names in columns.items():
        for file in (DATA / folder).rglob("*.csv"):
            wrong = [row for row in rows(file) for name in names if row[name] and not Decimal(row[name]) > 0]
            assert wrong == [], file


def test_every_file_is_sorted_and_names_each_thing_once():
    keys = {"prices": ("instance_type",), "machines": ("instance_type",), "services": ("sku", "region")}
    for folder, names in keys.items():
        for file in (DATA / folder).rglob("*.csv"):
            listed = [tuple(row[name] for name in names) for row in rows(file)]
            assert listed == sorted(set(listed)), file


def test_every_priced_machine_has_a_shape():
    for provider in ("aws", "gcp", "azure"):
        known = {row["instance_type"] for row in rows(DATA / "machines" / f"{provider}.csv")}
        priced = {row["instance_type"] for file in (DATA / "prices" / provider).glob("*.csv") for row in rows(file)}
        assert priced <= known


# ── the index


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("DRYDOCK_CACHE_DIR", str(tmp_path / "cache"))
    for folder in ("services/aws", "machines"):
        shutil.copytree(DATA / folder, tmp_path / "data" / folder)
    (tmp_path / "data" / "prices" / "aws").mkdir(parents=True)
    for region in ("eu-west-1", "us-east-1"):
        shutil.copy(DATA / "prices" / "aws" / f"{region}.csv", tmp_path / "data" / "prices" / "aws")
    shutil.copy(DATA / "sources.csv", tmp_path / "data")
    return tmp_path / "data"


def test_the_index_is_built_once_and_again_when_a_file_changes(data, tmp_path):
    assert Catalogue.open(data).offer("aws", "eu-west-1", "g5.xlarge").on_demand.usd == Decimal("1.123")
    (built,) = (tmp_path / "cache").glob("*.sqlite")
    before = built.stat().st_mtime_ns
    Catalogue.open(data)
    assert built.stat().st_mtime_ns == before
    file = data / "prices" / "aws" / "eu-west-1.csv"
    file.write_text(file.read_text().replace("g5.xlarge,1.123,", "g5.xlarge,9.5,"))
    assert Catalogue.open(data).offer("aws", "eu-west-1", "g5.xlarge").on_demand.usd == Decimal("9.5")


def test_many_may_build_the_index_at_the_same_time(data, tmp_path):
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: Catalogue.open(data).offer("aws", "us-east-1", "g5.xlarge").on_demand.usd, range(4)))
    assert opened == [Decimal("1.006")] * 4
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".sqlite"]


def test_an_index_that_could_not_be_finished_is_not_left_behind(data, tmp_path):
    file = data / "prices" / "aws" / "eu-west-1.csv"
    file.write_text(f"{file.read_text()}g5.xlarge,1,,parsec-2026-02-17\n")
    with pytest.raises(sqlite3.IntegrityError):
        Catalogue.open(data)
    assert list((tmp_path / "cache").iterdir()) == []
