"""Plausible values for outputs of which only the type is known; a program that reads them gets the right kind of thing."""

from __future__ import annotations

import re
from typing import Final

from rehearsal.generated import generated
from rehearsal.schema import Property
from rehearsal.sdk import azure_api_version
from rehearsal.templates import Filling, placeholder
from rehearsal.values import Path, Value, Values

# Below this depth an object's members are left out: what a program reads lies above, and some types hold themselves.
_DEEPEST_MEMBER: Final = 4
_IDENTITIES: Final = {
    "region": "region",
    "location": "location",
    "zone": "zone",
    "project": "project",
    "tenantId": "tenant",
    "ownerId": "account",
}
_TIME: Final = re.compile(r"(time|timestamp|date|At|On|Time|Timestamp|Date|lastModified)\Z")
_GUID: Final = re.compile(r"(principal|client|object|app|tenant)Id\Z|[gG]uid\Z|GUID\Z")
_CERTIFICATE: Final = re.compile(r"(certificate|Certificate|clientKey|caData)\Z")
_DEFAULTS: Final = {"deletionPolicy": "DELETE"}  # pulumi-gcp 10: "DELETE" where nothing is set
_STATES: Final = {"provisioningState": "Succeeded", "status": "ACTIVE", "state": "ACTIVE"}


def guess(expected: Property, path: Path, filling: Filling, *, computed: bool) -> Value:
    """Give a value of the output's type: empty or zero for what was left out, an id or a time for what is computed."""
    if expected.kind == "object":
        return _members(expected, path, filling, computed=computed)
    if expected.kind in ("list", "map"):
        return [] if expected.kind == "list" else {}
    if expected.kind == "boolean":
        return False
    if expected.kind in ("integer", "number"):
        return 0
    return _text(str(path[-1]), path, filling, computed=computed)


def _members(expected: Property, path: Path, filling: Filling, *, computed: bool) -> Values:
    if len(path) >= _DEEPEST_MEMBER:
        return {}
    return {
        name: guess(member, (*path, name), filling, computed=computed)
        for name, member in expected.properties.items()
        if not member.optional
    }


def _text(name: str, path: Path, filling: Filling, *, computed: bool) -> str:
    if name in _IDENTITIES:
        return placeholder(_IDENTITIES[name], filling.inputs, filling.context, filling.facts.token) or ""
    if name == "azureApiVersion":
        return azure_api_version(filling.facts.token)
    if not computed:
        return _DEFAULTS.get(name, "")
    if name in _STATES:
        return _STATES[name]
    if _TIME.search(name):
        return filling.context.now
    if _GUID.search(name):
        return generated("guid", filling.seed, filling.context.now, ".".join(map(str, path)))
    if _CERTIFICATE.search(name):
        return generated("base64", filling.seed, filling.context.now)
    if name.lower().endswith("arn"):
        return _arn(name, filling)
    return f"{name}-{generated('hex8', filling.seed, filling.context.now, label=name)}"


def _arn(name: str, filling: Filling) -> str:
    service = filling.facts.token.split(":")[1].split("/")[0]
    unique = generated("hex17", filling.seed, filling.context.now, label=name)
    return f"arn:aws:{service}:{filling.context.aws_region}:{filling.context.aws_account}:{unique}"
