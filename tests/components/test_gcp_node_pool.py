"""GKE node pools. Expected values: the GKE API reference (NodePool, NodeConfig) and GKE's guides to GPUs, TPUs and flex-start."""

from dataclasses import replace

import pytest
from pulumi import Output

from components.gcp.node_pool import ClusterOfPools, NodePool
from plan.model import (
    CachePlan,
    DiskPlan,
    DriverPlan,
    InterconnectPlan,
    MachinePlan,
    ReservationPlan,
    SharingPlan,
    Taint,
    TpuSlicePlan,
    UpgradePlan,
)
from tests.components.plans import LABELS, pool_plan, rung_plan

POOL, RESERVATION, POLICY = (
    "gcp:container/nodePool:NodePool",
    "gcp:compute/reservation:Reservation",
    "gcp:compute/resourcePolicy:ResourcePolicy",
)
ONE_ZONE = ("europe-west4-b",)


@pytest.fixture
def pool(registered):
    def build(plan):
        def program():
            cluster = ClusterOfPools(
                name="cluster-1a2b3c4",
                region="europe-west4",
                service_account=Output.from_input("nodes@acme-ml.iam.gserviceaccount.com"),
                depends_on=(),
            )
            return NodePool(plan.name, plan, cluster=cluster)

        return registered(program)

    return build


@pytest.fixture
def gpu(pool):
    """The one GKE node pool of a GPU pool with these choices; those that a rung has are the rung's."""

    def build(**choices):
        of_rung = {
            key: choices.pop(key)
            for key in ("capacity", "min_nodes", "zones", "reservation", "queued", "max_run_seconds")
            if key in choices
        }
        plain = pool_plan("gcp", "gpu", gpu=True)
        return pool(replace(plain, rungs=(replace(plain.rungs[0], **of_rung),), **choices)).one(POOL).inputs

    return build


def tpu_plan(machine, slice_plan, **rung):
    plain = pool_plan("gcp", "tpu")
    taint = Taint(key="google.com/tpu", value="present", effect="NoSchedule")
    return replace(
        plain,
        system=False,
        machine=MachinePlan(
            instance_type=machine,
            architecture="amd64",
            vcpus=24,
            memory_gib=48,
            accelerator="tpu-v5e",
            accelerator_kind="tpu",
            accelerator_count=slice_plan.chips_per_host,
            gke_accelerator="tpu-v5-lite-podslice",
        ),
        tpu=slice_plan,
        rungs=(rung_plan("gcp", "tpu", zones=ONE_ZONE, taints=(taint,), max_nodes=slice_plan.hosts, **rung),),
    )


SINGLE_HOST = TpuSlicePlan(topology="2x4", chips=8, chips_per_host=8, hosts=1)
MULTI_HOST = TpuSlicePlan(topology="4x4", chips=16, chips_per_host=4, hosts=4)
TPU7X = TpuSlicePlan(topology="2x2x2", chips=8, chips_per_host=4, hosts=2, policy="HIGH_THROUGHPUT")


def test_nodes_stand_in_the_rungs_zones_and_stay_private(gpu):
    inputs = gpu()
    assert (inputs["cluster"], inputs["location"]) == ("cluster-1a2b3c4", "europe-west4")
    assert inputs["nodeLocations"] == ["europe-west4-a", "europe-west4-b"]
    assert inputs["networkConfig"] == {"enablePrivateNodes": True}


def test_nodes_act_as_their_own_account_and_pods_never_as_the_node(gpu):
    config = gpu()["nodeConfig"]
    assert config["serviceAccount"] == "nodes@acme-ml.iam.gserviceaccount.com"
    assert config["oauthScopes"] == ["https://www.googleapis.com/auth/cloud-platform"]
    assert config["workloadMetadataConfig"] == {"mode": "GKE_METADATA"}
    assert config["shieldedInstanceConfig"] == {"enableSecureBoot": True, "enableIntegrityMonitoring": True}


def test_limits_are_those_of_all_zones_together(gpu):
    assert gpu(min_nodes=2)["autoscaling"] == {"totalMinNodeCount": 2, "totalMaxNodeCount": 4, "locationPolicy": "BALANCED"}


@pytest.mark.parametrize(("minimum", "per_zone"), [(1, 1), (2, 1), (3, 2)])
def test_a_minimum_is_there_from_the_start_in_each_zone(gpu, minimum, per_zone):
    # GKE counts the first nodes in each of the two zones.
    assert gpu(min_nodes=minimum)["initialNodeCount"] == per_zone


def test_a_pool_that_may_be_empty_begins_empty(gpu):
    inputs = gpu(min_nodes=0)
    assert "initialNodeCount" not in inputs
    assert "nodeCount" not in inputs


