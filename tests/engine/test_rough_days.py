"""Faults, quotas, interrupts and neighbours: a clear error, and a state that the next command repairs."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engine.rehearsing import Run, command, environment, when_free

pytestmark = pytest.mark.engine
StackOf = Callable[..., dict[str, Any]]
Rehearse = Callable[..., Run]
BUCKET = "aws:s3/bucket:Bucket"


def one_bucket(environment: dict[str, Any]) -> None:
    environment["storage"] = {"captures": {"purpose": "captures"}}


def scenario(project: Path, text: str) -> str:
    path = project / "scenario.yaml"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize(
    "fault",
    [
        "{on: create, type: 'aws:s3/bucket:Bucket', kind: error, message: 'ServiceUnavailable: try again'}",
        "{on: create, type: 'aws:s3/bucketVersioning:BucketVersioning', kind: timeoutAfterCreate, message: 'waiting for state'}",
        "{on: create, type: 'aws:s3/bucketPolicy:BucketPolicy', kind: lostConnection}",
        "{on: create, type: 'aws:s3/bucketOwnershipControls:BucketOwnershipControls', nth: 1, kind: lostAnswer}",
    ],
)
def test_after_a_fault_the_next_up_finishes_and_destroy_leaves_nothing(
    fault: str, project: Path, stack_of: StackOf, rehearse: Rehearse
) -> None:
    stack_of("dev-aws", one_bucket)
    failed = rehearse(project, "dev-aws", "--scenario", scenario(project, f"faults: [{fault}]\n"), "up")
    assert failed.returncode != 0
    assert "error" in failed.stdout
    assert "Traceback" not in failed.stdout + failed.stderr
    finished = rehearse(project, "dev-aws", "up")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert rehearse(project, "dev-aws", "destroy").returncode == 0
    assert json.loads(rehearse(project, "dev-aws", "--json", "drift", "list").stdout) == []


def test_a_quota_that_is_used_up_is_an_error_that_names_it(project: Path, stack_of: StackOf, rehearse: Rehearse) -> None:
    stack_of("dev-aws")
    done = rehearse(project, "dev-aws", "--scenario", scenario(project, f"quotas: [{{type: '{BUCKET}', limit: 2}}]\n"), "up")
    assert done.returncode != 0
    quota = [line for line in done.stdout.splitlines() if "error" in line and "quota" in line.lower()]
    assert quota
    assert "2" in quota[0]


def test_a_wrong_scenario_is_refused_in_one_line_with_what_is_allowed(project: Path, stack_of: StackOf, rehearse: Rehearse) -> None:
    stack_of("dev-aws")
    done = rehearse(project, "dev-aws", "--scenario", scenario(project, "faults: [{on: creation, type: x}]\n"), "up")
    assert done.returncode == 2
    told = " ".join(done.stderr.split())
    assert "faults" in told
    assert "create" in told
    assert "Traceback" not in told


def test_an_interrupted_up_ends_in_order_and_the_next_one_finishes(
    root: Path, project: Path, stack_of: StackOf, rehearse: Rehearse
) -> None:
    stack_of("dev-aws")
    slow = scenario(project, "latencyScale: 1\n")
    started = subprocess.Popen(
        command(project, "dev-aws", "--scenario", slow, "up"),
        cwd=root,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert started.stdout
    for line in started.stdout:
        if "creating" in line and "Bucket" in line:
            break
    # As a terminal does it: to every process of the foreground group.
    os.killpg(started.pid, signal.SIGINT)
    rest, _ = started.communicate(timeout=120)
    assert started.returncode != 0, rest
    assert "Traceback" not in rest
    finished = when_free(lambda: rehearse(project, "dev-aws", "up"))
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert rehearse(project, "dev-aws", "destroy").returncode == 0
    assert json.loads(rehearse(project, "dev-aws", "--json", "drift", "list").stdout) == []


def test_two_rehearsals_run_at_once_and_a_second_one_of_the_same_stack_waits_outside(
    root: Path, project: Path, stack_of: StackOf, rehearse: Rehearse
) -> None:
    stack_of("dev-aws", one_bucket)
    stack_of("dev-gcp", one_bucket)
    slow = scenario(project, "latencyScale: 1\n")
    both = [
        subprocess.Popen(command(project, stack, "--scenario", slow, "up"), cwd=root, env=environment(), stdout=subprocess.PIPE, text=True)
        for stack in ("dev-aws", "dev-gcp")
    ]
    assert all(any("creating" in line for line in process.stdout or ()) for process in both)
    refused = rehearse(project, "dev-aws", "preview")
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert refused.returncode == 2
    assert "another rehearsal of this stack is running" in " ".join(refused.stderr.split())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere"], "no such stack, stacks/Pulumi.nowhere.yaml is missing; there are dev-aws"),
        (["dev-aws", "deploy"], "deploy: not something to rehearse; allowed: preview, up, refresh, destroy, drift"),
    ],
)
def test_a_rehearsal_that_cannot_start_says_why(words: list[str], told: str, project: Path, stack_of: StackOf, rehearse: Rehearse) -> None:
    stack_of("dev-aws")
    done = rehearse(project, *words)
    assert done.returncode == 2
    assert told in " ".join(done.stderr.split())
