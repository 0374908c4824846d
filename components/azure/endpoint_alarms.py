"""Alarms of an endpoint on Azure, by Azure Monitor.

Latency and saturation are metrics. A share of errors is none, nor does a metric without values ring: these two are asked of the
endpoint's traffic log. Source: Microsoft Learn, "Monitor online endpoints" and "AmlOnlineEndpointTrafficLog".
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_azure_native as azure
from pulumi import Output, ResourceOptions

from components.azure.endpoint_deployment import deployment_name
from components.azure.endpoint_home import EndpointHome
from plan.model import AlarmPlan, EndpointPlan, VariantPlan

monitor = azure.monitor

_TRAFFIC_LOG = "AmlOnlineEndpointTrafficLog"
_ENDPOINTS = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
# Minutes over which Azure Monitor looks. Source: Azure Monitor REST API, Metric Alerts and Scheduled Query Rules, windowSize.
_METRIC_WINDOWS = (1, 5, 15, 30, 60, 360, 720, 1440)
_QUERY_WINDOWS = (1, 5, 10, 15, 30, 45, 60, 120, 180, 240, 300, 360, 1440)
# As the API of query rules spells them; the SDK's enumeration of this name is another service's.
_MORE_THAN, _LESS_THAN = "GreaterThan", "LessThan"
# An alarm that ends a rollout is an error, others are warnings.
_SEVERITIES = {True: 1, False: 2}


@dataclass(frozen=True, kw_only=True)
class EndpointUnderWatch:
    """An endpoint and its deployments by their variants' names."""

    name: str
    plan: EndpointPlan
    endpoint_id: Output[str]
    deployments: Mapping[str, azure.machinelearningservices.OnlineDeployment]


def build_alarms(watched: EndpointUnderWatch, home: EndpointHome, opts: ResourceOptions) -> dict[str, Output[str]]:
    """Build the plan's alarms and the log that they read; their ids by kind, of saturation the stable version's."""
    if any(alarm.kind in ("errorRate", "noTraffic") for alarm in watched.plan.alarms):
        _record_traffic(watched, home, opts)
    return {alarm.kind: _build(watched, alarm, home, opts) for alarm in watched.plan.alarms}


def _build(watched: EndpointUnderWatch, alarm: AlarmPlan, home: EndpointHome, opts: ResourceOptions) -> Output[str]:
    if alarm.kind == "p95":
        return _latency(watched, alarm, home, opts)
    if alarm.kind == "saturation":
        built = [_saturation(watched, variant, alarm, home, opts) for variant in watched.plan.variants]
        return built[0]
    return _query(watched, alarm, home, opts)


def _record_traffic(watched: EndpointUnderWatch, home: EndpointHome, opts: ResourceOptions) -> None:
    monitor.DiagnosticSetting(
        f"{watched.name}-traffic-log",
        resource_uri=watched.endpoint_id,
        workspace_id=home.logs_id,
        log_analytics_destination_type="Dedicated",
        logs=[monitor.DiagnosticsLogSettingsArgs(category=_TRAFFIC_LOG, enabled=True)],
        opts=opts,
    )


def _latency(watched: EndpointUnderWatch, alarm: AlarmPlan, home: EndpointHome, opts: ResourceOptions) -> Output[str]:
    """Each version that callers see is looked at by itself, so that a slow canary is not hidden by the stable version."""
    live = [deployment_name(variant) for variant in watched.plan.variants if variant.role != "shadow"]
    criterion = monitor.MetricCriteriaArgs(
        criterion_type="StaticThresholdCriterion",
        name="p95",
        metric_name="RequestLatency_P95",
        metric_namespace=_ENDPOINTS,
        operator=monitor.Operator.GREATER_THAN,
        threshold=alarm.threshold,
        time_aggregation=monitor.AggregationTypeEnum.AVERAGE,
        dimensions=[monitor.MetricDimensionArgs(name="deployment", operator="Include", values=live)],
    )
    return _metric_alert(f"{watched.name}-p95", watched.endpoint_id, criterion, watched, alarm, home, opts)


