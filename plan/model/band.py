"""A quantity that nobody knows exactly."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Band:
    """low ≤ expected ≤ high of one quantity, in the unit that its field names."""

    low: float
    expected: float
    high: float
