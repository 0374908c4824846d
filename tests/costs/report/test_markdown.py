"""The comment of a pull request: what stands first, what is never left out, and that nothing in a name is taken for markup."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from catalogue.model import Confidence
from costs.model import Assumption, Estimate, Line, Unpriced
from costs.report.markdown import LIMIT, comment
from costs.report.stack import StackReport
from tests.costs.reporting import estimate, monthly, nodes, urn

RENDER = MarkdownIt("commonmark", {"html": True}).enable("table")


def one(before: Estimate | None, after: Estimate, name: str = "prod") -> str:
    return comment([StackReport(name, before, after)])


def cells(text: str, first: str) -> list[str]:
    """The cells of the one row whose first cell is this, as a reader sees them."""
    rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r"<tr>\s*(.*?)\s*</tr>", RENDER.render(text), re.DOTALL)]
    shown = [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in row] for row in rows]
    (row,) = [row for row in shown if row[0] == first]
    return row


def headline(text: str) -> str:
    return text.splitlines()[2]


def many(count: int, start: int = 1) -> list[Line]:
    return [monthly(f"db-{number:04}", number) for number in range(start, start + count)]


def test_the_headline_tells_the_change_its_range_and_what_is_not_in_it() -> None:
    missing = [Unpriced(urn("a"), "logs", "no price"), Unpriced(urn("a"), "disk", "no price")]
    shown = one(estimate(monthly("a", (100, 200, 300))), estimate(monthly("a", (220, 610, 2200)), unpriced=missing))
    # 220 - 100, 610 - 200, 2,200 - 300
    assert headline(shown) == "## Cost: +$410/mo expected (+$120 … +$1,900), 2 items unpriced (2 new)"


def test_a_saving_has_a_minus_sign() -> None:
    assert headline(one(estimate(monthly("a", 500)), estimate(monthly("a", 90)))) == "## Cost: -$410/mo expected (-$410)"


def test_no_change_says_what_it_costs_and_that_it_is_at_least_that() -> None:
    same = estimate(monthly("a", (1, 2, 3)), unsupported=[urn("odd")])
    assert headline(one(same, same)) == "## Cost: no change, at least $2.00/mo expected ($1.00 … $3.00), 1 item unpriced"


def test_less_than_a_cent_is_not_nothing() -> None:
    shown = one(estimate(monthly("a", 1)), estimate(monthly("a", 1.001)))
    assert headline(shown) == "## Cost: +<$0.01/mo expected (+<$0.01)"
    assert "&lt;$0.01" in RENDER.render(shown)


def test_a_stack_has_before_after_change_worst_case_and_confidence() -> None:
    shown = one(
        estimate(monthly("a", 100)),
        estimate(monthly("a", (100, 150, 900), confidence=Confidence.LOW), unpriced=[Unpriced(urn("a"), "logs", "no price")]),
    )
    assert cells(shown, "prod") == ["prod", "$100", "at least $150", "+$50.00", "$0 … +$800", "at least $900", "low"]


def test_a_new_stack_is_new_and_not_free_before() -> None:
    assert cells(one(None, estimate(monthly("a", 100))), "prod")[1:4] == ["new", "$100", "+$100"]


def test_many_stacks_have_one_comment_with_their_sum_and_their_names_in_every_row() -> None:
    missing = Unpriced(urn("b"), "logs", "no price")
    first = StackReport("dev", estimate(monthly("a", 10)), estimate(monthly("a", 15)))
    second = StackReport("prod", estimate(monthly("a", 200)), estimate(monthly("a", 190), unpriced=[missing]))
    shown = comment([first, second])
    assert cells(shown, "all stacks")[1:5] == ["$210", "at least $205", "-$5.00", "-$5.00"]
    assert cells(shown, "dev")[3] == "+$5.00"
    assert cells(comment([first, StackReport("prod", second.after, second.after)]), "all stacks")[1] == "at least $200"
    assert "**new** `prod`: `b` Thing, logs: no price" in shown


def test_the_ten_largest_changes_are_shown_and_the_others_counted() -> None:
    shown = one(estimate(), estimate(*many(12, 5)))
    assert shown.count("\n| + |") == 10
    assert "… and 2 more rows in the full report" in shown
    assert "| `db-0016` Thing |" in shown
    assert "| `db-0006` Thing |" not in shown


def test_a_worst_case_that_rises_is_news_even_where_the_expected_stays() -> None:
    after = estimate(monthly("spike", (1, 1, 5000)), *many(12, 5))
    assert "`spike`" in one(estimate(monthly("spike", 1)), after)


def test_a_change_names_its_cause_and_its_sign() -> None:
    before = estimate(nodes("gpu", "g5.2xlarge", "1.212", 4), monthly("gone", 3))
    shown = one(before, estimate(nodes("gpu", "g5.xlarge", "1.006", 4)))
    # 4 × 730 × (1.006 - 1.212) = -601.52
    assert cells(shown, "~") == ["~", "gpu Thing", "-$602", "-$602", "g5.2xlarge → g5.xlarge", "high"]
    assert cells(shown, "-")[4] == "removed"


def test_what_has_no_price_is_always_open_and_the_new_first() -> None:
    old, new = Unpriced(urn("a"), "disk", "an old gap"), Unpriced(urn("b"), "logs", "a new gap")
    shown = one(estimate(unpriced=[old]), estimate(unpriced=[old, new], unsupported=[urn("odd", "shop:index:Odd")]))
    folded = shown.index("<details>") if "<details>" in shown else len(shown)
    lines = [line for line in shown[:folded].splitlines() if line.startswith("- ")]
    assert lines == [
        "- **new** `b` Thing, logs: a new gap",
        "- **new** `odd` Odd: no resource of this type is priced",
        "- `a` Thing, disk: an old gap",
    ]


def test_every_resource_without_a_price_is_named_and_those_for_the_same_reason_share_rows_of_ten() -> None:
    gaps = [Unpriced(urn(f"b{number:02}"), "logs", "no price") for number in range(12)]
    shown = one(None, estimate(unpriced=gaps))
    rows = [row for row in shown.splitlines() if row.endswith(", logs: no price")]
    assert [row.count("Thing") for row in rows] == [10, 2]
    assert all(f"`b{number:02}`" in shown for number in range(12))


def test_the_order_in_which_a_preview_names_resources_does_not_matter() -> None:
    def shuffled(turn: int) -> Estimate:
        lines = many(9)
        gaps = [Unpriced(urn(name), "logs", "no price") for name in "abc"]
        guesses = [Assumption(urn(name), "requests", name, "nobody said") for name in "abc"]
        turned = [[*each[turn:], *each[:turn]] for each in (lines, gaps, guesses, [urn(name) for name in "xyz"])]
        return estimate(*turned[0], unpriced=turned[1], assumptions=turned[2], unsupported=turned[3])

    assert one(estimate(), shuffled(0)) == one(estimate(), shuffled(1))


def test_a_price_that_is_lost_is_said_not_to_be_a_saving() -> None:
    missing = Unpriced(urn("gpu"), "nodes", "instanceType is known only after `up`")
    shown = one(estimate(nodes("gpu", "g5.xlarge", "1")), estimate(unpriced=[missing]))
    assert "**$730 of this is no saving**" in shown
    assert "**$730 of this is no new cost**" in one(estimate(unpriced=[missing]), estimate(nodes("gpu", "g5.xlarge", "1")))


def test_notes_on_the_input_stand_open_and_once() -> None:
    noted = estimate(monthly("a", 1), notes=["12 unchanged resources are not in this preview"])
    shown = one(noted, noted)
    assert shown.count("12 unchanged resources are not in this preview") == 1
    assert "<details>" not in shown


def test_assumptions_and_formulas_are_folded_and_prices_dated() -> None:
    assumed = Assumption(urn("q"), "requests", "5 … 1,000", "nobody said")
    shown = one(estimate(), estimate(nodes("gpu", "g5.xlarge", "1.006"), assumptions=[assumed]))
    folded = shown[shown.index("<details>") :]
    assert "- requests: 5 … 1,000 (nobody said): `q`" in folded
    assert "`1 nodes × 730 hours a month × 1.006 USD/hour = 734.38 USD a month`, of 2026-01-01, confidence high" in folded
    assert shown.count("<details>") == shown.count("</details>") == 2
    assert "without tax, of 2026-01-01." in shown


def test_an_assumption_of_many_resources_is_one_row() -> None:
    assumed = [Assumption(urn(f"q{number}"), "requests", "5 … 1,000", "nobody said") for number in range(7)]
    shown = one(estimate(), estimate(assumptions=assumed))
    assert "- requests: 5 … 1,000 (nobody said): `q0`, `q1`, `q2`, `q3`, `q4`, `q5`, `q6`" in shown


def test_a_stack_without_changes_has_no_empty_sections() -> None:
    shown = one(estimate(), estimate())
    assert "###" not in shown
    assert "<details>" not in shown
    assert headline(shown) == "## Cost: no change, nothing in it costs anything by itself"


def test_where_no_price_is_known_there_is_no_amount() -> None:
    gap = Unpriced(urn("gpu"), "nodes", "no price")
    unknown = estimate(unpriced=[gap], unsupported=[urn("odd")])
    shown = one(None, unknown)
    assert headline(shown) == "## Cost: no price is known: 2 costs have none (listed below)"
    assert cells(shown, "prod")[1:3] == ["new", "unknown"]
    assert cells(shown, "prod")[5] == "unknown"
    assert headline(one(unknown, unknown)) == "## Cost: no change, no price is known: 2 costs have none (listed below)"
    assert headline(one(estimate(), estimate(unpriced=[gap]))) == "## Cost: no price is known: 1 cost has none (listed below) (1 new)"
    lost = one(estimate(monthly("a", 5)), unknown)
    assert headline(lost) == "## Cost: -$5.00/mo expected (-$5.00), 2 items unpriced (2 new)"
    assert cells(lost, "prod")[1:3] == ["$5.00", "unknown"]


def test_rows_stand_in_the_order_of_their_expected_change() -> None:
    before = estimate(monthly("spike", 1), monthly("gone", 40))
    shown = one(before, estimate(monthly("spike", (1, 3, 5000)), monthly("db", 20), monthly("cache", (0, 30, 31))))
    rows = [line.split("|")[2].split("`")[1] for line in shown.splitlines() if line.startswith(("| + |", "| ~ |", "| - |"))]
    assert rows == ["gone", "cache", "db", "spike"]


def test_the_marker_is_first_and_invisible() -> None:
    shown = one(estimate(), estimate())
    assert shown.startswith("[//]: <> (drydock-cost)\n\n")
    assert "drydock-cost" not in RENDER.render(shown)
    assert comment([], marker="other").startswith("[//]: <> (other)\n")


EVIL = [
    "<script>alert(1)</script>",
    "a|b",
    "a\\|b",
    "`tick`",
    "``two``",
    "*bold*_em_~~no~~",
    "[link](https://example.com)",
    "![x](y)",
    "@everyone",
    "</details>",
    "line\nbreak\r\n\r\n# heading",
    "<!-- drydock-cost -->",
    "&amp;",
    "trailing\\",
    "$x$",
    "",
    " ",
    "#12",
    "\u202eevil",
    "\x00\x1b[31m",
]


@pytest.mark.parametrize("name", EVIL)
def test_no_name_or_reason_is_taken_for_markup(name: str) -> None:
    after = estimate(
        monthly(name, 5, driver=name),
        unpriced=[Unpriced(urn(name), name, name)],
        assumptions=[Assumption(urn(name), name, name, name)],
        notes=[name],
    )
    text = comment([StackReport(name, None, after), StackReport("b", None, estimate())])
    rendered = RENDER.render(text)
    tags = {tag.strip("/") for tag in re.findall(r"<(/?[a-zA-Z!][a-zA-Z0-9]*)", rendered)}
    assert tags <= {"h2", "h3", "table", "thead", "tbody", "tr", "th", "td", "code", "strong", "ul", "li", "p", "details", "summary"}
    assert {len(re.findall("<td", row)) for row in re.findall(r"<tr>\s*<td.*?</tr>", rendered, re.DOTALL)} == {7}
    outside_code = re.sub(r"<code>.*?</code>", "", rendered, flags=re.DOTALL)
    assert not re.search(r"@\w|(?<!&)#\d", outside_code)
    assert rendered.count("<details>") == rendered.count("</details>") == 2


def test_a_name_comes_back_as_it_is() -> None:
    name = "models-<prod>*_[1]@x`y"
    assert name in unescape(RENDER.render(one(None, estimate(monthly(name, 5)))))


def test_a_long_name_loses_its_middle() -> None:
    shown = one(None, estimate(monthly("begin-" + "x" * 500 + "-end", 5)))
    assert re.search(r"`begin-x+…x+-end`", shown)
    assert "x" * 100 not in shown


def crowd(count: int) -> list[StackReport]:
    lines = many(count)
    gaps = [Unpriced(each.urn, f"log {number}", "no price of logs is on record") for number, each in enumerate(lines)]
    guesses = [Assumption(each.urn, "requests", f"{number} … 5", "nobody said") for number, each in enumerate(lines)]
    return [StackReport("prod", estimate(), estimate(*lines, unpriced=gaps, assumptions=guesses))]


def test_a_comment_that_is_too_long_loses_whole_rows_and_says_how_many() -> None:
    shown = comment(crowd(3000))
    assert len(shown) <= LIMIT
    assert headline(shown).endswith("3000 items unpriced (3000 new)")
    kept = shown.count("no price of logs is on record")
    assert 500 < kept < 3000
    assert f"… and {3000 - kept} more rows in the full report" in shown
    for row in shown.splitlines():
        assert not row.startswith("- ") or row.endswith(("on record", "`", "confidence high"))


def test_formulas_go_before_assumptions_and_these_before_what_has_no_price() -> None:
    stacks = crowd(100)
    whole = comment(stacks)
    for limit in range(1500, len(whole) + 500, 500):
        shown = comment(stacks, limit=limit)
        gaps, guesses, sums = (shown.count(word) for word in ("no price of logs", "(nobody said)", "confidence high\n"))
        assert guesses < 2 or gaps == 100
        assert sums < 2 or guesses == 100
        assert len(shown) <= limit


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 300), st.integers(1500, 40_000))
def test_no_comment_is_longer_than_its_limit_and_none_breaks_a_table_or_a_fold(count: int, limit: int) -> None:
    shown = comment(crowd(count), limit=limit)
    assert len(shown) <= limit
    assert shown.count("<details>") == shown.count("</details>")
    assert all(row.endswith("|") for row in shown.splitlines() if row.startswith("|"))


def test_the_same_stacks_give_the_same_bytes_whatever_the_order_of_a_set(root: Path) -> None:
    program = (
        "from tests.costs.reporting import *; from costs.report.markdown import *; from costs.report.stack import StackReport;"
        "print(comment([StackReport('a', estimate(), estimate(*(monthly(n, 5) for n in 'abcdef'), unsupported=[urn(n) for n in 'xyz']))]))"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], cwd=root, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != b""
