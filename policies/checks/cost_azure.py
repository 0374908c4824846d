"""What Azure bills for nothing: machines of old generations, logs kept for years, tiers and firewalls that development does not need."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from policies.azure_machines import AGENT_POOL, CLUSTER, accelerator, facts, pools
from policies.check import Checks, Problem
from policies.checks.endpoint_azure import DEPLOYMENT
from policies.checks.ml_azure import WORKSPACE
from policies.checks.ml_compute_azure import COMPUTE
from policies.checks.storage_azure import ACCOUNT
from policies.part import Part
from policies.view import View

CHECKS = Checks()
MACHINE = "azure-native:compute:VirtualMachine"
SCALE_SET = "azure-native:compute:VirtualMachineScaleSet"
LOGS = "azure-native:operationalinsights:Workspace"
INSIGHTS = ("azure-native:applicationinsights:Component", "azure-native:insights:Component")
DISK = "azure-native:compute:Disk"
PLAN = "azure-native:web:AppServicePlan"
_SIZES = {
    MACHINE: "hardwareProfile.vmSize",
    SCALE_SET: "sku.name",
    DEPLOYMENT: "properties.instanceType",
    COMPUTE: "properties.properties.vmSize",
}
# What came after each series, the narrowest pattern first. Source: Microsoft Learn, "Previous generations of virtual machine sizes" and
# "Retired and announced sizes", from general knowledge.
_SUCCESSORS = {
    "Standard_NC[0-9]*_Promo": "NCasT4_v3",
    "Standard_NC*s_v2": "NCads_A100_v4",
    "Standard_NC*s_v3": "NCads_A100_v4 or NCads_H100_v5",
    "Standard_NC6": "NCasT4_v3",
    "Standard_NC12": "NCasT4_v3",
    "Standard_NC24": "NCasT4_v3",
    "Standard_NC24r": "NCads_A100_v4",
    "Standard_ND[0-9]s": "NCads_A100_v4",
    "Standard_ND[0-9][0-9]*s": "NCads_A100_v4",
    "Standard_ND40rs_v2": "NDm_A100_v4 or ND_H100_v5",
    "Standard_NV[0-9]*s_v3": "NVadsA10_v5",
    "Standard_NV[0-9]*as_v4": "NVadsA10_v5",
    "Standard_NV6": "NVadsA10_v5",
    "Standard_NV12": "NVadsA10_v5",
    "Standard_NV24": "NVadsA10_v5",
    "Standard_A[0-9]*": "Dlsv6 or Dplsv6",
    "Standard_D[0-9]": "Dsv6 or Dpsv6",
    "Standard_D[0-9][0-9]": "Dsv6 or Dpsv6",
    "Standard_DS[0-9]": "Dsv6 or Dpsv6",
    "Standard_DS[0-9][0-9]": "Dsv6 or Dpsv6",
    "Standard_D[0-9]_v2": "Dsv6 or Dpsv6",
    "Standard_D[0-9][0-9]_v2": "Dsv6 or Dpsv6",
    "Standard_DS[0-9]_v2": "Dsv6 or Dpsv6",
    "Standard_DS[0-9][0-9]_v2": "Dsv6 or Dpsv6",
    "Standard_F[0-9]": "Falsv6",
    "Standard_F[0-9]s": "Falsv6",
    "Standard_F[0-9][0-9]": "Falsv6",
    "Standard_F[0-9][0-9]s": "Falsv6",
    "Standard_G[0-9]": "Esv6",
    "Standard_GS[0-9]": "Esv6",
    "Standard_L[0-9]s": "Lsv3",
    "Standard_L[0-9][0-9]s": "Lsv3",
    "Standard_L*s_v2": "Lsv3",
}
_ALWAYS_ON = ("elasticpremium", "premium", "premiumv2", "premiumv3", "isolated", "isolatedv2")


@CHECKS.add(
    "DD-COST-201",
    "Machines are of a generation that is still made",
    CLUSTER,
    AGENT_POOL,
    *_SIZES,
    level="advisory",
    rationale="An old generation costs more for the same work, its capacity is no longer extended, and some day it is switched off.",
    fix="name a size of the newer series",
    key="nodePools.<name>.machine, endpoints.<name>.machine",
)
def current_generation(view: View) -> Iterator[Problem]:
    """Every machine size that is named, against the series that followed."""
    for path, size in _sizes(view):
        successor = next((newer for pattern, newer in _SUCCESSORS.items() if fnmatchcase(size, pattern)), None)
        if successor:
            yield Problem(path=path, what=f"is {size}; newer: {successor}")


@CHECKS.add(
    "DD-COST-202",
    "Nodes run on Arm where they can",
    CLUSTER,
    AGENT_POOL,
    severity="low",
    level="disabled",
    rationale="The same work costs a fifth less on Arm, if every image of the pool is built for it.",
    fix="set vmSize to one of a series with p, such as Dpsv6",
    key="nodePools.<name>.architecture",
)
def runs_on_arm(view: View) -> Iterator[Problem]:
    """Pools of x86 machines without accelerators; only who knows the images can say (Microsoft Learn, "Use Arm-based VMs in AKS")."""
    for pool in pools(view):
        found = facts(pool.size)
        if found and found.architecture == "amd64" and not accelerator(pool.size):
            yield Problem(path=pool.at("vmSize"), what=f"is {pool.size}, which is x86")


@CHECKS.add(
    "DD-COST-203",
    "Logs end some day",
    LOGS,
    *INSIGHTS,
    level="advisory",
    rationale="After the first month every gigabyte is paid for each month again, read or not.",
    fix="set retentionInDays, and move what must be kept longer to a storage account or to long-term retention",
    key="cluster.logRetentionDays",
    parameters={"mostDays": 365},
)
def logs_end(view: View) -> Iterator[Problem]:
    """retentionInDays, 30 where it is left out, of Application Insights 90 (Microsoft Learn, "Manage data retention in Log Analytics")."""
    days = view.number("retentionInDays")
    if days is not None and days > view.parameters["mostDays"]:
        yield Problem(path="retentionInDays", what=f"is {days:.0f}")


@CHECKS.add(
    "DD-COST-204",
    "Logs of development have a daily maximum",
    LOGS,
    level="advisory",
    profiles={"prod": "disabled", "regulated": "disabled"},
    rationale="One debug switch left on writes hundreds of gigabytes in a night, at about three dollars each.",
    fix="set workspaceCapping.dailyQuotaGb",
)
def logs_capped(view: View) -> Iterator[Problem]:
    """dailyQuotaGb in any stage but prod, none where it is left out or -1 (Log Analytics REST API, WorkspaceCapping)."""
    most = view.number("workspaceCapping.dailyQuotaGb")
    if view.stage != "prod" and (most is None or most < 0):
        yield Problem(path="workspaceCapping.dailyQuotaGb", what="is not set")


@CHECKS.add(
    "DD-COST-205",
    "Development does not pay for a firewall of the larger kind",
    WORKSPACE,
    level="advisory",
    rationale="A workspace that lets out to named hosts has an Azure Firewall of its own: Standard costs three times what Basic does.",
    fix="set managedNetwork.firewallSku to Basic",
)
def small_firewall(view: View) -> Iterator[Problem]:
    """firewallSku in any stage but prod, Standard where it is left out (Microsoft Learn, "Workspace managed network", pricing)."""
    bounded = view.text("managedNetwork.isolationMode") == "AllowOnlyApprovedOutbound"
    if view.stage != "prod" and bounded and view.text("managedNetwork.firewallSku", "Standard") != "Basic":
        yield Problem(path="managedNetwork.firewallSku", what="is Standard, outside production")


@CHECKS.add(
    "DD-COST-206",
    "A control plane of development is the free one",
    CLUSTER,
    severity="low",
    level="advisory",
    rationale="The SLA of a cluster that nobody depends on costs about 70 dollars a month, of the Premium tier about 430.",
    fix="set sku.tier to Free",
)
def free_control_plane(view: View) -> Iterator[Problem]:
    """sku.tier in the stage dev (Microsoft Learn, "Free, Standard, and Premium pricing tiers for AKS"); AKS Automatic has none."""
    tier = view.text("sku.tier", "Free")
    if view.stage == "dev" and view.text("sku.name") != "Automatic" and tier != "Free":
        yield Problem(path="sku.tier", what=f"is {tier}, in development")


@CHECKS.add(
    "DD-COST-207",
    "Data of development is stored once",
    ACCOUNT,
    level="advisory",
    rationale="A copy in a second region doubles what each gigabyte costs, and each write to it is paid for as traffic.",
    fix="set sku.name to Standard_LRS or Standard_ZRS",
    key="storage.<name>.redundancy",
)
def stored_once(view: View) -> Iterator[Problem]:
    """Geo-redundant skus in the stage dev (Microsoft Learn, "Azure Storage redundancy")."""
    name = view.text("sku.name")
    if view.stage == "dev" and ("GRS" in name or "GZRS" in name):
        yield Problem(path="sku.name", what=f"is {name}, in development")


@CHECKS.add(
    "DD-COST-208",
    "Disks are of the kind that is paid for as it is used",
    DISK,
    severity="low",
    level="advisory",
    rationale="Premium SSD is paid for by steps of its size, each with its speed; version 2 by the gigabyte, and is cheaper.",
    fix="set sku.name to PremiumV2_LRS",
)
def premium_v2(view: View) -> Iterator[Problem]:
    """Data disks of Premium_LRS; a system disk cannot be of version 2 (Microsoft Learn, "Azure managed disk types")."""
    if view.text("sku.name") == "Premium_LRS" and not view.present("osType"):
        yield Problem(path="sku.name", what="is Premium_LRS")


@CHECKS.add(
    "DD-COST-209",
    "Nothing is kept warm outside production",
    PLAN,
    level="advisory",
    rationale="A premium plan is paid for by the hour for its least number of instances, called or not.",
    fix="set sku.tier to FlexConsumption, Dynamic, Basic or Free",
)
def nothing_kept_warm(view: View) -> Iterator[Problem]:
    """Plans whose instances always run at a high price, in any stage but prod (Microsoft Learn, "Azure Functions hosting options")."""
    tier = view.text("sku.tier")
    if view.stage != "prod" and tier.lower() in _ALWAYS_ON:
        yield Problem(path="sku.tier", what=f"is {tier}, outside production")


def _sizes(view: View) -> Iterator[tuple[str, str]]:
    """The path and the name of every machine size. Raises Undecided."""
    if view.resource.type in (CLUSTER, AGENT_POOL):
        yield from ((pool.at("vmSize"), pool.size) for pool in pools(view))
        return
    part = Part(view, _SIZES[view.resource.type])
    yield part.path, part.text("")
