"""`drydock prices`: what it prints, its exit statuses, and the own prices it writes."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from catalogue.model import Confidence, Price, Source
from cli import prices_refresh
from cli.output import out
from cli.prices import prices
from tests.catalogue.refresh import shapes
from tests.catalogue.refresh.serving import QUICK, Answer, Answering, serving
from tests.catalogue.refresh.shapes import machine


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRYDOCK_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.delenv("DRYDOCK_GCP_KEY", raising=False)
    files = {
        "sources.csv": "list,2026-07-20,high,the price list\n",
        "prices/aws/eu-west-1.csv": "g5.xlarge,1,0.4,list\ng6.xlarge,0.9,,list\nm5.xlarge,0.2,,list\n",
        "prices/gcp/europe-west4.csv": "e2-standard-4,0.14,,list\n",
        "machines/aws.csv": "g5.xlarge,4,16,A10G,1,24,x\ng6.xlarge,4,16,L4,1,24,x\nm5.xlarge,4,16,,,,x\n",
        "machines/gcp.csv": "e2-standard-4,4,16,,,,x\n",
        "services/aws/s3.csv": "standard-put-requests,eu-west-1,1k requests,0.005,list\nstandard-storage,eu-west-1,GB-month,0.02,list\n",
    }
    return shapes.catalogue(tmp_path / "data", files)


def run(*words: str) -> Result:
    return CliRunner().invoke(prices, list(words))


def on(data: Path, *words: str) -> Result:
    return run(*words, "--data", str(data))


def refresh(data: Path, answer: Answering, *words: str, monkeypatch: pytest.MonkeyPatch, cloud: str = "aws") -> Result:
    monkeypatch.setattr(prices_refresh, "Patience", lambda: QUICK)
    monkeypatch.setattr("catalogue.refresh.run.Patience", lambda: QUICK)
    with serving(answer) as host:
        return on(data, "refresh", "--cloud", cloud, "--endpoint", host.url, *words)


def ec2(**prices_of: str) -> Answering:
    return shapes.aws({"AmazonEC2": [machine(name.replace("_", "."), usd) for name, usd in prices_of.items()]})


def test_refresh_shows_what_moves_and_exits_with_0(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = refresh(data, ec2(g5_xlarge="1.1", g6_xlarge="0.9", m5_xlarge="0.2"), monkeypatch=monkeypatch)
    assert shown.exit_code == 0, shown.output
    assert "g5.xlarge 1 → 1.1 USD (+10.0 %)" in shown.stdout
    assert "files written" in shown.stdout
    assert "g5.xlarge,1.1," in (data / "prices/aws/eu-west-1.csv").read_text()


def test_refresh_refuses_with_1_and_names_the_way(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shapes.contents(data)
    shown = refresh(data, ec2(g5_xlarge="2", g6_xlarge="0.9", m5_xlarge="0.2"), monkeypatch=monkeypatch)
    assert shown.exit_code == 1
    assert "g5.xlarge 1 → 2 USD (+100.0 %)" in shown.stdout
    assert "--accept" in shown.stdout
    assert shapes.contents(data) == before
    accepted = refresh(data, ec2(g5_xlarge="2", g6_xlarge="0.9", m5_xlarge="0.2"), "--accept", monkeypatch=monkeypatch)
    assert accepted.exit_code == 0


def test_refresh_that_cannot_fetch_exits_with_2_in_one_line(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shapes.contents(data)
    shown = refresh(data, lambda asked: Answer(b"", status=503), monkeypatch=monkeypatch)
    assert shown.exit_code == 2
    assert shown.stderr.startswith("cannot fetch, nothing is changed: http://127.0.0.1")
    assert "status 503" in shown.stderr
    assert len(shown.stderr.splitlines()) == 1
    assert shapes.contents(data) == before


def test_google_s_key_comes_from_a_file_or_the_environment_and_is_never_shown(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*words: str) -> Result:
        return refresh(data, lambda asked: Answer(b"", status=400), *words, cloud="gcp", monkeypatch=monkeypatch)

    assert "needs an API key" in refused().stderr
    monkeypatch.setenv("DRYDOCK_GCP_KEY", "AIzaSECRET")
    file = data.parent / "key"
    file.write_text("AIzaOTHER\n")
    for shown in (refused(), refused("--key-file", str(file))):
        assert shown.exit_code == 2
        assert "is the key right" in shown.stderr
        assert "AIza" not in shown.output
    file.write_text("AIzaONE\r\nHost: evil\n")
    broken = refused("--key-file", str(file))
    assert "holds no API key" in broken.stderr
    assert "AIza" not in broken.output
    assert refused("--key-file", str(data / "none")).exit_code == 2


@pytest.mark.parametrize("words", [("refresh", "--cloud", "oci"), ("show", "oci", "x", "y"), ("find", "oci", "x")])
def test_an_unknown_cloud_exits_with_2(words: tuple[str, ...], data: Path) -> None:
    shown = on(data, *words)
    assert shown.exit_code == 2
    assert "allowed: aws, azure, gcp" in shown.stderr


def test_show_tells_the_list_price_and_where_it_is_from(data: Path) -> None:
    shown = on(data, "show", "aws", "eu-west-1", "g5.xlarge")
    assert shown.exit_code == 0, shown.output
    for word in ("on demand", "spot", "2026-07-20", "high", "the price list"):
        assert word in shown.stdout
    assert "we pay" not in shown.stdout


def test_show_lists_all_skus_of_a_service(data: Path) -> None:
    found = json.loads(on(data, "show", "aws", "eu-west-1", "s3", "--json").stdout)
    assert [(each["what"], each["list"]["usd"], each["list"]["per"]) for each in found] == [
        ("s3/standard-put-requests", "0.005", "1000"),
        ("s3/standard-storage", "0.02", "1"),
    ]


def test_show_of_what_is_not_on_record_exits_with_1_and_says_where_it_is(data: Path) -> None:
    shown = on(data, "show", "aws", "us-east-1", "g5.xlarge")
    assert shown.exit_code == 1
    assert "no price on record; it is on record in eu-west-1" in shown.stderr


def test_find_shows_the_cheapest_machines_that_have_what_is_needed(data: Path) -> None:
    found = json.loads(on(data, "find", "aws", "eu-west-1", "--accelerator-memory-gib", "24", "--json").stdout)
    assert [(each["machine"], each["onDemandUsdHour"], each["acceleratorMemoryGib"]) for each in found] == [
        ("g6.xlarge", "0.9", 24.0),
        ("g5.xlarge", "1", 24.0),
    ]
    assert "1 × L4" in on(data, "find", "aws", "eu-west-1", "--accelerator", "L4").stdout


def test_find_puts_an_own_price_in_its_place(data: Path) -> None:
    assert on(data, "override", "aws", "eu-west-1", "g5.xlarge", "0.5", "--source", "EDP").exit_code == 0
    found = json.loads(on(data, "find", "aws", "eu-west-1", "--accelerator-memory-gib", "24", "--limit", "1", "--json").stdout)
    assert [(each["machine"], each["onDemandUsdHour"]) for each in found] == [("g5.xlarge", "0.5")]


def test_find_of_too_much_exits_with_1(data: Path) -> None:
    assert "no machine with a known price" in on(data, "find", "aws", "eu-west-1", "--vcpus", "999").stderr
    assert "no machine on record" in on(data, "find", "aws", "nowhere", "--vcpus", "1").stderr


OWN = """\
# Negotiated in July.
machines:
  - provider: aws            # the EDP
    region: eu-west-1
    machine: g5.xlarge
    onDemandUsdHour: 0.90    # was 1.006
    source: EDP 2025
    asOf: 2025-07-01
