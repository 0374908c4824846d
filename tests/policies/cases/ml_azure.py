"""Azure Machine Learning workspaces, their compute, datastores and registries."""

from typing import Any

from costs.resource import Resource
from tests.costs.building import resource
from tests.policies.case import UNKNOWN, Case, made

WORKSPACE = "azure-native:machinelearningservices:Workspace"
COMPUTE = "azure-native:machinelearningservices:Compute"
REGISTRY = "azure-native:machinelearningservices:Registry"
DATASTORE = "azure-native:machinelearningservices:Datastore"
DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment"
SERVERLESS = "azure-native:machinelearningservices:ServerlessEndpoint"
ACCOUNT = "azure-native:storage:StorageAccount"
LINK = "azure-native:network:PrivateEndpoint"
SETTING = "azure-native:monitor:DiagnosticSetting"
AMAZON = made("aws:sagemaker/domain:Domain")
MODEL = made("azure-native:machinelearningservices:ModelVersion", {}, "llm")
BARE = made(WORKSPACE, {}, "bare")
CLOSED = made(WORKSPACE, {"publicNetworkAccess": "Disabled"}, "closed")
KUBERNETES = made(COMPUTE, {"properties": {"computeType": "Kubernetes"}}, "attached")
# Microsoft Learn, sizes: NC T4 v3 have NVIDIA GPUs, Dv5 none.
GPU, CPU = "Standard_NC4as_T4_v3", "Standard_D4s_v5"


def workspace(name: str = "ws", **properties: Any) -> Resource:
    return made(WORKSPACE, properties, name)


def isolated(mode: object, name: str = "ws") -> Resource:
    return workspace(name, managedNetwork={"isolationMode": mode})


def compute(kind: object, name: str = "", stage: str = "prod", local: object = None, **properties: Any) -> Resource:
    inside = {"computeType": kind, "disableLocalAuth": local, "properties": properties}
    return made(COMPUTE, {"properties": inside, "tags": {"stage": stage}}, name or f"a-{kind}")


def cluster(name: str = "", **properties: Any) -> Resource:
    return compute("AmlCompute", name, **properties)


def instance(name: str = "", **properties: Any) -> Resource:
    return compute("ComputeInstance", name, **properties)


def within(mode: object) -> tuple[Resource, Resource]:
    of = isolated(mode, f"of-{mode}")
    return of, made(COMPUTE, {"properties": {"computeType": "AmlCompute"}}, f"in-{mode}", workspaceName=of)


def scaled(name: str = "", **settings: object) -> Resource:
    return cluster(name, scaleSettings=settings)


def stored(name: str, impact: object, **account: object) -> tuple[Resource, Resource]:
    storage = made(ACCOUNT, account, f"storage-{name}")
    return storage, made(WORKSPACE, {"hbiWorkspace": impact}, name, storageAccount=storage)


def datastore(kind: object, name: str = "store") -> Resource:
    return made(DATASTORE, {"properties": {"datastoreType": "AzureBlob", "credentials": {"credentialsType": kind}}}, name)


def serving(model: object, name: str = "deployment") -> Resource:
    return made(DEPLOYMENT, {"properties": {"model": model}}, name)


def logged(name: str, **log: object) -> tuple[Resource, Resource]:
    of = workspace(name)
    return of, made(SETTING, {"logs": [log]}, f"{name}-logs", resourceUri=of)


