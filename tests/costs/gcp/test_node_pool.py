"""Node pools and clusters: zones × nodes × machine, and what a cluster brings by itself."""

from decimal import Decimal

import pytest

from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import component, estimated, line, prices, resource, told, usd

D = Decimal
R = "us-central1"
CLUSTER = "gcp:container/cluster:Cluster"
POOL = "gcp:container/nodePool:NodePool"
# Compute Engine, GKE and TPU list prices us-central1 (2026-07-30, GKE 2026-07-01).
LIST = prices(
    ("gcp", "gke", "cluster-management", R, "hour", "0.10"),
    ("gcp", "gke", "extended-support", R, "hour", "0.50"),
    ("gcp", "gke-autopilot", "vcpu", R, "vCPU-hour", "0.0445"),
    ("gcp", "gke-autopilot", "memory", R, "GiB-hour", "0.0049225"),
    ("gcp", "gke-autopilot", "ephemeral-storage", R, "GiB-hour", "0.0000548"),
    ("gcp", "cloud-logging", "ingestion", "global", "GiB", "0.5"),
    ("gcp", "external-ip", "in-use-vm", R, "hour", "0.005"),
    ("gcp", "persistent-disk", "pd-balanced", R, "GiB-month", "0.10"),
    ("gcp", "persistent-disk", "pd-ssd", R, "GiB-month", "0.17"),
    ("gcp", "persistent-disk", "local-ssd", R, "GiB-month", "0.08"),
    machines=[
        ("gcp", R, "e2-medium", "0.033506", "0.020106"),
        ("gcp", R, "e2-standard-4", "0.134024", None),
        ("gcp", R, "n1-standard-4", "0.19", "0.04"),
        ("gcp", R, "g2-standard-4", "0.706832", "0.397336"),
        ("gcp", R, "gpu-nvidia-tesla-t4", "0.35", "0.11"),
        ("gcp", R, "tpu-v5e-chip", "1.2", "0.24493"),
        ("gcp", R, "tpu-v6e-chip", "2.7", "0.54421"),
    ],
)
NO_LOGS = {"loggingService": "none"}


def cluster(**properties: object) -> Resource:
    return resource(CLUSTER, "cluster", {"location": R, "removeDefaultNodePool": True, "initialNodeCount": 1, **NO_LOGS, **properties})


def pool(inside: Resource, config: dict[str, object] | None = None, **properties: object) -> Resource:
    node_config = {"machineType": "e2-medium", "diskSizeGb": 10, **(config or {})}
    return resource(POOL, "pool", {"nodeConfig": node_config, **properties}, refers={"cluster": inside.urn})


def reasons(found: Estimate) -> str:
    return " | ".join(f"{each.driver}: {each.reason}" for each in found.unpriced)


@pytest.mark.parametrize("where", [R, f"{R}-a"])
def test_the_management_fee_is_the_same_for_zonal_and_regional_clusters(where: str) -> None:
    assert usd(estimated(LIST, cluster(location=where)), "cluster management") == (D("73.0000"),) * 3  # 730 × 0.10


@pytest.mark.parametrize(
    ("version", "channel", "usd_month"),
    [
        # Standard support of 1.32 ended on 2026-04-11, that of 1.35 ends on 2027-04-11 (GKE release schedule).
        ("1.32", "EXTENDED", ("365.0000", "365.0000", "365.0000")),  # 730 × 0.50
        ("1.32.4-gke.1106000", "EXTENDED", ("365.0000", "365.0000", "365.0000")),
        ("1.20", "EXTENDED", ("365.0000", "365.0000", "365.0000")),
        ("1.35", "EXTENDED", ("0.0000", "0.0000", "365.0000")),  # it may grow old
        (None, "EXTENDED", ("0.0000", "0.0000", "365.0000")),
    ],
)
def test_extended_support_is_paid_once_a_version_is_old(version: str | None, channel: str, usd_month: tuple[str, str, str]) -> None:
    found = estimated(LIST, cluster(minMasterVersion=version, releaseChannel={"channel": channel}))
    assert usd(found, "extended support") == tuple(map(D, usd_month))


def test_other_channels_upgrade_an_old_version_and_take_no_more_for_it() -> None:
    found = estimated(LIST, cluster(minMasterVersion="1.32", releaseChannel={"channel": "REGULAR"}))
    assert [each.driver for each in found.lines] == ["cluster management"]


def test_a_default_pool_that_is_removed_costs_nothing() -> None:
    assert [each.driver for each in estimated(LIST, cluster()).lines] == ["cluster management"]


def test_a_regional_pool_has_its_count_in_each_of_three_zones() -> None:
    inside = cluster()
    found = estimated(LIST, inside, pool(inside, nodeCount=2))
    assert usd(found, "nodes (e2-medium)") == (D("146.7563"),) * 3  # 3 zones × 2 × 730 × 0.033506
    assert usd(found, "nodes' boot disks") == (D("6.0000"),) * 3  # 6 × 10 GiB × 0.10


