"""Where objects lie as they age."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costs.lifecycle import AgeClass, placements, volumes

AGES = (AgeClass(0, "STANDARD"), AgeClass(30, "STANDARD_IA"), AgeClass(90, "GLACIER"))


def test_with_deletion_ages_are_spread_evenly_up_to_it():
    # 400 days: 30 in STANDARD, 60 in STANDARD_IA, 310 in GLACIER
    found = placements(AGES, 400)
    assert [(each.storage_class, each.share) for each in found] == [
        ("STANDARD", Decimal(30) / 400),
        ("STANDARD_IA", Decimal(60) / 400),
        ("GLACIER", Decimal(310) / 400),
    ]
    assert [each.days for each in found] == [30, 60, 310]


def test_a_class_after_deletion_is_never_entered():
    found = placements(AGES, 60)
    assert [(each.storage_class, each.share, each.entered) for each in found] == [
        ("STANDARD", Decimal("0.5"), True),
        ("STANDARD_IA", Decimal("0.5"), True),
        ("GLACIER", Decimal(0), False),
    ]
    assert found[1].days == 30  # kept 30 of its minimum 30 days


def test_the_first_month_is_half_a_month_of_writing():
    # One GiB a day, a month of 730/24 = 30.4167 days: on average 15.2083 GiB, of which the part beyond 30 days is 0.0029.
    first = volumes(AGES, None, 0)
    assert sum(first) == pytest.approx(Decimal(730) / 24 / 2)
    assert float(first[1]) == pytest.approx((730 / 24 - 30) ** 2 / 2 / (730 / 24))


def test_in_a_later_month_each_class_holds_its_days():
    # In the sixth month (days 152 to 182.5) STANDARD holds 30 days, STANDARD_IA 60, GLACIER from 62 to 92.5: 77.29 on average.
    standard, infrequent, glacier = volumes(AGES, None, 5)
    assert float(standard) == pytest.approx(30)
    assert float(infrequent) == pytest.approx(60)
    assert float(glacier) == pytest.approx(5.5 * 730 / 24 - 90)


def test_without_deletion_the_shares_are_those_of_the_first_year():
    # Written evenly for 365 days the average stock is 182.5 days; STANDARD holds 30 days but for the first 30: (30²/2 + 30 × 335)/365.
    standard = (30**2 / 2 + 30 * 335) / 365 / 182.5
    assert float(placements(AGES, None)[0].share) == pytest.approx(standard)


def test_two_classes_from_the_same_day_leave_the_later_named_one():
    assert [each.storage_class for each in placements((AgeClass(0, "STANDARD"), AgeClass(0, "NEARLINE")), None)] == ["NEARLINE"]


@given(st.lists(st.integers(0, 500), min_size=1, max_size=4, unique=True), st.none() | st.integers(1, 1000))
def test_the_shares_make_a_whole(days, deletion):
    ages = (AgeClass(0, "first"), *(AgeClass(day, f"from {day}") for day in days if day))
    found = placements(ages, deletion)
    assert float(sum(each.share for each in found)) == pytest.approx(1)
    assert all(each.share >= 0 for each in found)
