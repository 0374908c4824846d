"""Logs, metrics, alerts and where they go."""

from decimal import Decimal
from typing import Final

from costs.azure.amounts import less_grant, mapping
from costs.model import Factor
from costs.money import DAYS_PER_MONTH, ZERO, number_in
from costs.pricing import Pricer, Pricing, count

SERVICE: Final = "monitor"
_WORKSPACE: Final = "azure-native:operationalinsights:Workspace"
# Taken in free of charge a month in a billing account, and kept free of charge. Source: Azure Monitor pricing.
_FREE_GIB, _FREE_DAYS = 5, 31
# Left out: 30 days. Source: Azure Monitor, "Data retention and archive".
_RETENTION_DAYS: Final = 30


def _workspace(pricing: Pricing) -> None:
    taken_in = _ingested(pricing)
    tier = pricing.text("sku.name", "PerGB2018").lower()
    if tier == "free":
        return
    if tier in ("capacityreservation", "lacluster"):
        _reserved(pricing)
    else:
        price = pricing.service(SERVICE, "logs-analytics-ingestion", "logs taken in")
        pricing.line("logs taken in", price, less_grant(taken_in, _FREE_GIB, "GB"), usage_based=True)
    _retention(pricing, taken_in)


def _ingested(pricing: Pricing) -> Factor:
    """GiB a month, at most what the daily cap lets in."""
    told, cap = pricing.usage_or("ingestedGibPerMonth"), pricing.number("workspaceCapping.dailyQuotaGb")
    if not cap:
        return told
    words = f"{told.words} (at most {cap} GB a day)"
    return Factor(words, told.amount.clamped(0, cap * DAYS_PER_MONTH), told.confidence)


def _reserved(pricing: Pricing) -> None:
    level = pricing.number("sku.capacityReservationLevel")
    if level is None:
        pricing.unpriced("reserved capacity", "sku.capacityReservationLevel is not known before `up`, or it is a cluster's")
        return
    price = pricing.service(SERVICE, f"logs-capacity-reservation-{level}GB", "reserved capacity")
    pricing.line(f"reserved capacity ({level} GB a day)", price, count("days a month", DAYS_PER_MONTH))


def _retention(pricing: Pricing, taken_in: Factor) -> None:
    days = pricing.number("retentionInDays", _RETENTION_DAYS)
    if days is None:
        pricing.unpriced("logs kept", "retentionInDays is known only after `up`")
    elif days > _FREE_DAYS:
        months = count(f"months kept above {_FREE_DAYS} days ({days} in all)", (days - _FREE_DAYS) / DAYS_PER_MONTH)
        price = pricing.service(SERVICE, "logs-analytics-retention", "logs kept")
        pricing.line("logs kept", price, taken_in, months, usage_based=True)


def _table(pricing: Pricing) -> None:
    """What a table takes in is in the workspace's line; its long-term retention is not."""
    days, total = pricing.number("retentionInDays", _RETENTION_DAYS), pricing.number("totalRetentionInDays")
    if pricing.text("plan").lower() in ("basic", "auxiliary"):
        why = "its logs are cheaper than the workspace's; the workspace's line takes all as analytics logs"
        pricing.assume("logs on the Basic plan", ZERO, why)
    if days is not None and total is not None and total > days:
        taken_in = pricing.usage_or("ingestedGibPerMonth")
        months = count(f"months in long-term retention ({total} days in all)", (total - days) / DAYS_PER_MONTH)
        pricing.line(
            "long-term retention", pricing.service(SERVICE, "logs-archive", "long-term retention"), taken_in, months, usage_based=True
        )


def _export(pricing: Pricing) -> None:
    """Continuous export, by what it sends on. Source: Azure Monitor pricing, "Log Data Export"."""
    if pricing.resource.get("enable") is not False:
        price = pricing.service(SERVICE, "logs-export", "exported logs")
        pricing.line("exported logs", price, pricing.usage_or("ingestedGibPerMonth"), usage_based=True)


def _insights(pricing: Pricing) -> None:
    """Telemetry lands in a workspace and is paid there. Source: Azure Monitor pricing, Application Insights."""
    if pricing.program.referred(pricing.resource, "workspaceResourceId", _WORKSPACE):
        return
    price = pricing.service(SERVICE, "logs-analytics-ingestion", "telemetry taken in")
    taken_in = pricing.usage_or("ingestedGibPerMonth")
    sampled = pricing.number("samplingPercentage", 100)
    share = count("share that is sampled", (sampled if sampled is not None else Decimal(100)) / 100)
    pricing.line("telemetry taken in", price, taken_in, share, usage_based=True)


