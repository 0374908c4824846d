"""Kueue: the pools as flavors, and each team's queue for them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pulumi import ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.kubernetes.namespace import NAME_LABEL
from plan.model import QueueFlavorPlan, QueuePlan, ShareQuotaPlan

_API = "kueue.x-k8s.io/v1beta2"


def queue_flavors(flavors: Sequence[QueueFlavorPlan], opts: ResourceOptions) -> list[CustomResource]:
    """One ResourceFlavor for each pool."""
    return [
        CustomResource(
            f"{flavor.name}-flavor",
            api_version=_API,
            kind="ResourceFlavor",
            metadata=ObjectMetaArgs(name=flavor.name),
            spec={
                "nodeLabels": dict(flavor.node_labels),
                "tolerations": [{key: value for key, value in asdict(each).items() if value} for each in flavor.tolerations],
            },
            opts=opts,
        )
        for flavor in flavors
    ]


def team_queue(plan: QueuePlan, opts: ResourceOptions) -> CustomResource:
    """The ClusterQueue and, in the team's namespace, the LocalQueue that leads to it. Gives the LocalQueue."""
    cluster_queue = CustomResource(
        f"{plan.name}-cluster-queue",
        api_version=_API,
        kind="ClusterQueue",
        metadata=ObjectMetaArgs(name=plan.name),
        spec={
            "cohortName": plan.cohort,
            "namespaceSelector": {"matchLabels": {NAME_LABEL: plan.namespace}},
            # What a team lent out comes back to it when it needs it itself.
            "preemption": {"reclaimWithinCohort": "Any", "withinClusterQueue": "LowerPriority"},
            "resourceGroups": [_resource_group(plan.shares)],
        },
        opts=opts,
    )
    return CustomResource(
        f"{plan.name}-local-queue",
        api_version=_API,
        kind="LocalQueue",
        metadata=ObjectMetaArgs(name=plan.name, namespace=plan.namespace),
        spec={"clusterQueue": plan.name},
        opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[cluster_queue])),
    )


def _resource_group(shares: Mapping[str, Mapping[str, ShareQuotaPlan]]) -> dict[str, Any]:
    covered = list(next(iter(shares.values())))
    return {"coveredResources": covered, "flavors": [_flavor(name, share, covered) for name, share in shares.items()]}


def _flavor(name: str, share: Mapping[str, ShareQuotaPlan], covered: Sequence[str]) -> dict[str, Any]:
    resources = [
        {"name": resource, "nominalQuota": share[resource].nominal, "borrowingLimit": share[resource].borrowing} for resource in covered
    ]
    return {"name": name, "resources": resources}
