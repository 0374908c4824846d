from decimal import Decimal
from typing import Any

import pytest

from costs.model import Estimate
from costs.resource import UNKNOWN
from tests.costs.building import component, estimated, line, prices, resource, told, usd

CLUSTER = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"
A100 = "Standard_NC24ads_A100_v4"
# Machines: USD an hour on demand, Linux, East US, 2026-06-18. AKS, disks, load balancer, addresses: list prices East US, 2026.
LIST = prices(
    ("azure", "aks", "standard-tier-uptime-sla", "eastus", "hour", "0.10"),
    ("azure", "aks", "premium-tier-long-term-support", "eastus", "hour", "0.60"),
    ("azure", "aks", "free-tier-infrastructure-meter-from-2026-10-01", "eastus", "hour", "0.05"),
    ("azure", "aks", "automatic-hosted-control-plane", "eastus", "hour", "0.16"),
    ("azure", "load-balancer", "standard-first-5-rules", "global", "hour", "0.025"),
    ("azure", "public-ip", "standard-static-regional", "eastus", "hour", "0.005"),
    ("azure", "nat-gateway", "gateway", "eastus", "hour", "0.045"),
    ("azure", "nat-gateway", "data-processed", "eastus", "GB", "0.045"),
    ("azure", "managed-disk", "premium-ssd-p10-lrs", "eastus", "disk-month", "19.71"),
    ("azure", "managed-disk", "premium-ssd-p20-lrs", "eastus", "disk-month", "73.22"),
    ("azure", "managed-disk", "standard-hdd-s10-lrs", "eastus", "disk-month", "5.888"),
    machines=[
        ("azure", "eastus", A100, "3.673", None),
        ("azure", "eastus", "Standard_D4s_v5", "0.192", None),
        ("azure", "eastus", "Standard_D4_v5", "0.192", None),
    ],
)
NO_WAY_OUT = {"networkProfile": {"outboundType": "userDefinedRouting"}}


def cluster(**properties: Any) -> Estimate:
    return estimated(LIST, resource(CLUSTER, properties={"location": "eastus", **NO_WAY_OUT, **properties}))


def pool(**properties: Any) -> Estimate:
    return estimated(
        LIST, resource(POOL, properties={"location": "eastus", "vmSize": "Standard_D4s_v5", "osDiskType": "Ephemeral", **properties})
    )


@pytest.mark.parametrize(("tier", "cost"), [("Standard", "73.0000"), ("Premium", "438.0000")])
def test_a_control_plane_costs_its_tier(tier: str, cost: str) -> None:
    # 730 h × 0.10, 730 h × 0.60
    assert usd(cluster(sku={"name": "Base", "tier": tier}), "control plane") == (Decimal(cost),) * 3


def test_the_free_tier_is_between_what_the_documentation_and_what_the_price_list_say() -> None:
    # 0 … 0 … 730 h × 0.05
    assert usd(cluster(), "control plane (free)") == (Decimal("0.0000"), Decimal("0.0000"), Decimal("36.5000"))


def test_a_tier_that_is_not_known_is_unpriced() -> None:
    assert "control plane" in [each.driver for each in cluster(sku=UNKNOWN).unpriced]
    assert "control plane" in [each.driver for each in cluster(sku={"tier": "Platinum"}).unpriced]


@pytest.mark.parametrize(
    ("profile", "named"),
    [
        ({"mode": "Auto"}, True),
        ({"mode": "Auto", "defaultNodePools": "Auto"}, True),
        # Then only pools that the program itself declares get nodes, and these are priced where they are declared.
        ({"mode": "Auto", "defaultNodePools": "None"}, False),
        ({"mode": "Manual"}, False),
    ],
)
def test_nodes_that_aks_chooses_by_itself_are_named(profile: dict[str, str], named: bool) -> None:
    assert ("nodes by auto-provisioning" in [each.driver for each in cluster(nodeProvisioningProfile=profile).unpriced]) is named


def test_pools_written_into_the_cluster_are_priced_one_by_one() -> None:
    profiles = [
        {"name": "system", "count": 2, "vmSize": "Standard_D4s_v5", "osDiskType": "Ephemeral"},
        {"name": "gpu", "count": 1, "vmSize": A100, "osDiskType": "Ephemeral"},
    ]
    found = cluster(agentPoolProfiles=profiles)
    # 2 × 730 h × 0.192; 1 × 730 h × 3.673
    assert usd(found, "nodes system") == (Decimal("280.3200"),) * 3
    assert usd(found, "nodes gpu") == (Decimal("2681.2900"),) * 3


def test_a_pool_that_is_also_a_resource_is_counted_once() -> None:
    profile = {"name": "gpu", "count": 1, "vmSize": A100, "osDiskType": "Ephemeral"}
    it = resource(CLUSTER, "c", {"location": "eastus", "agentPoolProfiles": [profile], **NO_WAY_OUT})
    own = resource(POOL, "p", {**profile, "agentPoolName": "gpu"}, refers={"resourceName": it.urn})
    found = estimated(LIST, it, own)
    # 730 h × 3.673, once
    assert [each.urn for each in found.lines if each.driver.startswith("nodes")] == [own.urn]


def test_the_way_out_that_aks_makes_by_default_is_paid() -> None:
    found = cluster(networkProfile={}, agentPoolProfiles=[])
    # 730 h × 0.025 for a load balancer with one rule, 730 h × 0.005 for its address
    assert usd(found, "outbound load balancer") == (Decimal("18.2500"),) * 3
    assert usd(found, "outbound public IP") == (Decimal("3.6500"),) * 3


