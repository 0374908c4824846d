"""A client of the simulated clouds that speaks the engine's protocol, and the real engine on a small program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from rehearsal.scenario import parse
from rehearsal.serve import PACKAGES, debug_providers, serve
from rehearsal.state import SimulatedCloud
from rehearsal.values import Values
from rehearsal.wire import decode, encode

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "aws": {"region": "eu-west-1"},
    "gcp": {"project": "acme-ml", "region": "europe-west4"},
    "azure-native": {"location": "westeurope", "subscriptionId": "11111111-2222-3333-4444-555555555555"},
    "kubernetes": {"context": "here"},
}


@dataclass
class Client:
    """One provider instance's connection."""

    package: str
    stub: provider_pb2_grpc.ResourceProviderStub
    project: str = "urn:pulumi:dev::shop::"

    def urn(self, token: str, name: str) -> str:
        return f"{self.project}{token}::{name}"

    def check(self, token: str, name: str, news: Values, olds: Values | None = None, **more: Any) -> tuple[Values, dict[str, str]]:
        request = provider_pb2.CheckRequest(
            urn=self.urn(token, name), type=token, name=name, news=encode(news), olds=encode(olds or {}), randomSeed=b"seed", **more
        )
        response = self.stub.Check(request)
        return decode(response.inputs), {failure.property: failure.reason for failure in response.failures}

    def preview(self, token: str, name: str, inputs: Values) -> Values:
        request = provider_pb2.CreateRequest(urn=self.urn(token, name), type=token, name=name, properties=encode(inputs), preview=True)
        return decode(self.stub.Create(request).properties)

    def create(self, token: str, name: str, inputs: Values) -> tuple[str, Values]:
        """Checks and creates, as the engine does."""
        checked, failures = self.check(token, name, inputs)
        assert failures == {}
        request = provider_pb2.CreateRequest(urn=self.urn(token, name), type=token, name=name, properties=encode(checked))
        response = self.stub.Create(request)
        return response.id, decode(response.properties)

    def diff(self, token: str, name: str, old: Values, new: Values, ignore: tuple[str, ...] = ()) -> Any:
        return self.stub.Diff(
            provider_pb2.DiffRequest(
                urn=self.urn(token, name),
                type=token,
                id="x",
                olds=encode(old),
                old_inputs=encode(old),
                news=encode(new),
                ignoreChanges=ignore,
            )
        )

    def read(self, token: str, identifier: str, inputs: Values | None = None, outputs: Values | None = None) -> tuple[str, Values, Values]:
        request = provider_pb2.ReadRequest(
            urn=self.urn(token, "x"), type=token, id=identifier, inputs=encode(inputs or {}), properties=encode(outputs or {})
        )
        response = self.stub.Read(request)
        return response.id, decode(response.inputs), decode(response.properties)

    def update(
        self, token: str, identifier: str, old: Values, new: Values, *, preview: bool = False, outputs: Values | None = None
    ) -> Values:
        request = provider_pb2.UpdateRequest(
            urn=self.urn(token, "x"),
            type=token,
            id=identifier,
            olds=encode(outputs or old),
            old_inputs=encode(old),
            news=encode(new),
            preview=preview,
        )
        return decode(self.stub.Update(request).properties)

    def delete(self, token: str, identifier: str, inputs: Values | None = None) -> None:
        self.stub.Delete(provider_pb2.DeleteRequest(urn=self.urn(token, "x"), type=token, id=identifier, old_inputs=encode(inputs or {})))

    def invoke(self, token: str, **args: Any) -> Values:
        result, failures = self.ask(token, **args)
        assert failures == {}
        return result

    def ask(self, token: str, **args: Any) -> tuple[Values, dict[str, str]]:
        response = self.stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=encode(args)))
        return decode(getattr(response, "return")), {failure.property: failure.reason for failure in response.failures}


@dataclass
class Clouds:
    """Running simulated clouds: where their state lies, their ports, and new connections to them."""

    database: Path
    ports: dict[str, int]
    stack: ExitStack

    def connect(self, package: str, **config: Any) -> Client:
        """A configured provider instance on a connection of its own."""
        channel = self.stack.enter_context(
            grpc.insecure_channel(f"127.0.0.1:{self.ports[package]}", [("grpc.use_local_subchannel_pool", 1)])
        )
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        stub.Configure(provider_pb2.ConfigureRequest(args=encode({**CONFIGURATIONS[package], **config})))
        return Client(package, stub)


@contextmanager
def running(database: Path, packages: tuple[str, ...] = PACKAGES, **scenario: Any) -> Iterator[Clouds]:
    with ExitStack() as stack, serve(database, parse(scenario), packages) as ports:
        yield Clouds(database, ports, stack)


def refusal(act: Callable[[], object]) -> grpc.RpcError:
    """Gives the error with which a simulated cloud refuses; every one is a single line."""
    with pytest.raises(grpc.RpcError) as error:
        act()
    assert "\n" not in error.value.details()
    return error.value


def state(clouds: Clouds) -> SimulatedCloud:
    return SimulatedCloud(clouds.database)


@dataclass
class Program:
    """A Pulumi program in a folder of its own, run by the real engine against simulated clouds."""

    folder: Path
    clouds: Clouds

    def write(self, source: str) -> None:
        (self.folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        (self.folder / "__main__.py").write_text(source)

    def pulumi(self, *arguments: str, succeeds: bool = True) -> str:
        done = subprocess.run(
            [str(ROOT / ".tools" / "bin" / "pulumi"), *arguments, "--non-interactive"],
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        output = done.stdout + done.stderr
        assert (done.returncode == 0) is succeeds, output
        return output

    def state(self) -> dict[str, Any]:
        """The engine's resources by logical name."""
        deployment = json.loads(self.pulumi("stack", "export", "--show-secrets"))["deployment"]
        return {resource["urn"].split("::")[-1]: resource for resource in deployment.get("resources", [])}

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "PATH": f"{ROOT / '.tools' / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_BACKEND_URL": f"file://{self.folder}",
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DEBUG_PROVIDERS": debug_providers(self.clouds.ports),
            "PULUMI_PYTHON_CMD": sys.executable,
        }
