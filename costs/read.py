"""Reads what Pulumi says of a program: a preview (`pulumi preview --json`), a state (`pulumi stack export`), a policy pack's resources."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from costs.resource import SECRET, UNKNOWN, Program, Resource, type_of

# How the engine's JSON marks what it does not tell. Source: pulumi/pulumi sdk/go/common/resource/{plugin/rpc.go,sig/sig.go}.
_UNKNOWN = {
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
}
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
_GONE = {"delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace"}
_EXISTING = {"read", "read-replacement", "read-discard"}
_LARGEST_MIB = 512
# Up to here every whole number is a float of its own.
_EXACT = 2**53


class Unreadable(Exception):
    """An input that cannot be read; the message is one line that names the file, what is wrong and how to mend it."""


def read_file(path: Path) -> Program:
    """The program that a file of Pulumi's describes, as it will be after `up`. Raises Unreadable."""
    return read(_document(path), str(path))


def read_before(path: Path) -> Program:
    """The program as it is before a preview's changes; of a state, the state itself. Raises Unreadable."""
    document = _document(path)
    return _preview(document, str(path), "oldState") if "steps" in document else read(document, str(path))


def read(document: Mapping[str, Any], name: str) -> Program:
    """The program in a preview's or an export's JSON; `name` is what errors call it. Raises Unreadable."""
    if "steps" in document:
        return _preview(document, name, "newState")
    if "deployment" in document or "checkpoint" in document:
        return _state(document, name)
    if document.get("diagnostics"):
        raise Unreadable(f"{name}: the preview failed: {_errors(document)}; mend the program, then preview again")
    raise Unreadable(f"{name}: neither a preview nor a state; write one with `pulumi preview --json` or `pulumi stack export`")


def from_policy_pack(resources: Iterable[Any], config: Mapping[str, str] | None = None) -> Program:
    """The program that a policy pack's stack validation sees (pulumi_policy's PolicyResource objects, or anything of their shape).

    It sees outputs, not inputs: a property that a provider does not give back, such as the size of an Azure key, is not there.
    """
    listed = list(resources)
    providers = {str(each.provider.urn): each.provider for each in listed if getattr(each, "provider", None)}
    known = {str(each.urn) for each in listed}
    beside = [_provider(each) for urn, each in providers.items() if urn not in known]
    resources = [*(_policy_resource(each) for each in listed), *beside]
    return _program({each.urn: each for each in resources}, "the policy pack's resources", config)


