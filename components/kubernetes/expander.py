"""The order in which a cloud's own cluster autoscaler tries node groups."""

from collections.abc import Mapping, Sequence

import yaml
from pulumi import ResourceOptions
from pulumi_kubernetes.core.v1 import ConfigMap
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.kubernetes.namespace import SYSTEM

# The autoscaler reads this name and no other (kubernetes/autoscaler, priority expander).
_NAME = "cluster-autoscaler-priority-expander"


def expander_priorities(priorities: Mapping[int, Sequence[str]], opts: ResourceOptions) -> ConfigMap:
    """The ConfigMap that the priority expander reads: priority → patterns of node groups, the highest first."""
    text = yaml.safe_dump({priority: list(patterns) for priority, patterns in priorities.items()}, sort_keys=False)
    return ConfigMap("expander-priorities", metadata=ObjectMetaArgs(name=_NAME, namespace=SYSTEM), data={"priorities": text}, opts=opts)
