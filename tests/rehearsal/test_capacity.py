"""Nodes come up only where the region has them, and whoever holds them gives them back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest
from google.rpc import status_pb2
from pulumi.runtime.proto import provider_pb2

from rehearsal.capacity.store import held_nodes
from tests.rehearsal.clusters import AGENT_POOL, NODE_GROUP, NODE_POOL, Made, aks, eks, gke
from tests.rehearsal.simulated import Clouds, refusal, state

Start = Callable[..., Clouds]
CLUSTERS = {"aws": eks, "gcp": gke, "azure": aks}
POOLS = {"aws": NODE_GROUP, "gcp": NODE_POOL, "azure": AGENT_POOL}


def reasons(error: grpc.RpcError) -> list[str]:
    """The reasons why a resource that was made did not become ready; the engine finds them in a trailer."""
    status = status_pb2.Status.FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])
    found = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(found)
    return list(found.reasons)


# The clouds' own words, from public reports of each error.
SOLD_OUT = {
    "aws": [
        "waiting for EKS Node Group (ml:gpu) create: unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'.",
        "AsgInstanceLaunchFailures: Could not launch On-Demand Instances. InsufficientInstanceCapacity - We currently do not have "
        "sufficient g6.xlarge capacity in the Availability Zone you requested (eu-west-1a).",
    ],
    "gcp": [
        "Error waiting for creating GKE NodePool: Google Compute Engine: Not all instances running in IGM",
        "[GCE_STOCKOUT]: Instance 'gke-gpu' creation failed: The zone 'europe-west4-a' does not have enough resources available to fulfill",
        'NodePool gpu was created in the error state "RUNNING_WITH_ERROR"',
    ],
    "azure": ['Code="AllocationFailed"', "We do not have sufficient capacity for the requested VM size Standard_NC4as_T4_v3"],
}
SHORTAGES = {
    "aws": {"machine": "g6.*", "market": "onDemand"},
    "gcp": {"machine": "L4", "region": "europe-west4", "market": "onDemand"},
    "azure": {"machine": "Standard_NC*_T4_v3", "region": "westeurope", "market": "onDemand"},
}


@pytest.mark.parametrize("cloud", CLUSTERS)
def test_a_pool_whose_machine_is_sold_out_is_made_and_fails_in_the_clouds_words(cloud: str, start: Start) -> None:
    made = CLUSTERS[cloud](start(shortages=[SHORTAGES[cloud]]))
    error = refusal(lambda: made.pool("gpu", count=1))
    told = " ".join(reasons(error))
    for words in SOLD_OUT[cloud]:
        assert words in told
    assert any(resource.type == POOLS[cloud] for resource in state(made.clouds).all())
    assert [node for node in made.nodes() if node[0] == "gpu"] == []
    assert made.pool("empty", count=0)


def test_aks_refuses_a_size_that_the_whole_region_lacks_before_it_makes_the_pool(start: Start) -> None:
    made = aks(start(shortages=[{"machine": "Standard_NC4as_T4_v3", "region": "westeurope"}]))
    error = refusal(lambda: made.pool("gpu", count=1))
    assert "SkuNotAvailable" in error.details()
    assert "currently not available in location 'westeurope'" in error.details()
    assert all(resource.type != AGENT_POOL for resource in state(made.clouds).all())


# g6.xlarge has 4 vCPUs, g2-standard-4 one L4, Standard_NC4as_T4_v3 4 vCPUs.
QUOTAS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "aws": (
        {"quota": "Running On-Demand G and VT instances", "region": "eu-west-1", "limit": 7},
        ["VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 7 allows"],
    ),
    "gcp": (
        {"quota": "NVIDIA_L4_GPUS", "limit": 1},
        ["[GCE_QUOTA_EXCEEDED]", "Quota 'NVIDIA_L4_GPUS' exceeded. Limit: 1.0 in region europe-west4."],
    ),
    "azure": (
        {"quota": "Standard NCASv3_T4 Family", "limit": 7},
        [
            "ErrCode_InsufficientVCPUQuota",
            "Insufficient vcpu quota requested 4, remaining 3 for family Standard NCASv3_T4 Family for region westeurope",
        ],
    ),
}


@pytest.mark.parametrize("cloud", CLUSTERS)
def test_a_quota_holds_what_runs_together_and_a_deleted_pool_gives_its_share_back(cloud: str, start: Start) -> None:
    quota, words = QUOTAS[cloud]
    made = CLUSTERS[cloud](start(machineQuotas=[quota]))
    first, inputs = made.pool_inputs("first", count=1)
    error = refusal(lambda: made.pool("second", count=1))
    told = error.details()
    for each in words:
        assert each in told
    made.cloud.delete(POOLS[cloud], first, inputs)
    made.pool("third", count=1)
    assert [name for name, _, _ in made.nodes() if name != "system"] == ["third"]


def test_a_quota_by_its_code_holds_too_and_in_its_region_only(start: Start) -> None:
    elsewhere = {"quota": "L-DB2E81BA", "region": "us-east-1", "limit": 0}
    eks(start(machineQuotas=[elsewhere])).pool("gpu", count=2)


@pytest.mark.parametrize(
    ("cloud", "words"),
    [
        ("aws", "current vCPU limit of 0"),
        ("gcp", "Quota 'GPUS_ALL_REGIONS' exceeded. Limit: 0.0 globally."),
        ("azure", "remaining 0 for family Standard NCASv3_T4 Family"),
    ],
)
def test_a_new_account_has_no_gpus(cloud: str, words: str, start: Start) -> None:
    made = CLUSTERS[cloud](start(newAccount=True))
    assert words in refusal(lambda: made.pool("gpu", count=1)).details()


def test_the_scenarios_own_limit_goes_before_a_new_accounts(start: Start) -> None:
    eks(start(newAccount=True, machineQuotas=[{"quota": "Running On-Demand G and VT*", "limit": 4}])).pool("gpu", count=1)


def test_spot_counts_against_its_own_quota(start: Start) -> None:
    made = eks(start(machineQuotas=[{"quota": "All G and VT Spot Instance Requests", "limit": 4}]))
    made.pool("ondemand", count=2)
    made.pool("spot", count=1, capacityType="SPOT")
    error = refusal(lambda: made.pool("more", count=1, capacityType="SPOT"))
    assert "Could not launch Spot Instances. MaxSpotInstanceCountExceeded" in error.details()


def test_stock_is_counted_by_machines_or_by_accelerators_and_each_market_has_its_own(start: Start) -> None:
    stock = [
        {"machine": "g6.*", "market": "onDemand", "available": 2},
        {"accelerator": "L4", "market": "spot", "available": 5},
    ]
    made = eks(start(stock=stock))
    made.pool("two", count=2)
    assert "InsufficientInstanceCapacity" in refusal(lambda: made.pool("third", count=1)).details()
    made.pool("four", count=1, capacityType="SPOT", instanceTypes=["g6.12xlarge"])  # four L4
    made.pool("five", count=1, capacityType="SPOT")
    error = refusal(lambda: made.pool("six", count=1, capacityType="SPOT"))
    assert "There is no Spot capacity available that matches your request" in error.details()


def test_another_zone_or_machine_type_of_the_pool_helps_out(start: Start) -> None:
    shortages = [{"machine": "g6.xlarge", "zone": "eu-west-1a"}, {"machine": "g6.2xlarge"}]
    made = eks(start(shortages=shortages), zones="ab")
    made.pool("zones", count=2)
    made.pool("types", count=1, instanceTypes=["g6.2xlarge", "g6.xlarge"])
    assert {each.node.zone for each in held_nodes(state(made.clouds))} == {"eu-west-1b"}
    assert [machine for _, machine, _ in made.nodes()] == ["g6.xlarge"] * 3


def test_a_raised_minimum_needs_capacity_and_a_lowered_one_gives_it_back(start: Start) -> None:
    made = eks(start(stock=[{"machine": "g6.xlarge", "available": 3}]))
    pool, inputs = made.pool_inputs("gpu", count=1)

    def sized(count: int) -> dict[str, Any]:
        return {**inputs, "scalingConfig": {"minSize": 0, "maxSize": 9, "desiredSize": count}}

    made.cloud.update(NODE_GROUP, pool, inputs, sized(3))
    assert len(made.nodes()) == 3
    error = refusal(lambda: made.cloud.update(NODE_GROUP, pool, sized(3), sized(4)))
    assert "EKS Node Group (ml:gpu) is DEGRADED after the update" in error.details()
    assert len(made.nodes()) == 3  # what runs goes on running
    made.cloud.update(NODE_GROUP, pool, sized(4), sized(1))
    assert len(made.nodes()) == 1
    made.pool("other", count=2)


def test_what_runs_stays_when_its_machine_sells_out(start: Start) -> None:
    made = eks(start())
    pool, inputs = made.pool_inputs("gpu", count=2)
    rough = start(shortages=[{"machine": "g6.*"}])
    labelled = {**inputs, "labels": {"team": "ml"}}
    rough.connect("aws").update(NODE_GROUP, pool, inputs, labelled)
    assert len(made.nodes()) == 2


def test_the_next_update_in_a_calmer_scenario_repairs_a_pool_that_failed(start: Start) -> None:
    made = gke(start(shortages=[{"machine": "nvidia-l4"}]))
    inputs: dict[str, Any] = {"nodeConfig": {}}
    with pytest.raises(grpc.RpcError):
        inputs = made.pool_inputs("gpu", count=1)[1]
    pool = "projects/acme-ml/locations/europe-west4/clusters/ml/nodePools/gpu"
    stored = next(resource for resource in state(made.clouds).all() if resource.id == pool)
    start().connect("gcp").update(NODE_POOL, pool, stored.inputs, stored.inputs)
    assert made.nodes() == [("gpu", "g2-standard-4", "onDemand")]
    assert inputs


def test_a_gke_pools_count_is_for_each_zone_and_a_total_is_not(start: Start) -> None:
    made = gke(start())
    zones = ["europe-west4-a", "europe-west4-b"]
    made.pool("each", nodeLocations=zones, count=1)
    made.pool("total", nodeLocations=zones, autoscaling={"totalMinNodeCount": 3, "totalMaxNodeCount": 6}, initialNodeCount=0)
    made.pool("fixed", nodeLocations=zones, nodeCount=2, autoscaling=None, initialNodeCount=None)
    names = [name for name, _, _ in made.nodes()]
    assert (names.count("each"), names.count("total"), names.count("fixed")) == (2, 3, 4)


def test_tpu_hosts_count_by_their_chips(start: Start) -> None:
    made = gke(start(machineQuotas=[{"quota": "TPU_LITE_PODSLICE_V5", "limit": 16}]))
    tpu = {
        "config": {"machineType": "ct5lp-hightpu-4t", "guestAccelerators": None},
        "placementPolicy": {"type": "COMPACT", "tpuTopology": "4x4"},
    }
    made.pool("slice", count=4, **tpu)
    error = refusal(lambda: made.pool("more", count=1, config={"machineType": "ct5lp-hightpu-1t", "guestAccelerators": None}))
    assert "Quota 'TPU_LITE_PODSLICE_V5' exceeded. Limit: 16.0 in region europe-west4." in error.details()


RESERVATION = "aws:ec2/capacityReservation:CapacityReservation"
RESERVED = {"instanceType": "g6.xlarge", "instanceCount": 1, "availabilityZone": "eu-west-1a", "instancePlatform": "Linux/UNIX"}


def template(made: Made, reservation: str, **more: Any) -> dict[str, Any]:
    target = {"capacityReservationSpecification": {"capacityReservationTarget": {"capacityReservationId": reservation}}}
    identifier, _ = made.cloud.create("aws:ec2/launchTemplate:LaunchTemplate", reservation, {"name": f"lt-{reservation}", **target, **more})
    return {"launchTemplate": {"id": identifier, "version": "1"}}


def test_nodes_of_a_reservation_need_no_stock_but_no_more_come_than_it_holds(start: Start) -> None:
    made = eks(start(stock=[{"machine": "g6.xlarge", "market": "onDemand", "available": 1}]))
    reservation, _ = made.cloud.create(RESERVATION, "kept", {**RESERVED, "instanceMatchCriteria": "targeted"})
    error = refusal(lambda: made.pool("ondemand", count=1))
    assert "InsufficientInstanceCapacity" in error.details()  # the reservation took the only one
    launch = template(made, reservation)
    made.pool("reserved", count=1, **launch)
    assert "ReservationCapacityExceeded" in refusal(lambda: made.pool("more", count=1, **launch)).details()


def test_a_reservation_that_is_not_there_is_named(start: Start) -> None:
    made = eks(start())
    launch = template(made, "cr-0123456789abcdef0")
    error = refusal(lambda: made.pool("gpu", count=1, **launch))
    assert "InvalidCapacityReservationId.NotFound - The capacity reservation ID 'cr-0123456789abcdef0' does not exist." in error.details()


def test_a_capacity_block_of_the_scenario_is_filled(start: Start) -> None:
    block = {
        "type": RESERVATION,
        "id": "cr-0123456789abcdef0",
        "region": "eu-west-1",
        "properties": {**RESERVED, "instanceType": "p5.48xlarge", "instanceCount": 2},
    }
    made = eks(start(existing=[block], shortages=[{"machine": "p5.48xlarge"}]))
    launch = template(made, "cr-0123456789abcdef0", instanceType="p5.48xlarge", instanceMarketOptions={"marketType": "capacity-block"})
    made.pool("block", count=2, capacityType="CAPACITY_BLOCK", instanceTypes=None, **launch)
    assert made.nodes() == [("block", "p5.48xlarge", "block")] * 2


def test_an_open_reservation_is_filled_by_what_fits_it(start: Start) -> None:
    made = eks(start(machineQuotas=[{"quota": "Running On-Demand G*", "limit": 4}]))
    made.cloud.create(RESERVATION, "kept", RESERVED)
    made.pool("gpu", count=1)  # 4 vCPUs of the quota, all of them the reservation's
    assert "VcpuLimitExceeded" in refusal(lambda: made.pool("more", count=1)).details()


def test_a_specific_reservation_of_google_cloud_is_filled_and_another_name_is_refused(start: Start) -> None:
    made = gke(start(stock=[{"accelerator": "nvidia-l4", "market": "onDemand", "available": 1}]))
    instance = {"machineType": "g2-standard-4", "guestAccelerators": [{"acceleratorType": "nvidia-l4", "acceleratorCount": 1}]}
    specific = {"count": 1, "instanceProperties": instance}
    reservation = {"name": "kept", "zone": "europe-west4-a", "specificReservation": specific, "specificReservationRequired": True}
    made.cloud.create("gcp:compute/reservation:Reservation", "kept", reservation)

    def affinity(name: str) -> dict[str, Any]:
        key = "compute.googleapis.com/reservation-name"
        return {"reservationAffinity": {"consumeReservationType": "SPECIFIC_RESERVATION", "key": key, "values": [name]}}

    made.pool("reserved", count=1, config=affinity("kept"))
    full = refusal(lambda: made.pool("more", count=1, config=affinity("kept"))).details()
    assert "Specified reservation [kept] does not have available resources for the request." in full
    assert "Specified reservation [lost] does not exist." in refusal(lambda: made.pool("lost", count=1, config=affinity("lost"))).details()


def test_azure_puts_what_a_full_group_does_not_hold_beside_it(start: Start) -> None:
    made = aks(start(stock=[{"machine": "Standard_NC4as_T4_v3", "available": 2}]))
    group, _ = made.cloud.create(
        "azure-native:compute:CapacityReservationGroup", "gpu", {"resourceGroupName": "ml", "capacityReservationGroupName": "gpu"}
    )
    kept = {"resourceGroupName": "ml", "capacityReservationGroupName": "gpu", "capacityReservationName": "t4"}
    made.cloud.create("azure-native:compute:CapacityReservation", "t4", {**kept, "sku": {"name": "Standard_NC4as_T4_v3", "capacity": 1}})
    made.pool("gpu", count=2, capacityReservationGroupID=group)
    assert "AllocationFailed" in refusal(lambda: made.pool("more", count=1)).details()


def test_a_machine_and_a_reservation_that_are_sold_out_are_refused_and_not_made(start: Start) -> None:
    clouds = start(shortages=[{"machine": "g6.xlarge"}, {"machine": "g2-standard-4"}])
    aws, gcp = clouds.connect("aws"), clouds.connect("gcp")
    assert "api error InsufficientInstanceCapacity" in refusal(lambda: aws.create(RESERVATION, "kept", RESERVED)).details()
    instance = {"instanceType": "g6.xlarge", "ami": "ami-1", "availabilityZone": "eu-west-1a"}
    assert "api error InsufficientInstanceCapacity" in refusal(lambda: aws.create("aws:ec2/instance:Instance", "gpu", instance)).details()
    boot = {"bootDisk": {}, "networkInterfaces": [{"network": "default"}]}
    machine = {"name": "gpu", "zone": "europe-west4-a", "machineType": "g2-standard-4", **boot}
    told = refusal(lambda: gcp.create("gcp:compute/instance:Instance", "gpu", machine)).details()
    assert "ZONE_RESOURCE_POOL_EXHAUSTED: The zone 'europe-west4-a' does not have enough resources available" in told
    assert state(clouds).all() == []


def test_quotas_are_looked_up_as_the_scenario_has_them(start: Start) -> None:
    clouds = start(newAccount=True, machineQuotas=[{"quota": "NVIDIA_L4_GPUS", "region": "europe-west4", "limit": 3}])
    looked = clouds.connect("aws").invoke("aws:servicequotas/getServiceQuota:getServiceQuota", serviceCode="ec2", quotaCode="L-DB2E81BA")
    assert (looked["quotaName"], looked["value"]) == ("Running On-Demand G and VT instances", 0)
    info = "gcp:cloudquota/getSQuotaInfo:getSQuotaInfo"
    asked = {"parent": "projects/acme-ml", "service": "compute.googleapis.com", "quotaId": "NVIDIA-L4-GPUS-per-project-region"}
    found = clouds.connect("gcp").invoke(info, **asked)["dimensionsInfos"]
    assert found[0]["dimensions"] == {"region": "europe-west4"}
    assert found[0]["details"][0]["value"] == "3"


def test_in_a_calm_scenario_quotas_are_ample(start: Start) -> None:
    aws = start().connect("aws")
    looked = aws.invoke("aws:servicequotas/getServiceQuota:getServiceQuota", serviceCode="ec2", quotaCode="L-417A185B")
    assert looked["value"] >= 10_000
    assert looked["defaultValue"] == 0
    lost = refusal(lambda: aws.invoke("aws:servicequotas/getServiceQuota:getServiceQuota", serviceCode="ec2", quotaCode="L-00000000"))
    assert "NoSuchResourceException" in lost.details()
