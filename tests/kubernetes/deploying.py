"""The real Pulumi engine with the real Kubernetes provider."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from rehearsal.engine import CREDENTIALS, NOWHERE, cli
from rehearsal.serve import debug_providers
from tools.control_plane.building import BUILT

Run = subprocess.CompletedProcess[str]
ROOT = Path(__file__).resolve().parents[2]
_NAME = "dev"


class Stack:
    """One program and its stack `dev`, in a folder of its own, deployed to the cluster of a kubeconfig.

    program: the source of a Python program, which can import this repository's packages, or the folder of one.
    config: the stack's configuration by its full keys ({"drydock:environment": {…}}); the project's name is drydock.
    clouds: the ports of simulated clouds that run, by the package that each stands for.
    """

    def __init__(
        self,
        folder: Path,
        kubeconfig: Path,
        program: str | Path,
        config: Mapping[str, Any] | None = None,
        clouds: Mapping[str, int] | None = None,
    ) -> None:
        self._folder = folder
        self._kubeconfig = kubeconfig
        self._clouds = dict(clouds or {})
        for name in ("backend", "home", "program"):
            (folder / name).mkdir(parents=True)
        main = program if isinstance(program, Path) else folder / "program"
        if isinstance(program, str):
            (main / "__main__.py").write_text(program)
        runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "drydock", "runtime": runtime, "main": str(main)}))
        self.configure(config or {})
        self._ask("stack", "init", _NAME)

    def configure(self, config: Mapping[str, Any]) -> None:
        """Gives the stack another configuration, for what comes next."""
        (self._folder / f"Pulumi.{_NAME}.yaml").write_text(yaml.safe_dump({"config": dict(config)}))

    def up(self) -> Run:
        """Deploys; a failure is in the exit status and the output."""
        return self._run("up", "--yes", "--skip-preview")

    def preview(self) -> Run:
        """What `up` would do, as JSON on standard output."""
        return self._run("preview", "--json")

    def changes(self) -> dict[str, int]:
        """How many resources `up` would create, update, delete, replace; the unchanged ones left out. Raises AssertionError."""
        summary = json.loads(self._checked(self.preview()).stdout).get("changeSummary", {})
        return {kind: count for kind, count in summary.items() if kind != "same"}

    def destroy(self) -> Run:
        """Deletes everything that the stack made."""
        return self._run("destroy", "--yes", "--skip-preview")

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets shown. Raises AssertionError."""
        return json.loads(self._ask("stack", "output", "--json", "--show-secrets"))

    def _ask(self, *words: str) -> str:
        return self._checked(self._run(*words)).stdout

    def _checked(self, done: Run) -> Run:
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def _run(self, *words: str) -> Run:
        command = [cli(), *words, "--non-interactive", *(() if words[0] == "stack" else ("--stack", _NAME))]
        return subprocess.run(command, cwd=self._folder, env=self._environment(), capture_output=True, text=True, check=False)

    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(CREDENTIALS)}
        return own | {
            # The engine takes a provider that lies on PATH as it is.
            "PATH": os.pathsep.join([str(BUILT), str(Path(cli()).parent), own.get("PATH", "")]),
            "PYTHONPATH": str(ROOT),
            "KUBECONFIG": str(self._kubeconfig),
            "PULUMI_BACKEND_URL": f"file://{self._folder / 'backend'}",
            "PULUMI_HOME": str(self._folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DEBUG_PROVIDERS": debug_providers(self._clouds),
            "HTTP_PROXY": NOWHERE,
            "HTTPS_PROXY": NOWHERE,
            "NO_PROXY": "127.0.0.1,localhost",
            "NO_COLOR": "1",
        }
