from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from catalogue.kubernetes_versions import KubernetesVersion
from environment.faults import EnvironmentInvalid, Fault
from environment.model import Environment
from plan import plan
from plan.cluster import plan_cluster
from plan.decision import Decision
from plan.findings import Findings
from plan.model import ClusterPlan, NetworkPlan, Plan
from plan.network import plan_network
from plan.regions import known_region

REGIONS = {"aws": "eu-west-1", "gcp": "europe-west1", "azure": "westeurope"}

Planned = Callable[..., Plan]
Faulted = Callable[..., list[Fault]]


def _environment(cloud: str, storage: Mapping[str, Any], **others: Any) -> Environment:
    base = {"cloud": cloud, "region": REGIONS[cloud], "stage": "prod", "owner": "ml-platform", "costCenter": "cc-4211"}
    return Environment.model_validate({**base, **others, "storage": storage})


@pytest.fixture
def environment() -> Callable[..., Environment]:
    return _environment


@pytest.fixture
def planned() -> Planned:
    def run(cloud: str, storage: Mapping[str, Any], **others: Any) -> Plan:
        return plan(_environment(cloud, storage, **others))

    return run


@pytest.fixture
def faulted() -> Faulted:
    def run(cloud: str, storage: Mapping[str, Any], **others: Any) -> list[Fault]:
        with pytest.raises(EnvironmentInvalid) as caught:
            plan(_environment(cloud, storage, **others))
        return list(caught.value.faults)

    return run


@dataclass(frozen=True)
class Clustered:
    """What is planned of a network and a cluster, and what is found about them; each is None where it is not asked for or cannot be."""

    network: NetworkPlan | None
    cluster: ClusterPlan | None
    faults: list[Fault]
    decisions: dict[str, Decision]

    @property
    def paths(self) -> list[str]:
        """Where the faults are, in order."""
        return sorted(fault.path for fault in self.faults)


@pytest.fixture
def clustered(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Clustered]:
    """Plans a network and a cluster from words of the environment file, on a fixed day and with few known versions."""
    monkeypatch.setattr("plan.cluster_version.today", lambda: date(2026, 7, 1))
    monkeypatch.setattr("plan.cluster_version.kubernetes_versions", lambda provider: VERSIONS)

    def run(cloud: str, **words: Any) -> Clustered:
        base = {"cloud": cloud, "region": REGIONS.get(cloud, "berlin"), "stage": "prod", "owner": "ml-platform", "costCenter": "cc-4211"}
        environment = Environment.model_validate({**base, **words})
        findings = Findings()
        region = known_region(cloud, environment.region, "region", findings) if cloud in REGIONS else None
        network = plan_network(environment, region, {"stage": environment.stage}, findings)
        cluster = plan_cluster(environment, "cloud", network, {"stage": environment.stage}, findings)
        return Clustered(network, cluster, findings.faults, {each.path: each for each in findings.decisions})

    return run


def _version(version: str, released: str, standard: str, extended: str | None) -> KubernetesVersion:
    return KubernetesVersion(
        provider="any",
        version=version,
        released=released,
        end_of_standard_support=standard,
        end_of_extended_support=extended,
        as_of="2026-07-01",
        source=f"calendar of {version}",
    )


# Newest first, as the catalogue gives them.
VERSIONS = (
    _version("1.37", "2026-10-31", "2027-10-31", "2028-10-31"),
    _version("1.36", "2026-06-02", "2027-08-02", "2028-08-02"),
    _version("1.35", "2026-01-27", "2027-03-27", "2028-03-27"),
    _version("1.34", "2025-10-02", "2026-12-02", "2027-12-02"),
    _version("1.33", "2025-05-29", "2026-07-01", "2027-07-29"),
    _version("1.32", "2025-01-23", "2026-03-23", "2026-07-01"),
    _version("1.31", "2024-09-26", "2025-11-26", None),
)
