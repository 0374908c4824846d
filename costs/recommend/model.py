"""A change that may save money, before and after it was priced."""

from collections.abc import Callable
from dataclasses import dataclass

from catalogue.model import Confidence
from costs.money import Band
from costs.resource import Program
from costs.usage import Usage


@dataclass(frozen=True, kw_only=True)
class Change:
    """A program with one change made. aspect: what it changes (`machine`, `capacity` …); of one aspect only the best is recommended.

    usage: what the change does to the usage, where it does. also: further resources (URN) whose cost it may change, besides those
    around its own.
    """

    urn: str
    aspect: str
    title: str
    program: Program
    risk: str
    effort: str
    usage: Callable[[Usage], Usage] | None = None
    also: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """A change and what it saves: USD a month, low / expected / high, from pricing the program with and without it.

    urns: the resources that it is for, the same change for each; a path in the environment file where it is an edit of that.
    """

    urns: tuple[str, ...]
    aspect: str
    title: str
    saving: Band
    risk: str
    effort: str
    confidence: Confidence

    @property
    def urn(self) -> str:
        """The first of its resources."""
        return self.urns[0]

    @property
    def risky(self) -> bool:
        """Whether something may be lost by it: such a change stands after all others."""
        return self.risk.startswith("high")
