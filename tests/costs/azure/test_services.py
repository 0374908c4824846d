"""Registries, keys, queues, monitoring and databases."""

from decimal import Decimal
from typing import Any

import pytest

from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import estimated, prices, resource, told, usd

# List prices East US, West Europe and global, 2026.
LIST = prices(
    *(
        ("azure", service, sku, "eastus", unit, price)
        for service, sku, unit, price in (
            ("container-registry", "basic", "day", "0.1667"),
            ("container-registry", "premium", "day", "1.6667"),
            ("container-registry", "premium-geo-replication", "day", "1.6667"),
            ("container-registry", "storage-overage", "GB-month", "0.1"),
            ("key-vault", "secrets-operations", "10k transactions", "0.03"),
            ("key-vault", "rsa2048-key-operations", "10k transactions", "0.03"),
            ("key-vault", "advanced-key-operations", "10k transactions", "0.15"),
            ("key-vault", "hsm-rsa2048-key", "key-month", "1"),
            ("key-vault", "hsm-advanced-key-first-250", "key-month", "5"),
            ("service-bus", "standard-base", "hour", "0.01344"),
            ("service-bus", "standard-operations-13M-100M", "1M operations", "0.8"),
            ("service-bus", "premium-messaging-unit", "hour", "0.9275"),
            ("event-hubs", "standard-throughput-unit", "TU-hour", "0.03"),
            ("event-hubs", "standard-ingress", "1M events", "0.028"),
            ("event-grid", "basic-operations", "100k operations", "0.06"),
            ("storage-queue", "v2-lrs-class1-operations", "10k operations", "0.004"),
            ("monitor", "logs-analytics-ingestion", "GB", "2.3"),
            ("monitor", "logs-analytics-retention", "GB-month", "0.1"),
            ("monitor", "logs-archive", "GB-month", "0.02"),
            ("monitor", "logs-capacity-reservation-100GB", "day", "196"),
            ("monitor", "metric-alert-time-series", "time-series-month", "0.1"),
            ("monitor", "platform-logs-export", "GB", "0.25"),
            ("sql-database", "gp-gen5-vcore", "vCore-hour", "0.152217"),
            ("sql-database", "gp-storage", "GB-month", "0.115"),
        )
    )
)


def priced(
    token: str, *others: Resource, usage: dict[str, Any] | None = None, refers: dict[str, str] | None = None, **properties: Any
) -> Estimate:
    it = resource(f"azure-native:{token}", properties={"location": "eastus", **properties}, refers=refers)
    return estimated(LIST, it, *others, usage=told(**(usage or {})))


def test_a_registry_costs_its_days_and_what_it_stores_above_what_is_included() -> None:
    found = priced("containerregistry:Registry", sku={"name": "Premium"}, usage={"storedGib": (400, 500, 700)})
    # 30.41667 days × 1.6667; 0 … 0 … 200 GiB above 500 × 0.1
    assert usd(found, "registry") == (Decimal("50.6955"),) * 3
    assert usd(found, "storage above") == (Decimal("0.0000"), Decimal("0.0000"), Decimal("20.0000"))


def test_each_further_region_of_a_registry_costs_as_much() -> None:
    # 30.41667 days × 1.6667
    assert usd(priced("containerregistry:Replication"), "geo-replication") == (Decimal("50.6955"),) * 3


def test_a_tier_of_a_registry_without_a_price_is_not_priced_as_another() -> None:
    assert any("standard" in each.reason for each in priced("containerregistry:Registry", sku={"name": "Standard"}).unpriced)
    assert priced("containerregistry:Registry", sku=UNKNOWN).unpriced


