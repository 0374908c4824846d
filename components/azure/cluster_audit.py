"""The record of what was asked of an AKS cluster's API."""

import pulumi_azure_native as azure
from pulumi import Input, ResourceOptions

from plan.model import ClusterPlan


def record_audit(
    name: str,
    plan: ClusterPlan,
    cluster: azure.containerservice.ManagedCluster,
    *,
    location: str,
    resource_group_name: Input[str],
    opts: ResourceOptions,
) -> None:
    """Send the plan's log categories to a workspace of the cluster's own; nothing where the plan records none."""
    if not plan.audit_logs:
        return
    workspace = azure.operationalinsights.Workspace(
        f"{name}-logs",
        resource_group_name=resource_group_name,
        location=location,
        sku=azure.operationalinsights.WorkspaceSkuArgs(name=azure.operationalinsights.WorkspaceSkuNameEnum.PER_GB2018),
        retention_in_days=plan.log_retention_days,
        features=azure.operationalinsights.WorkspaceFeaturesArgs(disable_local_auth=True),
        tags=plan.labels,
        opts=opts,
    )
    azure.monitor.DiagnosticSetting(
        f"{name}-audit",
        resource_uri=cluster.id,
        workspace_id=workspace.id,
        # Tables of their own cost less to keep and can be read without knowing Azure's old common one.
        log_analytics_destination_type="Dedicated",
        logs=[azure.monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True) for category in plan.audit_logs],
        opts=opts,
    )
