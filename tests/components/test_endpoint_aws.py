"""SageMaker endpoints and ECR repositories. Expected values: documentation of SageMaker, Application Auto Scaling, CloudWatch and ECR."""

import json
from dataclasses import replace

import pulumi
import pytest

from components.aws.container_registry import ContainerRegistry
from components.aws.endpoint import Endpoint
from components.aws.endpoint_spec import EndpointInputs
from components.aws.serving import deploy_serving
from components.contract import BucketOutputs, NetworkOutputs
from plan.model import (
    AccessPlan,
    AlarmPlan,
    ArtifactPlan,
    AsynchronousPlan,
    CapturePlan,
    Plan,
    PrivateEndpointPlan,
    RolloutPlan,
    ScalingPlan,
    ScheduledScalePlan,
)
from tests.components.aws_place import place
from tests.components.conftest import COMPUTED
from tests.components.endpoint_plans import DIGEST, canary_rollout, endpoint_plan, registry_plan
from tests.components.plans import network_plan

ENDPOINT, CONFIGURATION, MODEL = (
    "aws:sagemaker/endpoint:Endpoint",
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    "aws:sagemaker/model:Model",
)
TARGET, POLICY, ACTION = (
    "aws:appautoscaling/target:Target",
    "aws:appautoscaling/policy:Policy",
    "aws:appautoscaling/scheduledAction:ScheduledAction",
)
ALARM, ROLE, ROLE_POLICY, GROUP = (
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:iam/role:Role",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:ec2/securityGroup:SecurityGroup",
)
REPOSITORY, CLEAN_UP = "aws:ecr/repository:Repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy"
MACHINE = "aws:sfn/stateMachine:StateMachine"
MACHINE_ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:fraud-rollout-1a2b3c4"
ROLLOUT_ROLES = ("fraud-rollout-states", "fraud-rollout-starter")
KEY = "arn:aws:kms:eu-west-1:123456789012:key/models"
PLAIN = RolloutPlan(shift="allAtOnce", step_percent=100, bake_seconds=0)
SCALING = endpoint_plan("sageMaker").scaling


def bucket(name, key=None):
    outputs = {"url": f"s3://{name}-1a2b3c4", "resourceId": f"arn:aws:s3:::{name}-1a2b3c4", "name": f"{name}-1a2b3c4"}
    told = {word: pulumi.Output.from_input(value) for word, value in {**outputs, "location": "eu-west-1", "encryptionKey": key}.items()}
    return BucketOutputs(**told, compression="none", keep=False, usage={})


def network():
    subnets = pulumi.Output.from_input(["subnet-a", "subnet-b"])
    return NetworkOutputs(id=pulumi.Output.from_input("vpc-1"), privateSubnets=subnets, zones=["eu-west-1a"], usage={})


@pytest.fixture
def endpoint(registered):
    def build(stable="fraud-1", *, inside=False, private_runtime=False, key=None, registry=False, preview=False, **choices):
        def program():
            at = place()
            own = ContainerRegistry("registry", registry_plan(), place=at).outputs if registry else None
            on = EndpointInputs(
                place=at,
                network=network() if inside else None,
                buckets={"models": bucket("models", key), "captures": bucket("captures", key)},
                registry=own,
                private_runtime=private_runtime,
            )
            return Endpoint("fraud", choices.pop("plan", None) or endpoint_plan("sageMaker", stable, **choices), on=on)

        return registered(program, preview=preview)

    return build


def changed(plan, **choices):
    """The same plan whose variants' model version is otherwise."""
    return replace(plan, variants=tuple(replace(each, model=replace(each.model, **choices)) for each in plan.variants))


def variants(plan, **choices):
    return replace(plan, variants=tuple(replace(each, **choices) for each in plan.variants))


def allowed(deployment, model="fraud-1"):
    """What the model's role may do: actions and resources of each statement."""
    policy = json.loads(deployment.one(ROLE_POLICY, f"fraud-{model}-role").inputs["policy"])
    return {statement["Sid"]: (set(statement["Action"]), set(statement["Resource"])) for statement in policy["Statement"]}


def configured(deployment):
    return deployment.one(CONFIGURATION).inputs


def test_callers_traffic_is_shared_by_weights_and_the_canary_is_a_variant_of_its_own(endpoint):
    found = configured(endpoint(canary=("fraud-2", 10)))["productionVariants"]
    shares = {each["variantName"]: (each["modelName"], each["initialVariantWeight"]) for each in found}
    assert shares == {"stable": ("fraud-fraud-1-model-1a2b3c4", 90), "canary": ("fraud-fraud-2-model-1a2b3c4", 10)}
    assert {each["routingConfigs"][0]["routingStrategy"] for each in found} == {"LEAST_OUTSTANDING_REQUESTS"}
    assert {(each["instanceType"], each["initialInstanceCount"]) for each in found} == {("ml.g5.xlarge", 1)}


