from decimal import Decimal
from typing import Any

import pytest

from costs.azure.egress import zone
from costs.model import Estimate
from costs.resource import UNKNOWN
from tests.costs.building import component, estimated, prices, resource, told, usd

NET = "azure-native:network:"
# Network list prices East US, West US and global, 2026.
LIST = prices(
    *(
        ("azure", service, sku, "eastus", unit, price)
        for service, sku, unit, price in (
            ("nat-gateway", "gateway", "hour", "0.045"),
            ("nat-gateway", "data-processed", "GB", "0.045"),
            ("public-ip", "standard-static-regional", "hour", "0.005"),
            ("load-balancer", "standard-first-5-rules", "hour", "0.025"),
            ("load-balancer", "standard-overage-rule", "hour", "0.01"),
            ("load-balancer", "standard-data-processed", "GB", "0.005"),
            ("private-endpoint", "endpoint", "hour", "0.01"),
            ("private-endpoint", "data-in-first-1PB", "GB", "0.01"),
            ("application-gateway", "waf-v2-gateway", "hour", "0.36"),
            ("application-gateway", "waf-v2-capacity-unit", "hour", "0.0144"),
            ("application-gateway", "waf-v1-medium", "hour", "0.126"),
            ("bastion", "basic-host", "hour", "0.19"),
            ("dns", "public-zone-first-25", "zone-month", "0.5"),
            ("vnet-peering", "intra-region-egress", "GB", "0.01"),
            ("vnet-peering", "intra-region-ingress", "GB", "0.01"),
            ("vnet-peering", "global-zone1-egress", "GB", "0.035"),
            ("vnet-peering", "global-zone1-ingress", "GB", "0.035"),
            ("bandwidth", "internet-egress-zone1-first-10TB-after-100GB-free", "GB", "0.087"),
            ("bandwidth", "internet-egress-zone1-next-40TB", "GB", "0.083"),
            ("bandwidth", "internet-egress-zone1-next-100TB", "GB", "0.07"),
            ("bandwidth", "internet-egress-zone1-over-150TB", "GB", "0.05"),
        )
    )
)
USAGE: dict[str, Any] = {"processedGibPerMonth": 1000, "egressGibPerMonth": 500}


def net(token: str, usage: dict[str, Any] | None = None, **properties: Any) -> Estimate:
    it = resource(f"{NET}{token}", properties={"location": "eastus", **properties})
    return estimated(LIST, it, usage=told(**{**USAGE, **(usage or {})}))


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("eastus2", "zone1"),
        ("westeurope", "zone1"),
        ("uksouth", "zone1"),
        ("australiaeast", "zone2"),
        ("japaneast", "zone2"),
        ("southafricanorth", "zone2"),
        ("uaenorth", "zone2"),
        ("brazilsouth", "zone3"),
    ],
)
def test_egress_is_billed_by_the_zone_of_the_region(region: str, expected: str) -> None:
    assert zone(region) == expected


@pytest.mark.parametrize(
    ("gib", "cost"),
    [
        (10_240, "890.8800"),  # 10,240 × 0.087
        (10_241, "890.9630"),  # and 1 × 0.083
        (51_200, "4290.5600"),  # 890.88 + 40,960 × 0.083
        (153_600, "11458.5600"),  # 4,290.56 + 102,400 × 0.07
        (200_000, "13778.5600"),  # 11,458.56 + 46,400 × 0.05
    ],
)
def test_egress_is_paid_in_steps(gib: int, cost: str) -> None:
    assert usd(net("NatGateway", {"egressGibPerMonth": gib}), "internet egress")[1] == Decimal(cost)


def test_a_step_that_is_not_reached_needs_no_price() -> None:
    first = prices(("azure", "bandwidth", "internet-egress-zone1-first-10TB-after-100GB-free", "eastus", "GB", "0.087"))
    it = resource(f"{NET}NatGateway", properties={"location": "eastus"})
    # 10,240 × 0.087; one GiB more is unpriced
    assert usd(estimated(first, it, usage=told(egressGibPerMonth=10_240)), "internet egress")[1] == Decimal("890.8800")
    assert "internet egress" in [each.driver for each in estimated(first, it, usage=told(egressGibPerMonth=10_241)).unpriced]


