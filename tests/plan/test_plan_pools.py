"""What a node pool becomes on each cloud: drivers, sharing, disks, caches, upgrades, zones; and what holds for every pool."""

import json
import re
from itertools import combinations

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from environment.faults import EnvironmentInvalid
from tests.plan.pools import planned

CLOUDS = ("aws", "gcp", "azure")
T4 = {"accelerator": "nvidia-t4"}
L4 = {"accelerator": "nvidia-l4"}
A100 = {"accelerator": "nvidia-a100-40gb", "perNode": 8}
H100 = {"accelerator": "nvidia-h100-80gb", "perNode": 8}
LADDER = {**T4, "nodes": {"min": 1, "max": 8}, "capacity": ["reserved", "onDemand", "spot"], "reservation": {"create": 2}}


def _taints(rung):
    return [(taint.key, taint.value, taint.effect) for taint in rung.taints]


@pytest.mark.parametrize(
    ("cloud", "words", "driver", "plugin", "image"),
    [
        ("aws", T4, "image", "helm", "AL2023_x86_64_NVIDIA"),
        ("gcp", T4, "cloud", "cloud", "COS_CONTAINERD"),
        ("azure", T4, "cloud", "helm", "Ubuntu"),
        ("aws", {**T4, "driver": {"owner": "operator"}}, "image", "operator", "AL2023_x86_64_NVIDIA"),
        ("gcp", {**T4, "driver": {"owner": "operator"}}, "operator", "operator", "UBUNTU_CONTAINERD"),
        ("azure", {**T4, "driver": {"owner": "operator"}}, "operator", "operator", "Ubuntu"),
        ("aws", {"accelerator": "aws-inferentia2"}, "image", "helm", "AL2023_x86_64_NEURON"),
        ("gcp", {"accelerator": "tpu-v5e"}, "cloud", "cloud", "COS_CONTAINERD"),
        ("aws", {"vcpus": 4}, "none", "none", "AL2023_x86_64_STANDARD"),
        ("aws", {"vcpus": 4, "architecture": "arm64"}, "none", "none", "AL2023_ARM_64_STANDARD"),
        ("gcp", {"vcpus": 4}, "none", "none", "COS_CONTAINERD"),
        ("azure", {"vcpus": 4}, "none", "none", "AzureLinux"),
    ],
)
def test_drivers_and_device_plugins_have_one_owner_each(cloud, words, driver, plugin, image):
    pool = planned(cloud, words).pool
    assert (pool.driver.driver, pool.driver.device_plugin, pool.os_image) == (driver, plugin, image)


def test_gke_is_told_which_driver_and_keeps_its_plugin_away_from_the_operators_nodes():
    assert planned("gcp", T4).pool.driver.version == "DEFAULT"
    assert planned("gcp", {**T4, "driver": {"version": "latest"}}).pool.driver.version == "LATEST"
    operated = planned("gcp", {**T4, "driver": {"owner": "operator"}}).pool
    assert operated.rungs[0].node_labels["gke-no-default-nvidia-gpu-device-plugin"] == "true"


def test_one_pools_operator_owns_all_pools_drivers():
    found = planned("azure", pools={"p": {**T4, "driver": {"owner": "operator"}}, "q": T4})
    assert {found.pools[name].driver.driver for name in ("p", "q")} == {"operator"}


@pytest.mark.parametrize(
    ("cloud", "words", "sharing", "cloud_profile", "resources", "label"),
    [
        # Seven parts of each of eight GPUs; EKS leaves them to the operator's MIG manager, which reads a label.
        ("aws", A100, {"mig": "1g.5gb"}, None, 56, ("nvidia.com/mig.config", "all-1g.5gb")),
        ("gcp", {"accelerator": "nvidia-a100-40gb"}, {"mig": "3g.20gb"}, "3g.20gb", 2, None),
        ("azure", {"accelerator": "nvidia-a100-80gb"}, {"mig": "2g.20gb"}, "MIG2g", 3, None),
        ("aws", {**T4, "perNode": 4}, {"timeSlicing": 4}, None, 16, ("nvidia.com/device-plugin.config", "time-slicing-4")),
        ("azure", T4, {"mps": 3}, None, 3, ("nvidia.com/device-plugin.config", "mps-3")),
        # GKE has a word of its own for both.
        ("gcp", T4, {"timeSlicing": 4}, None, 4, None),
        ("gcp", T4, {"mps": 3}, None, 3, None),
        ("aws", {**T4, "perNode": 4}, None, None, 4, None),
    ],
)
def test_what_a_node_offers_after_sharing(cloud, words, sharing, cloud_profile, resources, label):
    pool = planned(cloud, {**words, "sharing": sharing} if sharing else words).pool
    assert pool.resources_per_node == resources
    assert pool.sharing.cloud_profile == cloud_profile
    nvidia = {key: value for key, value in pool.rungs[0].node_labels.items() if key.startswith("nvidia.com/")}
    assert nvidia == (dict([label]) if label else {})


