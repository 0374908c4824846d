"""Who an endpoint of Azure Machine Learning is, what it may reach, and who may call it."""

import uuid
from typing import Any, cast

import pulumi_azure_native as azure
from pulumi import InvokeOptions, Output, Resource, ResourceOptions

from components.azure.cluster_access import grant_identity
from components.azure.endpoint_home import EndpointHome
from plan.model import EndpointPlan

# Source of the ids: Microsoft Learn, "Azure built-in roles".
BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"  # Storage Blob Data Reader
BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"  # Storage Blob Data Contributor
REGISTRY_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"  # AcrPull

# Source: Microsoft Learn, "Authenticate clients for online endpoints": a token's bearer needs `score`, who asks for the keys `listkeys`.
_ENDPOINTS = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
_CALLING = {"iam": f"{_ENDPOINTS}/score/action", "keys": f"{_ENDPOINTS}/listkeys/action"}
_AUTH_MODES = {
    "iam": azure.machinelearningservices.EndpointAuthMode.AAD_TOKEN,
    "keys": azure.machinelearningservices.EndpointAuthMode.KEY,
}


def auth_mode(plan: EndpointPlan) -> azure.machinelearningservices.EndpointAuthMode:
    """How callers say who they are: tokens of Microsoft Entra ID, or the endpoint's keys."""
    return _AUTH_MODES[plan.access.authentication]


def acting_as(identity: azure.managedidentity.UserAssignedIdentity) -> azure.machinelearningservices.ManagedServiceIdentityArgs:
    """What says that a resource acts as this identity, and as no other."""
    ml = azure.machinelearningservices
    return ml.ManagedServiceIdentityArgs(type=ml.ManagedServiceIdentityType.USER_ASSIGNED, user_assigned_identities=[identity.id])


def endpoint_identity(
    name: str, plan: EndpointPlan, home: EndpointHome, opts: ResourceOptions
) -> tuple[azure.managedidentity.UserAssignedIdentity, list[Resource]]:
    """The endpoint's identity and its roles: it reads the buckets of its models, writes what is captured, and pulls images."""
    identity = azure.managedidentity.UserAssignedIdentity(
        f"{name}-identity", resource_group_name=home.resource_group_name, location=home.location, tags=plan.labels, opts=opts
    )
    grants = [
        grant_identity(f"{name}-reads-{bucket}", identity, home.stores[bucket].container_id, BLOB_READER, opts)
        for bucket in _model_buckets(plan)
    ]
    if plan.capture:
        scope = home.stores[plan.capture.bucket].container_id
        grants.append(grant_identity(f"{name}-captures", identity, scope, BLOB_CONTRIBUTOR, opts))
    if home.registry_id is not None:
        grants.append(grant_identity(f"{name}-pulls", identity, home.registry_id, REGISTRY_PULL, opts))
    return identity, grants


def _model_buckets(plan: EndpointPlan) -> list[str]:
    artifacts = (variant.model.artifact for variant in plan.variants)
    return sorted({artifact.bucket for artifact in artifacts if artifact and artifact.bucket})


def grant_callers(
    name: str, plan: EndpointPlan, home: EndpointHome, endpoint: azure.machinelearningservices.OnlineEndpoint, opts: ResourceOptions
) -> None:
    """Let the plan's members call this endpoint, by a role that can do nothing else; built-in roles that can may do much more."""
    if not plan.access.members:
        return
    client = azure.authorization.get_client_config_output(opts=InvokeOptions(parent=opts.parent))
    group: Output[str] = cast(Any, Output.concat("/subscriptions/", client.subscription_id, "/resourceGroups/", home.resource_group_name))
    role = azure.authorization.RoleDefinition(
        f"{name}-caller",
        scope=group,
        role_definition_id=endpoint.id.apply(lambda known: str(uuid.uuid5(uuid.NAMESPACE_URL, known))),
        role_name=endpoint.name.apply(lambda known: f"Caller of {known}"),
        role_type="CustomRole",
        assignable_scopes=[group],
        permissions=[azure.authorization.PermissionArgs(actions=[_CALLING[plan.access.authentication]])],
        opts=opts,
    )
    for member in plan.access.members:
        azure.authorization.RoleAssignment(
            f"{name}-caller-{member}",
            scope=endpoint.id,
            # Person, group or service principal: Azure finds out when the type is left out.
            principal_id=member,
            role_definition_id=role.id,
            opts=opts,
        )
