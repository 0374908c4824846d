"""How many machines a deployment of Azure Machine Learning has: Azure Monitor's autoscaler moves them.

Source: Microsoft Learn, "Autoscale online endpoints" and "Autoscale settings: multiple profiles".
"""

import json
import math
from dataclasses import dataclass
from typing import cast

import pulumi_azure_native as azure
from pulumi import Input, Output, ResourceOptions

from components.azure.endpoint_home import EndpointHome
from components.azure.windows_time_zones import windows_time_zone
from plan.model import EndpointPlan, ScalingPlan, ScheduledScalePlan, VariantPlan

monitor = azure.monitor

_DAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday"}
# Under this share of the target a machine goes again: Azure takes one threshold for more and one for fewer, and they must lie apart.
_SCALE_IN_SHARE = 0.7
_SHORTEST_WINDOW = "PT5M"
_GRAIN = "PT1M"
_SHORTEST_COOLDOWN_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class _Metric:
    """A deployment's metric. each: its value is of all machines together, so Azure divides it; factor: of the plan's unit in its own."""

    name: str
    each: bool = False
    factor: float = 1


# Source: Microsoft Learn, "Supported metrics for Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments".
_METRICS = {
    "cpuUtilization": _Metric(name="CpuUtilizationPercentage"),
    "gpuUtilization": _Metric(name="GpuUtilizationPercentage"),
    "latency": _Metric(name="RequestLatency_P95"),
    "requests": _Metric(name="RequestsPerMinute", each=True, factor=60),
}


def scale_deployment(
    plan: EndpointPlan, variant: VariantPlan, deployment_id: Output[str], home: EndpointHome, opts: ResourceOptions
) -> monitor.AutoscaleSetting:
    """Let the autoscaler move a deployment's machines between the plan's bounds, and between others while a schedule holds."""
    rules = _rules(plan.scaling, variant, deployment_id)
    usual = _capacity(variant.min_replicas, variant.max_replicas)
    profiles = [monitor.AutoscaleProfileArgs(name="default", capacity=usual, rules=rules)]
    for schedule in plan.scaling.schedules:
        profiles += _scheduled(schedule, usual, rules)
    return monitor.AutoscaleSetting(
        f"{variant.name}-autoscaler",
        resource_group_name=home.resource_group_name,
        location=home.location,
        target_resource_uri=deployment_id,
        enabled=True,
        profiles=profiles,
        tags=plan.labels,
        opts=opts,
    )


def _rules(scaling: ScalingPlan, variant: VariantPlan, deployment_id: Input[str]) -> list[monitor.ScaleRuleArgs]:
    metric = _METRICS[scaling.metric]
    target = variant.target * metric.factor

    def rule(operator: str, threshold: float, direction: str, cooldown_seconds: int) -> monitor.ScaleRuleArgs:
        return monitor.ScaleRuleArgs(
            metric_trigger=monitor.MetricTriggerArgs(
                metric_name=metric.name,
                metric_resource_uri=deployment_id,
                operator=monitor.ComparisonOperationType(operator),
                threshold=threshold,
                statistic=cast(monitor.MetricStatisticType, monitor.MetricStatisticType.AVERAGE),
                time_aggregation=cast(monitor.TimeAggregationType, monitor.TimeAggregationType.AVERAGE),
                time_grain=_GRAIN,
                time_window=_SHORTEST_WINDOW,
                divide_per_instance=metric.each,
            ),
            scale_action=monitor.ScaleActionArgs(
                direction=monitor.ScaleDirection(direction),
                type=cast(monitor.ScaleType, monitor.ScaleType.PERCENT_CHANGE_COUNT),
                value=str(scaling.max_step_percent),
                cooldown=_cooldown(cooldown_seconds),
            ),
        )

    return [
        rule("GreaterThan", target, "Increase", scaling.scale_out_seconds),
        rule("LessThan", target * _SCALE_IN_SHARE, "Decrease", scaling.scale_in_seconds),
    ]


def _cooldown(seconds: int) -> str:
    return f"PT{math.ceil(max(seconds, _SHORTEST_COOLDOWN_SECONDS) / 60)}M"


def _capacity(least: int, most: int) -> monitor.ScaleCapacityArgs:
    # The default holds where metrics are missing: never fewer than were asked for.
    return monitor.ScaleCapacityArgs(minimum=str(least), maximum=str(most), default=str(least))


def _scheduled(
    schedule: ScheduledScalePlan, usual: monitor.ScaleCapacityArgs, rules: list[monitor.ScaleRuleArgs]
) -> list[monitor.AutoscaleProfileArgs]:
    """Azure's recurring profiles begin and never end, so the usual one begins again when a schedule is over.

    The name by which Azure knows that one is its own: Microsoft Learn, "Autoscale settings: multiple profiles".
    """
    back = json.dumps({"name": "Auto created default scale condition", "for": schedule.name})
    overnight = (schedule.end_hour, schedule.end_minute) <= (schedule.start_hour, schedule.start_minute)
    ends = _following(schedule.days) if overnight else schedule.days
    return [
        monitor.AutoscaleProfileArgs(
            name=schedule.name,
            capacity=_capacity(schedule.min_replicas, schedule.max_replicas),
            rules=rules,
            recurrence=_weekly(schedule, schedule.days, schedule.start_hour, schedule.start_minute),
        ),
        monitor.AutoscaleProfileArgs(
            name=back, capacity=usual, rules=rules, recurrence=_weekly(schedule, ends, schedule.end_hour, schedule.end_minute)
        ),
    ]


def _following(days: tuple[str, ...]) -> tuple[str, ...]:
    week = tuple(_DAYS)
    return tuple(week[(week.index(day) + 1) % len(week)] for day in days)


def _weekly(schedule: ScheduledScalePlan, days: tuple[str, ...], hour: int, minute: int) -> monitor.RecurrenceArgs:
    return monitor.RecurrenceArgs(
        frequency=cast(monitor.RecurrenceFrequency, monitor.RecurrenceFrequency.WEEK),
        schedule=monitor.RecurrentScheduleArgs(
            days=[_DAYS[day] for day in days], hours=[hour], minutes=[minute], time_zone=windows_time_zone(schedule.time_zone)
        ),
    )
