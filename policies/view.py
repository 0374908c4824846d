"""What a check sees: one resource, the program around it, and what was set for the check."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast, overload

from costs.resource import UNKNOWN, Missing, Program, Resource

# Google's clusters and node pools have labels of resources beside those of nodes.
_STAGES = (
    "tags.stage",
    "tagsAll.stage",
    "labels.stage",
    "effectiveLabels.stage",
    "metadata.labels.stage",
    "resourceLabels.stage",
    "nodeConfig.resourceLabels.stage",
)


class Undecided(Exception):
    """A value that is known only after `up`, or a secret: the check cannot decide yet. The text is the property's path."""


@dataclass(frozen=True)
class View:
    """One resource under a check; paths are dotted (`scalingConfig.minSize`, `rules.0.status`)."""

    resource: Resource
    program: Program
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def get(self, path: str) -> Any:
        """The value at a path, None where there is none. Raises Undecided where it cannot be read."""
        value = self.resource.get(path)
        if isinstance(value, Missing):
            raise Undecided(path)
        return value

    def flag(self, path: str, default: bool = False) -> bool:
        """Whether a switch is on; default: what the cloud takes where it is left out. Raises Undecided."""
        value = self.get(path)
        return default if value is None else value is True

    @overload
    def number(self, path: str, default: float) -> float: ...

    @overload
    def number(self, path: str) -> float | None: ...

    def number(self, path: str, default: float | None = None) -> float | None:
        """The number at a path. Raises Undecided."""
        value = self.get(path)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default

    def text(self, path: str, default: str = "") -> str:
        """The text at a path. Raises Undecided."""
        value = self.get(path)
        return value if isinstance(value, str) else default

    def present(self, path: str) -> bool:
        """Whether something stands there; a value that is known only later does, an empty one does not."""
        value = self.resource.get(path)
        return isinstance(value, Missing) or value not in (None, "", [], {}, ())

    def items(self, path: str) -> list[Any]:
        """The list at a path; one mapping counts as a list of one. Raises Undecided where the list itself cannot be read."""
        value = self.get(path)
        if isinstance(value, list | tuple):
            return [*cast(list[Any], value)]
        return [value] if isinstance(value, dict) else []

    def each(self, path: str) -> Iterator[tuple[str, "View"]]:
        """Each item of a list with its path, as a view of its own whose paths begin there."""
        for at, item in enumerate(self.items(path)):
            if item is UNKNOWN or isinstance(item, Missing):
                raise Undecided(f"{path}.{at}")
            properties = cast(dict[str, Any], item) if isinstance(item, dict) else {"": item}
            yield f"{path}.{at}", View(_part(self.resource, properties), self.program, self.parameters)

    def referring(self, kind: str, via: str | None = None) -> list["View"]:
        """Resources of a type that refer to this one: by dependency, never by a value that may be unknown."""
        return [View(each, self.program, self.parameters) for each in self.program.referring(self.resource, kind, via)]

    def referred(self, name: str, kind: str | None = None) -> "View | None":
        """The resource that a property's value comes from, None where the program does not declare it."""
        found = self.program.referred(self.resource, name, kind)
        return View(found, self.program, self.parameters) if found else None

    @property
    def stage(self) -> str:
        """dev | staging | prod, by the resource's `stage` label or tag, or the profile's; empty where nobody says."""
        for path in _STAGES:
            value = self.resource.get(path)
            if isinstance(value, str):
                return value
        return str(self.parameters.get("stage", ""))


def _part(whole: Resource, properties: Mapping[str, Any]) -> Resource:
    return Resource(
        urn=whole.urn,
        type=whole.type,
        properties=properties,
        parent=whole.parent,
        references=whole.references,
        dependencies=whole.dependencies,
        provider=whole.provider,
        custom=whole.custom,
    )
