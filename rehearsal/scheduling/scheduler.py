"""Places a workload's pods: on nodes that are there, else on those that the first pool of the ladder gets that can."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from rehearsal.capacity.claims import GRANTING
from rehearsal.capacity.demand import Node
from rehearsal.capacity.ledger import Denial, Ledger
from rehearsal.capacity.store import Held, add_node, held_nodes, remove_nodes
from rehearsal.events import Events
from rehearsal.scheduling.clusters import Cluster, cluster_at, objects_of
from rehearsal.scheduling.fitting import short_of
from rehearsal.scheduling.ladder import ladder_for
from rehearsal.scheduling.pools import Pool, pools_of
from rehearsal.scheduling.workload import Workload
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import as_text, lookup

# A program's resources come in any order: an autoscaler or a pool may still be on its way when the pods come.
QUIET_SECONDS: Final = 1.0
_LONGEST_WAIT_SECONDS: Final = 60.0
# From the need of a node to its being ready (general knowledge: one to three minutes on each cloud).
_NODE_SECONDS: Final = 90


@dataclass
class _Plan:
    """Where pods go: on the numbered nodes or on new ones (by their place in `new`); `passed` says why pools were passed over."""

    new: list[tuple[Pool, Node]] = field(default_factory=list[tuple[Pool, Node]])
    on_new: list[int] = field(default_factory=list[int])
    on_held: list[int] = field(default_factory=list[int])
    passed: dict[str, str] = field(default_factory=dict[str, str])
    missing: int = 0


class Scheduler:
    """The pods of every cluster that the rehearsal made; others take whatever comes."""

    def __init__(self, cloud: SimulatedCloud, events: Events) -> None:
        self._cloud = cloud
        self._events = events
        self._ledger = Ledger(cloud, events.scenario)

    def arrive(self, resource: Resource, workload: Workload) -> list[str]:
        """Place a workload's pods anew and give why it does not become ready; nothing in a cluster from elsewhere."""
        cluster = cluster_at(self._cloud, resource.place)
        if cluster is None:
            return []
        waiting = self._waiting(cluster, workload)
        if waiting:
            self.leave(resource.key)
            self._remember(resource, f"{workload.name}: {waiting}")
            return []
        plan = self._settled_plan(cluster, resource, workload)
        if plan.new:
            self._events.wait(_NODE_SECONDS)
        return self._told(cluster, workload, plan) if plan.missing and workload.awaited else []

    def leave(self, key: str) -> None:
        """Take a workload's pods away and give back the nodes that came for pods and have none."""
        with GRANTING:
            self._cloud.query("DELETE FROM pods WHERE workload = ?", (key,))
            self._cloud.query("DELETE FROM placements WHERE workload = ?", (key,))
            idle = self._cloud.query("SELECT id FROM nodes WHERE scaled AND id NOT IN (SELECT node FROM pods)")
            remove_nodes(self._cloud, [int(row[0]) for row in idle])

    def _waiting(self, cluster: Cluster, workload: Workload) -> str:
        """Kueue lets a suspended Job run once its LocalQueue and that one's ClusterQueue are there."""
        if not workload.suspended:
            return ""
        if not workload.queue:
            return "suspended"
        queues = objects_of(self._cloud, cluster.place, "LocalQueue", "kueue.x-k8s.io")
        local = next((each for each in queues if each.id == f"{workload.namespace}/{workload.queue}"), None)
        if local is None:
            return f"waits for admission: no LocalQueue {workload.queue} in {workload.namespace}"
        wanted = as_text(lookup(local.inputs, ("spec", "clusterQueue")))
        found = any(each.name == wanted for each in objects_of(self._cloud, cluster.place, "ClusterQueue", "kueue.x-k8s.io"))
        return "" if found else f"waits for admission: no ClusterQueue {wanted}"

    def _settled_plan(self, cluster: Cluster, resource: Resource, workload: Workload) -> _Plan:
        """Try until it fits, or nothing has changed in the clouds for a while."""
        ended = time.monotonic() + _LONGEST_WAIT_SECONDS
        quiet_since, changes = time.monotonic(), -1
        while True:
            with GRANTING:
                self.leave(resource.key)
                plan = self._plan(cluster, workload)
                if not plan.missing:
                    self._carry_out(resource, workload, plan)
                    return plan
                if self._cloud.changes != changes:
                    quiet_since = time.monotonic()
            if time.monotonic() - quiet_since >= QUIET_SECONDS or time.monotonic() > ended:
                with GRANTING:
                    self._remember(resource, _outcome(workload, plan))
                return plan
            changes = self._cloud.changes
            time.sleep(QUIET_SECONDS / 4)

    def _plan(self, cluster: Cluster, workload: Workload) -> _Plan:
        workload, ladder = ladder_for(self._cloud, cluster, workload)
        plan = _Plan()
        fitting = [found for pool in ladder if (found := _restricted(pool, workload, plan))]
        held = held_nodes(self._cloud)
        used = self._used()
        for _ in range(workload.pods):
            if not (self._on_held(workload, fitting, held, used, plan) or self._on_new(workload, fitting, held, plan)):
                plan.missing += 1
        return plan

    def _on_held(
        self, workload: Workload, fitting: Sequence[Pool], held: Sequence[Held], used: dict[int, Counter[str]], plan: _Plan
    ) -> bool:
        for pool in fitting:
            for each in held:
                of_pool = (each.holder, each.pool) == (pool.holder, pool.name) and workload.accepts(pool.labels_of(each.node))
                if of_pool and short_of(each.node, pool.shares, workload.requests, used.setdefault(each.id, Counter())) is None:
                    used[each.id].update(workload.requests)  # pyright: ignore[reportArgumentType]  # amounts, not counts
                    plan.on_held.append(each.id)
                    return True
        return False

    def _on_new(self, workload: Workload, fitting: Sequence[Pool], held: Sequence[Held], plan: _Plan) -> bool:
        for index, (pool, node) in enumerate(plan.new):
            load: Counter[str] = Counter()
            for other in plan.on_new:
                if other == index:
                    load.update(workload.requests)  # pyright: ignore[reportArgumentType]  # amounts, not counts
            if short_of(node, pool.shares, workload.requests, load) is None:
                plan.on_new.append(index)
                return True
        for pool in fitting:
            node = self._grown(pool, held, plan)
            if isinstance(node, str):
                plan.passed[pool.name] = _joined(plan.passed.get(pool.name), node)
                continue
            plan.new.append((pool, node))
            plan.on_new.append(len(plan.new) - 1)
            return True
        return False

    def _grown(self, pool: Pool, held: Sequence[Held], plan: _Plan) -> Node | str:
        """Give one more node of a pool, or why there is none."""
        if pool.fixed:
            return pool.fixed
        own = [each for each in held if (each.holder, each.pool) == (pool.holder, pool.name)]
        size = len(own) + sum(1 for other, _ in plan.new if other.name == pool.name)
        if pool.maximum is not None and size >= pool.maximum:
            return f"at its maximum of {pool.maximum:g}"
        running = [each.node for each in held] + [node for _, node in plan.new]
        found = self._ledger.place(pool.demand, running)
        return found.briefly() if isinstance(found, Denial) else found

    def _used(self) -> dict[int, Counter[str]]:
        used: dict[int, Counter[str]] = {}
        for number, requests in self._cloud.query("SELECT node, requests FROM pods"):
            used.setdefault(int(number), Counter()).update(json.loads(requests))
        return used

    def _carry_out(self, resource: Resource, workload: Workload, plan: _Plan) -> None:
        numbers = [add_node(self._cloud, pool.holder, pool.name, node, scaled=True) for pool, node in plan.new]
        requests = json.dumps(dict(workload.requests))
        for number in [*plan.on_held, *(numbers[index] for index in plan.on_new)]:
            self._cloud.query("INSERT INTO pods VALUES (?, ?, ?)", (resource.key, number, requests))
        pools = {each.id: each.pool for each in held_nodes(self._cloud)}
        self._remember(resource, _outcome(workload, plan, [pools[number] for number in plan.on_held]))

    def _remember(self, resource: Resource, outcome: str) -> None:
        self._cloud.query("INSERT OR REPLACE INTO placements VALUES (?, ?)", (resource.key, outcome))

    def _told(self, cluster: Cluster, workload: Workload, plan: _Plan) -> list[str]:
        """Say it as pulumi-kubernetes and the scheduler do."""
        held = [each for each in held_nodes(self._cloud) if self._is_in(cluster, each)]
        reasons = _refusals(workload, *ladder_for(self._cloud, cluster, workload), held)
        nodes = f"0/{len(held)} nodes are available: {', '.join(reasons) or 'the cluster has none'}"
        passed = "; ".join(f"{name}: {reason}" for name, reason in plan.passed.items()) or "the cluster has no pool"
        name = f"{workload.namespace}/{workload.name}"
        first = f"resource {name} was successfully created, but the Kubernetes API server reported that it failed"
        pods = {"Deployment": ["[MinimumReplicasUnavailable] Deployment does not have minimum availability."]}.get(workload.kind, [])
        return [
            f"{first} to fully initialize or become live: '{workload.name}' timed out waiting to be Ready",
            *pods,
            f"[Pod {name}]: Unschedulable: {nodes}; the cluster autoscaler could not scale up: {passed}",
        ]

    def _is_in(self, cluster: Cluster, held: Held) -> bool:
        holders = {pool.holder for pool in pools_of(self._cloud, cluster)} | {cluster.resource.key}
        return held.holder in holders or f" {cluster.place} " in held.holder


