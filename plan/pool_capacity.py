"""Whether a cloud has the capacity that a pool asks for, and in the form in which it is named."""

from pydantic.alias_generators import to_camel

from plan.pool_request import PoolRequest, written
from plan.pool_rules import NodePoolRules, PoolLimits


def check_capacity(request: PoolRequest, rules: NodePoolRules) -> None:
    """Faults kinds of capacity that the cloud has not, bids that it takes none of, and reservations that are none."""
    pool, limits = request.pool, rules.LIMITS
    for kind in dict.fromkeys(request.ladder):
        refused = limits.no_capacity.get(kind)
        if refused is not None:
            problem = f"names {kind}, which {refused.problem}"
            field, value, word = _said_by(request, kind)
            request.fault(field, value, problem, allowed=refused.instead, fix=f"remove {word}", source=refused.source)
    bid = pool.spot_max_usd_per_hour
    if bid is not None and limits.spot_bid is not None:
        rule = limits.spot_bid
        request.fault("spotMaxUsdPerHour", bid, rule.reason, allowed="no bid", fix="remove spotMaxUsdPerHour", source=rule.source)
    existing = pool.reservation.existing if pool.reservation else None
    if existing is not None and not limits.reservation.fullmatch(existing):
        form = limits.reservation_form
        request.fault(
            "reservation.existing",
            existing,
            "is no reservation",
            allowed=form,
            fix="name the reservation so",
            source=limits.reservation_source,
        )
    if "block" not in limits.no_capacity:
        _check_block(request, limits)


def _check_block(request: PoolRequest, limits: PoolLimits) -> None:
    block, source = request.pool.block, limits.block_source
    if block is not None and not limits.block.fullmatch(block.existing):
        fix = "name the block's reservation so"
        request.fault("block.existing", block.existing, "is no block", allowed=limits.block_form, fix=fix, source=source)
    elif block is None and "block" in request.ladder:
        problem = "says which capacity block it is, and Drydock never buys one: the whole block is paid in advance"
        fix = "buy the block and name it, or remove block"
        request.fault("block", None, problem, allowed="block: {existing: ID, zone: ZONE}", fix=fix, source=source)


def decide_reservation(request: PoolRequest, usd_per_hour: float | None, least: int) -> None:
    """Says what a reservation that is made costs, since it is billed from the day on which it stands."""
    count = request.pool.reservation.create if request.pool.reservation else None
    if "reserved" not in request.ladder or count is None:
        return
    price = f"${usd_per_hour * count * 730:,.0f} a month at list price" if usd_per_hour is not None else "at a price that is not on record"
    idle = ", also while the pool is empty" if least < count else ""
    request.decide("reservation.create", count, f"machines are billed from the day on which they are reserved{idle}: {price}")


def _said_by(request: PoolRequest, kind: str) -> tuple[str, object, str]:
    """The field that asks for a kind of capacity, its value, and what to remove; where the file lists no kinds, one follows from others."""
    pool = request.pool
    words = {
        "block": ("block",),
        "flexStart": ("queued", "max_run_hours"),
        "reserved": ("reservation",),
        "spot": ("spot_max_usd_per_hour",),
    }
    implied = next((word for word in words.get(kind, ()) if getattr(pool, word)), None) if pool.capacity is None else None
    if implied is None:
        return "capacity", list(request.ladder), kind
    return to_camel(implied), written(getattr(pool, implied)), to_camel(implied)
