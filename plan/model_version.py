"""Plans a model version as a container: image, files, arguments and routes of its runtime on a platform, and how long it loads."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from catalogue.runtimes import Runtime, runtime
from environment.model_version import ModelVersion
from plan.endpoint_artifact import is_hub, plan_artifact
from plan.endpoint_image import plan_image
from plan.endpoint_request import EndpointRequest
from plan.model import ArtifactPlan, ModelVersionPlan

# Triton's models lie in folders by name. Every version is called the same, so that a canary answers the path that callers know.
_MODEL = "model"
_MIB_PER_GIB = 1_024
# One stream from object storage or the hub, then from disk or memory to where it runs, in MiB a second; the start of an image, and what
# the runtime does before it answers (vLLM compiles and records graphs): Drydock's own estimates, low on purpose.
_DOWNLOAD, _LOAD = 100.0, 500.0
_START_SECONDS = {"vllm": 240.0, "triton": 60.0, "onnx": 60.0, "custom": 60.0}
_SLACK = 1.5
# Source: Amazon SageMaker API, ProductionVariant, ContainerStartupHealthCheckTimeoutInSeconds.
_SAGEMAKER_SECONDS = 3_600
_SAGEMAKER = "Amazon SageMaker API, ProductionVariant: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
_SAGEMAKER_PORT = "Amazon SageMaker, Custom inference code with hosting services: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html"
# Source: vLLM documentation, Engine arguments: dtype.
_DTYPES = {"bf16": "bfloat16", "fp16": "half", "fp32": "float", "tf32": "float"}


@dataclass(frozen=True, kw_only=True)
class Sized:
    """What sizing decided and the runtime is told. memory_gib: that one replica holds. weights_mib: of its files."""

    devices: int
    requests_at_once: int
    context_tokens: int
    memory_gib: float
    weights_mib: float
    precision: str | None


def plan_model_version(
    request: EndpointRequest, name: str, version: ModelVersion, *, accelerated: bool, sized: Sized, prefix: str = ""
) -> ModelVersionPlan:
    """A version as a container on the request's platform; faults at `models.<name>` what the platform or the runtime cannot do.

    accelerated: it runs on GPUs. prefix: where its decisions stand below the endpoint (`canary.`).
    """
    found = runtime(version.runtime, request.platform)
    _check_custom(request, name, version)
    image = plan_image(request, prefix, name, version, found)
    artifact = plan_artifact(request, name, version)
    arguments = _arguments(request, version, found, artifact, sized, accelerated=accelerated)
    by_variables = request.platform == "sageMaker"
    # In a cluster an init container has put the hub's files there before the runtime starts.
    named = None if request.platform == "kubernetes" else artifact
    return ModelVersionPlan(
        name=name,
        runtime=version.runtime,
        image=image,
        command=version.command or found.command,
        # SageMaker starts a container with nothing but variables.
        args=() if by_variables else _written(version, found, named, arguments),
        env=_environment(version, found, artifact, arguments) if by_variables else _variables(request, version),
        port=_port(request, name, version, found),
        predict_path=found.predict_path,
        health_path=_health_path(request, name, version, found),
        artifact=artifact,
        mount_path=found.mount_path,
        size_mib=version.size_mib,
        memory_gib=round(sized.memory_gib, 2),
        precision=sized.precision,
        load_seconds=_load_seconds(request, prefix, name, version, sized),
    )


def _check_custom(request: EndpointRequest, name: str, version: ModelVersion) -> None:
    if version.runtime == "custom":
        return
    told = (("command", list(version.command)), ("port", version.port), ("healthPath", version.health_path))
    for word, value in told:
        if value:
            problem = f"is of an image of one's own, and runtime {version.runtime} has its own"
            fix = f"remove {word}, or write runtime: custom"
            request.findings.fault(f"models.{name}.{word}", value, problem, allowed="with runtime: custom", fix=fix)


def _arguments(
    request: EndpointRequest, version: ModelVersion, found: Runtime, artifact: ArtifactPlan | None, sized: Sized, *, accelerated: bool
) -> Mapping[str, str]:
    """The runtime's options that follow from the model's facts, by their names without dashes before them."""
    if version.runtime == "vllm":
        return {
            # Callers name a model in each request: under one name every version answers them.
            "served-model-name": request.name,
            "dtype": _DTYPES.get(sized.precision or "", "auto"),
            "tensor-parallel-size": str(max(sized.devices, 1)),
            "max-model-len": str(sized.context_tokens),
            "max-num-seqs": str(sized.requests_at_once),
            "gpu-memory-utilization": "0.9",
            **({"load-format": "runai_streamer"} if _streams(request, artifact) else {}),
            **({} if request.platform == "sageMaker" else {"port": str(found.port)}),
        }
    if version.runtime in ("triton", "onnx"):
        # On Vertex AI it listens where the platform's variables say.
        where = {"vertex-ai-default-model": _MODEL} if request.platform == "vertexAi" else {"http-port": str(found.port)}
        return {"model-repository": found.mount_path, **where}
    return {}


def _streams(request: EndpointRequest, artifact: ArtifactPlan | None) -> bool:
    """Vertex AI mounts nothing and says where the files are: vLLM reads them from there. Source: vLLM, Run:ai Model Streamer."""
    return request.platform == "vertexAi" and artifact is not None and not is_hub(artifact)


def _written(version: ModelVersion, found: Runtime, artifact: ArtifactPlan | None, arguments: Mapping[str, str]) -> tuple[str, ...]:
    options = tuple(f"--{key}={value}" for key, value in arguments.items())
    if version.runtime != "vllm":
        return options
    # `vllm serve` takes the model first.
    return (_place(found, artifact), *options)


def _place(found: Runtime, artifact: ArtifactPlan | None) -> str:
    return artifact.path.removeprefix("hf://").partition("@")[0] if artifact and is_hub(artifact) else found.mount_path


def _environment(version: ModelVersion, found: Runtime, artifact: ArtifactPlan | None, arguments: Mapping[str, str]) -> Mapping[str, str]:
    """What the containers for SageMaker read. Sources: vLLM, sagemaker-entrypoint.sh; Triton, docker/sagemaker/serve."""
    if version.runtime == "vllm":
        options = {"model": _place(found, artifact), **arguments}
        return {f"SM_VLLM_{key.upper().replace('-', '_')}": value for key, value in sorted(options.items())}
    if version.runtime in ("triton", "onnx"):
        return {"SAGEMAKER_TRITON_DEFAULT_MODEL_NAME": _MODEL}
    return {}


def _variables(request: EndpointRequest, version: ModelVersion) -> Mapping[str, str]:
    # Nothing leaves the cluster unasked. Source: vLLM documentation, Usage stats collection.
    return {"VLLM_NO_USAGE_STATS": "1"} if version.runtime == "vllm" else {}


def _port(request: EndpointRequest, name: str, version: ModelVersion, found: Runtime) -> int:
    if version.port is None or version.runtime != "custom":
        return found.port
    if request.platform == "sageMaker" and version.port != found.port:
        problem = "is not where SageMaker calls a container"
        fix = f"write port: {found.port}, or remove it"
        request.findings.fault(f"models.{name}.port", version.port, problem, allowed=str(found.port), fix=fix, source=_SAGEMAKER_PORT)
    return version.port


def _health_path(request: EndpointRequest, name: str, version: ModelVersion, found: Runtime) -> str:
    if version.health_path is None or version.runtime != "custom":
        return found.health_path
    if request.platform == "sageMaker" and version.health_path != found.health_path:
        problem = "is not where SageMaker asks whether a container is well"
        fix = f"answer there and write healthPath: {found.health_path}, or remove it"
        request.findings.fault(
            f"models.{name}.healthPath", version.health_path, problem, allowed=found.health_path, fix=fix, source=_SAGEMAKER_PORT
        )
    return version.health_path


def _load_seconds(request: EndpointRequest, prefix: str, name: str, version: ModelVersion, sized: Sized) -> int:
    if version.startup_seconds is not None:
        seconds = ceil(version.startup_seconds)
    else:
        start = _START_SECONDS[version.runtime]
        estimate = (start + sized.weights_mib / _DOWNLOAD + sized.weights_mib / _LOAD) * _SLACK
        seconds = ceil(estimate / 10) * 10
        reason = (
            f"an estimate: {start:g} s for image and runtime, {sized.weights_mib:,.0f} MiB at {_DOWNLOAD:g} MiB/s to download and "
            f"{_LOAD:g} MiB/s to load, and half as much again; write startupSeconds"
        )
        request.decide(f"{prefix}model.loadSeconds", seconds, reason)
    if request.platform == "sageMaker" and seconds > _SAGEMAKER_SECONDS:
        problem = f"is longer than SageMaker waits for a container: {seconds} s"
        fix = "serve a smaller version, or from files that load faster, and write startupSeconds"
        allowed = f"{_SAGEMAKER_SECONDS} or less"
        path = f"models.{name}.startupSeconds"
        request.findings.fault(path, version.startup_seconds, problem, allowed=allowed, fix=fix, source=_SAGEMAKER)
    return seconds