@pytest.mark.parametrize(
    ("cloud", "words", "disk"),
    [
        ("aws", T4, ("gp3", 200, None, None)),
        ("aws", {"vcpus": 4, "disk": {"sizeGib": 50, "iops": 6000, "throughputMibps": 500}}, ("gp3", 50, 6000, 500)),
        ("gcp", {"vcpus": 4}, ("pd-balanced", 100, None, None)),
        ("gcp", {**L4, "disk": {"type": "ssd", "sizeGib": 500}}, ("pd-ssd", 500, None, None)),
        ("gcp", {"vcpus": 4, "disk": {"type": "standard"}}, ("pd-standard", 100, None, None)),
        ("gcp", {"machine": "c4-standard-8", "disk": {"iops": 5000}}, ("hyperdisk-balanced", 100, 5000, None)),
        ("gcp", {"machine": "n4-standard-4"}, ("hyperdisk-balanced", 100, None, None)),
        ("gcp", {"accelerator": "tpu-v6e"}, ("hyperdisk-balanced", 200, None, None)),
        ("gcp", {"accelerator": "tpu-v5e"}, ("pd-balanced", 200, None, None)),
        ("azure", {"vcpus": 4}, ("Managed", 100, None, None)),
        # The machine's own NVMe disk holds 6,000 GiB.
        ("azure", {**A100, "cache": {"localSsd": True}}, ("Ephemeral", 200, None, None)),
        ("azure", {**A100, "cache": {"localSsd": True}, "disk": {"sizeGib": 8000}}, ("Managed", 8000, None, None)),
    ],
)
def test_the_boot_disk_in_the_clouds_words(cloud, words, disk):
    found = planned(cloud, words).pool.disk
    assert (found.type, found.size_gib, found.iops, found.throughput_mibps) == disk


@pytest.mark.parametrize(
    ("cloud", "words", "cache"),
    [
        ("aws", T4, (None, False, 1)),
        ("aws", {**T4, "cache": {"localSsd": False}}, (None, False, 0)),
        ("aws", {**T4, "cache": {"imageSnapshot": "snap-0123456789abcdef0"}}, ("snap-0123456789abcdef0", False, 1)),
        ("gcp", T4, (None, True, 0)),
        ("gcp", {**L4, "cache": {"streaming": False}}, (None, False, 0)),
        ("gcp", {**L4, "driver": {"owner": "operator"}}, (None, False, 0)),
        ("gcp", H100, (None, True, 16)),
        ("azure", T4, (None, False, 0)),
        ("azure", A100, (None, False, 0)),
    ],
)
def test_what_spares_a_new_node_the_download(cloud, words, cache):
    found = planned(cloud, words).pool.cache
    assert (found.image_snapshot, found.streaming, found.local_ssd_count) == cache


@pytest.mark.parametrize(
    ("cloud", "words", "upgrade"),
    [
        # EKS adds nodes by itself, as many as may be missing.
        ("aws", T4, (0, 1)),
        ("aws", {**T4, "upgrade": {"maxUnavailable": 3}}, (0, 3)),
        ("gcp", T4, (1, 0)),
        ("azure", T4, (1, 0)),
        ("gcp", {**T4, "upgrade": {"maxSurge": 3}}, (3, 0)),
        ("gcp", {**T4, "upgrade": {"maxUnavailable": 2}}, (0, 2)),
        ("azure", {**T4, "upgrade": {"maxSurge": 2, "maxUnavailable": 1}}, (2, 1)),
        ("gcp", {"accelerator": "tpu-v5e", "topology": "4x4"}, (0, 1)),
        ("azure", {**T4, "reservation": {"create": 1}}, (0, 1)),
        ("gcp", {**L4, "capacity": ["flexStart"]}, (0, 1)),
    ],
)
def test_a_new_node_comes_before_an_old_one_goes_where_there_is_one_to_spare(cloud, words, upgrade):
    found = planned(cloud, words).pool.upgrade
    assert (found.max_surge, found.max_unavailable) == upgrade


