"""Namespaces, and what stands in none."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made
from tests.policies.pods import JOB, NAMESPACE, here, workload

QUOTA = "kubernetes:core/v1:ResourceQuota"
RANGE = "kubernetes:core/v1:LimitRange"
RELEASE = "kubernetes:helm.sh/v3:Release"
PROVIDER = made("pulumi:providers:kubernetes", {"namespace": "search"}, "cluster")
ENFORCE = "pod-security.kubernetes.io/enforce"


def space(name: Any = "search", labels: Any = None) -> Resource:
    return made(NAMESPACE, {"metadata": {"name": name, "labels": labels or {}}}, "space")


def chart(given: object = "search", **refers: Resource) -> Resource:
    return made(RELEASE, {"chart": "gpu-operator", "namespace": given}, "chart", **refers)


def through(provider: Resource, resource: Resource) -> Resource:
    return Resource(urn=resource.urn, type=resource.type, properties=resource.properties, provider=provider.urn)


def elsewhere(kind: str) -> Resource:
    """An object of the same namespace in another cluster."""
    return Resource(
        urn="urn:pulumi:test::shop::other::other", type=kind, properties={"metadata": {"namespace": "search"}}, provider="other"
    )


SPACE = space()
CHARTS = (SPACE, chart())
SYSTEM = made(NAMESPACE, {"metadata": {"name": "kube-system"}}, "system")
VISION = made(NAMESPACE, {"metadata": {"name": "vision"}}, "vision")
REFERRED = (VISION, made(QUOTA, {"metadata": {"namespace": UNKNOWN}}, "by-reference", metadata=VISION))
# A chart that waits for a quota, and so takes its namespace from that.
CRITICAL = made(QUOTA, {"metadata": {"namespace": UNKNOWN}}, "critical", metadata=SPACE)

CASES = {
    "DD-WORKLOAD-328": Case(
        violating=(workload(namespace=None), here("kubernetes:core/v1:Secret", "it", "default")),
        at=("metadata.namespace", "metadata.namespace"),
        passing=(workload(), PROVIDER, through(PROVIDER, workload(kind=JOB, namespace=None))),
        unknown=(workload(namespace=UNKNOWN),),
        elsewhere=(made(RELEASE, {"chart": "keda"}), space("default")),
    ),
    "DD-WORKLOAD-346": Case(
        violating=(SPACE, here(QUOTA, "quota", "vision"), made(RELEASE, {"namespace": "keda"}, "keda")),
        passing=(SPACE, here(QUOTA, "quota")),
        unknown=(SPACE, here(QUOTA, "quota", UNKNOWN)),
        elsewhere=(*CHARTS, *REFERRED),
    ),
    "DD-WORKLOAD-347": Case(
        violating=(through(PROVIDER, SPACE), elsewhere(RANGE), here(QUOTA, "quota")),
        passing=(SPACE, here(RANGE, "range", UNKNOWN, metadata={"namespace": "search"})),
        unknown=(SPACE, here(RANGE, "range", UNKNOWN)),
        elsewhere=(SPACE, CRITICAL, chart(UNKNOWN, namespace=CRITICAL)),
    ),
    "DD-WORKLOAD-348": Case(
        violating=(space(labels={ENFORCE: "privileged"}),),
        at=("metadata.labels",),
        passing=(space(labels={ENFORCE: "restricted"}),),
        unknown=(space(labels={ENFORCE: UNKNOWN}),),
        elsewhere=CHARTS,
    ),
    "DD-LABEL-301": Case(
        violating=(space(labels={"owner": "ml", "stage": ""}),),
        at=("metadata.labels",),
        passing=(space(labels={"owner": "ml", "stage": UNKNOWN, "cost-center": "cc-1"}),),
        unknown=(space(labels=UNKNOWN),),
        elsewhere=(*CHARTS, SYSTEM),
    ),
}
