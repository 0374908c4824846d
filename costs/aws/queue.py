"""Messages and events: SQS, SNS, EventBridge, Kinesis."""

import re
from decimal import Decimal
from typing import Final

from catalogue.model import Confidence
from costs.aws.parts import metered, no_free_tier, requests, together, unlisted
from costs.model import Factor
from costs.money import HOURS_PER_MONTH, Band
from costs.pricing import Pricer, Pricing, count

# A message is sent, received and deleted; batches of up to ten make it fewer. Source: Amazon SQS pricing, "What is an SQS request".
_CALLS: Final = Factor("API calls for a message (sent, received, deleted)", Band.of(0.3, 3, 4), Confidence.MEDIUM)
# Protocols of a subscription that AWS bills by delivery; to SQS and Lambda it is free. Source: Amazon SNS pricing.
_DELIVERIES: Final = {
    "http": "http-notifications-over-100k-free",
    "https": "http-notifications-over-100k-free",
    "email": "email-notifications-over-1k-free",
    "email-json": "email-notifications-over-1k-free",
    "firehose": "firehose-notifications",
    "application": "mobile-push-notifications",
    "sms": "sms",
}
_RATE: Final = re.compile(r"^rate\((\d+) (minute|hour|day)s?\)$")
_PER_HOUR: Final = {"minute": Decimal(60), "hour": Decimal(1), "day": 1 / Decimal(24)}
_SHARD_HOURS_FREE: Final = 24
_PUT_UNITS_PER_GIB: Final = 41_944
"""1 GiB in payload units of 25 KB (25 × 1024 bytes), rounded up."""


def _queue(pricing: Pricing) -> None:
    """Requests of 64 KB. Source: Amazon SQS pricing."""
    if pricing.unreadable("fifoQueue"):
        pricing.unpriced("queue requests", "whether it is FIFO is known only after `up`")
        return
    sku = "fifo-requests" if pricing.flag("fifoQueue") else "standard-requests"
    no_free_tier(pricing, "1 million requests a month")
    price = pricing.service("sqs", sku, "queue requests")
    pricing.line("queue requests", price, *requests(pricing), _CALLS, usage_based=True)


def _topic(pricing: Pricing) -> None:
    """What is published. Source: Amazon SNS pricing."""
    sku = "fifo-requests" if pricing.flag("fifoTopic") else "standard-requests-over-1M-free"
    no_free_tier(pricing, "1 million requests a month")
    pricing.line("published messages", pricing.service("sns", sku, "published messages"), *requests(pricing), usage_based=True)


def _subscription(pricing: Pricing) -> None:
    protocol = pricing.text("protocol")
    if pricing.unreadable("protocol"):
        pricing.unpriced("deliveries", "its protocol is known only after `up`")
    elif protocol in _DELIVERIES:
        driver = f"deliveries by {protocol}"
        pricing.line(driver, pricing.service("sns", _DELIVERIES[protocol], driver), *requests(pricing), usage_based=True)


def _bus(pricing: Pricing) -> None:
    price = pricing.service("eventbridge", "custom-events", "custom events")
    pricing.line("custom events", price, *requests(pricing), usage_based=True)


def _rule(pricing: Pricing) -> None:
    # Matching is paid with the event; AWS's own events and rules on a schedule are free. Source: Amazon EventBridge pricing.
    if pricing.resource.get("eventBusName") in (None, "default") and not pricing.resource.get("scheduleExpression"):
        pricing.note("custom events", "none", "events of AWS's services are free; custom ones on the default bus cost by the million")


def _schedule(pricing: Pricing) -> None:
    """Invocations of EventBridge Scheduler. Source: Amazon EventBridge pricing, "Scheduler"."""
    found = _RATE.match(pricing.text("scheduleExpression"))
    runs = requests(pricing)
    if found:
        hourly = _PER_HOUR[found[2]] / max(Decimal(found[1]), Decimal(1))
        runs = (count(f"invocations a month ({found[0]})", hourly * HOURS_PER_MONTH),)
    pricing.line("invocations", pricing.service("eventbridge", "scheduler-invocations", "invocations"), *runs, usage_based=not found)


