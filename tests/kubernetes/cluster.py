"""A cluster that a test has to itself: an API, simulated nodes, and a namespace. See `control_plane` in conftest.py."""

import secrets
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.control_plane.api import Api, Object, wait_until
from tools.control_plane.custom_resources import definitions
from tools.control_plane.nodes import is_schedulable, node

GPU_TAINT = {"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}


@contextmanager
def running(root: Path) -> Generator[Path]:
    """A control plane while the context lasts, with every custom resource defined; gives its kubeconfig.

    Ends with the test process, however that ends: it runs until its standard input does.
    """
    command = [sys.executable, "-m", "tools.control_plane.serve"]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as plane:
        assert plane.stdin
        assert plane.stdout
        assert plane.stderr
        told = plane.stdout.readline().strip()
        if not told:
            raise AssertionError(plane.stderr.read().strip())
        try:
            define_custom_resources(Api(Path(told)))
            yield Path(told)
        finally:
            plane.stdin.close()
            plane.wait(timeout=30)


def define_custom_resources(api: Api) -> None:
    """Installs every definition and waits until the API server serves its kind."""
    for each in definitions():
        api.apply(each)
    version, kind = "apiextensions.k8s.io/v1", "CustomResourceDefinition"
    wait_until(lambda: all(_is_established(each) for each in api.list(version, kind)), "every CustomResourceDefinition established")


def _is_established(definition: Object) -> bool:
    conditions = definition.get("status", {}).get("conditions") or ()
    return any(each["type"] == "Established" and each["status"] == "True" for each in conditions)


class Cluster:
    """What a test does with the control plane. kubeconfig: the administrator's. namespace: one of the test's own, empty at first."""

    def __init__(self, kubeconfig: Path) -> None:
        self.kubeconfig = kubeconfig
        self.api = Api(kubeconfig)
        self.namespace = f"test-{secrets.token_hex(4)}"
        self._nodes: list[str] = []
        self.api.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace}})
        self._wait_for_account(self.namespace)

    def add_node(
        self,
        name: str,
        resources: Mapping[str, str] | None = None,
        *,
        labels: Mapping[str, str] | None = None,
        taints: Sequence[Mapping[str, str]] = (),
    ) -> Object:
        """A simulated node, ready for pods when this returns; 16 CPUs and 64 GiB where no resources are told.

        resources: what it can hand out, {"cpu": "96", "memory": "1Ti", "nvidia.com/gpu": "8"}. It goes when the test ends.
        """
        self._nodes.append(name)
        self.api.create(node(name, resources or {"cpu": "16", "memory": "64Gi"}, labels or {}, taints))

        def ready() -> Object | None:
            found = self.api.get("v1", "Node", name)
            return found if is_schedulable(found) else None

        return wait_until(ready, f"node {name} ready")

    def add_gpu_node(
        self, name: str, count: int = 8, *, labels: Mapping[str, str] | None = None, taints: Sequence[Mapping[str, str]] = (GPU_TAINT,)
    ) -> Object:
        """A simulated node with this many `nvidia.com/gpu`, tainted as Google, and NVIDIA's own charts, expect it."""
        return self.add_node(name, {"cpu": "96", "memory": "1Ti", "nvidia.com/gpu": str(count)}, labels=labels, taints=taints)

    def add_tpu_node(self, name: str, chips: int = 4, *, kind: str = "tpu-v5-lite-podslice", topology: str = "2x4") -> Object:
        """A simulated GKE node of a TPU slice, with Google's labels and taint."""
        labels = {"cloud.google.com/gke-tpu-accelerator": kind, "cloud.google.com/gke-tpu-topology": topology}
        taint = {"key": "google.com/tpu", "value": "present", "effect": "NoSchedule"}
        return self.add_node(name, {"cpu": "112", "memory": "192Gi", "google.com/tpu": str(chips)}, labels=labels, taints=[taint])

    def pod(self, name: str, namespace: str | None = None) -> Object:
        """A pod as it is now. Raises Refused where there is none."""
        return self.api.get("v1", "Pod", name, namespace or self.namespace)

    def pods(self, namespace: str | None = None, **query: str) -> list[Object]:
        """The pods of a namespace, the test's own where none is named; `labelSelector` is a query."""
        return self.api.list("v1", "Pod", namespace or self.namespace, **query)

    def node_of(self, name: str, namespace: str | None = None) -> str:
        """Where a pod runs, once it does. Raises TimeoutError where it does not get there."""

        def running() -> str | None:
            found = self.pod(name, namespace)
            return found["spec"].get("nodeName") if found["status"]["phase"] == "Running" else None

        return wait_until(running, f"pod {name} running")

    def unschedulable(self, name: str, namespace: str | None = None) -> str:
        """Why the scheduler finds no node for a pod, in its words. Raises TimeoutError where it finds one."""

        def refused() -> str:
            conditions = self.pod(name, namespace)["status"].get("conditions") or ()
            return next((each["message"] for each in conditions if each.get("reason") == "Unschedulable"), "")

        return wait_until(refused, f"pod {name} unschedulable")

    def remove(self) -> None:
        """Takes away the nodes and the namespace that this test made."""
        self.api.delete("v1", "Namespace", self.namespace)
        for name in self._nodes:
            self.api.delete("v1", "Node", name)

    def _wait_for_account(self, namespace: str) -> None:
        # Pods are refused until the controller manager has made it.
        wait_until(lambda: self.api.list("v1", "ServiceAccount", namespace), f"the service account of {namespace}")


def pod(name: str, requests: Mapping[str, str] | None = None, **spec: Any) -> Object:
    """A pod of one container with these requests, which are its limits too; more of its spec as keywords."""
    resources = {"requests": dict(requests or {}), "limits": dict(requests or {})}
    container = {"name": "main", "image": "registry.example/model:1", "resources": resources}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container], **spec}}
