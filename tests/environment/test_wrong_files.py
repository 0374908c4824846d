"""Each wrong file gets one line for each fault: the place, what stands there, what is allowed, how to mend it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from environment.faults import EnvironmentInvalid
from environment.stack_file import read_config
from plan.checked import plan_config

WRONG = Path(__file__).parent / "wrong"

# File → (place, shown value, part of what is allowed, part of the fix) of each of its faults, written out by hand.
EXPECTED: dict[str, list[tuple[str, str, str, str]]] = {
    "typo_in_a_key": [("storge", "purpose", "storage", "write storage")],
    "wrong_unit": [("storage.captures.tiering.infrequentAfterHours", "720", "infrequentAfterDays", "write infrequentAfterDays")],
    "archive_after_5_days": [("storage.captures.tiering.archiveAfterDays", "5", "90 or more", "archiveAfterDays: 90")],
    "autoclass_with_ages": [("storage.datasets.tiering.infrequentAfterDays", "30", "auto or ages", "remove infrequentAfterDays")],
    "unknown_region": [("region", "'eu-wset-1'", "eu-west-1", "write eu-west-1")],
    "duplicate_key": [("line 11, column 7", "the text", "each key once", "correct that line")],
    "duplicate_names": [("storage.mydata", "'mydata'", "names that differ", "rename")],
    "missing_owner": [("owner", "nothing", "ml-platform", "add owner:")],
    "negative_days": [("storage.logs.tiering.deleteAfterDays", "-30", "1 or more", "deleteAfterDays: 1")],
    "number_as_text": [("storage.logs.tiering.deleteAfterDays", "'90'", "whole number", "write 90, without quotes")],
    "unknown_cloud": [("cloud", "'alibaba'", "aws | gcp | azure | kubernetes", "write one of them")],
    "bad_yaml": [("line 4, column 11", "the text", "one YAML mapping", "correct that line")],
    "empty": [("config", "nothing", "drydock:environment", "write config:")],
    "archive_under_models": [("storage.weights.tiering.archiveAfterDays", "120", "no archive for models", "remove archiveAfterDays")],
    "archive_on_zone_redundancy": [("storage.captures.redundancy", "'region'", "zone or multiRegion", "redundancy: zone or multiRegion")],
    "last_access_on_aws": [("storage.captures.tiering.basis", "'lastAccess'", "age", "tiering: auto")],
    "tiers_out_of_order": [("storage.captures.tiering.coldAfterDays", "40", "ages that grow", "coldAfterDays:")],
    "zone_on_gcp": [("storage.datasets.redundancy", "'zone'", "region or multiRegion", "redundancy: region")],
    "no_replica_region": [("storage.datasets.replicaRegion", "nothing", "a second region", "add replicaRegion")],
    "band_out_of_order": [("storage.datasets.usage.storedGib", "100", "low ≤ expected ≤ high", "low: 10, expected: 100, high: 200")],
    "other_region_than_the_provider": [("config.aws:region", "'us-east-1'", "eu-west-1", "write aws:region: eu-west-1")],
    "no_project": [("config.gcp:project", "nothing", "a value", "add gcp:project:")],
    "many_faults": [
        ("region", "7", "text", "write text"),
        ("stage", "'production'", "dev | staging | prod", "write prod"),
        ("storage.Models", "'Models'", "lower-case letters", "write models"),
        ("storage.Models.keep", "'yes'", "true or false", "true or false, without quotes"),
        ("storage.Models.purpose", "'model'", "models", "write models"),
        ("storage.captures.tiering.archiveAfterDays", "5", "90 or more", "archiveAfterDays: 90"),
    ],
}


def test_every_wrong_file_is_expected() -> None:
    assert {path.stem for path in WRONG.glob("*.yaml")} == set(EXPECTED)
    assert len(EXPECTED) >= 15


@pytest.mark.parametrize("name", EXPECTED)
def test_every_fault_of_a_file_is_named_at_once_in_one_line_each(name: str) -> None:
    with pytest.raises(EnvironmentInvalid) as caught:
        plan_config(read_config(WRONG / f"{name}.yaml"))
    lines = [fault.line() for fault in caught.value.faults]
    assert len(lines) == len(EXPECTED[name]), lines
    for line, (place, value, allowed, fix) in zip(lines, EXPECTED[name], strict=True):
        assert "\n" not in line
        assert line.startswith(f"{place}: ")
        before_fix, after_fix = line.split("; fix: ")
        found, said_allowed = before_fix.split("; allowed: ")
        assert value in found
        assert allowed in said_allowed
        assert fix in after_fix


def test_check_exits_with_1_for_a_wrong_file_and_0_for_a_right_one(root: Path) -> None:
    def check(*files: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cli", "check", *files], cwd=root, env={**os.environ}, capture_output=True, text=True, check=False
        )

    wrong = check(str(WRONG / "many_faults.yaml"), "dev-aws")
    assert wrong.returncode == 1
    assert "6 faults" in wrong.stderr
    assert "✓ stacks/Pulumi.dev-aws.yaml" in wrong.stdout
    assert check("dev-aws", "prod-gcp", "prod-azure").returncode == 0


def test_a_secret_in_the_environment_is_named_but_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.x.yaml"
    file.write_text(
        "config:\n  aws:region: eu-west-1\n  drydock:environment:\n    cloud: aws\n    region: eu-west-1\n    stage: dev\n"
        "    owner: {secure: v1:hunter2}\n    costCenter: cc\n    storage: {models: {purpose: models, encryption: {secure: v1:hunter2}}}\n"
    )
    with pytest.raises(EnvironmentInvalid) as caught:
        plan_config(read_config(file))
    assert "hunter2" not in str(caught.value)
    assert "[secret]" in str(caught.value)
