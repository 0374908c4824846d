"""AWS Batch: vCPUs between the limits of a compute environment, of the types that it may choose."""

from decimal import Decimal
from typing import Any

import pytest

from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import estimated, line, prices, resource, told, usd

HERE = {"aws:region": "us-east-1"}
ENVIRONMENT = "aws:batch/computeEnvironment:ComputeEnvironment"

# EC2 list prices, us-east-1, Linux, 2026-07-20; Fargate list prices, us-east-1, 2026-10-14; EBS list prices, us-east-1, 2026-05-03.
LIST = prices(
    ("aws", "ebs", "gp2-storage", "us-east-1", "GB-month", "0.10"),
    ("aws", "ebs", "gp3-storage", "us-east-1", "GB-month", "0.08"),
    ("aws", "ecs-fargate", "vcpu-x86", "us-east-1", "vCPU-hour", "0.04048"),
    ("aws", "ecs-fargate", "memory-x86", "us-east-1", "GB-hour", "0.004445"),
    machines=[
        ("aws", "us-east-1", "g5.xlarge", "1.006", None),
        ("aws", "us-east-1", "g5.12xlarge", "5.672", None),
        ("aws", "us-east-1", "c6i.large", "0.085", "0.034"),
        ("aws", "us-east-1", "m6i.large", "0.096", "0.040"),
        ("aws", "us-east-1", "r6i.large", "0.126", "0.044"),
    ],
    shapes=[
        ("aws", "g5.xlarge", "g5", 4.0, 16.0, "A10G", "1", 22.35, "list"),
        ("aws", "g5.12xlarge", "g5", 48.0, 192.0, "A10G", "4", 22.35, "list"),
        ("aws", "c6i.large", "c6i", 2.0, 4.0, "", "0", None, "list"),
        ("aws", "m6i.large", "m6i", 2.0, 8.0, "", "0", None, "list"),
        ("aws", "r6i.large", "r6i", 2.0, 16.0, "", "0", None, "list"),
    ],
)


def found(*resources: Resource, **usage: float) -> Estimate:
    return estimated(LIST, *resources, config=HERE, usage=told(**usage))


def environment(low: Any = 0, high: Any = 64, types: Any = ("g5.xlarge",), kind: Any = "EC2", **rest: Any) -> Resource:
    resources = {"type": kind, "minVcpus": low, "maxVcpus": high, "instanceTypes": types, **rest}
    return resource(ENVIRONMENT, "jobs", {"type": "MANAGED", "computeResources": resources})


def test_an_environment_costs_nothing_at_least_and_its_maximum_at_most() -> None:
    estimate = found(environment(), nodes=3)
    # 0 … 3 machines × 4 = 12 … 64 vCPUs; 12 ÷ 4 = 3 machines, 64 ÷ 4 = 16 machines × 730 h × 1.006
    assert usd(estimate, "vCPUs") == (Decimal("0.0000"), Decimal("2203.1400"), Decimal("11750.0800"))
    use = line(estimate, "vCPUs").machine
    assert use is not None
    assert use.count.expected == 3


def test_idle_vcpus_of_the_minimum_are_always_paid() -> None:
    assert usd(found(environment(low=8, high=8)), "vCPUs") == (Decimal("1468.7600"),) * 3  # 8 ÷ 4 = 2 × 730 × 1.006


def test_a_started_machine_is_paid_as_a_whole() -> None:
    assert usd(found(environment(low=5, high=5)), "vCPUs")[0] == Decimal("1468.7600")  # 5 vCPUs need 2 machines of 4


def test_a_family_is_a_band_over_its_sizes() -> None:
    estimate = found(environment(low=48, high=48, types=("g5",)))
    # A vCPU costs 1.006 ÷ 4 = 0.2515 of g5.xlarge, 5.672 ÷ 48 = 0.118167 of g5.12xlarge; the cheapest is expected
    # low and expected 730 × 5.672, high 730 × 12 × 1.006
    assert usd(estimate, "vCPUs") == (Decimal("4140.5600"), Decimal("4140.5600"), Decimal("8812.5600"))


@pytest.mark.parametrize("name", ["optimal", "default_x86_64"])
def test_a_bundle_is_a_band_over_the_families_that_batch_chooses_from(name: str) -> None:
    estimate = found(environment(low=4, high=4, types=(name,)))
    # 4 vCPUs are 2 machines: 2 × 730 × 0.085 (c6i) … 2 × 730 × 0.126 (r6i)
    assert usd(estimate, "vCPUs") == (Decimal("124.1000"), Decimal("124.1000"), Decimal("183.9600"))
    assert any(each.taken == name for each in estimate.assumptions)


