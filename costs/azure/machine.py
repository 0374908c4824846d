"""Virtual machines and reserved capacity."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from catalogue.model import Offer, Price
from costs.azure import disk
from costs.azure.amounts import between
from costs.capacity import machines, spot_price
from costs.model import Factor
from costs.money import ZERO, number_in
from costs.pricing import Pricer, Pricing, count

# Marketplace images for Linux are 30 GiB, for Windows 127 GiB, unless diskSizeGB says more. Source: Azure, "Expand virtual hard disks".
_LINUX_GIB, _WINDOWS_GIB = Decimal(30), Decimal(127)
_SPOT: Final = {"spot", "low", "lowpriority"}


def size_name(given: str) -> str:
    """A machine size as the price list writes it: `standard_nc24ads_a100_v4` is Standard_NC24ads_A100_v4 (Azure minds no case)."""
    match = re.fullmatch(r"(standard|basic)_([a-z]+)(\d+)(-\d+)?([a-z]*)(_.*)?", given, re.IGNORECASE)
    if match is None:
        return given
    kind, family, vcpus, limited, features, rest = match.groups()
    parts = [part.lower() if re.fullmatch(r"v\d+", part, re.IGNORECASE) else part.upper() for part in (rest or "").split("_")[1:]]
    return "_".join([kind.capitalize(), f"{family.upper()}{vcpus}{limited or ''}{features.lower()}", *parts])


def has_premium_storage(size: str) -> bool:
    """Whether a size takes Premium SSDs: an `s` among its features. Source: Azure, "VM sizes naming conventions"."""
    match = re.match(r"standard_[a-z]+\d+(?:-\d+)?([a-z]*)", size, re.IGNORECASE)
    return bool(match and "s" in match.group(1).lower()) or bool(re.match(r"standard_(ds|gs)\d", size, re.IGNORECASE))


def is_spot(pricing: Pricing, path: str) -> bool:
    """Whether the priority at this path (Spot, Low) means capacity that may be taken away; unread it is taken as on demand."""
    if pricing.unreadable(path):
        pricing.assume("share that is spot", ZERO, f"{path} is known only after `up`: priced on demand")
    return pricing.text(path).lower() in _SPOT


def of_any_size(pricing: Pricing, driver: str, sizes: Sequence[str], running: Factor, *, spot: bool = False) -> None:
    """A line for machines of one size; of several that Azure chooses from, a band from the cheapest to the dearest."""
    names = [size_name(size) for size in dict.fromkeys(sizes)]
    if len(names) == 1:
        machines(pricing, driver, names[0], running, spot=spot)
        return
    offers = [pricing.machine(name, driver) for name in names]
    known = [_price(pricing, offer, spot) for offer in offers if offer]
    if known and len(known) == len(names):
        cheap, dear = min(known, key=lambda price: price.usd), max(known, key=lambda price: price.usd)
        price = between(cheap, dear, f"Azure chooses from {', '.join(names)}")
        pricing.line(f"{driver} (one of {len(names)} sizes{', spot' if spot else ''})", price, running, pricing.hours())


def _price(pricing: Pricing, offer: Offer, spot: bool) -> Price:
    assert offer.on_demand is not None  # pricing.machine answers only with one
    return spot_price(pricing, offer) if spot else offer.on_demand


def windows(pricing: Pricing, at: str, licence: str) -> None:
    """A Windows machine pays a licence on top of what the price list has (Linux), unless the licence is the customer's own."""
    publisher = pricing.text(f"{at}storageProfile.imageReference.publisher").lower()
    windows_os = pricing.text(f"{at}storageProfile.osDisk.osType").lower() == "windows" or publisher.startswith("microsoftwindows")
    if (windows_os or pricing.resource.get(f"{at}osProfile.windowsConfiguration") is not None) and not licence.lower().startswith(
        "windows"
    ):
        pricing.unpriced("Windows licence", "the prices of machines on record are those of Linux")


def disks_of(pricing: Pricing, at: str, size: str, number: Factor) -> None:
    """The OS disk and the data disks that a machine makes; what it only attaches is paid with the disk's own resource."""
    _os_disk(pricing, f"{at}storageProfile.osDisk", size, number)
    for index, given in enumerate(pricing.resource.items(f"{at}storageProfile.dataDisks")):
        path = f"{at}storageProfile.dataDisks.{index}"
        if not isinstance(given, dict):
            pricing.unpriced(f"data disk {index}", "it is known only after `up`")
        elif pricing.text(f"{path}.createOption").lower() != "attach":
            gib, kind = number_in(pricing.resource.get(f"{path}.diskSizeGB")), pricing.text(f"{path}.managedDisk.storageAccountType")
            if gib is None:
                pricing.unpriced(f"data disk {index}", "diskSizeGB is not known")
            else:
                _disk(pricing, f"data disk {index}", kind, gib, size, number)


def _os_disk(pricing: Pricing, path: str, size: str, number: Factor) -> None:
    if pricing.text(f"{path}.diffDiskSettings.option").lower() == "local" or pricing.text(f"{path}.createOption").lower() == "attach":
        return
    if pricing.unreadable(path) or pricing.unreadable(f"{path}.diskSizeGB"):
        pricing.unpriced("OS disk", "its size is known only after `up`")
        return
    windows_os = pricing.text(f"{path}.osType").lower() == "windows"
    gib = pricing.number(f"{path}.diskSizeGB", int(_WINDOWS_GIB if windows_os else _LINUX_GIB))
    if gib is None:
        pricing.unpriced("OS disk", "its size is no number")
        return
    if pricing.resource.get(f"{path}.diskSizeGB") is None:
        number = replace(number, words=f"{number.words} (OS disk as large as the image: {gib} GiB)")
    _disk(pricing, "OS disk", pricing.text(f"{path}.managedDisk.storageAccountType"), gib, size, number)


def _disk(pricing: Pricing, driver: str, kind: str, gib: Decimal, size: str, number: Factor) -> None:
    if kind.lower().startswith(("ultrassd", "premiumv2")):
        pricing.unpriced(driver, f"IOPS and throughput of a {kind} disk are not told by the machine")
    elif kind:
        disk.disks(pricing, driver, kind, gib, number)
    elif not has_premium_storage(size):
        disk.disks(pricing, driver, "Standard_LRS", gib, number)
    else:
        _either(pricing, driver, gib, number)


def _either(pricing: Pricing, driver: str, gib: Decimal, number: Factor) -> None:
    """Where no type is set the image or the tool that makes it chooses between HDD and Premium SSD."""
    prices = [disk.disk_price(pricing, driver, kind, gib) for kind in ("Standard_LRS", "Premium_LRS")]
    low, high = prices
    if low and high:
        price = between(low, high, f"{driver}: no storageAccountType is set; Standard HDD at least, Premium SSD expected")
        pricing.line(f"{driver} ({disk.number_words(gib)} GiB, type not set)", price, number)


def _virtual_machine(pricing: Pricing) -> None:
    size = size_name(pricing.text("hardwareProfile.vmSize"))
    if not size:
        pricing.unpriced("machine", "hardwareProfile.vmSize is not known before `up`")
    else:
        machines(pricing, "machine", size, count("machine", 1), spot=is_spot(pricing, "priority"))
    windows(pricing, "", pricing.text("licenseType"))
    disks_of(pricing, "", size, count("machine", 1))


PRICERS: dict[str, Pricer] = {
    "azure-native:compute:VirtualMachine": _virtual_machine,
}
FREE: set[str] = set()
