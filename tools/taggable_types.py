"""Writes which billed resource types take tags or labels into policies/taggable.csv, from the clouds' SDKs.

`python -m tools.taggable_types` writes it; it takes half a minute, as every module of the SDKs is read.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from costs.registry import pricers
from rehearsal.schema import resource_schema

FILE = Path(__file__).resolve().parents[1] / "policies" / "taggable.csv"
_CLOUDS = ("aws", "azure-native", "gcp")
# Google's tags are another thing: the names by which firewalls and organisation policies know a resource.
_NAMES = {"aws": ("tags",), "azure-native": ("tags",), "gcp": ("labels", "resourceLabels", "userLabels")}
_WITHIN = {
    "gcp:container/nodePool:NodePool": "nodeConfig.resourceLabels",
    "gcp:sql/databaseInstance:DatabaseInstance": "settings.userLabels",
}


def label_property(token: str) -> str | None:
    """Where a resource type takes labels, None where it takes none or the SDK has no such type."""
    found = resource_schema(token)
    names = _NAMES[token.partition(":")[0]]
    own = next((name for name in names if found and name in found.inputs), None)
    return own or _WITHIN.get(token)


def taggable() -> Iterator[tuple[str, str]]:
    """Each billed type that takes labels, with the property that holds them."""
    for cloud in _CLOUDS:
        module = pricers(cloud)
        for token in sorted(module.PRICERS if module else ()):
            name = label_property(token) if token.startswith(f"{cloud}:") else None
            if name:
                yield token, name


if __name__ == "__main__":
    with FILE.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(["type", "property"])
        writer.writerows(taggable())
