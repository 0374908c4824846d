"""The real engine, through the `drydock` command, in projects of their own."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from environment.stack_file import read_config
from tests.engine.rehearsing import Run, rehearsed


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Path:
    """A folder with this repository's program and no stacks yet."""
    settings = yaml.safe_load((root / "Pulumi.yaml").read_text())
    settings["main"] = str(root)
    settings["runtime"]["options"]["virtualenv"] = sys.prefix
    (tmp_path / "Pulumi.yaml").write_text(yaml.safe_dump(settings))
    (tmp_path / "stacks").mkdir()
    return tmp_path


@pytest.fixture
def stack_of(project: Path, root: Path) -> Callable[..., dict[str, Any]]:
    """Writes a stack of the repository into the project, changed by a function of its environment, and gives its content."""

    def write(name: str, change: Callable[[dict[str, Any]], None] = lambda environment: None, source: Path | None = None) -> dict[str, Any]:
        # Not by PyYAML, to which the word `on` is true.
        content: dict[str, Any] = {"config": read_config(source or root / "stacks" / f"Pulumi.{name}.yaml")}
        change(content["config"]["drydock:environment"])
        (project / "stacks" / f"Pulumi.{name}.yaml").write_text(yaml.safe_dump(content))
        return content

    return write


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., Path]:
    """A project of its own from the source of a Python program; its stack is `dev`."""

    def write(source: str, config: dict[str, Any] | None = None) -> Path:
        folder = tmp_path / "program"
        folder.mkdir(exist_ok=True)
        runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "foreign", "runtime": runtime}))
        (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config or {"aws:region": "eu-west-1"}}))
        (folder / "__main__.py").write_text(source)
        return folder

    return write


@pytest.fixture
def rehearse(root: Path) -> Callable[..., Run]:
    """`drydock rehearse STACK WORDS…` in a project."""
    return partial(rehearsed, root)
