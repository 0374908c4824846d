"""Managed disks and snapshots."""

import re
from decimal import Decimal
from typing import Final

from catalogue.model import Confidence, Price
from costs.model import Factor
from costs.money import Band, number_in
from costs.pricing import HOURS, Pricer, Pricing, count

SERVICE: Final = "managed-disk"
# GiB and the tier's number: a disk is billed as the next larger tier. Source: Azure, "Azure managed disk types", disk size tables.
_SIZES: Final = (
    (4, 1), (8, 2), (16, 3), (32, 4), (64, 6), (128, 10), (256, 15), (512, 20), (1024, 30), (2048, 40), (4096, 50), (8192, 60),
    (16384, 70), (32767, 80),
)  # fmt: skip
_KINDS: Final = {"premium": ("premium-ssd", "p"), "standardssd": ("standard-ssd", "e"), "standard": ("standard-hdd", "s")}
# Source: Azure, "Azure managed disk types": Premium SSD v2 has 3,000 IOPS and 125 MB/s included; the defaults of an Ultra Disk.
_FREE_IOPS, _FREE_MBPS = 3000, 125
_SSD_OPERATIONS: Final = "standard-ssd-e10-operations"


def tier_sku(account_type: str, gib: Decimal) -> str | None:
    """The price list's name of a disk of this storage account type and size, None for a type or size without tiers."""
    kind, _, redundancy = account_type.lower().partition("_")
    if kind not in _KINDS or not redundancy:
        return None
    name, letter = _KINDS[kind]
    # Standard HDD has no tier below S4. Source: as above.
    number = next((tier for size, tier in _SIZES if gib <= size and (letter != "s" or tier >= 4)), None)
    return None if number is None else f"{name}-{letter}{number}-{redundancy}"


def disks(pricing: Pricing, driver: str, account_type: str, gib: Decimal, number: Factor) -> None:
    """A line for this many disks of one type and size: by tier, or by GiB where the type has none."""
    price = disk_price(pricing, driver, account_type, gib)
    if price:
        pricing.line(f"{driver} ({number_words(gib)} GiB {account_type})", price, number)
    if account_type.lower().startswith("standard"):
        _operations(pricing, driver, account_type, gib, number)


def disk_price(pricing: Pricing, driver: str, account_type: str, gib: Decimal) -> Price | None:
    """The price of a disk by tier; None, and listed as unpriced, where there is none."""
    sku = tier_sku(account_type, gib)
    if sku is None:
        pricing.unpriced(driver, f"a disk of {number_words(gib)} GiB of type {account_type or 'unknown'} has no tier on record")
        return None
    return pricing.service(SERVICE, sku, driver)


def number_words(gib: Decimal) -> str:
    """GiB without superfluous digits."""
    return f"{gib.normalize():f}"


def _operations(pricing: Pricing, driver: str, account_type: str, gib: Decimal, number: Factor) -> None:
    """Standard disks pay for each 10,000 operations. Source: Azure managed disks pricing."""
    used = pricing.usage_or("operationsPerMonth", reason=f"{account_type} disks pay for operations, and nobody says how many")
    sku = "standard-hdd-operations" if account_type.lower().startswith("standard_") else _ssd_operations(pricing, account_type, gib)
    pricing.line(f"{driver} operations", pricing.service(SERVICE, sku, f"{driver} operations"), number, used, usage_based=True)


def _ssd_operations(pricing: Pricing, account_type: str, gib: Decimal) -> str:
    """Operations cost the same on every size of Standard SSD, while the price list may have only one of them."""
    own = f"{(tier_sku(account_type, gib) or account_type).rpartition('-')[0]}-operations"
    known = pricing.region and pricing.catalogue.service(pricing.provider, SERVICE, own, pricing.region)
    return own if known else _SSD_OPERATIONS


