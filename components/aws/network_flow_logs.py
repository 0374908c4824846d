"""Records of who spoke to whom in a network."""

from typing import Any

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components.aws.network_spec import NetworkSpec
from components.aws.role import document

# EC2 gathers flows for one or for ten minutes; ten gives fewer records. Source: Amazon VPC User Guide, "Flow log records".
_AGGREGATION_SECONDS = 600


def record_flows(spec: NetworkSpec, vpc: aws.ec2.Vpc) -> None:
    """Record every flow of the network in a log group of its own, if the plan says so."""
    if spec.plan.flow_logs is None:
        return
    name = f"{spec.name}-flow-logs"
    group = aws.cloudwatch.LogGroup(
        name,
        retention_in_days=spec.plan.flow_logs.retention_days,
        region=spec.place.region,
        tags=spec.plan.labels,
        opts=spec.opts,
    )
    trust = spec.place.account.apply(_trust)
    role = aws.iam.Role(f"{name}-role", assume_role_policy=Output.json_dumps(trust), tags=spec.plan.labels, opts=spec.opts)
    permissions = group.arn.apply(flow_log_permissions)
    allowed = aws.iam.RolePolicy(f"{name}-policy", role=role.name, policy=Output.json_dumps(permissions), opts=spec.opts)
    aws.ec2.FlowLog(
        f"{name}-record",
        vpc_id=vpc.id,
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        max_aggregation_interval=_AGGREGATION_SECONDS,
        region=spec.place.region,
        tags=spec.tags("flow-logs"),
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[allowed])),
    )


def flow_log_permissions(log_group_arn: str) -> dict[str, Any]:
    """What EC2 may do: write to the log group, which it cannot make itself, and look it up, which AWS grants for all groups or none.

    Source: Amazon VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs".
    """
    write = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    return document(
        [
            {"Effect": "Allow", "Action": write, "Resource": [log_group_arn, f"{log_group_arn}:*"]},
            {"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": "*"},
        ]
    )


def _trust(account: str) -> dict[str, Any]:
    # Nobody else's flow logs can be written with it.
    own = {"StringEquals": {"aws:SourceAccount": account}}
    return document(
        [{"Effect": "Allow", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}, "Action": "sts:AssumeRole", "Condition": own}]
    )
