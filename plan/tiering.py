"""When objects grow cheaper, and when they go: by age, by the cloud's own watching, or not at all."""

from dataclasses import replace
from itertools import pairwise

from environment.storage import Tiering
from plan.model import TieringPlan
from plan.request import BucketRequest
from plan.storage_defaults import TieringDefault, default_tiering
from plan.storage_rules import Step, StorageRules, Tier
from plan.tiering_checks import check_ages, check_automatic, check_basis, check_deletion


def plan_tiering(request: BucketRequest, rules: StorageRules) -> TieringPlan:
    """The bucket's tiering; faults ages that the cloud refuses, bills for nothing or would ignore."""
    wish = request.bucket.tiering
    if wish is None:
        return _default_tiering(request, rules)
    check_basis(request, rules, wish)
    check_deletion(request, wish.delete_after_days)
    if wish.auto:
        check_automatic(request, wish)
        return rules.automatic_tiering(request, wish.delete_after_days, wish.archive_after_days)
    steps = asked_steps(wish)
    check_ages(request, rules, steps, wish.delete_after_days)
    return _by_age(request, rules, steps, wish.delete_after_days, wish.basis or "age")


def asked_steps(wish: Tiering) -> tuple[Step, ...]:
    """The ages of the file as steps, from the warmest tier to the coldest."""
    ages: tuple[tuple[Tier, int | None], ...] = (
        ("infrequent", wish.infrequent_after_days),
        ("cold", wish.cold_after_days),
        ("archive", wish.archive_after_days),
    )
    return tuple(Step(tier=tier, after_days=days) for tier, days in ages if days is not None)


def _default_tiering(request: BucketRequest, rules: StorageRules) -> TieringPlan:
    default = default_tiering(request.bucket.purpose, request.stage)
    delete_after_days = _deletion_after_retention(request, default.delete_after_days)
    if default.automatic:
        request.decide("tiering", "auto", default.reason)
        return rules.automatic_tiering(request, delete_after_days, None)
    steps = rules.possible_steps(request, _default_steps(default))
    request.decide("tiering", _shown(steps, delete_after_days), default.reason)
    return _by_age(request, rules, steps, delete_after_days, "age")


def _default_steps(default: TieringDefault) -> tuple[Step, ...]:
    ages: tuple[tuple[Tier, int | None], ...] = (("infrequent", default.infrequent_after_days), ("cold", default.cold_after_days))
    return tuple(Step(tier=tier, after_days=days) for tier, days in ages if days is not None)


def _deletion_after_retention(request: BucketRequest, delete_after_days: int | None) -> int | None:
    retention = request.bucket.retention
    if retention is None or delete_after_days is None or delete_after_days >= retention.days:
        return delete_after_days
    request.decide("tiering.deleteAfterDays", retention.days, "nothing can be deleted before its retention ends")
    return retention.days


def _by_age(request: BucketRequest, rules: StorageRules, steps: tuple[Step, ...], delete_after_days: int | None, basis: str) -> TieringPlan:
    if not steps:
        return TieringPlan(mode="none", basis=basis, delete_after_days=delete_after_days)
    ordered = all(earlier.after_days < later.after_days for earlier, later in pairwise(steps))
    plan = TieringPlan(mode="ages", basis=basis, delete_after_days=delete_after_days)
    if not ordered:
        return plan
    returns = basis == "lastAccess" and steps[0].tier == "infrequent"
    if returns:
        request.decide("tiering", "back to hot on a read", "an object that is read again will be read more, and hot reads are cheaper")
    return replace(plan, transitions=rules.transitions(request, steps, delete_after_days), return_to_hot=returns)


def _shown(steps: tuple[Step, ...], delete_after_days: int | None) -> str:
    words = [f"{step.tier} after {step.after_days} days" for step in steps]
    if delete_after_days is not None:
        words.append(f"deleted after {delete_after_days} days")
    return ", ".join(words) or "none"
