"""Nodes by demand: between none and what the limits allow."""

from decimal import Decimal
from typing import Any

import pytest

from catalogue.model import Price
from costs.kubernetes.allowed import allowed
from costs.model import Estimate
from costs.pricing import Found, Pricing
from costs.resource import UNKNOWN, Program, Resource
from costs.usage import NO_USAGE
from tests.costs.building import estimated, line, prices, resource, told, usd
from tests.costs.kubernetes.clusters import AKS, AUTOPILOT, AWS_PRICES, AZURE_PRICES, EKS, GKE, deployment, pod

# EC2 list prices, us-east-1 (USD an hour, on demand, spot), and shapes: vCPU, GiB, GPUs.
MACHINES = (
    ("aws", "us-east-1", "m5.large", "0.096", "0.04"),
    ("aws", "us-east-1", "m5.xlarge", "0.192", None),
    ("aws", "us-east-1", "c5.xlarge", "0.170", None),
    ("aws", "us-east-1", "m7g.large", "0.0816", None),
    ("aws", "us-east-1", "g5.xlarge", "1.006", None),
    ("aws", "us-east-1", "g5.12xlarge", "5.672", None),
    ("aws", "us-east-1", "inf2.xlarge", "0.7582", None),
)
SHAPES = (
    ("aws", "m5.large", "m5", 2, 8, "", 0, None, "list"),
    ("aws", "m5.xlarge", "m5", 4, 16, "", 0, None, "list"),
    ("aws", "c5.xlarge", "c5", 4, 8, "", 0, None, "list"),
    ("aws", "m7g.large", "m7g", 2, 8, "", 0, None, "list"),
    ("aws", "g5.xlarge", "g5", 4, 16, "A10G", 1, 24, "list"),
    ("aws", "g5.12xlarge", "g5", 48, 192, "A10G", 4, 24, "list"),
    ("aws", "inf2.xlarge", "inf2", 4, 16, "Inferentia2", 1, 32, "list"),
)
NODES = "nodes by demand"


def pool(limits: Any, *requirements: dict[str, Any], name: str = "gpu", labels: Any = None, node_class: str = "") -> Resource:
    template: dict[str, Any] = {
        "metadata": {"labels": labels or {}},
        "spec": {"requirements": [*requirements], "nodeClassRef": {"name": node_class}},
    }
    return resource(
        "kubernetes:karpenter.sh/v1:NodePool", name, {"metadata": {"name": name}, "spec": {"limits": limits, "template": template}}
    )


def needs(key: str, *values: Any, operator: str = "In") -> dict[str, Any]:
    return {"key": key, "operator": operator, "values": [*values]}


FAMILY = "karpenter.k8s.aws/instance-family"
TYPE = "node.kubernetes.io/instance-type"


def priced(*resources: Resource, **usage: Any) -> Estimate:
    return estimated(prices(*AWS_PRICES, machines=MACHINES, shapes=SHAPES), *resources, usage=told(**usage))


def test_between_no_node_and_the_limit_at_the_dearest_price_per_unit() -> None:
    found = priced(EKS, pool({"cpu": "100"}, needs(FAMILY, "m5", "c5")))
    # high: 100 vCPU × 730 h × the dearest of 0.096 ÷ 2 = 0.048, 0.192 ÷ 4 = 0.048, 0.170 ÷ 4 = 0.0425 USD a vCPU
    # expected: one m5.large, the cheapest: 730 h × 0.096
    assert usd(found, NODES) == (Decimal(0), Decimal("70.0800"), Decimal("3504.0000"))
    tariff = line(found, NODES).tariff
    assert isinstance(tariff, Price)
    assert (tariff.low, tariff.high) == (Decimal("0.0425"), Decimal("0.048"))


def test_the_tightest_limit_bounds() -> None:
    limits = {"cpu": "1000", "nvidia.com/gpu": 8}
    # 8 GPUs × 730 h × max(1.006, 5.672 ÷ 4 = 1.418) USD; 1,000 vCPU × max(0.2515, 0.1182) USD would be more
    assert usd(priced(EKS, pool(limits, needs(FAMILY, "g5"))), NODES)[2] == Decimal("8281.1200")


def test_a_limit_on_gpus_does_not_bound_machines_without_any() -> None:
    found = priced(EKS, pool({"nvidia.com/gpu": 8}, needs(FAMILY, "g5", "m5")))
    assert "no bound" in found.unpriced[-1].reason
    assert [each.driver for each in found.unpriced if each.urn.endswith("::gpu")] == [NODES]


