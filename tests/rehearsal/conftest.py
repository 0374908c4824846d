"""Simulated clouds for a test, and the real engine on a small program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from rehearsal.scheduling import scheduler
from tests.rehearsal.simulated import Client, Clouds, Program, running


@pytest.fixture(autouse=True)
def nothing_more_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pods without a node wait for what the program may still bring; these tests bring everything in order."""
    monkeypatch.setattr(scheduler, "QUIET_SECONDS", 0.02)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Clouds]]:
    """Starts simulated clouds with a scenario; they stop after the test."""
    with ExitStack() as stack:
        yield lambda **scenario: stack.enter_context(running(tmp_path / "cloud.sqlite", **scenario))


@pytest.fixture
def clouds(start: Callable[..., Clouds]) -> Clouds:
    return start()


@pytest.fixture
def aws(clouds: Clouds) -> Client:
    return clouds.connect("aws")


@pytest.fixture
def azure(clouds: Clouds) -> Client:
    return clouds.connect("azure-native")


@pytest.fixture
def program(tmp_path: Path, start: Callable[..., Clouds]) -> Callable[..., Program]:
    """Makes a program with a stack called dev and the configuration of every cloud."""

    def make(source: str, **scenario: object) -> Program:
        folder = tmp_path / "program"
        folder.mkdir()
        made = Program(folder, start(**scenario))
        made.write(source)
        made.pulumi("stack", "init", "dev")
        made.pulumi("config", "set", "aws:region", "eu-west-1")
        made.pulumi("config", "set", "gcp:project", "acme-ml")
        return made

    return make
