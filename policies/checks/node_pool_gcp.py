"""Google Kubernetes Engine nodes: as whom they act, how they are kept whole, what they cost while nobody uses them."""

import re
from collections.abc import Iterator

from policies.check import Checks, Problem
from policies.gcp_iam import own_account
from policies.gcp_nodes import (
    NODE_POOL,
    POOLS,
    accelerator,
    architecture,
    companions,
    fewest,
    managements,
    most,
    node_configs,
    pools,
    spot,
)
from policies.view import View

CHECKS = Checks()
_KEEPING_OUT = ("NO_SCHEDULE", "NO_EXECUTE")
_ZONE = re.compile(r"[a-z]+-[a-z]+\d+-[a-z]")


@CHECKS.add(
    "DD-NODEPOOL-101",
    "A pool's nodes have no public addresses",
    *POOLS,
    severity="high",
    rationale="A pool of its own mind has public nodes in a private cluster, where nobody looks for them.",
    fix="leave networkConfig.enablePrivateNodes out, or set it to true",
    equivalents=("CKV_GCP_64", "GCP-0059"),
)
def private_pool(view: View) -> Iterator[Problem]:
    """networkConfig.enablePrivateNodes; left out, the cluster decides (GKE API, NodeNetworkConfig)."""
    for pool in pools(view):
        if not view.flag(f"{pool}networkConfig.enablePrivateNodes", default=True):
            yield Problem(path=f"{pool}networkConfig.enablePrivateNodes", what="is off")


@CHECKS.add(
    "DD-NODEPOOL-102",
    "Nodes are upgraded",
    *POOLS,
    rationale="Nodes that nobody upgrades fall behind the control plane, with every hole that was mended since.",
    fix="leave management.autoUpgrade out, or set it to true",
    equivalents=("CKV_GCP_10", "GCP-0058", "gcp_gke_node_auto_upgrade"),
)
def upgraded(view: View) -> Iterator[Problem]:
    """management.autoUpgrade, which is on where it is left out (Pulumi registry, gcp.container.NodePool)."""
    for management in managements(view):
        if not view.flag(f"{management}.autoUpgrade", default=True):
            yield Problem(path=f"{management}.autoUpgrade", what="is off")


@CHECKS.add(
    "DD-NODEPOOL-103",
    "Nodes are repaired",
    *POOLS,
    rationale="A node that does not answer keeps its pods, and its price, until somebody looks.",
    fix="leave management.autoRepair out, or set it to true",
    key="nodePools.<name>.autoRepair",
    equivalents=("CKV_GCP_9", "GCP-0063", "gcp_gke_node_auto_repair"),
)
def repaired(view: View) -> Iterator[Problem]:
    """management.autoRepair, on where it is left out; flex-start nodes take none (GKE, "Run … with flex-start provisioning mode")."""
    for management in managements(view):
        queued = view.flag(f"{management.removesuffix('management')}nodeConfig.flexStart")
        if not view.flag(f"{management}.autoRepair", default=True) and not queued:
            yield Problem(path=f"{management}.autoRepair", what="is off")


@CHECKS.add(
    "DD-NODEPOOL-104",
    "It is watched whether nodes start from what they should",
    *POOLS,
    rationale="A changed kernel or boot loader is otherwise seen by nobody.",
    fix="leave nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring out, or set it to true",
    equivalents=("CKV_GCP_72",),
)
def integrity_watched(view: View) -> Iterator[Problem]:
    """enableIntegrityMonitoring, which is on where it is left out (Pulumi registry, gcp.container.NodePool)."""
    for config in node_configs(view):
        path = f"{config}.shieldedInstanceConfig.enableIntegrityMonitoring"
        if not view.flag(path, default=True):
            yield Problem(path=path, what="is off")


@CHECKS.add(
    "DD-NODEPOOL-105",
    "Nodes start signed software only",
    *POOLS,
    profiles={"dev": "advisory"},
    rationale="Without secure boot a root kit that was installed once is started again with every boot.",
    fix="set nodeConfig.shieldedInstanceConfig.enableSecureBoot to true",
    equivalents=("CKV_GCP_68",),
)
def boots_securely(view: View) -> Iterator[Problem]:
    """enableSecureBoot, off where it is left out; where GKE installs no driver, another builds one on the node, unsigned."""
    for config in node_configs(view):
        path = f"{config}.shieldedInstanceConfig.enableSecureBoot"
        if not view.flag(path) and not _builds_driver(view, config):
            yield Problem(path=path, what="is off")


