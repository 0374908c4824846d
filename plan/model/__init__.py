"""The plan: every decision of an environment, ready to be translated into a cloud's resources."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from plan.decision import Decision
from plan.model.band import Band
from plan.model.cluster import ClusterPlan, ExistingClusterPlan, MaintenancePlan
from plan.model.endpoint import (
    AccessPlan,
    AlarmPlan,
    ArtifactPlan,
    AsynchronousPlan,
    CanaryRolloutPlan,
    CapturePlan,
    EndpointPlan,
    EndpointUsage,
    ModelVersionPlan,
    OidcPlan,
    RegistryPlan,
    RolloutPlan,
    ScalingPlan,
    ScheduledScalePlan,
    VariantPlan,
)
from plan.model.kubernetes import (
    AddOnPlan,
    EgressPlan,
    KubernetesPlan,
    NodeLocalDnsPlan,
    PrometheusPlan,
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
    "AccessPlan",
    "AddOnPlan",
    "AlarmPlan",
    "ArtifactPlan",
    "AsynchronousPlan",
    "Band",
    "BucketPlan",
    "BucketUsage",
    "CachePlan",
    "CanaryRolloutPlan",
    "CapturePlan",
    "ClusterPlan",
    "DiskPlan",
    "DriverPlan",
    "EgressPlan",
    "EncryptionPlan",
    "EndpointPlan",
    "EndpointUsage",
    "ExistingBucketPlan",
    "ExistingClusterPlan",
    "ExistingNetworkPlan",
    "FlowLogsPlan",
    "InterconnectPlan",
    "KubernetesPlan",
    "MachinePlan",
    "MaintenancePlan",
    "ModelVersionPlan",
    "NatPlan",
    "NetworkPlan",
    "NodeLocalDnsPlan",
    "NodePoolPlan",
    "OidcPlan",
    "PlacementPlan",
    "Plan",
    "PoolUsage",
    "PrivateEndpointPlan",
    "PrometheusPlan",
    "QueueFlavorPlan",
    "QueuePlan",
    "QuotaNeed",
    "QuotaPlan",
    "RegistryPlan",
    "ReservationPlan",
    "RetentionPlan",
    "RolloutPlan",
    "RungPlan",
    "ScalingPlan",
    "ScheduledScalePlan",
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
    "VariantPlan",
    "VersioningPlan",
    "WorkloadPlan",
]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that will be built in one environment.

    Buckets are ordered: one that receives access logs stands before those that write them. network, cluster and kubernetes are
    None where the environment asks for none; so is registry. quotas: what the account must allow. endpoints: ordered by name.
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
    registry: RegistryPlan | None = None
    endpoints: tuple[EndpointPlan, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The plan as plain data, for JSON."""
        return asdict(self)
