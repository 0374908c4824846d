"""Buckets and accounts: closed to the public, encrypted on the way, and with a way back from a mistake."""

from collections.abc import Iterator, Sequence

from policies.check import Change, Problem
from policies.checks.storage_aws import BLOCK, BUCKETS, ENCRYPTION
from policies.checks.storage_azure import ACCOUNT, CONTAINER
from policies.checks.storage_gcp import BUCKET
from policies.remediation import Remedies, add, put
from policies.view import View

REMEDIES = Remedies()
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_UNFINISHED_DAYS = 7
_WEEK_SECONDS = 604_800


@REMEDIES.add("DD-STORAGE-002", BLOCK)
def blocks_public(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Objects stay as they are; only requests of the public are refused, and the switches can be turned back."""
    yield from put(problems, True)


@REMEDIES.add("DD-STORAGE-004", BUCKETS[0])
def private_acl(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """The owner keeps everything; a bucket with grants of its own is left alone, as they name others too."""
    yield from put([problem for problem in problems if problem.path == "acl"], "private")


@REMEDIES.add("DD-STORAGE-008", ENCRYPTION[0], BUCKETS[0])
def bucket_key(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """The same key encrypts what is written from then on; what is there is read as before (Amazon S3 User Guide, "Bucket Keys")."""
    yield from put(problems, True)


@REMEDIES.add("DD-STORAGE-015", _LIFECYCLE)
def aborts_uploads(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Only parts go that nobody finished in a week, which are no objects and cannot be read by anybody."""
    ends = {"daysAfterInitiation": _UNFINISHED_DAYS}
    rule = {"id": "unfinished-uploads", "status": "Enabled", "filter": {"prefix": ""}, "abortIncompleteMultipartUpload": ends}
    yield from add(view, "rules", rule)


@REMEDIES.add("DD-STORAGE-101", BUCKET)
def prevents_public(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Grants stay where they are; those to everybody have no effect while it is enforced, and it can be turned back."""
    yield from put(problems, "enforced")


@REMEDIES.add("DD-STORAGE-102", BUCKET)
def uniform_access(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """IAM goes on as before; ACLs are kept for 90 days, so that it can be turned back (Cloud Storage, "Uniform bucket-level access")."""
    yield from put(problems, True)


@REMEDIES.add("DD-STORAGE-106", BUCKET)
def keeps_versions(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Nothing that reads or writes sees a difference; what is overwritten is kept, and paid for, beside it."""
    yield from put(problems, True)


@REMEDIES.add("DD-STORAGE-107", BUCKET)
def soft_delete(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """What is deleted is gone to whoever lists the bucket, as before; for a week it can be had back, which is Google's own default."""
    yield from put(problems, _WEEK_SECONDS)


@REMEDIES.add("DD-STORAGE-113", BUCKET)
def aborts_parts(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Only parts go that nobody finished in a week, which are no objects and cannot be read by anybody."""
    yield from add(view, "lifecycleRules", {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": _UNFINISHED_DAYS}})


@REMEDIES.add("DD-STORAGE-201", ACCOUNT)
def https_only(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Data stays as it is, and Azure's clients talk HTTPS by themselves; it can be turned back."""
    yield from put(problems, True)


@REMEDIES.add("DD-STORAGE-202", ACCOUNT)
def modern_tls(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Azure Storage takes no older version since February 2026, whatever an account says (Microsoft Learn, "Migrate to TLS 1.2")."""
    yield from put(problems, "TLS1_2")


@REMEDIES.add("DD-STORAGE-206", CONTAINER)
def private_container(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Blobs stay as they are, and whoever signs in reads them; it can be turned back."""
    yield from put(problems, "None")


@REMEDIES.add("DD-STORAGE-207", ACCOUNT)
def no_public_containers(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Blobs stay as they are, and whoever signs in reads them; containers keep their settings, so that it can be turned back."""
    yield from put(problems, False)
