"""The container registry of an environment and its endpoints on SageMaker."""

from components.aws.container_registry import ContainerRegistry
from components.aws.endpoint import Endpoint
from components.aws.endpoint_spec import EndpointInputs
from components.aws.place import Place
from components.contract import DeploymentOutputs
from plan.model import Plan

_RUNTIME = ".sagemaker.runtime"


def deploy_serving(plan: Plan, place: Place, built: DeploymentOutputs) -> DeploymentOutputs:
    """Build the plan's registry and its endpoints on SageMaker: those that the plan has. `built`: what they stand on."""
    outputs = DeploymentOutputs()
    registry = ContainerRegistry(plan.registry.name, plan.registry, place=place).outputs if plan.registry else None
    if registry:
        outputs["registry"] = registry
    on = EndpointInputs(
        place=place,
        network=built.get("network"),
        buckets=built.get("storage", {}),
        registry=registry,
        private_runtime=_private_runtime(plan),
    )
    endpoints = {each.name: Endpoint(each.name, each, on=on) for each in plan.endpoints if each.platform == "sageMaker"}
    if endpoints:
        outputs["endpoints"] = {name: endpoint.outputs for name, endpoint in endpoints.items()}
    return outputs


def _private_runtime(plan: Plan) -> bool:
    return plan.network is not None and any(each.service.endswith(_RUNTIME) for each in plan.network.private_endpoints)
