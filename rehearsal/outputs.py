"""What a simulated cloud answers: a resource's id and outputs, in the formats of the real one."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from rehearsal.context import CloudContext
from rehearsal.facts import TypeFacts
from rehearsal.generated import generated
from rehearsal.guesses import guess
from rehearsal.kubernetes_objects import is_cluster_scoped, object_outputs
from rehearsal.labels import label_outputs
from rehearsal.naming import named_by_prefix
from rehearsal.paths import parse_path
from rehearsal.schema import Property, ResourceSchema
from rehearsal.templates import Filling, NotKnownYet
from rehearsal.values import UNKNOWN, Path, Secret, Value, Values, as_map, as_text, lookup, plain_values


def resource_id(schema: ResourceSchema, facts: TypeFacts | None, inputs: Values, context: CloudContext, seed: bytes) -> str:
    """Give the id that the cloud assigns, by the type's id format, or made up where none is known."""
    known = facts or TypeFacts(schema.token)
    inputs = named_by_prefix(schema.token, schema, inputs, seed)
    if schema.token.startswith("kubernetes:") and is_cluster_scoped(schema, inputs):
        return as_text(lookup(inputs, ("metadata", "name"))) or ""
    if known.id_format:
        return Filling(known, plain_values(inputs), context, seed).fill(known.id_format, "id")
    return _made_up_id(schema.token, inputs, context, seed)


def outputs(
    schema: ResourceSchema,
    facts: TypeFacts | None,
    inputs: Values,
    context: CloudContext,
    resource_id: str,
    seed: bytes,
    *,
    preview: bool = False,
    provider_config: Values | None = None,
) -> Values:
    """Give a resource's outputs: its inputs, what the provider fills in, and what the cloud computes.

    In a preview the computed ones are UNKNOWN, as real providers answer for a resource that is not made yet.
    """
    known = facts or TypeFacts(schema.token)
    given: Values = {name: value for name, value in inputs.items() if not name.startswith("__") and value is not None}
    if not preview:
        given = named_by_prefix(schema.token, schema, given, seed)
    package = schema.token.partition(":")[0]
    if package == "kubernetes":
        return object_outputs(schema, given, context, seed, preview=preview)
    filling = Filling(known, plain_values(given), context, seed, resource_id)
    made = {name: value for name, value in given.items() if name in schema.outputs or schema.open}
    made |= label_outputs(schema, given, provider_config or {}, package)
    for name, expected in schema.outputs.items():
        if name not in made:
            made |= _filled_in(name, expected, schema, filling, preview=preview)
        elif name in given:
            made[name] = _completed(made[name], expected, (name,), filling, preview=preview)
    return made


def _filled_in(name: str, expected: Property, schema: ResourceSchema, filling: Filling, *, preview: bool) -> Values:
    """Give an output that the inputs do not hold, or nothing where the cloud leaves it out.

    What may be absent stays absent, and so does a block that was left out; other inputs have a default.
    """
    computed = name in schema.computed
    left_out = expected.optional or (expected.kind == "object" and not computed)
    if left_out and not _has_template(name, filling):
        return {}
    if preview:
        return {name: UNKNOWN}
    try:
        return {name: _value_of(expected, (name,), filling, computed=computed)}
    except NotKnownYet:
        return {name: UNKNOWN}


def _has_template(name: str, filling: Filling) -> bool:
    return any(template and parse_path(path)[0] == name for path, template in filling.facts.computed.items())


def _value_of(expected: Property, path: Path, filling: Filling, *, computed: bool) -> Value:
    value = guess(expected, path, filling, computed=computed)
    for text, template in filling.facts.computed.items():
        steps = parse_path(text)
        if template and steps[: len(path)] == path:
            value = _placed(value, steps[len(path) :], _typed(filling.fill(template, text), expected, steps[len(path) :]))
    return value


def _placed(container: Value, path: Path, value: Value) -> Value:
    """Give `container` with `value` at `path`, making the maps and lists on the way."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        items = list(container) if isinstance(container, list) else []
        items += [None] * (step + 1 - len(items))
        items[step] = _placed(items[step], rest, value)
        return items
    members = as_map(container)
    return {**members, step: _placed(members.get(step), rest, value)}


def _typed(text: str, expected: Property, path: Path) -> Value:
    for step in path:
        expected = (expected.element if isinstance(step, int) else expected.properties.get(step)) or Property("string")
    if expected.kind == "boolean":
        return text == "true"
    if expected.kind in ("integer", "number"):
        return float(text) if "." in text else int(text)
    return text


def _completed(value: Value, expected: Property, path: Path, filling: Filling, *, preview: bool) -> Value:
    """Give a given object with the members that only the cloud knows, such as an identity's principal."""
    if isinstance(value, Secret):
        return Secret(_completed(value.value, expected, path, filling, preview=preview))
    if isinstance(value, list) and expected.kind == "map":
        # azure-native takes the ids of managed identities as a list and answers a mapping from each id to what it knows of it.
        ids = [as_text(item) or "" for item in value]
        return UNKNOWN if preview else {identity: _known_of(expected.element, (*path, identity), filling) for identity in ids}
    if isinstance(value, list) and expected.element:
        return [_completed(item, expected.element, (*path, index), filling, preview=preview) for index, item in enumerate(value)]
    if not isinstance(value, dict) or expected.kind != "object":
        return value
    done: Values = {}
    for name, member in expected.properties.items():
        inner: Path = (*path, name)
        if value.get(name) is not None:
            done[name] = _completed(value[name], member, inner, filling, preview=preview)
        elif not member.optional or any(parse_path(text)[: len(inner)] == inner for text in filling.facts.computed):
            done[name] = UNKNOWN if preview else _known_value(member, inner, filling)
    return {**value, **done}


def _known_of(element: Property | None, path: Path, filling: Filling) -> Value:
    return _completed({}, element, path, filling, preview=False) if element else {}


def _known_value(expected: Property, path: Path, filling: Filling) -> Value:
    try:
        return _value_of(expected, path, replace(filling, seed=_seed_at(filling.seed, path)), computed=True)
    except NotKnownYet:
        return UNKNOWN


def _seed_at(seed: bytes, path: Path) -> bytes:
    """Members of different elements of a list have different values."""
    return hashlib.sha256(seed + "".join(str(step) for step in path if isinstance(step, int)).encode()).digest()


def _made_up_id(token: str, inputs: Values, context: CloudContext, seed: bytes) -> str:
    package, module, kind = token.split(":")
    name = as_text(inputs.get("name")) or f"{kind.lower()}-{generated('hex8', seed, context.now)}"
    plural = f"{kind[0].lower()}{kind[1:]}s"
    if package == "gcp":
        return f"projects/{as_text(inputs.get('project')) or context.gcp_project}/{plural}/{name}"
    if package == "azure-native":
        group = as_text(inputs.get("resourceGroupName"))
        within = f"/resourceGroups/{group}" if group else ""
        return f"/subscriptions/{context.azure_subscription}{within}/providers/Microsoft.{module.title()}/{plural}/{name}"
    return name
