"""Networks, clusters and pools through the engine: what a change touches, and what a region without machines does."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from rehearsal.state import Resource, SimulatedCloud
from tests.engine.rehearsing import Run, workspace

pytestmark = pytest.mark.engine

CLUSTERS = {
    "aws": "aws:eks/cluster:Cluster",
    "gcp": "gcp:container/cluster:Cluster",
    "azure": "azure-native:containerservice:ManagedCluster",
}
GROUPS = {
    "aws": "aws:eks/nodeGroup:NodeGroup",
    "gcp": "gcp:container/nodePool:NodePool",
    "azure": "azure-native:containerservice:AgentPool",
}
LARGER = {"aws": "g4dn.2xlarge", "gcp": "n1-standard-8", "azure": "Standard_NC8as_T4_v3"}
SMOKE = {
    "image": "nvcr.io/nvidia/k8s/cuda-sample:vectoradd-cuda12.5.0",
    "team": "vision",
    "pool": "gpu",
    "accelerators": 1,
    "vcpus": 1,
    "memoryGib": 2,
}
# The T4 is the one GPU that all three clouds have in the regions of the development stacks.
PLATFORM: Mapping[str, Any] = {
    "storage": {},
    "network": {"zones": 2},
    "cluster": {},
    "nodePools": {
        "cpu": {"vcpus": 4, "memoryGib": 16, "nodes": {"min": 1, "max": 3}, "capacity": ["onDemand"], "labels": {"tier": "web"}},
        "gpu": {"accelerator": "nvidia-t4", "nodes": {"min": 0, "max": 4}, "capacity": ["onDemand"]},
    },
}
LADDER = {"accelerator": "nvidia-t4", "nodes": {"min": 0, "max": 4}, "capacity": ["onDemand", "spot"]}


@pytest.fixture
def platform(stack_of: Callable[..., dict[str, Any]]) -> Callable[..., str]:
    """Writes a development stack of this cloud with the platform and these words, and gives its name."""

    def write(cloud: str, pools: Mapping[str, Any] | None = None, **words: Any) -> str:
        def change(environment: dict[str, Any]) -> None:
            environment |= {**PLATFORM, **words, "nodePools": {**PLATFORM["nodePools"], **(pools or {})}}

        stack_of(f"dev-{cloud}", change)
        return f"dev-{cloud}"

    return write


def resources(project: Path, stack: str) -> list[Resource]:
    cloud = SimulatedCloud(workspace(project, stack).database)
    try:
        return cloud.all()
    finally:
        cloud.close()


def ids(project: Path, stack: str, kind: str) -> dict[str, str]:
    return {each.urn.split("::")[-1]: each.id for each in resources(project, stack) if each.type == kind}


@pytest.mark.parametrize("cloud", CLUSTERS)
def test_a_change_of_a_pool_touches_that_pool_alone_and_never_the_cluster(
    cloud: str, project: Path, platform: Callable[..., str], rehearse: Callable[..., Run]
) -> None:
    stack = platform(cloud)
    first = rehearse(project, stack, "up")
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr
    groups, cluster = ids(project, stack, GROUPS[cloud]), ids(project, stack, CLUSTERS[cloud])
    assert {"cpu", "gpu"} <= set(groups)

    cpu = {**PLATFORM["nodePools"]["cpu"], "nodes": {"min": 1, "max": 5}, "labels": {"tier": "batch"}, "taints": [{"key": "batch"}]}
    platform(cloud, {"cpu": cpu})
    up = rehearse(project, stack, "--json", "up")
    assert up.returncode == 0, up.stdout[-3000:] + up.stderr
    assert ids(project, stack, GROUPS[cloud]) == groups
    assert ids(project, stack, CLUSTERS[cloud]) == cluster

    gpu = {"machine": LARGER[cloud], "accelerator": "nvidia-t4", "nodes": {"min": 0, "max": 4}, "capacity": ["onDemand"]}
    platform(cloud, {"cpu": cpu, "gpu": gpu, "more": PLATFORM["nodePools"]["cpu"]})
    up = rehearse(project, stack, "up")
    assert up.returncode == 0, up.stdout[-3000:] + up.stderr
    after = ids(project, stack, GROUPS[cloud])
    assert {name: after[name] for name in groups if name != "gpu"} == {name: groups[name] for name in groups if name != "gpu"}
    assert set(after) == {*groups, "more"}
    assert LARGER[cloud] in str([each.inputs for each in resources(project, stack)])
    assert ids(project, stack, CLUSTERS[cloud]) == cluster
    destroyed = rehearse(project, stack, "destroy")
    assert destroyed.returncode == 0, destroyed.stdout[-3000:]
    assert [each.id for each in resources(project, stack) if each.urn] == []


@pytest.mark.parametrize("cloud", CLUSTERS)
def test_without_gpus_on_demand_a_workload_falls_down_the_ladder_and_without_any_the_next_up_repairs(
    cloud: str, project: Path, platform: Callable[..., str], rehearse: Callable[..., Run], tmp_path: Path
) -> None:
    machine = {"aws": "g4dn.*", "gcp": "n1-*", "azure": "Standard_NC*_T4_v3"}[cloud]
    sold_out, spot_only = tmp_path / "sold-out.yaml", tmp_path / "spot-only.yaml"
    sold_out.write_text(f'shortages:\n  - {{machine: "{machine}"}}\n')
    spot_only.write_text(f'shortages:\n  - {{machine: "{machine}", market: onDemand}}\n')
    # A job is handed over and waits; a deployment is asked after until it runs.
    stack = platform(cloud, {"gpu": LADDER}, teams={"vision": {}}, workloads={"smoke": {**SMOKE, "kind": "deployment"}})

    refused = rehearse(project, stack, "--scenario", str(sold_out), "up")
    assert refused.returncode == 1
    assert "Unschedulable" in refused.stdout
    assert "nvidia.com/gpu" in refused.stdout

    repaired = rehearse(project, stack, "--scenario", str(spot_only), "up")
    assert repaired.returncode == 0, repaired.stdout[-3000:] + repaired.stderr
    placed = next(line for line in repaired.stdout.splitlines() if line.startswith("pods of smoke"))
    assert "1 node of gpuspot" in placed or "1 node of gpu-spot" in placed
    assert "gpu-on-demand" in placed or "gpuondem" in placed
