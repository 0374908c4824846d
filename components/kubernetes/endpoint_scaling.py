"""How many replicas a variant has: by Kubernetes' own autoscaler for processors, else by KEDA, which asks Prometheus and the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.apps.v1 import Deployment
from pulumi_kubernetes.autoscaling.v2 import (
    CrossVersionObjectReferenceArgs,
    HorizontalPodAutoscaler,
    HorizontalPodAutoscalerBehaviorArgs,
    HorizontalPodAutoscalerSpecArgs,
    HPAScalingPolicyArgs,
    HPAScalingRulesArgs,
    MetricSpecArgs,
    MetricTargetArgs,
    ResourceMetricSourceArgs,
)

from components.kubernetes.endpoint_metrics import question
from components.kubernetes.endpoint_spec import EndpointSpec
from plan.model import ScheduledScalePlan, VariantPlan

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# Kubernetes API reference, HPAScalingPolicy and HPAScalingRules: bounds of periodSeconds and stabilizationWindowSeconds.
_LONGEST_PERIOD_SECONDS, _LONGEST_WINDOW_SECONDS = 1800, 3600
_POLLING_SECONDS = 15
# Questions that remain without an answer, after which as many replicas run as the variant starts with.
_FAILURES = 4


def is_scaled(spec: EndpointSpec, variant: VariantPlan) -> bool:
    """Whether an autoscaler says how many replicas there are."""
    return variant.min_replicas != variant.max_replicas or bool(_schedules(spec, variant))


def scale(spec: EndpointSpec, variant: VariantPlan, deployment: Deployment) -> None:
    """Let the variant's replicas follow the endpoint's metric, and its schedules."""
    if not is_scaled(spec, variant):
        return
    scaling = spec.plan.scaling
    if scaling.metric == "cpuUtilization" and not scaling.scale_to_zero and not _schedules(spec, variant):
        _by_kubernetes(spec, variant, deployment)
    else:
        _by_keda(spec, variant, deployment)


def _schedules(spec: EndpointSpec, variant: VariantPlan) -> Sequence[ScheduledScalePlan]:
    """They are of the endpoint, and so of the version that carries it."""
    return spec.plan.scaling.schedules if variant.role == "stable" else ()


def _by_kubernetes(spec: EndpointSpec, variant: VariantPlan, deployment: Deployment) -> None:
    target = MetricTargetArgs(type="Utilization", average_utilization=round(variant.target))
    HorizontalPodAutoscaler(
        f"{variant.name}-autoscaler",
        metadata=spec.of(variant),
        spec=HorizontalPodAutoscalerSpecArgs(
            scale_target_ref=CrossVersionObjectReferenceArgs(api_version="apps/v1", kind="Deployment", name=deployment.metadata.name),
            min_replicas=variant.min_replicas,
            max_replicas=variant.max_replicas,
            metrics=[MetricSpecArgs(type="Resource", resource=ResourceMetricSourceArgs(name="cpu", target=target))],
            behavior=HorizontalPodAutoscalerBehaviorArgs(scale_up=_rules(_out(spec)), scale_down=_rules(_in(spec))),
        ),
        opts=spec.after(deployment),
    )


@dataclass(frozen=True, kw_only=True)
class _Steps:
    """How fast replicas come or go: by so many percent in each period, and by none while a change within the window was wanted."""

    percent: int
    period_seconds: int
    window_seconds: int


def _out(spec: EndpointSpec) -> _Steps:
    scaling = spec.plan.scaling
    return _Steps(percent=scaling.max_step_percent, period_seconds=_period(scaling.scale_out_seconds), window_seconds=0)


def _in(spec: EndpointSpec) -> _Steps:
    scaling = spec.plan.scaling
    window = min(scaling.scale_in_seconds, _LONGEST_WINDOW_SECONDS)
    return _Steps(percent=min(100, scaling.max_step_percent), period_seconds=_period(scaling.scale_in_seconds), window_seconds=window)


def _period(seconds: int) -> int:
    return min(max(1, seconds), _LONGEST_PERIOD_SECONDS)


def _rules(steps: _Steps) -> HPAScalingRulesArgs:
    policy = HPAScalingPolicyArgs(type="Percent", value=steps.percent, period_seconds=steps.period_seconds)
    return HPAScalingRulesArgs(stabilization_window_seconds=steps.window_seconds, policies=[policy])


def _by_keda(spec: EndpointSpec, variant: VariantPlan, deployment: Deployment) -> None:
    """KEDA's ScaledObject. Source: KEDA documentation, "ScaledObject specification"."""
    schedules = _schedules(spec, variant)
    trigger = _trigger(spec, variant)
    behavior = {"scaleUp": _written(_out(spec)), "scaleDown": _written(_in(spec))}
    asked = trigger["type"] == "prometheus" and trigger["metricType"] == "AverageValue" and not spec.plan.scaling.scale_to_zero
    CustomResource(
        f"{variant.name}-autoscaler",
        api_version="keda.sh/v1alpha1",
        kind="ScaledObject",
        metadata=spec.of(variant),
        spec={
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": deployment.metadata.apply(lambda made: made.name)},
            "pollingInterval": _POLLING_SECONDS,
            "cooldownPeriod": spec.plan.scaling.scale_in_seconds,
            "minReplicaCount": min([variant.min_replicas, *(each.min_replicas for each in schedules)]),
            "maxReplicaCount": max([variant.max_replicas, *(each.max_replicas for each in schedules)]),
            **({"fallback": {"failureThreshold": _FAILURES, "replicas": variant.initial_replicas}} if asked else {}),
            "advanced": {"horizontalPodAutoscalerConfig": {"behavior": behavior}},
            "triggers": [trigger, *(_clock(variant, each) for each in schedules)],
        },
        opts=spec.after(deployment),
    )


