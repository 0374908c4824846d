"""What each check is tried on: a program that breaks it, one that keeps it, one that it cannot decide, one that is none of its business."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final, Literal, get_args

from costs.resource import UNKNOWN, Program, Resource
from policies.check import Check
from policies.finding import Finding
from policies.review import review
from policies.settings import Settings, settings
from tests.costs.building import resource

__all__ = ["KINDS", "UNKNOWN", "Case", "Kind", "all_cases", "found", "id_of", "made", "said", "set_for"]

Kind = Literal["violating", "passing", "unknown", "elsewhere"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Programs for one check. unknown: None where nothing of it can be unknown, which `why_known` then explains.

    at: the paths of the violations, in order; words: what each of them must say, where only that tells a right answer from a wrong one.
    undecided: how many resources of `unknown` it cannot decide. parameters: set for the check; given: what is set besides, such as a
    budget; instead: what is set in its place for some of the programs.
    """

    violating: tuple[Resource, ...]
    passing: tuple[Resource, ...]
    unknown: tuple[Resource, ...] | None
    elsewhere: tuple[Resource, ...]
    at: tuple[str, ...] = ("",)
    words: tuple[str, ...] = ()
    undecided: int = 1
    why_known: str = ""
    parameters: Mapping[str, Any] | None = None
    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    instead: Mapping[Kind, Mapping[str, Any]] = field(default_factory=dict[Kind, Mapping[str, Any]])

    def program(self, kind: Kind) -> Program:
        """One of its programs. Raises ValueError where two resources have one name, as the second would hide the first."""
        listed: tuple[Resource, ...] = getattr(self, kind) or ()
        found = Program(listed)
        if len(found.resources) < len(set(map(id, listed))):
            raise ValueError(f"two resources of {kind} have one name: {', '.join(each.urn for each in listed)}")
        return found

    def meant(self, kind: Kind) -> list[tuple[str, str]]:
        """What the check must say of it: results with their paths; where it cannot decide, any path."""
        violations = [("violation", path) for path in self.at]
        undecided = [("undecided", "a path")] * self.undecided if self.unknown else []
        return {"violating": violations, "unknown": undecided}.get(kind, [])

    def unsaid(self, kind: Kind, findings: list[Finding]) -> list[str]:
        """The words that violations lack, of those that they must say."""
        return [word for word, each in zip(self.words, findings, strict=False) if kind == "violating" and word not in each.line]


@cache
def all_cases() -> Mapping[str, Case]:
    """Every case under its name: its check's id, and where a check has several a word of its own after that."""
    listed = (import_module(f"tests.policies.cases.{each.name}") for each in iter_modules(import_module("tests.policies.cases").__path__))
    return {name: case for module in listed for name, case in module.CASES.items()}


def id_of(name: str) -> str:
    """The id of the check that a case is for."""
    return name.partition(" ")[0]


def set_for(check: Check, case: Case, kind: Kind) -> Settings:
    """The settings under which a program is tried: nothing else than the check, at its gravest, and what the case sets."""
    given = case.instead.get(kind, case.given)
    return settings({**given, "checks": {check.id: {"level": "mandatory", "parameters": dict(case.parameters or {})}}}, [check])


def found(check: Check, case: Case, program: Program, kind: Kind = "violating") -> list[Finding]:
    """What a check finds in a program, with what the case sets for this kind."""
    return list(review(program, [check], set_for(check, case, kind)).findings)


def said(findings: list[Finding]) -> list[tuple[str, str]]:
    """Results with their paths, to be held against what is meant."""
    return [(each.result, "a path" if each.result == "undecided" and each.path else each.path) for each in findings]


def made(kind: str, properties: Mapping[str, Any] | None = None, name: str = "it", **refers: Resource) -> Resource:
    """A resource; refers: the resources that its properties come from."""
    return resource(kind, name, properties, refers={key: found.urn for key, found in refers.items()})
