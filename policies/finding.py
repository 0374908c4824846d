"""What checks say of a program."""

from dataclasses import dataclass
from typing import Literal

from costs.resource import type_of
from policies.check import Check, Level
from policies.fix import keys, told_fix

Result = Literal["violation", "undecided", "broken"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One result. violation: the rule is broken; undecided: a value at `path` is known only after `up`; broken: the check itself failed.

    level: what it leads to. what: in one line, without a secret's value. component: the URN of the Drydock component that the resource
    stands in, empty where there is none or it cannot be seen.
    """

    check: Check
    urn: str
    result: Result
    level: Level
    what: str
    path: str = ""
    fix: str = ""
    component: str = ""

    @property
    def resource(self) -> str:
        """The resource's logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def remediable(self) -> bool:
        """Whether its check has a remedy for such a resource."""
        kind = type_of(self.urn.split("::")[-2].rpartition("$")[2]) if "::" in self.urn else ""
        return self.result == "violation" and self.check.remedy is not None and kind in self.check.remedy.types

    @property
    def where(self) -> str:
        """The resource's logical name, and the property where it is one: `models.versioning.enabled`."""
        return f"{self.resource}.{self.path}" if self.path else self.resource

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the environment file that mend it; none of a resource that is not Drydock's, or that no key reaches."""
        return keys(self.check.key, self.urn, self.component)

    @property
    def told_fix(self) -> str:
        """How to mend it: by the environment file in our stacks, by the property in others; nothing of what is not decided."""
        return told_fix(self.fix or self.check.fix, self.check.key, self.urn, self.component) if self.result == "violation" else ""

    @property
    def said(self) -> str:
        """What is wrong, or why nothing can be said of it."""
        if self.result == "undecided":
            return f"cannot decide yet: {self.what}"
        return f"the check itself failed: {self.what}" if self.result == "broken" else self.what

    @property
    def line(self) -> str:
        """The finding in one line: id, resource, what is wrong, how to mend it."""
        return f"{self.check.id} {self.where}: {self.said}{f'; fix: {self.told_fix}' if self.told_fix else ''}"
