"""The control plane itself: it goes with whoever started it, and a part that ends is told."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tools.control_plane.api import Api, wait_until
from tools.control_plane.processes import ControlPlane, NotRunning

pytestmark = pytest.mark.kubernetes


def parts_of(folder: Path) -> list[int]:
    """The processes that work in a folder. Source: proc(5)."""
    found: list[int] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder:
                found.append(int(process.name))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs /proc to see the processes of others")
def test_nothing_of_it_is_left_when_its_user_is_killed(root: Path) -> None:
    # The user is a shell that holds the other end of the control plane's standard input.
    script = f"sleep 600 | {sys.executable} -m tools.control_plane.serve"
    user = subprocess.Popen(["sh", "-c", script], cwd=root, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert user.stdout
    kubeconfig = Path(user.stdout.readline().strip())
    try:
        assert Api(kubeconfig).ask("GET", "/version")["gitVersion"] == "v1.35.4"
        assert len(parts_of(kubeconfig.parent)) == 5
    finally:
        (sleeping,) = (child for child in children_of(user.pid) if "sleep" in child[1])
        os.kill(sleeping[0], signal.SIGKILL)
        user.wait(timeout=30)
    wait_until(lambda: not parts_of(kubeconfig.parent) and not kubeconfig.parent.exists(), "everything gone")


def children_of(pid: int) -> list[tuple[int, str]]:
    listed = (Path(f"/proc/{pid}/task/{pid}/children")).read_text().split()
    return [(int(child), Path(f"/proc/{child}/cmdline").read_text()) for child in listed]


def test_a_part_that_ends_is_named_with_what_it_said(tmp_path: Path) -> None:
    plane = ControlPlane(tmp_path)
    (tmp_path / "tokens.csv").write_text("no token file\n")
    try:
        with pytest.raises(NotRunning, match=r"kube-apiserver: ended with status 1; it said: .*token"):
            plane.start()
    finally:
        plane.stop()
