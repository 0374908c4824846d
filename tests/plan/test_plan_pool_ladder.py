"""Where a pool's nodes come from, who adds them, how many there may be, and what brings pods to them."""

import re

import pytest

from tests.plan.pools import planned

CLOUDS = ("aws", "gcp", "azure")
T4 = {"accelerator": "nvidia-t4"}
L4 = {"accelerator": "nvidia-l4"}
A100 = {"accelerator": "nvidia-a100-40gb", "perNode": 8}
H100 = {"accelerator": "nvidia-h100-80gb", "perNode": 8}
RESERVED = "cr-0123456789abcdef0"
LADDER = {**T4, "nodes": {"min": 1, "max": 8}, "capacity": ["reserved", "onDemand", "spot"], "reservation": {"create": 2}}
KARPENTER = {"cluster": {"addOns": {"nodeProvisioner": "karpenter"}}}
OFF = {"cluster": {"addOns": {"nodeProvisioner": "off"}}}
SPOT_TAINT = ("kubernetes.azure.com/scalesetpriority", "spot", "NoSchedule")


def _taints(rung):
    return [(taint.key, taint.value, taint.effect) for taint in rung.taints]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_ladder_is_a_rung_for_each_kind_of_capacity_in_order(cloud):
    pool = planned(cloud, LADDER).pool
    assert [(rung.name, rung.capacity, rung.priority) for rung in pool.rungs] == [
        ("p-reserved", "reserved", 0),
        ("p-on-demand", "onDemand", 1),
        ("p-spot", "spot", 2),
    ]
    # Two machines are reserved; the minimum stands on them, and spot may be all that there is.
    assert [(rung.min_nodes, rung.max_nodes) for rung in pool.rungs] == [(1, 2), (0, 8), (0, 8)]
    assert pool.rungs[0].reservation.count == 2
    assert [rung.node_labels["drydock/capacity"] for rung in pool.rungs] == ["reserved", "onDemand", "spot"]
    assert {rung.node_labels["drydock/pool"] for rung in pool.rungs} == {"p"}


def test_a_minimum_larger_than_what_is_reserved_goes_on_to_what_stays():
    rungs = planned("azure", {**LADDER, "nodes": {"min": 5, "max": 8}}).pool.rungs
    assert [rung.min_nodes for rung in rungs] == [2, 3, 0]


def test_a_minimum_stands_on_spot_only_where_there_is_nothing_else():
    assert planned("gcp", {**T4, "capacity": ["spot"], "nodes": {"min": 2, "max": 4}}).pool.rungs[0].min_nodes == 2
    rungs = planned("gcp", {**T4, "capacity": ["spot", "onDemand"], "nodes": {"min": 2, "max": 4}}).pool.rungs
    assert [rung.min_nodes for rung in rungs] == [0, 2]


def test_a_pool_of_one_rung_keeps_its_name():
    assert [rung.name for rung in planned("aws", T4).pool.rungs] == ["p"]


@pytest.mark.parametrize(
    ("words", "stage", "kinds"),
    [
        ({}, "prod", ["onDemand"]),
        ({}, "dev", ["spot", "onDemand"]),
        ({"reservation": {"create": 1}}, "prod", ["reserved", "onDemand"]),
        ({"reservation": {"create": 1}}, "dev", ["reserved", "spot", "onDemand"]),
        ({"queued": True}, "dev", ["flexStart"]),
        ({"maxRunHours": 12}, "prod", ["flexStart"]),
    ],
)
def test_the_ladder_follows_from_what_else_the_file_says(words, stage, kinds):
    assert [rung.capacity for rung in planned("gcp", {**L4, **words}, stage=stage).pool.rungs] == kinds


def test_a_bid_is_for_spot_and_falls_back_to_on_demand():
    bid, other = planned("azure", {**T4, "spotMaxUsdPerHour": 0.3}).pool.rungs
    assert (bid.capacity, bid.spot_max_usd_per_hour) == ("spot", 0.3)
    assert (other.capacity, other.spot_max_usd_per_hour) == ("onDemand", None)


