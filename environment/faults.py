"""What is wrong with an environment file, in one line each."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from environment.model import Environment


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: where, what stands there, what is allowed, how to mend it, and whose rule it is (empty: Drydock's own)."""

    path: str
    value: str
    problem: str
    allowed: str
    fix: str
    source: str = ""

    def line(self) -> str:
        """The fault in one line, the same in `drydock check` and in `pulumi preview`."""
        rule = f" [{self.source}]" if self.source else ""
        return f"{self.path}: {self.value} {self.problem}; allowed: {self.allowed}; fix: {self.fix}{rule}"


class EnvironmentInvalid(Exception):
    """An environment that cannot be planned.

    `faults` holds every fault, ordered by path; `salvaged` is the environment without its faulty parts, if one is left.
    """

    def __init__(self, faults: Iterable[Fault], salvaged: "Environment | None" = None) -> None:
        self.faults = tuple(sorted(set(faults)))
        self.salvaged = salvaged
        super().__init__("\n".join(fault.line() for fault in self.faults))


def shown(value: object) -> str:
    """A value as it goes into a fault: short, on one line, and never a secret's content."""
    if isinstance(value, dict) and "secure" in value:
        return "[secret]"
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=str) if not isinstance(value, str) else f"'{value}'"
    return text if len(text) <= 60 else f"{text[:57]}…"
