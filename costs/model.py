"""The estimate: lines, what has no price, what was assumed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from catalogue.model import Confidence, Offer
from costs.money import ONE, ZERO, Band
from costs.tiers import Tariff, prices


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a quantity: how much of what, how sure, and where the number comes from (a property, a usage, an assumption)."""

    words: str
    amount: Band
    confidence: Confidence = Confidence.HIGH


@dataclass(frozen=True, slots=True)
class MachineUse:
    """The machines behind a line: what right-sizing and commitments are worked out from. count: machines running, hours: a month."""

    offer: Offer
    count: Band
    hours: Band
    spot: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One cost driver of one resource.

    quantity: the product of the factors, in the price's unit a month. usd: a month, low / expected / high. usage_based: whether it
    depends on use rather than on what is provisioned.
    """

    urn: str
    driver: str
    factors: tuple[Factor, ...]
    tariff: Tariff
    usd: Band
    confidence: Confidence
    usage_based: bool
    machine: MachineUse | None = None


@dataclass(frozen=True, slots=True)
class Unpriced:
    """A cost whose price or quantity is unknown: it is not in the total, which is "at least" therefore. Never 0."""

    urn: str
    driver: str
    reason: str


IDLE: Final = "idle"
"""The quantity of an assumption that says what stands while nobody works: nodes that scale to nothing, capacity that is held."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A quantity that nobody gave: what was taken instead, and why."""

    urn: str
    quantity: str
    taken: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a program costs a month.

    lines, unpriced and assumptions stand in the program's order. unsupported: resources (URN) of types that are not priced here. free:
    how many resources cost nothing by themselves. incomplete: whether the
    input itself leaves resources out. components: for each priced URN its outermost component's URN (or its own).
    """

    lines: tuple[Line, ...]
    unpriced: tuple[Unpriced, ...]
    unsupported: tuple[str, ...]
    assumptions: tuple[Assumption, ...]
    free: int
    components: dict[str, str]
    notes: tuple[str, ...] = ()
    incomplete: bool = False

    @property
    def total(self) -> Band:
        """USD a month of everything that has a price; the high level is the worst case."""
        return total(self.lines)

    @property
    def at_least(self) -> bool:
        """Whether something is missing in the total."""
        return bool(self.unpriced or self.unsupported or self.incomplete)

    @property
    def confidence(self) -> Confidence:
        """How far the expected total can be trusted: the lowest level that lines of more than a tenth of it have.

        An input that leaves resources out is never trusted far.
        """
        if self.incomplete:
            return Confidence.LOW
        whole = self.total.expected
        for level in (Confidence.LOW, Confidence.MEDIUM):
            share = sum((line.usd.expected for line in self.lines if line.confidence <= level), Decimal(0))
            if whole and share * 10 > whole:
                return level
        return Confidence.HIGH if self.lines or not self.at_least else Confidence.LOW

    def of_component(self) -> dict[str, Band]:
        """USD a month by outermost component, in the program's order."""
        sums: dict[str, Band] = {}
        for line in self.lines:
            component = self.components.get(line.urn, line.urn)
            sums[component] = sums.get(component, ZERO) + line.usd
        return sums

    def of_resource(self) -> dict[str, Band]:
        """USD a month by resource, in the program's order."""
        sums: dict[str, Band] = {}
        for line in self.lines:
            sums[line.urn] = sums.get(line.urn, ZERO) + line.usd
        return sums


def product(factors: Iterable[Factor]) -> Band:
    """The quantity that factors make, level by level."""
    quantity = ONE
    for factor in factors:
        quantity = quantity * factor.amount
    return quantity


def total(lines: Iterable[Line]) -> Band:
    """The sum of the lines, level by level."""
    low = expected = high = Decimal(0)
    for line in lines:
        low, expected, high = low + line.usd.low, expected + line.usd.expected, high + line.usd.high
    return Band(low, expected, high)


def line_confidence(factors: Iterable[Factor], tariff: Tariff, most: Decimal | None = None) -> Confidence:
    """As sure as the least sure of the quantities and of the prices (that a quantity of `most` reaches)."""
    known = [factor.confidence for factor in factors] + [price.source.confidence for price in prices(tariff, most)]
    return min(known, default=Confidence.HIGH)
