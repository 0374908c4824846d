"""A provider that only echoes: the least that any provider must do, against which the simulated clouds are measured."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from rehearsal.schema import package_version

_THREADS = 64  # as many as the simulated clouds have


class EchoProvider(provider_pb2_grpc.ResourceProviderServicer):
    """Takes every input and answers it, with outputs recorded from a simulated cloud (by type), so that answers are as long."""

    def __init__(self, package: str, recorded: Mapping[str, Struct]) -> None:
        self._package = package
        self._recorded = recorded

    # The gRPC service's methods keep the names of the protocol.

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> provider_pb2.ProviderHandshakeResponse:
        """Tell what the simulated clouds tell."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, supports_autonaming_configuration=True)

    def Attach(self, request: Any, context: grpc.ServicerContext) -> Empty:
        """Accept the engine's address, which is not needed."""
        return Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Give the version of the installed SDK."""
        return plugin_pb2.PluginInfo(version=package_version(self._package))

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        """Take any settings."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def Configure(self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext) -> provider_pb2.ConfigureResponse:
        """Keep nothing."""
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True)

    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        """Take any inputs."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        """Answer the inputs and what was recorded for the type."""
        outputs = Struct()
        outputs.CopyFrom(self._recorded[request.type])
        outputs.MergeFrom(request.properties)
        return provider_pb2.CreateResponse(id=request.name, properties=outputs)

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Empty:
        """Have nothing to end."""
        return Empty()


@contextmanager
def serve_echo(packages: Iterable[str], recorded: Mapping[str, Mapping[str, Any]]) -> Generator[dict[str, int]]:
    """Run an echoing provider for each package while the context lasts and give their ports; `recorded` holds outputs by type."""
    answers = {token: Struct() for token in recorded}
    for token, outputs in recorded.items():
        answers[token].update(outputs)
    servers: list[grpc.Server] = []
    try:
        yield {package: _start(servers, EchoProvider(package, answers)) for package in packages}
    finally:
        for stopped in [server.stop(None) for server in servers]:
            stopped.wait()


def _start(servers: list[grpc.Server], provider: EchoProvider) -> int:
    server = grpc.server(ThreadPoolExecutor(_THREADS))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    servers.append(server)
    return port
