"""Kinds that cost nothing, and those of which nobody here can say it."""

from typing import Any

import pytest

from costs import kubernetes
from costs.resource import Resource
from tests.costs.building import estimated, prices, resource
from tests.costs.kubernetes.clusters import AUTOPILOT, EKS


@pytest.mark.parametrize(
    "kind",
    [
        "core/v1:Namespace",
        "core/v1:Secret",
        "core/v1:ServiceAccountPatch",
        "rbac.authorization.k8s.io/v1:ClusterRole",
        "networking.k8s.io/v1:NetworkPolicy",
        "policy/v1:PodDisruptionBudget",
        "autoscaling/v2:HorizontalPodAutoscaler",
        "apiextensions.k8s.io/v1:CustomResourceDefinition",
        "keda.sh/v1alpha1:ScaledObject",
        "gateway.networking.k8s.io/v1:HTTPRoute",
        "kueue.x-k8s.io/v1beta1:ClusterQueue",
        "core/v1:PersistentVolume",
        "storage.k8s.io/v1:StorageClass",
        "karpenter.k8s.aws/v1:EC2NodeClass",
        "helm.sh/v4:Chart",
        "yaml/v2:ConfigGroup",
    ],
)
def test_objects_of_the_api_cost_nothing(kind: str) -> None:
    found = estimated(prices(), resource(f"kubernetes:{kind}"))
    assert (found.free, found.at_least) == (1, False)


@pytest.mark.parametrize(
    "kind", ["s3.services.k8s.aws/v1alpha1:Bucket", "sql.cnrm.cloud.google.com/v1beta1:SQLInstance", "example.com/v1:Thing"]
)
def test_kinds_that_may_make_anything_are_named(kind: str) -> None:
    one = resource(f"kubernetes:{kind}")
    assert estimated(prices(), one).unsupported == (one.urn,)


def test_a_release_hides_what_it_makes() -> None:
    one = resource("kubernetes:helm.sh/v3:Release", "web", {"chart": "oci://charts.example.com/ingress-nginx"})
    (found,) = estimated(prices(), one).unpriced
    assert (found.urn, found.driver) == (one.urn, "chart ingress-nginx")


def release(chart: str, **values: Any) -> Resource:
    return resource("kubernetes:helm.sh/v3:Release", "it", {"chart": chart, "values": values})


@pytest.mark.parametrize("chart", ["dcgm-exporter", "oci://public.ecr.aws/karpenter/karpenter", "oci://registry.k8s.io/kueue/charts/kueue"])
def test_a_chart_whose_pods_alone_it_makes_costs_the_nodes_that_they_run_on(chart: str) -> None:
    found = estimated(prices(), EKS, release(chart, replicas=2))
    assert not [each for each in (*found.lines, *found.unpriced) if each.urn.endswith("::it")]
    assert [each.taken for each in found.assumptions if each.urn.endswith("::it")] == ["nothing of its own"]


@pytest.mark.parametrize(
    ("cluster", "values"),
    [
        (AUTOPILOT, {}),  # there pods are paid, not nodes
        (EKS, {"service": {"type": "LoadBalancer"}}),
        (EKS, {"prometheus": {"persistence": {"enabled": True}}}),
    ],
)
def test_such_a_chart_is_named_where_its_pods_or_what_its_values_add_are_paid(cluster: Resource, values: Any) -> None:
    found = estimated(prices(), cluster, release("keda", **values))
    assert "chart keda" in [each.driver for each in found.unpriced]


def test_a_component_shows_its_children_and_costs_nothing_itself() -> None:
    group = resource("kubernetes:yaml:ConfigGroup", "all", custom=False)
    child = resource("kubernetes:core/v1:PersistentVolumeClaim", "data", {"spec": {}}, parent=group.urn)
    found = estimated(prices(), EKS, group, child)
    assert (found.components[child.urn], group.urn in found.unsupported) == (group.urn, False)


def test_no_kind_is_both_free_and_priced() -> None:
    assert not kubernetes.FREE & set(kubernetes.PRICERS)


def test_every_priced_kind_bears_an_empty_resource() -> None:
    found = estimated(prices(), *(resource(kind) for kind in sorted(kubernetes.PRICERS)), EKS)
    assert all(each.usd.low <= each.usd.expected <= each.usd.high for each in found.lines)
