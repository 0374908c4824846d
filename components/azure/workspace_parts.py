"""What an Azure Machine Learning workspace cannot be without: its storage, its vault, its logs."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_azure_native as azure
from pulumi import Input, InvokeOptions, ResourceOptions

from components.azure.customer_key import VAULT_RECOVERY_DAYS

_LOG_RETENTION_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class PartsSpec:
    """Where the parts of a workspace are made. name begins the logical names; opts are of every child."""

    name: str
    location: str
    resource_group_name: Input[str]
    labels: Mapping[str, str]
    opts: ResourceOptions


def own_storage(spec: PartsSpec) -> azure.storage.StorageAccount:
    """The account in which the workspace keeps what it makes itself; models and captures lie in the environment's buckets."""
    return azure.storage.StorageAccount(
        _letters(spec.name),
        resource_group_name=spec.resource_group_name,
        location=spec.location,
        kind=azure.storage.Kind.STORAGE_V2,
        sku=azure.storage.SkuArgs(name=azure.storage.SkuName.STANDARD_LRS),
        minimum_tls_version=azure.storage.MinimumTlsVersion.TLS1_2,
        enable_https_traffic_only=True,
        public_network_access=azure.storage.PublicNetworkAccess.DISABLED,
        allow_blob_public_access=False,
        allow_shared_key_access=False,
        allow_cross_tenant_replication=False,
        default_to_o_auth_authentication=True,
        is_local_user_enabled=False,
        tags={**spec.labels, "purpose": "workspace"},
        opts=spec.opts,
    )


def own_vault(spec: PartsSpec) -> azure.keyvault.Vault:
    """The vault in which the workspace keeps the secrets of its connections."""
    client = azure.authorization.get_client_config_output(opts=InvokeOptions(parent=spec.opts.parent))
    return azure.keyvault.Vault(
        _letters(spec.name),
        resource_group_name=spec.resource_group_name,
        location=spec.location,
        properties=azure.keyvault.VaultPropertiesArgs(
            tenant_id=client.tenant_id,
            sku=azure.keyvault.SkuArgs(family=azure.keyvault.SkuFamily.A, name=azure.keyvault.SkuName.STANDARD),
            enable_rbac_authorization=True,
            enable_soft_delete=True,
            enable_purge_protection=True,
            soft_delete_retention_in_days=VAULT_RECOVERY_DAYS,
            public_network_access="Disabled",
            network_acls=azure.keyvault.NetworkRuleSetArgs(
                default_action=azure.keyvault.NetworkRuleAction.DENY, bypass=azure.keyvault.NetworkRuleBypassOptions.AZURE_SERVICES
            ),
        ),
        tags=spec.labels,
        opts=spec.opts,
    )


def own_logs(spec: PartsSpec) -> azure.operationalinsights.Workspace:
    """The Log Analytics workspace that takes the endpoints' logs."""
    return azure.operationalinsights.Workspace(
        f"{spec.name}-logs",
        resource_group_name=spec.resource_group_name,
        location=spec.location,
        sku=azure.operationalinsights.WorkspaceSkuArgs(name=azure.operationalinsights.WorkspaceSkuNameEnum.PER_GB2018),
        retention_in_days=_LOG_RETENTION_DAYS,
        features=azure.operationalinsights.WorkspaceFeaturesArgs(disable_local_auth=True),
        tags=spec.labels,
        opts=spec.opts,
    )


def own_insights(spec: PartsSpec, logs: azure.operationalinsights.Workspace) -> azure.applicationinsights.Component:
    """Application Insights over the same logs: a workspace is not made without it."""
    return azure.applicationinsights.Component(
        f"{spec.name}-insights",
        resource_group_name=spec.resource_group_name,
        location=spec.location,
        kind="web",
        application_type=azure.applicationinsights.ApplicationType.WEB,
        workspace_resource_id=logs.id,
        tags=spec.labels,
        opts=spec.opts,
    )


def _letters(name: str) -> str:
    """Accounts and vaults are named by letters and digits alone, at most 24, of which Pulumi adds eight."""
    return name.replace("-", "")[:16]
