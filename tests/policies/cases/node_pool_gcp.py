"""Google Kubernetes Engine nodes."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

POOL = "gcp:container/nodePool:NodePool"
GKE = "gcp:container/cluster:Cluster"
AMAZON = made("aws:eks/nodeGroup:NodeGroup")
ACCOUNT = made("gcp:serviceaccount/account:Account", {"accountId": "nodes"}, "nodes")
OWN = "nodes@project.iam.gserviceaccount.com"
DEFAULT = "123-compute@developer.gserviceaccount.com"
BARE = made(POOL, {"cluster": "ml"}, "bare")
AUTOPILOT = made(
    GKE,
    {
        "enableAutopilot": True,
        "nodeConfig": {"shieldedInstanceConfig": {"enableIntegrityMonitoring": False}},
        "clusterAutoscaling": {"enabled": True, "autoProvisioningDefaults": {"imageType": "UBUNTU"}},
    },
    "autopilot",
)
EMPTY = made(GKE, {"removeDefaultNodePool": True, "nodeConfig": {"imageType": "UBUNTU_CONTAINERD"}}, "empty")
ML = made(GKE, {"name": "ml"}, "ml")
L4 = "g2-standard-8"
DEV, PROD = {"stage": "dev"}, {"stage": "prod"}
KEEPING_OUT = [{"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}]


def pool(name: str = "gpu", *, of: Resource | None = None, **properties: Any) -> Resource:
    refers = {"cluster": of} if of else {}
    return made(POOL, {"cluster": UNKNOWN if of else "ml", **properties}, name, **refers)


def nodes(name: str = "gpu", *, of: Resource | None = None, also: dict[str, Any] | None = None, **config: Any) -> Resource:
    return pool(name, of=of, nodeConfig=config, **(also or {}))


def cluster(name: str = "ml", **properties: Any) -> Resource:
    return made(GKE, properties, name)


def provisioning(**defaults: Any) -> Resource:
    return cluster("auto", removeDefaultNodePool=True, clusterAutoscaling={"enabled": True, "autoProvisioningDefaults": defaults})


def shielded(**config: object) -> Resource:
    return nodes(shieldedInstanceConfig=config)


def gpu_without_driver(driver: object) -> list[dict[str, Any]]:
    return [{"type": "nvidia-l4", "count": 1, "gpuDriverInstallationConfig": {"gpuDriverVersion": driver}}]


NAP = "clusterAutoscaling.autoProvisioningDefaults"

CASES = {
    "DD-NODEPOOL-101": Case(
        violating=(
            cluster(nodePools=[{"name": "a"}, {"networkConfig": {"enablePrivateNodes": False}}]),
            pool(networkConfig={"enablePrivateNodes": False}),
        ),
        at=("nodePools.1.networkConfig.enablePrivateNodes", "networkConfig.enablePrivateNodes"),
        passing=(BARE, pool(networkConfig={"enablePrivateNodes": True})),
        unknown=(pool(networkConfig={"enablePrivateNodes": UNKNOWN}),),
        elsewhere=(AMAZON, EMPTY),
    ),
    "DD-NODEPOOL-102": Case(
        violating=(provisioning(management={"autoUpgrade": False}), pool(management={"autoUpgrade": False})),
        at=(f"{NAP}.management.autoUpgrade", "management.autoUpgrade"),
        passing=(BARE, pool(management={"autoUpgrade": True})),
        unknown=(pool(management={"autoUpgrade": UNKNOWN}),),
        elsewhere=(AMAZON, EMPTY),
    ),
    "DD-NODEPOOL-103": Case(
        violating=(
            cluster(nodePools=[{"management": {"autoRepair": False}}]),
            provisioning(management={"autoRepair": False}),
            pool(management={"autoRepair": False}),
        ),
        at=(f"{NAP}.management.autoRepair", "nodePools.0.management.autoRepair", "management.autoRepair"),
        passing=(BARE, pool(management={"autoRepair": True})),
        unknown=(pool(management={"autoRepair": UNKNOWN}),),
        elsewhere=(AMAZON, pool(management={"autoRepair": False}, nodeConfig={"flexStart": True})),
    ),
    "DD-NODEPOOL-104": Case(
        violating=(
            provisioning(shieldedInstanceConfig={"enableIntegrityMonitoring": False}),
            shielded(enableIntegrityMonitoring=False),
        ),
        at=(f"{NAP}.shieldedInstanceConfig.enableIntegrityMonitoring", "nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring"),
        passing=(BARE, shielded(enableIntegrityMonitoring=True)),
        unknown=(shielded(enableIntegrityMonitoring=UNKNOWN),),
        elsewhere=(AMAZON, EMPTY, AUTOPILOT),
    ),
    "DD-NODEPOOL-105": Case(
        violating=(ML, BARE, nodes(guestAccelerators=gpu_without_driver("DEFAULT"), shieldedInstanceConfig={"enableSecureBoot": False})),
        at=("nodeConfig.shieldedInstanceConfig.enableSecureBoot",) * 3,
        passing=(shielded(enableSecureBoot=True),),
        unknown=(shielded(enableSecureBoot=UNKNOWN),),
        elsewhere=(EMPTY, nodes(guestAccelerators=gpu_without_driver("INSTALLATION_DISABLED"))),
    ),
    "DD-NODEPOOL-106": Case(
        violating=(provisioning(imageType="UBUNTU"), nodes(imageType="UBUNTU_CONTAINERD")),
        at=(f"{NAP}.imageType", "nodeConfig.imageType"),
        passing=(BARE, nodes(imageType="cos_containerd")),
        unknown=(nodes(imageType=UNKNOWN),),
        elsewhere=(EMPTY, AUTOPILOT),
    ),
    "DD-NODEPOOL-107": Case(
        violating=(nodes(workloadMetadataConfig={"mode": "GCE_METADATA"}),),
        at=("nodeConfig.workloadMetadataConfig.mode",),
        passing=(BARE, nodes(workloadMetadataConfig={"mode": "GKE_METADATA"})),
        unknown=(nodes(workloadMetadataConfig={"mode": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-NODEPOOL-108": Case(
        violating=(nodes(metadata={"disable-legacy-endpoints": "false"}),),
        at=("nodeConfig.metadata.disable-legacy-endpoints",),
        passing=(BARE, nodes(metadata={"disable-legacy-endpoints": "true"})),
        unknown=(nodes(metadata=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-NODEPOOL-109": Case(
        violating=(
            ML,
            provisioning(),
            BARE,
            ACCOUNT,
            made(POOL, {"nodeConfig": {"serviceAccount": DEFAULT, "labels": {"of": UNKNOWN}}}, "beside", nodeConfig=ACCOUNT),
            nodes(serviceAccount=DEFAULT),
            nodes("old", serviceAccount="default"),
        ),
        at=(
            f"{NAP}.serviceAccount",
            "nodeConfig.serviceAccount",
            "nodeConfig.serviceAccount",
            "nodeConfig.serviceAccount",
            "nodeConfig.serviceAccount",
            "nodeConfig.serviceAccount",
        ),
        passing=(
            ACCOUNT,
            nodes(serviceAccount=OWN),
            made(POOL, {"nodeConfig": {"serviceAccount": UNKNOWN}}, "declared", nodeConfig=ACCOUNT),
        ),
        unknown=(nodes(serviceAccount=UNKNOWN),),
        elsewhere=(EMPTY, AUTOPILOT),
    ),
    "DD-NODEPOOL-110": Case(
        violating=(
            cluster(resourceLabels=DEV, nodePools=[{"nodeConfig": {"machineType": L4}, "nodeCount": 2}]),
            nodes(machineType=L4, resourceLabels=DEV, also={"autoscaling": {"totalMinNodeCount": 1, "totalMaxNodeCount": 4}}),
            nodes("t4", guestAccelerators=[{"type": "nvidia-tesla-t4"}], resourceLabels=DEV, also={"autoscaling": {"minNodeCount": 1}}),
            nodes("tpu", machineType="ct5lp-hightpu-4t", resourceLabels=DEV, also={"initialNodeCount": 1}),
        ),
        at=("nodePools.0.nodeCount", "autoscaling.totalMinNodeCount", "autoscaling.minNodeCount", "initialNodeCount"),
        passing=(nodes(machineType=L4, resourceLabels=DEV, also={"initialNodeCount": 1, "autoscaling": {"totalMinNodeCount": 0}}),),
        unknown=(nodes(machineType=L4, resourceLabels=DEV, also={"nodeCount": UNKNOWN}),),
        elsewhere=(
            nodes(machineType="n2-standard-4", resourceLabels=DEV, also={"nodeCount": 1}),
            nodes("prod", machineType=L4, resourceLabels=PROD, also={"nodeCount": 1}),
        ),
    ),
    "DD-NODEPOOL-111": Case(
        violating=(nodes(machineType=L4, taints=[{"key": "a", "effect": "PREFER_NO_SCHEDULE"}]),),
        at=("nodeConfig.taints",),
        passing=(nodes(machineType=L4, taints=KEEPING_OUT), nodes("out", machineType=L4, taints=[{"key": "a", "effect": "NO_EXECUTE"}])),
        unknown=(nodes(machineType=L4, taints=[{"key": "a", "effect": UNKNOWN}]),),
        elsewhere=(nodes(machineType="n2-standard-4"),),
    ),
    "DD-NODEPOOL-112": Case(
        violating=(
            ML,
            nodes("spot", of=ML, machineType=L4, spot=True),
            nodes("cpu", of=ML, machineType="n2-standard-4", also={"nodeCount": 1}),
            nodes("other", of=cluster("other"), machineType=L4, also={"nodeCount": 1}),
            nodes("none", of=ML, machineType=L4, also={"autoscaling": {"maxNodeCount": 0}}),
            nodes("later", of=ML, machineType=L4, flexStart=True, also={"nodeCount": 1}),
            nodes("too", of=ML, machineType=L4, spot=True, also={"nodeCount": 1}),
            nodes("preempted", machineType="t2a-standard-4", preemptible=True),
            nodes("amd64", machineType="n2-standard-4", also={"nodeCount": 1}),
        ),
        at=("nodeConfig.preemptible", "nodeConfig.spot", "nodeConfig.spot"),
        passing=(
            ML,
            nodes("spot", of=ML, machineType=L4, spot=True),
            nodes("steady", of=ML, guestAccelerators=[{"type": "nvidia-tesla-t4"}], also={"autoscaling": {"totalMaxNodeCount": 2}}),
            nodes("named", machineType="n2-standard-4", spot=True),
            pool("beside", autoscaling={"maxNodeCount": 1}),
            nodes("third", machineType=L4, spot=True, also={"cluster": "third"}),
            nodes("fixed", machineType=L4, also={"cluster": "third", "nodeCount": 1}),
        ),
        unknown=(nodes(spot=UNKNOWN),),
        elsewhere=(nodes(machineType=L4), AMAZON),
    ),
    "DD-NODEPOOL-113": Case(
        violating=(
            nodes(machineType=L4, also={"nodeLocations": ["europe-west4-a"], "location": "europe-west4"}),
            nodes("zonal", machineType=L4, also={"location": "europe-west4-b", "cluster": "other"}),
        ),
        at=("nodeLocations", "nodeLocations"),
        passing=(
            nodes(machineType=L4, also={"nodeLocations": ["europe-west4-a", "europe-west4-b"], "cluster": "one"}),
            nodes("regional", machineType=L4, also={"location": "europe-west4", "cluster": "two"}),
            nodes("first", machineType=L4, also={"location": "europe-west4-b"}),
            nodes("second", machineType="a2-highgpu-1g", also={"location": "europe-west4-a"}),
        ),
        unknown=(nodes(machineType=L4, also={"nodeLocations": UNKNOWN}),),
        elsewhere=(
            nodes(machineType="n2-standard-4", also={"location": "europe-west4-b", "cluster": "d"}),
            nodes("packed", machineType=L4, also={"location": "europe-west4-b", "placementPolicy": {"type": "COMPACT"}, "cluster": "a"}),
            nodes("slice", machineType="ct5lp-hightpu-4t", also={"location": "x-y1-b", "placementPolicy": {"tpuTopology": "4x4"}}),
            nodes(
                "reserved",
                machineType=L4,
                reservationAffinity={"consumeReservationType": "SPECIFIC_RESERVATION"},
                also={"location": "europe-west4-b", "cluster": "c"},
            ),
        ),
    ),
    "DD-NODEPOOL-114": Case(
        violating=(
            nodes(machineType=L4, also={"nodeCount": 1}),
            nodes("fixed", machineType=L4, also={"autoscaling": {"totalMinNodeCount": 3, "totalMaxNodeCount": 3}}),
        ),
        at=("autoscaling", "autoscaling"),
        passing=(
            nodes(machineType=L4, also={"autoscaling": {"minNodeCount": 1, "maxNodeCount": 3}}),
            nodes("unbounded", machineType=L4, also={"autoscaling": {"minNodeCount": 1}}),
        ),
        unknown=(nodes(machineType=L4, also={"autoscaling": {"minNodeCount": 1, "maxNodeCount": UNKNOWN}}),),
        elsewhere=(
            nodes(machineType="n2-standard-4", also={"nodeCount": 2}),
            nodes("none", machineType=L4),
            nodes("closed", machineType=L4, also={"autoscaling": {"totalMinNodeCount": 0, "totalMaxNodeCount": 0}}),
        ),
    ),
}
