"""The plan: every decision of an environment, ready to be translated into a cloud's resources."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from plan.decision import Decision
from plan.model.band import Band
from plan.model.cluster import ClusterPlan, ExistingClusterPlan, MaintenancePlan
from plan.model.kubernetes import (
    AddOnPlan,
    EgressPlan,
    KubernetesPlan,
    NodeLocalDnsPlan,
    QueueFlavorPlan,
    QueuePlan,
    QuotaPlan,
    ShareQuotaPlan,
    TeamPlan,
    WorkloadPlan,
)
from plan.model.network import ExistingNetworkPlan, FlowLogsPlan, NatPlan, NetworkPlan, PrivateEndpointPlan, SubnetPlan
from plan.model.node_pool import (
    CachePlan,
    DiskPlan,
    DriverPlan,
    InterconnectPlan,
    MachinePlan,
    NodePoolPlan,
    PoolUsage,
    ReservationPlan,
    RungPlan,
    SharingPlan,
    Taint,
    Toleration,
    TpuSlicePlan,
    UpgradePlan,
)
from plan.model.quota import QuotaNeed
from plan.model.storage import (
    BucketPlan,
    BucketUsage,
    EncryptionPlan,
    ExistingBucketPlan,
    PlacementPlan,
    RetentionPlan,
    TieringPlan,
    Transition,
    VersioningPlan,
)

__all__ = [
    "AddOnPlan",
    "Band",
    "BucketPlan",
    "BucketUsage",
    "CachePlan",
    "ClusterPlan",
    "DiskPlan",
    "DriverPlan",
    "EgressPlan",
    "EncryptionPlan",
    "ExistingBucketPlan",
    "ExistingClusterPlan",
    "ExistingNetworkPlan",
    "FlowLogsPlan",
    "InterconnectPlan",
    "KubernetesPlan",
    "MachinePlan",
    "MaintenancePlan",
    "NatPlan",
    "NetworkPlan",
    "NodeLocalDnsPlan",
    "NodePoolPlan",
    "PlacementPlan",
    "Plan",
    "PoolUsage",
    "PrivateEndpointPlan",
    "QueueFlavorPlan",
    "QueuePlan",
    "QuotaNeed",
    "QuotaPlan",
    "ReservationPlan",
    "RetentionPlan",
    "RungPlan",
    "ShareQuotaPlan",
    "SharingPlan",
    "SubnetPlan",
    "Taint",
    "TeamPlan",
    "TieringPlan",
    "Toleration",
    "TpuSlicePlan",
    "Transition",
    "UpgradePlan",
    "VersioningPlan",
    "WorkloadPlan",
]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that will be built in one environment.

    Buckets are ordered: one that receives access logs stands before those that write them. network, cluster and kubernetes are
    None where the environment asks for none. quotas: what the account must allow.
    """

    cloud: str
    region: str
    stage: str
    labels: Mapping[str, str]
    buckets: tuple[BucketPlan, ...]
    decisions: tuple[Decision, ...]
    network: NetworkPlan | None = None
    cluster: ClusterPlan | None = None
    node_pools: tuple[NodePoolPlan, ...] = ()
    kubernetes: KubernetesPlan | None = None
    quotas: tuple[QuotaNeed, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The plan as plain data, for JSON."""
        return asdict(self)
