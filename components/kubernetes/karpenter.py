"""Karpenter's NodePool: the part that is the same on every cloud."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Input, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from plan.model import NodePoolPlan, RungPlan

# Karpenter's weights are 1 to 100 and the highest is tried first (Karpenter documentation, NodePools, spec.weight).
_HIGHEST_WEIGHT = 100
_CAPACITY_TYPES = {"reserved": "reserved", "onDemand": "on-demand", "spot": "spot"}
# Nodes are renewed after this, so that none misses its security updates for longer. Karpenter ends what runs there: a node with
# accelerators goes when it is empty, or its run or its model would be lost.
_EXPIRE_AFTER = "720h"
_EMPTY_AFTER = "5m"


@dataclass(frozen=True, kw_only=True)
class NodeClassRef:
    """The cloud's own node class: karpenter.k8s.aws EC2NodeClass, karpenter.azure.com AKSNodeClass."""

    group: str
    kind: str
    name: Input[str]


def karpenter_node_pool(
    plan: NodePoolPlan,
    rung: RungPlan,
    *,
    node_class: NodeClassRef,
    requirements: Sequence[Mapping[str, Any]] = (),
    opts: ResourceOptions | None = None,
) -> CustomResource:
    """One rung of a pool. requirements: what the cloud adds to machine type, capacity type, zones and architecture."""
    return CustomResource(
        f"{rung.name}-node-pool",
        api_version="karpenter.sh/v1",
        kind="NodePool",
        metadata=ObjectMetaArgs(name=rung.name),
        spec={
            "weight": _HIGHEST_WEIGHT - rung.priority,
            "limits": _limits(plan, rung),
            "disruption": _disruption(plan),
            "template": {
                "metadata": {"labels": dict(rung.node_labels)},
                "spec": {
                    "nodeClassRef": {"group": node_class.group, "kind": node_class.kind, "name": node_class.name},
                    "taints": [_taint(each.key, each.value, each.effect) for each in rung.taints],
                    "requirements": [*_requirements(plan, rung), *requirements],
                    "expireAfter": "Never" if plan.resource else _EXPIRE_AFTER,
                },
            },
        },
        opts=opts,
    )


def _limits(plan: NodePoolPlan, rung: RungPlan) -> dict[str, str]:
    # Karpenter has no number of nodes for a pool that grows; its limits count what the nodes offer.
    limits = {"cpu": f"{rung.max_nodes * plan.machine.vcpus:g}"}
    if plan.resource and plan.machine.accelerator_count:
        limits[plan.resource] = str(rung.max_nodes * plan.resources_per_node)
    return limits


def _disruption(plan: NodePoolPlan) -> dict[str, Any]:
    # A pod on an accelerator is a run of hours or a loaded model: it is not moved to save a part of a node.
    policy = "WhenEmpty" if plan.resource else "WhenEmptyOrUnderutilized"
    return {
        "consolidationPolicy": policy,
        "consolidateAfter": _EMPTY_AFTER,
        "budgets": [{"nodes": str(max(1, plan.upgrade.max_unavailable))}],
    }


def _taint(key: str, value: str, effect: str) -> dict[str, str]:
    return {"key": key, "effect": effect} | ({"value": value} if value else {})


def _requirements(plan: NodePoolPlan, rung: RungPlan) -> list[dict[str, Any]]:
    wanted = {
        "node.kubernetes.io/instance-type": [plan.machine.instance_type],
        "karpenter.sh/capacity-type": [_CAPACITY_TYPES[rung.capacity]],
        "kubernetes.io/arch": [plan.machine.architecture],
        "kubernetes.io/os": ["linux"],
    }
    if rung.zones:
        wanted["topology.kubernetes.io/zone"] = list(rung.zones)
    return [{"key": key, "operator": "In", "values": values} for key, values in wanted.items()]
