"""Runs a control plane until its standard input ends or it is interrupted: `python -m tools.control_plane.serve`.

Prints the path of its kubeconfig as one line when it is ready. Whoever started it may die in any way: the end of standard input is
how it learns of that, and then it ends every process and removes its folder.
"""

import signal
import sys
import tempfile
import threading
from pathlib import Path

from tools.control_plane.processes import ControlPlane, NotRunning

_LOOK_SECONDS = 0.5


def serve(done: threading.Event) -> None:
    """Keeps a control plane running until `done`. Raises NotRunning where it does not start, or a part of it ends."""
    with tempfile.TemporaryDirectory(prefix="drydock-control-plane-") as folder:
        plane = ControlPlane(Path(folder))
        try:
            plane.start()
            print(plane.kubeconfig, flush=True)
            while not done.wait(_LOOK_SECONDS):
                plane.check()
        finally:
            plane.stop()


def main() -> None:
    """Serves; exit status 1 and one line on standard error where it cannot."""
    done = threading.Event()

    def leave(_signal: int, _frame: object) -> None:
        done.set()

    def read_to_the_end() -> None:
        sys.stdin.buffer.read()
        done.set()

    for word in (signal.SIGINT, signal.SIGTERM):
        signal.signal(word, leave)
    threading.Thread(target=read_to_the_end, daemon=True).start()
    try:
        serve(done)
    except NotRunning as error:
        sys.exit(f"control plane: {error}")


if __name__ == "__main__":
    main()
