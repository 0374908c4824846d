"""Logs, metrics, alarms and dashboards: CloudWatch, managed Grafana and Prometheus, CloudTrail."""

from decimal import Decimal
from typing import Final

from catalogue.model import Confidence
from costs.aws.parts import metered, monthly, no_free_tier, together, unlisted
from costs.model import Factor
from costs.money import DAYS_PER_MONTH, Band
from costs.pricing import Pricer, Pricing, count

_INGESTED: Final = {"INFREQUENT_ACCESS": "logs-ingested-infrequent-access", "DELIVERY": "logs-ingested-delivery"}
# CloudWatch bills storage after compression; its examples count 0.15 bytes for each byte taken in.
# Source: Amazon CloudWatch pricing, "Example: monitoring with logs".
_COMPRESSED: Final = Band.of(0.15, 0.15, 1)
_HORIZON_DAYS: Final = Decimal(365)
_HIGH_RESOLUTION_S: Final = 60
# A band needs its upper and lower edge next to the metric. Source: Amazon CloudWatch pricing, "Alarms".
_METRICS_OF_ANOMALY: Final = 3


def _log_group(pricing: Pricing) -> None:
    """What is taken in, what is kept, what queries scan. Source: Amazon CloudWatch pricing, "Logs"."""
    if pricing.unreadable("logGroupClass"):
        pricing.unpriced("log ingestion", "its class is known only after `up`")
        return
    taken = pricing.usage_or("ingestedGibPerMonth")
    sku = _INGESTED.get(pricing.text("logGroupClass", "STANDARD"), "logs-ingested")
    no_free_tier(pricing, "5 GB of logs a month")
    pricing.line("log ingestion", pricing.service("cloudwatch", sku, "log ingestion"), taken, usage_based=True)
    price = pricing.service("cloudwatch", "logs-archival-storage", "log storage")
    pricing.line("log storage", price, *_kept(pricing, taken), usage_based=True)
    price = pricing.service("cloudwatch", "logs-insights-scanned", "log queries")
    pricing.line("log queries", price, pricing.usage_or("scannedGibPerMonth"), usage_based=True)


def _kept(pricing: Pricing, taken: Factor) -> tuple[Factor, ...]:
    told, days = pricing.usage("storedGib"), pricing.number("retentionInDays", 0)
    if told:
        return (told,)
    compressed = Factor("bytes stored for each taken in", _COMPRESSED, Confidence.MEDIUM)
    if days is None:
        kept = pricing.assume("months kept", Band.of(0, 1, 12), "retentionInDays is known only after `up`")
    elif 0 < days <= _HORIZON_DAYS:
        kept = count(f"months kept (retentionInDays {days})", days / DAYS_PER_MONTH)
    else:
        # What outlasts the first year fills evenly in it: half a year's worth on average.
        kept = count("months kept on average in the first year (nothing is deleted in it)", 6)
    return taken, compressed, kept


def _alarm(pricing: Pricing) -> None:
    """By the metric it watches and how often. Source: Amazon CloudWatch pricing, "Alarms"."""
    queries = pricing.resource.items("metricQueries")
    metrics = sum(pricing.resource.get(f"metricQueries.{number}.metric") is not None for number in range(len(queries))) or 1
    periods = [pricing.number("period"), *(pricing.number(f"metricQueries.{number}.metric.period") for number in range(len(queries)))]
    fast = any(period is not None and period < _HIGH_RESOLUTION_S for period in periods)
    if pricing.resource.get("thresholdMetricId") and queries:
        metrics *= _METRICS_OF_ANOMALY
    kind = "high" if fast else "standard"
    driver = f"alarm ({kind} resolution)"
    pricing.line(driver, pricing.service("cloudwatch", f"alarm-{kind}-resolution", driver), count("metrics watched", metrics))
    no_free_tier(pricing, "10 alarm metrics")


def _dashboard(pricing: Pricing) -> None:
    pricing.line("dashboard", pricing.service("cloudwatch", "dashboard", "dashboard"), count("dashboard", 1))
    no_free_tier(pricing, "3 dashboards")


def _metric_filter(pricing: Pricing) -> None:
    """Each filter makes a custom metric; one with dimensions makes one for each combination of values that occurs."""
    many = count("custom metric", 1)
    if pricing.resource.get("metricTransformation.dimensions"):
        many = pricing.assume("custom metrics", Band.of(1, 3, 30), "one for each combination of its dimensions' values that occurs")
    price = pricing.service("cloudwatch", "custom-metric-first-10k", "custom metrics")
    pricing.line("custom metrics", price, many)


