"""Messages, tasks, schedules, workflows, events.

Source: Google Cloud, the pricing pages of Pub/Sub, Cloud Tasks, Cloud Scheduler, Workflows, Eventarc. Free tiers are not applied.
"""

from decimal import Decimal
from typing import Final

from costs.gcp.part import on_record
from costs.model import Factor
from costs.money import DAYS_PER_MONTH
from costs.pricing import Pricer, Pricing, count

PUBSUB: Final = "pubsub"
_TIB: Final = Factor("TiB per GiB", count("", Decimal(1) / 1024).amount)
_DAY: Final = 86_400


def topic(pricing: Pricing) -> None:
    """What is published, and what is kept for later."""
    published = pricing.usage_or("writtenGibPerMonth", reason="how much is published is not told")
    pricing.line("published", pricing.service(PUBSUB, "message-ingestion", "published"), published, _TIB, usage_based=True)
    kept = _seconds(pricing, "messageRetentionDuration")
    if kept:
        months = count(f"months kept ({kept} s)", kept / _DAY / DAYS_PER_MONTH)
        # A topic's messages cost as much to keep as a subscription's acknowledged ones. Source: "Pub/Sub pricing", storage.
        price = on_record(pricing, PUBSUB, "topic-retained-storage", "retained-acked-storage")
        pricing.line("retained messages", price, published, months, usage_based=True)


def subscription(pricing: Pricing) -> None:
    """What is delivered, and acknowledged messages that are kept."""
    delivered = pricing.usage("readGibPerMonth") or pricing.usage_or("writtenGibPerMonth", reason="how much is delivered is not told")
    exports = [name for name in ("bigqueryConfig", "cloudStorageConfig") if pricing.resource.get(name)]
    sku = f"{exports[0].removesuffix('Config')}-delivery" if exports else "message-delivery"
    pricing.line("delivered", pricing.service(PUBSUB, sku), delivered, _TIB, usage_based=True)
    if pricing.flag("retainAckedMessages"):
        # Seven days unless it says otherwise. Source: the provider's `messageRetentionDuration`.
        kept = _seconds(pricing, "messageRetentionDuration") or Decimal(7 * _DAY)
        months = count(f"months kept ({kept} s)", kept / _DAY / DAYS_PER_MONTH)
        pricing.line(
            "acknowledged messages",
            pricing.service(PUBSUB, "retained-acked-storage", "acknowledged messages"),
            delivered,
            months,
            usage_based=True,
        )


def _seconds(pricing: Pricing, path: str) -> Decimal | None:
    text = pricing.text(path).removesuffix("s")
    return Decimal(text) if text.isdigit() else None


def lite_topic(pricing: Pricing) -> None:
    """Reserved throughput and storage of Pub/Sub Lite."""
    pricing.unpriced("Pub/Sub Lite capacity", "no price of Pub/Sub Lite is on record")


def task_queue(pricing: Pricing) -> None:
    """Operations on tasks."""
    operations = pricing.usage("operationsPerMonth") or pricing.usage_or("requestsPerMonth", reason="how many tasks there are is not told")
    pricing.line("operations", pricing.service("cloud-tasks", "operations-after-free", "operations"), operations, usage_based=True)


def scheduler_job(pricing: Pricing) -> None:
    """A job a month, however often it runs."""
    pricing.line("job", pricing.service("cloud-scheduler", "job-after-3-free", "job"), count("job", 1))


def workflow(pricing: Pricing) -> None:
    """Steps that are executed."""
    steps = pricing.usage_or("operationsPerMonth", reason="how many steps are executed is not told")
    pricing.line("steps", pricing.service("workflows", "internal-steps", "steps"), steps, usage_based=True)


def trigger(pricing: Pricing) -> None:
    """Events that are delivered; those of Google's own services cost nothing in the standard edition."""
    events = pricing.usage_or("requestsPerMonth", reason="how many events there are is not told")
    pricing.line("events", pricing.service("eventarc", "events", "events"), events, usage_based=True)


PRICERS: dict[str, Pricer] = {
    "gcp:pubsub/topic:Topic": topic,
    "gcp:pubsub/subscription:Subscription": subscription,
    "gcp:pubsub/liteTopic:LiteTopic": lite_topic,
    "gcp:pubsub/liteReservation:LiteReservation": lite_topic,
    "gcp:cloudtasks/queue:Queue": task_queue,
    "gcp:cloudscheduler/job:Job": scheduler_job,
    "gcp:workflows/workflow:Workflow": workflow,
    "gcp:eventarc/trigger:Trigger": trigger,
    "gcp:eventarc/messageBus:MessageBus": trigger,
    "gcp:eventarc/pipeline:Pipeline": trigger,
}
FREE: set[str] = set()
