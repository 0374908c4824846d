"""The plan's decisions as cloud resources."""

from components.contract import DeploymentOutputs
from components.registry import deployer
from plan.model import Plan

__all__ = ["deploy"]


def deploy(plan: Plan) -> DeploymentOutputs:
    """Register every resource of the plan with the Pulumi engine and give the stack's outputs.

    Raises components.registry.CloudUnavailable if the cloud is unknown or its SDK is not installed.
    """
    return deployer(plan.cloud)(plan)
