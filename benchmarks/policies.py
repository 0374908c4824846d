"""What the policy pack costs: all checks a resource; the pack on top of a preview, beside what others would cost.

python -m benchmarks.policies
python -m benchmarks.policies --checkov
"""

import functools
import shutil
import statistics
import subprocess
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.cli import DRYDOCK
from benchmarks.estimates import preview as thousand
from benchmarks.measuring import Cost, in_turn, kept, measured, ratios, spread
from benchmarks.staging import PROGRAMS, ROOT, STACK, copied, engine_of, folder, keep_compiled, step
from costs.read import read
from policies.check import Check
from policies.registry import all_checks
from policies.review import review
from policies.settings import settings
from rehearsal.engine import Engine
from rehearsal.scenario import load
from rehearsal.serve import serve
from rehearsal.workspace import open_workspace

MOST_MS = 2.0
MOST_OF_PREVIEW = 1.25
IN_PROCESS = 1_000
PROGRAM = "platform"
# One set of the program, and of its Terraform, is fifteen resources.
ONE_SET = 15
ALONE, PACK, SEPARATE, OURS, CHECKOV = "preview alone", "under the pack", "one policy per check", "drydock check --policies", "checkov"
ENVIRONMENT = ROOT / ".tools" / "checkov"
# Of the engine, the program and the pack; the simulated clouds' own is not of interest here.
_CPU = attrgetter("started_cpu_seconds")


def main(
    resources: Annotated[int, typer.Option(min=ONE_SET)] = 300,
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    checkov: Annotated[bool, typer.Option(help="Set up checkov where it is missing, and compare with it as well.")] = False,
) -> None:
    """Measures all ways in turn, after one of each that is not counted; exit status 1 where a bound is not kept."""
    keep_compiled()
    checks = all_checks()
    each = _milliseconds_a_resource(checks, rounds)
    print(f"{len(checks)} checks, ms a resource: {each:.2f} (bound {MOST_MS:g}): {kept(each <= MOST_MS)}")
    costs = _costs(resources, rounds, checkov)
    shares = {way: ratios(found, costs[ALONE], _CPU) for way, found in costs.items()}
    table = Table("way", "CPU s", "wall s", "CPU, to the preview alone", title=f"{resources} resources, {rounds} rounds")
    for way, found in costs.items():
        cpu, wall = (statistics.median(map(figure, found)) for figure in (_CPU, attrgetter("wall_seconds")))
        table.add_row(way, f"{cpu:.2f}", f"{wall:.2f}", spread(shares[way]))
    within = statistics.median(shares[PACK]) <= MOST_OF_PREVIEW
    table.caption = f"the pack: at most {MOST_OF_PREVIEW}: {kept(within)}"
    Console().print(table)
    raise typer.Exit(0 if each <= MOST_MS and within else 1)


def _milliseconds_a_resource(checks: Sequence[Check], rounds: int) -> float:
    chosen = settings({}, checks)
    times: list[float] = []
    for _ in range(rounds):
        # Read anew each time: a program remembers who refers to whom, and what it costs.
        program = read(thousand(IN_PROCESS), "benchmark")
        started = time.process_time()
        review(program, checks, chosen)
        times.append((time.process_time() - started) * 1000 / IN_PROCESS)
    return statistics.median(times)


def _costs(resources: int, rounds: int, checkov: bool) -> Mapping[str, Sequence[Cost]]:
    with folder() as place:
        workspace = open_workspace(copied(PROGRAM, place), STACK)
        with serve(workspace.database, load(), ("aws",)) as ports, engine_of(workspace, ports, {"resources": str(resources)}) as engine:
            ways: dict[str, Callable[[], Cost]] = {
                ALONE: functools.partial(_preview, engine, None),
                PACK: functools.partial(_preview, engine, ROOT / "policies"),
                SEPARATE: functools.partial(_preview, engine, PROGRAMS / "separate"),
                OURS: functools.partial(_run, [str(DRYDOCK), "check", "--policies", str(_previewed(engine, place))]),
            }
            if checkov:
                ways[CHECKOV] = functools.partial(_run, _checkov(_terraform(resources, place)))
            for way in ways.values():
                way()
            return in_turn(ways, rounds)


def _preview(engine: Engine, pack: Path | None) -> Cost:
    with measured() as cost:
        # Its status is the findings', which are not judged here.
        step(engine, "preview", ("--policy-pack", str(pack)) if pack else (), any_status=True)
    return cost


def _previewed(engine: Engine, place: Path) -> Path:
    told = place / "preview.json"
    told.write_text(engine.ask(["preview", "--json"]))
    return told


def _terraform(resources: int, place: Path) -> Path:
    for number in range(resources // ONE_SET):
        one = place / "terraform" / str(number)
        one.mkdir(parents=True)
        shutil.copy(PROGRAMS / PROGRAM / "main.tf", one)
    return place / "terraform"


def _checkov(scanned: Path) -> list[str]:
    """The command that scans a folder, set up in an environment of its own: its requirements contradict ours."""
    python, command = (ENVIRONMENT / "bin" / name for name in ("python", "checkov"))
    if not command.exists():
        venv.create(ENVIRONMENT, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", ROOT / "benchmarks" / "checkov.txt"], check=True)
    return [str(command), "--directory", str(scanned), "--framework", "terraform", "--output", "json", "--quiet", "--skip-download"]


def _run(command: Sequence[str]) -> Cost:
    with measured() as cost:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{Path(command[0]).name}: status {done.returncode}: {done.stderr[-2000:]}")
    return cost


if __name__ == "__main__":
    typer.run(main)
