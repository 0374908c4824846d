"""What changed between two sets of inputs, and which changes need a new resource."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pulumi import Archive, Asset

from rehearsal.facts import TypeFacts
from rehearsal.paths import covers, parse_path, path_text, without_indexes
from rehearsal.replacement import Edit, property_at, replaces
from rehearsal.schema import ResourceSchema
from rehearsal.values import Path, Value, Values, as_text, lookup, plain, plain_values

_SINGLE: Final = ("string", "number", "integer", "boolean")
ChangeKind = Literal["add", "delete", "update"]


@dataclass(frozen=True)
class Change:
    """One changed input: its path in Pulumi's syntax, what happened to it, and whether it needs a new resource."""

    path: str
    kind: ChangeKind
    replaces: bool
    input_diff: bool = True


def diff(
    schema: ResourceSchema | None,
    facts: TypeFacts | None,
    old_inputs: Values,
    new_inputs: Values,
    ignore_changes: Sequence[str] = (),
) -> list[Change]:
    """Give every changed input, at the outermost path that was added or removed, or the leaf that differs.

    An unknown new value counts as a change, and replaces where a known one would. `ignore_changes` holds property paths,
    in which `*` stands for any one step.
    """
    ignored = [parse_path(each) for each in ignore_changes]
    token = schema.token if schema else facts.token if facts else ""
    edits = [
        edit
        for edit in _edits(plain_values(old_inputs), plain_values(new_inputs), ())
        if not any(covers(pattern, edit.path) for pattern in ignored)
    ]
    changes = [
        Change(path_text(edit.path), edit.kind, replaces(token, schema, facts, edit, plain_values(new_inputs)))
        for edit in edits
        if not _same_document(token, edit) and not _is_empty_map(schema, edit)
    ]
    return [change for change in changes if not (change.replaces and _is_left_to_the_cloud(schema, change))]


def _is_left_to_the_cloud(schema: ResourceSchema | None, change: Change) -> bool:
    """Tell whether an input was taken out that the cloud fills in itself, such as the region of an imported bucket.

    The Terraform bridge plans no change for an attribute that is optional and computed; a single value that always has an output is.
    azure-native compares what was sent.
    """
    if schema is None or change.kind != "delete" or schema.token.startswith(("azure-native:", "kubernetes:")):
        return False
    given, output = schema.inputs.get(change.path), schema.outputs.get(change.path)
    return given is not None and given.kind in _SINGLE and output is not None and not output.optional


def delete_before_replace(token: str, facts: TypeFacts | None, old: Values, new: Values) -> bool:
    """Tell whether the old resource must go first: the user fixed its name, and the cloud would refuse a second one.

    A name that the provider generated is listed in `__defaults`; a replacement gets a new one.
    """
    if facts is None or not facts.name_property or facts.name_scope == "none":
        return False
    path = parse_path(facts.name_property)
    name = as_text(lookup(new, path))
    generated = plain(new.get("__defaults"))
    if isinstance(generated, list) and facts.name_property in generated:
        return False
    return name is not None and name == as_text(lookup(old, path)) and not _moves_away(facts, token, old, new)


def _moves_away(facts: TypeFacts, token: str, old: Values, new: Values) -> bool:
    """The same name in another place (project, region, resource group, parent) is free, unless names are global."""
    if facts.name_scope == "global":
        return False
    places = ("project", "region", "location", "resourceGroupName", "vpcId", *_parents(facts))
    if token.startswith("kubernetes:"):
        return lookup(old, ("metadata", "namespace")) != lookup(new, ("metadata", "namespace"))
    if token.startswith("azure-native:"):  # a group's name stays taken whatever its location
        places = tuple(place for place in places if place != "location")
    return any(as_text(old.get(place)) != as_text(new.get(place)) for place in places)


def _parents(facts: TypeFacts) -> tuple[str, ...]:
    if facts.name_scope != "parent":
        return ()
    return tuple(path for path in facts.immutable if path != facts.name_property and "." not in path and f"{{{path}}}" in facts.id_format)


def _edits(old: Value, new: Value, path: Path) -> Iterator[Edit]:
    if _is_absent(old) and _is_absent(new):
        return
    if _is_absent(old):
        yield Edit(path, "add", old, new)
    elif _is_absent(new):
        yield Edit(path, "delete", old, new)
    elif isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            if not name.startswith("__"):
                yield from _edits(old.get(name), new.get(name), (*path, name))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            yield from _edits(_at(old, index), _at(new, index), (*path, index))
    elif not _same(old, new):
        yield Edit(path, "update", old, new)


def _is_absent(value: Value) -> bool:
    """An empty list is what providers send and read as nothing."""
    return value is None or value == []


def _at(items: list[Value], index: int) -> Value:
    return items[index] if index < len(items) else None


def _same(old: Value, new: Value) -> bool:
    if isinstance(old, Asset | Archive) and isinstance(new, Asset | Archive):
        return old == new or (type(old) is type(new) and vars(old) == vars(new))
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    return old == new


def _is_empty_map(schema: ResourceSchema | None, edit: Edit) -> bool:
    """An empty map of tags is none; an empty object, such as a Kubernetes `emptyDir`, says something."""
    if edit.kind == "update" or (edit.old or edit.new) not in ({}, None):
        return False
    expected = property_at(schema, without_indexes(edit.path))
    return expected is not None and expected.kind == "map"


def _same_document(token: str, edit: Edit) -> bool:
    """pulumi-aws compares policies and other JSON documents by meaning, so that a reformatted one is no change."""
    if not token.startswith("aws:") or not isinstance(edit.old, str) or not isinstance(edit.new, str):
        return False
    try:
        return edit.old[:1] in "{[" and json.loads(edit.old) == json.loads(edit.new)
    except ValueError:
        return False
