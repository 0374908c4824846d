"""Every check: the one place that knows the modules of `policies/checks` by name."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import policies.checks
from policies.check import Check, Checks


@cache
def all_checks() -> tuple[Check, ...]:
    """All checks, by id. Raises ValueError where two have one id."""
    found: dict[str, Check] = {}
    for module in sorted(each.name for each in iter_modules(policies.checks.__path__)):
        for name, value in vars(import_module(f"policies.checks.{module}")).items():
            if name != "CHECKS" or not isinstance(value, Checks):
                continue
            for check in value.listed:
                if check.id in found:
                    raise ValueError(f"two checks have the id {check.id}")
                found[check.id] = check
    return tuple(found[name] for name in sorted(found))


def by_id() -> Mapping[str, Check]:
    """All checks under their ids."""
    return {check.id: check for check in all_checks()}
