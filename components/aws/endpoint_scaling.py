"""Autoscaling of an endpoint's variants: bounds, what they follow, and other bounds at planned hours."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.aws.endpoint_metrics import (
    INVOCATIONS,
    MICROSECONDS_PER_MILLISECOND,
    SECONDS_PER_MINUTE,
    Utilization,
    dimensions,
    utilization,
)
from components.aws.endpoint_spec import EndpointSpec
from components.aws.endpoint_wake import wake
from plan.model import ScheduledScalePlan, VariantPlan

_NAMESPACE, _DIMENSION = "sagemaker", "sagemaker:variant:DesiredInstanceCount"
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_Tracking = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs
_Customized = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgs


def scaled_variants(spec: EndpointSpec) -> tuple[VariantPlan, ...]:
    """The variants that are scaled: those that callers reach, where their bounds leave room."""
    return tuple(variant for variant in spec.production if variant.min_replicas < variant.max_replicas or spec.plan.scaling.schedules)


def scaled_machines(spec: EndpointSpec, configuration: aws.sagemaker.EndpointConfiguration) -> pulumi.Stash:
    """What the scaled variants run on; the endpoint waits for it, and the registrations of variants name it.

    It waits for the new configuration, so that nothing is without scaling while models and roles are still made.

    SageMaker refuses an update that takes a registered variant away or changes its machine. When this changes, the engine deletes it before
    it makes it anew, and so first what names it: registrations go, the endpoint changes, registrations come again.
    Source: Amazon SageMaker Developer Guide, "Update endpoints that use auto scaling".
    """
    options = ResourceOptions(replace_on_changes=["input"], delete_before_replace=True, depends_on=[configuration])
    machines = {variant.role: variant.machine.instance_type for variant in scaled_variants(spec)}
    return pulumi.Stash(f"{spec.name}-scaled-machines", input=machines, opts=ResourceOptions.merge(spec.opts, options))


def scale(spec: EndpointSpec, endpoint: aws.sagemaker.Endpoint, machines: pulumi.Stash) -> None:
    """Register the scaled variants, and what each follows.

    How many replicas run is Application Auto Scaling's matter from then on, and no input of ours: a change of it is no difference.
    """
    for variant in scaled_variants(spec):
        registered = _register(spec, variant, endpoint, machines)
        _follow(spec, variant, registered)
        if variant.role == "stable":
            wake(spec, registered)
            for schedule in spec.plan.scaling.schedules:
                _schedule(spec, variant, schedule, registered)


def _register(
    spec: EndpointSpec, variant: VariantPlan, endpoint: aws.sagemaker.Endpoint, machines: pulumi.Stash
) -> aws.appautoscaling.Target:
    named = Output.all(endpoint.name, machines.output).apply(lambda both: f"endpoint/{both[0]}/variant/{variant.role}")
    return aws.appautoscaling.Target(
        f"{spec.name}-{variant.role}-scaling",
        service_namespace=_NAMESPACE,
        scalable_dimension=_DIMENSION,
        resource_id=named,
        min_capacity=variant.min_replicas,
        max_capacity=variant.max_replicas,
        region=spec.on.place.region,
        tags=spec.tags(f"{variant.role}-scaling"),
        opts=spec.opts,
    )


def _follow(spec: EndpointSpec, variant: VariantPlan, registered: aws.appautoscaling.Target) -> None:
    scaling = spec.plan.scaling
    tracking = _Tracking(**_metric(spec, variant), scale_in_cooldown=scaling.scale_in_seconds, scale_out_cooldown=scaling.scale_out_seconds)
    aws.appautoscaling.Policy(
        f"{spec.name}-{variant.role}-{scaling.metric.lower()}",
        policy_type="TargetTrackingScaling",
        service_namespace=registered.service_namespace,
        scalable_dimension=registered.scalable_dimension,
        resource_id=registered.resource_id,
        target_tracking_scaling_policy_configuration=tracking,
        region=spec.on.place.region,
        opts=spec.opts,
    )


def _metric(spec: EndpointSpec, variant: VariantPlan) -> dict[str, Any]:
    """The metric and its target; requests are counted by the minute.

    Source: Application Auto Scaling API, PredefinedMetricSpecification.
    """
    predefined = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs
    name, where = spec.endpoint_name, dimensions(spec.endpoint_name, variant)
    match spec.plan.scaling.metric:
        case "requests":
            invocations = predefined(predefined_metric_type="SageMakerVariantInvocationsPerInstance")
            return {"predefined_metric_specification": invocations, "target_value": variant.target * SECONDS_PER_MINUTE}
        case "concurrency":
            at_once = predefined(predefined_metric_type="SageMakerVariantConcurrentRequestsPerModelHighResolution")
            return {"predefined_metric_specification": at_once, "target_value": variant.target}
        case "queueDepth":
            return _custom("ApproximateBacklogSizePerInstance", {"EndpointName": name}, variant.target)
        case "latency":
            return _custom("ModelLatency", where, variant.target * MICROSECONDS_PER_MILLISECOND)
        case metric:
            return _utilization(utilization(variant, gpu=metric == "gpuUtilization"), where, variant.target)


def _utilization(found: Utilization, where: Mapping[str, str], target: float) -> dict[str, Any]:
    return _custom(found.metric, where, target * found.devices, namespace="/aws/sagemaker/Endpoints")


def _custom(metric: str, where: Mapping[str, str], target: float, *, namespace: str = INVOCATIONS) -> dict[str, Any]:
    dimension = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationDimensionArgs
    specification = _Customized(
        namespace=namespace,
        metric_name=metric,
        statistic="Average",
        dimensions=[dimension(name=key, value=value) for key, value in where.items()],
    )
    return {"customized_metric_specification": specification, "target_value": target}


def _schedule(spec: EndpointSpec, variant: VariantPlan, schedule: ScheduledScalePlan, registered: aws.appautoscaling.Target) -> None:
    """Other bounds from the schedule's start, and the usual ones from its end: on the next day where it ends before it starts."""
    overnight = (schedule.end_hour, schedule.end_minute) <= (schedule.start_hour, schedule.start_minute)
    start = _cron(schedule.start_minute, schedule.start_hour, schedule.days)
    end = _cron(schedule.end_minute, schedule.end_hour, _next(schedule.days) if overnight else schedule.days)
    for moment, at, bounds in (
        ("start", start, (schedule.min_replicas, schedule.max_replicas)),
        ("end", end, (variant.min_replicas, variant.max_replicas)),
    ):
        aws.appautoscaling.ScheduledAction(
            f"{spec.name}-{schedule.name}-{moment}",
            service_namespace=registered.service_namespace,
            scalable_dimension=registered.scalable_dimension,
            resource_id=registered.resource_id,
            schedule=at,
            timezone=schedule.time_zone,
            scalable_target_action=_bounds(*bounds),
            region=spec.on.place.region,
            opts=spec.opts,
        )


def _bounds(fewest: Input[int], most: Input[int]) -> aws.appautoscaling.ScheduledActionScalableTargetActionArgs:
    return aws.appautoscaling.ScheduledActionScalableTargetActionArgs(min_capacity=fewest, max_capacity=most)


def _cron(minute: int, hour: int, days: tuple[str, ...]) -> str:
    return f"cron({minute} {hour} ? * {','.join(day.upper() for day in days)} *)"


def _next(days: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_DAYS[(_DAYS.index(day) + 1) % len(_DAYS)] for day in days)
