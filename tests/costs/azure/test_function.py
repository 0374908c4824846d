from decimal import Decimal
from typing import Any

import pytest

from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import estimated, prices, resource, told, usd

APP = "azure-native:app:ContainerApp"
ENVIRONMENT = "azure-native:app:ManagedEnvironment"
# Container Apps list prices East US, 2026-08; the dedicated ones are figures of this test.
LIST = prices(
    *(
        ("azure", "container-apps", sku, "eastus", unit, price)
        for sku, unit, price in (
            ("vcpu-active", "vCPU-second", "0.000024"),
            ("vcpu-idle", "vCPU-second", "0.000003"),
            ("memory-active", "GiB-second", "0.000003"),
            ("memory-idle", "GiB-second", "0.000003"),
            ("requests", "1M requests", "0.4"),
            ("gpu-nc24-a100", "GPU-second", "0.000529"),
            ("dedicated-plan-management", "hour", "0.10"),
            ("dedicated-vcpu", "vCPU-hour", "0.05"),
            ("dedicated-memory", "GiB-hour", "0.005"),
        )
    )
)
BUSY = {"requestsPerSecond": 10, "durationMs": 100, "concurrency": 2, "replicas": 3}


def app(*others: Resource, usage: dict[str, Any] | None = None, scale: Any = None, **properties: Any) -> Estimate:
    containers = [{"name": "a", "resources": {"cpu": 1.5, "memory": "3Gi"}}, {"name": "b", "resources": {"cpu": 0.5, "memory": "1Gi"}}]
    given: dict[str, Any] = {"location": "eastus", "template": {"containers": containers, "scale": scale or {}}, **properties}
    refers = {"environmentId": others[0].urn} if others else None
    return estimated(LIST, resource(APP, properties=given, refers=refers), *others, usage=told(**(BUSY if usage is None else usage)))


def test_replicas_above_the_minimum_are_paid_while_they_run() -> None:
    found = app(scale={"minReplicas": 0, "maxReplicas": 5})
    # 3 expected × 2 vCPU × 2,628,000 s × 0.000024; 5 at most; none at least
    assert usd(found, "vcpu of running") == (Decimal("0.0000"), Decimal("378.4320"), Decimal("630.7200"))
    # × 4 GiB × 0.000003
    assert usd(found, "memory of running") == (Decimal("0.0000"), Decimal("94.6080"), Decimal("157.6800"))


def test_the_minimum_of_replicas_is_paid_at_the_idle_rate_and_at_the_active_one_while_it_works() -> None:
    found = app(scale={"minReplicas": 2, "maxReplicas": 2})
    # 2 × 2 vCPU × 2,628,000 s × 0.000003
    assert usd(found, "vcpu of the minimum of replicas") == (Decimal("31.5360"),) * 3
    # 10/s × 0.1 s ÷ 2 at a time = 0.5 replicas at work × 2 vCPU × 2,628,000 s × (0.000024 - 0.000003)
    assert usd(found, "vcpu of the minimum at work") == (Decimal("55.1880"),) * 3
    assert not [line for line in found.lines if line.driver == "vcpu of running replicas"]
    # memory costs the same whether it works or not
    assert not [line for line in found.lines if line.driver == "memory of the minimum at work"]


def test_the_minimum_cannot_work_more_than_it_is() -> None:
    found = app(scale={"minReplicas": 1, "maxReplicas": 1}, usage={**BUSY, "requestsPerSecond": 1000})
    # all of 1 × 2 vCPU × 2,628,000 s × 0.000021
    assert usd(found, "vcpu of the minimum at work") == (Decimal("110.3760"),) * 3


def test_without_limits_an_app_scales_from_zero_to_ten() -> None:
    # 10 × 2 vCPU × 2,628,000 s × 0.000024 in the worst case
    assert usd(app(), "vcpu of running")[2] == Decimal("1261.4400")


def test_requests_are_paid_and_only_the_low_level_has_the_free_grant_off() -> None:
    found = app(usage={**BUSY, "requestsPerSecond": (1, 10, 100)})
    # 2,628,000 - 2,000,000 × 0.4/M; 26.28 M × 0.4/M; 262.8 M × 0.4/M
    assert usd(found, "requests") == (Decimal("0.2512"), Decimal("10.5120"), Decimal("105.1200"))


