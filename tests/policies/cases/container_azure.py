"""Azure Container Apps, their jobs and environments, and Container Instances."""

from typing import Any

from costs.resource import SECRET, Resource
from tests.policies.case import UNKNOWN, Case, made

APP = "azure-native:app:ContainerApp"
JOB = "azure-native:app:Job"
ENVIRONMENT = "azure-native:app:ManagedEnvironment"
GROUP = "azure-native:containerinstance:ContainerGroup"
SITE = "azure-native:web:WebApp"
SLOT = "azure-native:web:WebAppSlot"
AMAZON = made("aws:lambda/function:Function")
BARE = made(APP, {}, "bare")
BARE_GROUP = made(GROUP, {}, "bare-group")
BARE_ENVIRONMENT = made(ENVIRONMENT, {}, "bare-environment")
BARE_SITE = made(SITE, {}, "bare-site")
OPEN = made(APP, {"configuration": {"ingress": {"external": True}}}, "open")
NAMES = ("PASSWD", "SECRET", "TOKEN", "APIKEY", "ACCESS_KEY", "ACCOUNT_KEY", "PRIVATE_KEY")


def app(name: str = "it", **ingress: Any) -> Resource:
    return made(APP, {"configuration": {"ingress": ingress}}, name)


def configured(name: str = "it", **configuration: Any) -> Resource:
    return made(APP, {"configuration": configuration}, name)


def running(name: str, *containers: Any, kind: str = APP, **template: Any) -> Resource:
    return made(kind, {"template": {"containers": list(containers), **template}}, name)


def group(name: str = "it", *containers: Any, **properties: Any) -> Resource:
    return made(GROUP, {"containers": list(containers), **properties}, name)


def environment(name: str = "it", **properties: Any) -> Resource:
    return made(ENVIRONMENT, properties, name)


def site(name: str = "it", kind: str = SITE, **properties: Any) -> Resource:
    return made(kind, properties, name)


def env(name: object, value: object) -> dict[str, Any]:
    return {"env": [{"name": "LOG_LEVEL", "value": "info"}, {"name": name, "value": value}]}


def variables(name: object, **value: object) -> dict[str, Any]:
    return {"environmentVariables": [{"name": name, **value}]}


def restricted(name: str, address: object, action: str = "Allow") -> Resource:
    return app(name, external=True, ipSecurityRestrictions=[{"ipAddressRange": address, "action": action}])


def profiled(name: str, stage: str, kind: object, least: object) -> Resource:
    return environment(name, workloadProfiles=[{"workloadProfileType": kind, "minimumCount": least}], tags={"stage": stage})


