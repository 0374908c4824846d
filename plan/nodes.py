"""How many nodes there may be."""

from environment.model import Environment
from plan.model import NodePoolPlan


def most_nodes(environment: Environment, pool: NodePoolPlan) -> int:
    """The most nodes of a pool, over all its rungs: the file's maximum, else what the largest rung may have."""
    asked = environment.node_pools.get(pool.name)
    if asked is not None and asked.nodes is not None:
        return asked.nodes.max
    return max((rung.max_nodes for rung in pool.rungs), default=0)
