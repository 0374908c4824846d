"""The cluster as it was asked for, with everything that its planning needs to know."""

from dataclasses import dataclass

from environment.cluster import AddOns, Cluster
from environment.model import Environment
from plan.findings import Findings

ROOT = "cluster"


@dataclass(frozen=True, kw_only=True)
class ClusterRequest:
    """The environment's cluster: what the file says of it (nothing is an empty `wish`), and where findings about it go."""

    environment: Environment
    wish: Cluster
    findings: Findings

    @property
    def cloud(self) -> str:
        """The cloud that it stands on."""
        return self.environment.cloud

    @property
    def stage(self) -> str:
        """dev, staging or prod."""
        return self.environment.stage

    @property
    def add_ons(self) -> AddOns:
        """What the file says of add-ons."""
        return self.wish.add_ons or AddOns()

    def fault(self, fields: str, value: object, problem: str, *, allowed: str, fix: str, source: str = "") -> None:
        """Notes a fault at one of its fields (dotted)."""
        self.findings.fault(f"{ROOT}.{fields}", value, problem, allowed=allowed, fix=fix, source=source)

    def decide(self, fields: str, chosen: object, reason: str, source: str = "") -> None:
        """Notes a decision at one of its fields (dotted)."""
        self.findings.decide(f"{ROOT}.{fields}", chosen, reason, source)
