"""Who gets which share of an endpoint's requests on Azure: a second step, since Azure takes it only once the deployments are there.

Source: Microsoft Learn, "Perform safe rollout of new deployments for real-time inference"; terraform-provider-azurerm issue 32011.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi_azure_native as azure
from pulumi import Input, Output, Resource, ResourceOptions

from components.azure.endpoint_access import auth_mode
from components.azure.endpoint_deployment import deployment_name
from components.azure.endpoint_home import EndpointHome
from plan.model import EndpointPlan

_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
_TYPE = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
# The one that pulumi-azure-native 3 makes the endpoint with.
_API_VERSION = "2025-12-01"


@dataclass(frozen=True, kw_only=True)
class _Known:
    workspace: str
    endpoint: str
    identity_id: str


def live_traffic(plan: EndpointPlan) -> dict[str, int]:
    """The share in percent of each deployment that callers see."""
    return {deployment_name(variant): round(variant.weight_percent) for variant in plan.variants if variant.role != "shadow"}


def mirrored_traffic(plan: EndpointPlan) -> dict[str, int]:
    """The share in percent that is copied to the shadow's deployment."""
    return {deployment_name(variant): round(variant.mirror_percent) for variant in plan.variants if variant.role == "shadow"}


def public_access(plan: EndpointPlan) -> str:
    """Whether the endpoint can be reached from outside of the workspace's networks."""
    return "Enabled" if plan.access.public else "Disabled"


def set_traffic(
    name: str,
    plan: EndpointPlan,
    home: EndpointHome,
    endpoint_name: Input[str],
    identity_id: Input[str],
    *,
    after: Sequence[Resource],
    opts: ResourceOptions,
) -> azure.resources.Deployment:
    """Give the deployments their shares, all at once, after each of them runs; those that go are deleted after this.

    It puts the whole endpoint, as Azure's update takes away what is left out: whatever may change of an endpoint changes here.
    """
    known = Output.all(home.workspace_name, endpoint_name, identity_id)
    template = known.apply(
        lambda found: _template(plan, home.location, _Known(workspace=found[0], endpoint=found[1], identity_id=found[2]))
    )
    return azure.resources.Deployment(
        f"{name}-traffic",
        resource_group_name=home.resource_group_name,
        properties=azure.resources.DeploymentPropertiesArgs(mode=azure.resources.DeploymentMode.INCREMENTAL, template=template),
        tags=plan.labels,
        opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=after)),
    )


def _template(plan: EndpointPlan, location: str, known: _Known) -> Mapping[str, Any]:
    endpoint: dict[str, Any] = {
        "type": _TYPE,
        "apiVersion": _API_VERSION,
        "name": f"{known.workspace}/{known.endpoint}",
        "location": location,
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {known.identity_id: {}}},
        "tags": {key: _literal(value) for key, value in plan.labels.items()},
        "properties": {
            "authMode": auth_mode(plan).value,
            "publicNetworkAccess": public_access(plan),
            "traffic": live_traffic(plan),
            "mirrorTraffic": mirrored_traffic(plan),
        },
    }
    return {"$schema": _SCHEMA, "contentVersion": "1.0.0.0", "resources": [endpoint]}


def _literal(text: str) -> str:
    """A template takes what stands in brackets for an expression; a second bracket says that it is none."""
    return f"[{text}" if text.startswith("[") else text
