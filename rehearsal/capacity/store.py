"""The nodes that run, in the rehearsal's database: who holds them, and whether an autoscaler added them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from typing import Final

from rehearsal.capacity.demand import Node
from rehearsal.state import SimulatedCloud

_FIELDS: Final = ", ".join(field.name for field in fields(Node))


@dataclass(frozen=True)
class Held:
    """A node with its number, the resource that holds it, its pool there, and whether it came for a workload."""

    id: int
    holder: str
    pool: str
    scaled: bool
    node: Node


def held_nodes(cloud: SimulatedCloud) -> list[Held]:
    """Give every node, oldest first."""
    rows = cloud.query(f"SELECT id, holder, pool, scaled, {_FIELDS} FROM nodes ORDER BY id")
    return [Held(row[0], row[1], row[2], bool(row[3]), Node(*row[4:])) for row in rows]


def add_node(cloud: SimulatedCloud, holder: str, pool: str, node: Node, *, scaled: bool = False) -> int:
    """Add a node and give its number."""
    marks = ", ".join("?" * (3 + len(fields(Node))))
    values = (holder, pool, int(scaled), *astuple(node))
    return int(cloud.query(f"INSERT INTO nodes (holder, pool, scaled, {_FIELDS}) VALUES ({marks}) RETURNING id", values)[0][0])


def remove_nodes(cloud: SimulatedCloud, numbers: Sequence[int]) -> None:
    """Remove nodes and what runs on them."""
    for number in numbers:
        cloud.query("DELETE FROM nodes WHERE id = ?", (number,))
        cloud.query("DELETE FROM pods WHERE node = ?", (number,))
