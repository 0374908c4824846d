"""How the engine's tests run `drydock rehearse`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from rehearsal.workspace import Workspace

Run = subprocess.CompletedProcess[str]


def command(project: Path, stack: str, *words: str) -> list[str]:
    return [sys.executable, "-m", "cli", "rehearse", "--project", str(project), stack, *words]


def environment() -> dict[str, str]:
    return {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}


def workspace(project: Path, stack: str, kind: str = "rehearsals") -> Workspace:
    return Workspace(project, stack, project / ".drydock" / kind / stack)


def copied(source: Path, target: Path) -> Path:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".drydock", "__pycache__"))
    return target
