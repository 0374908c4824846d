"""Quantities and money as bands: low ≤ expected ≤ high, in exact decimals."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

HOURS_PER_MONTH: Final = Decimal(730)
"""365 days × 24 hours ÷ 12: the month in which every cloud's calculator counts."""
DAYS_PER_MONTH: Final = HOURS_PER_MONTH / 24
SECONDS_PER_MONTH: Final = HOURS_PER_MONTH * 3600


@dataclass(frozen=True, slots=True)
class Band:
    """low ≤ expected ≤ high. What is known exactly has all three equal."""

    low: Decimal
    expected: Decimal
    high: Decimal

    @classmethod
    def exactly(cls, amount: Decimal | int | str) -> "Band":
        """A quantity that is known."""
        exact = Decimal(amount)
        return cls(exact, exact, exact)

    @classmethod
    def of(cls, low: float | Decimal, expected: float | Decimal, high: float | Decimal) -> "Band":
        """A band of plain numbers, each taken as it is written (0.1 is exactly 0.1)."""
        return cls(decimal(low), decimal(expected), decimal(high))

    @property
    def is_exact(self) -> bool:
        """Whether nothing is left open."""
        return self.low == self.high

    def __add__(self, other: "Band") -> "Band":
        return Band(self.low + other.low, self.expected + other.expected, self.high + other.high)

    def __sub__(self, other: "Band") -> "Band":
        """The change from other to this, each at its own level: the result of two bands may fall as well as rise."""
        return Band(self.low - other.low, self.expected - other.expected, self.high - other.high)

    def __mul__(self, other: "Band | Decimal | int") -> "Band":
        by = other if isinstance(other, Band) else Band.exactly(other)
        return Band(self.low * by.low, self.expected * by.expected, self.high * by.high)

    def __truediv__(self, by: Decimal | int) -> "Band":
        return Band(self.low / by, self.expected / by, self.high / by)

    def clamped(self, low: Decimal | int, high: Decimal | int | None = None) -> "Band":
        """Each level kept within these limits."""
        ceiling = Decimal("Infinity") if high is None else Decimal(high)
        return Band(*(min(max(level, Decimal(low)), ceiling) for level in (self.low, self.expected, self.high)))


ZERO = Band.exactly(0)
ONE = Band.exactly(1)


# No size, count or rate of anything that can be bought is larger: such a number is a mistake, or an attack.
_LARGEST: Final = Decimal(10) ** 15


def number_in(value: Any) -> Decimal | None:
    """The number that a property holds, be it as text; None for what is none, negative or absurdly large."""
    if isinstance(value, bool):
        return None
    try:
        number = decimal(value)
    except (ArithmeticError, ValueError):
        return None
    return number if number.is_finite() and 0 <= number <= _LARGEST else None


def decimal(number: float | Decimal | int | str) -> Decimal:
    """The number as it is written; a float of 0.1 is 0.1, not its binary neighbour."""
    return number if isinstance(number, Decimal) else Decimal(str(number))
