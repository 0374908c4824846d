"""What a component hands out: the same words on every cloud, so that whoever reads them need not know which one it is."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypedDict, TypeVar, cast

from pulumi import Input, Output
from pydantic.alias_generators import to_camel

from plan.model import BucketPlan, EndpointPlan, NodePoolPlan, VariantPlan

_Value = TypeVar("_Value")


class BucketOutputs(TypedDict):
    """The outputs of one bucket, equal on every cloud, spelt as Pulumi spells outputs.

    name: as the cloud knows it. url: s3://…, gs://… or https://account.blob.core.windows.net/container. resourceId: ARN, bucket id
    or container id. encryptionKey: the customer key's ARN, resource name or URI; None is the cloud's own key. compression: what
    writers are asked to use. keep: whether the bucket outlives its stack. usage: low / expected / high of each quantity, None is unknown.
    """

    name: Output[str]
    url: Output[str]
    resourceId: Output[str]
    location: Output[str]
    encryptionKey: Output[str | None]
    compression: str
    keep: bool
    usage: dict[str, Any]


def bucket_outputs(
    plan: BucketPlan,
    *,
    name: Input[str],
    url: Input[str],
    resource_id: Input[str],
    location: Input[str],
    encryption_key: Input[str] | Input[str | None],
) -> BucketOutputs:
    """The outputs of a bucket: what its cloud says about it, and what the plan does."""
    return BucketOutputs(
        name=_output(name),
        url=_output(url),
        resourceId=_output(resource_id),
        location=_output(location),
        encryptionKey=_output(encryption_key),
        compression=plan.compression,
        keep=plan.keep,
        usage=usage(plan),
    )


def _output(value: Input[_Value]) -> Output[_Value]:
    """The value as an output. One that is one already stays as it is: the SDK would put two more around it, each of which costs time."""
    return cast("Output[_Value]", value) if isinstance(value, Output) else Output.from_input(value)


def usage(plan: BucketPlan) -> dict[str, Any]:
    """The bucket's usage bands, None where unknown: an output of its component, and an input, since a preview shows inputs only."""
    return {to_camel(quantity): band for quantity, band in asdict(plan.usage).items()}


class NetworkOutputs(TypedDict):
    """The outputs of the network, equal on every cloud.

    id: VPC id, network's self link or ARM id. privateSubnets: ids (Google: self links) in the order of the plan's private subnets.
    zones: names of the zones in use.
    """

    id: Output[str]
    privateSubnets: Output[list[str]]
    zones: list[str]
    usage: dict[str, Any]


class ClusterOutputs(TypedDict):
    """The outputs of the cluster, equal on every cloud.

    endpoint: where its API answers. kubeconfig: for kubectl and the Kubernetes provider; it names a log-in helper and holds no secret.
    identityIssuer: the OpenID Connect issuer (AWS, Azure) or workload identity pool (Google) that pods' identities come from.
    """

    name: Output[str]
    endpoint: Output[str]
    version: Output[str]
    kubeconfig: Output[str]
    identityIssuer: Output[str]
    usage: dict[str, Any]


class NodePoolOutputs(TypedDict):
    """The outputs of one node pool, equal on every cloud: its machine, its rungs' names in the cloud, and what a pod says to land on it.

    capacity: what each rung of its ladder is, in order.
    """

    machine: str
    capacity: list[str]
    rungs: dict[str, Output[str]]
    resource: str
    resourcesPerNode: int
    selector: dict[str, str]
    tolerations: list[dict[str, str]]
    usage: dict[str, Any]


class KubernetesOutputs(TypedDict):
    """What was put into the cluster: versions of its add-ons, namespaces of its teams, and the pool that each workload lands on."""

    addOns: dict[str, str]
    namespaces: dict[str, Output[str]]
    workloads: dict[str, str]


class RegistryOutputs(TypedDict):
    """The outputs of the container registry. address: what an image's name begins with; repositories: address of each, by its name."""

    address: Output[str]
    repositories: dict[str, Output[str]]


class EndpointOutputs(TypedDict):
    """The outputs of one endpoint, equal on every platform.

    url: where it answers. name: as its platform knows it. stable, canary, shadow: model versions, None where there is none.
    weights: percent of the traffic that callers see, by model version. alarms: ids of its alarms, by kind.
    """

    url: Output[str]
    name: Output[str]
    platform: str
    stable: str
    canary: str | None
    shadow: str | None
    weights: dict[str, float]
    alarms: dict[str, Output[str]]
    usage: dict[str, Any]


