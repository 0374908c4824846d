"""What Azure's resources cost."""

from collections.abc import Mapping

from costs.azure import (
    alert,
    cluster,
    container_group,
    database,
    disk,
    endpoint,
    file_share,
    free,
    function,
    hosted_model,
    key,
    load_balancer,
    machine,
    monitoring,
    network,
    node_pool,
    queue,
    registry,
    reservation,
    scale_set,
    storage,
    web,
    workload_profile,
)
from costs.azure.place import place
from costs.pricing import Pricer
from costs.rung import Rungs

_CONCEPTS = (
    alert,
    cluster,
    container_group,
    database,
    disk,
    endpoint,
    file_share,
    function,
    hosted_model,
    key,
    load_balancer,
    machine,
    monitoring,
    network,
    node_pool,
    queue,
    registry,
    reservation,
    scale_set,
    storage,
    web,
    workload_profile,
)

PRICERS: Mapping[str, Pricer] = {kind: pricer for concept in _CONCEPTS for kind, pricer in concept.PRICERS.items()}
FREE: frozenset[str] = frozenset(kind for concept in (free, *_CONCEPTS) for kind in concept.FREE)

RUNGS: Mapping[str, Rungs] = {**node_pool.RUNGS, **cluster.RUNGS}

__all__ = ["FREE", "PRICERS", "RUNGS", "place"]
