"""References between resources: what a resource names must exist in the simulated cloud, as the real one would insist."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path as File
from typing import Final

from rehearsal.errors import CloudError, not_found, package_of
from rehearsal.facts import facts
from rehearsal.paths import covers, parse_path, path_text
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import Path, Values, leaves

_TABLE: Final = File(__file__).parent / "facts" / "references.csv"
_GCP_HOST: Final = re.compile(r"^(https:)?//(www|[a-z]+)\.googleapis\.com/(compute/(v1|beta)/|[a-z]+/v1/)?")
_OWN_WATCHER: Final = re.compile(
    r"^NetworkWatcherRG/providers/Microsoft\.Network/networkWatchers/NetworkWatcher_(?P<region>\w+)/", re.IGNORECASE
)
_AZURE_GROUP: Final = re.compile(r"^(/subscriptions/[^/]+/resourceGroups/[^/]+)(/.+)?$", re.IGNORECASE)


# Whoever uses these uses what they are part of.
_PARTS_NAMED: Final = {"azure-native:network:VirtualNetwork": ("azure-native:network:Subnet",)}


@dataclass(frozen=True)
class Reference:
    """Which property of which types names a resource of which types; a row of facts/references.csv."""

    child: str
    property: Path
    parents: tuple[str, ...]
    named_by: tuple[str, ...]
    exempt: re.Pattern[str] | None
    error: str


@cache
def references_of(token: str) -> tuple[Reference, ...]:
    """Give the references that resources of a type make."""
    return tuple(row for row in _rows() if fnmatchcase(token, row.child))


@cache
def _rows() -> tuple[Reference, ...]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(_row(row) for row in csv.DictReader(file))


def _row(row: dict[str, str]) -> Reference:
    exempt = re.compile(row["exempt"]) if row["exempt"] else None
    return Reference(row["child"], parse_path(row["property"]), _split(row["parents"]), _split(row["named_by"]), exempt, row["error"])


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


def check_references(cloud: SimulatedCloud, token: str, resource_id: str, inputs: Values) -> None:
    """Raises CloudError (NOT_FOUND) for the first thing that `inputs` or the id names and that does not exist."""
    for reference in references_of(token):
        for path, value in _values_at(inputs, reference.property):
            if not _exists(cloud, reference, value):
                raise _missing(token, path, value, reference)
    if package_of(token) == "azure-native":
        _check_azure_parent(cloud, token, resource_id)


def _values_at(inputs: Values, pattern: Path) -> Iterator[tuple[Path, str]]:
    top = pattern[0]
    for path, leaf in leaves(inputs.get(str(top)), (top,)):
        if isinstance(leaf, str) and leaf and len(path) == len(pattern) and covers(pattern, path):
            yield path, leaf


def _exists(cloud: SimulatedCloud, reference: Reference, value: str) -> bool:
    if reference.exempt and reference.exempt.search(value):
        return True
    if cloud.identified(reference.parents, _GCP_HOST.sub("", value)) or cloud.identified(reference.parents, value):
        return True
    return bool(reference.named_by) and any(
        value == leaf for resource in cloud.of_types(reference.named_by) for _, leaf in leaves(resource.outputs)
    )


def _missing(token: str, path: Path, value: str, reference: Reference) -> CloudError:
    error = not_found(reference.parents[0], value, reference.error)
    return CloudError(error.code, f"{error.message} (named by {path_text(path)} of {token})")


def _check_azure_parent(cloud: SimulatedCloud, token: str, resource_id: str) -> None:
    """An Azure id spells out its parents: the resource group, then the top-level resource of a nested type."""
    match = _AZURE_GROUP.match(resource_id)
    if match is None or match.group(2) is None:
        return
    group, rest = match.groups()
    if _is_azures_own(cloud, group, rest):
        return
    if cloud.get("azure-native:resources:ResourceGroup", group) is None:
        raise not_found("azure-native:resources:ResourceGroup", group.rsplit("/", 1)[1], "ResourceGroupNotFound")
    parent = _azure_parent(rest)
    if parent and not cloud.has_key(f"{group}{parent}".lower()):
        raise not_found(f"the parent of {token}", f"{group}{parent}", "ParentResourceNotFound")


def _is_azures_own(cloud: SimulatedCloud, group: str, rest: str) -> bool:
    """Azure itself keeps a network watcher in each region in which a subscription has a network.

    Source: Microsoft Learn, "Enable or disable Azure Network Watcher": NetworkWatcher_REGION in NetworkWatcherRG.
    """
    watched = _OWN_WATCHER.match(f"{group.rsplit('/', 1)[1]}{rest}")
    networks = cloud.of_types(("azure-native:network:VirtualNetwork",))
    return watched is not None and any(network.outputs.get("location") == watched["region"].lower() for network in networks)


def _azure_parent(rest: str) -> str | None:
    """Give the top-level resource of a nested one: the type and name that follow the first namespace."""
    parts = rest.strip("/").split("/")
    if len(parts) <= 4 or parts[0].lower() != "providers":
        return None
    return "/" + "/".join(parts[:4])


def parts_of(cloud: SimulatedCloud, resource: Resource) -> list[Resource]:
    """Give what ceases to exist with a resource: all below an Azure id or in a namespace, the settings of a bucket."""
    if resource.package == "azure-native":
        return cloud.beneath(resource.id)
    if resource.type not in _parent_types():
        return []
    identities = (resource.id, resource.name, resource.arn)
    return [other for other in cloud.mentioning(identities) if _is_part(other, resource)]


@cache
def _parent_types() -> frozenset[str]:
    return frozenset(parent for row in _rows() for parent in row.parents)


def _is_part(other: Resource, resource: Resource) -> bool:
    """A type whose name is unique only within its parent cannot outlive it; a namespace owns whatever names it."""
    known = facts(other.type)
    owned = resource.package == "kubernetes" or (known is not None and known.name_scope == "parent")
    return owned and other.place == resource.place and any(_names(reference, other, resource) for reference in references_of(other.type))


def refers(other: Resource, resource: Resource, identities: Collection[str]) -> bool:
    """Tell whether one of `identities` stands where `other` names resources of this type, not anywhere else in its inputs.

    Of types between which no reference is known, any mention counts.
    """
    parents = {resource.type, *_PARTS_NAMED.get(resource.type, ())}
    known = [reference for reference in references_of(other.type) if parents & set(reference.parents)]
    named = {_GCP_HOST.sub("", value) for reference in known for _, value in _values_at(other.inputs, reference.property)}
    return not known or bool({identity.lower() for identity in identities if identity} & {value.lower() for value in named})


def _names(reference: Reference, other: Resource, resource: Resource) -> bool:
    if resource.type not in reference.parents:
        return False
    return any(value in (resource.id, resource.name, resource.arn) for _, value in _values_at(other.inputs, reference.property))
