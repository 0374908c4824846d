"""Vertex AI's HTTP API, simulated, and the resources that speak to it through Google's client."""

from __future__ import annotations

import base64
import pickletools
from collections.abc import Callable
from typing import Any

import pytest
from pulumi.dynamic.dynamic import serialize_provider

from components.gcp import vertex_client, vertex_deployment, vertex_model
from components.gcp.vertex_client import VertexClient, VertexError, api_address, numeric_id
from components.gcp.vertex_deployment import DeploymentProvider
from components.gcp.vertex_model import ModelProvider
from components.gcp.vertex_traffic import TrafficProvider
from rehearsal.rest.address import addresses
from rehearsal.rest.documents import left_over
from tests.rehearsal.simulated import Clouds, refusal, state

PARENT = "projects/acme-ml/locations/europe-west4"
ENDPOINT = f"{PARENT}/endpoints/4242424242"
ENDPOINT_TYPE = "gcp:vertex/aiEndpoint:AiEndpoint"
MODEL: dict[str, Any] = {
    "region": "europe-west4",
    "parent": PARENT,
    "modelId": "fraud-1-0123456789ab",
    "displayName": "fraud-1",
    "labels": {"team": "risk"},
    "containerSpec": {"imageUri": "europe-west4-docker.pkg.dev/acme-ml/serving/fraud@sha256:" + "ab" * 32},
    "artifactUri": "gs://models/fraud-1",
    "encryptionSpec": None,
}
MODEL_NAME = f"{PARENT}/models/{MODEL['modelId']}"


def deployment(identifier: str = "1111111111", **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "region": "europe-west4",
        "endpoint": ENDPOINT,
        "deployedModelId": identifier,
        "model": MODEL_NAME,
        "displayName": "fraud-fraud-1",
        "machineSpec": {"machineType": "g2-standard-8", "acceleratorType": "NVIDIA_L4", "acceleratorCount": 1},
        "minReplicaCount": 1,
        "maxReplicaCount": 4,
        "autoscalingMetricSpecs": [{"metricName": "aiplatform.googleapis.com/prediction/online/request_count", "target": 1200}],
        "serviceAccount": "fraud@acme-ml.iam.gserviceaccount.com",
        "startSeconds": 120,
    }
    return given | changes


def traffic(**shares: int) -> dict[str, Any]:
    return {
        "region": "europe-west4",
        "endpoint": ENDPOINT,
        "trafficSplit": {name.removeprefix("_"): share for name, share in shares.items()},
    }


@pytest.fixture
def vertex(start: Callable[..., Clouds], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Clouds]:
    """Starts the simulated API with a scenario and an endpoint in it, and leads the client there."""
    # The client waits a random share of 2, 4, 8 … seconds before it tries again.
    monkeypatch.setattr("random.random", lambda: 0.001)

    def begin(**scenario: Any) -> Clouds:
        clouds = start(packages=("gcp",), **scenario)
        for name, address in addresses(clouds.ports).items():
            monkeypatch.setenv(name, address)
        clouds.connect("gcp").create(ENDPOINT_TYPE, "fraud", {"name": "4242424242", "displayName": "fraud", "location": "europe-west4"})
        return clouds

    return begin


def endpoint() -> dict[str, Any]:
    client = VertexClient("europe-west4")
    return client.ask(client.endpoints.get(name=ENDPOINT))


def model() -> dict[str, Any] | None:
    client = VertexClient("europe-west4")
    return client.find(client.models.get(name=MODEL_NAME))


def deployed_ids() -> list[str]:
    return [each["id"] for each in endpoint()["deployedModels"]]


def test_a_model_is_uploaded_read_renamed_and_deleted(vertex: Callable[..., Clouds]) -> None:
    vertex()
    provider = ModelProvider()
    made = provider.create(MODEL)
    assert made.id == MODEL_NAME
    # Google answers with the project's number.
    assert (model() or {})["name"] == f"projects/123456789012/locations/europe-west4/models/{MODEL['modelId']}"
    assert (model() or {})["artifactUri"] == "gs://models/fraud-1"
    provider.update(made.id, MODEL, {**MODEL, "labels": {"team": "payments"}})
    read = provider.read(made.id, made.outs or {})
    assert (read.id, (read.outs or {})["labels"]) == (MODEL_NAME, {"team": "payments"})
    provider.delete(made.id, MODEL)
    assert model() is None
    assert provider.read(made.id, MODEL).id == ""


