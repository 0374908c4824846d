"""The machines on which managed platforms serve models: names, and for Cloud Run the sizes that one container may have."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from catalogue.rows import rows

_FILE = Path(__file__).parent / "data" / "serving_machines.csv"


@dataclass(frozen=True, kw_only=True)
class ServingMachine:
    """One machine type, or a pattern of them (Vertex AI).

    chosen: whether it is taken unasked; others the provider warns of, and only their name brings them. vcpus, memory_gib, accelerator
    (a word of `pool_accelerators`) and accelerator_count: of Cloud Run alone, where the size is the machine. regions: those that have it,
    empty where it goes by the provider's machine lists.
    """

    platform: str
    machine: str
    chosen: bool
    vcpus: float | None
    memory_gib: float | None
    accelerator: str
    accelerator_count: int
    regions: tuple[str, ...]
    as_of: str
    confidence: str
    source: str


@cache
def serving_machines(platform: str) -> tuple[ServingMachine, ...]:
    """Every row of a platform (sageMaker, vertexAi, cloudRun, azureMl), in the file's order; empty for an unknown one."""
    return tuple(each for each in _every() if each.platform == platform)


@cache
def serving_machine(platform: str, machine: str) -> ServingMachine | None:
    """The row of a machine type, None where the platform is not known to serve on it. Case does not matter, as on Azure."""
    wanted = machine.lower()
    return next((each for each in serving_machines(platform) if fnmatchcase(wanted, each.machine.lower())), None)


@cache
def _every() -> tuple[ServingMachine, ...]:
    return tuple(_machine(row) for row in rows(_FILE))


def _machine(row: Mapping[str, str]) -> ServingMachine:
    return ServingMachine(
        platform=row["platform"],
        machine=row["machine"],
        chosen=row["chosen"] == "yes",
        vcpus=float(row["vcpus"]) if row["vcpus"] else None,
        memory_gib=float(row["memory_gib"]) if row["memory_gib"] else None,
        accelerator=row["accelerator"],
        accelerator_count=int(row["accelerator_count"] or 0),
        regions=tuple(row["regions"].split()),
        as_of=row["as_of"],
        confidence=row["confidence"],
        source=row["source"],
    )
