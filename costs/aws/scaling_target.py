"""Application Auto Scaling: the limits that targets and their scheduled actions set on services and endpoints."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from costs.aws.lookup import named
from costs.model import Factor
from costs.pricing import Pricing
from costs.resource import Missing, Resource
from costs.schedule import Action, Limits, ScheduleUnreadable, crontab, scaled_over_time

TARGET: Final = "aws:appautoscaling/target:Target"
_ACTION: Final = "aws:appautoscaling/scheduledAction:ScheduledAction"


def targets(pricing: Pricing, namespace: str, names: Sequence[str], ending: str) -> list[Resource]:
    """The scaling targets of a resource, or of a part of it.

    names: its literal names; ending: how the part's `resourceId` ends (`/variant/main`). A target whose `resourceId` is known only after
    `up` counts for every part of what it refers to.
    """
    referring = pricing.program.referring(pricing.resource, TARGET, "resourceId")
    literal = (each for name in names for each in named(pricing.program, TARGET, name, "resourceId", in_path=True))
    found = {each.urn: each for each in (*referring, *literal)}
    return [each for each in found.values() if _of(each, namespace, ending)]


def _of(target: Resource, namespace: str, ending: str) -> bool:
    told = target.get("resourceId")
    return target.get("serviceNamespace") in {namespace, None} and (not isinstance(told, str) or told.endswith(ending))


def scaled_by_target(pricing: Pricing, words: str, initial: Decimal | None, found: Sequence[Resource]) -> Factor:
    """How many run between the limits of these targets, over their schedules; without a target as many as set at the start."""
    if not found:
        return scaled_over_time(pricing, words, Limits(initial, initial, initial), ())
    unreadable = [each.name for each in found if _unreadable(each)]
    if unreadable:
        pricing.note(f"limits of {words}", "none", f"those of {', '.join(unreadable)} are known only after `up`")
        return scaled_over_time(pricing, words, Limits(Decimal(0), initial, None), ())
    if len(found) > 1:
        pricing.note(
            f"limits of {words}", "the widest", f"which of {', '.join(each.name for each in found)} holds is known only after `up`"
        )
    limits = [(_number(each.get("minCapacity")), _number(each.get("maxCapacity"))) for each in found]
    low = min((low for low, _ in limits if low is not None), default=None)
    high = max((high for _, high in limits if high is not None), default=None)
    return scaled_over_time(pricing, words, Limits(low, initial, high), _actions(pricing, found))


def _unreadable(target: Resource) -> bool:
    return any(isinstance(target.get(key), Missing) for key in ("minCapacity", "maxCapacity"))


def _actions(pricing: Pricing, found: Sequence[Resource]) -> list[Action]:
    actions: dict[str, Resource] = {}
    for target in found:
        actions |= {each.urn: each for each in pricing.program.referring(target, _ACTION, "resourceId")}
        actions |= {each.urn: each for each in named(pricing.program, _ACTION, target.get("resourceId"), "resourceId")}
    return [_action(each) for each in actions.values()]


def _action(action: Resource) -> Action:
    expression, zone = action.get("schedule"), action.get("timezone")
    try:
        cron = crontab(expression) if isinstance(expression, str) else ""
    except ScheduleUnreadable:
        cron = ""
    capacity = "scalableTargetAction"
    limits = Limits(minimum=_number(action.get(f"{capacity}.minCapacity")), maximum=_number(action.get(f"{capacity}.maxCapacity")))
    return Action(cron, zone if isinstance(zone, str) else "UTC", limits)


def _number(value: Any) -> Decimal | None:
    """Pulumi's provider takes the capacities of an action as text."""
    text = str(value)
    return Decimal(text) if not isinstance(value, bool) and text.isdecimal() else None
