"""What adds nodes, where the cloud does not: Karpenter or the cluster autoscaler; and in which order node groups are tried."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from plan.add_on_values import add_on, resources
from plan.contents_request import ContentsRequest
from plan.model import AddOnPlan, RungPlan

_KARPENTER = "Karpenter, Settings and feature gates: https://karpenter.sh/docs/reference/settings/"
_EXPANDER = "Kubernetes, cluster autoscaler, Priority based expander: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/expander/priority/readme.md"
_FIRST = 100


def plan_node_add_ons(request: ContentsRequest) -> Iterator[AddOnPlan]:
    """The provisioner's chart, on AWS alone: elsewhere it is the cloud's own, or nobody's."""
    cluster = request.cluster
    if cluster is None or request.cloud != "aws" or request.add_ons.node_provisioner == "existing":
        return
    replicas = 2 if request.is_prod else 1
    if cluster.node_provisioner == "karpenter":
        yield add_on("karpenter", _karpenter(replicas))
    if cluster.node_provisioner == "clusterAutoscaler":
        yield add_on("cluster-autoscaler", _cluster_autoscaler(request, cluster.version, replicas))


def expander_priorities(request: ContentsRequest) -> Mapping[int, tuple[str, ...]]:
    """The cluster autoscaler's priority → patterns of node groups; empty where no pool has a ladder, or no autoscaler reads it."""
    laddered = any(len(pool.rungs) > 1 for pool in request.pools)
    if request.cluster is None or not laddered:
        return {}
    pattern = {"aws": _eks_group, "azure": _aks_group}.get(request.cloud)
    if pattern is None or request.cluster.node_provisioner not in ("clusterAutoscaler", "cloud"):
        return {}
    listed: dict[int, list[str]] = {}
    for rung in (rung for pool in request.pools for rung in pool.rungs if rung.provisioner == "group"):
        listed.setdefault(_FIRST - rung.priority, []).append(pattern(rung))
    request.decide("cluster.addOns.nodeProvisioner.order", "by rung", "the autoscaler tries a pool's rungs in the file's order", _EXPANDER)
    # Groups that no pattern names would never be chosen beside one that is named.
    return {priority: tuple(listed[priority]) for priority in sorted(listed, reverse=True)} | {1: (".*",)}


def _eks_group(rung: RungPlan) -> str:
    # EKS calls the scaling group of a node group eks-NAME-UUID; NAME is the rung's and seven digits of Pulumi's.
    return f"^eks-{rung.name}-[0-9a-f]{{7}}-.*"


def _aks_group(rung: RungPlan) -> str:
    # AKS calls the scale set of an agent pool aks-NAME-DIGITS-vmss.
    return f"^aks-{rung.pool_name}-[0-9]+-vmss$"


def _karpenter(replicas: int) -> dict[str, Any]:
    return {
        "replicas": replicas,
        # It must work before the cluster's DNS has nodes to run on.
        "dnsPolicy": "Default",
        "controller": {"resources": resources("500m", "1Gi")},
        # Reservations are used first, and only through this gate.
        "settings": {"featureGates": {"reservedCapacity": True}},
    }


def _cluster_autoscaler(request: ContentsRequest, version: str, replicas: int) -> dict[str, Any]:
    priorities = expander_priorities(request)
    values: dict[str, Any] = {
        "cloudProvider": "aws",
        "awsRegion": request.environment.region,
        "replicaCount": replicas,
        "resources": resources("100m", "600Mi"),
        "rbac": {"serviceAccount": {"name": "cluster-autoscaler"}},
        "extraArgs": {
            "balance-similar-node-groups": True,
            "expander": "priority,least-waste" if priorities else "least-waste",
            "skip-nodes-with-system-pods": False,
        },
    }
    if version:
        # It simulates the scheduler of its own minor version, so that one must be the cluster's.
        values["image"] = {"tag": f"v{version}.0"}
    if priorities:
        # As text: its keys are numbers, which the values of a chart cannot have.
        listed = {priority: list(patterns) for priority, patterns in priorities.items()}
        values["expanderPriorities"] = yaml.safe_dump(listed, sort_keys=False)
    return values
