"""Azure Blob Storage: who can reach a container's blobs, and whether they survive a mistake."""

from collections.abc import Iterator

from policies.azure_network import DIAGNOSTICS, denies, has_private_endpoint, public, recorded
from policies.check import Checks, Problem
from policies.joins import beside
from policies.view import View

CHECKS = Checks()
ACCOUNT = "azure-native:storage:StorageAccount"
CONTAINER = "azure-native:storage:BlobContainer"
SERVICE = "azure-native:storage:BlobServiceProperties"
_QUEUE = "azure-native:storage:Queue"
_WORKSPACE = "azure-native:machinelearningservices:Workspace"
_ACCESSES = ("StorageRead", "StorageWrite", "StorageDelete")
_OLD_TLS = ("TLS1_0", "TLS1_1")


@CHECKS.add(
    "DD-STORAGE-201",
    "An account talks HTTPS only",
    ACCOUNT,
    severity="high",
    rationale="Over plain HTTP whoever stands in between reads the data, and the token that was sent with the request.",
    fix="leave enableHttpsTrafficOnly out, or set it to true",
    equivalents=("CKV_AZURE_3", "AZU-0008"),
)
def https_only(view: View) -> Iterator[Problem]:
    """enableHttpsTrafficOnly, on where it is left out (Storage REST API since 2019-04-01)."""
    if not view.flag("enableHttpsTrafficOnly", default=True):
        yield Problem(path="enableHttpsTrafficOnly", what="is off")


@CHECKS.add(
    "DD-STORAGE-202",
    "An account takes TLS 1.2 or newer",
    ACCOUNT,
    severity="high",
    rationale="TLS 1.0 and 1.1 can be broken, and Azure takes them where nobody says otherwise.",
    fix="set minimumTlsVersion to TLS1_2",
    equivalents=("CKV_AZURE_44", "AZU-0011"),
)
def modern_tls(view: View) -> Iterator[Problem]:
    """minimumTlsVersion, TLS 1.0 where it is left out (Storage REST API, StorageAccountPropertiesCreateParameters)."""
    version = view.text("minimumTlsVersion", _OLD_TLS[0])
    if version in _OLD_TLS:
        yield Problem(path="minimumTlsVersion", what=f"is {version}")


@CHECKS.add(
    "DD-STORAGE-203",
    "An account's firewall lets only named networks in",
    ACCOUNT,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="With the door open to every network a leaked key or token is all that it takes.",
    fix="set networkRuleSet.defaultAction to Deny, or publicNetworkAccess to Disabled",
    key="network.privateEndpoints",
    equivalents=("CKV_AZURE_35", "AZU-0012"),
)
def denies_by_default(view: View) -> Iterator[Problem]:
    """networkRuleSet.defaultAction, Allow where it is left out, of accounts whose public address is open (Storage REST API)."""
    if public(view) and not denies(view, "networkRuleSet.defaultAction"):
        yield Problem(path="networkRuleSet.defaultAction", what="lets every network in")


@CHECKS.add(
    "DD-STORAGE-204",
    "An account's firewall lets Azure's trusted services in",
    ACCOUNT,
    severity="low",
    level="advisory",
    rationale="Logging, backup and Azure ML stop working where the firewall keeps them out, and somebody then opens it for everybody.",
    fix="add AzureServices to networkRuleSet.bypass",
    equivalents=("CKV_AZURE_36", "AZU-0010"),
)
def trusted_services(view: View) -> Iterator[Problem]:
    """networkRuleSet.bypass, AzureServices where it is left out, of firewalls that deny (Storage REST API, NetworkRuleSet)."""
    if denies(view, "networkRuleSet.defaultAction") and "AzureServices" not in view.text("networkRuleSet.bypass", "AzureServices"):
        yield Problem(path="networkRuleSet.bypass", what="leaves Azure's services out")


@CHECKS.add(
    "DD-STORAGE-205",
    "An account is reached through a private endpoint",
    ACCOUNT,
    level="advisory",
    joined=True,
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="Without one traffic leaves the network on its way to the data, past NAT and its price.",
    fix="add a PrivateEndpoint for its blob service",
    key="network.privateEndpoints",
    equivalents=("CKV2_AZURE_33",),
)
def private_endpoint(view: View) -> Iterator[Problem]:
    """Whether a private endpoint leads to it, its own or that of a workspace in a network that Azure ML manages.

    Whoever lets nobody but Azure's services in needs none.

    Source: Microsoft Learn, "Workspace managed virtual network isolation", required rules.
    """
    workspaces = beside(view, [_WORKSPACE], "storageAccount")
    managed = any(found.text("managedNetwork.isolationMode", "Disabled") != "Disabled" for found in workspaces)
    if not managed and not _for_services_only(view) and not has_private_endpoint(view):
        yield Problem(what="no private endpoint leads to it")


