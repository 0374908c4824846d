"""How the engine's tests run `drydock rehearse`."""

import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from unittest.mock import patch

from rehearsal.workspace import Workspace

Run = subprocess.CompletedProcess[str]

# A new interpreter would import these again for each of the some four hundred commands: two of the five seconds that a small one takes.
_PRELOADED = ["cli.rehearse", "cli.app", "pulumi_aws", "pulumi_azure_native", "pulumi_gcp", "pulumi_kubernetes"]


def command(project: Path, stack: str, *words: str) -> list[str]:
    """The command line of a rehearsal, for a process of its own."""
    return [sys.executable, "-m", "cli", *_words(project, stack, words)]


def environment() -> dict[str, str]:
    """The environment of a rehearsal: wide lines without colours."""
    return {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}


def rehearsed(root: Path, project: Path, stack: str, *words: str) -> Run:
    """What `drydock rehearse STACK WORDS…` says and gives, in a process that has imported it already."""
    line = _words(project, stack, words)
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = _server().Process(target=_command, args=(line, str(root), environment(), out, err))
        process.start()
        process.join()
        return Run(line, process.exitcode or 0, out.read_text(), err.read_text())


def workspace(project: Path, stack: str, kind: str = "rehearsals") -> Workspace:
    """Where a project's rehearsals of a stack, or its rounds, lie."""
    return Workspace(project, stack, project / ".drydock" / kind / stack)


def when_free(run: Callable[[], Run]) -> Run:
    """What the run gives once no other one holds its workspace: killed processes do until they are reaped, a moment after the signal."""
    for _ in range(100):
        done = run()
        if "another rehearsal of this stack is running" not in done.stderr:
            break
        time.sleep(0.2)
    return done


def copied(source: Path, target: Path) -> Path:
    """A copy of a program, without what its rehearsals left."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".drydock", "__pycache__"))
    return target


def _words(project: Path, stack: str, words: Sequence[str]) -> list[str]:
    return ["rehearse", "--project", str(project), stack, *words]


@cache
def _server() -> ForkServerContext:
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(_PRELOADED)
    with patch.dict(os.environ, environment()):  # a console reads it when its module is imported
        warm = server.Process(target=os.getpid)
        warm.start()
        warm.join()
    return server


def _command(words: Sequence[str], root: str, variables: Mapping[str, str], out: Path, err: Path) -> None:
    for file, number in ((out, 1), (err, 2)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    os.chdir(root)
    os.environ.clear()
    os.environ.update(variables)
    from cli.app import app

    app(list(words), prog_name="drydock")
