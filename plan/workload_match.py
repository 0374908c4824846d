"""Which pool a workload lands on, and what keeps it off each of the others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plan.contents_request import ContentsRequest
from plan.model import NodePoolPlan, RungPlan, Taint, Toleration
from plan.node_labels import labels_of

# In the order in which they are told: what a workload says first, and what the scheduler looks at first.
FIELDS = ("nodeSelector", "tolerations", "resource", "accelerators")


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What a workload says of its nodes: labels, what it tolerates, and which resource it wants how many of; empty is none."""

    selector: Mapping[str, str]
    tolerations: tuple[Toleration, ...]
    resource: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """What keeps a workload off a pool: the field that says so, and what the pool offers instead."""

    field: str
    offer: str


@dataclass(frozen=True, kw_only=True)
class Near:
    """A pool with all that keeps the workload off it; nothing where it lands there."""

    pool: NodePoolPlan
    obstacles: tuple[Obstacle, ...]


def matches(request: ContentsRequest, ask: Ask) -> Sequence[Near]:
    """Every pool, the one with the fewest obstacles first, the cheapest of equals; a pool of the cluster's own add-ons last."""
    near = [Near(pool=pool, obstacles=obstacles(request, pool, ask)) for pool in request.pools]
    return sorted(near, key=lambda each: (len(each.obstacles), each.pool.system, _price(each.pool), each.pool.name))


def obstacles(request: ContentsRequest, pool: NodePoolPlan, ask: Ask) -> tuple[Obstacle, ...]:
    """What keeps the workload off a pool, over the rung that it comes nearest to."""
    each = [tuple(_of_rung(request, pool, rung, ask)) for rung in pool.rungs]
    of_nodes = min(each, key=len, default=())
    return (*of_nodes, *_of_devices(pool, ask))


def tolerates(toleration: Toleration, taint: Taint) -> bool:
    """Whether this lets a pod past the taint. Source: Kubernetes documentation, Taints and Tolerations."""
    if toleration.effect and toleration.effect != taint.effect:
        return False
    if toleration.operator == "Exists":
        return toleration.key in ("", taint.key)
    return toleration.key == taint.key and toleration.value == taint.value


def _of_rung(request: ContentsRequest, pool: NodePoolPlan, rung: RungPlan, ask: Ask) -> Iterator[Obstacle]:
    labels = labels_of(request, pool, rung)
    for key, value in sorted(ask.selector.items()):
        if value not in labels.get(key, frozenset()):
            carried = ", ".join(sorted(labels[key])) if key in labels else None
            yield Obstacle(field="nodeSelector", offer=f"{key}: {carried}" if carried else f"no label {key}")
    for taint in rung.taints:
        if taint.effect != "PreferNoSchedule" and not any(tolerates(each, taint) for each in ask.tolerations):
            yield Obstacle(field="tolerations", offer=f"the taint {written(taint)}")


def _of_devices(pool: NodePoolPlan, ask: Ask) -> Iterator[Obstacle]:
    if not ask.resource:
        return
    if ask.resource != pool.resource:
        yield Obstacle(field="resource", offer=pool.resource or "no accelerators")
    elif ask.amount > pool.resources_per_node:
        yield Obstacle(field="accelerators", offer=f"{pool.resources_per_node} {pool.resource} a node")


def written(taint: Taint) -> str:
    """A taint as kubectl writes it."""
    return f"{taint.key}{'=' + taint.value if taint.value else ''}:{taint.effect}"


def _price(pool: NodePoolPlan) -> float:
    return pool.machine.usd_per_hour if pool.machine.usd_per_hour is not None else float("inf")
