"""What planning finds: faults of the environment file, and decisions made where it left a choice open."""

from dataclasses import dataclass, field

from environment.faults import Fault, shown
from plan.decision import Decision


@dataclass
class Findings:
    """Collects faults and decisions, so that one run reports all of them."""

    faults: list[Fault] = field(default_factory=list[Fault])
    decisions: list[Decision] = field(default_factory=list[Decision])

    def fault(self, path: str, value: object, problem: str, *, allowed: str, fix: str, source: str = "") -> None:
        """Notes one fault; `problem` reads on from the value. An empty source means that the rule is Drydock's own."""
        self.faults.append(Fault(path, shown(value), problem, allowed, fix, source))

    def decide(self, path: str, chosen: object, reason: str, source: str = "") -> None:
        """Notes one decision and why it was taken."""
        text = str(chosen).lower() if isinstance(chosen, bool) else str(chosen)
        self.decisions.append(Decision(path=path, chosen=text, reason=reason, source=source))
