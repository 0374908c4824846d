"""Builds one Go module of this folder into .tools/control_plane, once per version of what it pins."""

import hashlib
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE.parents[1] / ".tools" / "control_plane"
NEEDED = "install Go 1.26.6 or later (go.dev)"
PROGRESS_SECONDS = 15
# `go build -v` names each package that it compiles; what an error says has a position or spaces.
ERROR_LINES = 30


@dataclass(frozen=True, kw_only=True)
class Part:
    """Programs that one Go module builds: `packages` of the module in `folder`, and how long that took on one core (seconds)."""

    folder: str
    packages: Sequence[str]
    variables: Sequence[str] = ()
    seconds: int

    @property
    def module(self) -> Path:
        """The module's folder."""
        return HERE / self.folder

    @property
    def programs(self) -> tuple[Path, ...]:
        """The files that the build makes."""
        return tuple(BUILT / _program(package) for package in self.packages)

    @property
    def flags(self) -> str:
        """What the linker is told: leave out what only debuggers read, and set variables."""
        return " ".join(["-s -w", *(f"-X {variable}" for variable in self.variables)])

    def digest(self) -> str:
        """Changes with the versions, the sources here and the flags; the stamp of what is built."""
        content = [path.read_bytes() for path in sorted(self.module.glob("*")) if path.suffix in (".mod", ".sum", ".go")]
        return hashlib.sha256(b"\0".join([*content, self.flags.encode()])).hexdigest()

    def is_built(self) -> bool:
        """Whether these programs are there, of just these versions."""
        stamp = _stamp(self)
        return stamp.exists() and stamp.read_text() == self.digest() and all(program.exists() for program in self.programs)


def go() -> str:
    """The path of `go`; ends with one line where there is none, or where it is too old for these modules."""
    found = shutil.which("go")
    if found is None:
        sys.exit(f"control plane: Go is not on PATH, and the API server is built from source; {NEEDED}")
    asked = subprocess.run([found, "list", "-m"], cwd=HERE / "etcd", capture_output=True, text=True, check=False)
    if asked.returncode:
        told = (asked.stderr.strip().splitlines() or ["no reason given"])[-1]
        sys.exit(f"control plane: {found} cannot build it: {told}; {NEEDED}")
    return found


def build(part: Part, compiler: str) -> None:
    """Builds the programs of a part; Go keeps what it has compiled, so an interrupted build goes on where it stopped."""
    started = time.monotonic()
    unfinished = BUILT / f"{part.folder}.unfinished"
    unfinished.mkdir(parents=True, exist_ok=True)
    command = [compiler, "build", "-v", "-mod=readonly", "-ldflags", part.flags, "-o", f"{unfinished}/", *part.packages]
    _run(command, part, started)
    for program, package in zip(part.programs, part.packages, strict=True):
        (unfinished / _compiled(package, part)).rename(program)
    unfinished.rmdir()
    _stamp(part).write_text(part.digest())
    print(f"{part.folder}: built in {time.monotonic() - started:.0f} s", flush=True)


def _run(command: Sequence[str], part: Part, started: float) -> None:
    last: deque[str] = deque(maxlen=ERROR_LINES)
    compiled, told = 0, started
    with subprocess.Popen(command, cwd=part.module, stderr=subprocess.PIPE, text=True) as running:
        for line in running.stderr or ():
            last.append(line)
            compiled += " " not in line.strip()
            if time.monotonic() - told >= PROGRESS_SECONDS:
                told = time.monotonic()
                print(f"{part.folder}: {compiled} packages compiled, {told - started:.0f} s", flush=True)
    if running.returncode:
        sys.exit(
            f"{''.join(last)}control plane: {part.folder} could not be built, its errors stand above; `make control-plane` tries again"
        )


def _program(package: str) -> str:
    if package == ".":
        return "pulumi-resource-kubernetes"
    return "etcd" if package.startswith("go.etcd.io/") else package.rpartition("/")[2]


def _compiled(package: str, part: Part) -> str:
    if package == ".":
        return part.folder
    # Go names a program after the last part of its path that is no version.
    return "server" if package.startswith("go.etcd.io/") else package.rpartition("/")[2]


def _stamp(part: Part) -> Path:
    return BUILT / f"{part.folder}.built"
