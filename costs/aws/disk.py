"""Disks and file systems: EBS volumes and snapshots, EFS, FSx."""

from decimal import Decimal
from typing import Final

from catalogue.model import Confidence
from costs.aws.parts import between, metered, number_of, on_record, tiered, together, unlisted
from costs.model import Factor
from costs.money import ONE, Band
from costs.pricing import Pricer, Pricing, count

# What gp3 includes. Source: Amazon EBS pricing, "General Purpose SSD (gp3)".
_GP3_IOPS: Final = 3000
_GP3_MIBPS: Final = 125
# IOPS of io2 get cheaper above these. Source: Amazon EBS pricing, "Provisioned IOPS SSD (io2)".
_IO2: Final = ((32_000, "io2-iops-tier1"), (64_000, "io2-iops-tier2"), (None, "io2-iops-tier3"))
_KINDS: Final = frozenset({"gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"})
_DEFAULT_KIND: Final = "gp2"
_SNAPSHOT: Final = "snapshot storage (only changed blocks)"


def volume_lines(
    pricing: Pricing,
    driver: str,
    *,
    kind: str,
    gib: Factor | None,
    iops: Decimal | None = None,
    mibps: Decimal | None = None,
    volumes: Factor | None = None,
) -> None:
    """Lines for EBS volumes of one shape; gib None is a size that cannot be read. Source: Amazon EBS pricing."""
    if kind not in _KINDS:
        pricing.unpriced(driver, f"'{kind}' is no volume type with a price")
        return
    if gib is None:
        pricing.unpriced(driver, "its size is known only after `up`")
        return
    many = (volumes,) if volumes else ()
    sku = "magnetic-storage" if kind == "standard" else f"{kind}-storage"
    pricing.line(f"{driver} ({kind})", pricing.service("ebs", sku, driver), *many, gib)
    if kind == "gp3":
        _over(pricing, f"{driver} IOPS", "gp3-iops-over-3000", iops, _GP3_IOPS, many)
        _over(pricing, f"{driver} throughput", "gp3-throughput-over-125MBps", mibps, _GP3_MIBPS, many)
    elif kind in ("io1", "io2"):
        _provisioned(pricing, f"{driver} IOPS", kind, iops, many)
    elif kind == "standard":
        calls = (pricing.usage_or("operationsPerMonth"),)
        pricing.line(f"{driver} I/O requests", pricing.service("ebs", "magnetic-io-requests"), *many, *calls, usage_based=True)


def _over(pricing: Pricing, driver: str, sku: str, wanted: Decimal | None, included: int, many: tuple[Factor, ...]) -> None:
    if wanted is not None and wanted > included:
        over = count(f"over the {included} included", wanted - included)
        pricing.line(driver, pricing.service("ebs", sku, driver), *many, over)


def _provisioned(pricing: Pricing, driver: str, kind: str, iops: Decimal | None, many: tuple[Factor, ...]) -> None:
    if iops is None:
        pricing.unpriced(driver, f"{kind} needs `iops`, which is left out or known only after `up`")
        return
    if kind == "io1":
        pricing.line(driver, pricing.service("ebs", "io1-iops", driver), *many, count("IOPS", iops))
        return
    # The tiers count for each volume by itself, so each step is a line of its own.
    start = 0
    for edge, sku in _IO2:
        held = min(iops, Decimal(edge) if edge else iops) - start
        if held > 0:
            pricing.line(f"{driver} over {start}" if start else driver, pricing.service("ebs", sku, driver), *many, count("IOPS", held))
        start = edge or start


def _volume(pricing: Pricing) -> None:
    if pricing.unreadable("type"):
        pricing.unpriced("volume", "its type is known only after `up`")
        return
    size, iops, mibps = pricing.number("size"), pricing.number("iops"), pricing.number("throughput")
    for name in ("iops", "throughput"):
        if pricing.unreadable(name):
            pricing.unpriced(f"volume {name}", f"{name} is known only after `up`")
    gib = count("GiB", size) if size is not None else _unsized(pricing)
    volume_lines(pricing, "volume", kind=pricing.text("type", _DEFAULT_KIND), gib=gib, iops=iops, mibps=mibps)


