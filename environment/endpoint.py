"""A real-time endpoint as a person describes it: a model, its traffic and objective, and how a new version takes over."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from environment.base import Band, Listed, Name, Part, Quantity, Whole
from environment.model_version import Positive, Text, Tokens

Seconds = Annotated[int, Whole, Field(ge=0, le=86_400)]
Minutes = Annotated[int, Whole, Field(ge=0, le=10_080)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
ReplicaCount = Annotated[int, Whole, Field(ge=0, le=10_000)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")]
Metric = Literal["requests", "concurrency", "queueDepth", "gpuUtilization", "cpuUtilization", "latency"]


class Traffic(Part):
    """What comes in: requests a second, KiB in and out of each, and for language models the tokens of prompt and answer."""

    requests_per_second: Band
    payload_kib: Quantity | None = None
    prompt_tokens: Tokens | None = None
    output_tokens: Tokens | None = None


class Objective(Part):
    """What must be kept: the 95th percentile of latency (first token, for a language model), and the share of time it answers."""

    p95_ms: Positive | None = None
    availability_percent: Annotated[float, Field(ge=90, lt=100)] | None = None


class Replicas(Part):
    """Fewest and most replicas of the stable version; a minimum of 0 gives everything back while nobody asks."""

    min: ReplicaCount | None = None
    max: ReplicaCount | None = None


class Schedule(Part):
    """Other bounds of replicas at these hours (`08:00-18:00`, in an IANA time zone) on these days."""

    hours: Clock
    days: Annotated[tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...], Listed] = ("mon", "tue", "wed", "thu", "fri")
    time_zone: Text = "UTC"
    min: ReplicaCount
    max: ReplicaCount | None = None


class Autoscaling(Part):
    """What replicas follow: a metric and its target per replica (requests a second, requests at once, percent, milliseconds).

    scaleOutSeconds, scaleInSeconds: how long after a change the next may come. maxStepPercent: by how much of them at once.
    """

    metric: Metric | None = None
    target: Positive | None = None
    scale_out_seconds: Seconds | None = None
    scale_in_seconds: Seconds | None = None
    max_step_percent: Annotated[int, Whole, Field(ge=1, le=1_000)] | None = None
    schedules: Mapping[Name, Schedule] = Field(default_factory=dict)


class RollbackOn(Part):
    """What ends a rollout and brings the old version back."""

    error_rate_percent: Percent | None = None
    p95_ms: Positive | None = None


class Canary(Part):
    """A version that gets a share of the traffic. steps: shares in percent that it goes through by itself on the way to `percent`.

    bakeMinutes: for how long each share is watched. rollbackOn: what gives all traffic back to the stable version.
    """

    model: Text
    percent: Percent
    steps: Annotated[tuple[Percent, ...], Listed] = ()
    bake_minutes: Minutes | None = None
    rollback_on: RollbackOn | None = None


class Shadow(Part):
    """A version that gets a copy of a share of the requests; nobody sees its answers."""

    model: Text
    percent: Percent = 100.0


class Strategy(Part):
    """How a new stable version takes over. stepPercent: of the first step (canary) or of each (linear, rolling)."""

    shift: Literal["allAtOnce", "canary", "linear", "rolling"]
    step_percent: Percent | None = None
    bake_minutes: Minutes | None = None
    rollback_on: RollbackOn | None = None


class Capture(Part):
    """Requests and answers kept in a bucket of `storage`. redact: JSON fields whose values are left out."""

    bucket: Text
    percent: Percent = 100.0
    redact: Annotated[tuple[Text, ...], Listed] = ()


class Asynchronous(Part):
    """Answers go to a bucket of `storage` instead of the caller, who gets their place at once."""

    bucket: Text
    max_concurrent_per_replica: Annotated[int, Whole, Field(ge=1, le=1_000)] | None = None


class Oidc(Part):
    """Whose tokens are let in: an OpenID Connect issuer, and the audiences that a token must name one of."""

    issuer: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]
    audiences: Annotated[tuple[Text, ...], Listed, Field(min_length=1)]


class Tls(Part):
    """The host name and its certificate: an ARN, a certificate's resource name, or a Kubernetes secret's name."""

    host: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$", max_length=253)]
    certificate: Text


class Access(Part):
    """Who may call it. `public: true` is open to the internet, and needs TLS and a rate limit. members: identities that may call."""

    public: bool = False
    authentication: Literal["iam", "keys", "oidc"] | None = None
    oidc: Oidc | None = None
    members: Annotated[tuple[Text, ...], Listed] = ()
    tls: Tls | None = None
    rate_limit_per_second: Annotated[int, Whole, Field(ge=1, le=1_000_000)] | None = None
    web_application_firewall: Text | None = None


class Alarms(Part):
    """Thresholds of the alarms that a rollout looks at, and where they are sent (an SNS topic, channel or action group)."""

    error_rate_percent: Percent | None = None
    p95_ms: Positive | None = None
    saturation_percent: Percent | None = None
    no_traffic_minutes: Minutes | None = None
    notify: Annotated[tuple[Text, ...], Listed] = ()


class Endpoint(Part):
    """One endpoint.

    on: `managed` (SageMaker, Vertex AI or Azure Machine Learning, by the environment's cloud), `cloudRun`, or a node pool's name.
    machine, accelerator, accelerators: of one replica, chosen by the planner where they are left out.
    """

    model: Text
    on: Text = "managed"
    team: Text | None = None
    machine: Text | None = None
    accelerator: Text | None = None
    accelerators: Annotated[int, Whole, Field(ge=0, le=16)] | None = None
    traffic: Traffic
    objective: Objective | None = None
    replicas: Replicas | None = None
    autoscaling: Autoscaling | None = None
    canary: Canary | None = None
    shadow: Shadow | None = None
    strategy: Strategy | None = None
    access: Access | None = None
    capture: Capture | None = None
    asynchronous: Asynchronous | None = None
    alarms: Alarms | None = None
