"""The Cloud KMS key of a bucket, and Cloud Storage's right to use it."""

from dataclasses import dataclass

import pulumi_gcp as gcp
from pulumi import InvokeOptions, Output, Resource, ResourceOptions

from components.gcp.storage_lifecycle import SECONDS_PER_DAY
from plan.model import BucketPlan

# Cloud KMS and Cloud Storage name one multi-region differently. Source: Cloud KMS, "Cloud KMS locations".
KEY_LOCATIONS = {"eu": "europe"}


@dataclass(frozen=True, kw_only=True)
class BucketKey:
    """A key that a bucket may use as soon as `grant` is there."""

    name: Output[str]
    grant: Resource


def bucket_key(bucket: str, plan: BucketPlan, opts: ResourceOptions) -> BucketKey | None:
    """The customer key of a bucket, created or existing, or None where Google's own key serves.

    The grant is for the storage service agent of the project alone, beside whatever an existing key allows already. Cloud KMS never
    deletes key rings or keys: destroying the stack destroys the key's versions, and the names stay taken.
    """
    name = _key_name(bucket, plan, opts)
    if name is None:
        return None
    agent = gcp.storage.get_project_service_account_output(opts=InvokeOptions(parent=opts.parent))
    grant = gcp.kms.CryptoKeyIAMMember(
        f"{bucket}-key-access",
        crypto_key_id=name,
        role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member=Output.concat("serviceAccount:", agent.email_address),
        opts=opts,
    )
    return BucketKey(name=name, grant=grant)


def key_location(bucket_location: str) -> str:
    """Where the key of a bucket must be: the same place, in Cloud KMS's words.

    Source: Cloud Storage, "Customer-managed encryption keys".
    """
    place = bucket_location.lower()
    return KEY_LOCATIONS.get(place, place)


def _key_name(bucket: str, plan: BucketPlan, opts: ResourceOptions) -> Output[str] | None:
    if plan.encryption.existing_key:
        return Output.from_input(plan.encryption.existing_key)
    if not plan.encryption.customer_key:
        return None
    ring = gcp.kms.KeyRing(f"{bucket}-key-ring", location=key_location(plan.placement.location), opts=opts)
    key = gcp.kms.CryptoKey(
        f"{bucket}-key",
        key_ring=ring.id,
        rotation_period=f"{plan.encryption.rotation_days * SECONDS_PER_DAY}s",
        labels=plan.labels,
        opts=opts,
    )
    return key.id
