"""Alarms of an endpoint on Cloud Run, by Cloud Monitoring."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi_gcp as gcp
from pulumi import Output

from components.gcp.run_spec import RunSpec
from plan.model import AlarmPlan, VariantPlan

monitoring = gcp.monitoring

# Metrics and their units. Source: Google Cloud, "Google Cloud metrics: R to Z", run.
_METRICS: Final = "run.googleapis.com"
_PERCENT: Final = 100
# A canary's errors must not drown in the stable version's answers.
_BY_VERSION: Final = ["resource.labels.service_name", "resource.labels.revision_name"]

Threshold = gcp.monitoring.AlertPolicyConditionConditionThresholdArgs


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A service by the name that Cloud Run knows, with the variant that it runs."""

    variant: VariantPlan
    service: Output[str]


def run_alarms(spec: RunSpec, watched: Sequence[Watched]) -> dict[str, Output[str]]:
    """Build the plan's alarms on these services; the name of each in Cloud Monitoring, by kind."""
    return {alarm.kind: _policy(spec, alarm, watched).name for alarm in spec.plan.alarms}


def _policy(spec: RunSpec, alarm: AlarmPlan, watched: Sequence[Watched]) -> gcp.monitoring.AlertPolicy:
    title = f"{spec.name}: {alarm.kind}"
    conditions = _CONDITIONS[alarm.kind](alarm, watched)
    return monitoring.AlertPolicy(
        f"{spec.name}-{alarm.kind}",
        display_name=title,
        combiner="OR",
        conditions=[monitoring.AlertPolicyConditionArgs(display_name=title, condition_threshold=each) for each in conditions],
        # An alarm that ends a rollout says that the new version fails its callers.
        severity="CRITICAL" if alarm.rollback else "WARNING",
        notification_channels=list(spec.plan.notify),
        user_labels=dict(spec.plan.labels),
        opts=spec.opts,
    )


def _error_rate(alarm: AlarmPlan, watched: Sequence[Watched]) -> list[Threshold]:
    counted = _aggregated(alarm, "ALIGN_DELTA", "REDUCE_SUM", _BY_VERSION)
    return [
        Threshold(
            filter=_filter("request_count", watched, ' AND metric.labels.response_code_class="5xx"'),
            aggregations=[monitoring.AlertPolicyConditionConditionThresholdAggregationArgs(**counted)],
            denominator_filter=_filter("request_count", watched),
            denominator_aggregations=[monitoring.AlertPolicyConditionConditionThresholdDenominatorAggregationArgs(**counted)],
            threshold_value=alarm.threshold / _PERCENT,
            **_lasting(alarm, "COMPARISON_GT"),
        )
    ]


def _p95(alarm: AlarmPlan, watched: Sequence[Watched]) -> list[Threshold]:
    """Cloud Run counts milliseconds."""
    found = _aggregated(alarm, "ALIGN_DELTA", "REDUCE_PERCENTILE_95", _BY_VERSION)
    return [
        Threshold(
            filter=_filter("request_latencies", watched),
            aggregations=[monitoring.AlertPolicyConditionConditionThresholdAggregationArgs(**found)],
            threshold_value=alarm.threshold,
            **_lasting(alarm, "COMPARISON_GT"),
        )
    ]


def _saturation(alarm: AlarmPlan, watched: Sequence[Watched]) -> list[Threshold]:
    """Instances of the most that there may be: each version has its own maximum, and beyond it requests wait and are refused."""
    found = _aggregated(alarm, "ALIGN_MAX", "REDUCE_SUM", ["resource.labels.service_name"])
    return [
        Threshold(
            filter=_filter("container/instance_count", [each]),
            aggregations=[monitoring.AlertPolicyConditionConditionThresholdAggregationArgs(**found)],
            # Whole instances: so many, or more.
            threshold_value=math.ceil(each.variant.max_replicas * alarm.threshold / _PERCENT) - 0.5,
            **_lasting(alarm, "COMPARISON_GT"),
        )
        for each in watched
    ]


def _no_traffic(alarm: AlarmPlan, watched: Sequence[Watched]) -> list[Threshold]:
    counted = _aggregated(alarm, "ALIGN_DELTA", "REDUCE_SUM", None)
    return [
        Threshold(
            filter=_filter("request_count", watched),
            aggregations=[monitoring.AlertPolicyConditionConditionThresholdAggregationArgs(**counted)],
            threshold_value=alarm.threshold,
            # Where nobody calls there is no count either, not even of nothing.
            evaluation_missing_data="EVALUATION_MISSING_DATA_ACTIVE",
            **_lasting(alarm, "COMPARISON_LT"),
        )
    ]


_CONDITIONS: Final[Mapping[str, Callable[[AlarmPlan, Sequence[Watched]], list[Threshold]]]] = {
    "errorRate": _error_rate,
    "p95": _p95,
    "saturation": _saturation,
    "noTraffic": _no_traffic,
}


def _filter(metric: str, watched: Sequence[Watched], more: str = "") -> Output[str]:
    def written(names: Sequence[str]) -> str:
        listed = ", ".join(f'"{name}"' for name in names)
        services = f'resource.type="cloud_run_revision" AND resource.labels.service_name=one_of({listed})'
        return f'{services} AND metric.type="{_METRICS}/{metric}"{more}'

    # Every value that is put together on the way costs the SDK time while it is unknown, and nearly all endpoints are one service.
    if len(watched) == 1:
        return watched[0].service.apply(lambda name: written([name]))
    return Output.all(*(each.service for each in watched)).apply(written)


def _aggregated(alarm: AlarmPlan, aligner: str, reducer: str, by: list[str] | None) -> dict[str, Any]:
    return {
        "alignment_period": f"{alarm.period_seconds}s",
        "per_series_aligner": aligner,
        "cross_series_reducer": reducer,
        "group_by_fields": by,
    }


def _lasting(alarm: AlarmPlan, comparison: str) -> dict[str, Any]:
    return {"comparison": comparison, "duration": f"{alarm.period_seconds * alarm.periods}s"}
