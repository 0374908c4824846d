"""A kit for those who write checks and remedies: what the pack says of a program, and what it changes, without an engine.

Properties take the way that they take in a preview: through the messages of the engine's protocol, the SDK's decoding and its proxies, and
the pack's own reading of these. There all numbers are floats (the pack makes whole ones whole again), a secret is handed on in plain text,
and a value that is known only after `up` raises where it is read. Remedies come first, as with the engine, and checks see what they made.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

import pulumi
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import set_all_config
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyCustomTimeouts,
    PolicyProviderResource,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY, deserialize_properties, serialize_properties
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from costs.read import plain
from costs.resource import UNKNOWN, Missing
from policies.check import Check
from policies.pack import Pack

T = TypeVar("T")
__all__ = ["UNKNOWN", "Given", "Secret", "remedied", "said"]


@dataclass(frozen=True)
class Secret:
    """A secret value. The engine hands a pack its plain text: a check that tells it to anybody is at fault."""

    value: Any


@dataclass(frozen=True, eq=False, kw_only=True)
class Given:
    """One resource of a program that is tried.

    inputs: what the program asks for, camelCase as in a preview; UNKNOWN and Secret may stand anywhere. outputs: what the cloud adds, as
    far as it is known. refers: the resources that a property's value comes from. parent: the component that it stands in. component: it
    is one itself, and so has no provider. provider: the settings of its provider. ignores: its ignoreChanges.
    """

    type: str
    name: str = "it"
    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    refers: Mapping[str, "Given"] = field(default_factory=dict[str, "Given"])
    parent: "Given | None" = None
    component: bool = False
    provider: Mapping[str, Any] = field(default_factory=dict[str, Any])
    ignores: Sequence[str] = ()

    @property
    def urn(self) -> str:
        """Its URN, with the types of its parents."""
        return f"urn:pulumi:try::try::{self._types}::{self.name}"

    @property
    def _types(self) -> str:
        return f"{self.parent._types}${self.type}" if self.parent else self.type


def said(
    checks: Iterable[Check], *resources: Given, policies: Mapping[str, Any] | None = None, config: Mapping[str, str] | None = None
) -> list[str]:
    """Each line that the pack says of these resources, in its order, with its level: `[mandatory] DD-STORAGE-002 it.blockPublicAcls: …`.

    policies: the settings, as under `drydock:policies` in a stack file. config: more of the stack's configuration (`aws:region`).
    Raises LookupError where a resource refers to one that is not given.
    """
    return _within(lambda: _said(tuple(checks), resources), policies, config)


def remedied(
    checks: Iterable[Check], given: Given, policies: Mapping[str, Any] | None = None, config: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The inputs of a resource as the engine goes on with them: mended, where `policies` ask for it and a remedy has something to mend."""
    return _within(lambda: _readable(_remedied(Pack(tuple(checks)).policies(), given)), policies, config)


def _within(build: Callable[[], T], policies: Mapping[str, Any] | None, config: Mapping[str, str] | None) -> T:
    whole = {"drydock:policies": json.dumps(dict(policies or {})), **(config or {})}

    def configured() -> T:
        set_all_config(whole)
        return build()

    # In a context of its own: what is configured here is so for nobody else.
    return copy_context().run(configured)


def _said(checks: tuple[Check, ...], resources: Sequence[Given]) -> list[str]:
    policies, found = Pack(checks).policies(), list[str]()
    checked = [replace(given, inputs=_readable(_remedied(policies, given))) for given in resources]
    for policy in policies:
        report = _reporting(policy.enforcement_level.value if policy.enforcement_level else "advisory", found)
        # The SDK's own type of what it hands back is not complete; checks give nothing back.
        validate: Callable[[Any, Any], object] = cast(Any, policy).validate
        if isinstance(policy, ResourceValidationPolicy) and policy.has_validation():
            for given in checked:
                validate(_alone(given), report)
        elif isinstance(policy, StackValidationPolicy):
            validate(StackValidationArgs(_together(checked), {}), report)
    return found


