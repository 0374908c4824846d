"""What AWS's resources cost: every concept's pricers under one roof."""

from collections.abc import Mapping

from costs.aws import (
    api,
    batch,
    cluster,
    database,
    disk,
    endpoint,
    free,
    function,
    key,
    load_balancer,
    machine,
    monitoring,
    network,
    node_pool,
    queue,
    registry,
    storage,
    table,
    tooling,
)
from costs.aws.place import place
from costs.pricing import Pricer
from costs.rung import Rungs

__all__ = ["FREE", "PRICERS", "RUNGS", "place"]

_CONCEPTS = (
    storage,
    disk,
    table,
    database,
    machine,
    node_pool,
    cluster,
    batch,
    endpoint,
    function,
    api,
    network,
    load_balancer,
    queue,
    registry,
    key,
    monitoring,
    tooling,
    free,
)
RUNGS: Mapping[str, Rungs] = node_pool.RUNGS
PRICERS: Mapping[str, Pricer] = {kind: pricer for concept in _CONCEPTS for kind, pricer in concept.PRICERS.items()}
# What one concept prices, another may hold for free that knows less of it.
FREE: frozenset[str] = frozenset(kind for concept in _CONCEPTS for kind in concept.FREE) - PRICERS.keys()