CASES = {
    "DD-ML-201": Case(
        violating=(BARE, workspace(publicNetworkAccess="Enabled")),
        at=("publicNetworkAccess", "publicNetworkAccess"),
        passing=(CLOSED,),
        unknown=(workspace(publicNetworkAccess=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-202": Case(
        violating=(BARE, workspace(encryption={"status": "Disabled"})),
        at=("encryption.status", "encryption.status"),
        passing=(workspace(encryption={"status": "Enabled", "keyVaultProperties": UNKNOWN}),),
        unknown=(workspace(encryption=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-203": Case(
        violating=(CLOSED,),
        passing=(CLOSED, made(LINK, {}, privateLinkServiceConnections=CLOSED)),
        unknown=(workspace(publicNetworkAccess=UNKNOWN),),
        elsewhere=(AMAZON, BARE),
    ),
    "DD-ML-204": Case(
        violating=(BARE, isolated("Disabled")),
        at=("managedNetwork.isolationMode", "managedNetwork.isolationMode"),
        passing=(isolated("AllowInternetOutbound"), isolated("AllowOnlyApprovedOutbound", "bound")),
        unknown=(isolated(UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-205": Case(
        violating=(isolated("AllowInternetOutbound"),),
        at=("managedNetwork.isolationMode",),
        passing=(isolated("AllowOnlyApprovedOutbound"),),
        unknown=(isolated(UNKNOWN),),
        elsewhere=(AMAZON, BARE),
    ),
    "DD-ML-206": Case(
        violating=(cluster(), compute("ComputeInstance", local=False)),
        at=("properties.disableLocalAuth", "properties.disableLocalAuth"),
        passing=(compute("AmlCompute", local=True),),
        unknown=(compute("AmlCompute", local=UNKNOWN),),
        elsewhere=(AMAZON, KUBERNETES),
    ),
    "DD-ML-207": Case(
        violating=(BARE, workspace(identity={"type": "SystemAssigned"})),
        at=("identity.type", "identity.type"),
        passing=(workspace(identity={"type": "UserAssigned"}), workspace("both", identity={"type": "SystemAssigned,UserAssigned"})),
        unknown=(workspace(identity={"type": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-208": Case(
        violating=stored("open", True),
        at=("storageAccount",),
        passing=stored("closed", True, publicNetworkAccess="Disabled"),
        unknown=stored("later", True, publicNetworkAccess=UNKNOWN),
        elsewhere=(AMAZON, *stored("ordinary", False), workspace(hbiWorkspace=True, storageAccount="theirs")),
    ),
    "DD-ML-209": Case(
        violating=(BARE, workspace(systemDatastoresAuthMode="AccessKey")),
        at=("systemDatastoresAuthMode", "systemDatastoresAuthMode"),
        passing=(workspace(systemDatastoresAuthMode="Identity"), workspace("user", systemDatastoresAuthMode="UserDelegationSAS")),
        unknown=(workspace(systemDatastoresAuthMode=UNKNOWN),),
        elsewhere=(AMAZON, workspace(kind="Project")),
    ),
    "DD-ML-210": Case(
        violating=tuple(datastore(kind, kind) for kind in ("AccountKey", "Sas", "ServicePrincipal")),
        at=("properties.credentials.credentialsType",) * 3,
        passing=(datastore("None"), made(DATASTORE, {}, "silent")),
        unknown=(datastore(UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-211": Case(
        violating=(scaled(minNodeCount=1, maxNodeCount=4),),
        at=("properties.properties.scaleSettings.minNodeCount",),
        passing=(scaled(minNodeCount=0, maxNodeCount=4), cluster("silent")),
        unknown=(scaled(minNodeCount=UNKNOWN),),
        elsewhere=(AMAZON, instance(scaleSettings={"minNodeCount": 1})),
    ),
    "DD-ML-212": Case(
        violating=(
            scaled("long", nodeIdleTimeBeforeScaleDown="PT1H"),
            scaled("days", nodeIdleTimeBeforeScaleDown="P1D"),
            scaled("seconds", nodeIdleTimeBeforeScaleDown="PT1860S"),
        ),
        at=("properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown",) * 3,
        passing=(scaled("half", nodeIdleTimeBeforeScaleDown="PT30M"), cluster("silent"), scaled("s", nodeIdleTimeBeforeScaleDown="PT120S")),
        unknown=(scaled(nodeIdleTimeBeforeScaleDown=UNKNOWN),),
        elsewhere=(AMAZON, instance(scaleSettings={"nodeIdleTimeBeforeScaleDown": "PT5H"})),
    ),
    "DD-ML-213": Case(
        violating=(instance("never"), instance("late", idleTimeBeforeShutdown="PT3H1M")),
        at=("properties.properties.idleTimeBeforeShutdown",) * 2,
        passing=(instance(idleTimeBeforeShutdown="PT3H"),),
        unknown=(instance(idleTimeBeforeShutdown=UNKNOWN),),
        elsewhere=(AMAZON, cluster()),
    ),
    "DD-ML-214": Case(
        violating=(cluster(), instance(), *within("Disabled")),
        at=("properties.properties.subnet",) * 3,
        passing=(cluster(subnet={"id": UNKNOWN}), *within("AllowInternetOutbound")),
        unknown=within(UNKNOWN),
        elsewhere=(AMAZON, KUBERNETES),
    ),
    "DD-ML-215": Case(
        violating=(cluster(), instance(enableNodePublicIp=True), *within("Disabled")),
        at=("properties.properties.enableNodePublicIp",) * 3,
        passing=(cluster(enableNodePublicIp=False), *within("AllowOnlyApprovedOutbound")),
        unknown=(cluster(enableNodePublicIp=UNKNOWN),),
        elsewhere=(AMAZON, KUBERNETES),
    ),
    "DD-ML-216": Case(
        violating=(cluster(remoteLoginPortPublicAccess="Enabled"), instance(sshSettings={"sshPublicAccess": "Enabled"})),
        at=("properties.properties.remoteLoginPortPublicAccess", "properties.properties.sshSettings.sshPublicAccess"),
        passing=(cluster(remoteLoginPortPublicAccess="Disabled"), cluster("silent"), instance()),
        unknown=(instance(sshSettings={"sshPublicAccess": UNKNOWN}),),
        elsewhere=(AMAZON, instance(remoteLoginPortPublicAccess="Enabled"), cluster(sshSettings={"sshPublicAccess": "Enabled"})),
    ),
    "DD-ML-217": Case(
        violating=(instance(), instance("shared", applicationSharingPolicy="Shared")),
        at=("properties.properties.applicationSharingPolicy",) * 2,
        passing=(instance(applicationSharingPolicy="Personal"),),
        unknown=(instance(applicationSharingPolicy=UNKNOWN),),
        elsewhere=(AMAZON, cluster()),
    ),
    "DD-ML-218": Case(
        violating=(
            serving("azureml://registries/anybody/models/llm/versions/1"),
            made(SERVERLESS, {"properties": {"modelSettings": {"modelId": "azureml://registries/HuggingFace/models/x"}}}),
        ),
        at=("properties.model", "properties.modelSettings.modelId"),
        passing=(
            serving("azureml://registries/azureml/models/llm/versions/1"),
            made(SERVERLESS, {"properties": {"modelSettings": {"modelId": "azureml://registries/azureml-meta/models/x"}}}),
        ),
        unknown=(serving(UNKNOWN),),
        elsewhere=(
            AMAZON,
            serving("/subscriptions/1/resourceGroups/g/providers/x/workspaces/w/models/llm/versions/1"),
            MODEL,
            resource(DEPLOYMENT, "own", {"properties": {"model": UNKNOWN}}, refers={"properties": MODEL.urn}),
        ),
    ),
    "DD-ML-219": Case(
        violating=(BARE, *logged("off", category="AmlComputeJobEvent", enabled=False)),
        at=("", ""),
        passing=(*logged("one", category="AmlComputeJobEvent", enabled=True), *logged("all", categoryGroup="allLogs", enabled=True)),
        unknown=logged("later", category="AmlComputeJobEvent", enabled=UNKNOWN),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-220": Case(
        violating=(made(REGISTRY),),
        at=("publicNetworkAccess",),
        passing=(made(REGISTRY, {"publicNetworkAccess": "Disabled"}),),
        unknown=(made(REGISTRY, {"publicNetworkAccess": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-221": Case(
        violating=(cluster("silent", stage="dev", vmSize=GPU), cluster("said", stage="staging", vmSize=GPU, vmPriority="Dedicated")),
        at=("properties.properties.vmPriority",) * 2,
        passing=(cluster(stage="dev", vmSize=GPU, vmPriority="LowPriority"),),
        unknown=(cluster(stage="dev", vmSize=GPU, vmPriority=UNKNOWN),),
        elsewhere=(AMAZON, cluster("prod", vmSize=GPU), cluster("cpu", stage="dev", vmSize=CPU), instance(stage="dev", vmSize=GPU)),
    ),
}
