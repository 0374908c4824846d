"""Endpoints, planned from the words of an environment file with what else they stand on, and without anything else of a plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from environment.faults import Fault
from environment.model import Environment
from plan.decision import Decision
from plan.endpoint import plan_endpoints
from plan.findings import Findings
from plan.model import EndpointPlan, NodePoolPlan
from plan.network import plan_network
from plan.node_pool import plan_node_pools
from plan.provisioner import plan_provisioner
from plan.regions import known_region
from plan.storage import plan_buckets

REGIONS = {"aws": "eu-west-1", "gcp": "europe-west4", "azure": "westeurope", "kubernetes": "berlin"}
DIGEST = "@sha256:" + "ab" * 32
TRAFFIC = {"requestsPerSecond": {"low": 5, "expected": 40, "high": 100}, "payloadKib": 8}
# The pool `cpu` of a cluster that is there, as `on: cpu` needs it.
POOL = {"existing": True, "vcpus": 8, "memoryGib": 32, "labels": {"pool": "cpu"}, "nodes": {"max": 8}}
WITH_ADD_ONS = {"addOns": {"gateway": "install", "keda": "install"}}

# cloud, or `k8s` (a cluster with a gateway and KEDA) or `bare` (without); the words of `fraud`; path of the fault under it; part of its
# line; part of its source (empty: Drydock's own rule); the words of `fraud` that mend it.
Refusal = tuple[str, Mapping[str, Any], str, str, str, Mapping[str, Any]]


@dataclass(frozen=True)
class Endpoints:
    """What is planned, by name, what is found wrong, and what was decided, by path."""

    plans: Mapping[str, EndpointPlan]
    faults: list[Fault]
    decisions: Mapping[str, Decision]

    @property
    def fraud(self) -> EndpointPlan:
        """The endpoint `fraud`; a test that asks for it wants no fault."""
        assert not self.faults, "\n".join(fault.line() for fault in self.faults)
        return self.plans["fraud"]


def model(version: int, **words: Any) -> dict[str, Any]:
    """A model of 40 MiB that a custom image holds: what it needs is known, so that no machine is too small for it."""
    image = f"fraud{DIGEST}"
    facts = {"sizeMib": 40 + version, "maxConcurrentRequests": 8, "startupSeconds": 20}
    return {"runtime": "custom", "image": image, "port": 8080, "healthPath": "/ping", **facts, **words}


def endpoint(**words: Any) -> dict[str, Any]:
    """An endpoint that serves fraud-1 on two to six replicas."""
    return {"model": "fraud-1", "traffic": TRAFFIC, "replicas": {"min": 2, "max": 6}, **words}


def planned(cloud: str, fraud: Mapping[str, Any], **words: Any) -> Endpoints:
    """Plans the endpoint `fraud` (its words beside those of `endpoint`); words: of the environment."""
    storage = {"captures": {"purpose": "captures"}, "answers": {"purpose": "datasets"}, "models": {"purpose": "models"}}
    base: dict[str, Any] = {
        "cloud": cloud,
        "region": REGIONS[cloud],
        "stage": "prod",
        "owner": "ml-platform",
        "costCenter": "cc-4211",
        "models": {f"fraud-{version}": model(version) for version in (1, 2, 3)},
        "endpoints": {"fraud": endpoint(**fraud)},
    }
    return plan_words({**base, **({} if cloud == "kubernetes" else {"storage": storage, "network": {}}), **words})


def on_kubernetes(fraud: Mapping[str, Any], *, add_ons: bool = True, **words: Any) -> Endpoints:
    """Plans the endpoint `fraud` on the pool `cpu` of a cluster that is there already, with or without a gateway and KEDA."""
    cluster = {"existing": {"context": "lab"}, **(WITH_ADD_ONS if add_ons else {})}
    return planned("kubernetes", {"on": "cpu", **fraud}, **{"nodePools": {"cpu": POOL}, "cluster": cluster, **words})


def plan_words(words: Mapping[str, Any]) -> Endpoints:
    """Plans the endpoints of an environment file's words."""
    environment = Environment.model_validate(words)
    findings = Findings()
    region = known_region(environment.cloud, environment.region, "region", findings) if environment.cloud != "kubernetes" else None
    buckets = plan_buckets(environment, region, {}, findings)
    plans = plan_endpoints(environment, region, buckets, _pools(environment, region, findings), {"stage": environment.stage}, findings)
    by_path = {each.path: each for each in findings.decisions}
    return Endpoints({plan.name: plan for plan in plans}, findings.faults, by_path)


def _pools(environment: Environment, region: Any, findings: Findings) -> tuple[NodePoolPlan, ...]:
    if not environment.node_pools:
        return ()
    provisioner = plan_provisioner(environment, findings)
    network = plan_network(environment, region, {}, findings)
    return plan_node_pools(environment, region, provisioner, network, {}, findings)


def check_refusal(case: Refusal) -> None:
    """Holds a refusal's place, words and source, and that what mends it leaves no fault."""
    cloud, words, path, part, source, mended = case
    found = [fault for fault in _found(cloud, words).faults if fault.path == f"endpoints.fraud.{path}"]
    fault = next((each for each in found if part in each.line()), None)
    assert fault is not None, "\n".join(each.line() for each in found) or "nothing is refused there"
    assert source in fault.source if source else not fault.source
    assert not _found(cloud, mended).faults


def refusal_id(case: Refusal) -> str:
    """What a refusal is called among the tests."""
    return f"{case[0]} {case[2]}: {case[3]}"[:70]


def _found(cloud: str, words: Mapping[str, Any]) -> Endpoints:
    if cloud in ("k8s", "bare"):
        return on_kubernetes(words, add_ons=cloud == "k8s")
    return planned(cloud, words)
