"""Azure Machine Learning workspaces, their datastores, registries and models."""

from typing import Any

from costs.resource import Resource
from tests.costs.building import resource
from tests.policies.case import UNKNOWN, Case, made

WORKSPACE = "azure-native:machinelearningservices:Workspace"
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


def workspace(name: str = "ws", **properties: Any) -> Resource:
    return made(WORKSPACE, properties, name)


def isolated(mode: object, name: str = "ws") -> Resource:
    return workspace(name, managedNetwork={"isolationMode": mode})


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
}
