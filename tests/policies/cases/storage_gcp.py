"""Cloud Storage."""

import json
from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

GCS = "gcp:storage/bucket:Bucket"
MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
BINDING = "gcp:storage/bucketIAMBinding:BucketIAMBinding"
POLICY = "gcp:storage/bucketIAMPolicy:BucketIAMPolicy"
ACL = "gcp:storage/bucketACL:BucketACL"
ENTRY = "gcp:storage/objectAccessControl:ObjectAccessControl"
SINK = "gcp:logging/projectSink:ProjectSink"
SINKS = tuple(f"gcp:logging/{level}Sink:{level[0].upper()}{level[1:]}Sink" for level in ("billingAccount", "folder", "organization"))
AMAZON = made("aws:s3/bucket:Bucket")
BARE = made(GCS, {"location": "EU"}, "bare")
ACCOUNT = made("gcp:serviceaccount/account:Account", {"accountId": "job"}, "job")
READ = "roles/storage.objectViewer"


def bucket(name: str = "data", **properties: Any) -> Resource:
    return made(GCS, properties, name)


def bindings(*members: str) -> str:
    return json.dumps({"bindings": [{"role": READ, "members": ["user:a@example.org"]}, {"role": READ, "members": list(members)}]})


def rules(*rules: object) -> Resource:
    return bucket(lifecycleRules=list(rules), versioning={"enabled": True})


def rule(action: object, **condition: object) -> dict[str, Any]:
    return {"action": {"type": action}, "condition": condition}


LOGS = bucket("logs", labels={"purpose": "logs"}, retentionPolicy={"retentionPeriod": "31536000"})
PARTS = ("matchesPrefixes", "matchesSuffixes", "matchesStorageClasses")
OLD = {"withState": "ARCHIVED", "noncurrentTimeBefore": "2026-01-01", "numNewerVersions": 3}
PROD_LABELS = {"stage": "prod", "purpose": "models"}

