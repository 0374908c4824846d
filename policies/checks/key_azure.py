"""Azure Key Vault: vaults, keys and secrets, who uses them, and whether a mistake can be taken back."""

from collections.abc import Iterator

from policies.azure_network import denies, has_private_endpoint, public, recorded
from policies.check import Checks, Problem
from policies.part import Part
from policies.view import View

CHECKS = Checks()
VAULT = "azure-native:keyvault:Vault"
HSM = "azure-native:keyvault:ManagedHsm"
KEY = "azure-native:keyvault:Key"
SECRET = "azure-native:keyvault:Secret"
_ROTATE = "rotate"
_PERMISSIONS = ("keys", "secrets", "certificates", "storage")


@CHECKS.add(
    "DD-KEY-201",
    "Nobody can delete a vault for good",
    VAULT,
    HSM,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="With its vault purged a key is gone, and with the key the data; purge protection makes somebody notice first.",
    fix="set properties.enablePurgeProtection to true; it cannot be taken back",
    equivalents=("CKV_AZURE_110", "CKV_AZURE_42", "AZU-0016"),
)
def purge_protected(view: View) -> Iterator[Problem]:
    """enablePurgeProtection, off where it is left out (Key Vault REST API, VaultProperties and ManagedHsmProperties)."""
    if not view.flag("properties.enablePurgeProtection"):
        yield Problem(path="properties.enablePurgeProtection", what="is off")


@CHECKS.add(
    "DD-KEY-202",
    "A deleted key can be had back",
    VAULT,
    HSM,
    severity="high",
    rationale="A key or secret that is deleted by mistake takes down what uses it, and nobody has its value any more.",
    fix="leave properties.enableSoftDelete out",
    equivalents=("CKV_AZURE_111", "CKV_AZURE_42"),
)
def soft_delete(view: View) -> Iterator[Problem]:
    """enableSoftDelete, on where it is left out (Key Vault REST API, VaultProperties)."""
    if not view.flag("properties.enableSoftDelete", default=True):
        yield Problem(path="properties.enableSoftDelete", what="is off")


@CHECKS.add(
    "DD-KEY-203",
    "A deleted key can be had back for long enough",
    VAULT,
    HSM,
    profiles={"dev": "disabled"},
    rationale="With its key gone, data is gone: somebody must notice before the days are over.",
    fix="leave properties.softDeleteRetentionInDays out, which is 90 days",
    parameters={"leastDays": 30},
)
def recovery_days(view: View) -> Iterator[Problem]:
    """softDeleteRetentionInDays, 90 where it is left out, between 7 and 90 (Key Vault REST API, VaultProperties)."""
    days = view.number("properties.softDeleteRetentionInDays")
    if days is not None and days < view.parameters["leastDays"]:
        yield Problem(path="properties.softDeleteRetentionInDays", what=f"is {days:.0f}")


@CHECKS.add(
    "DD-KEY-204",
    "Who may use a vault is said by roles",
    VAULT,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Access policies let whoever may write the vault give themselves all of its keys and secrets.",
    fix="set properties.enableRbacAuthorization to true and give identities roles on keys and secrets",
)
def by_roles(view: View) -> Iterator[Problem]:
    """enableRbacAuthorization, off where it is left out (Key Vault REST API, VaultProperties)."""
    if not view.flag("properties.enableRbacAuthorization"):
        yield Problem(path="properties.enableRbacAuthorization", what="is off")


@CHECKS.add(
    "DD-KEY-205",
    "Nobody may do everything with what is in a vault",
    VAULT,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A workload that reads one secret and may do everything can purge every other team's keys.",
    fix="name the permissions that are needed in properties.accessPolicies",
)
def not_everything(view: View) -> Iterator[Problem]:
    """`all` in an access policy, which a vault with roles does not look at (Key Vault REST API, Permissions)."""
    if view.flag("properties.enableRbacAuthorization"):
        return
    for policy in Part(view, "").each("properties.accessPolicies"):
        for kind in _PERMISSIONS:
            if "all" in map(str.lower, policy.texts(f"permissions.{kind}")):
                yield Problem(path=policy.at(f"permissions.{kind}"), what="is everything")


