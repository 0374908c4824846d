"""What stands in a cluster, planned from a cluster and pools that are given and from the words of an environment file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from environment.faults import Fault
from environment.model import Environment
from plan.decision import Decision
from plan.findings import Findings
from plan.kubernetes import plan_kubernetes
from plan.model import AddOnPlan, ClusterPlan, KubernetesPlan, NetworkPlan, NodePoolPlan
from tests.components.plans import cluster_plan, pool_plan

REGIONS = {"aws": "eu-west-1", "gcp": "europe-west4", "azure": "westeurope", "kubernetes": "berlin"}


@dataclass(frozen=True)
class Inside:
    """The plan with all that was found on the way."""

    plan: KubernetesPlan
    faults: list[Fault]
    decisions: dict[str, Decision]

    @property
    def paths(self) -> list[str]:
        """Where the faults are, in order."""
        return sorted(fault.path for fault in self.faults)

    @property
    def add_ons(self) -> list[str]:
        """The names of the charts, in the order in which they are installed."""
        return [add_on.name for add_on in self.plan.add_ons]

    def add_on(self, name: str) -> AddOnPlan:
        """One chart. Raises StopIteration where it is not installed."""
        return next(add_on for add_on in self.plan.add_ons if add_on.name == name)


def inside(
    cloud: str = "aws",
    *,
    stage: str = "dev",
    pools: Sequence[NodePoolPlan] | None = None,
    cluster: ClusterPlan | None = None,
    network: NetworkPlan | None = None,
    add_ons: dict[str, str] | None = None,
    **words: Any,
) -> Inside:
    """Plans what stands in the cluster; a CPU pool and a GPU pool of four nodes with one L4 each where no pools are given."""
    asked = {"cluster": {"addOns": add_ons or {}}, **words}
    base = {"cloud": cloud, "region": REGIONS[cloud], "stage": stage, "owner": "ml-platform", "costCenter": "cc-4211"}
    environment = Environment.model_validate({**base, **asked})
    findings = Findings()
    of_cloud = "aws" if cloud == "kubernetes" else cloud
    given = (pool_plan(of_cloud), pool_plan(of_cloud, "gpu", gpu=True)) if pools is None else pools
    plan = plan_kubernetes(environment, cluster or cluster_plan(of_cloud), network, given, {"stage": stage}, findings)
    assert plan is not None
    return Inside(plan, findings.faults, {decision.path: decision for decision in findings.decisions})
