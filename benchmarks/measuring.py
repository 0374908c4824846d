"""What a piece of work costs: processor and wall seconds, two ways in turn, and the ratio between them."""

import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from rich.console import Console
from rich.table import Table

_Result = TypeVar("_Result")


# Of getrusage: this process, and its descendants that have ended and were waited for.
WITHIN, BELOW = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN


@dataclass
class Cost:
    """Seconds of user and system time of the processes measured, and seconds that passed."""

    cpu_seconds: float = 0
    wall_seconds: float = 0


@contextmanager
def measured(*processes: int) -> Generator[Cost]:
    """Give a cost that is filled in when the context ends; `processes` are WITHIN, BELOW or both."""
    cost = Cost()
    cpu_before, wall_before = _cpu_seconds(processes), time.monotonic()
    yield cost
    cost.cpu_seconds, cost.wall_seconds = _cpu_seconds(processes) - cpu_before, time.monotonic() - wall_before


def _cpu_seconds(processes: Sequence[int]) -> float:
    usages = [resource.getrusage(each) for each in processes]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


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


def ratios(costs: Mapping[str, Sequence[Cost]], of: Callable[[Cost], float]) -> list[float]:
    """Give, for each round, the first way's figure over the second's."""
    first, second = costs.values()
    return [of(mine) / of(theirs) for mine, theirs in zip(first, second, strict=True)]


def report(title: str, costs: Mapping[str, Sequence[Cost]], bound: float) -> bool:
    """Print the medians of two ways and of their ratios, round by round, and tell whether the processor's ratio is within the bound."""
    cpu, wall = ratios(costs, lambda cost: cost.cpu_seconds), ratios(costs, lambda cost: cost.wall_seconds)
    table = Table("way", "CPU s", "wall s", title=title)
    for name, found in costs.items():
        table.add_row(name, _median(cost.cpu_seconds for cost in found), _median(cost.wall_seconds for cost in found))
    table.add_row("ratio", _spread(cpu), _spread(wall), style="bold")
    within = statistics.median(cpu) <= bound
    table.caption = f"CPU ratio at most {bound}: {'kept' if within else 'NOT kept'} ({len(cpu)} rounds in turn)"
    Console().print(table)
    return within


def _median(figures: Iterable[float]) -> str:
    return f"{statistics.median(figures):.2f}"


def _spread(figures: Sequence[float]) -> str:
    return f"{statistics.median(figures):.2f} ({min(figures):.2f} to {max(figures):.2f})"
