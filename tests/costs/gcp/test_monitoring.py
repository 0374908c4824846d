"""Logs, metrics, alerts, uptime checks."""

from decimal import Decimal

from tests.costs.building import estimated, resource, told, usd
from tests.costs.gcp.listed import LIST, R

D = Decimal


def test_logs_are_paid_once_and_longer_retention_by_the_month() -> None:
    it = resource("gcp:logging/projectBucketConfig:ProjectBucketConfig", properties={"location": "global", "retentionDays": 90})
    found = estimated(LIST, it, usage=told(ingestedGibPerMonth=100))
    assert usd(found, "logs") == (D("50.0000"),) * 3  # 100 × 0.50
    assert usd(found, "log retention") == (D("2.0000"),) * 3  # 100 × 2 months × 0.01


def test_metrics_go_by_steps_of_mib() -> None:
    it = resource("gcp:monitoring/metricDescriptor:MetricDescriptor")
    found = estimated(LIST, it, usage=told(ingestedGibPerMonth=300), config={"gcp:region": R})
    # 307,200 MiB: 100,000 × 0.258 + 150,000 × 0.151 + 57,200 × 0.061
    assert usd(found, "metric points") == (D("51939.2000"),) * 3


def test_an_alert_is_paid_by_its_conditions_unless_it_is_off() -> None:
    conditions = [{"displayName": "a"}, {"displayName": "b"}]
    it = resource("gcp:monitoring/alertPolicy:AlertPolicy", properties={"conditions": conditions})
    assert usd(estimated(LIST, it), "alert conditions") == (D("3.0000"),) * 3  # 2 × 1.50
    off = resource("gcp:monitoring/alertPolicy:AlertPolicy", properties={"conditions": conditions, "enabled": False})
    assert estimated(LIST, off).free == 1


def test_an_uptime_check_runs_from_six_places_unless_it_names_some() -> None:
    kind = "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig"
    # 2,628,000 s ÷ 60 s × 6 places × 0.30 per 1,000
    assert usd(estimated(LIST, resource(kind, properties={"period": "60s"})), "uptime checks") == (D("78.8400"),) * 3
    # 2,628,000 ÷ 300 × 3 × 0.30 per 1,000
    three = {"selectedRegions": ["EUROPE", "USA", "ASIA_PACIFIC"]}
    assert usd(estimated(LIST, resource(kind, properties=three)), "uptime checks") == (D("7.8840"),) * 3


def test_a_metric_of_which_nothing_is_told_is_a_few_time_series_not_gigabytes() -> None:
    found = estimated(LIST, resource("gcp:logging/metric:Metric", properties={"filter": "x"}), config={"gcp:region": R})
    # 1, 10 and 1,000 series × 43,800 points × 8 bytes: 0.000326, 0.003263 and 0.326335 GiB × 1,024 × 0.258
    assert usd(found, "metric points") == (D("0.0861"), D("0.8621"), D("86.2151"))
    spread = {"filter": "x", "metricDescriptor": {"valueType": "DISTRIBUTION"}}
    ten = estimated(LIST, resource("gcp:logging/metric:Metric", properties=spread), config={"gcp:region": R})
    assert usd(ten, "metric points")[1] == D("8.6216")  # 0.032634 GiB
