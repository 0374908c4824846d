"""AKS node pools: how their machines are launched, what they may reach, what they cost while nobody uses them."""

from collections.abc import Iterator

from policies.azure_machines import AGENT_POOL, CLUSTER, Pool, accelerator, facts, pools
from policies.check import Checks, Problem
from policies.view import View

CHECKS = Checks()
_KEEPING_OUT = (":NoSchedule", ":NoExecute")
_CRITICAL = "CriticalAddonsOnly"
# Pods a node of a network plugin takes where nothing is said (Microsoft Learn, "IP address planning for your AKS clusters").
_MOST_PODS = {("azure", "overlay"): 250, ("azure", ""): 30, ("kubenet", ""): 110, ("none", ""): 250}


@CHECKS.add(
    "DD-NODEPOOL-201",
    "Nodes have no public addresses",
    CLUSTER,
    AGENT_POOL,
    severity="high",
    rationale="What has no public address cannot be tried from the internet, whatever its security group says.",
    fix="leave enableNodePublicIP out and send traffic out through NAT or the load balancer",
    equivalents=("CKV_AZURE_143",),
)
def no_public_address(view: View) -> Iterator[Problem]:
    """enableNodePublicIP, off where it is left out (AKS REST API, ManagedClusterAgentPoolProfileProperties)."""
    for pool in pools(view):
        if pool.flag("enableNodePublicIP"):
            yield Problem(path=pool.at("enableNodePublicIP"), what="is on")


@CHECKS.add(
    "DD-NODEPOOL-202",
    "Nodes stand in scale sets",
    CLUSTER,
    AGENT_POOL,
    severity="high",
    rationale="Availability sets are retired for AKS: no autoscaler, no zones, one pool.",
    fix="set type to VirtualMachineScaleSets",
    equivalents=("CKV_AZURE_169",),
)
def in_scale_sets(view: View) -> Iterator[Problem]:
    """type (Microsoft Learn, "Migrate from availability sets on AKS"); left out, the newest API takes scale sets."""
    for pool in pools(view):
        if pool.text("type") == "AvailabilitySet":
            yield Problem(path=pool.at("type"), what="is AvailabilitySet")


@CHECKS.add(
    "DD-NODEPOOL-203",
    "A node takes enough pods",
    CLUSTER,
    AGENT_POOL,
    severity="low",
    level="advisory",
    joined=True,
    rationale="A node is full when its pods are, however many processors are free, and some twenty are the system's own.",
    fix="set maxPods to 50 or more; it cannot be changed later",
    equivalents=("CKV_AZURE_168",),
    parameters={"leastPods": 50},
)
def enough_pods(view: View) -> Iterator[Problem]:
    """maxPods, or what the cluster's network plugin takes where it is left out, if the program declares the cluster."""
    for pool in pools(view):
        own = pool.number("maxPods")
        most = _usual_pods(pool.cluster) if own is None else own
        if most is not None and most < view.parameters["leastPods"]:
            yield Problem(path=pool.at("maxPods"), what=f"is {most:.0f}")


@CHECKS.add(
    "DD-NODEPOOL-204",
    "A node's own disk is used where it has one",
    CLUSTER,
    AGENT_POOL,
    severity="low",
    level="advisory",
    rationale="The machine's own disk is part of its price, starts faster, and is what images are pulled to; a managed one costs extra.",
    fix="set osDiskType to Ephemeral, or leave it out, with an osDiskSizeGB that fits",
    key="nodePools.<name>.cache.localSsd",
    equivalents=("CKV_AZURE_226",),
)
def own_disk(view: View) -> Iterator[Problem]:
    """A managed disk on a size with local SSDs; left out, AKS takes the machine's own where it fits (AKS REST API, OSDiskType)."""
    for pool in pools(view):
        found = facts(pool.size)
        if pool.text("osDiskType") == "Managed" and found and found.local_ssd_gib:
            yield Problem(path=pool.at("osDiskType"), what=f"is Managed, though {pool.size} has {found.local_ssd_gib:.0f} GiB of its own")


@CHECKS.add(
    "DD-NODEPOOL-205",
    "What a cluster needs itself has nodes of its own",
    CLUSTER,
    joined=True,
    level="advisory",
    rationale="A training that fills a system node takes name resolution and metrics with it, for every pod of the cluster.",
    fix="add the taint CriticalAddonsOnly=true:NoSchedule to the system pool",
    key="nodePools.<name>.taints",
    equivalents=("CKV_AZURE_232",),
)
def system_pool_apart(view: View) -> Iterator[Problem]:
    """System pools without the taint, in clusters with other pools (Microsoft Learn, "Use system node pools in AKS")."""
    for pool in pools(view):
        others = [each for each in pool.companions if each.is_user and not each.is_spot]
        if not pool.is_user and others and not any(taint.startswith(_CRITICAL) for taint in pool.texts("nodeTaints")):
            yield Problem(path=pool.at("nodeTaints"), what="lets every pod onto the system's nodes")


