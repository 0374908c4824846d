"""EKS node groups: nodes between the limits of their scaling, of one type or several, on demand or as spot."""

from decimal import Decimal
from typing import Any

import pytest

from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import estimated, line, prices, resource, told, usd

HERE = {"aws:region": "us-east-1"}
NODES = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
SCHEDULE = "aws:autoscaling/schedule:Schedule"

# EC2 list prices, us-east-1, Linux, 2026-07-20; EBS list prices, us-east-1, 2026-05-03.
LIST = prices(
    ("aws", "ebs", "gp2-storage", "us-east-1", "GB-month", "0.10"),
    ("aws", "ebs", "gp3-storage", "us-east-1", "GB-month", "0.08"),
    machines=[
        ("aws", "us-east-1", "t3.medium", "0.0416", None),
        ("aws", "us-east-1", "g5.xlarge", "1.006", "0.40"),
        ("aws", "us-east-1", "g5.2xlarge", "1.212", "0.50"),
        ("aws", "us-east-1", "g6.xlarge", "0.8048", "0.30"),
    ],
)


def found(*resources: Resource, **usage: float | tuple[float, float, float]) -> Estimate:
    return estimated(LIST, *resources, config=HERE, usage=told(**usage))


def nodes(low: Any = 2, desired: Any = 2, high: Any = 2, refers: dict[str, str] | None = None, **properties: Any) -> Resource:
    scaling = {"minSize": low, "desiredSize": desired, "maxSize": high}
    return resource(NODES, "gpu", {"scalingConfig": scaling, "instanceTypes": ["g5.xlarge"], **properties}, refers=refers)


def exactly(amount: str) -> tuple[Decimal, Decimal, Decimal]:
    return Decimal(amount), Decimal(amount), Decimal(amount)


def test_nodes_cost_their_machines_and_twenty_gib_of_disk_each() -> None:
    estimate = found(nodes())
    assert usd(estimate, "nodes (g5.xlarge)") == exactly("1468.7600")  # 2 nodes × 730 h × 1.006
    # 2 nodes × 20 GiB × 0.08 (gp3) … 0.10 (gp2)
    assert usd(estimate, "root volume") == (Decimal("3.2000"), Decimal("4.0000"), Decimal("4.0000"))


def test_a_pool_that_may_shrink_to_nothing_costs_nothing_at_least() -> None:
    estimate = found(nodes(0, 1, 8, diskSize=100), requestsPerSecond=55, requestsPerSecondPerReplica=20)
    # 0 … ceil(55 ÷ 20) = 3 … 8 nodes × 730 h × 1.006
    assert usd(estimate, "nodes") == (Decimal("0.0000"), Decimal("2203.1400"), Decimal("5875.0400"))
    assert usd(estimate, "root volume") == (Decimal("0.0000"), Decimal("30.0000"), Decimal("80.0000"))  # 3 … 8 × 100 GB × 0.10


def test_the_number_of_nodes_that_is_told_stays_within_the_limits() -> None:
    # told 20 of at most 8: 8 × 730 × 1.006
    assert usd(found(nodes(0, 1, 8), nodes=20), "nodes")[1] == Decimal("5875.0400")


def test_without_traffic_as_many_as_at_the_start_are_assumed() -> None:
    estimate = found(nodes(1, 3, 8))
    assert usd(estimate, "nodes")[1] == Decimal("2203.1400")  # 3 × 730 × 1.006
    assert next(each.quantity for each in estimate.assumptions) == "nodes"


def test_several_types_are_a_band_and_the_first_is_expected_on_demand() -> None:
    estimate = found(nodes(instanceTypes=["g5.xlarge", "g5.2xlarge", "g6.xlarge"]))
    # 2 × 730 × 0.8048 … 2 × 730 × 1.006 … 2 × 730 × 1.212
    assert usd(estimate, "nodes") == (Decimal("1175.0080"), Decimal("1468.7600"), Decimal("1769.5200"))
    use = line(estimate, "nodes").machine
    assert use is not None
    assert use.offer.machine.instance_type == "g5.xlarge"


def test_spot_nodes_of_several_types_cost_their_mean_with_the_fallback() -> None:
    estimate = found(nodes(instanceTypes=["g5.xlarge", "g6.xlarge"], capacityType="SPOT"))
    # 10 % of the time on demand: g5 0.9 × 0.40 + 0.1 × 1.006 = 0.4606; g6 0.9 × 0.30 + 0.1 × 0.8048 = 0.35048; mean 0.40554
    # 2 × 730 × 0.30 … 2 × 730 × 0.40554 … 2 × 730 × 1.006
    assert usd(estimate, "nodes") == (Decimal("438.0000"), Decimal("592.0884"), Decimal("1468.7600"))


def test_a_pool_without_types_has_eks_default() -> None:
    estimate = found(nodes(instanceTypes=None))
    assert usd(estimate, "nodes (t3.medium)") == exactly("60.7360")  # 2 × 730 × 0.0416
    assert any(each.taken == "t3.medium" for each in estimate.assumptions)


