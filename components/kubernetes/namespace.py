"""Namespaces, with the Pod Security Standard that holds in them."""

from collections.abc import Mapping

from pulumi import Output, ResourceOptions
from pulumi_kubernetes.core.v1 import (
    Namespace,
    ResourceQuota,
    ResourceQuotaSpecArgs,
    ScopedResourceSelectorRequirementArgs,
    ScopeSelectorArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from plan.model import AddOnPlan, TeamPlan

SYSTEM = "kube-system"
# Every namespace carries this label with its name (Kubernetes documentation, Automatic labelling).
NAME_LABEL = "kubernetes.io/metadata.name"
_CRITICAL = ("system-node-critical", "system-cluster-critical")
_MANY = "10000"
TEAM_LABEL = "drydock/team"


def add_on_namespace(name: str, plan: AddOnPlan, opts: ResourceOptions) -> Output[str]:
    """The namespace of an add-on, by its name."""
    namespace = _namespace(name, plan.namespace, pod_security_labels(plan.pod_security), opts).metadata["name"]
    return _allow_critical(name, namespace, opts) if plan.critical else namespace


def team_namespace(name: str, plan: TeamPlan, opts: ResourceOptions) -> Namespace:
    """The namespace of a team; its labels say whose it is."""
    return _namespace(name, plan.namespace, {**plan.labels, TEAM_LABEL: plan.name, **pod_security_labels(plan.pod_security)}, opts)


def pod_security_labels(standard: str) -> dict[str, str]:
    """Labels that enforce a Pod Security Standard; where it is not the strictest, they warn of what the strictest would refuse.

    Source: Kubernetes documentation, Pod Security Admission.
    """
    told = "privileged" if standard == "privileged" else "restricted"
    prefix = "pod-security.kubernetes.io"
    return {f"{prefix}/enforce": standard, f"{prefix}/audit": told, f"{prefix}/warn": told}


def _allow_critical(name: str, namespace: Output[str], opts: ResourceOptions) -> Output[str]:
    # A quota on critical pods is what tells GKE that a namespace may have some (Kubernetes: Limit Priority Class consumption).
    scope = ScopedResourceSelectorRequirementArgs(operator="In", scope_name="PriorityClass", values=list(_CRITICAL))
    quota = ResourceQuota(
        f"{name}-critical-pods",
        metadata=ObjectMetaArgs(namespace=namespace),
        spec=ResourceQuotaSpecArgs(hard={"pods": _MANY}, scope_selector=ScopeSelectorArgs(match_expressions=[scope])),
        opts=opts,
    )
    return quota.metadata["namespace"]


def _namespace(name: str, physical: str, labels: Mapping[str, str], opts: ResourceOptions) -> Namespace:
    return Namespace(f"{name}-namespace", metadata=ObjectMetaArgs(name=physical, labels=labels), opts=opts)