@CHECKS.add(
    "DD-NODEPOOL-206",
    "Accelerated nodes go to zero outside production",
    CLUSTER,
    AGENT_POOL,
    level="advisory",
    rationale="One idle GPU node costs more in a night than the job of the day did.",
    fix="set enableAutoScaling to true and minCount to 0",
    key="nodePools.<name>.nodes.min",
)
def accelerators_to_zero(view: View) -> Iterator[Problem]:
    """minCount, or count without the autoscaler, of pools with accelerators, in any stage but prod."""
    for pool in pools(view):
        if view.stage != "prod" and pool.least > 0 and accelerator(pool.size):
            yield Problem(path=pool.at(pool.least_name), what=f"is {pool.least:.0f}")


@CHECKS.add(
    "DD-NODEPOOL-207",
    "Accelerated nodes keep other pods out",
    CLUSTER,
    AGENT_POOL,
    level="advisory",
    rationale="One ordinary pod that lands on a GPU node keeps it from being taken away, for the price of a GPU.",
    fix="add a taint such as nvidia.com/gpu=present:NoSchedule to nodeTaints",
    key="nodePools.<name>.taints",
)
def accelerators_tainted(view: View) -> Iterator[Problem]:
    """Whether pools with accelerators have a taint that keeps pods out; AKS adds none but to spot nodes, which any pod may tolerate."""
    for pool in pools(view):
        if accelerator(pool.size) and not any(taint.endswith(_KEEPING_OUT) for taint in pool.texts("nodeTaints")):
            yield Problem(path=pool.at("nodeTaints"), what="keep no pod out")


@CHECKS.add(
    "DD-NODEPOOL-208",
    "Spot nodes have something to fall back on",
    CLUSTER,
    AGENT_POOL,
    severity="high",
    joined=True,
    profiles={"dev": "advisory"},
    rationale="Spot is taken away with thirty seconds' notice, everywhere at once when demand rises; without other nodes nothing runs.",
    fix="add a pool with scaleSetPriority Regular and the same kind of machine, minCount 0",
    key="nodePools.<name>.capacity",
)
def spot_falls_back(view: View) -> Iterator[Problem]:
    """Whether the cluster has a pool of regular machines with the same accelerator, or none, and the same architecture."""
    for pool in pools(view):
        others = [each for each in pool.companions if not each.is_spot and _may_grow(each)]
        if pool.is_spot and not any(each.kind == pool.kind for each in others):
            yield Problem(path=pool.at("scaleSetPriority"), what="is Spot, and no other pool of the cluster has such machines")


@CHECKS.add(
    "DD-NODEPOOL-209",
    "Accelerated nodes are not bound to one size in one zone",
    CLUSTER,
    AGENT_POOL,
    level="advisory",
    joined=True,
    rationale="GPUs run out by size and by zone: a pool that can only have one size in one place has nothing on such a day.",
    fix="name more availabilityZones, or add a pool with another size",
    key="nodePools.<name>.zones",
)
def not_bound(view: View) -> Iterator[Problem]:
    """Pools with accelerators of one size in one zone where no other pool has any; what is packed or reserved is meant so."""
    for pool in pools(view):
        meant = pool.present("proximityPlacementGroupID") or pool.present("capacityReservationGroupID")
        if meant or not accelerator(pool.size) or len(pool.texts("availabilityZones")) != 1:
            continue
        if not any(accelerator(each.size) for each in pool.companions):
            yield Problem(path=pool.at("availabilityZones"), what=f"is one zone, and {pool.size} is the only accelerated size")


@CHECKS.add(
    "DD-NODEPOOL-210",
    "A pool for workloads grows and shrinks with them",
    CLUSTER,
    AGENT_POOL,
    level="advisory",
    rationale="A pool of a fixed size is too small for the next training, and paid for while none runs.",
    fix="set enableAutoScaling to true, with minCount and maxCount",
    key="nodePools.<name>.nodes",
)
def scales(view: View) -> Iterator[Problem]:
    """Pools for workloads without the autoscaler; what is reserved is paid for anyway (AKS REST API, enableAutoScaling)."""
    for pool in pools(view):
        reserved = pool.present("capacityReservationGroupID")
        if pool.is_user and not reserved and not pool.flag("enableAutoScaling") and pool.least > 0:
            yield Problem(path=pool.at("enableAutoScaling"), what="is off")


