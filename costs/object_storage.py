"""Object storage with lifecycle rules, the same model on every cloud: what lies where, what is asked of it, what moving it costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model import Confidence
from costs.lifecycle import AgeClass, Placement, placements
from costs.model import Factor
from costs.money import DAYS_PER_MONTH, SECONDS_PER_MONTH, Band
from costs.pricing import Pricing, count
from costs.tiers import Tariff
from costs.words import number_text


@dataclass(frozen=True, kw_only=True)
class ClassSkus:
    """The skus of one storage class in the price list; None where the cloud makes no such charge.

    storage: steps of (upper edge in GiB, sku), one step without edge for a flat price. writes, reads, arrivals (moving an object in by
    lifecycle): per request. retrieval: per GiB read. minimum_days: what is deleted or moved earlier is paid for as long. copies: how
    often storage is billed for the same object (once for each region of a pair).
    """

    storage: tuple[tuple[int | None, str], ...]
    writes: str | None = None
    reads: str | None = None
    arrivals: str | None = None
    retrieval: str | None = None
    minimum_days: int = 0
    copies: int = 1


@dataclass(frozen=True, kw_only=True)
class Store:
    """One bucket to be priced: the price list's service, its classes by age, and when objects are deleted."""

    service: str
    classes: Mapping[str, ClassSkus]
    ages: tuple[AgeClass, ...]
    delete_after_days: int | None


_READ_SHARE = "reads are spread over the classes as what is stored is"
_UNKNOWN_CLASS = "the storage class '{}' has no price list here"


def price_store(pricing: Pricing, store: Store) -> None:
    """Lines for storage per class, writes and reads, retrieval, moves between classes and early deletion."""
    stored = _stored(pricing, store)
    written = written_gib(pricing, store.delete_after_days, stored)
    for place in placements(store.ages, store.delete_after_days):
        skus = store.classes.get(place.storage_class)
        if skus is None:
            pricing.unpriced(f"{place.storage_class} storage", _UNKNOWN_CLASS.format(place.storage_class))
            continue
        _class(pricing, store, place, skus, stored, written)
    _requests(pricing, store, written)


def _stored(pricing: Pricing, store: Store) -> Factor:
    told = pricing.usage("storedGib")
    written = pricing.usage("writtenGibPerMonth")
    if told or written is None:
        return told or pricing.usage_or("storedGib")
    kept_days = Decimal(min(store.delete_after_days or 365, 365))
    # Until deletion sets in a bucket fills evenly; one that is never emptied holds half a year's writing in its first year.
    months = kept_days / DAYS_PER_MONTH if store.delete_after_days and store.delete_after_days <= 365 else Decimal(6)
    return Factor(f"GiB stored ({number_text(round(months, 2))} months of {written.words})", written.amount * months, written.confidence)


def written_gib(pricing: Pricing, delete_after_days: int | None, stored: Factor) -> Factor:
    """GiB a month: told, or what is stored renewed as the lifecycle deletes it, once a year without."""
    told = pricing.usage("writtenGibPerMonth")
    if told:
        return told
    days = Decimal(delete_after_days or 365)
    rate = stored.amount * (DAYS_PER_MONTH / days)
    why = f"what is stored is renewed {'as the lifecycle deletes it' if delete_after_days else 'once a year'} ({days} days)"
    return pricing.assume("writtenGibPerMonth", rate, why)


def _class(pricing: Pricing, store: Store, place: Placement, skus: ClassSkus, stored: Factor, written: Factor) -> None:
    name = place.storage_class
    if place.share:
        sure = Confidence.HIGH if place.share == 1 else Confidence.MEDIUM
        share = Factor(f"share in {name}", Band.exactly(place.share), sure)
        pricing.line(f"{name} storage", _storage(pricing, store, name, skus), stored, share, *_copies(skus), usage_based=True)
    if not place.entered:
        return
    if skus.arrivals and place.from_days:
        price = pricing.service(store.service, skus.arrivals, f"moves to {name}")
        pricing.line(f"moves to {name}", price, written, objects_per_gib(pricing), usage_based=True)
    if skus.minimum_days and place.days is not None and place.days < skus.minimum_days:
        # A class that is left too early is paid for to its minimum age. Source: the clouds' price pages, "minimum storage duration".
        months = (skus.minimum_days - place.days) / DAYS_PER_MONTH
        early = count(f"months of {name} unserved (minimum {skus.minimum_days} days, kept {place.days})", months)
        pricing.line(f"early deletion from {name}", _storage(pricing, store, name, skus), written, early, *_copies(skus), usage_based=True)


def _copies(skus: ClassSkus) -> tuple[Factor, ...]:
    return (count("regions that are billed", skus.copies),) if skus.copies > 1 else ()


def _storage(pricing: Pricing, store: Store, name: str, skus: ClassSkus) -> Tariff | None:
    known = [(edge, pricing.service(store.service, sku, f"{name} storage")) for edge, sku in skus.storage]
    if len(known) == 1:
        return known[0][1]
    return pricing.steps(*known)


def objects_per_gib(pricing: Pricing) -> Factor:
    """1024 ÷ the MiB of the average object."""
    size = pricing.usage_or("objectMib", Band.of(1, 8, 64), "size of the average object")
    # Small objects are the dear case, so the levels go the other way round.
    each = Band(*(1024 / max(level, Decimal("0.001")) for level in (size.amount.high, size.amount.expected, size.amount.low)))
    return Factor("objects per GiB", each, size.confidence)


def _requests(pricing: Pricing, store: Store, written: Factor) -> None:
    spread = [place for place in placements(store.ages, store.delete_after_days) if place.share and place.storage_class in store.classes]
    if not spread:
        return
    first = store.classes[spread[0].storage_class]
    if first.writes:
        price = pricing.service(store.service, first.writes, "write requests")
        pricing.line("write requests", price, written, objects_per_gib(pricing), usage_based=True)
    if first.reads:
        rate, seconds = pricing.usage_or("requestsPerSecond"), count("seconds a month", SECONDS_PER_MONTH)
        pricing.line("read requests", pricing.service(store.service, first.reads, "read requests"), rate, seconds, usage_based=True)
    for place in spread:
        sku = store.classes[place.storage_class].retrieval
        if sku:
            share = Factor(f"share in {place.storage_class} ({_READ_SHARE})", Band.exactly(place.share), Confidence.LOW)
            read = pricing.usage_or("readGibPerMonth")
            pricing.line(
                f"retrieval from {place.storage_class}",
                pricing.service(store.service, sku, f"retrieval from {place.storage_class}"),
                read,
                share,
                usage_based=True,
            )