def test_memory_limits_count_gib() -> None:
    # 64 GiB × 730 h × 0.192 ÷ 16 = 0.012 USD
    assert usd(priced(EKS, pool({"memory": "64Gi"}, needs(TYPE, "m5.xlarge"))), NODES)[2] == Decimal("560.6400")


def test_expected_are_the_nodes_that_the_programs_pods_need() -> None:
    app = deployment(replicas=3, spec=pod("2", "8Gi", gpus=1, nodeSelector={"pool": "gpu"}))
    other = deployment("other", replicas=50, spec=pod("2", "8Gi", nodeSelector={"pool": "cpu"}))
    found = priced(EKS, app, other, pool({"nvidia.com/gpu": 8}, needs(FAMILY, "g5"), labels={"pool": "gpu"}))
    # 3 pods of 1 GPU: 3 g5.xlarge × 1.006 = 3.018 USD an hour, less than one g5.12xlarge at 5.672; × 730 h
    assert usd(found, NODES) == (Decimal(0), Decimal("2203.1400"), Decimal("8281.1200"))


def test_pods_are_packed_onto_the_machine_that_is_cheapest_for_all_of_them() -> None:
    app = deployment(replicas=6, spec=pod("2", "6Gi", nodeSelector={"karpenter.sh/nodepool": "gpu"}))
    found = priced(EKS, app, pool({"cpu": "100"}, needs(TYPE, "m5.large", "c5.xlarge", "m5.xlarge")))
    # one pod a m5.large: 6 × 0.096 = 0.576; one a c5.xlarge (8 GiB): 6 × 0.170; two a m5.xlarge: 3 × 0.192 = 0.576 on fewer nodes; × 730 h
    assert usd(found, NODES)[1] == Decimal("420.4800")


def test_what_pods_need_is_never_more_than_the_limits_allow() -> None:
    app = deployment(replicas=100, spec=pod("2", "8Gi", nodeSelector={"karpenter.sh/nodepool": "gpu"}))
    low, expected, high = usd(priced(EKS, app, pool({"cpu": "20"}, needs(TYPE, "m5.large"))), NODES)
    # 20 vCPU × 730 h × 0.048 USD
    assert (low, expected, high) == (Decimal(0), Decimal("700.8000"), Decimal("700.8000"))


def test_the_only_pool_of_a_cluster_takes_every_pod() -> None:
    found = priced(EKS, deployment(replicas=2, spec=pod("1", "4Gi")), pool({"cpu": "20"}, needs(TYPE, "m5.large")))
    # 1 pod a node (2 × 4 GiB fit: 8 GiB, 2 vCPU): 1 node × 730 h × 0.096 USD
    assert usd(found, NODES)[1] == Decimal("70.0800")


def test_pods_on_fargate_need_none_of_its_nodes() -> None:
    selector = {"selectors": [{"namespace": "default"}]}
    profile = resource("aws:eks/fargateProfile:FargateProfile", "fp", selector, refers={"clusterName": EKS.urn})
    found = priced(EKS, profile, deployment(replicas=9, spec=pod("1", "4Gi")), pool({"cpu": "20"}, needs(TYPE, "m5.large")))
    # the one node that is assumed where no pod selects the pool, not nine: 730 h × 0.096
    assert usd(found, NODES)[1] == Decimal("70.0800")


def test_told_nodes_go_before_what_pods_ask_for() -> None:
    app = deployment(spec=pod("1", "2Gi"))
    # 4 nodes × 2 vCPU × 730 h × 0.048 USD
    assert usd(priced(EKS, app, pool({"cpu": "20"}, needs(TYPE, "m5.large")), nodes=4), NODES)[1] == Decimal("280.3200")


def test_without_a_workload_one_node_is_assumed_as_of_any_pool_that_may_shrink_to_nothing() -> None:
    found = priced(EKS, pool({"cpu": "20"}, needs(TYPE, "m5.large", "m5.xlarge")))
    assert usd(found, NODES)[1] == Decimal("70.0800")  # the cheapest: 730 h × 0.096
    told_of_it = {each.quantity: each.taken for each in found.assumptions if each.urn.endswith("::gpu")}
    assert (told_of_it["nodes"], told_of_it["idle"]) == ("1", "$0.00")


