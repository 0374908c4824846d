"""What an estimate and a change look like in a terminal of any width."""

import re

import pytest

from catalogue.model import Confidence
from cli.cost_table import print_diff, print_estimate
from cli.output import out
from costs.diff import diff
from costs.model import Assumption, Estimate, Unpriced
from tests.costs.reporting import estimate, factor, line, monthly, nodes, price, urn


@pytest.fixture(params=[80, 140])
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(out, "_width", request.param)
    return request.param


def shown(capsys: pytest.CaptureFixture[str], width: int) -> str:
    text = capsys.readouterr().out
    assert all(len(each) <= width for each in text.splitlines()), "a line is wider than the terminal"
    return text


def row(text: str, first: str) -> list[str]:
    """The parts of the one row that begins so."""
    (found,) = [each for each in text.splitlines() if each.strip().startswith(first)]
    return re.split(r"\s{2,}", found.strip())


def full() -> Estimate:
    gpu = nodes("gpu", "g5.xlarge", "1.006", (0, 2, 8))
    stored = line("models", "STANDARD storage", price("0.023", "GB-month"), factor("GiB stored", (50, 200, 900), Confidence.LOW))
    return estimate(
        stored,
        gpu,
        line("models", "write requests", price("0.000005", "requests"), factor("requests", 10)),
        monthly("db", 20),
        unpriced=[Unpriced(urn("gpu"), "egress", "no price of egress is on record")],
        unsupported=[urn("odd", "aws:fsx/lustreFileSystem:LustreFileSystem")],
        assumptions=[Assumption(urn(f"b{number}"), f"kind {number % 7}", "1 … 9", "nobody said") for number in range(14)],
        components={gpu.urn: urn("pool"), stored.urn: urn("storage")},
        notes=["12 unchanged resources are not in this preview"],
    )


def test_the_first_sentence_has_the_total_its_worst_case_and_its_confidence(capsys: pytest.CaptureFixture[str], width: int) -> None:
    print_estimate(full(), "prod-aws")
    first = " ".join(shown(capsys, width).split("\n\n")[0].split())
    # 1,468.76 + 4.60 + 20, at most 5,875.04 + 20.70 + 20
    assert first == (
        "prod-aws: at least $1,493 a month expected, at least $21.15 at low use, at least $5,916 in the worst case (confidence high)"
    )


def test_components_stand_dearest_first_with_their_resources_and_drivers(capsys: pytest.CaptureFixture[str], width: int) -> None:
    print_estimate(full(), "prod-aws")
    text = shown(capsys, width)
    assert row(text, "pool") == ["pool", "$0", "$1,469", "$5,875"]
    assert row(text, "gpu Thing, nodes") == ["gpu Thing, nodes", "$0", "$1,469", "$5,875", "high"]
    assert row(text, "STANDARD storage") == ["STANDARD storage", "$1.15", "$4.60", "$20.70", "low"]
    assert row(text, "write requests")[1:] == ["<$0.01", "<$0.01", "<$0.01", "high"]
    assert row(text, "total") == ["total, at least", "$21.15", "$1,493", "$5,916", "high"]
    assert text.index("\npool") < text.index("\ndb") < text.index("\nstorage")


def test_formulas_and_every_assumption_are_shown_on_demand(capsys: pytest.CaptureFixture[str], width: int) -> None:
    print_estimate(full(), "prod-aws")
    short = shown(capsys, width)
    print_estimate(full(), "prod-aws", verbose=True)
    long = shown(capsys, width)
    assert "0 … 2 … 8 nodes × 730 hours" in " ".join(long.split())
    assert "price of 2026-01-01, here, price list of the test" in " ".join(long.split())
    assert "730 hours a month ×" not in short
    assert "price list" not in short
    assert "- kind 0 1 … 9 (nobody said): 2 resources" in short
    assert "… and 2 more, see --verbose" in short
    assert all(f"b{number}, kind {number % 7} 1 … 9 (nobody said)" in long for number in range(14))


def test_what_is_not_priced_is_named_with_its_reason(capsys: pytest.CaptureFixture[str], width: int) -> None:
    print_estimate(full(), "prod-aws")
    text = shown(capsys, width)
    assert "Not priced, and not in the amounts (2)" in text
    assert "- gpu Thing, egress: no price of egress is on record" in text
    assert "- odd: aws:fsx/lustreFileSystem:LustreFileSystem is not priced" in text
    assert "- 12 unchanged resources are not in this preview" in text


def test_a_change_names_its_cause_and_says_where_nothing_is_saved(capsys: pytest.CaptureFixture[str], width: int) -> None:
    missing = Unpriced(urn("db"), "instance", "its class is known only after `up`")
    before = estimate(nodes("gpu", "g4dn.xlarge", "0.526"), monthly("db", 50), monthly("old", 5))
    print_diff(diff(before, estimate(nodes("gpu", "g5.xlarge", "1.006"), unpriced=[missing])), "prod-aws")
    text = shown(capsys, width)
    # 730 × (1.006 - 0.526) = 350.40
    assert row(text, "~ gpu Thing") == ["~ gpu Thing", "+$350", "+$350", "+$350", "high"]
    assert "\n  g4dn.xlarge → g5.xlarge" in text
    assert row(text, "- old Thing")[1:] == ["-$5.00", "-$5.00", "-$5.00", "high"]
    assert row(text, "all") == ["all", "+$295", "+$295", "+$295"]
    assert "$50.00 of this is no saving" in text
    assert "Newly not priced, and not in the amounts (1)" in text
    assert "before: $439 a month expected" in text
    assert "after: at least $734 a month expected" in text


def test_many_changes_are_summed_in_one_row_unless_all_are_asked_for(capsys: pytest.CaptureFixture[str], width: int) -> None:
    found = diff(estimate(), estimate(*(monthly(f"db-{number:02}", number) for number in range(1, 31))))
    print_diff(found, "prod-aws")
    text = shown(capsys, width)
    # 1 + … + 10
    assert row(text, "… 10 more") == ["… 10 more, see --verbose", "+$55.00", "+$55.00", "+$55.00"]
    print_diff(found, "prod-aws", verbose=True)
    assert "db-01" in shown(capsys, width)


@pytest.mark.parametrize("name", ["[red]x[/red]", "[/]", "\x1b[31mred", "line\nbreak", "x" * 300])
def test_no_name_is_taken_for_markup_or_an_escape_sequence(name: str, capsys: pytest.CaptureFixture[str], width: int) -> None:
    found = estimate(monthly(name, 5, driver=name), unpriced=[Unpriced(urn(name), name, name)], notes=[name])
    print_estimate(found, name, verbose=True)
    print_diff(diff(estimate(), found), name)
    text = shown(capsys, width)
    assert "\x1b" not in text
    assert " ".join(name.replace("\x1b", "\ufffd").split())[:20] in text


def test_an_empty_estimate_costs_nothing(capsys: pytest.CaptureFixture[str], width: int) -> None:
    print_estimate(estimate(), "empty")
    print_diff(diff(estimate(), estimate()), "empty")
    text = " ".join(shown(capsys, width).split())
    assert "empty: $0 a month expected, $0 at low use, $0 in the worst case (confidence high)" in text
    assert "Not priced" not in text
