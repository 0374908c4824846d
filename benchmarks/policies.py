"""What the policy pack costs: all checks a resource, and the pack on top of a preview of our largest stack.

python -m benchmarks.policies --stack prod-aws
"""

import functools
import statistics
import time
from collections.abc import Sequence
from operator import attrgetter
from typing import Annotated

import typer

from benchmarks.estimates import preview as thousand
from benchmarks.measuring import Cost, in_turn, measured, report
from benchmarks.staging import ROOT, engine_of, folder, keep_compiled, of_repository
from costs.read import read
from policies.check import Check
from policies.registry import all_checks
from policies.review import review
from policies.settings import settings
from rehearsal.engine import Engine
from rehearsal.round import run_step
from rehearsal.scenario import load
from rehearsal.serve import serve

MOST_MS = 2.0
MOST_OF_PREVIEW = 1.25
RESOURCES = 1_000
CLOUDS = ("aws", "gcp", "azure-native", "kubernetes")


def main(stack: str = "prod-aws", rounds: Annotated[int, typer.Option(min=1)] = 5) -> None:
    """Measures both; exit status 1 where a bound is not kept."""
    checks = all_checks()
    each = _milliseconds_a_resource(checks, rounds)
    print(f"{len(checks)} checks, ms a resource: {each:.2f} (bound {MOST_MS:g}): {'kept' if each <= MOST_MS else 'NOT kept'}")
    kept = _with_and_without(stack, rounds)
    raise typer.Exit(0 if kept and each <= MOST_MS else 1)


def _milliseconds_a_resource(checks: Sequence[Check], rounds: int) -> float:
    chosen = settings({}, checks)
    times: list[float] = []
    for _ in range(rounds):
        # Read anew each time: a program remembers who refers to whom, and what it costs.
        program = read(thousand(RESOURCES), "benchmark")
        started = time.process_time()
        review(program, checks, chosen)
        times.append((time.process_time() - started) * 1000 / RESOURCES)
    return statistics.median(times)


def _with_and_without(stack: str, rounds: int) -> bool:
    keep_compiled()
    with folder() as place:
        workspace = of_repository(stack, place)
        with serve(workspace.database, load(), CLOUDS) as ports, engine_of(workspace, ports) as engine:
            pack = ("--policy-pack", str(ROOT / "policies"))
            _preview(engine, pack)
            ways = {"with the pack": functools.partial(_preview, engine, pack), "without": functools.partial(_preview, engine, ())}
            costs = in_turn(ways, rounds)
    return report(f"preview of {stack} under the policy pack", costs, attrgetter("started_cpu_seconds"), MOST_OF_PREVIEW)


def _preview(engine: Engine, words: Sequence[str]) -> Cost:
    with measured() as cost:
        # Its status is the findings', which are not judged here.
        run_step(engine, "preview", words)
    return cost


if __name__ == "__main__":
    typer.run(main)
