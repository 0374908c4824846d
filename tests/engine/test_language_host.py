"""What the Python language host does besides running programs: policy packs and dynamic resources."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.engine.rehearsing import Run

pytestmark = pytest.mark.engine

BUCKET = "import pulumi_aws as aws\naws.s3.Bucket('data', tags={'owner': 'somebody'})\n"
PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def tagged(args, report):
    if args.resource_type == "aws:s3/bucket:Bucket" and "costCenter" not in args.props.get("tags", {}):
        report("a bucket without the tag costCenter")

PolicyPack("tags", policies=[ResourceValidationPolicy("tagged", "says who pays", tagged, EnforcementLevel.MANDATORY)])
"""
DYNAMIC = """
import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

class Doubler(ResourceProvider):
    def create(self, props):
        return CreateResult("doubled", {"result": props["number"] * 2})

class Doubled(Resource):
    result: pulumi.Output[int]

    def __init__(self, name, number):
        super().__init__(Doubler(), name, {"number": number, "result": None})

pulumi.export("result", Doubled("doubled", 21).result)
"""


def test_a_policy_pack_sees_the_program_and_stops_it(program: Callable[..., Path], rehearse: Callable[..., Run], tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
    (pack / "PulumiPolicy.yaml").write_text(yaml.safe_dump({"runtime": runtime, "description": "tags", "version": "0.0.1"}))
    (pack / "__main__.py").write_text(PACK)
    refused = rehearse(program(BUCKET), "dev", "preview", "--policy-pack", str(pack))
    assert refused.returncode != 0
    assert "a bucket without the tag costCenter" in refused.stdout
    allowed = rehearse(program(BUCKET.replace("owner", "costCenter")), "dev", "preview", "--policy-pack", str(pack))
    assert allowed.returncode == 0, allowed.stdout + allowed.stderr


def test_a_dynamic_resource_is_made_beside_the_simulated_clouds(program: Callable[..., Path], rehearse: Callable[..., Run]) -> None:
    project = program(DYNAMIC)
    done = rehearse(project, "dev", "up")
    assert done.returncode == 0, done.stdout + done.stderr
    assert rehearse(project, "dev", "--", "pulumi", "stack", "output", "result").stdout.strip() == "42"


def test_an_environment_that_is_a_secret_is_refused_and_not_shown(project: Path, rehearse: Callable[..., Run]) -> None:
    hidden = {"config": {"aws:region": "eu-west-1", "drydock:environment": {"secure": "v1:hidden"}}}
    (project / "stacks" / "Pulumi.hidden.yaml").write_text(yaml.safe_dump(hidden))
    done = rehearse(project, "hidden", "preview")
    assert done.returncode != 0
    assert "drydock:environment: is a secret" in done.stdout
