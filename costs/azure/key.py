"""Key vaults: operations, and keys that are paid by the month."""

from typing import Final

from costs.pricing import Pricer, Pricing, count

SERVICE: Final = "key-vault"
_VAULT: Final = "azure-native:keyvault:Vault"
_KEY: Final = "azure-native:keyvault:Key"
_SECRET: Final = "azure-native:keyvault:Secret"


def _vault(pricing: Pricing) -> None:
    """Operations on secrets and certificates; those on keys are priced with each key."""
    keys = pricing.program.referring(pricing.resource, _KEY, "vaultName")
    if keys and not pricing.program.referring(pricing.resource, _SECRET, "vaultName"):
        return
    used = pricing.usage_or("operationsPerMonth")
    price = pricing.service(SERVICE, "secrets-operations", "operations on secrets")
    pricing.line("operations on secrets", price, used, usage_based=True)


def _key(pricing: Pricing) -> None:
    """RSA 2048 is cheaper than every other key; in an HSM each key also costs by the month. Source: Azure Key Vault pricing."""
    kind, size = pricing.text("properties.kty", "RSA").upper(), pricing.number("properties.keySize", 2048)
    if pricing.unreadable("properties") or pricing.unreadable("properties.kty") or size is None:
        pricing.unpriced("key", "properties.kty or keySize is known only after `up`")
        return
    plain = kind.startswith("RSA") and size <= 2048
    words = f"{kind} {size}" if kind.startswith("RSA") else kind
    if kind.endswith("HSM"):
        sku = "hsm-rsa2048-key" if plain else "hsm-advanced-key-first-250"
        pricing.line(f"key in an HSM ({words})", pricing.service(SERVICE, sku, "key in an HSM"), count("key version in use", 1))
    operations = "rsa2048-key-operations" if plain else "advanced-key-operations"
    used = pricing.usage_or("operationsPerMonth")
    price = pricing.service(SERVICE, operations, "operations on the key")
    pricing.line(f"operations on the key ({words})", price, used, usage_based=True)


def _hsm(pricing: Pricing) -> None:
    name = pricing.text("sku.name", "Standard_B1").lower().replace("_", "-")
    price = pricing.service(SERVICE, f"managed-hsm-{name}", "managed HSM")
    pricing.line("managed HSM", price, count("pool", 1), pricing.hours())


PRICERS: dict[str, Pricer] = {_VAULT: _vault, _KEY: _key, "azure-native:keyvault:ManagedHsm": _hsm}
FREE: set[str] = {
    _SECRET,
    "azure-native:keyvault:AccessPolicy",
    "azure-native:keyvault:PrivateEndpointConnection",
    "azure-native:keyvault:MHSMPrivateEndpointConnection",
}
