"""The whole round through the real engine, for every environment file of the repository."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engine.rehearsing import Run

pytestmark = pytest.mark.engine
Rehearse = Callable[..., Run]
StackOf = Callable[..., dict[str, Any]]

# What stays on destroy because its environment says `keep` (models and datasets in prod); the cloud's word for a bucket.
KEPT = {
    "prod-aws": ("aws:s3/bucket:Bucket", 4),  # datasets, its replica, models, and the logs that they write to
    "prod-gcp": ("gcp:storage/bucket:Bucket", 3),  # datasets, models, logs
    "prod-azure": ("azure-native:storage:StorageAccount", 5),  # all: Azure cannot refuse to delete what holds objects
}


@pytest.mark.parametrize("stack", ["dev-gcp", "dev-azure", "dev-kubernetes", "prod-aws", "prod-gcp", "prod-azure"])
def test_a_round_passes_its_policies_and_ends_with_no_changes_and_nothing_left_but_what_is_kept(
    stack: str, root: Path, project: Path, stack_of: StackOf, rehearse: Rehearse
) -> None:
    stack_of(stack)
    done = rehearse(project, stack, "--json", "--policy-pack", str(root / "policies"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Policies:" in done.stderr
    assert "[mandatory]" not in done.stderr
    result = json.loads(done.stdout)
    assert [step["name"] for step in result["steps"]] == ["preview", "up", "preview again", "destroy"]
    preview, up, again, destroy = (step["changes"] for step in result["steps"])
    assert preview == up
    assert set(up) == {"create"}
    assert again == {}
    assert destroy == {"delete": up["create"]}
    assert result["left"] == []
    kind, count = KEPT.get(stack, ("", 0))
    assert sum(kept.startswith(f"{kind} ") for kept in result["kept"]) == count


def test_a_round_shows_components_as_parents_the_outputs_and_the_verdict(project: Path, stack_of: StackOf, rehearse: Rehearse) -> None:
    stack_of("dev-aws")
    done = rehearse(project, "dev-aws")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    parent = next(number for number, line in enumerate(lines) if "drydock:aws:Bucket" in line and "├─" in line)
    child = lines[parent + 1]
    assert "aws:s3/" in child or "aws:kms/" in child
    assert child.index("aws:") > lines[parent].index("drydock:")
    assert "s3://" in done.stdout
    assert "dev-aws: the round is complete, nothing left" in done.stdout


def test_a_rehearsal_changes_no_tracked_file(root: Path, rehearse: Rehearse) -> None:
    def tracked() -> str:
        listed = subprocess.run(["git", "ls-files", "-s", "-m"], cwd=root, capture_output=True, text=True, check=True)
        return listed.stdout

    before = tracked()
    assert rehearse(root, "dev-gcp", "preview").returncode == 0
    assert tracked() == before
