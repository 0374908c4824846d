"""Azure storage accounts, their containers and their blob services."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

ACCOUNT = "azure-native:storage:StorageAccount"
CONTAINER = "azure-native:storage:BlobContainer"
SERVICE = "azure-native:storage:BlobServiceProperties"
DIAGNOSTICS = "azure-native:monitor:DiagnosticSetting"
S3 = made("aws:s3/bucket:Bucket")
BARE = made(ACCOUNT, {}, "bare")
LOGS = made(ACCOUNT, {"tags": {"purpose": "logs"}}, "logs")
TRUSTED = made(ACCOUNT, {"networkRuleSet": {"defaultAction": "Deny", "bypass": "AzureServices"}}, "trusted")
KEYLESS = made(ACCOUNT, {"allowSharedKeyAccess": False}, "keyless")
WORKSPACE = "azure-native:machinelearningservices:Workspace"


def account(name: str = "it", **properties: Any) -> Resource:
    return made(ACCOUNT, properties, name)


def served(name: str, kind: str = SERVICE, **properties: Any) -> tuple[Resource, Resource]:
    of = made(ACCOUNT, {}, name)
    return of, made(kind, properties, f"{name}-beside", accountName=of)


def logged(name: str, *categories: object, kind: str = DIAGNOSTICS, **log: object) -> tuple[Resource, Resource]:
    of = made(ACCOUNT, {}, name)
    logs = [{"category": each, "enabled": True} for each in categories] or [log]
    return of, made(kind, {"logs": logs}, f"{name}-logs", resourceUri=of)


def linked(connections: str) -> tuple[Resource, Resource]:
    of = made(ACCOUNT, {}, connections)
    return of, made("azure-native:network:PrivateEndpoint", {}, f"{connections}-link", **{connections: of})


def managed(mode: object) -> tuple[Resource, Resource]:
    of = made(ACCOUNT, {}, f"of-{mode}")
    workspace = made(WORKSPACE, {"managedNetwork": {"isolationMode": mode}}, f"workspace-{mode}", storageAccount=of)
    return of, workspace


def named(rules: str) -> Resource:
    return made(ACCOUNT, {"networkRuleSet": {"defaultAction": "Deny", rules: [{"action": "Allow"}]}}, f"named-{rules}")


def queues(uri: object) -> tuple[Resource, Resource, Resource]:
    of = made(ACCOUNT, {}, "queued")
    return (
        of,
        made("azure-native:storage:Queue", {}, "work", accountName=of),
        made(DIAGNOSTICS, {"resourceUri": uri}, "queued-logs", resourceUri=of),
    )


def blob_logs(*categories: str) -> tuple[Resource, Resource, Resource]:
    of, service = served("through")
    logs = [{"category": each, "enabled": True} for each in categories]
    return of, service, made(DIAGNOSTICS, {"logs": logs}, "through-logs", resourceUri=service)


CASES = {
    "DD-STORAGE-201": Case(
        violating=(account(enableHttpsTrafficOnly=False),),
        at=("enableHttpsTrafficOnly",),
        passing=(BARE, account(enableHttpsTrafficOnly=True)),
        unknown=(account(enableHttpsTrafficOnly=UNKNOWN),),
        elsewhere=(S3,),
    ),
    "DD-STORAGE-202": Case(
        violating=(BARE, account(minimumTlsVersion="TLS1_1"), account("oldest", minimumTlsVersion="TLS1_0")),
        at=("minimumTlsVersion",) * 3,
        words=("is TLS1_0", "is TLS1_1", "is TLS1_0"),
        passing=(account(minimumTlsVersion="TLS1_2"), account("newer", minimumTlsVersion="TLS1_3")),
        unknown=(account(minimumTlsVersion=UNKNOWN),),
        elsewhere=(S3,),
    ),
    "DD-STORAGE-203": Case(
        violating=(BARE, account(networkRuleSet={"defaultAction": "Allow"}, publicNetworkAccess="Enabled")),
        at=("networkRuleSet.defaultAction", "networkRuleSet.defaultAction"),
        passing=(account(networkRuleSet={"defaultAction": "Deny"}), account("closed", publicNetworkAccess="Disabled")),
        unknown=(account(networkRuleSet=UNKNOWN),),
        elsewhere=(S3, account(publicNetworkAccess="SecuredByPerimeter")),
    ),
    "DD-STORAGE-204": Case(
        violating=(account(networkRuleSet={"defaultAction": "Deny", "bypass": "Logging, Metrics"}),),
        at=("networkRuleSet.bypass",),
        passing=(
            account("both", networkRuleSet={"defaultAction": "Deny", "bypass": "Metrics, AzureServices"}),
            account("said", networkRuleSet={"defaultAction": "Deny"}),
        ),
        unknown=(account(networkRuleSet={"defaultAction": "Deny", "bypass": UNKNOWN}),),
        elsewhere=(S3, account(networkRuleSet={"defaultAction": "Allow", "bypass": "None"})),
    ),
    "DD-STORAGE-205": Case(
        violating=(BARE, *managed("Disabled"), named("ipRules"), named("virtualNetworkRules")),
        at=("", "", "", ""),
        passing=(
            *linked("privateLinkServiceConnections"),
            *linked("manualPrivateLinkServiceConnections"),
            *managed("AllowInternetOutbound"),
            TRUSTED,
        ),
        unknown=managed(UNKNOWN),
        elsewhere=(S3,),
    ),
    "DD-STORAGE-206": Case(
        violating=(made(CONTAINER, {"publicAccess": "Blob"}),),
        at=("publicAccess",),
        passing=(made(CONTAINER), made(CONTAINER, {"publicAccess": "None"}, "said")),
        unknown=(made(CONTAINER, {"publicAccess": UNKNOWN}),),
        elsewhere=(S3,),
    ),
    "DD-STORAGE-207": Case(
        violating=(account(allowBlobPublicAccess=True),),
        at=("allowBlobPublicAccess",),
        passing=(BARE, account(allowBlobPublicAccess=False)),
        unknown=(account(allowBlobPublicAccess=UNKNOWN),),
        elsewhere=(S3,),
    ),
    "DD-STORAGE-208": Case(
        violating=(BARE, account(allowSharedKeyAccess=True)),
        at=("allowSharedKeyAccess", "allowSharedKeyAccess"),
        passing=(KEYLESS,),
        unknown=(account(allowSharedKeyAccess=UNKNOWN),),
        elsewhere=(S3,),
    ),
    "DD-STORAGE-209": Case(
        violating=(BARE, account(sasPolicy={"expirationAction": "Log"})),
        at=("sasPolicy.sasExpirationPeriod", "sasPolicy.sasExpirationPeriod"),
        passing=(account(sasPolicy={"sasExpirationPeriod": "1.00:00:00"}), KEYLESS),
        unknown=(account(allowSharedKeyAccess=UNKNOWN),),
        elsewhere=(S3,),
    ),
    "DD-STORAGE-210": Case(
        violating=(BARE, account(keyPolicy={"keyExpirationPeriodInDays": 91})),
        at=("keyPolicy.keyExpirationPeriodInDays", "keyPolicy.keyExpirationPeriodInDays"),
        passing=(account(keyPolicy={"keyExpirationPeriodInDays": 90}), KEYLESS),
        unknown=(account(keyPolicy={"keyExpirationPeriodInDays": UNKNOWN}),),
        elsewhere=(S3,),
    ),
    "DD-STORAGE-211": Case(
        violating=(account(isLocalUserEnabled=True), account("sftp", isSftpEnabled=True)),
        at=("isLocalUserEnabled", "isLocalUserEnabled"),
        passing=(BARE, account(isLocalUserEnabled=False, isSftpEnabled=True)),
        unknown=(account(isLocalUserEnabled=UNKNOWN),),
        elsewhere=(S3,),
    ),
    "DD-STORAGE-212": Case(
        violating=(BARE, account(publicNetworkAccess="Enabled"), named("ipRules")),
        at=("publicNetworkAccess",) * 3,
        passing=(TRUSTED, account(publicNetworkAccess="Disabled"), account("perimeter", publicNetworkAccess="SecuredByPerimeter")),
        unknown=(account(publicNetworkAccess=UNKNOWN),),
        elsewhere=(S3,),
    ),
    "DD-STORAGE-216": Case(
        violating=(
            BARE,
            *logged("half", "StorageRead", "StorageWrite"),
            *logged("no-reads", "StorageWrite", "StorageDelete"),
            *logged("no-writes", "StorageRead", "StorageDelete"),
            *logged("off", categoryGroup="allLogs", enabled=False),
        ),
        at=("",) * 5,
        passing=(
            *logged("all", "StorageRead", "StorageWrite", "StorageDelete"),
            *logged("group", categoryGroup="allLogs", enabled=True),
            *logged("audited", categoryGroup="audit", enabled=True, kind="azure-native:insights:DiagnosticSetting"),
            *blob_logs("StorageRead", "StorageWrite", "StorageDelete"),
        ),
        unknown=logged("later", "StorageRead", UNKNOWN),
        elsewhere=(S3, LOGS, account(tags={"stage": "dev"})),
    ),
    "DD-STORAGE-217": Case(
        violating=queues("/subscriptions/1/x/blobServices/default"),
        passing=queues("/subscriptions/1/x/queueServices/default"),
        unknown=queues(UNKNOWN),
        elsewhere=(S3, BARE),
    ),
    "DD-STORAGE-219": Case(
        violating=(BARE, account(encryption={"keySource": "Microsoft.Storage"})),
        at=("encryption.keySource", "encryption.keySource"),
        passing=(account(encryption={"keySource": "Microsoft.Keyvault"}), account("case", encryption={"keySource": "Microsoft.KeyVault"})),
        unknown=(account(encryption={"keySource": UNKNOWN}),),
        elsewhere=(S3, LOGS),
    ),
    "DD-STORAGE-220": Case(
        violating=(BARE,),
        at=("encryption.requireInfrastructureEncryption",),
        passing=(account(encryption={"requireInfrastructureEncryption": True}),),
        unknown=(account(encryption=UNKNOWN),),
        elsewhere=(S3,),
    ),
    "DD-STORAGE-221": Case(
        violating=(account(allowCrossTenantReplication=True),),
        at=("allowCrossTenantReplication",),
        passing=(BARE,),
        unknown=(account(allowCrossTenantReplication=UNKNOWN),),
        elsewhere=(S3,),
    ),
    "DD-STORAGE-222": Case(
        violating=(made(SERVICE, {"cors": {"corsRules": [{"allowedOrigins": ["https://a.example"]}, {"allowedOrigins": ["*"]}]}}),),
        at=("cors.corsRules.1.allowedOrigins",),
        passing=(made(SERVICE, {"cors": {"corsRules": [{"allowedOrigins": ["https://*.example"]}]}}), made(SERVICE, {}, "none")),
        unknown=(made(SERVICE, {"cors": {"corsRules": [{"allowedOrigins": [UNKNOWN]}]}}),),
        elsewhere=(S3,),
    ),
}
