"""Prices that change with the quantity."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Confidence, Price, Source
from costs.money import Band
from costs.tiers import Step, cost, fill

SOURCE = Source(text="test", as_of="2026-01-01", confidence=Confidence.HIGH)


def price(usd, per=1):
    exact = Decimal(usd)
    return Price(usd=exact, low=exact, high=exact, unit="GB", per=Decimal(per), region="here", source=SOURCE)


# Google Cloud's internet egress (list of 2026-07-30): 0.12 to 1 TiB, 0.11 to 10 TiB, 0.08 beyond.
EGRESS = (Step(Decimal(1024), price("0.12")), Step(Decimal(10240), price("0.11")), Step(None, price("0.08")))


@pytest.mark.parametrize(
    ("gib", "usd"),
    [
        ("0", "0"),
        ("1", "0.12"),
        ("1024", "122.88"),  # 1024 × 0.12
        ("1025", "122.99"),  # 1024 × 0.12 + 1 × 0.11
        ("10240", "1136.64"),  # 1024 × 0.12 + 9216 × 0.11
        ("10241", "1136.72"),  # … + 1 × 0.08
        ("102400", "8509.44"),  # 1136.64 + 92160 × 0.08
    ],
)
def test_each_step_is_paid_at_its_own_price_and_an_edge_belongs_to_the_step_below(gib, usd):
    assert cost(Band.exactly(gib), EGRESS) == Band.exactly(usd)


def test_a_price_for_many_units_is_divided_exactly():
    # 1,000,001 requests at 0.20 USD a million
    assert cost(Band.exactly(1_000_001), price("0.20", 1_000_000)).expected == Decimal("0.2000002")


def test_a_free_step_costs_nothing_and_the_rest_is_paid():
    # AWS data transfer: the first 100 GB are free, then 0.09 USD/GB: 250 GB = 150 × 0.09
    steps = (Step(Decimal(100), None), Step(None, price("0.09")))
    assert cost(Band.exactly(250), steps).expected == Decimal("13.5")


def test_a_price_in_a_band_meets_the_quantity_level_by_level():
    banded = replace(price("2"), low=Decimal(1), high=Decimal(3))
    assert cost(Band.of(10, 20, 30), banded) == Band.of(10, 40, 90)


@given(st.decimals(0, 10**9, places=3), st.decimals(0, 10**9, places=3))
def test_more_never_costs_less(a, b):
    less, more = sorted((a, b))
    assert cost(Band.exactly(less), EGRESS).expected <= cost(Band.exactly(more), EGRESS).expected


@given(st.decimals(0, 10**9, places=3))
def test_the_steps_hold_all_of_the_quantity(quantity):
    assert sum(amount for amount, _ in fill(quantity, EGRESS)) == quantity