class DeploymentOutputs(TypedDict, total=False):
    """What a deployment exports: per concept, the outputs of each of its components under its name in the environment file.

    A concept that the environment does not have is left out.
    """

    storage: dict[str, BucketOutputs]
    network: NetworkOutputs
    cluster: ClusterOutputs
    nodePools: dict[str, NodePoolOutputs]
    kubernetes: KubernetesOutputs
    registry: RegistryOutputs
    endpoints: dict[str, EndpointOutputs]


def node_pool_outputs(plan: NodePoolPlan, rungs: Mapping[str, Input[str]]) -> NodePoolOutputs:
    """The outputs of a node pool; rungs: the cloud's name of each rung, under the rung's own."""
    return NodePoolOutputs(
        machine=plan.machine.instance_type,
        capacity=_ladder(plan),
        rungs={name: _output(found) for name, found in rungs.items()},
        resource=plan.resource,
        resourcesPerNode=plan.resources_per_node,
        selector=dict(plan.selector),
        tolerations=[{key: value for key, value in asdict(each).items() if value} for each in plan.tolerations],
        usage=pool_usage(plan),
    )


def pool_inputs(plan: NodePoolPlan) -> dict[str, Any]:
    """What a pool's component tells of itself: its usage, and its ladder, by which whoever prices the rungs knows which is filled first."""
    return {"usage": pool_usage(plan), "capacity": _ladder(plan)}


def _ladder(plan: NodePoolPlan) -> list[str]:
    return [rung.capacity for rung in plan.rungs]


def pool_usage(plan: NodePoolPlan) -> dict[str, Any]:
    """The pool's usage bands, as a component's input and output."""
    return {"nodes": asdict(plan.usage.nodes)}


def endpoint_outputs(plan: EndpointPlan, *, url: Input[str], name: Input[str], alarms: Mapping[str, Input[str]]) -> EndpointOutputs:
    """The outputs of an endpoint: what its platform says about it, and what the plan does."""
    by_role = {variant.role: variant.model.name for variant in plan.variants}
    return EndpointOutputs(
        url=_output(url),
        name=_output(name),
        platform=plan.platform,
        stable=by_role["stable"],
        canary=by_role.get("canary"),
        shadow=by_role.get("shadow"),
        weights={variant.model.name: variant.weight_percent for variant in plan.variants if variant.role != "shadow"},
        alarms={kind: _output(found) for kind, found in alarms.items()},
        usage=endpoint_usage(plan),
    )


def endpoint_usage(plan: EndpointPlan) -> dict[str, Any]:
    """The endpoint's usage bands, as a component's input and output; `of` has those of each variant, and of a rollout, under its name.

    replicas: of all that answer; a shadow's stand under its own name only.
    """
    asked = {to_camel(quantity): band for quantity, band in asdict(plan.usage).items()}
    variants = {variant.name: _variant_usage(plan, variant) for variant in plan.variants}
    answering = [variant.cost_replicas for variant in plan.variants if variant.role != "shadow"]
    levels = ("low", "expected", "high")
    replicas = {level: sum(getattr(each, level) for each in answering) for level in levels}
    return {**asked, "replicas": replicas, "of": {**variants, **_rollout_usage(plan)}}


def _rollout_usage(plan: EndpointPlan) -> dict[str, Any]:
    """What is told of what takes a canary through its shares: without it, it would be taken to start with each request."""
    rollout = plan.rollout.canary
    if rollout is None:
        return {}
    logged = asdict(rollout.logged_gib_per_month)
    told = {"requestsPerMonth": asdict(rollout.starts_per_month), "ingestedGibPerMonth": logged, "scannedGibPerMonth": logged}
    return {f"{plan.name}-rollout": told}


def _variant_usage(plan: EndpointPlan, variant: VariantPlan) -> dict[str, Any]:
    share = (variant.mirror_percent if variant.role == "shadow" else variant.weight_percent) / 100
    requests = {level: amount * share for level, amount in asdict(plan.usage.requests_per_second).items()}
    return {"replicas": asdict(variant.cost_replicas), "requestsPerSecond": requests}