def test_what_the_autoscaler_does_is_not_put_back(pool):
    assert set(pool(pool_plan("gcp")).one(POOL).ignored) == {"initialNodeCount", "nodeCount"}


def test_on_demand_nodes_are_neither_spot_nor_flex_start_nor_reserved(gpu):
    config = gpu()["nodeConfig"]
    assert (config["spot"], config["flexStart"]) == (False, False)
    assert "reservationAffinity" not in config


def test_spot_nodes_are_taken_wherever_they_are(gpu):
    inputs = gpu(capacity="spot")
    assert (inputs["nodeConfig"]["spot"], inputs["nodeConfig"]["flexStart"]) == (True, False)
    assert inputs["autoscaling"]["locationPolicy"] == "ANY"


def test_flex_start_nodes_draw_on_no_reservation_and_are_not_repaired(gpu):
    inputs = gpu(capacity="flexStart", max_run_seconds=604_800)
    config = inputs["nodeConfig"]
    assert (config["flexStart"], config["spot"]) == (True, False)
    assert config["maxRunDuration"] == "604800s"
    assert config["reservationAffinity"] == {"consumeReservationType": "NO_RESERVATION"}
    assert inputs["management"] == {"autoRepair": False, "autoUpgrade": True}
    assert inputs["autoscaling"] == {"totalMinNodeCount": 0, "totalMaxNodeCount": 4, "locationPolicy": "ANY"}
    assert {"initialNodeCount", "nodeCount", "upgradeSettings", "queuedProvisioning"} & set(inputs) == set()


def test_queued_nodes_come_by_a_request(gpu):
    assert gpu(capacity="flexStart", queued=True)["queuedProvisioning"] == {"enabled": True}


@pytest.mark.parametrize("capacity", ["reserved", "block"])
def test_reserved_nodes_draw_on_the_reservation_that_is_named(gpu, capacity):
    affinity = gpu(capacity=capacity, reservation=ReservationPlan(existing="theirs", zones=ONE_ZONE))["nodeConfig"]["reservationAffinity"]
    assert affinity == {
        "consumeReservationType": "SPECIFIC_RESERVATION",
        "key": "compute.googleapis.com/reservation-name",
        "values": ["theirs"],
    }


def reserved(count, zones, **choices):
    plain = pool_plan("gcp", "gpu", gpu=True)
    rung = replace(plain.rungs[0], capacity="reserved", zones=zones, reservation=ReservationPlan(count=count, zones=zones))
    return replace(plain, rungs=(rung,), **choices)


def test_a_reservation_is_of_the_pools_machines_and_for_the_pool_alone(pool):
    deployment = pool(reserved(3, ONE_ZONE, cache=CachePlan(local_ssd_count=2)))
    inputs = deployment.one(RESERVATION, "gpu-reservation").inputs
    assert (inputs["zone"], inputs["specificReservationRequired"]) == ("europe-west4-b", True)
    # A local SSD has 375 GB; G2 machines are reserved with their GPUs.
    ssd = {"interface": "NVME", "diskSizeGb": 375}
    assert inputs["specificReservation"] == {
        "count": 3,
        "instanceProperties": {"machineType": "g2-standard-4", "localSsds": [ssd, ssd]},
    }
    affinity = deployment.one(POOL).inputs["nodeConfig"]["reservationAffinity"]
    assert affinity["values"] == ["gpu-reservation-1a2b3c4"]


def test_reservations_in_several_zones_share_count_and_name(pool):
    deployment = pool(reserved(5, ("europe-west4-a", "europe-west4-b")))
    counts = {each.inputs["zone"]: each.inputs["specificReservation"]["count"] for each in deployment.of_type(RESERVATION)}
    assert counts == {"europe-west4-a": 3, "europe-west4-b": 2}
    second = deployment.one(RESERVATION, "gpu-reservation-europe-west4-b")
    assert second.inputs["name"] == "gpu-reservation-1a2b3c4"
    assert deployment.one(POOL).inputs["nodeConfig"]["reservationAffinity"]["values"] == ["gpu-reservation-1a2b3c4"]


def test_gpus_that_are_attached_to_a_machine_are_reserved_by_name(pool):
    machine = MachinePlan(
        instance_type="n1-standard-8",
        architecture="amd64",
        vcpus=8,
        memory_gib=30,
        accelerator="nvidia-t4",
        accelerator_kind="gpu",
        accelerator_count=2,
        gke_accelerator="nvidia-tesla-t4",
        attached=True,
    )
    deployment = pool(reserved(1, ONE_ZONE, machine=machine))
    properties = deployment.one(RESERVATION).inputs["specificReservation"]["instanceProperties"]
    assert properties["guestAccelerators"] == [{"acceleratorType": "nvidia-tesla-t4", "acceleratorCount": 2}]


