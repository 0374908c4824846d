"""What a workspace's own identity may do: keep its things, and let the network that Azure manages for it reach where it may."""

from dataclasses import dataclass

import pulumi_azure_native as azure
from pulumi import Input, Output, Resource

from components.azure.cluster_access import grant_principal
from components.azure.endpoint_access import BLOB_CONTRIBUTOR, REGISTRY_PULL
from components.azure.workspace_parts import PartsSpec

# Source of the ids: Microsoft Learn, "Azure built-in roles".
VAULT_SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"  # Key Vault Secrets Officer
# Azure AI Enterprise Network Connection Approver: private endpoints of the managed network, which Azure approves by it since 2025-04-30.
CONNECTION_APPROVER = "b556d68e-0be0-4f35-a333-ad7ee1ce17ea"


@dataclass(frozen=True, kw_only=True)
class Principal:
    """The identity that Azure makes with a workspace."""

    id: Output[str]

    @classmethod
    def of(cls, workspace: azure.machinelearningservices.Workspace) -> "Principal":
        """The identity of this workspace."""
        return cls(id=workspace.identity.apply(lambda identity: identity.principal_id if identity else ""))


def grant_own_parts(
    spec: PartsSpec,
    principal: Principal,
    storage: azure.storage.StorageAccount,
    vault: azure.keyvault.Vault,
    registry_id: Input[str] | None,
) -> list[Resource]:
    """Let the workspace use its storage, vault and registry, and reach them from its network."""
    wanted: list[tuple[str, Input[str], str]] = [
        ("storage", storage.id, BLOB_CONTRIBUTOR),
        ("vault", vault.id, VAULT_SECRETS_OFFICER),
        ("storage-connection", storage.id, CONNECTION_APPROVER),
        ("vault-connection", vault.id, CONNECTION_APPROVER),
    ]
    if registry_id is not None:
        wanted += [("registry", registry_id, REGISTRY_PULL), ("registry-connection", registry_id, CONNECTION_APPROVER)]
    return [_grant(spec, principal, name, scope, role) for name, scope, role in wanted]


def grant_approval(spec: PartsSpec, principal: Principal, bucket: str, account_id: Input[str]) -> Resource:
    """Let the workspace's network have a private endpoint to a bucket's account."""
    return _grant(spec, principal, f"{bucket}-bucket-connection", account_id, CONNECTION_APPROVER)


def _grant(spec: PartsSpec, principal: Principal, name: str, scope: Input[str], role: str) -> Resource:
    return grant_principal(f"{spec.name}-{name}", principal.id, scope, role, spec.opts)
