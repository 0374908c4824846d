"""Property values on the wire: protobuf structs to plain Python values with markers, and back.

The SDK's own `PropertyValue` loses an asset's hash, by which the engine and our diff recognise an unchanged
asset, so the ten lines of decoding are written here; the signatures are the SDK's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from google.protobuf import struct_pb2
from pulumi.runtime import rpc

from rehearsal.values import UNKNOWN, Secret, Value, Values

SIGNATURE = rpc._special_sig_key  # pyright: ignore[reportPrivateUsage]
_ASSET = rpc._special_asset_sig  # pyright: ignore[reportPrivateUsage]
_ARCHIVE = rpc._special_archive_sig  # pyright: ignore[reportPrivateUsage]
_SECRET = rpc._special_secret_sig  # pyright: ignore[reportPrivateUsage]
_RESOURCE = rpc._special_resource_sig  # pyright: ignore[reportPrivateUsage]
_OUTPUT = rpc._special_output_value_sig  # pyright: ignore[reportPrivateUsage]


class _Blob:
    """An asset or archive as it came over the wire; equal when the engine's hash is, whatever path it came from."""

    fields: Values

    def __init__(self, fields: Mapping[str, Value]) -> None:
        self.fields = dict(fields)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Blob):
            return False
        mine, theirs = self.fields.get("hash"), other.fields.get("hash")
        return mine == theirs if mine and theirs else self.fields == other.fields

    def __hash__(self) -> int:
        return hash(self.fields.get("hash"))

    def elided(self) -> Values:
        """Give what identifies the content without holding it: signature and hash."""
        if not self.fields.get("hash"):
            return self.fields
        return {SIGNATURE: self.fields[SIGNATURE], "hash": self.fields["hash"]}


class WireAsset(_Blob, pulumi.Asset):
    """A single file's content."""


class WireArchive(_Blob, pulumi.Archive):
    """A folder's or zip's content."""


def decode(struct: struct_pb2.Struct) -> Values:
    """Give a struct's properties as plain values with UNKNOWN, Secret and asset markers."""
    return {key: decode_value(item) for key, item in struct.fields.items()}


def decode_value(item: struct_pb2.Value) -> Value:
    """Give one wire value; whole numbers become int, as the SDKs type them."""
    kind = item.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if item.string_value == rpc.UNKNOWN else item.string_value
    if kind == "number_value":
        number = item.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return item.bool_value
    if kind == "list_value":
        return [decode_value(element) for element in item.list_value.values]
    if kind == "struct_value":
        return _decode_struct(item.struct_value)
    return None


def _decode_struct(struct: struct_pb2.Struct) -> Value:
    fields = {key: decode_value(item) for key, item in struct.fields.items()}
    signature = fields.get(SIGNATURE)
    if signature is None:
        return fields
    return from_signed(str(signature), fields)


def from_signed(signature: str, fields: Values) -> Value:
    """Give the value that a signed struct stands for. Raises ValueError for an unknown signature."""
    if signature == _SECRET:
        return _secret(fields["value"])
    if signature == _OUTPUT:
        value = fields.get("value", UNKNOWN)
        return _secret(value) if fields.get("secret") else value
    if signature == _RESOURCE:
        return fields.get("id") or fields["urn"]
    if signature == _ASSET:
        return WireAsset(fields)
    if signature == _ARCHIVE:
        return WireArchive(fields)
    raise ValueError(f"the engine sent a value with the unknown signature {signature}; update the rehearsal to this Pulumi version")


def _secret(value: Value) -> Secret:
    return value if isinstance(value, Secret) else Secret(value)


def encode(values: Mapping[str, Value]) -> struct_pb2.Struct:
    """Give properties as a struct; a property that is None is left out, as the engine's own providers do."""
    struct = struct_pb2.Struct()
    struct.update({key: to_wire(item) for key, item in values.items() if item is not None})
    return struct


def to_wire(value: Value) -> Any:
    """Give a value as JSON-like data in which markers carry the SDK's signatures."""
    if value is UNKNOWN:
        return rpc.UNKNOWN
    if isinstance(value, Secret):
        return {SIGNATURE: _SECRET, "value": to_wire(value.value)}
    if isinstance(value, _Blob):
        return to_wire(value.fields)
    if isinstance(value, dict):
        return {key: to_wire(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_wire(item) for item in value]
    return value
