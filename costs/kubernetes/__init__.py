"""What Kubernetes's resources cost: nodes are priced where they are declared, so mostly what a cluster makes in its cloud."""

from collections.abc import Mapping

from costs.kubernetes import claim, free, ingress, network, node_disk, node_pool, release, workload
from costs.kubernetes.cluster import place as place
from costs.pricing import Pricer
from costs.rung import Rungs

PRICERS: Mapping[str, Pricer] = {
    **workload.PRICERS,
    **claim.PRICERS,
    **network.PRICERS,
    **ingress.PRICERS,
    **node_pool.PRICERS,
    **release.PRICERS,
}
RUNGS: Mapping[str, Rungs] = node_pool.RUNGS
FREE: frozenset[str] = frozenset({*free.FREE, *claim.FREE, *ingress.FREE, *node_disk.FREE, *release.FREE})