def test_a_model_is_called_by_its_version_whatever_its_part_in_the_endpoint(endpoint):
    names = {role: {each.name for each in endpoint(**{role: ("fraud-2", 10)}).of_type(MODEL)} for role in ("canary", "shadow")}
    assert names["canary"] == names["shadow"] == {"fraud-fraud-1-model", "fraud-fraud-2-model"}
    assert "fraud-fraud-2-model" in {each.name for each in endpoint("fraud-2").of_type(MODEL)}


# CreateEndpointConfig: with a shadow there is one production variant and one shadow; their weights' ratio is what is copied.
def test_a_shadow_stands_beside_one_production_variant_and_gets_its_share_of_copies(endpoint):
    found = configured(endpoint(shadow=("fraud-3", 20)))
    (production,), (shadow,) = found["productionVariants"], found["shadowProductionVariants"]
    assert (production["variantName"], production["initialVariantWeight"]) == ("stable", 100)
    assert (shadow["variantName"], shadow["initialVariantWeight"], shadow["modelName"]) == ("shadow", 20, "fraud-fraud-3-model-1a2b3c4")
    assert "shadowProductionVariants" not in configured(endpoint())


# ProductionVariant: ContainerStartupHealthCheckTimeoutInSeconds and ModelDataDownloadTimeoutInSeconds are 60 to 3600.
@pytest.mark.parametrize(("load_seconds", "waits"), [(120, 120), (5, 60), (7_200, 3_600)])
def test_a_container_has_as_long_to_start_as_its_model_takes(endpoint, load_seconds, waits):
    (variant,) = configured(endpoint(plan=changed(endpoint_plan("sageMaker"), load_seconds=load_seconds)))["productionVariants"]
    assert variant["containerStartupHealthCheckTimeoutInSeconds"] == waits
    assert variant["modelDataDownloadTimeoutInSeconds"] == waits


# S3ModelDataSource: a prefix ends in a slash, an archive is one object that is unpacked.
def test_the_artifact_is_every_file_under_its_path_or_an_archive(endpoint):
    def source(path):
        plan = changed(endpoint_plan("sageMaker"), artifact=ArtifactPlan(bucket="models", path=path))
        return endpoint(plan=plan).one(MODEL).inputs["primaryContainer"]["modelDataSource"]["s3DataSources"][0]

    assert source("m/1") == {"s3Uri": "s3://models-1a2b3c4/m/1/", "s3DataType": "S3Prefix", "compressionType": "None"}
    assert source("m/1.tar.gz") == {"s3Uri": "s3://models-1a2b3c4/m/1.tar.gz", "s3DataType": "S3Object", "compressionType": "Gzip"}


def test_a_container_without_a_network_is_cut_off_unless_it_fetches_its_model_itself(endpoint):
    assert endpoint().one(MODEL).inputs["enableNetworkIsolation"] is True
    hub = changed(endpoint_plan("sageMaker"), artifact=ArtifactPlan(bucket=None, path="hf://org/model"))
    found = endpoint(plan=hub).one(MODEL).inputs
    assert found["enableNetworkIsolation"] is False
    assert "modelDataSource" not in found["primaryContainer"]


def test_in_a_network_a_container_stands_in_the_private_subnets_behind_a_group_that_lets_nothing_in(endpoint):
    deployment = endpoint(inside=True)
    vpc = deployment.one(MODEL).inputs["vpcConfig"]
    assert vpc["subnets"] == ["subnet-a", "subnet-b"]
    assert vpc["securityGroupIds"] == [f"{deployment.one(GROUP).name}-1a2b3c4"]
    assert deployment.one(GROUP).inputs["vpcId"] == "vpc-1"
    assert deployment.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") == []
    out = deployment.one("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").inputs
    assert (out["ipProtocol"], out["fromPort"], out["toPort"]) == ("tcp", 443, 443)
    assert endpoint().of_type(GROUP) == []


def test_a_model_reads_its_own_artifact_and_writes_its_own_log_and_no_more(endpoint):
    deployment = endpoint()
    trust = json.loads(deployment.one(ROLE).inputs["assumeRolePolicy"])
    assert trust["Statement"][0]["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    may = allowed(deployment)
    assert set(may) == {"WriteLogs", "WriteMetrics", "ListArtifact", "ReadArtifact"}
    objects = "arn:aws:s3:::models-1a2b3c4/models/fraud-1"
    assert may["ReadArtifact"] == ({"s3:GetObject"}, {objects, f"{objects}/*"})
    log = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/Endpoints/drydock-test-fraud-guarded"
    assert may["WriteLogs"][1] == {log, f"{log}:*"}
    assert deployment.one(ROLE_POLICY).urn in deployment.one(MODEL).depends_on


def test_listing_a_bucket_ends_at_the_artifact(endpoint):
    policy = json.loads(endpoint().one(ROLE_POLICY).inputs["policy"])
    listing = next(statement for statement in policy["Statement"] if statement["Sid"] == "ListArtifact")
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["models/fraud-1", "models/fraud-1/*"]}}


