"""The availability zones of a region, and those of Google Cloud that hold an accelerator."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from catalogue.regions import regions
from catalogue.rows import rows

_DATA = Path(__file__).parent / "data"
_AZURE = ("1", "2", "3")


def zones(provider: str, region: str) -> tuple[str, ...]:
    """The zones in which a cluster may place its nodes, in order; empty where the region has none or they are not known.

    AWS: the names that most accounts see; an account's own names may point at other places. Zones that EKS refuses are left out.
    Azure: 1, 2 and 3 wherever the region has zones at all (`data/regions.csv`).
    """
    if provider == "azure":
        known = regions("azure").get(region)
        return _AZURE if known is not None and known.has_zones else ()
    return _zones().get((provider, region), ())


def accelerator_zones(provider: str, region: str, word: str) -> tuple[str, ...] | None:
    """The zones of a region that hold this accelerator (a word of `pool_accelerators`), in order; None where that is not known.

    Only Google Cloud publishes it. Empty: Google lists the accelerator, but not in this region.
    """
    if provider != "gcp" or word not in _listed():
        return None
    return _accelerator_zones().get((region, word), ())


@cache
def _zones() -> Mapping[tuple[str, str], tuple[str, ...]]:
    return {(row["provider"], row["region"]): tuple(row["zones"].split()) for row in rows(_DATA / "zones.csv")}


@cache
def _accelerator_zones() -> Mapping[tuple[str, str], tuple[str, ...]]:
    return {(row["region"], row["word"]): tuple(row["zones"].split()) for row in rows(_DATA / "accelerator_zones.csv")}


@cache
def _listed() -> frozenset[str]:
    return frozenset(word for _, word in _accelerator_zones())
