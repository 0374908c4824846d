"""What checks say of a program."""

from dataclasses import dataclass
from typing import Literal

from policies.check import Check, Level

Result = Literal["violation", "undecided", "broken"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One result. violation: the rule is broken; undecided: a value at `path` is known only after `up`; broken: the check itself failed.

    level: what it leads to. what: in one line, without a secret's value.
    """

    check: Check
    urn: str
    result: Result
    level: Level
    what: str
    path: str = ""
    fix: str = ""

    @property
    def resource(self) -> str:
        """The resource's logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def line(self) -> str:
        """The finding in one line: id, resource, what is wrong, how to mend it."""
        where = f"{self.resource}.{self.path}" if self.path else self.resource
        if self.result == "undecided":
            return f"{self.check.id} {where}: cannot decide yet: {self.what}"
        if self.result == "broken":
            return f"{self.check.id} {where}: the check itself failed: {self.what}"
        return f"{self.check.id} {where}: {self.what}; fix: {self.fix or self.check.fix}"
