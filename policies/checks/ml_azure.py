"""Azure Machine Learning workspaces and compute: who reaches them, what leaves them, what they cost while nobody uses them."""

import re
from collections.abc import Iterator

from policies.azure_machines import accelerator
from policies.azure_network import has_private_endpoint, public, recorded
from policies.check import Checks, Problem
from policies.checks.storage_azure import ACCOUNT
from policies.joins import sources
from policies.view import View

CHECKS = Checks()
WORKSPACE = "azure-native:machinelearningservices:Workspace"
COMPUTE = "azure-native:machinelearningservices:Compute"
REGISTRY = "azure-native:machinelearningservices:Registry"
_DATASTORE = "azure-native:machinelearningservices:Datastore"
_DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment"
_SERVERLESS = "azure-native:machinelearningservices:ServerlessEndpoint"
_MODEL = "azure-native:machinelearningservices:ModelVersion"
_CLUSTER, _INSTANCE = "AmlCompute", "ComputeInstance"
_BOUND = "AllowOnlyApprovedOutbound"
_ISOLATED = ("AllowInternetOutbound", _BOUND)
# Minutes of the parts of an ISO 8601 duration that Azure ML writes: P1DT2H30M15S.
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_MINUTES = (24 * 60, 60, 1, 1 / 60)


@CHECKS.add(
    "DD-ML-201",
    "A workspace has no public address",
    WORKSPACE,
    severity="high",
    level="advisory",
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="With a stolen token anybody can run jobs in it, on its GPUs and with its data.",
    fix="set publicNetworkAccess to Disabled and add a PrivateEndpoint",
    key="network.privateEndpoints",
    equivalents=("CKV_AZURE_144", "CKV2_AZURE_49"),
)
def not_public(view: View) -> Iterator[Problem]:
    """publicNetworkAccess (Microsoft Learn, "Configure a private endpoint for an Azure ML workspace")."""
    if public(view):
        yield Problem(path="publicNetworkAccess", what="is on")


@CHECKS.add(
    "DD-ML-202",
    "A workspace's data is encrypted with a key of one's own",
    WORKSPACE,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="With Microsoft's key nobody can watch who decrypts runs and metrics, nor take the key away.",
    fix="set encryption with status Enabled and keyVaultProperties; it cannot be added later",
)
def own_key(view: View) -> Iterator[Problem]:
    """encryption, off where it is left out (Microsoft Learn, "Customer-managed keys for Azure Machine Learning")."""
    if view.text("encryption.status", "Disabled") != "Enabled":
        yield Problem(path="encryption.status", what="is not Enabled")


@CHECKS.add(
    "DD-ML-203",
    "A closed workspace is reached through a private endpoint",
    WORKSPACE,
    level="advisory",
    joined=True,
    profiles={"regulated": "mandatory"},
    rationale="A workspace without a public address and without a private one is reached by nobody, until somebody opens it.",
    fix="add a PrivateEndpoint for it with the group amlworkspace",
    key="network.privateEndpoints",
    equivalents=("CKV_AZURE_243",),
)
def private_endpoint(view: View) -> Iterator[Problem]:
    """Whether a private endpoint leads to a workspace without public access."""
    if not public(view) and not has_private_endpoint(view):
        yield Problem(what="is closed, and no private endpoint leads to it")


@CHECKS.add(
    "DD-ML-204",
    "What runs in a workspace stands in a network of its own",
    WORKSPACE,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Without one jobs and endpoints reach data over public addresses, which then have to be open.",
    fix="set managedNetwork.isolationMode to AllowOnlyApprovedOutbound, or AllowInternetOutbound",
)
def network_of_its_own(view: View) -> Iterator[Problem]:
    """isolationMode, Disabled where it is left out (Microsoft Learn, "Workspace managed virtual network isolation")."""
    if view.text("managedNetwork.isolationMode", "Disabled") not in _ISOLATED:
        yield Problem(path="managedNetwork.isolationMode", what="is Disabled")


@CHECKS.add(
    "DD-ML-205",
    "Nothing leaves a workspace but to where it may",
    WORKSPACE,
    level="advisory",
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="A package that a job installs can otherwise send the data that the job reads anywhere.",
    fix="set managedNetwork.isolationMode to AllowOnlyApprovedOutbound, with rules for what is needed",
)
def bounded_outbound(view: View) -> Iterator[Problem]:
    """isolationMode of workspaces in a managed network (Microsoft Learn, "Workspace managed virtual network isolation")."""
    mode = view.text("managedNetwork.isolationMode", "Disabled")
    if mode in _ISOLATED and mode != _BOUND:
        yield Problem(path="managedNetwork.isolationMode", what=f"is {mode}")


