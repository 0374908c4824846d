"""Alerts and whom they call."""

from typing import Final

from costs.azure.amounts import listed, mapping
from costs.model import Factor
from costs.money import ZERO, Band
from costs.pricing import Pricer, Pricing, count

SERVICE: Final = "monitor"


def _metric_alert(pricing: Pricing) -> None:
    """Each time series that an alert watches, by the month. Source: Azure Monitor pricing, "Alert rules"."""
    if pricing.resource.get("enabled") is False:
        return
    conditions = pricing.resource.items("criteria.allOf")
    if not conditions:
        pricing.unpriced("watched time series", "criteria is known only after `up`")
        return
    scopes = count("resources watched", max(len(pricing.resource.items("scopes")), 1))
    series = ZERO
    for each in conditions:
        series = series + _series(pricing, each)
    price = pricing.service(SERVICE, "metric-alert-time-series", "watched time series")
    pricing.line("watched time series", price, Factor("time series a resource", series), scopes)


def _series(pricing: Pricing, condition: object) -> Band:
    series = Band.exactly(1)
    for each in map(mapping, listed(mapping(condition).get("dimensions"))):
        values = listed(each.get("values"))
        if values and "*" not in values and str(each.get("operator", "Include")).lower() == "include":
            series = series * len(values)
        else:
            series = series * pricing.assume("values of a dimension", Band.of(1, 3, 10), "an alert on every value of a dimension").amount
    return series


def _query_alert(pricing: Pricing) -> None:
    """Log alerts are paid by how often they look. Source: Azure Monitor pricing, "Alert rules"."""
    every = pricing.text("evaluationFrequency", "PT5M").removeprefix("PT").lower()
    if pricing.resource.get("enabled") is False or pricing.text("kind").lower() == "logtometric":
        return
    pricing.line("log alert", pricing.service(SERVICE, f"log-alert-{every}", "log alert"), count("rule", 1))


def _action_group(pricing: Pricing) -> None:
    """Mails, webhooks and functions are free in the numbers that alerts send. Source: Azure Monitor pricing, "Notifications"."""
    paid = [name for name in ("smsReceivers", "voiceReceivers") if pricing.resource.items(name)]
    if paid:
        pricing.unpriced("notifications", f"{' and '.join(paid)} are paid by country and message")


def _both(name: str, pricer: Pricer) -> dict[str, Pricer]:
    # Older programs say insights where newer ones say monitor.
    return {f"azure-native:{module}:{name}": pricer for module in ("monitor", "insights")}


PRICERS: dict[str, Pricer] = {
    **_both("MetricAlert", _metric_alert),
    **_both("ScheduledQueryRule", _query_alert),
    **_both("ActionGroup", _action_group),
}
FREE: set[str] = set()