def test_nodes_that_broke_are_replaced_unless_the_file_says_otherwise():
    assert all(planned(cloud, T4).pool.auto_repair for cloud in CLOUDS)
    assert not planned("aws", {**T4, "autoRepair": False}).pool.auto_repair


@pytest.mark.parametrize(
    ("cloud", "words", "zones"),
    [
        ("aws", {"vcpus": 4}, ("eu-west-1a", "eu-west-1b", "eu-west-1c")),
        ("gcp", {"vcpus": 4}, ("europe-west4-a", "europe-west4-b", "europe-west4-c")),
        ("azure", {"vcpus": 4}, ("1", "2", "3")),
        ("gcp", H100, ("europe-west4-b", "europe-west4-c")),
        ("gcp", {"accelerator": "tpu-v5e"}, ("europe-west4-a",)),
        ("aws", {"vcpus": 4, "placement": "compact"}, ("eu-west-1a",)),
        ("aws", {"vcpus": 4, "zones": ["eu-west-1c"]}, ("eu-west-1c",)),
        ("gcp", {**H100, "zones": ["europe-west4-c"], "interconnect": "gpuDirect"}, ("europe-west4-c",)),
    ],
)
def test_a_pool_stands_in_all_zones_that_can_hold_it_or_in_one_where_it_must(cloud, words, zones):
    assert planned(cloud, words).pool.rungs[0].zones == zones


def test_a_region_without_zones_has_none():
    assert planned("azure", {"vcpus": 4}, region="westus").pool.rungs[0].zones == ()


def test_a_pool_on_aws_keeps_to_the_zones_of_its_network():
    assert planned("aws", {"vcpus": 4}, network={"zones": 2}).pool.rungs[0].zones == ("eu-west-1a", "eu-west-1b")


def test_existing_nodes_are_what_the_file_says_of_them():
    words = {"existing": True, "labels": {"gpu": "l4"}, **L4, "perNode": 2, "sharing": {"timeSlicing": 4}, "nodes": {"max": 3}}
    found = planned("kubernetes", {**words, "taints": [{"key": "nvidia.com/gpu"}]})
    pool = found.pool
    assert (pool.existing, pool.resource, pool.resources_per_node, pool.selector) == (True, "nvidia.com/gpu", 8, {"gpu": "l4"})
    (rung,) = pool.rungs
    assert (rung.provisioner, rung.min_nodes, rung.max_nodes, rung.node_labels) == ("existing", 3, 3, {"gpu": "l4"})
    assert [(each.key, each.operator) for each in pool.tolerations] == [("nvidia.com/gpu", "Exists")]
    assert pool.driver.driver == "none"
    assert list(found.pools) == ["p"]


@pytest.mark.parametrize(
    "words", [{**T4, "nodes": {"max": 4}}, LADDER, {**T4, "sharing": {"timeSlicing": 4}}, {"vcpus": 8, "memoryGib": 32}]
)
def test_the_same_words_are_the_equivalent_pool_on_each_cloud(words):
    pools = [planned(cloud, words).pool for cloud in CLOUDS]
    gpu = [(pool.machine.accelerator, pool.machine.accelerator_count, pool.resource, pool.resources_per_node) for pool in pools]
    assert gpu[0] == gpu[1] == gpu[2]
    # A GCP machine with a T4 has 15 GiB, AWS's has 16, Azure's 28.
    assert all(pool.machine.vcpus == pools[0].machine.vcpus and pool.machine.memory_gib >= 15 for pool in pools)
    rungs = [[(rung.name, rung.capacity, rung.priority, rung.min_nodes, rung.max_nodes) for rung in pool.rungs] for pool in pools]
    assert rungs[0] == rungs[1] == rungs[2]
    assert len({(pool.disk.size_gib, pool.auto_repair, pool.sharing, pool.usage) for pool in pools}) == 1
    assert all(pool.machine.usd_per_hour for pool in pools)
    assert all(pool.selector["drydock/pool"] == "p" for pool in pools)


