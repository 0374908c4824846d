"""Autoscaling groups: how many machines of which types, on demand and as spot, over the month."""

from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

from costs.aws.block_device import MACHINE_IMAGE, standing, volumes
from costs.aws.fleet import Choice, Pick, fleet
from costs.aws.launch import Launch, configuration, covered, credits, extras, payable, template, type_of, why_unreadable
from costs.aws.lookup import named
from costs.aws.requirements import by_requirements
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing
from costs.resource import Missing, Resource
from costs.schedule import Action, Limits, scaled_over_time

_SCHEDULE: Final = "aws:autoscaling/schedule:Schedule"
_MIXED: Final = "mixedInstancesPolicy"


def group(pricing: Pricing) -> None:
    """An autoscaling group: minimum, desired and maximum as its schedules set them, on demand and spot as its policy splits them."""
    launch = launched(pricing)
    if launch is None:
        pricing.unpriced("instances", "the launch template or configuration is not in this program")
        return
    unreadable = [why for path in ("minSize", "desiredCapacity", "maxSize") if (why := why_unreadable(pricing, path))]
    if unreadable:
        pricing.unpriced("instances", unreadable[0])
        return
    limits = Limits(pricing.number("minSize"), pricing.number("desiredCapacity"), pricing.number("maxSize"))
    running = scaled_over_time(pricing, "nodes", limits, actions_of(pricing))
    choices = _choices(pricing, launch)
    if payable(pricing, launch, "instances"):
        _machines(pricing, launch, choices, covered(pricing, launch, running))
    whole = _machines_of_units(running, choices)
    extras(pricing, launch, whole, pricing.hours())
    _warm_pool(pricing, launch, choices, running, limits)


def launched(pricing: Pricing) -> Launch | None:
    """What a group's machines are launched from."""
    if pricing.resource.get(_MIXED) is not None:
        return template(pricing, f"{_MIXED}.launchTemplate.launchTemplateSpecification")
    return template(pricing, "launchTemplate") or configuration(pricing)


def actions_of(pricing: Pricing) -> list[Action]:
    """The scheduled actions of a group (or of the group behind a node group), by reference or by the group's literal name."""
    program = pricing.program
    found = {each.urn: each for each in program.referring(pricing.resource, _SCHEDULE, "autoscalingGroupName")}
    found |= {each.urn: each for each in named(program, _SCHEDULE, pricing.text("name"), "autoscalingGroupName")}
    return [_action(each) for each in found.values()]


def _action(schedule: Resource) -> Action:
    recurrence, zone = schedule.get("recurrence"), schedule.get("timeZone")
    # Without a recurrence it happens once, which no average month shows: nobody can follow it.
    cron = recurrence if isinstance(recurrence, str) else ""
    sizes = Limits(*(_size(schedule.get(key)) for key in ("minSize", "desiredCapacity", "maxSize")))
    return Action(cron, zone if isinstance(zone, str) else "UTC", sizes)


def _size(value: Any) -> Decimal | None:
    # -1 leaves a size as it is. Source: Amazon EC2 Auto Scaling API, and Pulumi's autoscaling.Schedule.
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    return Decimal(str(value)) if whole else None


def _choices(pricing: Pricing, launch: Launch) -> list[Choice]:
    path = f"{_MIXED}.launchTemplate.overrides"
    if pricing.unreadable(path) or pricing.unreadable(_MIXED):
        pricing.unpriced("instances", f"{path} is known only after `up`")
        return []
    found: list[Choice] = []
    for i in range(len(pricing.resource.items(path))):
        found += _override(pricing, launch, f"{path}.{i}")
    if found or pricing.resource.items(path):
        return found
    if launch.at.resource.get("instanceRequirements") is not None:
        return by_requirements(pricing, launch.at, "instanceRequirements", "instances", pricing.text("desiredCapacityType"))
    single = type_of(pricing, launch.at, "instances")
    if single:
        credits(pricing, single)
    return [Choice(single)] if single else []


def _override(pricing: Pricing, launch: Launch, path: str) -> list[Choice]:
    if pricing.resource.get(f"{path}.instanceRequirements") is not None:
        return by_requirements(pricing, pricing, f"{path}.instanceRequirements", "instances", pricing.text("desiredCapacityType"))
    value = pricing.resource.get(f"{path}.instanceType")
    weight = pricing.number(f"{path}.weightedCapacity", 1)
    if isinstance(value, Missing) or not weight:
        pricing.unpriced("instances", f"{path} is known only after `up`, or has no weight that is a number")
        return []
    # An override without a type (only with a weight) is of the template's.
    known = value if isinstance(value, str) and value else type_of(pricing, launch.at, "instances")
    return [Choice(known, weight)] if known else []


