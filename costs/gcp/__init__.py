"""What Google Cloud's resources cost."""

from collections.abc import Mapping
from typing import Final

from costs.gcp import (
    cluster,
    database,
    disk,
    endpoint,
    free,
    function,
    group,
    key,
    machine,
    monitoring,
    network,
    node_pool,
    queue,
    registry,
    reservation,
    run,
    storage,
    tpu,
    workbench,
)
from costs.gcp.place import place
from costs.pricing import Pricer
from costs.rung import Rungs

__all__ = ["FREE", "PRICERS", "place"]

_CONCEPTS: Final = (
    storage,
    disk,
    machine,
    group,
    reservation,
    cluster,
    node_pool,
    tpu,
    endpoint,
    workbench,
    run,
    function,
    network,
    registry,
    key,
    queue,
    monitoring,
    database,
)
RUNGS: Mapping[str, Rungs] = node_pool.RUNGS
PRICERS: Mapping[str, Pricer] = {kind: pricer for concept in _CONCEPTS for kind, pricer in concept.PRICERS.items()}
FREE: frozenset[str] = frozenset(free.FREE.union(*(concept.FREE for concept in _CONCEPTS)))
