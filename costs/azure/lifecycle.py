"""What a storage account's management policy and blob service make of its blobs: tiers by age, deletion, how long old versions stay."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from costs.azure.amounts import listed, mapping
from costs.lifecycle import AgeClass
from costs.money import Band, number_in
from costs.pricing import Pricing
from costs.resource import Missing, Resource

POLICY: Final = "azure-native:storage:ManagementPolicy"
BLOB_SERVICE: Final = "azure-native:storage:BlobServiceProperties"
_TIERS: Final = {"tierToCool": "cool", "tierToCold": "cold", "tierToArchive": "archive"}
_ORDER: Final = {"hot": 0, "cool": 1, "cold": 2, "archive": 3}
_AGES: Final = ("daysAfterModificationGreaterThan", "daysAfterCreationGreaterThan", "daysAfterLastAccessTimeGreaterThan")


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The access tiers by age, and when blobs are deleted."""

    ages: tuple[AgeClass, ...]
    delete_after_days: int | None


def lifecycle(pricing: Pricing, first: str) -> Lifecycle:
    """The tiers of a storage account that its management policy makes, beginning with the account's own."""
    moves: dict[str, int] = {}
    deletions: list[int] = []
    for rule in _rules(pricing, pricing.resource):
        actions = mapping(mapping(mapping(rule.get("definition")).get("actions")).get("baseBlob"))
        for action, tier in _TIERS.items():
            days = _days(pricing, rule, actions.get(action))
            # A rule cannot warm a blob up: what begins in the cool tier is not moved there.
            if days is not None and _ORDER[tier] > _ORDER[first]:
                moves[tier] = min(days, moves.get(tier, days))
        deleted = _days(pricing, rule, actions.get("delete"))
        deletions += [] if deleted is None else [deleted]
    delete_after = max(1, min(deletions)) if deletions else None
    return Lifecycle((AgeClass(0, first), *_cooling(moves)), delete_after)


def kept_days(pricing: Pricing) -> int:
    """How many days deleted or overwritten blobs are kept and paid for; 0 not at all, 365 for good."""
    days = 0
    for service in pricing.program.referring(pricing.resource, BLOB_SERVICE, "accountName"):
        soft = _retention(service) or 0
        if service.get("isVersioningEnabled") is True:
            days = max(days, min(_version_days(pricing) + soft, 365))
        days = max(days, min(soft, 365))
    return days


def _cooling(moves: dict[str, int]) -> Iterator[AgeClass]:
    """Of several tiers at one age the coolest holds, and none warms up.

    Source: Azure, "Lifecycle management policies": of several actions on a blob the cheapest is done.
    """
    for tier, days in sorted(moves.items(), key=lambda move: (move[1], _ORDER[move[0]])):
        if all(_ORDER[tier] >= _ORDER[other] for other, earlier in moves.items() if earlier < days):
            yield AgeClass(days, tier)


def _rules(pricing: Pricing, account: Resource) -> Iterator[dict[str, Any]]:
    """The enabled rules that mean block blobs."""
    for policy in pricing.program.referring(account, POLICY, "accountName"):
        if isinstance(policy.get("policy.rules"), Missing):
            pricing.unpriced("lifecycle", f"the rules of {policy.name} are known only after `up`: priced without")
        for rule in policy.items("policy.rules"):
            given = mapping(rule)
            if not given:
                pricing.unpriced("lifecycle", f"a rule of {policy.name} is known only after `up`: priced without")
                continue
            filters = mapping(mapping(given.get("definition")).get("filters"))
            if given.get("enabled") is not False and "blockBlob" in (listed(filters.get("blobTypes")) or ["blockBlob"]):
                if filters.get("prefixMatch") or filters.get("blobIndexMatch"):
                    why = f"the rule '{given.get('name')}' means only some blobs; which share of the volume is not told"
                    pricing.assume("share of the volume under filtered rules", Band.exactly(1), why)
                yield given


def _days(pricing: Pricing, rule: dict[str, Any], action: Any) -> int | None:
    """The age at which an action sets in; by last access it is taken as if nothing was read again."""
    for name in _AGES:
        days = number_in(mapping(action).get(name))
        if days is not None:
            if name == _AGES[2]:
                why = f"the rule '{rule.get('name')}' counts from the last access: taken as if blobs were not read again"
                pricing.assume("days since the last access", Band.exactly(days), why)
            return int(days)
    if action is not None:
        pricing.unpriced("lifecycle", f"the age in the rule '{rule.get('name')}' cannot be read: priced without it")
    return None


def _version_days(pricing: Pricing) -> int:
    """After how many days old versions are deleted, 365 for never."""
    found: list[Decimal] = []
    for rule in _rules(pricing, pricing.resource):
        version = mapping(mapping(mapping(mapping(rule.get("definition")).get("actions")).get("version")).get("delete"))
        days = number_in(version.get("daysAfterCreationGreaterThan"))
        found += [] if days is None else [days]
    return int(min(found)) if found else 365


def _retention(service: Resource) -> int | None:
    days = number_in(service.get("deleteRetentionPolicy.days"))
    return int(days) if service.get("deleteRetentionPolicy.enabled") is True and days is not None else None