def test_a_reservation_is_never_made_unasked_and_is_priced_when_it_is():
    assert all(rung.reservation is None for cloud in CLOUDS for rung in planned(cloud, T4).pool.rungs)
    # 2 × 0.587 × 730 hours.
    assert "$857 a month at list price" in planned("aws", LADDER).decisions["nodePools.p.reservation.create"].reason


@pytest.mark.parametrize(
    ("cloud", "words", "zone"),
    [
        ("aws", {**A100, "block": {"existing": RESERVED, "zone": "eu-west-1b"}}, "eu-west-1b"),
        ("gcp", {**H100, "block": {"existing": "ml", "zone": "europe-west4-c"}}, "europe-west4-c"),
    ],
)
def test_a_block_is_one_rung_in_its_own_zone(cloud, words, zone):
    (rung,) = planned(cloud, words).pool.rungs
    assert (rung.capacity, rung.zones, rung.provisioner, rung.min_nodes) == ("block", (zone,), "group", 0)
    assert (rung.reservation.existing, rung.reservation.zones) == (words["block"]["existing"], (zone,))


def test_gke_climbs_by_a_compute_class_that_pods_select():
    pool = planned("gcp", {**T4, "capacity": ["onDemand", "spot"]}).pool
    key = "cloud.google.com/compute-class"
    assert all(rung.node_labels[key] == "p" and (key, "p", "NoSchedule") in _taints(rung) for rung in pool.rungs)
    assert pool.selector == {"drydock/pool": "p", key: "p"}
    single = planned("gcp", T4).pool
    assert single.selector == {"drydock/pool": "p"}
    assert key not in single.rungs[0].node_labels
    assert _taints(single.rungs[0]) == [("nvidia.com/gpu", "present", "NoSchedule")]


def test_aks_taints_and_labels_its_spot_nodes():
    rungs = planned("azure", LADDER).pool.rungs
    assert [SPOT_TAINT in _taints(rung) for rung in rungs] == [False, False, True]
    assert [SPOT_TAINT[0] in rung.node_labels for rung in rungs] == [False, False, True]


def test_queued_nodes_come_whole_for_seven_days_at_most():
    (rung,) = planned("gcp", {**L4, "queued": True, "nodes": {"max": 4}}).pool.rungs
    assert (rung.queued, rung.min_nodes, rung.max_run_seconds) == (True, 0, 7 * 24 * 3600)
    assert ("cloud.google.com/gke-queued", "true", "NoSchedule") in _taints(rung)
    assert planned("gcp", {**L4, "maxRunHours": 12}).pool.rungs[0].max_run_seconds == 12 * 3600
    assert not planned("gcp", {**L4, "queued": True}).pool.auto_repair


@pytest.mark.parametrize(
    ("cloud", "words", "provisioner"),
    [
        ("aws", {**T4, "capacity": ["onDemand", "spot"]}, "karpenter"),
        ("aws", T4, "clusterAutoscaler"),
        ("aws", {**T4, "nodes": {"min": 2, "max": 2}}, "none"),
        # Karpenter keeps no minimum, so a ladder above one is climbed by node groups.
        ("aws", {**T4, "capacity": ["onDemand", "spot"], "nodes": {"min": 1, "max": 4}}, "clusterAutoscaler"),
        ("aws", {**T4, "capacity": ["onDemand", "spot"], "placement": "compact", "machine": "g4dn.xlarge"}, "clusterAutoscaler"),
        ("aws", {"system": True, "nodes": {"min": 1, "max": 3}}, "clusterAutoscaler"),
        ("aws", {"system": True}, "none"),
        ("gcp", {**T4, "capacity": ["onDemand", "spot"]}, "cloud"),
        ("azure", {**T4, "capacity": ["onDemand", "spot"]}, "cloud"),
    ],
)
def test_who_adds_nodes(cloud, words, provisioner):
    found = planned(cloud, words)
    assert found.plan.cluster.node_provisioner == provisioner
    assert found.decisions["cluster.addOns.nodeProvisioner"].reason


