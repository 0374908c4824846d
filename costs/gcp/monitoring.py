"""Logs, metrics, alerts, uptime checks.

Source: Google Cloud, "Google Cloud Observability pricing". Free allotments are not applied.
"""

from decimal import Decimal
from typing import Final

from costs.money import SECONDS_PER_MONTH, Band
from costs.pricing import Pricer, Pricing, count

LOGGING: Final = "cloud-logging"
MONITORING: Final = "cloud-monitoring"
# Logs are kept this long for the price of taking them in.
_RETAINED_DAYS: Final = 30
_METRIC_STEPS: Final = (
    (100_000, "metric-ingestion-tier1-to-100k-MiB"),
    (250_000, "metric-ingestion-tier2-to-250k-MiB"),
    (None, "metric-ingestion-tier3-over-250k-MiB"),
)
# Bytes that a point is billed as: a number, or a distribution. Source: "Google Cloud Observability pricing", Cloud Monitoring.
_POINT_BYTES: Final = 8
_DISTRIBUTION_BYTES: Final = 80
_POINTS: Final = SECONDS_PER_MONTH / 60
# An uptime check runs from six places unless it names some. Source: Google Cloud, "Create public uptime checks".
_CHECKERS: Final = 6


def log_bucket(pricing: Pricing) -> None:
    """What is taken in, and what is kept longer than 30 days."""
    logs = pricing.usage_or("ingestedGibPerMonth", reason="how much is logged is not told")
    pricing.line("logs", pricing.service(LOGGING, "ingestion", "logs"), logs, usage_based=True)
    days = pricing.number("retentionDays", _RETAINED_DAYS)
    if days is not None and days > _RETAINED_DAYS:
        months = count(f"months kept longer ({days} days)", (days - _RETAINED_DAYS) / _RETAINED_DAYS)
        pricing.line("log retention", pricing.service(LOGGING, "retention", "log retention"), logs, months, usage_based=True)


def metric(pricing: Pricing) -> None:
    """A metric of one's own, by the MiB taken in."""
    steps = ((edge, pricing.service(MONITORING, sku, "metric points")) for edge, sku in _METRIC_STEPS)
    reason = "how many points the metric gets is not told: 1, 10 and 1,000 time series with a point each minute"
    volume = pricing.usage_or("ingestedGibPerMonth", _points_gib(pricing), reason)
    pricing.line("metric points", pricing.steps(*steps), volume, count("MiB per GiB", 1024), usage_based=True)


def _points_gib(pricing: Pricing) -> Band:
    distributed = "DISTRIBUTION" in (pricing.text("valueType"), pricing.text("metricDescriptor.valueType"))
    series = _POINTS * (_DISTRIBUTION_BYTES if distributed else _POINT_BYTES) / 2**30
    return Band(*((series * number).quantize(Decimal("0.000001")) for number in (1, 10, 1000)))


def alert_policy(pricing: Pricing) -> None:
    """Each condition a month, and the time series that its queries return."""
    if pricing.resource.get("enabled") is False:
        return
    conditions = len(pricing.resource.items("conditions"))
    if not conditions:
        pricing.unpriced("alert conditions", "conditions are known only after `up`")
        return
    pricing.line("alert conditions", pricing.service(MONITORING, "alert-condition", "alert conditions"), count("conditions", conditions))


def uptime_check(pricing: Pricing) -> None:
    """Executions: one in each period from each place."""
    text = pricing.text("period", "300s").removesuffix("s")
    period = Decimal(text) if text.isdigit() and int(text) else Decimal(300)
    places = len(pricing.resource.items("selectedRegions")) or _CHECKERS
    runs = count(f"executions (every {period} s)", SECONDS_PER_MONTH / period)
    pricing.line("uptime checks", pricing.service(MONITORING, "uptime-check-executions", "uptime checks"), runs, count("places", places))


PRICERS: dict[str, Pricer] = {
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": log_bucket,
    "gcp:logging/folderBucketConfig:FolderBucketConfig": log_bucket,
    "gcp:logging/organizationBucketConfig:OrganizationBucketConfig": log_bucket,
    "gcp:logging/billingAccountBucketConfig:BillingAccountBucketConfig": log_bucket,
    "gcp:logging/metric:Metric": metric,
    "gcp:monitoring/metricDescriptor:MetricDescriptor": metric,
    "gcp:monitoring/alertPolicy:AlertPolicy": alert_policy,
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": uptime_check,
}
FREE: set[str] = set()
