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
    after: names of add-ons that must be there first. pod_security: the Pod Security Standard of its namespace; kube-system has none.
    critical: its pods are critical to the cluster, which GKE allows outside kube-system only to namespaces that it is told of.
    """

    name: str
    chart: str
    repository: str
    version: str
    namespace: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    after: tuple[str, ...] = ()
    pod_security: str = "baseline"
    critical: bool = False


@dataclass(frozen=True, kw_only=True)
class NodeLocalDnsPlan:
    """A DNS cache on every node. address: link-local, where it listens; dns_address: of the cluster's DNS service, which it answers for.

    image: its image with a pinned tag.
    """

    address: str
    dns_address: str
    image: str


@dataclass(frozen=True, kw_only=True)
class EgressPlan:
    """Addresses outside the cluster that every team's pods may reach (CIDR), at these TCP ports: the cloud's own services."""

    cidr: str
    ports: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class QuotaPlan:
    """What a namespace may ask for at most, in Kubernetes' names (requests.nvidia.com/gpu, pods) and amounts."""

    hard: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class TeamPlan:
    """A team's namespace. pod_security: the Pod Security Standard that is enforced. group: who may work in it, None for nobody yet.

    role: the ClusterRole that the group has in the namespace. allow_from: namespaces whose pods may reach its pods; allow_to: those that
    its pods may reach. internet_egress: whether its pods may reach public addresses. container_requests, container_limits: what a
    container gets that names none. queue: the Kueue LocalQueue, None where Kueue is not used.
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
    role: str = "edit"
    allow_to: tuple[str, ...] = ()
    container_requests: Mapping[str, str] = field(default_factory=dict[str, str])
    container_limits: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class QueueFlavorPlan:
    """A pool as Kueue sees it: what it offers at most, by resource name, and how pods get there.

    queued: its nodes come for a whole job or not at all, and are asked for before it starts (GKE queued provisioning).
    """

    name: str
    node_labels: Mapping[str, str]
    tolerations: tuple[Toleration, ...]
    quota: Mapping[str, str]
    queued: bool = False


@dataclass(frozen=True, kw_only=True)
class ShareQuotaPlan:
    """What a queue has of one resource of a flavor: `nominal` is its own, `borrowing` what it may take beyond while others leave it."""

    nominal: str
    borrowing: str


@dataclass(frozen=True, kw_only=True)
class QueuePlan:
    """One team's ClusterQueue, in a cohort with all the others. shares: resource → flavor → what it has."""

    name: str
    cohort: str
    namespace: str
    shares: Mapping[str, Mapping[str, ShareQuotaPlan]]


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
class PrometheusPlan:
    """The Prometheus that KEDA asks, and the namespace from which it reads what pods count."""

    address: str
    namespace: str


@dataclass(frozen=True, kw_only=True)
class KubernetesPlan:
    """Everything that is put into the cluster, in the order in which it is built.

    flavors, queues: what Kueue hands out and to whom, empty where Kueue is not used. node classes and the like are translations of the
    node pools. gateway_class: that Gateways name; gateway_controller: whose class it is, None where the cloud makes the class.
    expander_priorities: the cluster autoscaler's priority → patterns of node groups, where the cloud runs the autoscaler and reads them.
    gateway_ranges: addresses (CIDR) from which a gateway outside the cluster calls pods; empty where it runs inside. prometheus: None
    where nothing asks for one.
    """

    add_ons: tuple[AddOnPlan, ...]
    teams: tuple[TeamPlan, ...]
    flavors: tuple[QueueFlavorPlan, ...]
    workloads: tuple[WorkloadPlan, ...]
    queues: tuple[QueuePlan, ...] = ()
    egress: tuple[EgressPlan, ...] = ()
    node_local_dns: NodeLocalDnsPlan | None = None
    gateway_class: str | None = None
    gateway_controller: str | None = None
    expander_priorities: Mapping[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])
    gateway_ranges: tuple[str, ...] = ()
    prometheus: PrometheusPlan | None = None