@pytest.mark.parametrize("cloud", ["aws", "azure"])
def test_karpenter_adds_what_needs_no_node_group(cloud):
    pools = {"free": {**T4, "capacity": ["onDemand", "spot"]}, "fixed": {"vcpus": 4, "nodes": {"min": 2, "max": 2}}}
    found = planned(cloud, pools=pools, **KARPENTER)
    assert {rung.provisioner for rung in found.pools["free"].rungs} == {"karpenter"}
    assert [rung.provisioner for name in ("system", "fixed") for rung in found.pools[name].rungs] == ["group", "group"]


def test_a_block_is_a_node_group_beside_karpenter():
    words = {**A100, "block": {"existing": RESERVED, "zone": "eu-west-1a"}, "nodes": {"min": 2, "max": 2}}
    found = planned("aws", pools={"p": words, "q": {**T4, "capacity": ["onDemand", "spot"]}})
    assert found.plan.cluster.node_provisioner == "karpenter"
    assert [rung.provisioner for rung in found.pool.rungs] == ["group"]


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(("stage", "least"), [("dev", 1), ("staging", 1), ("prod", 2)])
def test_a_system_pool_is_added_where_the_file_names_none(cloud, stage, least):
    found = planned(cloud, {"vcpus": 4}, stage=stage)
    system = found.pools["system"]
    assert [pool.name for pool in found.plan.node_pools] == ["system", "p"]
    assert (system.system, system.rungs[0].capacity, system.rungs[0].min_nodes) == (True, "onDemand", least)
    assert (system.machine.vcpus, system.machine.memory_gib) == ((4, 16) if stage == "prod" else (2, 8))
    assert "Manage system node pools" in found.decisions["nodePools.system"].source


def test_no_second_system_pool_is_added():
    assert list(planned("aws", {"system": True}).pools) == ["p"]
    assert list(planned("gcp", pools={"system": {"vcpus": 8}}).pools) == ["system"]
    assert planned("gcp", pools={"system": {"vcpus": 8}}).pools["system"].system


@pytest.mark.parametrize("cloud", CLOUDS)
def test_idle_pools_cost_nothing_but_what_production_must_not_wait_for(cloud):
    assert planned(cloud, T4).pool.rungs[-1].min_nodes == 0
    assert planned(cloud, {"vcpus": 4}, stage="dev").pool.rungs[-1].min_nodes == 0
    assert planned(cloud, {"vcpus": 4}).pool.rungs[0].min_nodes == 1
    assert planned(cloud, {"vcpus": 4, "nodes": {"min": 0, "max": 3}}).pool.rungs[0].min_nodes == 0


def test_sizes_that_the_file_leaves_open():
    assert planned("gcp", T4).pool.rungs[0].max_nodes == 1
    assert planned("gcp", {"vcpus": 4}).pool.rungs[0].max_nodes == 3
    assert planned("gcp", {"system": True}).pool.rungs[0].max_nodes == 4


def test_where_nobody_adds_nodes_all_of_them_are_there():
    rung = planned("gcp", {**T4, "nodes": {"max": 3}}, **OFF).pool.rungs[0]
    assert (rung.min_nodes, rung.max_nodes) == (3, 3)


def test_usage_follows_from_the_size_or_is_told():
    idle = planned("gcp", {**T4, "nodes": {"max": 6}}).pool.usage.nodes
    assert (idle.low, idle.expected, idle.high) == (0, 1, 6)
    slice_ = planned("gcp", {"accelerator": "tpu-v5e", "topology": "4x4"}).pool.usage.nodes
    assert (slice_.low, slice_.expected, slice_.high) == (0, 4, 4)
    told = planned("gcp", {**T4, "nodes": {"max": 6}, "usage": {"nodes": {"low": 1, "expected": 2.5, "high": 4}}}).pool.usage.nodes
    assert (told.low, told.expected, told.high) == (1, 2.5, 4)


