"""The definitions of the custom resources that Drydock makes: from the Go modules that publish them, else written here.

`custom_resources.csv` pins each module's version and checksum; `crds/` holds what no module publishes, each with its source.
"""

import csv
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

from tools.control_plane.building import HERE

GATHERED = HERE.parents[1] / ".tools" / "crds"
WRITTEN_HERE = HERE / "crds"


@dataclass(frozen=True, kw_only=True)
class Published:
    """Definitions in a Go module: the YAML files in `folder` whose names match `files`.

    name: the catalogue's for the chart or manifest that installs them, whose version is the module's. sum: as go.sum writes it.
    """

    name: str
    module: str
    version: str
    sum: str
    folder: str
    files: str
    licence: str

    @property
    def target(self) -> Path:
        """Where the definitions are put; there once they are complete."""
        return GATHERED / f"{self.name}-{self.version}"


def published() -> list[Published]:
    """The modules of the table."""
    with (HERE / "custom_resources.csv").open(newline="") as file:
        return [Published(**row) for row in csv.DictReader(file)]


def gather(source: Published, compiler: str) -> int:
    """Unpacks a module's files of definitions and gives their number. Ends with one line where the module is not what the table says."""
    archive = _download(source, compiler)
    unfinished = source.target.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    with zipfile.ZipFile(archive) as files:
        names = [name for name in files.namelist() if _is_wanted(name, source)]
        for name in names:
            (unfinished / Path(name).name).write_bytes(files.read(name))
    if not names:
        sys.exit(f"{source.name}: no {source.files} in {source.folder} of {source.module}@{source.version}; correct custom_resources.csv")
    unfinished.rename(source.target)
    return len(names)


def definitions() -> list[dict[str, Any]]:
    """Every CustomResourceDefinition. Raises FileNotFoundError where they are not gathered."""
    folders = [WRITTEN_HERE, *(source.target for source in published())]
    return [found for folder in folders for path in _files(folder) for found in _definitions(path)]


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder.name}: not gathered; run `make control-plane`")
    return sorted(folder.glob("*.yaml"))


def _definitions(path: Path) -> Iterator[dict[str, Any]]:
    # Modules put other kinds beside them, such as admission policies.
    for document in yaml.load_all(path.read_text(), Loader=yaml.CSafeLoader):
        if document and document["kind"] == "CustomResourceDefinition":
            yield document


def _download(source: Published, compiler: str) -> Path:
    command = [compiler, "mod", "download", "-json", f"{source.module}@{source.version}"]
    done = subprocess.run(command, cwd=GATHERED.parent, capture_output=True, text=True, check=False)
    # Go complains of a module that a newer Go is to build, but fetches and verifies it: nothing of it is built here.
    told = json.loads(done.stdout or "{}")
    if "Zip" not in told:
        sys.exit(f"{source.name}: Go cannot fetch {source.module}@{source.version}: {told.get('Error') or done.stderr.strip()}")
    if told["Sum"] != source.sum:
        sys.exit(f"{source.name}: {source.module}@{source.version} is {told['Sum']}, not {source.sum} as custom_resources.csv says")
    return Path(told["Zip"])


def _is_wanted(name: str, source: Published) -> bool:
    folder, _, file = name.rpartition("/")
    return folder == f"{source.module}@{source.version}/{source.folder}" and fnmatch(file, source.files)
