"""Amazon SageMaker notebooks and Studio domains: machines on which people run code that nobody has read."""

from collections.abc import Iterator

from policies.check import Checks, Problem
from policies.checks.iam_aws import ROLE, too_powerful
from policies.view import View

CHECKS = Checks()
NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance"
DOMAIN = "aws:sagemaker/domain:Domain"
_APPS = ("jupyterLabAppSettings", "codeEditorAppSettings")


@CHECKS.add(
    "DD-NOTEBOOK-001",
    "A notebook's disk is encrypted with a key of one's own",
    NOTEBOOK,
    profiles={"dev": "advisory"},
    rationale="Samples of every dataset and credentials of every person end up on this disk.",
    fix="set kmsKeyId",
    equivalents=("CKV_AWS_22", "sagemaker-notebook-instance-kms-key-configured"),
)
def disk_has_key(view: View) -> Iterator[Problem]:
    """kmsKeyId (Amazon SageMaker API, CreateNotebookInstance)."""
    if not view.present("kmsKeyId"):
        yield Problem(path="kmsKeyId", what="is not set")


@CHECKS.add(
    "DD-NOTEBOOK-002",
    "A notebook has no way of its own to the internet",
    NOTEBOOK,
    severity="high",
    rationale="Past the network's own ways out nobody sees what leaves, and nothing stops it.",
    fix="set directInternetAccess to Disabled, with subnetId and securityGroups",
    equivalents=("CKV_AWS_122", "sagemaker-notebook-no-direct-internet-access"),
)
def no_direct_internet(view: View) -> Iterator[Problem]:
    """directInternetAccess, Enabled where it is left out (Amazon SageMaker API, CreateNotebookInstance)."""
    if view.text("directInternetAccess") != "Disabled":
        yield Problem(path="directInternetAccess", what="is not Disabled")


@CHECKS.add(
    "DD-NOTEBOOK-003",
    "A notebook stands in a network of one's own",
    NOTEBOOK,
    severity="high",
    rationale="Outside it reaches data through the internet, past every security group.",
    fix="set subnetId",
    equivalents=("CKV_AWS_306", "sagemaker-notebook-instance-inside-vpc"),
)
def in_own_network(view: View) -> Iterator[Problem]:
    """subnetId (Amazon SageMaker API, CreateNotebookInstance)."""
    if not view.present("subnetId"):
        yield Problem(path="subnetId", what="is not set")


@CHECKS.add(
    "DD-NOTEBOOK-004",
    "Nobody is root on a notebook",
    NOTEBOOK,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Root can take away what the lifecycle configuration set up: idle shutdown, proxies, logging.",
    fix="set rootAccess to Disabled",
    equivalents=("CKV_AWS_307", "sagemaker-notebook-instance-root-access-check"),
)
def nobody_is_root(view: View) -> Iterator[Problem]:
    """rootAccess, Enabled where it is left out (Amazon SageMaker API, CreateNotebookInstance)."""
    if view.text("rootAccess") != "Disabled":
        yield Problem(path="rootAccess", what="is not Disabled")


@CHECKS.add(
    "DD-NOTEBOOK-005",
    "A notebook hands out its credentials to sessions only",
    NOTEBOOK,
    severity="high",
    rationale="The metadata service's first version gives the role to whoever can make a process on it send one request.",
    fix="set instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion to 2",
    equivalents=("CKV_AWS_371",),
)
def metadata_needs_session(view: View) -> Iterator[Problem]:
    """The least version, 1 where it is left out (Amazon SageMaker API, InstanceMetadataServiceConfiguration)."""
    path = "instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion"
    if view.text(path) != "2":
        yield Problem(path=path, what="is not 2")


@CHECKS.add(
    "DD-NOTEBOOK-006",
    "A notebook's platform is one that AWS still patches",
    NOTEBOOK,
    rationale="On an older platform neither the system nor Jupyter gets fixes.",
    fix="set platformIdentifier to notebook-al2023-v1",
    equivalents=("sagemaker-notebook-instance-platform-version",),
    parameters={"platforms": ("notebook-al2-v3", "notebook-al2023-v1")},
)
def platform_supported(view: View) -> Iterator[Problem]:
    """platformIdentifier against the parameter; left out, SageMaker takes an old one (Security Hub, SageMaker.8; SageMaker API)."""
    platform = view.text("platformIdentifier")
    if platform not in view.parameters["platforms"]:
        yield Problem(path="platformIdentifier", what=f"is {platform or 'not set'}")


