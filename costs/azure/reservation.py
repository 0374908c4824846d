"""Capacity that is reserved for virtual machines."""

from decimal import Decimal

from costs.azure.machine import size_name
from costs.capacity import machines
from costs.model import Factor
from costs.money import Band, number_in
from costs.pricing import Pricer, Pricing


def _reservation(pricing: Pricing) -> None:
    """Reserved capacity is paid like machines that run; a machine in it is paid instead.

    Source: Azure, "On-demand capacity reservation": pricing and billing.
    """
    size, capacity = size_name(pricing.text("sku.name")), pricing.number("sku.capacity")
    if not size or capacity is None:
        pricing.unpriced("reserved machines", "sku.name or sku.capacity is not known before `up`")
        return
    used = _in_reservation(pricing)
    # What always runs inside is taken off, never what may run: the reservation then costs no less than it will.
    free = Band(*(max(capacity - level, Decimal(0)) for level in (used.high, used.low, used.low)))
    machines(pricing, "reserved machines", size, Factor("reserved, less the program's machines inside", free))


def _in_reservation(pricing: Pricing) -> Band:
    group = pricing.program.referred(pricing.resource, "capacityReservationGroupName")
    low = high = Decimal(0)
    size = size_name(pricing.text("sku.name"))
    for pool in pricing.program.referring(group, "azure-native:containerservice:AgentPool", "capacityReservationGroupID") if group else []:
        if size_name(str(pool.get("vmSize"))) == size:
            scales = pool.get("enableAutoScaling") is True
            low += number_in(pool.get("minCount" if scales else "count")) or Decimal(0)
            high += number_in(pool.get("maxCount" if scales else "count")) or Decimal(0)
    for vm in pricing.program.referring(group, "azure-native:compute:VirtualMachine", "capacityReservation") if group else []:
        same = size_name(str(vm.get("hardwareProfile.vmSize"))) == size
        low, high = low + same, high + same
    return Band(low, low, high)


PRICERS: dict[str, Pricer] = {"azure-native:compute:CapacityReservation": _reservation}
FREE: set[str] = {"azure-native:compute:CapacityReservationGroup"}
