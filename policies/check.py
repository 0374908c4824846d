"""What a check is: one rule over one resource and its neighbours, with all that a person needs to judge and mend it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from policies.view import View

Level = Literal["disabled", "advisory", "mandatory"]
Severity = Literal["low", "medium", "high", "critical"]
Scalar = bool | int | float | str
Parameter = Scalar | tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong. path: of the property, empty for the resource as a whole; what: in words, without a secret's value.

    fix: how to mend it where it is not the check's own.
    """

    what: str
    path: str = ""
    fix: str = ""


Rule = Callable[[View], Iterator[Problem]]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule. types: the resource types that it looks at, or `*`. joined: it needs the whole program, not the resource alone.

    key: the environment-file key that mends it in our own stacks, empty where there is none. equivalents: ids of the same rule elsewhere
    (CKV_, AWS-, CIS, Config, …). profiles: where its level is another one. parameters: names and defaults of what can be set.
    """

    id: str
    title: str
    severity: Severity
    level: Level
    types: tuple[str, ...]
    rule: Rule
    rationale: str
    fix: str
    key: str = ""
    joined: bool = False
    equivalents: tuple[str, ...] = ()
    profiles: Mapping[str, Level] = field(default_factory=dict[str, Level])
    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])

    @property
    def clouds(self) -> tuple[str, ...]:
        """The clouds whose resources it looks at: aws, gcp, azure, kubernetes."""
        packages = {kind.partition(":")[0] for kind in self.types}
        return tuple(sorted("azure" if package == "azure-native" else package for package in packages))


class Checks:
    """The checks of one module, in the order in which they are written."""

    def __init__(self) -> None:
        self.listed: list[Check] = []

    def add(
        self,
        id: str,
        title: str,
        *types: str,
        severity: Severity = "medium",
        level: Level = "mandatory",
        rationale: str,
        fix: str,
        key: str = "",
        joined: bool = False,
        equivalents: tuple[str, ...] = (),
        profiles: Mapping[str, Level] | None = None,
        parameters: Mapping[str, Parameter] | None = None,
    ) -> Callable[[Rule], Rule]:
        """Makes a check of the rule that this decorates."""

        def decorate(rule: Rule) -> Rule:
            check = Check(
                id=id,
                title=title,
                severity=severity,
                level=level,
                types=types,
                rule=rule,
                rationale=rationale,
                fix=fix,
                key=key,
                joined=joined,
                equivalents=equivalents,
                profiles=dict(profiles or {}),
                parameters=dict(parameters or {}),
            )
            self.listed.append(check)
            return rule

        return decorate
