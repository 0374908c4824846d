"""AKS node pools, within their cluster and beside it."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

AKS = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"
AMAZON = made("aws:eks/nodeGroup:NodeGroup")
BARE = made(POOL, {}, "bare")
EMPTY = made(AKS, {}, "empty")
# Microsoft Learn, sizes: NC A100 v4 and NC T4 v3 have NVIDIA GPUs, the first a local NVMe disk too; Dv5 is x86, Dpsv5 Arm, B burstable.
GPU, OTHER_GPU, CPU, ARM, BURSTABLE = (
    "Standard_NC24ads_A100_v4",
    "Standard_NC4as_T4_v3",
    "Standard_D8s_v5",
    "Standard_D8ps_v5",
    "Standard_B4ms",
)
GROWING: dict[str, Any] = {"enableAutoScaling": True, "minCount": 0, "maxCount": 4}


def pool(name: str = "pool", **properties: Any) -> Resource:
    return made(POOL, properties, name)


def cluster(*profiles: Any, name: str = "ml", **properties: Any) -> Resource:
    return made(AKS, {"agentPoolProfiles": list(profiles), **properties}, name)


def member(of: Resource, name: str, **properties: Any) -> Resource:
    return made(POOL, properties, name, resourceName=of)


def staged(stage: str, *profiles: object, name: str = "staged") -> Resource:
    return cluster(*profiles, name=name, tags={"stage": stage})


def sized(name: str, stage: str, size: object, **properties: Any) -> Resource:
    return pool(name, vmSize=size, tags={"stage": stage}, **properties)


def system(**properties: Any) -> dict[str, Any]:
    return {"mode": "System", **properties}


def networked(name: str, **network: object) -> tuple[Resource, Resource]:
    of = made(AKS, {"networkProfile": network}, f"of-{name}")
    return of, member(of, name)


def spot(name: str, size: object, *others: Resource, **properties: Any) -> tuple[Resource, ...]:
    return EMPTY, member(EMPTY, name, scaleSetPriority="Spot", vmSize=size, **GROWING, **properties), *others


def regular(name: str, size: object, **properties: Any) -> Resource:
    return member(EMPTY, name, vmSize=size, **{**GROWING, **properties})


AUTOMATIC = made(AKS, {"sku": {"name": "Automatic"}, "agentPoolProfiles": [{}], "networkProfile": {"networkPlugin": "azure"}}, "automatic")
TAINTED = ["sku=gpu:NoSchedule"]
APART = ["CriticalAddonsOnly=true:NoSchedule"]

CASES = {
    "DD-NODEPOOL-201": Case(
        violating=(pool(enableNodePublicIP=True), cluster({}, {"enableNodePublicIP": True})),
        at=("enableNodePublicIP", "agentPoolProfiles.1.enableNodePublicIP"),
        passing=(BARE, cluster({"enableNodePublicIP": False})),
        unknown=(cluster({"enableNodePublicIP": UNKNOWN}),),
        elsewhere=(AMAZON, EMPTY),
    ),
    "DD-NODEPOOL-202": Case(
        violating=(cluster({"type": "AvailabilitySet"}),),
        at=("agentPoolProfiles.0.type",),
        passing=(BARE, pool(type="VirtualMachineScaleSets"), pool("machines", type="VirtualMachines")),
        unknown=(pool(type=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    # Microsoft Learn, "IP address planning": 30 pods a node with Azure CNI, 250 with its overlay, 110 with kubenet.
    "DD-NODEPOOL-203": Case(
        violating=(pool(maxPods=49), *networked("flat", networkPlugin="azure")),
        at=("maxPods", "maxPods"),
        passing=(
            pool(maxPods=50),
            *networked("overlay", networkPlugin="azure", networkPluginMode="overlay"),
            *networked("old", networkPlugin="kubenet"),
        ),
        unknown=(pool(maxPods=UNKNOWN),),
        elsewhere=(AMAZON, BARE, AUTOMATIC),
    ),
    "DD-NODEPOOL-203 by plugin": Case(
        violating=(
            *networked("flat", networkPlugin="azure"),
            *networked("none", networkPlugin="none"),
            *networked("old"),
            *networked("overlay", networkPlugin="azure", networkPluginMode="overlay"),
        ),
        at=("maxPods",) * 4,
        words=("is 30", "is 250", "is 110", "is 250"),
        parameters={"leastPods": 251},
        passing=(pool(maxPods=251),),
        unknown=(pool(maxPods=UNKNOWN),),
        elsewhere=(AMAZON, *networked("foreign", networkPlugin="cilium")),
    ),
    "DD-NODEPOOL-204": Case(
        violating=(pool(osDiskType="Managed", vmSize=GPU),),
        at=("osDiskType",),
        passing=(pool(osDiskType="Ephemeral", vmSize=GPU), pool("silent", vmSize=GPU)),
        unknown=(pool(osDiskType=UNKNOWN, vmSize=GPU),),
        elsewhere=(AMAZON, pool(osDiskType="Managed", vmSize=CPU), pool("foreign", osDiskType="Managed", vmSize="Standard_X1")),
    ),
    "DD-NODEPOOL-205": Case(
        violating=(cluster(system(), {"mode": "User"}),),
        at=("agentPoolProfiles.0.nodeTaints",),
        passing=(cluster(system(nodeTaints=APART), {"mode": "User"}, {"mode": "User"}),),
        unknown=(cluster(system(nodeTaints=[UNKNOWN]), {"mode": "User"}),),
        elsewhere=(AMAZON, cluster(system(), system()), cluster(system(), {"mode": "User", "scaleSetPriority": "Spot"}, name="spot")),
    ),
    "DD-NODEPOOL-206": Case(
        violating=(
            sized("one", "dev", GPU, enableAutoScaling=True, minCount=1),
            sized("silent", "staging", GPU),
            staged("dev", {"vmSize": GPU, "count": 2}),
        ),
        at=("minCount", "count", "agentPoolProfiles.0.count"),
        passing=(sized("zero", "dev", GPU, **GROWING), sized("none", "dev", GPU, count=0)),
        unknown=(sized("later", "dev", GPU, count=UNKNOWN),),
        elsewhere=(AMAZON, sized("cpu", "dev", CPU, count=3), sized("prod", "prod", GPU, count=3)),
    ),
    "DD-NODEPOOL-207": Case(
        violating=(pool(vmSize=GPU, nodeTaints=["sku=gpu:PreferNoSchedule"]), cluster({"vmSize": OTHER_GPU})),
        at=("nodeTaints", "agentPoolProfiles.0.nodeTaints"),
        passing=(pool(vmSize=GPU, nodeTaints=TAINTED), pool("out", vmSize=GPU, nodeTaints=["sku=gpu:NoExecute"])),
        unknown=(pool(vmSize=GPU, nodeTaints=[UNKNOWN]),),
        elsewhere=(AMAZON, pool(vmSize=CPU)),
    ),
    "DD-NODEPOOL-208": Case(
        violating=(
            *spot(
                "alone",
                GPU,
                regular("cpu", CPU),
                regular("empty", GPU, maxCount=0),
                regular("none", GPU, enableAutoScaling=False, count=0),
                member(EMPTY, "more", scaleSetPriority="Spot", vmSize=CPU),
            ),
            member(EMPTY, "again", scaleSetPriority="Spot", vmSize=GPU, **GROWING),
            pool("by-name", scaleSetPriority="Spot", vmSize=ARM, resourceName="theirs"),
            pool("x86", vmSize=CPU, resourceName="theirs"),
            pool("arm", vmSize=ARM, resourceName="another"),
        ),
        at=("scaleSetPriority",) * 3,
        passing=(
            *spot("gpu", GPU, regular("same", OTHER_GPU)),
            cluster({"vmSize": CPU, "count": 1}, {"vmSize": CPU, "scaleSetPriority": "Spot"}),
        ),
        unknown=(EMPTY, member(EMPTY, "later", scaleSetPriority=UNKNOWN, vmSize=GPU)),
        elsewhere=(AMAZON, regular("gpu", GPU)),
    ),
    "DD-NODEPOOL-209": Case(
        violating=(EMPTY, regular("only", GPU, availabilityZones=["1"]), regular("cpu", CPU, availabilityZones=["1"])),
        at=("availabilityZones",),
        passing=(
            EMPTY,
            regular("one", GPU, availabilityZones=["1"]),
            regular("two", OTHER_GPU, availabilityZones=["2", "3"]),
        ),
        unknown=(regular("later", GPU, availabilityZones=[UNKNOWN, "2"]),),
        elsewhere=(
            AMAZON,
            pool("packed", vmSize=GPU, availabilityZones=["1"], proximityPlacementGroupID=UNKNOWN),
            pool("kept", vmSize=GPU, availabilityZones=["1"], capacityReservationGroupID=UNKNOWN, resourceName="other"),
            pool("cpu", vmSize=CPU, availabilityZones=["1"], resourceName="another"),
        ),
    ),
    "DD-NODEPOOL-210": Case(
        violating=(BARE, cluster(system(), {"mode": "User", "count": 3, "enableAutoScaling": False})),
        at=("enableAutoScaling", "agentPoolProfiles.1.enableAutoScaling"),
        passing=(pool(**GROWING), pool("empty", count=0), pool("warm", enableAutoScaling=True, minCount=1)),
        unknown=(pool(enableAutoScaling=UNKNOWN),),
        elsewhere=(AMAZON, pool(mode="System"), pool("kept", capacityReservationGroupID=UNKNOWN, count=2)),
    ),
    "DD-NODEPOOL-211": Case(
        violating=(staged("prod", system(), {"mode": "User"}), staged("prod", system(availabilityZones=["1"]), name="one")),
        at=("agentPoolProfiles.0.availabilityZones", "agentPoolProfiles.0.availabilityZones"),
        passing=(staged("prod", system(availabilityZones=["1", "3"])),),
        unknown=(staged("prod", system(availabilityZones=UNKNOWN)),),
        elsewhere=(AMAZON, staged("dev", system())),
    ),
    "DD-NODEPOOL-212": Case(
        violating=(
            staged("prod", system(count=1)),
            staged("prod", system(count=1), system(enableAutoScaling=True, minCount=0), name="two"),
            staged("prod", system(enableAutoScaling=True, minCount=1, count=3), name="scaled"),
        ),
        at=("agentPoolProfiles.0.minCount", "agentPoolProfiles.0.count", "agentPoolProfiles.0.count"),
        passing=(staged("prod", system(count=2)), staged("prod", system(count=1), system(), name="both")),
        unknown=(staged("prod", system(count=UNKNOWN)),),
        elsewhere=(AMAZON, staged("dev", system(count=1)), staged("prod", {"count": 1}, name="none")),
    ),
    "DD-NODEPOOL-213": Case(
        violating=(BARE, cluster({"enableEncryptionAtHost": False})),
        at=("enableEncryptionAtHost", "agentPoolProfiles.0.enableEncryptionAtHost"),
        passing=(pool(enableEncryptionAtHost=True),),
        unknown=(pool(enableEncryptionAtHost=UNKNOWN),),
        elsewhere=(AMAZON, EMPTY),
    ),
    "DD-NODEPOOL-214": Case(
        violating=(staged("prod", {"vmSize": BURSTABLE}),),
        at=("agentPoolProfiles.0.vmSize",),
        passing=(staged("prod", {"vmSize": CPU}), sized("foreign", "prod", "Standard_X1")),
        unknown=(sized("later", "prod", UNKNOWN),),
        elsewhere=(AMAZON, sized("dev", "dev", BURSTABLE)),
    ),
    "DD-NODEPOOL-215": Case(
        violating=(BARE, cluster({"securityProfile": {"sshAccess": "LocalUser"}})),
        at=("securityProfile.sshAccess", "agentPoolProfiles.0.securityProfile.sshAccess"),
        passing=(pool(securityProfile={"sshAccess": "Disabled"}),),
        unknown=(pool(securityProfile=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
}
