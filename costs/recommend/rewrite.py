"""Programs with something changed in them; the program itself stays as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from costs.resource import Program, Resource


def with_properties(program: Program, resource: Resource, **changed: Any) -> Program:
    """The program with these top-level properties of one resource changed."""
    return _with(program, [replace(resource, properties={**resource.properties, **changed})])


def with_value(program: Program, resources: Iterable[Resource], old: str, new: str) -> Program:
    """The program with one value replaced wherever it stands in these resources' properties."""
    changed = [replace(each, properties=_replaced(each.properties, old, new)) for each in resources]
    return _with(program, changed)


def with_resource(program: Program, resource: Resource) -> Program:
    """The program with one more resource."""
    return _with(program, [resource])


def without(program: Program, *urns: str) -> Program:
    """The program without these resources."""
    return Program([each for each in program.resources.values() if each.urn not in urns], program.config, program.missing)


def with_path(resource: Resource, path: str, value: Any) -> Resource:
    """The resource with the value at a dotted path (through mappings) set."""
    first, _, rest = path.partition(".")
    inner = resource.properties.get(first)
    if rest:
        value = _set(cast(Mapping[str, Any], inner) if isinstance(inner, Mapping) else {}, rest, value)
    return replace(resource, properties={**resource.properties, first: value})


def around(program: Program, resource: Resource) -> list[Resource]:
    """The resource and those that it refers to: a group's launch template, an endpoint's configuration."""
    referred = [program.resources[urn] for urns in resource.references.values() for urn in urns if urn in program.resources]
    return [resource, *{each.urn: each for each in referred}.values()]


def _with(program: Program, changed: Iterable[Resource]) -> Program:
    resources = {**program.resources, **{each.urn: each for each in changed}}
    return Program(resources.values(), program.config, program.missing)


def _set(mapping: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    first, _, rest = path.partition(".")
    inner = mapping.get(first)
    return {**mapping, first: _set(cast(Mapping[str, Any], inner) if isinstance(inner, Mapping) else {}, rest, value) if rest else value}


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _replaced(each, old, new) for key, each in cast(Mapping[str, Any], value).items()}
    if isinstance(value, list):
        return [_replaced(each, old, new) for each in cast(list[Any], value)]
    return new if value == old else value
