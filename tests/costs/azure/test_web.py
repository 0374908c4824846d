from decimal import Decimal
from typing import Any

from costs.model import Estimate
from costs.resource import UNKNOWN
from tests.costs.building import estimated, prices, resource, told, usd

PLAN = "azure-native:web:AppServicePlan"
APP = "azure-native:web:WebApp"
# Azure Functions, App Service and Container Instances list prices East US, 2026-10.
LIST = prices(
    ("azure", "functions", "consumption-executions-after-1M-free", "eastus", "1M executions", "0.2"),
    ("azure", "functions", "consumption-execution-time-after-400k-free", "eastus", "GB-second", "0.000016"),
    ("azure", "functions", "flex-on-demand-executions-after-250k-free", "eastus", "1M executions", "0.4"),
    ("azure", "functions", "flex-on-demand-execution-time-after-100k-free", "eastus", "GB-second", "0.000026"),
    ("azure", "functions", "flex-always-ready-baseline", "eastus", "GB-second", "0.000004"),
    ("azure", "functions", "premium-vcpu-hour", "eastus", "vCPU-hour", "0.173"),
    ("azure", "functions", "premium-memory-hour", "eastus", "GiB-hour", "0.0123"),
    ("azure", "app-service", "linux-p1v3", "eastus", "hour", "0.155"),
    ("azure", "container-instances", "vcpu", "eastus", "vCPU-hour", "0.0405"),
    ("azure", "container-instances", "memory", "eastus", "GB-hour", "0.00445"),
)
USAGE = told(requestsPerMonth=10_000_000, durationMs=500, replicas=2)


def function_app(plan: str, **properties: Any) -> Estimate:
    it = resource(PLAN, "plan", {"location": "eastus", "sku": {"name": plan}})
    app = resource(APP, properties={"location": "eastus", "kind": "functionapp,linux", **properties}, refers={"serverFarmId": it.urn})
    return estimated(LIST, it, app, usage=USAGE)


def group(**properties: Any) -> Estimate:
    containers = [{"resources": {"requests": {"cpu": 2, "memoryInGB": 4}}}, {"resources": {"requests": {"cpu": 1, "memoryInGB": 2}}}]
    it = resource(
        "azure-native:containerinstance:ContainerGroup", properties={"location": "eastus", "containers": containers, **properties}
    )
    return estimated(LIST, it)


def test_a_function_on_consumption_pays_for_executions_and_how_long_they_take() -> None:
    found = function_app("Y1")
    # 10 M - 1 M free at the low level; × 0.2/M
    assert usd(found, "executions") == (Decimal("1.8000"), Decimal("2.0000"), Decimal("2.0000"))
    # 10 M × 0.5 s × 0.125 … 0.5 … 1.5 GiB = 625,000 (less 400,000 free) … 2.5 M … 7.5 M GB-s × 0.000016
    assert usd(found, "execution time") == (Decimal("3.6000"), Decimal("40.0000"), Decimal("120.0000"))


def test_a_flex_function_pays_for_its_whole_instance_and_for_those_that_are_always_ready() -> None:
    config = {"scaleAndConcurrency": {"instanceMemoryMB": 4096, "alwaysReady": [{"name": "http", "instanceCount": 2}]}}
    found = function_app("FC1", functionAppConfig=config)
    # 10 M × 0.5 s × 4 GiB = 20 M GB-s (less 100,000 free at the low level) × 0.000026
    assert usd(found, "execution time") == (Decimal("517.4000"), Decimal("520.0000"), Decimal("520.0000"))
    # 2 × 2,628,000 s × 4 GiB × 0.000004
    assert usd(found, "always ready") == (Decimal("84.0960"),) * 3


def test_a_function_on_a_dedicated_plan_is_paid_by_the_plan() -> None:
    found = function_app("P1v3")
    assert [line.urn.rpartition("::")[2] for line in found.lines] == []
    plan = resource(PLAN, properties={"location": "eastus", "kind": "linux", "reserved": True, "sku": {"name": "P1v3", "capacity": 3}})
    # 3 × 730 h × 0.155
    assert usd(estimated(LIST, plan), "instances") == (Decimal("339.4500"),) * 3


def test_windows_is_not_priced_as_linux() -> None:
    plan = resource(PLAN, properties={"location": "eastus", "kind": "app", "sku": {"name": "P1v3"}})
    assert "windows-p1v3" in estimated(LIST, plan).unpriced[0].reason


def test_an_elastic_plan_reaches_from_its_ready_instances_to_its_burst_limit() -> None:
    plan = resource(PLAN, properties={"location": "eastus", "sku": {"name": "EP1", "capacity": 1}, "maximumElasticWorkerCount": 5})
    found = estimated(LIST, plan, usage=USAGE)
    # 1 … 2 … 5 × 1 vCPU × 730 h × 0.173; × 3.5 GiB × 730 h × 0.0123
    assert usd(found, "vCPUs") == (Decimal("126.2900"), Decimal("252.5800"), Decimal("631.4500"))
    assert usd(found, "memory") == (Decimal("31.4265"), Decimal("62.8530"), Decimal("157.1325"))


def test_a_function_whose_plan_is_unknown_is_named() -> None:
    app = resource(APP, properties={"location": "eastus", "kind": "functionapp"})
    assert estimated(LIST, app).unpriced[0].driver == "executions"


def test_a_free_plan_is_free_and_an_unknown_one_is_not() -> None:
    assert estimated(LIST, resource(PLAN, properties={"sku": {"name": "F1"}})).free == 1
    assert estimated(LIST, resource(PLAN, properties={"sku": UNKNOWN})).unpriced


def test_containers_pay_for_what_they_ask_for() -> None:
    found = group()
    # 3 vCPU × 730 h × 0.0405; 6 GB × 730 h × 0.00445
    assert usd(found, "vcpu") == (Decimal("88.6950"),) * 3
    assert usd(found, "memory") == (Decimal("19.4910"),) * 3


def test_containers_that_end_are_paid_while_they_run() -> None:
    # 3 vCPU × 1 … 73 … 730 h × 0.0405
    assert usd(group(restartPolicy="Never"), "vcpu") == (Decimal("0.1215"), Decimal("8.8695"), Decimal("88.6950"))


def test_what_containers_pay_without_a_price_is_named() -> None:
    assert "spot-vcpu" in group(priority="Spot").unpriced[0].reason
    assert [each.driver for each in group(osType="Windows").unpriced] == ["Windows licence"]
    assert group(containers=UNKNOWN).unpriced
