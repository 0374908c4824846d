"""What is to stand in the cluster, as it was asked for, with everything that its planning needs to know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from environment.cluster import AddOns
from environment.model import Environment
from plan.findings import Findings
from plan.model import ClusterPlan, NetworkPlan, NodePoolPlan
from plan.nodes import most_nodes

# Every Kubernetes resource name of an accelerator that pools may offer begins with one of these, by vendor.
VENDORS: Mapping[str, str] = {"nvidia": "nvidia.com/", "amd": "amd.com/", "neuron": "aws.amazon.com/", "tpu": "google.com/"}


@dataclass(frozen=True, kw_only=True)
class ContentsRequest:
    """The environment with its planned cluster and pools, and where findings about what stands in them go.

    cluster and network are None where they are faulty, which is said already; pools lacks those that are faulty.
    """

    environment: Environment
    cluster: ClusterPlan | None
    network: NetworkPlan | None
    pools: tuple[NodePoolPlan, ...]
    labels: Mapping[str, str]
    findings: Findings

    @property
    def cloud(self) -> str:
        """The cloud that the cluster stands on."""
        return self.environment.cloud

    @property
    def is_prod(self) -> bool:
        """Whether it is production."""
        return self.environment.stage == "prod"

    @property
    def add_ons(self) -> AddOns:
        """What the file says of add-ons."""
        cluster = self.environment.cluster
        return (cluster.add_ons if cluster else None) or AddOns()

    @property
    def has_existing_cluster(self) -> bool:
        """Whether the cluster was there before."""
        return self.cluster is not None and self.cluster.existing is not None

    @property
    def knows_all_pools(self) -> bool:
        """Whether each pool of the file is planned: where one is faulty, nobody can say that none fits."""
        return {pool.name for pool in self.pools} >= set(self.environment.node_pools)

    def of_vendor(self, vendor: str) -> tuple[NodePoolPlan, ...]:
        """The pools with this vendor's accelerators."""
        return tuple(pool for pool in self.pools if pool.resource.startswith(VENDORS[vendor]))

    def most_of(self, pool: NodePoolPlan) -> int:
        """The most accelerators that a pool offers, with all its nodes."""
        return most_nodes(self.environment, pool) * pool.resources_per_node

    def fault(self, path: str, value: object, problem: str, *, allowed: str, fix: str, source: str = "") -> None:
        """Notes a fault."""
        self.findings.fault(path, value, problem, allowed=allowed, fix=fix, source=source)

    def decide(self, path: str, chosen: object, reason: str, source: str = "") -> None:
        """Notes a decision."""
        self.findings.decide(path, chosen, reason, source)


def nearest(asked: str, known: Iterable[str]) -> str | None:
    """The known name that is most like the asked one, the first where none is alike, None where there are none."""
    names = sorted(known)
    return next(iter(get_close_matches(asked, names, n=1, cutoff=0.4) or names[:1]), None)
