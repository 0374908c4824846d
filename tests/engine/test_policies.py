"""The policy pack through the engine: on our own stacks, on a stranger's program, and with settings that are wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engine.rehearsing import Run

pytestmark = pytest.mark.engine

BAD = """
import pulumi_aws as aws
data = aws.s3.Bucket("data")
half = aws.s3.Bucket("half")
aws.s3.BucketPublicAccessBlock("half", bucket=half.id, block_public_acls=True, ignore_public_acls=True)
aws.s3.BucketVersioning("half", bucket=half.id, versioning_configuration={"status": "Enabled"})
"""


@pytest.fixture
def previewed(rehearse: Callable[..., Run], root: Path) -> Callable[..., Run]:
    """`preview` of a stack under the pack."""

    def preview(project: Path, stack: str, *words: str) -> Run:
        return rehearse(project, stack, *(words or ("preview",)), "--policy-pack", str(root / "policies"))

    return preview


def set_policies(project: Path, stack: str, given: dict[str, Any]) -> None:
    file = next(path for path in (project / "stacks" / f"Pulumi.{stack}.yaml", project / f"Pulumi.{stack}.yaml") if path.exists())
    content = yaml.safe_load(file.read_text())
    content["config"]["drydock:policies"] = given
    file.write_text(yaml.safe_dump(content))


def test_a_strangers_program_is_told_what_may_not_pass_and_stops(program: Callable[..., Path], previewed: Callable[..., Run]) -> None:
    done = previewed(program(BAD), "dev")
    assert done.returncode != 0
    assert "DD-STORAGE-001 data: no public access block refers to it; fix: add a BucketPublicAccessBlock" in done.stdout
    assert "DD-STORAGE-002 half.blockPublicPolicy: is off" in done.stdout
    assert "DD-STORAGE-003 data: old versions are not kept" in done.stdout
    assert "DD-STORAGE-001 half" not in done.stdout
    assert "DD-STORAGE-003 half" not in done.stdout


def test_a_violation_stops_the_resource_before_it_is_made(program: Callable[..., Path], previewed: Callable[..., Run]) -> None:
    done = previewed(program(BAD), "dev", "up")
    assert done.returncode != 0
    assert "DD-STORAGE-002 half.blockPublicPolicy: is off" in done.stdout
    assert "aws:s3:BucketPublicAccessBlock half created" not in done.stdout


def test_a_stack_over_its_budget_does_not_pass(project: Path, stack_of: Callable[..., Any], previewed: Callable[..., Run]) -> None:
    stack_of("dev-aws")
    set_policies(project, "dev-aws", {"monthlyUsd": 3})
    done = previewed(project, "dev-aws")
    assert done.returncode != 0
    (line,) = [line for line in done.stdout.splitlines() if "DD-COST-001" in line]
    assert "over monthlyUsd 3.00; most of it: " in line


def test_exemptions_hold_are_listed_and_run_out(program: Callable[..., Path], previewed: Callable[..., Run]) -> None:
    project = program(BAD)
    common = {"reason": "the team moves it next week", "owner": "ml-platform", "expires": "2126-01-01"}
    ours = [{"check": "DD-STORAGE-*", "resource": "*", **common}, {"check": "DD-COST-001", "resource": "*", **common}]
    set_policies(project, "dev", {"exemptions": ours})
    held = previewed(project, "dev")
    assert held.returncode == 0, held.stdout
    assert "exempted: DD-STORAGE-* for * until 2126-01-01 (ml-platform: the team moves it next week)" in held.stdout
    assert "exemption of DD-COST-001 for * held nothing back" in held.stdout
    set_policies(project, "dev", {"exemptions": [{**ours[0], "expires": "2026-01-01"}]})
    over = previewed(project, "dev")
    assert over.returncode != 0
    assert "expired on 2026-01-01" in over.stdout


def test_wrong_settings_stop_everything_with_a_line_each(program: Callable[..., Path], previewed: Callable[..., Run]) -> None:
    project = program("import pulumi_aws as aws\naws.s3.Bucket('data')\n")
    set_policies(project, "dev", {"profile": "paranoid", "checks": {"DD-NOTHING-001": {"level": "fatal"}}})
    done = previewed(project, "dev")
    assert done.returncode != 0
    assert "drydock:policies: profile: 'paranoid' is wrong" in done.stdout
    assert "drydock:policies: checks.DD-NOTHING-001.level: 'fatal' is wrong" in done.stdout
