"""Whether a cloud's provider would take these inputs: their names, what is required, and their types."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pulumi import Archive, Asset

from rehearsal.paths import path_text
from rehearsal.schema import FunctionSchema, Property, ResourceSchema
from rehearsal.values import UNKNOWN, Path, Secret, Value, Values

# pulumi-aws and pulumi-gcp are bridged from Terraform, whose type system converts between strings, numbers and booleans.
_CONVERTING: Final = frozenset({"aws", "gcp"})
# Kubernetes reads a bare number where it wants a quantity ("nvidia.com/gpu": 1), in maps of these names only.
_QUANTITY_MAPS: Final = frozenset({"limits", "requests", "capacity", "allocatable", "hard", "min", "max", "default", "defaultRequest"})
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z")
_WORDS: Final = {
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "list": "a list",
    "map": "a map",
    "object": "an object",
    "asset": "an asset or archive",
}
_LISTED_NAMES: Final = 12
_SHOWN_CHARACTERS: Final = 40


@dataclass(frozen=True)
class Failure:
    """One reason why inputs are refused: the property's path and a sentence."""

    property: str
    reason: str


def validate(schema: ResourceSchema | FunctionSchema, inputs: Values) -> list[Failure]:
    """Give every reason why the provider would refuse `inputs`: unknown, missing and mistyped properties, at any depth.

    UNKNOWN passes anywhere and secrets are looked through without being shown. pulumi-azure-native itself only warns
    of an unknown property, and a Kubernetes API server drops one; here both fail, since what is dropped silently is
    what costs the reader a day.
    """
    package = _package_of(schema.token)
    return list(_check_members(inputs, schema.inputs, schema.required, (), package, open_ended=schema.open))


def decode_settings(schema: ResourceSchema, inputs: Values) -> Values:
    """Give provider settings with their real types: the engine sends all but strings as JSON text.

    Text that is not JSON is left as it is, for `validate` to report.
    """
    return {name: _decode_setting(schema.inputs.get(name), value) for name, value in inputs.items()}


def _decode_setting(expected: Property | None, value: Value) -> Value:
    if isinstance(value, Secret):
        return Secret(_decode_setting(expected, value.value))
    if expected is None or expected.kind == "string" or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _package_of(token: str) -> str:
    first, _, rest = token.partition(":")
    return rest.partition(":")[2] if first == "pulumi" else first


def _check_members(
    values: Mapping[str, Value],
    known: Mapping[str, Property],
    required: frozenset[str],
    path: Path,
    package: str,
    *,
    open_ended: bool = False,
) -> Iterator[Failure]:
    present = {name: value for name, value in values.items() if value is not None and not name.startswith("__")}
    for name in sorted(required - present.keys()):
        yield Failure(path_text((*path, name)), f"missing required property {name!r}; give it a value")
    for name, value in present.items():
        if name in known:
            yield from _check(value, known[name], (*path, name), package)
        elif not open_ended:
            yield Failure(path_text((*path, name)), _unknown_property(name, known))


def _check(value: Value, expected: Property, path: Path, package: str, *, hidden: bool = False) -> Iterator[Failure]:
    if isinstance(value, Secret):
        yield from _check(value.value, expected, path, package, hidden=True)
        return
    if value is None or value is UNKNOWN or expected.kind == "any":
        return
    if expected.kind == "union":
        yield from _check_union(value, expected, path, package, hidden=hidden)
        return
    if expected.kind == "object" and isinstance(value, dict):
        yield from _check_members(value, expected.properties, expected.required, path, package)
        return
    if expected.kind in ("list", "map") and isinstance(value, dict | list):
        yield from _check_container(value, expected, path, package, hidden=hidden)
        return
    reason = _scalar_reason(value, expected, path, package, hidden=hidden)
    if reason:
        yield Failure(path_text(path), reason)


def _check_union(value: Value, expected: Property, path: Path, package: str, *, hidden: bool) -> Iterator[Failure]:
    """Report against the alternative that fits best, so that one typo gives one failure."""
    attempts = [list(_check(value, option, path, package, hidden=hidden)) for option in expected.options]
    yield from min(attempts, key=len)


def _check_container(
    value: dict[str, Value] | list[Value], expected: Property, path: Path, package: str, *, hidden: bool
) -> Iterator[Failure]:
    element = expected.element or Property("any")
    if isinstance(value, list) and expected.kind == "list":
        for index, item in enumerate(value):
            yield from _check(item, element, (*path, index), package, hidden=hidden)
    elif isinstance(value, dict) and expected.kind == "map":
        for key, item in value.items():
            if not key.startswith("__"):
                yield from _check(item, element, (*path, key), package, hidden=hidden)
    else:
        yield Failure(path_text(path), _mistyped(value, expected, hidden=hidden))


def _scalar_reason(value: Value, expected: Property, path: Path, package: str, *, hidden: bool) -> str | None:
    if expected.kind == "asset":
        return None if isinstance(value, Asset | Archive) else _mistyped(value, expected, hidden=hidden)
    if not isinstance(value, bool | int | float | str) or not _fits(value, expected.kind, _converts(path, package)):
        return _mistyped(value, expected, hidden=hidden)
    if expected.strict and value not in expected.allowed:
        allowed = ", ".join(repr(each) for each in expected.allowed)
        return f"{_shown(value, hidden=hidden)} is not one of the allowed values; use one of {allowed}"
    return None


def _converts(path: Path, package: str) -> bool:
    if package in _CONVERTING:
        return True
    return package == "kubernetes" and len(path) > 1 and path[-2] in _QUANTITY_MAPS


def _fits(value: bool | float | str, kind: str, converts: bool) -> bool:
    if kind == "string":
        return isinstance(value, str) or converts
    if kind == "boolean":
        return isinstance(value, bool) or (converts and value in ("true", "false"))
    if isinstance(value, bool):
        return False
    if isinstance(value, str):
        if not converts or not _NUMBER.match(value):
            return False
        value = float(value)
    return kind == "number" or (kind == "integer" and float(value).is_integer())


def _mistyped(value: Value, expected: Property, *, hidden: bool) -> str:
    return f"must be {_WORDS[expected.kind]}, but it is {_shown(value, hidden=hidden)}; give it {_WORDS[expected.kind]}"


def _shown(value: Value, *, hidden: bool) -> str:
    """Describe a value; only a scalar that is not secret is quoted."""
    if isinstance(value, dict | list):
        return _WORDS["map" if isinstance(value, dict) else "list"]
    if isinstance(value, Asset | Archive):
        return _WORDS["asset"]
    if hidden:
        return "a secret value of another type"
    text = json.dumps(value) if isinstance(value, bool | int | float | str) else repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def _unknown_property(name: str, known: Mapping[str, Property]) -> str:
    by_letters = {each.lower(): each for each in known}
    close = difflib.get_close_matches(name.replace("_", "").lower(), by_letters, n=1)
    if close:
        return f"unknown property {name!r}; did you mean {by_letters[close[0]]!r}?"
    listed = ", ".join(sorted(known)[:_LISTED_NAMES]) or "none"
    more = f" and {len(known) - _LISTED_NAMES} more" if len(known) > _LISTED_NAMES else ""
    return f"unknown property {name!r}; remove it or use one of: {listed}{more}"
