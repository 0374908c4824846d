"""A set of equal pods, whatever kind of workload makes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from costs.kubernetes.tokens import deep
from costs.pricing import Pricing
from costs.resource import UNKNOWN


@dataclass(frozen=True)
class Pods:
    """Equal pods of a workload. desired: None where it cannot be read; most: None where nothing bounds it.

    finite: they end (jobs). each_node: one on every node.
    """

    spec: Any
    least: Decimal | None = Decimal(1)
    desired: Decimal | None = Decimal(1)
    most: Decimal | None = Decimal(1)
    words: str = "replicas"
    finite: bool = False
    each_node: bool = False
    claims: tuple[Mapping[str, Any], ...] = ()


Found = list[Pods]
Finder = Callable[[Pricing], Found]


def count_of(value: Any, default: int) -> Decimal | None:
    """A number of pods; the default where it is left out, None where it cannot be read or is nonsense."""
    if value is None:
        return Decimal(default)
    number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**31 and value == int(value)
    return Decimal(int(value)) if number else None


def fixed(spec: Any, replicas: Any, default: int = 1, *, words: str = "replicas", finite: bool = False, times: Any = None) -> Pods:
    """As many pods as the program says; times: how many sets of them there are."""
    number, factor = count_of(replicas, default), count_of(times, 1)
    running = None if number is None or factor is None else number * factor
    return Pods(spec, running, running, running, words, finite)


def between(spec: Any, least: Any, most: Any, default: tuple[int, int], words: str = "replicas", desired: Any = None) -> Pods:
    """Pods that are scaled; default: the limits where they are left out. desired: how many at the start, else the least."""
    low, high = count_of(least, default[0]), count_of(most, default[1])
    return Pods(spec, low, low if desired is None else count_of(desired, default[0]), high, words)


def of_job(spec: Any, times: Any = None) -> Pods:
    """The pods of a Job's spec, which run side by side until they end."""
    return fixed(deep(spec, "template.spec"), deep(spec, "parallelism"), words="parallel pods", finite=True, times=times)


def unknown(words: str) -> Pods:
    """Pods of which nothing can be read before `up`."""
    return Pods(UNKNOWN, None, None, None, words)
