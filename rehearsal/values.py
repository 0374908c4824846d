"""Property values as the simulated clouds see them: plain Python values and two markers.

`UNKNOWN` stands for a value that a preview cannot know; `Secret` wraps a value that must never be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from pulumi import Archive, Asset


class Unknown:
    """The type of `UNKNOWN`; compared by identity."""

    def __repr__(self) -> str:
        """Give the name it goes by in code."""
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value that is never printed; `value` may hold anything but another Secret."""

    value: Value

    def __repr__(self) -> str:
        """Give a text that hides the value."""
        return "Secret([hidden])"


Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | Unknown | Secret | Asset | Archive | None"
Values: TypeAlias = dict[str, Value]
Path: TypeAlias = tuple[str | int, ...]


def plain(value: Value) -> Value:
    """Give `value` without its Secret wrappers, at any depth."""
    if isinstance(value, Secret):
        return plain(value.value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def plain_values(values: Mapping[str, Value]) -> Values:
    """Give a map of values without Secret wrappers."""
    return {key: plain(item) for key, item in values.items()}


def leaves(value: Value, path: Path = ()) -> Iterator[tuple[Path, Value]]:
    """Give every scalar, marker, asset and empty container below `value` with its path; looks through secrets."""
    inner = value.value if isinstance(value, Secret) else value
    if isinstance(inner, dict) and inner:
        for key, item in inner.items():
            yield from leaves(item, (*path, key))
        return
    if isinstance(inner, list) and inner:
        for index, item in enumerate(inner):
            yield from leaves(item, (*path, index))
        return
    yield path, inner


def has_unknown(value: Value) -> bool:
    """Tell whether any part of `value` is not known yet."""
    return any(leaf is UNKNOWN for _, leaf in leaves(value))


def has_secret(value: Value) -> bool:
    """Tell whether any part of `value` is secret."""
    if isinstance(value, Secret):
        return True
    if isinstance(value, dict):
        return any(has_secret(item) for item in value.values())
    return isinstance(value, list) and any(has_secret(item) for item in value)


def lookup(values: Value, path: Sequence[str | int]) -> Value:
    """Give the value at `path`, looking through secrets; None where there is nothing, UNKNOWN below an unknown."""
    current = values
    for step in path:
        current = current.value if isinstance(current, Secret) else current
        if current is UNKNOWN:
            return UNKNOWN
        current = _step(current, step)
    return current


def _step(container: Value, step: str | int) -> Value:
    if isinstance(container, dict):
        return container.get(str(step))
    if isinstance(container, list) and isinstance(step, int) and 0 <= step < len(container):
        return container[step]
    return None


def as_map(value: Value) -> Values:
    """Give `value` if it is a map (looking through a secret), else an empty map."""
    inner = value.value if isinstance(value, Secret) else value
    return inner if isinstance(inner, dict) else {}


def as_text(value: Value) -> str | None:
    """Give `value` as text if it is a known string or number, else None; looks through a secret."""
    inner = value.value if isinstance(value, Secret) else value
    if isinstance(inner, bool):
        return str(inner).lower()
    if isinstance(inner, str | int | float):
        return str(inner)
    return None


def from_json(value: object) -> Value:
    """Give decoded JSON as a Value; the caller vouches that it is JSON."""
    return cast("Value", value)
