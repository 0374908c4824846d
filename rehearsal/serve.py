"""The simulated clouds as servers on this machine, for the engine to attach to."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Final

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from rehearsal.events import Events
from rehearsal.provider import SimulatedProvider
from rehearsal.rest.address import REST
from rehearsal.rest.server import serve_rest
from rehearsal.rest.vertex import Vertex
from rehearsal.scenario import Scenario
from rehearsal.state import SimulatedCloud

PACKAGES: Final = ("aws", "gcp", "azure-native", "kubernetes")

# The engine works on as many resources at once as `--parallel` says; each may wait for its latency.
_THREADS: Final = 64
_GRACE_SECONDS: Final = 2


@contextmanager
def serve(database: Path, scenario: Scenario, packages: Iterable[str] = PACKAGES) -> Generator[dict[str, int]]:
    """Run the simulated clouds of `packages` while the context lasts and give the port of each, and with Google's that of its HTTP APIs.

    They share the state in `database`, which stays. The SDK of a package is imported when its first request comes.
    Raises sqlite3.Error or OSError if the database cannot be opened.
    """
    cloud = SimulatedCloud(database)
    events = Events(scenario, cloud)
    servers: list[grpc.Server] = []
    try:
        ports = {package: _start(servers, SimulatedProvider(package, cloud, events)) for package in packages}
        with serve_rest(Vertex(cloud, events)) if "gcp" in ports else nullcontext() as rest:
            yield ports if rest is None else {**ports, REST: rest}
    finally:
        events.cancel()
        for stopped in [server.stop(_GRACE_SECONDS) for server in servers]:
            stopped.wait()
        cloud.close()


def debug_providers(ports: dict[str, int]) -> str:
    """Give the value of PULUMI_DEBUG_PROVIDERS by which the engine finds the servers."""
    return ",".join(f"{package}:{port}" for package, port in ports.items() if package != REST)


def _start(servers: list[grpc.Server], provider: SimulatedProvider) -> int:
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(_THREADS, thread_name_prefix="cloud"), options=unlimited)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    servers.append(server)
    return port
