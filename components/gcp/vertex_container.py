"""The container of a model version, in Vertex AI's words."""

from typing import Any, Final

from plan.model import ModelVersionPlan, VariantPlan

# Vertex AI mounts nothing: it copies the artifact and tells the container where. Source: "Custom container requirements for inference".
_ARTIFACT: Final = "$(AIP_STORAGE_URI)"
_PROBE_SECONDS: Final = 10
# The API's own limit on a deployment, and what machines and the image may take of it. Source: Vertex AI API v1, ModelContainerSpec.
_LONGEST_SECONDS: Final = 7200
_BEFORE_START_SECONDS: Final = 1800
_MIB_PER_GIB: Final = 1024


def container_spec(variant: VariantPlan, *, image: Any, with_artifact: bool) -> dict[str, Any]:
    """The container that serves the variant's model. with_artifact: Google copies the artifact, which is then found in Cloud Storage.

    image: its address, an output where it is ours.
    """
    model = variant.model
    spec: dict[str, Any] = {
        "imageUri": image,
        "command": list(model.command),
        "args": [_placed(word, model, with_artifact) for word in model.args],
        "env": [{"name": name, "value": _placed(value, model, with_artifact)} for name, value in model.env.items()],
        "ports": [{"containerPort": model.port}],
        "predictRoute": model.predict_path,
        "healthRoute": model.health_path,
        "deploymentTimeout": f"{min(_LONGEST_SECONDS, _BEFORE_START_SECONDS + model.load_seconds)}s",
        "startupProbe": _startup_probe(model),
    }
    if variant.accelerators > 1:
        # Processes of several GPUs speak through shared memory, of which a container has 64 MiB by itself.
        spec["sharedMemorySizeMb"] = str(int(variant.memory_gib * _MIB_PER_GIB) // 4)
    return {key: value for key, value in spec.items() if value}


def _placed(text: str, model: ModelVersionPlan, with_artifact: bool) -> str:
    return text.replace(model.mount_path, _ARTIFACT) if with_artifact and model.mount_path else text


def _startup_probe(model: ModelVersionPlan) -> dict[str, Any]:
    return {
        "httpGet": {"path": model.health_path, "port": model.port},
        "periodSeconds": _PROBE_SECONDS,
        # The API wants it to be longer than the period.
        "timeoutSeconds": _PROBE_SECONDS + 1,
        "failureThreshold": -(-model.load_seconds // _PROBE_SECONDS),
    }
