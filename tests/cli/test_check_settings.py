"""`drydock check STACK` says what is wrong with the settings of policies, by file and line, beside the faults of the environment."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app

ENVIRONMENT = """\
config:
  aws:region: eu-west-1
  drydock:environment:
    cloud: aws
    region: eu-west-1
    stage: dev
    owner: ml-platform
    costCenter: cc-4211
    storage:
      models: {purpose: models}
  drydock:policies:
"""
EXEMPTION = """\
    exemptions:
      - check: DD-STORAGE-001
        resource: models
        reason: moves in December
        owner: ml-platform
        expires: 2026-01-01
"""
BAD = [
    ("    checks:\n      DD-STORAGE-01: {level: advisory}\n", 13, "checks.DD-STORAGE-01", "is no check"),
    ("    checks:\n      DD-STORAGE-001: {level: loud}\n", 13, "checks.DD-STORAGE-001.level", "'loud' is wrong"),
    ("    profile: prodd\n", 12, "profile", "'prodd' is wrong; allowed: 'dev', 'prod' or 'regulated'"),
    (EXEMPTION.replace("        reason: moves in December\n", ""), 13, "exemptions.0.reason", "is missing"),
    (EXEMPTION, 17, "exemptions.0.expires", "is over since 2026-01-01; allowed: a day to come; fix: ml-platform mends it or renews it"),
]


def written(tmp_path: Path, settings: str) -> Path:
    path = tmp_path / "Pulumi.bad.yaml"
    path.write_text(ENVIRONMENT + settings)
    return path


@pytest.mark.parametrize(("settings", "line", "path", "told"), BAD)
def test_a_wrong_setting_is_one_line_with_file_and_line(tmp_path: Path, settings: str, line: int, path: str, told: str) -> None:
    file = written(tmp_path, settings)
    done = CliRunner().invoke(app, ["check", str(file)])
    assert done.exit_code == 1
    head, fault = done.stderr.splitlines()
    assert head.endswith(": 1 fault")
    assert fault.strip().startswith(f"drydock:policies.{path} ({file}:{line}): ")
    assert told in fault
    assert "; fix: " in fault


def test_settings_that_are_right_are_no_fault(tmp_path: Path) -> None:
    file = written(tmp_path, "    profile: prod\n    monthlyUsd: 100\n" + EXEMPTION.replace("2026-01-01", "2999-12-31"))
    done = CliRunner().invoke(app, ["check", str(file)])
    assert (done.exit_code, done.stderr) == (0, "")


def test_faults_of_the_environment_and_of_settings_are_told_together_and_as_json(tmp_path: Path) -> None:
    file = written(tmp_path, "    profile: prodd\n    undecided: perhaps\n")
    file.write_text(file.read_text().replace("stage: dev", "stage: night"))
    done = CliRunner().invoke(app, ["check", "--json", str(file)])
    assert done.exit_code == 1
    faults = json.loads(done.stdout)[str(file)]
    assert [fault["path"] for fault in faults] == ["stage", "drydock:policies.profile", "drydock:policies.undecided"]
    assert faults[1]["place"] == f"{file}:12"
    assert faults[2]["place"] == f"{file}:13"


@pytest.mark.parametrize(("settings", "told"), [("    - profile\n", "is no mapping"), ("    secure: v1:abcdef\n", "is a secret")])
def test_settings_of_another_kind_are_a_fault_that_shows_no_value(tmp_path: Path, settings: str, told: str) -> None:
    done = CliRunner().invoke(app, ["check", str(written(tmp_path, settings))])
    assert done.exit_code == 1
    assert told in done.stderr
    assert "abcdef" not in done.stderr


def test_every_stack_of_the_project_is_right(root: Path) -> None:
    done = CliRunner().invoke(app, ["check", *map(str, sorted((root / "stacks").glob("Pulumi.*.yaml")))])
    assert (done.exit_code, done.stderr) == (0, "")
