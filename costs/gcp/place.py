"""Where a Google Cloud resource is paid: the region (or multi-region) as the price list names it."""

import re
from typing import Final

from costs.registry import Place
from costs.resource import Missing, Program, Resource

PROVIDER: Final = "gcp"
_ZONE: Final = re.compile(r"([a-z]+-[a-z]+\d+)-[a-z]\d?")
# Services whose price is the same wherever they run, and that may have no location at all. Their prices are on record as `global`.
_EVERYWHERE: Final = (
    "gcp:pubsub/",
    "gcp:dns/",
    "gcp:secretmanager/",
    "gcp:logging/",
    "gcp:monitoring/",
    "gcp:certificatemanager/",
    "gcp:compute/global",
    "gcp:compute/securityPolicy:",
    "gcp:compute/snapshot:",
    "gcp:compute/image:",
    "gcp:compute/machineImage:",
    "gcp:billing/",
)
# What a resource belongs to, and so where it is, in the order in which it is looked for.
_OWNERS: Final = ("cluster", "keyRing", "cryptoKey", "router", "instance", "target", "featurestore", "indexEndpoint", "datasetId", "index")


def place(resource: Resource, program: Program) -> Place:
    """The region of its location, region or zone, else that of what it belongs to, of its provider, of the stack's configuration."""
    return Place(PROVIDER, _region(resource, program))


def location(resource: Resource, program: Program) -> str | None:
    """The resource's own location (a region, a zone, a multi-region) or its owner's; None where it has none or it is unreadable."""
    for name in ("location", "region", "zone"):
        value = resource.get(name)
        if isinstance(value, Missing):
            return None
        if isinstance(value, str) and value:
            return value.rpartition("/")[2].lower()
    return _of_owner(resource, program)


def region_of(where: str) -> str:
    """The region of a zone; anything else is one already."""
    zone = _ZONE.fullmatch(where)
    return zone[1] if zone else where


def is_zone(where: str) -> bool:
    """Whether a location is a zone."""
    return _ZONE.fullmatch(where) is not None


def _region(resource: Resource, program: Program) -> str | None:
    if any(isinstance(resource.get(name), Missing) for name in ("location", "region", "zone")):
        return None
    own = location(resource, program)
    found = region_of(own) if own else _of_provider(resource, program)
    return found or ("global" if resource.type.startswith(_EVERYWHERE) else None)


def _of_owner(resource: Resource, program: Program) -> str | None:
    for name in _OWNERS:
        owner = program.referred(resource, name)
        if owner is not None and owner.urn != resource.urn:
            return location(owner, program)
        # An existing owner's path names the place: projects/p/locations/europe-west4/keyRings/ring.
        named = re.search(r"(?:locations|regions|zones)/([a-z0-9-]+)", str(resource.get(name) or ""))
        if named:
            return named[1]
    return None


def _of_provider(resource: Resource, program: Program) -> str | None:
    provider = program.resources.get(resource.provider)
    told = [provider.get("region"), provider.get("zone")] if provider else []
    told += [program.config.get("gcp:region"), program.config.get("gcp:zone")]
    return next((region_of(value.lower()) for value in told if isinstance(value, str) and value), None)
