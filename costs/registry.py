"""Which module prices which provider's resources; the one place that knows their names."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from costs.pricing import Pricer
from costs.resource import Program, Resource
from costs.rung import Rungs


@dataclass(frozen=True, slots=True)
class Place:
    """Whose price list a resource is paid by (the catalogue's name of the provider) and its region there, None where unknown."""

    provider: str
    region: str | None


class ProviderPricers(Protocol):
    """What each provider's module has.

    PRICERS: by type. FREE: types that cost nothing by themselves, or are priced with what they belong to. RUNGS: types that make nodes of a
    pool, and how they are read.
    """

    PRICERS: Mapping[str, Pricer]
    FREE: frozenset[str]
    RUNGS: Mapping[str, Rungs]

    def place(self, resource: Resource, program: Program) -> Place:
        """Where the resource is paid."""
        ...


MODULES = {
    "aws": "costs.aws",
    "gcp": "costs.gcp",
    "azure-native": "costs.azure",
    "kubernetes": "costs.kubernetes",
    # Google's are the only ones known of what a program makes by itself: a model deployed to Vertex AI.
    "pulumi-python": "costs.gcp",
}
# Packages whose resources are no cloud's: they cost nothing, but for types that a module knows.
NOT_CLOUDS = frozenset({"pulumi", "random", "tls", "time", "command", "local", "null", "pulumi-python", "pulumi-nodejs", "archive"})


@cache
def pricers(package: str) -> ProviderPricers | None:
    """The pricers of a provider package, loaded on first use; None for a package that is not priced here."""
    known = MODULES.get(package)
    return cast(ProviderPricers, import_module(known)) if known else None
