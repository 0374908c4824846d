"""A part of a resource: reads below one path, so that what cannot be read is named by its whole path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast, overload

from costs.resource import Missing
from policies.view import Undecided, View


@dataclass(frozen=True)
class Part:
    """The value at a path of a resource, such as one container of a pod; an empty path is the resource itself."""

    view: View
    path: str

    def at(self, path: str) -> str:
        """The whole path of something in it."""
        return ".".join(step for step in (self.path, path) if step)

    def part(self, path: str) -> "Part":
        """What is at a path below it."""
        return Part(self.view, self.at(path))

    def get(self, path: str) -> Any:
        """The value at a path below it, None where there is none. Raises Undecided."""
        return self.view.get(self.at(path))

    def flag(self, path: str, default: bool = False) -> bool:
        """Whether a switch is on; default: what holds where it is left out. Raises Undecided."""
        return self.view.flag(self.at(path), default)

    @overload
    def number(self, path: str, default: float) -> float: ...

    @overload
    def number(self, path: str) -> float | None: ...

    def number(self, path: str, default: float | None = None) -> float | None:
        """The number at a path below it. Raises Undecided."""
        found = self.view.number(self.at(path))
        return default if found is None else found

    def text(self, path: str, default: str = "") -> str:
        """The text at a path below it. Raises Undecided."""
        return self.view.text(self.at(path), default)

    def present(self, path: str) -> bool:
        """Whether something stands there, known or not."""
        return self.view.present(self.at(path))

    def items(self, path: str) -> list[Any]:
        """The list at a path below it. Raises Undecided where the list itself cannot be read."""
        return self.view.items(self.at(path))

    def texts(self, path: str) -> list[str]:
        """The texts of a list. Raises Undecided where it, or one of them, cannot be read."""
        return [str(each.get("")) for each in self.each(path)]

    def fields(self, path: str) -> Mapping[str, Any]:
        """A mapping whose keys may hold dots, as labels do; what cannot be read of its values stays so. Raises Undecided."""
        value = self.get(path)
        return cast(dict[str, Any], value) if isinstance(value, dict) else {}

    def known(self, path: str) -> dict[str, str]:
        """Such a mapping with texts that can all be read. Raises Undecided."""
        found = self.fields(path)
        hidden = next((name for name, value in found.items() if isinstance(value, Missing)), None)
        if hidden is not None:
            raise Undecided(f"{self.at(path)}.{hidden}")
        return {name: str(value) for name, value in found.items()}

    def each(self, path: str) -> Iterator["Part"]:
        """Each item of a list. Raises Undecided where the list, or an item as a whole, cannot be read."""
        value = self.get(path)
        for at in range(len(cast(list[Any], value)) if isinstance(value, list | tuple) else 0):
            self.get(f"{path}.{at}")
            yield self.part(f"{path}.{at}")
