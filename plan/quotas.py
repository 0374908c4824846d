"""What the account's quotas must allow, and what they lack."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from catalogue.quotas import QuotaRule, machine_quotas, network_quotas
from environment.model import Environment
from plan.findings import Findings
from plan.model import ClusterPlan, NetworkPlan, NodePoolPlan, QuotaNeed, RungPlan
from plan.nodes import most_nodes
from plan.quota_objects import objects

_AZURE_SOURCE = "Microsoft Learn, Check vCPU quotas: https://learn.microsoft.com/azure/virtual-machines/quotas"
Market = Literal["onDemand", "spot"]
# Which market's quota a rung's machines count against. A capacity block counts against none (Amazon EC2 User Guide, Capacity Blocks for
# ML: they do not count toward On-Demand quotas); flex-start takes preemptible quota (Google Cloud, About flex-start VMs).
_MARKETS: Mapping[str, Market] = {"reserved": "onDemand", "onDemand": "onDemand", "flexStart": "spot", "spot": "spot"}


@dataclass(kw_only=True)
class _Sum:
    """What is needed of one quota so far, and by whom."""

    rule: QuotaRule
    minimum: float = 0
    amount: float = 0
    drivers: list[str] = field(default_factory=list[str])

    def add(self, driver: str, minimum: float, amount: float) -> None:
        """Count another driver's need."""
        self.minimum += minimum
        self.amount += amount
        if driver not in self.drivers:
            self.drivers.append(driver)


@dataclass(frozen=True, kw_only=True)
class Shortfalls:
    """What quotas lack, a line each. now: the least that is built at once does not fit; later: what may be added does not."""

    now: tuple[str, ...]
    later: tuple[str, ...]


def plan_quotas(
    environment: Environment, network: NetworkPlan | None, node_pools: Sequence[NodePoolPlan], cluster: ClusterPlan | None = None
) -> tuple[QuotaNeed, ...]:
    """What the plan needs of each quota of the account, ordered by code; empty where none is on record, as on any cluster."""
    sums: dict[str, _Sum] = {}
    for pool in node_pools:
        for rule, minimum, amount in _of_pool(environment, pool):
            sums.setdefault(rule.code, _Sum(rule=rule)).add(pool.name, minimum, amount)
    rules = {rule.code: rule for rule in network_quotas(environment.cloud)}
    for code, driver, minimum, amount in objects(environment, network, node_pools, cluster):
        sums.setdefault(code, _Sum(rule=rules[code])).add(driver, minimum, amount)
    return tuple(_need(sums[code], environment.region) for code in sorted(sums) if sums[code].amount)


def decide_unchecked(environment: Environment, needs: Sequence[QuotaNeed], findings: Findings) -> None:
    """Says of quotas that no preview can look up what they must allow, and how a person looks."""
    unchecked = [need for need in needs if not need.service and need.unit != "count"]
    if unchecked:
        told = ", ".join(f"{need.amount:g} {need.unit} of {need.name}" for need in unchecked)
        reason = f"Azure's provider has no look-up of quotas: compare with az vm list-usage --location {environment.region}"
        findings.decide("quotas", told, reason, _AZURE_SOURCE)


def quota_shortfalls(needs: Sequence[QuotaNeed], limits: Mapping[str, float], *, region: str) -> Shortfalls:
    """What these limits (by the quota's code) lack; a quota whose limit is not known lacks nothing.

    A negative limit is none, as Google Cloud writes it. What else runs in the account takes its part of the limits, and is not counted.
    """
    known = [(need, limits[need.code]) for need in needs if limits.get(need.code, -1) >= 0]
    now = tuple(_line(need, limit, need.minimum, region, "") for need, limit in known if need.minimum > limit)
    later = tuple(_line(need, limit, need.amount, region, "at most ") for need, limit in known if need.minimum <= limit < need.amount)
    return Shortfalls(now=now, later=later)


def _line(need: QuotaNeed, limit: float, wanted: float, region: str, how: str) -> str:
    unit = "" if need.unit == "count" else f" {need.unit}"
    who = " and ".join(need.drivers)
    return f"{who}: needs {how}{wanted:g}{unit} of {need.name} in {region}, the account has {limit:g}; request it with: {need.request}"


def _need(found: _Sum, region: str) -> QuotaNeed:
    rule = found.rule
    return QuotaNeed(
        code=rule.code,
        name=rule.name,
        unit=rule.unit,
        minimum=found.minimum,
        amount=found.amount,
        drivers=tuple(found.drivers),
        default=rule.default_limit,
        request=re.sub(r"\bREGION\b", region, rule.request.replace("VALUE", f"{found.amount:g}")),
        source=rule.source,
        service=rule.service,
        quota_id=rule.quota_id,
        dimensions=rule.dimensions,
    )


def _of_pool(environment: Environment, pool: NodePoolPlan) -> Iterator[tuple[QuotaRule, float, float]]:
    """Each quota that a pool's machines count against, with what its least and its most nodes use of it."""
    if pool.existing:
        return
    machine = pool.machine
    attached = machine.gke_accelerator if machine.attached else None
    for market in ("onDemand", "spot"):
        rungs = [rung for rung in pool.rungs if _MARKETS.get(rung.capacity) == market]
        least = sum(_least(rung) for rung in rungs)
        most = min(most_nodes(environment, pool), sum(rung.max_nodes for rung in rungs))
        for rule in machine_quotas(environment.cloud, machine.instance_type, market, attached) if rungs else ():
            each = machine.vcpus if rule.unit == "vCPU" else machine.accelerator_count
            yield rule, least * each, most * each


def _least(rung: RungPlan) -> int:
    # A reservation takes its machines at once, whether or not nodes run on them.
    created = rung.reservation.count if rung.reservation and rung.reservation.existing is None else 0
    return max(rung.min_nodes, created)
