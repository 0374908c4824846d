"""Azure OpenAI, the other AI services and AI Search: who calls them, what leaves them, whether they stay up."""

from collections.abc import Iterator

from policies.azure_network import denies, has_private_endpoint, public, recorded, whole_world
from policies.check import Checks, Problem
from policies.view import View

CHECKS = Checks()
ACCOUNT = "azure-native:cognitiveservices:Account"
DEPLOYMENT = "azure-native:cognitiveservices:Deployment"
SEARCH = "azure-native:search:Service"


@CHECKS.add(
    "DD-ML-241",
    "An AI service is called with identities, not keys",
    ACCOUNT,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A key is nobody's, opens every model of the account, and its tokens are on your bill wherever it leaks to.",
    fix="set properties.disableLocalAuth to true and give callers the role Cognitive Services OpenAI User",
    equivalents=("CKV_AZURE_236",),
)
def no_keys(view: View) -> Iterator[Problem]:
    """disableLocalAuth, off where it is left out (Microsoft Learn, "Disable local authentication in Azure AI services")."""
    if not view.flag("properties.disableLocalAuth"):
        yield Problem(path="properties.disableLocalAuth", what="is off")


@CHECKS.add(
    "DD-ML-242",
    "An AI service without keys has a name to sign in at",
    ACCOUNT,
    severity="high",
    rationale="Tokens of the directory are taken at a name of the account's own only: without one nobody can call it.",
    fix="set properties.customSubDomainName; it cannot be changed later",
)
def has_own_name(view: View) -> Iterator[Problem]:
    """customSubDomainName of accounts without keys (Microsoft Learn, "Custom subdomain names for Azure AI services")."""
    if view.flag("properties.disableLocalAuth") and not view.present("properties.customSubDomainName"):
        yield Problem(path="properties.customSubDomainName", what="is not set")


@CHECKS.add(
    "DD-ML-243",
    "An AI service has no public address",
    ACCOUNT,
    level="advisory",
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="A stolen key or token then works from anywhere.",
    fix="set properties.publicNetworkAccess to Disabled and add a PrivateEndpoint",
    equivalents=("CKV_AZURE_134",),
)
def not_public(view: View) -> Iterator[Problem]:
    """publicNetworkAccess, Enabled where it is left out (Cognitive Services REST API, AccountProperties)."""
    if public(view, "properties.publicNetworkAccess"):
        yield Problem(path="properties.publicNetworkAccess", what="is on")


@CHECKS.add(
    "DD-ML-244",
    "A public AI service lets only named networks in",
    ACCOUNT,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="With the door open to every network a leaked key is all that it takes.",
    fix="set properties.networkAcls.defaultAction to Deny and name your networks",
)
def names_networks(view: View) -> Iterator[Problem]:
    """networkAcls.defaultAction, Allow where it is left out (Microsoft Learn, "Configure Azure AI services virtual networks")."""
    if public(view, "properties.publicNetworkAccess") and not denies(view, "properties.networkAcls.defaultAction"):
        yield Problem(path="properties.networkAcls.defaultAction", what="lets every network in")


@CHECKS.add(
    "DD-ML-245",
    "A closed AI service is reached through a private endpoint",
    ACCOUNT,
    level="advisory",
    joined=True,
    rationale="A service without a public address and without a private one is reached by nobody, until somebody opens it.",
    fix="add a PrivateEndpoint for it with the group account",
)
def private_endpoint(view: View) -> Iterator[Problem]:
    """Whether a private endpoint leads to an account without public access."""
    if not public(view, "properties.publicNetworkAccess") and not has_private_endpoint(view):
        yield Problem(what="is closed, and no private endpoint leads to it")


@CHECKS.add(
    "DD-ML-246",
    "An AI service acts with an identity of its own",
    ACCOUNT,
    level="advisory",
    rationale="Without one it reads training files and its own key with secrets that somebody has to keep.",
    fix="set identity.type to SystemAssigned or UserAssigned",
    equivalents=("CKV_AZURE_238",),
)
def has_identity(view: View) -> Iterator[Problem]:
    """identity, none where it is left out (Cognitive Services REST API, Identity)."""
    if view.text("identity.type", "None") == "None":
        yield Problem(path="identity.type", what="is None")


