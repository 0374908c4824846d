"""A rehearsal's own copies, and what of the outside world its engine may see."""

from pathlib import Path

import pytest
import yaml

from rehearsal.engine import Engine
from rehearsal.workspace import PLACEHOLDER, Workspace, WorkspaceError, empty, locked, open_workspace, refresh_copies

STACK = """
secretsprovider: awskms://alias/real
encryptedkey: c2VjcmV0
encryptionsalt: v1:theirs
environment: [production]
config:
  aws:region: eu-west-1
  app:token: {secure: v1:abc}
  app:nested: {list: [{password: {secure: v1:def}}], plain: 1}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    description = {
        "name": "app",
        "stackConfigDir": "envs",
        "main": "src",
        "backend": {"url": "s3://state"},
        "runtime": {"name": "python", "options": {"virtualenv": "venv"}},
    }
    (tmp_path / "Pulumi.yaml").write_text(yaml.safe_dump(description))
    (tmp_path / "envs").mkdir()
    (tmp_path / "envs" / "Pulumi.dev.yaml").write_text(STACK)
    return tmp_path


def test_the_copies_lead_back_to_the_program_and_away_from_the_real_backend_and_keys(project: Path) -> None:
    workspace = open_workspace(project, "dev")
    secrets = refresh_copies(workspace)
    description = yaml.safe_load((workspace.folder / "Pulumi.yaml").read_text())
    assert description["main"] == str(project / "src")
    assert description["runtime"]["options"]["virtualenv"] == str(project / "venv")
    assert "backend" not in description
    assert "stackConfigDir" not in description
    copy = yaml.safe_load(workspace.config_file.read_text())
    assert set(copy) == {"config"}
    assert copy["config"]["aws:region"] == "eu-west-1"
    assert secrets == [("app:token",), ("app:nested", "list", 0, "password")]
    assert copy["config"]["app:nested"] == {"list": [{"password": PLACEHOLDER}], "plain": 1}
    assert (project / "envs" / "Pulumi.dev.yaml").read_text() == STACK


def test_the_salt_of_the_rehearsal_stays_from_one_command_to_the_next(project: Path) -> None:
    workspace = open_workspace(project, "dev")
    refresh_copies(workspace)
    workspace.config_file.write_text("encryptionsalt: v1:ours\nconfig: {}\n")
    refresh_copies(workspace)
    assert yaml.safe_load(workspace.config_file.read_text())["encryptionsalt"] == "v1:ours"


def test_nothing_of_a_rehearsal_is_tracked(project: Path) -> None:
    open_workspace(project, "dev")
    assert (project / ".drydock" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [("config: {a: {secure: hunter2}, a: hunter2}", "duplicate key"), ("- hunter2", "holds no mapping"), ("a: [", "not what YAML allows")],
)
def test_a_stack_file_that_cannot_be_read_is_an_error_without_its_values(text: str, told: str, project: Path) -> None:
    (project / "envs" / "Pulumi.dev.yaml").write_text(text)
    with pytest.raises(WorkspaceError) as caught:
        refresh_copies(open_workspace(project, "dev"))
    assert told in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_second_command_on_the_same_rehearsal_is_refused_until_the_first_ends(project: Path) -> None:
    workspace = open_workspace(project, "dev")
    with locked(workspace), pytest.raises(WorkspaceError, match="another rehearsal of this stack is running"), locked(workspace):
        pass
    with locked(workspace):
        pass


def test_an_emptied_rehearsal_keeps_only_its_lock(project: Path) -> None:
    workspace = open_workspace(project, "dev")
    with locked(workspace):
        workspace.database.write_text("x")
        (workspace.backend / "state").write_text("x")
        empty(workspace)
    assert sorted(path.name for path in workspace.folder.iterdir()) == ["backend", "home", "lock"]
    assert list(workspace.backend.iterdir()) == []


def test_the_engine_sees_no_credentials_and_no_way_out(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "ARM_CLIENT_SECRET", "PULUMI_ACCESS_TOKEN", "KUBECONFIG"):
        monkeypatch.setenv(name, "real")
    monkeypatch.setenv("LANG", "C.UTF-8")
    workspace: Workspace = open_workspace(project, "dev")
    seen = Engine(workspace, {"aws": 1234}, 0).environment()
    assert "real" not in seen.values()
    assert seen["LANG"] == "C.UTF-8"
    assert seen["PULUMI_DEBUG_PROVIDERS"] == "aws:1234"
    assert seen["PULUMI_BACKEND_URL"] == f"file://{workspace.backend}"
    assert seen["HTTPS_PROXY"] == "http://127.0.0.1:9"
    assert seen["AWS_EC2_METADATA_DISABLED"] == "true"  # the AWS SDKs' setting; the metadata service is asked without a proxy
