"""The clouds' regions: where they lie, and what object storage may do with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalogue.rows import rows

_FILE = Path(__file__).parent / "data" / "regions.csv"
_KNOWN: Mapping[str, bool | None] = {"yes": True, "no": False, "": None}


@dataclass(frozen=True, kw_only=True)
class Region:
    """One region of one cloud; `data/PROVENANCE.md` says where each column comes from.

    multi_region: the Cloud Storage multi-region that contains it (US, EU, ASIA), None outside of all.
    has_zones: whether an Azure region has availability zones, None where that is not known (and on other clouds).
    paired_region: Azure's fixed second region, None where there is none or it is not known (`has_pair` tells which).
    """

    provider: str
    name: str
    continent: str
    multi_region: str | None
    has_zones: bool | None
    has_pair: bool | None
    paired_region: str | None
    as_of: str
    source: str


@cache
def regions(provider: str) -> Mapping[str, Region]:
    """Every known region of a provider by its name, in alphabetical order; empty for an unknown provider."""
    return {region.name: region for region in _all() if region.provider == provider}


def providers_with(name: str) -> tuple[str, ...]:
    """The providers that have a region of this name, in alphabetical order."""
    return tuple(sorted(region.provider for region in _all() if region.name == name))


@cache
def _all() -> tuple[Region, ...]:
    return tuple(_region(row) for row in rows(_FILE))


def _region(row: Mapping[str, str]) -> Region:
    pair = row["paired_region"]
    return Region(
        provider=row["provider"],
        name=row["region"],
        continent=row["continent"],
        multi_region=row["multi_region"] or None,
        has_zones=_KNOWN[row["zones"]],
        has_pair=None if not pair else pair != "none",
        paired_region=pair if pair not in ("", "none") else None,
        as_of=row["as_of"],
        source=row["source"],
    )