def test_reserved_machines_of_a_pool_are_paid_with_their_reservation() -> None:
    held = resource(
        "aws:ec2/capacityReservation:CapacityReservation",
        "held",
        {"instanceType": "m5.large", "instanceCount": 2, "instanceMatchCriteria": "targeted"},
    )
    kind = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
    node_class = resource(kind, "class", {"metadata": {"name": "class"}}, refers={"spec": held.urn})
    only = needs("karpenter.sh/capacity-type", "reserved")
    reserved = pool({"cpu": "8"}, needs(TYPE, "m5.large"), only, node_class="class")
    found = priced(EKS, held, node_class, reserved, nodes=3)
    # of 4 nodes of 2 vCPU at most 2 are held: expected (3 - 2) and at worst (4 - 2) nodes × 730 h × 0.096
    assert usd(found, NODES) == (Decimal(0), Decimal("70.0800"), Decimal("140.1600"))
    either = pool({"cpu": "8"}, needs(TYPE, "m5.large"), needs("karpenter.sh/capacity-type", "reserved", "on-demand"), node_class="class")
    # which also buys on demand, and may before the reservation is full: 3 and 4 nodes
    assert usd(priced(EKS, held, node_class, either, nodes=3), NODES)[1:] == (Decimal("210.2400"), Decimal("280.3200"))


def test_spot_is_between_its_price_and_on_demand() -> None:
    app = deployment(spec=pod("2", "8Gi"))
    found = priced(
        EKS, app, pool({"cpu": "2"}, needs(TYPE, "m5.large"), needs("karpenter.sh/capacity-type", "spot", "on-demand")), onDemandShare=0.5
    )
    # half of the time 0.04, half 0.096: 0.068 USD × 730 h; at worst 0.096
    assert usd(found, NODES) == (Decimal(0), Decimal("49.6400"), Decimal("70.0800"))


MEDIUM = {"m5.large", "m7g.large"}
EVERY = {kind for _, _, kind, _, _ in MACHINES}


@pytest.mark.parametrize(
    ("requirement", "types"),
    [
        (needs("karpenter.k8s.aws/instance-category", "c", "m"), {*MEDIUM, "m5.xlarge", "c5.xlarge"}),
        (needs("karpenter.k8s.aws/instance-category", "inf"), {"inf2.xlarge"}),
        (needs(FAMILY, "m5", operator="NotIn"), EVERY - {"m5.large", "m5.xlarge"}),
        (needs("karpenter.k8s.aws/instance-generation", "5", operator="Gt"), {"m7g.large"}),
        (needs("karpenter.k8s.aws/instance-cpu", "5", operator="Lt"), EVERY - {"g5.12xlarge"}),
        (needs("karpenter.k8s.aws/instance-memory", "16384"), {"m5.xlarge", "g5.xlarge", "inf2.xlarge"}),
        (needs("karpenter.k8s.aws/instance-size", "large"), MEDIUM),
        (needs("karpenter.k8s.aws/instance-gpu-count", "4"), {"g5.12xlarge"}),
        (needs("karpenter.k8s.aws/instance-gpu-name", "a10g"), {"g5.xlarge", "g5.12xlarge"}),
        (needs("kubernetes.io/arch", "arm64"), {"m7g.large"}),
        (needs("kubernetes.io/arch", "amd64"), EVERY - {"m7g.large"}),
        (needs("topology.kubernetes.io/zone", "us-east-1a"), EVERY),
        (needs("karpenter.k8s.aws/instance-cpu", UNKNOWN, operator="Gt"), EVERY),
    ],
)
def test_requirements_narrow_the_machines(requirement: dict[str, Any], types: set[str]) -> None:
    one = pool({"cpu": "1"}, requirement)
    catalogue = prices(machines=MACHINES, shapes=SHAPES)
    pricing = Pricing(one, Program([one]), catalogue, NO_USAGE, Found(), "aws", "us-east-1")
    assert {offer.machine.instance_type for offer in allowed(pricing, NODES)} == types


def test_neuron_devices_are_no_gpus() -> None:
    found = priced(EKS, pool({"aws.amazon.com/neuron": 2}, needs(FAMILY, "inf2")))
    # 2 devices × 730 h × 0.7582 USD
    assert usd(found, NODES)[2] == Decimal("1106.9720")


