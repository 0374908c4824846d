"""The disk behind a volume, as the cloud bills it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from costs.kubernetes.cloud import priced_as
from costs.kubernetes.quantity import quantity
from costs.kubernetes.storage_class import StorageClass
from costs.model import Factor
from costs.pricing import Pricing
from costs.resource import Missing, Resource

_Properties = dict[str, Any]
_Shape = Callable[[StorageClass, Decimal], tuple[str, _Properties]]
# These put volumes where something else is paid already: a file system, a bucket, the nodes' own disks.
_INSIDE: Final = frozenset(
    {
        *("efs.csi.aws.com", "s3.csi.aws.com", "gcsfuse.csi.storage.gke.io", "kubernetes.io/no-provisioner", "nfs.csi.k8s.io"),
        *("rancher.io/local-path", "driver.longhorn.io", "rook-ceph.rbd.csi.ceph.com", "rook-ceph.cephfs.csi.ceph.com"),
        *("secrets-store.csi.k8s.io", "localdisk.csi.acstor.io", "openebs.io/local"),
    }
)


def volume(pricing: Pricing, cluster: Resource, made: StorageClass, gib: Decimal, driver: str, *times: Factor) -> None:
    """The lines of a volume of this class and size, times how many there are."""
    if made.provisioner in _INSIDE:
        return
    shape = _SHAPES.get(made.provisioner)
    if shape is None:
        pricing.unpriced(driver, f"{gib:f} GiB of the class {made.name}: {made.provisioner or 'its provisioner'} has no price here")
    elif any(isinstance(value, Missing) for value in made.parameters.values()):
        pricing.unpriced(driver, f"{gib:f} GiB of the class {made.name}, whose parameters are known only after `up`")
    else:
        kind, properties = shape(made, gib)
        if not kind.startswith(cluster.package):
            pricing.unpriced(driver, f"{gib:f} GiB of the class {made.name}: {made.provisioner} makes no volumes on this cluster's cloud")
            return
        priced_as(pricing, kind, {**properties, **_where(cluster)}, driver, *times)


def _where(cluster: Resource) -> Mapping[str, Any]:
    return {name: cluster.get(name) for name in ("region", "location") if cluster.get(name) is not None}


def _ebs(default: str) -> _Shape:
    """Source: AWS EBS CSI driver, "StorageClass parameters" (gp3); the in-tree provisioner's default is gp2."""

    def shape(made: StorageClass, gib: Decimal) -> tuple[str, _Properties]:
        told = made.parameters
        iops, each = quantity(told.get("iops")), quantity(told.get("iopsPerGB"))
        wanted = iops if iops is not None else each * gib if each is not None else None
        properties = {"size": gib, "type": told.get("type") or default, "iops": wanted, "throughput": quantity(told.get("throughput"))}
        return "aws:ebs/volume:Volume", {key: value for key, value in properties.items() if value is not None}

    return shape


def _pd(made: StorageClass, gib: Decimal) -> tuple[str, _Properties]:
    """Source: Compute Engine persistent disk CSI driver, "Parameters": pd-standard where no type is given."""
    told = made.parameters
    regional = told.get("replication-type") == "regional-pd"
    speed = {"provisionedIops": quantity(told.get("provisioned-iops-on-create")), "provisionedThroughput": _mib_per_second(told)}
    properties = {
        "size": gib,
        "type": told.get("type") or "pd-standard",
        **{key: value for key, value in speed.items() if value is not None},
    }
    return f"gcp:compute/{'regionDisk:RegionDisk' if regional else 'disk:Disk'}", properties


def _mib_per_second(told: Mapping[str, Any]) -> Decimal | None:
    """Written as `250Mi`."""
    written = quantity(told.get("provisioned-throughput-on-create"))
    return None if written is None else written / 2**20


def _filestore(made: StorageClass, gib: Decimal) -> tuple[str, _Properties]:
    """Source: Filestore CSI driver, "Instances": the smallest instance of most tiers is 1 TiB, of premium 2.5 TiB."""
    tier = str(made.parameters.get("tier") or "standard").upper()
    size = max(gib, Decimal(2560 if tier == "PREMIUM" else 1024))
    return "gcp:filestore/instance:Instance", {"tier": tier, "fileShares": {"name": "vol1", "capacityGb": size}}


def _azure_disk(made: StorageClass, gib: Decimal) -> tuple[str, _Properties]:
    """Source: Azure Disk CSI driver, "Driver parameters": StandardSSD_LRS where no skuName is given; its keys ignore case."""
    told = {key.lower(): value for key, value in made.parameters.items()}
    sku = told.get("skuname") or told.get("storageaccounttype") or "StandardSSD_LRS"
    speed = {"diskIOPSReadWrite": quantity(told.get("diskiopsreadwrite")), "diskMBpsReadWrite": quantity(told.get("diskmbpsreadwrite"))}
    properties = {"sku": {"name": sku}, "diskSizeGB": gib, **speed}
    return "azure-native:compute:Disk", {key: value for key, value in properties.items() if value is not None}


def _azure_file(made: StorageClass, gib: Decimal) -> tuple[str, _Properties]:
    told = {key.lower(): value for key, value in made.parameters.items()}
    premium = str(told.get("skuname") or "").lower().startswith("premium")
    return "azure-native:storage:FileShare", {"shareQuota": gib, "accessTier": "Premium" if premium else "TransactionOptimized"}


_SHAPES: Final[Mapping[str, _Shape]] = {
    "ebs.csi.aws.com": _ebs("gp3"),
    "ebs.csi.eks.amazonaws.com": _ebs("gp3"),
    "kubernetes.io/aws-ebs": _ebs("gp2"),
    "pd.csi.storage.gke.io": _pd,
    "kubernetes.io/gce-pd": _pd,
    "filestore.csi.storage.gke.io": _filestore,
    "disk.csi.azure.com": _azure_disk,
    "kubernetes.io/azure-disk": _azure_disk,
    "file.csi.azure.com": _azure_file,
    "kubernetes.io/azure-file": _azure_file,
}
