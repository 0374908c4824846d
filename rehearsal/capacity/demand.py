"""What a resource asks of its region: nodes of a machine type, in zones, in a market."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Final

from rehearsal.capacity.machines import Machine, accelerator_named, machine
from rehearsal.scenario import Market

# A reservation that cannot be looked up, such as a resource group of AWS that holds some: it is taken to have what is asked for.
SOMEWHERE: Final = "somewhere"


@dataclass(frozen=True)
class Demand:
    """Nodes of one pool. Of `machine_types` the first that there is is taken; `reservation` names the one to take them from,
    `open_reservations` lets them fill any that fits. A `purchase` is a reservation itself.
    """

    cloud: str
    region: str
    zones: tuple[str, ...]
    machine_types: tuple[str, ...]
    market: Market = "onDemand"
    count: int = 1
    pool: str = ""
    attached: str = ""
    attached_count: float = 0
    reservation: str = ""
    open_reservations: bool = False
    purchase: bool = False

    def one(self, machine_type: str, zone: str, reservation: str = "") -> Node:
        """Give the node of a machine type in a zone."""
        return Node(self.cloud, self.region, zone, machine_type, self.market, self.attached, self.attached_count, reservation)

    def counting(self, count: int) -> Demand:
        """Give the same demand for another number of nodes."""
        return replace(self, count=count)


@dataclass(frozen=True)
class Node:
    """One machine that runs, or that a reservation keeps."""

    cloud: str
    region: str
    zone: str
    machine_type: str
    market: Market
    attached: str = ""
    attached_count: float = 0
    reservation: str = ""

    @property
    def machine(self) -> Machine:
        """What the machine type has, with the accelerators that are attached to it."""
        known = machine(self.cloud, self.machine_type)
        if not self.attached:
            return known
        named = accelerator_named(self.attached)
        count = self.attached_count or known.accelerators
        return replace(known, accelerator=named, accelerators=count, resource="nvidia.com/gpu", gke_name=self.attached)

    def is_of(self, machine_pattern: str | None, accelerator: str | None) -> bool:
        """Tell whether a word of a scenario means this node: a machine type's pattern, or an accelerator by either name."""
        if accelerator is not None:
            return accelerator.lower() in (self.machine.accelerator.lower(), self.machine.gke_name.lower())
        assert machine_pattern is not None
        names = (self.machine_type, self.attached, self.machine.gke_name if self.cloud == "gcp" else "")
        return any(fnmatchcase(name, machine_pattern) for name in names if name)
