"""Where regions lie, to find the nearest one of another cloud."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from catalogue.rows import rows

_FILE = Path(__file__).parent / "data" / "locations.csv"
_EARTH_RADIUS_KM = 6371
# Regions that an ordinary account cannot use, or whose services are few.
_CLOSED = ("us-gov-", "us-central2", "jioindia", "australiacentral", "brazilsoutheast", "francesouth", "germanynorth", "norwaywest")


@dataclass(frozen=True)
class Location:
    """A region's place and its position in degrees."""

    place: str
    latitude: float
    longitude: float


def location(provider: str, region: str) -> Location | None:
    """Where a region lies, None for an unknown one."""
    return _all().get((provider, region))


def nearest(provider: str, region: str, other: str) -> list[tuple[str, int]]:
    """The other provider's open regions and how far each is in km (great circle), nearest first; none for an unknown region."""
    here = location(provider, region)
    if here is None:
        return []
    open_regions = [(name, there) for (cloud, name), there in _all().items() if cloud == other and not name.startswith(_CLOSED)]
    return [(name, round(km)) for km, name in sorted((_distance_km(here, there), name) for name, there in open_regions)]


def _distance_km(a: Location, b: Location) -> float:
    """The haversine formula."""
    north, east = radians(b.latitude - a.latitude) / 2, radians(b.longitude - a.longitude) / 2
    chord = sin(north) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(east) ** 2
    return 2 * _EARTH_RADIUS_KM * asin(sqrt(chord))


@cache
def _all() -> Mapping[tuple[str, str], Location]:
    places = ((row, Location(row["place"], float(row["latitude"]), float(row["longitude"]))) for row in rows(_FILE))
    return {(row["provider"], row["region"]): place for row, place in places}
