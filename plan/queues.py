"""Plans Kueue's queues: each pool a flavor, each team a queue with its own part of them, which it lends while it does not need it."""

from collections.abc import Mapping, Sequence

from plan.contents_request import ContentsRequest
from plan.model import QueueFlavorPlan, QueuePlan, ShareQuotaPlan, TeamPlan

COHORT = "teams"


def plan_flavors(request: ContentsRequest) -> tuple[QueueFlavorPlan, ...]:
    """One flavor for each pool with accelerators; processors and memory are not queued for."""
    return tuple(
        QueueFlavorPlan(
            name=pool.name,
            node_labels=pool.selector,
            tolerations=pool.tolerations,
            quota={pool.resource: str(request.most_of(pool))},
            queued=any(rung.queued for rung in pool.rungs),
        )
        for pool in request.pools
        if pool.resource
    )


def plan_queues(request: ContentsRequest, teams: Sequence[TeamPlan], flavors: Sequence[QueueFlavorPlan]) -> tuple[QueuePlan, ...]:
    """One queue for each team that has one. What the teams may ask for beyond what a pool has is shared out in proportion."""
    queued = [team for team in teams if team.queue]
    if not queued or not flavors:
        return ()
    shares: dict[str, dict[str, dict[str, ShareQuotaPlan]]] = {team.name: {} for team in queued}
    for flavor in flavors:
        for resource, capacity in flavor.quota.items():
            for name, share in _shared_out(request, flavor.name, resource, int(capacity), queued).items():
                shares[name].setdefault(resource, {})[flavor.name] = share
    return tuple(QueuePlan(name=team.name, cohort=COHORT, namespace=team.namespace, shares=shares[team.name]) for team in queued)


def _shared_out(
    request: ContentsRequest, flavor: str, resource: str, capacity: int, teams: Sequence[TeamPlan]
) -> Mapping[str, ShareQuotaPlan]:
    wanted = {team.name: min(capacity, _quota(team, resource, capacity)) for team in teams}
    together = sum(wanted.values())
    own = wanted if together <= capacity else parts(capacity, wanted)
    if own != wanted:
        told = ", ".join(f"{name} {own[name]} of {wanted[name]}" for name in wanted)
        reason = f"teams may ask for {together} of the {capacity} there are: each has its part for itself, and borrows what others leave"
        request.decide(f"nodePools.{flavor}.shares", told, reason)
    return {name: ShareQuotaPlan(nominal=str(own[name]), borrowing=str(wanted[name] - own[name])) for name in wanted}


def parts(capacity: int, wanted: Mapping[str, int]) -> dict[str, int]:
    """Whole parts of a capacity in proportion to what is wanted, nothing left over: the largest remainders get one more."""
    together = sum(wanted.values())
    exact = {name: capacity * amount / together for name, amount in wanted.items()}
    own = {name: int(amount) for name, amount in exact.items()}
    by_remainder = sorted(wanted, key=lambda name: (own[name] - exact[name], name))
    for name in by_remainder[: capacity - sum(own.values())]:
        own[name] += 1
    return own


def _quota(team: TeamPlan, resource: str, capacity: int) -> int:
    return int(team.quota.hard.get(f"requests.{resource}", capacity)) if team.quota else capacity
