"""Pools whose nodes come from several places: one pool in the estimate, not one for each place."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from catalogue.model import Confidence
from costs.model import Estimate
from costs.money import Band
from costs.resource import Resource
from costs.usage import Usage
from tests.costs.building import STACK, estimated, line, prices, resource, usd

D = Decimal
ZERO = (D(0), D(0), D(0))
EKS = "aws:eks/nodeGroup:NodeGroup"
GKE = "gcp:container/nodePool:NodePool"
AKS = "azure-native:containerservice:AgentPool"
KARPENTER = "kubernetes:karpenter.sh/v1:NodePool"
# USD an hour, on demand and as spot, round so that a month of 730 h is read at a glance: 730, 1,460 …; disks of 10 GiB cost 1 a month.
LIST = prices(
    ("aws", "ebs", "gp2-storage", "here", "GB-month", "0.10"),
    ("aws", "ebs", "gp3-storage", "here", "GB-month", "0.10"),
    ("gcp", "persistent-disk", "pd-balanced", "here", "GiB-month", "0.10"),
    machines=[
        ("aws", "here", "g6.xlarge", "1.00", "0.40"),
        ("aws", "here", "g6.2xlarge", "2.00", None),
        ("gcp", "here", "g2-standard-4", "1.00", "0.40"),
        ("gcp", "here", "tpu-v5e-chip", "1.00", None),
        ("azure", "here", "Standard_NC4as_T4_v3", "1.00", "0.40"),
    ],
    shapes=[("aws", "g6.xlarge", "g6", 4, 16, "L4", 1, 24, "list"), ("aws", "g6.2xlarge", "g6", 8, 32, "L4", 1, 24, "list")],
)
CONFIG = {"aws:region": "here", "gcp:region": "here", "azure-native:location": "here"}


def pool(nodes: tuple[float, float, float], *ladder: str, name: str = "gpu") -> Resource:
    """A component that tells its nodes and the order of its ladder."""
    band = dict(zip(("low", "expected", "high"), nodes, strict=True))
    inputs = {"usage": {"nodes": band}, **({"capacity": [*ladder]} if ladder else {})}
    return resource("shop:index:NodePool", name, inputs, custom=False)


def group(around: Resource, kind: str, least: int, most: int, **properties: Any) -> Resource:
    """A node group of EKS: capacity blocks and spot by their kind."""
    capacity = {"spot": "SPOT", "block": "CAPACITY_BLOCK"}.get(kind, "ON_DEMAND")
    scaling = {"minSize": least, "desiredSize": least, "maxSize": most}
    common = {"scalingConfig": scaling, "capacityType": capacity, "instanceTypes": ["g6.xlarge"], "diskSize": 10}
    return resource(EKS, f"gpu-{kind}", {**common, "labels": {"drydock/capacity": kind}, **properties}, parent=around.urn)


def priced(*resources: Resource, usage: Usage | None = None) -> Estimate:
    return estimated(LIST, *resources, config=CONFIG, usage=usage or Usage({}))


def of(found: Estimate, rung: Resource, driver: str = "nodes") -> tuple[Decimal, Decimal, Decimal]:
    """What this resource's one line of this driver costs, 0 where it has none."""
    lines = [each for each in found.lines if each.urn == rung.urn and each.driver.startswith(driver)]
    return (lines[0].usd.low, lines[0].usd.expected, lines[0].usd.high) if lines else ZERO


def test_what_is_expected_fills_the_first_rungs_in_the_ladders_order() -> None:
    around = pool((0, 5, 8), "spot", "onDemand")
    spot, on_demand = group(around, "spot", 0, 3), group(around, "onDemand", 0, 8)
    found = priced(around, on_demand, spot)
    # 3 of the 5 as spot: 3 × 730 × (0.9 × 0.40 + 0.1 × 1.00 = 0.46); the 2 that are left on demand: 2 × 730 × 1.00
    assert of(found, spot)[1] == D("1007.40")
    assert of(found, on_demand)[1] == D("1460.00")


