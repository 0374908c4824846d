"""A simulated cloud as the engine's plugin protocol sees it: one gRPC service for each package."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from rehearsal import invokes
from rehearsal.checking import Naming, check
from rehearsal.configuration import check_settings, moves_cluster, settings
from rehearsal.diff import Change, delete_before_replace, diff
from rehearsal.errors import CloudError, PartialFailure
from rehearsal.events import Events
from rehearsal.existing import seed_existing
from rehearsal.facts import facts
from rehearsal.instances import Instance, instance
from rehearsal.lifecycle import Lifecycle
from rehearsal.sagemaker import recorded
from rehearsal.schema import function_schema, package_version, resource_schema
from rehearsal.state import SimulatedCloud
from rehearsal.validation import Failure
from rehearsal.values import Values
from rehearsal.wire import decode, encode

_Answer = TypeVar("_Answer")
_KINDS = {"add": (0, 1), "delete": (2, 3), "update": (4, 5)}  # PropertyDiff.Kind: plain, and with replacement


class SimulatedProvider(provider_pb2_grpc.ResourceProviderServicer):
    """The resource provider of one package over a rehearsal's simulated cloud.

    The engine opens a connection for each provider instance and says nothing in a request about which instance it
    means, so the connection (its peer address) tells.
    """

    _reading_sdk = threading.Lock()

    def __init__(self, package: str, cloud: SimulatedCloud, events: Events) -> None:
        self._package = package
        self._cloud = cloud
        self._events = events
        self._lifecycle = Lifecycle(cloud, events)
        self._instances: dict[str, Instance] = {}
        self._latest: Instance | None = None
        self._known: set[str] = set()

    # The gRPC service's methods keep the names of the protocol.

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.ProviderHandshakeResponse:
        """Tell what the provider understands: secrets, and the project's naming rules."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, supports_autonaming_configuration=True)

    def Attach(self, request: Any, context: grpc.ServicerContext) -> Empty:
        """Accept the engine's address, which is not needed."""
        return Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Give the version of the installed SDK, so that the engine sees the plugin that belongs to it."""
        return plugin_pb2.PluginInfo(version=package_version(self._package))

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.GetSchemaResponse:
        """Give a schema with the package's name and version; programs carry their SDK and need no more."""
        schema = {"name": self._package, "version": package_version(self._package)}
        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema))

    def GetMapping(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.GetMappingResponse:
        """Give no mapping: conversion of other tools' programs is no part of a rehearsal."""
        return provider_pb2.GetMappingResponse()

    def GetMappings(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.GetMappingsResponse:
        """Give no mappings."""
        return provider_pb2.GetMappingsResponse()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Empty:
        """End the waits that are going on; what was made stays made."""
        self._events.cancel()
        return Empty()

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        """Refuse settings that the provider does not have or that are mistyped."""

        def answer() -> provider_pb2.CheckResponse:
            with self._reading_sdk:
                failures = check_settings(self._package, decode(request.news))
            return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(failures))

        return _guarded(context, answer)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        """Tell whether a provider's settings changed; only another Kubernetes cluster replaces it."""
        old, new = decode(request.old_inputs), decode(request.news)
        if old == new:
            return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)
        changed = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
        replaces = changed if moves_cluster(self._package, old, new) else []
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_SOME, diffs=changed, replaces=replaces)

    def Configure(self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext) -> provider_pb2.ConfigureResponse:
        """Keep the configuration of the connection's provider instance."""

        def answer() -> provider_pb2.ConfigureResponse:
            with self._reading_sdk:
                configured = instance(self._package, settings(self._package, decode(request.args)))
                seed_existing(self._cloud, self._package, configured, self._events.scenario)
            self._instances[context.peer()] = self._latest = configured
            return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True)

        return _guarded(context, answer)

    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        """Complete the inputs by a name and give every reason why they are refused."""

        def answer() -> provider_pb2.CheckResponse:
            self._know(token := _token(request))
            inputs, failures = check(token, decode(request.news), decode(request.olds), _naming(request))
            return provider_pb2.CheckResponse(inputs=encode(inputs), failures=_failures(failures))

        return _guarded(context, answer)

    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        """Tell which inputs changed and whether the resource must be replaced."""

        def answer() -> provider_pb2.DiffResponse:
            self._know(token := _token(request))
            old, new = recorded(token, decode(request.old_inputs), decode(request.olds)), decode(request.news)
            changes = diff(resource_schema(token), facts(token), old, new, list(request.ignoreChanges))
            return _diff_response(token, old, new, changes)

        return _guarded(context, answer)

    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        """Make a resource, or in a preview tell what it will be."""

        def answer() -> provider_pb2.CreateResponse:
            self._know(token := _token(request))
            configured, inputs = self._instance(context), decode(request.properties)
            if request.preview:
                planned = self._lifecycle.preview_create(configured, token, inputs)
                return provider_pb2.CreateResponse(properties=encode(planned))
            made = self._lifecycle.create(configured, token, request.urn, inputs)
            return provider_pb2.CreateResponse(id=made.id, properties=encode(made.outputs))

        return _guarded(context, answer)

    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        """Give what the cloud has now under an id; an empty answer where there is nothing."""

        def answer() -> provider_pb2.ReadResponse:
            self._know(token := _token(request))
            old_inputs, old_outputs = decode(request.inputs), decode(request.properties)
            found = self._lifecycle.read(self._instance(context), token, request.id, old_inputs, old_outputs)
            if found is None:
                return provider_pb2.ReadResponse()
            return provider_pb2.ReadResponse(id=found.id, properties=encode(found.outputs), inputs=encode(found.inputs))

        return _guarded(context, answer)

    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        """Change a resource in place, or in a preview tell what it will be."""

        def answer() -> provider_pb2.UpdateResponse:
            self._know(token := _token(request))
            configured, inputs = self._instance(context), decode(request.news)
            if request.preview:
                planned = self._lifecycle.preview_update(configured, token, decode(request.old_inputs), decode(request.olds), inputs)
                return provider_pb2.UpdateResponse(properties=encode(planned))
            made = self._lifecycle.update(configured, token, request.id, inputs, decode(request.old_inputs))
            return provider_pb2.UpdateResponse(properties=encode(made.outputs))

        return _guarded(context, answer)

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> Empty:
        """Delete a resource; one that is gone already is no error."""

        def answer() -> Empty:
            self._know(token := _token(request))
            self._lifecycle.delete(self._instance(context), token, request.id, decode(request.old_inputs))
            return Empty()

        return _guarded(context, answer)

    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        """Answer a function: a look-up of what the simulated cloud has, or a computation."""

        def answer() -> provider_pb2.InvokeResponse:
            with self._reading_sdk:
                schema = function_schema(request.tok)
            call = invokes.Call(request.tok, decode(request.args), self._instance(context), self._cloud, self._events.scenario)
            result, failures = invokes.answer(call, schema)
            return provider_pb2.InvokeResponse(**{"return": encode(result)}, failures=_failures(failures))

        return _guarded(context, answer)

    def Call(self, request: provider_pb2.CallRequest, context: grpc.ServicerContext) -> NoReturn:
        """Refuse methods of resources."""
        message = f"{request.tok}: methods of resources cannot be rehearsed; use a function or a resource instead"
        context.abort(grpc.StatusCode.UNIMPLEMENTED, message)

    def Construct(self, request: provider_pb2.ConstructRequest, context: grpc.ServicerContext) -> NoReturn:
        """Refuse packaged components."""
        message = f"{request.type}: components of the {self._package} package cannot be rehearsed; use its resources instead"
        context.abort(grpc.StatusCode.UNIMPLEMENTED, message)

    def _instance(self, context: grpc.ServicerContext) -> Instance:
        """A connection that was lost and opened anew has another address: then the latest configuration holds."""
        configured = self._instances.get(context.peer(), self._latest)
        if configured is None:
            raise CloudError(grpc.StatusCode.FAILED_PRECONDITION, f"{self._package}: the provider is not configured; call Configure first")
        return configured

    def _know(self, token: str) -> None:
        """Read a type from the SDK the first time it appears; one thread at a time, for the SDKs import lazily."""
        if token not in self._known:
            with self._reading_sdk:
                resource_schema(token)
            self._known.add(token)


