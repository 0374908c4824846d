"""A model in Vertex AI's registry: Pulumi's provider has no class for it, so this one speaks to the API itself."""

from __future__ import annotations

from typing import Any, Final

from pulumi import Input, Output, ResourceOptions
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

from components.gcp.vertex_client import Answer, VertexClient, changed, last_part

# Google copies the image and the artifact, of tens of GiB at times. Source: the default of Google's own SDK for uploads.
UPLOAD_SECONDS: Final = 1800
DELETE_SECONDS: Final = 600
# Immutable. Source: Vertex AI API v1, Model and UploadModelRequest.
_FIXED: Final = ("region", "parent", "modelId", "containerSpec", "artifactUri", "encryptionSpec")
_CHANGEABLE: Final = ("displayName", "labels")


class ModelProvider(ResourceProvider):
    """Uploads, changes, reads and deletes one model.

    Its id is made from what it is, so that an upload that was interrupted after Google had it is found and taken over by the next one.
    """

    # Nothing of it is secret, and a state that shows it shows that.
    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Upload the model, or take over the one that has its id. Raises VertexError where Google refuses or the time is over."""
        client, name = VertexClient(props["region"]), _name(props)
        if _find(client, name) is None:
            self._upload(client, props, name)
        return CreateResult(name, {**props, "name": name})

    def _upload(self, client: VertexClient, props: dict[str, Any], name: str) -> None:
        body = {"modelId": props["modelId"], "model": _model(props)}
        client.persist(
            lambda: client.models.upload(parent=props["parent"], body=body),
            UPLOAD_SECONDS,
            of=name,
            is_done=lambda: _find(client, name) is not None,
        )

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Change the name that is shown, and the labels. Raises VertexError as `create` does."""
        client = VertexClient(_news["region"])
        body = {key: _news[key] for key in _CHANGEABLE}
        client.ask(client.models.patch(name=_id, updateMask=",".join(_CHANGEABLE), body=body))
        return UpdateResult({**_news, "name": _id})

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """The model as Google has it now; nothing where it is gone. Raises VertexError where Google does not answer."""
        found = _find(VertexClient(props["region"]), id_)
        if found is None:
            return ReadResult("", {})
        return ReadResult(id_, {**props, "displayName": found.get("displayName"), "labels": found.get("labels", {})})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete the model with all its versions; one that is gone is no error. Raises VertexError while it is deployed anywhere."""
        client = VertexClient(_props["region"])
        operation = client.find(client.models.delete(name=_id))
        if operation is not None:
            client.finish(operation, DELETE_SECONDS)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """What changed: all but the shown name and the labels makes another model, which is there before this one goes."""
        replaces = changed(_olds, _news, _FIXED)
        return DiffResult(changes=bool(replaces or changed(_olds, _news, _CHANGEABLE)), replaces=replaces, delete_before_replace=False)


class VertexModel(Resource, module="vertex", name="Model"):
    """One model version in the registry. model_name: its full name, known before it is uploaded."""

    name: Output[str]
    model_name: Output[str]

    def __init__(
        self,
        name: str,
        *,
        region: str,
        parent: Input[str],
        model_id: Input[str],
        display_name: str,
        labels: dict[str, str],
        container_spec: Input[dict[str, Any]],
        artifact_uri: Input[str] | None,
        encryption_key: Input[str] | None,
        opts: ResourceOptions,
    ) -> None:
        """Declare the model. parent: projects/…/locations/…; model_id: up to 63 of a-z, 0-9, - and _, a letter first."""
        properties = {
            "region": region,
            "parent": parent,
            "modelId": model_id,
            "displayName": display_name,
            "labels": labels,
            "containerSpec": container_spec,
            "artifactUri": artifact_uri,
            "encryptionSpec": {"kmsKeyName": encryption_key} if encryption_key else None,
            "name": None,
        }
        super().__init__(ModelProvider(), name, properties, opts)
        self.model_name = Output.concat(parent, "/models/", model_id)


def _name(props: dict[str, Any]) -> str:
    return f"{props['parent']}/models/{props['modelId']}"


def _find(client: VertexClient, name: str) -> Answer | None:
    found = client.find(client.models.get(name=name))
    # A name that only looks alike would be an alias of a version.
    return found if found and last_part(str(found["name"])) == last_part(name) else None


def _model(props: dict[str, Any]) -> dict[str, Any]:
    keys = ("displayName", "labels", "containerSpec", "artifactUri", "encryptionSpec")
    return {key: props[key] for key in keys if props.get(key)}
