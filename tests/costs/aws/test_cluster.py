"""Clusters: EKS's control plane by its version and tier, pods and tasks on Fargate."""

from decimal import Decimal
from typing import Any

import pytest

from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import estimated, prices, resource, told, usd

HERE = {"aws:region": "us-east-1"}
CLUSTER = "aws:eks/cluster:Cluster"
SERVICE = "aws:ecs/service:Service"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
TARGET = "aws:appautoscaling/target:Target"

# EKS list prices 2026-05-03; Fargate list prices, us-east-1, Linux, 2026-10-14.
LIST = prices(
    ("aws", "eks", "cluster", "us-east-1", "hour", "0.10"),
    ("aws", "eks", "cluster-extended-support", "us-east-1", "hour", "0.60"),
    ("aws", "eks", "cluster", "eu-west-1", "hour", "0.10"),
    ("aws", "eks-fargate", "vcpu", "us-east-1", "vCPU-hour", "0.04048"),
    ("aws", "eks-fargate", "memory", "us-east-1", "GB-hour", "0.00444"),
    ("aws", "ecs-fargate", "vcpu-x86", "us-east-1", "vCPU-hour", "0.04048"),
    ("aws", "ecs-fargate", "memory-x86", "us-east-1", "GB-hour", "0.004445"),
    ("aws", "ecs-fargate", "vcpu-arm", "us-east-1", "vCPU-hour", "0.03238"),
    ("aws", "ecs-fargate", "memory-arm", "us-east-1", "GB-hour", "0.00356"),
    ("aws", "cloudwatch", "logs-ingested", "us-east-1", "GB", "0.50"),
)


def found(*resources: Resource, region: str = "us-east-1", **usage: float | tuple[float, float, float]) -> Estimate:
    return estimated(LIST, *resources, config={"aws:region": region}, usage=told(**usage))


def cluster(**properties: Any) -> Resource:
    return resource(CLUSTER, "cluster", properties)


def exactly(amount: str) -> tuple[Decimal, Decimal, Decimal]:
    return Decimal(amount), Decimal(amount), Decimal(amount)


@pytest.mark.parametrize(
    ("properties", "usd_month"),
    [
        ({"version": "1.35"}, "73.0000"),  # 730 h × 0.10
        ({}, "73.0000"),
        ({"version": "1.35", "upgradePolicy": {"supportType": "EXTENDED"}}, "73.0000"),
        ({"version": "1.31", "upgradePolicy": {"supportType": "EXTENDED"}}, "438.0000"),  # 730 h × 0.60
        ({"version": "1.31", "upgradePolicy": {"supportType": "STANDARD"}}, "73.0000"),
        ({"version": "1.31"}, "438.0000"),  # EKS's default is EXTENDED
        ({"version": "1.22"}, "438.0000"),
        ({"version": "1.99"}, "73.0000"),
    ],
)
def test_a_control_plane_costs_extended_support_once_its_version_is_old(properties: dict[str, Any], usd_month: str) -> None:
    estimate = found(cluster(**properties))
    assert usd(estimate, "control plane") == exactly(usd_month)
    assert any(each.quantity == "support" for each in estimate.assumptions)


def test_a_version_that_is_known_only_after_up_is_a_band() -> None:
    assert usd(found(cluster(version=UNKNOWN)), "control plane") == (Decimal("73.0000"), Decimal("73.0000"), Decimal("438.0000"))


def test_extended_support_without_a_price_in_the_region_is_named() -> None:
    estimate = found(cluster(version="1.31"), region="eu-west-1")
    assert usd(estimate, "control plane") == exactly("73.0000")
    assert [each.driver for each in estimate.unpriced] == ["extended support"]


def test_auto_mode_tiers_and_hybrid_nodes_are_named_as_unpriced() -> None:
    tier = {"tier": "tier-xl"}
    estimate = found(cluster(computeConfig={"enabled": True}, controlPlaneScalingConfig=tier, remoteNetworkConfig={}))
    assert [each.driver for each in estimate.unpriced] == ["control plane tier tier-xl", "Auto Mode nodes", "hybrid nodes"]


