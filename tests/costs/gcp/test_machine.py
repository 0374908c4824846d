"""Machines: single ones, groups, reservations, GPUs, disks, addresses."""

from decimal import Decimal

import pytest

from costs.model import Estimate
from costs.resource import SECRET, UNKNOWN, Resource
from tests.costs.building import estimated, line, prices, resource, told, usd

D = Decimal
R = "us-central1"
INSTANCE = "gcp:compute/instance:Instance"
TEMPLATE = "gcp:compute/instanceTemplate:InstanceTemplate"
GROUP = "gcp:compute/instanceGroupManager:InstanceGroupManager"
SCALER = "gcp:compute/autoscaler:Autoscaler"
RESERVATION = "gcp:compute/reservation:Reservation"
POLICY = "gcp:compute/resourcePolicy:ResourcePolicy"
# Compute Engine list prices us-central1, 2026-07-30; GPUs 2026-06-23.
LIST = prices(
    ("gcp", "persistent-disk", "pd-standard", R, "GiB-month", "0.04"),
    ("gcp", "persistent-disk", "pd-balanced", R, "GiB-month", "0.10"),
    ("gcp", "persistent-disk", "pd-ssd", R, "GiB-month", "0.17"),
    ("gcp", "persistent-disk", "pd-ssd-regional", R, "GiB-month", "0.34"),
    ("gcp", "persistent-disk", "local-ssd", R, "GiB-month", "0.08"),
    ("gcp", "persistent-disk", "snapshot", "us-multi", "GiB-month", "0.065"),
    ("gcp", "persistent-disk", "hyperdisk-balanced-space", R, "GiB-hour", "0.0001"),
    ("gcp", "persistent-disk", "hyperdisk-balanced-iops", R, "IOPS-month", "0.005"),
    ("gcp", "external-ip", "in-use-vm", R, "hour", "0.005"),
    ("gcp", "internet-egress", "0-1TiB", R, "GiB", "0.12"),
    ("gcp", "internet-egress", "1-10TiB", R, "GiB", "0.11"),
    ("gcp", "internet-egress", "over-10TiB", R, "GiB", "0.08"),
    machines=[
        ("gcp", R, "e2-medium", "0.033506", "0.020106"),
        ("gcp", R, "n1-standard-4", "0.19", "0.04"),
        ("gcp", R, "n2-standard-4", "0.194236", None),
        ("gcp", R, "g2-standard-4", "0.706832", "0.397336"),
        ("gcp", R, "a3-highgpu-8g", "88.49", "50.609541"),
        ("gcp", R, "gpu-nvidia-tesla-t4", "0.35", "0.11"),
    ],
)


def instance(**properties: object) -> Resource:
    return resource(INSTANCE, properties={"zone": f"{R}-a", "bootDisk": {"source": "mine"}, **properties})


def reasons(found: Estimate) -> str:
    return " | ".join(f"{each.driver}: {each.reason}" for each in found.unpriced)


def test_a_machine_is_paid_for_730_hours() -> None:
    found = estimated(LIST, instance(machineType="e2-medium"))
    # 730 h × 0.033506 USD/h
    assert usd(found, "machine") == (D("24.4594"),) * 3
    use = line(found, "machine").machine
    assert use is not None
    assert use.offer.machine.instance_type == "e2-medium"


def test_hours_that_are_told_take_the_place_of_730() -> None:
    # 200 h × 0.033506
    assert usd(estimated(LIST, instance(machineType="e2-medium"), usage=told(hoursPerMonth=200)), "machine") == (D("6.7012"),) * 3


def test_a_machine_that_is_switched_off_costs_only_its_disk() -> None:
    disk = {"initializeParams": {"size": 50, "type": "pd-ssd"}}
    found = estimated(LIST, instance(machineType="e2-medium", desiredStatus="TERMINATED", bootDisk=disk))
    assert usd(found, "machine") == (D(0),) * 3
    assert usd(found, "boot disk") == (D("8.5000"),) * 3  # 50 × 0.17


