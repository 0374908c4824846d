"""Which quotas a node counts against, and how much of each; the table is facts/quotas.csv."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Final

from rehearsal.capacity.demand import Node
from rehearsal.facts import FACTS_FOLDER
from rehearsal.scenario import Market, Scenario

_AZURE_SIZE: Final = re.compile(r"^Standard_([A-Z]+)\d+(?:-\d+)?(\w*)$")
# The limit that a look-up gives where the scenario sets none.
AMPLE: Final = 100_000
# One quota whose limit holds for each family of machines on its own.
_PER_FAMILY: Final = "TPUS_PER_TPU_FAMILY"
# Flex-start takes preemptible quota (GKE documentation: flex-start, quotas), a bought reservation counts as what runs on demand.
_COUNTS_AS: Final[dict[str, str]] = {"flexStart": "spot", "reserved": "onDemand"}


@dataclass(frozen=True)
class MachineQuota:
    """A limit on the vCPUs, GPUs or TPU chips of the machines that its patterns mean; `new_account` is what a new account gets.

    One without patterns is of something else, and only looked up.
    """

    cloud: str
    market: str
    patterns: tuple[str, ...]
    name: str
    code: str
    unit: str
    new_account: float | None
    is_global: bool

    @property
    def identity(self) -> tuple[str, ...]:
        """What is counted together."""
        return (self.cloud, self.name, *(self.patterns if self.name == _PER_FAMILY else ()))

    def covers(self, cloud: str, market: Market, names: Iterable[str]) -> bool:
        """Tell whether a machine by any of these names counts against it."""
        if (self.cloud, self.market) != (cloud, _COUNTS_AS.get(market, market)):
            return False
        return any(fnmatchcase(name, pattern) or name.startswith(f"{pattern}-") for name in names for pattern in self.patterns)

    def limit(self, scenario: Scenario, region: str) -> float | None:
        """Give the scenario's limit in a region, or a new account's where it plays one; None is no limit."""
        for quota in scenario.machine_quotas:
            if quota.region in (None, region) and any(fnmatchcase(text, quota.quota) for text in (self.name, self.code)):
                return quota.limit
        return self.new_account if scenario.new_account else None


def quotas_of(node: Node) -> list[MachineQuota]:
    """Give the quotas that a node counts against; one that runs in a reservation or block counts with that."""
    if node.reservation or node.market == "block":
        return []
    return [quota for quota in all_quotas() if quota.covers(node.cloud, node.market, _names(node))]


def amount(quota: MachineQuota, node: Node) -> float:
    """Give how much of a quota a node takes, in the quota's unit."""
    return node.machine.vcpus if quota.unit == "vCPU" else node.machine.accelerators


def _names(node: Node) -> list[str]:
    series = _AZURE_SIZE.sub(r"\1\2", node.machine_type) if node.cloud == "azure" else node.machine_type
    return [series, f"gpu-{node.attached}"] if node.attached else [series]


@cache
def all_quotas() -> tuple[MachineQuota, ...]:
    """Give every quota of the table."""
    with (FACTS_FOLDER / "quotas.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_read(row) for row in csv.DictReader(file))


def _read(row: dict[str, str]) -> MachineQuota:
    return MachineQuota(
        cloud=row["cloud"],
        market=row["market"],
        patterns=tuple(row["machines"].split()),
        name=row["quota"],
        code=row["code"],
        unit=row["unit"],
        new_account=float(row["new_account"]) if row["new_account"] else None,
        is_global=row["scope"] == "global",
    )
