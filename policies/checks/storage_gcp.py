"""Cloud Storage: who can reach a bucket's objects, and whether they survive a mistake."""

from collections.abc import Iterator

from policies.check import Checks, Problem
from policies.gcp_iam import iam_kinds, opened
from policies.joins import beside
from policies.view import View

CHECKS = Checks()
BUCKET = "gcp:storage/bucket:Bucket"
_GRANTS = (*iam_kinds("storage", "bucketIAM"), *iam_kinds("storage", "managedFolderIam"))
_LISTED_ACLS = ("gcp:storage/bucketACL:BucketACL", "gcp:storage/defaultObjectACL:DefaultObjectACL", "gcp:storage/objectACL:ObjectACL")
_SINGLE_ACLS = (
    "gcp:storage/bucketAccessControl:BucketAccessControl",
    "gcp:storage/defaultObjectAccessControl:DefaultObjectAccessControl",
    "gcp:storage/objectAccessControl:ObjectAccessControl",
)
_OPEN_ACLS = ("publicread", "publicreadwrite", "authenticatedread")
_SINKS = tuple(
    f"gcp:logging/{level}Sink:{level[0].upper()}{level[1:]}Sink" for level in ("project", "folder", "organization", "billingAccount")
)


@CHECKS.add(
    "DD-STORAGE-101",
    "A bucket cannot be made public",
    BUCKET,
    severity="high",
    rationale="Without the prevention one grant to allUsers, written later by anybody, makes the bucket public.",
    fix="set publicAccessPrevention to enforced",
    equivalents=("CKV_GCP_114",),
)
def public_access_prevented(view: View) -> Iterator[Problem]:
    """publicAccessPrevention, which is inherited where it is left out (Pulumi registry, gcp.storage.Bucket)."""
    if view.text("publicAccessPrevention", "inherited") != "enforced":
        yield Problem(path="publicAccessPrevention", what="is left to the organisation's policy")


@CHECKS.add(
    "DD-STORAGE-102",
    "A bucket has no ACLs beside IAM",
    BUCKET,
    rationale="With ACLs an object may open itself, whatever the bucket's roles say, and no list of grants shows it.",
    fix="set uniformBucketLevelAccess to true",
    equivalents=("CKV_GCP_29", "GCP-0002", "gcp_storage_bucket_policy_only"),
)
def uniform_access(view: View) -> Iterator[Problem]:
    """uniformBucketLevelAccess, which is off where it is left out (Cloud Storage JSON API, Buckets: iamConfiguration)."""
    if not view.flag("uniformBucketLevelAccess"):
        yield Problem(path="uniformBucketLevelAccess", what="is off")


@CHECKS.add(
    "DD-STORAGE-103",
    "No role on a bucket is given to everybody",
    *_GRANTS,
    severity="critical",
    rationale="Whoever knows the bucket's name can then read its objects, or write their own.",
    fix="name the users, groups or service accounts",
    equivalents=("CKV_GCP_28", "GCP-0001", "gcp_storage_bucket_world_readable"),
)
def no_open_role(view: View) -> Iterator[Problem]:
    """Members that are everybody, or everybody with a Google account (Google Cloud, "IAM principals")."""
    yield from opened(view)


@CHECKS.add(
    "DD-STORAGE-104",
    "No ACL opens a bucket to everybody",
    *_LISTED_ACLS,
    *_SINGLE_ACLS,
    severity="critical",
    rationale="An ACL for allUsers publishes objects that no role gives away.",
    fix="remove the entry, and use uniform bucket-level access",
    equivalents=("CKV_GCP_28", "GCP-0001", "gcp_storage_bucket_world_readable"),
)
def no_open_acl(view: View) -> Iterator[Problem]:
    """Predefined ACLs and entries for everybody (Cloud Storage, "Access control lists", scopes and predefined ACLs)."""
    for path in ("predefinedAcl", "defaultAcl"):
        if view.text(path).lower() in _OPEN_ACLS:
            yield Problem(path=path, what=f"is {view.text(path)}")
    if _everybody(view.text("entity")):
        yield Problem(path="entity", what=f"is {view.text('entity')}")
    for path, entry in view.each("roleEntities"):
        entity = entry.text("").partition(":")[2]
        if _everybody(entity):
            yield Problem(path=path, what=f"is for {entity}")


