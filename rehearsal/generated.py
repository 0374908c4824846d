"""Values that a cloud makes up: ids, GUIDs, addresses. The same seed gives the same value."""

from __future__ import annotations

import base64
import hashlib
import re
import string
import uuid
from collections.abc import Callable
from typing import Final

_SIZED: Final = re.compile(r"(?P<kind>hex|HEX|alnum|ALNUM|digits)(?P<length>\d+)\Z")
_ALPHABETS: Final = {
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "alnum": string.ascii_lowercase + string.digits,
    "ALNUM": string.ascii_uppercase + string.digits,
    "digits": "123456789",  # without 0, so that no id loses a leading digit when it is read as a number
}


def generated(kind: str, seed: bytes, now: str, path: str = "", label: str = "") -> str:
    """Give the value of a generated placeholder such as `hex17`, `guid` or `rfc3339`.

    `label` is what stands before it (`sg-`): ids of one resource differ by it, and agree where it is the same. A GUID
    differs by the output's `path`. A word that is no kind gives eight letters and digits.
    """
    if kind == "rfc3339":
        return now
    if kind in _CONSTANTS:
        return _CONSTANTS[kind]
    if kind in _KINDS:
        return _KINDS[kind](_digest(seed, path if kind == "guid" else "ipv4" if kind == "ipDashed" else kind))
    sized = _SIZED.match(kind)
    if sized is None:
        return _characters("alnum", 8, _digest(seed, kind))
    return _characters(sized["kind"], int(sized["length"]), _digest(seed, f"{sized['kind']} {label}"))


def _digest(seed: bytes, salt: str) -> bytes:
    return hashlib.sha512(salt.encode() + b"\0" + seed).digest()


def _characters(alphabet: str, length: int, digest: bytes) -> str:
    letters = _ALPHABETS[alphabet]
    return "".join(letters[byte % len(letters)] for byte in digest[:length])


def _uuid(digest: bytes) -> str:
    return str(uuid.UUID(bytes=digest[:16], version=4))


def _address(digest: bytes) -> str:
    """Give an address of TEST-NET-3, which RFC 5737 keeps for documentation, so that it belongs to nobody."""
    return f"203.0.113.{1 + digest[0] % 254}"


def _private_address(digest: bytes) -> str:
    """Give an address of 10.0.0.0/8 (RFC 1918)."""
    return f"10.{digest[0]}.{digest[1]}.{1 + digest[2] % 254}"


_CONSTANTS: Final = {"int": "1", "bool": "false", "revision": "1", "version": "1"}
_KINDS: Final[dict[str, Callable[[bytes], str]]] = {
    "uuid": _uuid,
    "guid": _uuid,
    "ipv4": _address,
    "privateIpv4": _private_address,
    "ipDashed": lambda digest: _address(digest).replace(".", "-"),
    "base64": lambda digest: base64.b64encode(digest[:48]).decode(),
    "serverId": lambda digest: _characters("digits", 19, digest),
    "hash": lambda digest: _characters("alnum", 10, digest),
    "timestamp26": lambda digest: "2026" + _characters("digits", 22, digest),
}
