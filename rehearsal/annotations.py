"""Pulumi SDK type annotations read as property types.

An input is annotated `Input[Optional[T]]`, that is a union of T, an awaitable and an Output of T, often with a
TypedDict twin of T beside it; an output is `Output[Optional[T]]`. Only T matters here.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from inspect import Parameter, signature
from typing import Any, Literal, cast

import pulumi
from pulumi import _types as sdk_types  # pyright: ignore[reportPrivateUsage]

Kind = Literal["string", "number", "integer", "boolean", "list", "map", "object", "asset", "any", "union"]

_SCALARS: dict[Any, Kind] = {str: "string", float: "number", int: "integer", bool: "boolean"}
_ASSETS = (pulumi.Asset, pulumi.Archive)


@dataclass(frozen=True)
class Property:
    """The type of one property; an object's members are read when first asked for.

    `allowed` lists the values the SDK knows; they bind only when `strict`. `optional` tells that an output may be absent.
    """

    kind: Kind
    element: Property | None = None
    options: tuple[Property, ...] = ()
    allowed: tuple[object, ...] = ()
    strict: bool = False
    shape: type | None = None
    optional: bool = False

    @property
    def properties(self) -> dict[str, Property]:
        """Give an object's members by camelCase name; empty for any other kind."""
        return members(self.shape) if self.shape else {}

    @property
    def required(self) -> frozenset[str]:
        """Give the camelCase names of an object's required members."""
        return required_members(self.shape) if self.shape else frozenset()


ANY = Property("any")


@cache
def members(shape: type) -> dict[str, Property]:
    """Give the members of an Args, outputs or resource class by camelCase name."""
    hints = sdk_types._raw_return_hints(shape)  # pyright: ignore[reportPrivateUsage]
    return {name: read_hint(hint) for name, hint in hints.items()}


@cache
def required_members(shape: type) -> frozenset[str]:
    """Give the camelCase names of the members that `shape`'s constructor demands."""
    camel_names = sdk_types.input_type_py_to_pulumi_names(shape) if sdk_types.is_input_type(shape) else {}
    parameters = list(signature(shape.__init__).parameters.values())[1:]
    return frozenset(
        camel_names.get(each.name, each.name)
        for each in parameters
        if each.default is Parameter.empty and each.kind is Parameter.KEYWORD_ONLY
    )


def read_hint(hint: Any) -> Property:
    """Give the property type that an SDK annotation stands for."""
    optional = _admits_none(hint)
    found = _read_options(list(dict.fromkeys(_options(hint))))
    if not optional:
        return found
    return Property(found.kind, found.element, found.options, found.allowed, found.strict, found.shape, optional=True)


def _read_options(options: list[Any]) -> Property:
    if not options:
        return ANY
    if any(option in _ASSETS for option in options):
        return Property("asset")
    objects = [option for option in options if sdk_types.is_input_type(option) or sdk_types.is_output_type(option)]
    if objects:  # the mappings beside an Args class are its TypedDict twin and the plain dict the SDK accepts in its place
        options = [option for option in options if typing.get_origin(option) not in (dict, Mapping)]
    if len(options) == 1:
        return _read_single(options[0])
    if str in options and any(_is_enum(option) for option in options):
        return Property("string", allowed=tuple(value for option in options if _is_enum(option) for value in _enum_values(option)))
    return Property("union", options=tuple(_read_single(option) for option in options))


def _read_single(option: Any) -> Property:
    if option in _SCALARS:
        return Property(_SCALARS[option])
    if typing.get_origin(option) is Literal:
        return Property("string", allowed=typing.get_args(option), strict=True)
    if _is_enum(option):
        values = _enum_values(option)
        return Property(_SCALARS.get(type(values[0]), "string"), allowed=values, strict=True)
    origin = typing.get_origin(option) or option
    arguments = typing.get_args(option)
    if origin in (list, Sequence):
        return Property("list", element=read_hint(arguments[0]) if arguments else ANY)
    if origin in (dict, Mapping):
        return Property("map", element=read_hint(arguments[1]) if arguments else ANY)
    if isinstance(option, type) and (sdk_types.is_input_type(option) or sdk_types.is_output_type(option)):
        return Property("object", shape=option)
    return ANY


def _options(hint: Any) -> Iterator[Any]:
    """Give the alternatives of a hint without None, awaitables, Outputs of an input, and TypedDict twins."""
    origin = typing.get_origin(hint)
    if origin is pulumi.Output:
        yield from _options(typing.get_args(hint)[0])
        return
    if origin not in (typing.Union, types.UnionType):
        if hint is not type(None) and not typing.is_typeddict(hint):
            yield hint
        return
    for argument in typing.get_args(hint):
        if typing.get_origin(argument) not in (Awaitable, pulumi.Output):
            yield from _options(argument)


def _admits_none(hint: Any) -> bool:
    if typing.get_origin(hint) is pulumi.Output:
        return _admits_none(typing.get_args(hint)[0])
    return type(None) in typing.get_args(hint)


def _is_enum(option: Any) -> bool:
    return isinstance(option, type) and issubclass(option, Enum)


def _enum_values(option: Any) -> tuple[object, ...]:
    return tuple(member.value for member in cast("type[Enum]", option))
