"""What SageMaker and Application Auto Scaling refuse. Expected values: Amazon SageMaker Developer Guide and API reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.rehearsal.simulated import Client, Clouds, refusal

Start = Callable[..., Clouds]

ENDPOINT, CONFIGURATION = "aws:sagemaker/endpoint:Endpoint", "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
TARGET, POLICY, ALARM = "aws:appautoscaling/target:Target", "aws:appautoscaling/policy:Policy", "aws:cloudwatch/metricAlarm:MetricAlarm"
GUARDED: dict[str, Any] = {
    "blueGreenUpdatePolicy": {"trafficRoutingConfiguration": {"type": "ALL_AT_ONCE", "waitIntervalInSeconds": 60}},
    "autoRollbackConfiguration": {"alarms": [{"alarmName": "errors"}]},
}


class Serving:
    """An endpoint `fraud` of one model, whose configurations are made as they are named."""

    def __init__(self, clouds: Clouds) -> None:
        self.aws: Client = clouds.connect("aws")
        trust: dict[str, Any] = {"assumeRolePolicy": '{"Version":"2012-10-17","Statement":[]}', "name": "models"}
        _, role = self.aws.create("aws:iam/role:Role", "models", trust)
        self.aws.create(
            "aws:sagemaker/model:Model", "m", {"name": "m", "executionRoleArn": role["arn"], "primaryContainer": {"image": "i"}}
        )
        self.aws.create(ALARM, "errors", {"name": "errors", "comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1})

    def configuration(self, name: str, **machines: str) -> dict[str, Any]:
        variants: list[Any] = [
            {"variantName": variant, "modelName": "m", "instanceType": machine.replace("_", "."), "initialInstanceCount": 1}
            for variant, machine in machines.items()
        ]
        self.aws.create(CONFIGURATION, name, {"name": name, "productionVariants": variants})
        return {"name": "fraud", "endpointConfigName": name}

    def endpoint(self, **machines: str) -> dict[str, Any]:
        inputs = self.configuration("first", **machines)
        self.aws.create(ENDPOINT, "fraud", inputs)
        return inputs

    def register(self, variant: str) -> None:
        scaled: dict[str, Any] = {"serviceNamespace": "sagemaker", "scalableDimension": "sagemaker:variant:DesiredInstanceCount"}
        bounds = {"minCapacity": 1, "maxCapacity": 4}
        self.aws.create(TARGET, variant, {**scaled, **bounds, "resourceId": f"endpoint/fraud/variant/{variant}"})


@pytest.fixture
def serving(start: Start) -> Serving:
    return Serving(start())


def test_a_configuration_in_use_is_not_deleted_until_the_endpoint_has_left_it(serving: Serving) -> None:
    old = serving.endpoint(stable="ml_m5_large")
    new = serving.configuration("second", stable="ml_m5_large")
    assert "used by aws:sagemaker/endpoint:Endpoint 'fraud'" in str(refusal(lambda: serving.aws.delete(CONFIGURATION, "first")).details())
    serving.aws.update(ENDPOINT, "fraud", old, new)
    serving.aws.delete(CONFIGURATION, "first")


def test_only_a_variant_that_an_endpoint_has_is_scaled(serving: Serving) -> None:
    serving.endpoint(stable="ml_m5_large")
    serving.register("stable")
    assert "is no variant of an endpoint" in str(refusal(lambda: serving.register("canary")).details())


def test_a_policy_needs_a_registered_variant(serving: Serving) -> None:
    serving.endpoint(stable="ml_m5_large")
    inputs: dict[str, Any] = {
        "serviceNamespace": "sagemaker",
        "scalableDimension": "d",
        "resourceId": "endpoint/fraud/variant/stable",
        "policyType": "x",
    }
    assert "ObjectNotFoundException" in str(refusal(lambda: serving.aws.create(POLICY, "p", inputs)).details())


# "Update endpoints that use auto scaling": only a change of the instance type, or a removal, needs a deregistration first.
@pytest.mark.parametrize(
    ("machines", "told"),
    [
        ({"stable": "ml_m5_xlarge"}, "its instance type would change"),
        ({"other": "ml_m5_large"}, "would be removed"),
        ({"stable": "ml_m5_large", "canary": "ml_m5_large"}, ""),
    ],
)
def test_a_scaled_variant_keeps_its_machine_and_its_place(serving: Serving, machines: dict[str, str], told: str) -> None:
    old = serving.endpoint(stable="ml_m5_large")
    serving.register("stable")
    new = serving.configuration("second", **machines)
    if told:
        assert told in str(refusal(lambda: serving.aws.update(ENDPOINT, "fraud", old, new)).details())
        serving.aws.delete(TARGET, "endpoint/fraud/variant/stable")
    serving.aws.update(ENDPOINT, "fraud", old, new)


# "Deployment guardrails", exclusions: "your new endpoint configuration must have the same variant name as the old".
def test_guardrails_want_the_same_variants_before_and_after(serving: Serving) -> None:
    old = serving.endpoint(stable="ml_m5_large")
    new = serving.configuration("second", stable="ml_m5_large", canary="ml_m5_large")
    told = refusal(lambda: serving.aws.update(ENDPOINT, "fraud", old, {**new, "deploymentConfig": GUARDED}))
    assert "the same variants before and after" in str(told.details())
    serving.aws.update(ENDPOINT, "fraud", old, new)


def test_an_alarm_that_a_rollback_looks_at_exists(serving: Serving) -> None:
    old = serving.endpoint(stable="ml_m5_large")
    missing: dict[str, Any] = {**GUARDED, "autoRollbackConfiguration": {"alarms": [{"alarmName": "nowhere"}]}}
    new = serving.configuration("second", stable="ml_m5_large")
    told = refusal(lambda: serving.aws.update(ENDPOINT, "fraud", old, {**new, "deploymentConfig": missing}))
    assert "nowhere" in str(told.details())


# terraform-provider-aws, aws_sagemaker_endpoint: it waits for InService, which a rolled-back endpoint is, and reads what it has.
def test_an_alarm_that_goes_off_rolls_an_update_back_only_where_the_update_looks_at_it_and_the_provider_calls_it_done(start: Start) -> None:
    serving = Serving(start(firingAlarms=["err*"]))
    old = serving.endpoint(stable="ml_m5_large")
    new = serving.configuration("second", stable="ml_m5_large")
    guarded = {**new, "deploymentConfig": GUARDED}
    assert serving.aws.update(ENDPOINT, "fraud", old, guarded)["endpointConfigName"] == "first"
    assert serving.aws.read(ENDPOINT, "fraud")[1]["endpointConfigName"] == "first"
    rolled_back = {**guarded, "endpointConfigName": "first"}
    assert list(serving.aws.diff(ENDPOINT, "fraud", rolled_back, guarded).diffs) == ["endpointConfigName"]
    assert serving.aws.update(ENDPOINT, "fraud", old, new)["endpointConfigName"] == "second"


def test_without_instances_an_endpoint_is_made_and_fails_and_an_update_leaves_the_old_fleet(start: Start) -> None:
    serving = Serving(start(shortages=[{"machine": "ml.g5.*"}]))
    configured = serving.configuration("sold-out", stable="ml_g5_xlarge")
    serving.aws.create(ENDPOINT, "fraud", serving.configuration("first", stable="ml_m5_large"))
    told = refusal(lambda: serving.aws.update(ENDPOINT, "fraud", {"name": "fraud", "endpointConfigName": "first"}, configured))
    assert "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity" in str(told.details())
    assert serving.aws.read(ENDPOINT, "fraud")[1]["endpointConfigName"] == "first"
    made = refusal(lambda: serving.aws.create(ENDPOINT, "late", {**configured, "name": "late"}))
    assert "unexpected state 'Failed', wanted target 'InService'" in str(made.details())
    assert serving.aws.read(ENDPOINT, "late")[0] == "late"