@pytest.mark.parametrize("scheduling", [{"preemptible": True}, {"provisioningModel": "SPOT"}])
def test_spot_lies_between_its_price_and_on_demand(scheduling: dict[str, object]) -> None:
    found = estimated(LIST, instance(machineType="g2-standard-4", scheduling=scheduling))
    # 730 × 0.397336; 90 % of the time spot, 10 % on demand: 730 × (0.9 × 0.397336 + 0.1 × 0.706832); 730 × 0.706832
    assert usd(found, "machine") == (D("290.0553"), D("312.6485"), D("515.9874"))


def test_a_gpu_on_n1_is_paid_on_top() -> None:
    gpus = [{"type": "projects/p/zones/z/acceleratorTypes/nvidia-tesla-t4", "count": 2}]
    found = estimated(LIST, instance(machineType="n1-standard-4", guestAccelerators=gpus))
    assert usd(found, "machine") == (D("138.7000"),) * 3  # 730 × 0.19
    assert usd(found, "GPUs") == (D("511.0000"),) * 3  # 730 × 2 × 0.35


def test_a_gpu_of_an_accelerator_optimized_machine_is_in_its_price() -> None:
    gpus = [{"type": "nvidia-l4", "count": 1}]
    found = estimated(LIST, instance(machineType="g2-standard-4", guestAccelerators=gpus))
    assert [each.driver for each in found.lines] == ["machine (g2-standard-4)"]
    assert not found.unpriced


def test_a_gpu_whose_number_is_not_known_is_named() -> None:
    gpus = [{"type": "nvidia-tesla-t4", "count": UNKNOWN}]
    assert "GPUs" in reasons(estimated(LIST, instance(machineType="n1-standard-4", guestAccelerators=gpus)))


@pytest.mark.parametrize(("value", "why"), [(UNKNOWN, "known only after `up`"), (SECRET, "a secret"), (None, "not given")])
def test_a_machine_type_that_cannot_be_read_is_named(value: object, why: str) -> None:
    assert f"machine: machineType is {why}" in reasons(estimated(LIST, instance(machineType=value)))


def test_custom_machines_and_unknown_ones_are_named() -> None:
    assert "n2-custom-4-8192" in reasons(estimated(LIST, instance(machineType="n2-custom-4-8192")))
    assert "no price of z9-standard-4" in reasons(estimated(LIST, instance(machineType="z9-standard-4")))


def test_without_a_region_a_machine_has_no_price() -> None:
    found = estimated(LIST, resource(INSTANCE, properties={"machineType": "e2-medium"}))
    assert "the region is not known" in reasons(found)
    assert not found.lines


def test_a_boot_disk_is_pd_standard_and_of_the_image_s_size_unless_it_says_otherwise() -> None:
    found = estimated(LIST, resource(INSTANCE, properties={"zone": f"{R}-a", "machineType": "e2-medium"}))
    # 10 GiB (Linux) to 50 GiB (Windows) × 0.04
    assert usd(found, "boot disk (pd-standard)") == (D("0.4000"), D("0.4000"), D("2.0000"))


def test_local_ssds_are_375_gib_each_and_part_of_some_machines() -> None:
    scratch = [{"interface": "NVME"}] * 2
    found = estimated(LIST, instance(machineType="n2-standard-4", scratchDisks=scratch))
    assert usd(found, "local SSDs") == (D("60.0000"),) * 3  # 2 × 375 × 0.08
    half = estimated(LIST, instance(machineType="n2-standard-4", scratchDisks=scratch), usage=told(hoursPerMonth=365))
    assert usd(half, "local SSDs") == (D("30.0000"),) * 3  # paid while the machine runs: half the month
    bundled = estimated(LIST, instance(machineType="a3-highgpu-8g", scratchDisks=scratch))
    assert [each.driver for each in bundled.lines] == ["machine (a3-highgpu-8g)"]


