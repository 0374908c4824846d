"""A preview of one of our stacks against that of a bare program that registers the same resources: what our floors cost.

python -m benchmarks.preview --stack prod-aws
python -m benchmarks.preview --endpoints 100
"""

import functools
import json
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.measuring import Cost, in_fresh_process, in_turn, measured, report
from benchmarks.recording import recorded
from benchmarks.staging import STACK, copied, engine_of, exported, folder, keep_compiled, of_endpoints, of_repository, step
from rehearsal.engine import Engine
from rehearsal.scenario import load
from rehearsal.serve import serve
from rehearsal.workspace import Workspace, open_workspace

BOUND = 1.15
CLOUDS = ("aws", "gcp", "azure-native")


def main(
    stack: str = "prod-aws",
    endpoints: Annotated[int, typer.Option(min=0, help="So many endpoints on Cloud Run instead of a stack.")] = 0,
    rounds: Annotated[int, typer.Option(min=1)] = 7,
) -> None:
    """Measures both previews in turn, after one of each that is not counted; exit status 1 where the bound is not kept."""
    keep_compiled()
    registered = in_fresh_process(record, stack, endpoints)
    named = f"{endpoints} endpoints" if endpoints else stack
    with folder() as place, _engines(stack, endpoints, registered, place) as (ours, bare):
        if step(ours, "preview").changes != step(bare, "preview").changes:
            raise RuntimeError(f"{named}: the bare program does not register what the stack does, so that there is nothing to compare")
        costs = in_turn({named: functools.partial(preview, ours), "bare program": functools.partial(preview, bare)}, rounds)
    count = len(registered["resources"])
    raise typer.Exit(0 if report(f"preview of {named}, {count} resources", costs, attrgetter("started_cpu_seconds"), BOUND) else 1)


def record(stack: str, endpoints: int) -> dict[str, Any]:
    """What the program registers in a rehearsed `up`."""
    with folder() as place:
        workspace = _ours(stack, endpoints, place)
        with serve(workspace.database, load(), CLOUDS) as ports, engine_of(workspace, ports) as engine:
            step(engine, "up")
            return recorded(exported(engine))


@contextmanager
def _engines(stack: str, endpoints: int, registered: dict[str, Any], place: Path) -> Generator[tuple[Engine, Engine]]:
    """Engines of the program and of the bare one, at the same simulated clouds, in which nothing is."""
    ours = _ours(stack, endpoints, place)
    bare = _bare(ours, registered, place)
    with (
        serve(ours.database, load(), CLOUDS) as ports,
        engine_of(ours, ports) as our_engine,
        engine_of(bare, ports) as bare_engine,
    ):
        yield our_engine, bare_engine


def _ours(stack: str, endpoints: int, place: Path) -> Workspace:
    return of_endpoints(endpoints, place) if endpoints else of_repository(stack, place)


def _bare(ours: Workspace, registered: dict[str, Any], place: Path) -> Workspace:
    project = copied("bare", place)
    (project / "resources.json").write_text(json.dumps(registered))
    shutil.copy(ours.project / "stacks" / f"Pulumi.{ours.stack}.yaml", project / f"Pulumi.{STACK}.yaml")
    return open_workspace(project, STACK)


def preview(engine: Engine) -> Cost:
    """The cost of one preview, of which the engine's and the program's is judged."""
    with measured() as cost:
        step(engine, "preview")
    return cost


if __name__ == "__main__":
    typer.run(main)