def _written(steps: _Steps) -> dict[str, Any]:
    policy = {"type": "Percent", "value": steps.percent, "periodSeconds": steps.period_seconds}
    return {"stabilizationWindowSeconds": steps.window_seconds, "policies": [policy]}


def _trigger(spec: EndpointSpec, variant: VariantPlan) -> dict[str, Any]:
    metric, target = spec.plan.scaling.metric, f"{variant.target:g}"
    if metric == "cpuUtilization":
        return {"type": "cpu", "metricType": "Utilization", "metadata": {"value": target}}
    assert spec.on.inside.prometheus is not None
    return {
        "type": "prometheus",
        # A latency is not shared out among replicas; every other amount is.
        "metricType": "Value" if metric == "latency" else "AverageValue",
        "metadata": {
            "serverAddress": spec.on.inside.prometheus.address,
            "query": question(spec, variant),
            "threshold": target,
            # What nobody counts is not nought: replicas stay as the variant starts, and the ScaledObject says why.
            "ignoreNullValues": "true" if spec.plan.scaling.scale_to_zero else "false",
        },
    }


def _clock(variant: VariantPlan, schedule: ScheduledScalePlan) -> dict[str, Any]:
    """A floor while a schedule holds. One that lowers the floor is turned round: outside of it the usual one holds.

    Source: KEDA documentation, "Cron": the greatest of all triggers wins, so that a trigger can raise and never lower.
    """
    overnight = (schedule.end_hour, schedule.end_minute) <= (schedule.start_hour, schedule.start_minute)
    start = _cron(schedule.start_minute, schedule.start_hour, schedule.days)
    end = _cron(schedule.end_minute, schedule.end_hour, _next(schedule.days) if overnight else schedule.days)
    raises = schedule.min_replicas >= variant.min_replicas
    first, last = (start, end) if raises else (end, start)
    desired = str(max(schedule.min_replicas, variant.min_replicas))
    return {"type": "cron", "metadata": {"timezone": schedule.time_zone, "start": first, "end": last, "desiredReplicas": desired}}


def _cron(minute: int, hour: int, days: Sequence[str]) -> str:
    return f"{minute} {hour} * * {','.join(str(_DAYS.index(day)) for day in days)}"


def _next(days: Sequence[str]) -> tuple[str, ...]:
    return tuple(_DAYS[(_DAYS.index(day) + 1) % len(_DAYS)] for day in days)