@CHECKS.add(
    "DD-KEY-206",
    "A vault's firewall lets only named networks in",
    VAULT,
    HSM,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="With the door open to every network a leaked token is all that it takes.",
    fix="set properties.networkAcls.defaultAction to Deny, or properties.publicNetworkAccess to Disabled",
    equivalents=("CKV_AZURE_109", "AZU-0013"),
)
def denies_by_default(view: View) -> Iterator[Problem]:
    """networkAcls.defaultAction of vaults with a public address, Allow where it is left out (Key Vault REST API, NetworkRuleSet)."""
    if public(view, "properties.publicNetworkAccess") and not denies(view, "properties.networkAcls.defaultAction"):
        yield Problem(path="properties.networkAcls.defaultAction", what="lets every network in")


@CHECKS.add(
    "DD-KEY-207",
    "A vault is reached from private networks only",
    VAULT,
    HSM,
    level="advisory",
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="A public address that is let in stays let in when somebody else gets it.",
    fix="set properties.publicNetworkAccess to Disabled, or leave properties.networkAcls.ipRules empty with defaultAction Deny",
    equivalents=("CKV_AZURE_189",),
)
def not_public(view: View) -> Iterator[Problem]:
    """publicNetworkAccess, enabled where it is left out; a firewall that denies and names no address lets the internet in nowhere."""
    if not public(view, "properties.publicNetworkAccess"):
        return
    if not denies(view, "properties.networkAcls.defaultAction") or view.items("properties.networkAcls.ipRules"):
        yield Problem(path="properties.publicNetworkAccess", what="is on")


@CHECKS.add(
    "DD-KEY-208",
    "A vault is reached through a private endpoint",
    VAULT,
    HSM,
    level="disabled",
    joined=True,
    profiles={"regulated": "advisory"},
    rationale="Without one traffic leaves the network on its way to the keys.",
    fix="add a PrivateEndpoint for it with the group vault",
    equivalents=("CKV2_AZURE_32",),
)
def private_endpoint(view: View) -> Iterator[Problem]:
    """Whether a private endpoint leads to it; Azure's own services come in without one."""
    if not has_private_endpoint(view):
        yield Problem(what="no private endpoint leads to it")


@CHECKS.add(
    "DD-KEY-209",
    "Uses of keys and secrets are recorded",
    VAULT,
    HSM,
    level="disabled",
    joined=True,
    profiles={"regulated": "mandatory"},
    rationale="Without logs nobody can say who read which secret.",
    fix="add a DiagnosticSetting for it with AuditEvent",
)
def recorded_uses(view: View) -> Iterator[Problem]:
    """Whether a diagnostic setting records AuditEvent (Microsoft Learn, "Azure Key Vault logging")."""
    if recorded(view, ["AuditEvent"], "audit"):
        yield Problem(what="nothing records who uses what")


@CHECKS.add(
    "DD-KEY-210",
    "A key is rotated",
    KEY,
    rationale="The longer one key encrypts everything, the more a copy of it opens.",
    fix="set properties.rotationPolicy with a lifetime action of type Rotate",
    key="storage.<name>.encryption.rotationDays, cluster.encryption.rotationDays",
)
def rotated(view: View) -> Iterator[Problem]:
    """A lifetime action that rotates, none where nothing is said (Microsoft Learn, "Configure key autorotation")."""
    actions = Part(view, "").each("properties.rotationPolicy.lifetimeActions")
    if not any(action.text("action.type").lower() == _ROTATE for action in actions):
        yield Problem(path="properties.rotationPolicy.lifetimeActions", what="rotate nothing")


@CHECKS.add(
    "DD-KEY-211",
    "A key ends some day",
    KEY,
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="An old version of a key that never ends opens old data for ever.",
    fix="set properties.rotationPolicy.attributes.expiryTime, or properties.attributes.expires",
    equivalents=("CKV_AZURE_40", "AZU-0014"),
)
def key_ends(view: View) -> Iterator[Problem]:
    """An expiry of the key or of its versions, none where nothing is said (Key Vault REST API, KeyAttributes)."""
    if not view.present("properties.attributes.expires") and not view.present("properties.rotationPolicy.attributes.expiryTime"):
        yield Problem(path="properties.attributes.expires", what="is not set")


