"""Azure ML online, batch and serverless endpoints, and what scales them."""

from typing import Any

from costs.resource import Resource
from tests.costs.building import resource
from tests.policies.case import UNKNOWN, Case, made

ENDPOINT = "azure-native:machinelearningservices:OnlineEndpoint"
DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment"
BATCH = "azure-native:machinelearningservices:BatchDeployment"
SERVERLESS = "azure-native:machinelearningservices:ServerlessEndpoint"
SCALER = "azure-native:monitor:AutoscaleSetting"
OLD_SCALER = "azure-native:insights:AutoscaleSetting"
AMAZON = made("aws:sagemaker/endpoint:Endpoint")
BARE = made(ENDPOINT, {}, "bare")
ON_KUBERNETES = made(DEPLOYMENT, {"properties": {"endpointComputeType": "Kubernetes"}, "tags": {"stage": "dev"}}, "on-kubernetes")
# Microsoft Learn, sizes: NC T4 v3 have NVIDIA GPUs, DS3 v2 none.
GPU, CPU = "Standard_NC4as_T4_v3", "Standard_DS3_v2"


def endpoint(name: str = "it", **properties: Any) -> Resource:
    return made(ENDPOINT, {"properties": properties}, name)


def serverless(name: str = "it", **properties: Any) -> Resource:
    return made(SERVERLESS, {"properties": properties}, name)


def deployment(name: str = "it", stage: str = "dev", **properties: Any) -> Resource:
    return made(DEPLOYMENT, {"properties": properties, "tags": {"stage": stage}}, name)


def profile(least: object, most: object, **more: Any) -> dict[str, Any]:
    return {"capacity": {"minimum": least, "maximum": most}, **more}


def scaler(name: str, *profiles: object, of: Resource | None = None, kind: str = SCALER, enabled: object = True) -> Resource:
    properties = {"profiles": list(profiles), "enabled": enabled}
    return made(kind, properties, name, targetResourceUri=of) if of else made(kind, properties, name)


def serving(name: str, *capacities: object, stage: str = "prod", **properties: Any) -> tuple[Resource, ...]:
    of = made(ENDPOINT, {"tags": {"stage": stage}}, name)
    behind = (
        made(DEPLOYMENT, {"sku": {"capacity": capacity}, **properties}, f"{name}-{at}", endpointName=of)
        for at, capacity in enumerate(capacities)
    )
    return of, *behind


def scaled(name: str, *profiles: object, capacity: int = 2, enabled: object = True) -> tuple[Resource, ...]:
    of, behind = serving(name, capacity)
    return of, behind, scaler(f"{name}-scaler", *profiles, of=behind, enabled=enabled)


def beside_canary(main: object) -> tuple[Resource, ...]:
    of, canary, stable = serving("split", 1, 2)
    return of, canary, stable, scaler("canary", profile("1", "1"), of=canary), scaler("stable", main, of=stable)


def directed(name: str, *directions: object) -> Resource:
    return scaler(name, {"rules": [{"scaleAction": {"direction": each}} for each in directions]})


def within(mode: object, name: str) -> tuple[Resource, Resource]:
    of = made("azure-native:machinelearningservices:Workspace", {"managedNetwork": {"isolationMode": mode}}, f"of-{name}")
    return of, made(DEPLOYMENT, {"properties": {}}, name, workspaceName=of)


def imaged(name: str, size: object, image: object) -> tuple[Resource, Resource]:
    environment = made("azure-native:machinelearningservices:EnvironmentVersion", {"properties": {"image": image}}, f"{name}-image")
    return environment, resource(DEPLOYMENT, name, {"properties": {"instanceType": size}}, refers={"properties": environment.urn})


def logged(name: str, **log: object) -> tuple[Resource, Resource]:
    of = endpoint(name)
    return of, made("azure-native:monitor:DiagnosticSetting", {"logs": [log]}, f"{name}-logs", resourceUri=of)


FORGOTTEN = deployment("forgotten")
NIGHTLY = profile("1", "1", recurrence={"frequency": "Week"})
CPU_IMAGE = "mcr.microsoft.com/azureml/minimal-ubuntu22.04-py39-cpu-inference:latest"

