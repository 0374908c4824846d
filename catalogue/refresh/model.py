"""What a fetch brings home, before anything is written."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
MACHINES = "machines"
"""The word of `--service` for machine types, their spot prices and their commitments."""
Watch = Callable[[str, int], None]
"""Told what is being fetched and how many bytes came in."""


class CannotFetch(Exception):
    """The price interface did not answer, or not with prices. Its text names the address without its query, which may hold a key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MachinePrice:
    """USD an hour as exact text; spot is empty where the interface has none."""

    on_demand: str
    spot: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServicePrice:
    """USD for one `unit`, in the catalogue's words, as exact text."""

    unit: str
    usd: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """What the interface says of a machine type that the catalogue may not know; empty is unknown."""

    vcpus: str = ""
    memory_gib: str = ""
    accelerator_count: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One commitment of a machine type: the plan's file, years, way of payment, and what its value means."""

    plan: str
    instance_type: str
    years: int
    payment: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """The prices of one region.

    services: (service, sku) → price. doubtful: machine types with two different prices, which keep the price on record. skipped: how
    many rows of the answer were left out, by reason.
    """

    region: str
    machines: dict[str, MachinePrice] = field(default_factory=dict[str, MachinePrice])
    shapes: dict[str, Shape] = field(default_factory=dict[str, Shape])
    services: dict[tuple[str, str], ServicePrice] = field(default_factory=dict[tuple[str, str], ServicePrice])
    commitments: dict[Term, str] = field(default_factory=dict[Term, str])
    doubtful: set[str] = field(default_factory=set[str])
    skipped: Counter[str] = field(default_factory=Counter[str])


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to fetch. services: the catalogue's names and `machines`; empty for all.

    shapes: the machine types on record; offered: region → those that it is known to offer.
    """

    regions: tuple[str, ...]
    services: frozenset[str]
    shapes: Mapping[str, Mapping[str, str]]
    offered: Mapping[str, frozenset[str]]
    today: str

    def wants(self, service: str) -> bool:
        """Whether this service is asked for."""
        return not self.services or service in self.services


def is_name(text: str) -> bool:
    """Whether this can be the name of a machine type, sku or region: what comes from outside becomes part of a file, or of its name."""
    return _NAME.fullmatch(text) is not None