_ladders = st.sampled_from(["onDemand", "spot", "onDemand spot", "spot onDemand", "reserved onDemand", "reserved onDemand spot"])
_sizes = st.one_of(
    st.just({"max": 4}), st.builds(lambda least, more: {"min": least, "max": least + more}, st.integers(0, 5), st.integers(1, 5))
)
_kinds = st.sampled_from(
    [
        {},
        {"vcpus": 4},
        {"accelerator": "nvidia-t4"},
        {"accelerator": "nvidia-t4", "sharing": {"timeSlicing": 3}},
        {"accelerator": "nvidia-v100"},
    ]
)


def _pool(kind, capacity, size, more):
    kinds = {"capacity": capacity.split()} if capacity else {}
    reserved = {"reservation": {"create": 1}} if "reserved" in capacity else {}
    return {**kind, **kinds, **reserved, **({"nodes": size} if size else {}), **more}


_taints_of_the_file = st.sampled_from([{}, {"taints": [{"key": "team", "value": "ml", "effect": "NoExecute"}, {"key": "slow"}]}])
_pools = st.builds(_pool, _kinds, st.one_of(st.just(""), _ladders), st.one_of(st.none(), _sizes), _taints_of_the_file)
_files = st.tuples(
    st.sampled_from(CLOUDS),
    st.sampled_from(["dev", "prod"]),
    st.dictionaries(st.sampled_from(["a", "b-c", "gpu"]), _pools, min_size=1, max_size=3),
)


def _valid(file):
    cloud, stage, pools = file
    try:
        return planned(cloud, pools=pools, stage=stage)
    except EnvironmentInvalid:
        assume(False)
        raise


@settings(max_examples=40, deadline=None)
@given(_files)
def test_every_pool_of_a_valid_plan_can_be_reached_and_climbed(file):
    found = _valid(file)
    assert sum(pool.system for pool in found.pools.values()) == 1
    rungs = [rung for pool in found.pools.values() for rung in pool.rungs]
    names = [rung.name for rung in rungs] + [rung.pool_name for rung in rungs if rung.pool_name and rung.pool_name != rung.name]
    assert len(set(names)) == len(names)
    for pool in found.pools.values():
        asked = file[2].get(pool.name, {}).get("nodes", {})
        assert [rung.priority for rung in pool.rungs] == list(range(len(pool.rungs)))
        assert all(0 <= rung.min_nodes <= rung.max_nodes for rung in pool.rungs)
        assert sum(rung.min_nodes for rung in pool.rungs) == asked.get("min", sum(rung.min_nodes for rung in pool.rungs))
        assert max(rung.max_nodes for rung in pool.rungs) == asked.get("max", max(rung.max_nodes for rung in pool.rungs))
        tolerated = {(each.key, each.value, each.effect) for each in pool.tolerations}
        assert tolerated == {taint for rung in pool.rungs for taint in _taints(rung)}
        assert all(pool.selector.items() <= rung.node_labels.items() for rung in pool.rungs)
        assert pool.usage.nodes.low <= pool.usage.nodes.expected <= pool.usage.nodes.high
        assert pool.driver.driver != "none" or not pool.resource
        assert pool.upgrade.max_surge + pool.upgrade.max_unavailable > 0


@settings(max_examples=20, deadline=None)
@given(_files)
def test_equal_words_are_an_equal_plan_whatever_their_order(file):
    cloud, stage, pools = file
    other = {name: dict(reversed(words.items())) for name, words in reversed(pools.items())}
    first = json.dumps(_valid(file).plan.as_dict(), sort_keys=True)
    assert first == json.dumps(planned(cloud, pools=other, stage=stage).plan.as_dict(), sort_keys=True)


def test_no_two_pools_are_told_apart_by_less_than_their_selector():
    found = planned("gcp", pools={"a": {**L4, "capacity": ["onDemand", "spot"]}, "b": L4, "c": {"vcpus": 4}})
    for one, other in combinations(found.pools.values(), 2):
        assert not any(one.selector.items() <= rung.node_labels.items() for rung in other.rungs)


def test_the_pools_that_the_page_shows_are_right(root):
    block = re.search(r"```yaml\n(.*?)```", (root / "docs/node-pools.md").read_text(), re.DOTALL)
    words = yaml.safe_load(block.group(1))
    assert set(words) == {"nodePools"}
    found = planned("gcp", pools=words["nodePools"])
    assert {rung.capacity for pool in found.pools.values() for rung in pool.rungs} >= {"reserved", "onDemand", "flexStart", "spot"}
