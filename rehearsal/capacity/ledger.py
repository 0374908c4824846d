"""Whether a region has the nodes that are asked for: reservations, quotas, shortages and stock, in the order a cloud looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rehearsal.capacity.demand import SOMEWHERE, Demand, Node
from rehearsal.capacity.quotas import MachineQuota, amount, quotas_of
from rehearsal.capacity.reservations import Reservation, named, reservations
from rehearsal.capacity.store import Held, add_node, held_nodes, remove_nodes
from rehearsal.scenario import Scenario, Shortage, Stock
from rehearsal.state import SimulatedCloud


@dataclass(frozen=True)
class Denial:
    """Why a node does not come up.

    `quota`: of `limit` `used` is taken; `stock`: the zone has none; `soldOut`: nor has the region, in any market; `full`: the reservation
    is; `unknown`: it does not exist. `wanted` is the number of nodes that were asked for, `demand` whose they are.
    """

    kind: Literal["quota", "stock", "soldOut", "full", "unknown"]
    demand: Demand
    node: Node
    quota: MachineQuota | None = None
    limit: float = 0
    used: float = 0

    def briefly(self) -> str:
        """Give the reason in a few words, for a line that tells what was passed over."""
        if self.quota:
            where = "" if self.quota.is_global else f" in {self.node.region}"
            return f"quota {self.quota.name!r} of {self.limit:g}{where} is used up"
        if self.kind in ("full", "unknown"):
            return f"reservation {self.demand.reservation.rsplit('/', 1)[-1]} {'is full' if self.kind == 'full' else 'does not exist'}"
        market = "" if self.node.market == "onDemand" else f"{self.node.market} "
        place = self.node.zone if len(self.demand.zones) == 1 and self.node.zone else self.node.region
        return f"no {market}{self.node.machine_type} in {place}"


class Ledger:
    """The nodes of a rehearsal's regions, counted against what the scenario says there is."""

    def __init__(self, cloud: SimulatedCloud, scenario: Scenario) -> None:
        self._cloud = cloud
        self._scenario = scenario

    def grant(self, holder: str, demands: Sequence[Demand]) -> list[tuple[str, Node]] | Denial:
        """Give the new nodes (with their pools) by which a resource comes to what it asks for, or why there are none; changes nothing."""
        held = held_nodes(self._cloud)
        kept, released = _kept(held, holder, demands)
        running = [each.node for each in held if each.id not in released]
        granted: list[tuple[str, Node]] = []
        for demand in demands:
            for _ in range(demand.count - kept.get(demand, 0)):
                found = self.place(demand, [*running, *(node for _, node in granted)])
                if isinstance(found, Denial):
                    return found
                granted.append((demand.pool, found))
        return granted

    def take(self, holder: str, demands: Sequence[Demand], granted: Sequence[tuple[str, Node]]) -> None:
        """Let a resource hold what was granted, and give back what it asks for no longer."""
        _, released = _kept(held_nodes(self._cloud), holder, demands)
        remove_nodes(self._cloud, sorted(released))
        for pool, node in granted:
            add_node(self._cloud, holder, pool, node)

    def place(self, demand: Demand, running: Sequence[Node]) -> Node | Denial:
        """Give one more node of a demand beside those that run: of the first machine type and the least used zone that has it."""
        denied: Denial | None = None
        existing = reservations(self._cloud)
        for machine_type in demand.machine_types:
            for zone in _by_use(demand, running):
                found = self._in_zone(demand, machine_type, zone, running, existing)
                if not isinstance(found, Denial):
                    return found
                denied = denied or found
        assert denied is not None, f"{demand} names no machine type"
        return denied

    def _in_zone(self, demand: Demand, machine_type: str, zone: str, running: Sequence[Node], existing: list[Reservation]) -> Node | Denial:
        if demand.reservation and not demand.purchase:
            reserved = _in_reservation(demand, machine_type, zone, running, existing)
            if not isinstance(reserved, Denial) or demand.cloud != "azure" or reserved.kind == "unknown":
                return reserved  # Azure puts more machines than a group reserves beside it, on demand
        node = demand.one(machine_type, zone)
        if demand.open_reservations and node.market == "onDemand":
            for each in existing:
                if each.is_open and each.fits(node) and _used_of(each, running) < each.count:
                    return demand.one(machine_type, zone, each.id)
        return self._check_quotas(demand, node, running) or self._check_stock(demand, node, running) or node

    def _check_quotas(self, demand: Demand, node: Node, running: Sequence[Node]) -> Denial | None:
        for quota in quotas_of(node):
            limit = quota.limit(self._scenario, node.region)
            if limit is None:
                continue
            used = sum(_counted(quota, each) for each in running if quota.is_global or each.region == node.region)
            if used + amount(quota, node) > limit:
                return Denial("quota", demand, node, quota, limit, used)
        return None

    def _check_stock(self, demand: Demand, node: Node, running: Sequence[Node]) -> Denial | None:
        for shortage in self._scenario.shortages:
            if _is_short(shortage, node):
                everywhere = shortage.zone is None and shortage.market is None
                return Denial("soldOut" if everywhere else "stock", demand, node)
        for stock in self._scenario.stock:
            if _is_stocked(stock, node) and _taken(stock, [*running, node]) > stock.available:
                return Denial("stock", demand, node)
        return None


