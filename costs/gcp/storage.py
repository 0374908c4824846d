"""Cloud Storage buckets: classes by lifecycle or autoclass, in a region, a pair of regions or a multi-region.

Source of the rules: Google Cloud, "Cloud Storage pricing".
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from costs.gcp.autoclass import autoclass_lines
from costs.gcp.lifecycle import Lifecycle, lifecycle, storage_class
from costs.gcp.network import paid_before
from costs.gcp.part import at
from costs.gcp.retention import old_versions, soft_deleted
from costs.gcp.storage_class import SERVICE, class_skus
from costs.gcp.volume import written
from costs.money import Band
from costs.object_storage import ClassSkus, Store, price_store
from costs.pricing import Pricer, Pricing
from costs.resource import Missing

_MULTI_REGIONS: Final = frozenset({"us", "eu", "asia"})
_EGRESS_STEPS: Final = ((10_240, "first-10TiB"), (153_600, "10-to-150TiB"), (None, "over-150TiB"))


def bucket(pricing: Pricing) -> None:
    """Storage by class, requests, moves, retrieval, early deletion; old versions, soft-deleted objects, replication, egress."""
    if pricing.unreadable("storageClass") or pricing.unreadable("location"):
        pricing.unpriced("storage", "storageClass or location is known only after `up`")
        return
    kind, priced = _located(pricing)
    first = storage_class(pricing.text("storageClass", "STANDARD"))
    rules = lifecycle(pricing, first)
    for doubt in rules.doubts:
        pricing.note("lifecycle", "a rule left out", doubt)
    skus = class_skus(kind, 2 if "+" in (priced.region or "") else 1)
    if pricing.flag("autoclass.enabled"):
        autoclass_lines(priced, skus, rules.delete_after_days)
    else:
        moved = _moved_by_rules(skus, rules)
        price_store(priced, Store(service=SERVICE, classes=moved, ages=rules.ages, delete_after_days=rules.delete_after_days))
    old_versions(priced, skus, rules)
    soft_deleted(priced, skus, rules)
    if kind != "regional":
        _replication(priced, rules)
    _egress(pricing)


def _moved_by_rules(skus: Mapping[str, ClassSkus], rules: Lifecycle) -> Mapping[str, ClassSkus]:
    """Minimum storage durations as they hold under lifecycle rules: a change of class by a rule pays none, a deletion by age all of them.

    The duration counts from when the object was made, not from the change. Source: Google Cloud, "Cloud Storage pricing", early deletion.
    """
    found = dict(skus)
    for number, each in enumerate(rules.ages):
        known = found.get(each.storage_class)
        if known:
            last = number == len(rules.ages) - 1
            found[each.storage_class] = replace(known, minimum_days=max(known.minimum_days - each.from_days, 0) if last else 0)
    return found


def _located(pricing: Pricing) -> tuple[str, Pricing]:
    """What kind of location it is, and the pricing by that location's list."""
    regions = pricing.resource.items("customPlacementConfig.dataLocations")
    placement = pricing.resource.get("customPlacementConfig")
    if isinstance(placement, Missing):
        return "dual-region", at(pricing, None)
    if regions:
        return "dual-region", at(pricing, "+".join(sorted(str(each).lower() for each in regions)))
    where = pricing.region or ""
    if where in _MULTI_REGIONS:
        return "multi-region", pricing
    # Regions have a dash in their names, the pairs that Google names (nam4, eur4, asia1) have none.
    return ("regional" if "-" in where or not where else "dual-region"), pricing


def _replication(pricing: Pricing, rules: Lifecycle) -> None:
    """What is written to more than one region is copied there, for a price per GiB; turbo replication has its own."""
    how = "turbo" if pricing.text("rpo") == "ASYNC_TURBO" else "default"
    price = pricing.service(SERVICE, f"replication-{how}", f"{how} replication")
    pricing.line(f"{how} replication", price, written(pricing, rules.delete_after_days), usage_based=True)


def _egress(pricing: Pricing) -> None:
    read = pricing.usage_or("readGibPerMonth")
    inside = "objects are read inside their region, which costs no transfer; in the worst case all that is read leaves"
    sent = pricing.usage_or("egressGibPerMonth", Band(Decimal(0), Decimal(0), read.amount.high), inside)
    payer = paid_before(pricing, sent)
    if payer:
        pricing.note("internet egress", "none", f"what its component sends to the internet is counted with {payer}")
        return
    tariff = pricing.steps(
        *((edge, pricing.service(SERVICE, f"egress-worldwide-{step}", "internet egress")) for edge, step in _EGRESS_STEPS)
    )
    pricing.line("internet egress", tariff, sent, usage_based=True)


def anywhere_cache(pricing: Pricing) -> None:
    """A zonal SSD cache of a bucket, paid by what it holds."""
    pricing.line("cached", pricing.service(SERVICE, "anywhere-cache-storage", "cached"), pricing.usage_or("storedGib"), usage_based=True)


PRICERS: dict[str, Pricer] = {
    "gcp:storage/bucket:Bucket": bucket,
    "gcp:storage/anywhereCache:AnywhereCache": anywhere_cache,
}
FREE: set[str] = set()
