"""What takes a canary through its shares of the traffic, and back: a state machine that starts when its endpoint comes into service.

SageMaker's own guardrails take the same variants before and after an update, and a canary is one more.
"""

from collections.abc import Mapping
from typing import Any

import pulumi_aws as aws
from pulumi import CustomTimeouts, Output, Resource, ResourceOptions

from components.aws.endpoint_rollout_states import definition
from components.aws.endpoint_spec import EndpointSpec
from components.aws.role import Statement, document
from plan.model import CanaryRolloutPlan

_Alarms = Mapping[str, aws.cloudwatch.MetricAlarm]
# AWS takes this long to delete a state machine that rests. Source: terraform-provider-aws, aws_sfn_state_machine, default time-out.
_DELETE_SECONDS = 300
# AWS grants these for all log groups, and all traces, or none. Source: AWS Step Functions Developer Guide, "Logging using CloudWatch Logs",
# and "X-Ray and Step Functions".
_LOG = [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
]
_TRACE = ["xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments"]


def roll_out(spec: EndpointSpec, rollout: CanaryRolloutPlan, alarms: _Alarms) -> list[Resource]:
    """The state machine with what starts it; the endpoint waits for it, since an event that nobody waits for is lost."""
    machine = _machine(spec, rollout, alarms)
    rule = aws.cloudwatch.EventRule(
        f"{spec.name}-rollout",
        description=f"The endpoint {spec.name} came into service",
        event_pattern=Output.json_dumps(event_pattern(spec.endpoint_name)),
        region=spec.on.place.region,
        tags=spec.tags("rollout"),
        opts=spec.opts,
    )
    starter, allowed = _starter(spec, machine)
    target = aws.cloudwatch.EventTarget(
        f"{spec.name}-rollout",
        rule=rule.name,
        arn=machine.arn,
        role_arn=starter.arn,
        region=spec.on.place.region,
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[allowed])),
    )
    return [target]


def event_pattern(endpoint: str) -> dict[str, Any]:
    """What EventBridge hears when an endpoint (its name) comes into service: made, updated, or scaled.

    Source: Amazon SageMaker Developer Guide, "Events that Amazon SageMaker AI sends to Amazon EventBridge".
    """
    detail = {"EndpointName": [endpoint], "EndpointStatus": ["IN_SERVICE"]}
    return {"source": ["aws.sagemaker"], "detail-type": ["SageMaker Endpoint State Change"], "detail": detail}


def _machine(spec: EndpointSpec, rollout: CanaryRolloutPlan, alarms: _Alarms) -> aws.sfn.StateMachine:
    group, role = _log_group(spec, rollout), _role(spec, f"{spec.name}-rollout-states", "states.amazonaws.com")
    allowed = _allow(spec, f"{spec.name}-rollout-states", role, _permissions(spec))
    names = Output.all(*(alarm.name for alarm in alarms.values()))
    states = Output.all(names, spec.on.place.partition).apply(
        lambda told: definition(rollout, spec.endpoint_name, told[0], partition=str(told[1]))
    )
    # Whoever deletes it waits until its executions come to their next state, which may be a whole wait away.
    patience = CustomTimeouts(delete=f"{_DELETE_SECONDS + rollout.look_seconds}s")
    return aws.sfn.StateMachine(
        f"{spec.name}-rollout",
        type="STANDARD",
        definition=Output.json_dumps(states),
        role_arn=role.arn,
        logging_configuration=aws.sfn.StateMachineLoggingConfigurationArgs(
            level="ALL", include_execution_data=True, log_destination=Output.concat(group.arn, ":*")
        ),
        tracing_configuration=aws.sfn.StateMachineTracingConfigurationArgs(enabled=True),
        region=spec.on.place.region,
        tags=spec.tags("rollout"),
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[allowed], custom_timeouts=patience)),
    )


def _log_group(spec: EndpointSpec, rollout: CanaryRolloutPlan) -> aws.cloudwatch.LogGroup:
    """Its own log group. AWS lets what delivers logs write to all whose names begin so, and otherwise keeps a list that may become full.

    Source: AWS Step Functions Developer Guide, "Logging using CloudWatch Logs": resource policy size restrictions.
    """
    return aws.cloudwatch.LogGroup(
        f"{spec.name}-rollout",
        name=f"/aws/vendedlogs/states/{spec.endpoint_name}-rollout",
        retention_in_days=rollout.log_days,
        region=spec.on.place.region,
        tags=spec.tags("rollout"),
        opts=spec.opts,
    )


def _permissions(spec: EndpointSpec) -> Output[list[Statement]]:
    """What the state machine may do: look at one endpoint, weigh its variants, and read the region's metric alarms.

    CloudWatch grants DescribeAlarms for all metric alarms of a region or none; composite ones would need every resource.
    Source: Amazon CloudWatch API reference, DescribeAlarms. SageMaker writes endpoints' ARNs in small letters.
    """
    place = spec.on.place

    def permitted(partition: str, account: str) -> list[Statement]:
        endpoint = f"arn:{partition}:sagemaker:{place.region}:{account}:endpoint/{spec.endpoint_name.lower()}"
        alarms = f"arn:{partition}:cloudwatch:{place.region}:{account}:alarm:*"
        weigh = ["sagemaker:DescribeEndpoint", "sagemaker:UpdateEndpointWeightsAndCapacities"]
        return [
            {"Sid": "WeighVariants", "Effect": "Allow", "Action": weigh, "Resource": [endpoint]},
            {"Sid": "ReadAlarms", "Effect": "Allow", "Action": ["cloudwatch:DescribeAlarms"], "Resource": [alarms]},
            {"Sid": "WriteLogs", "Effect": "Allow", "Action": _LOG, "Resource": ["*"]},
            {"Sid": "WriteTraces", "Effect": "Allow", "Action": _TRACE, "Resource": ["*"]},
        ]

    return Output.all(place.partition, place.account).apply(lambda told: permitted(*told))


def _starter(spec: EndpointSpec, machine: aws.sfn.StateMachine) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    name = f"{spec.name}-rollout-starter"
    role = _role(spec, name, "events.amazonaws.com")
    start = machine.arn.apply(lambda arn: [{"Effect": "Allow", "Action": ["states:StartExecution"], "Resource": [arn]}])
    return role, _allow(spec, name, role, start)


def _role(spec: EndpointSpec, name: str, service: str) -> aws.iam.Role:
    """A role that a service takes for this account alone."""

    def trust(account: str) -> dict[str, Any]:
        own = {"StringEquals": {"aws:SourceAccount": account}}
        return document([{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole", "Condition": own}])

    trusted = spec.on.place.account.apply(trust)
    return aws.iam.Role(name, assume_role_policy=Output.json_dumps(trusted), tags=spec.plan.labels, opts=spec.opts)


def _allow(spec: EndpointSpec, name: str, role: aws.iam.Role, statements: Output[list[Statement]]) -> aws.iam.RolePolicy:
    return aws.iam.RolePolicy(name, role=role.name, policy=Output.json_dumps(statements.apply(document)), opts=spec.opts)
