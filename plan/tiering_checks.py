"""Ages that a cloud refuses, bills without giving anything for it, or would silently ignore."""

from itertools import pairwise

from environment.storage import Tiering
from plan.request import BucketRequest
from plan.storage_rules import AGE_FIELDS, Step, StorageRules

ARCHIVE_AFTER_DAYS = 90
"""Drydock's own rule: objects come back from S3's and Azure's archive only after hours, every read from it is billed
on all clouds, and most reads of ML data fall into its first quarter."""

_GROWING = "ages that grow: infrequent, cold, archive, delete"


def check_ages(request: BucketRequest, rules: StorageRules, steps: tuple[Step, ...], delete_after_days: int | None) -> None:
    """Faults each age that is out of order, too early for its tier, or too close to the one before."""
    for step in steps:
        _check_earliest(request, rules, step)
        _check_archive(request, step)
    _check_order(request, steps, delete_after_days)
    _check_minimum_stay(request, rules, steps, delete_after_days)
    _check_waterfall(request, rules, steps)


def check_deletion(request: BucketRequest, delete_after_days: int | None) -> None:
    """Faults a deletion that retention would not let happen."""
    retention = request.bucket.retention
    if retention is None or delete_after_days is None or delete_after_days >= retention.days:
        return
    request.fault(
        "tiering.deleteAfterDays",
        delete_after_days,
        f"is before the retention of {retention.days} days ends, so nothing would be deleted then",
        allowed=f"{retention.days} or more, or left out",
        fix=f"write deleteAfterDays: {retention.days}",
    )


def check_basis(request: BucketRequest, rules: StorageRules, wish: Tiering) -> None:
    """Faults a basis that the cloud cannot count from, or that has nothing to count."""
    if wish.basis is None:
        return
    if wish.auto:
        request.fault(
            "tiering.basis", wish.basis, "stands beside auto, which chooses its own", allowed="nothing beside auto", fix="remove basis"
        )
        return
    if wish.basis == "lastAccess" and not rules.LIMITS.counts_last_access:
        problem = f"is a basis that {request.cloud} cannot count from"
        fix = "remove basis, or write tiering: auto to let the cloud watch each object"
        request.fault("tiering.basis", wish.basis, problem, allowed="age", fix=fix, source=rules.LIMITS.lifecycle_source)
    ages = (wish.infrequent_after_days, wish.cold_after_days, wish.archive_after_days, wish.delete_after_days)
    if all(days is None for days in ages):
        request.fault(
            "tiering.basis", wish.basis, "has no age to count", allowed="a basis beside at least one age", fix="remove basis, or add an age"
        )


def check_automatic(request: BucketRequest, wish: Tiering) -> None:
    """Faults ages of tiers that stand beside `auto`, which chooses them itself (archiveAfterDays is the cloud's to judge)."""
    for field, days in (("infrequentAfterDays", wish.infrequent_after_days), ("coldAfterDays", wish.cold_after_days)):
        if days is None:
            continue
        fix = f"remove {field}, or remove auto and write all ages"
        request.fault(f"tiering.{field}", days, "stands beside auto, which chooses it itself", allowed="auto or ages, not both", fix=fix)
    if wish.archive_after_days is not None:
        _check_archive(request, Step(tier="archive", after_days=wish.archive_after_days))


def _check_earliest(request: BucketRequest, rules: StorageRules, step: Step) -> None:
    rule = rules.LIMITS.tiers[step.tier]
    if step.after_days >= rule.earliest_days:
        return
    field = AGE_FIELDS[step.tier]
    request.fault(
        f"tiering.{field}",
        step.after_days,
        f"is before the earliest age for {rule.storage_class}",
        allowed=f"{rule.earliest_days} or more, or left out",
        fix=f"write {field}: {rule.earliest_days}",
        source=rules.LIMITS.tier_source,
    )


def _check_archive(request: BucketRequest, step: Step) -> None:
    if step.tier != "archive":
        return
    if request.bucket.purpose == "models":
        problem = "would put models where no server can read them at once"
        request.fault("tiering.archiveAfterDays", step.after_days, problem, allowed="no archive for models", fix="remove archiveAfterDays")
    if step.after_days < ARCHIVE_AFTER_DAYS:
        problem = "is before the earliest age (Drydock's own rule: in their first quarter objects are still read)"
        allowed, fix = f"{ARCHIVE_AFTER_DAYS} or more, or left out", f"write archiveAfterDays: {ARCHIVE_AFTER_DAYS}"
        request.fault("tiering.archiveAfterDays", step.after_days, problem, allowed=allowed, fix=fix)


def _check_order(request: BucketRequest, steps: tuple[Step, ...], delete_after_days: int | None) -> None:
    for (earlier_field, earlier), (field, days) in pairwise(_ends(steps, delete_after_days)):
        if days > earlier:
            continue
        problem = f"is not after {earlier_field}, {earlier}"
        request.fault(
            f"tiering.{field}", days, problem, allowed=_GROWING, fix=f"write {field}: {earlier + 1} or more, or remove {earlier_field}"
        )


def _check_minimum_stay(request: BucketRequest, rules: StorageRules, steps: tuple[Step, ...], delete_after_days: int | None) -> None:
    limits = rules.LIMITS
    ends = _ends(steps, delete_after_days)
    for step, (field, days) in zip(steps, ends[1:], strict=False):
        if days <= step.after_days:
            continue
        if limits.minimum_counts_from_creation and field != "deleteAfterDays":
            continue
        rule = limits.tiers[step.tier]
        start, since = (0, "creation") if limits.minimum_counts_from_creation else (step.after_days, "the move into it")
        earliest = start + rule.minimum_days
        if days < earliest:
            problem = f"ends the stay in {rule.storage_class} early, which is billed for {rule.minimum_days} days from {since} anyway"
            fix = f"write {field}: {earliest}, or remove {AGE_FIELDS[step.tier]}"
            request.fault(f"tiering.{field}", days, problem, allowed=f"{earliest} or more, or left out", fix=fix, source=limits.tier_source)


def _check_waterfall(request: BucketRequest, rules: StorageRules, steps: tuple[Step, ...]) -> None:
    possible = rules.possible_steps(request, steps)
    for step in steps:
        if step in possible:
            continue
        field = AGE_FIELDS[step.tier]
        request.fault(
            f"tiering.{field}",
            step.after_days,
            "is a move that the class before it does not allow",
            allowed=" and ".join(AGE_FIELDS[kept.tier] for kept in possible) + f" with redundancy {request.redundancy}",
            fix=f"remove {field}, or choose another redundancy",
            source=rules.LIMITS.tier_source,
        )


def _ends(steps: tuple[Step, ...], delete_after_days: int | None) -> tuple[tuple[str, int], ...]:
    ends = tuple((AGE_FIELDS[step.tier], step.after_days) for step in steps)
    return ends if delete_after_days is None else (*ends, ("deleteAfterDays", delete_after_days))
