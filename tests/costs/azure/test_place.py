from decimal import Decimal

import pytest

from costs.azure.place import place
from costs.resource import UNKNOWN, Program
from tests.costs.building import estimated, prices, resource, usd

KIND = "azure-native:network:NatGateway"
GROUP = "azure-native:resources:ResourceGroup"


@pytest.mark.parametrize(
    ("written", "listed"),
    [("westeurope", "westeurope"), ("West Europe", "westeurope"), ("EastUS2", "eastus2"), ("North Central US", "northcentralus")],
)
def test_a_location_counts_however_azure_lets_it_be_written(written: str, listed: str) -> None:
    it = resource(KIND, properties={"location": written})
    assert place(it, Program([it])).region == listed


def test_what_has_no_location_is_paid_where_its_group_lies() -> None:
    group = resource(GROUP, "group", {"location": "westeurope"})
    it = resource(KIND, properties={"location": UNKNOWN}, refers={"resourceGroupName": group.urn})
    assert place(it, Program([group, it])).region == "westeurope"


def test_a_location_that_comes_from_another_resource_is_followed() -> None:
    group = resource(GROUP, "group", {"location": "swedencentral"})
    other = resource(GROUP, "other", {"location": "westeurope"})
    it = resource(KIND, properties={"location": UNKNOWN}, refers={"location": group.urn, "resourceGroupName": other.urn})
    assert place(it, Program([group, other, it])).region == "swedencentral"


def test_a_child_lies_where_its_parent_lies_before_where_the_group_lies() -> None:
    group = resource(GROUP, "group", {"location": "westeurope"})
    cluster = resource("azure-native:containerservice:ManagedCluster", "c", {"location": "eastus"}, refers={"resourceGroupName": group.urn})
    pool = resource("azure-native:containerservice:AgentPool", "p", refers={"resourceName": cluster.urn, "resourceGroupName": group.urn})
    assert place(pool, Program([group, cluster, pool])).region == "eastus"


def test_what_is_global_is_paid_by_the_list_of_its_group() -> None:
    group = resource(GROUP, "group", {"location": "westeurope"})
    alone = resource(KIND, "alone", {"location": "global"})
    inside = resource(KIND, "inside", {"location": "Global"}, refers={"resourceGroupName": group.urn})
    program = Program([group, alone, inside])
    assert place(inside, program).region == "westeurope"
    assert place(alone, program).region == "global"


def test_without_anything_nearer_the_provider_and_then_the_configuration_tell() -> None:
    it = resource(KIND)
    assert place(it, Program([it], {"azure-native:location": "UK South"})).region == "uksouth"
    assert place(it, Program([it])).region is None


def test_resources_that_name_each_other_do_not_go_round_for_ever() -> None:
    one = resource(GROUP, "one", refers={"accountName": f"urn:pulumi:test::shop::{GROUP}::two"})
    two = resource(GROUP, "two", refers={"accountName": one.urn})
    assert place(one, Program([one, two])).region is None


def test_without_a_region_nothing_is_priced_and_the_reason_is_said() -> None:
    found = estimated(prices(("azure", "nat-gateway", "gateway", "eastus", "hour", "0.045")), resource(KIND))
    assert not [line for line in found.lines if line.driver == "gateway"]
    assert any("region is not known" in each.reason for each in found.unpriced)


def test_a_price_is_that_of_the_region() -> None:
    listed = prices(
        ("azure", "nat-gateway", "gateway", "eastus", "hour", "0.045"), ("azure", "nat-gateway", "gateway", "westeurope", "hour", "0.05")
    )
    found = estimated(listed, resource(KIND, properties={"location": "West Europe"}))
    # 1 gateway × 730 h × 0.05 USD/h
    assert usd(found, "gateway") == (Decimal("36.5000"),) * 3
