"""Remedies through the engine: what is deployed of a program that breaks rules, with an exemption, a secret and what is not known yet."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engine.rehearsing import Run

pytestmark = pytest.mark.engine

# The block `later` has a switch that is known to `up` alone; `site` is exempt, of `kept` the program ignores changes.
BAD = """
import json
import pulumi
import pulumi_aws as aws
buckets = {name: aws.s3.Bucket(name) for name in ("half", "site", "later", "kept")}
aws.s3.Bucket("models", tags={"team": pulumi.Output.secret("vision")})
def block(name, opts=None, **switches):
    aws.s3.BucketPublicAccessBlock(name, bucket=buckets[name].id, opts=opts, **switches)
block("half", block_public_acls=True, ignore_public_acls=True)
block("site")
block("later", block_public_policy=buckets["later"].arn.apply(lambda arn: not arn))
block("kept", pulumi.ResourceOptions(ignore_changes=["blockPublicAcls"]))
aws.kms.Key("key", deletion_window_in_days=7)
role = aws.iam.Role("role", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": []}))
code = pulumi.AssetArchive({"main.py": pulumi.StringAsset("pass")})
aws.lambda_.Function("call", role=role.arn, runtime="python3.13", handler="main.f", code=code)
"""
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
EXEMPTION = {"check": "DD-STORAGE-002", "resource": "site", "reason": "a public website", "owner": "web", "expires": "2126-01-01"}
LABELS = {"owner": "ml-platform", "cost-center": "cc-4211", "stage": "dev"}


def test_what_is_deployed_is_mended_but_for_what_is_exempt(program: Callable[..., Path], rehearse: Callable[..., Run], root: Path) -> None:
    project = program(BAD)
    # Everything is advice, so that what is not mended is deployed as well.
    advice = {"level": "advisory"}
    checks: dict[str, Any] = {f"DD-{name}": advice for name in ("STORAGE-001", "STORAGE-002", "STORAGE-003", "STORAGE-010", "KEY-004")}
    given = {
        "remediate": True,
        "labels": LABELS,
        "exemptions": [EXEMPTION],
        "checks": {**checks, "DD-KEY-004": {**advice, "remediate": False}},
    }
    stack = {"aws:region": "eu-west-1", "drydock:policies": given}
    (project / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": stack}))
    done = rehearse(project, "dev", "up", "--policy-pack", str(root / "policies"))
    assert done.returncode == 0, done.stdout
    blocks = {name: [inputs.get(flag) for flag in FLAGS] for name, inputs in deployed(project, rehearse, BLOCK).items()}
    assert blocks["half"] == blocks["later"] == [True] * 4
    assert not any(blocks["site"] + blocks["kept"])
    key = deployed(project, rehearse, "aws:kms/key:Key")["key"]
    assert (key["enableKeyRotation"], key["deletionWindowInDays"]) == (True, 7)
    tags = deployed(project, rehearse, "aws:s3/bucket:Bucket")["models"]["tags"]
    assert {name: tags[name] for name in LABELS} == LABELS
    assert "ciphertext" in tags["team"]
    function = deployed(project, rehearse, "aws:lambda/function:Function")["call"]
    assert not function.get("tags")
    assert function["code"]["hash"]

    assert "[remediate]  DD-STORAGE-002" in done.stdout
    assert "remediated: DD-STORAGE-002 half: set blockPublicPolicy to true, restrictPublicBuckets to true" in done.stdout
    assert "exempted: DD-STORAGE-002 for site until 2126-01-01" in done.stdout
    assert "remediated: DD-STORAGE-002 site" not in done.stdout
    assert "DD-STORAGE-002 kept.blockPublicAcls: is off" in done.stdout
    assert "vision" not in done.stdout


def deployed(project: Path, rehearse: Callable[..., Run], kind: str) -> dict[str, dict[str, Any]]:
    """The inputs of each resource of a type, as the state has them, by its name."""
    file = project / "state.json"
    if not file.exists():
        done = rehearse(project, "dev", "--", "pulumi", "stack", "export", "--file", str(file))
        assert done.returncode == 0, done.stdout + done.stderr
    listed = json.loads(file.read_text())["deployment"]["resources"]
    return {each["urn"].rpartition("::")[2]: each["inputs"] for each in listed if each["type"] == kind}
