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

    usage: what the change does to the usage, where it does.
    """

    urn: str
    aspect: str
    title: str
    program: Program
    risk: str
    effort: str
    usage: Callable[[Usage], Usage] | None = None


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """A change and what it saves: USD a month, low / expected / high, from pricing the program with and without it."""

    urn: str
    aspect: str
    title: str
    saving: Band
    risk: str
    effort: str
    confidence: Confidence
