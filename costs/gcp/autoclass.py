"""Buckets with autoclass: Cloud Storage moves objects to colder classes as long as they are not read.

Source: Google Cloud, "Autoclass", "Cloud Storage pricing".
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final, cast

from catalogue.model import Confidence, Price, Source
from costs.gcp.storage_class import SERVICE, storage_price
from costs.gcp.volume import stored, written
from costs.lifecycle import AgeClass, placements
from costs.money import SECONDS_PER_MONTH
from costs.object_storage import ClassSkus, objects_per_gib
from costs.pricing import Pricing, count

# What becomes of objects that are not read. Source: Google Cloud, "Autoclass".
_AGES: Final = (AgeClass(0, "STANDARD"), AgeClass(30, "NEARLINE"), AgeClass(90, "COLDLINE"), AgeClass(365, "ARCHIVE"))


def autoclass_lines(pricing: Pricing, skus: Mapping[str, ClassSkus], delete_after_days: int | None) -> None:
    """Everything costs Standard's operations, no retrieval, no early deletion; a fee for each object; storage as it is read."""
    ages = _AGES if pricing.text("autoclass.terminalStorageClass", "NEARLINE") == "ARCHIVE" else _AGES[:2]
    price, held = _price(pricing, skus, ages, delete_after_days), stored(pricing, delete_after_days)
    each = objects_per_gib(pricing)
    pricing.line("autoclass storage", price, held, usage_based=True)
    pricing.line(
        "autoclass management", pricing.service(SERVICE, "autoclass-management-fee", "autoclass management"), held, each, usage_based=True
    )
    standard = skus["STANDARD"]
    writes = pricing.service(SERVICE, standard.writes or "", "write requests")
    pricing.line("write requests", writes, written(pricing, delete_after_days), each, usage_based=True)
    seconds = count("seconds a month", SECONDS_PER_MONTH)
    reads = pricing.service(SERVICE, standard.reads or "", "read requests")
    pricing.line("read requests", reads, pricing.usage_or("requestsPerSecond"), seconds, usage_based=True)


def _price(pricing: Pricing, skus: Mapping[str, ClassSkus], ages: tuple[AgeClass, ...], delete_after_days: int | None) -> Price | None:
    """Between all in Standard (everything is read) and all in the coldest class; expected: spread by age, as if nothing were read."""
    places = [place for place in placements(ages, delete_after_days) if place.entered]
    prices = [storage_price(pricing, skus, place.storage_class) for place in places]
    if None in prices:
        return None
    known = cast(list[Price], prices)
    spread = sum((place.share * price.usd for place, price in zip(places, known, strict=True)), Decimal(0))
    whole = sum((place.share for place in places), Decimal(0)) or Decimal(1)
    standard = known[0]
    source = Source(text=standard.source.text, as_of=standard.source.as_of, confidence=Confidence.LOW)
    note = "autoclass: from all in the coldest class to all in Standard, expected as if nothing were read after 30 days"
    return replace(standard, usd=spread / whole, low=min(price.low for price in known), source=source, note=note)
