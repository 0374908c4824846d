"""The container registry of an environment and its managed endpoints: on Vertex AI and on Cloud Run."""

from typing import TYPE_CHECKING

from components.contract import DeploymentOutputs, EndpointOutputs
from components.gcp.run_spec import RunInputs
from plan.model import EndpointPlan, Plan

if TYPE_CHECKING:
    from components.gcp.vertex_network import VertexNetwork

_VERTEX, _RUN = "vertexAi", "cloudRun"


def deploy_serving(plan: Plan, built: DeploymentOutputs) -> DeploymentOutputs:
    """Build the plan's registry and its managed endpoints: those that the plan has. `built`: what they stand on."""
    outputs = DeploymentOutputs()
    if plan.registry:
        # Its part of the SDK is loaded where there is one to build.
        from components.gcp.container_registry import ContainerRegistry

        outputs["registry"] = ContainerRegistry(plan.registry.name, plan.registry, region=plan.region).outputs
    around = _vertex_network(plan, built)
    on = RunInputs(region=plan.region, buckets=built.get("storage", {}), network=built.get("network"), registry=outputs.get("registry"))
    endpoints = {each.name: _endpoint(each, on, around) for each in plan.endpoints if each.platform in (_VERTEX, _RUN)}
    if endpoints:
        outputs["endpoints"] = endpoints
    return outputs


def _endpoint(plan: EndpointPlan, on: RunInputs, around: "VertexNetwork | None") -> EndpointOutputs:
    # Each platform's part of the SDK takes a second to load, and few environments have both.
    if plan.platform == _RUN:
        from components.gcp.run_endpoint import RunEndpoint

        return RunEndpoint(plan.name, plan, on=on).outputs
    from components.gcp.vertex_endpoint import VertexEndpoint

    return VertexEndpoint(plan.name, plan, region=on.region, buckets=on.buckets, registry=on.registry, network=around).outputs


def _vertex_network(plan: Plan, built: DeploymentOutputs) -> "VertexNetwork | None":
    """How private endpoints of Vertex AI are reached, where there are any and a network to reach them from."""
    network = built.get("network")
    if network is None or not any(each.platform == _VERTEX and not each.access.public for each in plan.endpoints):
        return None
    from components.gcp.vertex_network import vertex_network

    subnetwork = network["privateSubnets"].apply(lambda subnets: subnets[0])
    return vertex_network("endpoints", network=network["id"], subnetwork=subnetwork, region=plan.region, labels=dict(plan.labels))
