"""A blob container in a storage account of its own, with everything that makes it safe to use."""

from typing import TYPE_CHECKING, cast

import pulumi_azure_native as azure
from pulumi import ComponentResource, Input, InvokeOptions, Output, ResourceOptions

from components.azure.storage_account import AccountSpec, build_account
from components.azure.storage_endpoint import private_address
from components.azure.storage_key import account_key
from components.azure.storage_lifecycle import build_lifecycle
from components.contract import BucketOutputs, bucket_outputs, usage
from plan.model import BucketPlan, ExistingBucketPlan

if TYPE_CHECKING:
    from components.azure.network import PrivateAccess

ACCESS_LOG_CATEGORIES = ("StorageRead", "StorageWrite", "StorageDelete")


class Bucket(ComponentResource):
    """One bucket of the environment: an account with one container, since redundancy, key and lifecycle are an account's.

    Owns the account, its container, blob settings, lifecycle, retention and access logging, and its vault, key and identity when it is
    a customer key; not the resource group. Owns none of these when the plan names a container that exists: that one is looked up and
    stays as it is.
    """

    outputs: BucketOutputs
    log_destination: Output[str]

    def __init__(
        self,
        name: str,
        plan: BucketPlan,
        *,
        resource_group_name: Input[str] | None = None,
        access_log_bucket: Input[str] | None = None,
        private_access: "PrivateAccess | None" = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        """Build the bucket that the plan describes.

        `resource_group_name` may be left out for a container that exists; `access_log_bucket` is the id of the account that takes the
        logs. With `private_access` the account is reached from the environment's network only.
        """
        # The engine hands retain_on_delete down to the children: a bucket that stays needs its key.
        kept = ResourceOptions(retain_on_delete=plan.keep or None)
        super().__init__("drydock:azure:Bucket", name, {"usage": usage(plan)}, ResourceOptions.merge(opts, kept))
        if plan.existing:
            self.outputs, self.log_destination = _existing(self, plan, plan.existing)
        else:
            group_name = cast(Input[str], resource_group_name)
            spec = AccountSpec(plan=plan, name=name, resource_group_name=group_name, opts=ResourceOptions(parent=self))
            key = account_key(spec)
            account = build_account(spec, key, closed=private_access is not None)
            if private_access:
                private_address(spec, account, private_access)
            blob_service = _blob_service(spec, account)
            container = _container(spec, account)
            build_lifecycle(spec, account, blob_service)
            _retention(spec, account, container)
            _access_logging(spec, account, access_log_bucket)
            self.outputs = _outputs(plan, account, container, key.uri if key else None)
            self.log_destination = account.id
        self.register_outputs({**self.outputs})


def _existing(parent: Bucket, plan: BucketPlan, existing: ExistingBucketPlan) -> tuple[BucketOutputs, Output[str]]:
    options = InvokeOptions(parent=parent)
    account = azure.storage.get_storage_account_output(
        account_name=existing.account, resource_group_name=existing.resource_group, opts=options
    )
    container = azure.storage.get_blob_container_output(
        account_name=existing.account, container_name=existing.name, resource_group_name=existing.resource_group, opts=options
    )
    outputs = bucket_outputs(
        plan,
        name=container.name,
        url=_url(account.primary_endpoints, container.name),
        resource_id=container.id,
        location=account.location,
        encryption_key=account.encryption.apply(_key_in_use),
    )
    return outputs, account.id


def _key_in_use(encryption: azure.storage.outputs.EncryptionResponse | None) -> str | None:
    vault = encryption.key_vault_properties if encryption else None
    return f"{(vault.key_vault_uri or '').rstrip('/')}/keys/{vault.key_name}" if vault else None


def _blob_service(spec: AccountSpec, account: azure.storage.StorageAccount) -> azure.storage.BlobServiceProperties:
    soft_delete = azure.storage.DeleteRetentionPolicyArgs(enabled=spec.plan.soft_delete_days > 0, days=spec.plan.soft_delete_days or None)
    by_access = spec.plan.tiering.basis == "lastAccess"
    return azure.storage.BlobServiceProperties(
        f"{spec.name}-blob-service",
        account_name=account.name,
        resource_group_name=spec.resource_group_name,
        blob_services_name="default",
        is_versioning_enabled=spec.plan.versioning.enabled,
        delete_retention_policy=soft_delete,
        container_delete_retention_policy=soft_delete,
        last_access_time_tracking_policy=azure.storage.LastAccessTimeTrackingPolicyArgs(enable=by_access),
        opts=spec.opts,
    )


def _container(spec: AccountSpec, account: azure.storage.StorageAccount) -> azure.storage.BlobContainer:
    return azure.storage.BlobContainer(
        f"{spec.name}-container",
        account_name=account.name,
        resource_group_name=spec.resource_group_name,
        public_access=azure.storage.PublicAccess.NONE,
        opts=spec.opts,
    )


def _retention(spec: AccountSpec, account: azure.storage.StorageAccount, container: azure.storage.BlobContainer) -> None:
    if spec.plan.retention is None:
        return
    azure.storage.BlobContainerImmutabilityPolicy(
        f"{spec.name}-retention",
        account_name=account.name,
        container_name=container.name,
        resource_group_name=spec.resource_group_name,
        immutability_policy_name="default",
        immutability_period_since_creation_in_days=spec.plan.retention.days,
        opts=spec.opts,
    )


def _access_logging(spec: AccountSpec, account: azure.storage.StorageAccount, log_account_id: Input[str] | None) -> None:
    if log_account_id is None:
        return
    azure.monitor.DiagnosticSetting(
        f"{spec.name}-access-logs",
        resource_uri=Output.concat(account.id, "/blobServices/default"),
        storage_account_id=log_account_id,
        logs=[azure.monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True) for category in ACCESS_LOG_CATEGORIES],
        opts=spec.opts,
    )


def _outputs(
    plan: BucketPlan, account: azure.storage.StorageAccount, container: azure.storage.BlobContainer, key_uri: Output[str] | None
) -> BucketOutputs:
    return bucket_outputs(
        plan,
        name=container.name,
        url=_url(account.primary_endpoints, container.name),
        resource_id=container.id,
        location=account.location,
        encryption_key=key_uri,
    )


def _url(endpoints: Output[azure.storage.outputs.EndpointsResponse], container: Output[str]) -> Output[str]:
    # Asked of Azure, not put together: national clouds have other host names.
    return Output.concat(endpoints.blob, container)
