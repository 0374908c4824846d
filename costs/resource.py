"""A resource as the estimate sees it, whoever declared it: type, properties, parent and what it refers to."""

import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, wraps
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

T = TypeVar("T")


class Missing(Enum):
    """Values that are there but cannot be read."""

    UNKNOWN = "known only after `up`"
    SECRET = "a secret"

    def __repr__(self) -> str:
        return f"[{self.value}]"


UNKNOWN = Missing.UNKNOWN
SECRET = Missing.SECRET


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of a program.

    type: Pulumi's token without an API version. properties: inputs, and outputs where they are known; UNKNOWN and SECRET stand for what
    cannot be read. references: per property, the URNs that its value comes from.  provider: the URN of its provider.
    """

    urn: str
    type: str
    properties: Mapping[str, Any]
    parent: str | None = None
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    dependencies: tuple[str, ...] = ()
    provider: str = ""
    custom: bool = True

    @cached_property
    def name(self) -> str:
        """The logical name."""
        return name_of(self.urn)

    @property
    def package(self) -> str:
        """The provider package: aws, gcp, azure-native, kubernetes …"""
        return self.type.partition(":")[0]

    def get(self, path: str) -> Any:
        """The value at a dotted path (`scalingConfig.minSize`, `rules.0.status`), None where there is none, UNKNOWN or SECRET."""
        if "." not in path:
            return self.properties.get(path)
        value: Any = self.properties
        for step in path.split("."):
            if isinstance(value, Missing):
                return value
            # dict, not Mapping: JSON has no other, and the check of an abstract class takes ten times as long.
            if isinstance(value, dict):
                value = cast(dict[str, Any], value).get(step)
            elif isinstance(value, list | tuple) and step.isdigit():
                items = cast(list[Any], value)
                value = items[int(step)] if int(step) < len(items) else None
            else:
                return None
        return value

    def flag(self, path: str) -> bool:
        """Whether the value at a path is true."""
        return self.get(path) is True

    def items(self, path: str) -> list[Any]:
        """The list at a path; one mapping counts as a list of one, nothing and what cannot be read as none."""
        value = self.get(path)
        if isinstance(value, list | tuple):
            return [*cast(list[Any], value)]
        return [value] if isinstance(value, dict) else []

    def fields(self, path: str) -> Mapping[str, Any]:
        """The mapping at a path; nothing and what cannot be read as an empty one."""
        value = self.get(path)
        return cast(dict[str, Any], value) if isinstance(value, dict) else {}


class Program:
    """All resources of a program, and who refers to whom."""

    def __init__(self, resources: Iterable[Resource], config: Mapping[str, str] | None = None, missing: Iterable[str] = ()) -> None:
        """config: the stack's configuration (`aws:region`). missing: one line for each thing that the input leaves out."""
        # By URN: whoever lists them has another order each time, and an estimate must not depend on it.
        self.resources = {resource.urn: resource for resource in sorted(resources, key=lambda resource: resource.urn)}
        self.config = dict(config or {})
        self.missing = tuple(missing)

    @cached_property
    def _referrers(self) -> Mapping[str, list[tuple[str, Resource]]]:
        found: dict[str, list[tuple[str, Resource]]] = {}
        for resource in self.resources.values():
            for name, urns in resource.references.items():
                for urn in urns:
                    found.setdefault(urn, []).append((name, resource))
        return found

    @cached_property
    def _by_type(self) -> Mapping[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.resources.values():
            found.setdefault(resource.type, []).append(resource)
        return found

    @cached_property
    def _members(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for resource in self.resources.values():
            found.setdefault(self.component(resource).urn, []).append(resource.urn)
        return found

    def of_type(self, kind: str) -> list[Resource]:
        """All resources of a type, in the program's order."""
        return self._by_type.get(kind, [])

    def referring(self, resource: Resource, kind: str, via: str | None = None) -> list[Resource]:
        """The resources of a type that refer to this one (with this property), in the program's order."""
        found = self._referrers.get(resource.urn, [])
        return [other for name, other in found if other.type == kind and via in (None, name)]

    def referred(self, resource: Resource, name: str, kind: str | None = None) -> Resource | None:
        """The resource that a property's value comes from, None where the program does not declare it."""
        for urn in resource.references.get(name, ()):
            found = self.resources.get(urn)
            if found and kind in (None, found.type):
                return found
        return None

    def around(self, urns: Iterable[str]) -> set[str]:
        """These resources, all that stand in their outermost components, and whoever refers to one of them or is referred to."""
        own = [self.resources[urn] for urn in urns if urn in self.resources]
        together = {member for resource in own for member in self._members[self.component(resource).urn]}
        referred = {urn for each in together for urns in self.resources[each].references.values() for urn in urns}
        referring = {other.urn for each in together for _, other in self._referrers.get(each, [])}
        return together | referred | referring

    def ancestors(self, resource: Resource) -> Iterable[Resource]:
        """Its parent, the parent's parent and so on, without the stack."""
        parent = self.resources.get(resource.parent or "")
        while parent and parent.type != "pulumi:pulumi:Stack":
            yield parent
            parent = self.resources.get(parent.parent or "")

    def component(self, resource: Resource) -> Resource:
        """The outermost component that it stands in, or itself."""
        *_, outermost = [resource, *self.ancestors(resource)]
        return outermost


def once(build: Callable[[Program], T]) -> Callable[[Program], T]:
    """What is built of a program is built once for all of its resources: looking for it at each of them would take quadratic time."""
    known: MutableMapping[Program, T] = WeakKeyDictionary()

    @wraps(build)
    def remembered(program: Program) -> T:
        if program not in known:
            known[program] = build(program)
        return known[program]

    return remembered


def name_of(urn: str) -> str:
    """The logical name in a URN."""
    return urn.rpartition("::")[2]


def type_of(token: str) -> str:
    """The token without an API version: azure-native:storage/v20230101:StorageAccount is azure-native:storage:StorageAccount."""
    return re.sub(r"/v\d{8}(preview|privatepreview)?:", ":", token) if "/v" in token else token
