"""A Cloud KMS key of one's own, and a service agent's right to use it: for buckets and for a cluster's secrets."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_gcp as gcp
from pulumi import Input, Output, Resource, ResourceOptions

from components.gcp.durations import SECONDS_PER_DAY
from plan.model import EncryptionPlan


@dataclass(frozen=True, kw_only=True)
class CustomerKey:
    """A key that may be used as soon as `grant` is there."""

    name: Output[str]
    grant: Resource


def customer_key(
    name: str, plan: EncryptionPlan, *, location: str, labels: Mapping[str, str], agent: Input[str], opts: ResourceOptions
) -> CustomerKey:
    """The plan's customer key, created or existing, that the service agent with this address may use from then on.

    The grant stands beside whatever an existing key allows already. Cloud KMS never deletes key rings or keys: destroying the stack
    destroys the key's versions, and the names stay taken.
    """
    key = Output.from_input(plan.existing_key) if plan.existing_key else _create(name, plan, location, labels, opts)
    grant = gcp.kms.CryptoKeyIAMMember(
        f"{name}-key-access",
        crypto_key_id=key,
        role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member=Output.concat("serviceAccount:", agent),
        opts=opts,
    )
    return CustomerKey(name=key, grant=grant)


def _create(name: str, plan: EncryptionPlan, location: str, labels: Mapping[str, str], opts: ResourceOptions) -> Output[str]:
    ring = gcp.kms.KeyRing(f"{name}-key-ring", location=location, opts=opts)
    key = gcp.kms.CryptoKey(
        f"{name}-key", key_ring=ring.id, rotation_period=f"{plan.rotation_days * SECONDS_PER_DAY}s", labels=labels, opts=opts
    )
    return key.id