def test_a_bucket_with_a_key_is_decrypted_with_that_key_alone(endpoint):
    assert allowed(endpoint(key=KEY))["DecryptArtifact"] == ({"kms:Decrypt"}, {KEY})


def test_in_a_network_the_role_may_have_interfaces_made(endpoint):
    actions, _ = allowed(endpoint(inside=True))["JoinTheNetwork"]
    assert {"ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeSubnets"} <= actions


def test_an_image_of_ecr_is_pulled_from_its_repository_alone(endpoint):
    image = f"763104351884.dkr.ecr.eu-west-1.amazonaws.com/djl-inference@{DIGEST}"
    may = allowed(endpoint(plan=changed(endpoint_plan("sageMaker"), image=image)))
    assert may["PullImage"][1] == {"arn:aws:ecr:eu-west-1:763104351884:repository/djl-inference"}
    assert may["SignInToRegistries"] == ({"ecr:GetAuthorizationToken"}, {"*"})


def test_an_image_of_ours_is_named_by_its_repository_and_found_in_the_registry(endpoint):
    deployment = endpoint(plan=changed(endpoint_plan("sageMaker"), image=f"fraud@{DIGEST}"), registry=True)
    address = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/fraud-1a2b3c4"
    assert deployment.one(MODEL).inputs["primaryContainer"]["image"] == f"{address}@{DIGEST}"
    assert allowed(deployment)["PullImage"][1] == {"arn:aws:ecr:eu-west-1:123456789012:repository/fraud-1a2b3c4"}


def test_requests_and_answers_are_kept_encrypted_in_the_share_that_is_asked_for(endpoint):
    deployment = endpoint(capture=CapturePlan(bucket="captures", prefix="fraud", percent=25), key=KEY)
    found = configured(deployment)["dataCaptureConfig"]
    assert (found["enableCapture"], found["initialSamplingPercentage"]) == (True, 25)
    assert (found["destinationS3Uri"], found["kmsKeyId"]) == ("s3://captures-1a2b3c4/fraud", KEY)
    assert [each["captureMode"] for each in found["captureOptions"]] == ["Input", "Output"]
    may = allowed(deployment)
    assert may["WriteCapture"] == ({"s3:PutObject"}, {"arn:aws:s3:::captures-1a2b3c4/fraud/*"})
    assert may["EncryptCapture"] == ({"kms:Decrypt", "kms:GenerateDataKey"}, {KEY})
    assert "dataCaptureConfig" not in configured(endpoint())


def test_answers_that_nobody_waits_for_go_to_their_bucket(endpoint):
    deployment = endpoint(asynchronous=AsynchronousPlan(bucket="captures", prefix="answers", max_concurrent_per_replica=4))
    found = configured(deployment)["asyncInferenceConfig"]
    assert found["clientConfig"] == {"maxConcurrentInvocationsPerInstance": 4}
    assert found["outputConfig"]["s3OutputPath"] == "s3://captures-1a2b3c4/answers"
    assert found["outputConfig"]["s3FailurePath"] == "s3://captures-1a2b3c4/answers/failed"
    assert allowed(deployment)["WriteAnswers"][1] == {"arn:aws:s3:::captures-1a2b3c4/answers/*"}
    (component,) = deployment.of_type("drydock:aws:Endpoint")
    assert deployment.outputs_of(component)["url"].endswith("/endpoints/drydock-test-fraud-guarded/async-invocations")


def deployed(deployment):
    return deployment.one(ENDPOINT).inputs.get("deploymentConfig", {})


@pytest.mark.parametrize(
    ("shift", "routing"),
    [
        ("allAtOnce", {"type": "ALL_AT_ONCE"}),
        ("canary", {"type": "CANARY", "canarySize": {"type": "CAPACITY_PERCENT", "value": 20}}),
        ("linear", {"type": "LINEAR", "linearStepSize": {"type": "CAPACITY_PERCENT", "value": 20}}),
    ],
)
def test_a_new_fleet_takes_over_as_planned_while_the_old_one_still_stands(endpoint, shift, routing):
    policy = deployed(endpoint(rollout=RolloutPlan(shift=shift, step_percent=20, bake_seconds=300)))["blueGreenUpdatePolicy"]
    assert policy["trafficRoutingConfiguration"] == {**routing, "waitIntervalInSeconds": 300}
    assert policy["terminationWaitInSeconds"] == 300


def test_a_rolling_update_replaces_a_share_of_the_fleet_at_a_time(endpoint):
    found = deployed(endpoint(rollout=RolloutPlan(shift="rolling", step_percent=25, bake_seconds=120)))
    assert "blueGreenUpdatePolicy" not in found
    batch = {"type": "CAPACITY_PERCENT", "value": 25}
    assert found["rollingUpdatePolicy"] == {"maximumBatchSize": batch, "waitIntervalInSeconds": 120}


