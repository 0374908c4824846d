"""Which Pulumi command line the set-up takes."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def install(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", root / "tools" / "pulumi" / "install.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def executable(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_official_cli_on_path_is_used_when_its_python_host_is_there_too(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli = executable(tmp_path / "official", "pulumi")
    monkeypatch.setenv("PATH", str(tmp_path / "official"))
    assert install.official() is None
    executable(tmp_path / "official", "pulumi-language-python")
    assert install.official() == str(cli)


def test_what_this_project_built_is_not_taken_for_the_official_one(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    built = tmp_path / "bin"
    executable(built, "pulumi")
    executable(built, "pulumi-language-python")
    monkeypatch.setattr(install, "BIN", built)
    monkeypatch.setenv("PATH", str(built))
    assert install.official() is None


def test_with_neither_a_cli_nor_go_it_says_what_to_install(install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "BIN", tmp_path / "bin")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match=r"install Pulumi .* or Go 1\.26\.6 or later"):
        install.main()
    assert not (tmp_path / "bin" / "pulumi").exists()
