"""Which add-ons a cluster gets. Expected values: the charts' own values and the clouds' documents, named at each test."""

from dataclasses import replace

import pytest
import yaml

from environment.model import Environment
from plan.findings import Findings
from plan.kubernetes import plan_kubernetes
from plan.model import DriverPlan, ExistingClusterPlan, InterconnectPlan, SharingPlan, Taint, Toleration
from tests.components.plans import cluster_plan, pool_plan, rung_plan
from tests.plan.inside import inside

HELM = DriverPlan(driver="image", device_plugin="helm")
OPERATOR = DriverPlan(driver="operator", device_plugin="operator")
CLOUD = DriverPlan(driver="cloud", device_plugin="cloud")
NOT_OURS = replace(cluster_plan("aws"), existing=ExistingClusterPlan(context="lab"), service_cidr=None, version="")


def gpu(cloud="aws", **choices):
    return pool_plan(cloud, "gpu", gpu=True, **choices)


def laddered(cloud, provisioner="group"):
    rungs = tuple(
        rung_plan(cloud, name, capacity, priority=priority, provisioner=provisioner)
        for priority, (name, capacity) in enumerate([("gpu-spot", "spot"), ("gpu", "onDemand")])
    )
    return gpu(cloud, rungs=rungs)


def test_on_eks_a_chart_brings_the_device_plugin():
    # EKS' AL2023 NVIDIA image has the driver and no device plugin (Amazon EKS User Guide, EKS-optimized accelerated AMIs).
    assert "nvidia-device-plugin" in inside("aws", pools=[gpu(driver=HELM)]).add_ons


def test_on_gke_no_chart_brings_a_second_one():
    found = inside("gcp", pools=[gpu("gcp", driver=CLOUD)])
    assert not {"nvidia-device-plugin", "gpu-operator"} & set(found.add_ons)
    assert not found.faults


@pytest.mark.parametrize(
    ("add_ons", "driver", "path"),
    [
        ({"devicePlugin": "install", "gpuOperator": "install"}, HELM, "cluster.addOns.devicePlugin"),
        ({"gpuOperator": "install"}, HELM, "cluster.addOns.gpuOperator"),
        ({"gpuOperator": "install"}, CLOUD, "cluster.addOns.gpuOperator"),
        ({"devicePlugin": "install"}, CLOUD, "cluster.addOns.devicePlugin"),
        ({"gpuOperator": "off"}, OPERATOR, "cluster.addOns.gpuOperator"),
        ({"devicePlugin": "off"}, HELM, "cluster.addOns.devicePlugin"),
    ],
)
def test_drivers_and_device_plugins_have_one_owner_each(add_ons, driver, path):
    assert inside("gcp", pools=[gpu("gcp", driver=driver)], add_ons=add_ons).paths == [path]


def test_the_gpu_operator_installs_a_driver_only_where_no_image_brings_one():
    # GPU Operator, Chart customization: driver.enabled and toolkit.enabled are false where the image has them.
    on_image = inside("aws", pools=[gpu(driver=DriverPlan(driver="image", device_plugin="operator"))]).add_on("gpu-operator").values
    assert (on_image["driver"], on_image["toolkit"]) == ({"enabled": False}, {"enabled": False})
    bare = inside("azure", pools=[gpu("azure", driver=OPERATOR)]).add_on("gpu-operator").values
    assert (bare["driver"], bare["toolkit"]) == ({"enabled": True}, {"enabled": True})


def test_beside_the_operator_no_chart_measures_the_same_gpus():
    found = inside("azure", pools=[gpu("azure", driver=OPERATOR)])
    assert "gpu-operator" in found.add_ons
    assert not {"dcgm-exporter", "nvidia-device-plugin"} & set(found.add_ons)
    assert found.add_on("gpu-operator").values["dcgmExporter"] == {"enabled": True}


