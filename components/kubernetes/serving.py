"""The endpoints of an environment that stand in its cluster, with the Gateways that they share."""

from collections.abc import Callable

from pulumi import ResourceOptions

from components.contract import DeploymentOutputs, EndpointOutputs
from components.kubernetes.endpoint import Endpoint
from components.kubernetes.endpoint_spec import CloudIdentity, EndpointInputs
from components.kubernetes.gateway import Gateway, build_gateways, reach
from plan.model import EndpointPlan, KubernetesPlan, Plan

PLATFORM = "kubernetes"
# An endpoint and what is built already → as whom its pods read their models.
Identify = Callable[[EndpointPlan, DeploymentOutputs], CloudIdentity]


def deploy_serving(
    plan: Plan, inside: KubernetesPlan, built: DeploymentOutputs, *, identify: Identify | None, opts: ResourceOptions
) -> dict[str, EndpointOutputs]:
    """Build the endpoints in the cluster. opts: its provider, and all in it that endpoints wait for."""
    endpoints = [endpoint for endpoint in plan.endpoints if endpoint.platform == PLATFORM]
    gateways = _gateways(plan, inside, endpoints, opts)

    def build(endpoint: EndpointPlan) -> EndpointOutputs:
        on = EndpointInputs(
            cloud=plan.cloud,
            region=plan.region,
            inside=inside,
            buckets=built.get("storage", {}),
            registry=built.get("registry"),
            gateway=gateways.get(reach(endpoint)) if endpoint.gateway else None,
            identity=identify(endpoint, built) if identify else CloudIdentity(),
        )
        return Endpoint(endpoint.name, endpoint, on=on, opts=opts).outputs

    return {endpoint.name: build(endpoint) for endpoint in endpoints}


def _gateways(plan: Plan, inside: KubernetesPlan, endpoints: list[EndpointPlan], opts: ResourceOptions) -> dict[str, Gateway]:
    if inside.gateway_class is None:
        return {}
    routed = [endpoint for endpoint in endpoints if endpoint.gateway]
    made = inside.gateway_controller is None
    return build_gateways(routed, cloud=plan.cloud, class_name=inside.gateway_class, cloud_made=made, opts=opts)
