"""S3's storage classes: the skus of each, and its minimum storage duration."""

from typing import Final

from catalogue.model import Price
from costs.aws.parts import between, on_record, recorded
from costs.object_storage import ClassSkus
from costs.pricing import Pricing

TIERING: Final = "INTELLIGENT_TIERING"
TIERING_STORAGE: Final = "intelligent-tiering-storage"
"""No sku of AWS: the band over the access tiers, between which only AWS knows where an object lies."""

# The first 50 TB, the next 450, the rest. Source: Amazon S3 pricing, "S3 Standard".
_TIERS: Final = ((51_200, "standard-storage-first-50TB"), (512_000, "standard-storage-next-450TB"), (None, "standard-storage-over-500TB"))
# What is put into any class arrives by lifecycle, so its PUT request is one to S3 Standard.
_PUT: Final = "standard-put-requests"
_COLD: Final = (
    ("STANDARD_IA", "standard-ia", "standard-ia-retrieval", "standard-ia-get-requests", 30),
    ("ONEZONE_IA", "one-zone-ia", "one-zone-ia-retrieval", "one-zone-ia-get-requests", 30),
    ("GLACIER_IR", "glacier-instant", "glacier-instant-retrieval", "glacier-instant-get-requests", 90),
    ("GLACIER", "glacier-flexible", "glacier-flexible-retrieval-standard", "glacier-flexible-retrieval-requests-standard", 90),
    (
        "DEEP_ARCHIVE",
        "glacier-deep-archive",
        "glacier-deep-archive-retrieval-standard",
        "glacier-deep-archive-retrieval-requests-standard",
        180,
    ),
)
_ARCHIVES: Final = {"ARCHIVE_ACCESS": "intelligent-tiering-archive-access-storage"}
_DEEP: Final = "intelligent-tiering-deep-archive-access-storage"


def classes(pricing: Pricing) -> dict[str, ClassSkus]:
    """Every storage class by its name in a lifecycle rule.

    Minimum storage durations 30, 90 and 180 days. Source: Amazon S3 User Guide, "Understanding and managing Amazon S3 storage classes".
    """
    standard = tuple(recorded(pricing, "s3", _TIERS)) or ((None, "standard-storage"),)
    known = {
        "STANDARD": ClassSkus(storage=standard, writes=_PUT, reads="standard-get-requests"),
        TIERING: ClassSkus(
            storage=((None, TIERING_STORAGE),),
            writes=_PUT,
            reads="standard-get-requests",
            arrivals="intelligent-tiering-lifecycle-transition",
        ),
    }
    for name, prefix, retrieval, reads, days in _COLD:
        known[name] = ClassSkus(
            storage=((None, f"{prefix}-storage"),),
            writes=_PUT,
            reads=reads,
            arrivals=f"{prefix}-lifecycle-transition",
            retrieval=retrieval,
            minimum_days=days,
        )
    return known


def tiering_price(pricing: Pricing, archives: set[str]) -> Price | None:
    """A GiB in Intelligent-Tiering: between what nobody reads any more and what is read every month; archives: opt-in tiers.

    Source: Amazon S3 User Guide, "How S3 Intelligent-Tiering works": 30 days unread to Infrequent, 90 to Archive Instant Access.
    """
    coldest = "intelligent-tiering-archive-instant-storage"
    if archives:
        coldest = _DEEP if "DEEP_ARCHIVE_ACCESS" in archives else _ARCHIVES.get(next(iter(archives)), coldest)
    infrequent, frequent = "intelligent-tiering-infrequent-storage", "intelligent-tiering-frequent-storage"
    middle = on_record(pricing, "s3", infrequent)
    # Where the coldest tier's price is not on record the infrequent one bounds the band from below.
    low = on_record(pricing, "s3", coldest) or middle
    note = "between the access tiers of what is never and what is always read; expected: that of what is read less than monthly"
    return between(low, middle, on_record(pricing, "s3", frequent), note)
