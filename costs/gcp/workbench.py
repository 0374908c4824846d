"""Notebook machines: Vertex AI Workbench and the older user-managed notebooks."""

from typing import Final

from costs.gcp.disk import disk_lines, size
from costs.gcp.machine import compute_lines, gpu_lines
from costs.gcp.part import amount, known, last, part
from costs.pricing import Pricer, Pricing, count

# Source: the provider's `gceSetup`.
_BOOT_GIB: Final = 150
_DATA_GIB: Final = 100


def workbench(pricing: Pricing) -> None:
    """A notebook machine at Compute Engine's price, its disks and GPUs, and Vertex AI's management fee on top."""
    setup = "gceSetup"
    kind = known(pricing, f"{setup}.machineType", "notebook machine")
    off = pricing.text("desiredState") == "STOPPED"
    running = count("machine that is switched off" if off else "machine", 0 if off else 1)
    if kind:
        compute_lines(pricing, "notebook machine", [kind], running)
        gpus = [{"type": g.get("type"), "count": g.get("coreCount") or 1} for g in pricing.resource.items(f"{setup}.acceleratorConfigs")]
        gpu_lines(pricing, gpus, kind, running)
        pricing.unpriced("management fee", "Vertex AI's fee for the machine's vCPUs is not on record")
    if not pricing.flag(f"{setup}.disablePublicIp"):
        pricing.line("external address", pricing.service("external-ip", "in-use-vm", "external address"), running, pricing.hours())
    for name, gib in (("boot", _BOOT_GIB), ("data", _DATA_GIB)):
        path = f"{setup}.bootDisk" if name == "boot" else f"{setup}.dataDisks"
        path = f"{path}.0" if pricing.resource.get(f"{path}.0") else path
        disk_type = pricing.text(f"{path}.diskType", "PD_BALANCED").lower().replace("_", "-")
        disk_lines(pricing, f"{name} disk", disk_type, amount(pricing, f"{path}.diskSizeGb", "GiB", gib), count("disk", 1))


def notebook(pricing: Pricing) -> None:
    """A user-managed notebook of the older API."""
    kind = known(pricing, "machineType", "notebook machine")
    if kind:
        compute_lines(pricing, "notebook machine", [kind], count("machine", 1))
        accelerator = pricing.resource.get("acceleratorConfig")
        settings = part(pricing, accelerator)
        gpus = [{"type": settings.text("type"), "count": settings.number("coreCount", 1)}] if accelerator else []
        gpu_lines(pricing, gpus, kind, count("machine", 1))
    disk_type = last(pricing.text("bootDiskType", "PD_STANDARD")).lower().replace("_", "-")
    disk_lines(pricing, "boot disk", disk_type, size(pricing, "bootDiskSizeGb"), count("disk", 1))


PRICERS: dict[str, Pricer] = {
    "gcp:workbench/instance:Instance": workbench,
    "gcp:notebooks/instance:Instance": notebook,
}
FREE: set[str] = set()
