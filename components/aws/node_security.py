"""The security group of nodes whose accelerators speak to each other over EFA."""

from collections.abc import Mapping

import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.aws.place import Place
from plan.model import NodePoolPlan

_EVERYTHING = "-1"


def fabric_security_group(plan: NodePoolPlan, *, vpc: Input[str], place: Place, opts: ResourceOptions) -> Output[str] | None:
    """A group whose members may say everything to each other, both ways; None for a pool without EFA.

    EFA's traffic passes by no other rule. Source: Amazon EC2 User Guide, "Get started with EFA", security group.
    """
    if plan.interconnect.kind != "efa":
        return None
    name = f"{plan.name}-fabric"
    group = aws.ec2.SecurityGroup(
        name, description=f"EFA between nodes of the pool {plan.name}", vpc_id=vpc, region=place.region, tags=_named(plan, name), opts=opts
    )
    aws.vpc.SecurityGroupIngressRule(
        f"{name}-in",
        security_group_id=group.id,
        referenced_security_group_id=group.id,
        ip_protocol=_EVERYTHING,
        region=place.region,
        tags=plan.labels,
        opts=opts,
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{name}-out",
        security_group_id=group.id,
        referenced_security_group_id=group.id,
        ip_protocol=_EVERYTHING,
        region=place.region,
        tags=plan.labels,
        opts=opts,
    )
    return group.id


def _named(plan: NodePoolPlan, name: str) -> Mapping[str, str]:
    return {**plan.labels, "Name": name}
