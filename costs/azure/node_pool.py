"""AKS node pools: machines and their OS disks."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from catalogue.model import Confidence
from costs.azure.disk import disk_price
from costs.azure.machine import has_premium_storage, is_spot, size_name
from costs.azure.reservation import above_reserved
from costs.capacity import machines, say_idle, scaled
from costs.ladder import shared
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count
from costs.rung import Rung, Rungs

# OS disk by the machine's vCPUs where no size is set. Source: AKS, "Storage options: default OS disk sizing".
_OS_DISK_GIB: Final = ((7, 128), (15, 256), (63, 512))
_LARGEST_OS_DISK_GIB: Final = 1024


def price_pool(pricing: Pricing, at: str = "", name: str = "") -> None:
    """Machines and OS disks of the node pool whose properties stand at this path; name: what its lines are called by."""
    driver = f"nodes {name}".strip()
    size, nodes = size_name(pricing.text(f"{at}vmSize")), shared(pricing, at) or _nodes(pricing, at)
    if pricing.resource.items(f"{at}virtualMachinesProfile.scale.manual"):
        pricing.unpriced(driver, "a pool of several machine sizes (virtualMachinesProfile) is not priced here")
        return
    if not size or nodes is None:
        what = f"{at}vmSize" if not size else f"{at}count, minCount or maxCount"
        known = pricing.unreadable(f"{at}vmSize") or pricing.unreadable(f"{at}count") or pricing.unreadable(at.rstrip("."))
        left_out = "left out: AKS chooses a size by quota" if not known and not size else "known only after `up`"
        pricing.unpriced(driver, f"{what} is {left_out}")
        return
    paid = nodes if at else above_reserved(pricing, size, nodes)
    machines(pricing, driver, size, paid, spot=is_spot(pricing, f"{at}scaleSetPriority"))
    if paid is nodes:
        say_idle(pricing, nodes)
    if pricing.text(f"{at}osType").lower() == "windows":
        pricing.unpriced(f"{driver}: Windows licence", "the prices of machines on record are those of Linux")
    _os_disks(pricing, at, f"OS disks {name}".strip(), size, nodes)
    if pricing.flag(f"{at}enableNodePublicIP"):
        pricing.line(f"public IPs {name}".strip(), pricing.service("public-ip", "standard-static-regional"), nodes, pricing.hours())


def _nodes(pricing: Pricing, at: str) -> Factor | None:
    """How many nodes. `count` is 1 where it is left out. Source: AKS REST API, "Agent Pools: Create Or Update"."""
    number = pricing.number(f"{at}count", 1)
    if pricing.unreadable(f"{at}enableAutoScaling"):
        return None
    if not pricing.flag(f"{at}enableAutoScaling"):
        return None if number is None else count("nodes", number)
    low, high = pricing.number(f"{at}minCount"), pricing.number(f"{at}maxCount")
    if low is None or high is None:
        return None
    return scaled(pricing, "nodes", low, None if number is None else max(number, low), high)


def rungs(pricing: Pricing, at: str = "") -> list[Rung]:
    """The pool at this path as a rung of a ladder; none where its limits are not known."""
    scales = pricing.flag(f"{at}enableAutoScaling")
    least, most = (pricing.number(f"{at}{name}") for name in (("minCount", "maxCount") if scales else ("count", "count")))
    if least is None or most is None:
        return []
    size = size_name(pricing.text(f"{at}vmSize"))
    offer = pricing.machine(size, "nodes") if size else None
    usd = offer.on_demand.usd if offer and offer.on_demand else Decimal(0)
    labels = pricing.resource.fields(f"{at}nodeLabels")
    return [Rung(resource=pricing.resource, at=at, least=least, most=max(least, most), usd=usd, labels=labels)]


def _os_disks(pricing: Pricing, at: str, driver: str, size: str, nodes: Factor) -> None:
    kind = pricing.text(f"{at}osDiskType")
    if kind.lower() == "ephemeral":
        return
    gib = _gib(pricing, at, size)
    if gib is None or pricing.unreadable(f"{at}osDiskType"):
        pricing.unpriced(driver, "osDiskSizeGB or osDiskType is not known, nor how many vCPUs the machine has")
        return
    account_type = "Premium_LRS" if has_premium_storage(size) else "Standard_LRS"
    price = disk_price(pricing, driver, account_type, gib)
    factors = [nodes] if kind else [nodes, _managed_or_not(pricing)]
    pricing.line(f"{driver} ({gib} GiB {account_type})", price, *factors)


def _managed_or_not(pricing: Pricing) -> Factor:
    """Left out, the disk is ephemeral (free) where the size fits on the machine's own. Source: AKS, "Ephemeral OS disks"."""
    taken = Band.of(0, 1, 1)
    factor = pricing.assume(
        "managed OS disk", taken, "osDiskType is left out: an ephemeral disk, which is free, where the machine has room"
    )
    return replace(factor, words="managed OS disk (0: ephemeral)", confidence=Confidence.MEDIUM)


def _gib(pricing: Pricing, at: str, size: str) -> Decimal | None:
    told = pricing.number(f"{at}osDiskSizeGB", 0)
    if told is None or told:
        return told
    known = pricing.catalogue.machine(pricing.provider, size)
    named = re.match(r"Standard_[A-Za-z]+(\d+)", size)
    vcpus = known.vcpus if known and known.vcpus else int(named.group(1)) if named else None
    if vcpus is None:
        return None
    return Decimal(next((gib for most, gib in _OS_DISK_GIB if vcpus <= most), _LARGEST_OS_DISK_GIB))


def _agent_pool(pricing: Pricing) -> None:
    price_pool(pricing)


PRICERS: dict[str, Pricer] = {"azure-native:containerservice:AgentPool": _agent_pool}
RUNGS: dict[str, Rungs] = {"azure-native:containerservice:AgentPool": rungs}
FREE: set[str] = set()
