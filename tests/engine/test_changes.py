"""What a change of the environment file does to a bucket, and that the preview says so beforehand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehearsal.state import SimulatedCloud
from tests.engine.rehearsing import Run, workspace

pytestmark = pytest.mark.engine
Change = Callable[[dict[str, Any]], None]

BUCKETS = {"aws": "aws:s3/bucket:Bucket", "gcp": "gcp:storage/bucket:Bucket", "azure": "azure-native:storage:StorageAccount"}
TIERED = {
    "aws": "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "gcp": "gcp:storage/bucket:Bucket",
    "azure": "azure-native:storage:ManagementPolicy",
}
ELSEWHERE = {
    "aws": ("eu-central-1", "aws:region"),
    "gcp": ("europe-west1", "gcp:region"),
    "azure": ("northeurope", "azure-native:location"),
}


def ids(project: Path, stack: str, kind: str) -> dict[str, str]:
    cloud = SimulatedCloud(workspace(project, stack).database)
    try:
        return {resource.urn.split("::")[-1]: resource.id for resource in cloud.all() if resource.type == kind}
    finally:
        cloud.close()


@pytest.mark.parametrize("cloud", BUCKETS)
def test_new_tiering_updates_in_place_and_a_new_location_replaces_and_the_preview_says_so(
    cloud: str, project: Path, stack_of: Callable[..., dict[str, Any]], rehearse: Callable[..., Run]
) -> None:
    stack = f"dev-{cloud}"

    def only_captures(days: int, region: str | None = None) -> Change:
        def change(environment: dict[str, Any]) -> None:
            environment["storage"] = {"captures": {"purpose": "captures", "tiering": {"infrequentAfterDays": days, "deleteAfterDays": 200}}}
            environment["region"] = region or environment["region"]

        return change

    stack_of(stack, only_captures(30))
    assert rehearse(project, stack, "up").returncode == 0
    before = ids(project, stack, BUCKETS[cloud])
    assert len(before) == 1

    stack_of(stack, only_captures(60))
    preview = rehearse(project, stack, "preview", "--diff")
    assert "+ to replace" not in preview.stdout
    assert "replace" not in preview.stdout
    assert "30" in preview.stdout
    assert "60" in preview.stdout
    up = rehearse(project, stack, "--json", "up")
    assert up.returncode == 0, up.stderr
    assert '"update": 1' in up.stdout
    assert ids(project, stack, BUCKETS[cloud]) == before

    region, key = ELSEWHERE[cloud]
    content = stack_of(stack, only_captures(60, region))
    content["config"][key] = region
    stack_of(stack, only_captures(60, region), source=_written(project, stack, content))
    preview = rehearse(project, stack, "preview", "--diff")
    assert preview.returncode == 0, preview.stdout + preview.stderr
    bucket = next(iter(before))
    assert f"+-{BUCKETS[cloud]}: (replace)" in preview.stdout.replace("+- ", "+-").replace("++", "+-"), preview.stdout
    assert rehearse(project, stack, "up").returncode == 0
    after = ids(project, stack, BUCKETS[cloud])
    assert set(after) == {bucket}
    assert after[bucket] != before[bucket]
    assert rehearse(project, stack, "destroy").returncode == 0
    assert ids(project, stack, BUCKETS[cloud]) == {}


def _written(project: Path, stack: str, content: dict[str, Any]) -> Path:
    import yaml

    path = project / "stacks" / f"Pulumi.{stack}.yaml"
    path.write_text(yaml.safe_dump(content))
    return path
