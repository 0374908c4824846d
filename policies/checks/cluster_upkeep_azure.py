"""Azure Kubernetes Service control planes: how they are watched, upgraded and supported."""

from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatchcase

from catalogue.kubernetes_versions import KubernetesVersion, kubernetes_versions
from policies.azure_machines import CLUSTER, has_add_on, is_automatic
from policies.azure_network import recorded
from policies.check import Checks, Problem
from policies.joins import beside, everywhere
from policies.view import View

CHECKS = Checks()
_MAINTENANCE = "azure-native:containerservice:MaintenanceConfiguration"
_LONG_TERM = "AKSLongTermSupport"
_PAID = ("Standard", "Premium")
_COLLECTORS = ("azure-native:monitor:DataCollectionRuleAssociation", "azure-native:insights:DataCollectionRuleAssociation")


@CHECKS.add(
    "DD-CLUSTER-209",
    "The control plane writes its audit logs",
    CLUSTER,
    severity="high",
    joined=True,
    profiles={"dev": "advisory"},
    rationale="Without them nobody can say who changed what in the cluster, or tried to.",
    fix="add a DiagnosticSetting for it with the category kube-audit-admin",
    key="cluster.auditLogs",
    equivalents=("CKV_AZURE_4", "AZU-0040"),
)
def writes_audit_logs(view: View) -> Iterator[Problem]:
    """Whether a diagnostic setting records who asked the API for what (Microsoft Learn, "AKS monitoring data reference")."""
    if recorded(view, ["kube-audit"], "audit") and recorded(view, ["kube-audit-admin"], "audit"):
        yield Problem(what="nothing records kube-audit-admin")


@CHECKS.add(
    "DD-CLUSTER-210",
    "Somebody sees how a cluster's nodes and pods are",
    CLUSTER,
    level="advisory",
    joined=True,
    profiles={"dev": "disabled"},
    rationale="A node that is full, or a pod that starts over and over, is otherwise found by the people who call the model.",
    fix="set addonProfiles.omsagent, or azureMonitorProfile.metrics.enabled, or install Prometheus in it",
    equivalents=("CKV_AZURE_4", "AZU-0040"),
    parameters={"charts": ("*prometheus*", "*opentelemetry*", "*datadog*", "*exporter*")},
)
def watched(view: View) -> Iterator[Problem]:
    """Container insights, managed Prometheus, a data collection rule, or a chart of the program that collects metrics."""
    azure = has_add_on(view, "omsagent") or view.flag("azureMonitorProfile.metrics.enabled") or beside(view, _COLLECTORS)
    if not azure and not _collects(view):
        yield Problem(what="nothing collects metrics of its nodes and pods")


@CHECKS.add(
    "DD-CLUSTER-213",
    "A cluster gets its fixes by itself",
    CLUSTER,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A patch that waits for somebody's afternoon waits for months, and a version that nobody upgrades drops out of support.",
    fix="set autoUpgradeProfile.upgradeChannel to patch",
    key="cluster.upgradeChannel",
    equivalents=("CKV_AZURE_171",),
)
def upgrades_itself(view: View) -> Iterator[Problem]:
    """upgradeChannel, none where it is left out (AKS REST API, ManagedClusterAutoUpgradeProfile)."""
    if not is_automatic(view) and view.text("autoUpgradeProfile.upgradeChannel", "none") == "none":
        yield Problem(path="autoUpgradeProfile.upgradeChannel", what="is none")


@CHECKS.add(
    "DD-CLUSTER-214",
    "Nodes get fixes of their system by themselves",
    CLUSTER,
    severity="high",
    rationale="A node that runs for months has every hole of its kernel and container runtime that was found meanwhile.",
    fix="set autoUpgradeProfile.nodeOSUpgradeChannel to NodeImage or SecurityPatch",
)
def nodes_patched(view: View) -> Iterator[Problem]:
    """nodeOSUpgradeChannel, NodeImage where it is left out (AKS REST API, ManagedClusterAutoUpgradeProfile)."""
    channel = view.text("autoUpgradeProfile.nodeOSUpgradeChannel", "NodeImage")
    if channel in ("None", "Unmanaged"):
        yield Problem(path="autoUpgradeProfile.nodeOSUpgradeChannel", what=f"is {channel}")


@CHECKS.add(
    "DD-CLUSTER-216",
    "A control plane in production has an SLA",
    CLUSTER,
    severity="high",
    rationale="A free control plane promises nothing, and is slow with more than ten nodes or so.",
    fix="set sku.tier to Standard",
    equivalents=("CKV_AZURE_170",),
)
def has_sla(view: View) -> Iterator[Problem]:
    """sku.tier in the stage prod, Free where it is left out (AKS REST API, ManagedClusterSKU)."""
    tier = view.text("sku.tier", "Free")
    if view.stage == "prod" and not is_automatic(view) and tier not in _PAID:
        yield Problem(path="sku.tier", what=f"is {tier}, in production")


