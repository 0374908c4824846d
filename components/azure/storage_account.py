"""The storage account of a bucket."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pulumi_azure_native as azure
from pulumi import Input, ResourceOptions

from plan.model import BucketPlan

if TYPE_CHECKING:
    from components.azure.storage_key import AccountKey


@dataclass(frozen=True, kw_only=True)
class AccountSpec:
    """Which account to build where. `name` begins the logical names; `opts` are the options of every child."""

    plan: BucketPlan
    name: str
    resource_group_name: Input[str]
    opts: ResourceOptions

    @property
    def globally_named(self) -> str:
        """The logical name of what Azure names by letters and digits alone, at most 24: Pulumi adds eight to it and mends nothing.

        The plan allows no bucket's name that is too long for it or, without its dashes, another's.
        Source: pulumi-azure-native issue 3665.
        """
        return self.name.replace("-", "")


def build_account(spec: AccountSpec, key: "AccountKey | None", *, closed: bool) -> azure.storage.StorageAccount:
    """Build the account: TLS 1.2 and newer, no anonymous reads, no account keys.

    Every request must carry an identity of the tenant, as on the other clouds. closed: only the environment's network reaches it, through
    a private endpoint; otherwise its address can be reached from outside.
    """
    open_to = azure.storage.PublicNetworkAccess
    after_grant = ResourceOptions(depends_on=[key.grant] if key else None)
    return azure.storage.StorageAccount(
        spec.globally_named,
        resource_group_name=spec.resource_group_name,
        location=spec.plan.placement.location,
        kind=azure.storage.Kind.STORAGE_V2,
        sku=azure.storage.SkuArgs(name=cast(str, spec.plan.placement.sku)),
        access_tier=azure.storage.AccessTier.HOT,
        minimum_tls_version=azure.storage.MinimumTlsVersion.TLS1_2,
        enable_https_traffic_only=True,
        public_network_access=open_to.DISABLED if closed else open_to.ENABLED,
        allow_blob_public_access=False,
        allow_shared_key_access=False,
        allow_cross_tenant_replication=False,
        default_to_o_auth_authentication=True,
        is_local_user_enabled=False,
        identity=_identity(key),
        encryption=_encryption(key),
        tags=spec.plan.labels,
        opts=ResourceOptions.merge(spec.opts, after_grant),
    )


def _identity(key: "AccountKey | None") -> azure.storage.IdentityArgs | None:
    if key is None:
        return None
    return azure.storage.IdentityArgs(type=azure.storage.IdentityType.USER_ASSIGNED, user_assigned_identities=[key.identity_id])


def _encryption(key: "AccountKey | None") -> azure.storage.EncryptionArgs | None:
    if key is None:
        return None
    return azure.storage.EncryptionArgs(
        key_source=azure.storage.KeySource.MICROSOFT_KEYVAULT,
        # Without a version the account follows the key's rotation.
        key_vault_properties=azure.storage.KeyVaultPropertiesArgs(key_vault_uri=key.vault_uri, key_name=key.name),
        encryption_identity=azure.storage.EncryptionIdentityArgs(encryption_user_assigned_identity=key.identity_id),
    )
