"""What a machine type has: vCPUs, memory and accelerators; the table is facts/machines.csv."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import Final

from rehearsal.facts import FACTS_FOLDER

# GKE's older names of GPUs and the table's (GKE documentation: GPU platforms).
_ALIASES: Final = {"A100 80GB": "nvidia-a100-80gb", "A100": "nvidia-tesla-a100"}


@dataclass(frozen=True)
class Machine:
    """A machine type. `accelerators` may be a part of one; `resource` is what Kubernetes calls it, `gke_name` its label on GKE."""

    cloud: str
    type: str
    vcpus: int = 0
    memory_gib: float = 0
    accelerator: str = ""
    accelerators: float = 0
    resource: str = ""
    gke_name: str = ""


def machine(cloud: str, machine_type: str) -> Machine:
    """Give what is known of a machine type; of one that the table lacks, nothing but its name."""
    return _machines().get((cloud, machine_type)) or Machine(cloud, machine_type)


def machines_of(cloud: str) -> list[Machine]:
    """Give every machine type of a cloud, those with few accelerators and vCPUs first."""
    found = [each for each in _machines().values() if each.cloud == cloud]
    return sorted(found, key=lambda each: (each.accelerators, each.vcpus, each.memory_gib, each.type))


def accelerator_named(gke_name: str) -> str:
    """Give the table's name of an accelerator that Google Cloud calls `nvidia-tesla-t4`; what is not known keeps its name."""
    return _accelerators().get(gke_name, gke_name)


@cache
def _machines() -> dict[tuple[str, str], Machine]:
    with (FACTS_FOLDER / "machines.csv").open(encoding="utf-8", newline="") as file:
        return {(row["cloud"], row["type"]): _read(row) for row in csv.DictReader(file)}


def _read(row: dict[str, str]) -> Machine:
    return Machine(
        cloud=row["cloud"],
        type=row["type"],
        vcpus=int(float(row["vcpus"])),
        memory_gib=float(row["memory_gib"] or 0),
        accelerator=row["accelerator"],
        accelerators=float(row["accelerators"] or 0),
        resource=row["resource"],
        gke_name=_ALIASES.get(row["accelerator"], row["gke_name"]) if row["cloud"] == "gcp" else row["gke_name"],
    )


@cache
def _accelerators() -> dict[str, str]:
    found = {each.gke_name: each.accelerator for each in _machines().values() if each.gke_name and each.cloud != "gcp"}
    return found | {each.gke_name: each.accelerator for each in _machines().values() if each.gke_name and each.cloud == "gcp"}
