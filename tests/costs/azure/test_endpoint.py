from decimal import Decimal
from typing import Any

import pytest

from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import estimated, line, prices, resource, told, usd

ML = "azure-native:machinelearningservices:"
A100 = "Standard_NC24ads_A100_v4"
# Machines: USD an hour on demand, Linux, East US, 2026-06-18; P10: managed disks East US; the rest East US and West Europe, 2026.
LIST = prices(
    ("azure", "managed-disk", "premium-ssd-p10-lrs", "eastus", "disk-month", "19.71"),
    ("azure", "bandwidth", "internet-egress-zone1-first-10TB-after-100GB-free", "eastus", "GB", "0.087"),
    ("azure", "bandwidth", "internet-egress-zone1-next-40TB", "eastus", "GB", "0.083"),
    ("azure", "openai", "ptu-global", "eastus", "PTU-hour", "1"),
    ("azure", "openai", "ptu-regional", "eastus", "PTU-hour", "2"),
    ("azure", "openai", "gpt-4o-0806-global-input", "eastus", "1M tokens", "2.5"),
    ("azure", "openai", "gpt-4o-0806-global-output", "eastus", "1M tokens", "10"),
    ("azure", "openai", "text-embedding-3-small-global", "eastus", "1M tokens", "0.02"),
    ("azure", "ai-search", "basic-unit", "eastus", "hour", "0.101"),
    machines=[("azure", "eastus", A100, "3.673", None), ("azure", "eastus", "Standard_F4s_v2", "0.169", None)],
)


def priced(token: str, *others: Resource, usage: dict[str, Any] | None = None, **properties: Any) -> Estimate:
    return estimated(LIST, resource(token, properties={"location": "eastus", **properties}), *others, usage=told(**(usage or {})))


def deployment(*others: Resource, **properties: Any) -> Estimate:
    return priced(f"{ML}OnlineDeployment", *others, **properties)


def test_a_deployment_costs_its_instances_at_the_machines_price_without_the_upgrade_reserve() -> None:
    found = deployment(properties={"endpointComputeType": "Managed", "instanceType": A100}, sku={"name": "Default", "capacity": 5})
    # 5 × 730 h × 3.673, not 6 for the 20 % of quota kept for upgrades
    assert usd(found, "instances") == (Decimal("13406.4500"),) * 3
    used = line(found, "instances").machine
    assert used
    assert used.count.expected == 5


def test_a_deployment_that_scales_reaches_from_its_minimum_to_its_maximum() -> None:
    limits = {"minimum": "2", "default": "2", "maximum": "6"}
    setting = resource(
        "azure-native:insights:AutoscaleSetting",
        "scale",
        {"enabled": True, "profiles": [{"capacity": limits}]},
        refers={"targetResourceUri": f"urn:pulumi:test::shop::{ML}OnlineDeployment::it"},
    )
    found = deployment(setting, properties={"instanceType": A100}, sku={"capacity": 2})
    # 2 … 2 … 6 × 730 h × 3.673
    assert usd(found, "instances") == (Decimal("5362.5800"), Decimal("5362.5800"), Decimal("16087.7400"))


def test_a_deployment_without_an_instance_type_runs_on_the_documented_one() -> None:
    # 730 h × 0.169 (Standard_F4s_v2)
    assert usd(deployment(properties={}), "instances (Standard_F4s_v2)") == (Decimal("123.3700"),) * 3


def test_a_deployment_on_kubernetes_is_paid_with_its_nodes() -> None:
    found = deployment(properties={"endpointComputeType": "Kubernetes"})
    assert not found.lines
    assert not found.unpriced
    assert found.free == 1


@pytest.mark.parametrize(
    "properties",
    [
        {"properties": UNKNOWN},
        {"properties": {"instanceType": UNKNOWN}},
        {"properties": {"endpointComputeType": UNKNOWN}},
        {"sku": {"capacity": UNKNOWN}},
    ],
)
def test_a_deployment_that_cannot_be_read_is_unpriced(properties: dict[str, Any]) -> None:
    found = deployment(**properties)
    assert not found.lines
    assert "known only after `up`" in found.unpriced[0].reason


def test_an_endpoint_pays_what_it_sends_to_the_internet_in_steps() -> None:
    found = priced(f"{ML}OnlineEndpoint", usage={"egressGibPerMonth": (50, 1100, 11240)})
    # low 50 GiB are within the 100 free ones; 1,100 × 0.087; 10,240 × 0.087 + 1,000 × 0.083
    assert usd(found, "internet egress") == (Decimal("0.0000"), Decimal("95.7000"), Decimal("973.8800"))


def cluster(priority: str = "Dedicated", low: Any = 0, high: Any = 4, **usage: Any) -> Estimate:
    scale = {"minNodeCount": low, "maxNodeCount": high}
    inner = {"vmSize": A100.upper(), "vmPriority": priority, "scaleSettings": scale}
    return priced(f"{ML}Compute", usage=usage, properties={"computeType": "AmlCompute", "properties": inner})


def test_a_compute_cluster_that_scales_to_zero_is_not_free() -> None:
    # 0 … 1 … 4 × 730 h × 3.673
    assert usd(cluster(), "nodes") == (Decimal("0.0000"), Decimal("2681.2900"), Decimal("10725.1600"))


def test_a_compute_cluster_of_low_priority_is_spot() -> None:
    # 1 … 4 nodes, 10 % … 100 % of 730 h × 3.673 each
    assert usd(cluster("LowPriority", 1), "nodes") == (Decimal("268.1290"), Decimal("2681.2900"), Decimal("10725.1600"))


