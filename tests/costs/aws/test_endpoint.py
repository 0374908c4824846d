"""SageMaker: endpoints with several variants, serverless endpoints, notebooks, jobs; Bedrock's model units."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import estimated, line, prices, resource, told, usd

HERE = {"aws:region": "us-east-1"}
ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
TARGET = "aws:appautoscaling/target:Target"
ACTION = "aws:appautoscaling/scheduledAction:ScheduledAction"

# SageMaker list prices, us-east-1: instances 2025-01-26, serverless 2026-06-14; storage 2023-12 (that of eu-west-1).
LIST = prices(
    ("aws", "sagemaker-instance", "ml.g5.xlarge", "us-east-1", "instance-hour", "1.4084"),
    ("aws", "sagemaker-instance", "ml.m5.xlarge", "us-east-1", "instance-hour", "0.23"),
    ("aws", "sagemaker-instance", "ml.t3.medium", "us-east-1", "instance-hour", "0.05"),
    ("aws", "sagemaker", "endpoint-data-in", "us-east-1", "GB", "0.016"),
    ("aws", "sagemaker", "endpoint-storage", "us-east-1", "GB-month", "0.154"),
    ("aws", "sagemaker", "notebook-storage", "us-east-1", "GB-month", "0.14"),
    ("aws", "sagemaker", "processing-storage", "us-east-1", "GB-month", "0.11"),
    ("aws", "sagemaker", "serverless-inference-per-gb-memory", "us-east-1", "GB-second", "0.00002"),
    ("aws", "sagemaker", "serverless-inference-data-processed", "us-east-1", "GB", "0.016"),
    ("aws", "efs", "standard-storage", "us-east-1", "GB-month", "0.30"),
    ("aws", "bedrock-provisioned-throughput", "llama-3.1-70b-1-month", "us-east-1", "hour", "21.18"),
    machines=[("aws", "us-east-1", "g5.xlarge", "1.006", None)],
    shapes=[("aws", "g5.xlarge", "g5", 4.0, 16.0, "A10G", "1", 22.35, "list")],
)


def found(*resources: Resource, **usage: float | tuple[float, float, float]) -> Estimate:
    return estimated(LIST, *resources, config=HERE, usage=told(**usage))


def variant(name: str = "main", count: Any = 1, **settings: Any) -> dict[str, Any]:
    return {"variantName": name, "modelName": name, "instanceType": "ml.g5.xlarge", "initialInstanceCount": count, **settings}


def endpoint(variants: Any, shadow: Sequence[dict[str, Any]] = (), of: dict[str, Any] | None = None, **rest: Any) -> list[Resource]:
    configuration = resource(CONFIGURATION, "config", {"productionVariants": variants, "shadowProductionVariants": list(shadow), **rest})
    return [configuration, resource(ENDPOINT, "fraud", {"name": "fraud", **(of or {})}, refers={"endpointConfigName": configuration.urn})]


def target(name: str, low: Any, high: Any) -> Resource:
    properties = {"serviceNamespace": "sagemaker", "resourceId": f"endpoint/fraud/variant/{name}", "minCapacity": low, "maxCapacity": high}
    return resource(TARGET, f"target-{name}", properties)


def exactly(amount: str) -> tuple[Decimal, Decimal, Decimal]:
    return Decimal(amount), Decimal(amount), Decimal(amount)


def test_an_endpoint_costs_its_instances_by_the_hour_and_its_configuration_nothing() -> None:
    estimate = found(*endpoint([variant(count=2)]), processedGibPerMonth=50)
    assert usd(estimate, "variant main (ml.g5.xlarge)") == exactly("2056.2640")  # 2 × 730 h × 1.4084
    assert usd(estimate, "data processed") == exactly("0.8000")  # 50 GB × 0.016
    assert estimate.free == 1
    assert not estimate.unpriced


def test_its_machine_is_known_by_ec2s_shape() -> None:
    use = line(found(*endpoint([variant()])), "variant").machine
    assert use is not None
    assert (use.offer.machine.instance_type, use.offer.machine.accelerator, use.spot) == ("ml.g5.xlarge", "A10G", False)


def test_a_canary_and_a_shadow_cost_as_much_as_any_variant() -> None:
    variants = [variant("main", 3, initialVariantWeight=0.9), variant("canary", 1, initialVariantWeight=0.1)]
    estimate = found(*endpoint(variants, [variant("next", 2, initialVariantWeight=0.5)]))
    assert usd(estimate, "variant main") == exactly("3084.3960")  # 3 × 730 × 1.4084
    assert usd(estimate, "variant canary") == exactly("1028.1320")  # 1 × 730 × 1.4084
    assert usd(estimate, "shadow variant next") == exactly("2056.2640")  # 2 × 730 × 1.4084


def test_each_variant_scales_with_its_part_of_the_traffic() -> None:
    variants = [variant("main", 1, initialVariantWeight=0.9), variant("canary", 1, initialVariantWeight=0.1)]
    resources = [*endpoint(variants), target("main", 1, 20), target("canary", 1, 20)]
    estimate = found(*resources, requestsPerSecond=100, requestsPerSecondPerReplica=10)
    # 90 of 100 requests/s: ceil(90 ÷ 10) = 9; 10 of them: 1. Low 1, high 20 instances × 730 × 1.4084
    assert usd(estimate, "variant main") == (Decimal("1028.1320"), Decimal("9253.1880"), Decimal("20562.6400"))
    assert usd(estimate, "variant canary")[1] == Decimal("1028.1320")


def test_the_replicas_that_are_told_are_shared_out_in_whole_instances() -> None:
    variants = [variant("main", 1, initialVariantWeight=0.9), variant("canary", 1, initialVariantWeight=0.1)]
    estimate = found(*endpoint(variants), target("main", 1, 20), target("canary", 1, 20), replicas=4)
    # ceil(4 × 0.9) = 4, ceil(4 × 0.1) = 1
    assert usd(estimate, "variant main")[1] == Decimal("4112.5280")  # 4 × 730 × 1.4084
    assert usd(estimate, "variant canary")[1] == Decimal("1028.1320")


def test_a_target_that_refers_to_the_endpoint_counts_before_its_id_is_known() -> None:
    resources = endpoint([variant()])
    properties = {"serviceNamespace": "sagemaker", "resourceId": UNKNOWN, "minCapacity": 0, "maxCapacity": 5}
    scaling = resource(TARGET, "scaling", properties, refers={"resourceId": resources[1].urn})
    # 0 … 1 (as at the start) … 5 × 730 × 1.4084
    assert usd(found(*resources, scaling), "variant main") == (Decimal("0.0000"), Decimal("1028.1320"), Decimal("5140.6600"))


def test_a_target_of_another_endpoint_or_variant_does_not_count() -> None:
    other = resource(TARGET, "o", {"serviceNamespace": "sagemaker", "resourceId": "endpoint/fraud-2/variant/main", "maxCapacity": 9})
    assert usd(found(*endpoint([variant()]), target("canary", 2, 9), other), "variant main") == exactly("1028.1320")


def test_limits_that_are_known_only_after_up_leave_the_worst_case_open() -> None:
    estimate = found(*endpoint([variant()]), target("main", UNKNOWN, UNKNOWN))
    assert usd(estimate, "variant main") == (Decimal("0.0000"), Decimal("1028.1320"), Decimal("10281.3200"))  # 0 … 1 … 10
    assert any(each.quantity == "most replicas" for each in estimate.assumptions)


def test_scheduled_actions_scale_an_endpoint_to_nothing_at_night() -> None:
    scaling = target("main", 2, 2)
    night = {"schedule": "cron(0 20 ? * * *)", "scalableTargetAction": {"minCapacity": "0", "maxCapacity": "0"}}
    day = {"schedule": "cron(0 8 ? * * *)", "scalableTargetAction": {"minCapacity": "2", "maxCapacity": "2"}}
    actions = [resource(ACTION, str(i), {**each, "resourceId": "endpoint/fraud/variant/main"}) for i, each in enumerate((night, day))]
    # 2 × 12/24 × 730 × 1.4084
    assert usd(found(*endpoint([variant(count=2)]), scaling, *actions), "variant main") == exactly("1028.1320")


def test_managed_instance_scaling_may_go_down_to_nothing() -> None:
    scaling = {"status": "ENABLED", "minInstanceCount": 0, "maxInstanceCount": 4}
    estimate = found(*endpoint([variant(managedInstanceScaling=scaling)]), replicas=2)
    # 0 … 2 … 4 × 730 × 1.4084
    assert usd(estimate, "variant main") == (Decimal("0.0000"), Decimal("2056.2640"), Decimal("4112.5280"))


def test_a_serverless_variant_pays_for_memory_and_time_of_its_requests() -> None:
    serverless = {"variantName": "main", "modelName": "m", "serverlessConfig": {"memorySizeInMb": 4096, "maxConcurrency": 10}}
    estimate = found(*endpoint([serverless]), requestsPerSecond=2, durationMs=150, processedGibPerMonth=10)
    # 2 × 2,628,000 s × 0.15 s × 4 GB × 0.00002
    assert usd(estimate, "variant main: time of requests") == exactly("63.0720")
    assert usd(estimate, "variant main: data processed") == exactly("0.1600")  # 10 GB × 0.016
    assert line(estimate, "variant main: time").usage_based


def test_provisioned_concurrency_has_a_cost_that_is_named() -> None:
    serverless = {"variantName": "main", "serverlessConfig": {"memorySizeInMb": 2048, "provisionedConcurrency": 3}}
    estimate = found(*endpoint([serverless]), requestsPerMonth=1000, durationMs=100)
    assert [each.driver for each in estimate.unpriced] == ["variant main: provisioned concurrency"]


def test_a_serverless_variant_without_usage_is_an_assumption_of_low_confidence() -> None:
    serverless = {"variantName": "main", "serverlessConfig": {"memorySizeInMb": 1024}}
    estimate = found(*endpoint([serverless]))
    assert {"requestsPerMonth", "durationMs"} <= {each.quantity for each in estimate.assumptions}
    assert str(line(estimate, "variant main: time").confidence) == "low"


def test_machines_without_disks_of_their_own_pay_for_a_volume() -> None:
    estimate = found(*endpoint([variant(instanceType="ml.m5.xlarge", count=2, volumeSizeInGb=100)]))
    assert usd(estimate, "volumes of variant main") == exactly("30.8000")  # 2 × 100 GB × 0.154
    left_out = found(*endpoint([variant(instanceType="ml.m5.xlarge")]))
    assert usd(left_out, "volumes of variant main") == (Decimal("0.0000"), Decimal("4.6200"), Decimal("4.6200"))  # 0 … 30 GB × 0.154


def test_updates_that_double_the_fleet_and_data_capture_are_said() -> None:
    capture = {"enableCapture": True, "destinationS3Uri": "s3://elsewhere/captures", "initialSamplingPercentage": 100}
    estimate = found(*endpoint([variant()], dataCaptureConfig=capture))
    assert any(each.quantity == "hours of updates" and "blue/green" in each.reason for each in estimate.assumptions)
    assert [each.driver for each in estimate.unpriced] == ["data capture"]


def test_data_capture_into_a_bucket_of_the_program_is_priced_there() -> None:
    bucket = resource("aws:s3/bucket:Bucket", "captures", {"bucket": "captures"})
    capture = {"enableCapture": True, "destinationS3Uri": "s3://captures/fraud"}
    estimate = found(bucket, *endpoint([variant()], dataCaptureConfig=capture))
    assert not [each for each in estimate.unpriced if each.driver == "data capture"]


@pytest.mark.parametrize(
    ("resources", "driver"),
    [
        (endpoint(UNKNOWN), "instances"),
        (endpoint([variant(count=UNKNOWN)]), "variant main"),
        (endpoint([variant(count="some")]), "variant main"),
        (endpoint([variant(instanceType=UNKNOWN)]), "variant main"),
        (endpoint([variant(instanceType="ml.x9.huge")]), "variant main"),
        (endpoint([variant(capacityReservationConfig={"mlReservationArn": "arn"})]), "variant main"),
        (endpoint([{"serverlessConfig": {"memorySizeInMb": UNKNOWN}}]), "variant 1"),
        ([resource(ENDPOINT, "fraud", {"endpointConfigName": "elsewhere"})], "instances"),
    ],
)
def test_an_endpoint_that_cannot_be_read_is_unpriced_never_free(resources: list[Resource], driver: str) -> None:
    assert driver in {each.driver for each in found(*resources).unpriced}


def test_more_traffic_never_costs_less() -> None:
    variants = [variant("main", 1, initialVariantWeight=3), variant("canary", 1, initialVariantWeight=1)]
    resources = [*endpoint(variants), target("main", 0, 9), target("canary", 0, 9)]
    levels = [found(*resources, requestsPerSecond=rate, requestsPerSecondPerReplica=7).total.expected for rate in (0, 1, 8, 20, 50, 500)]
    assert levels == sorted(levels)
    assert levels[0] < levels[-1]


def test_a_notebook_runs_until_it_is_stopped_and_keeps_its_volume() -> None:
    notebook = resource("aws:sagemaker/notebookInstance:NotebookInstance", "n", {"instanceType": "ml.t3.medium"})
    assert usd(found(notebook, hoursPerMonth=160), "notebook (ml.t3.medium)") == exactly("8.0000")  # 160 h × 0.05
    assert usd(found(notebook), "notebook (ml.t3.medium)") == exactly("36.5000")  # 730 h × 0.05
    assert usd(found(notebook), "notebook volume") == exactly("0.7000")  # 5 GB × 0.14


def test_studio_pays_for_its_homes_and_its_apps_but_not_for_its_own_server() -> None:
    domain = resource("aws:sagemaker/domain:Domain", "d")
    app = resource("aws:sagemaker/app:App", "a", {"appType": "JupyterLab"})
    server = resource("aws:sagemaker/app:App", "s", {"appType": "JupyterServer", "resourceSpec": {"instanceType": "system"}})
    estimate = found(domain, app, server, storedGib=20)
    assert usd(estimate, "users' homes") == exactly("6.0000")  # 20 GB × 0.30
    assert usd(estimate, "app (ml.t3.medium)") == exactly("36.5000")  # 730 h × 0.05
    assert estimate.free == 1


def test_a_training_job_costs_at_most_its_limit() -> None:
    job = resource(
        "aws:sagemaker/trainingJob:TrainingJob",
        "t",
        {"resourceConfig": {"instanceType": "ml.g5.xlarge", "instanceCount": 2}, "stoppingCondition": {"maxRuntimeInSeconds": 7200}},
    )
    # 0 … 1 … 2 h × 2 × 1.4084
    assert usd(found(job), "training") == (Decimal("0.0000"), Decimal("2.8168"), Decimal("5.6336"))
    assert usd(found(job, hoursPerMonth=10), "training") == exactly("28.1680")  # 10 h × 2 × 1.4084


def test_monitoring_costs_a_job_each_time_that_it_fires() -> None:
    definition = resource(
        "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition",
        "quality",
        {
            "name": "quality",
            "jobResources": {"clusterConfig": {"instanceType": "ml.m5.xlarge", "instanceCount": 1, "volumeSizeInGb": 20}},
            "stoppingCondition": {"maxRuntimeInSeconds": 1800},
        },
    )
    config = {"monitoringJobDefinitionName": "quality", "scheduleConfig": {"scheduleExpression": "cron(0 * ? * * *)"}}
    schedule = resource("aws:sagemaker/monitoringSchedule:MonitoringSchedule", "hourly", {"monitoringScheduleConfig": config})
    estimate = found(definition, schedule)
    # 730 runs × (0.1 … 0.25 … 0.5 h) × 0.23
    assert usd(estimate, "monitoring jobs") == (Decimal("16.7900"), Decimal("41.9750"), Decimal("83.9500"))
    # 20 GB × 0.11 × (73 … 182.5 … 365 h) ÷ 730
    assert usd(estimate, "processing volumes") == (Decimal("0.2200"), Decimal("0.5500"), Decimal("1.1000"))


def test_pipelines_and_feature_stores_are_named_as_unpriced() -> None:
    features = resource("aws:sagemaker/featureGroup:FeatureGroup", "f", {"onlineStoreConfig": {"enableOnlineStore": True}})
    estimate = found(resource("aws:sagemaker/pipeline:Pipeline", "p"), features)
    assert {each.driver for each in estimate.unpriced} == {"jobs of its runs", "online reads", "online writes", "online storage"}


def test_bedrock_model_units_cost_by_model_and_commitment() -> None:
    arn = "arn:aws:bedrock:us-east-1::foundation-model/meta.llama3-1-70b-instruct-v1:0:128k"
    kind = "aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput"
    units = resource(kind, "units", {"modelArn": arn, "modelUnits": 2, "commitmentDuration": "OneMonth"})
    assert usd(found(units), "model units") == exactly("30922.8000")  # 2 × 730 h × 21.18
    other = resource(kind, "units", {"modelArn": arn, "modelUnits": 2})
    assert [each.driver for each in found(other).unpriced] == ["model units"]


def test_weights_need_not_sum_to_one_and_a_shadow_gets_its_copy_of_the_traffic() -> None:
    scaling = {"managedInstanceScaling": {"status": "ENABLED", "minInstanceCount": 1, "maxInstanceCount": 20}}
    variants = [variant("main", 1, initialVariantWeight=3, **scaling), variant("canary", 1, initialVariantWeight=1, **scaling)]
    estimate = found(
        *endpoint(variants, [variant("next", 1, initialVariantWeight=2, **scaling)]), requestsPerSecond=80, requestsPerSecondPerReplica=10
    )
    # 3/4 of 80 ÷ 10 = 6; 1/4: 2; the shadow gets a copy of 2/4: 4 instances × 730 × 1.4084
    assert usd(estimate, "variant main")[1] == Decimal("6168.7920")
    assert usd(estimate, "variant canary")[1] == Decimal("2056.2640")
    assert usd(estimate, "shadow variant next")[1] == Decimal("4112.5280")


def test_a_shadow_variant_has_no_target_of_the_variant_that_answers() -> None:
    estimate = found(*endpoint([variant("main", 1)], [variant("main", 2)]), target("main", 5, 5))
    assert usd(estimate, "variant main") == exactly("5140.6600")  # 5 × 730 × 1.4084
    assert usd(estimate, "shadow variant main") == exactly("2056.2640")  # 2 × 730 × 1.4084


def test_copies_of_inference_components_are_not_instances() -> None:
    copies = {"scalableDimension": "sagemaker:inference-component:DesiredCopyCount", "serviceNamespace": "sagemaker"}
    resources = endpoint([variant()])
    scaling = resource(TARGET, "copies", {**copies, "resourceId": UNKNOWN, "maxCapacity": 50}, refers={"resourceId": resources[1].urn})
    assert usd(found(*resources, scaling), "variant main") == exactly("1028.1320")


def test_two_targets_whose_variant_is_not_known_yet_are_taken_at_their_widest() -> None:
    resources = endpoint([variant()])
    common = {"serviceNamespace": "sagemaker", "resourceId": UNKNOWN}
    by = {"resourceId": resources[1].urn}
    scaling = [resource(TARGET, str(i), {**common, "minCapacity": i, "maxCapacity": i * 2}, refers=by) for i in (1, 3)]
    # min(1, 3) … 1 (as at the start) … max(2, 6) × 730 × 1.4084
    assert usd(found(*resources, *scaling), "variant main") == (Decimal("1028.1320"), Decimal("1028.1320"), Decimal("6168.7920"))


def test_a_machine_with_disks_of_its_own_has_no_volume_and_a_serverless_endpoint_no_fleet_to_update() -> None:
    assert [each.driver for each in found(*endpoint([variant()])).lines] == ["variant main (ml.g5.xlarge)", "data processed"]
    serverless = {"variantName": "main", "serverlessConfig": {"memorySizeInMb": 1024}}
    estimate = found(*endpoint([serverless]))
    assert [each.driver for each in estimate.lines] == ["variant main: time of requests", "variant main: data processed"]
    assert not any(each.quantity == "hours of updates" for each in estimate.assumptions)
