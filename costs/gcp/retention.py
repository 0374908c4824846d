"""What a bucket keeps beside its live objects: old versions and soft-deleted objects.

Source: Google Cloud, "Object Versioning", "Soft delete": both are paid for in the class that the object was in.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from costs.gcp.lifecycle import Lifecycle
from costs.gcp.storage_class import storage_price
from costs.gcp.volume import replaced, written
from costs.lifecycle import placements
from costs.money import DAYS_PER_MONTH
from costs.object_storage import ClassSkus
from costs.pricing import Pricing, count

# A bucket without a policy keeps what is deleted for seven days. Source: the provider's `softDeletePolicy`.
_SOFT_DELETE_SECONDS: Final = 604_800
_SECONDS_A_DAY: Final = 86_400


def old_versions(pricing: Pricing, skus: Mapping[str, ClassSkus], rules: Lifecycle) -> None:
    """Replaced and deleted objects, for as long as no rule deletes them."""
    if not pricing.flag("versioning.enabled"):
        return
    days = rules.old_versions_days
    # Versions that nothing deletes pile up: in the average month of the first year half a year's are there.
    months = Decimal(6) if days is None else days / DAYS_PER_MONTH
    kept = count(f"months that an old version is kept ({'nothing deletes them' if days is None else f'{days} days'})", months)
    share = replaced(pricing, None)
    name = rules.ages[0].storage_class
    tariff = storage_price(pricing, skus, name)
    pricing.line(f"old versions ({name} storage)", tariff, written(pricing, rules.delete_after_days), share, kept, usage_based=True)


def soft_deleted(pricing: Pricing, skus: Mapping[str, ClassSkus], rules: Lifecycle) -> None:
    """What is deleted is stored, and paid for in its class, until the soft delete policy lets it go."""
    seconds = pricing.number("softDeletePolicy.retentionDurationSeconds", _SOFT_DELETE_SECONDS)
    if seconds is None:
        pricing.unpriced("soft-deleted objects", "softDeletePolicy is known only after `up`")
        return
    piles_up = pricing.flag("versioning.enabled") and rules.old_versions_days is None
    if not seconds or (piles_up and rules.delete_after_days is None):
        return
    days = seconds / _SECONDS_A_DAY
    kept = count(f"months kept after deletion ({days.normalize():f} days)", days / DAYS_PER_MONTH)
    name = [place for place in placements(rules.ages, rules.delete_after_days) if place.entered][-1].storage_class
    if pricing.flag("autoclass.enabled"):
        name = "STANDARD"
    volume, share = written(pricing, rules.delete_after_days), replaced(pricing, rules.delete_after_days)
    pricing.line(f"soft-deleted objects ({name} storage)", storage_price(pricing, skus, name), volume, share, kept, usage_based=True)