@CHECKS.add(
    "DD-NODEPOOL-106",
    "Nodes run Google's own system for containers",
    *POOLS,
    severity="low",
    level="advisory",
    rationale="Container-Optimized OS has little that can be attacked, and a file system that cannot be written.",
    fix="leave nodeConfig.imageType out, or set it to COS_CONTAINERD",
    equivalents=("CKV_GCP_22", "GCP-0054", "gcp_gke_container_optimized_os"),
)
def optimised_system(view: View) -> Iterator[Problem]:
    """imageType, which is COS_CONTAINERD where it is left out (GKE, "Node images")."""
    for config in node_configs(view):
        image = view.text(f"{config}.imageType", "COS_CONTAINERD")
        if not image.upper().startswith("COS"):
            yield Problem(path=f"{config}.imageType", what=f"is {image}")


@CHECKS.add(
    "DD-NODEPOOL-107",
    "Pods cannot take their node's credentials",
    *POOLS,
    severity="high",
    rationale="The machine's own metadata server gives a node's service account to whoever can make a process on it send one request.",
    fix="leave nodeConfig.workloadMetadataConfig out, or set its mode to GKE_METADATA",
    equivalents=("CKV_GCP_69", "GCP-0057", "gcp_gke_enable_workload_identity"),
)
def metadata_concealed(view: View) -> Iterator[Problem]:
    """workloadMetadataConfig.mode; left out, it is GKE_METADATA in clusters with Workload Identity, which another check asks for (GKE)."""
    for pool in pools(view):
        path = f"{pool}nodeConfig.workloadMetadataConfig.mode"
        if view.text(path, "GKE_METADATA") != "GKE_METADATA":
            yield Problem(path=path, what=f"is {view.text(path)}")


@CHECKS.add(
    "DD-NODEPOOL-108",
    "Nodes' old metadata addresses are closed",
    *POOLS,
    severity="high",
    rationale="They answer requests without the header that keeps forged ones out.",
    fix='remove disable-legacy-endpoints from nodeConfig.metadata, or set it to "true"',
    equivalents=("GCP-0048", "gcp_gke_disable_legacy_endpoints"),
)
def no_legacy_endpoints(view: View) -> Iterator[Problem]:
    """disable-legacy-endpoints, "true" where it is left out (GKE, "Protecting cluster metadata")."""
    for pool in pools(view):
        path = f"{pool}nodeConfig.metadata.disable-legacy-endpoints"
        if str(view.get(path)).lower() == "false":
            yield Problem(path=path, what="is false")


@CHECKS.add(
    "DD-NODEPOOL-109",
    "Nodes act as a service account of their own",
    *POOLS,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="The project's default account is an editor of everything in most projects, and every node would be one.",
    fix="set nodeConfig.serviceAccount to one with roles/container.defaultNodeServiceAccount alone",
    equivalents=("GCP-0050", "CKV2_GCP_1", "gcp_gke_disable_default_service_account"),
)
def own_service_account(view: View) -> Iterator[Problem]:
    """serviceAccount, which is the project's default where it is left out (GKE, "About service accounts in GKE")."""
    for config in node_configs(view):
        if not own_account(view, f"{config}.serviceAccount"):
            yield Problem(path=f"{config}.serviceAccount", what="is the project's default")


@CHECKS.add(
    "DD-NODEPOOL-110",
    "Accelerated nodes go to zero outside production",
    *POOLS,
    level="advisory",
    rationale="One idle GPU node costs more in a night than the job of the day did.",
    fix="set autoscaling.totalMinNodeCount to 0 and let the autoscaler add nodes",
    key="nodePools.<name>.nodes.min",
)
def accelerators_to_zero(view: View) -> Iterator[Problem]:
    """The fewest nodes of pools with accelerators, in any stage but prod."""
    if view.stage == "prod":
        return
    for pool in pools(view):
        if accelerator(view, pool) and fewest(view, pool)[1] > 0:
            path, count = fewest(view, pool)
            yield Problem(path=path, what=f"is {count:.0f}")


