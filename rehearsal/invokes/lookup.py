"""Look-ups: a function that is named after a resource type gives what the simulated cloud holds of it."""

from __future__ import annotations

import re
from typing import Final

from rehearsal.errors import not_found, package_of
from rehearsal.existing import assumed
from rehearsal.facts import facts
from rehearsal.invokes.call import Call
from rehearsal.schema import FunctionSchema, Property
from rehearsal.state import Resource
from rehearsal.values import Value, Values, as_map, as_text, lookup

_BRIDGED: Final = re.compile(r"^(?P<module>(?:aws|gcp):[^:/]+)/get(?P<type>\w+):get\w+$")
_NATIVE: Final = re.compile(r"^(?P<module>azure-native:[^:]+):get(?P<type>\w+)$")

# Arguments that say how to look, not for what.
_HOW: Final = frozenset({"region", "project", "mostRecent", "filters", "tags", "provider", "expand", "withDecryption"})


def resource_type_of(function: str) -> str | None:
    """Give the type that a function looks up: `aws:s3/getBucket:getBucket` looks up `aws:s3/bucket:Bucket`."""
    bridged = _BRIDGED.match(function)
    if bridged:
        name = bridged["type"]
        return f"{bridged['module']}/{name[0].lower()}{name[1:]}:{name}"
    native = _NATIVE.match(function)
    return f"{native['module']}:{native['type']}" if native else None


def look_up(call: Call, token: str, schema: FunctionSchema) -> Values:
    """Give the outputs of the one resource that the arguments mean, as far as the function returns them.

    Raises CloudError (NOT_FOUND) if there is none.
    """
    found = find(call, token)
    if not found and call.scenario.assume_existing:
        return result_of(call, assumed(call.cloud, call.instance, token, call.args), schema)
    if not found:
        wanted = ", ".join(f"{name}={as_text(value)}" for name, value in call.args.items() if as_text(value)) or "any"
        raise not_found(token, wanted)
    return result_of(call, found[0], schema)


def find(call: Call, token: str) -> list[Resource]:
    """Give the resources of a type that agree with every argument, filter and tag, oldest first."""
    return [resource for resource in call.cloud.of_types([token]) if _reachable(call, resource) and _agrees(call, resource)]


def result_of(call: Call, resource: Resource, schema: FunctionSchema) -> Values:
    """Give a resource's outputs in the shape that a function returns; secrets are not given back."""
    outputs = call.cloud.sealer.unseal(resource.outputs, {})
    everything: Values = {**call.args, **outputs, "id": resource.id}
    found = {name: _shaped(_named(everything, name), expected) for name, expected in schema.outputs.items()}
    return {name: value for name, value in found.items() if value is not None}


def _named(values: Values, name: str) -> Value:
    """Data sources of bridged providers hold a single block as a list of one, under the word's plural (`masterAuths`)."""
    if values.get(name) is not None:
        return values[name]
    singulars = (name.removesuffix("s"), name.removesuffix("es"), re.sub("ies$", "y", name))
    return next((values[each] for each in singulars if isinstance(values.get(each), dict)), None)


def _shaped(value: Value, expected: Property) -> Value:
    """Give a value in the type that the function returns: a block as a list of one, a number read from text."""
    if expected.kind == "list" and isinstance(value, dict):
        return [value]
    if expected.kind in ("integer", "number") and isinstance(value, str):
        return int(value) if value.isdecimal() else None
    return value


def _reachable(call: Call, resource: Resource) -> bool:
    """Of a regional AWS service only what is in the call's region can be seen; other ids carry their place."""
    if package_of(resource.type) not in ("aws", "kubernetes"):
        return True
    known = facts(resource.type)
    global_service = known is not None and known.name_scope in ("global", "account")
    return global_service or resource.place == call.instance.place_for(call.args)


def _agrees(call: Call, resource: Resource) -> bool:
    values: Values = {**resource.outputs, "id": resource.id}
    named = all(_is_named(resource, values, name, value) for name, value in call.args.items() if name not in _HOW and as_text(value))
    tags = as_map(values.get("tagsAll") or values.get("tags") or values.get("labels"))
    tagged = all(tags.get(key) == value for key, value in as_map(call.args.get("tags")).items())
    return named and tagged and all(_passes(values, tags, as_map(item)) for item in call.items("filters"))


def _is_named(resource: Resource, values: Values, name: str, value: Value) -> bool:
    """An argument agrees with the property of its name; one with no such property must be the resource's own name or id."""
    own = values.get(name, resource.inputs.get(name))
    text = str(as_text(value))
    if own is None:
        return text.lower() in (resource.id.lower(), resource.name.lower(), resource.arn.lower())
    return str(as_text(own)).lower() == text.lower() or text in (resource.id, resource.name, resource.arn)


def _passes(values: Values, tags: Values, wanted: Values) -> bool:
    """EC2's filters are `vpc-id` for the property vpcId, and `tag:KEY`."""
    name = str(wanted.get("name"))
    options = wanted.get("values")
    if name.startswith("tag:"):
        actual = tags.get(name.removeprefix("tag:"))
    else:
        head, *rest = name.split("-")
        actual = lookup(values, (head + "".join(part.capitalize() for part in rest),))
    return isinstance(options, list) and as_text(actual) in [as_text(option) for option in options]