@CHECKS.add(
    "DD-ML-206",
    "Nobody logs on to compute with a password or key of its own",
    COMPUTE,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A local user is nobody's in the directory: who leaves the team still gets in.",
    fix="set properties.disableLocalAuth to true",
    equivalents=("CKV_AZURE_142",),
)
def no_local_auth(view: View) -> Iterator[Problem]:
    """disableLocalAuth of clusters and instances, off where it is left out (Azure ML REST API, Compute)."""
    if _is(view, _CLUSTER, _INSTANCE) and not view.flag("properties.disableLocalAuth"):
        yield Problem(path="properties.disableLocalAuth", what="is off")


@CHECKS.add(
    "DD-ML-207",
    "A workspace acts with an identity that outlives it",
    WORKSPACE,
    severity="low",
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="The roles of an identity of one's own can be reviewed before the workspace is there, and stay when it is made anew.",
    fix="set identity.type to UserAssigned, with userAssignedIdentities and primaryUserAssignedIdentity",
)
def user_assigned(view: View) -> Iterator[Problem]:
    """identity.type (Microsoft Learn, "Set up authentication between Azure ML and other services")."""
    kind = view.text("identity.type", "None")
    if "UserAssigned" not in kind:
        yield Problem(path="identity.type", what=f"is {kind}")


@CHECKS.add(
    "DD-ML-208",
    "The storage of a workspace with sensitive data is not public",
    WORKSPACE,
    severity="critical",
    joined=True,
    rationale="Who says that the data is of high business impact, and leaves its storage open, has said it to nobody.",
    fix="set publicNetworkAccess of the storage account to Disabled",
    equivalents=("CKV2_AZURE_50",),
)
def sensitive_storage_closed(view: View) -> Iterator[Problem]:
    """publicNetworkAccess of the storage of workspaces with hbiWorkspace, if the program declares it (Azure ML REST API, Workspace)."""
    for account in sources(view, "storageAccount", [ACCOUNT]):
        if view.flag("hbiWorkspace") and public(account):
            yield Problem(path="storageAccount", what=f"is {account.resource.name}, which has a public address")


@CHECKS.add(
    "DD-ML-209",
    "A workspace reads its storage as whoever asks",
    WORKSPACE,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="With the account's key in the workspace everybody who may run a job may read everything in the account.",
    fix="set systemDatastoresAuthMode to Identity",
)
def storage_by_identity(view: View) -> Iterator[Problem]:
    """systemDatastoresAuthMode, AccessKey where it is left out (Azure ML REST API, SystemDatastoresAuthMode)."""
    mode = view.text("systemDatastoresAuthMode", "AccessKey")
    if mode == "AccessKey" and not _is_part(view):
        yield Problem(path="systemDatastoresAuthMode", what=f"is {mode}")


@CHECKS.add(
    "DD-ML-210",
    "A datastore keeps no key",
    _DATASTORE,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A key or signature in a datastore is handed to every job, and to everybody who may read the workspace's secrets.",
    fix="set properties.credentials.credentialsType to None and give the reader's identity a role on the storage",
)
def datastore_without_key(view: View) -> Iterator[Problem]:
    """credentialsType of datastores (Azure ML REST API, DatastoreCredentials)."""
    kind = view.text("properties.credentials.credentialsType", "None")
    if kind in ("AccountKey", "Sas", "ServicePrincipal"):
        yield Problem(path="properties.credentials.credentialsType", what=f"is {kind}")


@CHECKS.add(
    "DD-ML-211",
    "A compute cluster goes to zero",
    COMPUTE,
    rationale="Its nodes are paid for while no job runs, by the hour, on GPUs mostly.",
    fix="set properties.properties.scaleSettings.minNodeCount to 0",
    equivalents=("CKV_AZURE_150",),
)
def goes_to_zero(view: View) -> Iterator[Problem]:
    """minNodeCount of clusters, 0 where it is left out (Azure ML REST API, ScaleSettings)."""
    path = "properties.properties.scaleSettings.minNodeCount"
    least = view.number(path, 0) or 0
    if _is(view, _CLUSTER) and least > 0:
        yield Problem(path=path, what=f"is {least:.0f}")


