"""How the objects of a Cloud Storage bucket age."""

import pulumi_gcp as gcp

from plan.model import BucketPlan, Transition, VersioningPlan

Rule = gcp.storage.BucketLifecycleRuleArgs
Condition = gcp.storage.BucketLifecycleRuleConditionArgs


def lifecycle_rules(plan: BucketPlan) -> list[Rule]:
    """The rules of the plan, one for each move, deletion and clean-up. With Autoclass the plan has no moves: the two exclude each other."""
    rules = [_move(move) for move in plan.tiering.transitions]
    if plan.tiering.delete_after_days is not None:
        rules.append(_delete(_live_objects(plan.tiering.delete_after_days, plan.versioning)))
    if plan.versioning.enabled and plan.versioning.delete_old_after_days is not None:
        rules.append(_delete(_old_versions(plan.versioning.delete_old_after_days, plan.versioning.keep_newest)))
    rules.append(_rule("AbortIncompleteMultipartUpload", Condition(age=plan.abort_multipart_after_days)))
    return rules


def _move(move: Transition) -> Rule:
    action = gcp.storage.BucketLifecycleRuleActionArgs(type="SetStorageClass", storage_class=move.storage_class)
    return Rule(action=action, condition=Condition(age=move.after_days))


def _live_objects(after_days: int, versioning: VersioningPlan) -> Condition:
    # Age counts from an object's creation: without the state, a version that this rule made old would be gone a day later.
    return Condition(age=after_days, with_state="LIVE" if versioning.enabled else "ANY")


def _old_versions(after_days: int, keep_newest: int | None) -> Condition:
    return Condition(
        days_since_noncurrent_time=after_days,
        # The newer ones that are counted include the live one.
        num_newer_versions=keep_newest + 1 if keep_newest is not None else None,
        with_state="ARCHIVED",
    )


def _delete(condition: Condition) -> Rule:
    return _rule("Delete", condition)


def _rule(action: str, condition: Condition) -> Rule:
    return Rule(action=gcp.storage.BucketLifecycleRuleActionArgs(type=action), condition=condition)
