"""What is known of each resource type's behaviour in its cloud: ids, names, times, what cannot be changed.

The tables lie in `facts/`, whose README tells where they come from. They are read once, on first use.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final

FACTS_FOLDER: Final = Path(__file__).parent / "facts"
_CLOUDS: Final = ("aws", "gcp", "azure")

# A block (a nested object, or a list of them) that Google Cloud's provider marks as forcing replacement.
BLOCK_OR_ELEMENT: Final = "block added or element added or removed"
# The words in a row's source under which a change does not replace, so that the row is no immutable property.
_NO_REPLACEMENT: Final = "plans no replacement"
_CONDITION: Final = re.compile(r"\((?P<words>(?:only|not when|block)\b.*)\)$")
# The row of what holds for every Kubernetes object.
_EVERY_OBJECT: Final = "kubernetes:*"
_REMARK: Final = re.compile(r" \([^{}]*\)$")
_MEMBERS: Final = re.compile(r"^\{\w+: .*\}$")
_NESTED: Final = re.compile(r"^(?P<path>[.\[][^=]*)=(?P<template>.*)$")

# Words that stand where a template would, and the template they mean.
_TEMPLATE_WORDS: Final = {"guid": "{guid}", "digits": "{digits21}", "server-assigned id": "{serverId}"}


@dataclass(frozen=True)
class TypeFacts:
    """What is known of one resource type.

    `name_scope` tells where a name must be unique (global, account, account-region, project, project-region,
    subscription, resource-group, namespace, vpc, parent, none). `computed` gives a template, or '', by output path.
    `immutable` gives, by property path without indexes, the condition under which a change replaces (None: always).
    `delete_blocked_by` holds types, and words such as "objects unless forceDestroy".
    """

    token: str
    id_format: str = ""
    arn_format: str = ""
    name_property: str = ""
    name_max_length: int | None = None
    name_min_length: int | None = None
    name_pattern: str = ""
    name_scope: str = "none"
    create_seconds: float | None = None
    delete_seconds: float | None = None
    delete_blocked_by: tuple[str, ...] = ()
    computed: dict[str, str] = field(default_factory=dict[str, str])
    immutable: dict[str, str | None] = field(default_factory=dict[str, str | None])


def facts(token: str) -> TypeFacts | None:
    """Give what is known of a resource type, or None where nothing is.

    Of a Kubernetes type without rows of its own, what holds for every object is known.
    """
    found = _all_facts().get(token)
    if found is None and token.startswith("kubernetes:"):
        return _kubernetes_facts(token)
    return found


def all_facts() -> tuple[TypeFacts, ...]:
    """Give the facts of every type the tables name."""
    return tuple(each for each in _all_facts().values() if each.token != _EVERY_OBJECT)


@cache
def _all_facts() -> dict[str, TypeFacts]:
    known: dict[str, TypeFacts] = {}
    for row in _resource_rows():
        token = row["type"]
        known[token] = _completed(known.get(token) or _start(token, known), row)
    for token, immutable in _immutables().items():
        start = known.get(token) or _start(token, known)
        known[token] = replace(start, immutable=start.immutable | immutable)
    return known


def _start(token: str, known: dict[str, TypeFacts]) -> TypeFacts:
    if token.startswith("kubernetes:") and token != _EVERY_OBJECT:
        return replace(known[_EVERY_OBJECT], token=token)
    return TypeFacts(token)


@cache
def _kubernetes_facts(token: str) -> TypeFacts:
    return _start(token, _all_facts())


def _resource_rows() -> Iterator[dict[str, str]]:
    for cloud in _CLOUDS:
        yield from _rows(f"{cloud}_resources.csv")
    yield from _rows("additions.csv")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FACTS_FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _completed(known: TypeFacts, row: dict[str, str]) -> TypeFacts:
    """Give `known` with what a later row says; an empty field leaves what was there."""
    blocked_by = tuple(part.strip() for part in row["delete_blocked_by"].split(";") if part.strip())
    return replace(
        known,
        id_format=row["id_format"] or known.id_format,
        arn_format=row.get("arn_format") or known.arn_format,
        name_property=row["name_property"] or known.name_property,
        name_max_length=_number(row["name_max_length"], known.name_max_length),
        name_min_length=_number(row.get("name_min_length") or "", known.name_min_length),
        name_pattern=row["name_pattern"] or known.name_pattern,
        name_scope=row["name_scope"] or known.name_scope,
        create_seconds=_number(row["typical_create_seconds"], known.create_seconds),
        delete_seconds=_number(row["typical_delete_seconds"], known.delete_seconds),
        delete_blocked_by=blocked_by or known.delete_blocked_by,
        computed=known.computed | dict(_templates(row["computed_outputs"])),
    )


def _number(text: str, otherwise: int | float | None) -> int | None:
    return int(float(text)) if text else None if otherwise is None else int(otherwise)


def _templates(text: str) -> Iterator[tuple[str, str]]:
    """Read `arn=arn:aws:s3:::{bucket};tagsAll`; nested outputs are written `certificateAuthority=.data={base64}`."""
    for part in filter(None, (part.strip() for part in text.split(";"))):
        path, _, template = part.partition("=")
        nested = _NESTED.match(template)
        if nested:
            yield path + nested["path"].replace("[]", "[0]"), nested["template"]
        elif _MEMBERS.match(template):
            for member in template[1:-1].split(", "):
                name, _, value = member.partition(": ")
                yield f"{path}.{name}", value
        elif path == "tenantId":  # the tenant is the cloud's, no GUID of the resource's own
            yield path, "{tenant}"
        else:
            yield path, _TEMPLATE_WORDS.get(template, _REMARK.sub("", template))


def _immutables() -> dict[str, dict[str, str | None]]:
    found: dict[str, dict[str, str | None]] = {}
    for name in (*(f"{cloud}_immutable.csv" for cloud in _CLOUDS), "additions_immutable.csv"):
        for row in _rows(name):
            if _NO_REPLACEMENT not in row["source"]:
                path = row["property"].replace("[]", "")
                found.setdefault(row["type"], {})[path] = _condition(row["source"])
    return found


def _condition(source: str) -> str | None:
    """Give the condition that a row's source ends with, or None for an unconditional row."""
    if "block row" in source:
        return BLOCK_OR_ELEMENT
    match = _CONDITION.search(source)
    return match["words"] if match else None
