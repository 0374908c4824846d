"""What Amazon S3 can and cannot do."""

import re

from environment.storage import Retention
from plan.model import PlacementPlan, TieringPlan, Transition
from plan.regions import known_region
from plan.request import BucketRequest
from plan.storage_rules import CloudRule, Step, StorageLimits, TierRule, VersioningRule

_LIFECYCLE = "Amazon S3 User Guide, Transitioning objects using Lifecycle: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html"
_INTELLIGENT = "Amazon S3 User Guide, Managing S3 Intelligent-Tiering: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-managing.html"
_REPLICATION = "Amazon S3 User Guide, Requirements for replication: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html"
_OBJECT_LOCK = (
    "Amazon S3 User Guide, Object Lock considerations: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html"
)
_ACCESS_LOGS = "Amazon S3 User Guide, Enabling server access logging: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html"
_KMS = "Amazon S3 User Guide, Specifying server-side encryption with AWS KMS: https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-kms-encryption.html"
_CLASSES = (
    "Amazon S3 User Guide, Understanding storage classes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html"
)
_NAMES = "Amazon S3 User Guide, General purpose bucket naming rules"
_DEEP_ARCHIVE_MINIMUM_DAYS = 180
_LATEST_ARCHIVE_ACCESS_DAYS = 730

LIMITS = StorageLimits(
    tiers={
        "infrequent": TierRule(storage_class="STANDARD_IA", earliest_days=30, minimum_days=30),
        "cold": TierRule(storage_class="GLACIER_IR", minimum_days=90),
        "archive": TierRule(storage_class="GLACIER", minimum_days=90),
    },
    tier_source=_LIFECYCLE,
    lifecycle_source=_LIFECYCLE,
    minimum_counts_from_creation=False,
    counts_last_access=False,
    soft_delete_days=None,
    soft_delete_source="Amazon S3 User Guide, Retaining multiple versions of objects with S3 Versioning",
    keeps_newest_versions=True,
    counts_versions_from_writing=False,
    fixed_abort_days=None,
    abort_source=_LIFECYCLE,
    deletion_takes_objects=None,
    existing_needs_account=False,
    existing_name=re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
    existing_name_rule="3 to 63 lower-case letters, digits, dots and dashes",
    key=re.compile(r"arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]+):\d{12}:(key/[A-Za-z0-9-]+|alias/[A-Za-z0-9/_-]+)"),
    key_form="arn:aws:kms:REGION:ACCOUNT:key/ID, or the same with alias/NAME",
    name_limit=None,
    reserved_name=re.compile(r"(sthree|amzn-s3-demo)-"),
    reserved_name_rule="names that do not begin with sthree- or amzn-s3-demo-",
    name_source=_NAMES,
)


def physical_name(name: str) -> str:
    """S3 keeps the name as it is."""
    return name