def _grafana(pricing: Pricing) -> None:
    """By the user who was active in the month, at least one editor. Source: Amazon Managed Grafana pricing."""
    nobody = "nobody says who will use the workspace"
    for driver, sku, band in (("editors", "editor", Band.of(1, 1, 5)), ("viewers", "viewer", Band.of(0, 2, 20))):
        active = pricing.assume(f"active {driver}", band, nobody)
        pricing.line(driver, pricing.service("managed-grafana", sku, driver), active, usage_based=True)


def _trail(pricing: Pricing) -> None:
    """The first copy of management events is free, data events and insights are not. Source: AWS CloudTrail pricing."""
    selectors = [*pricing.resource.items("eventSelectors"), *pricing.resource.items("advancedEventSelectors")]
    if selectors or pricing.unreadable("eventSelectors") or pricing.unreadable("advancedEventSelectors"):
        pricing.unpriced("data events", "how many events its selectors mean is not known")
    if pricing.resource.get("insightSelectors"):
        pricing.unpriced("insights", "how many events are analysed is not known")
    pricing.note("copies of management events", "the first", "the first trail of an account and region is free, further ones are not")


PRICERS: dict[str, Pricer] = {
    "aws:cloudwatch/logGroup:LogGroup": _log_group,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": monthly("cloudwatch", "alarm-composite", "composite alarm"),
    "aws:cloudwatch/dashboard:Dashboard": _dashboard,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _metric_filter,
    "aws:cloudwatch/metricStream:MetricStream": unlisted("metric updates streamed"),
    "aws:cloudwatch/contributorInsightRule:ContributorInsightRule": unlisted("contributor insights (rule and matched events)"),
    "aws:cloudwatch/contributorManagedInsightRule:ContributorManagedInsightRule": unlisted("contributor insights"),
    "aws:cloudwatch/internetMonitor:InternetMonitor": unlisted("monitored resources and networks"),
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": unlisted("data protection (per GB scanned)"),
    "aws:cloudwatch/logDelivery:LogDelivery": metered("cloudwatch", "vended-logs-ingested", "vended logs", "ingestedGibPerMonth"),
    "aws:synthetics/canary:Canary": unlisted("canary runs"),
    "aws:rum/appMonitor:AppMonitor": unlisted("events of real user monitoring"),
    "aws:grafana/workspace:Workspace": _grafana,
    "aws:amp/workspace:Workspace": together(
        unlisted("metric samples taken in", "how many samples are taken in is not known, nor is their price list on record"),
        unlisted("metric storage"),
        unlisted("query samples processed"),
    ),
    "aws:amp/scraper:Scraper": unlisted("scraper hours and samples"),
    "aws:cloudtrail/trail:Trail": _trail,
    "aws:cloudtrail/eventDataStore:EventDataStore": unlisted("events taken in and kept"),
}
FREE: set[str] = {
    *(
        f"aws:cloudwatch/{name[0].lower()}{name[1:]}:{name}"
        for name in (
            "AlarmMuteRule",
            "LogAccountPolicy",
            "LogDeliveryDestination",
            "LogDeliveryDestinationPolicy",
            "LogDeliverySource",
            "LogDestination",
            "LogDestinationPolicy",
            "LogIndexPolicy",
            "LogResourcePolicy",
            "LogStream",
            "LogSubscriptionFilter",
            "QueryDefinition",
        )
    ),
    "aws:amp/alertManagerDefinition:AlertManagerDefinition",
    "aws:amp/queryLoggingConfiguration:QueryLoggingConfiguration",
    "aws:amp/resourcePolicy:ResourcePolicy",
    "aws:amp/workspaceConfiguration:WorkspaceConfiguration",
    "aws:grafana/roleAssociation:RoleAssociation",
    "aws:grafana/workspaceApiKey:WorkspaceApiKey",
    "aws:grafana/workspaceSamlConfiguration:WorkspaceSamlConfiguration",
    "aws:grafana/workspaceServiceAccount:WorkspaceServiceAccount",
    "aws:grafana/workspaceServiceAccountToken:WorkspaceServiceAccountToken",
    "aws:xray/encryptionConfig:EncryptionConfig",
    "aws:xray/group:Group",
    "aws:xray/samplingRule:SamplingRule",
}
