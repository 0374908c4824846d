"""Block and file storage: persistent disks, hyperdisks, local SSDs, snapshots, images, Filestore."""

from typing import Final

from catalogue.model import Price
from costs.gcp.part import amount, at, known, last
from costs.model import Factor
from costs.money import HOURS_PER_MONTH, Band
from costs.pricing import HOURS, Pricer, Pricing, count
from costs.resource import Missing

SERVICE: Final = "persistent-disk"
# One local SSD of the first three generations of machines. Source: Google Cloud, "About Local SSD disks".
LOCAL_SSD_GIB: Final = 375
# What is provided with a Hyperdisk Balanced of any size. Source: Google Cloud, "Hyperdisk pricing".
_BASELINE: Final = {"hyperdisk-balanced": (3000, 140)}
_SPACE: Final = {"hyperdisk-balanced": "hyperdisk-balanced-space", "hyperdisk-ml": "hyperdisk-ml-space"}
_IMAGE_GIB: Final = Band.of(10, 10, 50)
_SNAPSHOT_AREAS: Final = {"us": "us-multi", "eu": "europe-multi", "europe": "europe-multi", "asia": "asia-multi"}
_FILES: Final = {"STANDARD": "basic-hdd", "PREMIUM": "basic-ssd"}


def priced_by_time(price: Price | None) -> tuple[Factor, ...]:
    """The hours of a month where a price is by the hour; a disk is paid whether or not its machine runs."""
    return (HOURS,) if price and price.unit.endswith("-hour") else ()


def disk_lines(pricing: Pricing, driver: str, kind: str, size: Factor, number: Factor, *, regional: bool = False) -> None:
    """The space of a number of disks of a type; Hyperdisk's provisioned performance is in `performance`."""
    sku = _SPACE.get(kind, kind) + ("-regional" if regional else "")
    price = pricing.service(SERVICE, sku, f"{driver} ({kind})")
    pricing.line(f"{driver} ({kind})", price, number, size, *priced_by_time(price))


def local_ssd(pricing: Pricing, driver: str, number: Factor, disks: Factor, hours: Factor = HOURS) -> None:
    """Local SSDs of machines, paid while these run."""
    price = pricing.service(SERVICE, "local-ssd", driver)
    month = Factor("of a month's 730 hours", hours.amount / HOURS_PER_MONTH, hours.confidence)
    running = () if hours.amount == HOURS.amount else (month,)
    pricing.line(driver, price, number, disks, count("GiB each", LOCAL_SSD_GIB), *running)


def size(pricing: Pricing, path: str) -> Factor:
    """GiB of a disk; one made from an image has at least the image's size."""
    number = pricing.number(path)
    if number is not None:
        return count("GiB", number)
    unknown = isinstance(pricing.resource.get(path), Missing)
    why = f"{path} is known only after `up`" if unknown else f"{path} is left out: the size of the image, 10 GiB for Linux, 50 for Windows"
    return pricing.assume("GiB", _IMAGE_GIB, why)


def performance(pricing: Pricing, kind: str, iops_path: str, throughput_path: str) -> None:
    """Provisioned IOPS and throughput above what comes with the disk."""
    if not kind.startswith("hyperdisk") and kind != "pd-extreme":
        return
    free_iops, free_throughput = _BASELINE.get(kind, (0, 0))
    for path, free, sku, words in ((iops_path, free_iops, "iops", "IOPS"), (throughput_path, free_throughput, "throughput", "MiB/s")):
        number = pricing.number(path)
        if number is not None and number > free:
            price = pricing.service(SERVICE, f"{kind}-{sku}", f"provisioned {words}")
            above = count(f"{words} above {free}", number - free)
            pricing.line(f"provisioned {words}", price, above, *priced_by_time(price))


def disk(pricing: Pricing) -> None:
    """A zonal disk, pd-standard unless it says otherwise. Source: the Compute Engine API, disks.insert."""
    _disk(pricing, regional=False)


def region_disk(pricing: Pricing) -> None:
    """A disk that is kept in two zones."""
    _disk(pricing, regional=True)


