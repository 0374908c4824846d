"""Model versions as containers: images, files, arguments and routes of each runtime on each platform."""

import pytest

from tests.plan.sizing import DIGEST, LLM_7B, ONNX, cpu_pool, gpu_pool, sized

PLATFORMS = ("sageMaker", "vertexAi", "cloudRun", "azureMl", "kubernetes")
CUSTOM = {"runtime": "custom", "image": f"fraud{DIGEST}", "sizeMib": 40}
DEV = {"stage": "dev"}


def version(platform, model, **words):
    pools = (gpu_pool() if model["runtime"] == "vllm" else cpu_pool(),) if platform == "kubernetes" else ()
    on = {"on": pools[0].name} if pools else {}
    return sized(platform, model, pools=pools, **{**on, **words})


def without(model, *fields):
    return {key: value for key, value in model.items() if key not in fields}


@pytest.mark.parametrize(
    ("platform", "port", "predict", "health"),
    [
        ("sageMaker", 8080, "/invocations", "/ping"),
        ("vertexAi", 8000, "/v1/chat/completions", "/health"),
        ("cloudRun", 8000, "/v1/chat/completions", "/health"),
        ("azureMl", 8000, "/v1/chat/completions", "/health"),
        ("kubernetes", 8000, "/v1/chat/completions", "/health"),
    ],
)
def test_vllm_answers_where_the_platform_calls(platform, port, predict, health):
    model = version(platform, LLM_7B).sized.model
    assert (model.port, model.predict_path, model.health_path) == (port, predict, health)


@pytest.mark.parametrize(
    ("platform", "port", "predict", "health"),
    [
        ("sageMaker", 8080, "/invocations", "/ping"),
        ("vertexAi", 8080, "/predict", "/health"),
        ("cloudRun", 8000, "/v2/models/model/infer", "/v2/health/ready"),
        ("azureMl", 8000, "/v2/models/model/infer", "/v2/health/ready"),
        ("kubernetes", 8000, "/v2/models/model/infer", "/v2/health/ready"),
    ],
)
@pytest.mark.parametrize("runtime", ["onnx", "triton"])
def test_onnx_models_are_served_by_triton_where_the_platform_calls(runtime, platform, port, predict, health):
    model = version(platform, {**ONNX, "runtime": runtime}).sized.model
    assert (model.port, model.predict_path, model.health_path) == (port, predict, health)


def test_vllm_is_told_what_follows_from_the_models_facts():
    model = version("kubernetes", LLM_7B).sized.model
    assert model.command == ("vllm", "serve")
    assert model.args == (
        "/models",
        "--served-model-name=e",
        "--dtype=half",
        "--tensor-parallel-size=1",
        "--max-model-len=4096",
        "--max-num-seqs=8",
        "--gpu-memory-utilization=0.9",
        "--port=8000",
    )


def test_sagemaker_tells_a_container_everything_by_variables():
    # Each SM_VLLM_ variable becomes an option, and the container adds the port itself.
    model = version("sageMaker", LLM_7B).sized.model
    assert model.args == ()
    assert model.env["SM_VLLM_MODEL"] == "/opt/ml/model"
    assert model.env["SM_VLLM_TENSOR_PARALLEL_SIZE"] == "1"
    assert model.env["SM_VLLM_MAX_MODEL_LEN"] == "4096"
    assert "SM_VLLM_PORT" not in model.env
    assert version("sageMaker", ONNX).sized.model.env == {"SAGEMAKER_TRITON_DEFAULT_MODEL_NAME": "model"}


def test_vertex_ai_mounts_nothing_and_the_runtimes_read_from_the_bucket():
    llm, onnx = version("vertexAi", LLM_7B).sized.model, version("vertexAi", ONNX).sized.model
    assert llm.args[0] == "$(AIP_STORAGE_URI)"
    assert "--load-format=runai_streamer" in llm.args
    assert onnx.args == ("--model-repository=$(AIP_STORAGE_URI)", "--vertex-ai-default-model=model")


def test_every_version_answers_to_one_name_so_that_callers_of_a_canary_change_nothing():
    stable = version("kubernetes", LLM_7B).sized.model
    canary = sized("kubernetes", LLM_7B, role="canary", share=0.1, pools=(gpu_pool(),), on="gpu").sized.model
    assert [arg for arg in stable.args if "served" in arg] == [arg for arg in canary.args if "served" in arg]