@CHECKS.add(
    "DD-STORAGE-206",
    "No container is open to everybody",
    CONTAINER,
    severity="critical",
    rationale="Whoever knows the address can then read its blobs without signing in.",
    fix="leave publicAccess out, or set it to None",
    equivalents=("CKV_AZURE_34", "AZU-0007"),
)
def container_private(view: View) -> Iterator[Problem]:
    """publicAccess, None where it is left out (Storage REST API, BlobContainer)."""
    access = view.text("publicAccess", "None")
    if access != "None":
        yield Problem(path="publicAccess", what=f"is {access}")


@CHECKS.add(
    "DD-STORAGE-207",
    "No container of an account can be opened to everybody",
    ACCOUNT,
    severity="high",
    rationale="One wrong setting of one container, written later by anybody, publishes the data.",
    fix="leave allowBlobPublicAccess out, or set it to false",
    equivalents=("CKV_AZURE_190", "CKV2_AZURE_47", "AZU-0007"),
)
def no_anonymous_access(view: View) -> Iterator[Problem]:
    """allowBlobPublicAccess, off where it is left out (Storage REST API, StorageAccountPropertiesCreateParameters)."""
    if view.flag("allowBlobPublicAccess"):
        yield Problem(path="allowBlobPublicAccess", what="is on")


@CHECKS.add(
    "DD-STORAGE-208",
    "An account has no keys that open everything",
    ACCOUNT,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="An account key opens all of its data, is nobody's, and is valid until somebody changes it.",
    fix="set allowSharedKeyAccess to false and give identities roles such as Storage Blob Data Reader",
    equivalents=("CKV2_AZURE_40",),
)
def no_shared_key(view: View) -> Iterator[Problem]:
    """allowSharedKeyAccess, on where it is left out (Storage REST API, StorageAccountPropertiesCreateParameters)."""
    if view.flag("allowSharedKeyAccess", default=True):
        yield Problem(path="allowSharedKeyAccess", what="is on")


@CHECKS.add(
    "DD-STORAGE-209",
    "A signed address of an account ends some day",
    ACCOUNT,
    level="advisory",
    rationale="A shared access signature that is valid for years is a key that nobody sees and nobody takes away.",
    fix="set sasPolicy.sasExpirationPeriod, such as 1.00:00:00, or allowSharedKeyAccess to false",
    equivalents=("CKV2_AZURE_41",),
)
def signatures_end(view: View) -> Iterator[Problem]:
    """sasPolicy of accounts that take signatures made with their keys (Microsoft Learn, "Configure an expiration policy for SAS")."""
    if view.flag("allowSharedKeyAccess", default=True) and not view.present("sasPolicy.sasExpirationPeriod"):
        yield Problem(path="sasPolicy.sasExpirationPeriod", what="is not set")


@CHECKS.add(
    "DD-STORAGE-210",
    "Keys of an account are changed in time",
    ACCOUNT,
    severity="low",
    level="advisory",
    rationale="A key that never changes is known to everybody who ever saw it.",
    fix="set keyPolicy.keyExpirationPeriodInDays, or allowSharedKeyAccess to false",
    parameters={"mostDays": 90},
)
def keys_expire(view: View) -> Iterator[Problem]:
    """keyPolicy of accounts that take keys; Azure then says which are too old (Microsoft Learn, "Manage account access keys")."""
    days = view.number("keyPolicy.keyExpirationPeriodInDays")
    if view.flag("allowSharedKeyAccess", default=True) and (days is None or days > view.parameters["mostDays"]):
        what = "is not set" if days is None else f"is {days:.0f}"
        yield Problem(path="keyPolicy.keyExpirationPeriodInDays", what=what)


@CHECKS.add(
    "DD-STORAGE-211",
    "An account has no users of its own",
    ACCOUNT,
    rationale="Local users of SFTP have passwords and keys that nobody's directory knows or takes away.",
    fix="set isLocalUserEnabled to false",
    equivalents=("CKV_AZURE_244",),
)
def no_local_users(view: View) -> Iterator[Problem]:
    """isLocalUserEnabled, which SFTP cannot be used without (Microsoft Learn, "SFTP support for Azure Blob Storage")."""
    if view.flag("isLocalUserEnabled", default=view.flag("isSftpEnabled")):
        yield Problem(path="isLocalUserEnabled", what="is on")


@CHECKS.add(
    "DD-STORAGE-212",
    "An account has no public address",
    ACCOUNT,
    level="advisory",
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="What cannot be reached from the internet needs no firewall rule that somebody may get wrong.",
    fix="set publicNetworkAccess to Disabled",
    key="network.privateEndpoints",
    equivalents=("CKV_AZURE_59",),
)
def not_public(view: View) -> Iterator[Problem]:
    """publicNetworkAccess, Enabled where it is left out (Storage REST API), unless the firewall lets nobody but Azure's services in."""
    if public(view) and not _for_services_only(view):
        yield Problem(path="publicNetworkAccess", what="is on")