@CHECKS.add(
    "DD-ML-212",
    "A compute cluster does not wait long for the next job",
    COMPUTE,
    level="advisory",
    rationale="Every node waits this long after every job, and is paid for meanwhile.",
    fix="set properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown to PT10M or less",
    parameters={"mostMinutes": 30},
)
def scales_down_soon(view: View) -> Iterator[Problem]:
    """nodeIdleTimeBeforeScaleDown of clusters, two minutes where it is left out (Microsoft Learn, "Create compute clusters")."""
    path = "properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown"
    minutes = _minutes(view.text(path, "PT2M"))
    if _is(view, _CLUSTER) and minutes > view.parameters["mostMinutes"]:
        yield Problem(path=path, what=f"is {minutes:.0f} minutes")


@CHECKS.add(
    "DD-ML-213",
    "A compute instance stops when nobody uses it",
    COMPUTE,
    rationale="An instance left on over a weekend costs as much as a month of the work that was done on it.",
    fix="set properties.properties.idleTimeBeforeShutdown, such as PT60M",
    parameters={"mostMinutes": 180},
)
def stops_when_idle(view: View) -> Iterator[Problem]:
    """idleTimeBeforeShutdown of instances, never where it is left out (Azure ML REST API, ComputeInstanceProperties)."""
    path = "properties.properties.idleTimeBeforeShutdown"
    if not _is(view, _INSTANCE):
        return
    idle = view.text(path)
    if not idle:
        yield Problem(path=path, what="is not set, and it never stops")
    elif _minutes(idle) > view.parameters["mostMinutes"]:
        yield Problem(path=path, what=f"is {_minutes(idle):.0f} minutes")


@CHECKS.add(
    "DD-ML-214",
    "Compute stands in a network of one's own",
    COMPUTE,
    severity="high",
    joined=True,
    profiles={"dev": "advisory"},
    rationale="Outside it reaches data through the internet, past every security group.",
    fix="set properties.properties.subnet.id, or managedNetwork.isolationMode of its workspace",
)
def compute_in_network(view: View) -> Iterator[Problem]:
    """subnet of clusters and instances, unless their workspace, which the program must declare, has a managed network."""
    if _is(view, _CLUSTER, _INSTANCE) and not view.present("properties.properties.subnet.id") and not in_managed_network(view):
        yield Problem(path="properties.properties.subnet", what="is not set")


@CHECKS.add(
    "DD-ML-215",
    "Compute has no public address",
    COMPUTE,
    severity="high",
    joined=True,
    profiles={"dev": "advisory"},
    rationale="What has no public address cannot be tried from the internet, whatever its security group says.",
    fix="set properties.properties.enableNodePublicIp to false",
)
def compute_not_public(view: View) -> Iterator[Problem]:
    """enableNodePublicIp of clusters and instances, on where it is left out (Azure ML REST API); a managed network has none."""
    path = "properties.properties.enableNodePublicIp"
    if _is(view, _CLUSTER, _INSTANCE) and view.flag(path, default=True) and not in_managed_network(view):
        yield Problem(path=path, what="is on")


@CHECKS.add(
    "DD-ML-216",
    "Compute is not open to SSH",
    COMPUTE,
    severity="high",
    rationale="An open port 22 on a machine with data on it is found and tried within hours.",
    fix="set remoteLoginPortPublicAccess of clusters, sshSettings.sshPublicAccess of instances, to Disabled",
)
def no_open_ssh(view: View) -> Iterator[Problem]:
    """The two switches; NotSpecified opens the port outside a network (Azure ML REST API, RemoteLoginPortPublicAccess)."""
    cluster, instance = "properties.properties.remoteLoginPortPublicAccess", "properties.properties.sshSettings.sshPublicAccess"
    if _is(view, _CLUSTER) and view.text(cluster) == "Enabled":
        yield Problem(path=cluster, what="is Enabled")
    if _is(view, _INSTANCE) and view.text(instance) == "Enabled":
        yield Problem(path=instance, what="is Enabled")