def test_daemon_sets_of_gpus_run_on_tainted_gpu_nodes_and_nowhere_else():
    spot = Toleration(key="kubernetes.azure.com/scalesetpriority", operator="Equal", value="spot", effect="NoSchedule")
    gpus = Toleration(key="nvidia.com/gpu", operator="Equal", value="present", effect="NoSchedule")
    found = inside("azure", pools=[pool_plan("azure"), gpu("azure", driver=HELM, tolerations=(gpus, spot))])
    for name in ("nvidia-device-plugin", "dcgm-exporter"):
        values = found.add_on(name).values
        assert {each["key"] for each in values["tolerations"]} == {"nvidia.com/gpu", "kubernetes.azure.com/scalesetpriority"}
        (term,) = values["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
        assert term["matchExpressions"] == [{"key": "drydock/pool", "operator": "In", "values": ["gpu"]}]


def test_the_plugin_shares_gpus_as_each_pool_asks():
    # k8s-device-plugin, Shared access to GPUs; nodes choose by the label nvidia.com/device-plugin.config.
    sliced = gpu(driver=HELM, sharing=SharingPlan(strategy="timeSlicing", clients=4))
    at_once = replace(gpu(driver=HELM, sharing=SharingPlan(strategy="mps", clients=3)), name="shared")
    values = inside("aws", pools=[sliced, at_once]).add_on("nvidia-device-plugin").values
    configs = {name: yaml.safe_load(text) for name, text in values["config"]["map"].items()}
    assert configs["time-slicing-4"]["sharing"] == {"timeSlicing": {"resources": [{"name": "nvidia.com/gpu", "replicas": 4}]}}
    assert configs["mps-3"]["sharing"] == {"mps": {"resources": [{"name": "nvidia.com/gpu", "replicas": 3}]}}
    assert "sharing" not in configs[values["config"]["default"]]
    assert values["gfd"] == {"enabled": True}
    assert "gfd" not in inside("aws", pools=[sliced]).add_on("nvidia-device-plugin").values


def test_partitions_are_offered_as_whole_gpus():
    # k8s-device-plugin: migStrategy single offers nvidia.com/gpu, one for each part.
    pool = gpu("azure", driver=HELM, sharing=SharingPlan(strategy="mig", clients=7, mig_profile="1g.10gb", cloud_profile="MIG1g"))
    values = inside("azure", pools=[pool]).add_on("nvidia-device-plugin").values
    assert yaml.safe_load(values["config"]["map"]["whole"])["flags"] == {"migStrategy": "single"}


def test_amds_operator_is_taken_only_where_it_is_there():
    pool = gpu("azure", driver=OPERATOR, resource="amd.com/gpu")
    assert inside("azure", pools=[pool]).paths == ["cluster.addOns.gpuOperator"]
    there = inside("azure", pools=[pool], add_ons={"gpuOperator": "existing"})
    assert not there.faults
    assert "gpu-operator" not in there.add_ons


def test_neuron_devices_and_efa_have_plugins_of_their_own():
    trainium = gpu(driver=HELM, resource="aws.amazon.com/neuron", interconnect=InterconnectPlan(kind="efa", interfaces=8))
    found = inside("aws", pools=[trainium])
    assert {"neuron", "aws-efa-k8s-device-plugin"} <= set(found.add_ons)
    assert not {"nvidia-device-plugin", "dcgm-exporter"} & set(found.add_ons)
    assert found.add_on("neuron").values["npd"] == {"enabled": False}
    assert found.add_on("aws-efa-k8s-device-plugin").values["supportedInstanceLabels"]["values"] == [trainium.machine.instance_type]


def test_existing_nodes_keep_their_device_plugin_unless_one_is_asked_for():
    theirs = gpu(driver=DriverPlan(driver="none", device_plugin="none"), existing=True)
    kept = inside("kubernetes", cluster=NOT_OURS, pools=[theirs])
    assert kept.add_ons == []
    assert kept.decisions["cluster.addOns.devicePlugin"].chosen == "existing"
    added = inside("kubernetes", cluster=NOT_OURS, pools=[replace(theirs, driver=HELM)], add_ons={"devicePlugin": "install"})
    assert added.add_ons == ["nvidia-device-plugin"]


def test_existing_nodes_must_say_by_a_label_how_they_share():
    shared = gpu(driver=HELM, existing=True, sharing=SharingPlan(strategy="timeSlicing", clients=4))
    wish = {"devicePlugin": "install"}
    assert inside("kubernetes", cluster=NOT_OURS, pools=[shared], add_ons=wish).paths == ["nodePools.gpu.sharing"]
    labelled = replace(shared, selector={"nvidia.com/device-plugin.config": "time-slicing-4"})
    assert not inside("kubernetes", cluster=NOT_OURS, pools=[labelled], add_ons=wish).faults


@pytest.mark.parametrize(
    ("provisioner", "chart"), [("karpenter", "karpenter"), ("clusterAutoscaler", "cluster-autoscaler"), ("none", None), ("cloud", None)]
)
def test_eks_gets_the_chart_of_its_provisioner(provisioner, chart):
    found = inside("aws", cluster=cluster_plan("aws", node_provisioner=provisioner))
    assert {"karpenter", "cluster-autoscaler"} & set(found.add_ons) == ({chart} if chart else set())


def test_a_provisioner_that_is_there_is_not_installed_twice():
    assert "cluster-autoscaler" not in inside("aws", add_ons={"nodeProvisioner": "existing"}).add_ons


@pytest.mark.parametrize("cloud", ["gcp", "azure"])
def test_elsewhere_the_cloud_adds_nodes_itself(cloud):
    found = inside(cloud, cluster=cluster_plan(cloud, node_provisioner="karpenter" if cloud == "azure" else "cloud"))
    assert not {"karpenter", "cluster-autoscaler"} & set(found.add_ons)


def test_the_autoscaler_tries_rungs_in_order_and_knows_every_group():
    # The priority expander takes the highest number first, and never a group that no pattern names beside one that is named.
    values = inside("aws", pools=[pool_plan("aws"), laddered("aws")]).add_on("cluster-autoscaler").values
    assert values["extraArgs"]["expander"].split(",")[0] == "priority"
    assert yaml.safe_load(values["expanderPriorities"]) == {
        100: ["^eks-cpu-[0-9a-f]{7}-.*", "^eks-gpu-spot-[0-9a-f]{7}-.*"],
        99: ["^eks-gpu-[0-9a-f]{7}-.*"],
        1: [".*"],
    }
    assert "expanderPriorities" not in inside("aws").add_on("cluster-autoscaler").values


def test_the_autoscaler_has_the_clusters_minor_version():
    assert inside("aws").add_on("cluster-autoscaler").values["image"] == {"tag": "v1.34.0"}


def test_aks_reads_the_order_of_its_scale_sets_from_a_config_map():
    found = inside("azure", pools=[pool_plan("azure"), laddered("azure")])
    assert found.plan.expander_priorities[100] == ("^aks-cpu-[0-9]+-vmss$", "^aks-gpuspot-[0-9]+-vmss$")
    assert inside("azure").plan.expander_priorities == {}
    assert inside("gcp", pools=[laddered("gcp")]).plan.expander_priorities == {}


def test_kueue_comes_where_teams_share_accelerators():
    two = {"search": {}, "vision": {}}
    assert "kueue" in inside(teams=two).add_ons
    assert "kueue" not in inside(teams={"search": {}}).add_ons
    assert "kueue" not in inside(pools=[pool_plan("aws")], teams=two).add_ons
    assert "kueue" not in inside(teams=two, add_ons={"kueue": "off"}).add_ons


def test_kueue_comes_last_because_it_looks_at_every_pod():
    found = inside(teams={"search": {}, "vision": {}})
    assert found.add_ons[-1] == "kueue"
    assert set(found.add_on("kueue").after) == set(found.add_ons) - {"kueue"}


def test_a_queued_pool_needs_kueue():
    queued = gpu("gcp", driver=CLOUD, rungs=(rung_plan("gcp", "gpu", "flexStart", queued=True),))
    assert "kueue" in inside("gcp", pools=[queued]).add_ons
    assert inside("gcp", pools=[queued], add_ons={"kueue": "off"}).paths == ["cluster.addOns.kueue"]


def test_kueue_counts_accelerators_and_gives_a_job_all_or_nothing():
    # Kueue 0.19, Configuration v1beta2: quotaCheckStrategy, waitForPodsReady.
    values = inside(teams={"search": {}, "vision": {}}).add_on("kueue").values
    config = yaml.safe_load(values["managerConfig"]["controllerManagerConfigYaml"])
    assert config["resources"] == {"quotaCheckStrategy": "IgnoreUndeclared"}
    assert config["waitForPodsReady"]["blockAdmission"] is False
    assert {"batch/job", "deployment"} <= set(config["integrations"]["frameworks"])


def test_what_the_cloud_has_itself_is_not_installed_again():
    theirs = cluster_plan("gcp", cloud_add_ons=("gcsFuse", "dcgmExporter", "gateway", "nodeLocalDns"))
    wishes = {"dcgmExporter": "install", "gateway": "install", "nodeLocalDns": "install"}
    found = inside("gcp", stage="prod", cluster=theirs, add_ons=wishes)
    assert found.add_ons == []
    assert found.plan.node_local_dns is None
    assert (found.plan.gateway_class, found.plan.gateway_controller) == ("gke-l7-rilb", None)
    assert (
        inside("azure", cluster=cluster_plan("azure", cloud_add_ons=("keda",)), add_ons={"keda": "install"}).add_ons
        == inside("azure").add_ons
    )


def test_elsewhere_gateways_are_envoys():
    found = inside("aws", add_ons={"gateway": "install"})
    assert "envoy-gateway" in found.add_ons
    assert found.plan.gateway_controller == "gateway.envoyproxy.io/gatewayclass-controller"
    assert inside("aws").plan.gateway_class is None


def test_keda_comes_when_it_is_asked_for():
    assert "keda" in inside("aws", add_ons={"keda": "install"}).add_ons
    assert "keda" not in inside("aws").add_ons


def test_production_runs_two_of_each_controller():
    assert inside("aws", stage="prod", add_ons={"keda": "install"}).add_on("keda").values["operator"] == {"replicaCount": 2}
    assert inside("aws", stage="dev", add_ons={"keda": "install"}).add_on("keda").values["operator"] == {"replicaCount": 1}


def test_the_dns_cache_answers_for_the_tenth_address_of_the_service_range():
    # Amazon EKS: the cluster's DNS is the tenth address of the range; 172.20.0.0/20 → 172.20.0.10.
    found = inside("aws", stage="prod").plan.node_local_dns
    assert found is not None
    assert (found.address, found.dns_address) == ("169.254.20.10", "172.20.0.10")
    assert inside("aws", stage="dev").plan.node_local_dns is None


def test_a_dns_service_whose_address_nobody_knows_gets_no_cache():
    asked = inside("kubernetes", cluster=NOT_OURS, add_ons={"nodeLocalDns": "install"})
    assert asked.paths == ["cluster.addOns.nodeLocalDns"]
    assert inside("azure", add_ons={"nodeLocalDns": "install"}).paths == ["cluster.addOns.nodeLocalDns"]
    assert inside("azure", stage="prod").plan.node_local_dns is None


def test_metrics_of_gpus_need_gpus():
    assert "dcgm-exporter" in inside("aws").add_ons
    assert "dcgm-exporter" not in inside("aws", add_ons={"dcgmExporter": "off"}).add_ons
    assert inside("aws", pools=[pool_plan("aws")], add_ons={"dcgmExporter": "install"}).paths == ["cluster.addOns.dcgmExporter"]


def test_charts_are_pinned_and_where_the_catalogue_says():
    for add_on in inside("aws", stage="prod", teams={"a": {}, "b": {}}, add_ons={"gateway": "install", "keda": "install"}).plan.add_ons:
        assert any(digit.isdigit() for digit in add_on.version)
        assert add_on.repository.startswith(("oci://", "https://"))
        assert "/" not in add_on.chart


def test_without_a_cluster_no_add_on_is_planned_and_none_is_a_fault():
    words = {"cloud": "aws", "region": "eu-west-1", "stage": "dev", "owner": "ml-platform", "costCenter": "cc-1", "teams": {"a": {}}}
    findings = Findings()
    found = plan_kubernetes(Environment.model_validate(words), None, None, (), {}, findings)
    assert found is not None
    assert found.add_ons == ()
    assert findings.faults == []


def test_taints_that_only_advise_keep_nobody_off():
    soft = Taint(key="busy", value="yes", effect="PreferNoSchedule")
    pool = pool_plan("aws", rungs=(rung_plan("aws", "cpu", taints=(soft,)),))
    assert not inside("aws", pools=[pool], workloads={"w": {"image": "a:1", "nodeSelector": {"drydock/pool": "cpu"}}}).faults
