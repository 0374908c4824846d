"""What Amazon EKS can and cannot do."""

import re

from plan.aws.network import LOG_DAYS, LOG_DAYS_SOURCE
from plan.cluster_request import ClusterRequest
from plan.cluster_rules import AuditRule, ClusterLimits, UpkeepRule

_SUPPORT = "Amazon EKS User Guide, Kubernetes version lifecycle and cluster upgrade policy: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html"
_PRICING = "Amazon EKS pricing: https://aws.amazon.com/eks/pricing/"
_ENDPOINT = "Amazon EKS User Guide, Cluster API server endpoint: https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html"
_QUOTAS = "Amazon EKS User Guide, Service quotas (public endpoint access CIDR ranges per cluster: 40): https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html"
_ENTRIES = "Amazon EKS User Guide, Access entries: https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html"
_LOGS = "Amazon EKS User Guide, Control plane logging: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html"
_PROTECTION = "Amazon EKS User Guide, Deletion protection: https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html"
_SECRETS = "Amazon EKS User Guide, Encrypt Kubernetes secrets with KMS: https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html"
_ADD_ONS = "Amazon EKS User Guide, AWS add-ons: https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html"
_CREATE = "Amazon EKS API Reference, CreateCluster: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html"

LIMITS = ClusterLimits(
    service="EKS",
    channels={"extended": "EXTENDED"},
    default_channel="",
    silent_channel="STANDARD",
    moving_channels=frozenset(),
    channel_reason="EKS moves a cluster only at the end of its version's support, and then to the next one instead of extended support",
    channel_source=_SUPPORT,
    extended_price="0.60 USD an hour for the control plane instead of 0.10",
    extended_source=_PRICING,
    tiers={"dev": None, "staging": None, "prod": None},
    tier_reason="",
    tier_source="",
    most_ranges=40,
    range_source=f"{_ENDPOINT}; {_QUOTAS}",
    owner_form=re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]{1,512}"),
    owner_words="the ARN of an IAM role, arn:aws:iam::ACCOUNT:role/NAME",
    owner_source=_ENTRIES,
    upkeep=UpkeepRule(has_window=False, most_days=0, least_hours_a_week=0, default_days=(), source=_SUPPORT),
    audit=AuditRule(
        types=("api", "audit", "authenticator"),
        reason="who asked what of the API, and who they were; scheduler and controller manager are for AWS to watch",
        always_on=False,
        days=LOG_DAYS,
        source=_LOGS,
        days_source=LOG_DAYS_SOURCE,
    ),
    protects_from_deletion=True,
    protection_source=_PROTECTION,
    secrets_source=_SECRETS,
    existing_name=re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}"),
    existing_name_form="1 to 100 letters, digits, dashes and underscores",
    existing_source=_CREATE,
    existing_needs_group=False,
    add_ons=(
        "vpc-cni",
        "kube-proxy",
        "coredns",
        "eks-pod-identity-agent",
        "aws-ebs-csi-driver",
        "metrics-server",
        "eks-node-monitoring-agent",
    ),
    add_ons_reason="network, names, identity and disks of pods, metrics for scaling, and the agent without which no node is repaired",
    add_ons_source=_ADD_ONS,
    own_features=frozenset(),
)


def check_channel(request: ClusterRequest, channel: str | None) -> None:
    """The upgrade policy goes with every version."""


def check_key(request: ClusterRequest, key: re.Match[str]) -> None:
    """The key lies in the cluster's region."""
    region = request.environment.region
    if key["region"] != region:
        problem = f"is a key of {key['region']}, and EKS uses keys of the cluster's region only"
        fix = f"name a key of {region}, or write customerKey: true"
        request.fault("encryption.existingKey", "[a key]", problem, allowed=f"keys of {region}", fix=fix, source=_SECRETS)