@CHECKS.add(
    "DD-ML-217",
    "What runs on a compute instance is its owner's alone",
    COMPUTE,
    level="advisory",
    rationale="Shared, everybody in the workspace can open its notebooks and terminal, and acts as its owner.",
    fix="set properties.properties.applicationSharingPolicy to Personal",
)
def not_shared(view: View) -> Iterator[Problem]:
    """applicationSharingPolicy, Shared where it is left out (Azure ML REST API, ApplicationSharingPolicy)."""
    path = "properties.properties.applicationSharingPolicy"
    if _is(view, _INSTANCE) and view.text(path, "Shared") == "Shared":
        yield Problem(path=path, what="is Shared")


@CHECKS.add(
    "DD-ML-218",
    "Models come from registries that are allowed",
    _DEPLOYMENT,
    _SERVERLESS,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A model file from anybody's registry runs code when it is loaded, with the endpoint's identity.",
    fix="name a model of your own workspace, or of a registry in the parameter",
    parameters={"registries": ("azureml", "azureml-meta", "azureml-mistral", "azure-openai")},
)
def allowed_registries(view: View) -> Iterator[Problem]:
    """The registry in azureml://registries/NAME/models/… against the parameter; a model of the program's own workspace is in none.

    The same rule in Azure Policy: "Azure Machine Learning Deployments should only use approved Registry Models".
    """
    if sources(view, "properties", [_MODEL]):
        return
    path = "properties.model" if view.resource.type == _DEPLOYMENT else "properties.modelSettings.modelId"
    found = re.match(r"azureml://registries/([^/]+)/", view.text(path))
    if found and found[1] not in view.parameters["registries"]:
        yield Problem(path=path, what=f"comes from the registry {found[1]}")


@CHECKS.add(
    "DD-ML-219",
    "What happens in a workspace is recorded",
    WORKSPACE,
    level="advisory",
    joined=True,
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="Without logs nobody can say who ran what on which data.",
    fix="add a DiagnosticSetting for it with the category group audit or allLogs",
)
def recorded_events(view: View) -> Iterator[Problem]:
    """Whether a diagnostic setting records anything of it (Microsoft Learn, "Monitor Azure Machine Learning", resource logs)."""
    if recorded(view):
        yield Problem(what="nothing records what happens in it")


@CHECKS.add(
    "DD-ML-220",
    "A registry of models has no public address",
    REGISTRY,
    level="advisory",
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="A registry holds the models of every team: with a stolen token anybody can take them, or put theirs beside them.",
    fix="set publicNetworkAccess to Disabled and add a PrivateEndpoint",
)
def registry_not_public(view: View) -> Iterator[Problem]:
    """publicNetworkAccess (Microsoft Learn, "Network isolation with Azure Machine Learning registries")."""
    if public(view):
        yield Problem(path="publicNetworkAccess", what="is on")


@CHECKS.add(
    "DD-ML-221",
    "Training outside production takes machines that cost less",
    COMPUTE,
    severity="low",
    level="advisory",
    rationale="Low-priority GPUs cost a fraction, and a job that saves checkpoints goes on where it was taken away.",
    fix="set properties.properties.vmPriority to LowPriority",
)
def low_priority(view: View) -> Iterator[Problem]:
    """vmPriority of clusters with accelerators, Dedicated where it is left out, in any stage but prod (Azure ML REST API, VmPriority)."""
    path = "properties.properties.vmPriority"
    dear = _is(view, _CLUSTER) and accelerator(view.text("properties.properties.vmSize"))
    if view.stage != "prod" and dear and view.text(path, "Dedicated") == "Dedicated":
        yield Problem(path=path, what="is Dedicated")


def in_managed_network(view: View) -> bool:
    """Whether the workspace that a resource belongs to, if the program declares it, stands in a managed network. Raises Undecided."""
    workspace = view.referred("workspaceName", WORKSPACE)
    return workspace is not None and workspace.text("managedNetwork.isolationMode", "Disabled") in _ISOLATED


def _is(compute: View, *kinds: str) -> bool:
    return compute.text("properties.computeType") in kinds


def _is_part(workspace: View) -> bool:
    """A project takes its hub's storage, and says nothing of its own (Microsoft Learn, "Hubs and projects")."""
    return workspace.text("kind").lower() == "project"


def _minutes(duration: str) -> float:
    found = _DURATION.fullmatch(duration)
    parts = found.groups() if found else ()
    return sum(int(part) * minutes for part, minutes in zip(parts, _MINUTES, strict=False) if part)
