"""Load balancers that the cloud makes for Services, Ingresses and Gateways."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import estimated, prices, resource, told, usd
from tests.costs.kubernetes.clusters import AKS, AWS_PRICES, AZURE_PRICES, EKS, GCP_PRICES, GKE, service

INTERNAL_AZURE = {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"}
QUIET: dict[str, Any] = {"processedGibPerMonth": 0, "egressGibPerMonth": 0, "requestsPerSecond": 0}


def priced(*resources: Resource, **usage: Any) -> Estimate:
    return estimated(prices(*AWS_PRICES, *GCP_PRICES, *AZURE_PRICES), *resources, usage=told(**{**QUIET, **usage}))


def of(found: Estimate, one: Resource) -> Decimal:
    return sum((each.usd.expected for each in found.lines if each.urn == one.urn), Decimal(0)).quantize(Decimal("0.0001"))


def silent(found: Estimate, one: Resource) -> bool:
    return not [each for each in (*found.lines, *found.unpriced) if each.urn == one.urn]


def ingress(name: str = "web", spec: Any = None, **annotations: str) -> Resource:
    notes = {key.replace("_dot_", ".").replace("_slash_", "/"): value for key, value in annotations.items()}
    return resource("kubernetes:networking.k8s.io/v1:Ingress", name, {"metadata": {"annotations": notes}, "spec": spec or {}})


def gateway(kind: Any, *ports: int) -> Resource:
    spec = {"gatewayClassName": kind, "listeners": [{"port": port} for port in ports]}
    return resource("kubernetes:gateway.networking.k8s.io/v1:Gateway", "gw", {"spec": spec})


@pytest.mark.parametrize("kind", [None, "ClusterIP", "NodePort", "ExternalName"])
def test_other_services_are_free(kind: Any) -> None:
    one = resource("kubernetes:core/v1:Service", properties={"spec": {"type": kind} if kind else {}})
    assert silent(priced(one, EKS), one)


def test_without_annotations_aws_makes_a_classic_load_balancer() -> None:
    # 730 h × 0.025 USD (Classic Load Balancer, us-east-1)
    assert usd(priced(service(), EKS), "load balancer: classic") == (Decimal("18.2500"),) * 3


@pytest.mark.parametrize(
    "annotations",
    [
        {"service.beta.kubernetes.io/aws-load-balancer-type": "nlb"},
        {
            "service.beta.kubernetes.io/aws-load-balancer-type": "external",
            "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing",
        },
    ],
)
def test_a_public_network_load_balancer_has_addresses(annotations: dict[str, str]) -> None:
    found = priced(service(annotations=annotations), EKS)
    # 730 h × 0.0225 USD (Network Load Balancer, us-east-1)
    assert usd(found, "load balancer: network load balancer") == (Decimal("16.4250"),) * 3
    # 2 … 3 zones × 730 h × 0.005 USD (public IPv4 address)
    assert usd(found, "load balancer: public IPv4") == (Decimal("7.3000"), Decimal("7.3000"), Decimal("10.9500"))


@pytest.mark.parametrize(
    "annotations",
    [
        {"service.beta.kubernetes.io/aws-load-balancer-type": "external"},
        {"service.beta.kubernetes.io/aws-load-balancer-type": "nlb", "service.beta.kubernetes.io/aws-load-balancer-internal": "true"},
    ],
)
def test_an_internal_one_has_none(annotations: dict[str, str]) -> None:
    one = service(annotations=annotations)
    # 730 h × 0.0225 USD, nothing else without traffic
    assert of(priced(one, EKS), one) == Decimal("16.4250")


def test_the_controller_takes_over_services_without_annotations() -> None:
    release = resource("kubernetes:helm.sh/v3:Release", "lbc", {"chart": "aws-load-balancer-controller"})
    assert of(priced(service(), EKS, release), service()) == Decimal("16.4250")


def test_more_traffic_never_costs_less() -> None:
    kind = {"service.beta.kubernetes.io/aws-load-balancer-type": "nlb-ip"}
    sums = [priced(service(annotations=kind), EKS, processedGibPerMonth=gib).total.expected for gib in (0, 1000, 100_000)]
    # 100,000 GiB ÷ 730 h is 136.99 units × 730 h × 0.006 USD = 600 USD on top
    assert sums == sorted(sums)
    assert (sums[2] - sums[0]).quantize(Decimal("0.01")) == Decimal("600.00")


def test_aks_services_share_one_load_balancer() -> None:
    one, two = service("one", ports=3), service("two", ports=3)
    found = priced(one, two, AKS)
    # The cluster's way out is the first of the five included rules, so 4 are left: 3 for one, 1 of the 3 of two.
    # one: an address, 730 h × 0.005 USD
    assert of(found, one) == Decimal("3.6500")
    # two: an address and 2 further rules × 730 h × 0.01 USD
    assert of(found, two) == Decimal("18.2500")


def test_the_first_internal_aks_service_brings_a_load_balancer_of_its_own() -> None:
    public, one, two = service("public"), service("one", annotations=INTERNAL_AZURE), service("two", annotations=INTERNAL_AZURE)
    found = priced(public, one, two, AKS)
    # 730 h × 0.025 USD, no address; the second fits into the five rules that pays for
    assert of(found, one) == Decimal("18.2500")
    assert of(found, two) == Decimal(0)


def test_with_another_way_out_the_first_public_aks_service_brings_it() -> None:
    nat = replace(AKS, properties={**AKS.properties, "networkProfile": {"outboundType": "userDefinedRouting"}})
    # 730 h × (0.025 + 0.005) USD
    assert of(priced(service(), nat), service()) == Decimal("21.9000")


def test_gke_services_share_the_first_rules_price() -> None:
    one, two = service("one"), service("two")
    found = [each for each in priced(one, two, GKE).lines if each.driver.endswith("forwarding rule")]
    # 730 h × 0.025 USD for both together (Cloud Load Balancing, first five forwarding rules)
    assert [each.usd.expected for each in found] == [Decimal("9.1250")] * 2


def test_an_ingress_and_a_service_share_it_too() -> None:
    found = [each for each in priced(service(), ingress(), GKE).lines if each.driver.endswith("forwarding rule")]
    # 730 h × 0.025 USD ÷ 2 each
    assert [each.usd.expected for each in found] == [Decimal("9.1250")] * 2


def test_a_gce_ingress_with_tls_has_two_rules() -> None:
    one = ingress(spec={"tls": [{"secretName": "cert"}]})
    found = priced(one, GKE)
    # 2 × 730 h × 0.025 USD
    assert usd(found, "load balancer: forwarding rule") == (Decimal("36.5000"),) * 3


def test_ingresses_of_a_group_share_an_alb() -> None:
    spec = {"ingressClassName": "alb"}
    one, two = (ingress(name, spec, alb_dot_ingress_dot_kubernetes_dot_io_slash_group_dot_name="shop") for name in ("one", "two"))
    found = priced(one, two, EKS)
    # 730 h × 0.0225 USD (Application Load Balancer, us-east-1), internal by default
    assert (of(found, one), silent(found, two)) == (Decimal("16.4250"), True)


def test_a_class_is_known_by_its_controller() -> None:
    kind = {"metadata": {"name": "public"}, "spec": {"controller": "ingress.k8s.aws/alb"}}
    found = priced(
        ingress(spec={"ingressClassName": "public"}), EKS, resource("kubernetes:networking.k8s.io/v1:IngressClass", "public", kind)
    )
    assert usd(found, "load balancer: application load balancer") == (Decimal("16.4250"),) * 3


@pytest.mark.parametrize("kind", ["nginx", "traefik", "webapprouting.kubernetes.azure.com", "azure-application-gateway"])
def test_controllers_in_the_cluster_share_their_services_load_balancer(kind: str) -> None:
    one = ingress(spec={"ingressClassName": kind})
    assert silent(priced(one, AKS), one)


@pytest.mark.parametrize("spec", [{}, {"ingressClassName": "house-made"}, {"ingressClassName": UNKNOWN}])
def test_an_ingress_of_an_unknown_class_is_unpriced(spec: Any) -> None:
    one = ingress(spec=spec)
    assert [each.urn for each in priced(one, EKS).unpriced if each.driver == "load balancer"] == [one.urn]


def test_a_gke_gateway_has_a_rule_for_each_port() -> None:
    found = priced(gateway("gke-l7-global-external-managed", 80, 443, 443), GKE)
    # 2 ports × 730 h × 0.025 USD
    assert usd(found, "load balancer: forwarding rule") == (Decimal("36.5000"),) * 3


@pytest.mark.parametrize("kind", ["istio", UNKNOWN, None])
def test_other_gateways_are_unpriced(kind: Any) -> None:
    assert [each.driver for each in priced(gateway(kind), GKE).unpriced if "gateway" in each.reason] == ["load balancer"]


def test_a_load_balancer_of_someone_elses_cluster_is_unpriced() -> None:
    assert [each.reason for each in priced(service()).unpriced] == [
        "its cluster, and so whose load balancer it gets, is not in this program"
    ]


@pytest.mark.parametrize(
    "properties",
    [{"spec": {"type": UNKNOWN}}, {"spec": UNKNOWN}, {"spec": {"type": "LoadBalancer"}, "metadata": {"annotations": UNKNOWN}}],
)
def test_an_unknown_service_is_unpriced(properties: Any) -> None:
    one = resource("kubernetes:core/v1:Service", properties=properties)
    assert [each.urn for each in priced(one, EKS).unpriced if each.driver == "load balancer"] == [one.urn]
