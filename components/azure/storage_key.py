"""The Key Vault key of a storage account, and the identity that may use it."""

from dataclasses import dataclass

import pulumi_azure_native as azure
from pulumi import Input, InvokeOptions, Output, Resource

from components.azure.storage_account import AccountSpec

# Key Vault Crypto Service Encryption User: get, wrap and unwrap, nothing else. Source: Microsoft Learn, "Azure built-in roles".
CRYPTO_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
VAULT_RECOVERY_DAYS = 90


@dataclass(frozen=True, kw_only=True)
class AccountKey:
    """A key that an account encrypts with, through this identity, as soon as `grant` is there."""

    vault_uri: Input[str]
    name: Input[str]
    version: str | None
    uri: Output[str]
    identity_id: Output[str]
    grant: Resource | None


def account_key(spec: AccountSpec) -> AccountKey | None:
    """The customer key of an account, created or existing, or None where Microsoft's own key serves.

    An existing key's URI does not say in which resource group its vault is, so its owner grants the account's identity the role
    "Key Vault Crypto Service Encryption User": the first update stops at the account until that is done, and the next one goes on.
    """
    if spec.plan.encryption.existing_key:
        return _existing_key(spec, spec.plan.encryption.existing_key)
    if spec.plan.encryption.customer_key:
        return _new_key(spec)
    return None


def _existing_key(spec: AccountSpec, uri: str) -> AccountKey:
    vault_uri, _, path = uri.partition("/keys/")
    name, _, version = path.partition("/")
    return AccountKey(
        vault_uri=vault_uri,
        name=name,
        version=version or None,
        uri=Output.from_input(uri),
        identity_id=_identity(spec).id,
        grant=None,
    )


def _new_key(spec: AccountSpec) -> AccountKey:
    identity = _identity(spec)
    vault = _vault(spec)
    key = _key(spec, vault)
    grant = azure.authorization.RoleAssignment(
        f"{spec.name}-key-access",
        scope=key.id,
        principal_id=identity.principal_id,
        # Said outright, Azure need not look the new identity up, which it may not know everywhere yet.
        principal_type=azure.authorization.PrincipalType.SERVICE_PRINCIPAL,
        role_definition_id=_role_id(spec),
        opts=spec.opts,
    )
    return AccountKey(
        vault_uri=vault.properties.vault_uri,
        name=key.name,
        version=None,
        uri=key.key_uri,
        identity_id=identity.id,
        grant=grant,
    )


def _role_id(spec: AccountSpec) -> Output[str]:
    client = azure.authorization.get_client_config_output(opts=InvokeOptions(parent=spec.opts.parent))
    return Output.concat("/subscriptions/", client.subscription_id, "/providers/Microsoft.Authorization/roleDefinitions/", CRYPTO_USER)


def _identity(spec: AccountSpec) -> azure.managedidentity.UserAssignedIdentity:
    return azure.managedidentity.UserAssignedIdentity(
        f"{spec.name}-identity",
        resource_group_name=spec.resource_group_name,
        location=spec.plan.placement.location,
        tags=spec.plan.labels,
        opts=spec.opts,
    )


def _vault(spec: AccountSpec) -> azure.keyvault.Vault:
    client = azure.authorization.get_client_config_output(opts=InvokeOptions(parent=spec.opts.parent))
    return azure.keyvault.Vault(
        spec.globally_named,
        resource_group_name=spec.resource_group_name,
        location=spec.plan.placement.location,
        properties=azure.keyvault.VaultPropertiesArgs(
            tenant_id=client.tenant_id,
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
