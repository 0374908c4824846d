"""The real engine in a project that lies in a folder of its own, attached to whichever providers."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from rehearsal.engine import Engine
from rehearsal.round import Step, run_step
from rehearsal.workspace import Workspace, empty, locked, open_workspace, refresh_copies

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / "benchmarks" / "programs"
STACK = "bench"
ENDPOINTS = "endpoints"
_TOLD = "engine.log"


def keep_compiled() -> None:
    """Let what is started from here keep compiled modules, as on a user's machine.

    Else our modules are compiled in each process, while the SDKs' were compiled when they were installed.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@contextmanager
def folder() -> Generator[Path]:
    """Give a folder that is gone when the context ends."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as path:
        yield Path(path)


def copied(program: str, target: Path) -> Path:
    """Give a copy, below `target`, of one of the benchmarks' own programs."""
    return shutil.copytree(PROGRAMS / program, target / program, ignore=shutil.ignore_patterns("__pycache__"))


def of_repository(stack: str, target: Path) -> Workspace:
    """Give an empty workspace, below `target`, of one of this repository's stacks."""
    workspace = Workspace(ROOT, stack, target / stack)
    workspace.folder.mkdir()
    empty(workspace)
    return workspace


def of_endpoints(count: int, target: Path) -> Workspace:
    """Give an empty workspace, below `target`, of this repository's program with so many endpoints on Cloud Run."""
    project = target / "project"
    (project / "stacks").mkdir(parents=True)
    settings = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))
    settings["main"] = str(ROOT)
    settings["runtime"]["options"]["virtualenv"] = sys.prefix
    (project / "Pulumi.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (project / "stacks" / f"Pulumi.{ENDPOINTS}.yaml").write_text(yaml.safe_dump(_endpoints(count)), encoding="utf-8")
    return open_workspace(project, ENDPOINTS)


def _endpoints(count: int) -> dict[str, Any]:
    image = f"europe-west4-docker.pkg.dev/acme/serving/triton@sha256:{'0123456789abcdef' * 4}"
    model = {"artifact": "models/fraud/3", "runtime": "onnx", "image": image, "sizeMib": 40}
    traffic = {"requestsPerSecond": {"low": 1, "expected": 10, "high": 50}}
    environment = {
        "cloud": "gcp",
        "region": "europe-west4",
        "stage": "prod",
        "owner": "ml-platform",
        "costCenter": "cc-4211",
        "storage": {"models": {"purpose": "models"}},
        "models": {"fraud-3": model},
        "endpoints": {f"fraud-{number}": {"model": "fraud-3", "on": "cloudRun", "traffic": traffic} for number in range(count)},
    }
    return {"config": {"gcp:project": "acme-ml-prod", "gcp:region": "europe-west4", "drydock:environment": environment}}


@contextmanager
def engine_of(workspace: Workspace, ports: Mapping[str, int], settings: Mapping[str, str] | None = None) -> Generator[Engine]:
    """Give an engine that is ready for its first command; `settings` are set in its copy of the stack's configuration."""
    with locked(workspace) as lock, (workspace.folder / _TOLD).open("w") as told:
        engine = Engine(workspace, ports, lock, told)
        engine.prepare(refresh_copies(workspace))
        for key, value in (settings or {}).items():
            engine.ask(["config", "set", key, value])
        yield engine


def step(engine: Engine, verb: str, extra: Sequence[str] = (), *, any_status: bool = False) -> Step:
    """Run one verb, with these words too, and give what it did.

    any_status: a status that is not zero is no failure, as that of a preview under a policy pack may be.
    Raises RuntimeError with the end of what the engine said where it fails or changes nothing.
    """
    done = run_step(engine, verb, extra)
    if (done.status and not any_status) or not done.changes:
        said = (engine.workspace.folder / _TOLD).read_text()
        raise RuntimeError(f"{verb} of {engine.workspace.stack}: status {done.status}, changes {dict(done.changes)}: {said[-2000:]}")
    return done


def exported(engine: Engine) -> list[dict[str, Any]]:
    """Give the resources in the engine's state, secrets shown: a rehearsal has none of anybody's."""
    return json.loads(engine.ask(["stack", "export", "--show-secrets"]))["deployment"]["resources"]
