"""The rungs of a pool: one group of nodes for each kind of capacity, with its share of minimum and maximum."""

from collections.abc import Mapping

from plan.model import ReservationPlan, RungPlan, Taint
from plan.pool_choice import Choice
from plan.pool_request import TRANSIENT, PoolRequest
from plan.pool_rules import NodePoolRules
from plan.provisioner import must_be_group

_KINDS: Mapping[str, str] = {
    "reserved": "reserved",
    "block": "block",
    "onDemand": "on-demand",
    "flexStart": "flex-start",
    "spot": "spot",
}
_LONGEST_RUN_HOURS = 168
_FLEX = "Google Cloud, About GPU, TPU and H4D provisioning with flex-start: https://cloud.google.com/kubernetes-engine/docs/concepts/dws"
_NO_CAP = "Kubernetes, cluster autoscaler FAQ: minimum and maximum are those of one node group"


def rung_name(pool: str, kind: str, *, alone: bool) -> str:
    """The rung's logical name: the pool's own where it has no other rung."""
    return pool if alone else f"{pool}-{_KINDS[kind]}"


def plan_rungs(
    request: PoolRequest,
    rules: NodePoolRules,
    choice: Choice,
    zones: tuple[str, ...],
    nodes: tuple[int, int],
    labels: Mapping[str, Mapping[str, str]],
    taints: Mapping[str, tuple[Taint, ...]],
    immutable: tuple[object, ...],
) -> tuple[RungPlan, ...]:
    """The rungs in the order in which they are tried. labels, taints: of the nodes of each kind."""
    kinds = request.ladder
    reservations = {kind: _reservation(request, rules, kind, zones, nodes[1]) for kind in kinds}
    mosts = {kind: _most(reservations[kind], nodes[1]) for kind in kinds}
    leasts = _leasts(kinds, nodes[0], mosts)
    _decide_total(request, nodes[1], mosts)
    group = must_be_group(request.pool, kinds, request.cloud, system=request.system)
    provisioner = "karpenter" if request.provisioner == "karpenter" and group is None else "group"
    rungs: list[RungPlan] = []
    for priority, kind in enumerate(kinds):
        name = rung_name(request.name, kind, alone=len(kinds) == 1)
        reservation = reservations[kind]
        own_zones = reservation.zones if reservation and reservation.zones else zones
        rungs.append(
            RungPlan(
                name=name,
                provisioner=provisioner,
                pool_name=rules.pool_name(name, (kind, own_zones, *immutable)) if provisioner == "group" else None,
                capacity=kind,
                priority=priority,
                min_nodes=leasts[kind],
                max_nodes=mosts[kind],
                zones=own_zones,
                node_labels=labels[kind],
                taints=taints[kind],
                reservation=reservation,
                queued=kind == "flexStart" and bool(request.pool.queued),
                max_run_seconds=_run_seconds(request, kind),
                spot_max_usd_per_hour=request.pool.spot_max_usd_per_hour if kind == "spot" else None,
            )
        )
    return tuple(rungs)


def _leasts(kinds: tuple[str, ...], least: int, mosts: Mapping[str, int]) -> Mapping[str, int]:
    """The minimum, on the first rungs that stay; on transient ones only where there are no others."""
    lasting = [kind for kind in kinds if kind not in TRANSIENT] or list(kinds)
    shares = dict.fromkeys(kinds, 0)
    for kind in lasting:
        shares[kind] = min(least, mosts[kind])
        least -= shares[kind]
    return shares


def _most(reservation: ReservationPlan | None, most: int) -> int:
    return min(reservation.count, most) if reservation is not None and reservation.count else most


def _decide_total(request: PoolRequest, most: int, mosts: Mapping[str, int]) -> None:
    if len(mosts) > 1:
        total = sum(mosts.values())
        reason = f"each rung may hold all it can take, so {total} nodes could stand for a while; what waits asks for {most} at most"
        request.decide("nodes.max", f"{most} on each rung", reason, _NO_CAP)


def _run_seconds(request: PoolRequest, kind: str) -> int | None:
    if kind != "flexStart":
        return None
    hours = request.pool.max_run_hours
    if hours is None:
        hours = _LONGEST_RUN_HOURS
        request.decide("maxRunHours", hours, "the longest that flex-start lets a node run", _FLEX)
    return hours * 3600


def _reservation(request: PoolRequest, rules: NodePoolRules, kind: str, zones: tuple[str, ...], most: int) -> ReservationPlan | None:
    if kind == "block" and request.pool.block is not None:
        return _block(request, rules, zones)
    asked = request.pool.reservation
    if kind != "reserved" or asked is None:
        return None
    if asked.existing is not None:
        return ReservationPlan(existing=asked.existing, zones=_one_zone(request, rules, asked.existing, zones))
    count = asked.create or 0
    if count > most:
        problem = f"is more than nodes.max, {most}, and each is billed whether it runs or not"
        request.fault("reservation.create", count, problem, allowed=f"1 to {most}", fix=f"write create: {most}, or raise nodes.max")
    return ReservationPlan(count=count, zones=zones[:1])


def _one_zone(request: PoolRequest, rules: NodePoolRules, existing: str, zones: tuple[str, ...]) -> tuple[str, ...]:
    if rules.LIMITS.reservation_has_zone and len(zones) > 1:
        problem = "stands in one zone, and the pool does not say in which"
        allowed = f"zones: [ZONE], one of {', '.join(zones)}"
        source = rules.LIMITS.reservation_source
        request.fault(
            "reservation.existing", existing, problem, allowed=allowed, fix="add zones with the reservation's zone", source=source
        )
    return zones


def _block(request: PoolRequest, rules: NodePoolRules, zones: tuple[str, ...]) -> ReservationPlan:
    assert request.pool.block is not None
    zone = request.pool.block.zone
    if zone is None and len(zones) > 1 and "block" not in rules.LIMITS.no_capacity:
        problem = "says in which zone the block stands"
        allowed = f"one of {', '.join(zones)}"
        source = rules.LIMITS.block_source
        request.fault(
            "block.zone", None, problem, allowed=allowed, fix="add block.zone, as it stands in the block's reservation", source=source
        )
    return ReservationPlan(existing=request.pool.block.existing, zones=(zone,) if zone else zones[:1])
