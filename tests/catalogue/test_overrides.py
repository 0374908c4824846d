"""What an account really pays goes before the price list, and says so."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from catalogue.catalogue import Catalogue
from catalogue.model import Confidence, Price
from catalogue.overrides import Overrides
from catalogue.overrides_file import OverridesInvalid
from tests.costs.building import prices

TODAY = date(2026, 11, 25)
STORAGE = "provider: aws, region: eu-west-1, service: s3, sku: standard-storage, source: x, asOf: 2026-01-01"
TEN = "{provider: aws, percent: 10, source: contract, asOf: 2026-01-01}"


def overrides(tmp_path: Path, text: str, account: str | None = None) -> Overrides:
    file = tmp_path / "prices.yaml"
    file.write_text(text)
    return Overrides.load(file, account=account, today=TODAY)


def listed(own: Overrides | None = None) -> Catalogue:
    """List prices: g5.xlarge 1 USD (spot 0.4), m5.xlarge 0.2, in two regions; s3 storage 0.02, requests 0.005 per 1k."""
    made = prices(
        ("aws", "s3", "standard-storage", "eu-west-1", "GB-month", "0.02"),
        ("aws", "s3", "standard-put-requests", "eu-west-1", "1k requests", "0.005"),
        machines=[
            ("aws", region, name, usd, spot)
            for region in ("eu-west-1", "us-east-1")
            for name, usd, spot in (("g5.xlarge", "1", "0.4"), ("m5.xlarge", "0.2", None))
        ],
    )
    return Catalogue(made._connection, adjustment=own)  # type: ignore[reportPrivateUsage]


def paid(own: Overrides, name: str = "g5.xlarge", region: str = "eu-west-1", *, spot: bool = False) -> Price:
    offer = listed(own).offer("aws", region, name)
    assert offer is not None
    price = offer.spot if spot else offer.on_demand
    assert price is not None
    return price


def stored(own: Overrides, sku: str = "standard-storage", region: str = "eu-west-1") -> Price | None:
    return listed(own).service("aws", "s3", sku, region)


def machine(**words: str) -> str:
    entry = {"provider": "aws", "region": "eu-west-1", "machine": "g5.xlarge", "onDemandUsdHour": "0.90", "source": "EDP 2026"} | words
    return "".join(f"{'  - ' if key == 'provider' else '    '}{key}: {value}\n" for key, value in entry.items()) + "    asOf: 2026-11-01\n"


def test_an_own_price_is_exact_sure_and_says_where_it_is_from(tmp_path: Path) -> None:
    price = paid(overrides(tmp_path, f"machines:\n{machine()}"))
    assert (price.usd, price.low, price.high) == (Decimal("0.9"),) * 3
    assert price.source.text == "prices.yaml: EDP 2026"
    assert (price.source.as_of, price.source.confidence) == ("2026-11-01", Confidence.HIGH)


def test_it_holds_for_its_region_machine_and_kind_only(tmp_path: Path) -> None:
    own = overrides(tmp_path, f"machines:\n{machine()}")
    assert paid(own, region="us-east-1").usd == 1
    assert paid(own, "m5.xlarge").usd == Decimal("0.2")
    assert paid(own, spot=True).usd == Decimal("0.4")


def test_the_nearer_region_goes_before_a_pattern_and_a_pattern_before_none(tmp_path: Path) -> None:
    entries = [
        machine(region='"eu-*"', onDemandUsdHour="0.8"),
        machine(onDemandUsdHour="0.7"),
        machine(region='"*"', onDemandUsdHour="0.6"),
    ]
    own = overrides(tmp_path, f"machines:\n{''.join(entries)}")
    assert paid(own).usd == Decimal("0.7")
    assert paid(own, region="us-east-1").usd == Decimal("0.6")


def test_the_newer_of_two_equal_entries_applies(tmp_path: Path) -> None:
    newer = machine(onDemandUsdHour="0.7").replace("2026-11-01", "2026-11-02")
    assert paid(overrides(tmp_path, f"machines:\n{newer}{machine(onDemandUsdHour='0.8')}")).usd == Decimal("0.7")


def test_a_discount_lowers_the_list_price_and_names_both(tmp_path: Path) -> None:
    price = paid(overrides(tmp_path, f"discounts:\n  - {TEN}\n"))
    # 1 USD less 10 %
    assert (price.usd, price.low, price.high) == (Decimal("0.90"),) * 3
    assert price.source.text == "price list of the test, less 10 % (prices.yaml: contract, 2026-01-01)"
    assert price.source.as_of == "2026-01-01"
    assert price.note == "list price 1"


def test_a_discount_never_lowers_an_own_price(tmp_path: Path) -> None:
    text = f"machines:\n{machine()}discounts:\n  - {TEN}\nservices:\n"
    text += f"  - {{{STORAGE}, usd: 0.019, unit: GB-month}}\n"
    own = overrides(tmp_path, text)
    assert paid(own).usd == Decimal("0.9")
    found = stored(own)
    assert found is not None
    assert found.usd == Decimal("0.019")


def test_a_spot_price_is_lowered_only_by_a_discount_that_says_so(tmp_path: Path) -> None:
    assert paid(overrides(tmp_path, f"discounts:\n  - {TEN}\n"), spot=True).usd == Decimal("0.4")
    assert paid(overrides(tmp_path, f"discounts:\n  - {TEN.replace('percent', 'spot: true, percent')}\n"), spot=True).usd == Decimal("0.36")


def test_the_most_specific_discount_applies_alone(tmp_path: Path) -> None:
    discounts = [
        "percent: 50, machine: g5.xlarge, region: us-east-1",
        "percent: 20, family: g5",
        "percent: 10",
        "percent: 30, service: s3",
        "percent: 40, service: s3, sku: standard-put-requests",
    ]
    lines = "".join(f"  - {{provider: aws, {words}, source: x, asOf: 2026-01-01}}\n" for words in discounts)
    own = overrides(tmp_path, f"discounts:\n{lines}")
    assert paid(own, region="us-east-1").usd == Decimal("0.5")
    assert paid(own).usd == Decimal("0.8")
    assert paid(own, "m5.xlarge").usd == Decimal("0.18")  # 0.2 less 10 %
    storage, requests = stored(own), stored(own, "standard-put-requests")
    assert storage is not None
    assert storage.usd == Decimal("0.014")  # 0.02 less 30 %
    assert requests is not None
    assert (requests.usd, requests.per) == (Decimal("0.003"), 1000)  # 0.005 less 40 %


def test_an_account_s_section_goes_before_everyone_s_and_counts_for_it_alone(tmp_path: Path) -> None:
    narrow = TEN.replace("percent: 10", "percent: 20, machine: g5.xlarge")
    text = f'discounts:\n  - {narrow}\naccounts:\n  "1111":\n    discounts:\n      - {TEN}\n'
    assert paid(overrides(tmp_path, text)).usd == Decimal("0.8")
    assert paid(overrides(tmp_path, text, "1111")).usd == Decimal("0.9")


def test_expired_entries_are_reported_and_not_applied(tmp_path: Path) -> None:
    text = f"machines:\n{machine(until='2026-11-24')}discounts:\n  - {TEN.replace('percent', 'until: 2026-11-25, percent')}\n"
    own = overrides(tmp_path, text)
    assert own.expired == ("aws eu-west-1 g5.xlarge: expired on 2026-11-24, not applied",)
    assert paid(own).usd == Decimal("0.9")  # the discount holds on its last day: 1 less 10 %


def test_a_service_that_the_list_does_not_know_has_its_own_price(tmp_path: Path) -> None:
    text = "services:\n  - {provider: aws, service: s3, sku: vault, usd: 0.03, unit: 10k requests, source: x, asOf: 2026-01-01}\n"
    found = stored(overrides(tmp_path, text), "vault", "sa-east-1")
    assert found is not None
    assert (found.usd, found.per, found.unit, found.region) == (Decimal("0.03"), 10_000, "requests", "sa-east-1")


def test_a_price_for_another_unit_is_named_and_not_used(tmp_path: Path) -> None:
    own = overrides(tmp_path, f"services:\n  - {{{STORAGE}, usd: 20, unit: TB-month}}\n")
    found = stored(own)
    assert found is not None
    assert found.usd == Decimal("0.02")
    (line,) = own.faults(listed())
    assert line.startswith("aws eu-west-1 s3/standard-storage: its unit is TB-month, the price list's GB-month; the list price is used")


def test_a_machine_that_no_region_offers_is_named(tmp_path: Path) -> None:
    own = overrides(tmp_path, f"machines:\n{machine(machine='g5.xlrage')}{machine(region='sa-east-1')}{machine()}")
    assert own.faults(listed()) == [
        "aws eu-west-1 g5.xlrage: the catalogue knows this machine type in no region; the price is never used",
        "aws sa-east-1 g5.xlarge: the catalogue knows this machine type in 2 other regions; the price is never used",
    ]


SERVICE = "provider: aws, service: s3, sku: a, usd: 1, unit: GB, source: x, asOf: 2026-01-01"
WRONG = {
    "a typo": (f"machines:\n{machine(onDemandUsdHours='1')}", "machines[0].onDemandUsdHours: is not known; allowed: "),
    "its fix": (f"machines:\n{machine(onDemandUsdHours='1')}", "fix: write onDemandUsdHour"),
    "a typo at the top": ("machine: []", "machine: is not known; allowed: machines, services, discounts, accounts; fix: write machines"),
    "no source": (f"services:\n  - {{{SERVICE.replace(', source: x', '')}}}", "services[0].source: is missing"),
    "an empty source": (f"services:\n  - {{{SERVICE.replace('source: x', 'source: ')}}}", "services[0].source"),
    "no day": (f"services:\n  - {{{SERVICE.replace(', asOf: 2026-01-01', '')}}}", "services[0].asOf: is missing; allowed: the day"),
    "a day that is none": (f"services:\n  - {{{SERVICE.replace('01-01', '13-01')}}}", "services[0].asOf: '2026-13-01' is not allowed"),
    "another cloud": (f"services:\n  - {{{SERVICE.replace('aws', 'oci')}}}", "'oci' is not allowed; allowed: 'aws', 'gcp' or 'azure'"),
    "zero": (f"services:\n  - {{{SERVICE.replace('usd: 1', 'usd: 0')}}}", "services[0].usd: 0 is not allowed; allowed: more than 0"),
    "negative": (f"services:\n  - {{{SERVICE.replace('usd: 1', 'usd: -1')}}}", "allowed: more than 0"),
    "not finite": (f"services:\n  - {{{SERVICE.replace('usd: 1', 'usd: .inf')}}}", "services[0].usd"),
    "no number": (f"services:\n  - {{{SERVICE.replace('usd: 1', 'usd: cheap')}}}", "'cheap' is not allowed; allowed: a number"),
    "a truth": (f"services:\n  - {{{SERVICE.replace('usd: 1', 'usd: true')}}}", "True is not allowed; allowed: a number"),
    "all of it": ("discounts:\n  - {provider: aws, percent: 100, source: x, asOf: 2026-01-01}", "allowed: less than 100"),
    "two things": (
        "discounts:\n  - {provider: aws, percent: 9, service: s3, family: g5, source: x, asOf: 2026-01-01}",
        "make two discounts",
    ),
    "a sku alone": ("discounts:\n  - {provider: aws, percent: 9, sku: a, source: x, asOf: 2026-01-01}", "fix: add the service"),
    "no price": ("machines:\n  - {provider: aws, machine: g5.xlarge, source: x, asOf: 2026-01-01}", "machines[0]: has no price"),
    "a number as account": ("accounts:\n  012345678901: {}", "accounts[12345678901]: 12345678901 is not allowed; allowed: text; quote"),
    "twice": ("machines: []\nmachines: []", "line 2: is no YAML (found duplicate key"),
    "no YAML": ("machines: [", "line 1: is no YAML"),
    "a list": ("- 1", "is no mapping; allowed: machines"),
    "a tag": ("machines: !!python/object:os.system []", "is no YAML"),
}


@pytest.mark.parametrize(("text", "words"), WRONG.values(), ids=WRONG)
def test_a_fault_is_one_line_with_path_value_allowed_and_fix(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(OverridesInvalid) as raised:
        overrides(tmp_path, text)
    assert any(line.startswith("prices.yaml: ") and words in line for line in raised.value.lines), raised.value.lines
    assert all("fix: " in line and "\n" not in line for line in raised.value.lines)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(OverridesInvalid) as raised:
        overrides(tmp_path, "machine: []\ndiscounts:\n  - {provider: oci, percent: 0}\n")
    assert len(raised.value.lines) == 5  # the typo, the provider, the percent, no source, no day


def test_an_account_without_a_section_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OverridesInvalid, match=r"accounts: '22' has no section; allowed: 1111"):
        overrides(tmp_path, 'accounts: {"1111": {}}', "22")


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert paid(overrides(tmp_path, "# nothing yet\n")).usd == 1


def test_the_file_that_the_page_shows_has_no_fault(root: Path, tmp_path: Path) -> None:
    shown = (root / "docs/prices.md").read_text().partition("```yaml\n")[2].partition("```")[0]
    own = overrides(tmp_path, shown, "123456789012")
    assert own.expired == ()
    assert paid(own).usd == Decimal("0.93")
    assert paid(own, "m5.xlarge").usd == Decimal("0.19")  # 0.2 less 5 %