def test_a_model_of_the_hub_is_read_by_vllm_itself():
    model = version("cloudRun", {**LLM_7B, "artifact": "hf://mistralai/Mistral-7B-v0.3"}).sized.model
    assert model.args[0] == "mistralai/Mistral-7B-v0.3"
    assert "--load-format=runai_streamer" not in model.args
    # In a cluster an init container has fetched and checked it already.
    assert version("kubernetes", {**LLM_7B, "artifact": "hf://mistralai/Mistral-7B-v0.3"}).sized.model.args[0] == "/models"
    assert version("sageMaker", {**LLM_7B, "artifact": "hf://mistralai/Mistral-7B-v0.3"}).sized.model.env["SM_VLLM_MODEL"] == (
        "mistralai/Mistral-7B-v0.3"
    )


def test_a_bucket_and_what_lies_in_it_are_told_apart():
    artifact = version("sageMaker", {**ONNX, "artifact": "models/fraud/v1", "sha256": "cd" * 32}).sized.model.artifact
    assert artifact is not None
    assert (artifact.bucket, artifact.path, artifact.sha256) == ("models", "fraud/v1", "cd" * 32)


@pytest.mark.parametrize(
    ("platform", "address"),
    [("sageMaker", "s3://ours/fraud"), ("vertexAi", "gs://ours/fraud"), ("cloudRun", "gs://ours/fraud"), ("kubernetes", "s3://ours/fraud")],
)
def test_what_lies_elsewhere_keeps_its_whole_address(platform, address):
    artifact = version(platform, {**ONNX, "artifact": address}).sized.model.artifact
    assert artifact is not None
    assert (artifact.bucket, artifact.path) == (None, address)


def test_outside_production_the_runtimes_own_image_is_taken_by_its_tag_which_is_said():
    found = version("kubernetes", without(LLM_7B, "image"), **DEV)
    assert found.sized.model.image.startswith("docker.io/vllm/vllm-openai:v")
    assert "it is a tag" in found.decisions["endpoints.e.model.image"].reason
    ours = version("sageMaker", without(LLM_7B, "image"), **DEV).sized.model.image
    assert ours.startswith("763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:")


def test_outside_production_a_tag_of_ones_own_is_taken_and_said():
    found = version("sageMaker", {**ONNX, "image": "fraud:1.2"}, **DEV)
    assert found.sized.model.image == "fraud:1.2"
    assert "prod refuses it" in found.decisions["endpoints.e.model.image"].reason


def test_a_custom_image_keeps_its_command_port_and_health_path():
    model = version("kubernetes", {**CUSTOM, "command": ["serve", "--fast"], "port": 9000, "healthPath": "/up"}).sized.model
    assert (model.command, model.port, model.health_path, model.args) == (("serve", "--fast"), 9000, "/up", ())


def test_load_time_is_what_was_told_or_grows_with_the_model():
    assert version("sageMaker", {**ONNX, "startupSeconds": 33}).sized.model.load_seconds == 33
    # (60 + 40 / 100 + 40 / 500) × 1.5 = 90.7; (240 + 13351 / 100 + 13351 / 500) × 1.5 = 600.3; each up to the next ten.
    assert version("sageMaker", ONNX).sized.model.load_seconds == 100
    found = version("sageMaker", without(LLM_7B, "startupSeconds"))
    assert found.sized.model.load_seconds == 610
    assert "an estimate" in found.decisions["endpoints.e.model.loadSeconds"].reason


