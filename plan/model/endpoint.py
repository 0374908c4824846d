"""What is decided about model versions and the endpoints that serve them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from plan.model.band import Band
from plan.model.node_pool import MachinePlan, Toleration


@dataclass(frozen=True, kw_only=True)
class ArtifactPlan:
    """Where a model's files lie. bucket: a bucket of the plan (its name there), None elsewhere; path: in it, or the whole address.

    sha256: of the artifact, None where nobody told.
    """

    bucket: str | None
    path: str
    sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class ModelVersionPlan:
    """One model version as a container. predict_path, health_path: where it answers on `port`. load_seconds: until it is ready, at most.

    args: the runtime's arguments that follow from the model's facts. memory_gib: what one replica holds of weights, cache and runtime,
    in the accelerator's memory where it has one. mount_path: where the container finds the artifact.
    """

    name: str
    runtime: str
    image: str
    command: tuple[str, ...]
    args: tuple[str, ...]
    env: Mapping[str, str]
    port: int
    predict_path: str
    health_path: str
    artifact: ArtifactPlan | None
    mount_path: str
    size_mib: float | None
    memory_gib: float
    precision: str | None
    load_seconds: int


@dataclass(frozen=True, kw_only=True)
class VariantPlan:
    """One model version behind an endpoint. name: `<endpoint>-<model>`, so that a promoted canary keeps its resources.

    role: stable | canary | shadow. weight_percent: of the traffic that callers see, at first where the canary's share grows by itself;
    mirror_percent: copied to it (shadow).
    machine: of one replica on a managed platform, or the machine of its pool. vcpus, memory_gib: what one replica asks for; accelerators:
    devices of one replica. min_replicas..max_replicas: the autoscaler's bounds; initial_replicas: what it starts with.
    cost_replicas: replicas that run on average over a month. target: of the endpoint's scaling metric, one replica's.
    """

    name: str
    role: str
    model: ModelVersionPlan
    weight_percent: float
    mirror_percent: float
    machine: MachinePlan
    vcpus: float
    memory_gib: float
    accelerators: int
    concurrency: int
    min_replicas: int
    initial_replicas: int
    max_replicas: int
    target: float
    cost_replicas: Band


@dataclass(frozen=True, kw_only=True)
class ScheduledScalePlan:
    """Other bounds of replicas while a schedule holds. start_hour…end_minute: local time in time_zone; days: mon … sun."""

    name: str
    days: tuple[str, ...]
    start_hour: int
    start_minute: int
    end_hour: int
    end_minute: int
    time_zone: str
    min_replicas: int
    max_replicas: int


@dataclass(frozen=True, kw_only=True)
class ScalingPlan:
    """What replicas follow. metric: requests | concurrency | queueDepth | gpuUtilization | cpuUtilization | latency.

    scale_to_zero: the minimum is 0. max_step_percent: replicas that may come or go at once, in percent of those that run.
    """

    metric: str
    scale_out_seconds: int
    scale_in_seconds: int
    max_step_percent: int
    scale_to_zero: bool
    schedules: tuple[ScheduledScalePlan, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AlarmPlan:
    """One alarm of an endpoint. kind: errorRate | p95 | saturation | noTraffic. threshold: percent, milliseconds, percent, requests.

    period_seconds × periods: how long it must last. rollback: a rollout ends when it fires.
    """

    kind: str
    threshold: float
    period_seconds: int
    periods: int
    rollback: bool


@dataclass(frozen=True, kw_only=True)
class CanaryRolloutPlan:
    """How a canary's share of the traffic grows by itself. shares_percent: the first at once, each other when the one before has baked.

    bake_seconds: of watching at each share. look_seconds: between two looks at the alarms, which are of the canary alone; the first that
    fires gives its traffic back to the stable version. log_days: for which it is kept what was done. starts_per_month: one each time that
    the endpoint comes into service, most of which find nothing to do. logged_gib_per_month: of all of them.
    """

    shares_percent: tuple[float, ...]
    bake_seconds: int
    look_seconds: int
    alarms: tuple[AlarmPlan, ...]
    log_days: int
    starts_per_month: Band
    logged_gib_per_month: Band


@dataclass(frozen=True, kw_only=True)
class RolloutPlan:
    """How a new version takes over. shift: allAtOnce | canary | linear | rolling. step_percent: of the first step, or of each.

    bake_seconds: between steps, and after the last before the old fleet goes. canary: where its share grows, or goes, by itself.
    """

    shift: str
    step_percent: float
    bake_seconds: int
    canary: CanaryRolloutPlan | None = None


@dataclass(frozen=True, kw_only=True)
class OidcPlan:
    """Whose tokens are let in."""

    issuer: str
    audiences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AccessPlan:
    """Who may call. authentication: iam | keys | oidc | network (who reaches the private address). members: identities that may call."""

    public: bool
    authentication: str
    oidc: OidcPlan | None = None
    members: tuple[str, ...] = ()
    host: str | None = None
    certificate: str | None = None
    rate_limit_per_second: int | None = None
    web_application_firewall: str | None = None


@dataclass(frozen=True, kw_only=True)
class CapturePlan:
    """Requests and answers that are kept. bucket: of the plan; prefix: in it; redact: JSON fields left out."""

    bucket: str
    prefix: str
    percent: float
    redact: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AsynchronousPlan:
    """Where answers go that nobody waits for. bucket: of the plan."""

    bucket: str
    prefix: str
    max_concurrent_per_replica: int | None = None


@dataclass(frozen=True, kw_only=True)
class EndpointUsage:
    """What an endpoint is asked for: requests a second, and GiB a month that go in and out, and that are captured.

    A month has 730 hours, as in every estimate.
    """

    requests_per_second: Band
    processed_gib_per_month: Band
    captured_gib_per_month: Band


@dataclass(frozen=True, kw_only=True)
class EndpointPlan:
    """One endpoint, every choice made. `name` is its key in the environment file; labels are of cloud resources.

    platform: sageMaker | vertexAi | cloudRun | azureMl | kubernetes. variants: stable first, then canary, then shadow.
    On kubernetes: namespace and team, the pool, what its pods say to land there, and the resource that holds accelerators.
    timeout_seconds: after which a request ends. gateway: whether the cluster's Gateway routes to it.
    """

    name: str
    platform: str
    labels: Mapping[str, str]
    variants: tuple[VariantPlan, ...]
    scaling: ScalingPlan
    rollout: RolloutPlan
    access: AccessPlan
    alarms: tuple[AlarmPlan, ...]
    usage: EndpointUsage
    timeout_seconds: int
    notify: tuple[str, ...] = ()
    capture: CapturePlan | None = None
    asynchronous: AsynchronousPlan | None = None
    team: str = ""
    namespace: str = ""
    pool: str = ""
    selector: Mapping[str, str] = field(default_factory=dict[str, str])
    tolerations: tuple[Toleration, ...] = ()
    resource: str = ""
    gateway: bool = False

    @property
    def stable(self) -> VariantPlan:
        """The variant that serves the stable version."""
        return self.variants[0]


@dataclass(frozen=True, kw_only=True)
class RegistryPlan:
    """The container registry. existing: its address where it is there already. repositories: made in it, one for each image of ours.

    delete_untagged_after_days, keep_newest: what is cleaned up. retain: it outlives the stack.
    """

    name: str
    labels: Mapping[str, str]
    existing: str | None
    repositories: tuple[str, ...]
    delete_untagged_after_days: int
    keep_newest: int
    customer_key: bool
    retain: bool
