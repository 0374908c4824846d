"""Azure Container Registry: who pulls images, what is in them, and how long they are kept."""

from collections.abc import Iterator

from policies.azure_network import denies, has_private_endpoint, public, whole_world
from policies.check import Checks, Problem
from policies.joins import beside, everywhere
from policies.view import View

CHECKS = Checks()
REGISTRY = "azure-native:containerregistry:Registry"
_REPLICATION = "azure-native:containerregistry:Replication"
_WEBHOOK = "azure-native:containerregistry:Webhook"
_PRICING = "azure-native:security:Pricing"
_DEFENDER_PLANS = ("containers", "containerregistry")
_PREMIUM = "Premium"


@CHECKS.add(
    "DD-REGISTRY-201",
    "A registry has no admin account",
    REGISTRY,
    severity="high",
    rationale="Its one password pushes and pulls everything, is nobody's, and stays as it is when people leave.",
    fix="leave adminUserEnabled out and give identities the role AcrPull or AcrPush",
    equivalents=("CKV_AZURE_137",),
)
def no_admin(view: View) -> Iterator[Problem]:
    """adminUserEnabled, off where it is left out (Container Registry REST API, RegistryProperties)."""
    if view.flag("adminUserEnabled"):
        yield Problem(path="adminUserEnabled", what="is on")


@CHECKS.add(
    "DD-REGISTRY-202",
    "Nobody pulls who has not signed in",
    REGISTRY,
    severity="critical",
    rationale="Whoever knows the registry's name then has the images, and the models and code in them.",
    fix="leave anonymousPullEnabled out",
    equivalents=("CKV_AZURE_138",),
)
def no_anonymous_pull(view: View) -> Iterator[Problem]:
    """anonymousPullEnabled, off where it is left out (Container Registry REST API, RegistryProperties)."""
    if view.flag("anonymousPullEnabled"):
        yield Problem(path="anonymousPullEnabled", what="is on")


@CHECKS.add(
    "DD-REGISTRY-203",
    "A registry has no public address",
    REGISTRY,
    level="advisory",
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="A stolen token pulls models, or pushes somebody else's, from anywhere.",
    fix="set publicNetworkAccess to Disabled and add a PrivateEndpoint; both need sku.name Premium",
    key="network.privateEndpoints",
    equivalents=("CKV_AZURE_139",),
)
def not_public(view: View) -> Iterator[Problem]:
    """publicNetworkAccess, Enabled where it is left out (Container Registry REST API, RegistryProperties)."""
    if public(view):
        yield Problem(path="publicNetworkAccess", what="is on")


@CHECKS.add(
    "DD-REGISTRY-204",
    "A registry's firewall lets only named networks in",
    REGISTRY,
    severity="high",
    rationale="A firewall whose rules cover the internet looks closed and is not.",
    fix="set networkRuleSet.defaultAction to Deny and name your networks in ipRules",
)
def firewall_closed(view: View) -> Iterator[Problem]:
    """networkRuleSet of public registries that have one; without one that is told by the check of public addresses."""
    if not public(view) or not view.present("networkRuleSet"):
        return
    if not denies(view, "networkRuleSet.defaultAction"):
        yield Problem(path="networkRuleSet.defaultAction", what="lets every network in")
    for path, rule in view.each("networkRuleSet.ipRules"):
        if whole_world(rule.text("iPAddressOrRange")):
            yield Problem(path=f"{path}.iPAddressOrRange", what="lets the whole world in")


@CHECKS.add(
    "DD-REGISTRY-205",
    "A closed registry is reached through a private endpoint",
    REGISTRY,
    severity="high",
    joined=True,
    profiles={"dev": "advisory"},
    rationale="A node that cannot reach its registry starts no pod.",
    fix="add a PrivateEndpoint for it with the group registry",
    key="network.privateEndpoints",
)
def private_endpoint(view: View) -> Iterator[Problem]:
    """Whether a private endpoint leads to a registry without public access."""
    if not public(view) and not has_private_endpoint(view):
        yield Problem(what="is closed, and no private endpoint leads to it")


@CHECKS.add(
    "DD-REGISTRY-206",
    "Untagged images are cleaned up",
    REGISTRY,
    level="advisory",
    rationale="Each push of a serving image leaves gigabytes behind that are paid for every month.",
    fix="set policies.retentionPolicy with status enabled and days; it needs sku.name Premium",
    key="registry.deleteUntaggedAfterDays",
    equivalents=("CKV_AZURE_167",),
)
def cleans_up(view: View) -> Iterator[Problem]:
    """policies.retentionPolicy, off where it is left out (Microsoft Learn, "Retention policy for untagged manifests")."""
    if view.text("policies.retentionPolicy.status").lower() != "enabled":
        yield Problem(path="policies.retentionPolicy.status", what="is off")


