"""Where a chart's marks stand, against places worked out by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costs.money import Band
from costs.report.charts import bar, bars, curve, share


def test_a_bar_spans_its_range_in_per_cent_of_the_dearest_worst_case() -> None:
    first, second = bars([("small", Band.of(10, 20, 50)), ("large", Band.of(0, 100, 200))])
    assert (first.label, first.start, first.width, first.expected) == ("large", "0.00", "100.00", "50.00")
    # 10 / 200, (50 - 10) / 200, 20 / 200
    assert (second.start, second.width, second.expected) == ("5.00", "20.00", "10.00")


def test_nothing_at_all_is_a_bar_of_no_width_and_no_rows_no_bars() -> None:
    assert bars([]) == []
    assert bar("x", Band.exactly(0), Decimal(0)).width == "0.00"


def test_what_is_beyond_twenty_is_one_bar_and_nothing_is_lost() -> None:
    shown = bars([(f"c{number:02}", Band.exactly(number)) for number in range(1, 31)])
    assert len(shown) == 21
    assert shown[0].label == "c30"
    assert (shown[-1].label, shown[-1].usd) == ("10 others", Band.exactly(55))


def test_a_curve_runs_from_edge_to_edge_and_its_axis_is_logarithmic_from_twenty_times_on() -> None:
    wide = curve([(Decimal(10), Band.of(1, 2, 4)), (Decimal("0.1"), Band.of(0, 1, 2)), (Decimal(1), Band.of(1, 1, 2))])
    assert wide
    # 1 is in the middle between 0.1 and 10; 4 is the axis' top, so 2 USD are half way up
    assert wide.expected == "0.00,75.00 50.00,75.00 100.00,50.00"
    assert wide.band == "0.00,100.00 50.00,75.00 100.00,75.00 100.00,0.00 50.00,50.00 0.00,50.00"
    narrow = curve([(Decimal("0.5"), Band.exactly(1)), (Decimal(1), Band.exactly(1)), (Decimal("2.5"), Band.exactly(1))])
    assert narrow
    assert [tick.at for tick in narrow.across] == ["0.00", "25.00", "100.00"]


@pytest.mark.parametrize(
    ("most", "top"), [("1", 1), ("1.1", 2), ("3", 4), ("5", 8), ("8.5", 20), ("950", 2000), ("0", 4), ("0.003", "0.004")]
)
def test_the_axis_ends_at_a_number_whose_quarters_are_round(most: str, top: str | int) -> None:
    drawn = curve([(Decimal(1), Band.exactly(0)), (Decimal(2), Band.exactly(most))])
    assert drawn
    assert drawn.up[-1].label == Decimal(top)
    assert drawn.up[0].label == 0


def test_too_few_points_are_no_curve() -> None:
    assert curve([]) is None
    assert curve([(Decimal(1), Band.exactly(5))]) is None
    assert curve([(Decimal(1), Band.exactly(5)), (Decimal(1), Band.exactly(6))]) is None


def test_many_points_keep_few_marks_and_both_ends() -> None:
    drawn = curve([(Decimal(number), Band.exactly(number)) for number in range(1, 51)])
    assert drawn
    assert len(drawn.across) <= 8
    assert (drawn.across[0].label, drawn.across[-1].label) == (Decimal(1), Decimal(50))


@given(st.lists(st.tuples(st.decimals(0, 1000, places=2), st.integers(0, 10**9)), min_size=2, max_size=30))
def test_every_mark_stands_inside_the_chart(points: list[tuple[Decimal, int]]) -> None:
    drawn = curve([(factor, Band.of(usd // 2, usd, usd * 2)) for factor, usd in points])
    if drawn:
        places = [float(place) for pair in f"{drawn.expected} {drawn.band}".split() for place in pair.split(",")]
        assert all(0 <= place <= 100 for place in places)


def test_a_share_stays_between_nothing_and_everything() -> None:
    assert [share(Decimal(part)) for part in ("-1", "0.63", "2")] == ["0.00", "63.00", "100.00"]
