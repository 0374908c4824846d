"""Files are replaced all or none, and a killed process leaves whole ones."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from catalogue.refresh.write import clear_leftovers, replace_all
from tests.catalogue.refresh.shapes import contents

OLD = {"a.csv": b"old a", "sub/b.csv": b"old b", "sub/c.csv": b"old c"}
NEW = {"a.csv": "new a", "sub/b.csv": "new b", "sub/d/new.csv": "new"}
ORDER = ("a.csv", "sub/b.csv", "sub/d/new.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in OLD.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_every_file_is_replaced_and_nothing_else_is_left(folder: Path) -> None:
    replace_all(folder, NEW, ORDER)
    assert contents(folder) == {"a.csv": b"new a", "sub/b.csv": b"new b", "sub/c.csv": b"old c", "sub/d/new.csv": b"new"}


@pytest.mark.parametrize("abort", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("done", [0, 1, 2])
def test_an_abort_between_two_files_puts_the_old_ones_back(
    done: int, abort: type[BaseException], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, calls = Path.replace, [0]

    def interrupted(self: Path, target: Path) -> Path:
        if self.name.endswith(".drydock-new"):
            if calls[0] == done:
                raise abort
            calls[0] += 1
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(abort):
        replace_all(folder, NEW, ORDER)
    assert contents(folder) == OLD


def test_a_full_disk_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_all(folder, NEW, ORDER)
    assert contents(folder) == OLD


KILLED = """
import os, signal, sys
from pathlib import Path
from catalogue.refresh.write import replace_all
replace, calls = Path.replace, [0]
def killed(self, target):
    if calls[0] == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    calls[0] += 1
    return replace(self, target)
Path.replace = killed
replace_all(Path(sys.argv[1]), {"a.csv": "new a", "sub/b.csv": "new b"}, ("a.csv", "sub/b.csv"))
"""


def test_a_process_killed_between_two_files_leaves_each_whole_and_the_next_one_clears_up(folder: Path, root: Path) -> None:
    process = subprocess.run([sys.executable, "-c", KILLED, str(folder)], cwd=root, check=False)
    assert process.returncode == -signal.SIGKILL
    assert {name: content for name, content in contents(folder).items() if name.endswith(".csv")} == OLD | {"a.csv": b"new a"}
    clear_leftovers(folder)
    assert contents(folder) == OLD | {"a.csv": b"new a"}
