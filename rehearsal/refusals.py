"""Changes that a provider plans in place and the cloud's API then refuses; the table is facts/refused.csv."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path as File
from typing import Final

from rehearsal.errors import CloudError, invalid
from rehearsal.paths import parse_path
from rehearsal.values import Path, Value, Values, as_map, as_text, lookup

_TABLE: Final = File(__file__).parent / "facts" / "refused.csv"


def check_changes(token: str, identifier: str, old_inputs: Values, inputs: Values) -> None:
    """Raises CloudError (INVALID_ARGUMENT) for the first change of an update that the cloud's API does not take.

    What a property is while nothing is given says the table's `unset`; where that is empty, it may be given later.
    """
    for path, unset in _refused().get(token, ()):
        if any(_changed(old, new, unset) for old, new in _pairs(old_inputs, inputs, path)):
            raise _not_allowed(token, identifier, ".".join(map(str, path)))


@cache
def _refused() -> dict[str, tuple[tuple[Path, str], ...]]:
    found: dict[str, tuple[tuple[Path, str], ...]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["type"]] = (*found.get(row["type"], ()), (parse_path(row["property"]), row["unset"]))
    return found


def _pairs(old_inputs: Values, inputs: Values, path: Path) -> list[tuple[Value, Value]]:
    """Give the old and the new value; of a list's elements, by their name."""
    old, new = old_inputs.get(str(path[0])), inputs.get(str(path[0]))
    if not isinstance(old, list) or not isinstance(new, list) or len(path) == 1:
        return [(lookup(old_inputs, path), lookup(inputs, path))]
    before = {as_text(as_map(item).get("name")): as_map(item) for item in old}
    return [
        (lookup(before[name], path[1:]), lookup(as_map(item), path[1:]))
        for item in new
        if (name := as_text(as_map(item).get("name"))) in before
    ]


def _changed(old: Value, new: Value, unset: str) -> bool:
    if new is None or (old is None and not unset):
        return False
    return old != new if old is not None else as_text(new) != unset


def _not_allowed(token: str, identifier: str, path: str) -> CloudError:
    changed = path.removeprefix("properties.")
    message = f"PropertyChangeNotAllowed: Changing property 'properties.{changed}' is not allowed: {token} {identifier!r}"
    return invalid(f"{message}; give it another name, so that a new one takes its place, or list {path} in replace_on_changes")
