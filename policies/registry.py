"""Every check: the one place that knows the modules of `policies/checks` and `policies/remedies` by name."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import policies.checks
import policies.remedies
from policies.check import Check, Checks
from policies.remediation import Remedies


@cache
def all_checks() -> tuple[Check, ...]:
    """All checks, by id, with their remedies. Raises ValueError where two have one id, or a remedy has no check."""
    found: dict[str, Check] = {}
    for checks in _named("CHECKS", policies.checks):
        for check in checks.listed if isinstance(checks, Checks) else ():
            if check.id in found:
                raise ValueError(f"two checks have the id {check.id}")
            found[check.id] = check
    for remedies in _named("REMEDIES", policies.remedies):
        for name, remedy in remedies.listed.items() if isinstance(remedies, Remedies) else ():
            if name not in found or found[name].remedy is not None:
                raise ValueError(f"the remedy of {name} has no check, or is its second")
            found[name] = replace(found[name], remedy=remedy)
    return tuple(found[name] for name in sorted(found))


def by_id() -> Mapping[str, Check]:
    """All checks under their ids."""
    return {check.id: check for check in all_checks()}


def _named(name: str, package: ModuleType) -> Iterator[Any]:
    """What each module of a package has under this name."""
    for module in sorted(each.name for each in iter_modules(package.__path__)):
        yield vars(import_module(f"{package.__name__}.{module}")).get(name)
