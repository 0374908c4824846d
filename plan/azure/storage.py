"""What Azure Blob Storage can and cannot do."""

import re

from environment.storage import Retention
from plan.model import PlacementPlan, TieringPlan, Transition
from plan.request import BucketRequest
from plan.storage_rules import CloudRule, Step, StorageLimits, TierRule, VersioningRule

_TIERS = "Microsoft Learn, Access tiers for blob data: https://learn.microsoft.com/azure/storage/blobs/access-tiers-overview"
_LIFECYCLE = "Microsoft Learn, Blob lifecycle management: https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview"
_REDUNDANCY = "Microsoft Learn, Azure Storage redundancy: https://learn.microsoft.com/azure/storage/common/storage-redundancy"
_REGIONS = "Microsoft Learn, Azure regions list (2025-03-21): https://learn.microsoft.com/azure/reliability/regions-list"
_SOFT_DELETE = "Microsoft Learn, Soft delete for blobs: https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview"
_NAMES = "Microsoft Learn, Storage account overview, names: 3 to 24 lower-case letters and digits"
_BLOCKS = "Microsoft Learn, Put Block (uncommitted blocks are dropped after a week): https://learn.microsoft.com/rest/api/storageservices/put-block"
_IMMUTABILITY = "Microsoft Learn, Configure immutability policies for containers: https://learn.microsoft.com/azure/storage/blobs/immutable-policy-configure-container-scope"
_DELETION = "Microsoft Learn, Create a storage account, Delete a storage account (with all data in it): https://learn.microsoft.com/azure/storage/common/storage-account-create"
_SUFFIX_LENGTH = 8
_AUTOMATIC = (Step(tier="infrequent", after_days=30), Step(tier="cold", after_days=90))
# Azure compares the words of a resource's id without regard to case.
_KEY_ID = re.compile(
    r"/subscriptions/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/resourceGroups/[\w.()-]{0,89}[\w()-]"
    r"/providers/Microsoft\.KeyVault/vaults/[a-z][a-z0-9-]{1,22}[a-z0-9]/keys/[a-z0-9-]{1,127}",
    re.IGNORECASE | re.ASCII,
)

LIMITS = StorageLimits(
    tiers={
        "infrequent": TierRule(storage_class="Cool", minimum_days=30),
        "cold": TierRule(storage_class="Cold", minimum_days=90),
        "archive": TierRule(storage_class="Archive", minimum_days=180),
    },
    tier_source=_TIERS,
    lifecycle_source=_LIFECYCLE,
    minimum_counts_from_creation=False,
    counts_last_access=True,
    soft_delete_days=range(1, 366),
    soft_delete_source=_SOFT_DELETE,
    keeps_newest_versions=False,
    counts_versions_from_writing=True,
    fixed_abort_days=7,
    abort_source=_BLOCKS,
    deletion_takes_objects=CloudRule(reason="Azure deletes an account with everything in it", source=_DELETION),
    existing_needs_account=True,
    existing_name=re.compile(r"[a-z0-9](-?[a-z0-9])+"),
    existing_name_rule="3 to 63 lower-case letters, digits and single dashes (a container's name)",
    key=_KEY_ID,
    key_form="/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/VAULT/keys/KEY",
    name_limit=24 - _SUFFIX_LENGTH,
    reserved_name=None,
    reserved_name_rule="",
    name_source=_NAMES,
)


def physical_name(name: str) -> str:
    """A storage account's name has no dashes."""
    return name.replace("-", "")


