"""Cloud KMS and Secret Manager; a day has 86,400 seconds."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

KEY = "gcp:kms/cryptoKey:CryptoKey"
SECRET = "gcp:secretmanager/secret:Secret"
REGIONAL = "gcp:secretmanager/regionalSecret:RegionalSecret"
KEY_MEMBER = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
RING_BINDING = "gcp:kms/keyRingIAMBinding:KeyRingIAMBinding"
SECRET_MEMBER = "gcp:secretmanager/secretIamMember:SecretIamMember"
AMAZON = made("aws:kms/key:Key")
AGENT = made("gcp:projects/serviceIdentity:ServiceIdentity", {"service": "artifactregistry.googleapis.com"}, "agent")
USE, READ = "roles/cloudkms.cryptoKeyEncrypterDecrypter", "roles/secretmanager.secretAccessor"
BARE = made(KEY, {"keyRing": "r"}, "bare")
SIGNING = made(KEY, {"purpose": "ASYMMETRIC_SIGN"}, "signing")


def key(**properties: Any) -> Resource:
    return made(KEY, properties, "key")


def secret(name: str = "token", **properties: Any) -> Resource:
    return made(SECRET, {"secretId": "t", **properties}, name)


def replicated(*keys: object) -> dict[str, Any]:
    return {"userManaged": {"replicas": [{"location": "x", "customerManagedEncryption": {"kmsKeyName": each}} for each in keys]}}


DATED = secret("dated", rotation={"nextRotationTime": "2027-01-01T00:00:00Z"})

CASES = {
    "DD-KEY-101": Case(
        violating=(BARE, key(rotationPeriod="31536001s")),
        at=("rotationPeriod", "rotationPeriod"),
        passing=(key(rotationPeriod="31536000s"), made(KEY, {"purpose": "ENCRYPT_DECRYPT", "rotationPeriod": "7776000.5s"}, "told")),
        unknown=(key(rotationPeriod=UNKNOWN),),
        elsewhere=(SIGNING,),
    ),
    "DD-KEY-102": Case(
        violating=(BARE, key(rotationPeriod="31536000s")),
        at=("rotationPeriod", "rotationPeriod"),
        passing=(key(rotationPeriod="7776000s"),),
        unknown=(key(rotationPeriod=UNKNOWN),),
        elsewhere=(SIGNING,),
    ),
    "DD-KEY-103": Case(
        violating=(
            made(KEY_MEMBER, {"role": USE, "member": "allUsers"}),
            made(RING_BINDING, {"role": USE, "members": ["user:a@example.org", "allAuthenticatedUsers"]}),
        ),
        at=("member", "members.1"),
        passing=(
            made(KEY_MEMBER, {"role": USE, "member": "serviceAccount:a@b.iam.gserviceaccount.com"}),
            AGENT,
            made(KEY_MEMBER, {"role": USE, "member": UNKNOWN}, "agent", member=AGENT),
        ),
        unknown=(made(KEY_MEMBER, {"role": USE, "member": UNKNOWN}),),
        elsewhere=(BARE,),
    ),
    "DD-KEY-104": Case(
        violating=(key(destroyScheduledDuration="86400s"),),
        at=("destroyScheduledDuration",),
        passing=(BARE, key(destroyScheduledDuration="604800s")),
        unknown=(key(destroyScheduledDuration=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-105": Case(
        violating=(made(SECRET_MEMBER, {"role": READ, "member": "allUsers"}),),
        at=("member",),
        passing=(made(SECRET_MEMBER, {"role": READ, "member": "serviceAccount:a@b.iam.gserviceaccount.com"}),),
        unknown=(made("gcp:secretmanager/regionalSecretIamMember:RegionalSecretIamMember", {"role": READ, "member": UNKNOWN}),),
        elsewhere=(secret(),),
    ),
    "DD-KEY-106": Case(
        violating=(
            made(REGIONAL),
            secret(replication={"auto": {}}),
            secret("two", replication=replicated(UNKNOWN, "")),
        ),
        at=(
            "customerManagedEncryption.kmsKeyName",
            "replication.auto.customerManagedEncryption.kmsKeyName",
            "replication.userManaged.replicas.1.customerManagedEncryption.kmsKeyName",
        ),
        passing=(
            made(REGIONAL, {"customerManagedEncryption": {"kmsKeyName": UNKNOWN}}),
            secret(replication={"auto": {"customerManagedEncryption": {"kmsKeyName": "k"}}}),
            secret("two", replication=replicated("k", UNKNOWN)),
        ),
        unknown=(secret(replication={"userManaged": {"replicas": UNKNOWN}}),),
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-107": Case(
        violating=(secret(), secret("hour", versionDestroyTtl="3600s")),
        at=("versionDestroyTtl", "versionDestroyTtl"),
        words=("days", "is not set"),
        passing=(secret(versionDestroyTtl="86400s"),),
        unknown=(secret(versionDestroyTtl=UNKNOWN),),
        elsewhere=(BARE,),
    ),
    "DD-KEY-108": Case(
        violating=(secret(),),
        at=("rotation.rotationPeriod",),
        passing=(secret(rotation={"rotationPeriod": UNKNOWN}), secret("ending", expireTime=UNKNOWN), secret("short", ttl="86400s"), DATED),
        unknown=None,
        why_known="that a rotation or an end is set is enough, whenever it will be",
        elsewhere=(BARE,),
    ),
}