def test_a_launch_template_gives_type_and_volumes() -> None:
    root = {"deviceName": "/dev/xvda", "ebs": {"volumeSize": 200, "volumeType": "gp3"}}
    data = {"deviceName": "/dev/sdb", "ebs": {"volumeSize": 500, "volumeType": "gp3"}}
    launch = resource(TEMPLATE, "template", {"instanceType": "g6.xlarge", "blockDeviceMappings": [root, data]})
    pool = nodes(instanceTypes=None, launchTemplate={"id": UNKNOWN}, refers={"launchTemplate": launch.urn})
    estimate = found(launch, pool)
    assert usd(estimate, "nodes (g6.xlarge)") == exactly("1175.0080")  # 2 × 730 × 0.8048
    assert usd(estimate, "root volume") == exactly("32.0000")  # 2 × 200 GB × 0.08
    assert usd(estimate, "volume 2") == exactly("80.0000")  # 2 × 500 GB × 0.08


def test_a_launch_template_from_elsewhere_is_named() -> None:
    estimate = found(nodes(instanceTypes=None, launchTemplate={"id": "lt-0123"}))
    assert [each.driver for each in estimate.unpriced] == ["nodes", "volumes"]


def test_nodes_in_a_reservation_are_paid_with_it() -> None:
    reserved = resource(
        "aws:ec2/capacityReservation:CapacityReservation",
        "reserved",
        {"instanceType": "g5.xlarge", "instanceCount": 2, "instanceMatchCriteria": "targeted"},
    )
    specification = {"capacityReservationTarget": {"capacityReservationId": UNKNOWN}}
    launch = resource(
        TEMPLATE,
        "template",
        {"capacityReservationSpecification": specification},
        refers={"capacityReservationSpecification": reserved.urn},
    )
    pool = nodes(1, 3, 4, launchTemplate={"id": UNKNOWN}, refers={"launchTemplate": launch.urn})
    estimate = found(reserved, launch, pool, nodes=3)
    assert usd(estimate, "reserved instances") == exactly("1468.7600")  # 2 × 730 × 1.006
    # 1 - 2 → 0 … 3 - 2 = 1 … 4 - 2 = 2 nodes × 730 × 1.006
    assert usd(estimate, "nodes") == (Decimal("0.0000"), Decimal("734.3800"), Decimal("1468.7600"))


def test_a_capacity_block_is_paid_when_it_is_bought() -> None:
    estimate = found(nodes(capacityType="CAPACITY_BLOCK"))
    assert [each.driver for each in estimate.lines] == ["root volume (gp3 or gp2)"]
    assert any(each.quantity == "nodes" and "capacity block" in each.reason for each in estimate.assumptions)


def test_a_schedule_switches_a_pool_off_at_night() -> None:
    pool = nodes(2, 2, 2)
    down = {"recurrence": "0 20 * * *", "minSize": 0, "maxSize": 0, "desiredCapacity": 0}
    up = {"recurrence": "0 8 * * *", "minSize": 2, "maxSize": 2, "desiredCapacity": 2}
    actions = [resource(SCHEDULE, str(i), action, refers={"autoscalingGroupName": pool.urn}) for i, action in enumerate((down, up))]
    assert usd(found(pool, *actions), "nodes") == exactly("734.3800")  # 2 × 12/24 × 730 × 1.006


def test_a_pool_that_runs_some_hours_pays_its_disks_for_these() -> None:
    estimate = found(nodes(diskSize=100), hoursPerMonth=73)
    assert usd(estimate, "nodes") == exactly("146.8760")  # 2 × 73 h × 1.006
    assert usd(estimate, "root volume")[1] == Decimal("2.0000")  # 2 × 100 GB × 73/730 × 0.10


@pytest.mark.parametrize(
    ("pool", "driver"),
    [
        (nodes(low=UNKNOWN), "nodes"),
        (nodes(high="many"), "nodes"),
        (nodes(low=-1), "nodes"),
        (nodes(instanceTypes=UNKNOWN), "nodes"),
        (nodes(instanceTypes=["x9.huge"]), "nodes"),
        (nodes(capacityType=UNKNOWN), "nodes"),
        (nodes(amiType="WINDOWS_CORE_2022_x86_64"), "nodes"),
        (nodes(diskSize=UNKNOWN), "root volume"),
        (resource(NODES, "gpu"), "nodes"),
    ],
)
def test_what_cannot_be_read_is_unpriced_never_free(pool: Resource, driver: str) -> None:
    assert driver in {each.driver for each in found(pool).unpriced}


def test_a_type_that_is_known_only_after_up_is_named_beside_the_others() -> None:
    estimate = found(nodes(instanceTypes=["g5.xlarge", UNKNOWN]))
    assert usd(estimate, "nodes") == exactly("1468.7600")  # 2 × 730 × 1.006
    assert [each.reason for each in estimate.unpriced] == ["1 of its instanceTypes are known only after `up`"]
