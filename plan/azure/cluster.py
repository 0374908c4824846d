"""What Azure Kubernetes Service can and cannot do."""

import re

from plan.cluster_request import ClusterRequest
from plan.cluster_rules import AuditRule, ClusterLimits, UpkeepRule

_CHANNELS = "Microsoft Learn, Automatically upgrade an AKS cluster: https://learn.microsoft.com/azure/aks/auto-upgrade-cluster"
_SUPPORT = "Microsoft Learn, Long-term support for AKS (Premium tier): https://learn.microsoft.com/azure/aks/long-term-support"
_TIERS = (
    "Microsoft Learn, Free, Standard and Premium pricing tiers for AKS: https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers"
)
_RANGES = (
    "Microsoft Learn, Authorized IP ranges in AKS (200 at most): https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges"
)
_ENTRA = "Microsoft Learn, AKS-managed Microsoft Entra integration: https://learn.microsoft.com/azure/aks/enable-authentication-microsoft-entra-id"
_WINDOWS = "Microsoft Learn, Planned maintenance for AKS (a weekly schedule has one day, 4 to 24 hours): https://learn.microsoft.com/azure/aks/planned-maintenance"
_AUDIT = "Microsoft Learn, Monitor AKS, resource logs (kube-audit-admin leaves out reads): https://learn.microsoft.com/azure/aks/monitor-aks-reference"
_DAYS = "Microsoft Learn, Log Analytics workspace retention (30 to 730 days): https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure"
_PROTECTION = "Microsoft Learn, Lock resources to protect your infrastructure: https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources"
_SECRETS = "Microsoft Learn, Key Management Service etcd encryption in AKS: https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption"
_ADD_ONS = "Microsoft Learn, Add-ons, extensions and integrations with AKS: https://learn.microsoft.com/azure/aks/integrations"
_NAMES = "Microsoft Learn, Naming rules for Azure resources, Microsoft.ContainerService: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"

LIMITS = ClusterLimits(
    service="AKS",
    channels={"none": "none", "patch": "patch", "stable": "stable", "rapid": "rapid", "extended": "patch"},
    default_channel="patch",
    silent_channel="patch",
    moving_channels=frozenset({"stable", "rapid"}),
    channel_reason="security fixes come by themselves, and the minor version stays the file's",
    channel_source=_CHANNELS,
    extended_price="0.60 USD an hour for the control plane (Premium tier) instead of 0.10",
    extended_source=_SUPPORT,
    tiers={"dev": "Free", "staging": "Standard", "prod": "Standard", "extended": "Premium"},
    tier_reason="Standard has an SLA and takes 5000 nodes; Free is enough to develop",
    tier_source=_TIERS,
    most_ranges=200,
    range_source=_RANGES,
    owner_form=re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE),
    owner_words="the object id of a Microsoft Entra group, 11111111-2222-3333-4444-555555555555",
    owner_source=_ENTRA,
    upkeep=UpkeepRule(has_window=True, most_days=1, least_hours_a_week=4, default_days=("SU",), source=_WINDOWS),
    audit=AuditRule(
        types=("kube-audit-admin", "guard"),
        reason="who changed what, and who signed in; reads would multiply the volume, which is billed",
        always_on=False,
        days=range(30, 731),
        source=_AUDIT,
        days_source=_DAYS,
    ),
    protects_from_deletion=False,
    protection_source=_PROTECTION,
    secrets_source=_SECRETS,
    existing_name=re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"),
    existing_name_form="1 to 63 letters, digits, dashes and underscores, a letter or digit at both ends",
    existing_source=_NAMES,
    existing_needs_group=True,
    add_ons=(),
    add_ons_reason="disks, names, metrics and pod identity are part of every cluster",
    add_ons_source=_ADD_ONS,
    own_features=frozenset({"keda"}),
)


def check_channel(request: ClusterRequest, channel: str | None) -> None:
    """Every channel goes with every version: the file's is then only where the cluster begins."""


def check_key(request: ClusterRequest, key: re.Match[str]) -> None:
    """A vault's id does not say where it lies."""
