"""Pulumi's Python language host, in Python: for machines where the CLI is built from source.

The official installer brings a host of its own; the Go module proxy does not serve it. The engine starts this file as
`pulumi-language-python ENGINE_ADDRESS`, reads the port from the first line of output, and asks it to run programs and
plugins (the protocol: `proto/pulumi/language.proto` of the Pulumi SDK).
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent import futures
from importlib.metadata import distributions, version
from pathlib import Path
from typing import IO, Any, cast

import grpc
from google.protobuf import empty_pb2
from policy_proxy import PolicyProxy
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

HERE = Path(__file__).resolve().parent
# The wrapper's way of saying that the program has already told the user what is wrong.
ALREADY_TOLD = 32


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs Python programs, policy packs and plugins for the engine; knows nothing of what they do."""

    def __init__(self, engine_address: str, wrapper: Path) -> None:
        self._engine = engine_address
        self._wrapper = wrapper
        self._children: set[subprocess.Popen[bytes]] = set()

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Takes the engine's address."""
        self._engine = request.engine_address or self._engine
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        """The SDK's own version: the engine warns about a host that is older."""
        return plugin_pb2.PluginInfo(version=version("pulumi"))

    def GetRequiredPackages(self, request: Any, context: grpc.ServicerContext) -> Any:
        """The Pulumi packages that are installed beside the program; each brings `pulumi-plugin.json`."""
        packages = [
            plugin_pb2.PackageDependency(name=found["name"], kind="resource", version=found.get("version", ""))
            for found in _installed_plugins(_python(request.info))
        ]
        return language_pb2.GetRequiredPackagesResponse(packages=packages)

    def GetRequiredPlugins(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Nothing: the engine asks GetRequiredPackages instead."""
        return language_pb2.GetRequiredPluginsResponse()

    def GetProgramDependencies(self, request: Any, context: grpc.ServicerContext) -> Any:
        """What is installed in this host's own environment, name and version."""
        found = [language_pb2.DependencyInfo(name=d.metadata["Name"], version=d.version) for d in distributions()]
        return language_pb2.GetProgramDependenciesResponse(dependencies=found)

    def InstallDependencies(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        """Installs `requirements.txt` of the folder into the program's environment and streams what pip says."""
        listed = Path(request.directory) / "requirements.txt"
        if not listed.exists():
            return
        command = [_python(request.info), "-m", "pip", "install", "-r", str(listed)]
        done = subprocess.run(command, cwd=request.directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        yield language_pb2.InstallDependenciesResponse(stdout=done.stdout)
        if done.returncode:
            context.abort(grpc.StatusCode.INTERNAL, f"pip could not install {listed} (exit status {done.returncode})")

    def About(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Which Python runs the programs."""
        return language_pb2.AboutResponse(executable=_python(request.info), version=sys.version.split()[0])

    def RuntimeOptionsPrompts(self, request: Any, context: grpc.ServicerContext) -> Any:
        """No questions: `pulumi new` is not what this host is for."""
        return language_pb2.RuntimeOptionsResponse()

    def Run(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Runs the program to its end; bails where the program has told the user itself."""
        command = [
            _python(request.info),
            "-u",
            str(self._wrapper),
            *self._run_flags(request),
            request.info.entry_point or ".",
            *request.args,
        ]
        environment = os.environ | {
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        child = self._start(command, context, cwd=request.pwd or None, env=environment)
        status = child.wait()
        self._children.discard(child)
        if status == ALREADY_TOLD:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(error=f"Program exited with non-zero exit code: {status}" if status else "")

    def _run_flags(self, request: Any) -> list[str]:
        flags = {
            "project": request.project,
            "stack": request.stack,
            "parallel": str(request.parallel),
            "dry_run": str(request.dryRun).lower(),
            "pwd": request.pwd,
            "monitor": request.monitor_address,
            "engine": self._engine,
            "organization": request.organization,
            "root_directory": request.info.root_directory,
        }
        return [part for name, value in flags.items() if value for part in (f"--{name}", value)]

    def RunPlugin(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        """Runs a policy pack or a plugin and streams its output, then its exit status."""
        if request.kind == "analyzer":
            yield from self._run_pack(request, context)
            return
        target = request.info.program_directory
        child = self._start_plugin(request, context, "pulumi.run.plugin", [target, *request.args], {})
        yield from self._streamed_to_its_end(child)

    def _run_pack(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        proxy = PolicyProxy()
        context.add_callback(proxy.stop)
        try:
            yield language_pb2.RunPluginResponse(stdout=f"{proxy.port}\n".encode())
            words = [*request.args, request.info.program_directory]
            child = self._start_plugin(request, context, "pulumi.policy", words, proxy.environment())
            port = cast(IO[bytes], child.stdout).readline()
            # A pack that could not start says why on its other pipe.
            if port.strip().isdigit():
                proxy.attach(int(port))
            yield from self._streamed_to_its_end(child)
        finally:
            proxy.stop()

    def _start_plugin(
        self, request: Any, context: grpc.ServicerContext, module: str, words: list[str], more: Mapping[str, str]
    ) -> "subprocess.Popen[bytes]":
        environment = dict(pair.split("=", 1) for pair in request.env) if request.env else dict(os.environ)
        command = [_python(request.info), "-u", "-m", module, *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return self._start(command, context, cwd=request.pwd or request.info.program_directory, env={**environment, **more}, **pipes)

    def _streamed_to_its_end(self, child: "subprocess.Popen[bytes]") -> Iterator[Any]:
        yield from _streamed(child)
        self._children.discard(child)
        yield language_pb2.RunPluginResponse(exitcode=child.wait())

    def _start(self, command: list[str], context: grpc.ServicerContext, **how: Any) -> subprocess.Popen[bytes]:
        child = cast("subprocess.Popen[bytes]", subprocess.Popen(command, **how))
        self._children.add(child)
        context.add_callback(lambda: _stop(child))
        return child

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Stops whatever runs."""
        self.stop()
        return empty_pb2.Empty()

    def stop(self) -> None:
        """Ends every child process."""
        for child in list(self._children):
            _stop(child)


def _stop(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        child.terminate()


def _python(info: Any) -> str:
    options = dict(info.options)
    if not options.get("virtualenv"):
        return os.environ.get("PULUMI_PYTHON_CMD", sys.executable)
    return str(Path(info.root_directory) / options["virtualenv"] / "bin" / "python")


def _installed_plugins(python: str) -> list[dict[str, str]]:
    site = Path(python).parent.parent / "lib"
    described = (json.loads(path.read_text()) for path in sorted(site.glob("python*/site-packages/*/pulumi-plugin.json")))
    return [found for found in described if found.get("resource") and "name" in found]


def _streamed(child: "subprocess.Popen[bytes]") -> Iterator[Any]:
    lines: queue.Queue[Any] = queue.Queue()

    def forward(name: str, pipe: Any) -> None:
        for chunk in iter(lambda: pipe.read1(65_536), b""):
            lines.put(language_pb2.RunPluginResponse(**{name: chunk}))
        lines.put(None)

    for name, pipe in (("stdout", child.stdout), ("stderr", child.stderr)):
        threading.Thread(target=forward, args=(name, pipe), daemon=True).start()
    open_pipes = 2
    while open_pipes:
        message = lines.get()
        if message is None:
            open_pipes -= 1
        else:
            yield message


def _leave_with_parent(leave: Callable[[], None], done: threading.Event) -> None:
    # An engine that is killed cannot say goodbye: without this, its host and program would stay behind for ever.
    parent = os.getppid()
    while not done.wait(0.5):
        if os.getppid() != parent:
            leave()


def main() -> None:
    """Serves until the engine goes away or interrupts."""
    engine = next((word for word in reversed(sys.argv[1:]) if not word.startswith("-")), "")
    host = LanguageHost(engine, HERE.parents[1] / ".tools" / "bin" / "pulumi-language-python-exec")
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16), options=[("grpc.max_receive_message_length", 400 * 1024 * 1024)])
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    done = threading.Event()

    # The engine runs its plugins in process groups of their own, so an interrupt is its word to leave, not the user's Ctrl-C.
    def leave(_signal: int, _frame: object) -> None:
        done.set()

    for word in (signal.SIGINT, signal.SIGTERM):
        signal.signal(word, leave)
    threading.Thread(target=_leave_with_parent, args=(done.set, done), daemon=True).start()
    done.wait()
    host.stop()
    server.stop(grace=None)
    os._exit(0)


if __name__ == "__main__":
    main()