def test_the_other_order_of_the_same_rungs_is_another_price() -> None:
    around = pool((0, 5, 8), "onDemand", "spot")
    spot, on_demand = group(around, "spot", 0, 3), group(around, "onDemand", 0, 8)
    found = priced(around, on_demand, spot)
    assert (of(found, spot)[1], of(found, on_demand)[1]) == (D(0), D("3650.00"))  # 5 × 730 × 1.00


def test_the_worst_case_is_the_pools_maximum_once() -> None:
    around = pool((0, 1, 8), "onDemand", "spot")
    spot, on_demand = group(around, "spot", 0, 8), group(around, "onDemand", 0, 8)
    found = priced(around, on_demand, spot)
    # 8 nodes × 730 × 1.00 and 8 × 10 GB × 0.10, not 16
    assert found.total.high == D("5848.00")


def test_the_worst_case_stands_on_the_dearest_rungs() -> None:
    around = pool((0, 2, 8), "spot", "onDemand")
    small, large = group(around, "spot", 0, 8), group(around, "onDemand", 0, 6, instanceTypes=["g6.2xlarge"])
    found = priced(around, small, large)
    # the maximum of 8: 6 × 730 × 2.00 on the dear one, the other 2 on the cheap one at its worst: 2 × 730 × 1.00
    assert (of(found, large)[2], of(found, small)[2]) == (D("8760.00"), D("1460.00"))


def test_a_capacity_block_is_no_worst_case_since_its_nodes_are_paid_already() -> None:
    around = pool((0, 2, 8), "block", "onDemand")
    block, on_demand = group(around, "block", 0, 8), group(around, "onDemand", 0, 8)
    found = priced(around, block, on_demand)
    assert (of(found, block), of(found, on_demand)) == (ZERO, (D(0), D(0), D("5840.00")))  # 8 × 730 × 1.00
    # their disks are paid: the two that are expected in the block
    assert of(found, block, "root volume") == (D(0), D("2.00"), D("2.00"))


def test_the_minimum_of_each_rung_always_runs() -> None:
    around = pool((2, 3, 8), "onDemand", "spot")
    spot, on_demand = group(around, "spot", 1, 8), group(around, "onDemand", 1, 8)
    found = priced(around, on_demand, spot)
    # 1 each at least; of 3 expected the third is on demand; of 8 at worst one must be the spot rung's own
    assert of(found, on_demand) == (D("730.00"), D("1460.00"), D("5110.00"))
    assert of(found, spot) == (D("292.00"), D("335.80"), D("730.00"))  # 730 × 0.40, 0.46, 1.00


def test_reserved_machines_are_paid_once_and_fill_first() -> None:
    around = pool((0, 3, 8), "reserved", "onDemand")
    held = resource(
        "aws:ec2/capacityReservation:CapacityReservation",
        "held",
        {"instanceType": "g6.xlarge", "instanceCount": 2, "instanceMatchCriteria": "targeted"},
        parent=around.urn,
    )
    path = "capacityReservationSpecification"
    launch = resource("aws:ec2/launchTemplate:LaunchTemplate", "launch", {path: {}}, refers={path: held.urn})
    reserved = group(around, "reserved", 0, 2)
    properties: dict[str, Any] = {**reserved.properties, "launchTemplate": {}}
    reserved = replace(reserved, properties=properties, references={"launchTemplate": (launch.urn,)})
    on_demand = group(around, "onDemand", 0, 8)
    found = priced(around, held, launch, reserved, on_demand)
    assert usd(found, "reserved instances") == (D("1460.0000"),) * 3  # 2 × 730 × 1.00, used or not
    # 3 expected: 2 in the reservation, 1 × 730 beside; at worst 8: 2 and 6 × 730
    assert of(found, reserved) == ZERO
    assert of(found, on_demand) == (D(0), D("730.00"), D("4380.00"))