def _restricted(pool: Pool, workload: Workload, plan: _Plan) -> Pool | None:
    """Give the pool with the machines and zones that a pod accepts, or None (and why) where none of its nodes would do."""
    demand = pool.demand
    combinations = [(kind, zone) for kind in demand.machine_types for zone in demand.zones]
    accepted = [each for each in combinations if workload.accepts(pool.labels_of(demand.one(*each)))]
    taint = workload.untolerated(pool.taints)
    if not accepted or taint:
        plan.passed[pool.name] = f"untolerated taint {taint}" if accepted else "its labels are not what the pods select"
        return None
    fitting = [each for each in accepted if short_of(demand.one(*each), pool.shares, workload.requests, {}) is None]
    if not fitting:
        plan.passed[pool.name] = f"too small for {short_of(demand.one(*accepted[0]), pool.shares, workload.requests, {})} of a pod"
        return None
    kinds, zones = dict.fromkeys(kind for kind, _ in fitting), dict.fromkeys(zone for _, zone in fitting)
    return replace(pool, demand=replace(demand, machine_types=tuple(kinds), zones=tuple(zones)))


def _refusals(workload: Workload, completed: Workload, ladder: Sequence[Pool], held: Sequence[Held]) -> list[str]:
    """Count, as the scheduler does, why each node is no place for a pod."""
    pools = {(pool.holder, pool.name): pool for pool in ladder}
    reasons: Counter[str] = Counter()
    for each in held:
        pool = pools.get((each.holder, each.pool))
        taint = completed.untolerated(pool.taints) if pool else None
        if pool is None or not completed.accepts(pool.labels_of(each.node)):
            reasons["node(s) didn't match Pod's node affinity/selector"] += 1
        elif taint:
            reasons[f"node(s) had untolerated taint {taint}"] += 1
        else:
            reasons[f"Insufficient {short_of(each.node, pool.shares, workload.requests, {}) or next(iter(workload.requests), 'cpu')}"] += 1
    return [f"{count} {reason}" for reason, count in sorted(reasons.items())]


