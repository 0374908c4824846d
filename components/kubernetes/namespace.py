"""Namespaces, with the Pod Security Standard that holds in them."""

from collections.abc import Mapping

from pulumi import ResourceOptions
from pulumi_kubernetes.core.v1 import Namespace
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from plan.model import AddOnPlan, TeamPlan

SYSTEM = "kube-system"
# Every namespace carries this label with its name (Kubernetes documentation, Automatic labelling).
NAME_LABEL = "kubernetes.io/metadata.name"
TEAM_LABEL = "drydock/team"


def add_on_namespace(name: str, plan: AddOnPlan, opts: ResourceOptions) -> Namespace:
    """The namespace of an add-on."""
    return _namespace(name, plan.namespace, pod_security_labels(plan.pod_security), opts)


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


def _namespace(name: str, physical: str, labels: Mapping[str, str], opts: ResourceOptions) -> Namespace:
    return Namespace(f"{name}-namespace", metadata=ObjectMetaArgs(name=physical, labels=labels), opts=opts)
