"""The rehearsal works for programs that this project did not shape."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.rehearsing import Run, copied, workspace

pytestmark = pytest.mark.engine
PROGRAMS = Path(__file__).parent / "programs"


@pytest.mark.parametrize("name", ["training", "serving"])
def test_a_foreign_program_goes_through_the_whole_round(name: str, tmp_path: Path, rehearse: Callable[..., Run]) -> None:
    project = copied(PROGRAMS / name, tmp_path / name)
    done = rehearse(project, "dev", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert result["passed"]
    assert result["steps"][1]["changes"]["create"] >= 9
    assert (result["kept"], result["left"]) == ([], [])


def test_secrets_are_in_no_state_and_no_output_in_plain_text(tmp_path: Path, rehearse: Callable[..., Run]) -> None:
    project = copied(PROGRAMS / "training", tmp_path / "training")
    done = rehearse(project, "dev", "up")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rehearsed-secret" not in done.stdout + done.stderr
    folder = workspace(project, "dev").folder
    holding = [path for path in folder.rglob("*") if path.is_file() and b"rehearsed-secret" in path.read_bytes()]
    assert holding == []
    again = rehearse(project, "dev", "preview", "--expect-no-changes")
    assert again.returncode == 0, again.stdout


def test_outputs_have_the_real_formats(tmp_path: Path, rehearse: Callable[..., Run]) -> None:
    project = copied(PROGRAMS / "training", tmp_path / "training")
    assert rehearse(project, "dev", "up").returncode == 0
    outputs = json.loads(rehearse(project, "dev", "--", "pulumi", "stack", "output", "--json").stdout)
    assert outputs["bucket"] == "runs-123456789012"
    assert outputs["role"] == "arn:aws:iam::123456789012:role/trainer"
    assert all(subnet.startswith("subnet-") and len(subnet) == len("subnet-0123456789abcdef0") for subnet in outputs["subnets"])


def test_a_name_prefix_is_completed_by_the_cloud_and_stays(program: Callable[..., Path], rehearse: Callable[..., Run]) -> None:
    source = "import pulumi\nimport pulumi_aws as aws\nb = aws.s3.Bucket('data', bucket_prefix='acme-')\npulumi.export('name', b.bucket)\n"
    project = program(source)
    assert rehearse(project, "dev", "up").returncode == 0
    name = rehearse(project, "dev", "--", "pulumi", "stack", "output", "name").stdout.strip()
    assert name.startswith("acme-")
    assert len(name) > len("acme-")
    assert rehearse(project, "dev", "preview", "--expect-no-changes").returncode == 0


def test_an_existing_resource_is_imported_and_then_ours(program: Callable[..., Path], rehearse: Callable[..., Run], tmp_path: Path) -> None:
    source = "import pulumi\nimport pulumi_aws as aws\n"
    adopt = "aws.s3.Bucket('there', bucket='there', opts=pulumi.ResourceOptions(import_='there'))\n"
    project = program(source + adopt)
    refused = rehearse(project, "dev", "up")
    assert refused.returncode != 0
    assert "resource 'there' does not exist" in refused.stdout
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text("existing: [{type: 'aws:s3/bucket:Bucket', name: there, region: eu-west-1}]\n")
    adopted = rehearse(project, "dev", "--scenario", str(scenario), "--json", "up")
    assert adopted.returncode == 0, adopted.stdout + adopted.stderr
    assert json.loads(adopted.stdout)["changes"] == {"import": 1}
    assert rehearse(project, "dev", "preview", "--expect-no-changes").returncode == 0
    assert rehearse(project, "dev", "destroy").returncode == 0
    assert json.loads(rehearse(project, "dev", "--json", "drift", "list").stdout) == []


PROTECTED = """
import pulumi
import pulumi_aws as aws

for name, protect in (("kept", True), ("gone", False)):
    bucket = aws.s3.Bucket(name, bucket=f"acme-{name}", opts=pulumi.ResourceOptions(protect=protect))
    aws.s3.BucketVersioning(name, bucket=bucket.id, versioning_configuration={"status": "Enabled"})
"""


def test_a_round_keeps_what_the_program_protects_and_nothing_else(program: Callable[..., Path], rehearse: Callable[..., Run]) -> None:
    done = rehearse(program(PROTECTED), "dev", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert (result["kept"], result["left"]) == (["aws:s3/bucket:Bucket acme-kept"], [])


def test_a_destroy_of_its_own_still_refuses_what_is_protected(program: Callable[..., Path], rehearse: Callable[..., Run]) -> None:
    project = program(PROTECTED)
    assert rehearse(project, "dev", "up").returncode == 0
    refused = rehearse(project, "dev", "destroy")
    assert refused.returncode != 0
    assert "protected" in refused.stdout
