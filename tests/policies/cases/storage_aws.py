"""Amazon S3."""

import json
from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

BUCKET = made("aws:s3/bucket:Bucket", {"bucket": "b"}, "data")
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ACL = "aws:s3/bucketAcl:BucketAcl"
CORS = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
LOGGING = "aws:s3/bucketLogging:BucketLogging"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
POINT = "aws:s3/accessPoint:AccessPoint"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
FLAGS: dict[str, Any] = {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True}
GOOGLE = made("gcp:storage/bucket:Bucket")
EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"


def versioned(status: object) -> Any:
    return made(VERSIONING, {"versioningConfiguration": {"status": status}}, bucket=BUCKET)


def bucket(**properties: Any) -> Resource:
    return made("aws:s3/bucket:Bucket", properties, "data")


def bucket_of(name: str, **properties: Any) -> Resource:
    return made("aws:s3/bucket:Bucket", properties, name)


def old(**properties: Any) -> Resource:
    return made("aws:s3/bucketV2:BucketV2", properties, "data")


def policy(*statements: dict[str, Any]) -> Resource:
    return made(POLICY, {"policy": json.dumps({"Version": "2012-10-17", "Statement": statements})}, "policy", bucket=BUCKET)


def denied(**changed: Any) -> dict[str, Any]:
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    return {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": plain, **changed}


def allowed(**changed: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", **changed}


def lifecycle(*rules: dict[str, Any]) -> Resource:
    return made(LIFECYCLE, {"rules": list(rules)}, "lifecycle", bucket=BUCKET)


def encrypted(**rule: Any) -> Resource:
    return made(ENCRYPTION, {"rules": [rule]}, "encryption", bucket=BUCKET)


UNKNOWN_POLICY = made(POLICY, {"policy": UNKNOWN}, "policy", bucket=BUCKET)
OWN_KEY = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "arn:aws:kms:eu-west-1:1:key/k"}
DEVELOPED = made("aws:s3/bucket:Bucket", {"tags": {"stage": "dev"}}, "developed")
PRODUCTION = bucket(tags={"stage": "prod", "purpose": "models"})
ABORTING = {"status": "Enabled", "filter": {"prefix": ""}, "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}}
EXPIRING = {"status": "Enabled", "noncurrentVersionExpiration": {"noncurrentDays": 30}}
# What bounds a rule to some of the objects (Amazon S3 API, LifecycleRule and LifecycleRuleFilter).
PARTS: tuple[dict[str, Any], ...] = (
    {"prefix": "tmp/"},
    {"tags": {"kind": "tmp"}},
    {"filter": {"and": {"prefix": "tmp/"}}},
    {"filter": {"tag": {"key": "kind", "value": "tmp"}}},
    {"filter": {"and": {"tags": {"kind": "tmp"}}}},
)
VERSIONED = {"versioningConfiguration": {"status": "Enabled"}}
RETENTION = {"rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 30}}}

# Each of these was called …V2 in the SDK's sixth version (Pulumi registry, aws, 6.83).
SIX = made("aws:s3/bucketV2:BucketV2", {"tags": {"stage": "prod"}}, "six")


def six(kind: str, properties: dict[str, Any]) -> Resource:
    package, module, name = kind.split(":")[0], *kind.removeprefix("aws:").split(":")
    return made(f"{package}:{module}V2:{name}V2", properties, "six", bucket=SIX)


CASES = {
    "DD-STORAGE-001": Case(
        violating=(BUCKET, made(BLOCK, FLAGS)),
        passing=(BUCKET, made(BLOCK, FLAGS, bucket=BUCKET)),
        unknown=None,
        why_known="it looks for a resource that refers to the bucket, not for a value",
        elsewhere=(GOOGLE,),
    ),
    "DD-STORAGE-002": Case(
        violating=(
            made(BLOCK, {"blockPublicAcls": True, "ignorePublicAcls": True, "restrictPublicBuckets": False}),
            made(BLOCK, {**FLAGS, "blockPublicAcls": False}, "one-way"),
        ),
        at=("blockPublicPolicy", "restrictPublicBuckets", "blockPublicAcls"),
        passing=(made(BLOCK, FLAGS),),
        unknown=(made(BLOCK, {**FLAGS, "blockPublicPolicy": UNKNOWN}),),
        elsewhere=(GOOGLE,),
    ),
    "DD-STORAGE-003": Case(
        violating=(BUCKET, versioned("Suspended")),
        passing=(BUCKET, versioned("Enabled"), old(versionings=[{"enabled": True}]), SIX, six(VERSIONING, VERSIONED)),
        unknown=(BUCKET, versioned(UNKNOWN)),
        elsewhere=(GOOGLE, made("aws:s3/bucket:Bucket", {"tags": {"purpose": "checkpoints"}}, "churned")),
    ),
    "DD-STORAGE-004": Case(
        violating=(
            bucket(acl="public-read", grants=[{"uri": EVERYBODY}]),
            made(ACL, {"acl": "public-read-write"}),
            made("aws:s3/bucketAclV2:BucketAclV2", {"accessControlPolicy": {"grants": [{"grantee": {"uri": EVERYBODY}}]}}),
            old(acl="authenticated-read"),
            bucket_of("members", grants=[{"uri": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"}]),
        ),
        at=("acl", "grants.0.uri", "grants.0.uri", "acl", "accessControlPolicy.grants.0.grantee.uri", "acl"),
        passing=(
            bucket(acl="private", grants=[{"id": "someone"}]),
            made(
                ACL, {"accessControlPolicy": {"grants": [{"grantee": {"uri": "http://acs.amazonaws.com/groups/s3/LogDelivery"}}]}}, "logs"
            ),
        ),
        unknown=(made(ACL, {"acl": UNKNOWN}),),
        elsewhere=(GOOGLE,),
    ),
    "DD-STORAGE-005": Case(
        violating=(made(OWNERSHIP, {"rule": {"objectOwnership": "BucketOwnerPreferred"}}),),
        at=("rule.objectOwnership",),
        passing=(made(OWNERSHIP, {"rule": {"objectOwnership": "BucketOwnerEnforced"}}),),
        unknown=(made(OWNERSHIP, {"rule": {"objectOwnership": UNKNOWN}}),),
        elsewhere=(BUCKET,),
    ),
    "DD-STORAGE-006": Case(
        violating=(made(POINT, {"publicAccessBlockConfiguration": {**FLAGS, "blockPublicPolicy": False}}),),
        at=("publicAccessBlockConfiguration.blockPublicPolicy",),
        passing=(made(POINT), made(POINT, {"publicAccessBlockConfiguration": {"blockPublicPolicy": True}}, "told")),
        unknown=(made(POINT, {"publicAccessBlockConfiguration": {"ignorePublicAcls": UNKNOWN}}),),
        elsewhere=(GOOGLE,),
    ),
    "DD-STORAGE-007": Case(
        violating=(BUCKET, encrypted(applyServerSideEncryptionByDefault={"sseAlgorithm": "AES256"})),
        passing=(
            BUCKET,
            encrypted(applyServerSideEncryptionByDefault={**OWN_KEY, "kmsMasterKeyId": UNKNOWN}),
            made(ENCRYPTION, {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]}, "second", bucket=BUCKET),
            SIX,
            six(ENCRYPTION, {"rules": [{"applyServerSideEncryptionByDefault": OWN_KEY}]}),
            old(serverSideEncryptionConfigurations=[{"rules": [{"applyServerSideEncryptionByDefaults": [OWN_KEY]}]}]),
        ),
        unknown=(BUCKET, made(ENCRYPTION, {"rules": UNKNOWN}, bucket=BUCKET)),
        elsewhere=(bucket(tags={"purpose": "logs"}),),
    ),
    "DD-STORAGE-008": Case(
        violating=(
            bucket(serverSideEncryptionConfiguration={"rule": {"applyServerSideEncryptionByDefault": OWN_KEY}}),
            encrypted(applyServerSideEncryptionByDefault=OWN_KEY, bucketKeyEnabled=False),
            old(serverSideEncryptionConfigurations=[{"rules": [{"applyServerSideEncryptionByDefaults": [OWN_KEY]}]}]),
        ),
        at=(
            "serverSideEncryptionConfiguration.rule.0.bucketKeyEnabled",
            "rules.0.bucketKeyEnabled",
            "serverSideEncryptionConfigurations.0.rules.0.bucketKeyEnabled",
        ),
        passing=(encrypted(applyServerSideEncryptionByDefault=OWN_KEY, bucketKeyEnabled=True),),
        unknown=(encrypted(applyServerSideEncryptionByDefault=OWN_KEY, bucketKeyEnabled=UNKNOWN),),
        elsewhere=(BUCKET, encrypted(applyServerSideEncryptionByDefault={"sseAlgorithm": "aws:kms:dsse"})),
    ),
    "DD-STORAGE-009": Case(
        violating=(BUCKET, made(LOGGING, {"targetBucket": "logs"})),
        passing=(
            BUCKET,
            made(LOGGING, {"targetBucket": "logs"}, bucket=BUCKET),
            old(loggings=[{"targetBucket": UNKNOWN}]),
            SIX,
            six(LOGGING, {}),
        ),
        unknown=(bucket(tags={"purpose": UNKNOWN}),),
        elsewhere=(BUCKET, made(LOGGING, {"bucket": "other"}, targetBucket=BUCKET), old(tags={"purpose": "logs"}), DEVELOPED),
    ),
    "DD-STORAGE-010": Case(
        violating=(
            BUCKET,
            policy(
                allowed(Principal={"AWS": "arn:aws:iam::1:root"}, Condition={"Bool": {"aws:SecureTransport": "false"}}),
                denied(Effect="Allow"),
                denied(Condition={"Bool": {"aws:SecureTransport": "true"}}),
                denied(Condition={"Bool": {"aws:SecureTransport": "false", "aws:ViaAWSService": "false"}}),
                denied(Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}),
                denied(Principal={"AWS": "arn:aws:iam::1:role/one"}),
                denied(Action="s3:PutObject"),
            ),
        ),
        passing=(
            BUCKET,
            policy(allowed(Principal={"AWS": "arn:aws:iam::1:root"}), denied()),
            old(policy={"Statement": [denied(Action="S3:Get*", Principal={"AWS": "*"})]}),
        ),
        unknown=(BUCKET, UNKNOWN_POLICY),
        elsewhere=(GOOGLE,),
    ),
    "DD-STORAGE-011": Case(
        violating=(
            policy(denied(), allowed(), allowed(Principal="*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}})),
            bucket(policy={"Statement": allowed(Condition={"StringLike": {"aws:PrincipalArn": "*"}})}),
            made(
                POINT,
                {"policy": {"Statement": [allowed(Principal="*", Condition={"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}})]}},
            ),
            old(policy={"Statement": [allowed(NotPrincipal={"AWS": "arn:aws:iam::1:root"}, Principal=None)]}),
        ),
        at=(
            "policy.Statement.0.Principal",
            "policy.Statement.0.Principal",
            "policy.Statement.1.Principal",
            "policy.Statement.2.Principal",
            "policy.Statement.0.Principal",
        ),
        passing=(
            policy(
                denied(),
                allowed(Principal={"AWS": "arn:aws:iam::1:root"}),
                allowed(Principal={"Service": "logging.s3.amazonaws.com"}),
                allowed(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
                allowed(Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}),
            ),
        ),
        unknown=(UNKNOWN_POLICY,),
        elsewhere=(BUCKET, made(POLICY, {"policy": "no document"}, "broken")),
    ),
    "DD-STORAGE-012": Case(
        violating=(policy(denied(Condition={}), denied(Action=["s3:PutBucketPolicy"], Principal={"AWS": "*"}, Condition={})),),
        at=("policy.Statement.0.Action", "policy.Statement.1.Action"),
        passing=(policy(denied(), denied(Action="s3:DeleteObject", Condition={}), allowed(Action="s3:*")),),
        unknown=(UNKNOWN_POLICY,),
        elsewhere=(
            BUCKET,
            policy(
                denied(Condition={}, Principal=None, NotPrincipal={"AWS": "arn:aws:iam::1:root"}),
                denied(Condition={}, Principal={"AWS": "arn:aws:iam::1:role/one"}),
            ),
        ),
    ),
    "DD-STORAGE-013": Case(
        violating=(
            bucket(corsRules=[{"allowedOrigins": ["https://example.org"]}, {"allowedOrigins": ["*"]}]),
            made(CORS, {"corsRules": [{"allowedOrigins": ["*"]}]}),
        ),
        at=("corsRules.1.allowedOrigins", "corsRules.0.allowedOrigins"),
        passing=(made(CORS, {"corsRules": [{"allowedOrigins": ["https://example.org"]}]}),),
        unknown=(made(CORS, {"corsRules": [{"allowedOrigins": ["https://example.org", UNKNOWN]}]}),),
        elsewhere=(BUCKET,),
    ),
    "DD-STORAGE-014": Case(
        violating=(BUCKET, lifecycle({**EXPIRING, "status": "Disabled"}), old(lifecycleRules=[{"enabled": False}])),
        at=("", ""),
        passing=(BUCKET, lifecycle(EXPIRING), old(lifecycleRules=[{"enabled": True}]), SIX, six(LIFECYCLE, {"rules": [EXPIRING]})),
        unknown=(BUCKET, lifecycle({"status": UNKNOWN})),
        elsewhere=(GOOGLE,),
    ),
    "DD-STORAGE-015": Case(
        violating=(
            bucket(lifecycleRules=[{"enabled": True}, {"enabled": False, "abortIncompleteMultipartUploadDays": 7}]),
            lifecycle(EXPIRING, {**ABORTING, "filter": {"prefix": "tmp/"}}),
            *(made(LIFECYCLE, {"rules": [{**ABORTING, **part}]}, f"part-{at}") for at, part in enumerate(PARTS)),
        ),
        at=("lifecycleRules", *["rules"] * 6),
        passing=(
            lifecycle(EXPIRING, ABORTING),
            bucket(lifecycleRules=[{"enabled": True, "abortIncompleteMultipartUploadDays": 7}]),
        ),
        unknown=(made(LIFECYCLE, {"rules": UNKNOWN}),),
        elsewhere=(BUCKET, lifecycle({**EXPIRING, "status": "Disabled"})),
    ),
    "DD-STORAGE-016": Case(
        violating=(BUCKET, versioned("Enabled"), lifecycle(ABORTING), old(versionings=[{"enabled": True}])),
        at=("", ""),
        passing=(
            BUCKET,
            versioned("Enabled"),
            lifecycle(EXPIRING),
            old(versionings=[{"enabled": True}], lifecycleRules=[{"enabled": True, "noncurrentVersionExpirations": [{"days": 30}]}]),
        ),
        unknown=(BUCKET, versioned(UNKNOWN)),
        elsewhere=(BUCKET, versioned("Suspended")),
    ),
    "DD-STORAGE-017": Case(
        violating=(PRODUCTION, made(LOCK, {"objectLockEnabled": "Enabled"}, bucket=PRODUCTION)),
        passing=(
            PRODUCTION,
            made(LOCK, RETENTION, bucket=PRODUCTION),
            SIX,
            six(LOCK, RETENTION),
            old(tags={"stage": "prod"}, objectLockConfiguration={"rules": [{"defaultRetentions": [{"mode": "COMPLIANCE", "days": 30}]}]}),
        ),
        unknown=(bucket(tags={"stage": "prod", "purpose": UNKNOWN}),),
        elsewhere=(bucket(tags={"stage": "dev"}), old(tags={"stage": "prod", "purpose": "logs"})),
    ),
    "DD-STORAGE-018": Case(
        violating=(PRODUCTION, made(REPLICATION, {"rules": [{"status": "Disabled"}]}, bucket=PRODUCTION)),
        passing=(
            PRODUCTION,
            made(REPLICATION, {"rules": [{"status": "Disabled"}, {"status": "Enabled"}]}, bucket=PRODUCTION),
            old(tags={"stage": "prod"}, replicationConfigurations=[{"rules": [{"status": "Enabled"}]}]),
        ),
        unknown=(PRODUCTION, made(REPLICATION, {"rules": UNKNOWN}, bucket=PRODUCTION)),
        elsewhere=(
            bucket(tags={"stage": "dev"}),
            old(tags={"stage": "prod", "purpose": "checkpoints"}),
            made("aws:s3/bucket:Bucket", {"tags": {"stage": "prod"}}, "copy"),
            made(REPLICATION, {"rules": [{"status": "Enabled"}]}, rules=made("aws:s3/bucket:Bucket", {}, "copy")),
        ),
    ),
}
