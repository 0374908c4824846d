"""Amazon S3: who can reach a bucket's objects, and whether they survive a mistake."""

from collections.abc import Iterator

from policies.check import Checks, Problem
from policies.view import View

CHECKS = Checks()
BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_VERSIONING = ("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2")


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
    if "Enabled" not in states and not view.flag("versioning.enabled"):
        yield Problem(what="old versions are not kept")
