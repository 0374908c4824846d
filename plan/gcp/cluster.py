"""What Google Kubernetes Engine can and cannot do."""

import re

from plan.cluster_request import ClusterRequest
from plan.cluster_rules import AuditRule, ClusterLimits, UpkeepRule

_CHANNELS = "Google Cloud, GKE release channels: https://cloud.google.com/kubernetes-engine/docs/concepts/release-channels"
_PRICING = "Google Cloud, GKE pricing: https://cloud.google.com/kubernetes-engine/pricing"
_RANGES = "Google Cloud, Authorized networks (100 at most): https://cloud.google.com/kubernetes-engine/docs/how-to/authorized-networks"
_RBAC = "Google Cloud, Google Groups for RBAC: https://cloud.google.com/kubernetes-engine/docs/how-to/google-groups-rbac"
_WINDOWS = "Google Cloud, Maintenance windows (48 hours in any 32 days): https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions"
_AUDIT = "Google Cloud, GKE audit logs (Admin Activity logs cannot be switched off): https://cloud.google.com/kubernetes-engine/docs/how-to/audit-logging"
_LOGS = "Google Cloud, Cloud Logging, Log retention periods (_Required: 400 days): https://cloud.google.com/logging/quotas#logs_retention_periods"
_PROTECTION = "Pulumi Google Cloud provider, container.Cluster, deletionProtection: must be false before a destroy"
_SECRETS = "Google Cloud, Application-layer secrets encryption (the key's location is the cluster's): https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets"
_FEATURES = "Google Cloud, GKE add-ons: https://cloud.google.com/kubernetes-engine/docs/concepts/add-ons"
_AUTOSCALING = "Google Cloud, About GKE cluster autoscaling, autoscaling profiles: https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler"
_NAMES = "Google Kubernetes Engine API, Cluster.name: https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters"

LIMITS = ClusterLimits(
    service="GKE",
    channels={"none": "UNSPECIFIED", "extended": "EXTENDED", "stable": "STABLE", "regular": "REGULAR", "rapid": "RAPID"},
    default_channel="regular",
    silent_channel="REGULAR",
    moving_channels=frozenset({"stable", "regular", "rapid"}),
    channel_reason="GKE's own default: versions that rapid has tried, early enough for new accelerators; GKE moves the version by itself",
    channel_source=_CHANNELS,
    extended_price="0.60 USD an hour for the control plane instead of 0.10",
    extended_source=_PRICING,
    tiers={"dev": "STANDARD", "staging": "STANDARD", "prod": "STANDARD"},
    tier_reason="one cluster needs nothing of what the fleet edition adds",
    tier_source=_PRICING,
    most_ranges=100,
    range_source=_RANGES,
    owner_form=re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"),
    owner_words="the address of a Google group, ml-platform@example.com",
    owner_source=_RBAC,
    # Four weeks are in any 32 days; 12 hours a week make 48.
    upkeep=UpkeepRule(has_window=True, most_days=7, least_hours_a_week=12, default_days=("SA", "SU"), source=_WINDOWS),
    audit=AuditRule(
        types=("SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"),
        reason="GKE always records who changed what; the control plane's own logs say how it answered",
        always_on=True,
        days=None,
        fixed_days=400,
        source=_AUDIT,
        days_source=_LOGS,
    ),
    protects_from_deletion=True,
    protection_source=_PROTECTION,
    secrets_source=_SECRETS,
    existing_name=re.compile(r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?"),
    existing_name_form="1 to 40 lower-case letters, digits and dashes, a letter first",
    existing_source=_NAMES,
    existing_needs_group=False,
    add_ons=("gcsFuse", "persistentDisk", "managedPrometheus"),
    add_ons_reason="buckets and disks as volumes of pods, and metrics without a Prometheus of one's own",
    add_ons_source=_FEATURES,
    own_features=frozenset({"dcgmExporter", "gateway", "nodeLocalDns"}),
    autoscaling_profiles={"dev": "OPTIMIZE_UTILIZATION", "staging": "OPTIMIZE_UTILIZATION", "prod": "BALANCED"},
    autoscaling_source=_AUTOSCALING,
)


def check_channel(request: ClusterRequest, channel: str | None) -> None:
    """Outside of channels GKE takes the version from the file."""
    if channel == "none" and request.wish.version is None:
        problem = "leaves the version to nobody: outside of channels it is the file's"
        request.fault(
            "upgradeChannel", channel, problem, allowed="none beside version", fix="add version, or remove upgradeChannel", source=_CHANNELS
        )


def check_key(request: ClusterRequest, key: re.Match[str]) -> None:
    """The key lies where the cluster lies."""
    region = request.environment.region
    if key["location"] != region:
        problem = f"is a key in {key['location']}, and GKE uses keys of the cluster's location only"
        fix = f"name a key in {region}, or write customerKey: true"
        request.fault("encryption.existingKey", "[a key]", problem, allowed=f"keys in {region}", fix=fix, source=_SECRETS)