def _disk(pricing: Pricing) -> None:
    account_type, gib = pricing.text("sku.name", "Standard_LRS"), _gib(pricing)
    if pricing.unreadable("sku") or pricing.unreadable("sku.name"):
        pricing.unpriced("disk", "sku.name is known only after `up`")
    elif gib is None:
        pricing.unpriced("disk", "diskSizeGB is not known: the disk is as large as what it is made from")
    elif account_type.lower().startswith(("ultrassd", "premiumv2")):
        _provisioned(pricing, account_type.lower(), gib)
    else:
        tiered(pricing, account_type, gib)


def _gib(pricing: Pricing) -> Decimal | None:
    gib = pricing.number("diskSizeGB")
    size = number_in(pricing.resource.get("diskSizeBytes"))
    return gib if gib is not None or size is None else size / 2**30


def tiered(pricing: Pricing, account_type: str, gib: Decimal) -> None:
    """A disk that is billed by tier; a chosen performance tier (`tier`: P30) is billed instead of that of the size."""
    shared = pricing.number("maxShares", 1) or Decimal(1)
    chosen = pricing.text("tier")
    if re.fullmatch(r"P\d+", chosen) and account_type.lower().startswith("premium"):
        sku = f"premium-ssd-{chosen.lower()}-{account_type.lower().partition('_')[2]}"
        pricing.line(f"disk (tier {chosen})", pricing.service(SERVICE, sku, "disk"), count("disk", 1))
    else:
        disks(pricing, "disk", account_type, gib, count("disk", 1))
    if shared > 1:
        mount = f"{tier_sku(account_type, gib)}-mount"
        pricing.line("shared mounts", pricing.service(SERVICE, mount, "shared mounts"), count("further mounts", shared - 1))
    if pricing.flag("burstingEnabled"):
        pricing.unpriced("on-demand bursting", "a fee and each burst transaction are paid, and nobody says how many there are")


def _provisioned(pricing: Pricing, kind: str, gib: Decimal) -> None:
    name, free_iops, free_mbps = ("ultra", 0, 0) if kind.startswith("ultra") else ("premium-ssd-v2", _FREE_IOPS, _FREE_MBPS)
    suffixes = ("iops", "throughput") if name == "ultra" else ("iops-over-3000", "throughput-over-125")
    capacity = pricing.service(SERVICE, f"{name}-capacity", "capacity")
    pricing.line("capacity", capacity, count("GiB", gib), *_by_time(capacity))
    paths = (("diskIOPSReadWrite", free_iops, suffixes[0]), ("diskMBpsReadWrite", free_mbps, suffixes[1]))
    for path, free, suffix in paths:
        wanted = pricing.number(path, free or None)
        if wanted is None:
            pricing.unpriced(suffix, f"{path} is not known, and it is paid for")
        elif wanted > free:
            extra = count(f"{path} above the {free} included", wanted - free)
            price = pricing.service(SERVICE, f"{name}-{suffix}", suffix)
            pricing.line(suffix, price, extra, *_by_time(price))


def _by_time(price: Price | None) -> tuple[Factor, ...]:
    """The hours of a month where the price list counts by the hour, as it does for Premium SSD v2."""
    return (HOURS,) if price and price.unit.endswith("-hour") else ()


def _snapshot(pricing: Pricing) -> None:
    """A snapshot is billed by its used size, at most the disk's. Source: Azure managed disks pricing."""
    source = pricing.program.referred(pricing.resource, "creationData", "azure-native:compute:Disk")
    size = pricing.number("diskSizeGB") or (number_in(source.get("diskSizeGB")) if source else None)
    redundancy = pricing.text("sku.name", "Standard_LRS").lower().partition("_")[2] or "lrs"
    if size is None:
        pricing.unpriced("snapshot", "diskSizeGB is not known: the snapshot is as large as what it is made from")
        return
    used = Factor("GiB used (of the disk's size)", Band(Decimal(0), size / 2, size), Confidence.LOW)
    pricing.line("snapshot", pricing.service(SERVICE, f"snapshot-{redundancy}", "snapshot"), used, usage_based=True)


PRICERS: dict[str, Pricer] = {"azure-native:compute:Disk": _disk, "azure-native:compute:Snapshot": _snapshot}
FREE: set[str] = set()