def test_the_alarms_that_bring_the_old_fleet_back_are_there_before_the_endpoint(endpoint):
    quiet = AlarmPlan(kind="noTraffic", threshold=1, period_seconds=300, periods=6, rollback=False)
    deployment = endpoint(alarms=(*endpoint_plan("sageMaker").alarms, quiet))
    named = [alarm["alarmName"] for alarm in deployed(deployment)["autoRollbackConfiguration"]["alarms"]]
    assert named == ["drydock-test-fraud-guarded-errorRate", "drydock-test-fraud-guarded-p95"]
    assert {alarm.inputs["name"] for alarm in deployment.of_type(ALARM)} == {*named, "drydock-test-fraud-guarded-noTraffic"}
    urns = [resource.urn for resource in deployment.resources]
    watching = [alarm.urn for alarm in deployment.of_type(ALARM)]
    assert max(urns.index(urn) for urn in watching) < urns.index(deployment.one(ENDPOINT).urn)


# terraform-provider-aws, aws_sagemaker_endpoint: an update that was rolled back ends in service, and the provider calls that success.
def test_an_update_that_was_rolled_back_fails_so_that_the_configuration_in_use_stays(endpoint, monkeypatch):
    monkeypatch.setitem(COMPUTED, ENDPOINT, {"endpointConfigName": "fraud-configuration-0000000"})
    with pytest.raises(
        pulumi.RunError, match="SageMaker went back to the configuration fraud-configuration-0000000 when an alarm went off"
    ):
        endpoint()


# "Deployment guardrails", exclusions: they want the same variants before and after, so that plain rollouts have none.
def test_a_plain_rollout_has_no_guardrails_and_its_endpoint_another_name(endpoint):
    found = endpoint(rollout=PLAIN, canary=("fraud-2", 10)).one(ENDPOINT).inputs
    assert "deploymentConfig" not in found
    assert found["name"] == "drydock-test-fraud"


# CreateEndpoint: a name has up to 63 letters, digits and hyphens.
def test_long_names_are_cut_and_stay_apart(registered):
    names = ["a" * 60 + "_one", "b" * 60 + "_one"]
    plans = [endpoint_plan("sageMaker", name=name) for name in names]

    def program():
        on = EndpointInputs(place=place(), network=None, buckets={"models": bucket("models")}, registry=None)
        return [Endpoint(plan.name, plan, on=on) for plan in plans]

    found = [each.inputs["name"] for each in registered(program).of_type(ENDPOINT)]
    assert len(set(found)) == 2
    assert {len(name) for name in found} == {63}
    assert all(name.replace("-", "").isalnum() for name in found)


def tracking(deployment, name="fraud-stable-requests"):
    return deployment.one(POLICY, name).inputs["targetTrackingScalingPolicyConfiguration"]


def test_replicas_stay_within_their_bounds_and_are_those_of_a_variant(endpoint):
    deployment = endpoint(rollout=PLAIN)
    found = deployment.one(TARGET).inputs
    assert found["resourceId"] == "endpoint/drydock-test-fraud/variant/stable"
    assert (found["serviceNamespace"], found["scalableDimension"]) == ("sagemaker", "sagemaker:variant:DesiredInstanceCount")
    assert (found["minCapacity"], found["maxCapacity"]) == (1, 4)


