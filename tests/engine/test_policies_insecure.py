"""Careless programs under the pack, through the engine: every check of a cloud is broken by name, and none fails itself."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policies.check import Check
from policies.registry import all_checks
from tests.engine.rehearsing import Run

pytestmark = pytest.mark.engine
INSECURE = Path(__file__).parents[1] / "policies" / "insecure"
PROVIDERS = {
    "aws": {"aws:region": "eu-west-1"},
    "gcp": {"gcp:project": "acme", "gcp:region": "europe-west4"},
    "azure": {"azure-native:location": "westeurope"},
    "kubernetes": {},
}
# What a preview cannot break in any program, and why; the pure tests break these.
NEVER = {
    "DD-COST-406": "only the profile dev looks at what stands idle, and the programs are under the strictest one",
    "DD-COST-409": "a program has no budget, or is over it: here it is over",
}
# What a program of this cloud does not break, and why.
ABSENT = {
    "aws": {
        "DD-COST-402": "no spot price is on record of accelerated machines in its region",
        "DD-COST-403": "whatever scales on AWS must say its maximum",
    },
    "gcp": {},
    "azure": {"DD-COST-402": "no spot price is on record of the accelerated sizes that it has outside production"},
    "kubernetes": {
        "DD-COST-404": "where a cluster is, a program of Kubernetes alone does not say",
        **dict.fromkeys(
            ("DD-COST-001", "DD-COST-002", "DD-COST-003", "DD-COST-004", "DD-COST-005", "DD-COST-407", "DD-COST-408"),
            "a pod costs nothing by itself, its node does",
        ),
        **dict.fromkeys(("DD-COST-401", "DD-COST-402"), "an accelerator is its node's, and a program of Kubernetes alone has none"),
    },
}


def strict(folder: Path) -> dict[str, Any]:
    """The settings under which every check speaks: the strictest profile, what even that leaves off, and bounds that nothing keeps."""
    before = folder / "before.json"
    before.write_text(json.dumps({"total": {"expected": "0.01"}}))
    off: dict[str, Any] = {
        check.id: {"level": "advisory"} for check in all_checks() if check.profiles.get("regulated", check.level) == "disabled"
    }
    parameters = {"DD-WORKLOAD-324": {"registries": ["ghcr.io/other"]}, "DD-COST-408": {"worstTimes": 1.0}}
    chosen = {**off, **{name: {"parameters": given} for name, given in parameters.items()}}
    bounds = {"monthlyUsd": 1, "worstMonthlyUsd": 1, "hourlyUsd": 0.001, "componentMonthlyUsd": 1, "unpricedPercent": 0}
    return {"profile": "regulated", "checks": chosen, "baseline": str(before), **bounds}


def of_cloud(check: Check, cloud: str) -> bool:
    """Whether a check looks at resources of this cloud, at all, or at the program as a whole."""
    return bool({cloud, "*", "pulumi"} & set(check.clouds))


@pytest.mark.parametrize("cloud", PROVIDERS)
def test_a_careless_program_breaks_every_check_of_its_cloud_by_name(
    cloud: str, program: Callable[..., Path], rehearse: Callable[..., Run], root: Path, tmp_path: Path
) -> None:
    source = (INSECURE / f"{cloud}.py").read_text()
    project = program(source, {**PROVIDERS[cloud], "drydock:policies": strict(tmp_path)})
    done = rehearse(project, "dev", "preview", "--policy-pack", str(root / "policies"))
    assert done.returncode != 0
    lines = [line for line in done.stdout.splitlines() if "cannot decide" not in line]
    told = set(re.findall(r"DD-[A-Z]+-\d{3}", "\n".join(lines)))
    ours = {check.id for check in all_checks() if of_cloud(check, cloud)}
    assert told == ours - NEVER.keys() - ABSENT[cloud].keys()
    assert "the check itself failed" not in done.stdout


def test_what_no_careless_program_breaks_is_little_and_is_a_check() -> None:
    known = {check.id for check in all_checks()}
    unbroken = NEVER.keys() | set.intersection(*(set(absent) for absent in ABSENT.values()))
    assert unbroken <= known
    assert len(unbroken) <= 5