@CHECKS.add(
    "DD-REGISTRY-207",
    "A registry in production outlives a zone",
    REGISTRY,
    level="advisory",
    profiles={"dev": "disabled"},
    rationale="While its zone is gone no node anywhere starts a pod whose image it has not pulled before.",
    fix="set zoneRedundancy to Enabled",
    equivalents=("CKV_AZURE_233",),
)
def outlives_zone(view: View) -> Iterator[Problem]:
    """zoneRedundancy in the stage prod; Disabled where somebody says so, as Azure turns it on by itself where a region has zones.

    Source: Microsoft Learn, "Zone redundancy in Azure Container Registry": on by default in all tiers since 2025.
    """
    if view.stage == "prod" and view.text("zoneRedundancy") == "Disabled":
        yield Problem(path="zoneRedundancy", what="is Disabled")


@CHECKS.add(
    "DD-REGISTRY-208",
    "A registry is in more than one region",
    REGISTRY,
    severity="low",
    level="disabled",
    joined=True,
    profiles={"regulated": "advisory"},
    rationale="A second region serves images while the first is down, and without traffic between regions for what runs there.",
    fix="add a Replication for it",
    equivalents=("CKV_AZURE_165",),
)
def replicated(view: View) -> Iterator[Problem]:
    """Whether a replication refers to it (Microsoft Learn, "Geo-replication in Azure Container Registry")."""
    if not beside(view, [_REPLICATION], "registryName"):
        yield Problem(what="nothing replicates it")


@CHECKS.add(
    "DD-REGISTRY-209",
    "Images are encrypted with a key of one's own",
    REGISTRY,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="Models baked into images deserve the key that their bucket has.",
    fix="set encryption with status enabled and keyVaultProperties; it cannot be added later",
    key="registry.customerKey",
)
def own_key(view: View) -> Iterator[Problem]:
    """encryption.status, disabled where it is left out (Container Registry REST API, EncryptionProperty)."""
    if view.text("encryption.status").lower() != "enabled":
        yield Problem(path="encryption.status", what="is off")


@CHECKS.add(
    "DD-REGISTRY-210",
    "Images do not leave a closed registry",
    REGISTRY,
    level="advisory",
    rationale="Who may write an import elsewhere copies images out past the closed network.",
    fix="set policies.exportPolicy.status to disabled",
    key="network.privateEndpoints",
)
def no_export(view: View) -> Iterator[Problem]:
    """exportPolicy of registries without public access, enabled where it is left out (Microsoft Learn, "Disable export of artifacts")."""
    if not public(view) and view.text("policies.exportPolicy.status").lower() != "disabled":
        yield Problem(path="policies.exportPolicy.status", what="is not disabled")


@CHECKS.add(
    "DD-REGISTRY-211",
    "Images wait until they have been scanned",
    REGISTRY,
    level="disabled",
    rationale="An image with a known hole is otherwise pulled before anybody has looked.",
    fix="set policies.quarantinePolicy.status to enabled, with a scanner that lets images go",
    equivalents=("CKV_AZURE_166",),
)
def quarantined(view: View) -> Iterator[Problem]:
    """quarantinePolicy, off where it is left out; without a scanner of one's own it holds every image back for ever."""
    if view.text("policies.quarantinePolicy.status").lower() != "enabled":
        yield Problem(path="policies.quarantinePolicy.status", what="is off")


@CHECKS.add(
    "DD-REGISTRY-212",
    "Images are scanned",
    REGISTRY,
    level="disabled",
    joined=True,
    profiles={"regulated": "advisory"},
    rationale="A model image carries years of system packages and Python wheels; nobody looks for holes in them by hand.",
    fix="add a security Pricing named Containers with pricingTier Standard, once for the subscription",
    equivalents=("CKV_AZURE_163", "CKV_AZURE_86"),
)
def scanned(view: View) -> Iterator[Problem]:
    """Whether the program turns Defender for Containers on, which may also be done elsewhere (Microsoft Learn, Defender plans)."""
    plans = [found for found in everywhere(view, [_PRICING]) if found.text("pricingName").lower() in _DEFENDER_PLANS]
    if not any(found.text("pricingTier") == "Standard" for found in plans):
        yield Problem(what="nothing in the program scans its images")


@CHECKS.add(
    "DD-REGISTRY-213",
    "Images are fetched from the registry's own addresses alone",
    REGISTRY,
    severity="low",
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="Without an address of its own for layers, clients must be let out to *.blob.core.windows.net, which is everybody's storage.",
    fix="set dataEndpointEnabled to true",
    equivalents=("CKV_AZURE_237",),
)
def data_endpoint(view: View) -> Iterator[Problem]:
    """dataEndpointEnabled, off where it is left out; Premium only (Microsoft Learn, "Dedicated data endpoints")."""
    if view.text("sku.name") == _PREMIUM and not view.flag("dataEndpointEnabled"):
        yield Problem(path="dataEndpointEnabled", what="is off")


@CHECKS.add(
    "DD-REGISTRY-214",
    "A registry tells of its images over HTTPS",
    _WEBHOOK,
    rationale="Over plain HTTP whoever stands in between reads what is deployed, and can say that something else is.",
    fix="set serviceUri to an address that begins with https://",
    equivalents=("CKV2_AZURE_30",),
)
def webhook_https(view: View) -> Iterator[Problem]:
    """serviceUri of webhooks (Container Registry REST API, WebhookPropertiesCreateParameters)."""
    if view.text("serviceUri").lower().startswith("http://"):
        yield Problem(path="serviceUri", what="is plain HTTP")
