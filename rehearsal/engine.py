"""The real Pulumi engine, kept from everything outside this machine."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rehearsal.rest.address import REST, addresses
from rehearsal.workspace import PLACEHOLDER, SecretPath, Workspace, WorkspaceError

# Whatever could lead a program from the rehearsal to a real account.
CREDENTIALS = ("AWS_", "GOOGLE_", "GCLOUD_", "CLOUDSDK_", "ARM_", "AZURE_", "PULUMI_", "KUBECONFIG")
NOWHERE = "http://127.0.0.1:9"
OURS = Path(__file__).resolve().parents[1] / ".tools" / "bin"


@dataclass(frozen=True)
class Engine:
    """Runs `pulumi` in one workspace, attached to running simulated providers (package → port)."""

    workspace: Workspace
    ports: Mapping[str, int]
    lock: int
    output: IO[Any] | None = None

    def run(self, arguments: Sequence[str], *, events: Path | None = None) -> int:
        """Runs one command with its output on the terminal and gives its exit status.

        An interrupt from the keyboard reaches the engine as well, which then ends in order: this process only waits.
        """
        command = [cli(), *arguments, *(["--event-log", str(events)] if events else [])]
        with _interrupts_left_to_the_engine():
            done = subprocess.run(
                command, cwd=self.workspace.folder, env=self.environment(), pass_fds=[self.lock], stdout=self.output, check=False
            )
        return done.returncode

    def ask(self, arguments: Sequence[str], *, given: str | None = None) -> str:
        """The output of one short command; raises WorkspaceError with what it said where it fails."""
        done = self._captured(arguments, given)
        if done.returncode:
            raise WorkspaceError(f"pulumi {arguments[0]}: {' '.join(done.stderr.split()) or 'failed'}")
        return done.stdout

    def hear(self, arguments: Sequence[str]) -> str:
        """What a command says on standard output, be it that it fails; where it says nothing there, what it complains of."""
        done = self._captured(arguments, None)
        return done.stdout or done.stderr

    def _captured(self, arguments: Sequence[str], given: str | None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [cli(), *arguments, "--non-interactive"],
            cwd=self.workspace.folder,
            env=self.environment(),
            pass_fds=[self.lock],
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    def prepare(self, secrets: Sequence[SecretPath]) -> None:
        """Makes the stack where it is missing and gives each secret of its file a placeholder."""
        if not list((self.workspace.backend / ".pulumi" / "stacks").glob(f"*/{self.workspace.stack}.json")):
            self.ask(["stack", "init", self.workspace.stack])
        for key, *inner in secrets:
            path = str(key) + "".join(f"[{json.dumps(step)}]" for step in inner)
            self.ask(["config", "set", "--secret", *(["--path"] if inner else []), path, PLACEHOLDER])

    def export(self) -> dict[str, Any]:
        """The engine's own state; its `deployment` holds the resources and the pending operations. Secrets in it are encrypted."""
        exported: dict[str, Any] = json.loads(self.ask(["stack", "export"]))
        return {**exported, "deployment": {"resources": [], **(exported.get("deployment") or {})}}

    def environment(self) -> dict[str, str]:
        """The engine's environment: no credentials, a state and a home of its own, proxies that lead nowhere."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(CREDENTIALS)}
        return own | {
            "PATH": os.pathsep.join([str(Path(cli()).parent), own.get("PATH", "")]),
            "PULUMI_BACKEND_URL": f"file://{self.workspace.backend}",
            "PULUMI_HOME": str(self.workspace.home),
            "PULUMI_STACK": self.workspace.stack,
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DEBUG_COMMANDS": "true",
            "PULUMI_DEBUG_PROVIDERS": ",".join(f"{package}:{port}" for package, port in self.ports.items() if package != REST),
            **addresses(self.ports),
            "HTTP_PROXY": NOWHERE,
            "HTTPS_PROXY": NOWHERE,
            "NO_PROXY": "127.0.0.1,localhost",
            # The AWS SDKs ask a machine's metadata service for credentials past every proxy.
            "AWS_EC2_METADATA_DISABLED": "true",
            # A program without a virtual environment of its own runs in this one.
            "PULUMI_PYTHON_CMD": sys.executable,
        }


def cli() -> str:
    """The path of `pulumi`: the one on PATH, else the one that `make up` built. Raises WorkspaceError where there is neither."""
    found = shutil.which("pulumi") or shutil.which("pulumi", path=str(OURS))
    if found is None:
        raise WorkspaceError("pulumi: not on PATH and not built; run `make up`, which builds it, or install Pulumi")
    return found


@contextmanager
def _interrupts_left_to_the_engine() -> Generator[None]:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
