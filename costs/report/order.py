"""In which order changes are shown."""

from decimal import Decimal

from costs.cause import weight
from costs.diff import ResourceChange


def expected_first(each: ResourceChange) -> tuple[Decimal, Decimal, str]:
    """The key that puts the largest expected change first, whatever its sign: as a reader sees the column."""
    most, expected = weight(each.change)
    return -expected, -most, each.urn
