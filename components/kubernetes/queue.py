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
_CHECK = "queued-provisioning"


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


def provisioning_check(flavors: Sequence[QueueFlavorPlan], opts: ResourceOptions) -> list[CustomResource]:
    """What asks GKE for all nodes of a job before it starts; nothing where no pool is queued.

    Source: Google Cloud, Deploy GPUs for batch workloads with flex-start and queued provisioning (Kueue).
    """
    managed = sorted({resource for flavor in flavors if flavor.queued for resource in flavor.quota})
    if not managed:
        return []
    config = CustomResource(
        "queued-provisioning-config",
        api_version=_API,
        kind="ProvisioningRequestConfig",
        metadata=ObjectMetaArgs(name=_CHECK),
        spec={"provisioningClassName": "queued-provisioning.gke.io", "managedResources": managed},
        opts=opts,
    )
    check = CustomResource(
        "queued-provisioning-check",
        api_version=_API,
        kind="AdmissionCheck",
        metadata=ObjectMetaArgs(name=_CHECK),
        spec={
            "controllerName": "kueue.x-k8s.io/provisioning-request",
            "parameters": {"apiGroup": "kueue.x-k8s.io", "kind": "ProvisioningRequestConfig", "name": _CHECK},
        },
        opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[config])),
    )
    return [config, check]


def team_queue(plan: QueuePlan, flavors: Sequence[QueueFlavorPlan], opts: ResourceOptions) -> CustomResource:
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
            "resourceGroups": [_resource_group(resource, shares) for resource, shares in plan.shares.items()],
            **_checks([flavor.name for flavor in flavors if flavor.queued]),
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


def _checks(queued: Sequence[str]) -> dict[str, Any]:
    return {"admissionChecksStrategy": {"admissionChecks": [{"name": _CHECK, "onFlavors": list(queued)}]}} if queued else {}


def _resource_group(resource: str, shares: Mapping[str, ShareQuotaPlan]) -> dict[str, Any]:
    return {"coveredResources": [resource], "flavors": [_flavor(name, resource, share) for name, share in shares.items()]}


def _flavor(name: str, resource: str, share: ShareQuotaPlan) -> dict[str, Any]:
    return {"name": name, "resources": [{"name": resource, "nominalQuota": share.nominal, "borrowingLimit": share.borrowing}]}
