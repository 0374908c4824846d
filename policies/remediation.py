"""Mends what a check finds, where that is safe: without a replacement, without loss, and only what can be read.

A remedy says which values to set; all that must hold for every remedy is held here, in one place.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

from costs.resource import Missing, Program, Resource
from policies.check import Change, Check, Mend, Problem, Remedy
from policies.settings import Settings
from policies.view import View

# Where the Terraform bridge notes which inputs it filled in by itself. Source: pulumi-terraform-bridge, "defaultsKey".
_DEFAULTED = "__defaults"


class Unmendable(Exception):
    """A change that would write over, or into, what cannot be read."""


class Remedies:
    """The remedies of one module, by the ids of their checks."""

    def __init__(self) -> None:
        self.listed: dict[str, Remedy] = {}

    def add(self, check: str, *types: str) -> Callable[[Mend], Mend]:
        """Makes the remedy of a check of what this decorates, for these types of its resources."""

        def decorate(mend: Mend) -> Mend:
            if check in self.listed:
                raise ValueError(f"{check} has two remedies; allowed: one; fix: put both into one")
            self.listed[check] = Remedy(types=types, mend=mend)
            return mend

        return decorate


def put(problems: Sequence[Problem], value: Any) -> Iterator[Change]:
    """Sets the value at the property of each problem."""
    yield from (Change(path=problem.path, value=value) for problem in problems)


def add(view: View, path: str, *values: Any) -> Iterator[Change]:
    """Adds the values to the end of a list; nothing where something else than a list stands there. Raises Undecided."""
    held = view.get(path)
    if held is None or isinstance(held, list):
        count = len(cast(list[Any], held or []))
        yield from (Change(path=f"{path}.{at}", value=value) for at, value in enumerate(values, count))


def mended(
    check: Check, resource: Resource, program: Program, settings: Settings, *, ignored: Sequence[str] = (), today: date | None = None
) -> tuple[Change, ...]:
    """What its remedy changes of a resource; nothing where it is not asked for, exempted, or would not help.

    program: as much as is known beside the resource. ignored: the resource's ignoreChanges, which no remedy goes past.
    Nothing is changed where a value cannot be read, and nothing in part: afterwards the check has nothing to say.
    """
    remedy = check.remedy
    if remedy is None or resource.type not in remedy.types or not settings.remediates(check) or _exempt(check, resource, settings, today):
        return ()
    parameters = settings.parameters(check)
    try:
        view = View(resource, program, parameters)
        changes = tuple(remedy.mend(view, problems)) if (problems := list(check.rule(view))) else ()
        if not changes or any(_left_alone(change, ignored) for change in changes):
            return ()
        after = replace(resource, properties=applied(resource.properties, changes))
        return () if list(check.rule(View(after, program, parameters))) else changes
    except Exception:
        # What cannot be read, and a mistake of a remedy, leave everything as it is: the check then says what it says.
        return ()


def applied(properties: Mapping[str, Any], changes: Sequence[Change]) -> dict[str, Any]:
    """The properties with the changes; all else is the same objects. Raises Unmendable."""
    found: Any = dict(properties)
    for change in changes:
        found = _put(found, change.steps, change.value)
    return cast(dict[str, Any], found)


def _put(tree: Any, steps: Sequence[str], value: Any) -> Any:
    if not steps:
        if isinstance(tree, Missing):
            raise Unmendable
        return value
    first, rest = steps[0], steps[1:]
    if isinstance(tree, list) or (tree is None and first.isdigit()):
        return _put_item(cast(list[Any], tree or []), int(first), rest, value)
    if tree is not None and not isinstance(tree, dict):
        raise Unmendable
    held = cast(dict[str, Any], tree or {})
    if first == "0" and first not in held:
        # One mapping counts as a list of one, as it does where checks read it.
        return _put(held, rest, value)
    found = {**held, first: _put(held.get(first), rest, value)}
    if isinstance(noted := held.get(_DEFAULTED), list):
        # Else the provider would take the remedy's value for its own default, and keep it when the remedy is off again.
        found[_DEFAULTED] = [name for name in cast(list[Any], noted) if name != first]
    return found


def _put_item(items: list[Any], at: int, rest: Sequence[str], value: Any) -> list[Any]:
    if at > len(items):
        raise Unmendable
    old = items[at] if at < len(items) else None
    return [*items[:at], _put(old, rest, value), *items[at + 1 :]]


def _exempt(check: Check, resource: Resource, settings: Settings, today: date | None) -> bool:
    now = today or date.today()
    return any(each.covers(check.id, resource.urn) and not each.expired(now) for each in settings.exemptions)


def _left_alone(change: Change, ignored: Sequence[str]) -> bool:
    """Whether the program asks to ignore changes of the property; by its first name, so that none is gone past."""
    names = {re.split(r"[.\[]", path, maxsplit=1)[0] for path in ignored}
    return bool(names & {"*", change.steps[0]})