def test_an_ephemeral_address_is_paid_and_what_the_machine_sends() -> None:
    found = estimated(LIST, instance(machineType="e2-medium", networkInterfaces=[{"accessConfigs": [{"networkTier": "PREMIUM"}]}]),
                      usage=told(egressGibPerMonth=2000))  # fmt: skip
    assert usd(found, "external address") == (D("3.6500"),) * 3  # 730 × 0.005
    assert usd(found, "internet egress") == (D("230.2400"),) * 3  # 1024 × 0.12 + 976 × 0.11
    private = estimated(LIST, instance(machineType="e2-medium", networkInterfaces=[{"network": "default"}]))
    assert [each.driver for each in private.lines] == ["machine (e2-medium)"]


def test_an_instance_schedule_leaves_the_hours_between_start_and_stop() -> None:
    schedule = {"vmStartSchedule": {"schedule": "0 8 * * 1-5"}, "vmStopSchedule": {"schedule": "0 18 * * 1-5"}, "timeZone": "UTC"}
    policy = resource(POLICY, "office", {"region": R, "instanceSchedulePolicy": schedule})
    machine = resource(INSTANCE, properties={"zone": f"{R}-a", "machineType": "e2-medium", "bootDisk": {"source": "d"}},
                       refers={"resourcePolicies": policy.urn})  # fmt: skip
    # 5 days × 10 h of 168 h a week: 730 × 50/168 × 0.033506 = 7.2796…
    assert usd(estimated(LIST, machine, policy), "machine") == (D("7.2796"),) * 3


@pytest.mark.parametrize("start", ["never", "61 8 * * *", UNKNOWN])
def test_a_schedule_that_cannot_be_read_saves_nothing(start: object) -> None:
    policy = resource(POLICY, "office", {"region": R, "instanceSchedulePolicy": {"vmStartSchedule": {"schedule": start},
                                                                                "vmStopSchedule": {"schedule": "0 18 * * *"}}})  # fmt: skip
    machine = resource(INSTANCE, properties={"zone": f"{R}-a", "machineType": "e2-medium", "bootDisk": {"source": "d"}},
                       refers={"resourcePolicies": policy.urn})  # fmt: skip
    assert usd(estimated(LIST, machine, policy), "machine") == (D("24.4594"),) * 3


def group(template: Resource, **properties: object) -> Resource:
    return resource(GROUP, "group", {"zone": f"{R}-a", **properties}, refers={"versions": template.urn})


def test_a_group_costs_its_target_size_of_its_template_s_machines() -> None:
    disks = [{"boot": True, "diskSizeGb": 20, "diskType": "pd-balanced"}, {"type": "SCRATCH", "diskType": "local-ssd", "diskSizeGb": 375}]
    template = resource(TEMPLATE, "template", {"machineType": "n2-standard-4", "disks": disks})
    found = estimated(LIST, template, group(template, targetSize=3))
    assert usd(found, "machines") == (D("425.3768"),) * 3  # 3 × 730 × 0.194236
    assert usd(found, "disks (pd-balanced)") == (D("6.0000"),) * 3  # 3 × 20 × 0.10
    assert usd(found, "local SSDs") == (D("90.0000"),) * 3  # 3 × 375 × 0.08
    assert found.free == 1  # the template


def test_a_group_s_machines_have_addresses_as_their_template_says() -> None:
    interfaces = [{"accessConfigs": [{"networkTier": "PREMIUM"}]}]
    template = resource(TEMPLATE, "template", {"machineType": "e2-medium", "disks": [], "networkInterfaces": interfaces})
    assert usd(estimated(LIST, template, group(template, targetSize=3)), "external address") == (D("10.9500"),) * 3  # 3 × 730 × 0.005


