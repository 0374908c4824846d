"""What a change costs, and why, resource by resource."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from catalogue.model import Confidence
from costs.diff import Kind, diff
from costs.model import Factor, Unpriced
from costs.money import ZERO, Band
from tests.costs.reporting import estimate, factor, line, monthly, nodes, price, urn


def test_equal_estimates_have_no_change() -> None:
    same = estimate(monthly("db", 20), nodes("gpu", "g5.xlarge", "1.006"))
    found = diff(same, same)
    assert found.changes == ()
    assert found.change == ZERO


def test_the_change_is_level_by_level_and_its_parts_sum_to_the_whole() -> None:
    before = estimate(monthly("db", (10, 20, 30)), monthly("old", 5))
    after = estimate(monthly("db", (15, 18, 60)), monthly("new", 7))
    found = diff(before, after)
    # 15 - 10 + 7 - 5 = 7; 18 - 20 + 7 - 5 = 0; 60 - 30 + 7 - 5 = 32
    assert found.change == Band.of(7, 0, 32)
    assert sum((each.change for each in found.changes), ZERO) == found.change


def test_a_resource_is_new_changed_or_removed_and_the_largest_change_comes_first_whatever_its_sign() -> None:
    found = diff(estimate(monthly("a", 10), monthly("gone", 500)), estimate(monthly("a", 30), monthly("fresh", 7)))
    assert [(each.kind, each.urn, each.before, each.after, each.driver) for each in found.changes] == [
        (Kind.REMOVED, urn("gone"), Band.exactly(500), None, "removed"),
        (Kind.CHANGED, urn("a"), Band.exactly(10), Band.exactly(30), "months 10 → 30"),
        (Kind.NEW, urn("fresh"), None, Band.exactly(7), "new"),
    ]


def test_another_machine_is_named_and_not_its_price_too() -> None:
    (found,) = diff(estimate(nodes("gpu", "g5.xlarge", "1.006")), estimate(nodes("gpu", "g5.2xlarge", "1.212"))).changes
    assert found.driver == "g5.xlarge → g5.2xlarge"
    # 730 h × (1.212 - 1.006) USD/h
    assert found.change == Band.exactly("150.380")


def test_another_machine_and_more_nodes_are_both_named() -> None:
    (found,) = diff(estimate(nodes("gpu", "g5.xlarge", "1.006", 2)), estimate(nodes("gpu", "g5.2xlarge", "1.212", (2, 3, 8)))).changes
    assert found.driver == "g5.xlarge → g5.2xlarge; nodes 2 → 2 … 3 … 8"


def test_the_factor_that_changed_most_is_named_first() -> None:
    before = estimate(line("q", "requests", price("0.1"), factor("requests", 10), factor("retries", 2)))
    after = estimate(line("q", "requests", price("0.1"), factor("requests", 15), factor("retries", 8)))
    assert diff(before, after).changes[0].driver == "retries 2 → 8; requests 10 → 15"


def test_a_factor_that_was_nothing_counts_as_the_largest_change() -> None:
    before = estimate(line("q", "requests", price("0.1"), factor("requests", 10), factor("retries", 0)))
    after = estimate(line("q", "requests", price("0.1"), factor("requests", 90), factor("retries", 1)))
    assert diff(before, after).changes[0].driver.startswith("retries 0 → 1")


def test_a_new_price_of_the_same_thing_is_named() -> None:
    found = diff(estimate(nodes("gpu", "g5.xlarge", "1.006")), estimate(nodes("gpu", "g5.xlarge", "1.1")))
    assert found.changes[0].driver == "price of nodes 1.006 USD/hour → 1.1 USD/hour"


def test_spot_and_region_are_named() -> None:
    before = estimate(nodes("gpu", "g5.xlarge", "1.006", region="us-east-1"))
    after = estimate(nodes("gpu", "g5.xlarge", "0.5", spot=True, region="eu-west-1"))
    assert diff(before, after).changes[0].driver == "on demand → spot; region us-east-1 → eu-west-1"


def test_another_storage_class_is_one_change_and_not_a_removed_and_an_added_line() -> None:
    before = estimate(line("b", "STANDARD storage", price("0.023", "GB-month"), factor("GiB", 100)))
    after = estimate(line("b", "GLACIER storage", price("0.004", "GB-month"), factor("GiB", 100)))
    assert diff(before, after).changes[0].driver == "STANDARD storage → GLACIER storage"


def test_the_line_that_changed_most_is_told_and_the_others_counted() -> None:
    before = estimate(monthly("a", 10, "disk"), monthly("a", 10, "logs"))
    after = estimate(
        monthly("a", 90, "disk"), monthly("a", 11, "logs"), line("a", "requests", price("1", "request"), factor("requests", 5))
    )
    assert diff(before, after).changes[0].driver == "months 10 → 90 (and 2 more lines)"


def test_a_line_of_another_unit_is_added() -> None:
    before, extra = monthly("a", 10), line("a", "requests", price("1", "request"), factor("requests", 5))
    assert diff(estimate(before), estimate(before, extra)).changes[0].driver == "requests added"
    assert diff(estimate(before, extra), estimate(before)).changes[0].driver == "requests removed"


def test_a_rise_of_the_worst_case_alone_is_a_change() -> None:
    (found,) = diff(estimate(monthly("a", (1, 2, 3))), estimate(monthly("a", (1, 2, 30)))).changes
    assert found.change == Band.of(0, 0, 27)


def test_the_stack_s_name_does_not_matter_but_the_resource_s_does() -> None:
    found = diff(estimate(monthly("a", 10, stack="dev")), estimate(monthly("a", 12, stack="prod"), monthly("b", 1, stack="prod")))
    assert [each.kind for each in found.changes] == [Kind.CHANGED, Kind.NEW]


def test_a_price_that_is_lost_is_no_saving_and_no_removal() -> None:
    missing = Unpriced(urn("gpu"), "nodes", "instanceType is known only after `up`")
    found = diff(estimate(nodes("gpu", "g5.xlarge", "1")), estimate(unpriced=[missing]))
    (change,) = found.changes
    assert (change.kind, change.doubtful) == (Kind.CHANGED, True)
    assert change.driver == "nodes has no price any more: instanceType is known only after `up`"
    assert found.newly_unpriced == (missing,)
    assert found.no_longer_known == Band.exactly(730)
    assert found.newly_known == ZERO


def test_a_price_that_becomes_known_is_no_new_cost() -> None:
    missing = Unpriced(urn("gpu"), "nodes", "no price on record")
    found = diff(estimate(unpriced=[missing]), estimate(nodes("gpu", "g5.xlarge", "1")))
    (change,) = found.changes
    assert (change.kind, change.doubtful, change.driver) == (Kind.CHANGED, True, "nodes has a price now")
    assert found.no_longer_unpriced == (missing,)
    assert found.newly_known == Band.exactly(730)


def test_a_new_resource_with_an_unknown_part_is_not_doubtful_in_what_is_known_before() -> None:
    found = diff(estimate(monthly("a", 10)), estimate(monthly("a", 12), unpriced=[Unpriced(urn("a"), "logs", "no price")]))
    assert not found.changes[0].doubtful
    assert found.no_longer_known == ZERO


def test_unknown_costs_are_the_same_by_resource_and_driver_whatever_the_reason_and_the_stack() -> None:
    before = estimate(unpriced=[Unpriced(urn("a", stack="dev"), "logs", "one reason")])
    after = estimate(unpriced=[Unpriced(urn("a"), "logs", "another"), Unpriced(urn("a"), "disk", "unknown")])
    found = diff(before, after)
    assert [each.driver for each in found.newly_unpriced] == ["disk"]
    assert found.no_longer_unpriced == ()


def test_a_new_resource_of_a_type_that_is_not_priced_is_named() -> None:
    found = diff(estimate(unsupported=[urn("a", stack="dev")]), estimate(unsupported=[urn("a"), urn("b")]))
    assert found.newly_unsupported == (urn("b"),)


def test_a_change_is_as_sure_as_its_least_sure_changed_line() -> None:
    before = estimate(monthly("a", 10, "disk"), monthly("a", 5, "logs", confidence=Confidence.LOW))
    after = estimate(monthly("a", 20, "disk"), monthly("a", 5, "logs", confidence=Confidence.LOW))
    assert diff(before, after).changes[0].confidence is Confidence.HIGH
    guessed = estimate(monthly("a", 20, "disk"), monthly("a", 6, "logs", confidence=Confidence.LOW))
    assert diff(before, guessed).changes[0].confidence is Confidence.LOW


def test_what_is_the_same_adds_exactly_nothing_in_whatever_order_it_is_summed() -> None:
    shares = {"a": 3, "b": 7, "c": 11, "d": 13}
    lines = [line(name, "fee", price("0.1"), Factor("share", Band.exactly(Decimal(1) / part))) for name, part in shares.items()]
    assert diff(estimate(*lines), estimate(*reversed(lines), monthly("new", 1))).change == Band.exactly(1)


amounts = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["disk", "logs"]), st.integers(0, 999)), max_size=8)


@given(amounts, amounts)
def test_changes_always_sum_to_the_total_change_and_the_way_back_is_its_opposite(
    olds: list[tuple[str, str, int]], news: list[tuple[str, str, int]]
) -> None:
    before, after = (estimate(*(monthly(name, usd, driver) for name, driver, usd in side)) for side in (olds, news))
    there, back = diff(before, after), diff(after, before)
    assert there.change == after.total - before.total
    assert [each.change.expected for each in back.changes] == [-each.change.expected for each in there.changes]
