"""Alarms of an endpoint of Vertex AI, by Cloud Monitoring."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pulumi_gcp as gcp
from pulumi import Output, ResourceOptions

from plan.model import AlarmPlan, EndpointPlan

monitoring = gcp.monitoring

# Metrics and their units. Source: Google Cloud, "Google Cloud metrics: A to B", aiplatform.
_METRICS: Final = "aiplatform.googleapis.com/prediction/online"
_MICROSECONDS_PER_MS: Final = 1000
_PERCENT: Final = 100
_BY_DEPLOYMENT: Final = ["metric.labels.deployed_model_id"]

Threshold = gcp.monitoring.AlertPolicyConditionConditionThresholdArgs


def endpoint_alarms(name: str, plan: EndpointPlan, *, number: Output[str], opts: ResourceOptions) -> Mapping[str, Output[str]]:
    """Build the plan's alarms on the endpoint of this number; the name of each in Cloud Monitoring, by kind."""
    return {alarm.kind: _policy(name, plan, alarm, number, opts).name for alarm in plan.alarms}


def _policy(name: str, plan: EndpointPlan, alarm: AlarmPlan, number: Output[str], opts: ResourceOptions) -> gcp.monitoring.AlertPolicy:
    title = f"{name}: {alarm.kind}"
    return monitoring.AlertPolicy(
        f"{name}-{alarm.kind}",
        display_name=title,
        combiner="OR",
        conditions=[
            monitoring.AlertPolicyConditionArgs(display_name=title, condition_threshold=_CONDITIONS[alarm.kind](plan, alarm, number))
        ],
        # An alarm that ends a rollout says that the new version fails its callers.
        severity="CRITICAL" if alarm.rollback else "WARNING",
        notification_channels=list(plan.notify),
        user_labels=dict(plan.labels),
        opts=opts,
    )


def _error_rate(_plan: EndpointPlan, alarm: AlarmPlan, number: Output[str]) -> Threshold:
    """Errors of all answers, version by version, so that a canary's do not drown in the stable version's answers."""
    counted = [_aggregation(alarm, "ALIGN_DELTA", "REDUCE_SUM")]
    return Threshold(
        filter=_filter("error_count", number),
        aggregations=counted,
        denominator_filter=_filter("response_count", number),
        denominator_aggregations=[
            monitoring.AlertPolicyConditionConditionThresholdDenominatorAggregationArgs(**_aggregated(alarm, "ALIGN_DELTA", "REDUCE_SUM"))
        ],
        threshold_value=alarm.threshold / _PERCENT,
        **_lasting(alarm, "COMPARISON_GT"),
    )


def _p95(_plan: EndpointPlan, alarm: AlarmPlan, number: Output[str]) -> Threshold:
    return Threshold(
        filter=_filter("prediction_latencies", number, ' AND metric.labels.latency_type="total"'),
        aggregations=[_aggregation(alarm, "ALIGN_DELTA", "REDUCE_PERCENTILE_95")],
        threshold_value=alarm.threshold * _MICROSECONDS_PER_MS,
        **_lasting(alarm, "COMPARISON_GT"),
    )


def _saturation(plan: EndpointPlan, alarm: AlarmPlan, number: Output[str]) -> Threshold:
    used = "accelerator/duty_cycle" if plan.stable.accelerators else "cpu/utilization"
    return Threshold(
        filter=_filter(used, number),
        aggregations=[_aggregation(alarm, "ALIGN_MEAN", "REDUCE_MEAN")],
        threshold_value=alarm.threshold / _PERCENT,
        **_lasting(alarm, "COMPARISON_GT"),
    )


def _no_traffic(_plan: EndpointPlan, alarm: AlarmPlan, number: Output[str]) -> Threshold:
    return Threshold(
        filter=_filter("response_count", number),
        aggregations=[
            monitoring.AlertPolicyConditionConditionThresholdAggregationArgs(
                alignment_period=f"{alarm.period_seconds}s", per_series_aligner="ALIGN_DELTA", cross_series_reducer="REDUCE_SUM"
            )
        ],
        threshold_value=alarm.threshold,
        # Where nobody calls there is no count either, not even of nothing.
        evaluation_missing_data="EVALUATION_MISSING_DATA_ACTIVE",
        **_lasting(alarm, "COMPARISON_LT"),
    )


_CONDITIONS: Mapping[str, Callable[[EndpointPlan, AlarmPlan, Output[str]], Threshold]] = {
    "errorRate": _error_rate,
    "p95": _p95,
    "saturation": _saturation,
    "noTraffic": _no_traffic,
}


def _filter(metric: str, number: Output[str], more: str = "") -> Output[str]:
    kind = 'resource.type="aiplatform.googleapis.com/Endpoint"'
    return Output.concat(kind, ' AND resource.labels.endpoint_id="', number, f'" AND metric.type="{_METRICS}/{metric}"', more)


def _aggregation(alarm: AlarmPlan, aligner: str, reducer: str) -> gcp.monitoring.AlertPolicyConditionConditionThresholdAggregationArgs:
    return monitoring.AlertPolicyConditionConditionThresholdAggregationArgs(**_aggregated(alarm, aligner, reducer))


def _aggregated(alarm: AlarmPlan, aligner: str, reducer: str) -> dict[str, Any]:
    return {
        "alignment_period": f"{alarm.period_seconds}s",
        "per_series_aligner": aligner,
        "cross_series_reducer": reducer,
        "group_by_fields": _BY_DEPLOYMENT,
    }


def _lasting(alarm: AlarmPlan, comparison: str) -> dict[str, Any]:
    return {"comparison": comparison, "duration": f"{alarm.period_seconds * alarm.periods}s"}
