"""What planning a node pool must know of a machine type beyond its shape: processor, fabric, placement, local disks."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Literal, cast

from catalogue.rows import rows

_FILE = Path(__file__).parent / "data" / "machine_facts.csv"

Architecture = Literal["amd64", "arm64"]
Fabric = Literal["efa", "gpudirect-tcpx", "gpudirect-tcpxo", "gpudirect-rdma", "infiniband"]


@dataclass(frozen=True, kw_only=True)
class MachineFacts:
    """Facts of one machine type.

    fabric: the network between nodes that accelerators use, None where there is none; fabric_interfaces: how many of its interfaces one
    node has, 0 without; fabric_first_card: the network card that carries the first of them (EFA: card 0, or 1 where card 0 is ENA only).
    compact_placement: whether the provider packs such machines together (AWS cluster placement group, Google compact placement policy,
    Azure proximity placement group). local_ssd_gib: over all local SSDs that come with the machine, 0 where none is known to.
    max_pods: pods a node can hold with the provider's own network add-on at its defaults, None where not known.
    accelerator_resource: what a pod asks for, such as nvidia.com/gpu; None without an accelerator. pattern: the row that was found.
    """

    provider: str
    pattern: str
    architecture: Architecture
    fabric: Fabric | None
    fabric_interfaces: int
    fabric_first_card: int
    compact_placement: bool
    local_ssd_gib: float
    local_ssd_count: int
    burstable: bool
    max_pods: int | None
    accelerator_resource: str | None
    as_of: str
    source: str


@cache
def machine_facts(provider: str, instance_type: str) -> MachineFacts | None:
    """The facts of a machine type, from its own row or from the longest pattern that fits; None where neither is on record."""
    exact = _exact().get((provider, instance_type))
    if exact is not None:
        return _facts(exact)
    fitting = (row for row in _patterns() if row["provider"] == provider and fnmatchcase(instance_type, row["pattern"]))
    longest = max(fitting, key=lambda row: len(row["pattern"]), default=None)
    return None if longest is None else _facts(longest)


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    return tuple(rows(_FILE))


@cache
def _exact() -> Mapping[tuple[str, str], Mapping[str, str]]:
    return {(row["provider"], row["pattern"]): row for row in _rows() if "*" not in row["pattern"]}


@cache
def _patterns() -> tuple[Mapping[str, str], ...]:
    return tuple(row for row in _rows() if "*" in row["pattern"])


def _facts(row: Mapping[str, str]) -> MachineFacts:
    return MachineFacts(
        provider=row["provider"],
        pattern=row["pattern"],
        architecture=cast(Architecture, row["architecture"]),
        fabric=cast(Fabric, row["fabric"]) if row["fabric"] else None,
        fabric_interfaces=int(row["fabric_interfaces"] or 0),
        fabric_first_card=int(row["fabric_first_card"] or 0),
        compact_placement=row["compact_placement"] == "yes",
        local_ssd_gib=float(row["local_ssd_gib"] or 0),
        local_ssd_count=int(row["local_ssd_count"] or 0),
        burstable=row["burstable"] == "yes",
        max_pods=int(row["max_pods"]) if row["max_pods"] else None,
        accelerator_resource=row["accelerator_resource"] or None,
        as_of=row["as_of"],
        source=row["source"],
    )
