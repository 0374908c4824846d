"""The environment: what one stack file asks for, on one cloud."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from environment.base import Label, Name, Part, Region
from environment.cluster import Cluster
from environment.container_registry import ContainerRegistry
from environment.endpoint import Endpoint
from environment.model_version import ModelVersion
from environment.network import Network
from environment.node_pool import NodePool
from environment.storage import Bucket
from environment.team import Team
from environment.workload import Workload

Stage = Literal["dev", "staging", "prod"]
Cloud = Literal["aws", "gcp", "azure", "kubernetes"]


class Environment(Part):
    """One environment: who owns it, where it stands, and what it needs.

    On `cloud: kubernetes`, any cluster that is there already, region is whatever its owners call the place.
    """

    cloud: Cloud
    region: Region
    stage: Stage
    owner: Annotated[Label, StringConstraints(min_length=2)]
    cost_center: Label
    labels: Mapping[Label, Label] = Field(default_factory=dict)
    network: Network | None = None
    cluster: Cluster | None = None
    node_pools: Mapping[Name, NodePool] = Field(default_factory=dict)
    storage: Mapping[Name, Bucket] = Field(default_factory=dict)
    teams: Mapping[Name, Team] = Field(default_factory=dict)
    workloads: Mapping[Name, Workload] = Field(default_factory=dict)
    registry: ContainerRegistry | None = None
    models: Mapping[Name, ModelVersion] = Field(default_factory=dict)
    endpoints: Mapping[Name, Endpoint] = Field(default_factory=dict)
