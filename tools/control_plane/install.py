"""Sets up a real Kubernetes API in .tools/control_plane: `python -m tools.control_plane.install`.

etcd, the API server, the controller manager, the scheduler, kwok (which plays the nodes), Pulumi's Kubernetes provider, and the
definitions of the custom resources that Drydock makes. All of it comes from Go modules, with the versions in the go.mod files here.
"""

import json
import shutil
import subprocess
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from tools.control_plane.building import BUILT, Part, build, go
from tools.control_plane.custom_resources import gather, published

KUBERNETES = "1.35.4"
COPIED = ("stages.yaml", "schema.json", "terraform-mapping.json")
PROVIDER = "github.com/pulumi/pulumi-kubernetes/provider/v4"
_VERSION = "k8s.io/component-base/version"
_MAJOR, _MINOR, _ = KUBERNETES.split(".")

PARTS = (
    Part(folder="etcd", packages=["go.etcd.io/etcd/server/v3"], seconds=32),
    Part(
        folder="kubernetes",
        packages=[f"k8s.io/kubernetes/cmd/kube-{name}" for name in ("apiserver", "controller-manager", "scheduler")],
        # Without these, clients cannot parse what the API server says of its version.
        variables=[f"{_VERSION}.gitVersion=v{KUBERNETES}", f"{_VERSION}.gitMajor={_MAJOR}", f"{_VERSION}.gitMinor={_MINOR}"],
        seconds=324,
    ),
    Part(folder="kwok", packages=["sigs.k8s.io/kwok/cmd/kwok"], seconds=105),
    # The engine takes the SDK's version as the least that it accepts of a provider.
    Part(folder="provider", packages=["."], variables=[f"main.version={version('pulumi-kubernetes')}"], seconds=511),
)


def copy_stages(compiler: str) -> None:
    """Puts what kwok does with nodes and pods (its own Stage objects, ready at once) into one file."""
    folder = _source(compiler, "kwok", "sigs.k8s.io/kwok") / "kustomize" / "stage"
    stages = sorted(path for kind in ("node", "pod") for path in (folder / kind / "fast").glob(f"{kind}-*.yaml"))
    (BUILT / "stages.yaml").write_text("---\n".join(path.read_text() for path in stages))


def copy_schema(compiler: str) -> None:
    """Puts the provider's schema, in the version of the installed SDK, and its other table beside the program that reads them."""
    folder = _source(compiler, "provider", PROVIDER) / "cmd" / "pulumi-resource-kubernetes"
    schema = json.loads((folder / "schema.json").read_text())
    (BUILT / "schema.json").write_text(json.dumps({**schema, "version": version("pulumi-kubernetes")}))
    shutil.copyfile(folder / "terraform-mapping.json", BUILT / "terraform-mapping.json")


def _source(compiler: str, folder: str, module: str) -> Path:
    command = [compiler, "list", "-m", "-f", "{{.Dir}}", module]
    listed = subprocess.run(command, cwd=BUILT.parents[1] / "tools" / "control_plane" / folder, check=True, capture_output=True, text=True)
    return Path(listed.stdout.strip())


def _are_copied() -> bool:
    return all((BUILT / name).exists() for name in COPIED)


def _build(missing: Sequence[Part], compiler: str) -> None:
    minutes = sum(part.seconds for part in missing) / 60
    names = ", ".join(part.folder for part in missing)
    print(
        f"Kubernetes control plane: building {names} into .tools/control_plane (once, about {minutes:.0f} minutes on one core)", flush=True
    )
    started = time.monotonic()
    # Gone until the end, so that a set-up that is interrupted is finished the next time.
    for name in COPIED:
        (BUILT / name).unlink(missing_ok=True)
    for part in missing:
        build(part, compiler)
    print(f"Kubernetes control plane: built in {time.monotonic() - started:.0f} s", flush=True)


def main() -> None:
    """Does what is still missing, and nothing else."""
    missing = [part for part in PARTS if not part.is_built()]
    sources = [source for source in published() if not source.target.exists()]
    if not missing and not sources and _are_copied():
        return
    compiler = go()
    BUILT.mkdir(parents=True, exist_ok=True)
    if missing:
        _build(missing, compiler)
    if not _are_copied():
        copy_stages(compiler)
        copy_schema(compiler)
    for source in sources:
        print(f"{source.name} {source.version}: {gather(source, compiler)} files of custom resources gathered", flush=True)


if __name__ == "__main__":
    main()
