"""How the objects of an S3 bucket age: its one lifecycle configuration, and the archive tiers of Intelligent-Tiering."""

import pulumi_aws as aws
from pulumi import ResourceOptions

from components.aws.storage_spec import RegionalBucket
from plan.model import BucketPlan, TieringPlan, VersioningPlan

Rule = aws.s3.BucketLifecycleConfigurationRuleArgs
TransitionArgs = aws.s3.BucketLifecycleConfigurationRuleTransitionArgs


def build_lifecycle(spec: RegionalBucket, bucket: aws.s3.Bucket, versioning: aws.s3.BucketVersioning) -> None:
    """Register the bucket's lifecycle configuration."""
    aws.s3.BucketLifecycleConfiguration(
        f"{spec.name}-lifecycle",
        bucket=bucket.bucket,
        region=spec.region,
        rules=lifecycle_rules(spec.plan),
        # Below 128 KiB a move costs more than the colder class saves.
        transition_default_minimum_object_size="all_storage_classes_128K",
        # Rules about old versions are valid only once there can be any.
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[versioning])),
    )


def lifecycle_rules(plan: BucketPlan) -> list[Rule]:
    """The rules of the plan, one for each concern, each over the whole bucket."""
    rules = [_incomplete_uploads(plan.abort_multipart_after_days)]
    if moves := _transitions(plan.tiering):
        rules.append(_rule("tiering", transitions=moves))
    if plan.tiering.delete_after_days is not None:
        rules.append(
            _rule("deletion", expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=plan.tiering.delete_after_days))
        )
    rules.extend(_old_versions(plan.versioning))
    if plan.tiering.delete_after_days is None:
        # Deleting leaves markers where versions are suspended too. A rule that deletes by age clears them; one that says both is refused.
        cleared = aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(expired_object_delete_marker=True)
        rules.append(_rule("delete-markers", expiration=cleared))
    return rules


def build_archive_tiers(spec: RegionalBucket, bucket: aws.s3.Bucket) -> None:
    """Register the optional archive tiers of Intelligent-Tiering, if the plan has any."""
    if spec.plan.tiering.mode != "auto" or not spec.plan.tiering.transitions:
        return
    aws.s3.BucketIntelligentTieringConfiguration(
        f"{spec.name}-archive-tiers",
        bucket=bucket.bucket,
        region=spec.region,
        tierings=[
            aws.s3.BucketIntelligentTieringConfigurationTieringArgs(access_tier=move.storage_class, days=move.after_days)
            for move in spec.plan.tiering.transitions
        ],
        opts=spec.opts,
    )


def _transitions(tiering: TieringPlan) -> list[TransitionArgs]:
    if tiering.mode == "auto":
        return [TransitionArgs(days=0, storage_class="INTELLIGENT_TIERING")]
    return [TransitionArgs(days=move.after_days, storage_class=move.storage_class) for move in tiering.transitions]


def _incomplete_uploads(after_days: int) -> Rule:
    aborted = aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(days_after_initiation=after_days)
    return _rule("incomplete-uploads", abort_incomplete_multipart_upload=aborted)


def _old_versions(versioning: VersioningPlan) -> list[Rule]:
    if versioning.delete_old_after_days is None:
        return []
    expiration = aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
        noncurrent_days=versioning.delete_old_after_days, newer_noncurrent_versions=versioning.keep_newest
    )
    return [_rule("old-versions", noncurrent_version_expiration=expiration)]


def _rule(
    rule_id: str,
    *,
    transitions: list[TransitionArgs] | None = None,
    expiration: aws.s3.BucketLifecycleConfigurationRuleExpirationArgs | None = None,
    noncurrent_version_expiration: aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs | None = None,
    abort_incomplete_multipart_upload: aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs | None = None,
) -> Rule:
    return Rule(
        id=rule_id,
        status="Enabled",
        # An empty prefix is every object. With no filter at all S3 reads a rule in its oldest form, and each preview would show a change.
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        transitions=transitions,
        expiration=expiration,
        noncurrent_version_expiration=noncurrent_version_expiration,
        abort_incomplete_multipart_upload=abort_incomplete_multipart_upload,
    )
