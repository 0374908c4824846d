"""What a bucket gets where the environment file leaves a choice open: by purpose, then by stage."""

from collections.abc import Mapping
from dataclasses import dataclass

ABORT_MULTIPART_DAYS = 7
_ABORT_CHECKPOINT_DAYS = 2


@dataclass(frozen=True, kw_only=True)
class TieringDefault:
    """Default tiering of one purpose and stage, with the reason."""

    automatic: bool = False
    infrequent_after_days: int | None = None
    cold_after_days: int | None = None
    delete_after_days: int | None = None
    reason: str


@dataclass(frozen=True, kw_only=True)
class VersioningDefault:
    """Default versioning of a purpose, with the reason."""

    enabled: bool
    reason: str


_TIERING: Mapping[str, TieringDefault] = {
    "datasets": TieringDefault(
        automatic=True, reason="training returns to datasets at times nobody can foresee, so the cloud watches each object"
    ),
    "models": TieringDefault(reason="a model is read whenever a server starts, and cooler classes bill each read"),
}
_SHORT_LIVED: Mapping[str, Mapping[str, TieringDefault]] = {
    "captures": {
        "dev": TieringDefault(delete_after_days=30, reason="captures of a development endpoint are of no use after a month"),
        "staging": TieringDefault(
            infrequent_after_days=30, delete_after_days=90, reason="drift is compared within a quarter; most reads are in the first month"
        ),
        "prod": TieringDefault(
            infrequent_after_days=30,
            cold_after_days=90,
            delete_after_days=400,
            reason="monitoring reads the last month, retraining the last quarter, and a yearly comparison a little over a year",
        ),
    },
    "checkpoints": {
        "dev": TieringDefault(delete_after_days=14, reason="a checkpoint is of use until its training run ends"),
        "staging": TieringDefault(delete_after_days=14, reason="a checkpoint is of use until its training run ends"),
        "prod": TieringDefault(delete_after_days=30, reason="a checkpoint is of use until its training run ends and is checked"),
    },
    "logs": {
        "dev": TieringDefault(
            delete_after_days=30, reason="log objects are too small for cooler classes, and a month is enough in development"
        ),
        "staging": TieringDefault(
            delete_after_days=90, reason="log objects are too small for cooler classes, and a quarter covers a release"
        ),
        "prod": TieringDefault(
            delete_after_days=400, reason="log objects are too small for cooler classes, and an investigation may look back a year"
        ),
    },
}
_VERSIONING: Mapping[str, VersioningDefault] = {
    "datasets": VersioningDefault(enabled=True, reason="a dataset overwritten by mistake must come back"),
    "models": VersioningDefault(enabled=True, reason="a model overwritten by mistake must come back"),
    "captures": VersioningDefault(enabled=False, reason="captures are written once under a new name, never overwritten"),
    "checkpoints": VersioningDefault(enabled=False, reason="checkpoints are overwritten all the time; every old one would be billed"),
    "logs": VersioningDefault(enabled=False, reason="logs are written once under a new name, never overwritten"),
}
_COMPRESSION: Mapping[str, tuple[str, str]] = {
    "datasets": ("none", "dataset formats compress their own columns"),
    "models": ("none", "weights hardly shrink, and a server would have to unpack them before it starts"),
    "captures": ("zstd", "requests and responses are text or JSON; zstd packs them well at little processor time"),
    "checkpoints": ("none", "weights hardly shrink, and packing would hold up the training run"),
    "logs": ("gzip", "logs are text, and every log reader opens gzip"),
}


def default_tiering(purpose: str, stage: str) -> TieringDefault:
    """Tiering where the file gives none. Source: Drydock's own judgement, the reason is in the row."""
    return _TIERING[purpose] if purpose in _TIERING else _SHORT_LIVED[purpose][stage]


def default_versioning(purpose: str) -> VersioningDefault:
    """Versioning where the file gives none. Source: Drydock's own judgement."""
    return _VERSIONING[purpose]


def default_old_version_days(stage: str) -> tuple[int, str]:
    """Days an old version stays where the file does not say, and why."""
    if stage == "prod":
        return 90, "a bad overwrite is noticed within a quarter, and old versions are billed like new ones"
    return 30, "a bad overwrite is noticed within a month, and old versions are billed like new ones"


def default_soft_delete_days(purpose: str, stage: str) -> tuple[int, str]:
    """Days a deleted object can be brought back where the cloud can do so and the file does not say, and why."""
    if purpose == "checkpoints":
        return 0, "checkpoints are deleted all the time, and every deleted one would be billed"
    if stage == "prod" and purpose in ("models", "datasets"):
        return 30, "what production cannot make again should survive a mistake for a month"
    return 7, "a week is enough to notice a mistaken delete"


def default_compression(purpose: str) -> tuple[str, str]:
    """How objects are packed where the file does not say, and why."""
    return _COMPRESSION[purpose]


def default_abort_days(purpose: str) -> tuple[int, str]:
    """Days after which an unfinished upload is dropped where the file does not say, and why."""
    if purpose == "checkpoints":
        return _ABORT_CHECKPOINT_DAYS, "a training run that died leaves parts of large checkpoints, which are billed"
    return ABORT_MULTIPART_DAYS, "parts of unfinished uploads are billed and cannot be seen in a listing"