def test_a_deployment_gets_no_traffic_until_the_split_says_so_and_goes_only_without_any(vertex: Callable[..., Clouds]) -> None:
    clouds = vertex()
    ModelProvider().create(MODEL)
    deployments, split = DeploymentProvider(), TrafficProvider()
    first, second = deployments.create(deployment("1111111111")), deployments.create(deployment("2222222222"))
    assert (deployed_ids(), endpoint()["trafficSplit"]) == (["1111111111", "2222222222"], {})
    shares = split.create(traffic(_1111111111=90, _2222222222=10))
    assert endpoint()["trafficSplit"] == {"1111111111": 90, "2222222222": 10}
    with pytest.raises(VertexError, match="receives traffic"):
        deployments.delete(second.id, deployment("2222222222"))
    with pytest.raises(VertexError, match="is deployed on"):
        ModelProvider().delete(MODEL_NAME, MODEL)
    with pytest.raises(Exception, match="1111111111"):
        raise refusal(lambda: clouds.connect("gcp").delete(ENDPOINT_TYPE, ENDPOINT, {"location": "europe-west4"}))
    split.update(shares.id, traffic(_1111111111=90, _2222222222=10), traffic(_2222222222=100))
    deployments.delete(first.id, deployment("1111111111"))
    assert (deployed_ids(), endpoint()["trafficSplit"]) == (["2222222222"], {"2222222222": 100})
    split.delete(shares.id, traffic(_2222222222=100))
    deployments.delete(second.id, deployment("2222222222"))
    ModelProvider().delete(MODEL_NAME, MODEL)
    assert left_over(state(clouds)) == []
    clouds.connect("gcp").delete(ENDPOINT_TYPE, ENDPOINT, {"location": "europe-west4"})


def test_replicas_and_what_they_follow_are_changed_in_place(vertex: Callable[..., Clouds]) -> None:
    vertex()
    ModelProvider().create(MODEL)
    made = DeploymentProvider().create(deployment())
    wanted = deployment(minReplicaCount=2, maxReplicaCount=9)
    DeploymentProvider().update(made.id, deployment(), wanted)
    (found,) = endpoint()["deployedModels"]
    assert (found["dedicatedResources"]["minReplicaCount"], found["dedicatedResources"]["maxReplicaCount"]) == (2, 9)
    assert found["dedicatedResources"]["machineSpec"]["machineType"] == "g2-standard-8"
    assert (DeploymentProvider().read(made.id, deployment()).outs or {})["maxReplicaCount"] == 9


@pytest.mark.parametrize(("status", "kind"), [(429, "error"), (503, "error"), (None, "lostConnection")])
def test_the_client_asks_again_where_the_service_is_busy_or_unreachable(
    vertex: Callable[..., Clouds], status: int | None, kind: str
) -> None:
    faults = [
        {"on": operation, "type": f"aiplatform.googleapis.com/{thing}", "nth": nth, "kind": kind} | ({"status": status} if status else {})
        for operation, thing in (("create", "Model"), ("create", "DeployedModel"), ("update", "Endpoint"), ("delete", "DeployedModel"))
        for nth in (1, 2)
    ]
    vertex(faults=faults)
    ModelProvider().create(MODEL)
    made = DeploymentProvider().create(deployment())
    shares = TrafficProvider().create(traffic(_1111111111=100))
    assert endpoint()["trafficSplit"] == {"1111111111": 100}
    TrafficProvider().delete(shares.id, traffic(_1111111111=100))
    DeploymentProvider().delete(made.id, deployment())
    assert deployed_ids() == []


def test_what_is_refused_for_good_is_not_asked_again(vertex: Callable[..., Clouds]) -> None:
    clouds = vertex(faults=[{"on": "create", "type": "aiplatform.googleapis.com/Model", "status": 403, "message": "permission denied"}])
    with pytest.raises(VertexError, match=r"403 aiplatform\.googleapis\.com/Model: permission denied"):
        ModelProvider().create(MODEL)
    assert state(clouds).attempt("fault 0 create aiplatform.googleapis.com/Model") == 2


@pytest.mark.parametrize("kind", ["timeoutAfterCreate", "lostAnswer"])
def test_what_was_made_and_not_told_is_taken_over_and_not_doubled(vertex: Callable[..., Clouds], kind: str) -> None:
    things = ("Model", "DeployedModel")
    vertex(faults=[{"on": "create", "type": f"aiplatform.googleapis.com/{thing}", "kind": kind} for thing in things])

    def persist(create: Callable[[], Any]) -> None:
        # An answer that is lost is asked for again by the client itself; after a time-out a person runs the program again.
        if kind == "timeoutAfterCreate":
            with pytest.raises(VertexError, match="timeout while waiting"):
                create()
        create()

    persist(lambda: ModelProvider().create(MODEL))
    persist(lambda: DeploymentProvider().create(deployment()))
    assert deployed_ids() == ["1111111111"]
    assert model() is not None


