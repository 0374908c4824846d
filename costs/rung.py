"""One kind of nodes of a pool, as its cloud's resource declares it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from costs.pricing import Pricing
from costs.resource import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """Nodes that a resource makes, between `least` and `most` of them.

    at: where they are described inside the resource, empty for the whole of it. labels: of the nodes. usd: what the machine of one costs an
    hour on demand, 0 where nothing is paid by the hour or the price is unknown. weight: the higher is tried first (Karpenter).
    """

    resource: Resource
    least: Decimal
    most: Decimal
    usd: Decimal
    labels: Mapping[str, Any]
    at: str = ""
    weight: Decimal = Decimal(0)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other rung of a program."""
        return self.resource.urn, self.at


Rungs = Callable[[Pricing], list[Rung]]
"""Reads the rungs of a resource; those whose limits cannot be read, or change by the clock, are none."""