# PredefinedMetricSpecification: SageMakerVariantInvocationsPerInstance is the average per minute.
def test_requests_are_counted_by_the_minute(endpoint):
    found = tracking(endpoint())
    assert found["predefinedMetricSpecification"] == {"predefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    assert found["targetValue"] == 1_200
    assert (found["scaleOutCooldown"], found["scaleInCooldown"]) == (60, 300)


def test_concurrency_is_followed_by_the_metric_made_for_it(endpoint):
    found = tracking(endpoint(scaling=replace(SCALING, metric="concurrency")), "fraud-stable-concurrency")
    metric = {"predefinedMetricType": "SageMakerVariantConcurrentRequestsPerModelHighResolution"}
    assert (found["predefinedMetricSpecification"], found["targetValue"]) == (metric, 20)


# "Amazon SageMaker AI metrics in Amazon CloudWatch": utilization is summed over devices (four GPUs: 0 to 400 %), latency in microseconds.
@pytest.mark.parametrize(
    ("metric", "name", "namespace", "target"),
    [
        ("gpuUtilization", "GPUUtilization", "/aws/sagemaker/Endpoints", 280),
        ("cpuUtilization", "CPUUtilization", "/aws/sagemaker/Endpoints", 560),
        ("latency", "ModelLatency", "AWS/SageMaker", 70_000),
        ("queueDepth", "ApproximateBacklogSizePerInstance", "AWS/SageMaker", 70),
    ],
)
def test_other_metrics_are_followed_in_sagemakers_units(endpoint, metric, name, namespace, target):
    plan = endpoint_plan("sageMaker", scaling=replace(SCALING, metric=metric))
    machine = replace(plan.stable.machine, accelerator_count=4, vcpus=8)
    found = tracking(endpoint(plan=variants(plan, target=70, machine=machine)), f"fraud-stable-{metric.lower()}")
    assert found["targetValue"] == target
    told = found["customizedMetricSpecification"]
    assert (told["metricName"], told["namespace"], told["statistic"]) == (name, namespace, "Average")
    where = {each["name"]: each["value"] for each in told["dimensions"]}
    assert where["EndpointName"] == "drydock-test-fraud-guarded"
    assert where.get("VariantName") == (None if metric == "queueDepth" else "stable")


def test_a_fixed_number_of_replicas_is_not_scaled_and_neither_is_a_shadow(endpoint):
    fixed = variants(endpoint_plan("sageMaker"), min_replicas=2, max_replicas=2)
    assert endpoint(plan=fixed).of_type(TARGET) == []
    assert {each.name for each in endpoint(shadow=("fraud-3", 10)).of_type(TARGET)} == {"fraud-stable-scaling"}
    assert {each.name for each in endpoint(canary=("fraud-2", 10)).of_type(TARGET)} == {"fraud-stable-scaling", "fraud-canary-scaling"}


def test_the_endpoint_waits_for_what_its_registrations_name(endpoint):
    deployment = endpoint(canary=("fraud-2", 10))
    stash = deployment.one("pulumi:index:Stash")
    assert stash.inputs["input"] == {"stable": "ml.g5.xlarge", "canary": "ml.g5.xlarge"}
    assert stash.urn in deployment.one(ENDPOINT).depends_on
    assert deployment.one(CONFIGURATION).urn in stash.depends_on


# "Autoscale an asynchronous endpoint": a policy that scales up from zero for new requests, by HasBacklogWithoutCapacity.
def test_without_a_replica_the_first_request_that_waits_brings_one(endpoint):
    answers = AsynchronousPlan(bucket="captures", prefix="answers")
    plan = endpoint_plan("sageMaker", asynchronous=answers, scaling=replace(SCALING, metric="queueDepth", scale_to_zero=True))
    deployment = endpoint(plan=variants(plan, min_replicas=0))
    assert deployment.one(TARGET).inputs["minCapacity"] == 0
    policy = deployment.one(POLICY, "fraud-first-replica")
    assert policy.inputs["policyType"] == "StepScaling"
    (step,) = policy.inputs["stepScalingPolicyConfiguration"]["stepAdjustments"]
    assert (step["metricIntervalLowerBound"], step["scalingAdjustment"]) == ("0", 1)
    alarm = deployment.one(ALARM, "fraud-waiting").inputs
    assert (alarm["metricName"], alarm["comparisonOperator"], alarm["threshold"]) == (
        "HasBacklogWithoutCapacity",
        "GreaterThanOrEqualToThreshold",
        1,
    )
    assert alarm["dimensions"] == {"EndpointName": "drydock-test-fraud-guarded"}
    assert alarm["alarmActions"] == ["arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:fraud-first-replica-1a2b3c4"]
    assert {each.name for each in endpoint().of_type(POLICY)} == {"fraud-stable-requests"}


# Application Auto Scaling User Guide, "Schedule scaling actions using cron expressions": minutes hours day-of-month month day-of-week year.
@pytest.mark.parametrize(
    ("hours", "start", "end"),
    [
        ((8, 30, 18, 0), "cron(30 8 ? * FRI,SAT *)", "cron(0 18 ? * FRI,SAT *)"),
        ((20, 0, 6, 0), "cron(0 20 ? * FRI,SAT *)", "cron(0 6 ? * SAT,SUN *)"),
    ],
)
def test_other_bounds_hold_from_the_start_of_a_schedule_to_its_end_in_its_time_zone(endpoint, hours, start, end):
    clock = dict(zip(("start_hour", "start_minute", "end_hour", "end_minute"), hours, strict=True))
    busy = ScheduledScalePlan(name="busy", days=("fri", "sat"), **clock, time_zone="Europe/Berlin", min_replicas=3, max_replicas=9)
    scaling = ScalingPlan(
        metric="requests", scale_out_seconds=60, scale_in_seconds=300, max_step_percent=100, scale_to_zero=False, schedules=(busy,)
    )
    deployment = endpoint(scaling=scaling)
    found = {name: deployment.one(ACTION, f"fraud-busy-{name}").inputs for name in ("start", "end")}
    assert {name: each["schedule"] for name, each in found.items()} == {"start": start, "end": end}
    assert {each["timezone"] for each in found.values()} == {"Europe/Berlin"}
    assert found["start"]["scalableTargetAction"] == {"minCapacity": 3, "maxCapacity": 9}
    assert found["end"]["scalableTargetAction"] == {"minCapacity": 1, "maxCapacity": 4}


def watched(deployment, kind):
    alarm = deployment.one(ALARM, f"fraud-{kind.lower()}").inputs
    queries = {each["id"]: each for each in alarm["metricQueries"]}
    return alarm, queries, queries["watched"]["expression"]


def alarm_plan(kind, threshold):
    return (AlarmPlan(kind=kind, threshold=threshold, period_seconds=60, periods=3, rollback=False),)


def test_errors_are_the_share_of_calls_that_containers_fail_over_all_variants(endpoint):
    alarm, queries, expression = watched(endpoint(canary=("fraud-2", 10)), "errorRate")
    assert expression == "100 * (FILL(failed0, 0) + FILL(failed1, 0)) / (FILL(called0, 0) + FILL(called1, 0))"
    metrics = {name: (each["metric"]["metricName"], each["metric"]["stat"]) for name, each in queries.items() if "metric" in each}
    assert metrics["failed1"] == ("Invocation5XXErrors", "Sum")
    assert metrics["called1"] == ("Invocations", "Sum")
    assert queries["called1"]["metric"]["dimensions"] == {"EndpointName": "drydock-test-fraud-guarded", "VariantName": "canary"}
    assert (alarm["threshold"], alarm["comparisonOperator"], alarm["evaluationPeriods"]) == (1, "GreaterThanThreshold", 3)
    assert alarm["treatMissingData"] == "notBreaching"


def test_latency_is_the_slowest_variants_in_microseconds(endpoint):
    alarm, queries, expression = watched(endpoint(canary=("fraud-2", 10)), "p95")
    assert expression == "MAX([latency0, latency1])"
    assert (queries["latency0"]["metric"]["metricName"], queries["latency0"]["metric"]["stat"]) == ("ModelLatency", "p95")
    assert alarm["threshold"] == 80_000
    assert watched(endpoint(), "p95")[2] == "latency0"


def test_saturation_is_the_utilization_of_one_device(endpoint):
    plan = endpoint_plan("sageMaker", alarms=alarm_plan("saturation", 90))
    gpus = variants(plan, machine=replace(plan.stable.machine, accelerator_count=4))
    alarm, queries, expression = watched(endpoint(plan=gpus), "saturation")
    assert expression == "use0 / 4"
    assert queries["use0"]["metric"]["metricName"] == "GPUUtilization"
    assert queries["use0"]["metric"]["namespace"] == "/aws/sagemaker/Endpoints"
    assert alarm["threshold"] == 90
    _, queries, expression = watched(endpoint(plan=variants(plan, accelerators=0)), "saturation")
    assert (queries["use0"]["metric"]["metricName"], expression) == ("CPUUtilization", "use0 / 8")


def test_silence_is_an_alarm_where_traffic_is_expected(endpoint):
    alarm, _, expression = watched(endpoint(alarms=alarm_plan("noTraffic", 1)), "noTraffic")
    assert expression == "FILL(called0, 0)"
    assert (alarm["comparisonOperator"], alarm["treatMissingData"]) == ("LessThanThreshold", "breaching")


def test_alarms_are_sent_where_the_plan_says(endpoint):
    topic = "arn:aws:sns:eu-west-1:123456789012:ops"
    assert {str(each.inputs["alarmActions"]) for each in endpoint(notify=(topic,)).of_type(ALARM)} == {f"['{topic}']"}


def callers(deployment):
    (statement,) = json.loads(deployment.one("aws:iam/policy:Policy", "fraud-callers").inputs["policy"])["Statement"]
    return statement


def growing(endpoint, **choices):
    rollout = RolloutPlan(shift="allAtOnce", step_percent=100, bake_seconds=0, canary=canary_rollout(10, 50))
    return endpoint(canary=("fraud-2", 10), rollout=rollout, **choices)


def test_the_canarys_alarms_are_of_the_canary_alone_and_tell_whom_the_others_tell(endpoint):
    deployment = growing(endpoint, notify=("arn:aws:sns:eu-west-1:123456789012:oncall",))
    found = {each.inputs["name"]: each.inputs for each in deployment.of_type(ALARM)}
    assert set(found) == {f"drydock-test-fraud-{name}" for name in ("errorRate", "p95", "canary-errorRate", "canary-p95")}
    canary = [found["drydock-test-fraud-canary-errorRate"], found["drydock-test-fraud-canary-p95"]]
    metrics = [query["metric"] for alarm in canary for query in alarm["metricQueries"] if "metric" in query]
    assert {metric["metricName"] for metric in metrics} == {"Invocation5XXErrors", "Invocations", "ModelLatency"}
    assert {metric["dimensions"]["VariantName"] for metric in metrics} == {"canary"}
    # Milliseconds of the plan, microseconds of SageMaker.
    assert [alarm["threshold"] for alarm in canary] == [2, 90_000]
    assert {tuple(alarm["alarmActions"]) for alarm in found.values()} == {("arn:aws:sns:eu-west-1:123456789012:oncall",)}


def test_a_rollout_starts_when_its_endpoint_comes_into_service_and_is_there_before(endpoint):
    deployment = growing(endpoint)
    rule = json.loads(deployment.one("aws:cloudwatch/eventRule:EventRule").inputs["eventPattern"])
    assert (rule["source"], rule["detail-type"]) == (["aws.sagemaker"], ["SageMaker Endpoint State Change"])
    assert rule["detail"] == {"EndpointName": [deployment.one(ENDPOINT).inputs["name"]], "EndpointStatus": ["IN_SERVICE"]}
    target = deployment.one("aws:cloudwatch/eventTarget:EventTarget")
    assert target.inputs["arn"] == MACHINE_ARN
    urns = [resource.urn for resource in deployment.resources]
    assert urns.index(target.urn) < urns.index(deployment.one(ENDPOINT).urn)


def test_the_state_machine_is_logged_traced_and_takes_the_canary_through_its_shares(endpoint):
    deployment = growing(endpoint)
    found = deployment.one(MACHINE).inputs
    states = json.loads(found["definition"])["States"]
    changes = [state["Parameters"] for state in states.values() if state.get("Resource", "").endswith("updateEndpointWeightsAndCapacities")]
    weighed = [
        each["DesiredWeight"] for change in changes for each in change["DesiredWeightsAndCapacities"] if each["VariantName"] == "canary"
    ]
    assert sorted(weighed) == [0, 50]
    assert {"drydock-test-fraud-canary-errorRate", "drydock-test-fraud-canary-p95"} <= set(
        states["Read the alarms at 10 %"]["Parameters"]["AlarmNames"]
    )
    assert found["type"] == "STANDARD"
    assert found["tracingConfiguration"] == {"enabled": True}
    assert found["loggingConfiguration"]["level"] == "ALL"
    group = deployment.one("aws:cloudwatch/logGroup:LogGroup").inputs
    assert group["retentionInDays"] == 30
    # AWS Step Functions Developer Guide, "Logging using CloudWatch Logs": names that do not use up the resource policy.
    assert group["name"].startswith("/aws/vendedlogs/")
    assert found["loggingConfiguration"]["logDestination"].endswith(":*")


def test_a_rollout_may_weigh_its_own_endpoint_and_its_starter_may_start_it(endpoint):
    deployment = growing(endpoint)
    policies = {name: json.loads(deployment.one(ROLE_POLICY, name).inputs["policy"])["Statement"] for name in ROLLOUT_ROLES}
    allowed = {statement.get("Sid"): (statement["Action"], statement["Resource"]) for statement in policies["fraud-rollout-states"]}
    assert allowed["WeighVariants"] == (
        ["sagemaker:DescribeEndpoint", "sagemaker:UpdateEndpointWeightsAndCapacities"],
        ["arn:aws:sagemaker:eu-west-1:123456789012:endpoint/drydock-test-fraud"],
    )
    assert allowed["ReadAlarms"] == (["cloudwatch:DescribeAlarms"], ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*"])
    everywhere = [action for actions, resources in allowed.values() if resources == ["*"] for action in actions]
    assert {action.partition(":")[0] for action in everywhere} == {"logs", "xray"}
    (start,) = policies["fraud-rollout-starter"]
    assert (start["Action"], start["Resource"]) == (["states:StartExecution"], [MACHINE_ARN])
    trusts = {name: json.loads(deployment.one(ROLE, name).inputs["assumeRolePolicy"])["Statement"][0] for name in ROLLOUT_ROLES}
    assert {trust["Principal"]["Service"] for trust in trusts.values()} == {"states.amazonaws.com", "events.amazonaws.com"}
    assert all(trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}} for trust in trusts.values())