def _machines(pricing: Pricing, launch: Launch, choices: list[Choice], running: Factor) -> None:
    if not choices:
        return
    if pricing.resource.get(_MIXED) is None:
        fleet(pricing, "instances", choices, running, spot=launch.spot)
        return
    on_demand, spot = split(pricing, running)
    cheapest_first = pricing.text(f"{_MIXED}.instancesDistribution.onDemandAllocationStrategy") == "lowest-price"
    # Priority is the order of the overrides. Source: Amazon EC2 Auto Scaling API, InstancesDistribution.
    if on_demand.amount.high:
        fleet(pricing, "instances", choices, on_demand, pick=Pick.CHEAPEST if cheapest_first else Pick.FIRST)
    if spot.amount.high:
        strategy = pricing.text(f"{_MIXED}.instancesDistribution.spotAllocationStrategy", "lowest-price")
        fleet(pricing, "instances", choices, spot, spot=True, pick=Pick.CHEAPEST if strategy == "lowest-price" else Pick.ANY)


def split(pricing: Pricing, running: Factor) -> tuple[Factor, Factor]:
    """On demand and spot of a mixed group: the base, and above it a share that is rounded up to on demand.

    Left out, the base is 0 and the share 100 %. Source: Amazon EC2 Auto Scaling API, InstancesDistribution.
    """
    path = f"{_MIXED}.instancesDistribution"
    base = pricing.number(f"{path}.onDemandBaseCapacity", 0)
    percent = pricing.number(f"{path}.onDemandPercentageAboveBaseCapacity", 100)
    if base is None or percent is None or pricing.unreadable(path):
        pricing.assume("share on demand", Band.exactly(1), "the distribution is known only after `up`: all on demand, which is dearest")
        base, percent = Decimal(0), Decimal(100)
    amount = running.amount
    levels = [_on_demand(level, base, min(percent, Decimal(100))) for level in (amount.low, amount.expected, amount.high)]
    on_demand = Band(*levels)
    words = f"on demand of {running.words} (base {base}, {percent} % above it)"
    return Factor(words, on_demand, running.confidence), Factor(f"spot of {running.words}", amount - on_demand, running.confidence)


def _on_demand(total: Decimal, base: Decimal, percent: Decimal) -> Decimal:
    above = max(total - base, Decimal(0))
    share = (above * percent / 100).to_integral_value(ROUND_CEILING)
    return min(total, base) + min(share, above)


def _machines_of_units(running: Factor, choices: list[Choice]) -> Factor:
    weights = [choice.weight for choice in choices] or [Decimal(1)]
    if all(weight == 1 for weight in weights):
        return running
    amount = running.amount
    low, high = amount.low / max(weights), amount.high / min(weights)
    levels = (low, amount.expected / weights[0], high)
    machines = Band(*(level.to_integral_value(ROUND_CEILING) for level in levels))
    return Factor(f"machines ({running.words} ÷ their weights)", machines, running.confidence)


def waiting(pricing: Pricing, path: str, running: Factor, limits: Limits) -> Factor | None:
    """How many machines wait in a warm pool: what is prepared (by default the maximum) less what runs; None where there is no pool."""
    if pricing.resource.get(path) is None:
        return None
    least, most = pricing.number(f"{path}.minSize", 0), pricing.number(f"{path}.maxGroupPreparedCapacity")
    # -1 stands for the group's maximum. Source: Amazon EC2 Auto Scaling API, PutWarmPool.
    whole = pricing.resource.get(f"{path}.maxGroupPreparedCapacity") in {None, -1}
    most = limits.maximum if whole else most
    if least is None or most is None:
        pricing.unpriced("warm pool", "its size is known only after `up`")
        return None
    amount = running.amount
    pool = Band(*(max(most - level, least) for level in (amount.high, amount.expected, amount.low)))
    return Factor(f"in the warm pool (up to {most} with those that run)", pool, running.confidence)


def _warm_pool(pricing: Pricing, launch: Launch, choices: list[Choice], running: Factor, limits: Limits) -> None:
    """Machines that wait: stopped (the default) they cost their volumes. Source: EC2 Auto Scaling User Guide, "Warm pools"."""
    pool = waiting(pricing, "warmPool", running, limits)
    if pool is None:
        return
    if pricing.text("warmPool.poolState", "Stopped") == "Running" and choices and payable(pricing, launch, "warm pool"):
        fleet(pricing, "warm pool", choices, pool, spot=launch.spot)
    volumes(pricing, launch.at, launch.devices, standing(pool, pricing.hours()), MACHINE_IMAGE, "warm pool: ")


PRICERS: dict[str, Pricer] = {"aws:autoscaling/group:Group": group}
FREE: set[str] = {
    _SCHEDULE,
    *(
        f"aws:autoscaling/{name[0].lower()}{name[1:]}:{name}"
        for name in ("Attachment", "LifecycleHook", "Notification", "Policy", "Tag", "TrafficSourceAttachment")
    ),
}
