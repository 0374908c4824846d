"""What an estimate and a change look like in a terminal of any width."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from catalogue.model import Confidence, Source
from cli.cost_table import print_diff, print_estimate
from cli.output import out
from costs.diff import diff
from costs.model import Assumption, Estimate, Unpriced
from costs.tiers import Step
from tests.costs.reporting import estimate, factor, line, monthly, nodes, option, price, urn


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
    assert "price: 2026-01-01 here [1]" in " ".join(long.split())
    assert long.count("price list of the test") == 1
    assert "Sources of the prices\n[1] price list of the test" in long
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
    assert "empty: nothing in it costs anything by itself" in text
    assert "empty: no change before: nothing in it costs anything by itself" in text
    assert "Not priced" not in text


def test_where_no_price_is_known_there_is_no_amount(capsys: pytest.CaptureFixture[str], width: int) -> None:
    unknown = estimate(unpriced=[Unpriced(urn("gpu"), "nodes", "no price is on record")], unsupported=[urn("odd"), urn("odder")])
    print_estimate(unknown, "prod")
    text = shown(capsys, width)
    assert text.startswith("prod: no price is known: 3 costs have none (listed below)\n")
    assert "Not priced, and not in the amounts (3)" in text
    assert "$" not in text
    print_diff(diff(unknown, unknown), "prod")
    assert shown(capsys, width).startswith("prod: no change in what has a price\n")
    print_diff(diff(unknown, estimate(monthly("a", 5))), "prod")
    assert "\nbefore: no price is known: 3 costs have none\n" in shown(capsys, width)


def test_components_of_one_name_are_told_apart_by_their_kind_and_others_are_not(capsys: pytest.CaptureFixture[str], width: int) -> None:
    fee = price("1", "month")
    same = [line("inference", "fee", fee, factor("months", 3 - number), kind=kind) for number, kind in enumerate(KINDS)]
    guesses = [Assumption(each.urn, "hours", "1 … 2", "nobody said") for each in same]
    print_estimate(estimate(*same, monthly("ranker", 9), assumptions=guesses), "prod", verbose=True)
    text = shown(capsys, width)
    # Two NAT gateways of one name, of two clouds, have their whole type.
    for name in ("inference Cluster", "inference aws:ec2/natGateway:NatGateway", "inference azure-native:network:NatGateway"):
        assert f"\n{name} " in text
        assert f"- {name}, hours 1 … 2 (nobody said)" in " ".join(text.split())
    assert "\nranker  " in text


KINDS = ("aws:eks/cluster:Cluster", "aws:ec2/natGateway:NatGateway", "azure-native:network:NatGateway")


def test_an_address_as_source_is_whole_numbered_and_listed_once(capsys: pytest.CaptureFixture[str], width: int) -> None:
    long = Source(text=f"list of /{'very-' * 20}long/path", as_of="2026-05-01", confidence=Confidence.MEDIUM)
    first = line("a", "fee", price("9", "month"), factor("months", 1))
    others = [line(name, "fee", price("1", "month", source=long), factor("months", 1)) for name in "bc"]
    print_estimate(estimate(*others, first), "prod", verbose=True)
    text = shown(capsys, width)
    # Numbered as they are met in the table, whose first row is the dearest.
    assert text.index("price: 2026-01-01 here [1]") < text.index("price: 2026-05-01 here [2]")
    assert text.count("price: 2026-05-01 here [2]") == 2
    assert "".join(text.split()).count("".join(long.text.split())) == 1


def test_a_line_without_a_price_names_no_source(capsys: pytest.CaptureFixture[str], width: int) -> None:
    free = line("queue", "requests", (Step(None, None),), factor("requests", 5))
    print_estimate(estimate(free), "prod", verbose=True)
    text = shown(capsys, width)
    assert "price:" not in text
    assert "5 requests" in text


def test_a_plan_has_a_name_that_its_cloud_knows_and_spot_no_break_even(capsys: pytest.CaptureFixture[str], width: int) -> None:
    plan = replace(option(), plan="ec2-instance-savings-plan", payment="no-upfront")
    spot = replace(option(), plan="spot", term_years=0, payment="", break_even=Decimal(0))
    print_estimate(estimate(monthly("a", 5)), "prod", options=[plan, spot])
    text = " ".join(shown(capsys, width).split())
    assert "g5.xlarge in here: EC2 instance savings plan, 1 year, no-upfront: 0.634 instead of 1.006 USD/h, pays from 63%" in text
    assert "g5.xlarge in here: spot: 0.634 instead of 1.006 USD/h, saves $272 a month" in text


def test_every_changed_line_is_listed_on_demand(capsys: pytest.CaptureFixture[str], width: int) -> None:
    before = estimate(monthly("a", 10, "disk"), monthly("a", 10, "logs"), monthly("a", 7, "alarms"))
    after = estimate(monthly("a", (80, 90, 200), "disk"), monthly("a", 10, "logs"), monthly("a", 4, "reads"), nodes("n", "g5.xlarge", "1"))
    print_diff(diff(before, after), "prod")
    short = shown(capsys, width)
    assert "Each line that changed: see --verbose" in short
    assert "- disk" not in short
    print_diff(diff(before, after), "prod", verbose=True)
    long = " ".join(shown(capsys, width).split())
    assert "- disk: months 10 → 80 … 90 … 200: +$80.00 (+$70.00 … +$190)" in long
    assert "- alarms → reads; months 7 → 4: -$3.00" in long
    assert "- nodes added: +$730" in long
    assert "logs" not in long
    assert "see --verbose" not in long


def test_the_largest_expected_change_stands_first_and_a_jump_of_the_worst_case_does_not_fall_off(
    capsys: pytest.CaptureFixture[str], width: int
) -> None:
    spike, steady = monthly("spike", (1, 1, 5000)), [monthly(f"db-{number:02}", number) for number in range(1, 31)]
    print_diff(diff(estimate(monthly("spike", 1)), estimate(spike, *steady)), "prod")
    text = shown(capsys, width)
    assert text.index("db-30") < text.index("db-12") < text.index("spike Thing")
    assert "db-11" not in text


def test_what_stands_while_nobody_works_is_listed_whole_and_apart(capsys: pytest.CaptureFixture[str], width: int) -> None:
    idle = [Assumption(urn(name), "idle", "$0.00", "scales to zero") for name in ("cpu", "gpu-spot")]
    held = Assumption(urn("held"), "idle", "$1,469.34 a month", "reserved: billed whether it is used or not")
    assumed = [Assumption(urn(f"b{number}"), f"kind {number}", "1", "nobody said") for number in range(9)]
    print_estimate(estimate(monthly("db", 20), assumptions=[*assumed, *idle, held]), "prod-aws")
    text = " ".join(shown(capsys, width).split())
    assert (
        "When idle - $0.00 (scales to zero): cpu, gpu-spot - $1,469.34 a month (reserved: billed whether it is used or not): held" in text
    )
    # The other nine, of which five are shown.
    assert "Assumed (9) - kind 0 1 (nobody said): b0" in text
