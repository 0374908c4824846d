"""What `drydock` prints, and its exit statuses."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.app import app


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(root / "stacks", tmp_path / "stacks")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize("stack", ["dev-aws", "prod-aws", "dev-gcp", "prod-gcp", "dev-azure", "prod-azure"])
def test_plan_shows_each_decision_once_with_its_reason(stack: str, project: Path) -> None:
    shown = run("plan", stack)
    assert shown.exit_code == 0
    data = json.loads(run("plan", stack, "--json").stdout)
    assert len(data["decisions"]) >= 20
    for decision in data["decisions"]:
        name = decision["path"].rpartition(".")[2]
        assert f"{name}: {decision['chosen']}: {decision['reason']}" in shown.stdout
    assert sorted({bucket["name"] for bucket in data["buckets"]}) == sorted(bucket["name"] for bucket in data["buckets"])


def test_plan_of_a_wrong_file_shows_its_faults_and_exits_with_1(project: Path) -> None:
    file = project / "stacks" / "Pulumi.dev-aws.yaml"
    file.write_text(file.read_text().replace("costCenter", "costcentre"))
    shown = run("plan", "dev-aws")
    assert shown.exit_code == 1
    assert "write costCenter" in shown.stderr
    assert shown.stdout == ""


def test_check_as_json_gives_every_part_of_a_fault(project: Path) -> None:
    (project / "wrong.yaml").write_text("config: {drydock:environment: {cloud: ibm}}")
    shown = run("check", "wrong.yaml", "dev-aws", "--json")
    assert shown.exit_code == 1
    found = json.loads(shown.stdout)
    assert found["stacks/Pulumi.dev-aws.yaml"] == []
    cloud = next(fault for fault in found["wrong.yaml"] if fault["path"] == "cloud")
    assert cloud["value"] == "'ibm'"
    assert cloud["allowed"] == "aws | gcp | azure | kubernetes"


def test_the_schema_in_git_is_current_and_a_stale_one_is_said(project: Path) -> None:
    assert run("schema", "--check").exit_code == 0
    file = project / "stacks" / "schema.json"
    file.write_text(file.read_text().replace("costCenter", "costcentre"))
    stale = run("schema", "--check")
    assert stale.exit_code == 1
    assert "run `drydock schema`" in stale.stderr
    assert run("schema").exit_code == 0
    assert run("schema", "--check").exit_code == 0


def test_the_schema_forbids_unknown_keys_and_knows_the_words() -> None:
    from cli.schema import schema

    found = schema()
    environment = found["properties"]["config"]["properties"]["drydock:environment"]
    assert environment["additionalProperties"] is False
    assert environment["required"] == ["cloud", "region", "stage", "owner", "costCenter"]
    assert found["$defs"]["Bucket"]["properties"]["purpose"]["enum"] == ["datasets", "models", "captures", "checkpoints", "logs"]


def test_plan_shows_pools_and_quotas_below_the_decisions_each_part_once(project: Path) -> None:
    file = project / "stacks" / "Pulumi.dev-aws.yaml"
    words = "cloud: aws, region: eu-central-1, stage: dev, owner: ml, costCenter: cc-1"
    pools = "nodePools: {gpu: {accelerator: nvidia-l4, nodes: {max: 4}}}"
    file.write_text(f"config: {{aws:region: eu-central-1, drydock:environment: {{{words}, {pools}}}}}\n")
    shown = run("plan", "dev-aws").stdout
    decisions, _, tables = shown.partition("\nnode pools (USD an hour for a node)\n")
    parts = [line for line in decisions.splitlines() if line.startswith("nodePools")]
    assert "nodePools.gpu" in parts
    assert len(parts) == len(set(parts))
    assert "g6.xlarge (1 × nvidia-l4)" in tables
    assert "L-DB2E81BA" in tables.partition("quotas of the account")[2]
