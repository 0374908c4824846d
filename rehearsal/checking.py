"""The checks before a resource is planned: its type, its properties, its name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from rehearsal.errors import package_of
from rehearsal.facts import facts
from rehearsal.naming import auto_name, check_name, has_name_prefix, name_path
from rehearsal.paths import path_text
from rehearsal.schema import ResourceSchema, resource_schema
from rehearsal.validation import Failure, validate
from rehearsal.values import UNKNOWN, Path, Secret, Value, Values, as_map, as_text, has_secret, has_unknown, lookup, plain

# The key under which the engine keeps which inputs a provider filled in, as bridged providers do.
DEFAULTS = "__defaults"


@dataclass(frozen=True)
class Naming:
    """What the engine sends for naming: the logical name, a seed, and the project's naming rules if it has any."""

    logical_name: str
    seed: bytes
    autonaming: tuple[str, str] | None = None


def check(token: str, inputs: Values, old_inputs: Values, naming: Naming) -> tuple[Values, list[Failure]]:
    """Give the inputs completed by a name, and every reason why the provider refuses them."""
    schema = resource_schema(token)
    if schema is None:
        reason = f"{token} is not a type of the installed {package_of(token)} SDK; check the type or the SDK's version"
        return inputs, [Failure("", reason)]
    named = _named(token, schema, inputs, old_inputs, naming)
    failures = validate(schema, named)
    return _with_text_documents(schema, named), failures + _name_failures(token, schema, named, naming)


def _with_text_documents(schema: ResourceSchema, inputs: Values) -> Values:
    """pulumi-aws takes a policy as an object too and gives it back as the JSON text that AWS keeps (aws.iam.PolicyDocument)."""
    return {name: _as_document(value) if _is_document(schema, name, value) else value for name, value in inputs.items()}


def _is_document(schema: ResourceSchema, name: str, value: Value) -> bool:
    given, kept = schema.inputs.get(name), schema.outputs.get(name)
    takes_both = given is not None and given.kind == "union" and kept is not None and kept.kind == "string"
    return takes_both and isinstance(plain(value), dict)


def _as_document(value: Value) -> Value:
    if has_unknown(value):
        return UNKNOWN
    text = json.dumps(plain(value), separators=(",", ":"), sort_keys=True)
    return Secret(text) if has_secret(value) else text


def _named(token: str, schema: ResourceSchema, inputs: Values, old_inputs: Values, naming: Naming) -> Values:
    path = name_path(token, schema)
    if path is None or lookup(inputs, path) is not None or has_name_prefix(token, schema, inputs):
        return inputs
    name = _kept_name(path, old_inputs, inputs) or auto_name(token, schema, naming.logical_name, naming.seed, naming.autonaming)
    if name is None:
        return inputs
    named = _with(inputs, path, name)
    return {**named, DEFAULTS: [path_text(path)]}


def _kept_name(path: Path, old_inputs: Values, inputs: Values) -> Value:
    """A generated name stays for the life of the resource; a prefix in its place is the program's own choice."""
    defaults = old_inputs.get(DEFAULTS)
    kept = isinstance(defaults, list) and path_text(path) in defaults
    return lookup(old_inputs, path) if kept else None


def _with(values: Mapping[str, Value], path: Path, value: Value) -> Values:
    head, *rest = path
    inner: Value = _with(as_map(values.get(str(head))), tuple(rest), value) if rest else value
    return {**values, str(head): inner}


def _name_failures(token: str, schema: ResourceSchema, inputs: Values, naming: Naming) -> list[Failure]:
    path = name_path(token, schema)
    if path is None:
        return []
    value = lookup(inputs, path)
    if value is None:
        return _no_name(path, schema, naming)
    name = as_text(value)
    reason = check_name(facts(token), name) if name is not None else None
    return [Failure(path_text(path), reason)] if reason else []


def _no_name(path: Path, schema: ResourceSchema, naming: Naming) -> list[Failure]:
    if naming.autonaming is None or naming.autonaming[1] != "DISABLE" or path[0] in schema.required:
        return []
    return [Failure(path_text(path), "is not set and the project switches automatic naming off; give the resource a name")]