def test_a_zonal_pool_has_its_count_once() -> None:
    inside = cluster(location=f"{R}-a")
    assert usd(estimated(LIST, inside, pool(inside, nodeCount=2)), "nodes (e2") == (D("48.9188"),) * 3  # 1 × 2 × 730 × 0.033506


def test_zones_that_are_named_count_and_a_zonal_cluster_s_own_zone_with_them() -> None:
    inside = cluster()
    two = pool(inside, nodeCount=1, nodeLocations=[f"{R}-a", f"{R}-b"])
    assert usd(estimated(LIST, inside, two), "nodes (e2") == (D("48.9188"),) * 3  # 2 zones
    zonal = cluster(location=f"{R}-a", nodeLocations=[f"{R}-b"])
    assert usd(estimated(LIST, zonal, pool(zonal, nodeCount=1)), "nodes (e2") == (D("48.9188"),) * 3  # a and b
    regional = cluster(nodeLocations=[f"{R}-b"])
    assert usd(estimated(LIST, regional, pool(regional, nodeCount=1)), "nodes (e2") == (D("24.4594"),) * 3  # b alone


def test_autoscaling_limits_are_per_zone() -> None:
    inside = cluster()
    scaling = {"minNodeCount": 0, "maxNodeCount": 4}
    found = estimated(LIST, inside, pool(inside, initialNodeCount=1, autoscaling=scaling))
    # 0 … 3 × 1 … 3 × 4 nodes × 730 × 0.033506
    assert usd(found, "nodes (e2") == (D("0.0000"), D("73.3781"), D("293.5126"))


def test_total_limits_are_for_the_whole_pool() -> None:
    inside = cluster()
    scaling = {"totalMinNodeCount": 2, "totalMaxNodeCount": 4}
    found = estimated(LIST, inside, pool(inside, autoscaling=scaling), usage=told(nodes=3))
    # 2 … 3 … 4 × 730 × 0.033506
    assert usd(found, "nodes (e2") == (D("48.9188"), D("73.3781"), D("97.8375"))


def test_the_nodes_that_a_component_tells_are_expected_between_the_limits() -> None:
    around, inside = component(nodes=(1, 7, 9)), cluster()
    scaling = {"totalMinNodeCount": 0, "totalMaxNodeCount": 5}
    properties = {"nodeConfig": {"machineType": "e2-medium", "diskSizeGb": 10}, "autoscaling": scaling}
    child = resource(POOL, "pool", properties, parent=around.urn, refers={"cluster": inside.urn})
    assert usd(estimated(LIST, around, inside, child), "nodes (e2")[1] == D("122.2969")  # 7 is clamped to 5


def test_a_node_that_says_nothing_is_an_e2_medium_with_100_gib_pd_balanced() -> None:
    inside = cluster(location=f"{R}-a")
    bare = resource(POOL, "pool", {"nodeCount": 1}, refers={"cluster": inside.urn})
    found = estimated(LIST, inside, bare)
    assert usd(found, "nodes (e2-medium)") == (D("24.4594"),) * 3
    assert usd(found, "nodes' boot disks (pd-balanced)") == (D("10.0000"),) * 3  # 100 × 0.10
    assert "provider's default" in " ".join(each.words for each in line(found, "nodes' boot").factors)


def test_a_count_that_nobody_gives_is_an_assumption() -> None:
    inside = cluster()
    found = estimated(LIST, inside, pool(inside))
    assert usd(found, "nodes (e2") == (D("0.0000"), D("73.3781"), D("220.1344"))  # 0, 3 and 9 nodes
    assert str(line(found, "nodes (e2").confidence) == "low"


def test_spot_nodes_fall_back_to_on_demand_in_the_worst_case() -> None:
    inside = cluster(location=f"{R}-a")
    found = estimated(LIST, inside, pool(inside, {"machineType": "g2-standard-4", "spot": True}, nodeCount=1))
    assert usd(found, "nodes (g2-standard-4, spot)") == (D("290.0553"), D("312.6485"), D("515.9874"))
    use = line(found, "nodes (g2").machine
    assert use is not None
    assert use.spot


def test_flex_start_lies_between_half_price_and_on_demand() -> None:
    inside = cluster(location=f"{R}-a")
    found = estimated(LIST, inside, pool(inside, {"machineType": "g2-standard-4", "flexStart": True}, nodeCount=1))
    # 730 × 0.706832 × (1 - 0.53); 730 × 0.706832
    assert usd(found, "nodes (g2-standard-4, flex-start)") == (D("242.5141"), D("515.9874"), D("515.9874"))


