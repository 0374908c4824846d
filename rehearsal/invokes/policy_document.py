"""IAM policy documents, rendered as the AWS provider's data source renders them."""

from __future__ import annotations

import json
import zlib
from typing import Any

from rehearsal.errors import invalid
from rehearsal.invokes.call import Call
from rehearsal.values import Value, Values, as_map, as_text, plain

_VERSION = "2012-10-17"


def get_policy_document(call: Call) -> Values:
    """Give the document as JSON, indented and compact.

    Statements of source documents come first; one with the same sid is overridden by the call's own, and that by
    an override document. Raises CloudError for a document that is not JSON or a sid that two sources share.
    """
    document: dict[str, Any] = {"Version": call.text("version") or _VERSION}
    if call.text("policyId"):
        document["Id"] = call.text("policyId")
    document["Statement"] = _merged(call)
    indented = json.dumps(document, indent=2, ensure_ascii=False)
    compact = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    return {**call.args, "id": str(zlib.crc32(indented.encode())), "json": indented, "minifiedJson": compact}


def _merged(call: Call) -> list[dict[str, Any]]:
    own = [_statement(as_map(plain(item))) for item in call.items("statements")]
    sources = [statement for text in call.items("sourcePolicyDocuments") for statement in _statements(text)]
    sids = [statement["Sid"] for statement in sources if statement.get("Sid")]
    shared = next((sid for sid in sids if sids.count(sid) > 1), None)
    if shared:
        raise invalid(f"duplicate Sid {shared!r} in sourcePolicyDocuments; give every statement a Sid of its own")
    merged = _overridden(sources, own)
    for text in call.items("overridePolicyDocuments"):
        merged = _overridden(merged, _statements(text))
    return merged


def _overridden(statements: list[dict[str, Any]], others: list[dict[str, Any]]) -> list[dict[str, Any]]:
    merged = list(statements)
    for other in others:
        sids = [statement.get("Sid") for statement in merged]
        if other.get("Sid") and other["Sid"] in sids:
            merged[sids.index(other["Sid"])] = other
        else:
            merged.append(other)
    return merged


def _statements(text: Value) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] | dict[str, Any] = json.loads(as_text(text) or "{}").get("Statement", [])
    except (json.JSONDecodeError, AttributeError) as error:
        raise invalid(f"a source or override policy document is not a JSON object: {error}; pass another document's json") from error
    return found if isinstance(found, list) else [found]


def _statement(item: Values) -> dict[str, Any]:
    """The members in the provider's order; lists of one become their element, longer ones are sorted backwards."""
    rendered: dict[str, Any] = {
        "Sid": item.get("sid"),
        "Effect": item.get("effect") or "Allow",
        "Action": _names(item.get("actions")),
        "NotAction": _names(item.get("notActions")),
        "Resource": _names(item.get("resources")),
        "NotResource": _names(item.get("notResources")),
        "Principal": _principals(item.get("principals")),
        "NotPrincipal": _principals(item.get("notPrincipals")),
        "Condition": _conditions(item.get("conditions")),
    }
    return {name: value for name, value in rendered.items() if value}


def _names(value: Value) -> Any:
    names = sorted((_interpolated(item) for item in value), reverse=True) if isinstance(value, list) else []
    return names[0] if len(names) == 1 else names


def _interpolated(value: Value) -> str:
    """IAM variables are written `&{aws:username}` in programs, where `${` would be taken for the language's own."""
    return str(as_text(value)).replace("&{", "${")


def _principals(value: Value) -> Any:
    groups: dict[str, list[str]] = {}
    for item in value if isinstance(value, list) else []:
        principal = as_map(item)
        identifiers = principal.get("identifiers")
        found = [_interpolated(identifier) for identifier in identifiers] if isinstance(identifiers, list) else []
        groups.setdefault(str(principal.get("type")), []).extend(found)
    if groups.get("*") == ["*"]:
        return "*"
    return {kind: found[0] if len(found) == 1 else sorted(found, reverse=True) for kind, found in sorted(groups.items())}


def _conditions(value: Value) -> Any:
    tests: dict[str, dict[str, Any]] = {}
    for item in value if isinstance(value, list) else []:
        condition = as_map(item)
        values = condition.get("values")
        found = [_interpolated(option) for option in values] if isinstance(values, list) else []
        variables = tests.setdefault(str(condition.get("test")), {})
        variables.setdefault(str(condition.get("variable")), []).extend(found)
    return {test: {name: _single(found) for name, found in sorted(variables.items())} for test, variables in sorted(tests.items())}


def _single(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else values
