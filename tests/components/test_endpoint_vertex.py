"""An endpoint on Vertex AI as it is registered."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pulumi import Output

from components.contract import BucketOutputs
from components.gcp.vertex_endpoint import VertexEndpoint
from components.gcp.vertex_machines import ACCELERATORS, SCALING_METRICS
from components.gcp.vertex_network import vertex_network
from plan.model import AccessPlan, AlarmPlan, ArtifactPlan, EndpointPlan, ScalingPlan
from tests.components.endpoint_plans import endpoint_plan, model_version_plan, variant_plan

ENDPOINT = "gcp:vertex/aiEndpoint:AiEndpoint"
MODEL, DEPLOYED, TRAFFIC = (f"pulumi-python:dynamic/vertex:{name}" for name in ("Model", "DeployedModel", "Traffic"))
ALERT = "gcp:monitoring/alertPolicy:AlertPolicy"
REGION = "europe-west4"
METRICS = "aiplatform.googleapis.com/prediction/online"


def bucket(name: str) -> BucketOutputs:
    def told(value: str) -> Output[str]:
        return Output.from_input(value)

    return BucketOutputs(
        name=told(f"{name}-1a2b3c4"),
        url=told(f"gs://{name}-1a2b3c4"),
        resourceId=told(name),
        location=told(REGION),
        encryptionKey=Output.from_input(None),
        compression="none",
        keep=False,
        usage={},
    )


@pytest.fixture
def build(registered: Callable[..., Any]) -> Callable[..., Any]:
    def run(plan: EndpointPlan, *, private: bool = False, key: str | None = None, preview: bool = False, registry: Any = None) -> Any:
        def program() -> None:
            network = vertex_network("network", network=f"{GOOGLE}/n", subnetwork="subnet", region=REGION, labels={}) if private else None
            buckets = {"models": bucket("models")}
            VertexEndpoint("fraud", plan, region=REGION, buckets=buckets, registry=registry, network=network, encryption_key=key)

        return registered(program, preview=preview)

    return run


GOOGLE = "https://www.googleapis.com/compute/v1/projects/acme-ml/global/networks"


def names(deployment: Any, kind: str) -> set[str]:
    return {each.name for each in deployment.of_type(kind)}


def identifiers(deployment: Any) -> dict[str, str]:
    return {each.name: each.inputs["deployedModelId"] for each in deployment.of_type(DEPLOYED)}


def test_a_model_is_its_container_and_the_folder_that_google_copies(build: Callable[..., Any]) -> None:
    model = build(endpoint_plan("vertexAi")).one(MODEL)
    assert model.inputs["artifactUri"] == "gs://models-1a2b3c4/models/fraud-1"
    assert model.inputs["parent"] == "projects/acme-ml/locations/europe-west4"
    container = model.inputs["containerSpec"]
    assert container["imageUri"].startswith("registry.example/serving@sha256:")
    # Vertex AI mounts nothing, and tells where its copy lies.
    assert container["args"] == ["--model-repository=$(AIP_STORAGE_URI)"]
    assert (container["predictRoute"], container["healthRoute"]) == ("/v2/models/model/infer", "/v2/health/ready")
    assert container["ports"] == [{"containerPort": 8000}]
    # 120 s until it is ready are twelve looks in steps of 10 s; half an hour for the machine comes before.
    assert container["startupProbe"]["failureThreshold"] * container["startupProbe"]["periodSeconds"] == 120
    assert container["deploymentTimeout"] == "1920s"


def test_a_model_that_loads_for_hours_is_given_the_two_that_the_api_allows(build: Callable[..., Any]) -> None:
    plan = endpoint_plan("vertexAi")
    slow = replace(plan.stable, model=model_version_plan(load_seconds=9_000))
    assert build(replace(plan, variants=(slow,))).one(MODEL).inputs["containerSpec"]["deploymentTimeout"] == "7200s"


def test_a_model_from_a_hub_stays_with_its_container(build: Callable[..., Any]) -> None:
    plan = endpoint_plan("vertexAi")
    hub = model_version_plan(artifact=ArtifactPlan(bucket=None, path="hf://org/name"), args=("--model=/models",))
    deployment = build(replace(plan, variants=(replace(plan.stable, model=hub),)))
    assert deployment.one(MODEL).inputs.get("artifactUri") is None
    assert deployment.one(MODEL).inputs["containerSpec"]["args"] == ["--model=/models"]
    assert deployment.of_type("gcp:storage/bucketIAMMember:BucketIAMMember") == []


def test_a_deployment_has_its_machine_its_bounds_and_requests_by_the_minute(build: Callable[..., Any]) -> None:
    deployed = build(endpoint_plan("vertexAi")).one(DEPLOYED).inputs
    assert deployed["machineSpec"] == {"machineType": "g2-standard-8", "acceleratorType": "NVIDIA_L4", "acceleratorCount": 1}
    assert (deployed["minReplicaCount"], deployed["maxReplicaCount"]) == (1, 4)
    # 20 requests a second and replica.
    assert deployed["autoscalingMetricSpecs"] == [{"metricName": f"{METRICS}/request_count", "target": 1200}]
    assert re.fullmatch(r"[1-9][0-9]{9}", deployed["deployedModelId"])


def test_every_accelerator_and_metric_is_one_of_the_apis_own() -> None:
    from googleapiclient.discovery_cache import get_static_doc

    schemas = json.loads(get_static_doc("aiplatform", "v1"))["schemas"]
    known = schemas["GoogleCloudAiplatformV1MachineSpec"]["properties"]["acceleratorType"]["enum"]
    assert set(ACCELERATORS.values()) <= set(known)
    followed = schemas["GoogleCloudAiplatformV1AutoscalingMetricSpec"]["properties"]["metricName"]["description"]
    assert all(f"`{metric}`" in followed for metric in SCALING_METRICS.values())


@pytest.mark.parametrize(("metric", "name"), [("gpuUtilization", "accelerator/duty_cycle"), ("cpuUtilization", "cpu/utilization")])
def test_utilisation_is_followed_in_percent(build: Callable[..., Any], metric: str, name: str) -> None:
    plan = endpoint_plan("vertexAi")
    scaling: ScalingPlan = replace(plan.scaling, metric=metric)
    deployed = build(replace(plan, scaling=scaling, variants=(replace(plan.stable, target=65.0),))).one(DEPLOYED)
    assert deployed.inputs["autoscalingMetricSpecs"] == [{"metricName": f"{METRICS}/{name}", "target": 65}]


def test_a_replica_without_an_accelerator_asks_for_none(build: Callable[..., Any]) -> None:
    plan = endpoint_plan("vertexAi")
    machine = replace(plan.stable.machine, instance_type="n2-standard-4", accelerator="", accelerator_count=0)
    deployment = build(replace(plan, variants=(replace(plan.stable, machine=machine, accelerators=0),)))
    assert deployment.one(DEPLOYED).inputs["machineSpec"] == {"machineType": "n2-standard-4"}


def test_the_split_is_whole_and_comes_after_every_deployment(build: Callable[..., Any]) -> None:
    deployment = build(endpoint_plan("vertexAi", canary=("fraud-2", 10)))
    ids, traffic = identifiers(deployment), deployment.one(TRAFFIC)
    assert traffic.inputs["trafficSplit"] == {ids["fraud-fraud-1-deployment"]: 90, ids["fraud-fraud-2-deployment"]: 10}
    assert {each.urn for each in deployment.of_type(DEPLOYED)} <= set(traffic.depends_on)
    for name in ("fraud-fraud-1", "fraud-fraud-2"):
        deployed = deployment.one(DEPLOYED, f"{name}-deployment")
        assert {deployment.one(MODEL, f"{name}-model").urn, deployment.one(ENDPOINT).urn} <= set(deployed.depends_on)


def test_the_endpoint_itself_leaves_its_traffic_alone(build: Callable[..., Any]) -> None:
    endpoint = build(endpoint_plan("vertexAi")).one(ENDPOINT)
    assert "trafficSplit" not in endpoint.inputs
    assert endpoint.ignored == ("trafficSplit",)
    assert re.fullmatch(r"[1-9][0-9]{9}", endpoint.inputs["name"])


def test_a_promoted_canary_keeps_its_model_its_deployment_and_their_ids(build: Callable[..., Any]) -> None:
    before = build(endpoint_plan("vertexAi", canary=("fraud-2", 50)))
    after = build(endpoint_plan("vertexAi", "fraud-2"))
    kept = "fraud-fraud-2"
    assert identifiers(after) == {f"{kept}-deployment": identifiers(before)[f"{kept}-deployment"]}
    assert after.one(MODEL).inputs == before.one(MODEL, f"{kept}-model").inputs
    assert after.one(DEPLOYED).inputs == before.one(DEPLOYED, f"{kept}-deployment").inputs
    assert after.one(ENDPOINT).inputs == before.one(ENDPOINT).inputs


def test_an_image_of_ours_is_pulled_from_our_registry(build: Callable[..., Any]) -> None:
    plan = endpoint_plan("vertexAi")
    plan = replace(plan, variants=(replace(plan.stable, model=model_version_plan(image="triton@sha256:ab")),))
    at = "europe-west4-docker.pkg.dev/acme/serving"
    registry = {"address": Output.from_input(at), "repositories": {"triton": Output.from_input(f"{at}/triton")}}
    assert build(plan, registry=registry).one(MODEL).inputs["containerSpec"]["imageUri"] == f"{at}/triton@sha256:ab"


def test_another_machine_or_image_is_another_id_so_that_both_can_stand_at_once(build: Callable[..., Any]) -> None:
    plan = endpoint_plan("vertexAi")
    first = build(plan)
    larger = replace(plan.stable, machine=replace(plan.stable.machine, instance_type="g2-standard-16"))
    machine = build(replace(plan, variants=(larger,)))
    image = build(replace(plan, variants=(replace(plan.stable, model=model_version_plan(image="registry.example/serving@sha256:cd")),)))
    assert len({each.one(DEPLOYED).inputs["deployedModelId"] for each in (first, machine, image)}) == 3
    assert first.one(MODEL).inputs["modelId"] == machine.one(MODEL).inputs["modelId"] != image.one(MODEL).inputs["modelId"]
    assert re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", first.one(MODEL).inputs["modelId"])


def test_more_replicas_are_the_same_deployment(build: Callable[..., Any]) -> None:
    plan = endpoint_plan("vertexAi")
    assert identifiers(build(plan)) == identifiers(build(replace(plan, variants=(replace(plan.stable, max_replicas=9),))))


def test_containers_act_as_their_own_account_that_reads_their_models_bucket_alone(build: Callable[..., Any]) -> None:
    deployment = build(endpoint_plan("vertexAi"))
    account = deployment.one("gcp:serviceaccount/account:Account")
    assert deployment.one(DEPLOYED).inputs["serviceAccount"] == f"{account.name}-1a2b3c4@acme-ml.iam.gserviceaccount.com"
    grant = deployment.one("gcp:storage/bucketIAMMember:BucketIAMMember")
    assert (grant.inputs["bucket"], grant.inputs["role"]) == ("models-1a2b3c4", "roles/storage.objectViewer")
    assert grant.urn in deployment.one(DEPLOYED).depends_on
    assert deployment.of_type("gcp:projects/iAMMember:IAMMember") == []


def test_with_a_network_it_is_reached_from_there_alone(build: Callable[..., Any]) -> None:
    deployment = build(endpoint_plan("vertexAi"), private=True)
    endpoint = deployment.one(ENDPOINT)
    assert endpoint.inputs["dedicatedEndpointEnabled"] is False
    private = endpoint.inputs["privateServiceConnectConfig"]
    assert private["projectAllowlists"] == ["acme-ml"]
    assert private["pscAutomationConfigs"] == [{"projectId": "acme-ml", "network": "projects/acme-ml/global/networks/n"}]
    policy = deployment.one("gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy")
    assert policy.inputs["serviceClass"] == "gcp-vertexai"
    assert policy.urn in endpoint.depends_on
    url = deployment.outputs_of(deployment.one("drydock:gcp:Endpoint"))["url"]
    assert url == "https://10.128.0.42/v1/fraud-endpoint-1a2b3c4:rawPredict"


def test_public_has_an_address_of_its_own_whatever_network_there_is(build: Callable[..., Any]) -> None:
    plan = replace(endpoint_plan("vertexAi"), access=AccessPlan(public=True, authentication="iam"))
    endpoint = build(plan, private=True).one(ENDPOINT)
    assert endpoint.inputs["dedicatedEndpointEnabled"] is True
    assert "privateServiceConnectConfig" not in endpoint.inputs


def test_a_network_or_a_key_makes_another_endpoint_with_another_number(build: Callable[..., Any]) -> None:
    plan = endpoint_plan("vertexAi")
    made = [build(plan), build(plan, private=True), build(plan, key="projects/p/locations/l/keyRings/r/cryptoKeys/k")]
    assert len({each.one(ENDPOINT).inputs["name"] for each in made}) == 3
    assert made[2].one(MODEL).inputs["encryptionSpec"] == {"kmsKeyName": "projects/p/locations/l/keyRings/r/cryptoKeys/k"}
    assert made[2].one(ENDPOINT).inputs["encryptionSpec"] == made[2].one(MODEL).inputs["encryptionSpec"]


def test_members_may_call_this_endpoint_and_nothing_else(build: Callable[..., Any]) -> None:
    access = AccessPlan(public=False, authentication="iam", members=("group:apps@acme.example",))
    deployment = build(replace(endpoint_plan("vertexAi"), access=access))
    assert deployment.one("gcp:projects/iAMCustomRole:IAMCustomRole").inputs["permissions"] == ["aiplatform.endpoints.predict"]
    member = deployment.one("gcp:vertex/aiEndpointIamMember:AiEndpointIamMember")
    assert (member.inputs["member"], member.inputs["location"]) == ("group:apps@acme.example", REGION)


def alarm(kind: str, threshold: float) -> AlarmPlan:
    return AlarmPlan(kind=kind, threshold=threshold, period_seconds=60, periods=3, rollback=kind == "p95")


@pytest.mark.parametrize(
    ("kind", "threshold", "metric", "value", "comparison"),
    [
        ("errorRate", 1, "error_count", 0.01, "COMPARISON_GT"),
        ("p95", 80, "prediction_latencies", 80_000, "COMPARISON_GT"),
        ("saturation", 90, "accelerator/duty_cycle", 0.9, "COMPARISON_GT"),
        ("noTraffic", 1, "response_count", 1, "COMPARISON_LT"),
    ],
)
def test_an_alarm_looks_at_this_endpoint_in_the_metrics_own_unit(
    build: Callable[..., Any], kind: str, threshold: float, metric: str, value: float, comparison: str
) -> None:
    plan = replace(endpoint_plan("vertexAi"), alarms=(alarm(kind, threshold),), notify=("projects/acme-ml/notificationChannels/1",))
    deployment = build(plan)
    policy = deployment.one(ALERT)
    (condition,) = policy.inputs["conditions"]
    held = condition["conditionThreshold"]
    number = deployment.one(ENDPOINT).inputs["name"]
    assert f'resource.labels.endpoint_id="{number}"' in held["filter"]
    assert f'metric.type="{METRICS}/{metric}"' in held["filter"]
    assert (held["thresholdValue"], held["comparison"], held["duration"]) == (pytest.approx(value), comparison, "180s")
    assert policy.inputs["notificationChannels"] == ["projects/acme-ml/notificationChannels/1"]
    assert policy.inputs["severity"] == ("CRITICAL" if kind == "p95" else "WARNING")
    # A canary's errors must not drown in the stable version's answers; that nobody calls is said of the whole endpoint.
    grouped = held["aggregations"][0].get("groupByFields")
    assert grouped == (None if kind == "noTraffic" else ["metric.labels.deployed_model_id"])


def test_errors_are_a_share_of_all_answers_and_silence_is_no_traffic(build: Callable[..., Any]) -> None:
    plan = replace(endpoint_plan("vertexAi"), alarms=(alarm("errorRate", 1), alarm("noTraffic", 1)))
    policies = {each.name: each.inputs["conditions"][0]["conditionThreshold"] for each in build(plan).of_type(ALERT)}
    assert f'metric.type="{METRICS}/response_count"' in policies["fraud-errorRate"]["denominatorFilter"]
    assert policies["fraud-noTraffic"]["evaluationMissingData"] == "EVALUATION_MISSING_DATA_ACTIVE"


def test_it_puts_out_where_it_answers_and_which_version_gets_what(build: Callable[..., Any]) -> None:
    deployment = build(endpoint_plan("vertexAi", canary=("fraud-2", 10)))
    outputs = deployment.outputs_of(deployment.one("drydock:gcp:Endpoint"))
    assert (outputs["stable"], outputs["canary"], outputs["platform"]) == ("fraud-1", "fraud-2", "vertexAi")
    assert outputs["weights"] == {"fraud-1": 90, "fraud-2": 10}
    assert outputs["url"] == "https://4242.europe-west4-42.prediction.vertexai.goog/v1/fraud-endpoint-1a2b3c4:rawPredict"


def test_the_first_preview_knows_no_ids_and_holds(build: Callable[..., Any]) -> None:
    deployment = build(endpoint_plan("vertexAi", canary=("fraud-2", 10)), preview=True)
    assert names(deployment, DEPLOYED) == {"fraud-fraud-1-deployment", "fraud-fraud-2-deployment"}


def test_the_state_of_a_deployment_holds_no_secret(build: Callable[..., Any]) -> None:
    deployment = build(endpoint_plan("vertexAi"))
    for kind in (MODEL, DEPLOYED, TRAFFIC):
        assert set(deployment.one(kind).inputs) - {"__provider"}
        assert isinstance(deployment.one(kind).inputs["__provider"], str)


def test_several_gpus_of_a_replica_share_memory(build: Callable[..., Any]) -> None:
    plan = endpoint_plan("vertexAi")
    pair = variant_plan("vertexAi", model_version_plan(), "stable", weight=100, accelerators=2)
    # A quarter of the replica's 16 GiB.
    assert build(replace(plan, variants=(pair,))).one(MODEL).inputs["containerSpec"]["sharedMemorySizeMb"] == "4096"
    assert "sharedMemorySizeMb" not in build(plan).one(MODEL).inputs["containerSpec"]
