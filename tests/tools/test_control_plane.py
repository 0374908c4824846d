"""The set-up of the Kubernetes control plane: built once for each version, one clear line where it cannot be."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tools.control_plane import building, custom_resources
from tools.control_plane.building import Part
from tools.control_plane.custom_resources import gather, published

GO = '#!/bin/sh\necho "go: go.mod requires go >= 1.26.6 (running go 1.22.2; GOTOOLCHAIN=local)" >&2\nexit 1\n'


def program(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Part:
    """A module that pins version 1 of one program, as if it were built."""
    monkeypatch.setattr(building, "HERE", tmp_path)
    monkeypatch.setattr(building, "BUILT", tmp_path / "built")
    made = Part(folder="part", packages=["example.org/cmd/server"], seconds=1)
    made.module.mkdir()
    (made.module / "go.mod").write_text("require example.org v1.0.0\n")
    program(tmp_path / "built", "server", "")
    (tmp_path / "built" / "part.built").write_text(made.digest())
    return made


def test_what_is_built_is_built_again_for_another_version_or_other_flags_only(part: Part) -> None:
    assert part.is_built()
    assert not replace(part, variables=["main.version=2"]).is_built()
    (part.module / "go.mod").write_text("require example.org v1.0.1\n")
    assert not part.is_built()


def test_a_program_that_is_gone_is_built_again(part: Part) -> None:
    part.programs[0].unlink()
    assert not part.is_built()


def test_without_go_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match=r"Go is not on PATH.*install Go 1\.26\.6 or later"):
        building.go()


def test_a_go_that_is_too_old_is_named_with_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bin", "go", GO)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(SystemExit, match=r"requires go >= 1\.26\.6 \(running go 1\.22\.2.*install Go") as stopped:
        building.go()
    assert "\n" not in str(stopped.value)


@pytest.mark.parametrize(
    ("sum_", "says"),
    [("h1:other=", r"keda: .*keda/v2@v2\.21\.0 is h1:other=, not h1:R6z2HZvst.* as custom_resources\.csv says"), (None, r"no keda\.sh_\*")],
)
def test_a_module_that_is_not_what_the_table_says_is_refused(
    sum_: str | None, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custom_resources, "GATHERED", tmp_path / "crds")
    (source,) = (each for each in published() if each.name == "keda")
    with zipfile.ZipFile(tmp_path / "module.zip", "w") as archive:
        archive.writestr(f"{source.module}@{source.version}/{source.folder}/other.yaml", "kind: Other\n")
    told = f'{{"Zip": "{tmp_path / "module.zip"}", "Sum": "{sum_ or source.sum}"}}'
    with pytest.raises(SystemExit, match=says):
        gather(source, str(program(tmp_path, "go", f"#!/bin/sh\necho '{told}'\n")))
    assert not source.target.exists()
