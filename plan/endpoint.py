"""Plans the endpoints: where each stands, what serves it, how its versions take over, who may call it and what watches it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from catalogue.regions import Region
from environment.endpoint import Autoscaling, Endpoint
from environment.model import Environment
from plan.contents_request import nearest
from plan.endpoint_access import plan_access
from plan.endpoint_alarms import plan_alarms
from plan.endpoint_canary import plan_canary, shares_percent, stable_share
from plan.endpoint_capture import plan_asynchronous, plan_capture, plan_endpoint_usage
from plan.endpoint_platform import KUBERNETES, Place, place, timeout_seconds
from plan.endpoint_refusals import allows, has_add_on, within
from plan.endpoint_request import EndpointRequest
from plan.endpoint_rollout import check_versions, plan_rollout
from plan.endpoint_scaling import plan_scaling, scaling_metric
from plan.endpoint_sizing import size
from plan.findings import Findings
from plan.model import BucketPlan, EndpointPlan, NodePoolPlan, VariantPlan

# Words that say what a version is to an endpoint, or what it stands on: as a name each would be read as that.
_RESERVED = ("canary", "managed", "shadow", "stable")

_ROUTES = "Gateway API, HTTPRoute, routes that conflict: https://gateway-api.sigs.k8s.io/api-types/httproute/"


@dataclass(frozen=True, kw_only=True)
class _Version:
    """A model version of an endpoint. share: percent of the requests that it must be able to answer; weight: that it gets, at first.

    mirrored: percent of the requests that are copied to it.
    """

    role: str
    model: str
    share: float = 0.0
    weight: float = 0.0
    mirrored: float = 0.0


def plan_endpoints(
    environment: Environment,
    region: Region | None,
    buckets: Sequence[BucketPlan],
    node_pools: Sequence[NodePoolPlan],
    labels: Mapping[str, str],
    findings: Findings,
) -> tuple[EndpointPlan, ...]:
    """Every endpoint that has no fault, ordered by name.

    region is None when the environment's region is unknown, and on any cluster; buckets and node_pools lack those that are faulty.
    """
    _decide_unused(environment, findings)
    _check_names(environment, findings)
    _check_hosts(environment, findings)
    asked = sorted(environment.endpoints.items())
    planned = (_planned(environment, region, buckets, node_pools, labels, name, endpoint, findings) for name, endpoint in asked)
    return tuple(endpoint for endpoint in planned if endpoint is not None)


def _planned(
    environment: Environment,
    region: Region | None,
    buckets: Sequence[BucketPlan],
    node_pools: Sequence[NodePoolPlan],
    labels: Mapping[str, str],
    name: str,
    endpoint: Endpoint,
    findings: Findings,
) -> EndpointPlan | None:
    where = place(environment, name, endpoint, node_pools, findings)
    if where is None:
        return None
    request = EndpointRequest(
        environment=environment,
        cloud=environment.cloud,
        stage=environment.stage,
        region=region,
        name=name,
        endpoint=endpoint,
        platform=where.platform,
        pool=where.pool,
        pools=node_pools,
        buckets=buckets,
        labels=labels,
        findings=findings,
    )
    return _plan(request, where)


def _plan(request: EndpointRequest, where: Place) -> EndpointPlan | None:
    column = where.column
    known = len(request.findings.faults)
    check_versions(request, column)
    _check_accelerators(request, column)
    metric = scaling_metric(request, column)
    access = plan_access(request, column)
    capture = plan_capture(request, column, request.buckets)
    asynchronous = plan_asynchronous(request, column, request.buckets)
    variants = _variants(request, metric)
    stable = variants[0] if variants else None
    scaling = plan_scaling(request, column, metric, stable)
    rollout = replace(plan_rollout(request, column), canary=plan_canary(request, column))
    alarms = plan_alarms(request, column, scales_to_zero=scaling.scale_to_zero)
    if stable is None or len(request.findings.faults) > known:
        return None
    return EndpointPlan(
        name=request.name,
        platform=where.platform,
        labels={**request.labels, **({"drydock/team": where.team} if where.team else {})},
        variants=variants,
        scaling=scaling,
        rollout=rollout,
        access=access,
        alarms=alarms,
        usage=plan_endpoint_usage(request),
        timeout_seconds=timeout_seconds(request.name, request.endpoint, where.platform, request.findings),
        notify=request.endpoint.alarms.notify if request.endpoint.alarms else (),
        capture=capture,
        asynchronous=asynchronous,
        team=where.team,
        namespace=where.namespace,
        pool=where.pool.name if where.pool else "",
        selector=where.pool.selector if where.pool else {},
        tolerations=where.pool.tolerations if where.pool else (),
        resource=where.pool.resource if where.pool else "",
        gateway=where.platform == KUBERNETES and has_add_on(request, "gateway"),
    )


def _variants(request: EndpointRequest, metric: str) -> tuple[VariantPlan, ...]:
    """The endpoint's versions, sized, stable first; none where one of them is faulty or unknown."""
    endpoint = request.endpoint
    # What is sized must be sized for the metric that is followed, whoever chose it.
    wish = (endpoint.autoscaling or Autoscaling()).model_copy(update={"metric": metric})
    sized_for = replace(request, endpoint=endpoint.model_copy(update={"autoscaling": wish}))
    planned = [_variant(sized_for, version) for version in _versions(endpoint) if _is_known(request, version)]
    variants = tuple(variant for variant in planned if variant is not None)
    return variants if len(variants) == len(_versions(endpoint)) else ()


