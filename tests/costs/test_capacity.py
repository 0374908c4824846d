"""How many machines run, and what an hour of spot costs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Confidence
from costs.capacity import machines, scaled, spot_price
from costs.money import Band
from costs.pricing import count
from tests.costs.building import prices, pricing, resource, told

G5 = prices(machines=[("aws", "here", "g5.xlarge", "1.006", None)])


def at(usage=None, catalogue=G5, **around):
    return pricing(catalogue, resource("x:y:Z"), **({"usage": usage} if usage else {}))


def number(text):
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("least", "desired", "most", "found"),
    [
        ("2", "3", "10", (2, 3, 10)),
        ("2", None, "10", (2, 2, 10)),  # the cloud starts with the minimum
        ("2", "20", "10", (2, 10, 10)),
        ("3", "3", "3", (3, 3, 3)),
        (None, "4", "4", (4, 4, 4)),
        ("0", "0", "8", (0, 1, 8)),  # a pool that is never used would not be there
        ("0", "0", "0", (0, 0, 0)),
    ],
)
def test_without_traffic_it_is_the_minimum_what_is_set_and_the_maximum(least, desired, most, found):
    assert scaled(at(), "nodes", number(least), number(desired), number(most)).amount == Band.of(*found)


def test_traffic_gives_the_expected_number_rounded_up_and_kept_between_the_limits():
    # 40 requests/s ÷ 12 each = 3.33, so 4 nodes
    by_traffic = told(requestsPerSecond=(5, 40, 200), requestsPerSecondPerReplica=12)
    assert scaled(at(by_traffic), "nodes", Decimal(1), Decimal(2), Decimal(10)).amount == Band.of(1, 4, 10)
    assert scaled(at(by_traffic), "nodes", Decimal(1), Decimal(2), Decimal(3)).amount == Band.of(1, 3, 3)
    assert scaled(at(by_traffic), "nodes", Decimal(6), Decimal(6), Decimal(10)).amount == Band.of(6, 6, 10)


def test_the_number_itself_may_be_told():
    assert scaled(at(told(nodes=7)), "nodes", Decimal(1), Decimal(2), Decimal(10)).amount == Band.of(1, 7, 10)


def test_without_traffic_the_number_is_an_assumption_of_low_confidence():
    it = at()
    assert scaled(it, "nodes", Decimal(1), Decimal(2), Decimal(10)).confidence is Confidence.LOW
    assert [each.quantity for each in it.found.assumptions] == ["nodes"]


def test_a_fixed_number_is_sure_and_assumes_nothing():
    it = at()
    assert scaled(it, "nodes", Decimal(3), None, Decimal(3)).confidence is Confidence.HIGH
    assert it.found.assumptions == []


def test_without_a_maximum_the_worst_case_is_ten_times_and_said():
    it = at(told(nodes=4))
    assert scaled(it, "nodes", Decimal(1), None, None).amount.high == 40
    assert "ten times" in it.found.assumptions[0].reason


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 50), st.integers(0, 50))
def test_more_traffic_never_needs_fewer(a, b, least, most):
    less, more = sorted((a, b))
    counts = [
        scaled(at(told(requestsPerSecond=rate, requestsPerSecondPerReplica=10)), "nodes", Decimal(least), None, Decimal(most)).amount
        for rate in (less, more)
    ]
    assert counts[0].expected <= counts[1].expected
    assert all(band.low <= band.expected <= band.high for band in counts)


def test_machines_cost_their_number_times_the_hours_times_the_price():
    it = at()
    machines(it, "nodes", "g5.xlarge", count("nodes", 2))
    # 2 × 730 h × 1.006 USD/h (EC2 list price us-east-1, 2026-07-20) = 1,468.76
    assert it.found.lines[0].usd == Band.exactly("1468.76")


def test_hours_are_what_is_told():
    it = at(told(hoursPerMonth=220))
    machines(it, "nodes", "g5.xlarge", count("nodes", 2))
    assert it.found.lines[0].usd == Band.exactly("442.64")  # 2 × 220 × 1.006


def test_a_machine_without_a_price_is_named_and_costs_not_nothing():
    it = at(catalogue=prices(machines=[("aws", "here", "p9.big", None, None)]))
    assert machines(it, "nodes", "p9.big", count("nodes", 2)) is None
    assert it.found.lines == []
    assert [(each.driver, each.reason) for each in it.found.unpriced] == [("nodes", "no price of p9.big in here is on record")]


def spot(catalogue, usage=None):
    it = at(usage, catalogue)
    return spot_price(it, catalogue.offer("aws", "here", "g5.xlarge"))


def test_a_recorded_spot_price_is_met_for_nine_tenths_of_the_time():
    price = spot(prices(machines=[("aws", "here", "g5.xlarge", "1.00", "0.30")]))
    # 0.30 × 90 % + 1.00 × 10 %; at best always spot, at worst always on demand
    assert (price.low, price.usd, price.high) == (Decimal("0.30"), Decimal("0.37"), Decimal("1.00"))


def test_the_advisors_saving_and_interruptions_make_the_expected_price():
    saving = ("aws", "spot-advisor-savings", "g5.xlarge", "here", "0", "interruption:5-10%", "discount", "0.60")
    price = spot(prices(machines=[("aws", "here", "g5.xlarge", "1.00", None)], commitments=[saving]))
    # 1.00 × (1 - 0.60) for 90 % of the time, 1.00 for the 10 % of the advisor's band
    assert (price.low, price.usd, price.high) == (Decimal("0.40"), Decimal("0.46"), Decimal("1.00"))


def test_the_share_on_demand_may_be_told():
    price = spot(prices(machines=[("aws", "here", "g5.xlarge", "1.00", "0.30")]), told(onDemandShare=0.5))
    assert price.usd == Decimal("0.65")


def test_without_any_spot_price_nothing_is_expected_of_it():
    price = spot(prices(machines=[("aws", "here", "g5.xlarge", "1.00", None)]))
    assert (price.low, price.usd, price.high) == (Decimal("0.10"), Decimal("1.00"), Decimal("1.00"))
    assert price.source.confidence is Confidence.LOW
