"""Vertex AI as its API behaves: models, what is deployed to endpoints, the endpoints' traffic, and long-running operations.

Endpoints themselves are resources of Google's provider and stand in the simulated cloud. Source of every rule: Vertex AI API v1, reference.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any, Final

from grpc import StatusCode

from rehearsal.context import CloudContext
from rehearsal.errors import CloudError
from rehearsal.events import Events, fault_message
from rehearsal.rest.documents import Change, Document, Documents
from rehearsal.rest.server import ConnectionLostError, Request
from rehearsal.scenario import Fault
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import as_map

# What scenarios call them.
MODEL: Final = "aiplatform.googleapis.com/Model"
DEPLOYED_MODEL: Final = "aiplatform.googleapis.com/DeployedModel"
ENDPOINT: Final = "aiplatform.googleapis.com/Endpoint"

_ENDPOINT_TYPE: Final = "gcp:vertex/aiEndpoint:AiEndpoint"
_PATH: Final = re.compile(
    r"^/v1/(?P<parent>projects/[^/]+/locations/(?P<region>[^/]+))"
    r"(/(?P<collection>models|endpoints)(/(?P<id>[^/]+))?)?(/operations(/(?P<operation>[^/]+))?)?$"
)
_MODEL_ID: Final = re.compile(r"^[a-z_][a-z0-9_-]{0,62}$")
_DEPLOYED_ID: Final = re.compile(r"^[0-9]{1,10}$")
_WHOLE: Final = 100
# As users see them: minutes for an upload, a quarter of an hour for machines with a GPU. Rough figures; a scenario scales them.
_SECONDS: Final = {"upload": 120, "deploy": 900, "mutate": 300, "undeploy": 120, "delete": 30}
# Of every private endpoint: here nobody calls one.
_ADDRESS: Final = "10.128.0.42"
# google.rpc.Code
_DEADLINE_EXCEEDED: Final = 4


class Vertex:
    """The API of one rehearsal, in every region and project at once."""

    def __init__(self, cloud: SimulatedCloud, events: Events) -> None:
        """Stand on the rehearsal's state and course of events."""
        self._cloud = cloud
        self._events = events
        self._documents = Documents(cloud)

    def answer(self, request: Request) -> dict[str, Any]:
        """Give the answer to one call. Raises CloudError and ConnectionLostError as `server.Api` says."""
        match = _PATH.match(request.path)
        if match is None:
            raise _missing(request.path)
        self._events.check_region(match["region"])
        with self._documents.lock:
            self._documents.settle()
            if "/operations" in request.path:
                return self._operations(match)
            method = self._methods().get((request.method, match["collection"], request.action))
            if method is None:
                raise CloudError(StatusCode.UNIMPLEMENTED, f"{request.method} {request.path}:{request.action} is not rehearsed")
            return method(match, request)

    def _methods(self) -> dict[tuple[str, str, str], Callable[[re.Match[str], Request], Document]]:
        return {
            ("POST", "models", "upload"): self._upload,
            ("GET", "models", ""): self._get_model,
            ("PATCH", "models", ""): self._patch_model,
            ("DELETE", "models", ""): self._delete_model,
            ("GET", "endpoints", ""): self._get_endpoint,
            ("PATCH", "endpoints", ""): self._patch_endpoint,
            ("POST", "endpoints", "deployModel"): self._deploy,
            ("POST", "endpoints", "mutateDeployedModel"): self._mutate,
            ("POST", "endpoints", "undeployModel"): self._undeploy,
        }

    def _operations(self, match: re.Match[str]) -> Document:
        name = match.string.removeprefix("/v1/")
        if match["operation"]:
            found = self._documents.operation(name)
            if found is None:
                raise _missing(name)
            return found
        done = self._documents.beneath("operation", f"{name}/")
        return {"operations": [*done, *({"name": each["name"], "done": False} for each in self._documents.going_on(f"{name}/"))]}

    # Models

    def _upload(self, match: re.Match[str], request: Request) -> Document:
        identifier = str(request.body.get("modelId", ""))
        if not _MODEL_ID.match(identifier):
            raise _invalid(f"model_id: {identifier!r} must be up to 63 of [a-z0-9_-], and begin with neither a digit nor a hyphen")
        model = request.body.get("model", {})
        if not model.get("displayName") or not model.get("containerSpec", {}).get("imageUri"):
            raise _invalid("model.display_name and model.container_spec.image_uri are required")
        name = f"{match['parent']}/models/{identifier}"
        fault = self._events.strike("create", MODEL)
        if self._documents.get(MODEL, name) or self._going_on(f"{name}/operations/", MODEL, name):
            raise CloudError(StatusCode.ALREADY_EXISTS, f"Model {name} already exists.")
        body = {**model, "name": _numbered(name), "versionId": "1", "createTime": CloudContext.now}
        change = Change(puts={(MODEL, name): body}, response={"model": body["name"], "modelVersionId": "1"})
        return self._begin(name, "upload", change, fault)

    def _get_model(self, match: re.Match[str], request: Request) -> Document:
        self._events.strike("read", MODEL)
        return self._model(_name(match))

    def _patch_model(self, match: re.Match[str], request: Request) -> Document:
        fault = self._events.strike("update", MODEL)
        changeable = {"displayName", "labels", "description", "versionAliases"}
        fields = set(request.query.get("updateMask", "").split(",")) - {""}
        if fields - changeable:
            raise _invalid(f"update_mask: {', '.join(sorted(fields - changeable))} cannot be updated")
        body = {**self._model(_name(match)), **{key: request.body.get(key) for key in fields}}
        self._documents.put(MODEL, _name(match), body)
        return _heard(body, fault)

    def _delete_model(self, match: re.Match[str], request: Request) -> Document:
        fault = self._events.strike("delete", MODEL)
        name = _name(match)
        self._model(name)
        deployed = [each for each in self._documents.beneath(DEPLOYED_MODEL, "") if _numbered(each["model"]) == _numbered(name)]
        if deployed:
            raise _precondition(f"The Model {name} is deployed on {deployed[0]['endpoint']}; undeploy it before deleting the model.")
        return self._begin(name, "delete", Change(puts={(MODEL, name): None}), fault)

    def _model(self, name: str) -> Document:
        found = self._documents.get(MODEL, name)
        if found is None:
            raise _missing(name)
        return found

    # Endpoints

    def _get_endpoint(self, match: re.Match[str], request: Request) -> Document:
        self._events.strike("read", ENDPOINT)
        return self._shown_endpoint(_name(match))

    def _shown_endpoint(self, name: str) -> Document:
        endpoint = self._endpoint(name)
        return {
            "name": _numbered(name),
            "displayName": endpoint.inputs.get("displayName"),
            "labels": endpoint.inputs.get("labels") or {},
            "deployedModels": [{key: value for key, value in each.items() if key != "endpoint"} for each in self._deployed(name)],
            "trafficSplit": self._split(name),
            "privateServiceConnectConfig": self._private(endpoint, name),
        }

    def _private(self, endpoint: Resource, name: str) -> Document:
        """The address that Google makes in each network once a model is deployed."""
        private = as_map(endpoint.inputs.get("privateServiceConnectConfig"))
        asked = private.get("pscAutomationConfigs")
        given = {"ipAddress": _ADDRESS, "state": "PSC_AUTOMATION_STATE_SUCCESSFUL"} if self._deployed(name) else {}
        return (
            {**private, "pscAutomationConfigs": [{**as_map(each), **given} for each in asked]} if isinstance(asked, list) else {**private}
        )

    def _patch_endpoint(self, match: re.Match[str], request: Request) -> Document:
        fault = self._events.strike("update", ENDPOINT)
        name = _name(match)
        self._endpoint(name)
        if request.query.get("updateMask") not in ("trafficSplit", "traffic_split"):
            raise CloudError(StatusCode.UNIMPLEMENTED, "of an endpoint only trafficSplit is changed here; the rest is its provider's")
        split = request.body.get("trafficSplit", {})
        unknown = set(split) - {each["id"] for each in self._deployed(name)}
        if unknown:
            raise _invalid(f"traffic_split: {', '.join(sorted(unknown))}: no such DeployedModel on {name}")
        if split and (sum(split.values()) != _WHOLE or any(type(share) is not int or share < 0 for share in split.values())):
            raise _invalid(f"traffic_split: {split}: the values must be whole percents that add up to 100")
        self._documents.put("split", name, split or None)
        return _heard(self._shown_endpoint(name), fault)

    def _deploy(self, match: re.Match[str], request: Request) -> Document:
        name, deployed = _name(match), request.body.get("deployedModel", {})
        endpoint, identifier = self._endpoint(name), str(deployed.get("id", ""))
        if not _DEPLOYED_ID.match(identifier):
            raise _invalid(f"deployed_model.id: {identifier!r} must be 1 to 10 digits")
        if "trafficSplit" in request.body:
            raise CloudError(StatusCode.UNIMPLEMENTED, "a split within deployModel is not rehearsed; set it afterwards")
        _check_replicas(deployed)
        self._model(str(deployed.get("model", "")))
        fault = self._events.strike("create", DEPLOYED_MODEL)
        place = f"{name}/deployedModels/{identifier}"
        if self._documents.get(DEPLOYED_MODEL, place) or self._going_on(f"{name}/operations/", DEPLOYED_MODEL, place):
            raise CloudError(StatusCode.ALREADY_EXISTS, f"The DeployedModel {identifier} already exists on {name}.")
        body = {**deployed, "endpoint": name, "createTime": CloudContext.now}
        shown = {**deployed, "createTime": CloudContext.now}
        change = Change(puts={(DEPLOYED_MODEL, place): body}, response={"deployedModel": shown})
        return self._begin(name, "deploy", self._if_there_are_machines(endpoint, match["region"], deployed, change), fault)

    def _if_there_are_machines(self, endpoint: Resource, region: str, deployed: Document, change: Change) -> Change:
        """A shortage shows once machines are looked for: the call is taken, and its operation fails."""
        try:
            self._events.check_capacity(DEPLOYED_MODEL, region, endpoint.place, deployed["dedicatedResources"]["machineSpec"])
        except CloudError as short:
            return Change(error={"code": short.code.value[0], "message": short.message})
        return change

    def _mutate(self, match: re.Match[str], request: Request) -> Document:
        name, wanted = _name(match), request.body.get("deployedModel", {})
        fault = self._events.strike("update", DEPLOYED_MODEL)
        place = f"{name}/deployedModels/{wanted.get('id')}"
        found = self._documents.get(DEPLOYED_MODEL, place)
        if found is None:
            raise _missing(place)
        fields = {_camel(path) for path in request.body.get("updateMask", "").split(",")}
        changeable = {f"dedicatedResources.{each}" for each in ("minReplicaCount", "maxReplicaCount", "autoscalingMetricSpecs")}
        if fields - changeable:
            raise _invalid(f"update_mask: {', '.join(sorted(fields - changeable))} cannot be mutated")
        asked = wanted.get("dedicatedResources", {})
        resources = {**found["dedicatedResources"], **{key: asked.get(key) for key in (each.partition(".")[2] for each in fields)}}
        body = {**found, "dedicatedResources": resources}
        _check_replicas(body)
        return self._begin(name, "mutate", Change(puts={(DEPLOYED_MODEL, place): body}, response={"deployedModel": body}), fault)

    def _undeploy(self, match: re.Match[str], request: Request) -> Document:
        name, identifier = _name(match), str(request.body.get("deployedModelId", ""))
        self._endpoint(name)
        place = f"{name}/deployedModels/{identifier}"
        if self._documents.get(DEPLOYED_MODEL, place) is None:
            raise _missing(place)
        fault = self._events.strike("delete", DEPLOYED_MODEL)
        others = [each for each in self._deployed(name) if each["id"] != identifier]
        if others and self._split(name).get(identifier):
            raise _precondition(f"The DeployedModel {identifier} receives traffic; take it away before undeploying the model.")
        puts: dict[tuple[str, str], Document | None] = {(DEPLOYED_MODEL, place): None}
        if not others:
            puts["split", name] = None
        return self._begin(name, "undeploy", Change(puts=puts), fault)

    def _endpoint(self, name: str) -> Resource:
        found = self._cloud.get(_ENDPOINT_TYPE, name)
        if found is None:
            raise _missing(name)
        return found

    def _deployed(self, endpoint: str) -> list[Document]:
        return self._documents.beneath(DEPLOYED_MODEL, f"{endpoint}/deployedModels/")

    def _split(self, endpoint: str) -> dict[str, int]:
        return self._documents.get("split", endpoint) or {}

    # Operations

    def _begin(self, of: str, kind: str, change: Change, fault: Fault | None) -> Document:
        if fault and fault.kind == "timeoutAfterCreate":
            change = Change(puts=change.puts, error={"code": _DEADLINE_EXCEEDED, "message": fault_message(fault)})
        seconds = _SECONDS[kind] * self._events.scenario.latency_scale
        begun = self._documents.begin(f"{of}/operations/{uuid.uuid4().int % 10**19}", change, seconds)
        return _heard(begun, fault)

    def _going_on(self, prefix: str, kind: str, name: str) -> bool:
        return any([kind, name] == put[:2] and put[2] for each in self._documents.going_on(prefix) for put in each["puts"])