def test_control_plane_logs_are_priced_unless_their_group_is_in_the_program() -> None:
    logged = cluster(version="1.35", enabledClusterLogTypes=["api", "audit"])
    assert usd(found(logged, ingestedGibPerMonth=20), "control plane logs") == exactly("10.0000")  # 20 GB × 0.50
    group = resource("aws:cloudwatch/logGroup:LogGroup", "logs", {"name": "/aws/eks/cluster/cluster"})
    drivers = [line.driver for line in found(logged, group).lines if line.urn == logged.urn]
    assert drivers == ["control plane"]


def test_addons_and_access_are_free() -> None:
    kinds = ("aws:eks/addon:Addon", "aws:eks/accessEntry:AccessEntry", "aws:ecs/cluster:Cluster", TASK, TARGET)
    estimate = found(*(resource(kind, str(i)) for i, kind in enumerate(kinds)))
    assert estimate.free == len(kinds)
    assert not estimate.at_least


def test_fargate_pods_are_an_assumption_unless_their_number_is_told() -> None:
    estimate = found(resource("aws:eks/fargateProfile:FargateProfile", "pods"), replicas=10)
    # 10 pods × (0.25 … 1 … 4 vCPU) × 730 h × 0.04048
    assert usd(estimate, "pods: vcpu") == (Decimal("73.8760"), Decimal("295.5040"), Decimal("1182.0160"))
    assert {each.quantity for each in estimate.assumptions} >= {"vCPU of a pod", "GB of a pod"}


def task(**properties: Any) -> Resource:
    return resource(TASK, "task", {"family": "task", "cpu": "1024", "memory": "2048", **properties})


def service(definition: Resource, **properties: Any) -> Resource:
    settings = {"name": "web", "launchType": "FARGATE", "desiredCount": 3, **properties}
    return resource(SERVICE, "web", settings, refers={"taskDefinition": definition.urn})


def test_a_fargate_service_costs_its_tasks_vcpu_and_memory() -> None:
    definition = task()
    estimate = found(definition, service(definition))
    assert usd(estimate, "tasks: vcpu") == exactly("88.6512")  # 3 × 1 vCPU × 730 h × 0.04048
    assert usd(estimate, "tasks: memory") == exactly("19.4691")  # 3 × 2 GB × 730 h × 0.004445


@pytest.mark.parametrize(("cpu", "memory"), [("1024", "2048"), ("1 vCPU", "2 GB"), ("1 vcpu", "2GB")])
def test_a_tasks_size_is_read_in_units_and_in_words(cpu: str, memory: str) -> None:
    definition = task(cpu=cpu, memory=memory)
    assert found(definition, service(definition)).total.expected.quantize(Decimal("0.0001")) == Decimal("108.1203")  # 88.6512 + 19.4691


def test_arm_tasks_cost_arms_prices() -> None:
    definition = task(runtimePlatform={"cpuArchitecture": "ARM64"})
    assert usd(found(definition, service(definition)), "tasks: vcpu") == exactly("70.9122")  # 3 × 730 × 0.03238


def test_a_scaling_target_bounds_a_services_tasks() -> None:
    definition = task()
    target = resource(TARGET, "t", {"serviceNamespace": "ecs", "resourceId": "service/shop/web", "minCapacity": 2, "maxCapacity": 10})
    estimate = found(definition, service(definition), target, requestsPerSecond=45, requestsPerSecondPerReplica=10)
    # 2 … ceil(45 ÷ 10) = 5 … 10 × 730 × 0.04048
    assert usd(estimate, "tasks: vcpu") == (Decimal("59.1008"), Decimal("147.7520"), Decimal("295.5040"))


def test_a_target_of_another_service_does_not_count() -> None:
    definition = task()
    target = resource(TARGET, "t", {"serviceNamespace": "ecs", "resourceId": "service/shop/web-2", "minCapacity": 2, "maxCapacity": 10})
    assert usd(found(definition, service(definition), target), "tasks: vcpu") == exactly("88.6512")


