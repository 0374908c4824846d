"""Filling the facts' templates: `arn:aws:s3:::{bucket}` with a resource's inputs, its cloud's identities and its seed.

`{…}` names an input, another output, an identity of the cloud (`{account}`, `{region}`) or a kind of generated value
(`{hex17}`, `{uuid}`). ` or ` separates alternatives, of which the last that the inputs fill is taken; `[…]` is left out
where something in it is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from typing import Final
from urllib.parse import quote
from zlib import crc32

from rehearsal.context import CloudContext
from rehearsal.facts import TypeFacts
from rehearsal.generated import generated
from rehearsal.paths import parse_path
from rehearsal.values import UNKNOWN, Values, as_map, as_text, has_unknown, lookup

_PLACEHOLDER: Final = re.compile(r"\{([^{}]+)\}")
_OPTIONAL: Final = re.compile(r"\[([^\[\]]*\{[^\[\]]*)\]")
_LABEL: Final = re.compile(r"([A-Za-z]+-)$")
_FULL_NAME: Final = re.compile(r"(projects/|https://)")
_LOAD_BALANCER_KINDS: Final = {"application": "app", "network": "net", "gateway": "gwy"}


class NotKnownYet(Exception):
    """A template needs an input that a preview does not know."""


@dataclass(frozen=True)
class Filling:
    """What the templates of one resource are filled with."""

    facts: TypeFacts
    inputs: Values
    context: CloudContext
    seed: bytes
    resource_id: str = ""
    pending: frozenset[str] = field(default_factory=frozenset[str])

    def fill(self, template: str, path: str = "") -> str:
        """Give the text of `template` for the output at `path`. Raises NotKnownYet where an input is unknown."""
        options = template.split(" or ")
        chosen = next((each for each in reversed(options) if self._is_filled(each)), options[0])
        chosen = _OPTIONAL.sub(lambda match: match[1] if self._is_filled(match[1]) else "", chosen)
        return _PLACEHOLDER.sub(lambda match: self._value(match[1], chosen[: match.start()], path), chosen)

    def _is_filled(self, template: str) -> bool:
        return all(self._given(name) is not None or self._described(name) is not None for name in placeholders_of(template))

    def _value(self, name: str, before: str, path: str) -> str:
        given = self._given(name)
        if given is not None:
            return _last_segment(given) if before.endswith("/") and name != "role" else given
        described = self._described(name)
        if described is not None:
            return described
        label = _LABEL.search(before)
        return generated(name, self.seed, self.context.now, path, label[1] if label else "")

    def _given(self, name: str) -> str | None:
        if name in _DERIVED:
            return _DERIVED[name](self.inputs)
        value = self.inputs.get(name) if name.isidentifier() else lookup(self.inputs, parse_path(name)) if "." in name else None
        if value is UNKNOWN or (value is not None and has_unknown(value)):
            raise NotKnownYet(name)
        if name == "location" and self.facts.token.startswith("azure-native:"):
            return None  # a region's display name ("West Europe") is no part of a host name; `placeholder` gives the code
        return as_text(value) or None

    def _described(self, name: str) -> str | None:
        """Give what is not an input: the id, another output that has a template, or an identity of the cloud."""
        if name == "id" and self.resource_id:
            return self.resource_id
        template = self.facts.computed.get(name)
        if template and name not in self.pending:
            return replace(self, pending=self.pending | {name}).fill(template, name)
        if name == "arn" and self.facts.arn_format:
            return self.fill(self.facts.arn_format)
        return placeholder(name, self.inputs, self.context, self.facts.token)


def placeholders_of(template: str) -> list[str]:
    """Give the names in braces of a template, in their order."""
    return _PLACEHOLDER.findall(template)


def placeholder(name: str, inputs: Values, context: CloudContext, token: str = "") -> str | None:
    """Give a placeholder's value from the inputs or the cloud's identities, or None where neither has it."""
    cloud = token.partition(":")[0]
    if name == "location" and cloud == "azure-native":
        return (as_text(inputs.get("location")) or context.azure_location).replace(" ", "").lower()
    given = as_text(lookup(inputs, parse_path(name))) if name.isidentifier() or "." in name else None
    if given:
        return given
    region = context.aws_region if cloud == "aws" else context.gcp_region
    return {
        "account": context.aws_account,
        "region": region,
        "location": as_text(inputs.get("region")) or context.gcp_region,
        "zone": _zone(inputs) or context.gcp_zone,
        "project": context.gcp_project,
        "projectNumber": context.gcp_project_number,
        "subscription": context.azure_subscription,
        "tenant": context.azure_tenant,
        "namespace": as_text(as_map(inputs.get("metadata")).get("namespace")) or context.kubernetes_namespace,
        # provider defaults that ids are made of
        "path": "/",
        "groupName": "default",
        "eventBusName": None,
    }.get(name)


def _zone(inputs: Values) -> str | None:
    location = as_text(inputs.get("location"))
    return location if location and location.count("-") > 1 else None


def _last_segment(value: str) -> str:
    """Google Cloud's inputs take a name or a full name; ids hold the name only."""
    return value.rsplit("/", 1)[-1] if _FULL_NAME.match(value) else value


def _text(inputs: Values, name: str) -> str:
    return as_text(inputs.get(name)) or ""


def _principal(inputs: Values, part: int) -> str | None:
    """Split `arn:aws:iam::123456789012:role/service/name` into type, account and name."""
    pieces = _text(inputs, "principalArn").split(":", 5)
    if len(pieces) < 6:
        return None
    kind, _, name = pieces[5].partition("/")
    return (kind, pieces[4], name.rsplit("/", 1)[-1])[part]


def _destination(inputs: Values) -> str:
    names = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
    return next((text for text in (_text(inputs, name) for name in names) if text), "")


def _second_address(inputs: Values) -> str | None:
    """Compute Engine gives a subnet's gateway the second address of its range (documentation: Subnets, unusable addresses)."""
    try:
        return str(ip_network(_text(inputs, "ipCidrRange"), strict=False)[1])
    except ValueError:
        return None


_DERIVED: Final[dict[str, Callable[[Values], str | None]]] = {
    # terraform-provider-aws: the CRC-32 of the destination, as in r-rtb-…1080289494 for 0.0.0.0/0
    "destinationHash": lambda inputs: str(crc32(_destination(inputs).encode())),
    "iamIdentityType": lambda inputs: _principal(inputs, 0),
    "iamIdentityAccountID": lambda inputs: _principal(inputs, 1),
    "iamIdentityName": lambda inputs: _principal(inputs, 2),
    "loadBalancerKind": lambda inputs: _LOAD_BALANCER_KINDS.get(_text(inputs, "loadBalancerType"), "app"),
    "loadBalancerPath": lambda inputs: _text(inputs, "loadBalancerArn").partition("loadbalancer/")[2] or None,
    "nameTag": lambda inputs: as_text(as_map(inputs.get("tags")).get("Name")) or "",
    "secondAddress": _second_address,
    "networkEscaped": lambda inputs: quote(_text(inputs, "network"), safe=""),
    "serviceEscaped": lambda inputs: quote(_text(inputs, "service"), safe=""),
    "registryNameLower": lambda inputs: _text(inputs, "registryName").lower(),
    "secretPath": lambda inputs: _text(inputs, "secret") or None,
    "urlWithoutScheme": lambda inputs: _text(inputs, "url").removeprefix("https://"),
    "webAclScope": lambda inputs: "global" if _text(inputs, "scope") == "CLOUDFRONT" else "regional",
}
