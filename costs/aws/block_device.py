"""The EBS volumes that machines are launched with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from catalogue.model import Price
from costs.aws.disk import volume_lines
from costs.aws.parts import between
from costs.model import Factor
from costs.money import HOURS_PER_MONTH, Band
from costs.pricing import Pricing, count

_ROOT_NAMES: Final = frozenset({"/dev/xvda", "/dev/sda1"})
# Amazon Linux takes 8 GiB, images for deep learning up to about 100. Source: Amazon Linux 2023 and Deep Learning AMI user guides.
MACHINE_IMAGE: Final = Band.of(8, 8, 100)


@dataclass(frozen=True, slots=True)
class Device:
    """One volume. path: where its settings are among the properties; empty where it is the image's own root volume."""

    name: str
    path: str = ""
    root: bool = False


IMAGES_OWN: Final = Device("root volume", root=True)


def of_instance(at: Pricing) -> list[Device] | None:
    """The volumes of an instance, a spot request or a launch configuration; None where they are known only after `up`."""
    if at.unreadable("rootBlockDevice") or at.unreadable("ebsBlockDevices"):
        return None
    root = Device("root volume", "rootBlockDevice" if at.resource.get("rootBlockDevice") is not None else "", root=True)
    return [root, *(Device(f"volume {i + 1}", f"ebsBlockDevices.{i}") for i in range(len(at.resource.items("ebsBlockDevices"))))]


def of_template(at: Pricing) -> list[Device] | None:
    """The volumes of a launch template; None where they are known only after `up`."""
    if at.unreadable("blockDeviceMappings"):
        return None
    found: list[Device] = []
    for i in range(len(at.resource.items("blockDeviceMappings"))):
        path = f"blockDeviceMappings.{i}"
        if at.resource.get(f"{path}.ebs") is not None:
            root = at.text(f"{path}.deviceName") in _ROOT_NAMES
            found.append(Device("root volume" if root else f"volume {i + 1}", f"{path}.ebs", root=root))
    # A template that names no root device leaves the image's as it is.
    return found if any(device.root for device in found) else [IMAGES_OWN, *found]


def volumes(
    pricing: Pricing,
    at: Pricing,
    devices: Sequence[Device] | None,
    each: Factor,
    root: Band | Factor = MACHINE_IMAGE,
    of: str = "",
) -> None:
    """Lines for the volumes of each machine.

    at: reads the settings; each: how many machines have them; root: GiB of a root volume without a size, a band where it has to be assumed;
    of: whose volumes, where there are several.
    """
    if devices is None:
        pricing.unpriced(f"{of}volumes", "the block devices are known only after `up`")
        return
    for device in devices:
        _volume(pricing, at, replace(device, name=f"{of}{device.name}"), each, root)


def standing(running: Factor, hours: Factor) -> Factor:
    """A volume that comes and goes with its machine is paid for as long as the machine runs."""
    if hours.amount == Band.exactly(HOURS_PER_MONTH):
        return running
    words = f"{running.words} × {hours.words} ÷ {HOURS_PER_MONTH}"
    return Factor(words, running.amount * hours.amount / HOURS_PER_MONTH, min(running.confidence, hours.confidence))


def _volume(pricing: Pricing, at: Pricing, device: Device, each: Factor, root: Band | Factor) -> None:
    unknown = [key for key in ("volumeSize", "volumeType", "iops", "throughput") if device.path and at.unreadable(f"{device.path}.{key}")]
    if unknown:
        pricing.unpriced(device.name, f"{unknown[0]} is known only after `up`")
        return
    size = _size(pricing, at, device, root)
    if size is None:
        return
    kind = at.text(f"{device.path}.volumeType") if device.path else ""
    if not kind:
        pricing.line(f"{device.name} (gp3 or gp2)", _of_unknown_kind(pricing, device), each, size)
        return
    iops, throughput = at.number(f"{device.path}.iops"), at.number(f"{device.path}.throughput")
    volume_lines(pricing, device.name, kind=kind, gib=size, iops=iops, mibps=throughput, volumes=each)


def _size(pricing: Pricing, at: Pricing, device: Device, root: Band | Factor) -> Factor | None:
    given = at.number(f"{device.path}.volumeSize") if device.path else None
    if given:
        return count("GiB", given)
    if device.root and (not device.path or at.resource.get(f"{device.path}.volumeSize") is None):
        return root if isinstance(root, Factor) else pricing.assume("GiB of the root volume", root, "the machine image decides its size")
    pricing.unpriced(device.name, "its size is no number, or left out to its snapshot, which is not in the program")
    return None


def _of_unknown_kind(pricing: Pricing, device: Device) -> Price | None:
    # EC2 makes gp2 where nothing is said, newer images ask for gp3. Source: Amazon EC2 API, EbsBlockDevice.
    older, newer = pricing.service("ebs", "gp2-storage", device.name), pricing.service("ebs", "gp3-storage", device.name)
    return between(newer, older, older, "no volume type is given: gp2, or gp3 where the image asks for it")