def test_an_endpoint_whose_canary_stays_has_no_state_machine(endpoint):
    deployment = endpoint(canary=("fraud-2", 10), rollout=PLAIN)
    assert deployment.of_type(MACHINE) == []
    assert deployment.of_type("aws:cloudwatch/eventRule:EventRule") == []


def test_a_growing_canary_tells_its_alarms_and_how_often_its_rollout_starts(endpoint):
    deployment = growing(endpoint)
    (component,) = deployment.of_type("drydock:aws:Endpoint")
    told = deployment.outputs_of(component)
    assert set(told["alarms"]) == {"errorRate", "p95", "canaryErrorRate", "canaryP95"}
    assert told["weights"] == {"fraud-1": 90, "fraud-2": 10}
    assert told["usage"]["of"]["fraud-rollout"]["requestsPerMonth"] == {"low": 1, "expected": 100, "high": 1_000}


def test_members_may_call_this_endpoint_and_do_nothing_else(endpoint):
    members = ("arn:aws:iam::123456789012:role/web/app", "batch", "arn:aws:iam::123456789012:user/eve")
    deployment = endpoint(access=AccessPlan(public=False, authentication="iam", members=members))
    statement = callers(deployment)
    assert statement["Resource"] == ["arn:aws:sagemaker:eu-west-1:123456789012:endpoint/fraud-endpoint-1a2b3c4"]
    assert set(statement["Action"]) == {"sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"}
    attached = deployment.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert {each.inputs["role"] for each in attached} == {"app", "batch"}
    assert deployment.one("aws:iam/userPolicyAttachment:UserPolicyAttachment").inputs["user"] == "eve"