# platform, model, words, part of the only fault's line, another part.
REFUSED = [
    (
        "kubernetes",
        {**ONNX, "image": "registry.example/fraud:1.2"},
        {},
        "models.m.image: 'registry.example/fraud:1.2' is a tag",
        "fraud@sha256:…",
    ),
    ("kubernetes", without(LLM_7B, "image"), {}, "is left out: docker.io/vllm/vllm-openai", "an image by its digest in prod"),
    ("kubernetes", without(CUSTOM, "image"), DEV, "models.m.image: nothing is left out, and runtime custom", "HOST/custom@sha256:…"),
    ("sageMaker", without(ONNX, "image"), DEV, "SageMaker pulls from Amazon ECR alone", "ContainerDefinition"),
    ("sageMaker", without(LLM_7B, "image"), {**DEV, "region": "eu-south-1"}, "is not known to lie in eu-south-1", "ContainerDefinition"),
    ("vertexAi", without(ONNX, "image"), DEV, "Vertex AI pulls from Artifact Registry and Docker Hub", "custom-container-requirements"),
    ("cloudRun", without(ONNX, "image"), DEV, "Cloud Run pulls from Artifact Registry", "run/docs/deploying"),
    ("azureMl", without(LLM_7B, "image"), DEV, "must read SERVING_COMMAND and SERVING_ARGS", "ManagedOnlineDeployment"),
    ("sageMaker", {**CUSTOM, "image": f"quay.io/ours/fraud{DIGEST}"}, {}, "is not where sageMaker pulls from", "allowed: Amazon ECR"),
    ("cloudRun", {**CUSTOM, "image": f"quay.io/ours/fraud{DIGEST}"}, {}, "is not where cloudRun pulls from", "Artifact Registry"),
    ("kubernetes", {**CUSTOM, "image": "Fraud Model"}, {}, "models.m.image: 'Fraud Model' is no name of an image", "Distribution"),
    ("kubernetes", {**ONNX, "artifact": "model/fraud"}, {}, "names no bucket of this environment", "fix: write artifact: models/fraud"),
    ("kubernetes", {**ONNX, "artifact": "models"}, {}, "is a whole bucket", "fix: write artifact: models/m"),
    (
        "kubernetes",
        {**ONNX, "artifact": "logs/fraud"},
        {"storage": {"logs": {"purpose": "logs"}, "models": {"purpose": "models"}}},
        "lies in a bucket for logs",
        "write artifact: models/fraud",
    ),
    ("kubernetes", {**ONNX, "artifact": "ftp://ours/fraud"}, {}, "is no place that models are taken from", "hf://"),
    ("kubernetes", {**ONNX, "artifact": "http://ours.example/fraud"}, {}, "is no place", "fix: write artifact: https://ours.example/fraud"),
    ("kubernetes", {**LLM_7B, "artifact": "hf://mistral"}, {}, "is no model of the hub", "hf://ORGANISATION/NAME"),
    ("kubernetes", {**ONNX, "artifact": "https://ours.example/fraud.tar.gz"}, {}, "models.m.sha256: nothing is left out", "add sha256"),
    ("sageMaker", {**ONNX, "artifact": "gs://ours/fraud"}, {}, "is not where sageMaker takes a model", "BUCKET/PATH of storage, s3://"),
    ("azureMl", {**ONNX, "artifact": "s3://ours/fraud"}, {}, "is not where azureMl takes a model", "allowed: BUCKET/PATH of storage"),
    ("cloudRun", {**ONNX, "artifact": "hf://ours/fraud"}, {}, "is not where cloudRun takes a model of runtime onnx", "gs://"),
    ("kubernetes", {**ONNX, "artifact": "models/fraud.onnx"}, {}, "is one file, and Triton reads a folder", "model_repository"),
    ("kubernetes", without(ONNX, "artifact", "image"), DEV, "models.m.artifact: nothing is left out", "holds no model"),
    ("kubernetes", {**without(CUSTOM, "artifact"), "sha256": "cd" * 32}, {}, "is a checksum of nothing", "remove sha256"),
    ("kubernetes", {**ONNX, "port": 9000}, {}, "models.m.port: 9000 is of an image of one's own", "fix: remove port"),
    ("kubernetes", {**ONNX, "command": ["serve"]}, {}, "models.m.command", "runtime onnx has its own"),
    ("sageMaker", {**CUSTOM, "port": 9000}, {}, "models.m.port: 9000 is not where SageMaker calls", "fix: write port: 8080"),
    ("sageMaker", {**CUSTOM, "healthPath": "/up"}, {}, "is not where SageMaker asks", "write healthPath: /ping"),
    ("sageMaker", {**ONNX, "startupSeconds": 4000}, {}, "is longer than SageMaker waits for a container: 4000 s", "3600 or less"),
]


@pytest.mark.parametrize(("platform", "model", "words", "line", "also"), REFUSED, ids=[f"{case[0]}: {case[3][:40]}" for case in REFUSED])
def test_a_version_that_cannot_run_there_is_refused(platform, model, words, line, also):
    fault = version(platform, model, **words).fault
    assert line in fault
    assert also in fault


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_environments_own_registry_is_reached_from_every_platform(platform):
    assert version(platform, CUSTOM).sized.model.image == f"fraud{DIGEST}"
