"""EKS managed node groups: their machines between the limits of their scaling, and the machines' volumes."""

from decimal import Decimal
from typing import Final

from costs.aws.block_device import IMAGES_OWN, standing, volumes
from costs.aws.fleet import Choice, Pick, fleet
from costs.aws.group import actions_of, waiting
from costs.aws.launch import Launch, covered, extras, payable, template, type_of, why_unreadable
from costs.aws.requirements import by_requirements
from costs.capacity import say_idle
from costs.ladder import shared
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count
from costs.resource import Missing
from costs.rung import Rung, Rungs
from costs.schedule import Limits, scaled_over_time

# What EKS takes where nothing is said. Source: Amazon EKS API, CreateNodegroup (instanceTypes, diskSize).
_DEFAULT_TYPE: Final = "t3.medium"
_DISK_GIB: Final = 20
_WINDOWS_DISK_GIB: Final = 50
_LIMITS: Final = ("scalingConfig.minSize", "scalingConfig.desiredSize", "scalingConfig.maxSize")
# EKS's own image has 20 GiB, one with drivers for accelerators more. Source: Amazon EKS User Guide, "Optimized AMIs".
_IMAGE: Final = Band.of(20, 20, 100)


def node_group(pricing: Pricing) -> None:
    """A node group: low its minimum (0 where it may shrink to nothing), high its maximum, expected from the traffic."""
    unreadable = [why for path in _LIMITS if (why := why_unreadable(pricing, path))]
    if unreadable or pricing.resource.get("scalingConfig") is None:
        pricing.unpriced("nodes", unreadable[0] if unreadable else "scalingConfig is left out")
        return
    limits = Limits(*(pricing.number(path) for path in _LIMITS))
    running = shared(pricing) or scaled_over_time(pricing, "nodes", limits, actions_of(pricing))
    named = pricing.resource.get("launchTemplate") is not None
    launch = template(pricing, "launchTemplate") if named else None
    paid = covered(pricing, launch, running) if launch else running
    _nodes(pricing, launch, named, paid)
    if paid is running:
        say_idle(pricing, running)
    if launch:
        extras(pricing, launch, running, pricing.hours(), _IMAGE)
    elif named:
        pricing.unpriced("volumes", "the launch template is not in this program")
    else:
        _disk(pricing, running)
    _warm_pool(pricing, launch, running, limits)


def _nodes(pricing: Pricing, launch: Launch | None, named: bool, running: Factor) -> None:
    capacity = pricing.text("capacityType", "ON_DEMAND")
    if isinstance(pricing.resource.get("capacityType"), Missing):
        pricing.unpriced("nodes", "capacityType is known only after `up`")
    elif capacity == "CAPACITY_BLOCK" or (launch and launch.block):
        pricing.note("nodes", "nothing by the hour", "they run in a capacity block, which is paid for when it is bought")
    elif pricing.text("amiType").startswith("WINDOWS"):
        pricing.unpriced("nodes", "no price of machines with Windows is on record")
    elif launch is None or payable(pricing, launch, "nodes"):
        _machines(pricing, "nodes", choices(pricing, launch, named), running, spot=capacity == "SPOT")


def _machines(pricing: Pricing, driver: str, types: list[Choice], running: Factor, *, spot: bool) -> None:
    # EKS tries types in the order of the list on demand, and as spot by price and capacity.
    # Source: Amazon EKS User Guide, "Managed node group capacity types".
    if types:
        fleet(pricing, driver, types, running, spot=spot, pick=Pick.ANY if spot else Pick.FIRST)


def choices(pricing: Pricing, launch: Launch | None, named: bool) -> list[Choice]:
    """The types that its nodes may have: its own list, else its launch template's, else EKS's default."""
    if pricing.unreadable("instanceTypes"):
        pricing.unpriced("nodes", "instanceTypes is known only after `up`")
        return []
    listed = pricing.resource.items("instanceTypes")
    unknown = [each for each in listed if not isinstance(each, str)]
    if unknown:
        pricing.unpriced("nodes", f"{len(unknown)} of its instanceTypes are known only after `up`")
    if listed:
        return [Choice(each) for each in listed if isinstance(each, str)]
    if launch and launch.at.resource.get("instanceRequirements") is not None:
        return by_requirements(pricing, launch.at, "instanceRequirements", "nodes")
    if launch and launch.at.resource.get("instanceType") is not None:
        found = type_of(pricing, launch.at, "nodes")
        return [Choice(found)] if found else []
    if named and launch is None:
        pricing.unpriced("nodes", "the launch template, which may name the type, is not in this program")
        return []
    pricing.note("instanceTypes", _DEFAULT_TYPE, "no type is given: the default of EKS")
    return [Choice(_DEFAULT_TYPE)]


def _disk(pricing: Pricing, running: Factor, of: str = "") -> None:
    why = why_unreadable(pricing, "diskSize")
    default = _WINDOWS_DISK_GIB if pricing.text("amiType").startswith("WINDOWS") else _DISK_GIB
    size = pricing.number("diskSize", default)
    if why or size is None:
        pricing.unpriced(f"{of}root volume", why or "diskSize is no number")
        return
    said = "GiB each" if pricing.resource.get("diskSize") is not None else "GiB each (diskSize left out: the default of EKS)"
    # EKS takes its images' volume type, which was gp2 and is gp3 now. Source: Amazon EKS User Guide, "Create a managed node group".
    volumes(pricing, pricing, [IMAGES_OWN], standing(running, pricing.hours()), count(said, size), of)


def _warm_pool(pricing: Pricing, launch: Launch | None, running: Factor, limits: Limits) -> None:
    """Nodes that wait: stopped (the default) they cost their volumes. Source: Amazon EKS API, WarmPoolConfig."""
    pool = waiting(pricing, "warmPoolConfig", running, limits)
    if pool is None:
        return
    if pricing.text("warmPoolConfig.poolState", "STOPPED").upper() == "RUNNING":
        _machines(pricing, "warm pool", choices(pricing, launch, launch is not None), pool, spot=False)
    if launch:
        volumes(pricing, launch.at, launch.devices, standing(pool, pricing.hours()), _IMAGE, "warm pool: ")
    else:
        _disk(pricing, pool, "warm pool: ")


def _rungs(pricing: Pricing) -> list[Rung]:
    least, _, most = (pricing.number(path) for path in _LIMITS)
    if least is None or most is None or actions_of(pricing):
        return []
    labels = pricing.resource.fields("labels")
    return [Rung(resource=pricing.resource, least=least, most=max(least, most), usd=_dearness(pricing), labels=labels)]


def _dearness(pricing: Pricing) -> Decimal:
    named = pricing.resource.get("launchTemplate") is not None
    launch = template(pricing, "launchTemplate") if named else None
    types = choices(pricing, launch, named)
    if not types or pricing.text("capacityType") == "CAPACITY_BLOCK" or (launch and launch.block):
        return Decimal(0)
    offer = pricing.machine(types[0].instance_type, "nodes")
    return offer.on_demand.usd if offer and offer.on_demand else Decimal(0)


PRICERS: dict[str, Pricer] = {"aws:eks/nodeGroup:NodeGroup": node_group}
RUNGS: dict[str, Rungs] = {"aws:eks/nodeGroup:NodeGroup": _rungs}
FREE: set[str] = set()
