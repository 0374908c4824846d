"""Where an endpoint stands: a managed platform of the cloud, or a node pool of the cluster, in the namespace of a team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from environment.endpoint import Endpoint
from environment.model import Environment
from plan.contents_request import nearest
from plan.endpoint_capabilities import CLOUDS, COLUMNS, MANAGED
from plan.findings import Findings
from plan.model import NodePoolPlan
from plan.provisioner import system_pools
from plan.team import NO_TEAM, namespace_of

KUBERNETES = "kubernetes"
_TPU_IMAGES = "vLLM documentation, Installation: images of accelerators are not each other's: https://docs.vllm.ai/en/latest/getting_started/installation/"
_SPOT = {
    "aws": "Amazon EC2 User Guide, Spot Instance interruptions: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-interruptions.html",
    "gcp": "Google Cloud, Spot VMs: https://cloud.google.com/compute/docs/instances/spot",
    "azure": "Microsoft Learn, Azure Spot Virtual Machines: https://learn.microsoft.com/azure/virtual-machines/spot-vms",
    "kubernetes": "",
}
# How long a request may take (seconds), and whose figure that is.
_TIMEOUTS: Mapping[str, tuple[int, str]] = {
    "sageMaker": (
        60,
        "Amazon SageMaker, InvokeEndpoint: a model has 60 seconds: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html",
    ),
    "vertexAi": (
        600,
        "Vertex AI, Dedicated endpoints: inference timeout is 10 minutes by default: https://cloud.google.com/vertex-ai/docs/predictions/choose-endpoint-type",
    ),
    "cloudRun": (300, "Cloud Run, Request timeout: https://cloud.google.com/run/docs/configuring/request-timeout"),
    "azureMl": (
        180,
        "Azure Machine Learning, Quotas and limits, request time-out of managed online endpoints: https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas",
    ),
    "kubernetes": (300, ""),
}
_ASYNCHRONOUS_SECONDS = 900
_ASYNCHRONOUS = (
    "Amazon SageMaker, Asynchronous inference: up to one hour: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html"
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an endpoint stands. column: of the table of capabilities. pool, team and namespace: on Kubernetes only."""

    platform: str
    column: str
    pool: NodePoolPlan | None = None
    team: str = ""
    namespace: str = ""


def place(environment: Environment, name: str, endpoint: Endpoint, node_pools: Sequence[NodePoolPlan], findings: Findings) -> Place | None:
    """Where the endpoint stands; None where it cannot stand anywhere, which is a fault by then (or its pool has one)."""
    platform = _platform(environment, name, endpoint, findings)
    if platform is None:
        return None
    if platform != KUBERNETES:
        _check_no_team(name, endpoint, platform, findings)
        return Place(platform=platform, column=platform)
    pool = _pool(environment, name, endpoint, node_pools, findings)
    team = _team(environment, name, endpoint, findings)
    if pool is None or team is None:
        return None
    return Place(platform=platform, column=_column(environment), pool=pool, team=team[0], namespace=team[1])


def timeout_seconds(name: str, endpoint: Endpoint, platform: str, findings: Findings) -> int:
    """After how many seconds a request ends: what the platform gives it."""
    seconds, source = _TIMEOUTS[platform]
    if endpoint.asynchronous is not None:
        seconds, source = _ASYNCHRONOUS_SECONDS, _ASYNCHRONOUS
    findings.decide(f"endpoints.{name}.timeoutSeconds", seconds, "a caller that waits longer has given up", source)
    return seconds


def _column(environment: Environment) -> str:
    # A cluster that is there already has no gateway of GKE's own as far as anybody knows: Drydock installs Envoy Gateway.
    existing = environment.cluster is not None and environment.cluster.existing is not None
    return "gke" if environment.cloud == "gcp" and not existing else KUBERNETES


def _words(environment: Environment) -> tuple[str, ...]:
    """The words of `on` that name a platform of this environment's cloud."""
    own = tuple(platform for platform, cloud in CLOUDS.items() if cloud == environment.cloud)
    return ("managed", *own) if environment.cloud in MANAGED else ()


