"""Kubernetes namespaces: what holds in one, and whose it is. Those into which a chart is put are the chart's to fill."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.check import Problem
from policies.checks.resources_kubernetes import LIMIT_RANGE, QUOTA
from policies.namespaces import NAMESPACE, NamespacedChecks, beside, holds_chart, namespace
from policies.part import Part
from policies.pods import DECLARED
from policies.view import View

CHECKS = NamespacedChecks()
_DEV: Mapping[str, Any] = {"dev": "advisory"}
_ENFORCE = "pod-security.kubernetes.io/enforce"
_NAMESPACED = (
    *DECLARED,
    *(f"kubernetes:core/v1:{kind}" for kind in ("ConfigMap", "PersistentVolumeClaim", "Secret", "Service", "ServiceAccount")),
)


@CHECKS.add(
    "DD-WORKLOAD-328",
    "Nothing stands in the default namespace",
    *_NAMESPACED,
    profiles=_DEV,
    joined=True,
    rationale="What is nobody's namespace has no quota, no policy and no owner.",
    fix="name a namespace in metadata.namespace",
    key="workloads.<name>.team, endpoints.<name>.team",
    equivalents=("CKV_K8S_21", "KSV-0110", "CIS-EKS-4.6.3", "disallow-default-namespace"),
)
def not_in_default(view: View) -> Iterator[Problem]:
    """metadata.namespace, else the provider's."""
    if namespace(view) == "default":
        yield Problem(path="metadata.namespace", what="is default")


@CHECKS.add(
    "DD-WORKLOAD-346",
    "A namespace has a quota",
    NAMESPACE,
    joined=True,
    level="advisory",
    rationale="Without one a single team may take every accelerator of the cluster, and have more of them bought.",
    fix="add a ResourceQuota, with the accelerators in spec.hard",
    key="teams.<name>.quota",
    equivalents=("KSV-0040", "schedule-based-quotas", "add-ns-quota"),
)
def has_quota(view: View) -> Iterator[Problem]:
    """Whether a ResourceQuota of the program is of the namespace."""
    if not holds_chart(view) and not any(True for _ in beside(view, [QUOTA])):
        yield Problem(what="has no quota")


@CHECKS.add(
    "DD-WORKLOAD-347",
    "A namespace gives containers what they leave out",
    NAMESPACE,
    joined=True,
    level="advisory",
    rationale="A container without requests is placed anywhere, bounded by nothing, and refused where a quota is.",
    fix="add a LimitRange with defaultRequest and default",
    equivalents=("KSV-0039", "add-ns-quota"),
)
def has_range(view: View) -> Iterator[Problem]:
    """Whether a LimitRange of the program is of the namespace."""
    if not holds_chart(view) and not any(True for _ in beside(view, [LIMIT_RANGE])):
        yield Problem(what="has no LimitRange")


@CHECKS.add(
    "DD-WORKLOAD-348",
    "A namespace refuses pods that are not safe",
    NAMESPACE,
    joined=True,
    severity="high",
    profiles=_DEV,
    rationale="Whatever anybody puts into the cluster later, a namespace that enforces a standard refuses privileged pods.",
    fix=f"set the label {_ENFORCE} to restricted or baseline",
    equivalents=("CIS-EKS-4.2.1", "CIS-EKS-4.2.2", "CIS-EKS-4.2.3", "CIS-EKS-4.2.4", "CIS-EKS-4.2.5", "add-psa-labels"),
    parameters={"standards": ("restricted", "baseline")},
)
def enforces_standard(view: View) -> Iterator[Problem]:
    """The label that enforces a standard, privileged where it is left out (Kubernetes documentation, "Pod Security Admission")."""
    if holds_chart(view):
        return
    level = Part(view, "metadata").known("labels").get(_ENFORCE)
    if level not in view.parameters["standards"]:
        yield Problem(path="metadata.labels", what=f"enforce {level or 'no standard'}")


@CHECKS.add(
    "DD-LABEL-301",
    "A namespace says whose it is and who pays",
    NAMESPACE,
    joined=True,
    level="advisory",
    rationale="Nodes are shared: only a namespace's labels share out what a cluster costs.",
    fix="set the labels in metadata.labels",
    key="owner, costCenter, stage",
    equivalents=("require-labels",),
    parameters={"labels": ("owner", "cost-center", "stage")},
)
def labelled(view: View) -> Iterator[Problem]:
    """The labels of the parameter; a value that is known later is one."""
    if holds_chart(view):
        return
    told = Part(view, "metadata").fields("labels")
    missing = [name for name in view.parameters["labels"] if told.get(name) in (None, "")]
    if missing:
        yield Problem(path="metadata.labels", what=f"lack {', '.join(missing)}")
