"""Which disk a claim gets: the program's storage classes, and those that each cloud's clusters come with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from costs.kubernetes.cluster import AKS, EKS, GKE
from costs.kubernetes.tokens import annotation, declared, mapping, mappings, meta, tokens
from costs.pricing import Pricing
from costs.resource import Program, Resource, once

KINDS: Final = tuple(tokens("storage.k8s.io", "StorageClass"))
_DEFAULT: Final = ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")


@dataclass(frozen=True)
class StorageClass:
    """Who makes the volume, and how."""

    name: str
    provisioner: str
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])


def _pd(name: str, kind: str) -> StorageClass:
    return StorageClass(name, "pd.csi.storage.gke.io", {"type": kind})


def _filestore(name: str, tier: str) -> StorageClass:
    return StorageClass(name, "filestore.csi.storage.gke.io", {"tier": tier})


def _azure(name: str, kind: str, sku: str) -> StorageClass:
    return StorageClass(name, f"{kind}.csi.azure.com", {"skuName": sku})


# Amazon EKS User Guide, "Storage" (gp2 comes with a cluster; the EBS CSI add-on makes its own on request); Google Kubernetes Engine
# documentation, "Persistent volumes and dynamic provisioning"; Azure AKS documentation, "Storage options", built-in classes. The first
# of each is what a claim without a class is taken to get.
_BUILT_IN: Final[Mapping[str, tuple[StorageClass, ...]]] = {
    EKS: (
        StorageClass("gp2", "kubernetes.io/aws-ebs", {"type": "gp2"}),
        StorageClass("ebs-csi-default-sc", "ebs.csi.aws.com", {"type": "gp3"}),
    ),
    GKE: (
        _pd("standard-rwo", "pd-balanced"),
        _pd("standard", "pd-standard"),
        _pd("premium-rwo", "pd-ssd"),
        _filestore("standard-rwx", "standard"),
        _filestore("premium-rwx", "premium"),
        _filestore("enterprise-rwx", "enterprise"),
        _filestore("zonal-rwx", "zonal"),
    ),
    AKS: (
        *(_azure(name, "disk", "StandardSSD_LRS") for name in ("managed-csi", "default", "managed")),
        *(_azure(name, "disk", "Premium_LRS") for name in ("managed-csi-premium", "managed-premium")),
        *(_azure(name, "file", "Standard_LRS") for name in ("azurefile-csi", "azurefile")),
        *(_azure(name, "file", "Premium_LRS") for name in ("azurefile-csi-premium", "azurefile-premium")),
    ),
}


def storage_class(pricing: Pricing, cluster: Resource, named: Any) -> StorageClass | None:
    """The class of this name (None: the cluster's default), declared by the program or built in; None where it is neither."""
    known = _declared(pricing.program)
    if isinstance(named, str):
        built_in = (each for each in _BUILT_IN[cluster.type] if each.name == named)
        return known.get(named) or _over_zones(cluster, next(built_in, None))
    if named is None:
        return known.get("") or _over_zones(cluster, _BUILT_IN[cluster.type][0])
    # The name is made up by Pulumi at `up`, but the preview tells what it comes from.
    for kind in KINDS:
        found = pricing.program.referred(pricing.resource, "spec", kind)
        if found:
            return _of(found)
    return None


def _over_zones(cluster: Resource, made: StorageClass | None) -> StorageClass | None:
    """AKS's own classes make zone-redundant disks where its nodes lie in several zones. Source: Azure AKS, "Storage options", from 1.29."""
    zones = {str(zone) for pool in mappings(cluster.get("agentPoolProfiles")) for zone in _listed(pool.get("availabilityZones"))}
    if made is None or len(zones) < 2 or made.provisioner != "disk.csi.azure.com":
        return made
    return replace(made, parameters={"skuName": str(made.parameters["skuName"]).replace("_LRS", "_ZRS")})


def _listed(value: Any) -> list[Any]:
    return cast(list[Any], value) if isinstance(value, list) else []


@once
def _declared(program: Program) -> dict[str, StorageClass]:
    """By name; the default under the empty name."""
    found: dict[str, StorageClass] = {}
    for each in declared(program, KINDS):
        is_default = any(annotation(each, name) == "true" for name in _DEFAULT)
        for name in {meta(each) or None, "" if is_default else None} - {None}:
            found.setdefault(str(name), _of(each))
    return found


def _of(resource: Resource) -> StorageClass:
    provisioner = resource.get("provisioner")
    told = provisioner if isinstance(provisioner, str) else ""
    return StorageClass(meta(resource) or resource.name, told, mapping(resource.get("parameters")))
