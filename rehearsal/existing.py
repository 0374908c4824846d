"""What a scenario puts into the simulated clouds before the program runs."""

from __future__ import annotations

import contextlib
import hashlib
from typing import Any, Final

from rehearsal.errors import invalid, package_of
from rehearsal.facts import facts
from rehearsal.instances import Instance
from rehearsal.naming import name_path, uniqueness_key
from rehearsal.outputs import outputs, resource_id
from rehearsal.scenario import Existing, Scenario
from rehearsal.schema import ResourceSchema, resource_schema
from rehearsal.state import Resource, SimulatedCloud, TakenError
from rehearsal.values import Path, Values, as_map, as_text

_REGION_PROPERTIES: Final = ("region", "location")


def seed_existing(cloud: SimulatedCloud, package: str, instance: Instance, scenario: Scenario) -> None:
    """Make the scenario's existing resources of a package where they are not there yet.

    Raises CloudError for a type that the installed SDK does not have.
    """
    for existing in scenario.existing:
        if package_of(existing.type) == package:
            # Every provider instance of the program comes by here; only the first finds nothing.
            with contextlib.suppress(TakenError):
                cloud.create(_resource(cloud, instance, existing))


def assumed(cloud: SimulatedCloud, instance: Instance, token: str, told: Values, identifier: str | None = None) -> Resource:
    """A resource as somebody else would have made it, of which only this is known: for scenarios that assume what they do not list.

    Raises CloudError for a type that the installed SDK does not have.
    """
    schema = resource_schema(token)
    known = {key: value for key, value in told.items() if schema and key in schema.inputs}
    path = name_path(token, schema) if schema else None
    name = as_text(known.get(str(path[0]))) if path else None
    return _resource(cloud, instance, Existing(type=token, id=identifier, name=name or "assumed", properties=known))


def _resource(cloud: SimulatedCloud, instance: Instance, existing: Existing) -> Resource:
    schema = resource_schema(existing.type)
    if schema is None:
        raise invalid(f"existing {existing.type} of the scenario is not a type of the installed SDK; correct the type")
    known = facts(existing.type)
    inputs = _inputs(schema, existing)
    context = instance.context_for(inputs)
    seed = hashlib.sha256(f"existing {existing.type} {existing.id} {existing.name} {existing.region}".encode()).digest()
    identifier = existing.id or resource_id(schema, known, inputs, context, seed)
    made = {**outputs(schema, known, inputs, context, identifier, seed, provider_config=instance.config), **existing.properties}
    unique = uniqueness_key(known, existing.type, inputs, context)
    return Resource(
        type=existing.type,
        place=instance.place_for(inputs),
        id=identifier,
        urn="",
        name=existing.name or "",
        arn=str(made.get("arn") or made.get("selfLink") or ""),
        uniqueness=instance.uniqueness(unique),
        seed=seed.hex(),
        inputs=cloud.sealer.seal(inputs),
        outputs=cloud.sealer.seal(made),
        created_at=context.now,
    )


def _inputs(schema: ResourceSchema, existing: Existing) -> Values:
    inputs: dict[str, Any] = dict(existing.properties)
    path = name_path(existing.type, schema)
    if existing.name and path:
        inputs = _with(inputs, path, existing.name)
    place = next((name for name in _REGION_PROPERTIES if name in schema.inputs), None)
    if existing.region and place:
        inputs.setdefault(place, existing.region)
    return inputs


def _with(values: Values, path: Path, name: str) -> Values:
    head, *rest = (str(step) for step in path)
    return {**values, head: _with(as_map(values.get(head)), tuple(rest), name) if rest else name}
