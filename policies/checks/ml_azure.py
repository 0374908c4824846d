"""Azure Machine Learning workspaces: who reaches them, what leaves them, which models they run."""

import re
from collections.abc import Iterator

from policies.azure_network import has_private_endpoint, public, recorded
from policies.check import Checks, Problem
from policies.checks.storage_azure import ACCOUNT
from policies.joins import sources
from policies.view import View

CHECKS = Checks()
WORKSPACE = "azure-native:machinelearningservices:Workspace"
REGISTRY = "azure-native:machinelearningservices:Registry"
_DATASTORE = "azure-native:machinelearningservices:Datastore"
_DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment"
_SERVERLESS = "azure-native:machinelearningservices:ServerlessEndpoint"
_MODEL = "azure-native:machinelearningservices:ModelVersion"
_BOUND = "AllowOnlyApprovedOutbound"
_ISOLATED = ("AllowInternetOutbound", _BOUND)


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
    key="network.privateEndpoints",
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
    "DD-ML-218",
    "Models come from registries that are allowed",
    _DEPLOYMENT,
    _SERVERLESS,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A model file from anybody's registry runs code when it is loaded, with the endpoint's identity.",
    fix="name a model of your own workspace, or of a registry in the parameter",
    key="models.<name>.artifact",
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


def in_managed_network(view: View) -> bool:
    """Whether the workspace that a resource belongs to, if the program declares it, stands in a managed network. Raises Undecided."""
    workspace = view.referred("workspaceName", WORKSPACE)
    return workspace is not None and workspace.text("managedNetwork.isolationMode", "Disabled") in _ISOLATED


def _is_part(workspace: View) -> bool:
    """A project takes its hub's storage, and says nothing of its own (Microsoft Learn, "Hubs and projects")."""
    return workspace.text("kind").lower() == "project"
