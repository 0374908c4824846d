"""Object storage as a person asks for it: named buckets, each with a purpose."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from environment.base import Band, Days, DaysOrNone, Part, Region, Whole

Purpose = Literal["datasets", "models", "captures", "checkpoints", "logs"]


def _shorthand(value: object) -> object:
    return {"auto": True} if value == "auto" else {} if value == "none" else value


class Tiering(Part):
    """When objects move to cheaper classes: `auto`, `none`, or ages in days.

    `auto` lets the cloud watch each object (S3 Intelligent-Tiering, GCS Autoclass, Azure last-access rules).
    `basis` says what the days count from; only Azure can count from the last access.
    """

    auto: bool = False
    basis: Literal["age", "lastAccess"] | None = None
    infrequent_after_days: Days | None = None
    cold_after_days: Days | None = None
    archive_after_days: Days | None = None
    delete_after_days: Days | None = None


class Versioning(Part):
    """Whether overwritten and deleted objects stay as old versions, and for how long (days; newest kept)."""

    enabled: bool = True
    delete_old_after_days: Days | None = None
    keep_newest: Annotated[int, Whole, Field(ge=1, le=100)] | None = None


class Retention(Part):
    """Days in which nobody may delete or overwrite an object; `locked` cannot be undone, by anyone."""

    days: Days
    locked: bool = False


class Encryption(Part):
    """`customerKey: true` creates a key of your own; `existingKey` names one (ARN, resource name, on Azure the ARM id)."""

    customer_key: bool = False
    existing_key: Annotated[str, StringConstraints(min_length=1)] | None = None
    rotation_days: Annotated[int, Whole, Field(ge=90, le=2560)] = 365


class ExistingBucket(Part):
    """A bucket that is there already and stays as it is. On Azure also its account and resource group."""

    name: Annotated[str, StringConstraints(min_length=3, max_length=63)]
    account: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{3,24}$")] | None = None
    resource_group: Annotated[str, StringConstraints(min_length=1, max_length=90)] | None = None


class BucketUsage(Part):
    """How much the bucket will hold and be used, each as low / expected / high; what is left out is unknown."""

    stored_gib: Band | None = None
    written_gib_per_month: Band | None = None
    read_gib_per_month: Band | None = None
    requests_per_second: Band | None = None


class Bucket(Part):
    """One bucket. Everything but its purpose may be left out: the purpose and the stage choose it (`drydock plan` says what and why)."""

    purpose: Purpose
    tiering: Annotated[Tiering, BeforeValidator(_shorthand)] | None = None
    versioning: Versioning | None = None
    retention: Retention | None = None
    soft_delete_days: DaysOrNone | None = None
    redundancy: Literal["zone", "region", "multiRegion"] | None = None
    replica_region: Region | None = None
    encryption: Encryption | None = None
    access_logs: str | None = None
    compression: Literal["zstd", "gzip", "none"] | None = None
    keep: bool | None = None
    delete_objects_on_destroy: bool | None = None
    abort_multipart_after_days: Days | None = None
    usage: BucketUsage | None = None
    existing: ExistingBucket | None = None
