"""Flow logs of a network, in a storage account of their own."""

from typing import Any, cast

import pulumi_azure_native as azure
from pulumi import Input, InvokeOptions, Output, ResourceOptions

from components.azure.customer_key import ROLE_DEFINITIONS
from plan.model import NetworkPlan

# Storage Blob Data Contributor. Source: Microsoft Learn, "Azure built-in roles".
BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"


def record_flows(
    name: str,
    plan: NetworkPlan,
    *,
    location: str,
    resource_group_name: Input[str],
    network: azure.network.VirtualNetwork,
    opts: ResourceOptions,
) -> None:
    """Record the network's flows for the plan's days.

    They are written by an identity of their own: the account knows no keys. The watcher is the one that Azure keeps in each region where a
    subscription has a network (NetworkWatcherRG); it belongs to nobody's stack.
    """
    if plan.flow_logs is None:
        return
    account = _account(name, plan, location, resource_group_name, opts)
    identity = azure.managedidentity.UserAssignedIdentity(
        f"{name}-flow-logs-identity", resource_group_name=resource_group_name, location=location, tags=plan.labels, opts=opts
    )
    grant = _grant(name, account, identity, opts)
    azure.network.FlowLog(
        f"{name}-flow-logs",
        resource_group_name="NetworkWatcherRG",
        network_watcher_name=f"NetworkWatcher_{location}",
        location=location,
        target_resource_id=network.id,
        storage_id=account.id,
        enabled=True,
        format=azure.network.FlowLogFormatParametersArgs(type=azure.network.FlowLogFormatType.JSON, version=2),
        retention_policy=azure.network.RetentionPolicyParametersArgs(enabled=True, days=plan.flow_logs.retention_days),
        identity=azure.network.ManagedServiceIdentityArgs(
            type=azure.network.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[identity.id]
        ),
        tags=plan.labels,
        opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[grant])),
    )


def _account(
    name: str, plan: NetworkPlan, location: str, resource_group_name: Input[str], opts: ResourceOptions
) -> azure.storage.StorageAccount:
    return azure.storage.StorageAccount(
        f"{name}flowlogs"[:16],
        resource_group_name=resource_group_name,
        location=location,
        kind=azure.storage.Kind.STORAGE_V2,
        sku=azure.storage.SkuArgs(name=azure.storage.SkuName.STANDARD_LRS),
        minimum_tls_version=azure.storage.MinimumTlsVersion.TLS1_2,
        enable_https_traffic_only=True,
        allow_blob_public_access=False,
        allow_shared_key_access=False,
        allow_cross_tenant_replication=False,
        is_local_user_enabled=False,
        # The watcher writes as a trusted service; nobody else needs to reach it.
        network_rule_set=azure.storage.NetworkRuleSetArgs(
            default_action=azure.storage.DefaultAction.DENY, bypass=azure.storage.Bypass.AZURE_SERVICES
        ),
        tags={**plan.labels, "purpose": "logs"},
        opts=opts,
    )


def _grant(
    name: str, account: azure.storage.StorageAccount, identity: azure.managedidentity.UserAssignedIdentity, opts: ResourceOptions
) -> azure.authorization.RoleAssignment:
    client = azure.authorization.get_client_config_output(opts=InvokeOptions(parent=opts.parent))
    return azure.authorization.RoleAssignment(
        f"{name}-flow-logs-access",
        scope=account.id,
        principal_id=identity.principal_id,
        principal_type=azure.authorization.PrincipalType.SERVICE_PRINCIPAL,
        role_definition_id=cast(Any, Output.concat("/subscriptions/", client.subscription_id, ROLE_DEFINITIONS, BLOB_CONTRIBUTOR)),
        opts=opts,
    )
