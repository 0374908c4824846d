"""Which modules hold a cloud's rules: the one place that knows the clouds by name."""

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from plan.cluster_rules import ClusterRules
from plan.network_rules import NetworkRules
from plan.pool_rules import NodePoolRules
from plan.storage_rules import StorageRules

_STORAGE: Mapping[str, str] = {"aws": "plan.aws.storage", "gcp": "plan.gcp.storage", "azure": "plan.azure.storage"}

_NETWORK: Mapping[str, str] = {"aws": "plan.aws.network", "gcp": "plan.gcp.network", "azure": "plan.azure.network"}
_CLUSTER: Mapping[str, str] = {"aws": "plan.aws.cluster", "gcp": "plan.gcp.cluster", "azure": "plan.azure.cluster"}
_NODE_POOL: Mapping[str, str] = {"aws": "plan.aws.node_pool", "gcp": "plan.gcp.node_pool", "azure": "plan.azure.node_pool"}


def has_storage(cloud: str) -> bool:
    """Whether the cloud has object storage of its own; a cluster on anybody's machines has none."""
    return cloud in _STORAGE


def storage_rules(cloud: str) -> StorageRules:
    """The storage rules of a cloud. Raises KeyError for a cloud that is not registered."""
    return cast(StorageRules, import_module(_STORAGE[cloud]))


def has_networks(cloud: str) -> bool:
    """Whether the cloud has networks and clusters of its own; on anybody's machines they are there already."""
    return cloud in _NETWORK


def network_rules(cloud: str) -> NetworkRules:
    """The network rules of a cloud. Raises KeyError for a cloud that is not registered."""
    return cast(NetworkRules, import_module(_NETWORK[cloud]))


def cluster_rules(cloud: str) -> ClusterRules:
    """The cluster rules of a cloud. Raises KeyError for a cloud that is not registered."""
    return cast(ClusterRules, import_module(_CLUSTER[cloud]))


def node_pool_rules(cloud: str) -> NodePoolRules:
    """The rules for node pools of a cloud. Raises KeyError for a cloud that is not registered: its pools are there already."""
    return cast(NodePoolRules, import_module(_NODE_POOL[cloud]))
