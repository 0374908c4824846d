"""What is decided about object storage."""

from collections.abc import Mapping
from dataclasses import dataclass

from plan.model.band import Band


@dataclass(frozen=True, kw_only=True)
class BucketUsage:
    """What a bucket will hold and be asked; None is unknown, never zero."""

    stored_gib: Band | None = None
    written_gib_per_month: Band | None = None
    read_gib_per_month: Band | None = None
    requests_per_second: Band | None = None


@dataclass(frozen=True, kw_only=True)
class Transition:
    """After so many days an object moves to this storage class (the cloud's own word)."""

    after_days: int
    storage_class: str


@dataclass(frozen=True, kw_only=True)
class TieringPlan:
    """How objects grow cheaper with time.

    mode: none | ages | auto. basis: age | lastAccess. transitions: by age, warmest first, in the cloud's class names
    (mode auto: S3 Intelligent-Tiering's optional archive tiers; Azure's last-access rules).
    terminal_class: the coldest class that GCS Autoclass may use. return_to_hot: Azure's auto-tier-to-hot.
    """

    mode: str = "none"
    basis: str = "age"
    transitions: tuple[Transition, ...] = ()
    terminal_class: str | None = None
    return_to_hot: bool = False
    delete_after_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class VersioningPlan:
    """Whether old versions are kept, when they go (days after they were replaced), and how many newest ones stay regardless."""

    enabled: bool
    delete_old_after_days: int | None = None
    keep_newest: int | None = None


@dataclass(frozen=True, kw_only=True)
class RetentionPlan:
    """Days in which an object cannot be deleted. locked: nobody can shorten or lift it."""

    days: int
    locked: bool


@dataclass(frozen=True, kw_only=True)
class EncryptionPlan:
    """customer_key: create one, rotated each rotation_days. existing_key: use that one. Neither: the cloud's own key."""

    customer_key: bool = False
    existing_key: str | None = None
    rotation_days: int = 365


@dataclass(frozen=True, kw_only=True)
class PlacementPlan:
    """Where the bytes lie; location is written as the cloud does.

    sku: Azure's redundancy. data_locations: the two regions of a configurable GCS dual-region. replica_region: the second region of
    S3 replication. rpo: how fast that dual-region replicates, DEFAULT or ASYNC_TURBO. Each is empty where the cloud or the choice
    has none.
    """

    location: str
    sku: str | None = None
    data_locations: tuple[str, ...] = ()
    replica_region: str | None = None
    rpo: str | None = None


@dataclass(frozen=True, kw_only=True)
class ExistingBucketPlan:
    """A bucket that is not ours: looked up, never changed."""

    name: str
    account: str | None = None
    resource_group: str | None = None


@dataclass(frozen=True, kw_only=True)
class BucketPlan:
    """One bucket, every choice made. `name` is its key in the environment file and its logical name in Pulumi."""

    name: str
    purpose: str
    labels: Mapping[str, str]
    placement: PlacementPlan
    tiering: TieringPlan
    versioning: VersioningPlan
    retention: RetentionPlan | None
    soft_delete_days: int
    encryption: EncryptionPlan
    access_logs: str | None
    abort_multipart_after_days: int
    compression: str
    keep: bool
    delete_objects_on_destroy: bool
    usage: BucketUsage
    existing: ExistingBucketPlan | None = None
