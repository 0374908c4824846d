"""GKE's ComputeClass: the order in which the node pools of a ladder are tried."""

from collections.abc import Sequence

from pulumi import Input, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from plan.model import NodePoolPlan


def compute_class(plan: NodePoolPlan, node_pools: Sequence[Input[str]], *, opts: ResourceOptions | None = None) -> CustomResource:
    """The class of a pool with several rungs; node_pools: their names in GKE, the one to be tried first in front.

    Source: Google Cloud, ComputeClass reference (spec.priorities, spec.whenUnsatisfiable).
    """
    return CustomResource(
        f"{plan.name}-compute-class",
        api_version="cloud.google.com/v1",
        kind="ComputeClass",
        metadata=ObjectMetaArgs(name=plan.name),
        spec={
            "priorities": [{"nodepools": [name]} for name in node_pools],
            # Pods wait until one of the rungs has room; a machine that nobody asked for would be no help.
            "whenUnsatisfiable": "DoNotScaleUp",
            "nodePoolAutoCreation": {"enabled": False},
        },
        opts=opts,
    )