def test_flex_start_of_added_gpus_and_of_slices_lies_there_too() -> None:
    inside = cluster(location=f"{R}-a")
    added: dict[str, object] = {
        "machineType": "n1-standard-4",
        "flexStart": True,
        "guestAccelerators": [{"type": "nvidia-tesla-t4", "count": 2}],
    }
    found = estimated(LIST, inside, pool(inside, added, nodeCount=1))
    # 730 × 2 × 0.35 × (1 - 0.53); 730 × 2 × 0.35
    assert usd(found, "GPUs (gpu-nvidia-tesla-t4, flex-start)") == (D("240.1700"), D("511.0000"), D("511.0000"))
    chips = estimated(LIST, inside, pool(inside, {"machineType": "ct5lp-hightpu-4t", "flexStart": True}, nodeCount=1))
    # 4 chips × 730 × 1.2 × (1 - 0.53); 4 × 730 × 1.2
    assert usd(chips, "nodes chips (tpu-v5e-chip, flex-start)") == (D("1646.8800"), D("3504.0000"), D("3504.0000"))


def test_nodes_have_an_external_address_each_unless_they_are_private() -> None:
    inside = cluster(location=f"{R}-a")
    assert usd(estimated(LIST, inside, pool(inside, nodeCount=3)), "nodes' external") == (D("10.9500"),) * 3  # 3 × 730 × 0.005
    private_pool = pool(inside, nodeCount=3, networkConfig={"enablePrivateNodes": True})
    private = cluster(location=f"{R}-a", privateClusterConfig={"enablePrivateNodes": True})
    for program in ([inside, private_pool], [private, pool(private, nodeCount=3)]):
        assert not [each for each in estimated(LIST, *program).lines if "external" in each.driver]
    public_pool = pool(private, nodeCount=3, networkConfig={"enablePrivateNodes": False})
    assert usd(estimated(LIST, private, public_pool), "nodes' external") == (D("10.9500"),) * 3


def test_whether_nodes_of_a_foreign_cluster_have_addresses_is_a_band() -> None:
    alone = resource(
        POOL, "pool", {"location": f"{R}-a", "cluster": "elsewhere", "nodeCount": 1, "nodeConfig": {"machineType": "e2-medium"}}
    )
    assert usd(estimated(LIST, alone), "nodes' external") == (D("0.0000"), D("3.6500"), D("3.6500"))


def test_gpus_on_n1_nodes_are_paid_on_top() -> None:
    inside = cluster(location=f"{R}-a")
    gpus = [{"type": "nvidia-tesla-t4", "count": 2}]
    found = estimated(LIST, inside, pool(inside, {"machineType": "n1-standard-4", "guestAccelerators": gpus}, nodeCount=3))
    assert usd(found, "GPUs") == (D("1533.0000"),) * 3  # 3 × 2 × 730 × 0.35


def test_local_ssds_of_nodes_are_375_gib_each() -> None:
    inside = cluster(location=f"{R}-a")
    found = estimated(LIST, inside, pool(inside, {"ephemeralStorageLocalSsdConfig": {"localSsdCount": 2}}, nodeCount=1))
    assert usd(found, "nodes' local SSDs") == (D("60.0000"),) * 3  # 2 × 375 × 0.08


def test_a_single_host_tpu_pool_pays_for_each_node_s_chips() -> None:
    inside = cluster(location=f"{R}-a")
    found = estimated(LIST, inside, pool(inside, {"machineType": "ct6e-standard-4t"}, nodeCount=2))
    assert usd(found, "nodes chips (tpu-v6e-chip)") == (D("15768.0000"),) * 3  # 2 nodes × 4 chips × 730 × 2.70


def test_a_multi_host_slice_pays_for_the_chips_of_its_topology_or_for_none() -> None:
    inside = cluster(location=f"{R}-a")
    slice_of_16 = {"placementPolicy": {"type": "COMPACT", "tpuTopology": "4x4"}}
    scaling = {"totalMinNodeCount": 0, "totalMaxNodeCount": 4}
    found = estimated(
        LIST, inside, pool(inside, {"machineType": "ct5lp-hightpu-4t"}, autoscaling=scaling, **slice_of_16), usage=told(nodes=1)
    )
    # no slice … one of 4 nodes × 4 chips = 16 × 730 × 1.20
    assert usd(found, "nodes chips (tpu-v5e-chip)") == (D("0.0000"), D("14016.0000"), D("14016.0000"))
    fixed = estimated(LIST, inside, pool(inside, {"machineType": "ct5lp-hightpu-4t"}, nodeCount=4, **slice_of_16))
    assert usd(fixed, "nodes chips (tpu-v5e-chip)") == (D("14016.0000"),) * 3


def test_a_tpu_without_a_price_is_named() -> None:
    inside = cluster(location=f"{R}-a")
    assert "tpu-tpu7x-chip" in reasons(estimated(LIST, inside, pool(inside, {"machineType": "tpu7x-standard-4t"}, nodeCount=1)))