@CHECKS.add(
    "DD-KEY-212",
    "A key is in use",
    KEY,
    rationale="A disabled key makes everything that it encrypted unreadable.",
    fix="leave properties.attributes.enabled out, or remove the key",
)
def in_use(view: View) -> Iterator[Problem]:
    """attributes.enabled, on where it is left out (Key Vault REST API, KeyAttributes)."""
    if not view.flag("properties.attributes.enabled", default=True):
        yield Problem(path="properties.attributes.enabled", what="is off")


@CHECKS.add(
    "DD-KEY-213",
    "A key stays where it was made",
    KEY,
    severity="high",
    rationale="A key that can be taken out has a copy that nobody rotates, watches or takes away.",
    fix="leave properties.attributes.exportable out",
)
def not_exportable(view: View) -> Iterator[Problem]:
    """attributes.exportable, off where it is left out; confidential machines need it, with a release policy (Key Vault REST API)."""
    if view.flag("properties.attributes.exportable") and not view.present("properties.releasePolicy"):
        yield Problem(path="properties.attributes.exportable", what="is on, and no release policy bounds it")


@CHECKS.add(
    "DD-KEY-214",
    "A key lies in hardware",
    KEY,
    severity="low",
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="Some rules ask for FIPS 140 level 3, which a vault's software keys are not.",
    fix="set properties.kty to RSA-HSM or EC-HSM, in a vault with sku.name premium",
    equivalents=("CKV_AZURE_112",),
)
def in_hardware(view: View) -> Iterator[Problem]:
    """kty (Microsoft Learn, "About keys", compliance)."""
    kind = view.text("properties.kty")
    if not kind.endswith("-HSM"):
        yield Problem(path="properties.kty", what=f"is {kind or 'not set'}")


@CHECKS.add(
    "DD-KEY-215",
    "A key is long enough",
    KEY,
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="RSA keys of 2048 bits are thought to hold until about 2030, which is sooner than most data ends.",
    fix="set properties.keySize to 3072 or 4096; it makes a new key",
    parameters={"leastBits": 3072},
)
def long_enough(view: View) -> Iterator[Problem]:
    """keySize of RSA keys, 2048 where it is left out (Key Vault REST API, KeyProperties; NIST SP 800-57, table 4)."""
    bits = view.number("properties.keySize", 2048)
    if view.text("properties.kty").startswith("RSA") and bits < view.parameters["leastBits"]:
        yield Problem(path="properties.keySize", what=f"is {bits:.0f}")


@CHECKS.add(
    "DD-KEY-216",
    "A secret ends some day",
    SECRET,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="A secret that never changes is known to everybody who ever saw it.",
    fix="set properties.attributes.expires",
    equivalents=("CKV_AZURE_41", "AZU-0017"),
)
def secret_ends(view: View) -> Iterator[Problem]:
    """attributes.expires, never where it is left out (Key Vault REST API, SecretAttributes)."""
    if not view.present("properties.attributes.expires"):
        yield Problem(path="properties.attributes.expires", what="is not set")


@CHECKS.add(
    "DD-KEY-217",
    "A secret says what it is",
    SECRET,
    severity="low",
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="Who finds a secret in a vault has to know whose it is before changing it.",
    fix="set properties.contentType",
    equivalents=("CKV_AZURE_114", "AZU-0015"),
)
def secret_says(view: View) -> Iterator[Problem]:
    """contentType (Key Vault REST API, SecretProperties)."""
    if not view.present("properties.contentType"):
        yield Problem(path="properties.contentType", what="is not set")


@CHECKS.add(
    "DD-KEY-218",
    "Templates and machines cannot take secrets out of a vault",
    VAULT,
    level="advisory",
    rationale="Whoever may deploy a machine or a template then reads secrets that they have no role for.",
    fix="leave properties.enabledForDeployment and properties.enabledForTemplateDeployment out",
)
def not_for_deployment(view: View) -> Iterator[Problem]:
    """The two switches, off where they are left out (Key Vault REST API, VaultProperties)."""
    for name in ("enabledForDeployment", "enabledForTemplateDeployment"):
        if view.flag(f"properties.{name}"):
            yield Problem(path=f"properties.{name}", what="is on")
