"""How the blobs of an account age."""

import pulumi_azure_native as azure
from pulumi import ResourceOptions

from components.azure.storage_account import AccountSpec
from plan.model import BucketPlan, TieringPlan

BaseBlob = azure.storage.ManagementPolicyBaseBlobArgs
Age = azure.storage.DateAfterModificationArgs
Rule = azure.storage.ManagementPolicyRuleArgs

# Only block blobs have tiers; Azure Monitor writes access logs as append blobs, which can at least be deleted.
# Source: Microsoft Learn, "Blob lifecycle management".
TIERED_BLOBS = ["blockBlob"]
ALL_BLOBS = ["blockBlob", "appendBlob"]


def build_lifecycle(spec: AccountSpec, account: azure.storage.StorageAccount, blob_service: azure.storage.BlobServiceProperties) -> None:
    """Register the account's lifecycle policy, if the plan has any rule."""
    rules = lifecycle_rules(spec.plan)
    if not rules:
        return
    azure.storage.ManagementPolicy(
        f"{spec.name}-lifecycle",
        account_name=account.name,
        resource_group_name=spec.resource_group_name,
        management_policy_name="default",
        policy=azure.storage.ManagementPolicySchemaArgs(rules=rules),
        # Rules by last access are refused until the account tracks it.
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[blob_service])),
    )


def lifecycle_rules(plan: BucketPlan) -> list[Rule]:
    """The rules of the plan, one for each concern, each over the whole account: access logs lie in containers of their own."""
    rules: list[Rule] = []
    if plan.tiering.transitions:
        rules.append(_rule("tiering", TIERED_BLOBS, azure.storage.ManagementPolicyActionArgs(base_blob=_tiers(plan.tiering))))
    if plan.tiering.delete_after_days is not None:
        deleted = BaseBlob(delete=_age(plan.tiering, plan.tiering.delete_after_days))
        rules.append(_rule("deletion", ALL_BLOBS, azure.storage.ManagementPolicyActionArgs(base_blob=deleted)))
    if plan.versioning.enabled and plan.versioning.delete_old_after_days is not None:
        rules.append(_rule("old-versions", ALL_BLOBS, _old_versions(plan.versioning.delete_old_after_days)))
    return rules


def _tiers(tiering: TieringPlan) -> BaseBlob:
    ages = {move.storage_class: _age(tiering, move.after_days) for move in tiering.transitions}
    return BaseBlob(
        tier_to_cool=ages.get("Cool"),
        tier_to_cold=ages.get("Cold"),
        tier_to_archive=ages.get("Archive"),
        enable_auto_tier_to_hot_from_cool=tiering.return_to_hot or None,
    )


def _age(tiering: TieringPlan, days: int) -> Age:
    if tiering.basis == "lastAccess":
        return Age(days_after_last_access_time_greater_than=days)
    return Age(days_after_modification_greater_than=days)


def _old_versions(after_days: int) -> azure.storage.ManagementPolicyActionArgs:
    # Azure counts from when a version was written, not from when it was replaced, and offers nothing nearer.
    expired = azure.storage.DateAfterCreationArgs(days_after_creation_greater_than=after_days)
    return azure.storage.ManagementPolicyActionArgs(
        version=azure.storage.ManagementPolicyVersionArgs(delete=expired),
        snapshot=azure.storage.ManagementPolicySnapShotArgs(delete=expired),
    )


def _rule(name: str, blob_types: list[str], actions: azure.storage.ManagementPolicyActionArgs) -> Rule:
    return Rule(
        name=name,
        enabled=True,
        type=azure.storage.RuleType.LIFECYCLE,
        definition=azure.storage.ManagementPolicyDefinitionArgs(
            actions=actions, filters=azure.storage.ManagementPolicyFilterArgs(blob_types=blob_types)
        ),
    )