def test_nodes_have_disks() -> None:
    mapped = {"blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"volumeSize": "100Gi", "volumeType": "gp2"}}]}
    node_class = resource("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "big", {"metadata": {"name": "big"}, "spec": mapped})
    found = priced(EKS, node_class, pool({"cpu": "20"}, needs(TYPE, "m5.large"), node_class="big"))
    # at most 20 ÷ 2 = 10 nodes × 100 GiB × 0.10 USD (gp2)
    assert usd(found, "node disk 1")[2] == Decimal("100.0000")
    plain = resource(
        node_class.type, "big", {"metadata": {"name": "big"}, "spec": {"blockDeviceMappings": [{"ebs": {"volumeSize": "50Gi"}}]}}
    )
    # 10 nodes × 50 GiB × 0.08 USD (gp3, where no type is given)
    assert usd(priced(EKS, plain, pool({"cpu": "20"}, needs(TYPE, "m5.large"), node_class="big")), "node disk 1")[2] == Decimal("40.0000")
    # without a class 10 nodes × 20 GiB × 0.08 USD (gp3)
    assert usd(priced(EKS, pool({"cpu": "20"}, needs(TYPE, "m5.large"))), "node disk 1")[2] == Decimal("16.0000")


@pytest.mark.parametrize("limits", [None, {}, UNKNOWN, {"cpu": UNKNOWN}, {"cpu": "lots"}, {"cpu": -1}])
def test_without_limits_the_worst_case_has_no_bound(limits: Any) -> None:
    found = priced(EKS, pool(limits, needs(FAMILY, "m5")))
    assert [each.driver for each in found.unpriced if each.urn.endswith("::gpu")] == [NODES]
    assert not [each for each in found.lines if each.urn.endswith("::gpu")]


def test_a_named_type_without_a_price_is_listed() -> None:
    found = priced(EKS, pool({"cpu": "20"}, needs(TYPE, "m5.large", "p99.xlarge")))
    assert "no price or shape of p99.xlarge in us-east-1 is on record" in [each.reason for each in found.unpriced]


def test_no_allowed_machine_on_record_is_said() -> None:
    found = priced(EKS, pool({"cpu": "20"}, needs(FAMILY, "p99")))
    assert "no machine that its requirements allow" in next(each.reason for each in found.unpriced if each.urn.endswith("::gpu"))


def test_pods_too_large_for_every_machine_are_said() -> None:
    app = deployment(spec=pod("64", "8Gi"))
    found = priced(EKS, app, pool({"cpu": "200"}, needs(TYPE, "m5.large")))
    assert "fit none of its machines" in next(each.reason for each in found.unpriced if each.urn.endswith("::gpu"))


def compute_class(**spec: Any) -> Resource:
    return resource("kubernetes:cloud.google.com/v1:ComputeClass", "l4", {"spec": {"priorities": [{"machineFamily": "g2"}], **spec}})


def test_a_compute_class_that_makes_nodes_has_no_bound() -> None:
    one = compute_class(nodePoolAutoCreation={"enabled": True})
    assert "no bound" in next(each.reason for each in priced(GKE, one).unpriced if each.urn == one.urn)


@pytest.mark.parametrize(("cluster", "spec"), [(GKE, {}), (AUTOPILOT, {"nodePoolAutoCreation": {"enabled": True}})])
def test_a_compute_class_that_orders_pools_is_free(cluster: Resource, spec: Any) -> None:
    one = compute_class(**spec)
    found = priced(cluster, one)
    assert not [each for each in (*found.lines, *found.unpriced) if each.urn == one.urn]


@pytest.mark.parametrize(
    ("told", "high"),
    [
        ({}, "98.5500"),  # 5 nodes × 19.71 (128 GiB, the default, is a P10)
        ({"osDiskSizeGB": 100}, "98.5500"),  # which is the tier of 100 GiB too
        ({"osDiskSizeGB": 200}, "190.0000"),  # 5 nodes × 38.00 (a P15)
    ],
)
def test_azures_node_disks_are_premium_or_ephemeral_and_free(told: dict[str, Any], high: str) -> None:
    node_class = resource("kubernetes:karpenter.azure.com/v1beta1:AKSNodeClass", "class", {"metadata": {"name": "class"}, "spec": told})
    found = estimated(
        prices(
            *AZURE_PRICES,
            ("azure", "managed-disk", "premium-ssd-p15-lrs", "eastus", "disk-month", "38.00"),
            machines=[("azure", "eastus", "Standard_D2s_v5", "0.096", None)],
            shapes=[("azure", "Standard_D2s_v5", "Ds_v5", 2, 8, "", 0, None, "list")],
        ),
        AKS,
        node_class,
        pool({"cpu": "10"}, needs("karpenter.azure.com/sku-family", "D"), node_class="class"),
    )
    # 10 vCPU × 730 h × 0.048 USD
    assert usd(found, NODES)[2] == Decimal("350.4000")
    assert usd(found, "node disk")[::2] == (Decimal(0), Decimal(high))