@CHECKS.add(
    "DD-NODEPOOL-211",
    "What a cluster needs itself outlives a zone in production",
    CLUSTER,
    severity="high",
    profiles={"dev": "disabled"},
    rationale="Name resolution and metrics that all stand in one zone go with it, and so does everything that asks them.",
    fix="name two or more availabilityZones for the system pool",
    key="nodePools.<name>.zones",
)
def system_pool_over_zones(view: View) -> Iterator[Problem]:
    """availabilityZones of system pools in the stage prod (Microsoft Learn, "Availability zones in AKS"); regions without have none."""
    for pool in pools(view):
        if view.stage == "prod" and not pool.is_user and len(pool.texts("availabilityZones")) < 2:
            yield Problem(path=pool.at("availabilityZones"), what="names no second zone")


@CHECKS.add(
    "DD-NODEPOOL-212",
    "What a cluster needs itself has two nodes in production",
    CLUSTER,
    severity="high",
    profiles={"dev": "disabled"},
    rationale="While the one node is patched nobody resolves a name.",
    fix="set minCount, or count, of the system pool to 2 or more",
    key="nodePools.<name>.nodes.min",
    parameters={"leastNodes": 2},
)
def enough_system_nodes(view: View) -> Iterator[Problem]:
    """Nodes of all system pools together, in the stage prod (Microsoft Learn, "Use system node pools in AKS", at least two)."""
    system = [pool for pool in pools(view) if not pool.is_user]
    if view.stage == "prod" and system and sum(pool.least for pool in system) < view.parameters["leastNodes"]:
        yield Problem(path=system[0].at(system[0].least_name), what=f"is {system[0].least:.0f}, in production")


@CHECKS.add(
    "DD-NODEPOOL-213",
    "Disks and caches of nodes are encrypted where they are",
    CLUSTER,
    AGENT_POOL,
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="A managed disk is encrypted where it is stored; the machine's own disk and its caches only at the host.",
    fix="set enableEncryptionAtHost to true, once the subscription has the feature; it cannot be changed later",
    equivalents=("CKV_AZURE_227",),
)
def encrypted_at_host(view: View) -> Iterator[Problem]:
    """enableEncryptionAtHost, off where it is left out (Microsoft Learn, "Host-based encryption on AKS")."""
    for pool in pools(view):
        if not pool.flag("enableEncryptionAtHost"):
            yield Problem(path=pool.at("enableEncryptionAtHost"), what="is off")


@CHECKS.add(
    "DD-NODEPOOL-214",
    "Nodes in production keep their speed",
    CLUSTER,
    AGENT_POOL,
    level="advisory",
    rationale="A burstable machine is slow as soon as its credits are used up, which is when it is needed.",
    fix="set vmSize to one that is not of the B series",
    key="nodePools.<name>.machine",
)
def not_burstable(view: View) -> Iterator[Problem]:
    """Burstable sizes in the stage prod (Microsoft Learn, "Use system node pools in AKS", B series)."""
    for pool in pools(view):
        found = facts(pool.size)
        if view.stage == "prod" and found and found.burstable:
            yield Problem(path=pool.at("vmSize"), what=f"is {pool.size}, which is burstable")


@CHECKS.add(
    "DD-NODEPOOL-215",
    "Nobody can log on to a node",
    CLUSTER,
    AGENT_POOL,
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="Who is on a node is root over every pod on it, and in no log of the cluster.",
    fix="set securityProfile.sshAccess to Disabled and use kubectl debug",
)
def no_ssh(view: View) -> Iterator[Problem]:
    """sshAccess, LocalUser where it is left out (AKS REST API, AgentPoolSSHAccess)."""
    for pool in pools(view):
        if pool.text("securityProfile.sshAccess", "LocalUser") != "Disabled":
            yield Problem(path=pool.at("securityProfile.sshAccess"), what="lets people in")


def _usual_pods(cluster: View | None) -> int | None:
    if cluster is None or cluster.text("sku.name") == "Automatic":
        return None
    plugin = cluster.text("networkProfile.networkPlugin", "kubenet"), cluster.text("networkProfile.networkPluginMode")
    return _MOST_PODS.get(plugin)


def _may_grow(pool: Pool) -> bool:
    return bool(pool.number("maxCount") if pool.flag("enableAutoScaling") else pool.least)
