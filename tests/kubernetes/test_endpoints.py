"""Endpoints on a real Kubernetes API: taken, admitted under `restricted`, placed on their pool, scaled, routed, over a whole life.

Expected values: the conditions that Kubernetes' own controllers write, and what the route and the pods say at the API.
"""

import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from tests.kubernetes.cluster import GPU_TAINT, Cluster
from tests.kubernetes.deploying import Stack
from tests.kubernetes.inventory import inventory
from tools.control_plane.api import Api, Object, Refused, wait_until

pytestmark = [pytest.mark.kubernetes, pytest.mark.timeout(900)]
PROGRAM = Path(__file__).parent / "programs" / "endpoints"
CONTEXT = "simulated"
GATEWAY_API = "gateway.networking.k8s.io/v1"
MADE = {"Deployment", "Service", "ServiceAccount", "PodDisruptionBudget", "ScaledObject", "HorizontalPodAutoscaler", "NetworkPolicy"}
ROUTED = {"Namespace", "Gateway", "HTTPRoute"}
BY_ENVOY = {"GatewayClass", "BackendTrafficPolicy", "SecurityPolicy"}
BY_GOOGLE = {"GCPBackendPolicy", "HealthCheckPolicy"}
TEAM = {"LimitRange"}


class Controller(threading.Thread):
    """Stands for a gateway's controller, which has a load balancer's address for each Gateway; none can be installed here."""

    def __init__(self, kubeconfig: Path) -> None:
        super().__init__(daemon=True)
        # The client is not for two threads.
        self._api = Api(kubeconfig)
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.3):
            for gateway in self._api.list(GATEWAY_API, "Gateway"):
                conditions = gateway.get("status", {}).get("conditions", ())
                if not any(each["type"] == "Programmed" and each["status"] == "True" for each in conditions):
                    self._program(gateway["metadata"])

    def stop(self) -> None:
        self._over.set()
        self.join()

    def _program(self, metadata: Object) -> None:
        path = f"/apis/{GATEWAY_API}/namespaces/{metadata['namespace']}/gateways/{metadata['name']}/status"
        done = {"type": "Programmed", "status": "True", "reason": "Programmed", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}
        status = {"addresses": [{"type": "IPAddress", "value": "192.0.2.7"}], "conditions": [done]}
        try:
            self._api.ask("PATCH", path, {"status": status}, content="application/merge-patch+json")
        except Refused as refused:
            # It may be gone in the meantime.
            if refused.status != 404:
                raise


@pytest.fixture(autouse=True)
def controller(control_plane: Cluster) -> Generator[None]:
    running = Controller(control_plane.kubeconfig)
    running.start()
    yield
    running.stop()


@pytest.fixture
def nodes(control_plane: Cluster) -> None:
    """Two nodes of the pool, and two that would do but are not of it."""
    offers = {"cpu": "64", "memory": "512Gi", "ephemeral-storage": "500Gi", "nvidia.com/gpu": "8"}
    for name in ("gpu-0", "gpu-1"):
        control_plane.add_node(name, offers, labels={"drydock/pool": "gpu"}, taints=[GPU_TAINT])
    control_plane.add_node("bare", offers)
    control_plane.add_node("other", offers, labels={"drydock/pool": "other"})


@pytest.fixture
def namespace(control_plane: Cluster) -> str:
    """The team's namespace, which the program makes."""
    return f"{control_plane.namespace}-search"


@pytest.fixture
def life(stack: Callable[..., Stack], namespace: str) -> Callable[..., Stack]:
    """Deploys the endpoint with these words, into one stack over all calls, and gives that."""
    made: list[Stack] = []

    def step(**words: Any) -> Stack:
        config = {"drydock:endpoints": {"namespace": namespace, "context": CONTEXT, **words}}
        if not made:
            made.append(stack(PROGRAM, config))
        made[0].configure(config)
        done = made[0].up()
        assert done.returncode == 0, done.stdout + done.stderr
        return made[0]

    return step


def deployments(cluster: Cluster, namespace: str) -> dict[str, Object]:
    return {each["metadata"]["name"]: each for each in cluster.api.list("apps/v1", "Deployment", namespace)}


def backends(cluster: Cluster, namespace: str, name: str = "fraud") -> dict[str, int]:
    """Weights by Service of the endpoint's route; each Service is there and leads to a port of ready pods."""
    (rule,) = cluster.api.get(GATEWAY_API, "HTTPRoute", name, namespace)["spec"]["rules"]
    copies = [each["requestMirror"]["backendRef"] for each in rule.get("filters", ()) if each["type"] == "RequestMirror"]
    for backend in (*rule["backendRefs"], *copies):
        service = cluster.api.get("v1", "Service", backend["name"], namespace)["spec"]
        assert backend["port"] in [each["port"] for each in service["ports"]]
        assert wait_until(lambda backend=backend: ready(cluster, namespace, backend["name"]), f"endpoints of {backend['name']}")
    shares = {each["name"]: each["weight"] for each in rule["backendRefs"]}
    return shares | {f"copies to {each['name']}": 100 for each in copies}