@CHECKS.add(
    "DD-NOTEBOOK-007",
    "A notebook's role may not do everything",
    NOTEBOOK,
    severity="critical",
    joined=True,
    rationale="Whoever opens the notebook, and whatever package it installs, has all that its role may.",
    fix="give the role a policy of the actions and buckets that are needed",
    equivalents=("CKV2_AWS_68",),
)
def role_is_bounded(view: View) -> Iterator[Problem]:
    """The role, where the program declares it, with a policy of AWS's for full access or one that allows everything."""
    role = view.referred("roleArn", ROLE)
    if role is None:
        return
    found = too_powerful(role)
    if found:
        yield Problem(path="roleArn", what=f"is {role.resource.name}, which has {found}")


@CHECKS.add(
    "DD-NOTEBOOK-008",
    "A domain's files are encrypted with a key of one's own",
    DOMAIN,
    profiles={"dev": "advisory"},
    rationale="The home directories of everybody in the domain lie on one file system.",
    fix="set kmsKeyId; it cannot be changed later",
    equivalents=("CKV_AWS_187",),
)
def domain_has_key(view: View) -> Iterator[Problem]:
    """kmsKeyId (Amazon SageMaker API, CreateDomain)."""
    if not view.present("kmsKeyId"):
        yield Problem(path="kmsKeyId", what="is not set")


@CHECKS.add(
    "DD-NOTEBOOK-009",
    "A domain's apps use the network of one's own",
    DOMAIN,
    severity="high",
    rationale="By default apps reach the internet through a network of AWS's, where nobody sees what leaves.",
    fix="set appNetworkAccessType to VpcOnly",
    equivalents=("sagemaker-domain-in-vpc",),
)
def domain_in_network(view: View) -> Iterator[Problem]:
    """appNetworkAccessType, PublicInternetOnly where it is left out (Amazon SageMaker API, CreateDomain)."""
    if view.text("appNetworkAccessType") != "VpcOnly":
        yield Problem(path="appNetworkAccessType", what="is not VpcOnly")


@CHECKS.add(
    "DD-NOTEBOOK-010",
    "Apps that nobody uses are shut down",
    DOMAIN,
    level="advisory",
    rationale="A GPU space left open over a weekend costs more than the week's training.",
    fix="set appLifecycleManagement.idleSettings.lifecycleManagement to ENABLED with idleTimeoutInMinutes, such as 120",
    parameters={"minutes": 720},
)
def idle_apps_end(view: View) -> Iterator[Problem]:
    """Idle shutdown of JupyterLab and Code Editor, off where it is left out (Amazon SageMaker API, IdleSettings), within minutes."""
    for app in _APPS:
        path = f"defaultUserSettings.{app}.appLifecycleManagement.idleSettings"
        minutes = view.number(f"{path}.idleTimeoutInMinutes")
        if view.text(f"{path}.lifecycleManagement") != "ENABLED":
            yield Problem(path=f"{path}.lifecycleManagement", what="is not ENABLED")
        elif minutes is None or minutes > view.parameters["minutes"]:
            yield Problem(path=f"{path}.idleTimeoutInMinutes", what=f"is more than {view.parameters['minutes']:.0f}, or not set")


@CHECKS.add(
    "DD-NOTEBOOK-011",
    "A notebook has something that shuts it down",
    NOTEBOOK,
    level="advisory",
    rationale="A notebook instance is billed until somebody stops it: at night, on weekends, and after its owner has left.",
    fix="set lifecycleConfigName to a configuration that stops it when it is idle, or use Studio with idle shutdown",
)
def idle_notebook_ends(view: View) -> Iterator[Problem]:
    """Whether a lifecycle configuration is named, which is the only way to stop an idle one (AWS, "auto-stop-idle")."""
    if not view.present("lifecycleConfigName"):
        yield Problem(path="lifecycleConfigName", what="is not set")
