"""The page: everything on it, nothing from elsewhere, nothing in a name that runs."""

import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from catalogue.model import Confidence
from costs.model import Assumption, Unpriced
from costs.money import Band
from costs.report.html import page
from tests.costs.reporting import estimate, factor, line, monthly, nodes, option, price, urn

VOID = {"meta", "br", "rect"}


class Page(HTMLParser):
    """Its elements, its text, and whether every element is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.words += " " if tag in ("td", "span") else ""

    def handle_data(self, data: str) -> None:
        self.words += data


def text(html: str) -> str:
    return " ".join(Page(html).words.split())


TRAFFIC = [(Decimal(factor), Band.of(factor, 2 * factor, 4 * factor)) for factor in (1, 2, 5)]


def full() -> str:
    gpu = nodes("gpu", "g5.xlarge", "1.006", (0, 2, 8))
    after = estimate(
        gpu,
        line("models", "storage", price("0.023", "GB-month"), factor("GiB", (50, 200, 900), Confidence.LOW)),
        unpriced=[Unpriced(urn("gpu"), "egress", "no price of egress is on record")],
        unsupported=[urn("odd", "aws:fsx/lustre:Lustre")],
        assumptions=[Assumption(urn("models"), "storedGib", "50 … 900", "nobody said")],
        components={gpu.urn: urn("pool")},
        notes=["12 unchanged resources are not in this preview"],
        free=23,
    )
    return page(
        "prod-aws", after, before=estimate(monthly("gone", 80)), traffic=TRAFFIC, commitments=[option(warning="commit to 1 at most")]
    )


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing() -> None:
    html = full()
    shown = Page(html)
    assert not shown.tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert not shown.attributes & {"src", "href", "xlink:href", "srcset", "action"}
    assert not re.search(r"https?:|url\(|@import", html)
    assert "default-src 'none'" in html


def test_every_element_is_closed_and_the_page_fits_a_phone_and_the_dark() -> None:
    html = full()
    assert Page(html).open == []
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in html
    assert "prefers-color-scheme: dark" in html
    assert "max-width: 40rem" in html


def test_the_total_its_worst_case_and_what_is_missing_stand_before_everything_else() -> None:
    shown = text(full())
    # 2 × 730 × 1.006 + 200 × 0.023; at most 8 × 730 × 1.006 + 900 × 0.023
    assert "After: at least $1,473 a month expected" in shown
    assert "at least $5,896 in the worst case" in shown
    assert (
        shown.index("in the worst case")
        < shown.index("Not priced: not in the amounts (2)")
        < shown.index("no price of egress is on record")
        < shown.index("odd aws:fsx/lustre:Lustre")
        < shown.index("12 unchanged resources")
        < shown.index("What changed")
        < shown.index("By component")
        < shown.index("Against traffic")
        < shown.index("Pay as you go, spot or a commitment")
        < shown.index("Every line")
        < shown.index("Assumptions (1)")
    )


def test_what_is_not_priced_is_not_folded() -> None:
    html = full()
    assert "no price of egress" in re.sub(r"<details>.*?</details>", "", html, flags=re.DOTALL)


def test_a_line_has_its_formula_date_source_and_confidence() -> None:
    shown = text(full())
    assert "50 … 200 … 900 GiB × 0.023 USD/GB-month = 1.15 … 4.60 … 20.70 USD a month" in shown
    assert "$1.15 $4.60 $20.70 2026-01-01 here [1] low" in shown
    assert "[1] price list of the test" in shown
    assert "storedGib: 50 … 900 (nobody said): models Thing" in shown


def test_the_change_its_cause_and_its_sign_are_told() -> None:
    shown = text(full())
    # 1,473.36 - 80
    assert "} Cost of prod-aws +$1,393 a month expected (-$78.85 … +$5,816) After: at least $1,473 a month expected" in shown
    assert "Before: $80.00." in shown
    assert "- gone Thing removed -$80.00" in shown


def test_a_commitment_tells_from_when_it_pays_what_it_saves_and_its_warning() -> None:
    html = full()
    shown = text(html)
    # 0.634 / 1.006
    assert "from 63 %" in shown
    assert 'x="63.02%" width="36.98%"' in html
    # 730 × (1.006 - 0.634)
    assert "commit to 1 at most 1 80 % $272" in shown


def test_a_commitment_that_never_pays_says_so() -> None:
    html = page("x", estimate(), commitments=[option(committed="1.5", warning="dearer than on demand")])
    assert "never" in text(html)
    assert 'x="100.00%" width="0.00%"' in html


def test_an_empty_estimate_is_a_page_without_empty_parts() -> None:
    html = page("x", estimate())
    assert Page(html).open == []
    shown = text(html)
    assert "Nothing in it costs anything by itself." in shown
    assert "$0" not in shown
    assert not any(
        word in shown
        for word in ("Not priced", "By component", "Against traffic", "Pay as you go, spot or a commitment", "Every line", "Assumptions")
    )


def test_where_no_price_is_known_the_page_has_no_amount() -> None:
    unknown = estimate(unpriced=[Unpriced(urn("gpu"), "nodes", "no price is on record")])
    shown = text(page("x", unknown))
    assert "No price is known: 1 cost has none (listed below)." in shown
    assert "$0" not in shown
    changed = text(page("x", estimate(monthly("a", 5)), before=unknown))
    assert "Before: no price is known: 1 cost has none." in changed
    assert "No change in what has a price" in text(page("x", unknown, before=unknown))
    assert "No change After: $5.00 a month expected" in text(page("x", estimate(monthly("a", 5)), before=estimate(monthly("a", 5))))


def test_components_of_one_name_are_told_apart_in_bars_and_headings() -> None:
    fee = price("1", "month")
    same = [line("inference", "fee", fee, factor("months", 5), kind=f"aws:x/y:{kind}") for kind in ("NatGateway", "Cluster")]
    html = page("x", estimate(*same, monthly("ranker", 1)))
    for name in ("inference NatGateway", "inference Cluster", "ranker"):
        assert f'<span class="label">{name}</span>' in html
        assert f"<h3>{name} <small>" in html


def test_changes_stand_in_the_order_of_their_expected_change() -> None:
    shown = text(page("x", estimate(monthly("spike", (1, 3, 5000)), monthly("db", 20)), before=estimate(monthly("spike", 1))))
    changed = shown[shown.index("What changed") : shown.index("By component")]
    assert changed.index("db") < changed.index("spike")


def test_spot_pays_from_the_first_hour_and_has_no_base_and_no_use() -> None:
    spot = replace(
        option(warning="may be taken away"), plan="spot", term_years=0, payment="", break_even=Decimal(0), utilisation=Decimal(1)
    )
    html = page("x", estimate(), commitments=[spot])
    shown = text(html)
    assert "from the first hour1.006 → 0.634 USD/h" in shown
    assert "may be taken away – – $272" in shown
    assert "from 0 %" not in html
    assert "100 %" not in html.replace('width="100%"', "")
    assert 'aria-label="cheaper from the first hour"' in html
    assert '<rect class="expected"' not in html


def test_a_plan_stands_under_a_readable_name() -> None:
    assert "EC2 instance savings plan, 1 year, no upfront" in text(
        page("x", estimate(), commitments=[replace(option(), plan="ec2-instance-savings-plan")])
    )


def test_a_lost_price_is_said_not_to_be_a_saving() -> None:
    missing = Unpriced(urn("gpu"), "nodes", "unknown")
    shown = text(page("x", estimate(unpriced=[missing]), before=estimate(nodes("gpu", "g5.xlarge", "1"))))
    assert "$730 of this is no saving" in shown


EVIL = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onload='x", "{{ 7*7 }}", "</style><b>", "&lt;", "--><b>"]


@pytest.mark.parametrize("name", EVIL)
def test_nothing_that_a_program_says_becomes_an_element(name: str) -> None:
    after = estimate(
        monthly(name, 5, driver=name),
        unpriced=[Unpriced(urn(name), name, name)],
        unsupported=[urn(name, name)],
        assumptions=[Assumption(urn(name), name, name, name)],
        notes=[name],
    )
    html = page(name, after, before=estimate(monthly(f"{name}2", 1)), traffic=TRAFFIC, commitments=[option(name, warning=name)])
    shown = Page(html)
    assert shown.open == []
    assert not shown.tags & {"script", "img", "b"}
    assert not {each for each in shown.attributes if each.startswith("on")}
    assert name in shown.words


def test_the_same_estimate_gives_the_same_bytes() -> None:
    assert full() == full()


def test_a_page_of_a_thousand_lines_stays_below_a_megabyte() -> None:
    assert len(page("x", estimate(*(nodes(f"pool-{number}", "g5.xlarge", "1.006") for number in range(1000))))) < 1_000_000


def test_the_template_engine_is_loaded_only_for_a_page(root: Path) -> None:
    program = "import sys, costs.report.html; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