def test_a_deployment_that_is_still_going_on_is_waited_for_by_the_next_run(
    vertex: Callable[..., Clouds], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A deployment takes 900 s: here 0.9; an upload 120 s: here 0.12.
    vertex(latencyScale=0.001)
    monkeypatch.setattr(vertex_client, "BUSY_SECONDS", 0.05)
    with monkeypatch.context() as hurried:
        hurried.setattr(vertex_model, "UPLOAD_SECONDS", 0)
        with pytest.raises(VertexError, match="still going on after 0 s"):
            ModelProvider().create(MODEL)
    assert model() is None
    ModelProvider().create(MODEL)
    with monkeypatch.context() as hurried:
        hurried.setattr(vertex_deployment, "MACHINES_SECONDS", 0)
        with pytest.raises(VertexError, match=r"still going on after 0 s; a later `pulumi up`"):
            DeploymentProvider().create(deployment(startSeconds=0.1))
    assert deployed_ids() == []
    DeploymentProvider().create(deployment())
    assert deployed_ids() == ["1111111111"]


@pytest.mark.parametrize("thing", ["deploy", "undeploy"])
def test_an_endpoint_that_is_busy_with_another_deployment_is_asked_again(
    vertex: Callable[..., Clouds], monkeypatch: pytest.MonkeyPatch, thing: str
) -> None:
    # A deployment takes 900 s: here 0.9, and as long the endpoint refuses another.
    refused = {"type": "aiplatform.googleapis.com/DeployedModel", "status": 400, "message": "other operations are running"}
    vertex(latencyScale=0.001, faults=[{"on": "create", "nth": 3, **refused}, {"on": "delete", "nth": 1, **refused}])
    monkeypatch.setattr(vertex_client, "BUSY_SECONDS", 0.05)
    ModelProvider().create(MODEL)
    provider, client = DeploymentProvider(), VertexClient("europe-west4")
    made = provider.create(deployment("1111111111"))
    other = {"deployedModel": {**endpoint()["deployedModels"][0], "id": "2222222222", "model": MODEL_NAME}}
    client.ask(client.endpoints.deployModel(endpoint=ENDPOINT, body=other))
    if thing == "deploy":
        provider.create(deployment("3333333333"))
        assert set(deployed_ids()) >= {"1111111111", "3333333333"}
    else:
        provider.delete(made.id, deployment("1111111111"))
        assert "1111111111" not in deployed_ids()


def test_what_an_idle_endpoint_refuses_is_told_at_once(vertex: Callable[..., Clouds]) -> None:
    vertex()
    ModelProvider().create(MODEL)
    with pytest.raises(VertexError, match="max_replica_count must not be less"):
        DeploymentProvider().create(deployment(minReplicaCount=5))


def test_a_shortage_of_machines_is_told_and_leaves_nothing(vertex: Callable[..., Clouds]) -> None:
    vertex(shortages=[{"machine": "g2-standard-8", "region": "europe-west4", "reason": "no L4 left"}])
    ModelProvider().create(MODEL)
    with pytest.raises(VertexError, match="no L4 left"):
        DeploymentProvider().create(deployment())
    assert deployed_ids() == []


def test_deleting_what_is_gone_is_no_error(vertex: Callable[..., Clouds]) -> None:
    clouds = vertex()
    DeploymentProvider().delete(f"{ENDPOINT}/deployedModels/1111111111", deployment())
    ModelProvider().delete(MODEL_NAME, MODEL)
    clouds.connect("gcp").delete(ENDPOINT_TYPE, ENDPOINT, {"location": "europe-west4"})
    TrafficProvider().delete(f"{ENDPOINT}/trafficSplit", traffic(_1111111111=100))
    DeploymentProvider().delete(f"{ENDPOINT}/deployedModels/1111111111", deployment())
    assert TrafficProvider().read(f"{ENDPOINT}/trafficSplit", traffic(_1111111111=100)).id == ""


def test_a_delete_whose_answer_is_lost_is_over_once_it_is_gone(vertex: Callable[..., Clouds]) -> None:
    lost = [{"on": "delete", "type": f"aiplatform.googleapis.com/{thing}", "kind": "lostAnswer"} for thing in ("Model", "DeployedModel")]
    clouds = vertex(faults=lost)
    ModelProvider().create(MODEL)
    made = DeploymentProvider().create(deployment())
    DeploymentProvider().delete(made.id, deployment())
    ModelProvider().delete(MODEL_NAME, MODEL)
    assert left_over(state(clouds)) == []


def test_drift_is_read_and_shows_as_a_change(vertex: Callable[..., Clouds]) -> None:
    vertex()
    ModelProvider().create(MODEL)
    DeploymentProvider().create(deployment("1111111111"))
    DeploymentProvider().create(deployment("2222222222"))
    shares = TrafficProvider().create(traffic(_1111111111=100))
    client = VertexClient("europe-west4")
    client.ask(client.endpoints.patch(name=ENDPOINT, updateMask="trafficSplit", body={"trafficSplit": {"2222222222": 100}}))
    read = TrafficProvider().read(shares.id, traffic(_1111111111=100))
    assert TrafficProvider().diff(shares.id, read.outs or {}, traffic(_1111111111=100)).changes


@pytest.mark.parametrize(
    ("change", "replaces"),
    [
        ({"minReplicaCount": 2}, []),
        ({"autoscalingMetricSpecs": []}, []),
        ({"machineSpec": {"machineType": "g2-standard-16"}}, ["machineSpec"]),
        ({"model": f"{PARENT}/models/other"}, ["model"]),
        ({"serviceAccount": "other@acme-ml.iam.gserviceaccount.com"}, ["serviceAccount"]),
    ],
)
def test_only_replicas_and_their_metric_change_in_place(change: dict[str, Any], replaces: list[str]) -> None:
    result = DeploymentProvider().diff("id", deployment(), deployment(**change))
    assert (result.changes, result.replaces, result.delete_before_replace) == (True, replaces, False)
    assert not DeploymentProvider().diff("id", deployment(), deployment()).changes


def test_another_image_is_another_model_and_another_label_is_not() -> None:
    image = {**MODEL, "containerSpec": {"imageUri": "other"}}
    assert ModelProvider().diff("id", MODEL, image).replaces == ["containerSpec"]
    label = ModelProvider().diff("id", MODEL, {**MODEL, "labels": {}})
    assert (label.changes, label.replaces) == (True, [])


@pytest.mark.parametrize(("shares", "faults"), [((90, 10), 0), ((90, 5), 1), ((99.5, 0.5), 1), ((100, 0), 0)])
def test_a_split_is_whole_percents_of_a_hundred(shares: tuple[float, float], faults: int) -> None:
    news = {"trafficSplit": {"1": shares[0], "2": shares[1]}}
    assert len(TrafficProvider().check({}, news).failures) == faults


def test_no_replica_is_refused_before_anything_is_made() -> None:
    assert [each.property for each in DeploymentProvider().check({}, deployment(minReplicaCount=0)).failures] == ["minReplicaCount"]


@pytest.mark.parametrize("provider", [ModelProvider(), DeploymentProvider(), TrafficProvider()])
def test_the_state_holds_a_provider_by_its_name_alone(provider: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_OAUTH_ACCESS_TOKEN", "hidden")
    stored = base64.b64decode(serialize_provider(provider))
    texts = {argument for _, argument, _ in pickletools.genops(stored) if isinstance(argument, str)}
    assert texts <= {type(provider).__module__, type(provider).__name__}


@pytest.mark.parametrize("address", ["http://vertex.example/v1/", "http://10.0.0.1:8080/", "ftp://127.0.0.1/"])
def test_credentials_never_go_over_an_unencrypted_connection(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_VERTEX_AI_CUSTOM_ENDPOINT", address)
    with pytest.raises(VertexError, match="needs https://"):
        api_address("europe-west4")


def test_the_address_is_the_regions_or_the_one_that_googles_provider_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOOGLE_VERTEX_AI_CUSTOM_ENDPOINT", raising=False)
    assert api_address("europe-west4") == "https://europe-west4-aiplatform.googleapis.com"
    monkeypatch.setenv("GOOGLE_VERTEX_AI_CUSTOM_ENDPOINT", "https://vertex.example/v1/")
    assert api_address("europe-west4") == "https://vertex.example"


def test_ids_are_ten_digits_and_the_same_each_time() -> None:
    assert numeric_id("a", 1) == numeric_id("a", 1) != numeric_id("a", 2)
    assert all(len(numeric_id(number)) == 10 and numeric_id(number)[0] != "0" for number in range(200))


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", f"/v1/{PARENT}/models:upload", {"modelId": "1st", "model": {}}, 400),
        ("GET", f"/v1/{PARENT}/models/none", None, 404),
        ("POST", f"/v1/{ENDPOINT}:deployModel", {"deployedModel": {"id": "12345678901"}}, 400),
        ("PATCH", f"/v1/{ENDPOINT}?updateMask=trafficSplit", {"trafficSplit": {"7": 100}}, 400),
        ("GET", "/v1/elsewhere", None, 404),
    ],
)
def test_refusals_are_googles_json(vertex: Callable[..., Clouds], method: str, path: str, body: Any, status: int) -> None:
    import requests

    clouds = vertex()
    answer = requests.request(method, f"http://127.0.0.1:{clouds.ports['rest']}{path}", json=body, timeout=5)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert (error["code"], bool(error["message"]), error["status"].isupper()) == (status, True, True)
