"""What is decided about the things that stand in every cluster: add-ons, teams, workloads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from plan.model.node_pool import Toleration


@dataclass(frozen=True, kw_only=True)
class AddOnPlan:
    """One add-on that is installed from a chart. What is off, existing or the cloud's own is a decision, not an add-on plan.

    chart, repository, version: pinned (catalogue/data/charts.csv). repository starts with oci:// where the chart lies in a registry.
    values: the chart's values that the plan decides; a component adds only what no plan can know, such as ARNs.
    after: names of add-ons that must be there first.
    """

    name: str
    chart: str
    repository: str
    version: str
    namespace: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    after: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class QuotaPlan:
    """What a namespace may ask for at most, in Kubernetes' names (requests.nvidia.com/gpu, pods) and amounts."""

    hard: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class TeamPlan:
    """A team's namespace. pod_security: the Pod Security Standard that is enforced. group: who may work in it, None for nobody yet.

    allow_from: teams whose pods may reach its pods. internet_egress: whether its pods may reach addresses outside the cluster.
    queue: the Kueue LocalQueue, None where Kueue is not used.
    """

    name: str
    namespace: str
    labels: Mapping[str, str]
    quota: QuotaPlan | None
    group: str | None
    pod_security: str
    allow_from: tuple[str, ...]
    internet_egress: bool
    queue: str | None


@dataclass(frozen=True, kw_only=True)
class QueueFlavorPlan:
    """A pool as Kueue sees it: what it offers at most, by resource name, and how pods get there."""

    name: str
    node_labels: Mapping[str, str]
    tolerations: tuple[Toleration, ...]
    quota: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class WorkloadPlan:
    """One workload. kind: job | deployment. requests: resource name → amount as Kubernetes writes it; limits equal them for accelerators.

    image: as written. pool: the node pool it lands on. queue: its team's LocalQueue, None where it starts at once.
    """

    name: str
    kind: str
    namespace: str
    labels: Mapping[str, str]
    image: str
    command: tuple[str, ...]
    replicas: int
    requests: Mapping[str, str]
    selector: Mapping[str, str]
    tolerations: tuple[Toleration, ...]
    pool: str
    queue: str | None


@dataclass(frozen=True, kw_only=True)
class KubernetesPlan:
    """Everything that is put into the cluster, in the order in which it is built.

    flavors: what Kueue hands out, None where Kueue is not used. node_classes and the like are translations of the node pools.
    """

    add_ons: tuple[AddOnPlan, ...]
    teams: tuple[TeamPlan, ...]
    flavors: tuple[QueueFlavorPlan, ...]
    workloads: tuple[WorkloadPlan, ...]
    gateway_class: str | None = None
