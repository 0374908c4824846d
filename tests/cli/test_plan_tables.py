"""A plan's node pools and quotas in a terminal."""

import re
from dataclasses import replace

import pytest

from cli.output import out
from cli.plan_tables import print_pools, print_quotas
from plan.model import MachinePlan, NodePoolPlan, Plan, QuotaNeed, ReservationPlan, TpuSlicePlan
from tests.components.plans import pool_plan, rung_plan


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "_width", 160)


def machine(instance_type: str, **choices: object) -> MachinePlan:
    return replace(pool_plan("aws").machine, instance_type=instance_type, **choices)  # pyright: ignore[reportArgumentType]


def rows(capsys: pytest.CaptureFixture[str], *pools: NodePoolPlan, region: str = "eu-central-1") -> dict[str, list[str]]:
    """The cells of each pool's row, under its name."""
    print_pools(Plan(cloud="aws", region=region, stage="dev", labels={}, buckets=(), decisions=(), node_pools=pools))
    lines = capsys.readouterr().out.splitlines()
    return {cells[0]: cells[1:] for cells in (re.split(r"\s{2,}", each.strip()) for each in lines)}


def test_a_pool_has_its_machine_price_nodes_and_ladder(capsys: pytest.CaptureFixture[str]) -> None:
    held = rung_plan("aws", "gpu-reserved", "reserved", max_nodes=2, min_nodes=1, reservation=ReservationPlan(count=2))
    rungs = (held, rung_plan("aws", "gpu-on-demand", max_nodes=8), rung_plan("aws", "gpu-spot", "spot", max_nodes=8))
    own = machine("g6.xlarge", accelerator="nvidia-l4", accelerator_count=1, usd_per_hour=1.0064, spot_usd_per_hour=0.35)
    shown = rows(capsys, pool_plan("aws", "gpu", gpu=True, machine=own, rungs=rungs))
    # 1 to 8 nodes, not 1 to 18: each rung may hold all of them
    assert shown["gpu"] == ["g6.xlarge (1 × nvidia-l4)", "1.0064", "0.3500", "1–8", "reserved (2) → onDemand → spot"]


def test_a_spot_price_that_was_not_recorded_is_on_demand_less_the_advisors_saving(capsys: pytest.CaptureFixture[str]) -> None:
    shown = rows(capsys, pool_plan("aws", "gpu", machine=machine("g6.xlarge", usd_per_hour=1.0064)))
    assert shown["gpu"][2] == "0.3623"  # EC2 spot advisor, eu-central-1: 64 % less than 1.0064


def test_a_price_that_nobody_knows_is_never_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    shown = rows(capsys, pool_plan("aws", "odd", machine=machine("p9.huge")))
    assert shown["odd"][1:3] == ["unknown", "unknown"]


def test_nodes_that_are_there_already_have_no_price(capsys: pytest.CaptureFixture[str]) -> None:
    shown = rows(capsys, pool_plan("aws", "theirs", machine=machine("", accelerator="nvidia-l4", accelerator_count=4), existing=True))
    assert shown["theirs"] == ["(4 × nvidia-l4)", "existing"]


def test_a_slice_says_its_topology_and_hosts_and_a_fixed_pool_one_number(capsys: pytest.CaptureFixture[str]) -> None:
    tpu = TpuSlicePlan(topology="4x4", chips=16, chips_per_host=4, hosts=4)
    own = machine("ct5lp-hightpu-4t", accelerator="tpu-v5e", accelerator_count=4)
    fixed = (rung_plan("gcp", "tpu", min_nodes=4, max_nodes=4),)
    shown = rows(capsys, pool_plan("gcp", "tpu", machine=own, tpu=tpu, rungs=fixed))
    assert shown["tpu"][0] == "ct5lp-hightpu-4t (4 × tpu-v5e), 4x4 slice of 4 hosts"
    assert shown["tpu"][3] == "4"


def test_a_plan_without_pools_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert rows(capsys) == {}


def need(amount: float, default: float | None, name: str = "G instances") -> QuotaNeed:
    return QuotaNeed(
        code="L-1",
        name=name,
        unit="vCPU",
        minimum=4,
        amount=amount,
        drivers=("gpu", "more"),
        default=default,
        request=f"ask for {name}",
        source="a page",
    )


def test_a_quota_has_what_is_needed_what_a_new_account_has_and_for_whom(capsys: pytest.CaptureFixture[str]) -> None:
    print_quotas([need(1064, 2000)])
    shown = capsys.readouterr().out
    assert re.search(r"G instances \(L-1\)\s+4 vCPU\s+1,064 vCPU\s+2,000\s+gpu, more", shown)
    assert "ask for" not in shown


def test_how_to_ask_stands_below_for_what_a_new_account_lacks_or_nobody_knows(capsys: pytest.CaptureFixture[str]) -> None:
    print_quotas([need(64, 64, "enough"), need(65, 64, "short"), need(1, None, "unheard")])
    asked = [each.strip() for each in capsys.readouterr().out.splitlines() if "ask for" in each]
    assert asked == ["short: ask for short", "unheard: ask for unheard"]


def test_no_quotas_print_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    print_quotas([])
    assert capsys.readouterr().out == ""
