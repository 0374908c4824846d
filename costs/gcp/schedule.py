"""How many hours a month an instance schedule leaves a machine on."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from costs.model import Factor
from costs.money import HOURS_PER_MONTH
from costs.pricing import Pricing, count

_DAYS: Final = 364
_MONDAY: Final = datetime(2026, 1, 5)


def scheduled_hours(pricing: Pricing) -> Factor | None:
    """The hours of the schedule that a resource policy of the program gives this instance; None without one that can be read."""
    policy = pricing.program.referred(pricing.resource, "resourcePolicies", "gcp:compute/resourcePolicy:ResourcePolicy")
    path = "instanceSchedulePolicy.{}.schedule"
    if policy is None or policy.get("instanceSchedulePolicy") is None:
        return None
    start, stop = policy.get(path.format("vmStartSchedule")), policy.get(path.format("vmStopSchedule"))
    if not isinstance(start, str) or not isinstance(stop, str):
        return None
    share = _on(start, stop)
    if share is None:
        return None
    minutes, whole = share
    return count(f"hours a month (on at '{start}', off at '{stop}')", HOURS_PER_MONTH * minutes / whole)


@lru_cache(maxsize=256)
def _on(start: str, stop: str) -> tuple[int, int] | None:
    """Minutes on, of the minutes of 52 weeks; None for an expression that is no cron."""
    # Only a schedule needs the parser.
    from croniter import croniter

    try:
        if not (croniter.is_valid(start) and croniter.is_valid(stop)):
            return None
        end = _MONDAY + timedelta(days=_DAYS)
        minutes, now = 0, _MONDAY
        while now < end:
            on: datetime = croniter(start, now - timedelta(minutes=1)).get_next(datetime)
            off: datetime = croniter(stop, on).get_next(datetime)
            minutes += max(0, int((min(off, end) - on).total_seconds()) // 60)
            now = off + timedelta(minutes=1)
    except ValueError:
        return None
    return minutes, _DAYS * 24 * 60