def _platform(environment: Environment, name: str, endpoint: Endpoint, findings: Findings) -> str | None:
    path, asked = f"endpoints.{name}.on", endpoint.on
    words = _words(environment)
    pools = sorted({*environment.node_pools})
    allowed = " | ".join((*words, *pools)) or "a pool under nodePools"
    if asked in words:
        platform = MANAGED[environment.cloud] if asked == "managed" else asked
        if "on" not in endpoint.model_fields_set:
            findings.decide(path, platform, f"the managed platform of {environment.cloud}; a node pool's name would put it there")
        return platform
    if asked in environment.node_pools:
        return KUBERNETES
    if asked == "managed":
        problem = "is what a cluster on anybody's machines does not have"
        fix = f"write on: {pools[0]}" if pools else "add a pool under nodePools, existing: true where it is there, and write its name"
        findings.fault(path, asked, problem, allowed=allowed, fix=fix)
    elif asked in CLOUDS:
        problem = f"is {COLUMNS[asked]}, which stands on {CLOUDS[asked]}, not on {environment.cloud}"
        fix = f"write on: {next(iter((*words, *pools)), 'POOL')}"
        findings.fault(path, asked, problem, allowed=allowed, fix=fix)
    else:
        near = nearest(asked, (*words, *pools))
        fix = f"write on: {near}" if near else f"add {asked} under nodePools"
        findings.fault(path, asked, "is no platform of this environment and no pool of its own", allowed=allowed, fix=fix)
    return None


def _pool(
    environment: Environment, name: str, endpoint: Endpoint, node_pools: Sequence[NodePoolPlan], findings: Findings
) -> NodePoolPlan | None:
    """The pool that an endpoint names; faults one that must not carry it."""
    pool = next((each for each in node_pools if each.name == endpoint.on), None)
    path = f"endpoints.{name}.on"
    if pool is None:
        return None
    others = [each.name for each in node_pools if not (each.system or each.tpu or each.name in system_pools(environment))]
    allowed = " | ".join(others) or "a pool with GPUs, or without accelerators"
    if pool.system:
        problem = "is the system pool, which is kept for the cluster's own add-ons"
        findings.fault(path, endpoint.on, problem, allowed=allowed, fix="write another pool, or add one under nodePools")
        return None
    if pool.tpu is not None:
        problem = "has TPUs, and the images of Drydock's runtimes are for GPUs and processors"
        findings.fault(path, endpoint.on, problem, allowed=allowed, fix="write another pool", source=_TPU_IMAGES)
        return None
    if environment.stage == "prod" and pool.rungs and all(rung.capacity == "spot" for rung in pool.rungs):
        problem = "has spot capacity alone: all replicas may go at once, and production would answer nobody"
        fix = f"write capacity: [onDemand, spot] under nodePools.{pool.name}"
        source = _SPOT[environment.cloud]
        findings.fault(path, endpoint.on, problem, allowed="pools with capacity that stays", fix=fix, source=source)
        return None
    return pool


def _team(environment: Environment, name: str, endpoint: Endpoint, findings: Findings) -> tuple[str, str] | None:
    """The team that an endpoint on Kubernetes is of, and its namespace."""
    path, teams = f"endpoints.{name}.team", environment.teams
    if endpoint.team is None:
        if not teams:
            return NO_TEAM, NO_TEAM
        if len(teams) == 1:
            ((only, team),) = teams.items()
            findings.decide(path, only, "it is the environment's only team")
            return only, namespace_of(only, team)
        findings.fault(path, None, "does not say whose it is", allowed=" | ".join(sorted(teams)), fix=f"add team: {min(teams)}")
        return None
    if endpoint.team not in teams:
        near = nearest(endpoint.team, teams)
        fix = f"write team: {near}" if near else f"add {endpoint.team} under teams"
        allowed = " | ".join(sorted(teams)) or "left out: this environment names no team"
        findings.fault(path, endpoint.team, "is no team of this environment", allowed=allowed, fix=fix)
        return None
    return endpoint.team, namespace_of(endpoint.team, teams[endpoint.team])


def _check_no_team(name: str, endpoint: Endpoint, platform: str, findings: Findings) -> None:
    if endpoint.team is not None:
        problem = f"has no effect: a team is a namespace of the cluster, and the endpoint stands on {COLUMNS[platform]}"
        fix = "remove team, or write a pool's name under on"
        findings.fault(f"endpoints.{name}.team", endpoint.team, problem, allowed="left out", fix=fix)