CASES = {
    "DD-STORAGE-101": Case(
        violating=(BARE, bucket(publicAccessPrevention="inherited")),
        at=("publicAccessPrevention", "publicAccessPrevention"),
        passing=(bucket(publicAccessPrevention="enforced"),),
        unknown=(bucket(publicAccessPrevention=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-STORAGE-102": Case(
        violating=(BARE, bucket(uniformBucketLevelAccess=False)),
        at=("uniformBucketLevelAccess", "uniformBucketLevelAccess"),
        passing=(bucket(uniformBucketLevelAccess=True),),
        unknown=(bucket(uniformBucketLevelAccess=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-STORAGE-103": Case(
        violating=(
            made(BINDING, {"role": UNKNOWN, "members": ["group:team@example.org", "allAuthenticatedUsers"]}),
            made(MEMBER, {"role": READ, "member": "allUsers"}),
            made(POLICY, {"policyData": bindings("user:b@example.org", "allUsers")}),
            made("gcp:storage/managedFolderIamMember:ManagedFolderIamMember", {"role": READ, "member": "allUsers"}),
        ),
        at=("members.1", "member", "policyData.bindings.1.members.1", "member"),
        passing=(
            made(MEMBER, {"role": READ, "member": "group:team@example.org"}),
            made(MEMBER, {"role": READ, "member": UNKNOWN}, "job", member=ACCOUNT),
            ACCOUNT,
            made(POLICY, {"policyData": bindings("domain:example.org")}),
        ),
        unknown=(made(MEMBER, {"role": READ, "member": UNKNOWN}), ACCOUNT),
        elsewhere=(BARE, made(POLICY, {"policyData": "no document"}), made(BINDING, {"role": READ})),
    ),
    "DD-STORAGE-104": Case(
        violating=(
            made(ACL, {"predefinedAcl": "publicRead", "defaultAcl": "authenticatedRead"}),
            made("gcp:storage/defaultObjectACL:DefaultObjectACL", {"roleEntities": ["OWNER:user-a@example.org", "READER:allUsers"]}),
            made(ACL, {"predefinedAcl": "publicReadWrite"}, "write"),
            made(ENTRY, {"role": "READER", "entity": "allAuthenticatedUsers"}),
        ),
        at=("predefinedAcl", "defaultAcl", "predefinedAcl", "roleEntities.1", "entity"),
        passing=(
            made(ACL, {"predefinedAcl": "projectPrivate", "roleEntities": ["OWNER:user-a@example.org"]}),
            made(ENTRY, {"role": "READER", "entity": "group-team@example.org"}),
        ),
        unknown=(made(ACL, {"roleEntities": ["OWNER:user-a@example.org", UNKNOWN]}),),
        elsewhere=(BARE,),
    ),
    "DD-STORAGE-105": Case(
        violating=(made(GCS, {"name": "b", "logging": {"logBucket": "b"}}),),
        at=("logging.logBucket",),
        passing=(
            made(GCS, {"name": "b", "logging": {"logBucket": "logs"}}),
            LOGS,
            made(GCS, {"name": UNKNOWN, "logging": {"logBucket": UNKNOWN}}, "joined", logging=LOGS),
            bucket("named-later", logging={"logBucket": UNKNOWN}),
        ),
        unknown=(made(GCS, {"name": "b", "logging": {"logBucket": UNKNOWN}}),),
        elsewhere=(BARE, made(GCS, {"name": UNKNOWN})),
    ),
    "DD-STORAGE-106": Case(
        violating=(BARE, bucket(versioning={"enabled": False})),
        at=("versioning.enabled", "versioning.enabled"),
        passing=(bucket(versioning={"enabled": True}),),
        unknown=(bucket(versioning={"enabled": UNKNOWN}),),
        elsewhere=(AMAZON, bucket(labels={"purpose": "checkpoints"}), bucket("kept", retentionPolicy={"retentionPeriod": "86400"})),
    ),
    "DD-STORAGE-107": Case(
        violating=(bucket(softDeletePolicy={"retentionDurationSeconds": 0}),),
        at=("softDeletePolicy.retentionDurationSeconds",),
        passing=(BARE, bucket(softDeletePolicy={"retentionDurationSeconds": 604800})),
        unknown=(bucket(softDeletePolicy={"retentionDurationSeconds": UNKNOWN}),),
        elsewhere=(bucket(softDeletePolicy={"retentionDurationSeconds": 0}, labels={"purpose": "checkpoints"}),),
    ),
    "DD-STORAGE-108": Case(
        violating=(BARE, bucket(logging={"logObjectPrefix": "data"})),
        at=("logging.logBucket", "logging.logBucket"),
        passing=(bucket(logging={"logBucket": UNKNOWN}),),
        unknown=(bucket(labels={"purpose": UNKNOWN}),),
        elsewhere=(
            LOGS,
            bucket("sink"),
            made(GCS, {"logging": {"logBucket": UNKNOWN}}, "joined", logging=bucket("sink")),
        ),
    ),
    "DD-STORAGE-109": Case(
        violating=(BARE,),
        at=("encryption.defaultKmsKeyName",),
        passing=(bucket(encryption={"defaultKmsKeyName": UNKNOWN}),),
        unknown=(bucket(labels={"purpose": UNKNOWN}),),
        elsewhere=(LOGS,),
    ),
    "DD-STORAGE-110": Case(
        violating=(
            LOGS,
            bucket("written"),
            made(SINK, {"destination": UNKNOWN}, destination=bucket("written")),
            bucket("accesses"),
            made(GCS, {"logging": {"logBucket": UNKNOWN}}, "joined", logging=bucket("accesses")),
            *(each for kind in SINKS for each in (bucket(kind), made(kind, {}, kind, destination=bucket(kind)))),
        ),
        at=(
            "retentionPolicy.retentionPeriod",
            *["retentionPolicy.retentionPeriod"] * 3,
            "retentionPolicy.isLocked",
            "retentionPolicy.retentionPeriod",
        ),
        passing=(
            bucket("written", retentionPolicy={"retentionPeriod": "31536000", "isLocked": True}),
            made(SINK, {"destination": UNKNOWN}, destination=bucket("written")),
        ),
        unknown=(bucket(labels={"purpose": "logs"}, retentionPolicy={"retentionPeriod": "86400", "isLocked": UNKNOWN}),),
        elsewhere=(BARE, made(SINK, {"destination": UNKNOWN})),
    ),
    "DD-STORAGE-111": Case(
        violating=(bucket(labels=PROD_LABELS),),
        at=("retentionPolicy.retentionPeriod",),
        passing=(
            bucket(labels=PROD_LABELS, retentionPolicy={"retentionPeriod": UNKNOWN}),
            bucket("objects", labels=PROD_LABELS, enableObjectRetention=True),
        ),
        unknown=(bucket(labels=PROD_LABELS, enableObjectRetention=UNKNOWN),),
        elsewhere=(bucket(labels={"stage": "dev"}), bucket("logs", labels={"stage": "prod", "purpose": "logs"})),
    ),
    "DD-STORAGE-112": Case(
        violating=(BARE, bucket(lifecycleRules=[], autoclass={"enabled": False})),
        at=("lifecycleRules", "lifecycleRules"),
        passing=(rules(rule("Delete", age=30)), bucket("moved", autoclass={"enabled": True})),
        unknown=(bucket(lifecycleRules=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-STORAGE-113": Case(
        violating=(
            rules(
                rule("Delete", age=30),
                *(rule("AbortIncompleteMultipartUpload", age=7, **{part: ["x"]}) for part in PARTS),
            ),
        ),
        at=("lifecycleRules",),
        passing=(rules(rule("Delete", age=30), rule("AbortIncompleteMultipartUpload", age=7)),),
        unknown=(rules(rule(UNKNOWN, age=7)),),
        elsewhere=(BARE,),
    ),
    "DD-STORAGE-114": Case(
        violating=(
            rules(rule("Delete", age=30), rule("SetStorageClass", numNewerVersions=3)),
            bucket("bare", versioning={"enabled": True}),
        ),
        at=("lifecycleRules", "lifecycleRules"),
        passing=(
            rules(rule("Delete", daysSinceNoncurrentTime=30)),
            *(bucket(old, versioning={"enabled": True}, lifecycleRules=[rule("Delete", **{old: value})]) for old, value in OLD.items()),
        ),
        unknown=(rules(rule(UNKNOWN, numNewerVersions=3)),),
        elsewhere=(BARE, bucket(versioning={"enabled": False})),
    ),
    "DD-STORAGE-115": Case(
        violating=(bucket(cors=[{"origins": ["https://example.org"]}, {"origins": ["*"]}]),),
        at=("cors.1.origins",),
        passing=(bucket(cors=[{"origins": ["https://example.org"]}]),),
        unknown=(bucket(cors=[{"origins": [UNKNOWN]}]),),
        elsewhere=(BARE,),
    ),
}