def test_a_pool_that_tells_no_order_is_filled_by_weight() -> None:
    around = pool((0, 2, 4))
    pools = {
        name: resource(
            KARPENTER,
            name,
            {
                "spec": {
                    "weight": weight,
                    "limits": {"cpu": "16"},
                    "template": {"spec": {"requirements": [{"key": KEY, "operator": "In", "values": ["g6.xlarge"]}]}},
                }
            },
            parent=around.urn,
        )
        for name, weight in (("a-later", 10), ("b-first", 90))
    }
    cluster = resource("aws:eks/cluster:Cluster", "cluster", {"region": "here"})
    found = priced(cluster, around, *pools.values())
    # 2 nodes × 730 × 1.00 on the one of the higher weight; 4 nodes (16 vCPU ÷ 4) at worst, once
    assert of(found, pools["b-first"]) == (D(0), D("1460.00"), D("2920.00"))
    assert of(found, pools["a-later"]) == ZERO
    assert of(found, pools["b-first"], "node disk") == (D(0), D("4.00"), D("8.00"))  # 20 GiB each × 0.10


KEY = "node.kubernetes.io/instance-type"


def test_google_pools_share_and_their_limits_are_those_of_all_zones() -> None:
    around = pool((0, 4, 6), "spot", "onDemand")
    cluster = resource("gcp:container/cluster:Cluster", "cluster", {"location": "here"})
    private = {"enablePrivateNodes": True}

    def rung(kind: str, **properties: Any) -> Resource:
        config = {"machineType": "g2-standard-4", "diskSizeGb": 10, "labels": {"drydock/capacity": kind}, "spot": kind == "spot"}
        more = {"nodeConfig": config, "networkConfig": private, "nodeLocations": ["a", "b"], **properties}
        return resource(GKE, kind, more, parent=around.urn, refers={"cluster": cluster.urn})

    spot = rung("spot", autoscaling={"minNodeCount": 0, "maxNodeCount": 1})
    on_demand = rung("onDemand", autoscaling={"totalMinNodeCount": 0, "totalMaxNodeCount": 6})
    found = priced(cluster, around, spot, on_demand)
    # spot holds 1 in each of 2 zones: 2 × 730 × 0.46; the other 2 of 4 on demand; at worst 6 at 1.00, of which 2 as spot that fell back
    assert of(found, spot) == (D(0), D("671.60"), D("1460.00"))
    assert of(found, on_demand) == (D(0), D("1460.00"), D("2920.00"))


def test_a_slice_is_whole_on_the_rung_that_has_it() -> None:
    around = pool((0, 4, 4), "onDemand", "spot")
    cluster = resource("gcp:container/cluster:Cluster", "cluster", {"location": "here"})

    def rung(kind: str) -> Resource:
        config = {"machineType": "ct5lp-hightpu-4t", "labels": {"drydock/capacity": kind}, "spot": kind == "spot"}
        more = {"nodeConfig": config, "placementPolicy": {"tpuTopology": "4x4"}, "nodeLocations": ["a"]}
        scaling = {"autoscaling": {"minNodeCount": 0, "maxNodeCount": 4}}
        return resource(GKE, kind, {**more, **scaling}, parent=around.urn, refers={"cluster": cluster.urn})

    on_demand, spot = rung("onDemand"), rung("spot")
    found = priced(cluster, around, on_demand, spot)
    # 4x4 = 16 chips on 4 hosts of 4: 16 × 730 × 1.00, once
    assert of(found, on_demand) == (D(0), D("11680.00"), D("11680.00"))
    assert of(found, spot) == ZERO


def agent_pool(around: Resource | None, kind: str, least: int, most: int, **properties: Any) -> Resource:
    size = {"vmSize": "Standard_NC4as_T4_v3", "osDiskType": "Ephemeral", "location": "here"}
    scaling = {"enableAutoScaling": True, "count": least, "minCount": least, "maxCount": most}
    labels = {"nodeLabels": {"drydock/pool": "gpu", "drydock/capacity": kind}}
    spot = {"scaleSetPriority": "Spot"} if kind == "spot" else {}
    return resource(AKS, f"gpu-{kind}", {**size, **scaling, **labels, **spot, **properties}, parent=around.urn if around else STACK)