def _diagnostics(pricing: Pricing) -> None:
    """Logs into the program's own workspace are paid there; elsewhere here. Source: Azure Monitor pricing, "Platform logs"."""
    if not any(_enabled(each) for name in ("logs", "metrics") for each in pricing.resource.items(name)):
        if pricing.unreadable("logs") or pricing.unreadable("metrics"):
            pricing.unpriced("exported logs", "logs is known only after `up`")
        return
    if pricing.resource.get("workspaceId") is not None and not pricing.program.referred(pricing.resource, "workspaceId", _WORKSPACE):
        price = pricing.service(SERVICE, "logs-analytics-ingestion", "logs into a workspace outside the program")
        pricing.line("logs into a workspace outside the program", price, pricing.usage_or("ingestedGibPerMonth"), usage_based=True)
    for target, name in (("storageAccountId", "storage"), ("eventHubAuthorizationRuleId", "event hubs")):
        if pricing.resource.get(target) is not None:
            driver = f"logs exported to {name}"
            price = pricing.service(SERVICE, "platform-logs-export", driver)
            pricing.line(driver, price, pricing.usage_or("ingestedGibPerMonth"), usage_based=True)


def _enabled(category: object) -> bool:
    return bool(mapping(category)) and mapping(category).get("enabled") is not False


def _prometheus(pricing: Pricing) -> None:
    pricing.unpriced("metrics taken in", "managed Prometheus pays for each sample taken in, which has no price list here")


def _grafana(pricing: Pricing) -> None:
    tier = pricing.text("sku.name", "Standard").lower()
    if tier != "essential":
        price = pricing.service("managed-grafana", f"{tier}-instance", "Grafana")
        pricing.line("Grafana", price, count("instance", 1), pricing.hours())
        pricing.unpriced("Grafana users", "each active user is paid for, and nobody says how many there are")


def _cluster(pricing: Pricing) -> None:
    level = number_in(pricing.resource.get("sku.capacity"))
    if level is None:
        pricing.unpriced("reserved capacity", "sku.capacity is not known before `up`")
    else:
        price = pricing.service(SERVICE, f"logs-capacity-reservation-{level}GB", "reserved capacity")
        pricing.line("reserved capacity", price, count("days a month", DAYS_PER_MONTH))


PRICERS: dict[str, Pricer] = {
    _WORKSPACE: _workspace,
    "azure-native:operationalinsights:Table": _table,
    "azure-native:operationalinsights:Cluster": _cluster,
    "azure-native:operationalinsights:DataExport": _export,
    "azure-native:applicationinsights:Component": _insights,
    "azure-native:insights:Component": _insights,
    "azure-native:monitor:AzureMonitorWorkspace": _prometheus,
    "azure-native:dashboard:Grafana": _grafana,
    "azure-native:monitor:DiagnosticSetting": _diagnostics,
    "azure-native:insights:DiagnosticSetting": _diagnostics,
}
FREE: set[str] = {
    *(f"azure-native:monitor:{name}" for name in (
        "ActivityLogAlert", "AutoscaleSetting", "DataCollectionEndpoint", "DataCollectionRule", "DataCollectionRuleAssociation",
        "PrivateEndpointConnection", "PrivateLinkScope", "PrivateLinkScopedResource", "SubscriptionDiagnosticSetting",
    )),
    *(f"azure-native:insights:{name}" for name in (
        "ActivityLogAlert", "AutoscaleSetting", "DataCollectionEndpoint", "DataCollectionRule", "DataCollectionRuleAssociation",
        "PrivateLinkScope", "PrivateLinkScopedResource", "Workbook",
    )),
    *(f"azure-native:operationalinsights:{name}" for name in (
        "DataSource", "LinkedService", "LinkedStorageAccount", "Query", "QueryPack", "SavedSearch", "StorageInsightConfig",
    )),
    "azure-native:alertsmanagement:PrometheusRuleGroup",
    "azure-native:alertsmanagement:ActionRuleByName",
    "azure-native:alertsmanagement:SmartDetectorAlertRule",
    "azure-native:applicationinsights:Workbook",
    "azure-native:portal:Dashboard",
}  # fmt: skip
