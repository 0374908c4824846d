"""Node pools, planned from the words of an environment file with everything else of that environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from environment.faults import EnvironmentInvalid, Fault
from environment.model import Environment
from plan import plan
from plan.decision import Decision
from plan.model import NodePoolPlan, Plan

# NVIDIA T4 is in all three of them.
REGIONS = {"aws": "eu-west-1", "gcp": "europe-west4", "azure": "westeurope", "kubernetes": "berlin"}


@dataclass(frozen=True)
class Pooled:
    """The whole plan, its pools by name, and what was decided, by path."""

    plan: Plan
    pools: Mapping[str, NodePoolPlan]
    decisions: Mapping[str, Decision]

    @property
    def pool(self) -> NodePoolPlan:
        """The pool `p`."""
        return self.pools["p"]


def environment(cloud: str, pools: Mapping[str, Any], **words: Any) -> Environment:
    """An environment in production with these pools; cloud kubernetes has its cluster already."""
    base = {"cloud": cloud, "region": REGIONS[cloud], "stage": "prod", "owner": "ml-platform", "costCenter": "cc-4211"}
    cluster = {"cluster": {"existing": {"context": "lab"}}} if cloud == "kubernetes" else {}
    return Environment.model_validate({**base, **cluster, "nodePools": pools, **words})


def planned(cloud: str, pool: Mapping[str, Any] | None = None, *, pools: Mapping[str, Any] | None = None, **words: Any) -> Pooled:
    """Plans the pool `p`, or these pools. Raises EnvironmentInvalid."""
    every = {} if pool is None else {"p": pool}
    found = plan(environment(cloud, {**every, **(pools or {})}, **words))
    return Pooled(found, {each.name: each for each in found.node_pools}, {each.path: each for each in found.decisions})


def faults(cloud: str, pool: Mapping[str, Any] | None = None, *, pools: Mapping[str, Any] | None = None, **words: Any) -> list[Fault]:
    """What is wrong with the pool `p`, or with these pools; empty where nothing is."""
    try:
        planned(cloud, pool, pools=pools, **words)
    except EnvironmentInvalid as invalid:
        return list(invalid.faults)
    return []
