"""Azure Functions and other web apps: who calls them, what they hold, how far they grow."""

from collections.abc import Iterator

from policies.azure_network import public
from policies.check import Checks, Problem
from policies.checks.container_azure import CONTAINER_APP, ENDINGS, is_secret
from policies.part import Part
from policies.view import View

CHECKS = Checks()
FUNCTION_APPS = ("azure-native:web:WebApp", "azure-native:web:WebAppSlot")
_OLD_TLS = ("1.0", "1.1")
_FROM_VAULT = "@microsoft.keyvault("


@CHECKS.add(
    "DD-FUNCTION-215",
    "A function app talks HTTPS only",
    *FUNCTION_APPS,
    severity="high",
    rationale="Over plain HTTP whoever stands in between reads what callers send, and the key that was sent with it.",
    fix="set httpsOnly to true",
    equivalents=("CKV_AZURE_70", "CKV_AZURE_14", "CKV_AZURE_153"),
)
def function_https_only(view: View) -> Iterator[Problem]:
    """httpsOnly, off where it is left out (Web Apps REST API, SiteProperties)."""
    if not view.flag("httpsOnly"):
        yield Problem(path="httpsOnly", what="is off")


@CHECKS.add(
    "DD-FUNCTION-216",
    "A function app takes TLS 1.2 or newer",
    *FUNCTION_APPS,
    severity="high",
    rationale="TLS 1.0 and 1.1 can be broken.",
    fix="leave siteConfig.minTlsVersion out, or set it to 1.2 or 1.3",
    equivalents=("CKV_AZURE_145", "CKV_AZURE_15", "CKV_AZURE_154"),
)
def function_modern_tls(view: View) -> Iterator[Problem]:
    """minTlsVersion of the app and of its deployment site, 1.2 where it is left out (Web Apps REST API, SiteConfig)."""
    for name in ("siteConfig.minTlsVersion", "siteConfig.scmMinTlsVersion"):
        if view.text(name) in _OLD_TLS:
            yield Problem(path=name, what=f"is {view.text(name)}")


@CHECKS.add(
    "DD-FUNCTION-217",
    "A function app has no public address",
    *FUNCTION_APPS,
    level="advisory",
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="What cannot be reached from the internet cannot be tried, flooded or fed with other people's keys.",
    fix="set publicNetworkAccess to Disabled, or siteConfig.ipSecurityRestrictionsDefaultAction to Deny",
    equivalents=("CKV_AZURE_221", "CKV_AZURE_222"),
)
def function_not_public(view: View) -> Iterator[Problem]:
    """publicNetworkAccess, Enabled where it is left out, and the access restrictions' default (Web Apps REST API, SiteConfig)."""
    bounded = view.text("siteConfig.ipSecurityRestrictionsDefaultAction") == "Deny"
    if public(view) and public(view, "siteConfig.publicNetworkAccess") and not bounded:
        yield Problem(path="publicNetworkAccess", what="is on")


@CHECKS.add(
    "DD-FUNCTION-218",
    "A function app stands in a network of one's own",
    *FUNCTION_APPS,
    level="advisory",
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="Outside it reaches data through the internet, past every security group.",
    fix="set virtualNetworkSubnetId",
)
def function_in_network(view: View) -> Iterator[Problem]:
    """virtualNetworkSubnetId (Web Apps REST API, SiteProperties); an app in a container environment stands in that one's."""
    if not view.present("virtualNetworkSubnetId") and not view.present("managedEnvironmentId"):
        yield Problem(path="virtualNetworkSubnetId", what="is not set")


@CHECKS.add(
    "DD-FUNCTION-219",
    "Nobody uploads code in plain text",
    *FUNCTION_APPS,
    severity="high",
    rationale="FTP sends the password and the code as they are; whoever reads them can put in theirs.",
    fix="set siteConfig.ftpsState to Disabled or FtpsOnly",
    equivalents=("CKV_AZURE_78",),
)
def no_ftp(view: View) -> Iterator[Problem]:
    """ftpsState, FtpsOnly where it is left out (Microsoft Learn, "Deploy your app using FTP/S")."""
    if view.text("siteConfig.ftpsState") == "AllAllowed":
        yield Problem(path="siteConfig.ftpsState", what="is AllAllowed")


@CHECKS.add(
    "DD-FUNCTION-220",
    "Nobody debugs a function app from afar",
    *FUNCTION_APPS,
    severity="high",
    rationale="The debugger's port reads and changes everything in the process, callers' data included.",
    fix="leave siteConfig.remoteDebuggingEnabled out",
    equivalents=("CKV_AZURE_72", "CKV_AZURE_155"),
)
def no_remote_debugging(view: View) -> Iterator[Problem]:
    """remoteDebuggingEnabled, off where it is left out (Web Apps REST API, SiteConfig)."""
    if view.flag("siteConfig.remoteDebuggingEnabled"):
        yield Problem(path="siteConfig.remoteDebuggingEnabled", what="is on")


@CHECKS.add(
    "DD-FUNCTION-221",
    "An app is not for every website",
    CONTAINER_APP,
    *FUNCTION_APPS,
    rationale="Any page that a signed-in person opens can then call it with what that person may.",
    fix="name the origins in siteConfig.cors.allowedOrigins, of container apps in configuration.ingress.corsPolicy.allowedOrigins",
    equivalents=("CKV_AZURE_57",),
)
def origins_named(view: View) -> Iterator[Problem]:
    """Allowed origins (Web Apps REST API, CorsSettings; Container Apps REST API, CorsPolicy)."""
    path = "configuration.ingress.corsPolicy" if view.resource.type == CONTAINER_APP else "siteConfig.cors"
    policy = Part(view, path)
    if "*" in policy.texts("allowedOrigins"):
        yield Problem(path=policy.at("allowedOrigins"), what="is every website")


@CHECKS.add(
    "DD-FUNCTION-222",
    "A function app's secrets stand in a vault",
    *FUNCTION_APPS,
    severity="high",
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="Settings are readable to everybody who may change the app, and stay as they are when the vault's secret is changed.",
    fix="write @Microsoft.KeyVault(SecretUri=…) as the value in siteConfig.appSettings, or use an identity",
    parameters={"endings": ENDINGS},
)
def settings_in_vault(view: View) -> Iterator[Problem]:
    """Settings whose names end as those of secrets do and that are no reference; what is found is named, never shown."""
    for setting in Part(view, "").each("siteConfig.appSettings"):
        value = view.resource.get(setting.at("value"))
        reference = isinstance(value, str) and value.lower().startswith(_FROM_VAULT)
        if is_secret(view, setting.text("name")) and setting.present("value") and not reference:
            yield Problem(path=setting.at("value"), what="is a secret by its name, and no reference to a vault")


@CHECKS.add(
    "DD-FUNCTION-225",
    "A function app has a maximum",
    *FUNCTION_APPS,
    level="advisory",
    rationale="A loop or a flood of calls otherwise runs a hundred instances, and is on the bill before anybody looks.",
    fix="set siteConfig.functionAppScaleLimit, with Flex Consumption functionAppConfig.scaleAndConcurrency.maximumInstanceCount",
)
def has_maximum(view: View) -> Iterator[Problem]:
    """The limits of function apps, 100 or 200 instances where they are left out (Microsoft Learn, "Event-driven scaling in Functions")."""
    limits = ("siteConfig.functionAppScaleLimit", "functionAppConfig.scaleAndConcurrency.maximumInstanceCount")
    if "functionapp" in view.text("kind").lower() and not any(view.present(limit) for limit in limits):
        yield Problem(path=limits[0], what="is not set")