def test_a_strategy_splits_tasks_into_base_and_weights_and_spot_is_a_band() -> None:
    definition = task()
    strategies = [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}, {"capacityProvider": "FARGATE_SPOT", "weight": 3}]
    estimate = found(definition, service(definition, launchType=None, desiredCount=9, capacityProviderStrategies=strategies))
    assert usd(estimate, "tasks: vcpu") == exactly("88.6512")  # 1 + 8 × 1/4 = 3 tasks × 730 × 0.04048
    # 8 × 3/4 = 6 tasks: 6 × 730 × 0.04048 × 0.30 … 6 × 730 × 0.04048
    assert usd(estimate, "tasks (spot): vcpu") == (Decimal("53.1907"), Decimal("177.3024"), Decimal("177.3024"))


def test_a_service_on_ec2_costs_what_its_machines_cost_and_nothing_more() -> None:
    definition = task()
    estimate = found(definition, service(definition, launchType="EC2"))
    assert not estimate.lines
    assert not estimate.at_least


def test_storage_above_twenty_gib_has_a_cost_that_is_named() -> None:
    definition = task(ephemeralStorage={"sizeInGib": 100})
    assert [each.driver for each in found(definition, service(definition)).unpriced] == ["tasks: ephemeral-storage"]


@pytest.mark.parametrize(
    ("properties", "of_task"),
    [({"desiredCount": UNKNOWN}, {}), ({"launchType": UNKNOWN}, {}), ({}, {"cpu": UNKNOWN}), ({}, {"memory": "plenty"})],
)
def test_a_service_that_cannot_be_read_is_unpriced(properties: dict[str, Any], of_task: dict[str, Any]) -> None:
    definition = task(**of_task)
    estimate = found(definition, service(definition, **properties))
    assert [each.driver for each in estimate.unpriced] == ["tasks"]


def test_a_task_definition_from_elsewhere_is_named() -> None:
    estimate = found(resource(SERVICE, "web", {"launchType": "FARGATE", "taskDefinition": "arn:aws:ecs:us-east-1:1:task-definition/x:1"}))
    assert [each.reason for each in estimate.unpriced] == ["the task definition is not in this program"]


def test_a_target_of_another_namespace_does_not_count() -> None:
    definition = task()
    properties = {"serviceNamespace": "sagemaker", "resourceId": "endpoint/web/variant/main", "minCapacity": 8, "maxCapacity": 10}
    assert usd(found(definition, service(definition), resource(TARGET, "t", properties)), "tasks: vcpu") == exactly("88.6512")


def test_what_ecs_starts_by_itself_is_named() -> None:
    insights = resource("aws:ecs/cluster:Cluster", properties={"settings": [{"name": "containerInsights", "value": "enabled"}]})
    assert [each.driver for each in found(insights).unpriced] == ["Container Insights"]
    assert found(resource("aws:ecs/cluster:Cluster")).free == 1
    managed = resource("aws:ecs/capacityProvider:CapacityProvider", properties={"managedInstancesProvider": {"infrastructureRoleArn": "r"}})
    assert [each.driver for each in found(managed).unpriced] == ["managed instances"]


def test_tasks_with_public_addresses_pay_for_them() -> None:
    addresses = prices(("aws", "vpc", "public-ipv4-in-use", "us-east-1", "hour", "0.005"))
    task = resource(TASK, "task", {"family": "web", "cpu": "256", "memory": "512"})
    shape = {"launchType": "FARGATE", "desiredCount": 2, "networkConfiguration": {"assignPublicIp": True}}
    it = resource(SERVICE, "web", shape, refers={"taskDefinition": task.urn})
    assert usd(estimated(addresses, task, it, config=HERE), "public IPv4 addresses") == (Decimal("7.3000"),) * 3  # 2 × 730 h × 0.005