@CHECKS.add(
    "DD-NODEPOOL-111",
    "Accelerated nodes keep other pods out",
    *POOLS,
    level="advisory",
    rationale="One ordinary pod that lands on a GPU node keeps it from being taken away, for the price of a GPU.",
    fix="add a taint such as nvidia.com/gpu with effect NO_SCHEDULE to nodeConfig.taints",
    key="nodePools.<name>.taints",
)
def accelerators_tainted(view: View) -> Iterator[Problem]:
    """Whether pools with accelerators declare a taint that keeps pods out: GKE adds one only beside a pool without accelerators."""
    for pool in pools(view):
        taints = [taint.text("effect") for _, taint in view.each(f"{pool}nodeConfig.taints")]
        if accelerator(view, pool) and not any(effect in _KEEPING_OUT for effect in taints):
            yield Problem(path=f"{pool}nodeConfig.taints", what="keep no pod out")


@CHECKS.add(
    "DD-NODEPOOL-112",
    "Spot nodes have something to fall back on",
    NODE_POOL,
    severity="high",
    joined=True,
    profiles={"dev": "advisory"},
    rationale="Spot is taken away within half a minute, everywhere at once when demand rises; without other nodes nothing runs.",
    fix="add a node pool without spot and with the same kind of machine, totalMinNodeCount 0",
    key="nodePools.<name>.capacity",
)
def spot_falls_back(view: View) -> Iterator[Problem]:
    """Whether the cluster has a pool that is not spot, with the same kind of accelerator, or none, and the same architecture."""
    if not spot(view):
        return
    steady = [each for each in companions(view) if not spot(each) and not each.flag("nodeConfig.flexStart") and most(each) > 0]
    if not any(_kind(each) == _kind(view) for each in steady):
        path = "nodeConfig.spot" if view.flag("nodeConfig.spot") else "nodeConfig.preemptible"
        yield Problem(path=path, what="is on, and no other pool of the cluster has such machines")


@CHECKS.add(
    "DD-NODEPOOL-113",
    "Accelerated nodes are not bound to one type in one zone",
    NODE_POOL,
    level="advisory",
    joined=True,
    rationale="GPUs run out by type and by zone: a pool that can only have one type in one place has nothing on such a day.",
    fix="name more zones in nodeLocations, or add a pool with another type",
    key="nodePools.<name>.zones",
)
def not_bound(view: View) -> Iterator[Problem]:
    """Pools with accelerators in one zone where no other pool has any; what is packed together or reserved is meant so."""
    if not accelerator(view) or _meant(view):
        return
    zones = [zone.text("") for _, zone in view.each("nodeLocations")] or [view.text("location")]
    if len(zones) == 1 and all(map(_ZONE.fullmatch, zones)) and not any(accelerator(each) for each in companions(view)):
        yield Problem(path="nodeLocations", what=f"is {zones[0]} alone, and no other pool has accelerators")


@CHECKS.add(
    "DD-NODEPOOL-114",
    "Accelerated nodes come and go with the load",
    *POOLS,
    level="advisory",
    rationale="A pool of a fixed size is paid for day and night, and is too small on the day that counts.",
    fix="set autoscaling.totalMinNodeCount and totalMaxNodeCount",
    key="nodePools.<name>.nodes",
)
def accelerators_scale(view: View) -> Iterator[Problem]:
    """Whether pools with accelerators have an autoscaler, and room for it; what has no nodes needs none."""
    for pool in pools(view):
        if not accelerator(view, pool):
            continue
        path = f"{pool}autoscaling"
        least = fewest(view, pool)[1]
        if least and not view.get(path):
            yield Problem(path=path, what="is not set")
        elif least and least in [view.number(f"{path}.{name}") for name in ("totalMaxNodeCount", "maxNodeCount")]:
            yield Problem(path=path, what=f"has {least:.0f} nodes at least and at most")


def _builds_driver(view: View, config: str) -> bool:
    listed = [gpu for _, gpu in view.each(f"{config}.guestAccelerators")]
    return any(gpu.text("gpuDriverInstallationConfig.gpuDriverVersion") == "INSTALLATION_DISABLED" for gpu in listed)


def _kind(view: View) -> tuple[str | None, str]:
    return accelerator(view), architecture(view)


def _meant(view: View) -> bool:
    packed = view.present("placementPolicy.type") or view.present("placementPolicy.tpuTopology")
    return packed or view.text("nodeConfig.reservationAffinity.consumeReservationType") == "SPECIFIC_RESERVATION"
