"""What a simulated cloud does with a resource over its life: create, read, update and delete."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rehearsal.capacity.claims import GRANTING
from rehearsal.capacity.wants import has_nodes
from rehearsal.cloud_run import check_service
from rehearsal.consequences import Consequences
from rehearsal.deletion import check_deletable, is_kept
from rehearsal.errors import PartialFailure, already_exists, invalid, not_found
from rehearsal.events import Events, fault_error, fault_message
from rehearsal.existing import assumed
from rehearsal.facts import TypeFacts, facts
from rehearsal.instances import Instance
from rehearsal.load_balancing import check_balancer
from rehearsal.naming import name_path, uniqueness_key
from rehearsal.online_endpoints import apply_template, check_traffic
from rehearsal.outputs import outputs, resource_id
from rehearsal.references import check_references, parts_of
from rehearsal.refusals import check_changes
from rehearsal.relations import completed, updated
from rehearsal.sagemaker import after_update, check_registration
from rehearsal.scenario import Fault
from rehearsal.schema import ResourceSchema, resource_schema
from rehearsal.state import Resource, SimulatedCloud, TakenError
from rehearsal.values import Secret, Value, Values, as_text, has_unknown, lookup, plain_values

# Computed outputs that give access: the clouds' SDKs mark most of them, azure-native leaves it to its server.
_SECRET_OUTPUT: Final = re.compile(
    r"^(secret|.*(password|passwordV\d|secretKey|privateKey|accessKey|primaryKey|secondaryKey|connectionString|sharedKey|kubeconfig|kubeConfig))$",
    re.IGNORECASE,
)
_REGION_SUFFIX: Final = re.compile(r"^(?P<id>.+)@(?P<region>[a-z]{2}(-[a-z]+)+-\d)$")


@dataclass(frozen=True)
class Made:
    """What the engine is told of a resource: its id, outputs and, after a read, its inputs."""

    id: str
    outputs: Values
    inputs: Values


class Lifecycle:
    """The resources of one package in a rehearsal's simulated cloud."""

    def __init__(self, cloud: SimulatedCloud, events: Events) -> None:
        self._cloud = cloud
        self._events = events
        self._consequences = Consequences(cloud, events)

    def preview_create(self, instance: Instance, token: str, inputs: Values) -> Values:
        """Give the outputs of a resource that is not made yet: what only the cloud can know is unknown."""
        schema, known = _type(token)
        instance.check_project(schema.inputs, inputs)
        return outputs(schema, known, inputs, instance.context_for(inputs), "", b"", preview=True, provider_config=instance.config)

    def create(self, instance: Instance, token: str, urn: str, inputs: Values) -> Made:
        """Make a resource and give its id and outputs.

        Raises CloudError where the cloud would refuse, PartialFailure for a resource that was made and does not
        become ready (a fault of the scenario, or the user cancelled the wait).
        """
        fault = self._events.strike("create", token)
        resource, made = self._new(instance, token, urn, inputs)
        region = instance.region_for(inputs)
        with GRANTING:
            self._events.check_capacity(token, region, resource.place, inputs, has_nodes=has_nodes(token))
            check_references(self._cloud, token, resource.id, inputs)
            check_registration(self._cloud, token, plain_values(inputs))
            check_traffic(self._cloud, token, resource.id, plain_values(inputs))
            check_balancer(self._cloud, token, plain_values(inputs), instance.context_for(inputs).gcp_region)
            check_service(self._cloud, self._events.scenario, token, resource.id, plain_values(inputs), region)
            claim = self._consequences.claim(resource, region, inputs, made.outputs)
            try:
                self._cloud.create(resource)
            except TakenError as taken:
                raise already_exists(token, resource.name or resource.id, taken.owner.urn if taken.owner else None) from taken
            self._consequences.take(resource, claim)
            apply_template(self._cloud, token, resource.id, inputs)
        self._become_ready(token, made, fault)
        reasons = self._consequences.follow(resource, claim, made.outputs)
        if reasons:
            raise PartialFailure(made.id, made.outputs, made.inputs, reasons)
        return made

    def _new(self, instance: Instance, token: str, urn: str, inputs: Values) -> tuple[Resource, Made]:
        schema, known = _type(token)
        instance.check_project(schema.inputs, inputs)
        context = instance.context_for(inputs)
        self._events.check_region(instance.region_for(inputs))
        seed = hashlib.sha256(f"{urn}#{self._cloud.attempt(f'create {urn}')}".encode()).digest()
        identifier = resource_id(schema, known, plain_values(inputs), context, seed)
        made = outputs(schema, known, inputs, context, identifier, seed, provider_config=instance.config)
        made = _hide_secrets(schema, completed(self._cloud, token, identifier, plain_values(inputs), made))
        unique = uniqueness_key(known, token, plain_values(inputs), context)
        resource = Resource(
            type=token,
            place=instance.place_for(inputs),
            id=identifier,
            urn=urn,
            name=as_text(lookup(inputs, name_path(token, schema) or ("",))) or "",
            arn=as_text(made.get("arn")) or as_text(made.get("selfLink")) or "",
            uniqueness=instance.uniqueness(unique),
            seed=seed.hex(),
            inputs=self._cloud.sealer.seal(inputs),
            outputs=self._cloud.sealer.seal(made),
            created_at=context.now,
        )
        return resource, Made(identifier, made, inputs)

    def _become_ready(self, token: str, made: Made, fault: Fault | None) -> None:
        known = facts(token)
        if fault and fault.kind == "lostAnswer":
            raise fault_error(fault, token)
        waited = self._events.wait(known.create_seconds if known else None)
        if fault:
            raise PartialFailure(made.id, made.outputs, made.inputs, [f"{token} {made.id!r} was made but failed: {fault_message(fault)}"])
        if not waited:
            reason = f"{token} {made.id!r} was made, but waiting for it was cancelled; run `pulumi refresh` to see how it went"
            raise PartialFailure(made.id, made.outputs, made.inputs, [reason])

    def read(self, instance: Instance, token: str, identifier: str, old_inputs: Values, old_outputs: Values) -> Made | None:
        """Give a resource as the simulated cloud has it now, or None if it has none with that id.

        Secrets come from what the engine knows. Raises CloudError for a fault of the scenario.
        """
        self._events.strike("read", token)
        found = self._find(instance, token, identifier, old_inputs)
        if found is None and self._events.scenario.assume_existing:
            found = assumed(self._cloud, instance, token, old_inputs, identifier)
        if found is None:
            return None
        inputs = self._cloud.sealer.unseal(found.inputs, old_inputs)
        return Made(found.id, self._cloud.sealer.unseal(found.outputs, {**old_inputs, **old_outputs}), inputs)

    def preview_update(self, instance: Instance, token: str, old_inputs: Values, old_outputs: Values, inputs: Values) -> Values:
        """Give the outputs that an update will have: computed ones stay what they are, but for those that count updates."""
        schema, _ = _type(token)
        planned = self.preview_create(instance, token, inputs)
        planned |= {name: value for name, value in old_outputs.items() if name in schema.computed}
        return updated(token, plain_values(old_inputs), plain_values(inputs), old_outputs, planned, preview=True)

    def update(self, instance: Instance, token: str, identifier: str, inputs: Values, old_inputs: Values) -> Made:
        """Change a resource in place and give its outputs.

        Raises CloudError where the cloud would refuse, PartialFailure where it is changed and does not become ready for want of nodes.
        """
        fault = self._events.strike("update", token)
        found = self._find(instance, token, identifier, old_inputs)
        if found is None:
            raise not_found(token, identifier)
        schema, known = _type(token)
        context = instance.context_for(inputs)
        check_changes(token, found.id, found.inputs, plain_values(inputs))
        check_references(self._cloud, token, found.id, inputs)
        inputs = after_update(self._cloud, self._events.scenario, found, inputs)
        check_traffic(self._cloud, token, found.id, plain_values(inputs))
        check_balancer(self._cloud, token, plain_values(inputs), context.gcp_region)
        check_service(self._cloud, self._events.scenario, token, found.id, plain_values(inputs), instance.region_for(inputs))
        seed = bytes.fromhex(found.seed)
        made = outputs(schema, known, inputs, context, found.id, seed, provider_config=instance.config)
        made = completed(self._cloud, token, found.id, plain_values(inputs), made)
        made = _hide_secrets(schema, updated(token, found.inputs, plain_values(inputs), found.outputs, made))
        unique = uniqueness_key(known, token, plain_values(inputs), context)
        changed = replace(
            found,
            inputs=self._cloud.sealer.seal(inputs),
            outputs=self._cloud.sealer.seal(made),
            uniqueness=instance.uniqueness(unique),
        )
        with GRANTING:
            claim = self._consequences.claim(changed, instance.region_for(inputs), inputs, made, update=True)
            try:
                self._cloud.update(changed)
            except TakenError as taken:
                raise already_exists(token, changed.name or changed.id, taken.owner.urn if taken.owner else None) from taken
            self._consequences.take(changed, claim)
            apply_template(self._cloud, token, found.id, inputs)
        if fault:
            raise fault_error(fault, token)
        reasons = self._consequences.follow(changed, claim, made)
        if reasons:
            raise PartialFailure(found.id, made, inputs, reasons)
        return Made(found.id, made, inputs)

    def delete(self, instance: Instance, token: str, identifier: str, old_inputs: Values) -> None:
        """Delete a resource and what lives in it; one that is gone already is no error.

        Raises CloudError naming what blocks the delete. What the cloud keeps (see `deletion.is_kept`) is only
        forgotten: it stays, and belongs to nobody's stack.
        """
        fault = self._events.strike("delete", token)
        found = self._find(instance, token, identifier, old_inputs)
        if found is None:
            return
        check_deletable(self._cloud, found)
        known = facts(token)
        self._events.wait(known.delete_seconds if known else None)
        if is_kept(found):
            self._cloud.update(replace(found, urn=""))
        else:
            self._remove([*parts_of(self._cloud, found), found])
        if fault:
            raise fault_error(fault, token)

    def _remove(self, resources: Sequence[Resource]) -> None:
        for resource in resources:
            self._cloud.delete(resource)
            self._consequences.gone(resource)

    def _find(self, instance: Instance, token: str, identifier: str, inputs: Values) -> Resource | None:
        """AWS ids are unique in a region (an import may name another as `id@region`), others in the whole cloud."""
        if instance.package == "kubernetes":
            return self._cloud.get(token, identifier, instance.place_for(inputs))
        if instance.package != "aws":
            return self._cloud.get(token, identifier)
        match = _REGION_SUFFIX.match(identifier)
        if match:
            identifier, inputs = match["id"], {**inputs, "region": match["region"]}
        found = self._cloud.get(token, identifier, instance.place_for(inputs))
        known = facts(token)
        anywhere = known is not None and known.name_scope in ("global", "account")
        return self._cloud.get(token, identifier) if found is None and anywhere else found


def _type(token: str) -> tuple[ResourceSchema, TypeFacts | None]:
    schema = resource_schema(token)
    if schema is None:
        raise invalid(f"{token} is not a type of the installed SDK; check the type or install the SDK version that has it")
    return schema, facts(token)


def _hide_secrets(schema: ResourceSchema, made: Values) -> Values:
    return {name: _secret(value) if name in schema.computed and _SECRET_OUTPUT.match(name) else value for name, value in made.items()}


def _secret(value: Value) -> Value:
    return value if isinstance(value, Secret) or value is None or has_unknown(value) else Secret(value)