def test_a_group_finds_its_template_by_name_as_a_state_has_it() -> None:
    template = resource(TEMPLATE, "template", {"name": "template-1", "machineType": "e2-medium", "disks": []})
    versions = [{"instanceTemplate": "https://www.googleapis.com/compute/v1/projects/p/global/instanceTemplates/template-1?uniqueId=7"}]
    managed = resource(GROUP, "group", {"zone": f"{R}-a", "targetSize": 1, "versions": versions})
    assert usd(estimated(LIST, template, managed), "machines") == (D("24.4594"),) * 3


def test_a_machine_from_a_template_takes_what_it_does_not_say_itself() -> None:
    disks = [{"boot": True, "diskSizeGb": 20, "diskType": "pd-balanced"}]
    template = resource(TEMPLATE, "template", {"machineType": "e2-medium", "disks": disks})
    refers = {"sourceInstanceTemplate": template.urn}
    made = resource("gcp:compute/instanceFromTemplate:InstanceFromTemplate", properties={"zone": f"{R}-a"}, refers=refers)
    found = estimated(LIST, template, made)
    assert usd(found, "machine (e2-medium)") == (D("24.4594"),) * 3
    assert usd(found, "disks (pd-balanced)") == (D("2.0000"),) * 3  # 20 × 0.10
    larger = resource(made.type, properties={"zone": f"{R}-a", "machineType": "n2-standard-4"}, refers=refers)
    assert usd(estimated(LIST, template, larger), "machine (n2-standard-4)") == (D("141.7923"),) * 3


def test_an_autoscaled_group_lies_between_its_limits() -> None:
    template = resource(TEMPLATE, "template", {"machineType": "e2-medium", "disks": []})
    managed = group(template, targetSize=2)
    policy = {"minReplicas": 1, "maxReplicas": 10}
    scaler = resource(SCALER, "scaler", {"zone": f"{R}-a", "autoscalingPolicy": policy}, refers={"target": managed.urn})
    found = estimated(LIST, template, managed, scaler)
    # 1, 2 and 10 machines × 730 × 0.033506
    assert usd(found, "machines") == (D("24.4594"), D("48.9188"), D("244.5938"))
    busy = estimated(LIST, template, managed, scaler, usage=told(requestsPerSecond=41, requestsPerSecondPerReplica=10))
    assert usd(busy, "machines")[1] == D("122.2969")  # ceil(41 / 10) = 5 machines
    policy["mode"] = "OFF"  # type: ignore[assignment]
    off = resource(SCALER, "scaler", {"zone": f"{R}-a", "autoscalingPolicy": policy}, refers={"target": managed.urn})
    assert usd(estimated(LIST, template, managed, off), "machines") == (D("48.9188"),) * 3


def test_several_possible_types_make_a_band_and_never_the_cheapest_alone() -> None:
    template = resource(TEMPLATE, "template", {"machineType": "e2-medium", "disks": []})
    flexible = {"instanceSelections": [{"rank": 2, "machineTypes": ["e2-medium"]}, {"rank": 1, "machineTypes": ["n2-standard-4"]}]}
    found = estimated(LIST, template, group(template, targetSize=1, instanceFlexibilityPolicy=flexible))
    # 730 × 0.033506 (e2-medium); the first in rank is expected, and here the dearest: 730 × 0.194236
    assert usd(found, "machines (one of 2 types)") == (D("24.4594"), D("141.7923"), D("141.7923"))
    unknown = {"instanceSelections": [{"machineTypes": ["e2-medium", "z9-standard-4"]}]}
    assert "z9-standard-4" in reasons(estimated(LIST, template, group(template, targetSize=1, instanceFlexibilityPolicy=unknown)))


def test_a_group_without_its_template_is_named() -> None:
    found = estimated(LIST, resource(GROUP, "group", {"zone": f"{R}-a", "targetSize": 3}))
    assert "the instance template is not part of this program" in reasons(found)


