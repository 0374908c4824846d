"""Capacity that is reserved for virtual machines."""

from decimal import Decimal
from typing import Final

from costs.azure.machine import size_name
from costs.capacity import machines, say_held
from costs.model import Factor
from costs.money import Band, number_in
from costs.pricing import Pricer, Pricing, count
from costs.resource import Program, Resource

_GROUP: Final = "capacityReservationGroupID"
_POOL: Final = "azure-native:containerservice:AgentPool"
_RESERVATION: Final = "azure-native:compute:CapacityReservation"


def _reservation(pricing: Pricing) -> None:
    """Reserved capacity is paid like machines that run; a machine in it is paid instead.

    Source: Azure, "On-demand capacity reservation": pricing and billing.
    """
    size, capacity = size_name(pricing.text("sku.name")), pricing.number("sku.capacity")
    if not size or capacity is None:
        pricing.unpriced("reserved machines", "sku.name or sku.capacity is not known before `up`")
        return
    group = pricing.program.referred(pricing.resource, "capacityReservationGroupName")
    free = max(capacity - _machines_inside(pricing.program, group, size), Decimal(0))
    machines(pricing, "reserved machines", size, count("reserved, used or not, less the program's own machines inside", free))
    say_held(pricing, "reserved machines")


def above_reserved(pricing: Pricing, size: str, nodes: Factor) -> Factor:
    """The nodes of a pool that are paid by themselves: those in a reservation of the program are paid with it."""
    group = pricing.program.referred(pricing.resource, _GROUP)
    reserved = [each for each in pricing.program.referring(group, _RESERVATION, "capacityReservationGroupName")] if group else []
    capacity = sum((number_in(each.get("sku.capacity")) or Decimal(0) for each in reserved if _size(each, "sku.name") == size), Decimal(0))
    free = capacity - _machines_inside(pricing.program, group, size) - _before(pricing, group, size)
    if free <= 0:
        return nodes
    amount = nodes.amount
    left = Band(*(max(level - free, Decimal(0)) for level in (amount.low, amount.expected, amount.high)))
    return Factor(f"{nodes.words} above the {free} that are reserved", left, nodes.confidence)


def _machines_inside(program: Program, group: Resource | None, size: str) -> int:
    """Virtual machines of this size that stand in the group, and are paid by themselves."""
    inside = program.referring(group, "azure-native:compute:VirtualMachine", "capacityReservation") if group else []
    return sum(_size(each, "hardwareProfile.vmSize") == size for each in inside)


def _before(pricing: Pricing, group: Resource | None, size: str) -> Decimal:
    """The places that pools which come first in the program may take."""
    taken = Decimal(0)
    for pool in pricing.program.referring(group, _POOL, _GROUP) if group else []:
        if pool is pricing.resource:
            break
        if _size(pool, "vmSize") == size:
            taken += number_in(pool.get("maxCount" if pool.get("enableAutoScaling") is True else "count")) or Decimal(0)
    return taken


def _size(resource: Resource, path: str) -> str:
    return size_name(str(resource.get(path)))


PRICERS: dict[str, Pricer] = {_RESERVATION: _reservation}
FREE: set[str] = {"azure-native:compute:CapacityReservationGroup"}
