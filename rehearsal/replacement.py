"""Whether a change of an input needs a new resource, by the facts' immutable properties and their conditions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from rehearsal.facts import BLOCK_OR_ELEMENT, TypeFacts
from rehearsal.paths import without_indexes
from rehearsal.schema import Property, ResourceSchema
from rehearsal.values import UNKNOWN, Path, Value, Values, as_text, leaves, lookup

_QUANTITY: Final = re.compile(r"(?P<number>\d+(\.\d+)?)(?P<unit>[A-Za-z]*)\Z")
_UNITS: Final = {"": 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


@dataclass(frozen=True)
class Edit:
    """A changed value: where it is, what happened, and what it was and is."""

    path: Path
    kind: Literal["add", "delete", "update"]
    old: Value
    new: Value

    @property
    def is_element(self) -> bool:
        """Tell whether a list's element was added or removed."""
        return bool(self.path) and isinstance(self.path[-1], int) and self.kind != "update"


def replaces(token: str, schema: ResourceSchema | None, facts: TypeFacts | None, edit: Edit, new_inputs: Values) -> bool:
    """Tell whether `edit` needs a new resource. Nothing is known to where there are no facts, but that a name does."""
    if facts is None:
        return without_indexes(edit.path) == "name"
    package = token.partition(":")[0]
    for touched in _touched(edit):
        path = without_indexes(touched.path)
        for immutable, condition in facts.immutable.items():
            if condition is None and _reaches(immutable, path, touched, property_at(schema, immutable), package):
                return True
            if condition is not None and path == immutable and _holds(condition, touched, new_inputs):
                return True
    return False


def _touched(edit: Edit) -> Iterator[Edit]:
    """Give the edit and, for a block that came or went, the values in it that came or went with it."""
    yield edit
    if edit.kind == "update" or not isinstance(edit.old if edit.kind == "delete" else edit.new, dict | list):
        return
    seen = {edit.path}
    for path, value in leaves(edit.old if edit.kind == "delete" else edit.new, edit.path):
        for end in range(len(edit.path) + 1, len(path) + 1):
            inner = path[:end]
            if inner not in seen:
                seen.add(inner)
                content = value if end == len(path) else {}
                yield Edit(inner, edit.kind, content if edit.kind == "delete" else None, content if edit.kind == "add" else None)


def _reaches(immutable: str, path: str, edit: Edit, expected: Property | None, package: str) -> bool:
    """Tell whether an unconditional row covers a change at `path`.

    Google Cloud's rows were read attribute by attribute, so that a block's own row speaks of adding or removing it; the
    others name a block to mean all that is in it.
    """
    if path != immutable and not path.startswith(f"{immutable}."):
        return False
    if package == "gcp" and _is_block(expected):
        return path == immutable and edit.kind != "update"
    return True


def _is_block(expected: Property | None) -> bool:
    if expected is None:
        return False
    return expected.kind == "object" or (expected.kind == "list" and expected.element is not None and expected.element.kind == "object")


def property_at(schema: ResourceSchema | None, path: str) -> Property | None:
    """Give the type of the input at a path without indexes, or None where the schema has none there."""
    members = schema.inputs if schema else {}
    found: Property | None = None
    for name in path.split("."):
        found = members.get(name)
        if found is None:
            return None
        inner = found
        while inner.kind in ("list", "map") and inner.element is not None:
            inner = inner.element
        members = {**inner.properties, **{key: value for option in inner.options for key, value in option.properties.items()}}
    return found


def _holds(condition: str, edit: Edit, new_inputs: Values) -> bool:
    """Tell whether a row's condition is met; a condition this does not know is taken as met.

    An unknown new value meets every condition of an update: the replacement may come, so a preview shows it.
    """
    if edit.new is UNKNOWN:
        return True
    return _CONDITIONS.get(condition, _met_unless_known)(edit, condition, new_inputs)


def _met_unless_known(edit: Edit, condition: str, inputs: Values) -> bool:
    if condition.startswith("not when serviceRole is the Batch service-linked role"):
        return not _updates_in_place(inputs, condition)
    return True


def _updates_in_place(inputs: Values, condition: str) -> bool:
    """AWS Batch changes a compute environment in place for its own role and the progressive strategy, or on Fargate."""
    role = as_text(inputs.get("serviceRole"))
    own_role = role is None or "AWSServiceRoleForBatch" in role
    if "FARGATE" in condition and (as_text(lookup(inputs, ("computeResources", "type"))) or "").startswith("FARGATE"):
        return own_role
    return own_role and as_text(lookup(inputs, ("computeResources", "allocationStrategy"))) == "BEST_FIT_PROGRESSIVE"


def _block_added(edit: Edit, condition: str, inputs: Values) -> bool:
    return edit.kind == "add" and not edit.is_element


def _block_removed(edit: Edit, condition: str, inputs: Values) -> bool:
    return edit.kind == "delete" and not edit.is_element


def _block_or_element(edit: Edit, condition: str, inputs: Values) -> bool:
    if edit.is_element:
        return "element added" in condition and (edit.kind == "add" or "or removed" in condition)
    return edit.kind == "add" or (edit.kind == "delete" and condition == BLOCK_OR_ELEMENT)


def _set_or_unset(edit: Edit, condition: str, inputs: Values) -> bool:
    return edit.kind != "update"


def _unset(edit: Edit, condition: str, inputs: Values) -> bool:
    return edit.kind == "delete"


def _decreased(edit: Edit, condition: str, inputs: Values) -> bool:
    old, new = _amount(edit.old), _amount(edit.new)
    return old is not None and new is not None and new < old


def _decreased_when_provisioned(edit: Edit, condition: str, inputs: Values) -> bool:
    return as_text(lookup(inputs, ("metadataConfiguration", "mode"))) == "USER_PROVISIONED" and _decreased(edit, condition, inputs)


def _to_managed_egress(edit: Edit, condition: str, inputs: Values) -> bool:
    return edit.old == "CUSTOMER_ROUTED" and edit.new == "AWS_MANAGED"


def _network_balancer_loses_subnet(edit: Edit, condition: str, inputs: Values) -> bool:
    return as_text(inputs.get("loadBalancerType")) == "network" and edit.kind == "delete"


def _network_balancer_loses_groups(edit: Edit, condition: str, inputs: Values) -> bool:
    return as_text(inputs.get("loadBalancerType")) == "network" and not inputs.get("securityGroups")


def _amount(value: Value) -> float | None:
    """Read a number, or a Kubernetes quantity such as 100Gi."""
    match = _QUANTITY.match(as_text(value) or "")
    if match is None or match["unit"] not in _UNITS:
        return None
    return float(match["number"]) * _UNITS[match["unit"]]


_CONDITIONS: Final[dict[str, Callable[[Edit, str, Values], bool]]] = {
    "block added": _block_added,
    "block removed": _block_removed,
    "block added or removed": lambda edit, condition, inputs: not edit.is_element and edit.kind != "update",
    "block added or element added": _block_or_element,
    BLOCK_OR_ELEMENT: _block_or_element,
    "only when newly set or unset": _set_or_unset,
    "only when unset": _unset,
    "only when decreased": _decreased,
    "only when decreased in USER_PROVISIONED mode": _decreased_when_provisioned,
    "only CUSTOMER_ROUTED to AWS_MANAGED": _to_managed_egress,
    "only network type: subnet removed": _network_balancer_loses_subnet,
    "only network type: all removed": _network_balancer_loses_groups,
}