def _remedied(policies: Sequence[Policy], given: Given) -> Mapping[str, Any]:
    """The inputs, as the engine sends them, after all remedies in their order."""
    sent = _message(_sent(given.inputs))
    held: Mapping[str, Any] = unknown_checking_proxy(deserialize_properties(sent, True))
    for policy in policies:
        if isinstance(policy, ResourceValidationPolicy) and policy.enforcement_level is EnforcementLevel.REMEDIATE:
            args = ResourceValidationArgs(given.type, cast(Any, held), given.urn, given.name, _options(given), _provider(given), {})
            changed = cast(Mapping[str, Any] | None, policy.remediate(args))
            if changed:
                held = changed
                sent = _message(serialize_properties(changed))
    return sent


def _reporting(level: str, found: list[str]) -> Callable[[str, str | None], None]:
    def report(message: str, urn: str | None = None) -> None:
        found.append(f"[{level}] {message}")

    return report


def _alone(given: Given) -> ResourceValidationArgs:
    return ResourceValidationArgs(given.type, _seen(given.inputs), given.urn, given.name, _options(given), _provider(given), {})


def _together(resources: Sequence[Given]) -> list[PolicyResource]:
    built = {
        given.urn: PolicyResource(
            given.type, _seen({**given.inputs, **given.outputs}), given.urn, given.name, _options(given), _provider(given), None, [], {}
        )
        for given in resources
    }
    for given in resources:
        own = built[given.urn]
        own.parent = _found(built, given, given.parent) if given.parent else None
        own.property_dependencies = {name: [_found(built, given, other)] for name, other in given.refers.items()}
        own.dependencies = [other for others in own.property_dependencies.values() for other in others]
    return list(built.values())


def _found(built: Mapping[str, PolicyResource], given: Given, other: Given) -> PolicyResource:
    if other.urn not in built:
        raise LookupError(f"{given.name} refers to {other.name}, which is not given; allowed: resources of this call; fix: give it too")
    return built[other.urn]


def _options(given: Given) -> PolicyResourceOptions:
    return PolicyResourceOptions(
        False, list(given.ignores), None, [], PolicyCustomTimeouts(0, 0, 0), [], given.parent.urn if given.parent else None
    )


def _provider(given: Given) -> PolicyProviderResource | None:
    if given.component:
        return None
    kind = f"pulumi:providers:{given.type.partition(':')[0]}"
    return PolicyProviderResource(kind, _seen(given.provider), f"urn:pulumi:try::try::{kind}::default", "default")


def _seen(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """Properties as a policy is handed them."""
    return unknown_checking_proxy(deserialize_properties(_message(_sent(properties))))


def _message(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties after a message of the engine's protocol, which has its own mind of numbers and of what is empty."""
    message = struct_pb2.Struct()
    message.update(dict(properties))
    return json_format.MessageToDict(message)


def _readable(value: Any) -> Any:
    """What the engine sends, in the words of a Given."""
    if isinstance(value, dict):
        held = cast(dict[str, Any], value)
        if held.get(SPECIAL_SIG_KEY) == SPECIAL_SECRET_SIG:
            return Secret(_readable(held["value"]))
        return {key: _readable(each) for key, each in held.items()}
    if isinstance(value, list):
        return [_readable(each) for each in cast(list[Any], value)]
    return plain(value)


def _sent(value: Any) -> Any:
    """A value as the engine sends it."""
    if isinstance(value, Missing):
        return UNKNOWN_STRING_VALUE
    if isinstance(value, Secret):
        return {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": _sent(value.value)}
    if isinstance(value, Mapping):
        return {key: _sent(each) for key, each in cast(Mapping[str, Any], value).items()}
    if isinstance(value, list | tuple):
        return [_sent(each) for each in cast(Sequence[Any], value)]
    return serialize_properties(cast(Any, value)) if isinstance(value, pulumi.Asset | pulumi.Archive) else value
