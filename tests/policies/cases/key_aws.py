"""AWS KMS and Secrets Manager."""

import json
from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

KEY = "aws:kms/key:Key"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
SECRET = "aws:secretsmanager/secret:Secret"
SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
GOOGLE = made("gcp:kms/cryptoKey:CryptoKey")
BARE = made(SECRET, {}, "bare")


def key(name: str = "it", **properties: Any) -> Resource:
    return made(KEY, properties, name)


def secret(**properties: Any) -> Resource:
    return made(SECRET, properties)


def used(principal: object, **condition: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*", "Condition": condition}
    return json.dumps({"Statement": [statement]})


EVERYBODY, OWNER = used({"AWS": "*"}), used({"AWS": "arn:aws:iam::1:root"})
BOUND = used("*", StringEquals={"kms:CallerAccount": "1"})
AT = "policy.Statement.0.Principal"

CASES = {
    "DD-KEY-001": Case(
        violating=(key(), key("off", enableKeyRotation=False)),
        at=("enableKeyRotation", "enableKeyRotation"),
        passing=(key(enableKeyRotation=True),),
        unknown=(key(enableKeyRotation=UNKNOWN),),
        elsewhere=(key(customerMasterKeySpec="RSA_4096"), key("hsm", customKeyStoreId=UNKNOWN), GOOGLE),
    ),
    "DD-KEY-002": Case(
        violating=(key(policy=EVERYBODY), made(KEY_POLICY, {"policy": EVERYBODY})),
        at=(AT, AT),
        passing=(key(policy=OWNER), made(KEY_POLICY, {"policy": BOUND})),
        unknown=(key(policy=UNKNOWN),),
        elsewhere=(key(), GOOGLE),
    ),
    "DD-KEY-003": Case(
        violating=(key(isEnabled=False),),
        at=("isEnabled",),
        passing=(key(),),
        unknown=(key(isEnabled=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-KEY-004": Case(
        violating=(key(deletionWindowInDays=7),),
        at=("deletionWindowInDays",),
        passing=(key(deletionWindowInDays=30), key("unsaid")),
        unknown=(key(deletionWindowInDays=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-KEY-005": Case(
        violating=(BARE, secret(kmsKeyId="alias/aws/secretsmanager")),
        at=("kmsKeyId", "kmsKeyId"),
        passing=(secret(kmsKeyId="alias/mine"), made(SECRET, {"kmsKeyId": UNKNOWN}, "keyed", kmsKeyId=key())),
        unknown=(secret(kmsKeyId=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-KEY-006": Case(
        violating=(secret(recoveryWindowInDays=0),),
        at=("recoveryWindowInDays",),
        passing=(BARE, secret(recoveryWindowInDays=7)),
        unknown=(secret(recoveryWindowInDays=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-KEY-007": Case(
        violating=(secret(policy=EVERYBODY), made(SECRET_POLICY, {"policy": EVERYBODY})),
        at=(AT, AT),
        passing=(secret(policy=OWNER),),
        unknown=(made(SECRET_POLICY, {"policy": UNKNOWN}),),
        elsewhere=(BARE, key(policy=EVERYBODY)),
    ),
    "DD-KEY-008": Case(
        violating=(BARE, made(ROTATION, {"rotationEnabled": False}, secretId=BARE)),
        passing=(BARE, made(ROTATION, {"rotationRules": {"automaticallyAfterDays": 30}}, secretId=BARE)),
        unknown=(BARE, made(ROTATION, {"rotationEnabled": UNKNOWN}, secretId=BARE)),
        elsewhere=(GOOGLE,),
    ),
}
