"""Storage accounts: blobs by access tier and redundancy, what old versions keep, file shares."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from catalogue.model import Confidence
from costs.azure.amounts import product
from costs.azure.egress import egress
from costs.azure.lifecycle import BLOB_SERVICE, Lifecycle, kept_days, lifecycle
from costs.lifecycle import AgeClass
from costs.model import Factor
from costs.money import DAYS_PER_MONTH, Band
from costs.object_storage import ClassSkus, Store, price_store
from costs.pricing import Pricer, Pricing, count

Steps = tuple[tuple[int | None, str], ...]
SERVICE: Final = "blob-storage"
# Days that are paid for even if a blob leaves the tier earlier. Source: Azure, "Access tiers for blob data".
_MINIMUM_DAYS: Final = MappingProxyType({"hot": 0, "cool": 30, "cold": 90, "archive": 180})
# Only the hot tier has steps, in GiB. Source: Azure Blob Storage pricing.
_HOT_STEPS: Final = ((51_200, "first-50TB"), (512_000, "next-450TB"), (None, "over-500TB"))
# Source: Azure, "Access tiers for blob data": the archive tier needs LRS, GRS or RA-GRS.
_ARCHIVE_REDUNDANCIES: Final = {"lrs", "grs", "ragrs"}


def _account(pricing: Pricing) -> None:
    unknown = [path for path in ("sku.name", "kind", "accessTier", "isHnsEnabled") if pricing.unreadable(path)]
    if unknown:
        pricing.unpriced("storage", f"{' and '.join(unknown)} is known only after `up`")
        return
    performance, _, redundancy = pricing.text("sku.name").lower().partition("_")
    kind = pricing.text("kind", "StorageV2").lower()
    if not redundancy:
        pricing.unpriced("storage", f"the sku '{pricing.text('sku.name')}' is none that Azure has")
    elif kind == "filestorage":
        return  # Premium file shares are paid by what each share provisions.
    elif performance == "premium":
        _premium(pricing, kind, redundancy)
    else:
        _standard(pricing, redundancy)


def _premium(pricing: Pricing, kind: str, redundancy: str) -> None:
    if kind != "blockblobstorage":
        pricing.unpriced("page blobs", f"premium page blobs (kind {kind}) have no price list here")
        return
    name = f"premium-block-blob-{redundancy}"
    skus = ClassSkus(storage=((None, f"{name}-storage"),), writes=f"{name}-write", reads=f"{name}-read")
    _store(pricing, Lifecycle((AgeClass(0, name),), lifecycle(pricing, "hot").delete_after_days), {name: skus})


def _standard(pricing: Pricing, redundancy: str) -> None:
    first = pricing.text("accessTier", "Hot").lower()
    if first not in _MINIMUM_DAYS:
        pricing.unpriced("storage", f"the access tier '{first}' has no price list here")
        return
    found = lifecycle(pricing, first)
    if redundancy not in _ARCHIVE_REDUNDANCIES and any(each.storage_class == "archive" for each in found.ages):
        reason = f"the archive tier does not exist with {redundancy.upper()}; priced as if it stayed in the tier before"
        pricing.unpriced("archive storage", reason)
        found = Lifecycle(tuple(each for each in found.ages if each.storage_class != "archive"), found.delete_after_days)
    # A hierarchical namespace (Data Lake Storage) has its own operations and no steps. Source: Azure Data Lake Storage pricing.
    lake = pricing.flag("isHnsEnabled")
    prefix = "adls-" if lake else ""
    hot = ((None, f"adls-hot-{redundancy}-storage"),) if lake else _hot_steps(pricing, f"hot-{redundancy}")
    tiers = dict.fromkeys(each.storage_class for each in found.ages)
    _store(pricing, found, {tier: _skus(tier, f"{prefix}{tier}-{redundancy}", hot, moved=tier != first) for tier in tiers})
    if "g" in redundancy:
        # Copies to the second region pay for the way. Source: Azure Blob Storage pricing, "Geo-replication data transfer".
        price = pricing.service(SERVICE, "geo-replication", "copies to the second region")
        pricing.line("copies to the second region", price, _written(pricing, found), usage_based=True)


def _skus(tier: str, name: str, hot: Steps, *, moved: bool) -> ClassSkus:
    return ClassSkus(
        storage=hot if tier == "hot" else ((None, f"{name}-storage"),),
        writes=f"{name}-write",
        reads=f"{name}-read",
        # Moving a blob to a cooler tier is a write there. Source: Azure, "Access tiers for blob data: billing".
        arrivals=f"{name}-write" if moved else None,
        retrieval=None if tier == "hot" else f"{name}-retrieval",
        minimum_days=_MINIMUM_DAYS[tier],
    )


def _hot_steps(pricing: Pricing, name: str) -> Steps:
    """The steps of hot storage as far as the volume reaches: the others need no price."""
    steps, most = [(edge, f"{name}-storage-{step}") for edge, step in _HOT_STEPS], _most_gib(pricing)
    reached = next((at for at, (edge, _) in enumerate(steps) if edge is None or most <= edge), len(steps) - 1)
    return tuple((edge if at < reached else None, sku) for at, (edge, sku) in enumerate(steps[: reached + 1]))


def _most_gib(pricing: Pricing) -> Decimal:
    stored, written = pricing.usage("storedGib"), pricing.usage("writtenGibPerMonth")
    if stored:
        return stored.amount.high
    return written.amount.high * 12 if written else Decimal(0)


def _store(pricing: Pricing, found: Lifecycle, classes: Mapping[str, ClassSkus]) -> None:
    price_store(pricing, Store(service=SERVICE, classes=classes, ages=found.ages, delete_after_days=found.delete_after_days))
    _old_versions(pricing, found, classes[found.ages[0].storage_class])
    if pricing.usage("egressGibPerMonth"):
        egress(pricing)


def _old_versions(pricing: Pricing, found: Lifecycle, skus: ClassSkus) -> None:
    """What is deleted or overwritten is paid as long as it is kept. Source: Azure, "Soft delete for blobs" and "Blob versioning"."""
    kept = kept_days(pricing)
    if not kept:
        return
    replaced = _replaced(pricing, found)
    months = count(f"months that deleted and overwritten blobs are kept ({kept} days)", _months(kept))
    _, sku = skus.storage[0]
    driver = "deleted blobs and old versions"
    pricing.line(driver, pricing.service(SERVICE, sku, driver), _written(pricing, found), replaced, months, usage_based=True)


def _months(kept: int) -> Decimal:
    """What is never deleted grows through the first year: half of it on average."""
    return Decimal(kept) / DAYS_PER_MONTH if kept < 365 else Decimal(6)


def _written(pricing: Pricing, found: Lifecycle) -> Factor:
    told = pricing.usage("writtenGibPerMonth")
    if told:
        return told
    days = Decimal(found.delete_after_days or 365)
    stored = pricing.usage_or("storedGib")
    # The same rate as the blobs' own writes are counted with.
    return product(f"GiB written a month ({stored.words} renewed in {days} days)", stored, count("per month", DAYS_PER_MONTH / days))


def _replaced(pricing: Pricing, found: Lifecycle) -> Factor:
    if found.delete_after_days is not None and found.delete_after_days < 365:
        return count("of what is written is deleted (by the lifecycle)", 1)
    why = "nobody says how much of what is written replaces or deletes something older"
    factor = pricing.assume("share that is overwritten or deleted", Band.of(0, 0.2, 1), why)
    return Factor("share that is overwritten or deleted (assumed)", factor.amount, Confidence.LOW)


PRICERS: dict[str, Pricer] = {
    "azure-native:storage:StorageAccount": _account,
}
# What an account holds and how is priced with the account.
FREE: set[str] = {BLOB_SERVICE} | {
    f"azure-native:storage:{name}"
    for name in (
        "Blob",
        "BlobContainer",
        "BlobContainerImmutabilityPolicy",
        "BlobContainerLegalHold",
        "EncryptionScope",
        "FileServiceProperties",
        "LocalUser",
        "ManagementPolicy",
        "ObjectReplicationPolicy",
        "PrivateEndpointConnection",
        "QueueServiceProperties",
        "StorageAccountStaticWebsite",
        "TableServiceProperties",
    )
}