def _outcome(workload: Workload, plan: _Plan, on: Sequence[str] = ()) -> str:
    """Give the line that a person reads: what the pods got, and what was passed over for it."""
    if plan.missing:
        got = f"{plan.missing} of {workload.pods} pods have no node"
        told = plan.passed
    else:
        new = Counter(pool.name for pool, _ in plan.new)
        parts = [f"{count} node{'s' if count > 1 else ''} of {name}" for name, count in new.items()]
        parts += [f"on {name}, which had room" for name in dict.fromkeys(on)]
        got = " and ".join(parts) or "nothing to place"
        told = {name: reason for name, reason in plan.passed.items() if not reason.startswith(_UNFIT)}
    passed = f" ({'; '.join(f'{name}: {reason}' for name, reason in told.items())})" if told else ""
    return f"{workload.name}: {got}{passed}"


def _joined(before: str | None, reason: str) -> str:
    """A pool of several markets has a reason for each."""
    return reason if before is None or reason in before else f"{before}, {reason}"


_UNFIT: Final = ("untolerated taint", "its labels are not", "too small")


def outcomes(cloud: SimulatedCloud) -> list[str]:
    """Give a line for each workload in the rehearsal's clusters: where its pods are."""
    return [str(row[0]) for row in cloud.query("SELECT outcome FROM placements ORDER BY outcome")]
