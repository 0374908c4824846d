"""Pods find nodes: the pools they may run on, the order of the ladder, and what is said where there is none."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.scheduling import scheduler
from tests.rehearsal.clusters import DEPLOYMENT, GPU_TAINT, JOB, NODE_GROUP, aks, deployment, eks, gke
from tests.rehearsal.simulated import Client, Clouds, refusal

Start = Callable[..., Clouds]
SOLD_OUT = {"shortages": [{"machine": "L4", "market": "onDemand"}]}
CLASS = "kubernetes:cloud.google.com/v1:ComputeClass"
KARPENTER = "kubernetes:karpenter.sh/v1:NodePool"


def test_pods_get_a_node_of_the_pool_that_fits_and_give_it_back(start: Start) -> None:
    made = eks(start())
    made.pool("cpu", count=1, instanceTypes=["m6i.large"])
    made.pool("gpu", taints=[GPU_TAINT])
    identifier, _ = made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke"))
    assert made.nodes() == [("cpu", "m6i.large", "onDemand"), ("gpu", "g6.xlarge", "onDemand")]
    assert made.outcomes() == ["smoke: 1 node of gpu"]
    made.kubernetes.delete(DEPLOYMENT, identifier)
    assert made.nodes() == [("cpu", "m6i.large", "onDemand")]
    assert made.outcomes() == []


def test_a_pool_that_the_region_has_no_machines_for_is_passed_over(start: Start) -> None:
    made = eks(start(**SOLD_OUT))
    made.pool("gpu-on-demand", taints=[GPU_TAINT])
    made.pool("gpu-spot", taints=[GPU_TAINT], capacityType="SPOT")
    made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke"))
    assert made.nodes() == [("gpu-spot", "g6.xlarge", "spot")]
    assert made.outcomes() == ["smoke: 1 node of gpu-spot (gpu-on-demand: no g6.xlarge in eu-west-1a)"]


def test_on_demand_goes_before_spot_whatever_the_names(start: Start) -> None:
    made = eks(start())
    made.pool("a-spot", capacityType="SPOT")
    made.pool("b-on-demand")
    made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke"))
    assert made.outcomes() == ["smoke: 1 node of b-on-demand"]


def test_the_priority_expanders_configuration_is_the_ladder_and_what_it_does_not_name_comes_last(start: Start) -> None:
    made = eks(start(stock=[{"machine": "g6.xlarge", "market": "spot", "available": 1}]))
    made.pool("spot", capacityType="SPOT")
    made.pool("named", maximum=1)
    made.pool("another")
    metadata = {"name": "cluster-autoscaler-priority-expander", "namespace": "kube-system"}
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"priorities": "50:\n- .*spot.*\n10:\n- .*named.*\n"}}
    made.kubernetes.create("kubernetes:core/v1:ConfigMap", "ladder", config)
    made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke", replicas=3))
    assert [pool for pool, _, _ in made.nodes()] == ["spot", "named", "another"]
    assert "spot: no spot g6.xlarge in eu-west-1a" in made.outcomes()[0]
    assert "named: at its maximum of 1" in made.outcomes()[0]


def test_the_autoscalers_chart_makes_that_configuration_of_a_value(start: Start) -> None:
    made = eks(start(), autoscaler=False)
    made.pool("by-name-the-first")
    made.pool("named")
    values = {"expanderPriorities": "10:\n- .*-named-.*\n"}
    release = {"chart": "cluster-autoscaler", "name": "cluster-autoscaler", "namespace": "kube-system", "values": values}
    made.kubernetes.create("kubernetes:helm.sh/v3:Release", "cluster-autoscaler", release)
    made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke"))
    assert [pool for pool, _, _ in made.nodes()] == ["named"]


def test_where_no_pool_can_the_workload_fails_as_kubernetes_reports_it_and_the_next_update_repairs(start: Start) -> None:
    made = eks(start(shortages=[{"machine": "L4"}]))
    made.pool("cpu", count=2, instanceTypes=["m6i.large"])
    made.pool("gpu", taints=[GPU_TAINT])
    inputs = deployment("smoke")
    told = refusal(lambda: made.kubernetes.create(DEPLOYMENT, "smoke", inputs)).details()
    assert "resource default/smoke was successfully created, but the Kubernetes API server reported that it failed to fully" in told
    assert "'smoke' timed out waiting to be Ready" in told
    assert "Unschedulable: 0/2 nodes are available: 2 Insufficient nvidia.com/gpu" in told
    assert "the cluster autoscaler could not scale up" in told
    assert "gpu: no g6.xlarge in eu-west-1a" in told
    assert made.outcomes()[0].startswith("smoke: 1 of 1 pods have no node")
    made.clouds = start()
    made.kubernetes.update(DEPLOYMENT, "default/smoke", inputs, inputs)
    assert made.outcomes() == ["smoke: 1 node of gpu"]


def test_a_selector_that_no_pool_has_is_named(start: Start) -> None:
    made = eks(start())
    made.pool("gpu", labels={"pool": "gpu"})
    wrong = deployment("smoke", nodeSelector={"pool": "gpus"})
    told = refusal(lambda: made.kubernetes.create(DEPLOYMENT, "smoke", wrong)).details()
    assert "gpu: its labels are not what the pods select" in told
    made.kubernetes.create(DEPLOYMENT, "right", deployment("right", nodeSelector={"pool": "gpu"}))


def test_a_taint_that_pods_do_not_tolerate_keeps_them_off(start: Start) -> None:
    made = eks(start())
    made.pool("gpu", count=1, taints=[GPU_TAINT])
    told = refusal(lambda: made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke", tolerations=[]))).details()
    assert "1 node(s) had untolerated taint {nvidia.com/gpu: present}" in told
    assert "gpu: untolerated taint {nvidia.com/gpu: present}" in told


def test_affinity_terms_are_alternatives_and_their_expressions_are_not(start: Start) -> None:
    made = eks(start())
    made.pool("gpu", labels={"pool": "gpu", "team": "vision"})

    def affinity(*terms: list[dict[str, Any]]) -> dict[str, Any]:
        selector = {"nodeSelectorTerms": [{"matchExpressions": term} for term in terms]}
        return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": selector}}

    pool = {"key": "pool", "operator": "In", "values": ["gpu", "spare"]}
    other = {"key": "team", "operator": "NotIn", "values": ["vision"]}
    lost = affinity([pool, other])
    assert "its labels" in refusal(lambda: made.kubernetes.create(DEPLOYMENT, "no", deployment("no", affinity=lost))).details()
    made.kubernetes.create(DEPLOYMENT, "yes", deployment("yes", affinity=affinity([pool, other], [pool])))


def test_pods_share_a_node_as_long_as_it_has_room(start: Start) -> None:
    made = eks(start())
    made.pool("gpu", instanceTypes=["g6.12xlarge"])  # 4 L4, 48 vCPUs
    made.kubernetes.create(DEPLOYMENT, "four", deployment("four", replicas=4))
    assert len(made.nodes()) == 1
    made.kubernetes.create(DEPLOYMENT, "one", deployment("one"))
    assert len(made.nodes()) == 2
    made.kubernetes.create(DEPLOYMENT, "cpu", deployment("cpu", limits={"cpu": "40"}))
    made.kubernetes.create(DEPLOYMENT, "cpu2", deployment("cpu2", limits={"cpu": "40"}))
    assert len(made.nodes()) == 2
    assert "cpu: on gpu, which had room" in made.outcomes()


def test_a_pod_that_wants_all_of_a_machine_does_not_fit_for_the_kubelet_needs_some(start: Start) -> None:
    made = eks(start())
    made.pool("cpu", instanceTypes=["m6i.large"])  # 2 vCPUs
    whole = refusal(lambda: made.kubernetes.create(DEPLOYMENT, "all", deployment("all", limits={"cpu": "2"}))).details()
    assert "cpu: too small for cpu of a pod" in whole
    made.kubernetes.create(DEPLOYMENT, "most", deployment("most", limits={"cpu": "1900m"}))


def test_a_node_group_grows_only_with_an_autoscaler(start: Start) -> None:
    made = eks(start(), autoscaler=False)
    made.pool("gpu")
    told = refusal(lambda: made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke"))).details()
    assert "gpu: the cluster has no cluster-autoscaler" in told


def test_a_pool_stops_at_its_maximum(start: Start) -> None:
    made = eks(start())
    made.pool("gpu", count=1, maximum=2)
    told = refusal(lambda: made.kubernetes.create(DEPLOYMENT, "three", deployment("three", replicas=3))).details()
    assert "gpu: at its maximum of 2" in told
    assert len(made.nodes()) == 1  # what came for pods that cannot all run is given back


def test_workloads_of_a_cluster_from_elsewhere_are_taken_as_they_come(start: Start) -> None:
    here = start(shortages=[{"machine": "nvidia-l4"}]).connect("kubernetes")
    here.create(DEPLOYMENT, "smoke", deployment("smoke", nodeSelector={"cloud.google.com/gke-accelerator": "nvidia-l4"}))


def test_gke_labels_taints_and_tolerates_accelerators_itself(start: Start) -> None:
    made = gke(start())
    made.pool("cpu", config={"machineType": "e2-standard-4", "guestAccelerators": None})
    made.pool("l4")
    selector = {"cloud.google.com/gke-accelerator": "nvidia-l4", "cloud.google.com/gke-nodepool": "l4"}
    made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke", tolerations=[], nodeSelector=selector))
    assert made.outcomes() == ["smoke: 1 node of l4"]
    made.kubernetes.create(DEPLOYMENT, "web", deployment("web", tolerations=[], limits={"cpu": "1"}))
    assert "web: 1 node of cpu" in made.outcomes()


def test_gke_labels_spot_nodes_and_tpu_slices(start: Start) -> None:
    made = gke(start())
    made.pool("spot", config={"spot": True})
    tpu = {"machineType": "ct5lp-hightpu-4t", "guestAccelerators": None}
    made.pool("tpu", config=tpu, placementPolicy={"type": "COMPACT", "tpuTopology": "4x4"})
    made.kubernetes.create(DEPLOYMENT, "gpu", deployment("gpu", nodeSelector={"cloud.google.com/gke-spot": "true"}))
    slice_of = {"cloud.google.com/gke-tpu-accelerator": "tpu-v5-lite-podslice", "cloud.google.com/gke-tpu-topology": "4x4"}
    made.kubernetes.create(DEPLOYMENT, "tpu", deployment("tpu", 4, tolerations=[], nodeSelector=slice_of, limits={"google.com/tpu": "4"}))
    assert made.outcomes() == ["gpu: 1 node of spot", "tpu: 4 nodes of tpu"]


def test_shared_gpus_are_as_many_as_the_pool_makes_of_them(start: Start) -> None:
    made = gke(start())
    sharing = {"gpuSharingStrategy": "TIME_SHARING", "maxSharedClientsPerGpu": 4}
    made.pool("shared", config={"guestAccelerators": [{"type": "nvidia-l4", "count": 1, "gpuSharingConfig": sharing}]})
    made.kubernetes.create(DEPLOYMENT, "five", deployment("five", 5))
    assert len(made.nodes()) == 2


def compute_class(*priorities: dict[str, Any], **more: Any) -> dict[str, Any]:
    spec = {"priorities": list(priorities), **more}
    return {"apiVersion": "cloud.google.com/v1", "kind": "ComputeClass", "metadata": {"name": "gpu"}, "spec": spec}


IN_CLASS = {"labels": {"cloud.google.com/compute-class": "gpu"}}
CLASS_TAINT = {"taints": [{"key": "cloud.google.com/compute-class", "value": "gpu", "effect": "NO_SCHEDULE"}]}
SELECTS_CLASS = {"cloud.google.com/compute-class": "gpu"}


def test_a_compute_class_tries_its_priorities_in_their_order(start: Start) -> None:
    made = gke(start(shortages=[{"machine": "g2-*", "market": "spot"}]))
    for name, more in (("a", {}), ("b", {"spot": True}), ("c", {"flexStart": True})):
        made.pool(name, config={**more, **IN_CLASS, **CLASS_TAINT})
    made.kubernetes.create(CLASS, "gpu", compute_class({"nodepools": ["b"]}, {"nodepools": ["c"]}, {"nodepools": ["a"]}))
    made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke", tolerations=[], nodeSelector=SELECTS_CLASS))
    assert made.outcomes() == ["smoke: 1 node of c (b: no spot g2-standard-4 in europe-west4-a)"]


def test_a_compute_class_that_is_not_there_leaves_its_pods_without_nodes(start: Start) -> None:
    made = gke(start())
    made.pool("gpu", config={**IN_CLASS, **CLASS_TAINT})
    pods = deployment("smoke", nodeSelector=SELECTS_CLASS)
    assert "Unschedulable" in refusal(lambda: made.kubernetes.create(DEPLOYMENT, "smoke", pods)).details()


def test_a_compute_class_makes_pools_by_its_rules_where_it_may(start: Start) -> None:
    made = gke(start(shortages=[{"machine": "L4", "market": "onDemand"}]))
    gpu = {"gpu": {"type": "nvidia-l4", "count": 1}}
    rules = compute_class({**gpu}, {**gpu, "spot": True}, nodePoolAutoCreation={"enabled": True})
    made.kubernetes.create(CLASS, "gpu", rules)
    made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke", nodeSelector=SELECTS_CLASS))
    assert [(machine, market) for _, machine, market in made.nodes()] == [("g2-standard-4", "spot")]


def test_autopilot_starts_what_pods_ask_for(start: Start) -> None:
    made = gke(start(), enableAutopilot=True, removeDefaultNodePool=None)
    selector = {"cloud.google.com/gke-accelerator": "nvidia-l4", "cloud.google.com/gke-spot": "true"}
    made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke", nodeSelector=selector))
    assert made.nodes() == [("autopilot", "g2-standard-4", "spot")]


def karpenter(name: str, weight: int, *requirements: tuple[str, list[str]], **spec: Any) -> dict[str, Any]:
    terms = [{"key": key, "operator": "In", "values": values} for key, values in requirements]
    template = {"metadata": {"labels": {"pool": "gpu"}}, "spec": {"requirements": terms, **spec}}
    return {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": name},
        "spec": {"weight": weight, "template": template},
    }


def with_karpenter(start: Start, **scenario: Any) -> Any:
    made = eks(start(**scenario), autoscaler=False)
    release = {"name": "karpenter", "chart": "oci://public.ecr.aws/karpenter/karpenter", "namespace": "kube-system"}
    made.kubernetes.create("kubernetes:helm.sh/v3:Release", "karpenter", release)
    return made


def test_karpenter_tries_the_greatest_weight_first_and_falls_down_to_spot(start: Start) -> None:
    made = with_karpenter(start, shortages=[{"machine": "L4", "market": "onDemand"}])
    family = ("karpenter.k8s.aws/instance-family", ["g6"])
    taint = {"taints": [{"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}]}
    made.kubernetes.create(KARPENTER, "spot", karpenter("spot", 10, family, ("karpenter.sh/capacity-type", ["spot"]), **taint))
    made.kubernetes.create(KARPENTER, "demand", karpenter("demand", 50, family, ("karpenter.sh/capacity-type", ["on-demand"]), **taint))
    identifier, _ = made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke", nodeSelector={"pool": "gpu"}))
    assert made.nodes() == [("spot", "g6.xlarge", "spot")]
    assert made.outcomes()[0].startswith("smoke: 1 node of spot (demand: no g6.xlarge in eu-west-1")
    made.kubernetes.delete(DEPLOYMENT, identifier)
    assert made.nodes() == []


def test_karpenter_takes_the_smallest_machine_that_its_requirements_and_the_pod_allow(start: Start) -> None:
    made = with_karpenter(start)
    rules = karpenter("any", 1, ("karpenter.k8s.aws/instance-category", ["g", "m"]), ("karpenter.k8s.aws/instance-generation", ["6"]))
    made.kubernetes.create(KARPENTER, "any", rules)
    made.kubernetes.create(DEPLOYMENT, "four", deployment("four", limits={"nvidia.com/gpu": "4"}))
    assert [machine for _, machine, _ in made.nodes()] == ["g6.12xlarge"]
    cpu = deployment("cpu", limits={"cpu": "3"}, nodeSelector={"kubernetes.io/arch": "amd64", "karpenter.k8s.aws/instance-category": "m"})
    made.kubernetes.create(DEPLOYMENT, "cpu", cpu)
    machine = made.nodes()[-1][1]
    assert machine.startswith("m6")
    assert machine.endswith(".xlarge")  # 4 vCPUs: two are too few, eight too many


def test_karpenters_nodepools_do_nothing_without_karpenter(start: Start) -> None:
    made = eks(start(), autoscaler=False)
    made.kubernetes.create(KARPENTER, "any", karpenter("any", 1, ("karpenter.k8s.aws/instance-family", ["g6"])))
    told = refusal(lambda: made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke"))).details()
    assert "the cluster has no pool" in told


def test_aks_taints_spot_pools_and_labels_them(start: Start) -> None:
    made = aks(start())
    made.pool("spot", scaleSetPriority="Spot")
    selector = {"kubernetes.azure.com/scalesetpriority": "spot", "kubernetes.azure.com/agentpool": "spot"}
    bare = deployment("bare", tolerations=[], nodeSelector=selector)
    told = refusal(lambda: made.kubernetes.create(DEPLOYMENT, "bare", bare)).details()
    assert "untolerated taint {kubernetes.azure.com/scalesetpriority: spot}" in told
    spot = {"key": "kubernetes.azure.com/scalesetpriority", "operator": "Equal", "value": "spot", "effect": "NoSchedule"}
    made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke", tolerations=[spot], nodeSelector=selector))
    assert ("spot", "Standard_NC4as_T4_v3", "spot") in made.nodes()


def test_the_system_pool_that_an_aks_cluster_is_made_with_takes_pods(start: Start) -> None:
    made = aks(start())
    made.kubernetes.create(DEPLOYMENT, "web", deployment("web", limits={"cpu": "1"}))
    assert made.outcomes() == ["web: on system, which had room"]


def job(suspend: bool, **labels: str) -> dict[str, Any]:
    pods = deployment("train")["spec"]["template"]["spec"]
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "train", "namespace": "default", "labels": labels},
        "spec": {"suspend": suspend, "parallelism": 2, "template": {"spec": {**pods, "restartPolicy": "Never"}}},
    }


def queues(kubernetes: Client, *kinds: str) -> None:
    if "LocalQueue" in kinds:
        metadata = {"name": "team", "namespace": "default"}
        local = {"apiVersion": "kueue.x-k8s.io/v1beta1", "kind": "LocalQueue", "metadata": metadata, "spec": {"clusterQueue": "gpus"}}
        kubernetes.create("kubernetes:kueue.x-k8s.io/v1beta1:LocalQueue", "team", local)
    if "ClusterQueue" in kinds:
        whole = {"apiVersion": "kueue.x-k8s.io/v1beta1", "kind": "ClusterQueue", "metadata": {"name": "gpus"}, "spec": {}}
        kubernetes.create("kubernetes:kueue.x-k8s.io/v1beta1:ClusterQueue", "gpus", whole)


@pytest.mark.parametrize(
    ("kinds", "outcome"),
    [
        ([], "train: waits for admission: no LocalQueue team in default"),
        (["LocalQueue"], "train: waits for admission: no ClusterQueue gpus"),
        (["LocalQueue", "ClusterQueue"], "train: 2 nodes of gpu"),
    ],
)
def test_a_suspended_job_runs_once_its_queues_are_there(kinds: list[str], outcome: str, start: Start) -> None:
    made = eks(start())
    made.pool("gpu")
    queues(made.kubernetes, *kinds)
    made.kubernetes.create(JOB, "train", job(True, **{"kueue.x-k8s.io/queue-name": "team"}))
    assert made.outcomes() == [outcome]


def test_a_job_suspended_without_a_queue_asks_for_nothing(start: Start) -> None:
    made = eks(start())
    made.kubernetes.create(JOB, "train", job(True))
    assert made.outcomes() == ["train: suspended"]
    assert "Unschedulable" in refusal(lambda: made.kubernetes.create(JOB, "now", {**job(False), "metadata": {"name": "now"}})).details()


def test_a_workload_that_nobody_waits_for_fails_nothing(start: Start) -> None:
    made = eks(start())
    pods = deployment("smoke")
    pods["metadata"]["annotations"] = {"pulumi.com/skipAwait": "true"}
    made.kubernetes.create(DEPLOYMENT, "smoke", pods)
    assert made.outcomes()[0].startswith("smoke: 1 of 1 pods have no node")


def test_scaling_a_workload_down_gives_nodes_back(start: Start) -> None:
    made = eks(start())
    made.pool("gpu")
    three, one = deployment("smoke", 3), deployment("smoke", 1)
    made.kubernetes.create(DEPLOYMENT, "smoke", three)
    made.kubernetes.update(DEPLOYMENT, "default/smoke", three, one)
    assert len(made.nodes()) == 1


def test_a_load_balancer_of_a_cluster_holds_its_subnets_even_when_the_cluster_is_gone(start: Start) -> None:
    made = eks(start())
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "default"}, "spec": {"type": "LoadBalancer"}}
    kubernetes = made.kubernetes
    kubernetes.create("kubernetes:core/v1:Service", "web", service)
    made.cloud.delete("aws:eks/cluster:Cluster", "ml")
    subnet = made.common["subnetIds"][0]
    told = refusal(lambda: made.cloud.delete("aws:ec2/subnet:Subnet", subnet)).details()
    assert "DependencyViolation" in told
    assert "the load balancer of Service default/web of the cluster ml" in told


def test_a_load_balancer_goes_with_its_object(start: Start) -> None:
    made = eks(start())
    gateway = {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": {"name": "web", "namespace": "default"},
        "spec": {"gatewayClassName": "envoy"},
    }
    kubernetes = made.kubernetes
    kubernetes.create("kubernetes:gateway.networking.k8s.io/v1:Gateway", "web", gateway)
    kubernetes.delete("kubernetes:gateway.networking.k8s.io/v1:Gateway", "default/web")
    made.cloud.delete("aws:eks/cluster:Cluster", "ml")
    made.cloud.delete("aws:ec2/subnet:Subnet", made.common["subnetIds"][0])


def test_pools_of_a_deleted_cluster_count_no_longer(start: Start) -> None:
    made = eks(start(stock=[{"machine": "g6.xlarge", "available": 1}]))
    pool, inputs = made.pool_inputs("gpu", count=1)
    made.cloud.delete(NODE_GROUP, pool, inputs)
    assert made.nodes() == []


def test_pods_wait_for_a_pool_that_is_still_on_its_way(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "QUIET_SECONDS", 1.0)
    made = eks(start())
    late = threading.Timer(0.2, lambda: made.pool("gpu"))
    late.start()
    made.kubernetes.create(DEPLOYMENT, "smoke", deployment("smoke"))
    late.join()
    assert made.outcomes() == ["smoke: 1 node of gpu"]