def test_azure_pools_share_and_reserved_machines_are_paid_once() -> None:
    around = pool((0, 3, 4), "reserved", "onDemand")
    holder = resource("azure-native:compute:CapacityReservationGroup", "holder")
    sku = {"name": "Standard_NC4as_T4_v3", "capacity": 2}
    held = resource(
        "azure-native:compute:CapacityReservation",
        "held",
        {"location": "here", "sku": sku},
        refers={"capacityReservationGroupName": holder.urn},
    )
    reserved = replace(agent_pool(around, "reserved", 0, 2), references={"capacityReservationGroupID": (holder.urn,)})
    on_demand = agent_pool(around, "onDemand", 0, 4)
    found = priced(around, holder, held, reserved, on_demand)
    assert usd(found, "reserved machines") == (D("1460.0000"),) * 3  # 2 × 730 × 1.00, used or not
    # 3 expected: 2 in the reservation, 1 beside; 4 at worst: 2 and 2
    assert of(found, reserved) == ZERO
    assert of(found, on_demand) == (D(0), D("730.00"), D("1460.00"))


def test_a_pool_inside_its_cluster_is_known_by_the_label_of_its_nodes() -> None:
    around = pool((1, 3, 4), "reserved", "onDemand")
    inline = {**agent_pool(None, "reserved", 1, 2).properties, "name": "inline"}
    way_out = {"networkProfile": {"outboundType": "userDefinedRouting"}}
    cluster = resource(
        "azure-native:containerservice:ManagedCluster", "cluster", {"location": "here", "agentPoolProfiles": [inline], **way_out}
    )
    on_demand = agent_pool(around, "onDemand", 0, 4)
    found = priced(cluster, around, on_demand)
    # 2 of the 3 inside the cluster, 1 beside; at worst 4: 2 and 2; × 730 × 1.00
    assert usd(found, "nodes inline") == (D("730.0000"), D("1460.0000"), D("1460.0000"))
    assert of(found, on_demand) == (D(0), D("730.00"), D("1460.00"))


def test_the_only_rung_of_a_pool_inside_its_cluster_has_the_pools_nodes() -> None:
    around = pool((1, 3, 4), "onDemand")
    inline = {**agent_pool(None, "onDemand", 1, 4).properties, "name": "inline"}
    way_out = {"networkProfile": {"outboundType": "userDefinedRouting"}}
    cluster = resource(
        "azure-native:containerservice:ManagedCluster", "cluster", {"location": "here", "agentPoolProfiles": [inline], **way_out}
    )
    # told by the component of the name that the nodes bear: 1 … 3 … 4 × 730 × 1.00
    assert usd(priced(cluster, around), "nodes inline") == (D("730.0000"), D("2190.0000"), D("2920.0000"))
    # of two components of that name neither is known to be meant: one node is assumed
    twin = replace(around, urn=around.urn.replace("NodePool::", "OtherPool::"))
    assert usd(priced(cluster, around, twin), "nodes inline")[1] == D("730.0000")


def test_a_rung_of_a_fixed_size_has_it_whatever_is_expected() -> None:
    around = pool((2, 5, 8), "onDemand", "spot")
    spot, on_demand = group(around, "spot", 0, 8), group(around, "onDemand", 2, 2)
    found = priced(around, on_demand, spot)
    # 2 × 730 × 1.00; 3 of the 5 expected as spot: 3 × 730 × 0.46; at worst the other 6 of 8: 6 × 730 × 1.00
    assert of(found, on_demand) == (D("1460.00"),) * 3
    assert of(found, spot) == (D(0), D("1007.40"), D("4380.00"))
    # What the program itself fixes is sure, what is told of the rest is not.
    assert [line(found, driver).factors[0].confidence for driver in ("nodes (g6.xlarge)", "nodes (g6.xlarge, spot)")] == [
        Confidence.HIGH,
        Confidence.MEDIUM,
    ]