def test_a_managed_nat_gateway_is_paid_with_its_data() -> None:
    it = resource(CLUSTER, properties={"location": "eastus", "networkProfile": {"outboundType": "managedNATGateway"}})
    found = estimated(LIST, it, usage=told(processedGibPerMonth=100))
    # 730 h × 0.045; 100 GiB × 0.045
    assert usd(found, "outbound NAT gateway") == (Decimal("32.8500"),) * 3
    assert usd(found, "NAT data") == (Decimal("4.5000"),) * 3


def test_auto_provisioned_nodes_are_named() -> None:
    assert "nodes by auto-provisioning" in [each.driver for each in cluster(nodeProvisioningProfile={"mode": "Auto"}).unpriced]
    automatic = cluster(sku={"name": "Automatic", "tier": "Standard"})
    # 730 h × 0.16
    assert usd(automatic, "control plane") == (Decimal("116.8000"),) * 3


def test_a_pool_without_a_count_has_one_node() -> None:
    # 730 h × 0.192
    assert usd(pool(), "nodes") == (Decimal("140.1600"),) * 3


def test_a_pool_that_scales_reaches_from_its_minimum_to_its_maximum() -> None:
    found = pool(enableAutoScaling=True, minCount=1, maxCount=5, count=2)
    # 1 … 2 … 5 × 730 h × 0.192
    assert usd(found, "nodes") == (Decimal("140.1600"), Decimal("280.3200"), Decimal("700.8000"))


def test_limits_without_autoscaling_have_no_effect() -> None:
    # 3 × 730 h × 0.192
    assert usd(pool(minCount=1, maxCount=5, count=3), "nodes") == (Decimal("420.4800"),) * 3


def test_the_expected_number_of_nodes_follows_the_traffic() -> None:
    around = component(requestsPerSecond=(5, 40, 200), requestsPerSecondPerReplica=15)
    properties = {"location": "eastus", "vmSize": A100, "osDiskType": "Ephemeral", "enableAutoScaling": True, "minCount": 0, "maxCount": 8}
    it = resource(POOL, properties=properties, parent=around.urn)
    # ceil(40 ÷ 15) = 3 nodes expected: 0 … 3 … 8 × 730 h × 3.673
    assert usd(estimated(LIST, around, it), "nodes") == (Decimal("0.0000"), Decimal("8043.8700"), Decimal("21450.3200"))


def test_a_spot_pool_is_not_priced_as_pay_as_you_go() -> None:
    found = pool(scaleSetPriority="Spot", vmSize=A100)
    # 10 % … 100 % of 730 h × 3.673
    assert usd(found, "nodes") == (Decimal("268.1290"), Decimal("2681.2900"), Decimal("2681.2900"))
    used = line(found, "nodes").machine
    assert used
    assert used.spot


def test_a_priority_that_is_not_known_is_taken_as_on_demand_and_said() -> None:
    found = pool(scaleSetPriority=UNKNOWN)
    # 730 h × 0.192
    assert usd(found, "nodes") == (Decimal("140.1600"),) * 3
    assert "share that is spot" in [each.quantity for each in found.assumptions]


def test_a_way_out_that_is_not_known_is_named() -> None:
    assert "outbound traffic" in [each.driver for each in cluster(networkProfile=UNKNOWN).unpriced]


def test_a_partitioned_gpu_costs_as_much_as_a_whole_one() -> None:
    assert usd(pool(vmSize=A100, gpuInstanceProfile="MIG1g"), "nodes") == usd(pool(vmSize=A100), "nodes")


def test_managed_os_disks_are_paid_for_each_node_by_their_size() -> None:
    found = pool(count=3, osDiskType="Managed", osDiskSizeGB=128)
    # 3 × P10 19.71
    assert usd(found, "OS disks") == (Decimal("59.1300"),) * 3


def test_an_ephemeral_os_disk_is_free() -> None:
    assert [each.driver for each in pool(osDiskType="Ephemeral").lines] == ["nodes (Standard_D4s_v5)"]


def test_an_os_disk_without_a_size_is_as_large_as_aks_makes_it_for_the_vcpus() -> None:
    # 4 vCPUs: 128 GiB (P10 19.71); 24 vCPUs: 512 GiB (P20 73.22)
    assert usd(pool(osDiskType="Managed"), "OS disks") == (Decimal("19.7100"),) * 3
    assert usd(pool(osDiskType="Managed", vmSize=A100), "OS disks") == (Decimal("73.2200"),) * 3


def test_an_os_disk_without_a_type_may_be_ephemeral_and_free() -> None:
    found = pool(osDiskType=None)
    assert usd(found, "OS disks") == (Decimal("0.0000"), Decimal("19.7100"), Decimal("19.7100"))
    assert any(each.quantity == "managed OS disk" for each in found.assumptions)


def test_a_size_without_premium_storage_has_a_standard_os_disk() -> None:
    # S10 5.888
    assert usd(pool(osDiskType="Managed", vmSize="Standard_D4_v5"), "OS disks") == (Decimal("5.8880"),) * 3


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"vmSize": UNKNOWN}, "vmSize is known only after `up`"),
        ({"vmSize": None}, "left out"),
        ({"count": UNKNOWN}, "known only after `up`"),
        ({"enableAutoScaling": True, "minCount": 1, "maxCount": UNKNOWN}, "known only after `up`"),
        ({"count": -3}, "count"),
        ({"vmSize": "Standard_X9_v9"}, "Standard_X9_v9"),
    ],
)
def test_a_pool_that_cannot_be_read_is_unpriced_with_the_reason(properties: dict[str, Any], reason: str) -> None:
    found = pool(**properties)
    assert not found.lines
    assert reason in found.unpriced[0].reason
