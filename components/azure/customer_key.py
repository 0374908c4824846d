"""A Key Vault key of one's own, and the identity that may use it: for storage accounts and for a cluster's secrets."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_azure_native as azure
from pulumi import Input, InvokeOptions, Output, Resource, ResourceOptions

# Key Vault Crypto Service Encryption User: get, wrap and unwrap, nothing else. Source: Microsoft Learn, "Azure built-in roles".
CRYPTO_SERVICE_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
# Key Vault Crypto User: what Kubernetes' KMS plugin needs. Source: Microsoft Learn, "Add KMS etcd encryption to an AKS cluster".
CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
ROLE_DEFINITIONS = "/providers/Microsoft.Authorization/roleDefinitions/"
VAULT_RECOVERY_DAYS = 90


@dataclass(frozen=True, kw_only=True)
class KeySpec:
    """Which key to make where. name begins the logical names; globally_named: that of the vault, letters and digits, at most 16.

    role: the built-in role that the key's user gets on it.
    """

    name: str
    globally_named: str
    location: str
    labels: Mapping[str, str]
    rotation_days: int
    resource_group_name: Input[str]
    role: str
    opts: ResourceOptions


@dataclass(frozen=True, kw_only=True)
class CustomerKey:
    """A key that was made, in its vault; `grant` is there once `identity` may use it."""

    vault: azure.keyvault.Vault
    key: azure.keyvault.Key
    grant: Resource


def create_key(spec: KeySpec, identity: azure.managedidentity.UserAssignedIdentity) -> CustomerKey:
    """Make a vault, a key that rotates, and let this identity use it."""
    client = azure.authorization.get_client_config_output(opts=InvokeOptions(parent=spec.opts.parent))
    vault = _vault(spec, client.tenant_id)
    key = _key(spec, vault)
    return CustomerKey(vault=vault, key=key, grant=grant_key(spec, identity, key.id, client.subscription_id))


def create_identity(spec: KeySpec) -> azure.managedidentity.UserAssignedIdentity:
    """Make the identity that uses the key."""
    return azure.managedidentity.UserAssignedIdentity(
        f"{spec.name}-identity",
        resource_group_name=spec.resource_group_name,
        location=spec.location,
        tags=spec.labels,
        opts=spec.opts,
    )


def grant_key(
    spec: KeySpec, identity: azure.managedidentity.UserAssignedIdentity, scope: Input[str], subscription_id: Input[str]
) -> azure.authorization.RoleAssignment:
    """Let the identity use the keys of a scope: a key, or a vault."""
    return azure.authorization.RoleAssignment(
        f"{spec.name}-key-access",
        scope=scope,
        principal_id=identity.principal_id,
        # Said outright, Azure need not look the new identity up, which it may not know everywhere yet.
        principal_type=azure.authorization.PrincipalType.SERVICE_PRINCIPAL,
        role_definition_id=Output.concat("/subscriptions/", subscription_id, ROLE_DEFINITIONS, spec.role),
        opts=spec.opts,
    )


def subscription_of(resource_id: str) -> str:
    """The subscription in a resource's id: /subscriptions/SUBSCRIPTION/resourceGroups/…"""
    return resource_id.split("/")[2]


def _vault(spec: KeySpec, tenant_id: Input[str]) -> azure.keyvault.Vault:
    return azure.keyvault.Vault(
        spec.globally_named,
        resource_group_name=spec.resource_group_name,
        location=spec.location,
        properties=azure.keyvault.VaultPropertiesArgs(
            tenant_id=tenant_id,
            sku=azure.keyvault.SkuArgs(family=azure.keyvault.SkuFamily.A, name=azure.keyvault.SkuName.STANDARD),
            enable_rbac_authorization=True,
            enable_soft_delete=True,
            # Azure encrypts only with keys of a vault that nobody can purge.
            enable_purge_protection=True,
            soft_delete_retention_in_days=VAULT_RECOVERY_DAYS,
            # Storage and AKS reach the key as trusted services; nobody else needs to.
            network_acls=azure.keyvault.NetworkRuleSetArgs(
                default_action=azure.keyvault.NetworkRuleAction.DENY, bypass=azure.keyvault.NetworkRuleBypassOptions.AZURE_SERVICES
            ),
        ),
        tags=spec.labels,
        opts=spec.opts,
    )


def _key(spec: KeySpec, vault: azure.keyvault.Vault) -> azure.keyvault.Key:
    rotation = azure.keyvault.LifetimeActionArgs(
        action=azure.keyvault.ActionArgs(type=azure.keyvault.KeyRotationPolicyActionType.ROTATE),
        trigger=azure.keyvault.TriggerArgs(time_after_create=f"P{spec.rotation_days}D"),
    )
    return azure.keyvault.Key(
        f"{spec.name}-key",
        resource_group_name=spec.resource_group_name,
        vault_name=vault.name,
        properties=azure.keyvault.KeyPropertiesArgs(
            kty=azure.keyvault.JsonWebKeyType.RSA,
            key_size=4096,
            rotation_policy=azure.keyvault.RotationPolicyArgs(lifetime_actions=[rotation]),
        ),
        tags=spec.labels,
        opts=spec.opts,
    )