def _variant(request: EndpointRequest, version: _Version) -> VariantPlan | None:
    model = request.environment.models[version.model]
    variant = size(request, version.role, version.model, model, (version.share + version.mirrored) / 100)
    return None if variant is None else replace(variant, weight_percent=version.weight, mirror_percent=version.mirrored)


def _versions(endpoint: Endpoint) -> tuple[_Version, ...]:
    canary, shadow = endpoint.canary, endpoint.shadow
    first = shares_percent(canary)[0] if canary else 0.0
    return (
        _Version(role="stable", model=endpoint.model, share=stable_share(canary), weight=100 - first),
        *((_Version(role="canary", model=canary.model, share=canary.percent, weight=first),) if canary else ()),
        *((_Version(role="shadow", model=shadow.model, mirrored=shadow.percent),) if shadow else ()),
    )


def _is_known(request: EndpointRequest, version: _Version) -> bool:
    models = request.environment.models
    if version.model in models:
        return True
    field = "model" if version.role == "stable" else f"{version.role}.model"
    near = nearest(version.model, models)
    fix = f"write model: {near}" if near else f"add {version.model} under models"
    allowed = " | ".join(sorted(models)) or "a version under models"
    request.fault(field, version.model, "is no model version of this environment", allowed=allowed, fix=fix)
    return False


def _check_accelerators(request: EndpointRequest, column: str) -> None:
    asked = request.endpoint.accelerators
    if asked and allows(request, column, "gpu", "accelerators", asked, fix="remove accelerators"):
        within(request, column, "gpu", "accelerators", asked, unit="a replica")


def _decide_unused(environment: Environment, findings: Findings) -> None:
    used = {version.model for endpoint in environment.endpoints.values() for version in _versions(endpoint)}
    for name in sorted(set(environment.models) - used):
        findings.decide(f"models.{name}", "not deployed", "no endpoint serves it; it stays in the file for a promotion or a rollback")


def _check_names(environment: Environment, findings: Findings) -> None:
    """Faults names that say something else, and versions of two endpoints whose names become one."""
    owners: dict[str, str] = {}
    for name, endpoint in sorted(environment.endpoints.items()):
        if name in _RESERVED:
            problem = "is a word for what a version is, or for where an endpoint stands"
            findings.fault(f"endpoints.{name}", name, problem, allowed=f"any name but {', '.join(_RESERVED)}", fix="rename the endpoint")
        for variant in {f"{name}-{version.model}" for version in _versions(endpoint)}:
            other = owners.setdefault(variant, name)
            if other != name:
                problem = f"with its version becomes {variant}, as {other} with its own does"
                findings.fault(f"endpoints.{name}", name, problem, allowed="names that differ", fix="rename one of the two")


def _check_hosts(environment: Environment, findings: Findings) -> None:
    """Faults a host name of two endpoints: their routes would meet, and the older one would answer for both."""
    owners: dict[str, str] = {}
    for name, endpoint in sorted(environment.endpoints.items()):
        tls = endpoint.access.tls if endpoint.access else None
        other = owners.setdefault(tls.host, name) if tls else name
        if tls and other != name:
            problem = f"is the host of {other} too, and one of the two would never be asked"
            fix = "write another host"
            path = f"endpoints.{name}.access.tls.host"
            findings.fault(path, tls.host, problem, allowed="a host of its own", fix=fix, source=_ROUTES)