@pytest.mark.parametrize(
    ("cloud", "words", "key"),
    [
        ("aws", T4, "nvidia.com/gpu"),
        ("gcp", {"accelerator": "tpu-v5e"}, "google.com/tpu"),
        ("aws", {"accelerator": "aws-inferentia2"}, "aws.amazon.com/neuron"),
        ("azure", {"accelerator": "amd-v710"}, "amd.com/gpu"),
    ],
)
def test_pods_without_an_accelerator_are_kept_off(cloud, words, key):
    others = {"cluster": {"addOns": {"gpuOperator": "existing"}}} if key == "amd.com/gpu" else {}
    pool = planned(cloud, {**words, "machine": "Standard_NV24ads_V710_v5"} if key == "amd.com/gpu" else words, **others).pool
    assert _taints(pool.rungs[0]) == [(key, "present", "NoSchedule")]
    assert pool.resource == key
    assert _taints(planned(cloud, {"vcpus": 4}).pool.rungs[0]) == []


def test_a_files_own_labels_and_taints_stand_beside_ours():
    words = {**T4, "labels": {"team": "ml"}, "taints": [{"key": "team", "value": "ml", "effect": "NoExecute"}, {"key": "slow"}]}
    pool = planned("aws", words).pool
    assert pool.rungs[0].node_labels == {"drydock/pool": "p", "drydock/capacity": "onDemand", "team": "ml"}
    assert _taints(pool.rungs[0])[1:] == [("team", "ml", "NoExecute"), ("slow", "", "NoSchedule")]
    assert [(each.key, each.operator, each.value) for each in pool.tolerations][1:] == [("team", "Equal", "ml"), ("slow", "Exists", "")]


def _names(words, **others):
    return [rung.pool_name for rung in planned("azure", words, **others).pool.rungs]


def test_azure_pool_names_are_short_and_apart():
    words = {"capacity": ["onDemand", "spot"]}
    pools = {"inference-small": {**words, "vcpus": 4}, "inference-large": {**words, "vcpus": 8}, "inference-larger": {**words, "vcpus": 8}}
    names = [rung.pool_name for pool in planned("azure", pools=pools).pools.values() for rung in pool.rungs]
    assert len(set(names)) == len(names) == 7
    assert all(re.fullmatch(r"[a-z][a-z0-9]{0,11}", name) for name in names)


@pytest.mark.parametrize(
    "change",
    [
        {"nodes": {"max": 5}},
        {"labels": {"a": "b"}},
        {"taints": [{"key": "a"}]},
        {"upgrade": {"maxSurge": 2}},
        {"nodes": {"min": 1, "max": 2}},
    ],
)
def test_what_azure_changes_in_place_keeps_the_pools_name(change):
    assert _names({**T4, **change}) == _names(T4)


@pytest.mark.parametrize(
    "change",
    [
        {"disk": {"sizeGib": 300}},
        {"machine": "Standard_NC8as_T4_v3"},
        {"zones": ["1"]},
        {"driver": {"owner": "operator"}},
        {"placement": "compact"},
        {"capacity": ["spot"]},
    ],
)
def test_what_azure_cannot_change_makes_a_new_pool_beside_the_old_one(change):
    assert not set(_names({**T4, **change})) & set(_names(T4))


def test_a_changed_bid_or_partition_makes_a_new_pool_on_azure():
    assert _names({**T4, "spotMaxUsdPerHour": 0.3}) != _names({**T4, "spotMaxUsdPerHour": 0.4})
    a100 = {"accelerator": "nvidia-a100-80gb"}
    assert _names({**a100, "sharing": {"mig": "1g.10gb"}}) != _names({**a100, "sharing": {"mig": "2g.20gb"}})


def test_the_other_clouds_pools_are_named_by_the_engine():
    assert all(rung.pool_name is None for cloud in ("aws", "gcp") for rung in planned(cloud, LADDER).pool.rungs)
