"""A managed online endpoint of Azure Machine Learning, with a canary and a shadow."""

from typing import Any, cast
from urllib.parse import urlsplit

import pulumi_azure_native as azure
from pulumi import ComponentResource, Output, ResourceOptions

from components.azure.endpoint_access import acting_as, auth_mode, endpoint_identity, grant_callers
from components.azure.endpoint_alarms import EndpointUnderWatch, build_alarms
from components.azure.endpoint_deployment import DeploymentSpec, build_deployment, captured_data
from components.azure.endpoint_home import EndpointHome
from components.azure.endpoint_names import endpoint_name
from components.azure.endpoint_scaling import scale_deployment
from components.azure.endpoint_traffic import public_access, set_traffic
from components.contract import EndpointOutputs, endpoint_outputs, endpoint_usage
from plan.model import EndpointPlan

ml = azure.machinelearningservices


class Endpoint(ComponentResource):
    """One endpoint of the environment.

    Owns the endpoint, its identity and what that may do, a deployment for each model version with its model, environment and
    autoscaler, the shares of traffic, alarms, and the roles of its callers; not the workspace.
    """

    outputs: EndpointOutputs

    def __init__(self, name: str, plan: EndpointPlan, *, home: EndpointHome, opts: ResourceOptions | None = None) -> None:
        """Build the endpoint that the plan describes, in this workspace."""
        super().__init__("drydock:azure:Endpoint", name, {"usage": endpoint_usage(plan)}, opts)
        inside = ResourceOptions(parent=self)
        identity, grants = endpoint_identity(name, plan, home, inside)
        endpoint = _endpoint(name, plan, home, identity, inside)
        spec = DeploymentSpec(
            plan=plan,
            home=home,
            endpoint=endpoint,
            identity=identity,
            after=[*grants, *home.ready],
            opts=inside,
        )
        captures = captured_data(spec, plan.capture, name) if plan.capture else None
        deployments = {variant.name: build_deployment(spec, variant, captures) for variant in plan.variants}
        set_traffic(name, plan, home, endpoint.name, identity.id, after=list(deployments.values()), opts=inside)
        for variant in plan.variants:
            scale_deployment(plan, variant, deployments[variant.name].id, home, inside)
        watched = EndpointUnderWatch(name=name, plan=plan, endpoint_id=endpoint.id, deployments=deployments)
        alarms = build_alarms(watched, home, inside)
        grant_callers(name, plan, home, endpoint, inside)
        self.outputs = endpoint_outputs(plan, url=_url(plan, endpoint), name=endpoint.name, alarms=alarms)
        self.register_outputs({**self.outputs})


def _endpoint(
    name: str, plan: EndpointPlan, home: EndpointHome, identity: azure.managedidentity.UserAssignedIdentity, opts: ResourceOptions
) -> ml.OnlineEndpoint:
    # An update that says nothing of traffic takes it away, so this resource is only made and deleted: what changes, changes with traffic.
    return ml.OnlineEndpoint(
        name,
        resource_group_name=home.resource_group_name,
        workspace_name=home.workspace_name,
        endpoint_name=endpoint_name(name, home.workspace_name, home.resource_group_name),
        location=home.location,
        identity=acting_as(identity),
        properties=ml.OnlineEndpointPropertiesArgs(auth_mode=auth_mode(plan), public_network_access=public_access(plan)),
        tags=plan.labels,
        opts=ResourceOptions.merge(opts, ResourceOptions(ignore_changes=["properties", "identity", "tags"])),
    )


def _url(plan: EndpointPlan, endpoint: ml.OnlineEndpoint) -> Output[str]:
    """Where predictions are asked for: Azure's host, which other clouds of its name differently, and the container's own path."""

    def called(properties: Any) -> str:
        asked = urlsplit(cast(str, properties.scoring_uri))
        return f"{asked.scheme}://{asked.netloc}{plan.stable.model.predict_path}"

    return endpoint.properties.apply(called)
