"""Azure Blob Storage: whether blobs survive a mistake, and go when nobody needs them."""

from collections.abc import Iterator

from policies.check import Checks, Problem
from policies.checks.storage_azure import ACCOUNT, services
from policies.joins import beside
from policies.view import View

CHECKS = Checks()
_LIFECYCLE = "azure-native:storage:ManagementPolicy"
_FLOW_LOG = "azure-native:network:FlowLog"
_REDUNDANT = ("ZRS", "GRS")
# By its tag: what is written once and replaced all the time, or can be made anew.
_CHURNED = ("captures", "checkpoints", "logs", "workspace")


@CHECKS.add(
    "DD-STORAGE-213",
    "A deleted blob can be had back",
    ACCOUNT,
    joined=True,
    profiles={"dev": "advisory"},
    rationale="A model or dataset that a job deletes by mistake is gone without soft delete.",
    fix="add BlobServiceProperties for it with deleteRetentionPolicy enabled",
    key="storage.<name>.softDeleteDays",
    equivalents=("CKV2_AZURE_38", "AZU-0056"),
    parameters={"churned": _CHURNED},
)
def blobs_recoverable(view: View) -> Iterator[Problem]:
    """deleteRetentionPolicy of the account's blob service, off where it is left out (Storage REST API, BlobServiceProperties)."""
    if not _churned(view) and not any(found.flag("deleteRetentionPolicy.enabled") for found in services(view)):
        yield Problem(what="deleted blobs are gone at once")


@CHECKS.add(
    "DD-STORAGE-214",
    "A deleted container can be had back",
    ACCOUNT,
    joined=True,
    profiles={"dev": "advisory"},
    rationale="Soft delete of blobs does not help where the container itself is deleted.",
    fix="add BlobServiceProperties for it with containerDeleteRetentionPolicy enabled",
    key="storage.<name>.softDeleteDays",
    parameters={"churned": _CHURNED},
)
def containers_recoverable(view: View) -> Iterator[Problem]:
    """containerDeleteRetentionPolicy of the account's blob service, off where it is left out (Storage REST API, BlobServiceProperties)."""
    if not _churned(view) and not any(found.flag("containerDeleteRetentionPolicy.enabled") for found in services(view)):
        yield Problem(what="deleted containers are gone at once")


@CHECKS.add(
    "DD-STORAGE-215",
    "An account keeps old versions",
    ACCOUNT,
    joined=True,
    profiles={"dev": "advisory"},
    rationale="A model or dataset that a job overwrites by mistake is gone without versions.",
    fix="add BlobServiceProperties for it with isVersioningEnabled true",
    key="storage.<name>.versioning",
    parameters={"churned": _CHURNED},
)
def keeps_versions(view: View) -> Iterator[Problem]:
    """isVersioningEnabled of the account's blob service; accounts with a hierarchical namespace have no versions (Microsoft Learn)."""
    if _churned(view) or view.flag("isHnsEnabled"):
        return
    if not any(found.flag("isVersioningEnabled") for found in services(view)):
        yield Problem(what="old versions are not kept")


@CHECKS.add(
    "DD-STORAGE-218",
    "Data in production outlives a data centre",
    ACCOUNT,
    severity="high",
    rationale="Locally redundant data lies in one building.",
    fix="set sku.name to Standard_ZRS, or to one of the geo-redundant ones",
    key="storage.<name>.redundancy",
    equivalents=("CKV_AZURE_206", "AZU-0058"),
    parameters={"churned": _CHURNED},
)
def outlives_data_centre(view: View) -> Iterator[Problem]:
    """sku.name in the stage prod (Microsoft Learn, "Azure Storage redundancy"); what can be made anew, by its tag, may lie in one place."""
    name = view.text("sku.name")
    if view.stage == "prod" and not _churned(view) and not name.endswith(_REDUNDANT):
        yield Problem(path="sku.name", what=f"is {name or 'not set'}")


@CHECKS.add(
    "DD-STORAGE-223",
    "What an account collects moves or goes in time",
    ACCOUNT,
    level="advisory",
    joined=True,
    rationale="Old checkpoints, captures and model files are paid for every month, and nobody deletes them by hand.",
    fix="add a ManagementPolicy with a rule that tiers or deletes blobs",
    key="storage.<name>.tiering",
    parameters={"without": ("workspace",)},
)
def has_lifecycle(view: View) -> Iterator[Problem]:
    """Whether an enabled rule of a lifecycle policy acts on its blobs, or old versions; flow logs end by the days of their FlowLog."""
    flows = beside(view, [_FLOW_LOG], "storageId")
    if view.text("tags.purpose") in view.parameters["without"] or any(found.flag("retentionPolicy.enabled") for found in flows):
        return
    if not any(_acts(rule) for rule in lifecycle_rules(view)):
        yield Problem(what="no lifecycle rule moves or deletes anything")


@CHECKS.add(
    "DD-STORAGE-224",
    "Old versions of blobs go in time",
    ACCOUNT,
    level="advisory",
    joined=True,
    rationale="Each overwrite keeps the whole old blob, and the bill grows with every training run.",
    fix="add a rule with actions.version.delete to its ManagementPolicy",
    key="storage.<name>.versioning.deleteOldAfterDays",
)
def old_versions_go(view: View) -> Iterator[Problem]:
    """Whether a lifecycle rule deletes versions, for accounts that keep them (Microsoft Learn, "Blob versioning", pricing)."""
    if not any(found.flag("isVersioningEnabled") for found in services(view)):
        return
    if not any(rule.present("definition.actions.version.delete") for rule in lifecycle_rules(view)):
        yield Problem(what="old versions stay for ever")


def lifecycle_rules(account: View) -> list[View]:
    """The enabled rules of an account's lifecycle policies; a rule is on where nothing is said. Raises Undecided."""
    rules = [rule for found in beside(account, [_LIFECYCLE], "accountName") for _, rule in found.each("policy.rules")]
    return [rule for rule in rules if rule.flag("enabled", default=True)]


def _acts(rule: View) -> bool:
    return any(rule.present(f"definition.actions.{part}") for part in ("baseBlob", "version", "snapshot"))


def _churned(account: View) -> bool:
    return account.text("tags.purpose") in account.parameters["churned"]