def possible_steps(request: BucketRequest, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Azure moves a blob from each tier to every cooler one."""
    return steps


def transitions(request: BucketRequest, steps: tuple[Step, ...], delete_after_days: int | None) -> tuple[Transition, ...]:
    """The steps in Azure's tiers."""
    return tuple(Transition(after_days=step.after_days, storage_class=LIMITS.tiers[step.tier].storage_class) for step in steps)


def automatic_tiering(request: BucketRequest, delete_after_days: int | None, archive_after_days: int | None) -> TieringPlan:
    """Last-access rules: cool, then cold, and back to hot on a read; tiers that deletion would cut short are left out."""
    if archive_after_days is not None:
        problem = "stands beside auto, which never archives on Azure"
        fix = "remove archiveAfterDays, or remove auto and write ages with basis: lastAccess"
        request.fault("tiering.archiveAfterDays", archive_after_days, problem, allowed="auto or ages, not both", fix=fix, source=_LIFECYCLE)
    steps = tuple(step for step in _AUTOMATIC if _is_worth(step, delete_after_days))
    if delete_after_days is not None:
        reason = "under last-access rules deletion counts from the last read or write as well"
        request.decide("tiering.deleteAfterDays", f"{delete_after_days} days after the last access", reason, _LIFECYCLE)
    if not steps:
        request.decide("tiering", "none", "objects are deleted before a cooler tier pays", _TIERS)
        return TieringPlan(mode="none", basis="lastAccess", delete_after_days=delete_after_days)
    shown = ", ".join(f"{LIMITS.tiers[step.tier].storage_class} after {step.after_days} days" for step in steps)
    request.decide("tiering", f"{shown} without access", "these are the days that each tier bills at least", _TIERS)
    moves = transitions(request, steps, delete_after_days)
    return TieringPlan(mode="auto", basis="lastAccess", transitions=moves, return_to_hot=True, delete_after_days=delete_after_days)


def placement(request: BucketRequest, tiering: TieringPlan) -> PlacementPlan:
    """The region and the redundancy of the account. Faults a redundancy that the region or the archive tier rules out."""
    if request.bucket.replica_region is not None:
        problem = "cannot be chosen: Azure copies to the fixed pair of the region"
        fix = "remove replicaRegion, and write redundancy: multiRegion"
        request.fault("replicaRegion", request.bucket.replica_region, problem, allowed="left out", fix=fix, source=_REDUNDANCY)
    archives = any(step.storage_class == "Archive" for step in tiering.transitions)
    sku = {"zone": _in_one_zone, "region": _in_one_region, "multiRegion": _in_two_regions}[request.redundancy](request, archives)
    return PlacementPlan(location=request.region_name, sku=sku)


def forced_versioning(request: BucketRequest) -> VersioningRule | None:
    """A container's immutability policy holds with and without versions."""
    return None


def check_retention(request: BucketRequest, retention: Retention) -> None:
    """A container's immutability policy is made unlocked; only a later call locks it, and no resource makes that call."""
    if not retention.locked:
        return
    problem = "cannot be built: Azure makes every immutability policy unlocked, and it is locked by a later command"
    fix = "write locked: false, and lock it after the deployment with `az storage container immutability-policy lock`"
    request.fault("retention.locked", True, problem, allowed="false, or left out", fix=fix, source=_IMMUTABILITY)


def check_existing_key(request: BucketRequest, key: re.Match[str], placement: PlacementPlan) -> None:
    """A key of any vault's region will do: accounts and vaults of one tenant need not share a region."""


def access_log_obstacle(request: BucketRequest) -> CloudRule | None:
    """Diagnostic settings write to containers of their own, which no policy of the bucket touches."""
    return None


def _is_worth(step: Step, delete_after_days: int | None) -> bool:
    return delete_after_days is None or delete_after_days >= step.after_days + LIMITS.tiers[step.tier].minimum_days


def _in_one_zone(request: BucketRequest, archives: bool) -> str:
    return "Standard_LRS"


def _in_one_region(request: BucketRequest, archives: bool) -> str:
    asked = request.bucket.redundancy is not None
    zones = request.region is None or request.region.has_zones is not False
    if archives and asked:
        problem = "means zone-redundant storage, which has no archive tier"
        fix = "write redundancy: zone or multiRegion, or remove tiering.archiveAfterDays"
        request.fault("redundancy", "region", problem, allowed="zone or multiRegion beside archiveAfterDays", fix=fix, source=_TIERS)
    if not zones and asked:
        problem = f"means zone-redundant storage, and {request.region_name} has no availability zones"
        request.fault(
            "redundancy", "region", problem, allowed="zone or multiRegion", fix="write redundancy: zone or multiRegion", source=_REGIONS
        )
    if zones and not archives:
        return "Standard_ZRS"
    reason = "zone-redundant storage has no archive tier" if archives else f"{request.region_name} has no availability zones"
    more = "; redundancy: multiRegion would add a copy in the paired region"
    request.decide("redundancy", "Standard_LRS", reason + more, _TIERS if archives else _REGIONS)
    return "Standard_LRS"


def _in_two_regions(request: BucketRequest, archives: bool) -> str:
    region = request.region
    if region is not None and region.has_pair is False:
        problem = f"is not possible: {region.name} has no paired region"
        request.fault("redundancy", "multiRegion", problem, allowed="zone or region", fix="write redundancy: region", source=_REGIONS)
    zones = region is None or region.has_zones is not False
    if zones and not archives:
        return "Standard_GZRS"
    reason = "geo-zone-redundant storage has no archive tier" if archives else f"{request.region_name} has no availability zones"
    request.decide("redundancy", "Standard_GRS", reason, _TIERS if archives else _REGIONS)
    return "Standard_GRS"
