"""The skus of Cloud Storage's classes, by the kind of a bucket's location.

Source of the rules: Google Cloud, "Cloud Storage pricing".
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from catalogue.model import Price
from costs.gcp.lifecycle import COLDNESS
from costs.object_storage import ClassSkus
from costs.pricing import Pricing

SERVICE: Final = "cloud-storage"
_MINIMUM_DAYS: Final = {"STANDARD": 0, "NEARLINE": 30, "COLDLINE": 90, "ARCHIVE": 365}


def class_skus(kind: str, copies: int = 1) -> Mapping[str, ClassSkus]:
    """The skus of each class for buckets that are `regional`, `dual-region` or `multi-region`.

    copies: 2 for a pair of regions that the program chose: it is billed in both. Source: Cloud Storage pricing, "Dual-regions".
    """
    return {name: replace(_skus(kind, name), copies=copies) for name in COLDNESS}


def _skus(kind: str, name: str) -> ClassSkus:
    word, standard = name.lower(), name == "STANDARD"
    storage = f"{word}-storage" if kind == "regional" else f"{kind}-{word}-storage"
    writes = f"{kind}-{word}-class-a"
    return ClassSkus(
        storage=((None, storage),),
        writes=writes,
        reads=f"{kind}-{word}-class-b",
        # A change of class is a class A operation of the class that the object comes to.
        arrivals=None if standard else writes,
        retrieval=None if standard else f"{word}-retrieval",
        minimum_days=_MINIMUM_DAYS[name],
    )


def storage_price(pricing: Pricing, skus: Mapping[str, ClassSkus], name: str) -> Price | None:
    """A class's price for a GiB a month; an unknown class is listed as unpriced."""
    if name not in skus:
        pricing.unpriced(f"{name} storage", f"the storage class '{name}' has no price list here")
        return None
    price, copies = pricing.service(SERVICE, skus[name].storage[0][1], f"{name} storage"), skus[name].copies
    return replace(price, usd=price.usd * copies, low=price.low * copies, high=price.high * copies) if price else None
