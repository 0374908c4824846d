"""Whether blobs of Azure survive a mistake, and go when nobody needs them."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

ACCOUNT = "azure-native:storage:StorageAccount"
SERVICE = "azure-native:storage:BlobServiceProperties"
LIFECYCLE = "azure-native:storage:ManagementPolicy"
S3 = made("aws:s3/bucket:Bucket")
BARE = made(ACCOUNT, {}, "bare")
REPLACED = tuple(made(ACCOUNT, {"tags": {"purpose": each}}, each) for each in ("captures", "checkpoints", "logs", "workspace"))


def account(name: str = "it", **properties: Any) -> Resource:
    return made(ACCOUNT, properties, name)


def served(name: str, kind: str = SERVICE, **properties: Any) -> tuple[Resource, Resource]:
    of = made(ACCOUNT, {}, name)
    return of, made(kind, properties, f"{name}-beside", accountName=of)


def ruled(name: str, actions: object, **rule: object) -> tuple[Resource, Resource]:
    return served(name, LIFECYCLE, policy={"rules": [{"definition": {"actions": actions}, **rule}]})


def versioned(name: str, actions: object, **rule: object) -> tuple[Resource, ...]:
    of, lifecycle = ruled(name, actions, **rule)
    return of, lifecycle, made(SERVICE, {"isVersioningEnabled": True}, f"{name}-service", accountName=of)


def flows(name: str, kept: object) -> tuple[Resource, Resource]:
    of = made(ACCOUNT, {}, name)
    return of, made("azure-native:network:FlowLog", {"retentionPolicy": {"enabled": kept, "days": 30}}, f"{name}-flows", storageId=of)


def sized(name: str, sku: object, **tags: object) -> Resource:
    return made(ACCOUNT, {"sku": {"name": sku}, "tags": {"stage": "prod", **tags}}, name)


CASES = {
    "DD-STORAGE-213": Case(
        violating=(BARE, *served("off", deleteRetentionPolicy={"enabled": False, "days": 7})),
        at=("", ""),
        passing=served("on", deleteRetentionPolicy={"enabled": True, "days": 7}),
        unknown=served("later", deleteRetentionPolicy={"enabled": UNKNOWN}),
        elsewhere=(S3, *REPLACED),
    ),
    "DD-STORAGE-214": Case(
        violating=served("blobs", deleteRetentionPolicy={"enabled": True}),
        passing=served("on", containerDeleteRetentionPolicy={"enabled": True}),
        unknown=served("later", containerDeleteRetentionPolicy=UNKNOWN),
        elsewhere=(S3, *REPLACED),
    ),
    "DD-STORAGE-215": Case(
        violating=(BARE, *served("off", isVersioningEnabled=False)),
        at=("", ""),
        passing=served("on", isVersioningEnabled=True),
        unknown=served("later", isVersioningEnabled=UNKNOWN),
        elsewhere=(S3, *REPLACED, account(isHnsEnabled=True)),
    ),
    # Microsoft Learn, "Azure Storage redundancy": LRS keeps three copies in one data centre.
    "DD-STORAGE-218": Case(
        violating=(sized("one", "Standard_LRS"), sized("premium", "Premium_LRS")),
        at=("sku.name", "sku.name"),
        passing=tuple(sized(sku, sku) for sku in ("Standard_ZRS", "Standard_GRS", "Standard_RAGRS", "Standard_GZRS", "StandardV2_ZRS")),
        unknown=(sized("later", UNKNOWN),),
        elsewhere=(S3, sized("dev", "Standard_LRS", stage="dev"), sized("logs", "Standard_LRS", purpose="logs")),
    ),
    "DD-STORAGE-223": Case(
        violating=(
            BARE,
            *ruled("off", {"baseBlob": {"delete": {}}}, enabled=False),
            *ruled("idle", {"baseBlob": {}}),
            *flows("for-ever", False),
        ),
        at=("", "", "", ""),
        passing=(
            *ruled("on", {"baseBlob": {"tierToCool": {"daysAfterModificationGreaterThan": 30}}}),
            *ruled("old", {"version": {"delete": 1}}),
            *ruled("snaps", {"snapshot": {"delete": {"daysAfterCreationGreaterThan": 30}}}),
        ),
        unknown=(ruled("later", {})[0], made(LIFECYCLE, {"policy": UNKNOWN}, accountName=ruled("later", {})[0])),
        elsewhere=(S3, account(tags={"purpose": "workspace"}), *flows("flows", True)),
    ),
    "DD-STORAGE-224": Case(
        violating=(
            *versioned("kept", {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 30}}}),
            *versioned("off", {"version": {"delete": {"daysAfterCreationGreaterThan": 30}}}, enabled=False),
        ),
        at=("", ""),
        passing=versioned("gone", {"version": {"delete": {"daysAfterCreationGreaterThan": 30}}}),
        unknown=served("later", isVersioningEnabled=UNKNOWN),
        elsewhere=(S3, BARE),
    ),
}
