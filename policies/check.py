"""What a check is: one rule over one resource and its neighbours, with all that a person needs to judge and mend it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

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
class Change:
    """One value that a remedy sets. path: dotted, an item of a list by its number, the number after the last adds one.

    key: below the path, where it may hold dots, as labels do.
    """

    path: str
    value: Any
    key: str = ""

    @property
    def steps(self) -> tuple[str, ...]:
        """The names and numbers that lead to the value."""
        return (*self.path.split("."), *((self.key,) if self.key else ()))


Mend = Callable[[View, Sequence[Problem]], Iterator[Change]]


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """What mends a check's violations without making anything anew. types: those of the check on which it is safe.

    mend: what to set, given the resource and its problems; nothing where it cannot help. Its docstring says why it is safe.
    """

    types: tuple[str, ...]
    mend: Mend

    @property
    def why_safe(self) -> str:
        """Why it may be done without asking, in words."""
        return " ".join((self.mend.__doc__ or "").split())


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule. types: the resource types that it looks at, or `*`. joined: it needs the whole program, not the resource alone.

    key: the environment-file key that mends it in our own stacks, such as `storage.<name>.versioning`; several with ", " between, where
    components of several kinds make such resources; empty where Drydock decides it. equivalents: ids of the same rule elsewhere (CKV_,
    AWS-, CIS, Config, …). profiles: where its level is another one. parameters: names and defaults of what can be set. remedy: what
    mends it, where that is safe.
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
    remedy: Remedy | None = None

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
        remedy: Remedy | None = None,
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
                remedy=remedy,
            )
            self.listed.append(check)
            return rule

        return decorate
