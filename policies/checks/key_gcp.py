"""Cloud KMS and Secret Manager: how long a key is used, who may use it, and whether a mistake can be taken back."""

from collections.abc import Iterator

from policies.check import Checks, Problem
from policies.gcp_iam import iam_kinds, opened
from policies.view import View

CHECKS = Checks()
KEY = "gcp:kms/cryptoKey:CryptoKey"
SECRET = "gcp:secretmanager/secret:Secret"
REGIONAL_SECRET = "gcp:secretmanager/regionalSecret:RegionalSecret"
SECRETS = (SECRET, REGIONAL_SECRET)
_KEY_GRANTS = (*iam_kinds("kms", "cryptoKeyIAM"), *iam_kinds("kms", "keyRingIAM"))
_SECRET_GRANTS = (*iam_kinds("secretmanager", "secretIam"), *iam_kinds("secretmanager", "regionalSecretIam"))
_SECONDS_PER_DAY = 86400
# Cloud KMS rotates none but symmetric keys by itself. Source: Cloud KMS, "Key rotation".
_ROTATED = "ENCRYPT_DECRYPT"


@CHECKS.add(
    "DD-KEY-101",
    "A key is rotated",
    KEY,
    severity="high",
    rationale="A key that is never rotated encrypts everything there ever was: one that leaks opens all of it.",
    fix='set rotationPeriod, such as "7776000s" (90 days)',
    key="storage.<name>.encryption.rotationDays, cluster.encryption.rotationDays",
    equivalents=("CKV_GCP_43", "GCP-0065", "gcp_cmek_rotation"),
    parameters={"days": 365},
)
def is_rotated(view: View) -> Iterator[Problem]:
    """rotationPeriod of symmetric keys, never where it is left out (Cloud KMS API, CryptoKey). days: what is long enough."""
    yield from _rotated_within(view, view.parameters["days"])


@CHECKS.add(
    "DD-KEY-102",
    "A key is rotated every quarter",
    KEY,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="What the CIS benchmark of Google Cloud asks for, and whoever audits by it.",
    fix='set rotationPeriod to "7776000s" (90 days) or less',
    key="storage.<name>.encryption.rotationDays, cluster.encryption.rotationDays",
    equivalents=("CKV_GCP_43", "GCP-0065", "gcp_cmek_rotation"),
    parameters={"days": 90},
)
def is_rotated_quarterly(view: View) -> Iterator[Problem]:
    """rotationPeriod of symmetric keys (CIS Google Cloud Platform Foundation Benchmark, keys are rotated within 90 days)."""
    yield from _rotated_within(view, view.parameters["days"])


@CHECKS.add(
    "DD-KEY-103",
    "Not everybody may use a key",
    *_KEY_GRANTS,
    severity="critical",
    rationale="A key that everybody may use encrypts for nobody.",
    fix="name the users, groups or service accounts",
    equivalents=("CKV_GCP_112", "CKV2_GCP_6", "CKV2_GCP_8"),
)
def key_not_public(view: View) -> Iterator[Problem]:
    """Members that are everybody, or everybody with a Google account (Google Cloud, "IAM principals")."""
    yield from opened(view)


@CHECKS.add(
    "DD-KEY-104",
    "A key that is destroyed by mistake can be taken back",
    KEY,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="With the key gone everything that it encrypted is gone: models, datasets, the cluster's secrets.",
    fix="leave destroyScheduledDuration out (30 days), or set it to a week or more",
    equivalents=("CKV_GCP_82",),
    parameters={"days": 7},
)
def can_be_taken_back(view: View) -> Iterator[Problem]:
    """destroyScheduledDuration, 30 days where it is left out (Cloud KMS API, CryptoKey). days: the fewest that leave time to notice."""
    seconds = _seconds(view.text("destroyScheduledDuration"))
    if seconds is not None and seconds < view.parameters["days"] * _SECONDS_PER_DAY:
        yield Problem(path="destroyScheduledDuration", what=f"is {seconds / _SECONDS_PER_DAY:g} days")


@CHECKS.add(
    "DD-KEY-105",
    "Not everybody may read a secret",
    *_SECRET_GRANTS,
    severity="critical",
    rationale="Whoever knows its name has the password.",
    fix="name the service accounts that need it",
)
def secret_not_public(view: View) -> Iterator[Problem]:
    """Members that are everybody, or everybody with a Google account (Google Cloud, "IAM principals")."""
    yield from opened(view)


@CHECKS.add(
    "DD-KEY-106",
    "A secret is encrypted with a key of one's own",
    *SECRETS,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="With Google's own key nobody can watch who decrypts it, nor take the key away.",
    fix="set customerManagedEncryption.kmsKeyName, for each replica",
)
def secret_has_own_key(view: View) -> Iterator[Problem]:
    """customerManagedEncryption of each place that the secret lies in (Secret Manager API, Replication)."""
    name = "customerManagedEncryption.kmsKeyName"
    replicas = [path for path, _ in view.each("replication.userManaged.replicas")]
    places = [""] if view.resource.type == REGIONAL_SECRET else [f"{path}." for path in replicas] or ["replication.auto."]
    for place in places:
        if not view.present(f"{place}{name}"):
            yield Problem(path=f"{place}{name}", what="is not set")


@CHECKS.add(
    "DD-KEY-107",
    "A secret's version that is destroyed by mistake can be taken back",
    *SECRETS,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="A version that is destroyed is gone at once, and with it whatever nobody else has written down.",
    fix='set versionDestroyTtl, such as "604800s" (seven days)',
    parameters={"days": 1},
)
def secret_can_be_taken_back(view: View) -> Iterator[Problem]:
    """versionDestroyTtl, none where it is left out (Secret Manager, "Delay destruction of secret versions"). days: the fewest."""
    seconds = _seconds(view.text("versionDestroyTtl")) or 0
    if seconds < view.parameters["days"] * _SECONDS_PER_DAY:
        yield Problem(path="versionDestroyTtl", what=f"is {seconds / _SECONDS_PER_DAY:g} days" if seconds else "is not set")


@CHECKS.add(
    "DD-KEY-108",
    "A secret is rotated, or ends",
    *SECRETS,
    severity="low",
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="A password that nobody changes is known to all who ever left.",
    fix="set rotation.rotationPeriod with topics, or expireTime or ttl",
)
def secret_is_rotated(view: View) -> Iterator[Problem]:
    """Whether a rotation is asked for, or an end is set (Secret Manager, "Create rotation schedules")."""
    if not any(view.present(path) for path in ("rotation.rotationPeriod", "rotation.nextRotationTime", "expireTime", "ttl")):
        yield Problem(path="rotation.rotationPeriod", what="is not set, and it never ends")


def _rotated_within(view: View, days: float) -> Iterator[Problem]:
    if view.text("purpose", _ROTATED) != _ROTATED:
        return
    seconds = _seconds(view.text("rotationPeriod"))
    if seconds is None:
        yield Problem(path="rotationPeriod", what="is not set")
    elif seconds > days * _SECONDS_PER_DAY:
        yield Problem(path="rotationPeriod", what=f"is {seconds / _SECONDS_PER_DAY:g} days, more than {days:g}")


def _seconds(duration: str) -> float | None:
    """Google's durations are seconds with a unit, "86400s" or "3.5s"."""
    try:
        return float(duration.removesuffix("s"))
    except ValueError:
        return None