def _name(match: re.Match[str]) -> str:
    return f"{match['parent']}/{match['collection']}/{match['id']}"


def _numbered(name: str) -> str:
    """Google answers with the project's number, whatever was asked by."""
    return re.sub(r"^projects/[^/]+", f"projects/{CloudContext.gcp_project_number}", name)


def _heard(answer: Document, fault: Fault | None) -> Document:
    if fault and fault.kind == "lostAnswer":
        raise ConnectionLostError
    return answer


def _check_replicas(deployed: Document) -> None:
    resources = deployed.get("dedicatedResources", {})
    fewest, most = resources.get("minReplicaCount", 0), resources.get("maxReplicaCount", 0)
    if fewest < 1:
        raise _invalid("deployed_model.dedicated_resources.min_replica_count must be greater than or equal to 1")
    if most < fewest:
        raise _invalid("deployed_model.dedicated_resources.max_replica_count must not be less than min_replica_count")


def _camel(path: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), path)


def _missing(name: str) -> CloudError:
    return CloudError(StatusCode.NOT_FOUND, f"{name} is not found.")


def _invalid(message: str) -> CloudError:
    return CloudError(StatusCode.INVALID_ARGUMENT, message)


def _precondition(message: str) -> CloudError:
    return CloudError(StatusCode.FAILED_PRECONDITION, message)
