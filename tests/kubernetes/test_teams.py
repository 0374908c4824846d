"""Two teams in a cluster that is there already: what each may ask for, who gets in, and where their pods may run.

Deployed by Drydock's own program from the example of such a cluster; `edit` is the ClusterRole of Kubernetes' documentation.
"""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from environment.stack_file import read_config
from tests.kubernetes.cluster import GPU_TAINT, Cluster, pod
from tests.kubernetes.deploying import ROOT, Stack
from tools.control_plane.api import Object, Refused, wait_until

pytestmark = pytest.mark.kubernetes
PROGRAM = Path(__file__).parent / "programs" / "platform"
TOLERATED = [{"key": GPU_TAINT["key"], "operator": "Exists"}]
# The context of the control plane's kubeconfig.
CONTEXT = "simulated"
GROUPS = {"search": "search-engineers", "vision": "vision-engineers"}


@pytest.fixture(scope="module")
def lab(_kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Cluster]:
    """The cluster with two nodes of the example's pools, and the example deployed into it; the teams' namespaces have their names."""
    cluster = Cluster(_kubeconfig)
    cluster.add_node("cpu-0", labels={"pool": "cpu"})
    cluster.add_gpu_node("gpu-0", 4, labels={"pool": "gpu"})
    stack = Stack(tmp_path_factory.mktemp("lab"), _kubeconfig, PROGRAM, _config())
    try:
        done = stack.up()
        assert done.returncode == 0, done.stdout + done.stderr
        yield cluster
    finally:
        gone = stack.destroy()
        cluster.remove()
    assert gone.returncode == 0, gone.stdout + gone.stderr


@pytest.fixture
def create(lab: Cluster) -> Generator[Callable[[Object], Object]]:
    """Makes a pod that is gone at once when the test ends: a namespace waits for the grace of those that are left in it."""
    made: list[Object] = []

    def make(thing: Object) -> Object:
        made.append(lab.api.create(thing))
        return made[-1]

    yield make
    for each in made:
        lab.api.delete("v1", "Pod", each["metadata"]["name"], each["metadata"]["namespace"])


def _config() -> dict[str, Any]:
    config: dict[str, Any] = {**read_config(ROOT / "stacks" / "Pulumi.dev-kubernetes.yaml")}
    config["drydock:environment"]["cluster"]["existing"]["context"] = CONTEXT
    return config


def asked(name: str, team: str, gpus: int) -> Object:
    """A pod of a team that asks for so many GPUs."""
    made = pod(name, {"nvidia.com/gpu": str(gpus), "cpu": "1", "memory": "1Gi"}, tolerations=TOLERATED, nodeSelector={"pool": "gpu"})
    return made | {"metadata": {"name": name, "namespace": team}}


def may(cluster: Cluster, group: str, verb: str, resource: str, namespace: str, api_group: str = "") -> bool:
    """Whether the API would let somebody of this group do this in a namespace."""
    attributes = {"namespace": namespace, "verb": verb, "group": api_group, "resource": resource}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "metadata": {},
        "spec": {"user": "somebody", "groups": [group], "resourceAttributes": attributes},
    }
    return cluster.api.create(review)["status"]["allowed"]


def test_workloads_land_on_the_nodes_of_their_pool(lab: Cluster) -> None:
    landed = {
        team: wait_until(lambda team=team: [each["spec"].get("nodeName") for each in lab.pods(team)], f"pods of {team}") for team in GROUPS
    }
    assert landed == {"search": ["gpu-0"], "vision": ["cpu-0", "cpu-0"]}


def test_the_quota_refuses_the_gpu_beyond_it_and_leaves_other_teams_alone(create: Callable[[Object], Object]) -> None:
    create(asked("most", "search", 5))
    with pytest.raises(Refused, match=r"exceeded quota: .*requested: requests\.nvidia\.com/gpu=2, used: .*limited: .*gpu=6"):
        create(asked("beyond", "search", 2))
    with pytest.raises(Refused, match=r"exceeded quota: .*limited: .*gpu=4"):
        create(asked("beyond", "vision", 5))
    create(asked("own", "vision", 4))


def test_a_container_that_names_nothing_gets_requests_and_a_limit_of_memory(create: Callable[[Object], Object]) -> None:
    # The quota counts processors and memory, so without them the pod would be refused.
    made = create(pod("plain") | {"metadata": {"name": "plain", "namespace": "vision"}})
    resources = made["spec"]["containers"][0]["resources"]
    assert set(resources["requests"]) == {"cpu", "memory"}
    assert set(resources["limits"]) == {"memory"}


def test_a_privileged_pod_is_refused(create: Callable[[Object], Object]) -> None:
    for team in GROUPS:
        privileged = asked("privileged", team, 0)
        privileged["spec"]["containers"][0]["securityContext"] = {"privileged": True}
        with pytest.raises(Refused, match='violates PodSecurity "baseline:latest": privileged'):
            create(privileged)


def test_each_namespace_is_closed_and_lets_names_be_resolved(lab: Cluster) -> None:
    for team in GROUPS:
        specs = [each["spec"] for each in lab.api.list("networking.k8s.io/v1", "NetworkPolicy", team)]
        # No rule in either direction, for every pod: what no other policy allows is denied.
        assert {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]} in specs
        rules = [rule for spec in specs for rule in spec.get("egress", ())]
        (dns,) = [
            rule for rule in rules if {(port["protocol"], port["port"]) for port in rule.get("ports", ())} == {("UDP", 53), ("TCP", 53)}
        ]
        server = {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
        assert server in dns["to"]
        anywhere = [
            rule for rule in rules if "to" not in rule or any(peer.get("ipBlock", {}).get("cidr") == "0.0.0.0/0" for peer in rule["to"])
        ]
        assert len(anywhere) == (1 if team == "vision" else 0)


def test_a_group_works_in_its_own_namespace_and_in_no_other(lab: Cluster) -> None:
    for team, group in GROUPS.items():
        (other,) = GROUPS.keys() - {team}
        assert may(lab, group, "create", "deployments", team, "apps")
        assert not may(lab, group, "create", "deployments", other, "apps")
        assert not may(lab, group, "get", "secrets", "kube-system")
        # What keeps a team to itself is not the team's to change.
        assert not may(lab, group, "delete", "resourcequotas", team)
        assert not may(lab, group, "update", "namespaces", team)
        assert not may(lab, group, "create", "rolebindings", team, "rbac.authorization.k8s.io")