def _unsized(pricing: Pricing) -> Factor | None:
    # Without a size the volume is as large as its snapshot, which the program does not tell.
    return pricing.usage("storedGib") if pricing.resource.get("size") is None else None


def _snapshot(pricing: Pricing) -> None:
    sku = "snapshot-archive" if pricing.text("storageTier", "standard") == "archive" else "snapshot"
    pricing.line(_SNAPSHOT, pricing.service("ebs", sku, _SNAPSHOT), _blocks(pricing), usage_based=True)


def _blocks(pricing: Pricing) -> Factor:
    told = pricing.usage("storedGib")
    volume = pricing.program.referred(pricing.resource, "volumeId")
    size = number_of(pricing, volume, "size") or pricing.number("volumeSize")
    if told or not size:
        return told or pricing.usage_or("storedGib")
    reason = "a snapshot holds what was ever written, at most the whole volume; expected: half of it"
    return pricing.assume("storedGib", Band.of(0, size / 2, size), reason)


def _fast_restore(pricing: Pricing) -> None:
    pricing.line("fast snapshot restore", pricing.service("ebs", "fast-snapshot-restore", "fast snapshot restore"), pricing.hours())


def _efs(pricing: Pricing) -> None:
    zone = "one-zone-storage" if pricing.resource.get("availabilityZoneName") else "standard-storage"
    stored = pricing.usage_or("storedGib")
    listed, names = range(len(pricing.resource.items("lifecyclePolicies"))), ("transitionToIa", "transitionToArchive")
    policies = {name for number in listed for name in names if pricing.resource.get(f"lifecyclePolicies.{number}.{name}")}
    hot = pricing.service("efs", zone, "file storage")
    if hot and policies:
        # Only EFS knows which files are read, so nobody can say how much lies in the cheaper classes.
        cold = on_record(pricing, "efs", _infrequent(pricing))
        coldest = on_record(pricing, "efs", "archive-storage") if "transitionToArchive" in policies else cold
        note = "between what is never and what is always read; expected: that of infrequent access"
        band = between(coldest or cold, cold, hot, note)
        hot = band or pricing.service("efs", _infrequent(pricing), "file storage")
    pricing.line("file storage", hot, stored, usage_based=True)
    if policies:
        driver, read = "reads of infrequent access", pricing.usage_or("readGibPerMonth")
        pricing.line(driver, pricing.service("efs", "ia-read", driver), read, usage_based=True)
    _efs_throughput(pricing)


def _infrequent(pricing: Pricing) -> str:
    """Infrequent access is cheaper with elastic throughput. Source: Amazon EFS pricing, "Elastic" and "legacy throughput modes"."""
    return "ia-storage" if pricing.text("throughputMode", "bursting") == "elastic" else "standard-ia-storage"


def _efs_throughput(pricing: Pricing) -> None:
    mode = pricing.text("throughputMode", "bursting")
    if mode == "provisioned":
        given = pricing.number("provisionedThroughputInMibps")
        if given is None:
            pricing.unpriced("provisioned throughput", "how much is provisioned is known only after `up`")
            return
        # 50 KiB/s for each GiB stored are included. Source: Amazon EFS pricing, "Provisioned Throughput".
        stored = pricing.usage_or("storedGib").amount
        paid = Band(*(max(given - gib / 20, Decimal(0)) for gib in (stored.high, stored.expected, stored.low)))
        over = Factor("MiB/s over 1 for each 20 GiB stored", paid, Confidence.MEDIUM)
        pricing.line("provisioned throughput", pricing.service("efs", "provisioned-throughput", "provisioned throughput"), over)
    elif mode == "elastic":
        for driver, sku, quantity in (("reads", "elastic-read", "readGibPerMonth"), ("writes", "elastic-write", "writtenGibPerMonth")):
            pricing.line(driver, pricing.service("efs", sku, f"elastic {driver}"), pricing.usage_or(quantity), usage_based=True)


def _efs_backup(pricing: Pricing) -> None:
    if pricing.text("backupPolicy.status") != "DISABLED":
        pricing.unpriced("automatic backups", "how much AWS Backup holds is not known, nor is its price list on record")