@pytest.mark.parametrize(
    ("properties", "cost"),
    [
        ({"kty": "RSA", "keySize": 2048}, "3.0000"),  # 1,000,000 × 0.03/10,000
        ({}, "3.0000"),
        ({"kty": "RSA", "keySize": 4096}, "15.0000"),  # 1,000,000 × 0.15/10,000
        ({"kty": "EC"}, "15.0000"),
    ],
)
def test_operations_on_a_key_cost_by_its_kind(properties: dict[str, Any], cost: str) -> None:
    found = priced("keyvault:Key", properties=properties, usage={"operationsPerMonth": 1_000_000})
    assert usd(found, "operations on the key") == (Decimal(cost),) * 3
    assert len(found.lines) == 1


@pytest.mark.parametrize(("size", "cost"), [(2048, "1.0000"), (3072, "5.0000")])
def test_a_key_in_an_hsm_also_costs_by_the_month(size: int, cost: str) -> None:
    found = priced("keyvault:Key", properties={"kty": "RSA-HSM", "keySize": size})
    assert usd(found, "key in an HSM") == (Decimal(cost),) * 3


def test_a_key_that_cannot_be_read_is_unpriced() -> None:
    assert priced("keyvault:Key", properties=UNKNOWN).unpriced
    assert priced("keyvault:Key", properties={"kty": "RSA", "keySize": UNKNOWN}).unpriced


def test_a_vault_pays_for_secrets_and_leaves_its_keys_to_themselves() -> None:
    urn = "urn:pulumi:test::shop::azure-native:keyvault:Vault::it"
    key = resource("azure-native:keyvault:Key", "k", {"location": "eastus"}, refers={"vaultName": urn})
    # 1,000,000 × 0.03/10,000, once
    usage = {"operationsPerMonth": 1_000_000}
    assert usd(priced("keyvault:Vault", usage=usage), "operations on secrets") == (Decimal("3.0000"),) * 3
    assert [each.urn for each in priced("keyvault:Vault", key, usage=usage).lines] == [key.urn]


def test_a_standard_bus_has_13_million_operations_in_its_base() -> None:
    found = priced("servicebus:Namespace", sku={"name": "Standard"}, usage={"requestsPerMonth": (1_000_000, 13_000_000, 20_000_000)})
    # 730 h × 0.01344; 0 … 0 … 7 M × 0.8/M
    assert usd(found, "namespace") == (Decimal("9.8112"),) * 3
    assert usd(found, "operations") == (Decimal("0.0000"), Decimal("0.0000"), Decimal("5.6000"))


def test_a_premium_bus_costs_its_messaging_units() -> None:
    # 2 × 730 h × 0.9275
    assert usd(priced("servicebus:Namespace", sku={"name": "Premium", "capacity": 2}), "messaging units") == (Decimal("1354.1500"),) * 3


def test_throughput_units_inflate_to_their_maximum() -> None:
    properties: dict[str, Any] = {"sku": {"name": "Standard", "capacity": 2}, "isAutoInflateEnabled": True, "maximumThroughputUnits": 10}
    found = priced("eventhub:Namespace", usage={"requestsPerMonth": 100_000_000}, **properties)
    # 2 … 2 … 10 × 730 h × 0.03; 100 M × 0.028/M
    assert usd(found, "throughput units") == (Decimal("43.8000"), Decimal("43.8000"), Decimal("219.0000"))
    assert usd(found, "events taken in") == (Decimal("2.8000"),) * 3


def test_events_cost_by_the_hundred_thousand() -> None:
    found = priced("eventgrid:Topic", usage={"requestsPerMonth": 1_000_000})
    # (1,000,000 - 100,000 free) … 1,000,000 × 0.06/100,000
    assert usd(found, "operations") == (Decimal("0.5400"), Decimal("0.6000"), Decimal("0.6000"))


def test_a_message_is_three_operations_on_a_queue() -> None:
    account = resource("azure-native:storage:StorageAccount", "a", {"location": "eastus", "sku": {"name": "Standard_LRS"}})
    found = priced("storage:Queue", account, refers={"accountName": account.urn}, usage={"requestsPerMonth": 1_000_000})
    # 1 M × 3 × 0.004/10,000
    assert usd(found, "queue operations") == (Decimal("1.2000"),) * 3