def _saturation(
    watched: EndpointUnderWatch, variant: VariantPlan, alarm: AlarmPlan, home: EndpointHome, opts: ResourceOptions
) -> Output[str]:
    criterion = monitor.MetricCriteriaArgs(
        criterion_type="StaticThresholdCriterion",
        name="saturation",
        metric_name="GpuUtilizationPercentage" if variant.accelerators else "CpuUtilizationPercentage",
        metric_namespace=f"{_ENDPOINTS}/deployments",
        operator=monitor.Operator.GREATER_THAN,
        threshold=alarm.threshold,
        time_aggregation=monitor.AggregationTypeEnum.AVERAGE,
        # A version that was just made has sent no metric yet.
        skip_metric_validation=True,
    )
    scope = watched.deployments[variant.name].id
    return _metric_alert(f"{variant.name}-saturation", scope, criterion, watched, alarm, home, opts)


def _metric_alert(
    name: str,
    scope: Output[str],
    criterion: monitor.MetricCriteriaArgs,
    watched: EndpointUnderWatch,
    alarm: AlarmPlan,
    home: EndpointHome,
    opts: ResourceOptions,
) -> Output[str]:
    built = monitor.MetricAlert(
        name,
        resource_group_name=home.resource_group_name,
        location="global",
        scopes=[scope],
        enabled=True,
        severity=_SEVERITIES[alarm.rollback],
        # Azure looks at one window; a threshold held for so many periods is their average over it.
        evaluation_frequency=_minutes(_METRIC_WINDOWS, min(alarm.period_seconds, 3_600)),
        window_size=_minutes(_METRIC_WINDOWS, alarm.period_seconds * alarm.periods),
        criteria=monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs(
            odata_type="Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria", all_of=[criterion]
        ),
        actions=[monitor.MetricAlertActionArgs(action_group_id=group) for group in watched.plan.notify],
        tags=watched.plan.labels,
        opts=opts,
    )
    return built.id


def _query(watched: EndpointUnderWatch, alarm: AlarmPlan, home: EndpointHome, opts: ResourceOptions) -> Output[str]:
    built = monitor.ScheduledQueryRule(
        f"{watched.name}-{'errors' if alarm.kind == 'errorRate' else 'no-traffic'}",
        resource_group_name=home.resource_group_name,
        location=home.location,
        kind=monitor.Kind.LOG_ALERT,
        scopes=[home.logs_id],
        enabled=True,
        severity=_SEVERITIES[alarm.rollback],
        evaluation_frequency=_minutes(_QUERY_WINDOWS, alarm.period_seconds),
        window_size=_minutes(_QUERY_WINDOWS, alarm.period_seconds * (alarm.periods if alarm.kind == "noTraffic" else 1)),
        criteria=monitor.ScheduledQueryRuleCriteriaArgs(all_of=[_condition(watched, alarm)]),
        auto_mitigate=True,
        actions=monitor.ActionsArgs(action_groups=list(watched.plan.notify)),
        tags=watched.plan.labels,
        opts=opts,
    )
    return built.id


def _condition(watched: EndpointUnderWatch, alarm: AlarmPlan) -> monitor.ConditionArgs:
    requests = Output.concat(_TRAFFIC_LOG, ' | where _ResourceId =~ "', watched.endpoint_id, '"')
    if alarm.kind == "noTraffic":
        return monitor.ConditionArgs(
            query=requests,
            time_aggregation=monitor.TimeAggregation.COUNT,
            operator=_LESS_THAN,
            threshold=alarm.threshold,
            # Azure counts six periods at most, and nothing in all of them is nothing in one window as long.
            failing_periods=_in_a_row(1),
        )
    share = " | summarize failed = countif(toint(ResponseCode) >= 500), asked = count() | project errorPercent = 100.0 * failed / asked"
    return monitor.ConditionArgs(
        query=Output.concat(requests, share),
        time_aggregation=monitor.TimeAggregation.AVERAGE,
        metric_measure_column="errorPercent",
        operator=_MORE_THAN,
        threshold=alarm.threshold,
        failing_periods=_in_a_row(alarm.periods),
    )


def _in_a_row(periods: int) -> monitor.ConditionFailingPeriodsArgs:
    return monitor.ConditionFailingPeriodsArgs(number_of_evaluation_periods=periods, min_failing_periods_to_alert=periods)


def _minutes(allowed: tuple[int, ...], seconds: int) -> str:
    """The shortest window that Azure allows and that is as long as this."""
    wanted = math.ceil(seconds / 60)
    return f"PT{next((each for each in allowed if each >= wanted), allowed[-1])}M"
