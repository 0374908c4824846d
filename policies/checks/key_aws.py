"""AWS KMS and Secrets Manager: keys and secrets, who uses them, and whether a mistake can be taken back."""

from collections.abc import Iterator

from policies.aws_policy import statements
from policies.check import Checks, Problem
from policies.joins import beside
from policies.view import View

CHECKS = Checks()
KEY = "aws:kms/key:Key"
SECRET = "aws:secretsmanager/secret:Secret"
_KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
_SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"
_AWS_KEY = "alias/aws/secretsmanager"
_ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
_REPLICA = "aws:kms/replicaKey:ReplicaKey"


@CHECKS.add(
    "DD-KEY-001",
    "A key is rotated",
    KEY,
    rationale="The longer one key encrypts everything, the more a copy of it opens.",
    fix="set enableKeyRotation to true",
    equivalents=("CKV_AWS_7", "AWS-0065", "cmk-backing-key-rotation-enabled"),
)
def rotated(view: View) -> Iterator[Problem]:
    """enableKeyRotation, off where it is left out; only symmetric keys of KMS's own stores can be rotated (AWS KMS, "Rotate keys")."""
    symmetric = view.text("customerMasterKeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
    if symmetric and not view.present("customKeyStoreId") and not view.flag("enableKeyRotation"):
        yield Problem(path="enableKeyRotation", what="is off")


@CHECKS.add(
    "DD-KEY-002",
    "A key is for named users only",
    KEY,
    _KEY_POLICY,
    _REPLICA,
    severity="critical",
    rationale="A key that everybody may use protects nothing: whoever gets at the ciphertext has the data.",
    fix="name accounts or roles in Principal, or add a condition on kms:CallerAccount",
    equivalents=("CKV_AWS_33", "kms-key-policy-no-public-access"),
)
def key_users_named(view: View) -> Iterator[Problem]:
    """Statements of a key's policy that allow everybody."""
    for statement in statements(view):
        if statement.open:
            yield Problem(path=f"{statement.path}.Principal", what="is everybody")


@CHECKS.add(
    "DD-KEY-003",
    "A key is in use",
    KEY,
    rationale="A disabled key costs as much as any, and makes everything that it encrypted unreadable.",
    fix="leave isEnabled out, or remove the key",
    equivalents=("CKV_AWS_227",),
)
def in_use(view: View) -> Iterator[Problem]:
    """isEnabled, on where it is left out (AWS KMS API, CreateKey)."""
    if not view.flag("isEnabled", default=True):
        yield Problem(path="isEnabled", what="is off")


@CHECKS.add(
    "DD-KEY-004",
    "A deleted key can be had back for long enough",
    KEY,
    _REPLICA,
    profiles={"dev": "advisory"},
    rationale="With its key gone, data is gone: somebody must notice before the window ends.",
    fix="leave deletionWindowInDays out, which is 30 days",
    parameters={"leastDays": 30},
)
def deletion_window(view: View) -> Iterator[Problem]:
    """deletionWindowInDays, 30 where it is left out, between 7 and 30 (AWS KMS API, ScheduleKeyDeletion)."""
    days = view.number("deletionWindowInDays")
    if days is not None and days < view.parameters["leastDays"]:
        yield Problem(path="deletionWindowInDays", what=f"is {days:.0f}")


@CHECKS.add(
    "DD-KEY-005",
    "A secret is encrypted with a key of one's own",
    SECRET,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="With AWS's key every user of the account who may read the secret may decrypt it, and no other account can be given it.",
    fix="set kmsKeyId",
    equivalents=("CKV_AWS_149", "AWS-0098", "secretsmanager-using-cmk"),
)
def secret_has_key(view: View) -> Iterator[Problem]:
    """kmsKeyId; left out, it is aws/secretsmanager (AWS Secrets Manager API, CreateSecret). What comes from a resource is one's own."""
    if view.resource.references.get("kmsKeyId"):
        return
    if view.text("kmsKeyId", _AWS_KEY) == _AWS_KEY:
        yield Problem(path="kmsKeyId", what="is AWS's own")


@CHECKS.add(
    "DD-KEY-006",
    "A deleted secret can be had back",
    SECRET,
    profiles={"dev": "advisory"},
    rationale="A secret that is deleted at once takes down what uses it, and nobody has its value any more.",
    fix="leave recoveryWindowInDays out, which is 30 days",
)
def secret_recoverable(view: View) -> Iterator[Problem]:
    """recoveryWindowInDays of 0, which forces deletion (AWS Secrets Manager API, ForceDeleteWithoutRecovery)."""
    if view.number("recoveryWindowInDays") == 0:
        yield Problem(path="recoveryWindowInDays", what="is 0")


@CHECKS.add(
    "DD-KEY-007",
    "A secret is for named users only",
    SECRET,
    _SECRET_POLICY,
    severity="critical",
    rationale="A policy for everybody publishes the secret.",
    fix="name accounts or roles in Principal",
)
def secret_users_named(view: View) -> Iterator[Problem]:
    """Statements of a secret's policy that allow everybody."""
    for statement in statements(view):
        if statement.open:
            yield Problem(path=f"{statement.path}.Principal", what="is everybody")


@CHECKS.add(
    "DD-KEY-008",
    "A secret is rotated",
    SECRET,
    joined=True,
    level="advisory",
    rationale="A secret that never changes is known to everybody who ever saw it.",
    fix="add a SecretRotation for it",
    equivalents=("CKV2_AWS_57", "secretsmanager-rotation-enabled-check"),
)
def secret_rotated(view: View) -> Iterator[Problem]:
    """Whether a rotation that is on refers to it (Pulumi registry, aws.secretsmanager.SecretRotation)."""
    if not any(found.flag("rotationEnabled", default=True) for found in beside(view, [_ROTATION], "secretId")):
        yield Problem(what="nothing rotates it")
