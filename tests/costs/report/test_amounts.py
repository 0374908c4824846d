"""Amounts are rounded to what matters, and something is never shown as nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costs.money import Band
from costs.report.amounts import change, change_span, money, span


@pytest.mark.parametrize(
    ("usd", "shown"),
    [
        ("0", "$0"),
        ("0.004", "<$0.01"),
        ("0.0000001", "<$0.01"),
        ("0.005", "$0.01"),
        ("0.006", "$0.01"),
        ("12.3", "$12.30"),
        ("99.99", "$99.99"),
        ("99.996", "$100"),
        ("100.4", "$100"),
        ("1899.5", "$1,900"),
        ("1234567.891", "$1,234,568"),
        ("-0.004", "-<$0.01"),
        ("-410.2", "-$410"),
        ("0E-9", "$0"),
        ("1E+3", "$1,000"),
    ],
)
def test_an_amount_is_rounded_to_what_matters(usd: str, shown: str) -> None:
    assert money(Decimal(usd)) == shown


@pytest.mark.parametrize(("usd", "shown"), [("0", "$0"), ("410", "+$410"), ("-410", "-$410"), ("0.001", "+<$0.01"), ("-0.001", "-<$0.01")])
def test_a_change_has_a_sign_unless_there_is_none(usd: str, shown: str) -> None:
    assert change(Decimal(usd)) == shown


@given(st.decimals(min_value="0.000000000001", max_value="1e12", allow_nan=False))
def test_something_is_never_shown_as_nothing(usd: Decimal) -> None:
    assert money(usd) not in ("$0", "$0.00")


def test_a_span_of_one_amount_is_that_amount() -> None:
    assert span(Band.exactly(5)) == "$5.00"
    assert span(Band.of(120, 500, 1900)) == "$120 … $1,900"
    assert change_span(Band.exactly(-5)) == "-$5.00"
    assert change_span(Band.of(5, 0, 5)) == "$0 … +$5.00"
    assert change_span(Band.of(7, 0, -32)) == "-$32.00 … +$7.00"
