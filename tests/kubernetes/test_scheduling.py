"""Where pods land: on the nodes whose accelerators they ask for, and nowhere else."""

import pytest

from tests.kubernetes.cluster import GPU_TAINT, Cluster, pod
from tools.control_plane.api import wait_until

pytestmark = pytest.mark.kubernetes
TOLERATED = [{"key": GPU_TAINT["key"], "operator": "Exists", "effect": "NoSchedule"}]
TPU_TOLERATED = [{"key": "google.com/tpu", "operator": "Exists", "effect": "NoSchedule"}]


def created(cluster: Cluster, name: str, requests: dict[str, str], **spec: object) -> str:
    cluster.api.create(pod(name, requests, **spec) | {"metadata": {"name": name, "namespace": cluster.namespace}})
    return name


def test_pods_that_ask_for_gpus_fill_the_gpu_node_and_go_nowhere_else(control_plane: Cluster) -> None:
    for name in ("cpu-a", "cpu-b"):
        control_plane.add_node(name)
    control_plane.add_gpu_node("gpu", 8)
    for name in ("one", "two"):
        created(control_plane, name, {"nvidia.com/gpu": "4"}, tolerations=TOLERATED)
        assert control_plane.node_of(name) == "gpu"
    created(control_plane, "three", {"nvidia.com/gpu": "1"}, tolerations=TOLERATED)
    assert "3 Insufficient nvidia.com/gpu" in control_plane.unschedulable("three")


def test_a_pod_without_the_toleration_stays_off_the_gpu_node(control_plane: Cluster) -> None:
    control_plane.add_gpu_node("gpu")
    created(control_plane, "web", {"cpu": "1"})
    assert "untolerated taint" in control_plane.unschedulable("web")
    control_plane.add_node("cpu")
    assert control_plane.node_of("web") == "cpu"


def test_the_selector_decides_between_tpu_slices(control_plane: Cluster) -> None:
    control_plane.add_tpu_node("two-by-two", 4, topology="2x2")
    control_plane.add_tpu_node("two-by-four", 8, topology="2x4")
    selector = {"cloud.google.com/gke-tpu-topology": "2x4"}
    created(control_plane, "train", {"google.com/tpu": "4"}, tolerations=TPU_TOLERATED, nodeSelector=selector)
    assert control_plane.node_of("train") == "two-by-four"


def test_a_job_on_a_gpu_node_completes(control_plane: Cluster) -> None:
    control_plane.add_gpu_node("gpu", 1)
    template = {"spec": pod("main", {"nvidia.com/gpu": "1"}, tolerations=TOLERATED, restartPolicy="Never")["spec"]}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "train", "namespace": control_plane.namespace}}
    control_plane.api.create(job | {"spec": {"completions": 3, "parallelism": 3, "template": template}})
    wait_until(
        lambda: control_plane.api.get("batch/v1", "Job", "train", control_plane.namespace)["status"].get("succeeded") == 3, "job done"
    )
    assert {each["spec"]["nodeName"] for each in control_plane.pods()} == {"gpu"}
