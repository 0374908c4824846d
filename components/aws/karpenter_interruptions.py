"""How Karpenter hears that a node will be taken away: EventBridge puts it into a queue."""

from collections.abc import Mapping
from typing import Any

import pulumi_aws as aws
from pulumi import Output, Resource, ResourceOptions

from components.aws.place import Place
from components.aws.role import document

# Older news is of no use: a spot machine goes two minutes after its warning.
_KEPT_SECONDS = 300
# Source: Karpenter documentation, "Disruption", Interruption.
_NEWS = {
    "health": ("aws.health", "AWS Health Event"),
    "spot": ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
    "rebalance": ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
    "state": ("aws.ec2", "EC2 Instance State-change Notification"),
    "reservation": ("aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"),
}


def interruption_queue(
    name: str, *, place: Place, labels: Mapping[str, str], opts: ResourceOptions
) -> tuple[aws.sqs.Queue, list[Resource]]:
    """The queue, and what fills it: rules for every kind of news that ends a node."""
    queue = aws.sqs.Queue(
        f"{name}-interruptions",
        message_retention_seconds=_KEPT_SECONDS,
        sqs_managed_sse_enabled=True,
        region=place.region,
        tags=labels,
        opts=opts,
    )
    policy = aws.sqs.QueuePolicy(
        f"{name}-interruptions-policy",
        queue_url=queue.url,
        policy=Output.json_dumps(queue.arn.apply(queue_policy)),
        region=place.region,
        opts=opts,
    )
    return queue, [policy, *(_news(name, kind, queue, place, labels, opts) for kind in _NEWS)]


def queue_policy(queue_arn: str) -> dict[str, Any]:
    """Who may write into the queue: EventBridge; nobody gets at it without TLS."""
    write = {"Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": queue_arn}
    plain = {"Principal": "*", "Action": "sqs:*", "Resource": queue_arn, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    return document([{"Sid": "EventBridgeWrites", "Effect": "Allow", **write}, {"Sid": "DenyWithoutTls", "Effect": "Deny", **plain}])


def _news(name: str, kind: str, queue: aws.sqs.Queue, place: Place, labels: Mapping[str, str], opts: ResourceOptions) -> Resource:
    source, detail = _NEWS[kind]
    rule = aws.cloudwatch.EventRule(
        f"{name}-{kind}",
        description=f"{detail}, for Karpenter",
        event_pattern=Output.json_dumps({"source": [source], "detail-type": [detail]}),
        region=place.region,
        tags=labels,
        opts=opts,
    )
    return aws.cloudwatch.EventTarget(f"{name}-{kind}-target", rule=rule.name, arn=queue.arn, region=place.region, opts=opts)
