"""What Google Cloud's resources cost."""

from collections.abc import Mapping

from costs.pricing import Pricer
from costs.registry import Place
from costs.resource import Program, Resource

PRICERS: Mapping[str, Pricer] = {}
FREE: frozenset[str] = frozenset()


def place(resource: Resource, program: Program) -> Place:
    """Where the resource is paid."""
    return Place("gcp", None)
