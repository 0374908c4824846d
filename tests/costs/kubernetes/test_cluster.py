"""Whose price list a Kubernetes resource is paid by."""

from costs.kubernetes import place
from costs.registry import Place
from costs.resource import Program, Resource
from tests.costs.building import resource
from tests.costs.kubernetes.clusters import AKS, EKS, GKE, deployment, through

PROVIDER = "pulumi:providers:kubernetes"


def placed(one: Resource, *others: Resource) -> Place:
    return place(one, Program([one, *others]))


def test_the_only_cluster_is_the_one() -> None:
    assert placed(deployment(), EKS) == Place("aws", "us-east-1")
    assert placed(deployment(), GKE) == Place("gcp", "us-central1")
    assert placed(deployment(), AKS) == Place("azure", "eastus")


def test_without_a_cluster_no_price_list_is_meant() -> None:
    assert placed(deployment()) == Place("kubernetes", None)


def test_of_several_clusters_the_provider_tells() -> None:
    to_aks = resource(PROVIDER, "to-aks", refers={"kubeconfig": AKS.urn})
    to_eks = resource(PROVIDER, "to-eks", refers={"kubeconfig": EKS.urn})
    assert placed(through(to_aks.urn, deployment()), EKS, AKS, to_aks, to_eks) == Place("azure", "eastus")
    assert placed(through(to_eks.urn, deployment()), EKS, AKS, to_aks, to_eks) == Place("aws", "us-east-1")


def test_of_several_clusters_without_a_provider_none_is_taken() -> None:
    assert placed(deployment(), EKS, AKS) == Place("kubernetes", None)


def test_a_provider_may_lead_to_its_cluster_through_other_resources_and_components() -> None:
    platform = resource("shop:index:Platform", "platform", custom=False)
    inside = Resource(urn=EKS.urn, type=EKS.type, properties=EKS.properties, parent=platform.urn)
    token = resource("command:local:Command", "token", refers={"environment": platform.urn})
    provider = resource(PROVIDER, "k8s", refers={"kubeconfig": token.urn})
    assert placed(through(provider.urn, deployment()), AKS, platform, inside, token, provider) == Place("aws", "us-east-1")


def test_a_provider_of_another_stacks_cluster_is_not_this_programs_cluster() -> None:
    other = resource("pulumi:pulumi:StackReference", "platform")
    provider = resource(PROVIDER, "k8s", refers={"kubeconfig": other.urn})
    assert placed(through(provider.urn, deployment()), EKS, other, provider) == Place("kubernetes", None)


def test_references_in_a_ring_end() -> None:
    one = resource("command:local:Command", "one", refers={"environment": resource("command:local:Command", "two").urn})
    two = resource("command:local:Command", "two", refers={"environment": one.urn})
    provider = resource(PROVIDER, "k8s", refers={"kubeconfig": one.urn})
    assert placed(through(provider.urn, deployment()), EKS, one, two, provider) == Place("kubernetes", None)
