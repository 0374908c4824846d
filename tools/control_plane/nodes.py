"""Nodes that are not there: kwok keeps them ready and runs the pods that the scheduler puts on them."""

from collections.abc import Mapping, Sequence
from typing import Any

PODS = "110"


def node(name: str, resources: Mapping[str, str], labels: Mapping[str, str], taints: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """A node that offers these resources, named and measured as Kubernetes does: {"cpu": "8", "memory": "32Gi", "nvidia.com/gpu": "8"}."""
    offered = {"pods": PODS, **resources}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", **labels}},
        "spec": {"taints": [dict(taint) for taint in taints]},
        "status": {"capacity": offered, "allocatable": offered},
    }


def is_schedulable(found: Mapping[str, Any]) -> bool:
    """Whether a node is ready, and what Kubernetes puts on a node until then is off again."""
    conditions = found["status"].get("conditions") or ()
    taints = found["spec"].get("taints", ())
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
    return ready and not any(taint["key"].startswith("node.kubernetes.io/") for taint in taints)
