"""Keys, secrets and parameters: KMS, Secrets Manager, Systems Manager, certificates."""

from dataclasses import replace
from typing import Final

from catalogue.model import Confidence
from costs.aws.parts import unlisted
from costs.model import Factor
from costs.money import ONE, Band
from costs.pricing import Pricer, Pricing, count

_SYMMETRIC: Final = frozenset({"", "SYMMETRIC_DEFAULT"})


def _key(pricing: Pricing) -> None:
    """A key by the month, with the versions that rotation adds, and requests to it.

    The first and the second rotation add as much as the key itself, later ones nothing. Source: AWS KMS pricing, "Key storage".
    """
    versions = count("key", 1)
    if pricing.flag("enableKeyRotation") or pricing.unreadable("enableKeyRotation"):
        versions = Factor("versions billed (the key, later its first two rotations)", Band.of(1, 1, 3), Confidence.MEDIUM)
    pricing.line("key", pricing.service("kms", "customer-key", "key"), versions)
    # Asymmetric and HMAC keys' requests have a list of their own. Source: AWS KMS pricing, "Key usage".
    spec = pricing.text("customerMasterKeySpec") or pricing.text("keySpec")
    sku = "requests" if spec in _SYMMETRIC and not pricing.unreadable("customerMasterKeySpec") else "requests-asymmetric"
    pricing.line("key requests", pricing.service("kms", sku, "key requests"), pricing.usage_or("operationsPerMonth"), usage_based=True)
    pricing.note("free tier", "not applied", "20,000 requests a month that AWS does not bill are shared by the whole account")


def _secret(pricing: Pricing) -> None:
    pricing.line("secret", pricing.service("secrets-manager", "secret", "secret"), count("secret", 1))
    calls = pricing.usage_or("operationsPerMonth")
    pricing.line("secret requests", pricing.service("secrets-manager", "api-requests", "secret requests"), calls, usage_based=True)
    # Each replica is billed as a secret of its region. Source: AWS Secrets Manager pricing.
    for number, _ in enumerate(pricing.resource.items("replicas")):
        there = pricing.resource.get(f"replicas.{number}.region")
        remote = replace(pricing, region=there if isinstance(there, str) else None)
        driver = f"secret replica in {there if isinstance(there, str) else 'an unknown region'}"
        remote.line(driver, remote.service("secrets-manager", "secret", driver), count("secret", 1))


def _parameter(pricing: Pricing) -> None:
    """Standard parameters are free. Source: AWS Systems Manager pricing, "Parameter Store"."""
    tier = pricing.text("tier", "Standard")
    if tier == "Standard" and not pricing.unreadable("tier"):
        return
    share = ONE if tier == "Advanced" else Band.of(0, 0, 1)
    price = pricing.service("ssm", "advanced-parameter", "advanced parameter")
    pricing.line("advanced parameter", price, Factor("parameters in the advanced tier", share))


def _certificate(pricing: Pricing) -> None:
    """Public certificates are free unless they may be exported. Source: AWS Certificate Manager pricing."""
    if pricing.resource.get("certificateAuthorityArn"):
        pricing.unpriced("private certificate", "its price list is not on record")
    if pricing.text("options.export") == "ENABLED":
        pricing.unpriced("exportable certificate", "its price list is not on record")


PRICERS: dict[str, Pricer] = {
    "aws:kms/key:Key": _key,
    "aws:kms/externalKey:ExternalKey": _key,
    "aws:kms/replicaKey:ReplicaKey": _key,
    "aws:kms/replicaExternalKey:ReplicaExternalKey": _key,
    "aws:kms/customKeyStore:CustomKeyStore": unlisted("custom key store"),
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:ssm/parameter:Parameter": _parameter,
    "aws:acm/certificate:Certificate": _certificate,
    "aws:acmpca/certificateAuthority:CertificateAuthority": unlisted("private certificate authority"),
    "aws:acmpca/certificate:Certificate": unlisted("private certificate"),
}
FREE: set[str] = {
    "aws:kms/alias:Alias",
    "aws:kms/ciphertext:Ciphertext",
    "aws:kms/grant:Grant",
    "aws:kms/keyPolicy:KeyPolicy",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    "aws:secretsmanager/secretRotation:SecretRotation",
    "aws:secretsmanager/secretVersion:SecretVersion",
    "aws:secretsmanager/tag:Tag",
    "aws:ssm/association:Association",
    "aws:ssm/defaultPatchBaseline:DefaultPatchBaseline",
    "aws:ssm/document:Document",
    "aws:ssm/maintenanceWindow:MaintenanceWindow",
    "aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget",
    "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask",
    "aws:ssm/patchBaseline:PatchBaseline",
    "aws:ssm/patchGroup:PatchGroup",
    "aws:ssm/resourceDataSync:ResourceDataSync",
    "aws:ssm/serviceSetting:ServiceSetting",
    "aws:acm/certificateValidation:CertificateValidation",
    "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate",
    "aws:acmpca/permission:Permission",
    "aws:acmpca/policy:Policy",
}
