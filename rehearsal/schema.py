"""What a resource type, provider or function takes and gives, read from the installed Pulumi SDK.

Reading the SDK's classes rather than a schema file means that what is checked is exactly what the user's program
was written against. Everything is read once per type and kept.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from inspect import signature
from typing import Any, Final

from pulumi import _types as sdk_types  # pyright: ignore[reportPrivateUsage]

from rehearsal import sdk
from rehearsal.annotations import ANY, Kind, Property, members, read_hint, required_members
from rehearsal.sdk import package_version

__all__ = [
    "FunctionSchema",
    "Kind",
    "Property",
    "ResourceSchema",
    "function_schema",
    "package_version",
    "provider_schema",
    "resource_schema",
]


@dataclass(frozen=True)
class ResourceSchema:
    """A resource type: camelCase inputs, which of them are required, and outputs.

    An `open` type is a Kubernetes custom resource, whose
    properties beyond the common ones only its cluster knows.
    """

    token: str
    inputs: dict[str, Property]
    required: frozenset[str]
    outputs: dict[str, Property]
    open: bool = False

    @cached_property
    def computed(self) -> frozenset[str]:
        """Give the outputs that no input sets."""
        return frozenset(self.outputs) - frozenset(self.inputs)


@dataclass(frozen=True)
class FunctionSchema:
    """A function (invoke): camelCase inputs, which of them are required, and what it returns."""

    token: str
    inputs: dict[str, Property]
    required: frozenset[str]
    outputs: dict[str, Property]
    open: bool = False


_STRING: Final = Property("string")
_CUSTOM_RESOURCE: Final = {"apiVersion": _STRING, "kind": _STRING}


@cache
def resource_schema(token: str) -> ResourceSchema | None:
    """Give the schema of a resource type, or None where the installed SDK has no such type.

    Any kind of an API group the Kubernetes SDK does not know is taken for a custom resource.
    """
    owner = sdk.resource_class(token)
    if owner is None:
        return _custom_resource(token)
    return _schema_of(token, owner)


@cache
def provider_schema(package: str) -> ResourceSchema | None:
    """Give the schema of a package's provider configuration (`pulumi:providers:aws`), or None without its SDK.

    The engine passes every setting that is not a string as JSON text; `validation.decode_settings` reads it back.
    """
    owner = sdk.provider_class(package)
    return _schema_of(f"pulumi:providers:{package}", owner) if owner else None


@cache
def function_schema(token: str) -> FunctionSchema | None:
    """Give the schema of a function, or None where the installed SDK has no such function."""
    function = sdk.function_of(token)
    if function is None:
        return None
    hints = typing.get_type_hints(function)
    camel_names = _argument_names(function)
    inputs = {camel_names[name]: read_hint(hints.get(name, Any)) for name in camel_names}
    required = frozenset(camel_names[name] for name in sdk.required_parameters(function) if name in camel_names)
    result = hints.get("return")
    outputs = members(result) if isinstance(result, type) and sdk_types.is_output_type(result) else {}
    return FunctionSchema(token, inputs, required, outputs)


def _schema_of(token: str, owner: type) -> ResourceSchema | None:
    args = sdk.args_class(owner)
    if args is None:
        return None
    outputs = {name: found for name, found in _outputs_of(owner).items() if name not in ("id", "urn")}
    return ResourceSchema(token, members(args), required_members(args), outputs)


def _outputs_of(owner: type) -> dict[str, Property]:
    known = members(owner)
    return {name: known.get(name, ANY) for name in sdk_types.resource_types(owner)}


def _custom_resource(token: str) -> ResourceSchema | None:
    package, module, _ = sdk.split_token(token)
    if package != "kubernetes" or "/" not in module or sdk.has_module(package, module):
        return None
    pod = resource_schema("kubernetes:core/v1:Pod")
    if pod is None:
        return None
    metadata = {"metadata": pod.inputs["metadata"]}
    outputs = {**_CUSTOM_RESOURCE, "metadata": pod.outputs["metadata"], "spec": ANY, "status": ANY}
    return ResourceSchema(token, {**_CUSTOM_RESOURCE, **metadata, "spec": ANY}, frozenset(), outputs, open=True)


def _argument_names(function: Callable[..., Any]) -> dict[str, str]:
    """Give camelCase names by parameter; the camelCase ones are constants in the function's code."""
    constants = [each for each in function.__code__.co_consts if isinstance(each, str) and each.isidentifier() and "_" not in each]
    by_letters = {each.lower(): each for each in constants}
    names = [name for name in signature(function).parameters if name != "opts"]
    return {name: by_letters.get(name.replace("_", "").lower(), name) for name in names}
