"""Sets up the Pulumi command line: the official one where it is on PATH, otherwise one that is built from source into .tools/bin."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "tools" / "pulumi"
BIN = ROOT / ".tools" / "bin"
CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK = "github.com/pulumi/pulumi/sdk/v3"
FROM_SDK = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")
HOST = """#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/../../.venv/bin/python" -u "$here/../../tools/pulumi/language_host.py" "$@"
"""


def official() -> str | None:
    """The `pulumi` on PATH that is not ours and has its Python language host beside it, or None."""
    elsewhere = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if Path(part).resolve() != BIN)
    found = shutil.which("pulumi", path=elsewhere)
    return found if found and shutil.which("pulumi-language-python", path=elsewhere) else None


def build() -> None:
    """Builds the CLI; Go keeps what it has compiled, so an interrupted build goes on where it stopped."""
    go = shutil.which("go")
    if go is None:
        sys.exit(
            "pulumi: neither the official CLI nor Go is on PATH; install Pulumi (pulumi.com/docs/install) or Go 1.26.6 or later (go.dev)"
        )
    print("Pulumi CLI: not on PATH, building it from source into .tools/bin (once, about 4 minutes on 2 cores)", flush=True)
    started = time.monotonic()
    unfinished = BIN / "pulumi.unfinished"
    command = [go, "build", "-mod=readonly", "-ldflags", "-s -w", "-o", str(unfinished), CLI]
    if subprocess.run(command, cwd=MODULE, check=False).returncode:
        sys.exit("pulumi: the build failed, its errors stand above; `make up` tries again and keeps what is built")
    unfinished.rename(BIN / "pulumi")
    print(f"Pulumi CLI: built in {time.monotonic() - started:.0f} s", flush=True)


def install_host() -> None:
    """Puts the Python language host and the two scripts that ship in Pulumi's own module beside the CLI."""
    listed = subprocess.run(["go", "list", "-m", "-f", "{{.Dir}}", SDK], cwd=MODULE, check=True, capture_output=True, text=True)
    for name in FROM_SDK:
        source = Path(listed.stdout.strip()) / name
        target = BIN / source.name
        target.unlink(missing_ok=True)
        shutil.copyfile(source, target)
        target.chmod(0o755)
    host = BIN / "pulumi-language-python"
    host.write_text(HOST)
    host.chmod(0o755)


def main() -> None:
    """Does what is still missing, and nothing else."""
    if (BIN / "pulumi-language-python").exists() and (BIN / "pulumi").exists():
        return
    found = official()
    if found:
        print(f"Pulumi CLI: using the one on PATH, {found}")
        return
    BIN.mkdir(parents=True, exist_ok=True)
    if not (BIN / "pulumi").exists():
        build()
    install_host()


if __name__ == "__main__":
    main()