"""


def test_override_adds_a_price_that_show_then_names(data: Path) -> None:
    assert on(data, "override", "aws", "eu-west-1", "g5.xlarge", "0.85", "--source", "EDP 2026").exit_code == 0
    shown = on(data, "show", "aws", "eu-west-1", "g5.xlarge")
    assert "we pay" in shown.stdout
    assert "prices.yaml: EDP 2026; own price" in shown.stdout


def test_override_keeps_a_file_s_comments_and_order(data: Path) -> None:
    file = Path("prices.yaml")
    file.write_text(OWN)
    shown = on(data, "override", "aws", "eu-west-1", "s3/standard-storage", "0.0190", "--source", "private pricing")
    assert shown.exit_code == 0, shown.output
    assert file.read_text().startswith(OWN)
    assert "    usd: 0.0190\n    unit: GB-month\n" in file.read_text()


def test_override_changes_the_entry_of_the_same_thing(data: Path) -> None:
    file = Path("prices.yaml")
    file.write_text(OWN)
    shown = on(data, "override", "aws", "eu-west-1", "g5.xlarge", "0.80", "--source", "EDP 2026", "--until", "2099-12-31")
    assert "(before: 0.9" in shown.stdout
    text = file.read_text()
    assert text.count("g5.xlarge") == 1
    assert "onDemandUsdHour: 0.80    # was 1.006" in text
    assert "# Negotiated in July." in text
    assert "until: 2099-12-31" in text


def test_override_for_one_account_counts_for_it_alone(data: Path) -> None:
    on(data, "override", "aws", "eu-west-1", "g5.xlarge", "0.7", "--source", "team", "--account", "012345678901")
    assert '"012345678901"' in Path("prices.yaml").read_text() or "'012345678901'" in Path("prices.yaml").read_text()
    assert "we pay" not in on(data, "show", "aws", "eu-west-1", "g5.xlarge").stdout
    assert "we pay" in on(data, "show", "aws", "eu-west-1", "g5.xlarge", "--account", "012345678901").stdout


def test_override_of_a_service_takes_the_list_s_unit(data: Path) -> None:
    on(data, "override", "aws", "eu-west-1", "s3/standard-put-requests", "0.004", "--source", "x")
    assert "unit: 1k requests" in Path("prices.yaml").read_text()
    found = json.loads(on(data, "show", "aws", "eu-west-1", "s3/standard-put-requests", "--json").stdout)
    assert (found[0]["pays"]["usd"], found[0]["pays"]["per"]) == ("0.004", "1000")


WRONG = {
    "no number": (("g5.xlarge", "cheap"), "is no amount of USD"),
    "zero": (("g5.xlarge", "0"), "is no price"),
    "not finite": (("g5.xlarge", "NaN"), "is no price"),
    "a sku that is not listed": (("s3/vault", "1"), "fix: name it with --unit"),
    "a spot service": (("s3/standard-storage", "1", "--spot"), "--spot is for machine types"),
    "a machine type that is not on record": (("g9.xlarge", "1"), "knows this machine type in no region, so that the price would never"),
    "an empty name": ((" ", "1"), "the thing is empty; allowed: a machine type such as g5.xlarge"),
    "a day that is none": (("g5.xlarge", "1", "--until", "soon"), "is no day"),
    "a name that is none": (("g5 xlarge", "1", "--new"), "allowed: a name without spaces"),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_override_writes_nothing(words: tuple[str, ...], said: str, data: Path) -> None:
    shown = on(data, "override", "aws", "eu-west-1", *words, "--source", "x")
    assert shown.exit_code in (1, 2)
    assert said in shown.stderr
    assert not Path("prices.yaml").exists()


def test_an_override_of_a_machine_type_that_is_not_on_record_needs_new(data: Path) -> None:
    words = ("override", "aws", "us-east-1", "g5.xlarge", "1", "--source", "x")
    refused = on(data, *words)
    assert refused.exit_code == 2
    assert "knows this machine type in 1 other region, so that the price would never be used; fix: " in refused.stderr
    assert "--new" in refused.stderr
    assert not Path("prices.yaml").exists()
    written = on(data, *words, "--new")
    assert written.exit_code == 0, written.output
    assert "the price is never used" in written.stderr
    assert "region: us-east-1" in Path("prices.yaml").read_text()


def test_an_override_for_a_pattern_of_regions_needs_one_that_has_the_type(data: Path) -> None:
    assert on(data, "override", "aws", "us-*", "g5.xlarge", "1", "--source", "x").exit_code == 2
    assert on(data, "override", "aws", "eu-*", "g5.xlarge", "1", "--source", "x").exit_code == 0


@pytest.mark.parametrize(("region", "what", "said"), [("eu-west-1", "", "the thing is empty"), (" ", "s3", "the region is empty")])
def test_show_of_nothing_says_what_is_allowed_in_one_line(region: str, what: str, said: str, data: Path) -> None:
    shown = on(data, "show", "aws", region, what)
    assert shown.exit_code == 2
    assert shown.stderr.startswith(f"{said}; allowed: ")
    assert len(shown.stderr.splitlines()) == 1


def test_a_file_that_cannot_be_read_is_told_in_words(data: Path) -> None:
    show = ("show", "aws", "eu-west-1", "g5.xlarge", "--prices")
    assert on(data, *show, "none.yaml").stderr == "none.yaml: cannot be read: no such file or directory\n"
    Path("latin.yaml").write_bytes(b"# caf\xe9\n")
    assert on(data, *show, "latin.yaml").stderr == "latin.yaml: cannot be read: it is no UTF-8 text\n"
    key = on(data, "refresh", "--cloud", "gcp", "--key-file", "none")
    assert key.stderr == "--key-file none: cannot be read: no such file or directory\n"
    written = on(data, "override", "aws", "eu-west-1", "g5.xlarge", "1", "--source", "x", "--prices", "none/prices.yaml")
    assert written.stderr == "none/prices.yaml: cannot be written: no such file or directory\n"


@pytest.mark.parametrize("width", [80, 140])
def test_tables_fit_the_terminal_and_no_id_is_cut(width: int, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "_width", width)
    found = on(data, "find", "aws", "eu-west-1").stdout
    assert ("their GiB" in found) == (width == 140)
    assert "m5.xlarge" in found
    assert "the price list" not in found
    shown = on(data, "show", "aws", "eu-west-1", "s3").stdout
    assert "s3/standard-put-requests" in shown
    # Two prices of one source, which stands below, once.
    assert (shown.count("[1]"), shown.count("the price list")) == (3, 1)
    for text in (found, shown):
        assert "│" not in text
        assert "…" not in text
        assert all(len(line) <= width for line in text.splitlines())


def test_a_guessed_price_is_rounded_in_the_table_and_whole_in_json(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guess = Price(
        usd=Decimal("0.0366371681"), low=Decimal("0.023"), high=Decimal("0.0371538462"), unit="GB-month", per=Decimal(1), region="here",
        source=Source(text="a list", as_of="2026-01-01", confidence=Confidence.LOW), note="a guess",
    )  # fmt: skip
    monkeypatch.setattr("catalogue.catalogue.Catalogue._service", lambda *asked: guess)
    words = ("show", "aws", "eu-west-1", "s3/standard-storage")
    shown = on(data, *words).stdout
    assert "0.03664" in shown
    assert "0.023 – 0.03715" in shown
    assert "[1] a list; a guess" in shown
    assert json.loads(on(data, *words, "--json").stdout)[0]["list"]["usd"] == "0.0366371681"


def test_a_broken_file_stays_as_it_is(data: Path) -> None:
    Path("prices.yaml").write_text("machine: []\n")
    shown = on(data, "override", "aws", "eu-west-1", "g5.xlarge", "1", "--source", "x")
    assert shown.exit_code == 1
    assert "prices.yaml: machine: is not known" in shown.stderr
    assert Path("prices.yaml").read_text() == "machine: []\n"


def test_expired_and_unusable_entries_are_reported(data: Path) -> None:
    Path("prices.yaml").write_text(OWN + "    until: 2026-01-01\n" + OWN.partition("machines:\n")[2].replace("g5.xlarge", "g55.xlarge"))
    shown = on(data, "show", "aws", "eu-west-1", "g5.xlarge")
    assert "aws eu-west-1 g5.xlarge: expired on 2026-01-01, not applied" in shown.stderr
    assert "g55.xlarge: the catalogue knows this machine type in no region" in shown.stderr
    assert "we pay" not in shown.stdout