def test_the_hours_of_a_compute_cluster_count() -> None:
    # 0 … 2 … 4 × 100 h × 3.673
    assert usd(cluster(nodes=2, hoursPerMonth=100), "nodes") == (Decimal("0.0000"), Decimal("734.6000"), Decimal("1469.2000"))


def test_a_compute_cluster_that_cannot_be_read_is_unpriced() -> None:
    assert not cluster(high=UNKNOWN).lines
    assert cluster(high=UNKNOWN).unpriced


def test_a_compute_instance_keeps_its_disk_and_stops_when_it_is_told_to() -> None:
    always = priced(f"{ML}Compute", properties={"computeType": "ComputeInstance", "properties": {"vmSize": "Standard_F4s_v2"}})
    # 730 h × 0.169; P10 19.71
    assert usd(always, "compute instance") == (Decimal("123.3700"),) * 3
    assert usd(always, "disk of the compute instance") == (Decimal("19.7100"),) * 3
    inner = {"vmSize": "Standard_F4s_v2", "idleTimeBeforeShutdown": "PT30M"}
    stops = priced(f"{ML}Compute", properties={"computeType": "ComputeInstance", "properties": inner})
    # 0 … 176 … 730 h × 0.169
    assert usd(stops, "compute instance") == (Decimal("0.0000"), Decimal("29.7440"), Decimal("123.3700"))


def test_attached_compute_is_paid_where_it_is_declared() -> None:
    assert priced(f"{ML}Compute", properties={"computeType": "Kubernetes"}).free == 1
    assert priced(f"{ML}Compute", properties={"computeType": "Databricks"}).unpriced


def test_a_serverless_endpoint_is_named() -> None:
    settings = {"modelSettings": {"modelId": "azureml://registries/azureml-meta/models/Llama-3"}}
    found = priced(f"{ML}ServerlessEndpoint", properties=settings)
    assert "Llama-3" in found.unpriced[0].reason


def hosted(sku: dict[str, Any], model: dict[str, Any]) -> Estimate:
    usage = {"inputTokensPerMonth": 30_000_000, "outputTokensPerMonth": 4_000_000}
    return priced("azure-native:cognitiveservices:Deployment", usage=usage, sku=sku, properties={"model": model})


def test_provisioned_throughput_costs_its_units_by_the_hour() -> None:
    model = {"name": "gpt-4o", "version": "2024-08-06"}
    # 50 PTU × 730 h × 1; regional × 2
    assert usd(hosted({"name": "GlobalProvisionedManaged", "capacity": 50}, model), "throughput") == (Decimal("36500.0000"),) * 3
    assert usd(hosted({"name": "ProvisionedManaged", "capacity": 50}, model), "throughput") == (Decimal("73000.0000"),) * 3


def test_a_standard_deployment_costs_its_tokens() -> None:
    found = hosted({"name": "GlobalStandard", "capacity": 10}, {"name": "gpt-4o", "version": "2024-08-06"})
    # 30 M × 2.5/M; 4 M × 10/M
    assert usd(found, "input tokens") == (Decimal("75.0000"),) * 3
    assert usd(found, "output tokens") == (Decimal("40.0000"),) * 3
    # embeddings have only one price: 30 M × 0.02/M
    assert usd(hosted({"name": "GlobalStandard"}, {"name": "text-embedding-3-small"}), "tokens") == (Decimal("0.6000"),) * 3


def test_a_regional_deployment_never_takes_the_global_price() -> None:
    found = hosted({"name": "Standard"}, {"name": "gpt-4o", "version": "2024-08-06"})
    assert not found.lines
    assert "gpt-4o-0806-regional-input" in found.unpriced[0].reason


def test_other_ai_services_are_named_and_accounts_for_models_are_free() -> None:
    assert priced("azure-native:cognitiveservices:Account", kind="OpenAI", sku={"name": "S0"}).free == 1
    assert priced("azure-native:cognitiveservices:Account", kind="SpeechServices", sku={"name": "S0"}).unpriced


def test_search_costs_its_units() -> None:
    found = priced("azure-native:search:Service", sku={"name": "basic"}, replicaCount=3, partitionCount=2)
    # 3 × 2 units × 730 h × 0.101
    assert usd(found, "search units") == (Decimal("442.3800"),) * 3


def test_a_rule_of_the_managed_network_pays_for_its_endpoint_or_names_its_firewall() -> None:
    lists = prices(("azure", "private-endpoint", "endpoint", "eastus", "hour", "0.01"))

    def rule(kind: str) -> Estimate:
        it = resource(f"{ML}ManagedNetworkSettingsRule", properties={"location": "eastus", "properties": {"type": kind}})
        return estimated(lists, it)

    assert usd(rule("PrivateEndpoint"), "outbound rule") == (Decimal("7.3000"),) * 3  # 730 h × 0.01
    assert [each.driver for each in rule("FQDN").unpriced] == ["firewall of the managed network"]
    assert rule("ServiceTag").free == 1


def test_a_job_without_compute_of_its_own_is_named() -> None:
    assert priced(f"{ML}Job", jobBaseProperties={"jobType": "Command"}).unpriced
    assert priced(f"{ML}Job", jobBaseProperties={"jobType": "Command", "computeId": "/computes/gpus"}).free == 1
    assert priced(f"{ML}CapacityReservationGroup").unpriced