@CHECKS.add(
    "DD-STORAGE-216",
    "An account's accesses are logged",
    ACCOUNT,
    level="advisory",
    joined=True,
    profiles={"regulated": "mandatory"},
    rationale="After a leak nobody can say what was read, and by whom.",
    fix="add a DiagnosticSetting for its blob service with StorageRead, StorageWrite and StorageDelete",
    key="storage.<name>.accessLogs",
    equivalents=("CKV2_AZURE_21", "AZU-0057"),
    parameters={"without": ("logs", "workspace")},
)
def logs_accesses(view: View) -> Iterator[Problem]:
    """In any stage but dev, whether diagnostic settings record reads, writes and deletes (Azure Monitor, resource logs of storage)."""
    if view.stage == "dev" or view.text("tags.purpose") in view.parameters["without"]:
        return
    missing = min((recorded(each, _ACCESSES, "audit") for each in (view, *services(view))), key=len)
    if missing:
        yield Problem(what=f"nothing records {', '.join(missing)}")


@CHECKS.add(
    "DD-STORAGE-217",
    "Accesses to queues are logged",
    ACCOUNT,
    severity="low",
    level="advisory",
    joined=True,
    rationale="What waits in a queue is often a request with a caller's data in it.",
    fix="add a DiagnosticSetting whose resourceUri ends in /queueServices/default",
    equivalents=("CKV_AZURE_33", "AZU-0009"),
)
def logs_queues(view: View) -> Iterator[Problem]:
    """Whether a diagnostic setting of the queue service exists, for accounts whose queues the program declares."""
    if not beside(view, [_QUEUE], "accountName"):
        return
    settings = beside(view, DIAGNOSTICS, "resourceUri")
    if not any("/queueservices/" in found.text("resourceUri").lower() for found in settings):
        yield Problem(what="nothing records accesses to its queues")


@CHECKS.add(
    "DD-STORAGE-219",
    "An account's data is encrypted with a key of one's own",
    ACCOUNT,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="With Microsoft's key nobody can watch who decrypts the data, nor take the key away.",
    fix="set encryption.keySource to Microsoft.Keyvault with keyVaultProperties and an identity",
    key="storage.<name>.encryption.customerKey",
    equivalents=("CKV2_AZURE_1", "AZU-0060"),
    parameters={"without": ("logs",)},
)
def own_key(view: View) -> Iterator[Problem]:
    """encryption.keySource, Microsoft.Storage where it is left out (Storage REST API, Encryption); log accounts need none."""
    if view.text("tags.purpose") in view.parameters["without"]:
        return
    if view.text("encryption.keySource", "Microsoft.Storage").lower() != "microsoft.keyvault":
        yield Problem(path="encryption.keySource", what="names no key of one's own")


@CHECKS.add(
    "DD-STORAGE-220",
    "An account's data is encrypted twice",
    ACCOUNT,
    severity="low",
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="A second layer below the first holds where one algorithm or one implementation turns out to be broken.",
    fix="set encryption.requireInfrastructureEncryption to true; it cannot be changed later",
    equivalents=("AZU-0061",),
)
def encrypted_twice(view: View) -> Iterator[Problem]:
    """encryption.requireInfrastructureEncryption, off where it is left out (Storage REST API, Encryption)."""
    if not view.flag("encryption.requireInfrastructureEncryption"):
        yield Problem(path="encryption.requireInfrastructureEncryption", what="is off")


@CHECKS.add(
    "DD-STORAGE-221",
    "Blobs are not copied to another tenant",
    ACCOUNT,
    severity="high",
    rationale="A replication rule to somebody else's tenant takes all data out, blob by blob, without a request that anybody sees.",
    fix="leave allowCrossTenantReplication out, or set it to false",
)
def stays_in_tenant(view: View) -> Iterator[Problem]:
    """allowCrossTenantReplication, off where it is left out (Storage REST API, StorageAccountPropertiesCreateParameters)."""
    if view.flag("allowCrossTenantReplication"):
        yield Problem(path="allowCrossTenantReplication", what="is on")


@CHECKS.add(
    "DD-STORAGE-222",
    "Not every website may read an account's blobs",
    SERVICE,
    rationale="Any page that a signed-in person opens can then read with what that person may.",
    fix="name the origins in cors.corsRules.allowedOrigins",
)
def origins_named(view: View) -> Iterator[Problem]:
    """Origins of the rules of the blob service (Storage REST API, CorsRule)."""
    for path, rule in view.each("cors.corsRules"):
        if any(origin.text("") == "*" for _, origin in rule.each("allowedOrigins")):
            yield Problem(path=f"{path}.allowedOrigins", what="is every website")


def services(account: View) -> list[View]:
    """The settings of an account's blob service."""
    return beside(account, [SERVICE], "accountName")


def _for_services_only(account: View) -> bool:
    """Whether its firewall denies and names nobody: then only what Azure trusts comes in."""
    named = account.items("networkRuleSet.ipRules") or account.items("networkRuleSet.virtualNetworkRules")
    return denies(account, "networkRuleSet.defaultAction") and not named
