"""Where a model version's files lie, and whether the platform and the runtime can take them from there."""

import re

from environment.model_version import ModelVersion
from plan.contents_request import nearest
from plan.endpoint_request import EndpointRequest
from plan.model import ArtifactPlan

_ADDRESS = re.compile(r"^([a-z][a-z0-9+.-]*)://(.*)$")
_SCHEMES = ("s3", "gs", "https", "hf")
_HUB = re.compile(r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*(@[\w.-]+)?$")
_PURPOSE = "models"
# What fetches a model: the platform itself, or on Kubernetes an init container. hf is read by vLLM and by images of one's own.
_FETCHES = {
    "sageMaker": ("s3",),
    "vertexAi": ("gs",),
    "cloudRun": ("gs",),
    "azureMl": (),
    "kubernetes": _SCHEMES,
}
_SOURCES = {
    "sageMaker": "Amazon SageMaker API, S3ModelDataSource: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html",
    "vertexAi": "Vertex AI, Model.artifactUri: https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.models",
    "cloudRun": "Cloud Run, Cloud Storage volume mounts: https://cloud.google.com/run/docs/configuring/services/cloud-storage-volume-mounts",
    "azureMl": "Azure Machine Learning, ModelVersion, modelUri: https://learn.microsoft.com/azure/machine-learning/concept-model-management-and-deployment",
    "kubernetes": "",
}
_REPOSITORY = "Triton Inference Server, Model repository: https://github.com/triton-inference-server/server/blob/main/docs/user_guide/model_repository.md"


def plan_artifact(request: EndpointRequest, name: str, version: ModelVersion) -> ArtifactPlan | None:
    """Where the files lie, None where the image holds them; faults a place that is not there, or from which they cannot be taken."""
    address = version.artifact
    if address is None:
        _check_none(request, name, version)
        return None
    if version.runtime in ("onnx", "triton") and address.endswith(".onnx"):
        problem = "is one file, and Triton reads a folder: model/config.pbtxt, model/1/model.onnx"
        fix = f"put it at {address.rpartition('/')[0]}/model/1/model.onnx and write artifact: {address.rpartition('/')[0]}"
        _fault(request, name, "artifact", address, problem, allowed="a folder that holds a folder model", fix=fix, source=_REPOSITORY)
        return None
    found = _ADDRESS.match(address)
    if found is not None:
        return _elsewhere(request, name, version, address, found[1], found[2])
    return _in_bucket(request, name, version, address)


def is_hub(artifact: ArtifactPlan | None) -> bool:
    """Whether it lies on the Hugging Face hub."""
    return artifact is not None and artifact.bucket is None and artifact.path.startswith("hf://")


def _check_none(request: EndpointRequest, name: str, version: ModelVersion) -> None:
    if version.image is None and version.runtime != "custom":
        problem = f"is left out, and {version.runtime}'s own image holds no model"
        fix = "write artifact: BUCKET/PATH"
        _fault(request, name, "artifact", None, problem, allowed="BUCKET/PATH, or s3://, gs://, https:// or hf://", fix=fix)
    if version.sha256 is not None:
        problem = "is a checksum of nothing: artifact is left out"
        _fault(request, name, "sha256", version.sha256, problem, allowed="beside artifact", fix="add artifact, or remove sha256")


def _elsewhere(request: EndpointRequest, name: str, version: ModelVersion, address: str, scheme: str, rest: str) -> ArtifactPlan | None:
    if scheme not in _SCHEMES:
        fix = f"write artifact: https://{rest}" if scheme == "http" else "copy it to a bucket of storage"
        _fault(request, name, "artifact", address, "is no place that models are taken from", allowed=_allowed(), fix=fix)
        return None
    if scheme == "hf" and not _HUB.fullmatch(rest):
        _fault(
            request,
            name,
            "artifact",
            address,
            "is no model of the hub",
            allowed="hf://ORGANISATION/NAME",
            fix="write it as the hub shows it",
        )
        return None
    own = scheme == "hf" and version.runtime in ("vllm", "custom")
    if scheme not in _FETCHES[request.platform] and not own:
        places = [f"{word}://" for word in _FETCHES[request.platform]]
        allowed = ", ".join(["BUCKET/PATH of storage", *places])
        problem = f"is not where {request.platform} takes a model of runtime {version.runtime} from"
        fix = "copy it to a bucket of storage and write BUCKET/PATH"
        _fault(request, name, "artifact", address, problem, allowed=allowed, fix=fix, source=_SOURCES[request.platform])
        return None
    if scheme == "https" and version.sha256 is None and request.stage == "prod":
        problem = "is left out, and nobody would see it if what lies there were another model"
        _fault(request, name, "sha256", None, problem, allowed="64 hexadecimal digits for an https:// artifact in prod", fix="add sha256")
        return None
    return ArtifactPlan(bucket=None, path=address, sha256=version.sha256)


def _in_bucket(request: EndpointRequest, name: str, version: ModelVersion, address: str) -> ArtifactPlan | None:
    bucket, _, path = address.partition("/")
    storage = request.environment.storage
    if bucket not in storage:
        near = nearest(bucket, [each for each, asked in storage.items() if asked.purpose == _PURPOSE] or storage)
        allowed = f"a bucket of storage: {', '.join(sorted(storage))}" if storage else "a bucket under storage"
        fix = f"write artifact: {near}/{path or name}" if near else f"add a bucket with purpose: {_PURPOSE} under storage"
        _fault(request, name, "artifact", address, "names no bucket of this environment", allowed=allowed, fix=fix)
        return None
    if not path.strip("/") or path.startswith("/"):
        problem = "is a whole bucket, which holds other versions too"
        _fault(request, name, "artifact", address, problem, allowed="BUCKET/PATH", fix=f"write artifact: {bucket}/{name}")
        return None
    if storage[bucket].purpose != _PURPOSE:
        right = sorted(each for each, asked in storage.items() if asked.purpose == _PURPOSE)
        problem = f"lies in a bucket for {storage[bucket].purpose}, whose objects become slow to read or go"
        fix = f"copy it and write artifact: {right[0]}/{path}" if right else f"add a bucket with purpose: {_PURPOSE}"
        _fault(request, name, "artifact", address, problem, allowed=f"a bucket with purpose: {_PURPOSE}", fix=fix)
        return None
    return ArtifactPlan(bucket=bucket, path=path, sha256=version.sha256)


def _allowed() -> str:
    return ", ".join(["BUCKET/PATH of storage", *(f"{scheme}://" for scheme in _SCHEMES)])


def _fault(
    request: EndpointRequest, name: str, field: str, value: str | None, problem: str, *, allowed: str, fix: str, source: str = ""
) -> None:
    request.findings.fault(f"models.{name}.{field}", value, problem, allowed=allowed, fix=fix, source=source)
