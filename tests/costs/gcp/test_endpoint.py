"""Vertex AI nodes and workbenches."""

from decimal import Decimal

from costs.model import Estimate
from costs.resource import Resource
from tests.costs.building import estimated, prices, resource, told, usd

D = Decimal
R = "us-central1"
DEPLOYED = "gcp:vertex/aiEndpointWithModelGardenDeployment:AiEndpointWithModelGardenDeployment"
POOL = "gcp:vertex/aiDeploymentResourcePool:AiDeploymentResourcePool"
# Vertex AI prediction list prices us-central1, 2026-06 to 2026-08; a2-ultragpu-1g has 12 vCPUs, 170 GiB and one A100 of 80 GB.
LIST = prices(
    ("gcp", "vertex-ai-prediction", "g2-standard-8", R, "node-hour", "0.98"),
    ("gcp", "vertex-ai-prediction", "n1-standard-4", R, "node-hour", "0.219"),
    ("gcp", "vertex-ai-prediction", "t4-gpu", R, "GPU-hour", "0.402"),
    ("gcp", "vertex-ai-prediction", "a2-core", R, "vCPU-hour", "0.03635265"),
    ("gcp", "vertex-ai-prediction", "a2-ram", R, "GiB-hour", "0.00487255"),
    ("gcp", "vertex-ai-prediction", "a2-a100-80gb-gpu", R, "GPU-hour", "4.517292"),
    ("gcp", "vertex-ai-feature-store", "bigtable-node", R, "hour", "0.94"),
    ("gcp", "vertex-ai-feature-store", "legacy-online-node", R, "hour", "0.94"),
    ("gcp", "vertex-ai-feature-store", "storage", R, "GiB-month", "0.25"),
    ("gcp", "vertex-ai-vector-search", "e2-standard-2", R, "node-hour", "0.094"),
    ("gcp", "vertex-ai-vector-search", "automatic-node", R, "hour", "0.20"),
    ("gcp", "vertex-ai-vector-search", "index-building", R, "GiB", "3"),
    ("gcp", "vertex-ai-training", "n1-standard-4", R, "node-hour", "0.21"),
    ("gcp", "external-ip", "in-use-vm", R, "hour", "0.005"),
    ("gcp", "persistent-disk", "pd-standard", R, "GiB-month", "0.04"),
    ("gcp", "persistent-disk", "pd-balanced", R, "GiB-month", "0.10"),
    machines=[
        ("gcp", R, "n1-standard-4", "0.19", None),
        ("gcp", R, "g2-standard-12", "0.99", None),
        ("gcp", R, "gpu-nvidia-tesla-t4", "0.35", None),
    ],
    shapes=[("gcp", "a2-ultragpu-1g", "a2", 12, 170, "A100 80GB", "1", 80, "list")],
)


def pool(spec: dict[str, object], **replicas: int) -> Resource:
    return resource(POOL, properties={"region": R, "dedicatedResources": {"machineSpec": spec, **replicas}})


def reasons(found: Estimate) -> str:
    return " | ".join(f"{each.driver}: {each.reason}" for each in found.unpriced)


def test_an_endpoint_is_free_by_itself() -> None:
    assert estimated(LIST, resource("gcp:vertex/aiEndpoint:AiEndpoint", properties={"location": R})).free == 1


def test_a_model_deployed_by_the_program_itself_costs_its_nodes_between_its_bounds() -> None:
    deployed = {"region": R, "machineSpec": {"machineType": "g2-standard-8"}, "minReplicaCount": 1, "maxReplicaCount": 4}
    found = estimated(LIST, resource("pulumi-python:dynamic/vertex:DeployedModel", properties=deployed), usage=told(replicas=2))
    # 1 … 2 … 4 × 730 × 0.98
    assert usd(found, "serving nodes") == (D("715.4000"), D("1430.8000"), D("2861.6000"))


def test_what_else_a_program_makes_by_itself_is_free() -> None:
    assert estimated(LIST, resource("pulumi-python:dynamic/vertex:Traffic"), resource("pulumi-python:dynamic:Resource", "other")).free == 2


