"""A rehearsed `up` that is killed at a random moment: the next one finishes, and destroy leaves nothing."""

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehearsal.state import SimulatedCloud
from tests.engine.rehearsing import Run, command, environment, when_free, workspace

pytestmark = pytest.mark.engine
KILLS = 20


@pytest.mark.timeout(900)
@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_after_a_kill_the_next_up_finishes_and_destroy_leaves_nothing(
    cloud: str, root: Path, project: Path, stack_of: Callable[..., dict[str, Any]], rehearse: Callable[..., Run]
) -> None:
    stack = f"dev-{cloud}"

    def two_buckets(environment: dict[str, Any]) -> None:
        environment["storage"] = {"captures": {"purpose": "captures"}, "models": {"purpose": "models"}}

    stack_of(stack, two_buckets)
    moments = random.Random(cloud)
    slow = project / "slow.yaml"
    slow.write_text("latencyScale: 0.15\n")
    killed = 0
    for _ in range(KILLS // 2):
        started = subprocess.Popen(
            command(project, stack, "--scenario", str(slow), "up"),
            cwd=root,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(moments.uniform(0.5, 5.0))
        killed += started.poll() is None
        _kill_session(started.pid)
        started.wait()
        finished = when_free(lambda: rehearse(project, stack, "up"))
        assert finished.returncode == 0, finished.stdout + finished.stderr
        destroyed = rehearse(project, stack, "destroy")
        assert destroyed.returncode == 0, destroyed.stdout + destroyed.stderr
        simulated = SimulatedCloud(workspace(project, stack).database)
        assert simulated.all() == []
        simulated.close()
    assert killed >= KILLS // 4, "most kills must hit a running up"


def _kill_session(leader: int) -> None:
    """Kills every process of the session: the command, the engine and its plugins, which have process groups of their own."""
    listed = subprocess.run(["ps", "-eo", "pid=,sess="], capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines():
        pid, session = map(int, line.split())
        if session == leader:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_after_a_kill_in_a_replacement_the_old_one_goes_and_one_new_one_stays(
    cloud: str, root: Path, project: Path, stack_of: Callable[..., dict[str, Any]], rehearse: Callable[..., Run]
) -> None:
    stack = f"dev-{cloud}"
    token, elsewhere = {"aws": ("aws:s3/bucket:Bucket", "eu-central-1"), "gcp": ("gcp:storage/bucket:Bucket", "europe-west1")}[cloud]
    content = stack_of(stack, lambda environment: environment.update(storage={"captures": {"purpose": "captures"}}))
    assert rehearse(project, stack, "up").returncode == 0
    environment_file = project / "stacks" / f"Pulumi.{stack}.yaml"
    region = content["config"]["drydock:environment"]["region"]
    environment_file.write_text(environment_file.read_text().replace(region, elsewhere))

    simulated = SimulatedCloud(workspace(project, stack).database)
    before = {resource.id for resource in simulated.of_types([token])}
    slow = project / "slow.yaml"
    slow.write_text("latencyScale: 3\n")
    started = subprocess.Popen(
        command(project, stack, "--scenario", str(slow), "up"),
        cwd=root,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert started.stdout
    assert any("Bucket captures creating replacement" in line for line in started.stdout)
    for _ in range(50):
        if len(simulated.of_types([token])) == 2:
            break
        time.sleep(0.1)
    _kill_session(started.pid)
    started.wait()
    assert len(simulated.of_types([token])) == 2, "the new bucket must be made and the old one still there when the kill comes"
    (made,) = {resource.id for resource in simulated.of_types([token])} - before

    finished = when_free(lambda: rehearse(project, stack, "up"))
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert [resource.id for resource in simulated.of_types([token])] == [made]
    assert rehearse(project, stack, "destroy").returncode == 0
    assert simulated.all() == []
    simulated.close()


def test_after_a_kill_of_the_command_alone_the_next_up_finishes_and_destroy_leaves_nothing(
    root: Path, project: Path, stack_of: Callable[..., dict[str, Any]], rehearse: Callable[..., Run]
) -> None:
    """The clouds end with the command: the engine loses its connection, and never learns what was made."""
    stack_of("dev-aws", lambda environment: environment.update(storage={"captures": {"purpose": "captures"}}))
    slow = project / "slow.yaml"
    slow.write_text("latencyScale: 3\n")
    started = subprocess.Popen(
        command(project, "dev-aws", "--scenario", str(slow), "up"), cwd=root, env=environment(), stdout=subprocess.PIPE, text=True
    )
    assert started.stdout
    assert any("aws:s3:Bucket captures creating" in line for line in started.stdout)
    time.sleep(0.5)
    started.kill()
    started.wait()
    finished = when_free(lambda: rehearse(project, "dev-aws", "up"))
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert rehearse(project, "dev-aws", "destroy").returncode == 0
    simulated = SimulatedCloud(workspace(project, "dev-aws").database)
    assert simulated.all() == []
    simulated.close()


@pytest.mark.parametrize("keep_backup", [True, False])
def test_a_state_that_was_cut_off_while_it_was_written_is_mended(
    keep_backup: bool, project: Path, stack_of: Callable[..., dict[str, Any]], rehearse: Callable[..., Run]
) -> None:
    stack_of("dev-aws", lambda environment: environment.update(storage={"captures": {"purpose": "captures"}}))
    assert rehearse(project, "dev-aws", "up").returncode == 0
    (checkpoint,) = (workspace(project, "dev-aws").backend / ".pulumi" / "stacks").glob("*/dev-aws.json")
    checkpoint.write_text("")
    if not keep_backup:
        checkpoint.with_name("dev-aws.json.bak").unlink()
    finished = rehearse(project, "dev-aws", "up")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "repaired: went back to the engine's state before the last one" in finished.stderr
    assert rehearse(project, "dev-aws", "destroy").returncode == 0
    assert json.loads(rehearse(project, "dev-aws", "--json", "drift", "list").stdout) == []


def test_a_description_of_the_state_that_was_cut_off_is_mended(
    project: Path, stack_of: Callable[..., dict[str, Any]], rehearse: Callable[..., Run]
) -> None:
    stack_of("dev-aws", lambda environment: environment.update(storage={"captures": {"purpose": "captures"}}))
    assert rehearse(project, "dev-aws", "up").returncode == 0
    described = sorted(workspace(project, "dev-aws").backend.rglob("*.attrs"))
    assert [path for path in described if path.name == "dev-aws.json.attrs"]
    for path in described:
        path.write_text("")
    again = rehearse(project, "dev-aws", "--json", "up")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["changes"] == {}
