"""The order in which a workload's pods try the pools of their cluster."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import yaml

from rehearsal.scheduling.clusters import GKE, Cluster, label_of_namespace, value_of_chart
from rehearsal.scheduling.pools import Pool, pools_of
from rehearsal.scheduling.provisioners import CLASS, autopilot_pools, class_pools, compute_class, karpenter_pools
from rehearsal.scheduling.workload import Toleration, Workload
from rehearsal.state import SimulatedCloud
from rehearsal.values import as_text, lookup

_EXPANDER: Final = "kube-system/cluster-autoscaler-priority-expander"
# Its chart makes the ConfigMap of this value.
_CHART_VALUE: Final = ("cluster-autoscaler", "expanderPriorities")
_DEFAULT_CLASS: Final = "cloud.google.com/default-compute-class"


def ladder_for(cloud: SimulatedCloud, cluster: Cluster, workload: Workload) -> tuple[Workload, list[Pool]]:
    """Give the workload as its cluster completes it, and the pools in the order in which they are tried."""
    pools = pools_of(cloud, cluster)
    if cluster.resource.type != GKE:
        return workload, [*_expanded(cloud, cluster, pools), *karpenter_pools(cloud, cluster, workload)]
    workload = _tolerating(workload)
    if cluster.resource.inputs.get("enableAutopilot") is True:
        return workload, autopilot_pools(cluster, workload)
    named = workload.selector.get(CLASS) or label_of_namespace(cloud, cluster.place, workload.namespace, _DEFAULT_CLASS)
    if not named:
        return workload, _expanded(cloud, cluster, pools)
    workload = replace(workload, tolerations=(*workload.tolerations, Toleration(CLASS, named, "")))
    chosen = compute_class(cloud, cluster, named)
    return workload, class_pools(cluster, chosen, pools, workload) if chosen else []


def _tolerating(workload: Workload) -> Workload:
    """GKE lets pods that ask for an accelerator bear its taint (GKE documentation: ExtendedResourceToleration)."""
    added = [Toleration(name, None, "") for name in workload.requests if name in ("nvidia.com/gpu", "google.com/tpu")]
    return replace(workload, tolerations=(*workload.tolerations, *added))


def _expanded(cloud: SimulatedCloud, cluster: Cluster, pools: Sequence[Pool]) -> list[Pool]:
    """The cluster autoscaler's priority expander where its ConfigMap is there, else on demand before spot, then by name.

    Groups that no expression names come last: they are tried when the others have been (cluster-autoscaler, expander/priority).
    """
    priorities = _priorities(cloud, cluster)

    def rank(pool: Pool) -> tuple[float, bool, str]:
        matching = [priority for priority, patterns in priorities.items() if any(pattern.search(_group_name(pool)) for pattern in patterns)]
        return -max(matching, default=float("-inf")), pool.demand.market != "onDemand", pool.name

    return sorted(pools, key=rank)


def _priorities(cloud: SimulatedCloud, cluster: Cluster) -> dict[int, list[re.Pattern[str]]]:
    found = cloud.get("kubernetes:core/v1:ConfigMap", _EXPANDER, cluster.place)
    text = as_text(lookup(found.inputs, ("data", "priorities"))) if found else value_of_chart(cloud, cluster.place, *_CHART_VALUE)
    try:
        read: dict[Any, list[Any]] = yaml.safe_load(text or "") or {}
        return {int(priority): [re.compile(str(pattern)) for pattern in patterns] for priority, patterns in read.items()}
    except (yaml.YAMLError, AttributeError, TypeError, ValueError, re.error):
        return {}  # the autoscaler logs what it cannot read and goes on without priorities


def _group_name(pool: Pool) -> str:
    """The autoscaler knows groups by the cloud's name of them, such as eks-GROUP-UUID, aks-POOL-12345678-vmss."""
    return {"aws": f"eks-{pool.name}-00000000", "azure": f"aks-{pool.name}-12345678-vmss", "gcp": f"gke-{pool.name}-grp"}[pool.demand.cloud]