def test_only_the_low_level_of_egress_has_the_free_grant_off() -> None:
    # 500 - 100 free = 400 × 0.087; 500 × 0.087
    assert usd(net("NatGateway"), "internet egress") == (Decimal("34.8000"), Decimal("43.5000"), Decimal("43.5000"))


def test_traffic_that_a_component_tells_once_is_paid_once() -> None:
    around = component(egressGibPerMonth=500, processedGibPerMonth=1)
    balancer = resource(f"{NET}LoadBalancer", properties={"location": "eastus", "sku": {"name": "Standard"}}, parent=around.urn)
    nat = resource(f"{NET}NatGateway", properties={"location": "eastus"}, parent=around.urn)
    found = estimated(LIST, around, nat, balancer)
    # 500 × 0.087, with the one that comes first by its URN, in whatever order they are listed
    assert usd(found, "internet egress")[1] == Decimal("43.5000")
    assert [each.urn for each in found.lines if each.driver == "internet egress"] == [balancer.urn]
    assert estimated(LIST, balancer, nat, around) == found
    assert any("counted with it" in each.reason for each in found.assumptions)
    # a usage file means each of them
    assert len([each for each in estimated(LIST, nat, balancer, usage=told(**USAGE)).lines if each.driver == "internet egress"]) == 2


def test_a_zone_without_a_price_is_unpriced() -> None:
    found = net("NatGateway", location="japaneast")
    assert any("internet-egress-zone2" in each.reason for each in found.unpriced)


def test_a_nat_gateway_costs_its_hours_and_its_data() -> None:
    found = net("NatGateway")
    # 730 h × 0.045; 1,000 GiB × 0.045
    assert usd(found, "gateway") == (Decimal("32.8500"),) * 3
    assert usd(found, "data processed") == (Decimal("45.0000"),) * 3


def test_a_public_address_costs_its_hours_and_ipv6_nothing() -> None:
    standard: dict[str, Any] = {"sku": {"name": "Standard"}, "publicIPAllocationMethod": "Static"}
    # 730 h × 0.005
    assert usd(net("PublicIPAddress", **standard), "address") == (Decimal("3.6500"),) * 3
    assert net("PublicIPAddress", publicIPAddressVersion="IPv6", **standard).free == 1
    assert net("PublicIPAddress", sku=UNKNOWN).unpriced


@pytest.mark.parametrize(
    ("rules", "first", "further"),
    [
        (0, None, None),
        (1, "18.2500", None),
        (5, "18.2500", None),
        (6, "18.2500", "7.3000"),
        (7, "18.2500", "14.6000"),
    ],  # 730 h × 0.025; 730 h × 0.01 each
)
def test_five_rules_of_a_load_balancer_have_one_price_and_each_further_one_its_own(
    rules: int, first: str | None, further: str | None
) -> None:
    found = net("LoadBalancer", sku={"name": "Standard"}, loadBalancingRules=[{"name": str(at)} for at in range(rules)])
    costs = {each.driver: each.usd.expected.quantize(Decimal("0.0001")) for each in found.lines}
    assert costs.get("first five rules") == (Decimal(first) if first else None)
    assert costs.get("further rules") == (Decimal(further) if further else None)


def test_a_basic_load_balancer_is_free() -> None:
    basic = resource(f"{NET}LoadBalancer", properties={"location": "eastus", "sku": {"name": "Basic"}, "loadBalancingRules": [{}]})
    assert estimated(LIST, basic).free == 1
    # but not what it sends: 500 × 0.087
    assert usd(net("LoadBalancer", sku={"name": "Basic"}), "internet egress")[1] == Decimal("43.5000")
    assert net("LoadBalancer", sku={"name": "Standard"}, loadBalancingRules=UNKNOWN).unpriced


