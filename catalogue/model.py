"""What the catalogue answers with: prices and machines, each with its date, its source and how far to trust it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import cache

_MULTIPLES = {"k": 1_000, "M": 1_000_000}


@cache
def counted(unit: str) -> tuple[Decimal, str]:
    """How many units a price buys, and the unit: `10k operations` is 10000 operations."""
    found = re.fullmatch(r"(\d+)([kM]) (.+)", unit)
    return (Decimal(found[1]) * _MULTIPLES[found[2]], found[3]) if found else (Decimal(1), unit)


class Confidence(IntEnum):
    """How far a figure can be trusted; the lower of two is the smaller.

    high: a dated list price that a second source agrees with. medium: dated, second hand or derived. low: a guess, undated or old.
    """

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a figure comes from. as_of: the day of the figure (YYYY-MM-DD, or less exact), empty where it is not known."""

    text: str
    as_of: str
    confidence: Confidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """USD for `per` units, at list price without tax.

    usd is the expected figure; low and high differ from it only where the price is not known exactly. unit: the counted thing
    (`hour`, `GB-month`, `requests`), per: how many of them the price buys (1000 requests). region: where the figure was read, which
    is not the region asked for when it is a guess; note: why then.
    """

    usd: Decimal
    low: Decimal
    high: Decimal
    unit: str
    per: Decimal
    region: str
    source: Source
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Machine:
    """The shape of one machine type.

    vcpus; memory in GiB, None where unknown. accelerator: its name or empty; accelerator_count may be a fraction, which is a
    partition of one; accelerator_memory_gib is per accelerator.
    """

    provider: str
    instance_type: str
    family: str
    vcpus: float | None
    memory_gib: float | None
    accelerator: str
    accelerator_count: float
    accelerator_memory_gib: float | None
    source: str

    @property
    def total_accelerator_memory_gib(self) -> float:
        """GiB over all accelerators of the machine, 0 where it has none or their memory is unknown."""
        return (self.accelerator_memory_gib or 0) * self.accelerator_count


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A machine in one region: what it costs an hour on demand and, where a spot price is on record, as spot. None is unknown."""

    machine: Machine
    region: str
    on_demand: Price | None
    spot: Price | None


@dataclass(frozen=True, kw_only=True)
class MachineNeed:
    """What a machine must have at least; None asks for nothing.

    accelerator: one of these names. accelerator_memory_gib: over all of the machine's accelerators together.
    """

    vcpus: float | None = None
    memory_gib: float | None = None
    accelerators: tuple[str, ...] = ()
    accelerator_count: float | None = None
    accelerator_memory_gib: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Commitment:
    """What a promise to pay (or a spot bid) makes of a price.

    plan: the cloud's name for it; applies_to: a machine type, a family or a description; kind: `discount` (a share of the on-demand
    price), `discount_max` (a headline ceiling, no estimate), `price_usd_hour` or `price_usd_month`. term_years is 0 for spot.
    """

    provider: str
    plan: str
    applies_to: str
    region: str
    term_years: int
    payment: str
    kind: str
    value: Decimal
    source: Source
