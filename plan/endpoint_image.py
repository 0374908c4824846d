"""The image of a model version: which one, whether it may change under its name, and whether the platform can pull it."""

import re

from catalogue.runtimes import Runtime
from environment.model_version import ModelVersion
from plan.endpoint_request import EndpointRequest

_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*(:\d+)?(/[a-z0-9][a-z0-9._-]*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?")
_HOST = re.compile(r"^(localhost|[^/]*[.:][^/]*)/")
_SPECIFICATION = "OCI Distribution Specification, Pulling manifests: https://github.com/opencontainers/distribution-spec/blob/main/spec.md"
_SAGEMAKER = "Amazon SageMaker API, ContainerDefinition, Image: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html"
_VERTEX = "Vertex AI, Custom container requirements, Container image publishing: https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements"
_CLOUD_RUN = "Cloud Run, Deploying container images, Supported container registries: https://cloud.google.com/run/docs/deploying"
_AZURE = (
    "Azure Machine Learning REST API, ManagedOnlineDeployment: it has neither command nor arguments: "
    "https://learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-managed-online"
)
# Where each platform pulls from: what an image's name may begin with, in words, and whose rule it is.
_ECR = re.compile(r"^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws)/")
_GOOGLE = re.compile(r"^([a-z0-9-]+-docker\.pkg\.dev|([a-z]+\.)?gcr\.io|docker\.io)/")
_PULLS = {
    "sageMaker": (_ECR, "Amazon ECR", _SAGEMAKER),
    "vertexAi": (_GOOGLE, "Artifact Registry or Docker Hub", _VERTEX),
    "cloudRun": (_GOOGLE, "Artifact Registry or Docker Hub", _CLOUD_RUN),
}
# What stands in for the runtime's image where a platform cannot take its maker's own, and why.
_WHY = {
    "sageMaker": "SageMaker pulls from Amazon ECR alone",
    "vertexAi": "Vertex AI pulls from Artifact Registry and Docker Hub, and its maker's is in neither",
    "cloudRun": "Cloud Run pulls from Artifact Registry and Docker Hub, and its maker's is in neither",
    "azureMl": "Azure ML starts an image as it was built, which must read SERVING_COMMAND and SERVING_ARGS",
    "kubernetes": "an image of one's own is nobody else's to know",
}
_SOURCES = {"sageMaker": _SAGEMAKER, "vertexAi": _VERTEX, "cloudRun": _CLOUD_RUN, "azureMl": _AZURE}


def plan_image(request: EndpointRequest, prefix: str, name: str, version: ModelVersion, runtime: Runtime) -> str:
    """The image that runs a version; faults a missing one, one that may change in production, and one that the platform cannot pull."""
    if version.image is not None:
        _check(request, prefix, name, version.image)
        return version.image
    region = request.region.name if request.region else ""
    elsewhere = bool(runtime.regions) and region not in runtime.regions
    if not runtime.image or elsewhere:
        lies = f": the runtime's own is not known to lie in {region}" if elsewhere else ""
        problem = f"is left out, and {_why(request, version)}{lies}"
        fix = f"write image: HOST/{version.runtime}@sha256:…, where you pushed it"
        source = "" if version.runtime == "custom" else _SOURCES.get(request.platform, "")
        _fault(request, name, None, problem, allowed="an image by its digest", fix=fix, source=source)
        return ""
    image = runtime.image.format(region=region)
    if request.stage == "prod":
        problem = f"is left out: {image} is a tag, and what it means tomorrow is its maker's choice"
        fix = f"write image: {image.rpartition(':')[0]}@sha256:…"
        _fault(request, name, None, problem, allowed="an image by its digest in prod", fix=fix, source=_SPECIFICATION)
        return ""
    reason = f"of {runtime.as_of}, confidence {runtime.confidence}; it is a tag, which may come to mean another image: prod refuses it"
    request.decide(f"{prefix}model.image", image, reason, runtime.source)
    return image


def _why(request: EndpointRequest, version: ModelVersion) -> str:
    return "runtime custom is an image of one's own" if version.runtime == "custom" else _WHY[request.platform]


def _check(request: EndpointRequest, prefix: str, name: str, image: str) -> None:
    rest = _DIGEST.sub("", image)
    if not _NAME.fullmatch(rest):
        allowed = "HOST/NAME@sha256:… or HOST/NAME:TAG in small letters"
        fix = "write it as your registry shows it"
        _fault(request, name, image, "is no name of an image", allowed=allowed, fix=fix, source=_SPECIFICATION)
        return
    if rest == image:
        if request.stage == "prod":
            problem = "is a tag, and tomorrow's replicas may run something else"
            fix = f"write image: {_without_tag(image)}@sha256:…"
            _fault(request, name, image, problem, allowed="an image by its digest in prod", fix=fix, source=_SPECIFICATION)
        else:
            reason = "it is a tag, so that new replicas may run something else; prod refuses it"
            request.decide(f"{prefix}model.image", image, reason, _SPECIFICATION)
    _check_registry(request, name, image)


def _check_registry(request: EndpointRequest, name: str, image: str) -> None:
    """An image without a host lies in the environment's own registry, which the platform reaches."""
    if request.platform not in _PULLS or _HOST.match(image) is None:
        return
    pulls, where, source = _PULLS[request.platform]
    if pulls.match(image) is None:
        problem = f"is not where {request.platform} pulls from"
        fix = f"push it there, or to the environment's own registry and write image: {image.rpartition('/')[2]}"
        _fault(request, name, image, problem, allowed=where, fix=fix, source=source)


def _without_tag(image: str) -> str:
    head, _, last = image.rpartition("/")
    return f"{head}/{last.partition(':')[0]}" if head else last.partition(":")[0]


def _fault(request: EndpointRequest, name: str, value: str | None, problem: str, *, allowed: str, fix: str, source: str) -> None:
    request.findings.fault(f"models.{name}.image", value, problem, allowed=allowed, fix=fix, source=source)
