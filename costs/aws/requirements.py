"""Machines that are asked for by what they must have, not by their type."""

from decimal import Decimal
from typing import Final

from catalogue.model import MachineNeed, Offer
from costs.aws.fleet import Choice
from costs.pricing import Pricing
from costs.resource import Missing

# A type may cost this much more than the cheapest that fits, in per cent. Source: Amazon EC2 API, InstanceRequirementsRequest.
_ON_DEMAND_PERCENT_ABOVE: Final = 20
_MOST_LOOKED_AT: Final = 200


def by_requirements(pricing: Pricing, at: Pricing, path: str, driver: str, counted_in: str = "units") -> list[Choice]:
    """The types that fit, the cheapest first, no dearer than the price protection lets them be; unpriced where nobody can tell.

    counted_in: what capacity counts: machines (`units`), `vcpu`, or `memory-mib`.
    """
    needed = at.resource.get(path)
    asked = (f"{path}.{key}.min" for key in ("vcpuCount", "memoryMib"))
    if isinstance(needed, Missing) or pricing.region is None or any(isinstance(at.resource.get(each), Missing) for each in asked):
        pricing.unpriced(driver, f"{path} or the region is known only after `up`")
        return []
    need = MachineNeed(
        vcpus=_float(at.number(f"{path}.vcpuCount.min")),
        memory_gib=_gib(at.number(f"{path}.memoryMib.min")),
        accelerator_count=_float(at.number(f"{path}.acceleratorCount.min")),
        accelerator_memory_gib=_gib(at.number(f"{path}.acceleratorTotalMemoryMib.min")),
    )
    found = pricing.catalogue.cheapest(pricing.provider, pricing.region, need, limit=_MOST_LOOKED_AT)
    fitting = [offer for offer in found if _fits(at, path, offer)]
    if not fitting:
        pricing.unpriced(driver, f"no machine on record in {pricing.region} fits {path}")
        return []
    cheapest = fitting[0].on_demand
    above = at.number(f"{path}.onDemandMaxPricePercentageOverLowestPrice", _ON_DEMAND_PERCENT_ABOVE)
    limit = (cheapest.usd if cheapest else Decimal(0)) * (100 + (above or Decimal(0))) / 100
    return [_choice(offer, counted_in) for offer in fitting if offer.on_demand and offer.on_demand.usd <= limit]


def _choice(offer: Offer, counted_in: str) -> Choice:
    machine = offer.machine
    weights = {"vcpu": machine.vcpus, "memory-mib": (machine.memory_gib or 0) * 1024}
    return Choice(machine.instance_type, Decimal(str(weights.get(counted_in) or 1)))


def _fits(at: Pricing, path: str, offer: Offer) -> bool:
    machine, kind = offer.machine, offer.machine.instance_type
    limits = (
        (machine.vcpus, at.number(f"{path}.vcpuCount.max"), 1),
        (machine.memory_gib, at.number(f"{path}.memoryMib.max"), 1024),
        (machine.accelerator_count, at.number(f"{path}.acceleratorCount.max"), 1),
    )
    if any(most is not None and (has is None or Decimal(str(has)) * per > most) for has, most, per in limits):
        return False
    # Accelerators, burstable and bare metal are left out unless they are asked for. Source: as above.
    if machine.accelerator and at.resource.get(f"{path}.acceleratorCount") is None:
        return False
    if kind.startswith("t") and kind[1:2].isdigit() and at.text(f"{path}.burstablePerformance", "excluded") == "excluded":
        return False
    if "metal" in kind and at.text(f"{path}.bareMetal", "excluded") == "excluded":
        return False
    return _named(at, path, "allowedInstanceTypes", kind, otherwise=True) and not _named(
        at, path, "excludedInstanceTypes", kind, otherwise=False
    )


def _named(at: Pricing, path: str, key: str, kind: str, *, otherwise: bool) -> bool:
    listed = [str(each) for each in at.resource.items(f"{path}.{key}")]
    return any(_matches(kind, each) for each in listed) if listed else otherwise


def _matches(kind: str, pattern: str) -> bool:
    start, star, end = pattern.partition("*")
    return kind == pattern if not star else kind.startswith(start) and kind.endswith(end)


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _gib(mib: Decimal | None) -> float | None:
    return None if mib is None else float(mib / 1024)
