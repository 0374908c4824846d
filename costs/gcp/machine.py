"""Virtual machines: what their type, GPUs, disks and addresses cost."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from costs.capacity import machines, spot_price
from costs.gcp.disk import disk_lines, local_ssd, performance, size
from costs.gcp.network import internet_egress
from costs.gcp.part import known, last, mapping, part
from costs.gcp.schedule import scheduled_hours
from costs.model import Factor, MachineUse
from costs.pricing import Pricer, Pricing, count

RESERVATION: Final = "gcp:compute/reservation:Reservation"
_CUSTOM: Final = "custom machine types have no price on record: theirs is by vCPU and GiB"
# Images whose operating system has a licence. Source: Google Cloud, "Operating system details", premium images.
_LICENSED: Final = ("windows", "rhel-", "sles-")
# Machines whose local SSDs are part of their price. Source: Google Cloud, "Accelerator-optimized machine family", "Local SSD disks".
_BUNDLED_SSD: Final = ("a2-ultragpu-", "a3-", "a4-", "a4x-")


def compute_lines(
    pricing: Pricing, driver: str, types: Sequence[str], running: Factor, *, spot: bool = False, hours: Factor | None = None
) -> None:
    """Machines of a type; of several types that the cloud chooses from, a band from the cheapest to the dearest."""
    if len(set(types)) > 1:
        _mixed(pricing, driver, types, running, spot=spot, hours=hours)
        return
    if "custom" in types[0]:
        pricing.unpriced(driver, f"{types[0]}: {_CUSTOM}")
        return
    machines(pricing, driver, types[0], running, spot=spot, hours=hours)


def _mixed(pricing: Pricing, driver: str, types: Sequence[str], running: Factor, *, spot: bool, hours: Factor | None) -> None:
    found = [(name, pricing.machine(name, f"{driver} ({name})")) for name in dict.fromkeys(types)]
    offers = [offer for _, offer in found if offer]
    if len(offers) < len(found):
        return
    prices = [spot_price(pricing, offer) if spot else offer.on_demand for offer in offers]
    each = [price for price in prices if price]
    note = f"one of {', '.join(dict.fromkeys(types))}: expected the one named first"
    band = replace(each[0], low=min(price.low for price in each), high=max(price.high for price in each), note=note)
    time = hours or pricing.hours()
    use = MachineUse(offers[0], running.amount, time.amount, spot)
    pricing.line(f"{driver} (one of {len(offers)} types{', spot' if spot else ''})", band, running, time, machine=use)


def gpu_lines(
    pricing: Pricing, accelerators: Sequence[Any], machine_type: str, running: Factor, *, spot: bool = False, hours: Factor | None = None
) -> None:
    """GPUs that are added to N1 machines; those of accelerator-optimized machines are in the machine's price.

    Source: Google Cloud, "GPU machine types".
    """
    for each in accelerators:
        settings = mapping(each)
        kind, driver = last(settings.get("type")).lower().replace("_", "-"), "GPUs"
        number = part(pricing, settings).number("count", 1)
        if not kind or number is None:
            pricing.unpriced(driver, "the accelerator's type or count is known only after `up`")
        elif machine_type.startswith("n1-"):
            gpus = Factor(f"GPUs ({running.words} × {number} each)", running.amount * number, running.confidence)
            machines(pricing, driver, f"gpu-{kind.removesuffix('-vws')}", gpus, spot=spot, hours=hours)
            if kind.endswith("-vws"):
                pricing.unpriced("virtual workstation licences", f"no price of {kind}'s licence is on record")


def instance(pricing: Pricing) -> None:
    """A machine, its GPUs, the disks made with it, its external addresses and what it sends."""
    kind = known(pricing, "machineType", "machine")
    status = pricing.text("desiredStatus")
    off = status in ("TERMINATED", "SUSPENDED")
    hours = pricing.usage("hoursPerMonth") or scheduled_hours(pricing)
    spot = is_spot(pricing, "scheduling")
    one = count("machine that is switched off" if off else "machine", 0 if off else 1)
    if status == "SUSPENDED":
        pricing.unpriced("suspended machine", "no price of the memory that is kept of a suspended machine is on record")
    if kind and _reserved(pricing, "reservationAffinity.specificReservation.values"):
        pricing.note("machine", "nothing", "the reservation in this program is paid instead")
    elif kind:
        compute_lines(pricing, "machine", [kind], one, spot=spot, hours=hours)
        gpu_lines(pricing, pricing.resource.items("guestAccelerators"), kind, one, spot=spot, hours=hours)
    image = pricing.text("bootDisk.initializeParams.image").lower()
    if any(name in image for name in _LICENSED):
        pricing.unpriced("licence of the operating system", f"the image {image} is paid by the vCPU and hour, and has no price on record")
    _instance_disks(pricing, kind or "", one, hours or pricing.hours())
    addresses(pricing, one, spot=spot)


def _instance_disks(pricing: Pricing, kind: str, running: Factor, hours: Factor) -> None:
    boot = "bootDisk.initializeParams"
    if not pricing.resource.get("bootDisk.source"):
        disk_type = known(pricing, f"{boot}.type", "boot disk", "pd-standard")
        if disk_type:
            disk_lines(pricing, "boot disk", disk_type, size(pricing, f"{boot}.size"), count("disk", 1))
            performance(pricing, disk_type, f"{boot}.provisionedIops", f"{boot}.provisionedThroughput")
    scratch = len(pricing.resource.items("scratchDisks"))
    if scratch and not ssd_included(kind):
        local_ssd(pricing, "local SSDs", running, count("local SSDs", scratch), hours)


def ssd_included(machine_type: str) -> bool:
    """Whether the machine's price has its local SSDs in it."""
    return machine_type.startswith(_BUNDLED_SSD) or machine_type.endswith("-lssd")


def is_spot(pricing: Pricing, path: str) -> bool:
    """Whether `scheduling` asks for spot capacity (or preemptible, its older name at the same price)."""
    return pricing.flag(f"{path}.preemptible") or pricing.text(f"{path}.provisioningModel") == "SPOT"


def addresses(pricing: Pricing, number: Factor, *, spot: bool) -> None:
    """Ephemeral external addresses of machines, and what leaves through them; a reserved one is paid at its own resource."""
    public = [each for each in pricing.resource.items("networkInterfaces") if mapping(each).get("accessConfigs")]
    if not public:
        return
    own = [each for each in public if not _static(each)]
    if own:
        sku = "in-use-spot-vm" if spot else "in-use-vm"
        pricing.line("external address", pricing.service("external-ip", sku), number, count("addresses", len(own)), pricing.hours())
    internet_egress(pricing)


def _static(interface: object) -> bool:
    configs: list[Any] = mapping(interface).get("accessConfigs") or []
    return any(mapping(each).get("natIp") for each in configs)


def _reserved(pricing: Pricing, path: str) -> bool:
    """Whether the machine runs in a reservation that this program pays for, used or not."""
    if pricing.program.referred(pricing.resource, "reservationAffinity", RESERVATION):
        return True
    names = {last(each) for each in pricing.resource.items(path)}
    return bool(names) and any(reservation.get("name") in names for reservation in pricing.program.of_type(RESERVATION))


PRICERS: dict[str, Pricer] = {"gcp:compute/instance:Instance": instance}
FREE: set[str] = set()
