"""The Key Vault key of a storage account, and the identity that may use it."""

from dataclasses import dataclass

from pulumi import Input, Output, Resource

from components.azure.customer_key import CRYPTO_SERVICE_USER, KeySpec, create_identity, create_key, grant_key, subscription_of
from components.azure.storage_account import AccountSpec


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
        return _existing_key(_key_spec(spec), spec.plan.encryption.existing_key)
    if spec.plan.encryption.customer_key:
        return _new_key(_key_spec(spec))
    return None


def _key_spec(spec: AccountSpec) -> KeySpec:
    return KeySpec(
        name=spec.name,
        globally_named=spec.globally_named,
        location=spec.plan.placement.location,
        labels=spec.plan.labels,
        rotation_days=spec.plan.encryption.rotation_days,
        resource_group_name=spec.resource_group_name,
        role=CRYPTO_SERVICE_USER,
        opts=spec.opts,
    )


def _existing_key(spec: KeySpec, key_id: str) -> AccountKey:
    vault_id, _, key_name = key_id.rsplit("/", 2)
    vault_name = vault_id.rpartition("/")[2]
    vault_uri = f"https://{vault_name}.vault.azure.net"
    identity = create_identity(spec)
    return AccountKey(
        vault_uri=vault_uri,
        name=key_name,
        uri=Output.from_input(f"{vault_uri}/keys/{key_name}"),
        identity_id=identity.id,
        grant=grant_key(spec, identity, vault_id, subscription_of(vault_id)),
    )


def _new_key(spec: KeySpec) -> AccountKey:
    identity = create_identity(spec)
    made = create_key(spec, identity)
    return AccountKey(
        vault_uri=made.vault.properties.vault_uri,
        name=made.key.name,
        uri=made.key.key_uri,
        identity_id=identity.id,
        grant=made.grant,
    )
