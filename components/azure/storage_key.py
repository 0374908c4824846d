"""The Key Vault key of a storage account, and the identity that may use it."""

from dataclasses import dataclass

import pulumi_azure_native as azure
from pulumi import Input, InvokeOptions, Output, Resource

from components.azure.storage_account import AccountSpec

# Key Vault Crypto Service Encryption User: get, wrap and unwrap, nothing else. Source: Microsoft Learn, "Azure built-in roles".
CRYPTO_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
ROLE_DEFINITIONS = "/providers/Microsoft.Authorization/roleDefinitions/"
VAULT_RECOVERY_DAYS = 90


@dataclass(frozen=True, kw_only=True)
class AccountKey:
    """A key that an account encrypts with, through this identity, as soon as `grant` is there."""

    vault_uri: Input[str]
    name: Input[str]
    uri: Output[str]
    identity_id: Output[str]
    grant: Resource


def account_key(spec: AccountSpec) -> AccountKey | None:
    """The customer key of an account, created or existing, or None where Microsoft's own key serves.

    An existing key's vault stays as it is, but for one role assignment that the account's new identity gets there.
    """
    if spec.plan.encryption.existing_key:
        return _existing_key(spec, spec.plan.encryption.existing_key)
    if spec.plan.encryption.customer_key:
        return _new_key(spec)
    return None


def _existing_key(spec: AccountSpec, key_id: str) -> AccountKey:
    vault_id, _, key_name = key_id.rsplit("/", 2)
    vault_name = vault_id.rpartition("/")[2]
    vault_uri = f"https://{vault_name}.vault.azure.net"
    identity = _identity(spec)
    return AccountKey(
        vault_uri=vault_uri,
        name=key_name,
        uri=Output.from_input(f"{vault_uri}/keys/{key_name}"),
        identity_id=identity.id,
        grant=_grant(spec, identity, vault_id, _subscription_of(vault_id)),
    )


def _new_key(spec: AccountSpec) -> AccountKey:
    identity = _identity(spec)
    client = azure.authorization.get_client_config_output(opts=InvokeOptions(parent=spec.opts.parent))
    vault = _vault(spec, client.tenant_id)
    key = _key(spec, vault)
    return AccountKey(
        vault_uri=vault.properties.vault_uri,
        name=key.name,
        uri=key.key_uri,
        identity_id=identity.id,
        grant=_grant(spec, identity, key.id, client.subscription_id),
    )


def _subscription_of(resource_id: str) -> str:
    # /subscriptions/SUBSCRIPTION/resourceGroups/…
    return resource_id.split("/")[2]


def _grant(
    spec: AccountSpec, identity: azure.managedidentity.UserAssignedIdentity, scope: Input[str], subscription_id: Input[str]
) -> azure.authorization.RoleAssignment:
    return azure.authorization.RoleAssignment(
        f"{spec.name}-key-access",
        scope=scope,
        principal_id=identity.principal_id,
        # Said outright, Azure need not look the new identity up, which it may not know everywhere yet.
        principal_type=azure.authorization.PrincipalType.SERVICE_PRINCIPAL,
        role_definition_id=Output.concat("/subscriptions/", subscription_id, ROLE_DEFINITIONS, CRYPTO_USER),
        opts=spec.opts,
    )


def _identity(spec: AccountSpec) -> azure.managedidentity.UserAssignedIdentity:
    return azure.managedidentity.UserAssignedIdentity(
        f"{spec.name}-identity",
        resource_group_name=spec.resource_group_name,
        location=spec.plan.placement.location,
        tags=spec.plan.labels,
        opts=spec.opts,
    )


def _vault(spec: AccountSpec, tenant_id: Input[str]) -> azure.keyvault.Vault:
    return azure.keyvault.Vault(
        spec.globally_named,
        resource_group_name=spec.resource_group_name,
        location=spec.plan.placement.location,
        properties=azure.keyvault.VaultPropertiesArgs(
            tenant_id=tenant_id,
            sku=azure.keyvault.SkuArgs(family=azure.keyvault.SkuFamily.A, name=azure.keyvault.SkuName.STANDARD),
            enable_rbac_authorization=True,
            enable_soft_delete=True,
            # Storage takes keys only from a vault that nobody can purge.
            enable_purge_protection=True,
            soft_delete_retention_in_days=VAULT_RECOVERY_DAYS,
            # The account reaches its key as a trusted service; nobody else needs to.
            network_acls=azure.keyvault.NetworkRuleSetArgs(
                default_action=azure.keyvault.NetworkRuleAction.DENY, bypass=azure.keyvault.NetworkRuleBypassOptions.AZURE_SERVICES
            ),
        ),
        tags=spec.plan.labels,
        opts=spec.opts,
    )


def _key(spec: AccountSpec, vault: azure.keyvault.Vault) -> azure.keyvault.Key:
    rotation = azure.keyvault.LifetimeActionArgs(
        action=azure.keyvault.ActionArgs(type=azure.keyvault.KeyRotationPolicyActionType.ROTATE),
        trigger=azure.keyvault.TriggerArgs(time_after_create=f"P{spec.plan.encryption.rotation_days}D"),
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
        tags=spec.plan.labels,
        opts=spec.opts,
    )
