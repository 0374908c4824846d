"""What the account must allow. Expected values: quotas as the clouds count them, worked out by hand."""

import pytest

from environment.model import Environment
from plan.findings import Findings
from plan.model import NatPlan, QuotaNeed, ReservationPlan
from plan.quotas import decide_unchecked, plan_quotas, quota_shortfalls
from tests.components.plans import cluster_plan, network_plan, pool_plan, rung_plan
from tests.plan.inside import REGIONS

G_ON_DEMAND, G_SPOT = "L-DB2E81BA", "L-3819A6DF"


def needs(cloud, *pools, network=None, cluster=None, **words):
    base = {"cloud": cloud, "region": REGIONS[cloud], "stage": "dev", "owner": "ml-platform", "costCenter": "cc-4211"}
    found = plan_quotas(Environment.model_validate({**base, **words}), network, pools, cluster)
    return {need.code: need for need in found}


def gpu(cloud, *rungs, **choices):
    return pool_plan(cloud, "gpu", gpu=True, rungs=rungs, **choices)


def test_vcpus_of_a_family_are_summed_over_pools():
    # g6.xlarge has 4 vCPU: 2 and 4 nodes at the most, 1 at the least.
    first = gpu("aws", rung_plan("aws", "gpu", min_nodes=1, max_nodes=2))
    second = pool_plan("aws", "more", gpu=True, rungs=(rung_plan("aws", "more", max_nodes=4),))
    need = needs("aws", first, second)[G_ON_DEMAND]
    assert (need.minimum, need.amount, need.unit, need.drivers) == (4, 24, "vCPU", ("gpu", "more"))
    assert (need.service, need.quota_id) == ("ec2", G_ON_DEMAND)
    assert need.request.endswith("--quota-code L-DB2E81BA --desired-value 24 --region eu-west-1")


def test_only_the_word_region_of_a_request_is_the_region():
    need = needs("gcp", gpu("gcp", rung_plan("gcp", "gpu")))["GPUS_ALL_REGIONS"]
    assert "--quota-id=GPUS-ALL-REGIONS-per-project " in need.request


def test_spot_counts_in_its_own_quota():
    found = needs("aws", gpu("aws", rung_plan("aws", "gpu-spot", "spot"), rung_plan("aws", "gpu")))
    assert (found[G_SPOT].amount, found[G_ON_DEMAND].amount) == (16, 16)


def test_reserved_and_on_demand_nodes_together_are_no_more_than_the_pools_maximum():
    rungs = (rung_plan("aws", "gpu-reserved", "reserved", max_nodes=3), rung_plan("aws", "gpu", max_nodes=4))
    pools = {"gpu": {"accelerator": "nvidia-l4", "nodes": {"max": 4}}}
    assert needs("aws", gpu("aws", *rungs), nodePools=pools)[G_ON_DEMAND].amount == 4 * 4


def test_a_reservation_takes_its_quota_at_once_and_an_existing_one_has_it_already():
    made = rung_plan("aws", "gpu", "reserved", max_nodes=4, reservation=ReservationPlan(count=3))
    assert needs("aws", gpu("aws", made))[G_ON_DEMAND].minimum == 12
    there = rung_plan("aws", "gpu", "reserved", max_nodes=4, reservation=ReservationPlan(existing="cr-1", count=3))
    assert needs("aws", gpu("aws", there))[G_ON_DEMAND].minimum == 0


def test_a_capacity_block_counts_in_no_quota():
    # Amazon EC2 User Guide, Capacity Blocks for ML.
    assert not {G_ON_DEMAND, G_SPOT} & set(needs("aws", gpu("aws", rung_plan("aws", "gpu", "block"))))


def test_google_counts_gpus_of_a_kind_and_all_together():
    found = needs("gcp", gpu("gcp", rung_plan("gcp", "gpu", max_nodes=4)))
    assert (found["NVIDIA_L4_GPUS"].amount, found["GPUS_ALL_REGIONS"].amount) == (4, 4)
    assert (found["NVIDIA_L4_GPUS"].service, found["NVIDIA_L4_GPUS"].quota_id) == (
        "compute.googleapis.com",
        "NVIDIA-L4-GPUS-per-project-region",
    )