def _kept(held: Sequence[Held], holder: str, demands: Sequence[Demand]) -> tuple[dict[Demand, int], set[int]]:
    """Give how many nodes of each demand run already, and which nodes of the holder are wanted no longer; what came for workloads stays."""
    own = [each for each in held if each.holder == holder and not each.scaled]
    kept: dict[Demand, int] = {}
    staying: set[int] = set()
    for demand in demands:
        fitting = [each for each in own if each.id not in staying and _is_of(each, demand)][: demand.count]
        kept[demand] = len(fitting)
        staying |= {each.id for each in fitting}
    return kept, {each.id for each in own} - staying


def _is_of(held: Held, demand: Demand) -> bool:
    node = held.node
    same = held.pool == demand.pool and node.machine_type in demand.machine_types and node.zone in demand.zones
    return same and (node.market, node.attached, node.attached_count) == (demand.market, demand.attached, demand.attached_count)


def _by_use(demand: Demand, running: Sequence[Node]) -> list[str]:
    uses = {zone: sum(1 for node in running if node.zone == zone and node.machine_type in demand.machine_types) for zone in demand.zones}
    return sorted(demand.zones, key=lambda zone: uses[zone])


def _in_reservation(demand: Demand, machine_type: str, zone: str, running: Sequence[Node], existing: list[Reservation]) -> Node | Denial:
    node = demand.one(machine_type, zone)
    if demand.reservation == SOMEWHERE:
        return demand.one(machine_type, zone, SOMEWHERE)
    wanted = named(existing, demand.reservation)
    if not wanted:
        return Denial("unknown", demand, node)
    for each in wanted:
        if each.fits(node) and _used_of(each, running) < each.count:
            return demand.one(machine_type, zone, each.id)
    return Denial("full", demand, node)


def _used_of(reservation: Reservation, running: Sequence[Node]) -> int:
    return sum(1 for node in running if node.reservation == reservation.id)


def _counted(quota: MachineQuota, node: Node) -> float:
    return next((amount(each, node) for each in quotas_of(node) if each.identity == quota.identity), 0)


def _is_short(shortage: Shortage, node: Node) -> bool:
    accelerator = node.machine.accelerator
    of_it = node.is_of(shortage.machine, None) or (accelerator != "" and accelerator.lower() == shortage.machine.lower())
    return of_it and all(_where(shortage.market, shortage.region, shortage.zone, node))


def _is_stocked(stock: Stock, node: Node) -> bool:
    return (
        node.is_of(stock.machine, stock.accelerator) and not node.reservation and all(_where(stock.market, stock.region, stock.zone, node))
    )


def _where(market: str | None, region: str | None, zone: str | None, node: Node) -> Iterator[bool]:
    """What a cloud reserves, it takes from what it sells on demand."""
    yield market in (None, node.market) or (market == "onDemand" and node.market == "reserved")
    yield region in (None, node.region)
    yield zone in (None, node.zone)


def _taken(stock: Stock, nodes: Sequence[Node]) -> float:
    return sum(1 if stock.machine else node.machine.accelerators for node in nodes if _is_stocked(stock, node))
