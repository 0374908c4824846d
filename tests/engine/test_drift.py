"""What somebody changes behind the engine's back is found by `refresh` and mended by `up`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engine.rehearsing import Run

pytestmark = pytest.mark.engine


def test_refresh_finds_a_changed_property_and_a_deleted_resource_and_up_mends_both(
    project: Path, stack_of: Callable[..., dict[str, Any]], rehearse: Callable[..., Run]
) -> None:
    def one_bucket(environment: dict[str, Any]) -> None:
        environment["storage"] = {"captures": {"purpose": "captures"}}

    stack_of("dev-aws", one_bucket)
    assert rehearse(project, "dev-aws", "up").returncode == 0
    listed = json.loads(rehearse(project, "dev-aws", "--json", "drift", "list").stdout)
    kinds = {entry["type"]: entry for entry in listed}
    policy = kinds["aws:s3/bucketPolicy:BucketPolicy"]
    guard = kinds["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"]
    assert rehearse(project, "dev-aws", "drift", "set", guard["urn"], "blockPublicAcls", "false").returncode == 0
    assert rehearse(project, "dev-aws", "drift", "delete", policy["urn"]).returncode == 0

    unseen = json.loads(rehearse(project, "dev-aws", "--json", "preview").stdout)
    assert unseen["changes"] == {}
    refreshed = json.loads(rehearse(project, "dev-aws", "--json", "refresh").stdout)
    assert refreshed["status"] == 0
    assert refreshed["changes"] == {"delete": 1, "update": 1}
    mended = json.loads(rehearse(project, "dev-aws", "--json", "up").stdout)
    assert mended["status"] == 0
    assert mended["changes"] == {"create": 1, "update": 1}
    again = json.loads(rehearse(project, "dev-aws", "--json", "refresh").stdout)
    assert again["changes"] == {}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["set", "nowhere", "tags", "{}"], "is no URN, ARN, id or name"),
        (["delete"], "allowed: drift list | drift set"),
        (["rename", "x"], "allowed: drift list | drift set"),
    ],
)
def test_a_drift_that_is_not_understood_says_what_is(
    words: list[str], told: str, project: Path, stack_of: Callable[..., dict[str, Any]], rehearse: Callable[..., Run]
) -> None:
    stack_of("dev-aws")
    done = rehearse(project, "dev-aws", "drift", *words)
    assert done.returncode in (1, 2)
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
