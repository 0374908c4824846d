"""How SageMaker puts a new configuration in the old one's place."""

from collections.abc import Sequence
from typing import Any

import pulumi_aws as aws

from components.aws.endpoint_spec import EndpointSpec
from plan.model import RolloutPlan

_SHIFTS = {"allAtOnce": "ALL_AT_ONCE", "canary": "CANARY", "linear": "LINEAR"}


def deployment(spec: EndpointSpec, alarms: Sequence[aws.cloudwatch.MetricAlarm]) -> aws.sagemaker.EndpointDeploymentConfigArgs | None:
    """The guardrails of an update; `alarms` bring the old fleet back. None where SageMaker goes its own way.

    Source: Amazon SageMaker API, DeploymentConfig.
    """
    if not spec.guarded:
        return None
    rollout = spec.plan.rollout
    rolling = rollout.shift == "rolling"
    return aws.sagemaker.EndpointDeploymentConfigArgs(
        rolling_update_policy=_rolling(rollout) if rolling else None,
        blue_green_update_policy=None if rolling else _blue_green(rollout),
        auto_rollback_configuration=_rollback(alarms) if spec.rolls_back else None,
    )


def _rolling(rollout: RolloutPlan) -> aws.sagemaker.EndpointDeploymentConfigRollingUpdatePolicyArgs:
    return aws.sagemaker.EndpointDeploymentConfigRollingUpdatePolicyArgs(
        maximum_batch_size=aws.sagemaker.EndpointDeploymentConfigRollingUpdatePolicyMaximumBatchSizeArgs(**_share(rollout)),
        wait_interval_in_seconds=rollout.bake_seconds,
    )


def _blue_green(rollout: RolloutPlan) -> aws.sagemaker.EndpointDeploymentConfigBlueGreenUpdatePolicyArgs:
    canary = aws.sagemaker.EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationCanarySizeArgs
    step = aws.sagemaker.EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationLinearStepSizeArgs
    routing = aws.sagemaker.EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationArgs(
        type=_SHIFTS[rollout.shift],
        wait_interval_in_seconds=rollout.bake_seconds,
        canary_size=canary(**_share(rollout)) if rollout.shift == "canary" else None,
        linear_step_size=step(**_share(rollout)) if rollout.shift == "linear" else None,
    )
    return aws.sagemaker.EndpointDeploymentConfigBlueGreenUpdatePolicyArgs(
        traffic_routing_configuration=routing, termination_wait_in_seconds=rollout.bake_seconds
    )


def _share(rollout: RolloutPlan) -> dict[str, Any]:
    return {"type": "CAPACITY_PERCENT", "value": round(rollout.step_percent)}


def _rollback(alarms: Sequence[aws.cloudwatch.MetricAlarm]) -> aws.sagemaker.EndpointDeploymentConfigAutoRollbackConfigurationArgs:
    return aws.sagemaker.EndpointDeploymentConfigAutoRollbackConfigurationArgs(
        alarms=[aws.sagemaker.EndpointDeploymentConfigAutoRollbackConfigurationAlarmArgs(alarm_name=alarm.name) for alarm in alarms]
    )
