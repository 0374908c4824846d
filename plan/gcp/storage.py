"""What Google Cloud Storage can and cannot do."""

import re
from collections.abc import Mapping

from environment.storage import Retention
from plan.model import PlacementPlan, TieringPlan, Transition
from plan.regions import known_region
from plan.request import BucketRequest
from plan.storage_rules import CloudRule, Step, StorageLimits, TierRule, VersioningRule

_CLASSES = "Google Cloud, Object Lifecycle Management (early deletion counts from the object's creation): https://cloud.google.com/storage/docs/lifecycle"
_AUTOCLASS = "Google Cloud, Autoclass: https://cloud.google.com/storage/docs/autoclass"
_LOCATIONS = "Google Cloud, Bucket locations: https://cloud.google.com/storage/docs/locations"
_RETENTION = "Google Cloud, Bucket Lock (Object Versioning and a retention policy exclude each other): https://cloud.google.com/storage/docs/bucket-lock"
_SOFT_DELETE = "Google Cloud, Soft delete: https://cloud.google.com/storage/docs/soft-delete"
_KMS = "Google Cloud, Customer-managed encryption keys (the key's location is the bucket's): https://cloud.google.com/storage/docs/encryption/customer-managed-keys"
_NAMES = "Google Cloud, About Cloud Storage buckets, Bucket names: https://cloud.google.com/storage/docs/buckets#naming"
_KEY_LOCATIONS: Mapping[str, str] = {"US": "us", "EU": "europe", "ASIA": "asia"}

LIMITS = StorageLimits(
    tiers={
        "infrequent": TierRule(storage_class="NEARLINE", minimum_days=30),
        "cold": TierRule(storage_class="COLDLINE", minimum_days=90),
        "archive": TierRule(storage_class="ARCHIVE", minimum_days=365),
    },
    tier_source=_CLASSES,
    lifecycle_source=_CLASSES,
    minimum_counts_from_creation=True,
    counts_last_access=False,
    soft_delete_days=range(7, 91),
    soft_delete_source=_SOFT_DELETE,
    keeps_newest_versions=True,
    counts_versions_from_writing=False,
    fixed_abort_days=None,
    abort_source=_CLASSES,
    deletion_takes_objects=None,
    existing_needs_account=False,
    existing_name=re.compile(r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]"),
    existing_name_rule="3 to 63 lower-case letters, digits, dots, dashes and underscores",
    key=re.compile(r"projects/[a-z0-9:.-]+/locations/(?P<location>[a-z0-9-]+)/keyRings/[A-Za-z0-9_-]+/cryptoKeys/[A-Za-z0-9_-]+"),
    key_form="projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY",
    name_limit=None,
    reserved_name=re.compile(r"goog|.*(google|g00gle)"),
    reserved_name_rule="names that do not begin with goog, and hold neither google nor g00gle",
    name_source=_NAMES,
)


def physical_name(name: str) -> str:
    """Cloud Storage keeps the name as it is."""
    return name