def test_serving_nodes_cost_vertex_s_price_and_not_compute_engine_s() -> None:
    found = estimated(LIST, pool({"machineType": "g2-standard-8"}, minReplicaCount=1, maxReplicaCount=4), usage=told(replicas=2))
    # 1 … 2 … 4 × 730 × 0.98
    assert usd(found, "serving nodes") == (D("715.4000"), D("1430.8000"), D("2861.6000"))
    missing = estimated(LIST, pool({"machineType": "g2-standard-12"}, minReplicaCount=1))
    assert not missing.lines
    assert "no price of vertex-ai-prediction g2-standard-12" in reasons(missing)


def test_without_a_maximum_there_are_as_many_as_the_minimum() -> None:
    assert usd(estimated(LIST, pool({"machineType": "g2-standard-8"}, minReplicaCount=2)), "serving nodes") == (D("1430.8000"),) * 3


def test_a_gpu_that_is_added_is_paid_on_top() -> None:
    spec = {"machineType": "n1-standard-4", "acceleratorType": "NVIDIA_TESLA_T4", "acceleratorCount": 2}
    found = estimated(LIST, pool(spec, minReplicaCount=1))
    assert usd(found, "serving nodes (n1-standard-4)") == (D("159.8700"),) * 3  # 730 × 0.219
    assert usd(found, "serving nodes' NVIDIA_TESLA_T4") == (D("586.9200"),) * 3  # 730 × 2 × 0.402


def test_a_gpu_that_is_part_of_the_machine_is_in_the_node_s_price() -> None:
    spec = {"machineType": "g2-standard-8", "acceleratorType": "NVIDIA_L4", "acceleratorCount": 1}
    found = estimated(LIST, pool(spec, minReplicaCount=1))
    assert [each.driver for each in found.lines] == ["serving nodes (g2-standard-8)"]
    assert not found.unpriced


def test_a_node_that_is_sold_by_its_parts_is_their_sum() -> None:
    spec = {"machineType": "a2-ultragpu-1g", "acceleratorType": "NVIDIA_A100_80GB", "acceleratorCount": 1}
    config = {"dedicatedResources": {"machineSpec": spec, "minReplicaCount": 1}}
    found = estimated(LIST, resource(DEPLOYED, properties={"location": R, "deployConfig": config}))
    # 730 × (12 × 0.03635265 + 170 × 0.00487255 + 4.517292)
    assert found.total.expected.quantize(D("0.0001")) == D("4220.7558")


def test_machines_that_the_service_chooses_are_named() -> None:
    found = estimated(LIST, resource(DEPLOYED, properties={"location": R}))
    assert "the machines are not given" in reasons(found)


def test_a_feature_store_scales_between_its_limits() -> None:
    store = resource("gcp:vertex/aiFeatureOnlineStore:AiFeatureOnlineStore", properties={
        "region": R, "bigtable": {"autoScaling": {"minNodeCount": 1, "maxNodeCount": 3}}})  # fmt: skip
    assert usd(estimated(LIST, store, usage=told(nodes=2)), "feature store nodes") == (D("686.2000"), D("1372.4000"), D("2058.6000"))


def test_a_workbench_is_a_machine_with_two_disks_and_its_fee_is_named() -> None:
    setup = {"machineType": "n1-standard-4", "acceleratorConfigs": [{"type": "NVIDIA_TESLA_T4", "coreCount": "1"}]}
    bench = resource("gcp:workbench/instance:Instance", properties={"location": f"{R}-a", "gceSetup": setup})
    found = estimated(LIST, bench)
    assert usd(found, "notebook machine") == (D("138.7000"),) * 3  # 730 × 0.19
    assert usd(found, "GPUs") == (D("255.5000"),) * 3  # 730 × 0.35
    assert usd(found, "boot disk") == (D("15.0000"),) * 3  # 150 × 0.10
    assert usd(found, "data disk") == (D("10.0000"),) * 3  # 100 × 0.10
    assert "management fee" in reasons(found)
    stopped = resource("gcp:workbench/instance:Instance", properties={"location": f"{R}-a", "gceSetup": setup, "desiredState": "STOPPED"})
    assert usd(estimated(LIST, stopped), "notebook machine") == (D(0),) * 3


