"""Amazon S3: who can reach a bucket's objects, and whether they survive a mistake."""

from collections.abc import Iterator

from policies.aws_buckets import BUCKETS, by_default, inside
from policies.aws_policy import Statement, statements
from policies.check import Checks, Problem
from policies.joins import beside
from policies.view import View

CHECKS = Checks()
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_VERSIONING = ("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2")
ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
_ACLS = ("aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")
_CORS = (
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
    "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2",
)
_LIFECYCLES = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)
_LOCKS = (
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2",
)
_LOGGING = ("aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2")
_POLICIES = ("aws:s3/bucketPolicy:BucketPolicy",)
_REPLICATION = ("aws:s3/bucketReplicationConfig:BucketReplicationConfig",)
_OPEN_ACLS = ("public-read", "public-read-write", "authenticated-read")
_OPEN_GROUPS = ("/groups/global/AllUsers", "/groups/global/AuthenticatedUsers")


@CHECKS.add(
    "DD-STORAGE-001",
    "A bucket has a public access block",
    *BUCKETS,
    severity="high",
    joined=True,
    rationale="Without the block one wrong ACL or policy, written later by anybody, makes the bucket public.",
    fix="add a BucketPublicAccessBlock for it with all four switches on",
    equivalents=("CKV2_AWS_6", "AWS-0094"),
)
def has_access_block(view: View) -> Iterator[Problem]:
    """Whether a BucketPublicAccessBlock refers to the bucket."""
    if not view.referring(BLOCK):
        yield Problem(what="no public access block refers to it")