def _stream(pricing: Pricing) -> None:
    """Shards by the hour and payload units, or a stream on demand. Source: Amazon Kinesis Data Streams pricing."""
    mode = pricing.text("streamModeDetails.streamMode", "PROVISIONED")
    if pricing.unreadable("streamModeDetails"):
        pricing.unpriced("stream", "its mode is known only after `up`")
        return
    written = pricing.usage_or("writtenGibPerMonth")
    if mode == "ON_DEMAND":
        pricing.line("stream on demand", pricing.service("kinesis", "on-demand-stream", "stream on demand"), pricing.hours())
        pricing.line("data in", pricing.service("kinesis", "on-demand-data-in", "data in"), written, usage_based=True)
        read = pricing.usage_or("readGibPerMonth")
        pricing.line("data out", pricing.service("kinesis", "on-demand-data-out", "data out"), read, usage_based=True)
    else:
        _shards(pricing, written)


def _shards(pricing: Pricing, written: Factor) -> None:
    shards = pricing.number("shardCount")
    if shards is None:
        pricing.unpriced("shards", "shardCount is left out or known only after `up`")
        return
    many = count("shards", shards)
    pricing.line("shards", pricing.service("kinesis", "provisioned-shard", "shards"), many, pricing.hours())
    units = count("payload units for each GiB", _PUT_UNITS_PER_GIB)
    pricing.line("payload units", pricing.service("kinesis", "put-payload-units", "payload units"), written, units, usage_based=True)
    kept = pricing.number("retentionPeriod", _SHARD_HOURS_FREE)
    if kept is None or kept > _SHARD_HOURS_FREE:
        driver = "extended retention"
        pricing.line(driver, pricing.service("kinesis", "extended-retention-shard", driver), many, pricing.hours())


def _firehose(pricing: Pricing) -> None:
    driver = "data delivered"
    taken = pricing.usage_or("ingestedGibPerMonth")
    pricing.line(driver, pricing.service("firehose", "data-ingested-first-500TB", driver), taken, usage_based=True)


PRICERS: dict[str, Pricer] = {
    "aws:sqs/queue:Queue": _queue,
    "aws:sns/topic:Topic": _topic,
    "aws:sns/topicSubscription:TopicSubscription": _subscription,
    "aws:cloudwatch/eventBus:EventBus": _bus,
    "aws:cloudwatch/eventRule:EventRule": _rule,
    "aws:cloudwatch/eventArchive:EventArchive": together(
        metered("eventbridge", "archive-processing", "archived events", "writtenGibPerMonth"),
        metered("eventbridge", "archive-storage", "archive storage", "storedGib"),
    ),
    "aws:cloudwatch/eventApiDestination:EventApiDestination": metered(
        "eventbridge", "api-destination-invocations", "invocations of the API destination", "requestsPerMonth"
    ),
    "aws:scheduler/schedule:Schedule": _schedule,
    "aws:pipes/pipe:Pipe": metered("eventbridge", "pipes-requests", "requests of the pipe", "requestsPerMonth"),
    "aws:kinesis/stream:Stream": _stream,
    "aws:kinesis/streamConsumer:StreamConsumer": unlisted("enhanced fan-out (consumer-shard hours and data)"),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": _firehose,
    "aws:kinesis/videoStream:VideoStream": unlisted("video ingestion, storage and consumption"),
    "aws:kinesis/analyticsApplication:AnalyticsApplication": unlisted("processing units"),
    "aws:kinesisanalyticsv2/application:Application": unlisted("processing units"),
}
FREE: set[str] = {
    "aws:sqs/queuePolicy:QueuePolicy",
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
    "aws:sqs/redrivePolicy:RedrivePolicy",
    "aws:sns/platformApplication:PlatformApplication",
    "aws:sns/smsPreferences:SmsPreferences",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
    "aws:cloudwatch/eventConnection:EventConnection",
    "aws:cloudwatch/eventEndpoint:EventEndpoint",
    "aws:cloudwatch/eventPermission:EventPermission",
    "aws:cloudwatch/eventTarget:EventTarget",
    "aws:kinesis/resourcePolicy:ResourcePolicy",
    "aws:scheduler/scheduleGroup:ScheduleGroup",
}
