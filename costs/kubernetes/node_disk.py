"""The disks of nodes by demand: what their node class says, or its default."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from costs.kubernetes.cloud import priced_as
from costs.kubernetes.quantity import gib
from costs.kubernetes.tokens import declared, deep, mapping, mappings, meta, tokens
from costs.model import Factor
from costs.money import Band, number_in
from costs.pricing import Pricing
from costs.resource import Program, Resource, once

CLASSES: Final = (
    *tokens("karpenter.k8s.aws", "EC2NodeClass", "AWSNodeTemplate"),
    *tokens("eks.amazonaws.com", "NodeClass"),
    *tokens("karpenter.azure.com", "AKSNodeClass"),
)
_RESERVATION: Final = "aws:ec2/capacityReservation:CapacityReservation"
_AZURE_DISK: Final = "azure-native:compute:Disk"
# What AKSNodeClass takes where nothing is said.
_AZURE_GIB: Final = 128
_VOLUME: Final = "aws:ebs/volume:Volume"
# Karpenter documentation, "NodeClasses", spec.blockDeviceMappings: 20 GiB of gp3; Bottlerocket has 4 more for itself.
_DEFAULT: Final = ({"volumeSize": "20Gi", "volumeType": "gp3"},)
_BOTTLEROCKET: Final = ({"volumeSize": "4Gi", "volumeType": "gp3"}, *_DEFAULT)
# Amazon EKS User Guide, "Create a Node Class for Amazon EKS": ephemeralStorage.size.
_AUTO_MODE_SIZE: Final = "80Gi"


def disks(pricing: Pricing, nodes: Factor) -> None:
    """Lines for the disks of so many nodes."""
    if pricing.provider == "azure":
        _azure_disk(pricing, nodes)
        return
    if pricing.provider != "aws":
        pricing.unpriced("node disks", "their size follows from the machine that is chosen")
        return
    for number, told in enumerate(_devices(_class(pricing))):
        size = gib(told.get("volumeSize"))
        driver = f"node disk {number + 1}"
        if size is None:
            pricing.unpriced(driver, f"its size is that of a snapshot or image, or is known only after `up`: {told.get('volumeSize')!r}")
            continue
        shape = {"size": size, "type": told.get("volumeType") or "gp3", "iops": told.get("iops"), "throughput": told.get("throughput")}
        priced_as(pricing, _VOLUME, {key: value for key, value in shape.items() if value is not None}, driver, nodes)


def _azure_disk(pricing: Pricing, nodes: Factor) -> None:
    """Premium SSD, or nothing where the machine's own disk has room. Source: Karpenter Provider for Azure, AKSNodeClass."""
    found = _class(pricing)
    told = found.get("spec.osDiskSizeGB") if found else None
    size = number_in(_AZURE_GIB if told is None else told)
    if size is None:
        pricing.unpriced("node disks", "osDiskSizeGB is known only after `up`")
        return
    reason = "an ephemeral disk, which is free, where the machine has room"
    managed = pricing.assume("managed OS disk (0: ephemeral)", Band.of(0, 1, 1), reason)
    priced_as(pricing, _AZURE_DISK, {"sku": {"name": "Premium_LRS"}, "diskSizeGB": size}, "node disk", nodes, managed)


def reserved_places(pricing: Pricing) -> Decimal:
    """How many machines the program itself reserves for this pool: those of the reservations that its node class names."""
    found = _class(pricing)
    urns = dict.fromkeys(urn for urns in found.references.values() for urn in urns) if found else {}
    reserved = (pricing.program.resources.get(urn) for urn in urns)
    return sum((number_in(each.get("instanceCount")) or Decimal(0) for each in reserved if each and each.type == _RESERVATION), Decimal(0))


def _class(pricing: Pricing) -> Resource | None:
    named = pricing.text("spec.template.spec.nodeClassRef.name")
    referred = (pricing.program.referred(pricing.resource, "spec", kind) for kind in CLASSES)
    return _by_name(pricing.program).get(named) or next((each for each in referred if each), None)


def _devices(found: Resource | None) -> list[Mapping[str, Any]]:
    if found is None:
        return [*_DEFAULT]
    if found.type.startswith("kubernetes:eks.amazonaws.com/"):
        told = mapping(found.get("spec.ephemeralStorage"))
        # Read and write speed are given in plain numbers there.
        return [
            {
                "volumeSize": told.get("size", _AUTO_MODE_SIZE),
                "iops": _plain(told.get("iops")),
                "throughput": _plain(told.get("throughput")),
            }
        ]
    mapped = [mapping(deep(each, "ebs")) for each in mappings(found.get("spec.blockDeviceMappings"))]
    if mapped:
        return mapped
    families = [found.get("spec.amiFamily"), *(each.get("alias") for each in mappings(found.get("spec.amiSelectorTerms")))]
    return [*(_BOTTLEROCKET if any(str(each).lower().startswith("bottlerocket") for each in families) else _DEFAULT)]


def _plain(value: Any) -> Decimal | None:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else None


@once
def _by_name(program: Program) -> Mapping[str, Resource]:
    return {meta(each) or each.name: each for each in declared(program, CLASSES)}


FREE: set[str] = {*CLASSES}