@CHECKS.add(
    "DD-STORAGE-105",
    "A bucket does not log to itself",
    BUCKET,
    rationale="Each log object that is written is an access of its own, which is logged again.",
    fix="set logging.logBucket to another bucket",
    key="storage.<name>.accessLogs",
    equivalents=("CKV_GCP_63",),
)
def logs_elsewhere(view: View) -> Iterator[Problem]:
    """logging.logBucket that is the bucket's own name; what comes from another bucket of the program is not."""
    if not view.present("logging.logBucket"):
        return
    source = view.referred("logging", BUCKET)
    if source is None and view.present("name") and view.text("logging.logBucket") == view.text("name"):
        yield Problem(path="logging.logBucket", what="is the bucket itself")


@CHECKS.add(
    "DD-STORAGE-106",
    "A bucket keeps old versions",
    BUCKET,
    profiles={"dev": "advisory"},
    rationale="A model or dataset that a job overwrites by mistake is gone without versions once soft delete is over.",
    fix="set versioning.enabled to true",
    key="storage.<name>.versioning",
    equivalents=("CKV_GCP_78", "GCP-0078"),
    parameters={"churned": ("captures", "checkpoints", "logs")},
)
def keeps_versions(view: View) -> Iterator[Problem]:
    """Whether versioning is on; what is replaced all the time, by its label, needs none, and a retention excludes it (Bucket Lock)."""
    if view.text("labels.purpose") in view.parameters["churned"] or view.present("retentionPolicy.retentionPeriod"):
        return
    if not view.flag("versioning.enabled"):
        yield Problem(path="versioning.enabled", what="is off")


@CHECKS.add(
    "DD-STORAGE-107",
    "What is deleted can be taken back",
    BUCKET,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Without soft delete a bucket or object that is deleted by mistake is gone at once.",
    fix="set softDeletePolicy.retentionDurationSeconds to 604800 (seven days) or more",
    key="storage.<name>.softDeleteDays",
    parameters={"churned": ("captures", "checkpoints", "logs")},
)
def soft_delete_on(view: View) -> Iterator[Problem]:
    """retentionDurationSeconds of 0; seven days where it is left out (Cloud Storage, "Soft delete")."""
    if view.text("labels.purpose") in view.parameters["churned"]:
        return
    if view.number("softDeletePolicy.retentionDurationSeconds") == 0:
        yield Problem(path="softDeletePolicy.retentionDurationSeconds", what="is 0")


@CHECKS.add(
    "DD-STORAGE-108",
    "A bucket's accesses are logged",
    BUCKET,
    level="advisory",
    profiles={"regulated": "mandatory"},
    joined=True,
    rationale="After a leak nobody can say what was read, and by whom.",
    fix="set logging.logBucket to a bucket for logs",
    key="storage.<name>.accessLogs",
    equivalents=("CKV_GCP_62", "GCP-0077", "gcp_storage_logging"),
    parameters={"without": ("logs",)},
)
def logs_accesses(view: View) -> Iterator[Problem]:
    """Whether accesses go anywhere; a bucket that takes others' logs would log its own logging."""
    if view.text("labels.purpose") in view.parameters["without"] or view.referring(BUCKET, "logging"):
        return
    if not view.present("logging.logBucket"):
        yield Problem(path="logging.logBucket", what="is not set")


@CHECKS.add(
    "DD-STORAGE-109",
    "A bucket's objects are encrypted with a key of one's own",
    BUCKET,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="With Google's own key whoever may read the object may decrypt it; a key of one's own can be watched, and taken away.",
    fix="set encryption.defaultKmsKeyName",
    key="storage.<name>.encryption.customerKey",
    equivalents=("GCP-0066", "gcp_storage_cmek_encryption"),
    parameters={"without": ("logs",)},
)
def own_key(view: View) -> Iterator[Problem]:
    """Whether a default key is named; log buckets, by their label, take what Google's services can write."""
    if view.text("labels.purpose") in view.parameters["without"]:
        return
    if not view.present("encryption.defaultKmsKeyName"):
        yield Problem(path="encryption.defaultKmsKeyName", what="is not set")


@CHECKS.add(
    "DD-STORAGE-110",
    "Logs cannot be deleted before their time",
    BUCKET,
    level="disabled",
    profiles={"regulated": "mandatory"},
    joined=True,
    rationale="Whoever breaks in deletes the traces first.",
    fix="set retentionPolicy.retentionPeriod and isLocked",
    key="storage.<name>.retention",
    equivalents=("CKV2_GCP_4",),
    parameters={"purposes": ("logs",)},
)
def logs_locked(view: View) -> Iterator[Problem]:
    """A locked retention on buckets of logs: by their label, by a sink that writes to them, or another bucket that logs there."""
    takes_logs = bool(beside(view, _SINKS, "destination")) or bool(view.referring(BUCKET, "logging"))
    if not takes_logs and view.text("labels.purpose") not in view.parameters["purposes"]:
        return
    if not view.present("retentionPolicy.retentionPeriod"):
        yield Problem(path="retentionPolicy.retentionPeriod", what="is not set")
    elif not view.flag("retentionPolicy.isLocked"):
        yield Problem(path="retentionPolicy.isLocked", what="is off, so that the retention can be taken away")