def test_flex_start_takes_preemptible_quota():
    # Google Cloud, About flex-start VMs.
    found = needs("gcp", gpu("gcp", rung_plan("gcp", "gpu", "flexStart")))
    assert "PREEMPTIBLE_NVIDIA_L4_GPUS" in found
    assert "NVIDIA_L4_GPUS" not in found


def test_google_counts_the_gibibytes_of_fast_boot_disks():
    found = needs("gcp", gpu("gcp", rung_plan("gcp", "gpu", max_nodes=4, min_nodes=1)))
    assert (found["SSD_TOTAL_GB"].minimum, found["SSD_TOTAL_GB"].amount) == (100, 400)


def test_azure_counts_a_family_and_all_cores():
    found = needs("azure", gpu("azure", rung_plan("azure", "gpu", max_nodes=4)))
    assert found["cores"].amount == 16
    assert found["Standard NCASv3_T4 Family"].amount == 16
    assert found["cores"].service == ""


def test_quotas_that_no_preview_can_look_up_are_told_in_the_plan():
    environment = {"cloud": "azure", "region": "westeurope", "stage": "dev", "owner": "ml-platform", "costCenter": "cc-4211"}
    unchecked = list(needs("azure", gpu("azure", rung_plan("azure", "gpu", max_nodes=4))).values())
    findings = Findings()
    decide_unchecked(Environment.model_validate(environment), unchecked, findings)
    (decision,) = findings.decisions
    assert "16 vCPU of Standard NCASv3_T4 Family vCPUs" in decision.chosen
    assert "az vm list-usage --location westeurope" in decision.reason
    checked = list(needs("aws", gpu("aws", rung_plan("aws", "gpu"))).values())
    decide_unchecked(Environment.model_validate({**environment, "cloud": "aws", "region": "eu-west-1"}), checked, findings)
    assert len(findings.decisions) == 1


def test_networks_and_addresses_count_too():
    nats = (NatPlan(name="a", zone="eu-west-1a"), NatPlan(name="b", zone="eu-west-1b"))
    found = needs("aws", network=network_plan("aws", nats=nats), cluster=cluster_plan("aws"))
    assert {code: need.amount for code, need in found.items()} == {"L-0263D0A3": 2, "L-1194D53C": 1, "L-F678F1CE": 1}


def test_what_is_there_already_needs_nothing():
    assert needs("aws", pool_plan("aws", existing=True)) == {}
    assert needs("kubernetes", pool_plan("aws")) == {}


def need(minimum, amount, code="Q", unit="vCPU"):
    return QuotaNeed(
        code=code,
        name="Running On-Demand G and VT instances",
        unit=unit,
        minimum=minimum,
        amount=amount,
        drivers=("gpu",),
        default=0,
        request="aws service-quotas …",
        source="",
    )


def test_a_quota_that_lacks_what_is_built_at_once_says_so():
    found = quota_shortfalls([need(64, 64)], {"Q": 8}, region="eu-west-1")
    assert found.now == (
        "gpu: needs 64 vCPU of Running On-Demand G and VT instances in eu-west-1, the account has 8; request it with: aws service-quotas …",
    )
    assert found.later == ()


@pytest.mark.parametrize(("limit", "now", "later"), [(3, 1, 0), (4, 0, 1), (15, 0, 1), (16, 0, 0), (-1, 0, 0)])
def test_the_least_stops_and_the_most_warns(limit, now, later):
    # At the least 4, at the most 16; -1 is Google's word for no limit.
    found = quota_shortfalls([need(4, 16)], {"Q": limit}, region="eu-west-1")
    assert (len(found.now), len(found.later)) == (now, later)


def test_a_limit_that_nobody_knows_lacks_nothing():
    found = quota_shortfalls([need(4, 16)], {}, region="eu-west-1")
    assert (found.now, found.later) == ((), ())


def test_what_only_counts_things_has_no_unit():
    (line,) = quota_shortfalls([need(6, 6, unit="count")], {"Q": 5}, region="eu-west-1").now
    assert "needs 6 of Running" in line