def test_spot_is_any_of_the_types_with_the_fallback() -> None:
    estimate = found(environment(low=4, high=4, types=("c6i.large", "m6i.large"), kind="SPOT"))
    # 10 % on demand: c6i 0.9 × 0.034 + 0.1 × 0.085 = 0.0391; m6i 0.9 × 0.040 + 0.1 × 0.096 = 0.0456; mean 0.04235
    # 2 × 730 × 0.034 … 2 × 730 × 0.04235 … 2 × 730 × 0.096
    assert usd(estimate, "vCPUs") == (Decimal("49.6400"), Decimal("61.8310"), Decimal("140.1600"))


def test_its_machines_have_volumes_of_thirty_gib() -> None:
    estimate = found(environment(low=8, high=8))
    # 2 machines × 30 GiB × 0.08 … × 0.10 … 2 × 100 GiB × 0.10
    assert usd(estimate, "root volume") == (Decimal("4.8000"), Decimal("6.0000"), Decimal("20.0000"))


def test_fargate_is_paid_by_vcpu_and_by_memory_that_only_the_jobs_know() -> None:
    estimate = found(environment(low=None, high=10, types=None, kind="FARGATE", desiredVcpus=None), nodes=5)
    # 0 … 5 … 10 vCPUs × 730 h × 0.04048
    assert usd(estimate, "Fargate: vcpu") == (Decimal("0.0000"), Decimal("147.7520"), Decimal("295.5040"))
    # 0 … 5 × 4 … 10 × 8 GB × 730 h × 0.004445
    assert usd(estimate, "Fargate: memory") == (Decimal("0.0000"), Decimal("64.8970"), Decimal("259.5880"))


def test_an_unmanaged_environment_queues_and_definitions_cost_nothing() -> None:
    unmanaged = resource(ENVIRONMENT, "own", {"type": "UNMANAGED"})
    estimate = found(unmanaged, resource("aws:batch/jobQueue:JobQueue"), resource("aws:batch/jobDefinition:JobDefinition"))
    assert estimate.free == 3
    assert not estimate.at_least


@pytest.mark.parametrize(
    "unreadable",
    [
        environment(high=UNKNOWN),
        environment(high="all"),
        environment(types=UNKNOWN),
        environment(types=("g5.xlarge", UNKNOWN)),
        environment(types=("x9.huge",)),
        environment(types=("x9",)),
        environment(kind=UNKNOWN),
        environment(kind="LAMBDA"),
        resource(ENVIRONMENT, "jobs", {"type": UNKNOWN}),
        resource(ENVIRONMENT, "jobs", {"type": "MANAGED", "computeResources": UNKNOWN}),
    ],
)
def test_an_environment_that_cannot_be_read_is_unpriced_never_free(unreadable: Resource) -> None:
    estimate = found(unreadable)
    assert estimate.unpriced
    assert not estimate.lines


def test_emr_and_glue_are_named() -> None:
    kinds = ("aws:emr/cluster:Cluster", "aws:glue/job:Job", "aws:glue/crawler:Crawler", "aws:emrserverless/application:Application")
    estimate = found(*(resource(kind, str(i)) for i, kind in enumerate(kinds)))
    assert len(estimate.unpriced) == len(kinds)


def test_without_any_word_of_the_work_one_machine_is_expected() -> None:
    estimate = found(environment())
    assert usd(estimate, "vCPUs")[1] == Decimal("734.3800")  # 1 machine of 4 vCPUs: 730 × 1.006
    assert any(each.quantity == "vCPUs" for each in estimate.assumptions)


def test_a_large_machine_is_no_bargain_where_little_is_needed() -> None:
    estimate = found(environment(low=4, high=4, types=("g5",)))
    # g5.xlarge for 4 vCPUs costs 1.006, g5.12xlarge 5.672 though its vCPU is cheaper
    assert usd(estimate, "vCPUs")[1] == Decimal("734.3800")  # 730 × 1.006
    use = line(estimate, "vCPUs").machine
    assert use is not None
    assert use.offer.machine.instance_type == "g5.xlarge"


def test_spot_of_unlike_sizes_is_the_middle_one_for_what_is_needed() -> None:
    estimate = found(environment(low=4, high=4, types=("g5.xlarge", "g5.12xlarge"), kind="SPOT"))
    # No spot price on record: as on demand is expected; of 1.006 and 5.672 for 4 vCPUs the lower middle: 730 × 1.006
    assert usd(estimate, "vCPUs")[1] == Decimal("734.3800")
