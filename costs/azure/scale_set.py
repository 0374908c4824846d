"""Virtual machine scale sets."""

from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from costs.azure.amounts import autoscaled
from costs.azure.machine import disks_of, is_spot, of_any_size, windows
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing

_AT = "virtualMachineProfile."


def _scale_set(pricing: Pricing) -> None:
    sizes, capacity = _sizes(pricing), pricing.number("sku.capacity")
    if not sizes or capacity is None:
        pricing.unpriced("machines", "sku.name or sku.capacity is not known before `up`")
        return
    running = autoscaled(pricing, "nodes", capacity)
    if is_spot(pricing, f"{_AT}priority"):
        _mixed(pricing, sizes, running)
    else:
        of_any_size(pricing, "machines", sizes, running)
    windows(pricing, _AT, pricing.text(f"{_AT}licenseType"))
    disks_of(pricing, _AT, sizes[0], running)


def _sizes(pricing: Pricing) -> list[str]:
    """The sizes that it may consist of: `sku.name`, or the mix of `skuProfile`. Source: Azure, "Instance Mix"."""
    mixed = [pricing.text(f"skuProfile.vmSizes.{at}.name") for at in range(len(pricing.resource.items("skuProfile.vmSizes")))]
    if mixed:
        return mixed if all(mixed) else []
    name = pricing.text("sku.name")
    return [name] if name else []


def _mixed(pricing: Pricing, sizes: list[str], running: Factor) -> None:
    """Spot, with a base and a share of regular machines where a mix is set. Source: Azure, "Spot Priority Mix"."""
    base = pricing.number("priorityMixPolicy.baseRegularPriorityCount", 0)
    share = pricing.number("priorityMixPolicy.regularPriorityPercentageAboveBase", 0)
    if base is None or share is None:
        pricing.unpriced("machines", "priorityMixPolicy is not known before `up`")
        return
    levels = (running.amount.low, running.amount.expected, running.amount.high)
    regular = [_regular(level, base, share) for level in levels]
    if any(regular):
        of_any_size(pricing, "regular machines", sizes, replace(running, words=f"{running.words}, regular", amount=Band(*regular)))
    spot = Band(*(level - kept for level, kept in zip(levels, regular, strict=True)))
    of_any_size(pricing, "machines", sizes, replace(running, words=f"{running.words}, spot", amount=spot), spot=True)


def _regular(machines: Decimal, base: Decimal, percent: Decimal) -> Decimal:
    above = max(machines - base, Decimal(0))
    return min(machines, base) + min((above * percent / 100).to_integral_value(ROUND_CEILING), above)


PRICERS: dict[str, Pricer] = {"azure-native:compute:VirtualMachineScaleSet": _scale_set}
FREE: set[str] = set()
