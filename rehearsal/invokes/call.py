"""A function call on its way through a simulated cloud."""

from __future__ import annotations

from dataclasses import dataclass

from rehearsal.context import CloudContext
from rehearsal.instances import Instance
from rehearsal.scenario import Scenario
from rehearsal.state import SimulatedCloud
from rehearsal.values import Value, Values, as_text


@dataclass(frozen=True)
class Call:
    """A function's token and arguments, the provider instance that asks, and the cloud that answers."""

    token: str
    args: Values
    instance: Instance
    cloud: SimulatedCloud
    scenario: Scenario

    @property
    def context(self) -> CloudContext:
        """The account, project and region that the call concerns."""
        return self.instance.context_for(self.args)

    def text(self, name: str) -> str:
        """Give an argument as text; empty where it is not given."""
        return as_text(self.args.get(name)) or ""

    def items(self, name: str) -> list[Value]:
        """Give a list argument; empty where it is not given."""
        value = self.args.get(name)
        return value if isinstance(value, list) else []
