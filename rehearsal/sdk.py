"""Where the installed Pulumi SDKs keep the classes and functions behind a token."""

from __future__ import annotations

import importlib
import importlib.metadata
import inspect
import re
import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Any, cast

from packaging.version import Version
from pulumi import _types as sdk_types  # pyright: ignore[reportPrivateUsage]
from pulumi.runtime import rpc

_TWIN_PARAMETER = re.compile(r"(\w+): pulumi\.Input\[Optional\[(Optional\[)?")
_DOCUMENTED_VERSION = re.compile(r"Azure REST API version ([\w-]+)\.")
_AZURE_API_VERSION = re.compile(r"/v\d{8}\w*\Z")


def package_version(package: str) -> str:
    """Give the installed SDK's version as semver ("aws" → pulumi-aws 7.51.1).

    Raises ModuleNotFoundError, naming the extra to install, where the SDK is missing.
    """
    try:
        version = Version(importlib.metadata.version(f"pulumi-{package}"))
    except importlib.metadata.PackageNotFoundError:
        extra = package.removesuffix("-native")
        raise ModuleNotFoundError(
            f"package {package!r} has no installed SDK (pulumi-{package}); install it with: pip install 'drydock[{extra}]'"
        ) from None
    return f"{version.major}.{version.minor}.{version.micro}"


def resource_class(token: str) -> type | None:
    """Give the SDK's class of a resource type, or None where the SDK has no such type.

    An API-versioned azure-native token is answered with the default version's class.
    """
    package, module, _ = split_token(token)
    if not _has_sdk(package):
        return None
    for registered in rpc._RESOURCE_MODULES.get(f"{package}:{module}", []):  # pyright: ignore[reportPrivateUsage]
        info: dict[str, Any] = getattr(registered, "mod_info", {})
        name = info.get("classes", {}).get(token)
        if name:
            return getattr(importlib.import_module(info["fqn"]), name)
    default_module = _AZURE_API_VERSION.sub("", module)
    return resource_class(token.replace(module, default_module, 1)) if default_module != module else None


def args_class(owner: type) -> type | None:
    """Give the Args class of a resource or provider class.

    The constructor's own overload names it; the obvious `<Class>Args` is another class where names collide
    (azure-native's VirtualNetworkArgs), and those classes are then called `<Class>InitArgs`.
    """
    for overload in typing.get_overloads(cast("Callable[..., Any]", owner.__init__)):
        hint = overload.__annotations__.get("args")
        for option in (hint, *typing.get_args(hint)):
            if isinstance(option, type) and sdk_types.is_input_type(option):
                return option
    return None


def provider_class(package: str) -> type | None:
    """Give the class of a package's explicit provider (`pulumi:providers:aws`), or None without its SDK."""
    return importlib.import_module(_module_name(package)).Provider if _has_sdk(package) else None


def has_module(package: str, module: str) -> bool:
    """Tell whether the SDK has resource types in `module`, such as `apps/v1` of kubernetes."""
    return _has_sdk(package) and f"{package}:{module}" in rpc._RESOURCE_MODULES  # pyright: ignore[reportPrivateUsage]


@cache
def azure_api_version(token: str) -> str:
    """Give the REST API version of an azure-native type, which its class's documentation names; '' where it does not."""
    owner = resource_class(token)
    overloads = typing.get_overloads(cast("Callable[..., Any]", owner.__init__)) if owner else ()
    match = _DOCUMENTED_VERSION.search((overloads[0].__doc__ or "") if overloads else "")
    return match[1] if match else ""


def function_of(token: str) -> Callable[..., Any] | None:
    """Give the SDK's plain function behind an invoke's token, or None where there is none."""
    package, module, _ = split_token(token)
    if not _has_sdk(package):
        return None
    found = _functions(_python_module(package, _AZURE_API_VERSION.sub("", module).split("/")[0])).get(token)
    return found or (function_of(default) if (default := _unversioned(token)) != token else None)


def required_parameters(function: Callable[..., Any]) -> frozenset[str]:
    """Give the Python names of the arguments a function's token demands.

    Generated functions default every argument to None. Only the source of the `_output` twin tells: an optional
    argument is written `Input[Optional[Optional[T]]]` there, a required one `Input[Optional[T]]`.
    """
    twin = getattr(inspect.getmodule(function), f"{function.__name__}_output", None)
    if twin is None:
        return frozenset()
    header, _, _ = inspect.getsource(inspect.unwrap(twin)).partition("->")
    return frozenset(name for name, doubled in _TWIN_PARAMETER.findall(header) if not doubled)


def split_token(token: str) -> tuple[str, str, str]:
    """Split `aws:s3/bucket:Bucket` into package, module and name. Raises ValueError for anything else."""
    parts = token.split(":")
    if len(parts) != 3 or not all(parts):
        raise ValueError(f"type token {token!r} is malformed; write it as package:module:Name, such as aws:s3/bucket:Bucket")
    return parts[0], parts[1], parts[2]


def _unversioned(token: str) -> str:
    package, module, name = split_token(token)
    return f"{package}:{_AZURE_API_VERSION.sub('', module)}:{name}"


def _module_name(package: str) -> str:
    return "pulumi_" + package.replace("-", "_")


@cache
def _has_sdk(package: str) -> bool:
    try:
        importlib.import_module(_module_name(package))
    except ModuleNotFoundError:
        return False
    return True


@cache
def _python_module(package: str, module: str) -> str | None:
    """Give the Python module of a token's module; it differs where Python reserves the word (`lambda_`)."""
    if module == "index":
        return _module_name(package)
    for name in (f"{_module_name(package)}.{module}", f"{_module_name(package)}.{module}_"):
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        return name
    return None


@cache
def _functions(module_name: str | None) -> dict[str, Callable[..., Any]]:
    """Give a module's invoke functions by token. The token is a constant in the function's code."""
    if module_name is None:
        return {}
    found: dict[str, Callable[..., Any]] = {}
    module = importlib.import_module(module_name)
    getattr(module, "__all__", None)  # the SDKs import lazily: only asking for a missing attribute makes the module load
    for name in dir(module):
        member = getattr(module, name)
        function = inspect.unwrap(member) if callable(member) else member
        if not isinstance(function, types.FunctionType) or name.endswith("_output"):
            continue
        for constant in function.__code__.co_consts:
            if isinstance(constant, str) and constant.count(":") == 2 and " " not in constant and "\n" not in constant:
                found[constant] = function
    return found
