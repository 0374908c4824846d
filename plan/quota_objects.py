"""How many networks, addresses, clusters and node groups the account must allow, beside machines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from environment.model import Environment
from plan.model import ClusterPlan, NetworkPlan, NodePoolPlan

Need = tuple[str, str, float, float]
# What is counted → the quota's code (catalogue/data/quotas.csv).
_CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "aws": {
        "network": "L-F678F1CE",
        "addresses": "L-0263D0A3",
        "cluster": "L-1194D53C",
        "groups": "L-6D54EA21",
    },
    "gcp": {"network": "NETWORKS", "routers": "ROUTERS", "ssdGb": "SSD_TOTAL_GB"},
    "azure": {"network": "VirtualNetworks", "addresses": "StandardSkuPublicIpAddresses", "cluster": "managedClusters"},
}
# Disks that count as SSD (Google Cloud, Disk quotas: SSD_TOTAL_GB counts balanced and SSD Persistent Disk).
_SSD: Final = frozenset({"pd-balanced", "pd-ssd"})


def objects(
    environment: Environment, network: NetworkPlan | None, node_pools: Sequence[NodePoolPlan], cluster: ClusterPlan | None
) -> Iterator[Need]:
    """Each need: the quota's code, who needs it, how much at the least and at the most."""
    codes = _CODES.get(environment.cloud, {})
    counted = [*_of_network(network), *_of_cluster(cluster), *(need for pool in node_pools if not pool.existing for need in _of_pool(pool))]
    for what, driver, minimum, amount in counted:
        if what in codes:
            yield codes[what], driver, minimum, amount


def _of_network(network: NetworkPlan | None) -> Iterator[Need]:
    if network is None or network.existing:
        return
    yield "network", "network", 1, 1
    if network.nats:
        yield "routers", "network", 1, 1
        yield "addresses", "network", len(network.nats), len(network.nats)


def _of_cluster(cluster: ClusterPlan | None) -> Iterator[Need]:
    if cluster is not None and cluster.existing is None:
        yield "cluster", "cluster", 1, 1


def _of_pool(pool: NodePoolPlan) -> Iterator[Need]:
    groups = [rung for rung in pool.rungs if rung.provisioner == "group"]
    if groups:
        yield "groups", pool.name, len(groups), len(groups)
    if pool.disk.type in _SSD:
        # A rung that is empty has no disks, and no more nodes than the pool's maximum run at once.
        most = max((rung.max_nodes for rung in groups), default=0)
        yield "ssdGb", pool.name, pool.disk.size_gib * sum(rung.min_nodes for rung in groups), pool.disk.size_gib * most