def _lustre(pricing: Pricing) -> None:
    size = pricing.number("storageCapacity")
    if size is None:
        pricing.unpriced("file system", "its storageCapacity is left out or known only after `up`")
        return
    deployment = pricing.text("deploymentType", "SCRATCH_1").lower().replace("_", "-")
    media = pricing.text("storageType", "SSD").lower()
    speed = pricing.number("perUnitStorageThroughput")
    sku = f"{deployment}-{media}-{speed:f}" if speed is not None else f"{deployment}-{media}"
    price = on_record(pricing, "fsx-lustre", sku)
    if price is None and deployment.startswith("persistent") and media == "ssd" and speed in (None, Decimal(125)):
        price = on_record(pricing, "fsx-lustre", "persistent-ssd-storage")
        if price is not None:
            pricing.note("price of file system", "that of 125 MB/s per TiB", "the price on record names no throughput")
    pricing.line(f"file system ({sku})", price or pricing.service("fsx-lustre", sku, "file system"), count("GiB", size))


def _fsx(service: str) -> Pricer:
    def price(pricing: Pricing) -> None:
        size, speed = pricing.number("storageCapacity"), pricing.number("throughputCapacity")
        media = pricing.text("storageType", "SSD").lower()
        for driver, sku, much in (("file system", f"{media}-storage", size), ("throughput", "throughput-capacity", speed)):
            if much is None:
                pricing.unpriced(driver, "how much is left out or known only after `up`")
            else:
                pricing.line(driver, tiered(pricing, service, ((None, sku),), driver), count("provisioned", much), Factor("months", ONE))

    return price


PRICERS: dict[str, Pricer] = {
    "aws:ebs/volume:Volume": _volume,
    "aws:ebs/volumeCopy:VolumeCopy": _volume,
    "aws:ebs/snapshot:Snapshot": _snapshot,
    "aws:ebs/snapshotCopy:SnapshotCopy": _snapshot,
    "aws:ebs/snapshotImport:SnapshotImport": _snapshot,
    "aws:ec2/amiFromInstance:AmiFromInstance": _snapshot,
    "aws:ec2/amiCopy:AmiCopy": _snapshot,
    "aws:ebs/fastSnapshotRestore:FastSnapshotRestore": _fast_restore,
    "aws:efs/fileSystem:FileSystem": _efs,
    "aws:efs/backupPolicy:BackupPolicy": _efs_backup,
    "aws:efs/replicationConfiguration:ReplicationConfiguration": together(
        metered("efs", "standard-storage", "replica storage", "storedGib"), unlisted("replication transfer")
    ),
    "aws:fsx/lustreFileSystem:LustreFileSystem": _lustre,
    "aws:fsx/ontapFileSystem:OntapFileSystem": _fsx("fsx-ontap"),
    "aws:fsx/openZfsFileSystem:OpenZfsFileSystem": _fsx("fsx-openzfs"),
    "aws:fsx/windowsFileSystem:WindowsFileSystem": _fsx("fsx-windows"),
    "aws:fsx/backup:Backup": metered("fsx-lustre", "backup-storage", "backup storage", "storedGib"),
    "aws:fsx/fileCache:FileCache": unlisted("file cache"),
}
FREE: set[str] = {
    "aws:ebs/defaultKmsKey:DefaultKmsKey",
    "aws:ebs/encryptionByDefault:EncryptionByDefault",
    "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
    # Its snapshots are billed where they are made.
    "aws:ec2/ami:Ami",
    "aws:ec2/amiLaunchPermission:AmiLaunchPermission",
    "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission",
    "aws:ec2/volumeAttachment:VolumeAttachment",
    "aws:efs/accessPoint:AccessPoint",
    "aws:efs/fileSystemPolicy:FileSystemPolicy",
    "aws:efs/mountTarget:MountTarget",
    "aws:fsx/dataRepositoryAssociation:DataRepositoryAssociation",
    "aws:fsx/ontapStorageVirtualMachine:OntapStorageVirtualMachine",
    "aws:fsx/ontapVolume:OntapVolume",
    "aws:fsx/openZfsVolume:OpenZfsVolume",
    "aws:fsx/s3AccessPointAttachment:S3AccessPointAttachment",
}
