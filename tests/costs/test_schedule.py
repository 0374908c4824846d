"""Sizes that change by the clock."""

from decimal import Decimal

import pytest

from costs.schedule import Action, Limits, ScheduleUnreadable, crontab, runs_per_month, shares


def limits(minimum: int, desired: int, maximum: int) -> Limits:
    return Limits(Decimal(minimum), Decimal(desired), Decimal(maximum))


NIGHT, DAY = limits(0, 0, 0), limits(2, 2, 4)


def test_office_hours_are_sixty_of_a_weeks_hours() -> None:
    found = shares(NIGHT, [Action("0 8 * * 1-5", "UTC", DAY), Action("0 20 * * 1-5", "UTC", NIGHT)])
    assert dict((at, share) for share, at in found) == {NIGHT: Decimal(108) / 168, DAY: Decimal(60) / 168}


def test_a_time_zone_moves_a_schedule_and_changes_no_average() -> None:
    berlin = shares(NIGHT, [Action("0 8 * * 1-5", "Europe/Berlin", DAY), Action("0 20 * * 1-5", "Europe/Berlin", NIGHT)])
    assert dict((at, share) for share, at in berlin)[DAY] == Decimal(60) / 168


def test_two_time_zones_in_one_schedule_are_told_apart() -> None:
    # Up at 08:00 in Berlin (07:00 UTC in winter), down at 20:00 UTC: 13 hours a day
    found = shares(NIGHT, [Action("0 8 * * *", "Europe/Berlin", DAY), Action("0 20 * * *", "UTC", NIGHT)])
    assert dict((at, share) for share, at in found)[DAY] == Decimal(13) / 24


def test_a_schedule_by_the_day_of_the_month_is_counted_over_a_year() -> None:
    # From the 1st 00:00 to the 2nd 00:00 of each month: 12 of 365 days
    found = shares(NIGHT, [Action("0 0 1 * *", "UTC", DAY), Action("0 0 2 * *", "UTC", NIGHT)])
    assert dict((at, share) for share, at in found)[DAY] == Decimal(12) / 365


def test_what_an_action_leaves_out_stays_and_the_size_is_pulled_into_new_limits() -> None:
    found = shares(
        limits(1, 1, 10), [Action("0 0 * * *", "UTC", Limits(minimum=Decimal(4))), Action("0 12 * * *", "UTC", Limits(Decimal(1)))]
    )
    # From midnight at least 4, so 4 run; when the minimum falls to 1 at noon nothing takes them away.
    assert set(found) == {(Decimal("0.5"), limits(4, 4, 10)), (Decimal("0.5"), limits(1, 4, 10))}


@pytest.mark.parametrize("cron", ["", "not a cron", "61 * * * *", "0 0 31 2 *", "0 8 * * 1-5 2020"])
def test_what_is_no_schedule_cannot_be_followed(cron: str) -> None:
    with pytest.raises(ScheduleUnreadable):
        shares(NIGHT, [Action(cron, "UTC", DAY)])


def test_an_unknown_time_zone_cannot_be_followed() -> None:
    with pytest.raises(ScheduleUnreadable, match="Nowhere"):
        shares(NIGHT, [Action("0 8 * * *", "Nowhere/Here", DAY)])


@pytest.mark.parametrize(
    ("expression", "runs"),
    [
        ("rate(1 hour)", "730"),
        ("rate(5 days)", "6.0833"),  # 730 ÷ 120
        ("cron(0 * ? * * *)", "730"),
        ("cron(0 12 ? * MON-FRI *)", "21.7262"),  # 5 ÷ 168 × 730
        ("cron(0 12 ? * 2-6 *)", "21.7262"),  # AWS counts Sunday as 1
        ("0 0 1 * *", "1.0000"),
    ],
)
def test_runs_a_month_of_each_form_of_schedule(expression: str, runs: str) -> None:
    assert runs_per_month(expression).quantize(Decimal("0.0001")) == Decimal(runs).quantize(Decimal("0.0001"))


@pytest.mark.parametrize("expression", ["rate(0 hours)", "cron(0 0 1 1 ? 2026)", "cron(0 0)", "at(2026-01-01T00:00:00)", ""])
def test_what_never_comes_round_has_no_runs(expression: str) -> None:
    with pytest.raises(ScheduleUnreadable):
        runs_per_month(expression)


def test_aws_weekdays_become_crontabs() -> None:
    assert crontab("cron(15 10 ? * 1,7 *)") == "15 10 * * 0,6"


def test_a_lower_maximum_takes_machines_away_for_good() -> None:
    down, up = Action("0 0 * * *", "UTC", Limits(maximum=Decimal(2))), Action("0 6 * * *", "UTC", Limits(maximum=Decimal(9)))
    assert set(shares(limits(0, 5, 9), [down, up])) == {(Decimal("0.25"), limits(0, 2, 2)), (Decimal("0.75"), limits(0, 2, 9))}