def test_where_the_network_has_a_way_to_it_a_private_endpoint_is_called_from_inside_only(endpoint):
    assert callers(endpoint(inside=True, private_runtime=True))["Condition"] == {"StringEquals": {"aws:SourceVpc": "vpc-1"}}
    assert "Condition" not in callers(endpoint(inside=True))
    public = AccessPlan(public=True, authentication="iam")
    assert "Condition" not in callers(endpoint(inside=True, private_runtime=True, access=public))


def test_the_component_tells_where_it_answers_and_what_serves(endpoint):
    deployment = endpoint(canary=("fraud-2", 10), rollout=PLAIN)
    (component,) = deployment.of_type("drydock:aws:Endpoint")
    told = deployment.outputs_of(component)
    assert told["url"] == "https://runtime.sagemaker.eu-west-1.amazonaws.com/endpoints/drydock-test-fraud/invocations"
    assert (told["name"], told["stable"], told["canary"], told.get("shadow")) == ("drydock-test-fraud", "fraud-1", "fraud-2", None)
    assert told["weights"] == {"fraud-1": 90, "fraud-2": 10}
    assert set(told["alarms"]) == {"errorRate", "p95"}
    assert component.inputs["usage"] == told["usage"]


@pytest.fixture
def registry(registered):
    def build(**choices):
        return registered(lambda: ContainerRegistry("registry", registry_plan(**choices), place=place()))

    return build