def test_a_ladder_is_a_node_pool_for_each_rung(pool):
    plain = pool_plan("gcp", "gpu", gpu=True)
    rungs = (rung_plan("gcp", "gpu-on-demand", "onDemand"), rung_plan("gcp", "gpu-spot", "spot"))
    deployment = pool(replace(plain, rungs=rungs))
    assert {each.name: each.inputs["nodeConfig"]["spot"] for each in deployment.of_type(POOL)} == {"gpu-on-demand": False, "gpu-spot": True}
    outputs = deployment.outputs_of(deployment.one("drydock:gcp:NodePool"))
    assert outputs["rungs"] == {"gpu-on-demand": "gpu-on-demand-1a2b3c4", "gpu-spot": "gpu-spot-1a2b3c4"}
    component = deployment.one("drydock:gcp:NodePool")
    assert {each.parent for each in deployment.of_type(POOL)} == {component.urn}


def test_gpus_and_their_driver_are_named(gpu):
    assert gpu()["nodeConfig"]["guestAccelerators"] == [
        {"type": "nvidia-l4", "count": 1, "gpuDriverInstallationConfig": {"gpuDriverVersion": "LATEST"}}
    ]


def test_where_the_operator_owns_the_driver_gke_installs_none(gpu):
    config = gpu(driver=DriverPlan(driver="operator", device_plugin="operator"))["nodeConfig"]
    assert config["guestAccelerators"][0]["gpuDriverInstallationConfig"] == {"gpuDriverVersion": "INSTALLATION_DISABLED"}
    # What the operator builds on the node is not signed.
    assert config["shieldedInstanceConfig"]["enableSecureBoot"] is False


@pytest.mark.parametrize(("strategy", "word"), [("timeSlicing", "TIME_SHARING"), ("mps", "MPS")])
def test_pods_share_a_gpu_as_planned(gpu, strategy, word):
    (gpus,) = gpu(sharing=SharingPlan(strategy=strategy, clients=4))["nodeConfig"]["guestAccelerators"]
    assert gpus["gpuSharingConfig"] == {"gpuSharingStrategy": word, "maxSharedClientsPerGpu": 4}
    assert "gpuPartitionSize" not in gpus


def test_a_gpu_is_parted_as_planned(gpu):
    sharing = SharingPlan(strategy="mig", clients=7, mig_profile="1g.10gb", cloud_profile="1g.10gb")
    (gpus,) = gpu(sharing=sharing)["nodeConfig"]["guestAccelerators"]
    assert gpus["gpuPartitionSize"] == "1g.10gb"
    assert "gpuSharingConfig" not in gpus


def test_sharing_by_the_operator_is_not_gkes_to_know(gpu):
    driver = DriverPlan(driver="operator", device_plugin="operator")
    (gpus,) = gpu(sharing=SharingPlan(strategy="timeSlicing", clients=4), driver=driver)["nodeConfig"]["guestAccelerators"]
    assert "gpuSharingConfig" not in gpus


def test_labels_and_taints_are_the_plans_in_gkes_words(pool):
    taints = (
        Taint(key="nvidia.com/gpu", value="present", effect="NoSchedule"),
        Taint(key="a", value="", effect="PreferNoSchedule"),
        Taint(key="b", value="c", effect="NoExecute"),
    )
    plan = replace(pool_plan("gcp", "gpu", gpu=True), rungs=(rung_plan("gcp", "gpu", taints=taints),))
    config = pool(plan).one(POOL).inputs["nodeConfig"]
    assert config["labels"] == {"drydock/pool": "gpu", "drydock/capacity": "onDemand"}
    assert config["resourceLabels"] == LABELS
    assert config["taints"] == [
        {"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"},
        {"key": "a", "value": "", "effect": "PREFER_NO_SCHEDULE"},
        {"key": "b", "value": "c", "effect": "NO_EXECUTE"},
    ]


def test_arm_nodes_get_no_taint_that_the_plan_does_not_know(pool):
    plain = pool_plan("gcp", "cpu")
    arm = replace(plain, machine=replace(plain.machine, architecture="arm64", instance_type="c4a-standard-4"))
    assert pool(arm).one(POOL).inputs["nodeConfig"]["taintConfig"] == {"architectureTaintBehavior": "NONE"}
    assert "taintConfig" not in pool(plain).one(POOL).inputs["nodeConfig"]