@CHECKS.add(
    "DD-STORAGE-111",
    "Objects cannot be deleted before their time",
    BUCKET,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="Without a retention a stolen credential deletes all that must be kept.",
    fix="set retentionPolicy.retentionPeriod, or enableObjectRetention to true",
    key="storage.<name>.retention",
    equivalents=("gcp_storage_bucket_retention",),
    parameters={"without": ("captures", "checkpoints", "logs")},
)
def objects_retained(view: View) -> Iterator[Problem]:
    """In production, whether a retention holds; what is written once and replaced all the time, by its label, needs none."""
    if view.stage != "prod" or view.text("labels.purpose") in view.parameters["without"]:
        return
    if not view.present("retentionPolicy.retentionPeriod") and not view.flag("enableObjectRetention"):
        yield Problem(path="retentionPolicy.retentionPeriod", what="is not set")


@CHECKS.add(
    "DD-STORAGE-112",
    "A bucket has a lifecycle",
    BUCKET,
    level="advisory",
    rationale="Whatever is ever written is paid for every month until somebody looks.",
    fix="add a lifecycle rule that moves or deletes objects, or set autoclass.enabled to true",
    key="storage.<name>.tiering",
    equivalents=("gcp_storage_bucket_retention",),
)
def has_lifecycle(view: View) -> Iterator[Problem]:
    """Whether any lifecycle rule stands there, or Autoclass moves objects by itself."""
    if not view.items("lifecycleRules") and not view.flag("autoclass.enabled"):
        yield Problem(path="lifecycleRules", what="are none")


@CHECKS.add(
    "DD-STORAGE-113",
    "Uploads that were never finished are cleared",
    BUCKET,
    level="advisory",
    rationale="The parts of a broken upload of checkpoints are in no listing, and on every bill.",
    fix="add a lifecycle rule over the whole bucket with action.type AbortIncompleteMultipartUpload and condition.age, such as 7",
    key="storage.<name>.abortMultipartAfterDays",
)
def clears_unfinished_uploads(view: View) -> Iterator[Problem]:
    """Among a bucket's rules, one that aborts uploads everywhere; without any rule another check speaks."""
    rules = [rule for _, rule in view.each("lifecycleRules")]
    if rules and not any(rule.text("action.type") == "AbortIncompleteMultipartUpload" and _whole(rule) for rule in rules):
        yield Problem(path="lifecycleRules", what="none aborts unfinished uploads")


@CHECKS.add(
    "DD-STORAGE-114",
    "Old versions expire",
    BUCKET,
    level="advisory",
    rationale="With versions kept, deleting frees nothing: each overwritten model stays on the bill for ever.",
    fix="add a lifecycle rule with action.type Delete and condition.daysSinceNoncurrentTime or numNewerVersions",
    key="storage.<name>.versioning.deleteOldAfterDays",
)
def old_versions_expire(view: View) -> Iterator[Problem]:
    """Where versions are kept, whether any rule deletes old ones."""
    if view.flag("versioning.enabled") and not any(_deletes_old(rule) for _, rule in view.each("lifecycleRules")):
        yield Problem(path="lifecycleRules", what="none deletes old versions")


@CHECKS.add(
    "DD-STORAGE-115",
    "No foreign website may read or write through a browser",
    BUCKET,
    rationale="With every origin allowed, any page that a user visits can use that user's access to the bucket.",
    fix="name the origins in cors.origins",
)
def cors_names_origins(view: View) -> Iterator[Problem]:
    """CORS entries for every origin."""
    for path, rule in view.each("cors"):
        if any(origin.text("") == "*" for _, origin in rule.each("origins")):
            yield Problem(path=f"{path}.origins", what="is every origin")


def _everybody(entity: str) -> bool:
    return entity.lower() in ("allusers", "allauthenticatedusers")


def _whole(rule: View) -> bool:
    return not any(rule.present(f"condition.{name}") for name in ("matchesPrefixes", "matchesSuffixes", "matchesStorageClasses"))


def _deletes_old(rule: View) -> bool:
    old = any(rule.present(f"condition.{name}") for name in ("daysSinceNoncurrentTime", "noncurrentTimeBefore", "numNewerVersions"))
    return rule.text("action.type") == "Delete" and (old or rule.text("condition.withState") == "ARCHIVED")
