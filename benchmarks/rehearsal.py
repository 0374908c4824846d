"""A rehearsed `up` against the same `up` where the providers only echo: what the simulated clouds' own work costs.

python -m benchmarks.rehearsal --resources 1000
"""

import functools
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from operator import attrgetter
from typing import Annotated, Any, cast

import typer

from benchmarks.echo import serve_echo
from benchmarks.measuring import Cost, in_fresh_process, in_turn, measured, report
from benchmarks.staging import STACK, copied, engine_of, exported, folder, keep_compiled, step
from rehearsal.scenario import load
from rehearsal.serve import serve
from rehearsal.wire import SIGNATURE
from rehearsal.workspace import Workspace, open_workspace

BOUND = 1.3
PACKAGES = ("aws", "gcp")
PROGRAM = "buckets"
# One set of the program is nine resources; its outputs are what the echo answers.
ONE_SET = 9

Recorded = Mapping[str, Mapping[str, Any]]


def main(resources: Annotated[int, typer.Option(min=ONE_SET)] = 1000, rounds: Annotated[int, typer.Option(min=1)] = 3) -> None:
    """Measures both ways in turn; exit status 1 where the bound is not kept."""
    keep_compiled()
    recorded = in_fresh_process(record)
    ways = {
        "simulated clouds": functools.partial(in_fresh_process, up, resources, None),
        "echo": functools.partial(in_fresh_process, up, resources, recorded),
    }
    within = report(f"rehearsed up of {resources} resources", in_turn(ways, rounds), attrgetter("cpu_seconds"), BOUND)
    raise typer.Exit(0 if within else 1)


def record() -> Recorded:
    """The outputs that the simulated clouds give one resource of each type, without those that repeat an input."""
    with folder() as place:
        workspace = open_workspace(copied(PROGRAM, place), STACK)
        with _served(workspace, None) as ports, engine_of(workspace, ports, {"resources": str(ONE_SET)}) as engine:
            step(engine, "up")
            return {each["type"]: _only_outputs(each) for each in exported(engine) if each.get("custom")}


def _only_outputs(resource: Mapping[str, Any]) -> dict[str, Any]:
    inputs = resource.get("inputs", {})
    return {name: _on_the_wire(value) for name, value in resource.get("outputs", {}).items() if name not in inputs}


def _on_the_wire(value: Any) -> Any:
    """An exported secret holds its value as JSON text; a secret in an answer holds the value itself."""
    if not isinstance(value, dict) or "plaintext" not in value:
        return cast(Any, value)
    secret = cast(dict[str, Any], value)
    return {SIGNATURE: secret[SIGNATURE], "value": json.loads(secret["plaintext"])}


def up(resources: int, recorded: Recorded | None) -> Cost:
    """The cost of one `up`, the providers' start and the import of the SDKs included; by the echo where outputs are given."""
    with folder() as place:
        workspace = open_workspace(copied(PROGRAM, place), STACK)
        with (
            _served(workspace, recorded) as ports,
            engine_of(workspace, ports, {"resources": str(resources)}) as engine,
            measured() as cost,
        ):
            step(engine, "up")
        return cost


def _served(workspace: Workspace, recorded: Recorded | None) -> AbstractContextManager[dict[str, int]]:
    return serve(workspace.database, load(), PACKAGES) if recorded is None else serve_echo(PACKAGES, recorded)


if __name__ == "__main__":
    typer.run(main)