@CHECKS.add(
    "DD-CLUSTER-217",
    "The Kubernetes version is supported",
    CLUSTER,
    severity="high",
    rationale="Past its support a version gets no fixes, and Azure helps with nothing until it is upgraded.",
    fix="set kubernetesVersion to one in support, one minor version at a time",
    key="cluster.version",
    parameters={"asOf": ""},
)
def version_supported(view: View) -> Iterator[Problem]:
    """kubernetesVersion against AKS's calendar in the catalogue, on the day asOf, today where it is empty; left out, AKS chooses."""
    version = ".".join(view.text("kubernetesVersion").split(".")[:2])
    if not version:
        return
    known = kubernetes_versions("azure")
    found = next((each for each in known if each.version == version), None)
    if found and _end(view, found) < _day(view):
        yield Problem(path="kubernetesVersion", what=f"is {version}, whose support ended on {_end(view, found)}")
    elif _minor(version) < min(_minor(each.version) for each in known):
        yield Problem(path="kubernetesVersion", what=f"is {version}, which AKS no longer supports")


@CHECKS.add(
    "DD-CLUSTER-218",
    "Long-term support is not paid for before it is needed",
    CLUSTER,
    severity="low",
    level="advisory",
    rationale="The tier that it needs costs six times as much for each hour of the control plane.",
    fix="set supportPlan to KubernetesOfficial and sku.tier to Standard until the version's own support ends",
    key="cluster.upgradeChannel",
    parameters={"asOf": ""},
)
def no_early_long_term(view: View) -> Iterator[Problem]:
    """supportPlan of a version that is in standard support on the day asOf (Microsoft Learn, "Long-term support for AKS versions")."""
    version = ".".join(view.text("kubernetesVersion").split(".")[:2])
    found = next((each for each in kubernetes_versions("azure") if each.version == version), None)
    if view.text("supportPlan") == _LONG_TERM and found and found.end_of_standard_support >= _day(view):
        what = f"is {_LONG_TERM}, though {version} is in standard support until {found.end_of_standard_support}"
        yield Problem(path="supportPlan", what=what)


@CHECKS.add(
    "DD-CLUSTER-223",
    "Images that nobody uses leave the nodes",
    CLUSTER,
    severity="low",
    level="advisory",
    rationale="Old images with known holes stay on a node's disk, where any pod of the node can start them, and fill it.",
    fix="set securityProfile.imageCleaner.enabled to true",
)
def images_cleaned(view: View) -> Iterator[Problem]:
    """imageCleaner, off where it is left out (Microsoft Learn, "Use Image Cleaner on AKS")."""
    if not is_automatic(view) and not view.flag("securityProfile.imageCleaner.enabled"):
        yield Problem(path="securityProfile.imageCleaner.enabled", what="is off")


@CHECKS.add(
    "DD-CLUSTER-227",
    "A cluster upgrades itself when nobody works with it",
    CLUSTER,
    level="advisory",
    joined=True,
    rationale="An upgrade restarts every node, trainings included, and Azure begins it at any hour unless told when.",
    fix="add a MaintenanceConfiguration such as aksManagedAutoUpgradeSchedule for it",
    key="cluster.maintenance",
)
def has_maintenance_window(view: View) -> Iterator[Problem]:
    """Whether a maintenance window refers to a cluster that upgrades itself (Microsoft Learn, "Planned maintenance for AKS")."""
    itself = view.text("autoUpgradeProfile.upgradeChannel", "none") != "none"
    if itself and not beside(view, [_MAINTENANCE], "resourceName"):
        yield Problem(what="upgrades itself at any hour")


@CHECKS.add(
    "DD-CLUSTER-228",
    "A cluster's load balancer is one that is supported",
    CLUSTER,
    rationale="Basic load balancers are retired: no zones, no SLA, no outbound rules, no authorised ranges.",
    fix="leave networkProfile.loadBalancerSku out, or set it to standard",
)
def standard_balancer(view: View) -> Iterator[Problem]:
    """loadBalancerSku, standard where it is left out (AKS REST API; Microsoft Learn, "Upgrade from Basic Load Balancer")."""
    if view.text("networkProfile.loadBalancerSku", "standard").lower() == "basic":
        yield Problem(path="networkProfile.loadBalancerSku", what="is basic")


def _collects(view: View) -> bool:
    charts = everywhere(view, ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart"])
    return any(fnmatchcase(chart.text("chart").lower(), pattern) for chart in charts for pattern in view.parameters["charts"])


def _end(view: View, version: KubernetesVersion) -> str:
    long_term = view.text("supportPlan") == _LONG_TERM and version.end_of_extended_support
    return long_term or version.end_of_standard_support


def _day(view: View) -> str:
    return str(view.parameters["asOf"]) or date.today().isoformat()


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