def ready(cluster: Cluster, namespace: str, service: str) -> bool:
    slices = cluster.api.list("discovery.k8s.io/v1", "EndpointSlice", namespace, labelSelector=f"kubernetes.io/service-name={service}")
    return any(each["conditions"]["ready"] and found["ports"] for found in slices for each in found.get("endpoints") or ())


@pytest.mark.usefixtures("nodes")
@pytest.mark.parametrize("google", [False, True], ids=["envoy", "google"])
def test_an_endpoint_is_taken_admitted_placed_scaled_and_routed_and_all_of_it_goes(
    google: bool, control_plane: Cluster, namespace: str, life: Callable[..., Stack]
) -> None:
    before = inventory(control_plane.api)
    stack = life(stable="v1", canary=["v2", 10], shadow=["v3", 100], google=google)
    made = {thing.kind for thing, by_engine in inventory(control_plane.api).items() if by_engine and thing not in before}
    assert made == MADE | ROUTED | TEAM | (BY_GOOGLE if google else BY_ENVOY)

    # The namespace refuses what does not keep to the standard, so every pod that is there keeps to it.
    enforced = control_plane.api.get("v1", "Namespace", namespace)["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
    assert enforced == "restricted"
    pods = control_plane.pods(namespace)
    assert {each["metadata"]["labels"]["drydock/variant"] for each in pods} == {"fraud-v1", "fraud-v2", "fraud-v3", "ranking-ranking-1"}
    assert {each["spec"]["nodeName"] for each in pods} <= {"gpu-0", "gpu-1"}
    assert backends(control_plane, namespace) == {"fraud-v1": 90, "fraud-v2": 10, "copies to fraud-v3": 100}

    def able() -> bool:
        scaler = control_plane.api.get("autoscaling/v2", "HorizontalPodAutoscaler", "ranking-ranking-1", namespace)
        conditions = scaler.get("status", {}).get("conditions") or ()
        return any(each["type"] == "AbleToScale" and each["status"] == "True" for each in conditions)

    assert wait_until(able, "the autoscaler finds what it scales")
    for scaled in control_plane.api.list("keda.sh/v1alpha1", "ScaledObject", namespace):
        assert scaled["spec"]["scaleTargetRef"]["name"] in deployments(control_plane, namespace)
    outputs = stack.outputs()["deployed"]["endpoints"]
    assert outputs["ranking"]["url"] == "http://192.0.2.7/ranking/v2/models/model/infer"
    assert stack.changes() == {}

    done = stack.destroy()
    assert done.returncode == 0, done.stdout + done.stderr
    wait_until(lambda: inventory(control_plane.api).keys() <= before.keys(), "nothing left in the cluster")


@pytest.mark.usefixtures("nodes")
def test_pods_that_serve_stay_from_the_first_version_to_a_canary_a_shadow_and_back(
    control_plane: Cluster, namespace: str, life: Callable[..., Stack]
) -> None:
    def step(**words: Any) -> tuple[dict[str, int], dict[str, str]]:
        life(**words)
        found = deployments(control_plane, namespace)
        # Nothing of a version that serves is made anew: each keeps its uid and the generation of its pods.
        return backends(control_plane, namespace), {name: each["metadata"]["uid"] for name, each in found.items() if "fraud" in name}

    shares, first = step(stable="v1")
    assert shares == {"fraud-v1": 100}
    scaled(control_plane, namespace, "fraud-v1", 3)
    shares, both = step(stable="v1", canary=["v2", 10])
    assert shares == {"fraud-v1": 90, "fraud-v2": 10}
    assert first.items() <= both.items()
    # What the autoscaler made is not taken back.
    assert deployments(control_plane, namespace)["fraud-v1"]["spec"]["replicas"] == 3
    shares, more = step(stable="v1", canary=["v2", 50])
    assert (shares, more) == ({"fraud-v1": 50, "fraud-v2": 50}, both)
    shares, promoted = step(stable="v2")
    assert shares == {"fraud-v2": 100}
    assert promoted == {"fraud-v2": both["fraud-v2"]}
    shares, shadowed = step(stable="v2", shadow=["v3", 100])
    assert shares == {"fraud-v2": 100, "copies to fraud-v3": 100}
    assert promoted.items() <= shadowed.items()
    shares, back = step(stable="v1")
    assert shares == {"fraud-v1": 100}
    assert set(back) == {"fraud-v1"}


def scaled(cluster: Cluster, namespace: str, name: str, replicas: int) -> None:
    """As an autoscaler does it: by the subresource `scale`."""
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale"
    cluster.api.ask("PATCH", path, {"spec": {"replicas": replicas}}, content="application/merge-patch+json")
    wait_until(lambda: deployments(cluster, namespace)[name]["status"].get("readyReplicas") == replicas, f"{replicas} replicas of {name}")
