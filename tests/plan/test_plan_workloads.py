"""A workload lands on a pool of its environment, or the plan says why not. Rules: Kubernetes documentation, Assigning Pods to Nodes."""

from dataclasses import replace

import pytest

from plan.model import MachinePlan, TpuSlicePlan
from plan.node_reserve import offered
from tests.components.plans import pool_plan, rung_plan
from tests.plan.inside import inside

GPU_TOLERATION = {"key": "nvidia.com/gpu", "operator": "Exists"}
GPU_BY_HAND = {"tolerations": [GPU_TOLERATION], "accelerators": 1}
DIGEST = "@sha256:" + "a" * 64


def one(words=None, *, cloud="aws", pools=None, stage="dev", teams=None):
    """One workload in an environment, by the default with team a."""
    workload = {"image": "ghcr.io/acme/train:1.2", **(words or {})}
    return inside(cloud, stage=stage, pools=pools, teams={"a": {}} if teams is None else teams, workloads={"w": workload})


def planned(words=None, **others):
    found = one(words, **others)
    assert not found.faults
    (workload,) = found.plan.workloads
    return workload


def test_whoever_names_a_pool_lands_there():
    workload = planned({"pool": "gpu"})
    assert workload.selector == {"drydock/pool": "gpu"}
    assert [(each.key, each.value, each.effect) for each in workload.tolerations] == [("nvidia.com/gpu", "present", "NoSchedule")]
    assert workload.requests["nvidia.com/gpu"] == "1"
    assert workload.pool == "gpu"


def test_a_pool_without_accelerators_gives_none():
    assert set(planned({"pool": "cpu"}).requests) == {"cpu", "memory"}
    assert one({"pool": "cpu", "accelerators": 1}).paths == ["workloads.w.accelerators"]


def test_a_pool_that_is_not_there_is_a_fault_with_the_nearest():
    (fault,) = one({"pool": "gpus"}).faults
    assert (fault.path, fault.fix) == ("workloads.w.pool", "write pool: gpu")


def test_a_pool_that_is_faulty_is_no_second_fault():
    words = {"nodePools": {"big": {"accelerator": "nvidia-l4"}}, "teams": {"a": {}}}
    assert inside(workloads={"w": {"image": "a:1", "pool": "big"}}, **words).paths == []
    assert inside(workloads={"w": {"image": "a:1", "nodeSelector": {"none": "such"}}}, **words).paths == []


def test_what_is_written_by_hand_finds_its_pool():
    words = {"nodeSelector": {"drydock/pool": "gpu"}, "tolerations": [GPU_TOLERATION], "resource": "nvidia.com/gpu", "accelerators": 1}
    workload = planned(words)
    assert workload.pool == "gpu"
    assert workload.selector == {"drydock/pool": "gpu"}


@pytest.mark.parametrize(
    ("words", "field", "offer"),
    [
        (
            {"nodeSelector": {"drydock/pool": "gpu-pool"}, "tolerations": [GPU_TOLERATION], "accelerators": 1},
            "nodeSelector",
            "drydock/pool: gpu",
        ),
        ({"nodeSelector": {"gpu": "true"}, "tolerations": [GPU_TOLERATION], "accelerators": 1}, "nodeSelector", "no label gpu"),
        ({"nodeSelector": {"drydock/pool": "gpu"}, "accelerators": 1}, "tolerations", "the taint nvidia.com/gpu=present:NoSchedule"),
        ({"tolerations": [GPU_TOLERATION], "resource": "amd.com/gpu"}, "resource", None),
        ({"tolerations": [GPU_TOLERATION], "accelerators": 2}, "accelerators", "1 nvidia.com/gpu a node"),
    ],
)
def test_what_fails_is_named_with_what_the_nearest_pool_offers(words, field, offer):
    (fault,) = one(words).faults
    assert fault.path == f"workloads.w.{field}"
    if offer:
        assert fault.allowed == offer


