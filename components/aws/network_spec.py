"""Which network to build where."""

from dataclasses import dataclass

from pulumi import ResourceOptions

from components.aws.place import Place
from plan.model import NetworkPlan


@dataclass(frozen=True, kw_only=True)
class NetworkSpec:
    """One network. `name` begins the logical names; `opts` are the options of every child."""

    name: str
    plan: NetworkPlan
    place: Place
    opts: ResourceOptions

    def tags(self, role: str = "") -> dict[str, str]:
        """The environment's labels, and the name that AWS's console shows."""
        return {**self.plan.labels, "Name": f"{self.name}-{role}" if role else self.name}
