"""`drydock check --policies`: the same findings as under the engine, as people and other tools read them."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from typer.testing import CliRunner, Result

from cli.app import app
from cli.output import out
from policies.registry import all_checks

BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
HALF = {"blockPublicAcls": True, "ignorePublicAcls": True, "restrictPublicBuckets": True}
URN = f"urn:pulumi:dev::shop::{BLOCK}::half"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["check", *words])


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table is as wide as its terminal, which is asked for its width once, when the first command is loaded."""
    monkeypatch.setattr(out, "width", 250)


@pytest.fixture
def preview(tmp_path: Path) -> Path:
    """One access block with one switch off."""
    made = {"urn": URN, "type": BLOCK, "custom": True, "inputs": HALF}
    path = tmp_path / "preview.json"
    path.write_text(json.dumps({"config": {}, "steps": [{"op": "create", "urn": URN, "newState": made}]}))
    return path


def written(tmp_path: Path, document: Any) -> str:
    path = tmp_path / "settings.yaml"
    path.write_text(yaml.safe_dump(document))
    return str(path)


def test_the_table_names_check_property_and_fix(preview: Path) -> None:
    done = run("--policies", str(preview))
    assert done.exit_code == 1
    (line,) = [line for line in done.stdout.splitlines() if "DD-STORAGE-002" in line]
    assert "half.blockPublicPolicy" in line
    assert "is off" in line
    assert "1 that may not pass, 0 to look at" in done.stdout
    assert line.rstrip(" │").endswith("to true *")
    assert "* a preview or up under the pack mends it where the settings say `remediate: true`" in done.stdout


def test_json_has_every_finding(preview: Path) -> None:
    (finding,) = json.loads(run("--policies", str(preview), "--json").stdout)["findings"]
    assert (finding["id"], finding["urn"], finding["path"], finding["level"]) == ("DD-STORAGE-002", URN, "blockPublicPolicy", "mandatory")
    assert "CKV_AWS_54" in finding["equivalents"]
    assert finding["remediable"] is True


def test_sarif_points_at_the_file_and_names_every_rule(preview: Path) -> None:
    log = json.loads(run("--policies", str(preview), "--format", "sarif").stdout)
    (single,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in single["tool"]["driver"]["rules"]] == [check.id for check in all_checks()]
    (result,) = single["results"]
    assert (result["ruleId"], result["level"]) == ("DD-STORAGE-002", "error")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == preview.as_posix()


def test_sarif_points_at_the_line_of_the_environment_that_mends_it(tmp_path: Path) -> None:
    urn = "urn:pulumi:dev::shop::drydock:aws:Bucket$aws:s3/bucket:Bucket::models"
    component = {"urn": "urn:pulumi:dev::shop::drydock:aws:Bucket::models", "type": "drydock:aws:Bucket", "custom": False}
    bucket = {"urn": urn, "type": "aws:s3/bucket:Bucket", "custom": True, "inputs": {}, "parent": component["urn"]}
    steps = [{"op": "create", "urn": each["urn"], "newState": each} for each in (component, bucket)]
    preview = tmp_path / "preview.json"
    preview.write_text(json.dumps({"config": {}, "steps": steps}))
    stack = tmp_path / "Pulumi.dev.yaml"
    stack.write_text("config:\n  drydock:environment:\n    cloud: aws\n    storage:\n      models:\n        purpose: models\n")
    log = json.loads(run("--policies", str(preview), "--settings", str(stack), "--format", "sarif").stdout)
    places = {each["ruleId"]: each["locations"][0]["physicalLocation"] for each in log["runs"][0]["results"]}
    assert places["DD-STORAGE-003"] == {"artifactLocation": {"uri": stack.as_posix()}, "region": {"startLine": 5}}
    # No key sets it: the whole environment is meant.
    assert places["DD-STORAGE-001"]["region"]["startLine"] == 2


def test_junit_has_a_case_for_each_check_and_one_fails(preview: Path) -> None:
    (suite,) = ElementTree.fromstring(run("--policies", str(preview), "--format", "junit").stdout)
    assert (suite.get("tests"), suite.get("failures")) == (str(len(all_checks())), "1")
    (failed,) = [case for case in suite if case.find("failure") is not None]
    assert str(failed.get("name")).startswith("DD-STORAGE-002 ")


def test_settings_of_a_stack_file_hold(preview: Path, tmp_path: Path) -> None:
    quiet = {"checks": {"DD-STORAGE-002": {"level": "advisory"}}}
    done = run("--policies", str(preview), "--settings", written(tmp_path, {"config": {"drydock:policies": quiet}}))
    assert done.exit_code == 0
    assert "0 that may not pass, 1 to look at" in done.stdout
    assert run("--policies", str(preview), "--settings", written(tmp_path, quiet)).exit_code == 0


def test_an_exemption_that_is_over_fails_by_itself(preview: Path, tmp_path: Path) -> None:
    old = {"check": "DD-STORAGE-002", "resource": "*", "reason": "until the move", "owner": "ml-platform", "expires": "2026-01-01"}
    done = run("--policies", str(preview), "--settings", written(tmp_path, {"exemptions": [old], "checks": {}}))
    assert done.exit_code == 1
    assert "expired on 2026-01-01; fix: ml-platform mends it or renews it" in done.stderr


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ([], "is no mapping"),
        ({"config": {"drydock:policies": 3}}, "drydock:policies is no mapping"),
        ({"profil": "dev"}, "profil: 'dev' is wrong"),
    ],
)
def test_wrong_settings_are_told_in_one_line_with_exit_status_2(preview: Path, tmp_path: Path, document: Any, told: str) -> None:
    done = run("--policies", str(preview), "--settings", written(tmp_path, document))
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert told in line


def test_a_preview_that_is_none_is_told_with_exit_status_2(tmp_path: Path) -> None:
    done = run("--policies", str(tmp_path / "none.json"))
    assert done.exit_code == 2
    assert "none.json: cannot be read" in done.stderr


def test_without_a_file_or_a_preview_it_says_what_to_give() -> None:
    done = run()
    assert done.exit_code == 2
    assert "name a stack, or give --policies PREVIEW.json" in done.stderr
