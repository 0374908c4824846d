"""What is decided about the Kubernetes cluster."""

from collections.abc import Mapping
from dataclasses import dataclass

from plan.model.storage import EncryptionPlan


@dataclass(frozen=True, kw_only=True)
class MaintenancePlan:
    """When the cloud may upgrade by itself: on these days (MO…SU), from this hour (UTC), for so many hours."""

    days: tuple[str, ...]
    start_hour_utc: int
    hours: int


@dataclass(frozen=True, kw_only=True)
class ExistingClusterPlan:
    """A cluster that is not ours. name: on a cloud, where it is looked up; context: in the kubeconfig, for any other cluster."""

    name: str | None = None
    resource_group: str | None = None
    context: str | None = None


@dataclass(frozen=True, kw_only=True)
class ClusterPlan:
    """The environment's cluster, every choice made.

    version: `1.34`. upgrade_channel: in the cloud's word (GKE REGULAR, AKS stable, EKS STANDARD support). tier: the price tier of the
    control plane in the cloud's word (AKS Standard, GKE STANDARD), None where there is one only. private_api: no public address at all;
    authorized_ranges: who may reach a public one. audit_logs: the cloud's own log types. encryption: the key of Kubernetes secrets.
    owner_group: who administers it (AWS: role ARN; Google: group address; Azure: group object id). cloud_add_ons: the cluster's own
    add-ons in the cloud's words (EKS vpc-cni, coredns …; Google and Azure: features to switch on). node_provisioner: who adds nodes:
    cloud | clusterAutoscaler | karpenter | none. service_cidr: addresses of Services. autoscaling_profile: how eagerly the cloud takes idle
    nodes away, in its own word (GKE OPTIMIZE_UTILIZATION), None where it has no such choice.
    """

    name: str
    labels: Mapping[str, str]
    version: str
    upgrade_channel: str
    tier: str | None
    private_api: bool
    authorized_ranges: tuple[str, ...]
    audit_logs: tuple[str, ...]
    log_retention_days: int
    encryption: EncryptionPlan
    owner_group: str | None
    cloud_add_ons: tuple[str, ...]
    node_provisioner: str
    maintenance: MaintenancePlan
    deletion_protection: bool
    zones: tuple[str, ...]
    service_cidr: str | None = None
    autoscaling_profile: str | None = None
    existing: ExistingClusterPlan | None = None
