"""A plan's node pools and the quotas that they need, as tables."""

from collections.abc import Iterable, Sequence

from rich.text import Text

from cli.output import out, plain_table, print_table
from plan.model import MachinePlan, NodePoolPlan, Plan, QuotaNeed, RungPlan

_UNKNOWN = "unknown"


def print_pools(plan: Plan) -> None:
    """Each pool: its machine, what a node costs an hour, how many nodes on all rungs, and these in order; nothing without pools."""
    if not plan.node_pools:
        return
    out.print("\n[bold]node pools[/bold] (USD an hour for a node)")
    table = plain_table("pool")
    for column in ("machine", "on demand", "spot", "nodes", "capacity, in order"):
        table.add_column(column, justify="right" if column in ("on demand", "spot") else "left")
    for pool in plan.node_pools:
        # Machines that are there already are somebody else's to pay.
        spent = ("", "") if pool.existing else (_usd(pool.machine.usd_per_hour), _usd(_spot(plan, pool.machine)))
        table.add_row(*map(Text, (pool.name, _machine(pool), *spent, _nodes(pool), "" if pool.existing else _ladder(pool))))
    print_table(table)


def print_quotas(quotas: Sequence[QuotaNeed]) -> None:
    """What the account must allow, beside what a new one does, and how more is asked for; nothing where nothing is needed."""
    if not quotas:
        return
    out.print("\n[bold]quotas of the account[/bold]")
    table = plain_table("quota")
    for column in ("at least", "at most", "new account", "for"):
        table.add_column(column, justify="left" if column == "for" else "right")
    for need in quotas:
        allowed = _UNKNOWN if need.default is None else f"{need.default:,g}"
        unit = "" if need.unit == "count" else f" {need.unit}"
        cells = (f"{need.name} ({need.code})", f"{need.minimum:,g}{unit}", f"{need.amount:,g}{unit}", allowed, ", ".join(need.drivers))
        table.add_row(*(Text(cell, "yellow" if _short(need) else "") for cell in cells))
    print_table(table)
    _print_requests(need for need in quotas if _short(need))


def _print_requests(short: Iterable[QuotaNeed]) -> None:
    """One line each, so that a command can be copied."""
    for number, need in enumerate(short):
        if not number:
            out.print("\nA new account has less, or nobody knows: ask in time.")
        out.print(Text(f"  {need.name}: {need.request}"))


def _short(need: QuotaNeed) -> bool:
    return need.default is None or need.amount > need.default


def _machine(pool: NodePoolPlan) -> str:
    machine = pool.machine
    carries = f" ({machine.accelerator_count} × {machine.accelerator})" if machine.accelerator else ""
    hosts = f", {pool.tpu.topology} slice of {pool.tpu.hosts} host{'' if pool.tpu.hosts == 1 else 's'}" if pool.tpu else ""
    return f"{machine.instance_type}{carries}{hosts}".strip()


def _usd(usd: float | None) -> str:
    return _UNKNOWN if usd is None else f"{usd:,.4f}"


def _nodes(pool: NodePoolPlan) -> str:
    """The pool's fewest and most: each rung may hold all of the most, so they are not added up."""
    if pool.existing:
        return "existing"
    least, most = sum(rung.min_nodes for rung in pool.rungs), max((rung.max_nodes for rung in pool.rungs), default=0)
    return str(least) if least == most else f"{least}–{most}"


def _ladder(pool: NodePoolPlan) -> str:
    return " → ".join(_rung(rung) for rung in pool.rungs)


def _rung(rung: RungPlan) -> str:
    count = rung.reservation.count if rung.reservation else 0
    return f"{rung.capacity} ({count})" if count else rung.capacity


def _spot(plan: Plan, machine: MachinePlan) -> float | None:
    """The recorded spot price, else on demand less the saving that the cloud's spot advisor tells; None where neither is on record."""
    if machine.spot_usd_per_hour is not None:
        return machine.spot_usd_per_hour
    # Only a plan with pools needs prices, and planning them has opened the list already.
    from costs.capacity import recorded_spot
    from plan.pool_offers import prices

    offer = prices().offer(plan.cloud, plan.region, machine.instance_type)
    price = recorded_spot(prices(), offer) if offer else None
    return None if price is None else float(price)
