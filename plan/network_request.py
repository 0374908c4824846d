"""The network as it was asked for, with everything that its planning needs to know."""

from dataclasses import dataclass

from catalogue.regions import Region
from environment.model import Environment
from environment.network import Network
from plan.findings import Findings
from plan.scope import most_nodes, wants_cluster

ROOT = "network"


@dataclass(frozen=True, kw_only=True)
class NetworkRequest:
    """The environment's network: what the file says of it (nothing is an empty `wish`), and where findings about it go."""

    environment: Environment
    region: Region
    wish: Network
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
    def has_cluster(self) -> bool:
        """Whether a cluster stands in it."""
        return wants_cluster(self.environment)

    @property
    def most_nodes(self) -> int:
        """The most nodes that may stand in it."""
        return most_nodes(self.environment) if self.has_cluster else 0

    def fault(self, field: str, value: object, problem: str, *, allowed: str, fix: str, source: str = "") -> None:
        """Notes a fault at one of its fields (dotted)."""
        self.findings.fault(f"{ROOT}.{field}", value, problem, allowed=allowed, fix=fix, source=source)

    def decide(self, field: str, chosen: object, reason: str, source: str = "") -> None:
        """Notes a decision at one of its fields (dotted)."""
        self.findings.decide(f"{ROOT}.{field}", chosen, reason, source)
