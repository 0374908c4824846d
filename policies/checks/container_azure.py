"""Azure Container Apps and Container Instances: who calls them, what they hold, what runs in them."""

from collections.abc import Iterator

from policies.azure_machines import accelerator
from policies.azure_network import public, whole_world
from policies.check import Checks, Problem
from policies.joins import beside
from policies.part import Part
from policies.view import View

CHECKS = Checks()
CONTAINER_APP = "azure-native:app:ContainerApp"
JOB = "azure-native:app:Job"
ENVIRONMENT = "azure-native:app:ManagedEnvironment"
CONTAINER_GROUP = "azure-native:containerinstance:ContainerGroup"
# How names of variables end that hold secrets.
ENDINGS = ("PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "ACCESS_KEY", "ACCOUNT_KEY", "PRIVATE_KEY", "CONNECTION_STRING")
_FUNCTION_APPS = ("azure-native:web:WebApp", "azure-native:web:WebAppSlot")
_AUTHENTICATION = "azure-native:app:ContainerAppsAuthConfig"


@CHECKS.add(
    "DD-FUNCTION-201",
    "A container app talks HTTPS only",
    CONTAINER_APP,
    severity="high",
    rationale="Over plain HTTP whoever stands in between reads what callers send, and the token that was sent with it.",
    fix="leave configuration.ingress.allowInsecure out",
)
def app_https_only(view: View) -> Iterator[Problem]:
    """allowInsecure, off where it is left out (Container Apps REST API, Ingress)."""
    if view.flag("configuration.ingress.allowInsecure"):
        yield Problem(path="configuration.ingress.allowInsecure", what="is on")


@CHECKS.add(
    "DD-FUNCTION-202",
    "A container app on the internet asks who calls",
    CONTAINER_APP,
    severity="high",
    level="advisory",
    joined=True,
    profiles={"regulated": "mandatory"},
    rationale="A model that answers everybody works for everybody, on your GPUs.",
    fix="set configuration.ingress.external to false, name networks in ipSecurityRestrictions, or add a ContainerAppsAuthConfig",
)
def app_asks(view: View) -> Iterator[Problem]:
    """Apps with external ingress that no network rule, client certificate or sign-in bounds (Container Apps REST API, Ingress)."""
    ingress = Part(view, "configuration.ingress")
    if not ingress.flag("external") or ingress.text("clientCertificateMode").lower() == "require":
        return
    rules = list(ingress.each("ipSecurityRestrictions"))
    allowed = [rule.text("ipAddressRange") for rule in rules if rule.text("action") == "Allow"]
    named = bool(allowed) and not any(map(whole_world, allowed))
    if not named and not beside(view, [_AUTHENTICATION], "containerAppName"):
        yield Problem(path=ingress.at("external"), what="is on, and nothing bounds who calls")


@CHECKS.add(
    "DD-FUNCTION-203",
    "What runs on Azure without servers has an identity of its own",
    CONTAINER_APP,
    JOB,
    CONTAINER_GROUP,
    *_FUNCTION_APPS,
    rationale="Without one it reaches models and data with keys that somebody has to keep, and that are in its settings.",
    fix="set identity.type to SystemAssigned or UserAssigned",
    equivalents=("CKV2_AZURE_28", "CKV_AZURE_71"),
)
def has_identity(view: View) -> Iterator[Problem]:
    """identity.type, None where it is left out (REST APIs of Container Apps, Container Instances and Web Apps)."""
    if view.text("identity.type", "None") == "None":
        yield Problem(path="identity.type", what="is None")


@CHECKS.add(
    "DD-FUNCTION-204",
    "No secret stands in a container's variables",
    CONTAINER_APP,
    JOB,
    CONTAINER_GROUP,
    severity="critical",
    rationale="Variables are readable in the portal, in the stack's state and to everybody who may read the resource.",
    fix="use secretRef, of container groups secureValue, or let the identity read it from Key Vault",
    equivalents=("CKV_AZURE_235",),
    parameters={"endings": ENDINGS},
)
def no_plain_secrets(view: View) -> Iterator[Problem]:
    """Variables with a plain value whose names end as those of secrets do; what is found is named, never shown."""
    for container in _containers(view):
        for variable in container.each("environmentVariables" if view.resource.type == CONTAINER_GROUP else "env"):
            if is_secret(view, variable.text("name")) and variable.present("value"):
                yield Problem(path=variable.at("value"), what="is a secret by its name, in plain sight")


@CHECKS.add(
    "DD-FUNCTION-205",
    "A container app's secrets stand in a vault",
    CONTAINER_APP,
    JOB,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="A secret that is written into the app is in the stack's state, and stays as it is when the vault's is changed.",
    fix="set keyVaultUrl and identity in place of value in configuration.secrets",
)
def secrets_in_vault(view: View) -> Iterator[Problem]:
    """Secrets with a value of their own (Container Apps REST API, Secret)."""
    for secret in Part(view, "").each("configuration.secrets"):
        if secret.present("value"):
            yield Problem(path=secret.at("value"), what="is written into the app")


@CHECKS.add(
    "DD-FUNCTION-206",
    "Container apps and instances stand in a network of one's own",
    ENVIRONMENT,
    CONTAINER_GROUP,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Outside it they reach data through the internet, past every security group.",
    fix="set vnetConfiguration.infrastructureSubnetId, of container groups subnetIds; it cannot be changed later",
    equivalents=("CKV_AZURE_98", "CKV_AZURE_245"),
)
def in_own_network(view: View) -> Iterator[Problem]:
    """The subnet (REST APIs of Container Apps, VnetConfiguration, and of Container Instances, ContainerGroupSubnetId)."""
    path = "subnetIds" if view.resource.type == CONTAINER_GROUP else "vnetConfiguration.infrastructureSubnetId"
    if not view.present(path):
        yield Problem(path=path, what="is not set")


@CHECKS.add(
    "DD-FUNCTION-207",
    "A container group has no public address",
    CONTAINER_GROUP,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Its ports are open to the world as they are: there is no firewall in front, and no TLS.",
    fix="set ipAddress.type to Private, with subnetIds, or leave ipAddress out",
)
def group_not_public(view: View) -> Iterator[Problem]:
    """ipAddress.type (Container Instances REST API, IpAddress)."""
    if view.text("ipAddress.type") == "Public":
        yield Problem(path="ipAddress.type", what="is Public")


@CHECKS.add(
    "DD-FUNCTION-208",
    "An environment of container apps has no public address",
    ENVIRONMENT,
    level="advisory",
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="What no app can be reached at from the internet, no app's mistake opens.",
    fix="set publicNetworkAccess to Disabled, or vnetConfiguration.internal to true",
)
def environment_not_public(view: View) -> Iterator[Problem]:
    """publicNetworkAccess, Enabled where it is left out, and vnetConfiguration.internal (Container Apps REST API, ManagedEnvironment)."""
    if public(view) and not view.flag("vnetConfiguration.internal"):
        yield Problem(path="publicNetworkAccess", what="is on")


@CHECKS.add(
    "DD-FUNCTION-209",
    "Container apps talk to each other encrypted",
    ENVIRONMENT,
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="Between the proxy and the app, and between apps, requests otherwise go in plain text.",
    fix="set peerTrafficConfiguration.encryption.enabled to true",
)
def peers_encrypted(view: View) -> Iterator[Problem]:
    """The switch, off where it is left out (Container Apps REST API, ManagedEnvironment), or mutual TLS, which goes further."""
    if not view.flag("peerTrafficConfiguration.encryption.enabled") and not view.flag("peerAuthentication.mtls.enabled"):
        yield Problem(path="peerTrafficConfiguration.encryption.enabled", what="is off")


@CHECKS.add(
    "DD-FUNCTION-210",
    "Container apps' logs are kept",
    ENVIRONMENT,
    level="advisory",
    rationale="Without a place for them logs are gone with the replica that wrote them.",
    fix="set appLogsConfiguration.destination to azure-monitor or log-analytics",
)
def logs_kept(view: View) -> Iterator[Problem]:
    """appLogsConfiguration.destination (Microsoft Learn, "Log storage and monitoring options in Azure Container Apps")."""
    destination = view.text("appLogsConfiguration.destination")
    if destination in ("", "none"):
        yield Problem(path="appLogsConfiguration.destination", what="is none")


@CHECKS.add(
    "DD-FUNCTION-211",
    "Container apps in production outlive a zone",
    ENVIRONMENT,
    level="advisory",
    profiles={"dev": "disabled"},
    rationale="All replicas of an app may otherwise stand in one zone, and go with it.",
    fix="set zoneRedundant to true; it cannot be changed later",
)
def outlive_zone(view: View) -> Iterator[Problem]:
    """zoneRedundant in the stage prod, off where it is left out (Microsoft Learn, "Reliability in Azure Container Apps")."""
    if view.stage == "prod" and not view.flag("zoneRedundant"):
        yield Problem(path="zoneRedundant", what="is off")


@CHECKS.add(
    "DD-FUNCTION-212",
    "Images are pulled with an identity, not a password",
    CONTAINER_APP,
    JOB,
    CONTAINER_GROUP,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A registry's password is in the stack's state, and the app stops starting on the day when somebody changes it.",
    fix="set identity of the registry, and give that identity the role AcrPull",
)
def pulls_by_identity(view: View) -> Iterator[Problem]:
    """Registries with a user name (REST APIs of Container Apps, RegistryCredentials, and Container Instances, ImageRegistryCredential)."""
    path = "imageRegistryCredentials" if view.resource.type == CONTAINER_GROUP else "configuration.registries"
    for registry in Part(view, "").each(path):
        if registry.text("username"):
            yield Problem(path=registry.at("username"), what="is pulled for with a password")


@CHECKS.add(
    "DD-FUNCTION-213",
    "A container's image is the one that was tried",
    CONTAINER_APP,
    JOB,
    CONTAINER_GROUP,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Where tags move, a restart runs another image than the one that was tried, and nobody can go back.",
    fix="name the image by digest, or by a tag other than latest",
)
def image_fixed(view: View) -> Iterator[Problem]:
    """Images by the tag latest, or by none, which is the same (OCI distribution specification); a digest has a colon too."""
    for container in _containers(view):
        image = container.text("image")
        name = image.rpartition("/")[2]
        if image and (":" not in name or name.endswith(":latest")):
            yield Problem(path=container.at("image"), what="is whatever was pushed last")


@CHECKS.add(
    "DD-FUNCTION-214",
    "No container of a group may do everything on its machine",
    CONTAINER_GROUP,
    severity="critical",
    rationale="A privileged container's hole is its machine's, and every other container's on it.",
    fix="leave securityContext.privileged and allowPrivilegeEscalation out",
)
def not_privileged(view: View) -> Iterator[Problem]:
    """The two switches, off where they are left out (Container Instances REST API, SecurityContextDefinition)."""
    for container in _containers(view):
        for name in ("securityContext.privileged", "securityContext.allowPrivilegeEscalation"):
            if container.flag(name):
                yield Problem(path=container.at(name), what="is on")


@CHECKS.add(
    "DD-FUNCTION-223",
    "A container app rests outside production",
    CONTAINER_APP,
    level="advisory",
    rationale="A replica that waits for calls all night is paid for all night; in development a cold start hurts nobody.",
    fix="leave template.scale.minReplicas out, or set it to 0",
)
def rests(view: View) -> Iterator[Problem]:
    """minReplicas in any stage but prod, 0 where it is left out and something scales it (Container Apps REST API, Scale)."""
    least = view.number("template.scale.minReplicas")
    if view.stage != "prod" and least:
        yield Problem(path="template.scale.minReplicas", what=f"is {least:.0f}")


@CHECKS.add(
    "DD-FUNCTION-224",
    "GPUs of container apps go to zero outside production",
    ENVIRONMENT,
    severity="high",
    level="advisory",
    rationale="A dedicated GPU profile is paid for by its nodes, whether an app runs on them or not.",
    fix="set workloadProfiles.minimumCount to 0, or use a consumption profile such as Consumption-GPU-NC8as-T4",
)
def gpus_to_zero(view: View) -> Iterator[Problem]:
    """minimumCount of dedicated GPU profiles in any stage but prod (Microsoft Learn, "Workload profiles in Azure Container Apps")."""
    for profile in Part(view, "").each("workloadProfiles"):
        least = profile.number("minimumCount")
        # Such as NC24-A100, which is the machine Standard_NC24….
        if view.stage != "prod" and least and accelerator(f"Standard_{profile.text('workloadProfileType')}"):
            yield Problem(path=profile.at("minimumCount"), what=f"is {least:.0f}")


def is_secret(view: View, name: str) -> bool:
    """Whether a variable's name ends as one of the parameter `endings`."""
    return name.upper().replace("-", "_").endswith(tuple(view.parameters["endings"]))


def _containers(view: View) -> Iterator[Part]:
    """Every container, those that run first included. Raises Undecided."""
    inside = "" if view.resource.type == CONTAINER_GROUP else "template"
    for name in ("containers", "initContainers"):
        yield from Part(view, inside).each(name)
