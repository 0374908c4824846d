"""EC2 machines: instances, reserved capacity, autoscaling groups with schedules and mixed policies, fleets."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import component, estimated, line, prices, resource, told, usd

HERE = {"aws:region": "us-east-1"}
INSTANCE = "aws:ec2/instance:Instance"
GROUP = "aws:autoscaling/group:Group"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
RESERVATION = "aws:ec2/capacityReservation:CapacityReservation"
SCHEDULE = "aws:autoscaling/schedule:Schedule"

# EC2 list prices, us-east-1, Linux, 2026-07-20: m5.large 0.096, m5.xlarge 0.192, m5a.xlarge 0.172, g5.xlarge 1.006 USD/h.
# EBS list prices, us-east-1, 2026-05-03.
LIST = prices(
    ("aws", "ebs", "gp2-storage", "us-east-1", "GB-month", "0.10"),
    ("aws", "ebs", "gp3-storage", "us-east-1", "GB-month", "0.08"),
    ("aws", "ebs", "gp3-iops-over-3000", "us-east-1", "IOPS-month", "0.005"),
    ("aws", "ebs", "gp3-throughput-over-125MBps", "us-east-1", "MBps-month", "0.04"),
    ("aws", "ebs", "io1-storage", "us-east-1", "GB-month", "0.125"),
    ("aws", "ebs", "io1-iops", "us-east-1", "IOPS-month", "0.065"),
    ("aws", "ebs", "io2-storage", "us-east-1", "GB-month", "0.125"),
    ("aws", "ebs", "io2-iops-tier1", "us-east-1", "IOPS-month", "0.065"),
    ("aws", "cloudwatch", "custom-metric-first-10k", "us-east-1", "metric-month", "0.30"),
    ("aws", "vpc", "public-ipv4-in-use", "us-east-1", "hour", "0.005"),
    machines=[
        ("aws", "us-east-1", "m5.large", "0.096", None),
        ("aws", "us-east-1", "m5.xlarge", "0.192", None),
        ("aws", "us-east-1", "m5a.xlarge", "0.172", None),
        ("aws", "us-east-1", "t3.medium", "0.0416", None),
        ("aws", "us-east-1", "c5.xlarge", "0.17", "0.07"),
        ("aws", "us-east-1", "g5.xlarge", "1.006", None),
    ],
    commitments=[("aws", "spot-advisor-savings", "g5.xlarge", "us-east-1", "0", "interruption:5-10%", "discount", "0.60")],
    shapes=[
        ("aws", "m5.large", "m5", 2.0, 8.0, "", "0", None, "list"),
        ("aws", "m5.xlarge", "m5", 4.0, 16.0, "", "0", None, "list"),
        ("aws", "m5a.xlarge", "m5a", 4.0, 16.0, "", "0", None, "list"),
        ("aws", "t3.medium", "t3", 2.0, 4.0, "", "0", None, "list"),
        ("aws", "c5.xlarge", "c5", 4.0, 8.0, "", "0", None, "list"),
        ("aws", "g5.xlarge", "g5", 4.0, 16.0, "A10G", "1", 22.35, "list"),
    ],
)
ROOT = {"rootBlockDevice": {"volumeSize": 50, "volumeType": "gp3"}}


def found(*resources: Resource, **usage: float) -> Estimate:
    """The estimate in us-east-1 with this usage told of everything."""
    return estimated(LIST, *resources, config=HERE, usage=told(**usage))


def exactly(amount: str) -> tuple[Decimal, Decimal, Decimal]:
    return Decimal(amount), Decimal(amount), Decimal(amount)


def template(properties: Mapping[str, Any], name: str = "template") -> Resource:
    return resource(TEMPLATE, name, properties)


def group(properties: Mapping[str, Any], launch: Resource, via: str = "launchTemplate") -> Resource:
    return resource(GROUP, "group", {"maxSize": 4, "minSize": 1, **properties}, refers={via: launch.urn})


def test_an_instance_costs_its_machine_by_the_hour_and_its_volumes_by_the_month() -> None:
    data = {"volumeSize": 100, "volumeType": "io1", "iops": 1000}
    estimate = found(resource(INSTANCE, properties={"instanceType": "m5.large", **ROOT, "ebsBlockDevices": [data]}))
    assert usd(estimate, "instance (m5.large)") == exactly("70.0800")  # 730 h × 0.096
    assert usd(estimate, "root volume") == exactly("4.0000")  # 50 GB × 0.08
    assert usd(estimate, "volume 1 (io1)") == exactly("12.5000")  # 100 GB × 0.125
    assert usd(estimate, "volume 1 IOPS") == exactly("65.0000")  # 1000 IOPS × 0.065
    assert estimate.total.expected == Decimal("151.58")  # 70.08 + 4 + 12.5 + 65
    assert not estimate.unpriced


def test_a_gp3_volume_pays_only_for_what_is_above_its_included_iops_and_throughput() -> None:
    root = {"volumeSize": 10, "volumeType": "gp3", "iops": 4000, "throughput": 225}
    estimate = found(resource(INSTANCE, properties={"instanceType": "m5.large", "rootBlockDevice": root}))
    assert usd(estimate, "root volume IOPS") == exactly("5.0000")  # (4000 - 3000) × 0.005
    assert usd(estimate, "root volume throughput") == exactly("4.0000")  # (225 - 125) × 0.04
    plain = {"volumeSize": 10, "volumeType": "gp3", "iops": 3000, "throughput": 125}
    assert len(found(resource(INSTANCE, properties={"instanceType": "m5.large", "rootBlockDevice": plain})).lines) == 2


def test_a_root_volume_that_nobody_describes_is_the_images_between_gp3_and_gp2() -> None:
    estimate = found(resource(INSTANCE, properties={"instanceType": "m5.large"}))
    # 8 GiB × 0.08 (gp3) … 8 GiB × 0.10 (gp2) … 100 GiB × 0.10
    assert usd(estimate, "root volume") == (Decimal("0.6400"), Decimal("0.8000"), Decimal("10.0000"))
    assert any(each.quantity == "GiB of the root volume" for each in estimate.assumptions)


def test_an_instance_that_is_stopped_at_night_still_pays_for_its_volume() -> None:
    estimate = found(resource(INSTANCE, properties={"instanceType": "m5.large", "hibernation": True, **ROOT}), hoursPerMonth=200)
    assert usd(estimate, "instance") == exactly("19.2000")  # 200 h × 0.096
    assert usd(estimate, "root volume") == exactly("4.0000")  # 50 GB × 0.08, all the month


def test_an_instance_type_that_is_known_only_after_up_is_named_as_unpriced() -> None:
    estimate = found(resource(INSTANCE, properties={"instanceType": UNKNOWN, **ROOT}))
    assert [(each.driver, each.reason) for each in estimate.unpriced] == [("instance", "instanceType is known only after `up`")]


@pytest.mark.parametrize("kind", ["x9.huge", "", 7])
def test_an_instance_type_without_a_price_is_never_free(kind: object) -> None:
    estimate = found(resource(INSTANCE, properties={"instanceType": kind, **ROOT}))
    assert [each.driver for each in estimate.unpriced] == ["instance"]
    assert estimate.at_least


def test_without_a_region_nothing_has_a_price() -> None:
    estimate = estimated(LIST, resource(INSTANCE, properties={"instanceType": "m5.large", **ROOT}))
    assert {each.driver for each in estimate.unpriced} == {"instance", "root volume"}
    assert not estimate.lines


def test_a_volume_size_that_is_known_only_after_up_is_unpriced() -> None:
    root = {"volumeSize": UNKNOWN, "volumeType": "gp3"}
    estimate = found(resource(INSTANCE, properties={"instanceType": "m5.large", "rootBlockDevice": root}))
    assert [(each.driver, each.reason) for each in estimate.unpriced] == [("root volume", "volumeSize is known only after `up`")]


def test_detailed_monitoring_costs_seven_metrics_and_a_public_address_its_hours() -> None:
    properties = {"instanceType": "m5.large", "monitoring": True, "associatePublicIpAddress": True, **ROOT}
    estimate = found(resource(INSTANCE, properties=properties))
    assert usd(estimate, "detailed monitoring") == exactly("2.1000")  # 7 metrics × 0.30
    assert usd(estimate, "public IPv4 address") == exactly("3.6500")  # 730 h × 0.005


def test_an_instance_takes_from_its_launch_template_what_it_does_not_say_itself() -> None:
    launch = template({"instanceType": "m5.xlarge", "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"volumeSize": 30}}]})
    estimate = found(launch, resource(INSTANCE, refers={"launchTemplate": launch.urn}, properties={"launchTemplate": {"id": UNKNOWN}}))
    assert usd(estimate, "instance (m5.xlarge)") == exactly("140.1600")  # 730 × 0.192
    assert usd(estimate, "root volume") == (Decimal("2.4000"), Decimal("3.0000"), Decimal("3.0000"))  # 30 GB × 0.08 … 0.10
    assert estimate.free == 1  # the template


def test_spot_lies_between_the_advisors_saving_and_on_demand_with_a_share_that_falls_back() -> None:
    properties = {"instanceType": "g5.xlarge", "instanceMarketOptions": {"marketType": "spot"}, **ROOT}
    estimate = found(resource(INSTANCE, properties=properties))
    # Saving 60 %, interrupted 5-10 %: low 1.006 × 0.40 = 0.4024, expected 0.90 × 0.4024 + 0.10 × 1.006 = 0.46276, high 1.006
    assert usd(estimate, "instance (g5.xlarge, spot)") == (Decimal("293.7520"), Decimal("337.8148"), Decimal("734.3800"))
    use = line(estimate, "instance").machine
    assert use is not None
    assert use.spot


def test_a_spot_request_takes_the_share_on_demand_that_is_told() -> None:
    request = resource("aws:ec2/spotInstanceRequest:SpotInstanceRequest", properties={"instanceType": "c5.xlarge", **ROOT})
    estimate = found(request, onDemandShare=0.5)
    # Recorded spot price 0.07, on demand 0.17: low 730 × 0.07, expected 730 × (0.5 × 0.07 + 0.5 × 0.17), high 730 × 0.17
    assert usd(estimate, "instance") == (Decimal("51.1000"), Decimal("87.6000"), Decimal("124.1000"))


def test_reserved_capacity_is_paid_used_or_not_and_the_instance_in_it_is_not_paid_twice() -> None:
    reservation = resource(RESERVATION, "reserved", {"instanceType": "g5.xlarge", "instanceCount": 2, "instancePlatform": "Linux/UNIX"})
    inside = {"capacityReservationTarget": {"capacityReservationId": UNKNOWN}}
    properties = {"instanceType": "g5.xlarge", "capacityReservationSpecification": inside, **ROOT}
    user = resource(INSTANCE, properties=properties, refers={"capacityReservationSpecification": reservation.urn})
    estimate = found(reservation, user, hoursPerMonth=10)
    assert usd(estimate, "reserved instances") == exactly("1468.7600")  # 2 × 730 h × 1.006
    assert estimate.total.expected == Decimal("1472.76")  # and the root volume's 4.00


def test_capacity_blocks_and_dedicated_hosts_are_named_not_free() -> None:
    block = resource("aws:ec2/capacityBlockReservation:CapacityBlockReservation", "block")
    host = resource("aws:ec2/dedicatedHost:DedicatedHost", "host", {"instanceFamily": "m5"})
    estimate = found(block, host, resource(INSTANCE, properties={"instanceType": "m5.large", "tenancy": "dedicated", **ROOT}))
    assert [each.driver for each in estimate.unpriced] == ["capacity block", "dedicated host", "instance"]


def test_a_group_costs_its_minimum_at_least_its_maximum_at_most_and_what_the_traffic_needs() -> None:
    launch = template({"instanceType": "m5.large", "blockDeviceMappings": [{"deviceName": "/dev/xvda", "noDevice": "true"}]})
    estimate = found(launch, group({}, launch), requestsPerSecond=24, requestsPerSecondPerReplica=10)
    # low 1, expected ceil(24 ÷ 10) = 3, high 4 nodes × 730 h × 0.096
    assert usd(estimate, "instances (m5.large)") == (Decimal("70.0800"), Decimal("210.2400"), Decimal("280.3200"))


def test_a_group_whose_template_is_elsewhere_or_whose_size_is_unknown_is_unpriced() -> None:
    launch = template({"instanceType": "m5.large"})
    elsewhere = resource(GROUP, "a", {"minSize": 1, "maxSize": 2, "launchTemplate": {"id": "lt-0123"}})
    unknown = group({"maxSize": UNKNOWN}, launch)
    assert [each.reason for each in found(launch, elsewhere, unknown).unpriced] == [
        "the launch template or configuration is not in this program",
        "maxSize is known only after `up`",
    ]


def mixed(**distribution: Any) -> dict[str, Any]:
    overrides = [{"instanceType": "m5.xlarge"}, {"instanceType": "m5a.xlarge"}]
    return {"mixedInstancesPolicy": {"instancesDistribution": distribution, "launchTemplate": {"overrides": overrides}}}


def test_a_mixed_group_pays_its_base_and_its_percentage_on_demand_and_the_rest_as_spot() -> None:
    launch = template({"instanceType": "m5.large"})
    policy = mixed(onDemandBaseCapacity=2, onDemandPercentageAboveBaseCapacity=25)
    estimate = found(launch, group({"minSize": 7, "maxSize": 7, **policy}, launch, "mixedInstancesPolicy"))
    # On demand: 2 + ceil(0.25 × 5) = 4; prioritized, so m5.xlarge is expected, m5a.xlarge the cheapest
    # low 4 × 730 × 0.172, expected and high 4 × 730 × 0.192
    assert usd(estimate, "instances (m5.xlarge, m5a.xlarge)") == (Decimal("502.2400"), Decimal("560.6400"), Decimal("560.6400"))
    # Spot: 3. No spot price on record: low 3 × 730 × 0.0172; expected the cheapest as on demand 3 × 730 × 0.172; high 3 × 730 × 0.192
    assert usd(estimate, "instances (m5.xlarge, m5a.xlarge, spot)") == (Decimal("37.6680"), Decimal("376.6800"), Decimal("420.4800"))


def test_a_mixed_group_without_a_distribution_is_all_on_demand() -> None:
    launch = template({"instanceType": "m5.large"})
    estimate = found(launch, group({"minSize": 3, "maxSize": 3, **mixed()}, launch, "mixedInstancesPolicy"))
    assert usd(estimate, "instances")[2] == Decimal("420.4800")  # 3 × 730 × 0.192
    assert sum(each.driver.startswith("instances") for each in estimate.lines) == 1


def test_weighted_capacity_is_paid_in_whole_machines() -> None:
    launch = template({"instanceType": "m5.large"})
    overrides = [{"instanceType": "m5.xlarge", "weightedCapacity": "4"}, {"instanceType": "m5.large", "weightedCapacity": "2"}]
    policy = {"mixedInstancesPolicy": {"launchTemplate": {"overrides": overrides}}}
    estimate = found(launch, group({"minSize": 10, "maxSize": 10, **policy}, launch, "mixedInstancesPolicy"))
    # 10 units: 3 m5.xlarge (12 units) = 3 × 0.192, or 5 m5.large (10 units) = 5 × 0.096; a unit costs 0.048 of either
    # low 10 × 0.048 × 730, expected and high 12 × 0.048 × 730
    assert usd(estimate, "instances") == (Decimal("350.4000"), Decimal("420.4800"), Decimal("420.4800"))
    use = line(estimate, "instances").machine
    assert use is not None
    assert use.count.expected == 3


def test_a_type_without_a_price_among_the_overrides_is_named_and_the_others_are_priced() -> None:
    launch = template({"instanceType": "m5.large"})
    overrides = [{"instanceType": "x9.huge"}, {"instanceType": "m5.large"}]
    policy = {"mixedInstancesPolicy": {"launchTemplate": {"overrides": overrides}}}
    estimate = found(launch, group({"minSize": 1, "maxSize": 1, **policy}, launch, "mixedInstancesPolicy"))
    assert [each.driver for each in estimate.unpriced] == ["instances (x9.huge)"]
    assert usd(estimate, "instances (m5.large)") == exactly("70.0800")


def test_a_schedule_scales_a_group_to_nothing_outside_office_hours() -> None:
    launch = template({"instanceType": "m5.large"})
    scaled = group({"name": "group", "minSize": 2, "maxSize": 2, "desiredCapacity": 2}, launch)
    up = {"autoscalingGroupName": "group", "recurrence": "0 8 * * 1-5", "minSize": 2, "maxSize": 2, "desiredCapacity": 2}
    down = {"autoscalingGroupName": "group", "recurrence": "0 20 * * 1-5", "minSize": 0, "maxSize": 0, "desiredCapacity": 0}
    estimate = found(launch, scaled, resource(SCHEDULE, "up", up), resource(SCHEDULE, "down", down))
    # 60 of a week's 168 hours: 2 × 60/168 × 730 h × 0.096 = 50.0571
    assert usd(estimate, "instances") == exactly("50.0571")
    assert estimate.free == 3


def test_a_schedule_that_happens_once_widens_the_group_to_all_of_its_limits() -> None:
    launch = template({"instanceType": "m5.large"})
    scaled = group({"minSize": 1, "maxSize": 2}, launch)
    once = resource(SCHEDULE, "once", {"startTime": "2027-01-01T00:00:00Z", "maxSize": 9}, refers={"autoscalingGroupName": scaled.urn})
    estimate = found(launch, scaled, once)
    # 1 … 9 × 730 h × 0.096
    assert usd(estimate, "instances") == (Decimal("70.0800"), Decimal("70.0800"), Decimal("630.7200"))
    assert any(each.quantity == "schedule of nodes" for each in estimate.assumptions)


def test_a_stopped_warm_pool_costs_only_its_volumes() -> None:
    launch = template(
        {"instanceType": "m5.large", "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"volumeSize": 100, "volumeType": "gp3"}}]}
    )
    estimate = found(launch, group({"minSize": 1, "maxSize": 5, "warmPool": {"minSize": 1}}, launch), nodes=2)
    # Prepared are 5 in all: 5 - 5 = 0, but at least 1 … 5 - 2 = 3 … 5 - 1 = 4 wait, each with 100 GB × 0.08
    assert usd(estimate, "warm pool: root volume") == (Decimal("8.0000"), Decimal("24.0000"), Decimal("32.0000"))
    assert not any(each.driver.startswith("warm pool (") for each in estimate.lines)


def test_instance_requirements_are_a_band_up_to_the_price_protection() -> None:
    needed = {"vcpuCount": {"min": 4, "max": 8}, "memoryMib": {"min": 16384}}
    launch = template({"instanceRequirements": needed})
    policy = {"mixedInstancesPolicy": {"launchTemplate": {"launchTemplateSpecification": {"launchTemplateId": "x"}}}}
    estimate = found(launch, group({"minSize": 1, "maxSize": 1, **policy}, launch, "mixedInstancesPolicy"))
    # Without an accelerator, 4 vCPUs and 16 GiB: m5a.xlarge 0.172, m5.xlarge 0.192 (≤ 0.172 × 1.2); g5.xlarge has a GPU
    assert usd(estimate, "instances") == (Decimal("125.5600"), Decimal("125.5600"), Decimal("140.1600"))


def test_an_ec2_fleet_pays_its_targets_on_demand_and_as_spot() -> None:
    launch = template({"instanceType": "c5.xlarge"})
    target = {"totalTargetCapacity": 5, "onDemandTargetCapacity": 2, "defaultTargetCapacityType": "spot"}
    configs = [{"launchTemplateSpecification": {"launchTemplateId": UNKNOWN}}]
    fleet = resource(
        "aws:ec2/fleet:Fleet",
        properties={"targetCapacitySpecification": target, "launchTemplateConfigs": configs},
        refers={"launchTemplateConfigs": launch.urn},
    )
    estimate = found(launch, fleet)
    assert usd(estimate, "instances (c5.xlarge)") == exactly("248.2000")  # 2 × 730 × 0.17
    # 3 × 730 × 0.07 … 3 × 730 × (0.9 × 0.07 + 0.1 × 0.17) … 3 × 730 × 0.17
    assert usd(estimate, "instances (c5.xlarge, spot)") == (Decimal("153.3000"), Decimal("175.2000"), Decimal("372.3000"))


def test_more_traffic_never_costs_less() -> None:
    launch = template({"instanceType": "m5.large"})
    levels = [
        estimated(
            LIST,
            component("around", requestsPerSecond=rate, requestsPerSecondPerReplica=5),
            launch,
            resource(
                GROUP,
                "group",
                {"minSize": 0, "maxSize": 20},
                parent="urn:pulumi:test::shop::shop:index:Component::around",
                refers={"launchTemplate": launch.urn},
            ),
            config=HERE,
        ).total.expected
        for rate in (0, 1, 5, 6, 40, 1000)
    ]
    assert levels == sorted(levels)
    assert levels[0] < levels[-1]


@given(
    low=st.integers(0, 9),
    more=st.integers(0, 9),
    base=st.integers(0, 12),
    percent=st.integers(0, 100),
    weights=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    running=st.integers(0, 30),
)
@settings(max_examples=60, deadline=None)
def test_no_line_is_cheaper_at_a_higher_level(low: int, more: int, base: int, percent: int, weights: tuple[int, int], running: int) -> None:
    launch = template({"instanceType": "m5.large"})
    types = zip(("m5.xlarge", "c5.xlarge"), weights, strict=True)
    policy = {
        "instancesDistribution": {"onDemandBaseCapacity": base, "onDemandPercentageAboveBaseCapacity": percent},
        "launchTemplate": {"overrides": [{"instanceType": kind, "weightedCapacity": str(weight)} for kind, weight in types]},
    }
    pool = {"poolState": "Running"}
    properties = {"minSize": low, "maxSize": low + more, "mixedInstancesPolicy": policy, "warmPool": pool}
    estimate = found(launch, group(properties, launch, "mixedInstancesPolicy"), nodes=running)
    assert all(each.usd.low <= each.usd.expected <= each.usd.high for each in estimate.lines)
    assert all(each.machine.count.low <= each.machine.count.expected <= each.machine.count.high for each in estimate.lines if each.machine)


def test_a_group_that_counts_in_vcpus_starts_as_many_machines_as_these_are() -> None:
    launch = template({"instanceRequirements": {"vcpuCount": {"min": 4}, "memoryMib": {"min": 16384}}})
    estimate = found(launch, group({"minSize": 8, "maxSize": 8, "desiredCapacityType": "vcpu"}, launch))
    # 8 vCPUs are 2 machines of 4: 2 × 730 × 0.172 (m5a.xlarge) … 2 × 730 × 0.192 (m5.xlarge)
    assert usd(estimate, "instances") == (Decimal("251.1200"), Decimal("251.1200"), Decimal("280.3200"))


def test_io2_iops_are_paid_by_the_volume_in_steps() -> None:
    root = {"volumeSize": 100, "volumeType": "io2", "iops": 40000}
    estimate = found(resource(INSTANCE, properties={"instanceType": "m5.large", "rootBlockDevice": root}))
    assert usd(estimate, "root volume IOPS") == exactly("2080.0000")  # 32,000 × 0.065
    assert [each.driver for each in estimate.unpriced] == ["root volume IOPS"]  # the 8,000 above have no price on record


def test_a_reservation_covers_as_many_instances_as_it_has_places() -> None:
    reservation = resource(RESERVATION, "reserved", {"instanceType": "m5.large", "instanceCount": 1, "instanceMatchCriteria": "targeted"})
    named = {"capacityReservationSpecification": {"capacityReservationTarget": {"capacityReservationId": UNKNOWN}}}
    by = {"capacityReservationSpecification": reservation.urn}
    users = [resource(INSTANCE, str(i), {"instanceType": "m5.large", **ROOT, **named}, refers=by) for i in range(2)]
    estimate = found(reservation, *users)
    # One place: the first instance is in it, the second pays for itself. 730 × 0.096
    assert usd(estimate, "reserved instances") == exactly("70.0800")
    assert usd(estimate, "instance (m5.large)") == exactly("70.0800")
    assert line(estimate, "instance (m5.large)").urn == users[1].urn


def test_a_launch_configuration_has_detailed_monitoring_unless_it_says_otherwise() -> None:
    kind = "aws:ec2/launchConfiguration:LaunchConfiguration"
    launch = resource(kind, "configuration", {"instanceType": "m5.large", "spotPrice": "0.05", **ROOT})
    estimate = found(launch, group({"minSize": 2, "maxSize": 2}, launch, "launchConfiguration"))
    assert usd(estimate, "detailed monitoring") == exactly("4.2000")  # 2 × 7 metrics × 0.30
    assert usd(estimate, "instances (m5.large, spot)")[2] == Decimal("140.1600")  # at most on demand: 2 × 730 × 0.096
    off = resource(kind, "configuration", {"instanceType": "m5.large", "enableMonitoring": False, **ROOT})
    drivers = [each.driver for each in found(off, group({"minSize": 2, "maxSize": 2}, off, "launchConfiguration")).lines]
    assert "detailed monitoring" not in drivers


def test_burstable_and_accelerated_machines_fit_only_where_they_are_asked_for() -> None:
    def of(**needed: Any) -> Estimate:
        launch = template({"instanceRequirements": {"vcpuCount": {"min": 2}, "memoryMib": {"min": 4096}, **needed}})
        return found(launch, group({"minSize": 1, "maxSize": 1}, launch))

    assert line(of(), "instances").driver == "instances (m5.large)"  # not t3.medium, which is cheaper
    assert line(of(burstablePerformance="included"), "instances").driver == "instances (t3.medium)"
    assert line(of(acceleratorCount={"min": 1}), "instances").driver == "instances (g5.xlarge)"
    assert [each.driver for each in of(allowedInstanceTypes=["g5.*"]).unpriced] == ["instances"]


def test_the_volumes_of_weighted_machines_are_counted_by_machine() -> None:
    root = {"deviceName": "/dev/xvda", "ebs": {"volumeSize": 100, "volumeType": "gp3"}}
    launch = template({"instanceType": "m5.large", "blockDeviceMappings": [root]})
    overrides = [{"instanceType": "m5.xlarge", "weightedCapacity": "4"}, {"instanceType": "m5.large", "weightedCapacity": "2"}]
    policy = {"mixedInstancesPolicy": {"launchTemplate": {"overrides": overrides}}}
    estimate = found(launch, group({"minSize": 10, "maxSize": 10, **policy}, launch, "mixedInstancesPolicy"))
    # 10 units are ceil(10 ÷ 4) = 3 machines or 10 ÷ 2 = 5, each with 100 GB × 0.08
    assert usd(estimate, "root volume") == (Decimal("24.0000"), Decimal("24.0000"), Decimal("40.0000"))


def test_a_group_in_a_capacity_block_pays_for_its_volumes_only() -> None:
    launch = template({"instanceType": "g5.xlarge", "instanceMarketOptions": {"marketType": "capacity-block"}})
    estimate = found(launch, group({"minSize": 1, "maxSize": 1}, launch))
    assert [each.driver for each in estimate.lines] == ["root volume (gp3 or gp2)"]
    assert any("capacity block" in each.reason for each in estimate.assumptions)


def test_reserved_windows_capacity_is_not_priced_as_linux() -> None:
    reservation = resource(RESERVATION, "reserved", {"instanceType": "m5.large", "instanceCount": 2, "instancePlatform": "Windows"})
    assert [each.driver for each in found(reservation).unpriced] == ["reserved instances"]


def test_a_machine_with_a_public_address_sends_to_the_internet() -> None:
    lists = prices(("aws", "data-transfer", "internet-egress-first-10TB", "us-east-1", "GB", "0.09"))
    it = resource("aws:ec2/instance:Instance", properties={"instanceType": "m5.large", "associatePublicIpAddress": True})
    found = estimated(lists, it, config={"aws:region": "us-east-1"}, usage=told(egressGibPerMonth=100))
    assert usd(found, "data sent to the internet") == (Decimal("9.0000"),) * 3  # 100 × 0.09
