"""What a piece of work costs: processor and wall seconds, two ways in turn, and the ratio between them."""

import ctypes
import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

_Result = TypeVar("_Result")
# PR_SET_CHILD_SUBREAPER of linux/prctl.h, see prctl(2).
_ADOPT_ORPHANS = 36


@dataclass
class Cost:
    """Seconds of processor time (user and system) and seconds that passed.

    `own_cpu_seconds` is this process's: where providers run, theirs. `started_cpu_seconds` is that of the processes started from here,
    down to the last descendant: the engine, its language host, the program.
    """

    own_cpu_seconds: float = 0
    started_cpu_seconds: float = 0
    wall_seconds: float = 0

    @property
    def cpu_seconds(self) -> float:
        """All processor time."""
        return self.own_cpu_seconds + self.started_cpu_seconds


@contextmanager
def measured() -> Generator[Cost]:
    """Give a cost that is filled in when the context ends, and all that was started in it has ended. Needs Linux.

    A policy pack outlives the process that started it: the system counts its time here only where this process adopts such orphans.
    """
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    cost, others = Cost(), _children()
    own, started, began = _cpu(resource.RUSAGE_SELF), _cpu(resource.RUSAGE_CHILDREN), time.monotonic()
    yield cost
    cost.wall_seconds = time.monotonic() - began
    while orphans := _children() - others:
        for process in orphans:
            os.waitpid(process, 0)
    cost.own_cpu_seconds = _cpu(resource.RUSAGE_SELF) - own
    cost.started_cpu_seconds = _cpu(resource.RUSAGE_CHILDREN) - started


def _children() -> set[int]:
    return {int(process) for task in Path("/proc/self/task").glob("*/children") for process in task.read_text().split()}


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def in_fresh_process(function: Callable[..., _Result], *arguments: object) -> _Result:
    """Give the function's result from a new Python process, in which nothing is imported or cached yet."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *arguments).result()


def in_turn(ways: Mapping[str, Callable[[], Cost]], rounds: int) -> dict[str, list[Cost]]:
    """Give the costs of each way, measured in turn; every second round goes backwards, so that a drift of the machine's load evens out."""
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for number in range(rounds):
        for name in list(ways)[:: -1 if number % 2 else 1]:
            costs[name].append(ways[name]())
    return costs


def ratios(first: Sequence[Cost], second: Sequence[Cost], of: Callable[[Cost], float]) -> list[float]:
    """Give, for each round, the first way's figure over the second's."""
    return [of(mine) / of(theirs) for mine, theirs in zip(first, second, strict=True)]


def report(title: str, costs: Mapping[str, Sequence[Cost]], judged: Callable[[Cost], float], bound: float) -> bool:
    """Print two ways' medians, and those of their ratios in each round; tell whether the ratio of what is judged is within the bound."""
    table = Table("way", "engine and program, CPU s", "providers, CPU s", "wall s", title=title)
    first, second = costs.values()
    for name, found in costs.items():
        table.add_row(name, *(f"{statistics.median(map(figure, found)):.2f}" for figure in _FIGURES))
    table.add_row("ratio", *(spread(ratios(first, second, figure)) for figure in _FIGURES), style="bold")
    judgement = ratios(first, second, judged)
    within = statistics.median(judgement) <= bound
    table.caption = f"judged: CPU ratio {spread(judgement)}, at most {bound}: {kept(within)}"
    Console().print(table)
    return within


_FIGURES = (attrgetter("started_cpu_seconds"), attrgetter("own_cpu_seconds"), attrgetter("wall_seconds"))


def spread(figures: Sequence[float]) -> str:
    """Give their median, and in brackets how far they reach."""
    return f"{statistics.median(figures):.2f} ({min(figures):.2f} to {max(figures):.2f})"


def kept(within: bool) -> str:
    """Give the judgement of a bound in words."""
    return "kept" if within else "NOT kept"