def test_a_private_endpoint_costs_its_hours_and_its_data() -> None:
    found = net("PrivateEndpoint")
    # 730 h × 0.01; 1,000 GiB × 0.01
    assert usd(found, "endpoint") == (Decimal("7.3000"),) * 3
    assert usd(found, "data processed") == (Decimal("10.0000"),) * 3


def test_a_gateway_costs_its_hours_and_ten_capacity_units_an_instance() -> None:
    found = net("ApplicationGateway", sku={"name": "WAF_v2", "tier": "WAF_v2"}, autoscaleConfiguration={"minCapacity": 2, "maxCapacity": 5})
    # 730 h × 0.36; 2 … 2 … 5 × 10 × 730 h × 0.0144
    assert usd(found, "gateway") == (Decimal("262.8000"),) * 3
    assert usd(found, "capacity units") == (Decimal("210.2400"), Decimal("210.2400"), Decimal("525.6000"))
    fixed = net("ApplicationGateway", sku={"name": "WAF_v2", "tier": "WAF_v2", "capacity": 3})
    # 3 × 10 × 730 h × 0.0144
    assert usd(fixed, "capacity units") == (Decimal("315.3600"),) * 3


def test_a_gateway_of_the_first_version_costs_its_instances() -> None:
    # 2 × 730 h × 0.126
    assert usd(net("ApplicationGateway", sku={"name": "WAF_Medium", "tier": "WAF", "capacity": 2}), "gateway") == (Decimal("183.9600"),) * 3


def test_a_bastion_costs_its_hours_and_the_developer_one_nothing() -> None:
    # 730 h × 0.19
    assert usd(net("BastionHost", sku={"name": "Basic"}), "bastion") == (Decimal("138.7000"),) * 3
    assert net("BastionHost", sku={"name": "Developer"}).free == 1


def test_a_peering_pays_both_ways_and_more_between_regions() -> None:
    here = net("VirtualNetworkPeering")
    # 1,000 GiB × 0.01 out and in
    assert usd(here, "peering egress") == (Decimal("10.0000"),) * 3
    assert usd(here, "peering ingress") == (Decimal("10.0000"),) * 3
    remote = resource(f"{NET}VirtualNetwork", "remote", {"location": "westeurope"})
    peering = resource(f"{NET}VirtualNetworkPeering", properties={"location": "eastus"}, refers={"remoteVirtualNetwork": remote.urn})
    # 1,000 GiB × 0.035
    assert usd(estimated(LIST, remote, peering, usage=told(**USAGE)), "peering egress") == (Decimal("35.0000"),) * 3


def test_a_zone_costs_the_month_and_its_queries_are_not_left_out() -> None:
    found = net("Zone")
    assert usd(found, "zone") == (Decimal("0.5000"),) * 3
    assert [each.driver for each in found.unpriced] == ["queries"]


@pytest.mark.parametrize("token", ["AzureFirewall", "ExpressRouteCircuit", "DdosProtectionPlan"])
def test_what_has_no_price_list_is_named(token: str) -> None:
    found = net(token)
    assert not found.unsupported
    assert found.unpriced


@pytest.mark.parametrize("token", ["VirtualNetwork", "Subnet", "NetworkSecurityGroup", "RouteTable", "NetworkInterface"])
def test_networks_themselves_are_free(token: str) -> None:
    assert net(token).free == 1


def test_traffic_is_paid_even_where_the_first_of_a_component_sends_none() -> None:
    around = component(egressGibPerMonth=500, processedGibPerMonth=1)
    app = resource("azure-native:app:ContainerApp", properties={"location": "eastus", "workloadProfileName": "own"}, parent=around.urn)
    nat = resource(f"{NET}NatGateway", properties={"location": "eastus"}, parent=around.urn)
    assert usd(estimated(LIST, around, app, nat), "internet egress")[1] == Decimal("43.5000")  # 500 × 0.087