def test_a_workbench_has_an_external_address_unless_it_is_off() -> None:
    for disabled, expected in ((None, 1), (True, 0)):
        setup = {"machineType": "n1-standard-4", "disablePublicIp": disabled}
        found = estimated(LIST, resource("gcp:workbench/instance:Instance", properties={"location": f"{R}-a", "gceSetup": setup}))
        assert len([each for each in found.lines if each.driver == "external address"]) == expected


def test_an_older_notebook_has_the_disk_that_it_says() -> None:
    properties = {"location": f"{R}-a", "machineType": "n1-standard-4", "bootDiskSizeGb": 100}
    properties["acceleratorConfig"] = {"type": "NVIDIA_TESLA_T4", "coreCount": 2}
    found = estimated(LIST, resource("gcp:notebooks/instance:Instance", properties=properties))
    assert usd(found, "boot disk (pd-standard)") == (D("4.0000"),) * 3  # 100 × 0.04
    assert usd(found, "GPUs") == (D("511.0000"),) * 3  # 2 × 730 × 0.35


def test_a_legacy_feature_store_pays_for_its_nodes_and_what_it_holds() -> None:
    kind = "gcp:vertex/aiFeatureStore:AiFeatureStore"
    fixed = estimated(
        LIST, resource(kind, properties={"region": R, "onlineServingConfig": {"fixedNodeCount": 2}}), usage=told(storedGib=10)
    )
    assert usd(fixed, "feature store nodes") == (D("1372.4000"),) * 3  # 2 × 730 × 0.94
    assert usd(fixed, "feature storage") == (D("2.5000"),) * 3  # 10 × 0.25
    scaling = {"scaling": {"minNodeCount": 1, "maxNodeCount": 2}}
    scaled = estimated(LIST, resource(kind, properties={"region": R, "onlineServingConfig": scaling}))
    assert usd(scaled, "feature store nodes") == (D("686.2000"), D("686.2000"), D("1372.4000"))


def test_an_index_is_built_once_and_served_by_nodes() -> None:
    index = resource("gcp:vertex/aiIndex:AiIndex", properties={"region": R})
    assert usd(estimated(LIST, index, usage=told(processedGibPerMonth=5)), "index building") == (D("15.0000"),) * 3  # 5 × 3
    kind = "gcp:vertex/aiIndexEndpointDeployedIndex:AiIndexEndpointDeployedIndex"
    spec = {"machineSpec": {"machineType": "e2-standard-2"}, "minReplicaCount": 2, "maxReplicaCount": 2}
    dedicated = estimated(LIST, resource(kind, properties={"region": R, "dedicatedResources": spec}))
    assert usd(dedicated, "index nodes (e2-standard-2)") == (D("137.2400"),) * 3  # 2 × 730 × 0.094
    automatic = estimated(LIST, resource(kind, properties={"region": R, "automaticResources": {"maxReplicaCount": 4}}))
    assert usd(automatic, "index nodes") == (D("292.0000"), D("292.0000"), D("584.0000"))  # 2 … 2 … 4 × 730 × 0.20


def test_training_machines_that_wait_are_paid_pool_by_pool() -> None:
    pools = [
        {"machineSpec": {"machineType": "n1-standard-4"}, "replicaCount": 2},
        {"machineSpec": {"machineType": "n1-standard-4"}, "autoscalingSpec": {"minReplicaCount": 1, "maxReplicaCount": 3}},
    ]
    found = estimated(
        LIST, resource("gcp:vertex/aiPersistentResource:AiPersistentResource", properties={"location": R, "resourcePools": pools})
    )
    # (2 + 1) … (2 + 1) … (2 + 3) × 730 × 0.21
    assert [found.total.low, found.total.expected, found.total.high] == [D("459.90"), D("459.90"), D("766.50")]
