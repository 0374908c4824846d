"""Kubernetes workloads for checks, each with one container that a word of the test changes."""

from collections.abc import Mapping
from typing import Any

from costs.resource import Resource
from tests.policies.case import made

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
DAEMON_SET = "kubernetes:apps/v1:DaemonSet"
CRON_JOB = "kubernetes:batch/v1:CronJob"
JOB = "kubernetes:batch/v1:Job"
POD = "kubernetes:core/v1:Pod"
PATCH = "kubernetes:apps/v1:DeploymentPatch"
NAMESPACE = "kubernetes:core/v1:Namespace"
SERVICE = "kubernetes:core/v1:Service"
# Where Kubernetes keeps the pod of each kind. Source: Kubernetes API reference, "Workload Resources".
SPEC = {
    POD: "spec",
    CRON_JOB: "spec.jobTemplate.spec.template.spec",
}


def spec_path(kind: str = DEPLOYMENT) -> str:
    """Where the pod's spec lies in a workload of this kind."""
    return SPEC.get(kind, "spec.template.spec")


def first(path: str = "", kind: str = DEPLOYMENT) -> str:
    """The path of something in the first container."""
    return ".".join(filter(None, (spec_path(kind), "containers.0", path)))


def workload(
    container: Mapping[str, Any] | None = None,
    pod: Mapping[str, Any] | None = None,
    *,
    kind: str = DEPLOYMENT,
    name: str = "it",
    namespace: Any = "search",
    labels: Any = None,
    metadata: Mapping[str, Any] | None = None,
    spec: Mapping[str, Any] | None = None,
    **refers: Resource,
) -> Resource:
    """A workload with one container; pod: more of its pod's spec, spec: more of its own, labels: of its pods."""
    own: dict[str, Any] = {"name": "main", **(container or {})}
    told: dict[str, Any] = {"metadata": {"labels": labels or {}}, "spec": {"containers": [own], **(pod or {})}}
    whole: dict[str, Any] = {"metadata": {"name": name, "namespace": namespace, **(metadata or {})}}
    if kind == POD:
        whole = {"metadata": {**whole["metadata"], "labels": labels or {}}, "spec": told["spec"]}
    elif kind == CRON_JOB:
        whole["spec"] = {"jobTemplate": {"spec": {"template": told, **(spec or {})}}}
    else:
        whole["spec"] = {"template": told, **(spec or {})}
    return made(kind, whole, name, **refers)


def secured(where: str = "container", **context: Any) -> Resource:
    """A deployment with this security context, of its container or of its pod."""
    return workload({"securityContext": context}) if where == "container" else workload(pod={"securityContext": context})


def here(kind: str, name: str, namespace: Any = "search", **properties: Any) -> Resource:
    """An object of a namespace."""
    metadata = {"name": name, "namespace": namespace, **properties.pop("metadata", {})}
    return made(kind, {"metadata": metadata, **properties}, name)