def test_reserved_nodes_are_paid_with_the_reservation() -> None:
    inside = cluster(location=f"{R}-a")
    specific = {"count": 1, "instanceProperties": {"machineType": "g2-standard-4"}}
    reserved = resource("gcp:compute/reservation:Reservation", "held", {"zone": f"{R}-a", "name": "held", "specificReservation": specific})
    affinity = {"consumeReservationType": "SPECIFIC_RESERVATION", "key": "name", "values": ["held"]}
    found = estimated(LIST, inside, reserved, pool(inside, {"machineType": "g2-standard-4", "reservationAffinity": affinity}, nodeCount=1))
    assert not [each for each in found.lines if each.driver.startswith("nodes (")]
    assert usd(found, "reserved machines") == (D("515.9874"),) * 3


@pytest.mark.parametrize("name", ["machineType", "diskType"])
def test_what_is_known_only_after_up_is_named(name: str) -> None:
    inside = cluster()
    assert f"nodeConfig.{name} is known only after `up`" in reasons(estimated(LIST, inside, pool(inside, {name: UNKNOWN}, nodeCount=1)))


def test_a_default_pool_is_priced_with_its_cluster() -> None:
    config = {"machineType": "e2-standard-4", "diskSizeGb": 50, "diskType": "pd-ssd"}
    found = estimated(LIST, cluster(removeDefaultNodePool=False, initialNodeCount=1, nodeConfig=config))
    assert usd(found, "default nodes (e2-standard-4)") == (D("293.5126"),) * 3  # 3 × 730 × 0.134024
    assert usd(found, "default nodes' boot disks") == (D("25.5000"),) * 3  # 3 × 50 × 0.17


def test_a_pool_that_a_state_lists_in_its_cluster_is_not_priced_twice() -> None:
    listed = [{"name": "pool", "nodeCount": 1}, {"name": "inline", "nodeCount": 1, "nodeConfig": {"machineType": "e2-medium"}}]
    inside = cluster(location=f"{R}-a", nodePools=listed)
    found = estimated(LIST, inside, pool(inside, name="pool", nodeCount=1))
    drivers = [each.driver for each in found.lines if each.driver.endswith("(e2-medium)")]
    assert drivers == ["inline nodes (e2-medium)", "nodes (e2-medium)"]


def test_a_pool_is_known_by_its_name_where_nothing_refers_to_the_cluster() -> None:
    inside = resource(CLUSTER, "cluster", {**NO_LOGS, "name": "main", "location": f"{R}-a", "nodePools": [{"name": "gpu", "nodeCount": 1}]})
    separate = resource(POOL, "elsewhere", {"name": "gpu", "cluster": "main", "location": f"{R}-a", "nodeCount": 1})
    assert [each.driver for each in estimated(LIST, inside, separate).lines if "(e2-medium)" in each.driver] == ["nodes (e2-medium)"]


def test_auto_provisioning_may_cost_up_to_its_limits() -> None:
    limits = [
        {"resourceType": "cpu", "minimum": 4, "maximum": 40},
        {"resourceType": "memory", "maximum": 100},
        {"resourceType": "nvidia-tesla-t4", "maximum": 2},
    ]
    found = estimated(LIST, cluster(clusterAutoscaling={"enabled": True, "resourceLimits": limits}))
    # 1, 1 and 10 e2-standard-4 × 730 × 0.134024
    assert usd(found, "auto-provisioned nodes") == (D("97.8375"), D("97.8375"), D("978.3752"))
    assert usd(found, "auto-provisioned GPUs") == (D("0.0000"), D("0.0000"), D("511.0000"))  # 2 × 730 × 0.35


def test_autopilot_pays_for_what_pods_request() -> None:
    found = estimated(LIST, cluster(enableAutopilot=True), usage=told(replicas=10))
    assert usd(found, "pods' vcpu") == (D("162.4250"),) * 3  # 10 × 0.5 × 730 × 0.0445
    assert usd(found, "pods' memory") == (D("71.8685"),) * 3  # 10 × 2 × 730 × 0.0049225
    assert not [each for each in found.lines if "nodes" in each.driver]


def test_a_cluster_s_logs_are_paid_unless_they_are_off() -> None:
    on = resource(CLUSTER, "c", {"location": R, "removeDefaultNodePool": True, "initialNodeCount": 1})
    assert usd(estimated(LIST, on, usage=told(ingestedGibPerMonth=20)), "logs") == (D("10.0000"),) * 3  # 20 × 0.50
    off = resource(CLUSTER, "c", {"location": R, "enableAutopilot": False, "loggingConfig": {"enableComponents": []}})
    assert "logs" not in [each.driver for each in estimated(LIST, off).lines]