@CHECKS.add(
    "DD-ML-247",
    "An AI service fetches only from where it may",
    ACCOUNT,
    level="advisory",
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="A prompt with an address in it makes the service fetch it, and carries data out in the request.",
    fix="set properties.restrictOutboundNetworkAccess to true and name hosts in allowedFqdnList",
    equivalents=("CKV_AZURE_247",),
)
def outbound_bounded(view: View) -> Iterator[Problem]:
    """restrictOutboundNetworkAccess, off where it is left out (Microsoft Learn, "Configure data loss prevention for AI services")."""
    if not view.flag("properties.restrictOutboundNetworkAccess"):
        yield Problem(path="properties.restrictOutboundNetworkAccess", what="is off")


@CHECKS.add(
    "DD-ML-248",
    "An AI service's data is encrypted with a key of one's own",
    ACCOUNT,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="With Microsoft's key nobody can watch who decrypts files and fine-tuned models, nor take the key away.",
    fix="set properties.encryption.keySource to Microsoft.KeyVault with keyVaultProperties",
    equivalents=("CKV2_AZURE_22",),
)
def own_key(view: View) -> Iterator[Problem]:
    """encryption.keySource, Microsoft.CognitiveServices where it is left out (Cognitive Services REST API, Encryption)."""
    if view.text("properties.encryption.keySource").lower() != "microsoft.keyvault":
        yield Problem(path="properties.encryption.keySource", what="names no key of one's own")


@CHECKS.add(
    "DD-ML-249",
    "Calls of an AI service are recorded",
    ACCOUNT,
    level="advisory",
    joined=True,
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="Without logs nobody can say who called which model, nor where the tokens on the bill come from.",
    fix="add a DiagnosticSetting for it with the category group audit or allLogs",
)
def recorded_calls(view: View) -> Iterator[Problem]:
    """Whether a diagnostic setting records anything of it (Microsoft Learn, "Enable diagnostic logging for Azure AI services")."""
    if recorded(view):
        yield Problem(what="nothing records its calls")


@CHECKS.add(
    "DD-ML-250",
    "A model in production is the one that was tried",
    DEPLOYMENT,
    severity="high",
    rationale="Upgraded to each new default, a model changes under its prompts overnight; never upgraded, it stops on the day it retires.",
    fix="set properties.model.version, and versionUpgradeOption to OnceCurrentVersionExpired",
)
def version_fixed(view: View) -> Iterator[Problem]:
    """In the stage prod, the version and what follows on it; left out, the newest default (Microsoft Learn, "Working with models")."""
    if view.stage != "prod":
        return
    if not view.present("properties.model.version"):
        yield Problem(path="properties.model.version", what="is not set")
    option = view.text("properties.versionUpgradeOption", "OnceNewDefaultVersionAvailable")
    if option != "OnceCurrentVersionExpired":
        yield Problem(path="properties.versionUpgradeOption", what=f"is {option}")


@CHECKS.add(
    "DD-ML-251",
    "No throughput is reserved outside production",
    DEPLOYMENT,
    severity="high",
    level="advisory",
    rationale="Provisioned units are paid for by the hour, used or not, at thousands of dollars a month each deployment.",
    fix="set sku.name to Standard, GlobalStandard or DataZoneStandard",
)
def pays_by_token(view: View) -> Iterator[Problem]:
    """sku.name in any stage but prod (Microsoft Learn, "Deployment types for Azure AI Foundry Models")."""
    name = view.text("sku.name")
    if view.stage != "prod" and "provisioned" in name.lower():
        yield Problem(path="sku.name", what=f"is {name}")


@CHECKS.add(
    "DD-ML-252",
    "An AI service in production is not the free one",
    ACCOUNT,
    severity="low",
    level="advisory",
    rationale="The free tier stops answering in the middle of the day.",
    fix="set sku.name to S0",
)
def not_free(view: View) -> Iterator[Problem]:
    """sku.name F0 in the stage prod (Microsoft Learn, "Azure AI services pricing tiers")."""
    if view.stage == "prod" and view.text("sku.name") == "F0":
        yield Problem(path="sku.name", what="is F0, in production")


