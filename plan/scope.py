"""How far an environment reaches: whether it has a network and a cluster, and how many nodes there may be."""

from environment.model import Environment

# A pool whose size is left open, and a system pool that nobody wrote.
_NODES_OF_AN_OPEN_POOL = 10
# Upgrades run new nodes beside the old ones.
_SPARE_NODES = 6


def wants_cluster(environment: Environment) -> bool:
    """Whether the environment runs in a Kubernetes cluster: it describes one, or what stands in one."""
    return bool(environment.cluster or environment.node_pools or environment.teams or environment.workloads)


def wants_network(environment: Environment) -> bool:
    """Whether the environment has a network of its own or uses one: it describes one, or makes a cluster."""
    return environment.network is not None or (wants_cluster(environment) and not has_existing_cluster(environment))


def has_existing_cluster(environment: Environment) -> bool:
    """Whether the cluster is there already."""
    return environment.cluster is not None and environment.cluster.existing is not None


def endpoints_on_pools(environment: Environment) -> bool:
    """Whether an endpoint stands in the cluster: it names a node pool."""
    return any(endpoint.on in environment.node_pools for endpoint in environment.endpoints.values())


def needs_proxies(environment: Environment) -> bool:
    """Whether a load balancer within the network stands in front of endpoints: Cloud Run's under a host, or the cluster's gateway."""
    add_ons = environment.cluster.add_ons if environment.cluster else None
    hosted = (each for each in environment.endpoints.values() if each.on == "cloudRun" and each.access and each.access.tls)
    return any(not (each.access and each.access.public) for each in hosted) or (add_ons is not None and add_ons.gateway == "install")


def most_nodes(environment: Environment) -> int:
    """The most nodes that the environment's pools may have together, with the surge of upgrades.

    What the file leaves open counts as Drydock's own estimate of ten nodes.
    """
    pools = [pool.nodes.max if pool.nodes else _NODES_OF_AN_OPEN_POOL for pool in environment.node_pools.values() if not pool.existing]
    if not any(pool.system for pool in environment.node_pools.values()):
        pools.append(_NODES_OF_AN_OPEN_POOL)
    return sum(pools) + _SPARE_NODES


def accelerators(environment: Environment) -> frozenset[str]:
    """The accelerators that the environment's pools name, in the file's words."""
    return frozenset(pool.accelerator for pool in environment.node_pools.values() if pool.accelerator is not None)
