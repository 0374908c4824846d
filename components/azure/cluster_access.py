"""Who is who in an AKS cluster: the cluster's own identity, and whoever administers it."""

from typing import Any, cast

import pulumi_azure_native as azure
from pulumi import Input, InvokeOptions, Output, Resource, ResourceOptions

from components.azure.customer_key import ROLE_DEFINITIONS
from plan.model import ClusterPlan

# Source of the ids: Microsoft Learn, "Azure built-in roles".
NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
CLUSTER_ADMIN = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"  # Azure Kubernetes Service RBAC Cluster Admin


def cluster_identity(
    name: str, plan: ClusterPlan, *, location: str, resource_group_name: Input[str], opts: ResourceOptions
) -> azure.managedidentity.UserAssignedIdentity:
    """The identity with which the control plane manages nodes, load balancers and disks."""
    return azure.managedidentity.UserAssignedIdentity(
        f"{name}-identity", resource_group_name=resource_group_name, location=location, tags=plan.labels, opts=opts
    )


def grant_identity(
    name: str, identity: azure.managedidentity.UserAssignedIdentity, scope: Input[str], role: str, opts: ResourceOptions
) -> Resource:
    """Give an identity of the environment one role on one scope."""
    return grant_principal(name, identity.principal_id, scope, role, opts)


def grant_principal(name: str, principal_id: Input[str], scope: Input[str], role: str, opts: ResourceOptions) -> Resource:
    """Give a service's identity one role on one scope."""
    return azure.authorization.RoleAssignment(
        name,
        scope=scope,
        principal_id=principal_id,
        principal_type=azure.authorization.PrincipalType.SERVICE_PRINCIPAL,
        role_definition_id=_role(role, opts),
        opts=opts,
    )


def grant_deployer(name: str, cluster: azure.containerservice.ManagedCluster, opts: ResourceOptions) -> Resource:
    """Let whoever runs Pulumi administer the cluster: with local accounts off, nobody else could put anything into it."""
    client = azure.authorization.get_client_config_output(opts=InvokeOptions(parent=opts.parent))
    return azure.authorization.RoleAssignment(
        f"{name}-deployer",
        scope=cluster.id,
        # Person or service principal: only Azure knows, and it finds out when the type is left out.
        principal_id=client.object_id,
        role_definition_id=_role(CLUSTER_ADMIN, opts),
        # Another person's run must not take the first one's access away.
        opts=ResourceOptions.merge(opts, ResourceOptions(ignore_changes=["principalId"])),
    )


def _role(role: str, opts: ResourceOptions) -> Output[str]:
    client = azure.authorization.get_client_config_output(opts=InvokeOptions(parent=opts.parent))
    return cast(Any, Output.concat("/subscriptions/", client.subscription_id, ROLE_DEFINITIONS, role))
