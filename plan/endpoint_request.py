"""One endpoint as it was asked for, with everything that its planning needs to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogue.regions import Region
from environment.endpoint import Endpoint
from environment.model import Environment
from plan.findings import Findings
from plan.model import BucketPlan, NodePoolPlan


@dataclass(frozen=True, kw_only=True)
class EndpointRequest:
    """An endpoint of the environment file, where it would stand, and where findings about it go.

    region is None when the environment's region is unknown, and on any cluster. platform: sageMaker | vertexAi | cloudRun | azureMl |
    kubernetes. pool: the node pool that it lands on, on Kubernetes. pools, buckets: all of the environment. labels: of cloud resources.
    """

    environment: Environment
    cloud: str
    stage: str
    region: Region | None
    name: str
    endpoint: Endpoint
    platform: str
    pool: NodePoolPlan | None
    pools: Sequence[NodePoolPlan]
    buckets: Sequence[BucketPlan]
    labels: Mapping[str, str]
    findings: Findings

    def path(self, *fields: str) -> str:
        """The environment-file path of one of its fields."""
        return ".".join(("endpoints", self.name, *(field for field in fields if field)))

    def fault(self, fields: str, value: object, problem: str, *, allowed: str, fix: str, source: str = "") -> None:
        """Notes a fault at one of its fields (dotted)."""
        self.findings.fault(self.path(fields), value, problem, allowed=allowed, fix=fix, source=source)

    def decide(self, fields: str, chosen: object, reason: str, source: str = "") -> None:
        """Notes a decision at one of its fields (dotted)."""
        self.findings.decide(self.path(fields), chosen, reason, source)
