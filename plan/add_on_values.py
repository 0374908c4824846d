"""What charts' values have in common: where daemon sets run, what they tolerate, what they take."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from catalogue.charts import chart
from plan.model import AddOnPlan, NodePoolPlan, Toleration


def add_on(
    name: str,
    values: Mapping[str, Any],
    *,
    pod_security: str = "baseline",
    critical: bool = False,
) -> AddOnPlan:
    """An add-on from the catalogue's chart of the same name."""
    found = chart(name)
    repository, _, chart_name = found.chart.rpartition("/") if found.repository is None else (found.repository, "", found.chart)
    return AddOnPlan(
        name=name,
        chart=chart_name,
        repository=repository,
        version=found.version,
        namespace=found.namespace,
        values=values,
        pod_security=pod_security,
        critical=critical,
    )


def tolerations(pools: Sequence[NodePoolPlan]) -> list[dict[str, str]]:
    """What a daemon set must tolerate to stand on the nodes of all these pools, each once."""
    every = dict.fromkeys(each for pool in pools for each in pool.tolerations)
    return [toleration(each) for each in every]


def toleration(plan: Toleration) -> dict[str, str]:
    """A toleration as a chart takes it: what is empty is left out."""
    return {key: value for key, value in asdict(plan).items() if value}


def affinity(pools: Sequence[NodePoolPlan]) -> dict[str, Any]:
    """Nodes of these pools and no others; charts ask for labels of a discovery that need not be there."""
    terms = [{"matchExpressions": [_is(key, value) for key, value in sorted(pool.selector.items())]} for pool in pools]
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}


def resources(cpu: str, memory: str, *, most_memory: str | None = None) -> dict[str, Any]:
    """What a container takes at least, and the memory that it may take at most."""
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": most_memory or memory}}


def _is(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "operator": "In", "values": [value]}