WORKSPACE = "operationalinsights:Workspace"


def test_a_workspace_costs_what_it_takes_in_and_keeps() -> None:
    found = priced(WORKSPACE, sku={"name": "PerGB2018"}, retentionInDays=90, usage={"ingestedGibPerMonth": 100})
    # 100 × 2.3, less 5 free at the low level
    assert usd(found, "logs taken in") == (Decimal("218.5000"), Decimal("230.0000"), Decimal("230.0000"))
    # (90 - 31) ÷ 30.41667 months × 100 GiB × 0.1
    assert usd(found, "logs kept") == (Decimal("19.3973"),) * 3


@pytest.mark.parametrize("days", [None, 30, 31])
def test_the_first_month_of_logs_is_kept_for_nothing(days: int | None) -> None:
    assert [each.driver for each in priced(WORKSPACE, retentionInDays=days).lines] == ["logs taken in"]


def test_a_daily_cap_bounds_the_worst_case() -> None:
    found = priced(WORKSPACE, workspaceCapping={"dailyQuotaGb": 1}, usage={"ingestedGibPerMonth": (10, 20, 500)})
    # at most 30.41667 GB × 2.3
    assert usd(found, "logs taken in") == (Decimal("11.5000"), Decimal("46.0000"), Decimal("69.9583"))


def test_reserved_ingestion_costs_its_days() -> None:
    found = priced(WORKSPACE, sku={"name": "CapacityReservation", "capacityReservationLevel": 100})
    # 30.41667 days × 196
    assert usd(found, "reserved capacity") == (Decimal("5961.6667"),) * 3


def test_long_term_retention_of_a_table_is_paid() -> None:
    found = priced("operationalinsights:Table", retentionInDays=35, totalRetentionInDays=400, usage={"ingestedGibPerMonth": 10})
    # 365 ÷ 30.41667 = 12 months × 10 GiB × 0.02
    assert usd(found, "long-term retention") == (Decimal("2.4000"),) * 3


def test_insights_are_paid_in_their_workspace_or_here() -> None:
    workspace = resource(f"azure-native:{WORKSPACE}", "w", {"location": "eastus"})
    usage = {"ingestedGibPerMonth": 10}
    inside = priced("applicationinsights:Component", workspace, refers={"workspaceResourceId": workspace.urn}, usage=usage)
    assert {each.urn for each in inside.lines} == {workspace.urn}
    # 10 GiB × 50 % × 2.3
    alone = priced("insights:Component", samplingPercentage=50, usage=usage)
    assert usd(alone, "telemetry") == (Decimal("11.5000"),) * 3


def test_diagnostics_pay_for_what_leaves_the_programs_workspaces() -> None:
    logs = [{"category": "StorageRead", "enabled": True}]
    usage = {"ingestedGibPerMonth": 10}
    exported = priced("monitor:DiagnosticSetting", logs=logs, storageAccountId=UNKNOWN, usage=usage)
    # 10 GiB × 0.25
    assert usd(exported, "logs exported to storage") == (Decimal("2.5000"),) * 3
    elsewhere = priced("insights:DiagnosticSetting", logs=logs, workspaceId="/subscriptions/other", usage=usage)
    # 10 GiB × 2.3
    assert usd(elsewhere, "logs into a workspace") == (Decimal("23.0000"),) * 3
    workspace = resource(f"azure-native:{WORKSPACE}", "w", {"location": "eastus"})
    inside = priced(
        "monitor:DiagnosticSetting", workspace, logs=logs, workspaceId=UNKNOWN, refers={"workspaceId": workspace.urn}, usage=usage
    )
    assert {each.urn for each in inside.lines} == {workspace.urn}
    off = priced("monitor:DiagnosticSetting", logs=[{"category": "x", "enabled": False}], storageAccountId="/id")
    assert off.free == 1
    assert priced("monitor:DiagnosticSetting", logs=UNKNOWN).unpriced


