"""How an asynchronous endpoint without a replica gets its first."""

import pulumi_aws as aws

from components.aws.endpoint_metrics import INVOCATIONS, SECONDS_PER_MINUTE
from components.aws.endpoint_spec import EndpointSpec

_COOLDOWN_SECONDS = 300
_PERIODS = 2


def wake(spec: EndpointSpec, registered: aws.appautoscaling.Target) -> None:
    """One replica as soon as anything waits and none is there; otherwise it would wait until the queue is longer than its target.

    Source: Amazon SageMaker Developer Guide, "Autoscale an asynchronous endpoint": a policy that scales up from zero for new requests.
    """
    if not spec.plan.scaling.scale_to_zero:
        return
    first = aws.appautoscaling.Policy(
        f"{spec.name}-first-replica",
        policy_type="StepScaling",
        service_namespace=registered.service_namespace,
        scalable_dimension=registered.scalable_dimension,
        resource_id=registered.resource_id,
        step_scaling_policy_configuration=aws.appautoscaling.PolicyStepScalingPolicyConfigurationArgs(
            adjustment_type="ChangeInCapacity",
            metric_aggregation_type="Average",
            cooldown=_COOLDOWN_SECONDS,
            step_adjustments=[
                aws.appautoscaling.PolicyStepScalingPolicyConfigurationStepAdjustmentArgs(
                    metric_interval_lower_bound="0", scaling_adjustment=1
                )
            ],
        ),
        region=spec.on.place.region,
        opts=spec.opts,
    )
    aws.cloudwatch.MetricAlarm(
        f"{spec.name}-waiting",
        alarm_description=f"Requests of the endpoint {spec.name} wait and no replica runs",
        namespace=INVOCATIONS,
        metric_name="HasBacklogWithoutCapacity",
        dimensions={"EndpointName": spec.endpoint_name},
        statistic="Average",
        period=SECONDS_PER_MINUTE,
        evaluation_periods=_PERIODS,
        datapoints_to_alarm=_PERIODS,
        comparison_operator="GreaterThanOrEqualToThreshold",
        threshold=1,
        treat_missing_data="missing",
        alarm_actions=[first.arn],
        region=spec.on.place.region,
        tags=spec.tags("waiting"),
        opts=spec.opts,
    )
