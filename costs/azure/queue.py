"""Queues and events: Service Bus, Event Hubs, Event Grid, storage queues."""

from decimal import Decimal
from typing import Final

from costs.azure.amounts import less_grant, product, requests, stepped
from costs.capacity import scaled
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count

BUS, HUB, GRID, QUEUE = "service-bus", "event-hubs", "event-grid", "storage-queue"
# The base charge holds 13 million operations. Source: Azure Service Bus pricing.
_BUS_STEPS: Final = (
    (13_000_000, None),
    (100_000_000, "standard-operations-13M-100M"),
    (2_500_000_000, "standard-operations-100M-2500M"),
    (None, "standard-operations-over-2500M"),
)


def _bus(pricing: Pricing) -> None:
    tier = pricing.text("sku.name").lower()
    if not tier:
        pricing.unpriced("namespace", "sku.name is known only after `up`")
    elif tier == "premium":
        units = pricing.number("sku.capacity", 1)
        price = pricing.service(BUS, "premium-messaging-unit", "messaging units")
        if units is None:
            pricing.unpriced("messaging units", "sku.capacity is known only after `up`")
        else:
            pricing.line("messaging units", price, count("messaging units", units), pricing.hours())
    else:
        _bus_operations(pricing, tier)


def _bus_operations(pricing: Pricing, tier: str) -> None:
    used = product("operations a month", *requests(pricing))
    if tier == "standard":
        pricing.line("namespace", pricing.service(BUS, "standard-base", "namespace"), count("namespace", 1), pricing.hours())
        tariff = stepped(pricing, "operations", BUS, used.amount.high, _BUS_STEPS)
    else:
        tariff = pricing.service(BUS, f"{tier}-operations", "operations")
    pricing.line("operations", tariff, used, usage_based=True)


def _hub(pricing: Pricing) -> None:
    tier, capacity = pricing.text("sku.name").lower(), pricing.number("sku.capacity", 1)
    if not tier or capacity is None:
        pricing.unpriced("namespace", "sku.name or sku.capacity is known only after `up`")
        return
    if pricing.resource.get("clusterArmId"):
        return  # Paid with the dedicated cluster.
    if tier == "premium":
        price = pricing.service(HUB, "premium-processing-unit", "processing units")
        pricing.line("processing units", price, count("processing units", capacity), pricing.hours())
        return
    price = pricing.service(HUB, f"{tier}-throughput-unit", "throughput units")
    pricing.line("throughput units", price, _throughput_units(pricing, capacity), pricing.hours())
    ingress = pricing.service(HUB, f"{tier}-ingress", "events taken in")
    pricing.line("events taken in", ingress, *requests(pricing), usage_based=True)


def _throughput_units(pricing: Pricing, capacity: Decimal) -> Factor:
    """Auto-inflate goes up to its maximum and never down by itself. Source: Event Hubs, "Automatically scale up throughput units"."""
    most = pricing.number("maximumThroughputUnits")
    if not pricing.flag("isAutoInflateEnabled") or most is None:
        return count("throughput units", capacity)
    return scaled(pricing, "replicas", capacity, capacity, most)


def _hub_cluster(pricing: Pricing) -> None:
    price = pricing.service(HUB, "dedicated-capacity-unit", "capacity units")
    pricing.line("capacity units", price, count("capacity units", pricing.number("sku.capacity", 1) or 1), pricing.hours())


def _hub_capture(pricing: Pricing) -> None:
    """Capture of a Standard namespace is paid for each of its throughput units. Source: Event Hubs pricing."""
    namespace = pricing.program.referred(pricing.resource, "namespaceName")
    tier = str(namespace.get("sku.name") if namespace else "").lower()
    if pricing.resource.get("captureDescription.enabled") is True and tier != "premium":
        pricing.line("capture", pricing.service(HUB, "standard-capture", "capture"), count("throughput unit at least", 1), pricing.hours())


def _grid(pricing: Pricing) -> None:
    """The first 100,000 operations a month are free in a subscription. Source: Azure Event Grid pricing."""
    used = less_grant(product("operations a month", *requests(pricing)), 100_000, "operations")
    pricing.line("operations", pricing.service(GRID, "basic-operations", "operations"), used, usage_based=True)


def _queue(pricing: Pricing) -> None:
    """A message is put, got and deleted: three operations. Source: Azure Queue Storage pricing."""
    account = pricing.program.referred(pricing.resource, "accountName", "azure-native:storage:StorageAccount")
    redundancy = str(account.get("sku.name") if account else "").lower().partition("_")[2]
    if not redundancy:
        pricing.unpriced("queue operations", "the account's sku is not known")
        return
    price = pricing.service(QUEUE, f"v2-{redundancy}-class1-operations", "queue operations")
    three = Factor("operations a message (put, get, delete)", Band.exactly(3))
    pricing.line("queue operations", price, *requests(pricing), three, usage_based=True)


def _table(pricing: Pricing) -> None:
    pricing.unpriced("table", "table storage and its transactions have no price list here")


PRICERS: dict[str, Pricer] = {
    "azure-native:servicebus:Namespace": _bus,
    "azure-native:eventhub:Namespace": _hub,
    "azure-native:eventhub:Cluster": _hub_cluster,
    "azure-native:eventhub:EventHub": _hub_capture,
    "azure-native:eventgrid:Topic": _grid,
    "azure-native:eventgrid:SystemTopic": _grid,
    "azure-native:eventgrid:Domain": _grid,
    "azure-native:storage:Queue": _queue,
    "azure-native:storage:Table": _table,
}
FREE: set[str] = {
    *(
        f"azure-native:servicebus:{name}"
        for name in (
            "Queue", "Topic", "Subscription", "Rule", "NamespaceAuthorizationRule", "QueueAuthorizationRule", "TopicAuthorizationRule",
            "NamespaceNetworkRuleSet", "PrivateEndpointConnection", "DisasterRecoveryConfig",
        )
    ),
    *(
        f"azure-native:eventhub:{name}"
        for name in (
            "ConsumerGroup", "EventHubAuthorizationRule", "NamespaceAuthorizationRule", "NamespaceNetworkRuleSet", "SchemaRegistry",
            "ApplicationGroup", "PrivateEndpointConnection", "DisasterRecoveryConfig",
        )
    ),
    *(
        f"azure-native:eventgrid:{name}"
        for name in (
            "EventSubscription", "SystemTopicEventSubscription", "TopicEventSubscription", "DomainTopic", "DomainEventSubscription",
            "DomainTopicEventSubscription", "PrivateEndpointConnection",
        )
    ),
}  # fmt: skip