def test_an_alert_costs_each_time_series_that_it_watches() -> None:
    conditions = [{"metricName": "a", "dimensions": [{"name": "d", "operator": "Include", "values": ["x", "y"]}]}, {"metricName": "b"}]
    found = priced("monitor:MetricAlert", criteria={"allOf": conditions}, scopes=["/one", "/two"])
    # (2 + 1) series × 2 resources × 0.1
    assert usd(found, "watched time series") == (Decimal("0.6000"),) * 3


def test_an_alert_on_every_value_is_a_band_and_one_that_is_off_is_free() -> None:
    conditions = [{"dimensions": [{"name": "d", "operator": "Include", "values": ["*"]}]}]
    # 1 … 3 … 10 × 0.1
    found = priced("monitor:MetricAlert", criteria={"allOf": conditions}, scopes=["/one"])
    assert usd(found, "watched time series") == (Decimal("0.1000"), Decimal("0.3000"), Decimal("1.0000"))
    assert priced("monitor:MetricAlert", criteria={"allOf": conditions}, enabled=False).free == 1
    assert priced("monitor:MetricAlert", criteria=UNKNOWN).unpriced


def test_mails_are_free_and_text_messages_are_named() -> None:
    assert priced("monitor:ActionGroup", emailReceivers=[{"name": "a"}]).free == 1
    assert priced("monitor:ActionGroup", smsReceivers=[{"name": "a"}]).unpriced


def test_a_database_costs_its_vcores_and_storage() -> None:
    found = priced("sql:Database", sku={"name": "GP_Gen5", "capacity": 2}, maxSizeBytes=100 * 2**30)
    # 2 × 730 h × 0.152217; 100 GiB × 0.115
    assert usd(found, "vCores") == (Decimal("222.2368"),) * 3
    assert usd(found, "storage") == (Decimal("11.5000"),) * 3
    assert usd(priced("sql:Database", sku={"name": "GP_Gen5_4"}), "vCores") == (Decimal("444.4736"),) * 3


@pytest.mark.parametrize("token", ["cosmosdb:DatabaseAccount", "cache:Redis", "dbforpostgresql:Server", "databricks:Workspace"])
def test_what_has_no_price_list_is_named_never_free(token: str) -> None:
    found = priced(token)
    assert not found.unsupported
    assert not found.free
    assert found.unpriced


def test_a_type_that_nobody_knows_is_unsupported() -> None:
    assert priced("quantum:Workspace").unsupported


def test_what_a_template_deploys_is_never_taken_for_free() -> None:
    assert [each.driver for each in priced("resources:Deployment").unpriced] == ["the resources of its template"]


@pytest.mark.parametrize(("licence", "named"), [({}, True), ({"licenseType": "BasePrice"}, False)])
def test_a_database_pays_for_its_licence_unless_it_has_one(licence: dict[str, str], named: bool) -> None:
    found = priced("sql:Database", sku={"name": "GP_Gen5_2"}, **licence)
    assert usd(found, "vCores") == (Decimal("222.2368"),) * 3  # 2 × 730 h × 0.152217, without the licence
    assert bool(found.unpriced) is named


def test_exported_logs_are_paid_by_the_gigabyte() -> None:
    lists = prices(("azure", "monitor", "logs-export", "eastus", "GB", "0.1"))
    it = resource("azure-native:operationalinsights:DataExport", properties={"location": "eastus"})
    assert usd(estimated(lists, it, usage=told(ingestedGibPerMonth=100)), "exported logs") == (Decimal("10.0000"),) * 3  # 100 × 0.1
    off = resource("azure-native:operationalinsights:DataExport", properties={"location": "eastus", "enable": False})
    assert estimated(lists, off).free == 1
