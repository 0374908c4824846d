"""Everything that Drydock puts into a cluster of each cloud, by its own program: the API takes it, pods land on their pool, all of it goes.

The cloud around the cluster is simulated; the cluster's API is the real one. What no API server can check is held in tests/components.
"""

from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

from plan.checked import plan_config
from plan.model import NodePoolPlan
from rehearsal.scenario import load
from rehearsal.serve import serve
from tests.kubernetes.cluster import Cluster, pod
from tests.kubernetes.deploying import Stack
from tests.kubernetes.environments import CLOUDS, config
from tests.kubernetes.inventory import inventory
from tools.control_plane.api import Object, Refused, wait_until

pytestmark = pytest.mark.kubernetes
PROGRAM = Path(__file__).parent / "programs" / "platform"
PACKAGES = ("aws", "gcp", "azure-native")
LATE = "batch"
LANDS = {"embed": "gpu", "gateway": "cpu"}
REPLICAS = 2
TEAMS = {"Namespace", "ResourceQuota", "LimitRange", "NetworkPolicy", "RoleBinding", "Job", "Deployment", "PodDisruptionBudget"}
QUEUES = {"ResourceFlavor", "ClusterQueue", "LocalQueue"}
MADE = {
    "aws": TEAMS | QUEUES | {"EC2NodeClass", "NodePool", "GatewayClass", "DaemonSet", "Service", "ServiceAccount", "ConfigMap"},
    "gcp": TEAMS | QUEUES | {"ComputeClass", "AdmissionCheck", "ProvisioningRequestConfig"},
    "azure": TEAMS | QUEUES | {"ConfigMap", "GatewayClass"},
    "azure-karpenter": TEAMS | {"AKSNodeClass", "NodePool"},
}


@pytest.fixture
def clouds(tmp_path: Path) -> Generator[Mapping[str, int]]:
    with serve(tmp_path / "clouds.sqlite", load(), PACKAGES) as ports:
        yield ports


@pytest.fixture
def platform(clouds: Mapping[str, int], stack: Callable[..., Stack]) -> Callable[[dict[str, Any]], Stack]:
    """Deploys Drydock's program with this configuration."""

    def deploy(given: dict[str, Any]) -> Stack:
        made = stack(PROGRAM, given, clouds)
        done = made.up()
        assert done.returncode == 0, done.stdout + done.stderr
        return made

    return deploy


@pytest.fixture
def dns(control_plane: Cluster) -> Generator[None]:
    """A server of the cluster's DNS; the provider waits until the service of the cache on the nodes has one."""
    server = pod("kube-dns") | {"metadata": {"name": "kube-dns", "namespace": "kube-system", "labels": {"k8s-app": "kube-dns"}}}
    control_plane.api.create(server)
    yield
    control_plane.api.delete("v1", "Pod", "kube-dns", "kube-system")


def add_nodes(cluster: Cluster, pool: NodePoolPlan) -> None:
    """One node of each rung, as the cloud would make it from the plan."""
    devices = {pool.resource: str(pool.resources_per_node)} if pool.resource else {}
    for rung in pool.rungs:
        taints = [{"key": each.key, "value": each.value, "effect": each.effect} for each in rung.taints]
        cluster.add_node(rung.name, {"cpu": "16", "memory": "64Gi", **devices}, labels=dict(rung.node_labels), taints=taints)


def add_decoys(cluster: Cluster) -> None:
    """Nodes with room for everything that are of no pool, or of another one."""
    cluster.add_node("bare")
    cluster.add_gpu_node("bare-gpu", taints=())
    cluster.add_gpu_node("other-gpu", labels={"drydock/pool": "other"})


def pods_of(cluster: Cluster, workload: str, team: str) -> list[Object]:
    return cluster.pods(f"{cluster.namespace}-{team}", labelSelector=f"drydock/workload={workload}")


def pools_of(cluster: Cluster, pods: list[Object]) -> list[str]:
    """The pool by its label of each pod's node, once all have one."""
    names = [cluster.pod(each["metadata"]["name"], each["metadata"]["namespace"])["spec"].get("nodeName") for each in pods]
    nodes = [cluster.api.get("v1", "Node", name) for name in names if name]
    return [node["metadata"]["labels"].get("drydock/pool", "none") for node in nodes] if len(nodes) == len(pods) else []


@pytest.mark.usefixtures("dns")
@pytest.mark.parametrize("name", CLOUDS)
def test_all_that_a_cloud_puts_into_its_cluster_is_taken_stays_as_it_is_and_goes(
    name: str, control_plane: Cluster, platform: Callable[[dict[str, Any]], Stack]
) -> None:
    given = config(name, control_plane.namespace)
    pools = {pool.name: pool for pool in plan_config(given).node_pools}
    add_decoys(control_plane)
    for pool in pools.values():
        if pool.name != LATE:
            add_nodes(control_plane, pool)
    before = inventory(control_plane.api)

    stack = platform(given)
    made = {thing.kind for thing, by_engine in inventory(control_plane.api).items() if by_engine and thing not in before}
    assert made == MADE[name]
    assert stack.changes() == {}

    for workload, pool in LANDS.items():
        assert pools_of(control_plane, pods_of(control_plane, workload, "vision")) == [pool] * REPLICAS
    # Its pool has no node yet, and it takes no other.
    (train,) = pods_of(control_plane, "train", "search")
    control_plane.unschedulable(train["metadata"]["name"], train["metadata"]["namespace"])
    add_nodes(control_plane, pools[LATE])
    assert wait_until(lambda: pools_of(control_plane, [train]), "the job's pod on a node") == [LATE]

    # The standard that let our own pods in keeps others out.
    stranger = pod("stranger") | {"metadata": {"name": "stranger", "namespace": f"{control_plane.namespace}-search"}}
    with pytest.raises(Refused, match='violates PodSecurity "restricted:latest"'):
        control_plane.api.create(stranger)

    done = stack.destroy()
    assert done.returncode == 0, done.stdout + done.stderr
    wait_until(lambda: inventory(control_plane.api).keys() <= before.keys(), "nothing left in the cluster")
