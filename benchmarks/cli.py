"""`drydock check` and `drydock plan`, each as a whole process: what a person waits for.

python -m benchmarks.cli
"""

import functools
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.measuring import Cost, in_turn, kept, measured
from benchmarks.staging import ROOT, keep_compiled

BOUND_SECONDS = 0.4
# The command as it is installed, in the environment in which this runs.
DRYDOCK = Path(sys.executable).with_name("drydock")


def main(stack: str = "prod-aws", rounds: Annotated[int, typer.Option(min=1)] = 15) -> None:
    """Measures both commands in turn; exit status 1 where one's median processor time is above the bound."""
    keep_compiled()
    costs = in_turn({verb: functools.partial(run, verb, stack) for verb in ("check", "plan")}, rounds)
    table = Table("command", "CPU s", "wall s", "fastest wall s", title=f"drydock, whole process, {rounds} times")
    for verb, found in costs.items():
        wall = [cost.wall_seconds for cost in found]
        table.add_row(f"drydock {verb} {stack}", f"{_cpu(found):.2f}", f"{statistics.median(wall):.2f}", f"{min(wall):.2f}")
    within = all(_cpu(found) <= BOUND_SECONDS for found in costs.values())
    table.caption = f"at most {BOUND_SECONDS} s: {kept(within)}"
    Console().print(table)
    raise typer.Exit(0 if within else 1)


def run(verb: str, stack: str) -> Cost:
    """The cost of one command. Raises CalledProcessError where it fails."""
    with measured() as cost:
        subprocess.run([DRYDOCK, verb, stack], cwd=ROOT, env={**os.environ, "COLUMNS": "140"}, stdout=subprocess.DEVNULL, check=True)
    return cost


def _cpu(costs: list[Cost]) -> float:
    return statistics.median(cost.started_cpu_seconds for cost in costs)


if __name__ == "__main__":
    typer.run(main)