def _guarded(context: grpc.ServicerContext, answer: Callable[[], _Answer]) -> _Answer:
    try:
        return answer()
    except PartialFailure as failure:
        context.set_trailing_metadata((("grpc-status-details-bin", failure.status()),))
        context.abort(failure.code, failure.message)
    except CloudError as error:
        context.abort(error.code, error.message)


def _token(request: Any) -> str:
    return request.type or request.urn.split("::")[2].rsplit("$", 1)[-1]


def _naming(request: provider_pb2.CheckRequest) -> Naming:
    name = request.name or request.urn.rsplit("::", 1)[-1]
    seed = request.randomSeed or hashlib.sha256(request.urn.encode()).digest()
    if not request.HasField("autonaming"):
        return Naming(name, seed)
    mode = provider_pb2.CheckRequest.AutonamingOptions.Mode.Name(request.autonaming.mode)
    return Naming(name, seed, (request.autonaming.proposed_name, mode))


def _failures(failures: list[Failure]) -> list[provider_pb2.CheckFailure]:
    return [provider_pb2.CheckFailure(property=failure.property, reason=failure.reason) for failure in failures]


def _diff_response(token: str, old: Values, new: Values, changes: list[Change]) -> provider_pb2.DiffResponse:
    replaces = [change.path for change in changes if change.replaces]
    known = facts(token)
    immutable = {path.split(".", 1)[0].split("[", 1)[0] for path in known.immutable} if known else set[str]()
    changed = {change.path.split(".", 1)[0].split("[", 1)[0] for change in changes}
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if changes else provider_pb2.DiffResponse.DIFF_NONE,
        replaces=replaces,
        stables=sorted(immutable - changed) if not replaces else [],
        diffs=sorted(changed),
        deleteBeforeReplace=bool(replaces) and delete_before_replace(token, known, old, new),
        detailedDiff={change.path: provider_pb2.PropertyDiff(kind=_kind(change), inputDiff=change.input_diff) for change in changes},
        hasDetailedDiff=True,
    )


def _kind(change: Change) -> Any:
    return _KINDS[change.kind][int(change.replaces)]
