"""Sizes that change by the clock: how much of the time a scheduled thing spends at which size, and how often something runs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from costs.capacity import scaled
from costs.model import Factor
from costs.money import HOURS_PER_MONTH, ZERO
from costs.pricing import Pricing
from costs.words import band_text

# A schedule by weekday repeats each week: one without a change of clocks stands for all. One by day of the month repeats each year.
_WEEK: Final = (datetime(2025, 1, 6, tzinfo=UTC), timedelta(days=7))
_YEAR: Final = (datetime(2025, 1, 1, tzinfo=UTC), timedelta(days=365))
# More firings than every quarter of an hour for a year are no schedule that a person set for sizes.
_MOST_FIRINGS: Final = 40_000


class ScheduleUnreadable(Exception):
    """A schedule that cannot be followed; the message says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The size of an autoscaled set; None is not set (in an action: left as it is)."""

    minimum: Decimal | None = None
    desired: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """At these times (crontab's five fields, in this time zone) these limits are set; an empty cron is one that nobody can follow."""

    cron: str
    zone: str
    limits: Limits


def scaled_over_time(pricing: Pricing, words: str, start: Limits, actions: Sequence[Action]) -> Factor:
    """As `costs.capacity.scaled`, averaged over the month where scheduled actions change the limits."""
    if not actions:
        return scaled(pricing, words, start.minimum, start.desired, start.maximum)
    try:
        times = shares(start, actions)
    except ScheduleUnreadable as error:
        return _widened(pricing, words, start, actions, str(error))
    counted = [(share, scaled(pricing, words, at.minimum, at.desired, at.maximum)) for share, at in times]
    amount = sum((factor.amount * share for share, factor in counted), ZERO)
    spoken = "; ".join(f"{share:.1%} of the time {band_text(factor.amount)}" for share, factor in counted)
    return Factor(f"{words} on average over the schedule ({spoken})", amount, min(factor.confidence for _, factor in counted))


def _widened(pricing: Pricing, words: str, start: Limits, actions: Sequence[Action], why: str) -> Factor:
    every = [start, *(action.limits for action in actions)]
    minimum = min((each.minimum for each in every if each.minimum is not None), default=None)
    maximum = max((each.maximum for each in every if each.maximum is not None), default=None)
    pricing.note(f"schedule of {words}", "the widest of all its limits, all the time", why)
    return scaled(pricing, words, minimum, start.desired, maximum)


def shares(start: Limits, actions: Sequence[Action]) -> list[tuple[Decimal, Limits]]:
    """The shares of the time spent at each size once the schedule has come round, longest first. Raises ScheduleUnreadable."""
    by_week = all(_weekly(action.cron) for action in actions)
    length = int((_WEEK if by_week else _YEAR)[1].total_seconds())
    events = sorted((at, i) for i, action in enumerate(actions) for at in _firings(action.cron, action.zone, by_week))
    state = start
    for _, i in events:
        state = _set(state, actions[i].limits)
    held: dict[Limits, int] = {}
    since = 0
    for at, i in [*events, (length, -1)]:
        held[state] = held.get(state, 0) + at - since
        state, since = (_set(state, actions[i].limits) if i >= 0 else state), at
    ordered = sorted(((seconds, limits) for limits, seconds in held.items() if seconds), key=lambda each: -each[0])
    return [(Decimal(seconds) / length, limits) for seconds, limits in ordered]


def runs_per_month(expression: str) -> Decimal:
    """How often `cron(…)`, `rate(…)` or a crontab line fires in a month of 730 hours. Raises ScheduleUnreadable."""
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression.strip())
    if rate:
        if not int(rate[1]):
            raise ScheduleUnreadable(f"'{expression}' never comes round")
        minutes = int(rate[1]) * {"minute": 1, "hour": 60, "day": 1440}[rate[2]]
        return HOURS_PER_MONTH * 60 / minutes
    cron = crontab(expression)
    by_week = _weekly(cron)
    hours = Decimal(int((_WEEK if by_week else _YEAR)[1].total_seconds())) / 3600
    return len(_firings(cron, "UTC", by_week)) * HOURS_PER_MONTH / hours


def crontab(expression: str) -> str:
    """Crontab's five fields of a crontab line or of AWS's `cron(minute hour day month weekday year)`. Raises ScheduleUnreadable.

    Source: Amazon EventBridge User Guide, "Cron expressions": `?` stands for any day, and weekdays count from 1, which is Sunday.
    """
    inner = re.fullmatch(r"cron\((.*)\)", expression.strip())
    if inner is None:
        return expression.strip()
    fields = inner[1].split()
    if len(fields) != 6 or fields[5] != "*":
        raise ScheduleUnreadable(f"'{expression}' does not come round: it is bound to a year, or not of six fields")
    weekday = re.sub(r"(?<![\w#/])\d(?!\w)", lambda day: str(int(day[0]) - 1), fields[4])
    return " ".join([fields[0], fields[1], fields[2].replace("?", "*"), fields[3], weekday.replace("?", "*")])


def _set(state: Limits, to: Limits) -> Limits:
    changed = Limits(
        minimum=state.minimum if to.minimum is None else to.minimum,
        desired=state.desired if to.desired is None else to.desired,
        maximum=state.maximum if to.maximum is None else to.maximum,
    )
    # New limits pull the size into them, and it stays there when they widen again.
    desired = changed.desired
    if desired is not None and changed.minimum is not None:
        desired = max(desired, changed.minimum)
    if desired is not None and changed.maximum is not None:
        desired = min(desired, changed.maximum)
    return replace(changed, desired=desired)


def _weekly(cron: str) -> bool:
    fields = cron.split()
    return len(fields) == 5 and fields[2] == fields[3] == "*"


@lru_cache(maxsize=1_024)
def _firings(cron: str, zone: str, by_week: bool) -> tuple[int, ...]:
    """The seconds from the start of the week or year at which it fires."""
    # Only a schedule needs the parser, whose import takes longer than the estimate of a small program.
    from croniter import CroniterError, croniter

    start, length = _WEEK if by_week else _YEAR
    first = start.replace(tzinfo=None)
    try:
        local, times = ZoneInfo(zone or "UTC"), croniter(cron, first - timedelta(seconds=1))
        fired: list[int] = []
        while (at := times.get_next(datetime)) < first + length:
            if len(fired) >= _MOST_FIRINGS:
                raise ScheduleUnreadable(f"'{cron}' fires too often for a schedule")
            fired.append(int((at.replace(tzinfo=local) - start).total_seconds()) % int(length.total_seconds()))
    except (CroniterError, ValueError, KeyError, OSError, AttributeError):
        raise ScheduleUnreadable(f"'{cron}' in the time zone '{zone or 'UTC'}' cannot be followed") from None
    return tuple(fired)