def _document(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST_MIB * 2**20:
            raise Unreadable(f"{path}: larger than {_LARGEST_MIB} MiB, which no preview is; give the output of `pulumi preview --json`")
        # Of bytes, json tells UTF-8 (with or without a mark), UTF-16 and UTF-32 apart: a Windows shell writes UTF-16.
        document: object = json.loads(path.read_bytes())
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read: {error.strerror}; give a file with the output of `pulumi preview --json`") from None
    except (ValueError, RecursionError) as error:
        where = f", line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"{path}: no JSON, or cut off{where}; write it again with `pulumi preview --json > {path.name}`") from None
    if not isinstance(document, dict):
        raise Unreadable(f"{path}: a JSON {type(document).__name__}, not a preview or a state; write one with `pulumi preview --json`")
    return cast(dict[str, Any], document)


def _preview(document: Mapping[str, Any], name: str, state: str) -> Program:
    errors = _errors(document)
    if errors:
        raise Unreadable(f"{name}: the preview failed: {errors}; mend the program, then preview again")
    steps = _mappings(document.get("steps"), name, "steps")
    skipped = _GONE if state == "newState" else {"create", "create-replacement", "import"}
    resources: dict[str, Resource] = {}
    twice = 0
    for step in steps:
        told = step.get(state)
        if step.get("op") not in skipped | _EXISTING and isinstance(told, dict):
            resource = _resource(cast(dict[str, Any], told), name)
            # A replacement has several steps for one resource; anything else has one.
            twice += resource.urn in resources and "replace" not in str(step.get("op"))
            resources[resource.urn] = resource
    config = {key: str(value) for key, value in _mapping(document.get("config")).items()}
    return _program(resources, name, config, [*_left_out(document, steps), *_twice(twice)])


def _twice(count: int) -> list[str]:
    """The engine allows no URN twice: such a file was put together by hand, and one of the two is not priced."""
    return [f"{count} resources stand twice in this file, and only the last of each is in the total: write it again"] if count else []


def _left_out(document: Mapping[str, Any], steps: list[dict[str, Any]]) -> list[str]:
    told = sum(step.get("op") == "same" for step in steps)
    counted = _mapping(document.get("changeSummary")).get("same")
    missing = counted - told if isinstance(counted, int) else 0
    if missing <= 0:
        return []
    return [f"{missing} unchanged resources are not in this preview and not in the total: write it with `--json --show-sames`"]


def _errors(document: Mapping[str, Any]) -> str:
    found = document.get("diagnostics")
    listed = [_mapping(each) for each in cast(list[object], found)] if isinstance(found, list) else []
    messages = [_short(str(each.get("message"))) for each in listed if each.get("severity") == "error"]
    return messages[0][:300] if messages else ""


def _short(message: str) -> str:
    """One line; of a Python traceback only what it ends with, for that says what is wrong."""
    told, trace, frames = message.partition("Traceback (most recent call last):")
    # What was raised stands after the last frame and its indented lines.
    raised = re.split(r'\n  File "[^\n]*(?:\n +[^\n]*)*', frames)[-1] if trace else ""
    return " ".join(f"{told} {raised}".split())


def _state(document: Mapping[str, Any], name: str) -> Program:
    latest = _mapping(_mapping(document.get("checkpoint")).get("latest"))
    deployment = _mapping(document.get("deployment")) or latest
    listed = _mappings(deployment.get("resources") or [], name, "deployment.resources")
    resources = [_resource(state, name) for state in listed if not state.get("delete") and not state.get("external")]
    unique = {resource.urn: resource for resource in resources}
    return _program(unique, name, missing=_twice(len(resources) - len(unique)))


def _program(resources: Mapping[str, Resource], name: str, config: Mapping[str, str] | None = None, missing: Iterable[str] = ()) -> Program:
    """The program of these resources. Raises Unreadable where parents go in a circle."""
    ended: set[str] = set()
    for start in resources:
        path: set[str] = set()
        urn: str | None = start
        while urn and urn in resources and urn not in ended:
            if urn in path:
                raise Unreadable(f"{name}: {urn} is its own parent's parent; write the file again with `pulumi preview --json`")
            path.add(urn)
            urn = resources[urn].parent
        ended |= path
    return Program(resources.values(), config, missing)


def _resource(state: Mapping[str, Any], name: str) -> Resource:
    urn, token = state.get("urn"), state.get("type")
    if not isinstance(urn, str) or not urn or not isinstance(token, str):
        raise Unreadable(f"{name}: a resource without urn or type; write the file again with `pulumi preview --json`")
    try:
        inputs, outputs = _readable(_mapping(state.get("inputs"))), _readable(_mapping(state.get("outputs")))
    except RecursionError:
        raise Unreadable(f"{name}: {urn} is nested too deep; write the file again with `pulumi preview --json`") from None
    dependencies = {key: _urns(urns) for key, urns in _mapping(state.get("propertyDependencies")).items()}
    parent = state.get("parent")
    return Resource(
        urn=urn,
        type=type_of(token),
        # What the program asks for, and what the cloud then made of the rest.
        properties={**outputs, **inputs},
        parent=parent if isinstance(parent, str) and parent else None,
        references={key: urns for key, urns in dependencies.items() if urns},
        dependencies=_urns(state.get("dependencies")),
        provider=str(state.get("provider") or "").rpartition("::")[0],
        custom=bool(state.get("custom")),
    )


def _urns(value: object) -> tuple[str, ...]:
    return tuple(urn for urn in cast(list[object], value) if isinstance(urn, str)) if isinstance(value, list) else ()


def _readable(value: Any) -> Any:
    if isinstance(value, str):
        return UNKNOWN if value in _UNKNOWN else SECRET if value == "[secret]" else value
    if isinstance(value, dict):
        mapping = cast(dict[str, Any], value)
        if _SIGNATURE in mapping:
            return SECRET if mapping[_SIGNATURE] == _SECRET_SIGNATURE else UNKNOWN
        return {key: _readable(each) for key, each in mapping.items()}
    return [_readable(each) for each in cast(list[Any], value)] if isinstance(value, list) else value


def _mapping(value: object) -> dict[str, Any]:
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def _mappings(value: object, name: str, where: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in cast(list[object], value)):
        raise Unreadable(f"{name}: {where} is not a list of mappings; write the file again with `pulumi preview --json`")
    return cast(list[dict[str, Any]], value)


def _policy_resource(resource: Any) -> Resource:
    dependencies: dict[str, list[Any]] = resource.property_dependencies or {}
    references = {key: tuple(str(other.urn) for other in others) for key, others in dependencies.items()}
    provider = getattr(resource, "provider", None)
    return Resource(
        urn=resource.urn,
        type=type_of(resource.resource_type),
        properties=_asked_for(plain(resource.props), references),
        parent=resource.parent.urn if resource.parent else None,
        references={key: urns for key, urns in references.items() if urns},
        dependencies=tuple(other.urn for other in resource.dependencies or ()),
        provider=str(provider.urn) if provider else "",
        # Components have no provider; a pack is not told otherwise.
        custom=provider is not None,
    )


def _asked_for(properties: Mapping[str, Any], references: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Without what the cloud will fill in: a pack sees outputs, and what is unknown there and comes from no resource was left out."""
    return {key: value if references.get(key) else _without_unknown(value) for key, value in properties.items()}


def _without_unknown(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_unknown(each) for key, each in cast(dict[str, Any], value).items()}
    if isinstance(value, list):
        return [_without_unknown(each) for each in cast(list[Any], value)]
    return None if value is UNKNOWN else value


def _provider(provider: Any) -> Resource:
    return Resource(urn=provider.urn, type=provider.resource_type, properties=plain(provider.props), custom=False)


def plain(value: Any) -> Any:
    """What a policy pack's proxies hold, as plain data: they are neither dict nor list, and raise where a value is not known yet."""
    if isinstance(value, Mapping):
        mapping = cast(Mapping[str, Any], value)
        return {key: _plain_at(mapping, key) for key in mapping}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        sequence = cast(Sequence[Any], value)
        return [_plain_at(sequence, at) for at in range(len(sequence))]
    # The engine's messages know no whole numbers: a count of 2 arrives as 2.0, and so it would be written wherever it is text.
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return _readable(value)


def _plain_at(holder: Any, key: Any) -> Any:
    try:
        return plain(holder[key])
    except Exception as error:
        # The SDK's own error, by its name: this floor does not import it.
        if type(error).__name__ != "UnknownValueError":
            raise
        return UNKNOWN