def test_a_reservation_is_paid_whether_used_or_not_and_its_machine_not_twice() -> None:
    specific = {"count": 2, "instanceProperties": {"machineType": "n2-standard-4"}}
    reserved = resource(RESERVATION, "held", {"zone": f"{R}-a", "name": "held", "specificReservation": specific})
    inside = instance(
        machineType="n2-standard-4", reservationAffinity={"type": "SPECIFIC_RESERVATION", "specificReservation": {"values": ["held"]}}
    )
    found = estimated(LIST, reserved, inside, usage=told(hoursPerMonth=10))
    assert usd(found, "reserved machines") == (D("283.5846"),) * 3  # 2 × 730 × 0.194236, whatever the hours
    assert len(found.lines) == 1
    assert any("reservation" in each.reason for each in found.assumptions)


def test_gpus_of_reserved_machines_are_paid_once() -> None:
    gpus = [{"type": "nvidia-tesla-t4", "count": 1}]
    specific = {"count": 1, "instanceProperties": {"machineType": "n1-standard-4", "guestAccelerators": gpus}}
    reserved = resource(RESERVATION, "held", {"zone": f"{R}-a", "name": "held", "specificReservation": specific})
    properties = {"zone": f"{R}-a", "machineType": "n1-standard-4", "guestAccelerators": gpus, "bootDisk": {"source": "d"}}
    inside = resource(INSTANCE, properties=properties, refers={"reservationAffinity": reserved.urn})
    found = estimated(LIST, reserved, inside)
    assert usd(found, "GPUs") == (D("255.5000"),) * 3  # 730 × 0.35
    assert len(found.lines) == 2


def test_a_suspended_machine_is_not_free() -> None:
    assert "suspended machine" in reasons(estimated(LIST, instance(machineType="e2-medium", desiredStatus="SUSPENDED")))


def test_disks_are_paid_by_size_and_twice_in_two_zones() -> None:
    zonal = resource("gcp:compute/disk:Disk", "a", {"zone": f"{R}-a", "type": "pd-ssd", "size": 100})
    assert usd(estimated(LIST, zonal), "disk") == (D("17.0000"),) * 3  # 100 × 0.17
    regional = resource("gcp:compute/regionDisk:RegionDisk", "b", {"region": R, "type": "pd-ssd", "size": 100})
    assert usd(estimated(LIST, regional), "disk") == (D("34.0000"),) * 3  # 100 × 0.34


def test_hyperdisk_pays_for_space_by_the_hour_and_for_iops_above_3000() -> None:
    properties = {"zone": f"{R}-a", "type": "hyperdisk-balanced", "size": 100, "provisionedIops": 5000}
    found = estimated(LIST, resource("gcp:compute/disk:Disk", "a", properties))
    assert usd(found, "disk") == (D("7.3000"),) * 3  # 100 × 730 × 0.0001
    assert usd(found, "provisioned IOPS") == (D("10.0000"),) * 3  # 2000 × 0.005


def test_a_snapshot_is_paid_where_it_is_kept() -> None:
    snapshot = resource("gcp:compute/snapshot:Snapshot", "s", {"storageLocations": ["us"]})
    assert usd(estimated(LIST, snapshot, usage=told(storedGib=100)), "snapshot") == (D("6.5000"),) * 3  # 100 × 0.065
    assert line(estimated(LIST, snapshot), "snapshot").usage_based


@pytest.mark.parametrize(
    ("image", "named"), [("windows-cloud/windows-2022", True), ("rhel-cloud/rhel-9", True), ("debian-cloud/debian-12", False)]
)
def test_an_operating_system_with_a_licence_is_named(image: str, named: bool) -> None:
    disk = {"initializeParams": {"image": image}}
    it = resource("gcp:compute/instance:Instance", properties={"zone": "us-central1-a", "machineType": "n1-standard-1", "bootDisk": disk})
    found = estimated(prices(), it)
    assert ("licence of the operating system" in [each.driver for each in found.unpriced]) is named


def test_asynchronous_replication_is_never_taken_for_free() -> None:
    found = estimated(prices(), resource("gcp:compute/diskAsyncReplication:DiskAsyncReplication"))
    assert found.unpriced
