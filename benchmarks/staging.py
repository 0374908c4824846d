"""The real engine in a project that lies in a folder of its own, attached to whichever providers."""

import json
import os
import shutil
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rehearsal.engine import Engine
from rehearsal.round import Step, run_step
from rehearsal.workspace import Workspace, empty, locked, refresh_copies

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / "benchmarks" / "programs"
STACK = "bench"
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


@contextmanager
def engine_of(workspace: Workspace, ports: Mapping[str, int], settings: Mapping[str, str] | None = None) -> Generator[Engine]:
    """Give an engine that is ready for its first command; `settings` are set in its copy of the stack's configuration."""
    with locked(workspace) as lock, (workspace.folder / _TOLD).open("w") as told:
        engine = Engine(workspace, ports, lock, told)
        engine.prepare(refresh_copies(workspace))
        for key, value in (settings or {}).items():
            engine.ask(["config", "set", key, value])
        yield engine


def step(engine: Engine, verb: str) -> Step:
    """Run one verb and give what it did. Raises RuntimeError with the end of what the engine said where it fails or changes nothing."""
    done = run_step(engine, verb)
    if done.status or not done.changes:
        said = (engine.workspace.folder / _TOLD).read_text()
        raise RuntimeError(f"{verb} of {engine.workspace.stack}: status {done.status}, changes {dict(done.changes)}: {said[-2000:]}")
    return done


def exported(engine: Engine) -> list[dict[str, Any]]:
    """Give the resources in the engine's state, secrets shown: a rehearsal has none of anybody's."""
    return json.loads(engine.ask(["stack", "export", "--show-secrets"]))["deployment"]["resources"]
