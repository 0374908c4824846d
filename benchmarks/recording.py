"""What a stack registered, taken from the engine's state, in the form that the bare program reads."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi import _types as sdk_types  # pyright: ignore[reportPrivateUsage]

from rehearsal.sdk import args_class, resource_class
from rehearsal.wire import SIGNATURE

_STACK = "pulumi:pulumi:Stack"
_PROVIDER = "pulumi:providers:"


def recorded(state: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The registered resources in their order, and the stack's outputs. Raises ValueError for what the bare program cannot register."""
    (stack,) = (each for each in state if each["type"] == _STACK)
    registered = [each for each in state if each["type"] != _STACK and not each["type"].startswith(_PROVIDER)]
    return {"resources": [_registration(each) for each in registered], "outputs": stack.get("outputs", {})}


def _registration(resource: Mapping[str, Any]) -> dict[str, Any]:
    if SIGNATURE in str(resource.get("inputs")):
        raise ValueError(f"{resource['urn']}: has secret inputs, which the bare program does not register; measure a stack without them")
    owner = _owner(resource) if resource["custom"] else None
    return {
        "urn": resource["urn"],
        "type": resource["type"],
        "name": resource["urn"].rsplit("::", 1)[-1],
        "class": [owner.__module__, owner.__name__] if owner else None,
        "arguments": _arguments(owner, resource.get("inputs", {})) if owner else {},
        "outputs": resource.get("outputs", {}),
        "parent": resource.get("parent"),
        "dependencies": resource.get("dependencies", []),
        "protect": resource.get("protect", False),
        "retainOnDelete": resource.get("retainOnDelete", False),
    }


def _owner(resource: Mapping[str, Any]) -> type:
    found = resource_class(resource["type"])
    if found is None:
        raise ValueError(f"{resource['urn']}: the installed SDK has no class for {resource['type']}; install the SDK version that has it")
    return found


def _arguments(owner: type, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The constructor's arguments: the engine's names in the SDK's spelling, without what the engine keeps for itself."""
    args = args_class(owner)
    names = {camel: name for name, camel in sdk_types.input_type_py_to_pulumi_names(args).items()} if args else {}
    return {names.get(name, name): value for name, value in inputs.items() if not name.startswith("__")}
