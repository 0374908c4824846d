"""A careless program under the pack, through the engine: what is told, and that no check fails itself."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from policies.registry import all_checks
from tests.engine.rehearsing import Run

pytestmark = pytest.mark.engine
INSECURE = Path(__file__).parents[1] / "policies" / "insecure"
# Of what the careless program does not have: training and tuning jobs, replication, a commitment, serverless variants, debug logs.
ABSENT = {
    "DD-COST-016",
    "DD-ENDPOINT-009",
    "DD-ML-001",
    "DD-ML-002",
    "DD-ML-003",
    "DD-ML-004",
    "DD-ML-008",
    "DD-ML-009",
    "DD-NETWORK-005",
}


def test_a_careless_program_on_aws_is_told_every_check_that_it_breaks(
    program: Callable[..., Path], rehearse: Callable[..., Run], root: Path
) -> None:
    project = program((INSECURE / "aws.py").read_text())
    done = rehearse(project, "dev", "preview", "--policy-pack", str(root / "policies"))
    assert done.returncode != 0
    told = set(re.findall(r"DD-[A-Z]+-\d{3}", "\n".join(line for line in done.stdout.splitlines() if "cannot decide" not in line)))
    ours = {check.id for check in all_checks() if check.clouds == ("aws",) and check.level != "disabled"}
    assert ours - told - ABSENT == set()
    assert told & ABSENT == set()
    assert "the check itself failed" not in done.stdout