@CHECKS.add(
    "DD-ML-261",
    "A search service is called with identities, not keys",
    SEARCH,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Its admin key reads and rewrites every index, and whatever a model is fed from them.",
    fix="set disableLocalAuth to true and give callers the role Search Index Data Reader",
)
def search_without_keys(view: View) -> Iterator[Problem]:
    """disableLocalAuth, off where it is left out (Search REST API, SearchServiceProperties)."""
    if not view.flag("disableLocalAuth"):
        yield Problem(path="disableLocalAuth", what="is off")


@CHECKS.add(
    "DD-ML-262",
    "A search service has no public address",
    SEARCH,
    level="advisory",
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="A stolen key or token then works from anywhere.",
    fix="set publicNetworkAccess to Disabled and add a PrivateEndpoint",
    equivalents=("CKV_AZURE_124",),
)
def search_not_public(view: View) -> Iterator[Problem]:
    """publicNetworkAccess, Enabled where it is left out (Search REST API, SearchServiceProperties)."""
    if public(view):
        yield Problem(path="publicNetworkAccess", what="is on")


@CHECKS.add(
    "DD-ML-263",
    "A public search service lets only named networks in",
    SEARCH,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="With the door open to every network a leaked key is all that it takes.",
    fix="name your networks in networkRuleSet.ipRules",
    equivalents=("CKV_AZURE_210",),
)
def search_names_networks(view: View) -> Iterator[Problem]:
    """ipRules, everybody where there are none (Microsoft Learn, "Configure network access and firewall rules for Azure AI Search")."""
    if not public(view):
        return
    named = [(path, rule.text("value")) for path, rule in view.each("networkRuleSet.ipRules")]
    if not named:
        yield Problem(path="networkRuleSet.ipRules", what="names nobody, which lets every network in")
    yield from (Problem(path=f"{path}.value", what="lets the whole world in") for path, value in named if whole_world(value))


@CHECKS.add(
    "DD-ML-264",
    "A search service acts with an identity of its own",
    SEARCH,
    level="advisory",
    rationale="Without one its indexers keep connection strings of storage and models.",
    fix="set identity.type to SystemAssigned or UserAssigned",
    equivalents=("CKV_AZURE_207",),
)
def search_has_identity(view: View) -> Iterator[Problem]:
    """identity, none where it is left out (Search REST API, Identity)."""
    if view.text("identity.type", "None") == "None":
        yield Problem(path="identity.type", what="is None")


@CHECKS.add(
    "DD-ML-265",
    "A search service in production answers while a replica is patched",
    SEARCH,
    severity="high",
    rationale="One replica has no SLA; two have one for queries.",
    fix="set replicaCount to 2 or more",
    equivalents=("CKV_AZURE_209",),
    parameters={"leastReplicas": 2},
)
def search_answers(view: View) -> Iterator[Problem]:
    """replicaCount in the stage prod, 1 where it is left out (Microsoft Learn, "Reliability in Azure AI Search")."""
    count = view.number("replicaCount", 1)
    if view.stage == "prod" and count < view.parameters["leastReplicas"]:
        yield Problem(path="replicaCount", what=f"is {count:.0f}, in production")


@CHECKS.add(
    "DD-ML-266",
    "A search service in production takes new documents while a replica is patched",
    SEARCH,
    severity="low",
    level="advisory",
    profiles={"dev": "disabled"},
    rationale="The SLA for indexing begins with three replicas.",
    fix="set replicaCount to 3 or more",
    equivalents=("CKV_AZURE_208",),
    parameters={"leastReplicas": 3},
)
def search_indexes(view: View) -> Iterator[Problem]:
    """replicaCount in the stage prod, 1 where it is left out (Microsoft Learn, "Reliability in Azure AI Search")."""
    count = view.number("replicaCount", 1)
    if view.stage == "prod" and count < view.parameters["leastReplicas"]:
        yield Problem(path="replicaCount", what=f"is {count:.0f}, in production")


@CHECKS.add(
    "DD-ML-267",
    "A search service takes no index that is not encrypted with a key of one's own",
    SEARCH,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="An index holds the text of the documents, and vectors from which much of it can be had back.",
    fix="set encryptionWithCmk.enforcement to Enabled",
)
def search_own_key(view: View) -> Iterator[Problem]:
    """encryptionWithCmk.enforcement, Unspecified where it is left out (Search REST API, EncryptionWithCmk)."""
    if view.text("encryptionWithCmk.enforcement", "Unspecified") != "Enabled":
        yield Problem(path="encryptionWithCmk.enforcement", what="is not Enabled")
