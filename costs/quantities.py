"""The quantities that usage is told in: the words of a component's `usage` output and of a usage file."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from costs.money import Band


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a word counts, what is taken where nobody says (low, expected, high), and the most that can be meant by it.

    grows: whether it is more when there is more traffic.
    """

    unit: str
    meaning: str
    assumed: Band
    most: Decimal
    grows: bool


def _quantity(unit: str, meaning: str, low: float, expected: float, high: float, most: float = 1e15, grows: bool = True) -> Quantity:
    return Quantity(unit, meaning, Band.of(low, expected, high), Decimal(str(most)), grows)


QUANTITIES: Final = {
    "storedGib": _quantity("GiB", "stored on the average day", 10, 100, 1000),
    "writtenGibPerMonth": _quantity("GiB a month", "written, pushed or published", 1, 10, 100),
    "readGibPerMonth": _quantity("GiB a month", "read or pulled", 0, 10, 100),
    "objectMib": _quantity("MiB", "size of the average object", 1, 8, 64, grows=False),
    "requestsPerSecond": _quantity("requests/s", "on average over the month", 0, 0.1, 1),
    "requestsPerMonth": _quantity("requests a month", "where they come too seldom for a rate", 1000, 100000, 1_000_000),
    "durationMs": _quantity("ms", "that one request is worked on", 50, 200, 1000, grows=False),
    "concurrency": _quantity("requests", "that one replica works on at the same time", 1, 1, 1, grows=False),
    "requestsPerSecondPerReplica": _quantity("requests/s", "that one replica or node can serve", 1, 5, 20, grows=False),
    "replicas": _quantity("replicas", "running on average", 1, 1, 3),
    "nodes": _quantity("nodes", "running on average", 1, 1, 3),
    "hoursPerMonth": _quantity("h a month", "in which it runs; 730 is always", 730, 730, 730, most=744, grows=False),
    "egressGibPerMonth": _quantity("GiB a month", "sent to the internet", 0, 10, 100),
    "processedGibPerMonth": _quantity("GiB a month", "that pass through (NAT, load balancer, endpoint)", 1, 50, 500),
    "ingestedGibPerMonth": _quantity("GiB a month", "of logs or metrics taken in", 1, 5, 50),
    "crossRegionGibPerMonth": _quantity("GiB a month", "sent to another region", 0, 10, 100),
    "onDemandShare": _quantity("share 0–1", "of spot capacity that falls back to on demand", 0, 0.1, 1, most=1, grows=False),
    "queries": _quantity("queries a month", "that scan stored data", 0, 100, 1000),
    "scannedGibPerMonth": _quantity("GiB a month", "scanned by queries", 0, 10, 100),
    "inputTokensPerMonth": _quantity("tokens a month", "read by a hosted model", 1_000_000, 10_000_000, 100_000_000),
    "outputTokensPerMonth": _quantity("tokens a month", "written by a hosted model", 100000, 1_000_000, 10_000_000),
    "operationsPerMonth": _quantity("operations a month", "on keys, secrets or metadata", 1000, 100000, 1_000_000),
}