def test_a_gpu_profile_pays_for_the_gpu_and_always_at_the_active_rate() -> None:
    profiles = [{"name": "gpu", "workloadProfileType": "Consumption-GPU-NC24-A100"}]
    environment = resource(ENVIRONMENT, "env", {"location": "eastus", "workloadProfiles": profiles})
    found = app(environment, workloadProfileName="gpu", scale={"minReplicas": 1, "maxReplicas": 1})
    # 2,628,000 s × 0.000529
    assert usd(found, "GPUs of running") == (Decimal("1390.2120"),) * 3
    # 2 vCPU × 2,628,000 s × 0.000024; the low level has the free 180,000 vCPU-s off
    assert usd(found, "vcpu of running") == (Decimal("121.8240"), Decimal("126.1440"), Decimal("126.1440"))


def test_a_dedicated_profile_is_paid_by_the_environment() -> None:
    profiles = [{"name": "big", "workloadProfileType": "D8", "minimumCount": 1, "maximumCount": 3}]
    environment = resource(ENVIRONMENT, "env", {"location": "eastus", "workloadProfiles": profiles})
    found = app(environment, workloadProfileName="big", usage={})
    assert {line.urn for line in found.lines} == {environment.urn}
    # 730 h × 0.10; 1 … 1 … 3 × 8 vCPU × 730 h × 0.05; × 32 GiB × 730 h × 0.005
    assert usd(found, "dedicated plan management") == (Decimal("73.0000"),) * 3
    assert usd(found, "dedicated machines big: vcpu") == (Decimal("292.0000"), Decimal("292.0000"), Decimal("876.0000"))
    assert usd(found, "dedicated machines big: memory") == (Decimal("116.8000"), Decimal("116.8000"), Decimal("350.4000"))


def test_a_memory_profile_has_twice_the_memory() -> None:
    profiles = [{"name": "big", "workloadProfileType": "E4", "minimumCount": 2, "maximumCount": 2}]
    found = estimated(LIST, resource(ENVIRONMENT, properties={"location": "eastus", "workloadProfiles": profiles}))
    # 2 × 32 GiB × 730 h × 0.005
    assert usd(found, "dedicated machines big: memory") == (Decimal("233.6000"),) * 3


def test_an_environment_of_consumption_alone_is_free() -> None:
    assert estimated(LIST, resource(ENVIRONMENT, properties={"location": "eastus"})).free == 1


def test_a_profile_outside_the_program_is_named() -> None:
    assert app(workloadProfileName="big").unpriced[0].driver == "replicas"


@pytest.mark.parametrize("properties", [{"template": UNKNOWN}, {"scale": {"maxReplicas": UNKNOWN}}, {"workloadProfileName": UNKNOWN}])
def test_an_app_that_cannot_be_read_is_unpriced(properties: dict[str, Any]) -> None:
    found = app(**properties)
    assert not found.lines
    assert "known only after `up`" in found.unpriced[0].reason


def test_a_job_pays_for_its_executions() -> None:
    containers = [{"resources": {"cpu": 2, "memory": "4Gi"}}]
    configuration = {"triggerType": "Schedule", "scheduleTriggerConfig": {"parallelism": 3}}
    job = resource(
        "azure-native:app:Job", properties={"location": "eastus", "template": {"containers": containers}, "configuration": configuration}
    )
    found = estimated(LIST, job, usage=told(requestsPerMonth=30, durationMs=600_000))
    # 30 runs × 3 at a time × 2 vCPU × 600 s × 0.000024; × 4 GiB × 0.000003
    assert usd(found, "vcpu of executions") == (Decimal("2.5920"),) * 3
    assert usd(found, "memory of executions") == (Decimal("0.6480"),) * 3


def test_more_traffic_never_costs_less() -> None:
    totals = [
        app(scale={"minReplicas": 1, "maxReplicas": 9}, usage={**BUSY, "requestsPerSecond": rate, "replicas": 1}).total.expected
        for rate in (0, 1, 5, 20, 50, 1000)
    ]
    assert totals == sorted(totals)