CASES = {
    "DD-ENDPOINT-201": Case(
        violating=(BARE, endpoint(publicNetworkAccess="Enabled")),
        at=("properties.publicNetworkAccess", "properties.publicNetworkAccess"),
        passing=(endpoint(publicNetworkAccess="Disabled"),),
        unknown=(endpoint(publicNetworkAccess=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-ENDPOINT-202": Case(
        violating=(endpoint(authMode="Key"), serverless(), serverless("both", authMode="KeyAndAAD")),
        at=("properties.authMode",) * 3,
        passing=(endpoint(authMode="AADToken"), endpoint("aml", authMode="AMLToken"), serverless(authMode="AAD")),
        unknown=(endpoint(authMode=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-ENDPOINT-203": Case(
        violating=(
            *scaled("odd", {}),
            *serving("one", 1),
            *serving("silent", None),
            *scaled("shrinks", profile("2", "4"), profile("1", "1"), capacity=4),
            *serving("pods", None, properties={"endpointComputeType": "Kubernetes", "scaleSettings": {"minInstances": 1}}),
        ),
        at=("", "", "", "", ""),
        words=("has 0", *["has 1"] * 4),
        passing=(
            *serving("canary", 1, 3),
            *scaled("bounded", profile("2", "4"), capacity=1),
            *scaled("off", profile("1", "4"), enabled=False),
        ),
        unknown=serving("later", UNKNOWN),
        elsewhere=(AMAZON, *serving("dev", 1, stage="dev"), made(ENDPOINT, {"tags": {"stage": "prod"}}, "empty")),
    ),
    "DD-ENDPOINT-204": Case(
        violating=(FORGOTTEN, *scaled("off", profile("1", "4"), enabled=False)),
        at=("", ""),
        passing=(
            *scaled("on", profile("1", "4")),
            deployment("older"),
            scaler("older-scaler", profile("1", "4"), of=deployment("older"), kind=OLD_SCALER),
        ),
        unknown=scaled("later", enabled=UNKNOWN),
        elsewhere=(AMAZON, ON_KUBERNETES),
    ),
    "DD-ENDPOINT-205": Case(
        violating=(scaler("fixed", profile("2", "2")), *scaled("alone", profile("1", "1"))),
        at=("profiles.0.capacity.maximum",) * 2,
        passing=(
            *beside_canary(profile("1", "4")),
            scaler("room", profile("1", "4")),
            scaler("hours", profile("2", "2"), profile("1", "1"), kind=OLD_SCALER),
        ),
        unknown=(scaler("later", profile("2", UNKNOWN)),),
        elsewhere=(AMAZON,),
    ),
    "DD-ENDPOINT-206": Case(
        violating=(directed("grows", "Increase"),),
        at=("profiles.0.rules",),
        passing=(directed("both", "Increase", "Decrease"), directed("shrinks", "Decrease"), scaler("hours", NIGHTLY)),
        unknown=(directed("later", UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-ENDPOINT-207": Case(
        violating=(deployment(egressPublicNetworkAccess="Enabled"), *within("Disabled", "open")),
        at=("properties.egressPublicNetworkAccess",) * 2,
        passing=(deployment(egressPublicNetworkAccess="Disabled"), *within("AllowOnlyApprovedOutbound", "bound")),
        unknown=within(UNKNOWN, "later"),
        elsewhere=(AMAZON, ON_KUBERNETES),
    ),
    "DD-ENDPOINT-208": Case(
        violating=(FORGOTTEN, scaler("by-day", profile("1", "4"), of=FORGOTTEN)),
        passing=(
            FORGOTTEN,
            scaler("by-week", profile("1", "4"), NIGHTLY, of=FORGOTTEN),
            made(DEPLOYMENT, {"tags": {"stage": "dev", "ttl": "2026-12-01"}}, "ends"),
        ),
        unknown=(FORGOTTEN, made(SCALER, {"profiles": UNKNOWN}, targetResourceUri=FORGOTTEN)),
        elsewhere=(AMAZON, deployment("prod", "prod"), ON_KUBERNETES),
    ),
    "DD-ENDPOINT-209": Case(
        violating=imaged("idle", GPU, CPU_IMAGE),
        at=("properties.instanceType",),
        passing=(
            *imaged("gpu", GPU, "mcr.microsoft.com/azureml/curated/acft-hf-nlp-gpu:95"),
            *imaged("cpu", CPU, CPU_IMAGE),
            *imaged("path", GPU, "acme-cpu.azurecr.io/triton:24.08"),
        ),
        unknown=imaged("later", GPU, UNKNOWN),
        elsewhere=(AMAZON, deployment(instanceType=GPU)),
    ),
    "DD-ENDPOINT-210": Case(
        violating=(BARE, *logged("console", category="AmlOnlineEndpointConsoleLog", enabled=True)),
        at=("", ""),
        passing=(
            *logged("traffic", category="AmlOnlineEndpointTrafficLog", enabled=True),
            *logged("all", categoryGroup="allLogs", enabled=True),
        ),
        unknown=logged("later", category="AmlOnlineEndpointTrafficLog", enabled=UNKNOWN),
        elsewhere=(AMAZON,),
    ),
    "DD-ENDPOINT-211": Case(
        violating=(serverless(), serverless("off", contentSafety={"contentSafetyStatus": "Disabled"})),
        at=("properties.contentSafety.contentSafetyStatus",) * 2,
        passing=(serverless(contentSafety={"contentSafetyStatus": "Enabled"}),),
        unknown=(serverless(contentSafety=UNKNOWN),),
        elsewhere=(AMAZON, BARE),
    ),
    "DD-ENDPOINT-212": Case(
        violating=(
            deployment("prod", "prod", requestSettings={"maxConcurrentRequestsPerInstance": 4}),
            deployment("sdk", "prod", requestSettings={"requestTimeout": "PT5S"}),
        ),
        at=("properties.requestSettings.requestTimeout",) * 2,
        passing=(deployment("prod", "prod", requestSettings={"requestTimeout": UNKNOWN}),),
        unknown=None,
        why_known="a time that is known only later is one",
        elsewhere=(AMAZON, FORGOTTEN),
    ),
    "DD-ENDPOINT-213": Case(
        violating=(made(BATCH, {"properties": {"retrySettings": {"maxRetries": 0}}}),),
        at=("properties.retrySettings.maxRetries",),
        passing=(made(BATCH), made(BATCH, {"properties": {"retrySettings": {"maxRetries": 1}}}, "one")),
        unknown=(made(BATCH, {"properties": {"retrySettings": {"maxRetries": UNKNOWN}}}),),
        elsewhere=(AMAZON, BARE),
    ),
}