@CHECKS.add(
    "DD-STORAGE-002",
    "A public access block blocks all four ways",
    BLOCK,
    severity="high",
    rationale="Each switch closes another way in: new ACLs, old ACLs, new policies, old policies.",
    fix="set blockPublicAcls, blockPublicPolicy, ignorePublicAcls and restrictPublicBuckets to true",
    equivalents=("CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "AWS-0086", "AWS-0087", "AWS-0091", "AWS-0093"),
)
def blocks_every_way(view: View) -> Iterator[Problem]:
    """Each of the four switches, which are off where they are left out (Amazon S3 API, PublicAccessBlockConfiguration)."""
    for name in _FLAGS:
        if not view.flag(name):
            yield Problem(path=name, what="is off")


@CHECKS.add(
    "DD-STORAGE-003",
    "A bucket keeps old versions",
    *BUCKETS,
    joined=True,
    profiles={"dev": "advisory"},
    rationale="A model or dataset that a job overwrites by mistake is gone without versions.",
    fix="add a BucketVersioning with status Enabled",
    key="storage.<name>.versioning",
    equivalents=("CKV_AWS_21", "AWS-0090"),
    parameters={"churned": ("captures", "checkpoints", "logs")},
)
def keeps_versions(view: View) -> Iterator[Problem]:
    """Whether versioning is on, in the bucket or beside it; what is written once and replaced all the time, by its tag, needs none."""
    if view.text("tags.purpose") in view.parameters["churned"]:
        return
    beside = [found for kind in _VERSIONING for found in view.referring(kind)]
    states = [found.text("versioningConfiguration.status") for found in beside]
    if "Enabled" not in states and not view.flag(inside(view, "versioning.enabled")):
        yield Problem(what="old versions are not kept")


@CHECKS.add(
    "DD-STORAGE-004",
    "No ACL opens a bucket to everybody",
    *BUCKETS,
    *_ACLS,
    severity="critical",
    rationale="Whoever knows the bucket's name can then read its objects, or write their own.",
    fix="set acl to private, or leave it out",
    equivalents=("CKV_AWS_20", "CKV_AWS_57", "CKV_AWS_375", "CKV2_AWS_43", "AWS-0092"),
)
def no_open_acl(view: View) -> Iterator[Problem]:
    """Canned ACLs and grants for everybody, or for any AWS account (Amazon S3 User Guide, "Access control list overview")."""
    if view.text("acl") in _OPEN_ACLS:
        yield Problem(path="acl", what=f"is {view.text('acl')}")
    for path, grant in view.each("grants"):
        if grant.text("uri").endswith(_OPEN_GROUPS):
            yield Problem(path=f"{path}.uri", what="grants everybody access")
    for path, grant in view.each("accessControlPolicy.grants"):
        if grant.text("grantee.uri").endswith(_OPEN_GROUPS):
            yield Problem(path=f"{path}.grantee.uri", what="grants everybody access")


@CHECKS.add(
    "DD-STORAGE-005",
    "ACLs are disabled",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    rationale="With ACLs an object may belong to whoever uploaded it, and open itself whatever the bucket's policy says.",
    fix="set rule.objectOwnership to BucketOwnerEnforced",
    equivalents=("CKV2_AWS_65",),
)
def acls_disabled(view: View) -> Iterator[Problem]:
    """The ownership that controls set; a bucket without any has ACLs disabled (Amazon S3, new buckets since April 2023)."""
    ownership = view.text("rule.objectOwnership")
    if ownership != "BucketOwnerEnforced":
        yield Problem(path="rule.objectOwnership", what=f"is {ownership or 'not set'}, with which ACLs hold")


@CHECKS.add(
    "DD-STORAGE-006",
    "An access point blocks public access all four ways",
    "aws:s3/accessPoint:AccessPoint",
    severity="high",
    rationale="An access point is a second door to the bucket, with a policy of its own.",
    fix="leave publicAccessBlockConfiguration out, or set all of its switches to true; they cannot be changed later",
    equivalents=("CKV_AWS_392",),
)
def access_point_blocked(view: View) -> Iterator[Problem]:
    """Its four switches, which are on where they are left out (Amazon S3 User Guide, "Configuring … access points")."""
    for name in _FLAGS:
        if not view.flag(f"publicAccessBlockConfiguration.{name}", default=True):
            yield Problem(path=f"publicAccessBlockConfiguration.{name}", what="is off")


@CHECKS.add(
    "DD-STORAGE-007",
    "A bucket's objects are encrypted with a key of one's own",
    *BUCKETS,
    level="disabled",
    profiles={"regulated": "mandatory"},
    joined=True,
    rationale="With S3's own key whoever may read the object may decrypt it; a key of one's own can be watched, and taken away.",
    fix="add a BucketServerSideEncryptionConfiguration with aws:kms and kmsMasterKeyId",
    key="storage.<name>.encryption.customerKey",
    equivalents=("CKV_AWS_145", "CKV_AWS_186", "AWS-0132"),
    parameters={"without": ("logs",)},
)
def own_key(view: View) -> Iterator[Problem]:
    """Whether a default encryption names a key; log buckets, by their tag, take what AWS's services can write."""
    if view.text("tags.purpose") in view.parameters["without"]:
        return
    rules = [rule for found in beside(view, ENCRYPTION, "bucket") for _, rule in found.each("rules")]
    rules += [rule for _, rule in view.each(inside(view, "serverSideEncryptionConfiguration.rule"))]
    if not any(rule.present(by_default(rule, "kmsMasterKeyId")) for rule in rules):
        yield Problem(what="its default encryption names no key")


@CHECKS.add(
    "DD-STORAGE-008",
    "Encryption with KMS uses a bucket key",
    *BUCKETS,
    *ENCRYPTION,
    level="advisory",
    rationale="Without one every object read or written is a request to KMS, which is billed and throttled.",
    fix="set bucketKeyEnabled to true",
)
def bucket_key(view: View) -> Iterator[Problem]:
    """bucketKeyEnabled where the algorithm is aws:kms; aws:kms:dsse has no bucket keys (Amazon S3 User Guide, "Amazon S3 Bucket Keys")."""
    for name in ("rules", inside(view, "serverSideEncryptionConfiguration.rule")):
        for path, rule in view.each(name):
            if rule.text(by_default(rule, "sseAlgorithm")) == "aws:kms" and not rule.flag("bucketKeyEnabled"):
                yield Problem(path=f"{path}.bucketKeyEnabled", what="is off")


@CHECKS.add(
    "DD-STORAGE-009",
    "A bucket's accesses are logged",
    *BUCKETS,
    level="advisory",
    profiles={"regulated": "mandatory"},
    joined=True,
    rationale="After a leak nobody can say what was read, and by whom.",
    fix="add a BucketLogging to a bucket for logs",
    key="storage.<name>.accessLogs",
    equivalents=("CKV_AWS_18", "AWS-0089", "s3-bucket-logging-enabled"),
    parameters={"without": ("logs",)},
)
def logs_accesses(view: View) -> Iterator[Problem]:
    """In any stage but dev, whether accesses go anywhere; a bucket that takes others' logs would log its own logging."""
    takes_logs = view.text("tags.purpose") in view.parameters["without"] or beside(view, _LOGGING, "targetBucket")
    if view.stage == "dev" or takes_logs:
        return
    if not beside(view, _LOGGING, "bucket") and not view.present(inside(view, "logging.targetBucket")):
        yield Problem(what="accesses are not logged")


@CHECKS.add(
    "DD-STORAGE-010",
    "A bucket refuses requests without TLS",
    *BUCKETS,
    joined=True,
    profiles={"dev": "advisory"},
    rationale="S3 answers plain HTTP too: data and signatures pass readable to everybody on the way.",
    fix='add a policy that denies s3:* to everybody where aws:SecureTransport is "false"',
    equivalents=("CKV_AWS_379", "s3-bucket-ssl-requests-only"),
)
def needs_tls(view: View) -> Iterator[Problem]:
    """Whether its policy, in it or beside it, denies all plain requests."""
    written = [each for found in beside(view, _POLICIES, "bucket") for each in statements(found)]
    if not any(_denies_plain(each) for each in [*written, *statements(view)]):
        yield Problem(what="no policy refuses plain HTTP")


@CHECKS.add(
    "DD-STORAGE-011",
    "A bucket's policy lets nobody in who is not named",
    *BUCKETS,
    *_POLICIES,
    "aws:s3/accessPoint:AccessPoint",
    severity="critical",
    rationale="A statement for everybody, without a condition on who they are, publishes the bucket.",
    fix="name the principals, or add a condition such as aws:PrincipalOrgID",
    equivalents=("CKV_AWS_70", "s3-bucket-policy-grantee-check"),
)
def policy_names_principals(view: View) -> Iterator[Problem]:
    """Statements that allow everybody (Amazon S3 User Guide, "The meaning of 'public'")."""
    for statement in statements(view):
        if statement.open:
            yield Problem(path=f"{statement.path}.Principal", what="is everybody")


@CHECKS.add(
    "DD-STORAGE-012",
    "A bucket's policy does not lock its owner out",
    *BUCKETS,
    *_POLICIES,
    severity="high",
    rationale="What is denied to everybody on all actions only the account's root user can mend.",
    fix="except the owner by a condition, or deny single actions",
    equivalents=("CKV_AWS_93",),
)
def owner_not_locked_out(view: View) -> Iterator[Problem]:
    """Statements that deny everybody, on no condition, to change the policy (Amazon S3 API, PutBucketPolicy)."""
    for statement in statements(view):
        locks = statement.covers("s3:PutBucketPolicy") and not statement.conditions
        if statement.effect == "Deny" and statement.anybody and locks and not statement.excepting:
            yield Problem(path=f"{statement.path}.Action", what="is denied to everybody, the owner included")


@CHECKS.add(
    "DD-STORAGE-013",
    "No foreign website may read or write through a browser",
    *BUCKETS,
    *_CORS,
    rationale="With every origin allowed, any page that a user visits can use that user's access to the bucket.",
    fix="name the origins in allowedOrigins",
    equivalents=("CKV2_AWS_75",),
)
def cors_names_origins(view: View) -> Iterator[Problem]:
    """CORS rules for every origin."""
    for path, rule in view.each("corsRules"):
        if any(origin.text("") == "*" for _, origin in rule.each("allowedOrigins")):
            yield Problem(path=f"{path}.allowedOrigins", what="is every origin")


@CHECKS.add(
    "DD-STORAGE-014",
    "A bucket has a lifecycle",
    *BUCKETS,
    level="advisory",
    joined=True,
    rationale="Whatever is ever written is paid for every month until somebody looks.",
    fix="add a BucketLifecycleConfiguration with at least one enabled rule",
    key="storage.<name>.tiering",
    equivalents=("CKV2_AWS_61",),
)
def has_lifecycle(view: View) -> Iterator[Problem]:
    """Whether a lifecycle rule is enabled, in the bucket or beside it."""
    if not lifecycle_rules(view):
        yield Problem(what="no lifecycle rule is enabled")


@CHECKS.add(
    "DD-STORAGE-015",
    "Uploads that were never finished are cleared",
    *BUCKETS,
    *_LIFECYCLES,
    level="advisory",
    rationale="The parts of a broken upload of checkpoints are in no listing, and on every bill.",
    fix="add an enabled rule over the whole bucket with abortIncompleteMultipartUpload.daysAfterInitiation, such as 7",
    key="storage.<name>.abortMultipartAfterDays",
    equivalents=("CKV_AWS_300",),
)
def clears_unfinished_uploads(view: View) -> Iterator[Problem]:
    """Among the rules of one lifecycle, one that aborts uploads everywhere; without any rule another check speaks."""
    rules = [*_enabled(view)]
    if rules and not any(_aborts(rule) and _whole(rule) for rule in rules):
        yield Problem(path="lifecycleRules" if view.resource.type in BUCKETS else "rules", what="none aborts unfinished uploads")


@CHECKS.add(
    "DD-STORAGE-016",
    "Old versions expire",
    *BUCKETS,
    level="advisory",
    joined=True,
    rationale="With versions kept, deleting frees nothing: each overwritten model stays on the bill for ever.",
    fix="add an enabled rule with noncurrentVersionExpiration",
    key="storage.<name>.versioning.deleteOldAfterDays",
)
def old_versions_expire(view: View) -> Iterator[Problem]:
    """Where versions are kept, whether any lifecycle rule deletes old ones."""
    states = [found.text("versioningConfiguration.status") for found in beside(view, _VERSIONING, "bucket")]
    if "Enabled" not in states and not view.flag(inside(view, "versioning.enabled")):
        return
    if not any(any(rule.present(f"noncurrentVersionExpiration{end}") for end in ("", "s")) for rule in lifecycle_rules(view)):
        yield Problem(what="no lifecycle rule deletes old versions")


@CHECKS.add(
    "DD-STORAGE-017",
    "Objects cannot be deleted before their time",
    *BUCKETS,
    level="disabled",
    profiles={"regulated": "mandatory"},
    joined=True,
    rationale="Without Object Lock a stolen credential deletes all versions of what must be kept.",
    fix="set objectLockEnabled to true and add a BucketObjectLockConfiguration",
    key="storage.<name>.retention",
    equivalents=("CKV_AWS_143",),
    parameters={"without": ("captures", "checkpoints", "logs")},
)
def objects_locked(view: View) -> Iterator[Problem]:
    """In production, whether Object Lock is on; what is written once and replaced all the time, by its tag, needs none."""
    if view.stage != "prod" or view.text("tags.purpose") in view.parameters["without"]:
        return
    locks = [*beside(view, _LOCKS, "bucket"), view]
    if not any(lock.present("rule.defaultRetention") or lock.present(inside(lock, "objectLockConfiguration.rule")) for lock in locks):
        yield Problem(what="objects are not locked for any time")


@CHECKS.add(
    "DD-STORAGE-018",
    "A bucket has a copy in another region",
    *BUCKETS,
    level="disabled",
    profiles={"regulated": "mandatory"},
    joined=True,
    rationale="A region that is down takes models and datasets with it.",
    fix="add a BucketReplicationConfig with an enabled rule",
    key="storage.<name>.redundancy",
    equivalents=("CKV_AWS_144", "s3-bucket-replication-enabled"),
    parameters={"without": ("captures", "checkpoints", "logs")},
)
def replicated(view: View) -> Iterator[Problem]:
    """In production, whether a bucket replicates or is replicated into; purposes that can be made anew, by their tag, need no copy."""
    if view.stage != "prod" or view.text("tags.purpose") in view.parameters["without"]:
        return
    copying = [rule for found in beside(view, _REPLICATION, "bucket") for _, rule in found.each("rules")]
    copying += [rule for _, rule in view.each(inside(view, "replicationConfiguration.rules"))]
    is_copy = beside(view, _REPLICATION, "rules")
    if not is_copy and not any(rule.text("status") == "Enabled" for rule in copying):
        yield Problem(what="is in one region only")


def lifecycle_rules(view: View) -> list[View]:
    """The enabled lifecycle rules of a bucket, in it or beside it. Raises Undecided."""
    return [rule for found in [view, *beside(view, _LIFECYCLES, "bucket")] for rule in _enabled(found)]


def _enabled(view: View) -> Iterator[View]:
    # A bucket's own rules have `enabled`, those beside it a status.
    yield from (rule for _, rule in view.each("lifecycleRules") if rule.flag("enabled"))
    yield from (rule for _, rule in view.each("rules") if rule.text("status") == "Enabled")


def _aborts(rule: View) -> bool:
    return rule.present("abortIncompleteMultipartUpload.daysAfterInitiation") or rule.present("abortIncompleteMultipartUploadDays")


def _whole(rule: View) -> bool:
    return not any(rule.present(name) for name in ("prefix", "tags", "filter.prefix", "filter.and.prefix", "filter.tag", "filter.and.tags"))


def _denies_plain(statement: Statement) -> bool:
    # A second condition would have to hold as well, and let plain requests through where it does not.
    plain = [key == "aws:securetransport" and "false" in map(str.lower, values) for _, key, values in statement.conditions]
    return statement.effect == "Deny" and statement.anybody and plain == [True] and statement.covers("s3:GetObject")
