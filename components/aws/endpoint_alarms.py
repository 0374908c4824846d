"""Alarms of an endpoint; they are there before it, since a rollout looks at them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws

from components.aws.endpoint_metrics import INSTANCES, INVOCATIONS, MICROSECONDS_PER_MILLISECOND, dimensions, utilization
from components.aws.endpoint_spec import EndpointSpec
from plan.model import AlarmPlan, CanaryRolloutPlan, VariantPlan

_Query = aws.cloudwatch.MetricAlarmMetricQueryArgs


@dataclass(frozen=True, kw_only=True)
class _Watched:
    """What an alarm compares with its threshold. unit: thresholds of the plan times this. breaching: whether silence is a fault."""

    queries: Sequence[_Query]
    expression: str
    unit: float = 1
    comparison: str = "GreaterThanThreshold"
    breaching: bool = False


@dataclass(frozen=True)
class _Of:
    """Which variants of an endpoint (by its name) an alarm is of, and what the alarm's name and description say of them."""

    endpoint: str
    variants: Sequence[VariantPlan]
    prefix: str = ""
    words: str = "the endpoint"


def build_alarms(spec: EndpointSpec) -> dict[str, aws.cloudwatch.MetricAlarm]:
    """The plan's alarms by kind, over all variants that callers reach. Their names are the endpoint's with the kind."""
    return {alarm.kind: _alarm(spec, alarm, _Of(spec.endpoint_name, spec.production)) for alarm in spec.plan.alarms}


def build_canary_alarms(spec: EndpointSpec, rollout: CanaryRolloutPlan) -> dict[str, aws.cloudwatch.MetricAlarm]:
    """The alarms of the canary alone, by kind: among all answers those of a tenth that fails would hardly be seen."""
    canary = [variant for variant in spec.production if variant.role == "canary"]
    return {alarm.kind: _alarm(spec, alarm, _Of(spec.endpoint_name, canary, "canary-", "the canary of")) for alarm in rollout.alarms}


def _alarm(spec: EndpointSpec, alarm: AlarmPlan, of: _Of) -> aws.cloudwatch.MetricAlarm:
    watched = _WATCHED[alarm.kind](of, alarm.period_seconds)
    answer = _Query(id="watched", expression=watched.expression, label=alarm.kind, return_data=True)
    return aws.cloudwatch.MetricAlarm(
        f"{spec.name}-{of.prefix}{alarm.kind.lower()}",
        name=f"{of.endpoint}-{of.prefix}{alarm.kind}",
        alarm_description=f"{alarm.kind} of {of.words} {spec.name}",
        metric_queries=[*watched.queries, answer],
        comparison_operator=watched.comparison,
        threshold=alarm.threshold * watched.unit,
        evaluation_periods=alarm.periods,
        datapoints_to_alarm=alarm.periods,
        treat_missing_data="breaching" if watched.breaching else "notBreaching",
        alarm_actions=list(spec.plan.notify) or None,
        region=spec.on.place.region,
        tags=spec.tags(f"{of.prefix}{alarm.kind.lower()}"),
        opts=spec.opts,
    )


def _error_rate(of: _Of, period: int) -> _Watched:
    """Percent of the calls that the containers fail: CloudWatch knows no value for a variant that nobody called, which is none."""
    failed = [_query(of, variant, f"failed{i}", "Invocation5XXErrors", "Sum", period) for i, variant in enumerate(of.variants)]
    called = [_query(of, variant, f"called{i}", "Invocations", "Sum", period) for i, variant in enumerate(of.variants)]
    expression = f"100 * ({_total('failed', of)}) / ({_total('called', of)})"
    return _Watched(queries=[*failed, *called], expression=expression)


def _p95(of: _Of, period: int) -> _Watched:
    """The slowest variant's 95th percentile; SageMaker counts microseconds."""
    queries = [_query(of, variant, f"latency{i}", "ModelLatency", "p95", period) for i, variant in enumerate(of.variants)]
    return _Watched(queries=queries, expression=_largest("latency", [1] * len(queries)), unit=MICROSECONDS_PER_MILLISECOND)


def _saturation(of: _Of, period: int) -> _Watched:
    """The fullest variant's utilization of its GPUs, or of its processors where it has none, in percent of one device."""
    found = [utilization(variant, gpu=variant.accelerators > 0) for variant in of.variants]
    queries = [
        _query(of, variant, f"use{i}", found[i].metric, "Average", period, namespace=INSTANCES) for i, variant in enumerate(of.variants)
    ]
    return _Watched(queries=queries, expression=_largest("use", [each.devices for each in found]))


def _no_traffic(of: _Of, period: int) -> _Watched:
    queries = [_query(of, variant, f"called{i}", "Invocations", "Sum", period) for i, variant in enumerate(of.variants)]
    return _Watched(queries=queries, expression=_total("called", of), comparison="LessThanThreshold", breaching=True)


def _total(name: str, of: _Of) -> str:
    return " + ".join(f"FILL({name}{i}, 0)" for i in range(len(of.variants)))


def _largest(name: str, divisors: Sequence[float]) -> str:
    parts = [f"{name}{i}" if divisor == 1 else f"{name}{i} / {divisor:g}" for i, divisor in enumerate(divisors)]
    return parts[0] if len(parts) == 1 else f"MAX([{', '.join(parts)}])"


def _query(
    of: _Of, variant: VariantPlan, identifier: str, metric: str, statistic: str, period: int, *, namespace: str = INVOCATIONS
) -> _Query:
    return _Query(
        id=identifier,
        metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace=namespace,
            metric_name=metric,
            dimensions=dimensions(of.endpoint, variant),
            period=period,
            stat=statistic,
        ),
    )


_WATCHED: Mapping[str, Callable[[_Of, int], _Watched]] = {
    "errorRate": _error_rate,
    "p95": _p95,
    "saturation": _saturation,
    "noTraffic": _no_traffic,
}