def test_a_usage_file_may_speak_of_the_pool_or_of_one_rung() -> None:
    around = pool((0, 1, 8), "onDemand", "spot")
    spot, on_demand = group(around, "spot", 0, 8), group(around, "onDemand", 0, 4)
    whole = priced(around, spot, on_demand, usage=Usage({"gpu": {"nodes": Band.of(0, 6, 6)}}))
    # 6: 4 on demand × 730 × 1.00; 2 as spot × 730 × 0.46
    assert (of(whole, on_demand)[1], of(whole, spot)[1]) == (D("2920.00"), D("671.60"))
    one = priced(around, spot, on_demand, usage=Usage({"gpu-spot": {"nodes": Band.of(3, 3, 3)}, "gpu": {"nodes": Band.of(4, 4, 4)}}))
    # 3 of the 4 are told to be spot: 3 × 730 × 0.46; the other on demand
    assert (of(one, spot)[1], of(one, on_demand)[1]) == (D("1007.40"), D("730.00"))


def test_groups_without_a_pool_around_them_expect_one_node_each_as_before() -> None:
    root = resource("shop:index:Component", "around", {}, custom=False)
    spot, on_demand = group(root, "spot", 0, 8), group(root, "onDemand", 0, 8)
    found = priced(root, spot, on_demand)
    assert (of(found, spot), of(found, on_demand)) == ((D(0), D("335.80"), D("5840.00")), (D(0), D("730.00"), D("5840.00")))


def test_a_rung_whose_limits_are_not_known_stands_apart() -> None:
    around = pool((0, 2, 8), "onDemand", "spot")
    unknown, on_demand = group(around, "spot", 0, 8, scalingConfig=None), group(around, "onDemand", 0, 8)
    found = priced(around, unknown, on_demand)
    assert [each.urn for each in found.unpriced] == [unknown.urn]
    assert of(found, on_demand) == (D(0), D("1460.00"), D("5840.00"))


def test_a_share_is_said_to_be_one_and_is_as_sure_as_what_is_told() -> None:
    around = pool((0, 1, 8), "onDemand", "spot")
    found = priced(around, group(around, "spot", 0, 8), group(around, "onDemand", 0, 8))
    nodes = line(found, "nodes (g6.xlarge)").factors[0]
    assert (nodes.words, nodes.confidence) == ("nodes (gpu): the share of one of 2 rungs", Confidence.MEDIUM)


@pytest.mark.parametrize(("least", "said"), [(0, ["$0.00"]), (1, [])])
def test_that_a_pool_scales_to_nothing_is_said(least: int, said: list[str]) -> None:
    around = pool((least, 1, 4))
    found = priced(around, group(around, "onDemand", least, 4))
    assert [each.taken for each in found.assumptions if (each.quantity, each.reason) == ("idle", "scales to zero")] == said


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("aws:ec2/capacityReservation:CapacityReservation", {"instanceType": "g6.xlarge", "instanceCount": 2}),
        (
            "gcp:compute/reservation:Reservation",
            {"specificReservation": {"count": 2, "instanceProperties": {"machineType": "g2-standard-4"}}},
        ),
        ("azure-native:compute:CapacityReservation", {"location": "here", "sku": {"name": "Standard_NC4as_T4_v3", "capacity": 2}}),
    ],
)
def test_what_a_reservation_costs_while_idle_is_said(kind: str, properties: dict[str, Any]) -> None:
    held = resource(kind, "held", properties)
    (idle,) = [each for each in priced(held).assumptions if each.quantity == "idle"]
    assert (idle.taken, idle.reason) == ("$1,460.00 a month", "reserved: billed whether it is used or not")  # 2 × 730 × 1.00
