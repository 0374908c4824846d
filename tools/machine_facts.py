"""Copies what the rehearsal must know of machines and quotas out of the catalogue, which it may not import.

`python tools/machine_facts.py` writes rehearsal/facts/machines.csv and rehearsal/facts/quotas.csv; a test fails where they are stale.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "catalogue" / "data"
FACTS = ROOT / "rehearsal" / "facts"
MACHINES = ("cloud", "type", "vcpus", "memory_gib", "accelerator", "accelerators", "resource", "gke_name", "source")
QUOTAS = ("cloud", "market", "machines", "quota", "code", "unit", "new_account", "scope", "source")
# A project without preemptible quota takes the ordinary one (Compute Engine documentation: Preemptible VM quotas).
FALLS_BACK = {"PREEMPTIBLE_CPUS"}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the catalogue's tables."""
    with (CATALOGUE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def machines() -> Iterator[tuple[str, ...]]:
    """Every machine type of which the vCPUs are known, and the hosts of TPU slices."""
    known = {name.strip(): row for row in rows("pool_accelerators.csv") for name in row["names"].split(";")}
    for cloud in ("aws", "gcp", "azure"):
        for row in rows(f"machines/{cloud}.csv"):
            if row["vcpus"]:
                of = known.get(row["accelerator"], {})
                accelerator = (row["accelerator"], row["accelerator_count"], of.get("resource_name", ""), of.get("gke_name", ""))
                yield (cloud, row["instance_type"], row["vcpus"], row["memory_gib"], *accelerator, row["source"])
    listed = {row["instance_type"] for row in rows("machines/gcp.csv")}
    hosts = {row["gke_machine_type"]: row for row in rows("tpu_slices.csv") if row["gke_machine_type"] not in listed}
    by_generation = {row["tpu_generation"]: row for row in rows("pool_accelerators.csv") if row["tpu_generation"]}
    for name, row in sorted(hosts.items()):
        of = by_generation[row["generation"]]
        size = (row["vcpus_per_host"], row["memory_gib_per_host"], of["names"], row["chips_per_host"])
        yield ("gcp", name, *size, of["resource_name"], of["gke_name"], row["source"])


def quotas() -> Iterator[tuple[str, ...]]:
    """Every quota by the name that the cloud shows; `machines` is empty for one of something else."""
    for row in rows("quotas.csv"):
        name = row["name"] if row["provider"] == "aws" else row["code"]
        granted = "" if row["code"] in FALLS_BACK else row["default_limit"]
        yield (row["provider"], row["market"], row["machines"], name, row["code"], row["unit"], granted, row["scope"], row["source"])


def table(head: tuple[str, ...], body: Iterator[tuple[str, ...]]) -> str:
    """A table as CSV text."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *body])
    return text.getvalue()


def main() -> None:
    """Write both tables."""
    (FACTS / "machines.csv").write_text(table(MACHINES, machines()), encoding="utf-8")
    (FACTS / "quotas.csv").write_text(table(QUOTAS, quotas()), encoding="utf-8")


if __name__ == "__main__":
    main()