def test_images_are_scanned_their_tags_never_move_and_they_are_encrypted(registry):
    found = registry().one(REPOSITORY, "fraud").inputs
    assert found["imageTagMutability"] == "IMMUTABLE"
    assert found["imageScanningConfiguration"] == {"scanOnPush": True}
    assert found["encryptionConfigurations"] == [{"encryptionType": "AES256"}]
    ours = registry(customer_key=True).one(REPOSITORY).inputs["encryptionConfigurations"]
    assert ours == [{"encryptionType": "KMS", "kmsKey": "arn:aws:kms:eu-west-1:123456789012:key/registry-key-1a2b3c4"}]


# Amazon ECR User Guide, "Lifecycle policy properties": tagged images need tagPatternList or tagPrefixList.
def test_untagged_images_go_by_age_and_tagged_ones_by_number(registry):
    rules = json.loads(registry(delete_untagged_after_days=7, keep_newest=20).one(CLEAN_UP).inputs["policy"])["rules"]
    assert [rule["rulePriority"] for rule in rules] == [1, 2]
    assert rules[0]["selection"] == {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7}
    tagged = {"tagStatus": "tagged", "tagPatternList": ["*"], "countType": "imageCountMoreThan", "countNumber": 20}
    assert rules[1]["selection"] == tagged
    assert {rule["action"]["type"] for rule in rules} == {"expire"}


def test_a_registry_that_stays_keeps_its_images_and_one_that_goes_takes_them_along(registry):
    assert registry(retain=True).one("drydock:aws:ContainerRegistry").retained
    assert registry(retain=True).one(REPOSITORY).inputs["forceDelete"] is False
    assert registry().one(REPOSITORY).inputs["forceDelete"] is True


def test_a_registry_that_exists_is_named_and_left_alone(registry):
    theirs = "999999999999.dkr.ecr.eu-west-1.amazonaws.com"
    deployment = registry(existing=theirs)
    assert deployment.of_type(REPOSITORY) == []
    told = deployment.outputs_of(deployment.one("drydock:aws:ContainerRegistry"))
    assert told == {"address": theirs, "repositories": {"fraud": f"{theirs}/fraud"}}


def test_of_a_plans_endpoints_those_on_sagemaker_are_built_with_the_network_and_the_registry(registered):
    runtime = PrivateEndpointPlan(name="runtime", service="com.amazonaws.eu-west-1.sagemaker.runtime", kind="interface")
    plan = Plan(
        cloud="aws",
        region="eu-west-1",
        stage="dev",
        labels={},
        buckets=(),
        decisions=(),
        network=network_plan("aws", private_endpoints=(runtime,)),
        registry=registry_plan(),
        endpoints=(endpoint_plan("sageMaker"), endpoint_plan("kubernetes", name="other")),
    )
    found = {}

    def program():
        found.update(deploy_serving(plan, place(), {"network": network(), "storage": {"models": bucket("models")}}))

    deployment = registered(program)
    assert set(found["endpoints"]) == {"fraud"}
    assert set(found["registry"]["repositories"]) == {"fraud"}
    assert callers(deployment)["Condition"] == {"StringEquals": {"aws:SourceVpc": "vpc-1"}}
