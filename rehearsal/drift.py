"""Changes that somebody makes behind the stack's back: the console, a script, another team."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from rehearsal.paths import parse_path, path_text
from rehearsal.references import parts_of
from rehearsal.sealing import is_sealed
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import Path, Secret, lookup


class DriftError(ValueError):
    """The resource or property to change is not there or not clear."""


def change(cloud: SimulatedCloud, identifier: str, path: str, value: Any) -> Resource:
    """Set the property at `path` of the resource that `identifier` (id, name, ARN or URN) means and give the result.

    Raises DriftError when nothing or more than one thing is meant, or when the path leads through something that
    is not there.
    """
    resource = find(cloud, identifier)
    steps = _steps(resource, path)
    value = _sealed_like(cloud, resource, steps, value)
    outputs = _with(resource.outputs, steps, value)
    inputs = _with(resource.inputs, steps, value) if steps[0] in resource.inputs else resource.inputs
    changed = replace(resource, inputs=inputs, outputs=outputs)
    cloud.update(changed)
    return changed


def remove(cloud: SimulatedCloud, identifier: str) -> Resource:
    """Delete the resource that `identifier` (id, name, ARN or URN) means with everything inside it, and give it.

    Raises DriftError when nothing or more than one thing is meant.
    """
    resource = find(cloud, identifier)
    for part in parts_of(cloud, resource):
        cloud.delete(part)
    cloud.delete(resource)
    return resource


def find(cloud: SimulatedCloud, identifier: str) -> Resource:
    """Give the one resource that `identifier` means; a URN or ARN goes before a name, a name before an id:
    a bucket's settings have its id and no name of their own.

    Raises DriftError when nothing or more than one thing is meant, naming the candidates.
    """
    resources = cloud.all()
    for attribute in ("urn", "arn", "name", "id"):
        found = [resource for resource in resources if getattr(resource, attribute) == identifier]
        if len(found) == 1:
            return found[0]
        if found:
            candidates = ", ".join(f"{resource.type} {resource.id!r} ({resource.urn})" for resource in found)
            raise DriftError(f"{identifier!r} means {len(found)} resources: {candidates}; name one by its URN")
    raise DriftError(f"{identifier!r} is no URN, ARN, id or name of the {len(resources)} resources in the simulated clouds")


def _sealed_like(cloud: SimulatedCloud, resource: Resource, steps: Path, value: Any) -> Any:
    """A secret stays a secret at rest, whoever sets it."""
    if not is_sealed(lookup(resource.outputs, steps)):
        return value
    return cloud.sealer.seal({"value": Secret(value)})["value"]


def _steps(resource: Resource, path: str) -> Path:
    try:
        steps = parse_path(path)
    except ValueError as error:
        raise DriftError(str(error)) from error
    if not steps or steps[0] not in {*resource.inputs, *resource.outputs}:
        known = ", ".join(sorted({*resource.inputs, *resource.outputs}))
        raise DriftError(f"{resource.type} {resource.id!r} has no property {path!r}; it has {known}")
    return steps


def _with(values: dict[str, Any], steps: Path, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(values)
    container: Any = changed
    for position, step in enumerate(steps[:-1]):
        container = _inner(container, step, steps[: position + 1])
    _inner_set(container, steps, value)
    return changed


def _inner(container: Any, step: str | int, path: Path) -> Any:
    try:
        return container[step]
    except (KeyError, IndexError, TypeError) as error:
        raise DriftError(f"there is nothing at {path_text(path)}") from error


def _inner_set(container: Any, steps: Path, value: Any) -> None:
    try:
        container[steps[-1]] = value
    except (IndexError, TypeError) as error:
        raise DriftError(f"there is nothing at {path_text(steps)}") from error
