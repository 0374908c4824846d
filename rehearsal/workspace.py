"""Where a rehearsal lives: a copy of the project's description, its state and its cloud, away from every tracked file."""

import fcntl
import os
import shutil
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

PLACEHOLDER = "rehearsed-secret"
# YAML 1.2, as the Pulumi CLI reads it: a key that stands twice is an error.
_YAML: Any = YAML(typ="safe")
_YAML.default_flow_style = False
_YAML.sort_base_mapping_type_on_output = False


SecretPath = tuple[str | int, ...]


class WorkspaceError(Exception):
    """A rehearsal that cannot start; the message is one line."""


@dataclass(frozen=True)
class Workspace:
    """One rehearsal of one stack of one project. `folder` holds all of it; `project` is only read."""

    project: Path
    stack: str
    folder: Path

    @property
    def database(self) -> Path:
        """The simulated clouds' SQLite file."""
        return self.folder / "clouds.sqlite"

    @property
    def backend(self) -> Path:
        """The engine's own state."""
        return self.folder / "backend"

    @property
    def home(self) -> Path:
        """What would be ~/.pulumi."""
        return self.folder / "home"

    @property
    def config_file(self) -> Path:
        """The rehearsal's copy of the stack file."""
        return self.folder / f"Pulumi.{self.stack}.yaml"


def open_workspace(project: Path, stack: str, kind: str = "rehearsals") -> Workspace:
    """The workspace of a stack, made where it is missing; kind `rounds` is one that starts empty each time.

    Raises WorkspaceError where there is no Pulumi project or no such stack file.
    """
    description = project / "Pulumi.yaml"
    if not description.is_file():
        raise WorkspaceError(f"{project}: no Pulumi.yaml here; go to a Pulumi project or name one with --project")
    settings = _read(description)
    source = project / str(settings.get("stackConfigDir", ".")) / f"Pulumi.{stack}.yaml"
    if not source.is_file():
        raise WorkspaceError(
            f"{stack}: no such stack, {source.relative_to(project)} is missing; there are {_stacks(source.parent) or 'none'}"
        )
    state = project / ".drydock"
    workspace = Workspace(project, stack, state / kind / stack)
    for folder in (workspace.backend, workspace.home):
        folder.mkdir(parents=True, exist_ok=True)
    (state / ".gitignore").write_text("*\n")
    return workspace


def _stacks(folder: Path) -> str:
    return ", ".join(sorted(path.name.split(".")[1] for path in folder.glob("Pulumi.*.yaml")))


def _read(path: Path) -> dict[str, Any]:
    try:
        found: object = _YAML.load(path)
    except YAMLError as error:
        # A duplicate key is reported with both its values, which may be anybody's secret.
        told = " ".join(str(error).partition(" with value")[0].split())
        raise WorkspaceError(f"{path.name}: not what YAML allows: {told}; correct it") from None
    if found is not None and not isinstance(found, dict):
        raise WorkspaceError(f"{path.name}: holds no mapping; write key: value lines")
    return cast(dict[str, Any], found or {})


@contextmanager
def locked(workspace: Workspace, *, wait: bool = False) -> Generator[int]:
    """Holds the workspace for one command and gives the lock's descriptor, which the engine inherits:
    so a rehearsal that was killed stays locked until its engine is gone too. Raises WorkspaceError where another one holds it, unless
    this is to wait for its end.
    """
    path = workspace.folder / "lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        raise WorkspaceError(f"{workspace.stack}: another rehearsal of this stack is running; wait for its end, or stop it") from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def empty(workspace: Workspace) -> None:
    """Forgets the engine's state and everything in the simulated clouds."""
    for path in workspace.folder.iterdir():
        if path.name == "lock":
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    for folder in (workspace.backend, workspace.home):
        folder.mkdir()


def refresh_copies(workspace: Workspace) -> list[SecretPath]:
    """Copies the project's description and stack file into the workspace, and gives the places of the stack's secrets.

    Secrets are encrypted for the real stack: here each gets a placeholder instead, so that no passphrase or key is needed.
    """
    settings = _read(workspace.project / "Pulumi.yaml")
    source = workspace.project / str(settings.pop("stackConfigDir", ".")) / workspace.config_file.name
    settings["main"] = str(workspace.project / str(settings.get("main", ".")))
    settings["runtime"] = _absolute_runtime(settings.get("runtime"), workspace.project)
    settings.pop("backend", None)
    _YAML.dump(settings, workspace.folder / "Pulumi.yaml")
    stack = _read(source)
    secrets = list(_taken(stack.get("config") or {}, ()))
    own = {key: value for key, value in stack.items() if key not in ("secretsprovider", "encryptedkey", "encryptionsalt", "environment")}
    if workspace.config_file.exists():
        own |= {key: value for key, value in _read(workspace.config_file).items() if key == "encryptionsalt"}
    _YAML.dump(own, workspace.config_file)
    return secrets


def configure(workspace: Workspace, config: Mapping[str, Any]) -> None:
    """Gives the workspace's copy of the stack this configuration instead of the stack file's."""
    _YAML.dump({**_read(workspace.config_file), "config": dict(config)}, workspace.config_file)


def _absolute_runtime(runtime: Any, project: Path) -> Any:
    if not isinstance(runtime, dict):
        return runtime
    described = cast(dict[str, Any], runtime)
    options: dict[str, Any] = dict(described.get("options") or {})
    if "virtualenv" in options:
        options["virtualenv"] = str(project / str(options["virtualenv"]))
    return {**described, "options": options}


def _taken(values: Any, place: SecretPath) -> Iterator[SecretPath]:
    """Puts the placeholder where a secret stands, anywhere inside a mapping or list, and gives each place."""
    entries = cast("list[tuple[str | int, Any]]", list(values.items() if isinstance(values, dict) else enumerate(values)))  # pyright: ignore[reportUnknownArgumentType]
    for key, value in entries:
        if isinstance(value, dict) and set(cast(dict[str, Any], value)) == {"secure"}:
            values[key] = PLACEHOLDER
            yield (*place, key)
        elif isinstance(value, dict | list):
            yield from _taken(value, (*place, key))