CASES = {
    "DD-FUNCTION-201": Case(
        violating=(app(allowInsecure=True),),
        at=("configuration.ingress.allowInsecure",),
        passing=(BARE, app(allowInsecure=False)),
        unknown=(app(allowInsecure=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-202": Case(
        violating=(OPEN, restricted("world", "0.0.0.0/0"), restricted("denied", "192.0.2.0/24", "Deny")),
        at=("configuration.ingress.external",) * 3,
        passing=(
            restricted("named", "192.0.2.0/24"),
            app("certified", external=True, clientCertificateMode="Require"),
            OPEN,
            made("azure-native:app:ContainerAppsAuthConfig", {}, containerAppName=OPEN),
        ),
        unknown=(app(external=UNKNOWN),),
        elsewhere=(AMAZON, BARE, app("inside", external=False)),
    ),
    "DD-FUNCTION-203": Case(
        violating=(BARE, made(JOB, {}, "job"), BARE_GROUP, BARE_SITE, made(SLOT, {"identity": {"type": "None"}}, "slot")),
        at=("identity.type",) * 5,
        passing=(made(APP, {"identity": {"type": "SystemAssigned"}}), group(identity={"type": "UserAssigned"})),
        unknown=(site(identity={"type": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-204": Case(
        violating=(
            running("app", env("DB_PASSWORD", "p"), initContainers=[env("hf-token", SECRET)]),
            running("job", env("API_KEY", UNKNOWN), kind=JOB),
            group("group", {}, variables("CONNECTION_STRING", value="s")),
            group("names", *(variables(f"MY_{name}", value="s") for name in NAMES)),
        ),
        at=(
            "template.containers.0.env.1.value",
            "template.initContainers.0.env.1.value",
            "template.containers.0.env.1.value",
            "containers.1.environmentVariables.0.value",
            *(f"containers.{at}.environmentVariables.0.value" for at in range(len(NAMES))),
        ),
        passing=(
            running("ref", {"env": [{"name": "DB_PASSWORD", "secretRef": "db"}]}),
            running("words", env("TOKEN_COUNT", "512")),
            group("secure", variables("CONNECTION_STRING", secureValue=SECRET)),
        ),
        unknown=(running("later", env(UNKNOWN, "x")),),
        elsewhere=(AMAZON, BARE),
    ),
    "DD-FUNCTION-205": Case(
        violating=(configured(secrets=[{"name": "a", "keyVaultUrl": "https://v.example"}, {"name": "b", "value": SECRET}]),),
        at=("configuration.secrets.1.value",),
        passing=(BARE, configured(secrets=[{"name": "a", "keyVaultUrl": UNKNOWN}])),
        unknown=(configured(secrets=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-206": Case(
        violating=(BARE_ENVIRONMENT, BARE_GROUP),
        at=("vnetConfiguration.infrastructureSubnetId", "subnetIds"),
        passing=(environment(vnetConfiguration={"infrastructureSubnetId": UNKNOWN}), group(subnetIds=[{"id": UNKNOWN}])),
        unknown=None,
        why_known="a subnet that is known only later is one",
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-207": Case(
        violating=(group(ipAddress={"type": "Public"}),),
        at=("ipAddress.type",),
        passing=(BARE_GROUP, group(ipAddress={"type": "Private"})),
        unknown=(group(ipAddress={"type": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-208": Case(
        violating=(BARE_ENVIRONMENT, environment(publicNetworkAccess="Enabled")),
        at=("publicNetworkAccess", "publicNetworkAccess"),
        passing=(environment(publicNetworkAccess="Disabled"), environment("inside", vnetConfiguration={"internal": True})),
        unknown=(environment(publicNetworkAccess=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-209": Case(
        violating=(BARE_ENVIRONMENT,),
        at=("peerTrafficConfiguration.encryption.enabled",),
        passing=(
            environment(peerTrafficConfiguration={"encryption": {"enabled": True}}),
            environment("mutual", peerAuthentication={"mtls": {"enabled": True}}),
        ),
        unknown=(environment(peerTrafficConfiguration=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-210": Case(
        violating=(BARE_ENVIRONMENT, environment(appLogsConfiguration={"destination": "none"})),
        at=("appLogsConfiguration.destination",) * 2,
        passing=(environment(appLogsConfiguration={"destination": "azure-monitor"}),),
        unknown=(environment(appLogsConfiguration={"destination": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-211": Case(
        violating=(environment(tags={"stage": "prod"}),),
        at=("zoneRedundant",),
        passing=(environment(zoneRedundant=True, tags={"stage": "prod"}),),
        unknown=(environment(zoneRedundant=UNKNOWN, tags={"stage": "prod"}),),
        elsewhere=(AMAZON, environment(tags={"stage": "dev"})),
    ),
    "DD-FUNCTION-212": Case(
        violating=(
            configured(registries=[{"server": "a.example", "identity": "system"}, {"server": "b.example", "username": "u"}]),
            group(imageRegistryCredentials=[{"server": "b.example", "username": "u", "password": SECRET}]),
        ),
        at=("configuration.registries.1.username", "imageRegistryCredentials.0.username"),
        passing=(BARE, group(imageRegistryCredentials=[{"server": "a.example", "identity": UNKNOWN}])),
        unknown=(configured(registries=[{"username": UNKNOWN}]),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-213": Case(
        violating=(
            running("latest", {"image": "a.example:5000/triton:latest"}),
            running("none", {"image": "a.example:5000/triton"}, initContainers=[{"image": "busybox"}]),
        ),
        at=("template.containers.0.image", "template.containers.0.image", "template.initContainers.0.image"),
        passing=(running("tag", {"image": "a.example:5000/triton:24.08"}), group("digest", {"image": "triton@sha256:0"})),
        unknown=(group("later", {"image": UNKNOWN}),),
        elsewhere=(AMAZON, running("empty", {})),
    ),
    "DD-FUNCTION-214": Case(
        violating=(group("it", {"securityContext": {"privileged": True, "allowPrivilegeEscalation": True}}),),
        at=("containers.0.securityContext.privileged", "containers.0.securityContext.allowPrivilegeEscalation"),
        passing=(group("it", {}, {"securityContext": {"runAsUser": 1000}}),),
        unknown=(group("it", {"securityContext": {"privileged": UNKNOWN}}),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-223": Case(
        violating=(made(APP, {"template": {"scale": {"minReplicas": 1}}, "tags": {"stage": "dev"}}),),
        at=("template.scale.minReplicas",),
        passing=(made(APP, {"template": {"scale": {"maxReplicas": 4}}, "tags": {"stage": "dev"}}),),
        unknown=(made(APP, {"template": {"scale": {"minReplicas": UNKNOWN}}, "tags": {"stage": "dev"}}),),
        elsewhere=(AMAZON, made(APP, {"template": {"scale": {"minReplicas": 2}}, "tags": {"stage": "prod"}})),
    ),
    # Microsoft Learn, "Workload profiles": NC24-A100 has a GPU of its own, D4 none.
    "DD-FUNCTION-224": Case(
        violating=(profiled("idle", "dev", "NC24-A100", 1),),
        at=("workloadProfiles.0.minimumCount",),
        passing=(
            profiled("zero", "dev", "NC24-A100", 0),
            profiled("shared", "dev", "Consumption-GPU-NC8as-T4", None),
            profiled("silent", "dev", "NC24-A100", None),
        ),
        unknown=(profiled("later", "dev", "NC24-A100", UNKNOWN),),
        elsewhere=(AMAZON, profiled("cpu", "dev", "D4", 1), profiled("prod", "prod", "NC24-A100", 1)),
    ),
}