def _disk(pricing: Pricing, *, regional: bool) -> None:
    kind = known(pricing, "type", "disk", "pd-standard")
    if kind:
        disk_lines(pricing, "disk", kind, size(pricing, "size"), count("disk", 1), regional=regional)
        performance(pricing, kind, "provisionedIops", "provisionedThroughput")


def snapshot(pricing: Pricing) -> None:
    """What a snapshot holds: the used and compressed blocks, at most the disk's size."""
    where = last(next(iter(pricing.resource.items("storageLocations")), "")) or pricing.region
    priced = at(pricing, _SNAPSHOT_AREAS.get(where or "", where))
    held = pricing.usage_or("storedGib", reason="a snapshot holds what is used of the disk and changed since the last one")
    pricing.line("snapshot", priced.service(SERVICE, "snapshot", "snapshot"), held, usage_based=True)


def resource_policy(pricing: Pricing) -> None:
    """A snapshot schedule makes snapshots; an instance schedule and a placement cost nothing."""
    schedule = "snapshotSchedulePolicy"
    if pricing.resource.get(schedule) is None:
        return
    days = amount(pricing, f"{schedule}.retentionPolicy.maxRetentionDays", "days that each snapshot is kept", 30)
    reason = f"snapshots of a schedule, kept {days.amount.expected} days"
    pricing.line(
        "scheduled snapshots", pricing.service(SERVICE, "snapshot"), pricing.usage_or("storedGib", reason=reason), usage_based=True
    )


def image(pricing: Pricing) -> None:
    """A custom image (or machine image) by its archived size."""
    held = pricing.usage_or("storedGib", reason="an image holds what is used of its disk, compressed")
    pricing.line("image", pricing.service(SERVICE, "image", "image"), held, usage_based=True)


def storage_pool(pricing: Pricing) -> None:
    """A pool's provisioned capacity and performance."""
    kind = last(pricing.resource.get("storagePoolType")) or "hyperdisk-balanced"
    capacity = amount(pricing, "poolProvisionedCapacityGb", "GiB", 10_240)
    price = pricing.service(SERVICE, f"storage-pool-{kind}-capacity")
    pricing.line("pool capacity", price, capacity, *priced_by_time(price))


def filestore(pricing: Pricing) -> None:
    """Provisioned capacity of a Filestore instance by its tier."""
    tier = pricing.text("tier")
    capacity = pricing.number("fileShares.capacityGb") or pricing.number("fileShares.0.capacityGb")
    driver = f"Filestore {tier or 'of unknown tier'}"
    if not tier or capacity is None:
        pricing.unpriced(driver, "tier or fileShares.capacityGb is known only after `up`")
        return
    price = pricing.service("filestore", _FILES.get(tier, tier.lower().replace("_", "-")), driver)
    pricing.line(driver, price, count("GiB", capacity), *priced_by_time(price))


def filestore_backup(pricing: Pricing) -> None:
    """What a backup holds."""
    pricing.line("backup", pricing.service("filestore", "backup", "backup"), pricing.usage_or("storedGib"), usage_based=True)


def async_replication(pricing: Pricing) -> None:
    """Protection by the GiB of the primary disk, and what is sent. Source: Google Cloud, "Disk pricing", Asynchronous Replication."""
    pricing.unpriced("asynchronous replication", "no price of its protection and of what it sends is on record")


PRICERS: dict[str, Pricer] = {
    "gcp:compute/disk:Disk": disk,
    "gcp:compute/diskAsyncReplication:DiskAsyncReplication": async_replication,
    "gcp:compute/regionDisk:RegionDisk": region_disk,
    "gcp:compute/snapshot:Snapshot": snapshot,
    "gcp:compute/instantSnapshot:InstantSnapshot": snapshot,
    "gcp:compute/image:Image": image,
    "gcp:compute/machineImage:MachineImage": image,
    "gcp:compute/resourcePolicy:ResourcePolicy": resource_policy,
    "gcp:compute/storagePool:StoragePool": storage_pool,
    "gcp:filestore/instance:Instance": filestore,
    "gcp:filestore/backup:Backup": filestore_backup,
}
FREE: set[str] = set()