def possible_steps(request: BucketRequest, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Cloud Storage moves an object from each class to every colder one."""
    return steps


def transitions(request: BucketRequest, steps: tuple[Step, ...], delete_after_days: int | None) -> tuple[Transition, ...]:
    """The steps in Cloud Storage's classes."""
    return tuple(Transition(after_days=step.after_days, storage_class=LIMITS.tiers[step.tier].storage_class) for step in steps)


def automatic_tiering(request: BucketRequest, delete_after_days: int | None, archive_after_days: int | None) -> TieringPlan:
    """Autoclass; it moves objects by itself and takes no age from anyone."""
    if archive_after_days is not None:
        problem = "stands beside auto, and Autoclass takes no ages"
        fix = "remove archiveAfterDays (Autoclass archives after a year without a read), or remove auto"
        request.fault("tiering.archiveAfterDays", archive_after_days, problem, allowed="auto or ages, not both", fix=fix, source=_AUTOCLASS)
    terminal = "NEARLINE" if request.bucket.purpose == "models" else "ARCHIVE"
    reason = (
        "models never go to an archive class"
        if terminal == "NEARLINE"
        else "Autoclass bills no early deletion, and a read brings an object back"
    )
    request.decide("tiering", f"Autoclass down to {terminal}", reason, _AUTOCLASS)
    return TieringPlan(mode="auto", terminal_class=terminal, delete_after_days=delete_after_days)


def placement(request: BucketRequest, tiering: TieringPlan) -> PlacementPlan:
    """A region; with multiRegion the multi-region around it, or two named regions of it. Faults one zone, and pairs that cannot be."""
    if request.redundancy == "zone":
        problem = "is not possible: Cloud Storage spreads every bucket over zones; S3 (One Zone-IA) and Azure (LRS) can do it"
        request.fault("redundancy", "zone", problem, allowed="region or multiRegion", fix="write redundancy: region", source=_LOCATIONS)
    if request.redundancy != "multiRegion" or request.region is None:
        return PlacementPlan(location=request.region_name)
    around = request.region.multi_region
    if around is None:
        problem = f"is not possible: {request.region_name} is in none of the multi-regions US, EU and ASIA"
        request.fault("redundancy", "multiRegion", problem, allowed="region", fix="write redundancy: region", source=_LOCATIONS)
        return PlacementPlan(location=request.region_name)
    if request.bucket.replica_region is None:
        request.decide("redundancy", around, f"it is the multi-region around {request.region_name}", _LOCATIONS)
        return PlacementPlan(location=around)
    return _dual_region(request, around, request.bucket.replica_region)


def forced_versioning(request: BucketRequest) -> VersioningRule | None:
    """A retention policy rules Object Versioning out."""
    if request.bucket.retention is None:
        return None
    return VersioningRule(enabled=False, reason="a bucket with a retention policy keeps no old versions", source=_RETENTION)


def check_retention(request: BucketRequest, retention: Retention) -> None:
    """A bucket's retention policy can be locked as it is made."""


def check_existing_key(request: BucketRequest, key: re.Match[str], placement: PlacementPlan) -> None:
    """A Cloud KMS key serves buckets of its own location only."""
    needed = _KEY_LOCATIONS.get(placement.location, placement.location)
    if key["location"] == needed:
        return
    problem = f"is a key in {key['location']}, and the bucket is in {placement.location}"
    fix = f"name a key in {needed}, or write customerKey: true"
    request.fault("encryption.existingKey", "[a key]", problem, allowed=f"keys in {needed}", fix=fix, source=_KMS)


def access_log_obstacle(request: BucketRequest) -> CloudRule | None:
    """Cloud Storage delivers usage logs to any bucket."""
    return None


def _dual_region(request: BucketRequest, around: str, second: str) -> PlacementPlan:
    path = request.path("replicaRegion")
    if second == request.region_name:
        request.fault(
            "replicaRegion", second, "is the region that the bucket is in already", allowed="another region", fix="name another region"
        )
        return PlacementPlan(location=around)
    other = known_region(request.cloud, second, path, request.findings)
    if other is not None and other.multi_region != around:
        problem = f"cannot be paired with {request.region_name}: two regions of a bucket lie in one multi-region"
        request.fault(
            "replicaRegion",
            second,
            problem,
            allowed=f"another region of {around}",
            fix=f"name another region of {around}",
            source=_LOCATIONS,
        )
    locations = tuple(sorted((request.region_name.upper(), second.upper())))
    return PlacementPlan(location=around, data_locations=locations, rpo=_replication(request))


def _replication(request: BucketRequest) -> str:
    turbo = request.is_production_original and request.bucket.purpose == "models"
    reason = (
        "a second region must not serve yesterday's model, and models are few"
        if turbo
        else "nothing here is worth the price of turbo replication"
    )
    request.decide("replicaRegion", "turbo replication" if turbo else "default replication", reason, _LOCATIONS)
    return "ASYNC_TURBO" if turbo else "DEFAULT"