def possible_steps(request: BucketRequest, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """S3 moves nothing from One Zone-IA to Glacier Instant Retrieval."""
    if request.redundancy != "zone" or not any(step.tier == "infrequent" for step in steps):
        return steps
    return tuple(step for step in steps if step.tier != "cold")


def transitions(request: BucketRequest, steps: tuple[Step, ...], delete_after_days: int | None) -> tuple[Transition, ...]:
    """The steps in S3's classes; the archive class follows from how long objects stay in it."""
    return tuple(Transition(after_days=step.after_days, storage_class=_class(request, step, delete_after_days)) for step in steps)


def automatic_tiering(request: BucketRequest, delete_after_days: int | None, archive_after_days: int | None) -> TieringPlan:
    """Intelligent-Tiering from the first day, with its optional archive tier when an age for it is given."""
    if archive_after_days is None:
        return TieringPlan(mode="auto", delete_after_days=delete_after_days)
    _check_archive_access(request, archive_after_days, delete_after_days)
    deep = archive_after_days >= _DEEP_ARCHIVE_MINIMUM_DAYS
    tier = "DEEP_ARCHIVE_ACCESS" if deep else "ARCHIVE_ACCESS"
    reason = f"the deep archive tier is the cheaper one and takes objects from {_DEEP_ARCHIVE_MINIMUM_DAYS} days without a read"
    request.decide("tiering.archiveAfterDays", tier, reason if deep else f"{reason}, the other archive tier earlier", _INTELLIGENT)
    step = Transition(after_days=archive_after_days, storage_class=tier)
    return TieringPlan(mode="auto", transitions=(step,), delete_after_days=delete_after_days)


def placement(request: BucketRequest, tiering: TieringPlan) -> PlacementPlan:
    """One region; with multiRegion a replica in a second one. Faults a replica region or single-zone class that cannot be."""
    if request.redundancy == "zone":
        _check_one_zone(request, tiering)
    if request.redundancy != "multiRegion":
        return PlacementPlan(location=request.region_name)
    _check_replica(request)
    return PlacementPlan(location=request.region_name, replica_region=request.bucket.replica_region)


def forced_versioning(request: BucketRequest) -> VersioningRule | None:
    """Object Lock and replication both need versioning."""
    if request.bucket.retention is not None:
        return VersioningRule(enabled=True, reason="Object Lock, which holds the retention, works on versions", source=_OBJECT_LOCK)
    if request.redundancy == "multiRegion":
        return VersioningRule(enabled=True, reason="replication to a second region works on versions", source=_REPLICATION)
    return None


def check_retention(request: BucketRequest, retention: Retention) -> None:
    """Object Lock holds both kinds: governance mode, and compliance mode, which nobody can lift."""


def check_existing_key(request: BucketRequest, key: re.Match[str], placement: PlacementPlan) -> None:
    """A KMS key serves buckets of its own region only."""
    if key["region"] != placement.location:
        problem = f"is a key of {key['region']}, and S3 uses keys of the bucket's region only"
        fix = f"name a key of {placement.location}, or write customerKey: true"
        request.fault("encryption.existingKey", "[a key]", problem, allowed=f"keys of {placement.location}", fix=fix, source=_KMS)
    if placement.replica_region is not None:
        problem = f"cannot encrypt the replica in {placement.replica_region}, whose key must be of its own region"
        fix = "write customerKey: true, or remove existingKey"
        request.fault(
            "encryption.existingKey", "[a key]", problem, allowed="customerKey: true, or the cloud's own key", fix=fix, source=_REPLICATION
        )


def access_log_obstacle(request: BucketRequest) -> CloudRule | None:
    """S3 delivers access logs to no bucket with Object Lock, and to none whose default key is in KMS."""
    if request.bucket.retention is not None:
        return CloudRule(reason="S3 delivers no access logs to a bucket with retention (Object Lock)", source=_OBJECT_LOCK)
    encryption = request.bucket.encryption
    if encryption is not None and (encryption.customer_key or encryption.existing_key is not None):
        return CloudRule(reason="S3 delivers access logs only to buckets under its own key (SSE-S3)", source=_ACCESS_LOGS)
    return None


def _class(request: BucketRequest, step: Step, delete_after_days: int | None) -> str:
    if step.tier == "infrequent" and request.redundancy == "zone":
        return "ONEZONE_IA"
    if step.tier != "archive":
        return LIMITS.tiers[step.tier].storage_class
    stays_long = delete_after_days is None or delete_after_days - step.after_days >= _DEEP_ARCHIVE_MINIMUM_DAYS
    chosen = "DEEP_ARCHIVE" if stays_long else "GLACIER"
    stay = "stay" if stays_long else "do not stay"
    reason = (
        f"objects {stay} in the archive for the {_DEEP_ARCHIVE_MINIMUM_DAYS} days that Deep Archive, the cheapest class, bills at least"
    )
    request.decide("tiering.archiveAfterDays", chosen, reason, _LIFECYCLE)
    return chosen


def _check_archive_access(request: BucketRequest, archive_after_days: int, delete_after_days: int | None) -> None:
    field = "tiering.archiveAfterDays"
    if archive_after_days > _LATEST_ARCHIVE_ACCESS_DAYS:
        allowed, fix = f"90 to {_LATEST_ARCHIVE_ACCESS_DAYS}", f"write archiveAfterDays: {_LATEST_ARCHIVE_ACCESS_DAYS}"
        request.fault(
            field, archive_after_days, "is later than Intelligent-Tiering can wait", allowed=allowed, fix=fix, source=_INTELLIGENT
        )
    if delete_after_days is not None and delete_after_days <= archive_after_days:
        problem = f"is not before deleteAfterDays, {delete_after_days}"
        fix = "remove archiveAfterDays, or delete later"
        request.fault(field, archive_after_days, problem, allowed="archive before delete", fix=fix)


def _check_one_zone(request: BucketRequest, tiering: TieringPlan) -> None:
    if request.is_production_original:
        problem = f"would lose production's {request.bucket.purpose} with one zone"
        request.fault("redundancy", "zone", problem, allowed="region or multiRegion", fix="write redundancy: region", source=_CLASSES)
        return
    if any(step.storage_class == "ONEZONE_IA" for step in tiering.transitions):
        return
    problem = "has no effect: the infrequent class is S3's only one in a single zone, and no object gets there"
    fix = "remove redundancy, or write tiering: {infrequentAfterDays: 30}"
    request.fault("redundancy", "zone", problem, allowed="zone beside infrequentAfterDays, region, multiRegion", fix=fix, source=_CLASSES)


def _check_replica(request: BucketRequest) -> None:
    replica = request.bucket.replica_region
    if replica is None:
        problem = "does not say where the replica stands"
        request.fault(
            "replicaRegion",
            None,
            problem,
            allowed="a second region beside redundancy: multiRegion",
            fix="add replicaRegion",
            source=_REPLICATION,
        )
        return
    if replica == request.region_name:
        problem = "is the region that the bucket is in already"
        request.fault("replicaRegion", replica, problem, allowed="another region", fix="name another region")
        return
    known_region(request.cloud, replica, request.path("replicaRegion"), request.findings)
