"""Clusters and their nodes: logs that are kept, disks that are encrypted, credentials for sessions alone."""

from collections.abc import Iterator, Sequence

from policies.aws_machines import LAUNCH_TEMPLATE
from policies.azure_machines import CLUSTER as AZURE
from policies.check import Change, Problem
from policies.checks.cluster_aws import CLUSTER as AWS
from policies.checks.node_pool_aws import INSTANCE
from policies.gcp_nodes import CLUSTER as GOOGLE
from policies.gcp_nodes import NODE_POOL
from policies.remediation import Remedies, add, put
from policies.view import View

REMEDIES = Remedies()
# Source: Amazon EKS API, LogSetup.
_LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")
_SYSTEM = "SYSTEM_COMPONENTS"
# What GKE writes to where nothing is said. Source: GKE API, Cluster, loggingService and monitoringService.
_SERVICES = {"loggingService": "logging.googleapis.com/kubernetes", "monitoringService": "monitoring.googleapis.com/kubernetes"}


@REMEDIES.add("DD-CLUSTER-001", AWS)
def audit_logs(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """The control plane goes on while its logs are turned on; they are written to CloudWatch, which bills for them."""
    yield from _enabled(view, view.parameters["logs"])


@REMEDIES.add("DD-CLUSTER-002", AWS)
def all_logs(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """The control plane goes on while its logs are turned on; they are written to CloudWatch, which bills for them."""
    yield from _enabled(view, _LOGS)


@REMEDIES.add("DD-CLUSTER-117", GOOGLE)
def writes_logs(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """It is what GKE does where nothing is said; nodes and control plane go on, and system logs cost nothing up to a free amount."""
    yield from _kept(view, problems)


@REMEDIES.add("DD-CLUSTER-118", GOOGLE)
def is_watched(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """It is what GKE does where nothing is said; nodes and control plane go on, and metrics of the system cost nothing."""
    yield from _kept(view, problems)


@REMEDIES.add("DD-CLUSTER-215", AZURE)
def secrets_fetched_again(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Pods go on with the files that they have mounted, whose content follows the vault from then on."""
    yield from put(problems, "true")


@REMEDIES.add("DD-CLUSTER-223", AZURE)
def images_cleaned(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Only images go that no pod uses and that have known holes; what needs one again has it pulled (Microsoft Learn, "Image Cleaner")."""
    yield from put(problems, True)


@REMEDIES.add("DD-NODEPOOL-002", LAUNCH_TEMPLATE, INSTANCE)
def metadata_needs_session(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """No machine restarts for it, and AWS's SDKs and agents have asked by sessions for years; it can be turned back."""
    yield from put(problems, "required")


@REMEDIES.add("DD-NODEPOOL-004", LAUNCH_TEMPLATE)
def disks_encrypted(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """A template speaks of machines that are yet to be launched; with AWS's own key every role that launches them may use it."""
    # An image's own root disk cannot be seen from here: without its name no setting of it can be written.
    yield from put([problem for problem in problems if problem.path.endswith(".encrypted")], "true")


@REMEDIES.add("DD-NODEPOOL-103", NODE_POOL)
def repairs(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Only a node that does not answer for minutes is made anew; those that work are left alone, and it is on where nothing is said."""
    yield from put(problems, True)


def _enabled(view: View, kinds: Sequence[str]) -> Iterator[Change]:
    path = "enabledClusterLogTypes"
    enabled = [kind.text("") for _, kind in view.each(path)]
    yield from add(view, path, *(kind for kind in kinds if kind not in enabled))


def _kept(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    for problem in problems:
        if problem.path in _SERVICES:
            yield Change(path=problem.path, value=_SERVICES[problem.path])
        else:
            yield from add(view, problem.path, _SYSTEM)
