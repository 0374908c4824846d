"""Keys and secrets: versions a month, operations.

Source: Google Cloud, "Cloud KMS pricing", "Secret Manager pricing".
"""

from decimal import Decimal
from typing import Final

from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count
from costs.resource import Missing

KMS: Final = "cloud-kms"
SECRETS: Final = "secret-manager"
_YEAR_SECONDS: Final = 365 * 86_400
_SYMMETRIC: Final = ("GOOGLE_SYMMETRIC_ENCRYPTION", "RSA_SIGN_PKCS1_2048_SHA256", "RSA_DECRYPT_OAEP_2048_SHA256", "HMAC_SHA256")
_TIERED: Final = 2000


def crypto_key(pricing: Pricing) -> None:
    """Active versions, one more at each rotation (old ones stay until someone destroys them), and operations."""
    if pricing.flag("skipInitialVersionCreation"):
        return
    path = "versionTemplate.protectionLevel"
    if pricing.unreadable(path):
        pricing.unpriced("key versions", f"{path} is known only after `up`")
        return
    level = pricing.text(path, "SOFTWARE")
    versions = _versions(pricing)
    if level == "HSM" and pricing.text("versionTemplate.algorithm", _SYMMETRIC[0]) not in _SYMMETRIC:
        steps = ((_TIERED, "hsm-key-version-first-2k"), (None, "hsm-key-version-over-2k"))
        tariff = pricing.steps(*((edge, pricing.service(KMS, sku, "key versions")) for edge, sku in steps))
    else:
        tariff = pricing.service(KMS, f"{level.lower().replace('_', '-')}-symmetric-key-version", "key versions")
    pricing.line(f"key versions ({level})", tariff, versions)
    operations = pricing.usage_or("operationsPerMonth", reason="how often the key is used is not told")
    sku = {"SOFTWARE": "software-symmetric-operations", "HSM": "hsm-operations"}.get(level, f"{level.lower()}-operations")
    pricing.line("key operations", pricing.service(KMS, sku, "key operations"), operations, usage_based=True)


def _versions(pricing: Pricing) -> Factor:
    """In the first year: one at its start, one more for each rotation at its end, between them in the average month."""
    period = pricing.resource.get("rotationPeriod")
    if period is None:
        return count("key version (no rotation)", 1)
    if isinstance(period, Missing) or not str(period).rstrip("s").isdigit() or not int(str(period).rstrip("s")):
        return pricing.assume("key versions", Band.of(1, 2, 13), "rotationPeriod is no number of seconds that is known before `up`")
    turns = Decimal(_YEAR_SECONDS) / int(str(period).rstrip("s"))
    whole = Decimal(int(turns))
    return Factor(f"key versions in the first year (a new one every {period})", Band(Decimal(1), 1 + whole / 2, 1 + whole))


def key_version(pricing: Pricing) -> None:
    """A version that the program makes itself."""
    pricing.line("key version", pricing.service(KMS, "software-symmetric-key-version", "key version"), count("key version", 1))


def secret_version(pricing: Pricing) -> None:
    """One active version in each place where the secret is kept, and the accesses."""
    if pricing.resource.get("enabled") is False:
        return
    secret = pricing.program.referred(pricing.resource, "secret")
    replicas = len(secret.items("replication.userManaged.replicas")) if secret else 0
    places = count("version, in each of its places", replicas or 1)
    pricing.line("secret version", pricing.service(SECRETS, "active-secret-version", "secret version"), places)
    accesses = pricing.usage_or("operationsPerMonth", reason="how often the secret is read is not told")
    pricing.line("secret accesses", pricing.service(SECRETS, "access-operations", "secret accesses"), accesses, usage_based=True)


def secret(pricing: Pricing) -> None:
    """Free, but for the notices of its rotation."""
    period = pricing.text("rotation.rotationPeriod").rstrip("s")
    if period.isdigit() and int(period):
        turns = Decimal(_YEAR_SECONDS) / 12 / int(period)
        pricing.line(
            "rotation notices", pricing.service(SECRETS, "rotation-notifications", "rotation notices"), count("notices a month", turns)
        )


PRICERS: dict[str, Pricer] = {
    "gcp:kms/cryptoKey:CryptoKey": crypto_key,
    "gcp:kms/cryptoKeyVersion:CryptoKeyVersion": key_version,
    "gcp:secretmanager/secretVersion:SecretVersion": secret_version,
    "gcp:secretmanager/regionalSecretVersion:RegionalSecretVersion": secret_version,
    "gcp:secretmanager/secret:Secret": secret,
    "gcp:secretmanager/regionalSecret:RegionalSecret": secret,
}
FREE: set[str] = set()
