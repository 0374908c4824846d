"""How many nodes of a pool run on average."""

from plan.model import Band, PoolUsage
from plan.pool_request import PoolRequest


def plan_pool_usage(request: PoolRequest, least: int, most: int, *, whole: int = 1) -> PoolUsage:
    """The band of nodes that run on average: as told, else from the minimum to the maximum.

    An idle pool is expected to run one machine (or one whole slice): a price of nothing would be the wrong expectation.
    """
    asked = request.pool.usage
    if asked is None:
        return PoolUsage(nodes=Band(low=least, expected=min(max(least, whole), most), high=most))
    band = asked.nodes
    value = {"low": band.low, "expected": band.expected, "high": band.high}
    if not band.low <= band.expected <= band.high:
        low, expected, high = sorted(value.values())
        fix = f"write low: {low:g}, expected: {expected:g}, high: {high:g}"
        request.fault("usage.nodes", value, "does not grow", allowed="low ≤ expected ≤ high", fix=fix)
    elif band.low < least or band.high > most:
        problem = f"leaves what the pool can be, {least} to {most} nodes"
        request.fault("usage.nodes", value, problem, allowed=f"{least} to {most}", fix="change usage.nodes, or nodes")
    return PoolUsage(nodes=Band(low=band.low, expected=band.expected, high=band.high))
