"""A cluster with all that was put into it, for what comes after it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import ResourceOptions

from components.contract import DeploymentOutputs, EndpointOutputs, KubernetesOutputs
from plan.model import Plan

if TYPE_CHECKING:
    from components.kubernetes.serving import Identify


@dataclass(frozen=True, kw_only=True)
class Inside:
    """What stands in a cluster. opts: its provider, and all in it that endpoints wait for and go before."""

    outputs: KubernetesOutputs
    opts: ResourceOptions

    def deploy_endpoints(self, plan: Plan, built: DeploymentOutputs, identify: "Identify | None" = None) -> dict[str, EndpointOutputs]:
        """Build the plan's endpoints in the cluster; none where it has none."""
        if plan.kubernetes is None or not any(endpoint.platform == "kubernetes" for endpoint in plan.endpoints):
            return {}
        # What they are made of takes a while to load, which a cluster without them need not wait for.
        from components.kubernetes.serving import deploy_serving

        return deploy_serving(plan, plan.kubernetes, built, identify=identify, opts=self.opts)
