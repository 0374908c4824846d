"""What a cloud must say about its object storage before a bucket can be planned on it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from environment.storage import Retention
from plan.model import PlacementPlan, TieringPlan, Transition
from plan.request import BucketRequest

Tier = Literal["infrequent", "cold", "archive"]
AGE_FIELDS: Mapping[Tier, str] = {"infrequent": "infrequentAfterDays", "cold": "coldAfterDays", "archive": "archiveAfterDays"}


@dataclass(frozen=True, kw_only=True)
class Step:
    """From this age on, an object belongs in this tier."""

    tier: Tier
    after_days: int


@dataclass(frozen=True, kw_only=True)
class TierRule:
    """A tier in the cloud's words: its class, the earliest age it takes an object at, and the days it bills at least."""

    storage_class: str
    earliest_days: int = 0
    minimum_days: int


@dataclass(frozen=True, kw_only=True)
class VersioningRule:
    """Versioning that another setting forces on or off, and whose rule that is."""

    enabled: bool
    reason: str
    source: str


@dataclass(frozen=True, kw_only=True)
class CloudRule:
    """What a cloud does or refuses to do, in words, and where that is written."""

    reason: str
    source: str


@dataclass(frozen=True, kw_only=True)
class StorageLimits:
    """The figures and yes-or-no facts of one cloud's object storage.

    minimum_counts_from_creation: the minimum billed days count from the object's creation and fall due at deletion only
    (otherwise from its move into the class, and at every later step). soft_delete_days: None where there is none.
    counts_versions_from_writing: an old version's days count from when it was written, not from when it was replaced.
    fixed_abort_days: when the cloud drops unfinished uploads by itself, without a setting. deletion_takes_objects: the rule by which
    a bucket is deleted with everything in it; None where the cloud refuses to delete one that holds objects. name_limit: None where
    every name that an environment file allows fits. reserved_name: what the cloud lets no bucket's name match, with the dash that Pulumi
    adds; None where it keeps none back.
    """

    tiers: Mapping[Tier, TierRule]
    tier_source: str
    lifecycle_source: str
    minimum_counts_from_creation: bool
    counts_last_access: bool
    soft_delete_days: range | None
    soft_delete_source: str
    keeps_newest_versions: bool
    counts_versions_from_writing: bool
    fixed_abort_days: int | None
    abort_source: str
    deletion_takes_objects: CloudRule | None
    existing_needs_account: bool
    existing_name: re.Pattern[str]
    existing_name_rule: str
    key: re.Pattern[str]
    key_form: str
    name_limit: int | None
    reserved_name: re.Pattern[str] | None
    reserved_name_rule: str
    name_source: str


class StorageRules(Protocol):
    """A cloud's storage rules: one module per cloud, these names in each."""

    LIMITS: StorageLimits

    def physical_name(self, name: str) -> str:
        """The part of the bucket's physical name that comes from its key."""
        ...

    def possible_steps(self, request: BucketRequest, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        """Those of these steps that the cloud can take one after the other."""
        ...

    def transitions(self, request: BucketRequest, steps: tuple[Step, ...], delete_after_days: int | None) -> tuple[Transition, ...]:
        """The steps as moves between the cloud's classes."""
        ...

    def automatic_tiering(self, request: BucketRequest, delete_after_days: int | None, archive_after_days: int | None) -> TieringPlan:
        """Tiering that the cloud does by watching each object."""
        ...

    def placement(self, request: BucketRequest, tiering: TieringPlan) -> PlacementPlan:
        """Where the bytes lie; faults what the region or the tiering does not allow."""
        ...

    def forced_versioning(self, request: BucketRequest) -> VersioningRule | None:
        """Versioning as another setting of the same bucket forces it, if one does."""
        ...

    def check_retention(self, request: BucketRequest, retention: Retention) -> None:
        """Faults retention that cannot be built as it was asked for."""
        ...

    def check_existing_key(self, request: BucketRequest, key: re.Match[str], placement: PlacementPlan) -> None:
        """Faults a key that the bucket cannot use, although its form is right."""
        ...

    def access_log_obstacle(self, request: BucketRequest) -> CloudRule | None:
        """Why this bucket cannot take access logs, if it cannot."""
        ...
