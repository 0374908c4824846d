"""The key under which an AKS cluster keeps Kubernetes secrets."""

from dataclasses import dataclass
from typing import cast

import pulumi_azure_native as azure
from pulumi import Input, Resource, ResourceOptions

from components.azure.customer_key import CRYPTO_USER, KeySpec, create_key, grant_key, subscription_of
from plan.model import ClusterPlan

aks = azure.containerservice


@dataclass(frozen=True, kw_only=True)
class SecretsKey:
    """The cluster's setting, and the grant that must be there before it."""

    profile: aks.AzureKeyVaultKmsArgs
    grant: Resource


def secrets_key(
    name: str,
    plan: ClusterPlan,
    identity: azure.managedidentity.UserAssignedIdentity,
    *,
    location: str,
    resource_group_name: Input[str],
    opts: ResourceOptions,
) -> SecretsKey | None:
    """The key of one's own that the plan asks for, made or existing; None where Azure's own encryption serves."""
    if not plan.encryption.customer_key and not plan.encryption.existing_key:
        return None
    spec = KeySpec(
        name=f"{name}-secrets",
        globally_named=f"{name}secrets".replace("-", "")[:16],
        location=location,
        labels=plan.labels,
        rotation_days=plan.encryption.rotation_days,
        resource_group_name=resource_group_name,
        role=CRYPTO_USER,
        opts=opts,
    )
    if plan.encryption.existing_key:
        return _existing(spec, identity, plan.encryption.existing_key)
    made = create_key(spec, identity)
    return SecretsKey(profile=_profile(made.key.key_uri_with_version), grant=made.grant)


def _existing(spec: KeySpec, identity: azure.managedidentity.UserAssignedIdentity, key_id: str) -> SecretsKey:
    # …/providers/Microsoft.KeyVault/vaults/VAULT/keys/KEY: AKS wants a version, and only Azure knows the newest.
    vault_id, _, key_name = key_id.rsplit("/", 2)
    parts = vault_id.split("/")
    found = azure.keyvault.get_key_output(resource_group_name=parts[4], vault_name=parts[8], key_name=key_name)
    return SecretsKey(
        profile=_profile(found.key_uri_with_version),
        grant=grant_key(spec, identity, vault_id, subscription_of(vault_id)),
    )


def _profile(key_id: Input[str]) -> aks.AzureKeyVaultKmsArgs:
    public = cast(aks.KeyVaultNetworkAccessTypes, aks.KeyVaultNetworkAccessTypes.PUBLIC)
    return aks.AzureKeyVaultKmsArgs(enabled=True, key_id=key_id, key_vault_network_access=public)