def test_a_toleration_must_meet_key_value_and_effect():
    # Kubernetes documentation, Taints and Tolerations: Equal compares values, an empty effect tolerates every effect.
    words = {"nodeSelector": {"drydock/pool": "gpu"}, "accelerators": 1}
    good = [{"key": "nvidia.com/gpu", "value": "present"}, {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}]
    bad = [{"key": "nvidia.com/gpu", "value": "true"}, {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoExecute"}]
    assert not any(one({**words, "tolerations": [each]}).faults for each in good)
    assert all(one({**words, "tolerations": [each]}).paths == ["workloads.w.tolerations"] for each in bad)


@pytest.mark.parametrize(
    ("cloud", "label", "value"),
    [
        ("aws", "eks.amazonaws.com/capacityType", "SPOT"),
        ("aws", "node.kubernetes.io/instance-type", "g6.xlarge"),
        ("aws", "topology.kubernetes.io/zone", "eu-west-1b"),
        ("gcp", "cloud.google.com/gke-accelerator", "nvidia-l4"),
        ("gcp", "cloud.google.com/gke-spot", "true"),
        ("azure", "kubernetes.azure.com/scalesetpriority", "spot"),
        ("azure", "kubernetes.io/arch", "amd64"),
        ("azure", "topology.kubernetes.io/zone", "westeurope-2"),
    ],
)
def test_labels_that_the_cloud_puts_there_count(cloud, label, value):
    taints = pool_plan(cloud, "gpu", gpu=True).rungs[0].taints
    spot = pool_plan(cloud, "gpu", gpu=True, rungs=(rung_plan(cloud, "gpu", "spot", taints=taints),))
    words = {"nodeSelector": {label: value}, "tolerations": [GPU_TOLERATION], "accelerators": 1}
    assert planned(words, cloud=cloud, pools=[pool_plan(cloud), spot]).pool == "gpu"
    wrong = {**words, "nodeSelector": {label: "something-else"}}
    assert one(wrong, cloud=cloud, pools=[pool_plan(cloud), spot]).paths == ["workloads.w.nodeSelector"]


def test_karpenters_labels_count_where_karpenter_adds_the_nodes():
    karpenter = pool_plan("aws", "gpu", gpu=True, rungs=(rung_plan("aws", "gpu", "spot", provisioner="karpenter"),))
    words = {"nodeSelector": {"karpenter.sh/capacity-type": "spot"}, "accelerators": 1}
    assert planned(words, pools=[karpenter]).pool == "gpu"
    assert one(words, pools=[replace(karpenter, rungs=(rung_plan("aws", "gpu", "spot"),))]).paths == ["workloads.w.nodeSelector"]


def test_of_nodes_that_were_there_only_what_the_file_says_is_known():
    theirs = pool_plan("aws", rungs=(rung_plan("aws", "cpu", provisioner="existing"),), existing=True)
    assert one({"nodeSelector": {"node.kubernetes.io/instance-type": "m7i.xlarge"}}, pools=[theirs]).paths == ["workloads.w.nodeSelector"]


def test_a_selector_beside_a_pool_must_be_true_of_it():
    assert one({"pool": "gpu", "nodeSelector": {"drydock/capacity": "spot"}}).paths == ["workloads.w.nodeSelector"]
    assert not one({"pool": "gpu", "nodeSelector": {"drydock/capacity": "onDemand"}}).faults
    assert one({"pool": "gpu", "resource": "amd.com/gpu"}).paths == ["workloads.w.resource"]


def test_one_rung_that_fits_is_enough():
    rungs = (rung_plan("aws", "cpu-spot", "spot"), rung_plan("aws", "cpu"))
    ladder = pool_plan("aws", rungs=rungs)
    assert planned({"nodeSelector": {"drydock/capacity": "spot"}}, pools=[ladder]).pool == "cpu"


def test_accelerators_of_two_kinds_must_be_told_apart():
    amd = replace(pool_plan("aws", "amd", gpu=True), resource="amd.com/gpu")
    pools = [pool_plan("aws", "gpu", gpu=True), amd]
    found = one({"accelerators": 1, "tolerations": [GPU_TOLERATION]}, pools=pools)
    assert "workloads.w.resource" in found.paths


def test_a_pod_that_no_node_has_room_for_is_a_fault():
    # m7i.xlarge: 4 vCPU and 16 GiB; EKS keeps 0.08 vCPU (6 % of the first core, 1 % of the second, 0.5 % of two) of them.
    assert one({"pool": "cpu", "vcpus": 4}).paths == ["workloads.w.vcpus"]
    assert one({"pool": "cpu", "memoryGib": 16}).paths == ["workloads.w.memoryGib"]
    assert not one({"pool": "cpu", "vcpus": 3, "memoryGib": 12}).faults


def machine(kind, vcpus, gib):
    return MachinePlan(instance_type=kind, architecture="amd64", vcpus=vcpus, memory_gib=gib)


def test_what_a_node_keeps_follows_the_clouds_own_tables():
    daemons_vcpus, daemons_gib = 0.25, 0.5
    # GKE, 8 vCPU and 32 GiB: 0.06 + 0.01 + 0.01 + 4 × 0.0025 vCPU; 1 + 0.8 + 0.8 + 16 × 0.06 GiB and 100 MiB.
    vcpus, gib = offered("gcp", machine("n2-standard-8", 8, 32))
    assert vcpus == pytest.approx(8 - 0.09 - daemons_vcpus)
    assert gib == pytest.approx(32 - 3.56 - 100 / 1024 - daemons_gib)
    # EKS, m7i.xlarge runs 58 pods: 255 + 11 × 58 + 100 MiB.
    vcpus, gib = offered("aws", machine("m7i.xlarge", 4, 16))
    assert vcpus == pytest.approx(4 - 0.08 - daemons_vcpus)
    assert gib == pytest.approx(16 - 993 / 1024 - daemons_gib)
    # AKS, 4 cores keep 140 milli-cores; 50 + 20 × 110 MB is less than a quarter of 16 GiB.
    vcpus, gib = offered("azure", machine("Standard_D4s_v5", 4, 16))
    assert vcpus == pytest.approx(4 - 0.14 - daemons_vcpus)
    assert gib == pytest.approx(16 - 2250 / 1024 - 100 / 1024 - daemons_gib)
    assert offered("kubernetes", machine("", 0, 0)) is None


def test_a_pod_with_accelerators_gets_their_part_of_the_node():
    big = replace(pool_plan("aws", "gpu", gpu=True).machine, vcpus=48, memory_gib=192, accelerator_count=4)
    pool = pool_plan("aws", "gpu", gpu=True, machine=big, resources_per_node=4)
    workload = planned({"pool": "gpu", "accelerators": 2}, pools=[pool])
    vcpus, gib = offered("aws", big)
    assert 0.8 * vcpus / 2 < int(workload.requests["cpu"].removesuffix("m")) / 1000 <= vcpus / 2
    assert 0.8 * gib / 2 < int(workload.requests["memory"].removesuffix("Mi")) / 1024 <= gib / 2
    assert workload.requests["nvidia.com/gpu"] == "2"


def test_more_replicas_than_the_pool_can_hold_are_a_fault():
    # Four nodes with one GPU each.
    assert not one({"pool": "gpu", "replicas": 4}).faults
    assert one({"pool": "gpu", "replicas": 5}).paths == ["workloads.w.replicas"]


def test_more_than_the_teams_quota_is_a_fault():
    teams = {"a": {"quota": {"gpus": 2}}}
    assert not one({"pool": "gpu", "replicas": 2}, teams=teams).faults
    assert one({"pool": "gpu", "replicas": 3}, teams=teams).paths == ["workloads.w.replicas"]
    assert not one({"pool": "cpu", "replicas": 3}, teams=teams).faults


def test_the_only_team_is_meant_and_one_of_several_must_be_named():
    assert planned({"pool": "cpu"}, teams={"a": {"namespace": "team-a"}}).namespace == "team-a"
    assert one({"pool": "cpu"}, teams={"a": {}, "b": {}}).paths == ["workloads.w.team"]
    assert planned({"pool": "cpu", "team": "b"}, teams={"a": {}, "b": {}}).namespace == "b"
    (fault,) = one({"pool": "cpu", "team": "visoin"}, teams={"search": {}, "vision": {}}).faults
    assert (fault.path, fault.fix) == ("workloads.w.team", "write team: vision")


def test_only_what_uses_accelerators_queues():
    both = {"a": {}, "b": {}}
    assert planned({"pool": "gpu", "team": "a"}, teams=both).queue == "a"
    assert planned({"pool": "cpu", "team": "a"}, teams=both).queue is None
    assert planned({"pool": "gpu"}).queue is None


@pytest.mark.parametrize("image", ["ghcr.io/acme/train", "ghcr.io/acme/train:latest", "localhost:5000/train"])
def test_production_runs_no_image_that_may_change(image):
    assert one({"pool": "cpu", "image": image}, stage="prod").paths == ["workloads.w.image"]
    dev = one({"pool": "cpu", "image": image})
    assert not dev.faults
    assert dev.decisions["workloads.w.image"].chosen == "not pinned"


@pytest.mark.parametrize("image", ["train:1.2", f"ghcr.io/acme/train{DIGEST}", f"localhost:5000/train:latest{DIGEST}"])
def test_a_tag_or_a_digest_pins_an_image(image):
    found = one({"pool": "cpu", "image": image}, stage="prod")
    assert not found.faults
    assert "workloads.w.image" not in found.decisions


@pytest.mark.parametrize("image", ["Acme/Train:1", "train:1@sha256:abc", "https://ghcr.io/acme/train:1"])
def test_what_is_no_image_is_a_fault(image):
    assert one({"pool": "cpu", "image": image}).paths == ["workloads.w.image"]


def test_a_tpu_host_is_not_divided_and_its_slice_is_filled():
    # Google Cloud, TPUs in GKE: v5e 4x4 has 16 chips, 4 on each of 4 hosts; a pod asks for all chips of its host.
    slice_ = TpuSlicePlan(topology="4x4", chips=16, chips_per_host=4, hosts=4)
    pool = replace(pool_plan("gcp", "tpu", gpu=True), resource="google.com/tpu", resources_per_node=4, tpu=slice_)
    assert planned({"pool": "tpu", "replicas": 4}, cloud="gcp", pools=[pool]).requests["google.com/tpu"] == "4"
    assert one({"pool": "tpu", "replicas": 4, "accelerators": 2}, cloud="gcp", pools=[pool]).paths == ["workloads.w.accelerators"]
    assert one({"pool": "tpu", "replicas": 3}, cloud="gcp", pools=[pool]).paths == ["workloads.w.replicas"]


def test_the_cheapest_pool_that_fits_is_meant_and_never_the_system_pool_first():
    cheap = pool_plan("aws", "cheap", system=False, machine=replace(pool_plan("aws").machine, usd_per_hour=0.1))
    dear = pool_plan("aws", "dear", system=False, machine=replace(pool_plan("aws").machine, usd_per_hour=0.2))
    system = pool_plan("aws", "system", machine=replace(pool_plan("aws").machine, usd_per_hour=0.05))
    assert planned({}, pools=[dear, system, cheap]).pool == "cheap"


def test_an_environment_without_pools_says_so():
    assert one({}, pools=[]).paths == ["workloads.w.pool"]