def test_the_boot_disk_is_the_plans(gpu):
    disk = DiskPlan(size_gib=200, type="hyperdisk-balanced", iops=4000, throughput_mibps=300)
    config = gpu(disk=disk, os_image="UBUNTU_CONTAINERD")["nodeConfig"]
    assert config["bootDisk"] == {"diskType": "hyperdisk-balanced", "sizeGb": 200, "provisionedIops": 4000, "provisionedThroughput": 300}
    assert config["imageType"] == "UBUNTU_CONTAINERD"


def test_images_are_at_hand_as_planned(gpu):
    image = "projects/p/global/images/models"
    config = gpu(cache=CachePlan(image_snapshot=image, streaming=True, local_ssd_count=2))["nodeConfig"]
    assert config["secondaryBootDisks"] == [{"diskImage": image, "mode": "CONTAINER_IMAGE_CACHE"}]
    assert config["gcfsConfig"] == {"enabled": True}
    assert config["ephemeralStorageLocalSsdConfig"] == {"localSsdCount": 2}
    without = gpu()["nodeConfig"]
    assert without["gcfsConfig"] == {"enabled": False}
    assert {"secondaryBootDisks", "ephemeralStorageLocalSsdConfig"} & set(without) == set()


def test_repair_and_renewal_are_the_plans(gpu):
    inputs = gpu(auto_repair=False, upgrade=UpgradePlan(max_surge=0, max_unavailable=2))
    assert inputs["management"] == {"autoRepair": False, "autoUpgrade": True}
    assert inputs["upgradeSettings"] == {"strategy": "SURGE", "maxSurge": 0, "maxUnavailable": 2}


def test_nodes_stand_close_together_only_where_planned(gpu):
    assert gpu(compact_placement=True, zones=ONE_ZONE)["placementPolicy"] == {"type": "COMPACT"}
    assert "placementPolicy" not in gpu()


@pytest.mark.parametrize("kind", ["gpuDirectTcpx", "gpuDirectTcpxo", "gpuDirectRdma"])
def test_gke_makes_the_networks_between_gpus(gpu, kind):
    assert gpu(interconnect=InterconnectPlan(kind=kind, interfaces=8))["networkConfig"]["acceleratorNetworkProfile"] == "auto"


def test_a_slice_on_one_host_is_a_plain_pool_of_tpu_machines(pool):
    inputs = pool(tpu_plan("ct5lp-hightpu-8t", SINGLE_HOST)).one(POOL).inputs
    assert inputs["nodeConfig"]["machineType"] == "ct5lp-hightpu-8t"
    assert {"guestAccelerators"} & set(inputs["nodeConfig"]) == set()
    assert "placementPolicy" not in inputs
    assert inputs["autoscaling"] == {"totalMinNodeCount": 0, "totalMaxNodeCount": 1, "locationPolicy": "ANY"}
    assert inputs["nodeConfig"]["taints"] == [{"key": "google.com/tpu", "value": "present", "effect": "NO_SCHEDULE"}]


def test_the_hosts_of_a_slice_are_placed_by_its_topology_and_counted_in_its_zone(pool):
    deployment = pool(tpu_plan("ct5lp-hightpu-4t", MULTI_HOST))
    inputs = deployment.one(POOL).inputs
    assert inputs["placementPolicy"] == {"type": "COMPACT", "tpuTopology": "4x4"}
    assert inputs["autoscaling"] == {"minNodeCount": 0, "maxNodeCount": 4, "locationPolicy": "ANY"}
    assert inputs["nodeLocations"] == ["europe-west4-b"]
    assert deployment.of_type(POLICY) == []


def test_tpu7x_hosts_are_placed_by_a_workload_policy_without_a_type(pool):
    deployment = pool(tpu_plan("tpu7x-standard-4t", TPU7X))
    policy = deployment.one(POLICY, "tpu-slice").inputs
    assert policy["workloadPolicy"] == {"type": "HIGH_THROUGHPUT", "acceleratorTopology": "2x2x2"}
    assert policy["region"] == "europe-west4"
    placement = deployment.one(POOL).inputs["placementPolicy"]
    assert placement == {"type": "", "policyName": "tpu-slice-1a2b3c4", "tpuTopology": "2x2x2"}


def test_existing_nodes_are_left_alone(registered):
    plan = pool_plan("gcp", "gpu", gpu=True)
    theirs = replace(plan, existing=True, rungs=(replace(plan.rungs[0], provisioner="existing"),))
    deployment = registered(lambda: NodePool("gpu", theirs, cluster=None))
    assert [each.type for each in deployment.resources] == ["drydock:gcp:NodePool"]


def test_a_pool_tells_how_many_of_its_nodes_run(pool):
    deployment = pool(pool_plan("gcp", "gpu", gpu=True))
    assert deployment.one("drydock:gcp:NodePool").inputs["usage"] == {"nodes": {"low": 0, "expected": 1, "high": 4}}
