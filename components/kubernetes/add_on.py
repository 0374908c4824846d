"""An add-on: its namespace and the Helm release of its pinned chart."""

from collections.abc import Mapping
from typing import Any

import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, ResourceOptions

from components.kubernetes.namespace import SYSTEM, add_on_namespace
from components.kubernetes.values import merged
from plan.model import AddOnPlan

# Charts wait for their pods; an image with a CUDA runtime takes minutes on a fresh node.
_TIMEOUT_SECONDS = 900


class AddOn(ComponentResource):
    """One add-on of the cluster.

    Owns the release and its namespace, unless that is kube-system. A release that fails is taken back as a whole.
    """

    release: kubernetes.helm.v3.Release

    def __init__(self, name: str, plan: AddOnPlan, *, values: Mapping[str, Any] | None = None, opts: ResourceOptions | None = None) -> None:
        """Install the add-on; `values` are those that the cloud's component alone knows, and win over the plan's."""
        super().__init__("drydock:kubernetes:AddOn", name, {"chart": plan.chart, "version": plan.version}, opts)
        own = ResourceOptions(parent=self)
        namespace = plan.namespace if plan.namespace == SYSTEM else add_on_namespace(name, plan, own)
        in_registry = plan.repository.startswith("oci://")
        self.release = kubernetes.helm.v3.Release(
            f"{name}-release",
            name=plan.name,
            namespace=namespace,
            chart=f"{plan.repository}/{plan.chart}" if in_registry else plan.chart,
            version=plan.version,
            repository_opts=None if in_registry else kubernetes.helm.v3.RepositoryOptsArgs(repo=plan.repository),
            values=merged(plan.values, values or {}),
            atomic=True,
            cleanup_on_fail=True,
            skip_await=False,
            timeout=_TIMEOUT_SECONDS,
            opts=own,
        )
        self.register_outputs({"version": plan.version})
