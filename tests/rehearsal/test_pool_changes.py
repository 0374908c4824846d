"""Which changes of a cluster or a pool are made in place and which need a new one.

Expected from the providers' documentation: terraform-provider-aws (eks_node_group, eks_cluster), terraform-provider-google
(container_node_pool, container_cluster: fields that "force a new resource"), and azure-native's list of properties that force a
replacement with Microsoft's page on node pools.
"""

from __future__ import annotations

from typing import Any, Literal

import pytest

from rehearsal.diff import diff
from rehearsal.facts import facts
from rehearsal.schema import resource_schema

EKS = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
GKE = "gcp:container/cluster:Cluster"
NODE_POOL = "gcp:container/nodePool:NodePool"
AKS = "azure-native:containerservice:ManagedCluster"
AGENT_POOL = "azure-native:containerservice:AgentPool"

GPU = {"type": "nvidia-l4", "count": 1}
TAINT = {"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}
NODES: dict[str, Any] = {
    "machineType": "g2-standard-4",
    "diskSizeGb": 100,
    "diskType": "pd-balanced",
    "labels": {"pool": "gpu"},
    "guestAccelerators": [GPU],
    "spot": False,
    "flexStart": False,
    "taints": [TAINT],
    "serviceAccount": "nodes@acme-ml.iam.gserviceaccount.com",
}
WHOLE: dict[str, dict[str, Any]] = {
    EKS: {
        "name": "ml",
        "roleArn": "arn:aws:iam::123456789012:role/cluster",
        "version": "1.33",
        "vpcConfig": {"subnetIds": ["subnet-1"], "endpointPublicAccess": False, "endpointPrivateAccess": True},
        "enabledClusterLogTypes": ["audit"],
        "encryptionConfig": {"provider": {"keyArn": "arn:aws:kms:eu-west-1:123456789012:key/1"}, "resources": ["secrets"]},
    },
    NODE_GROUP: {
        "clusterName": "ml",
        "nodeGroupName": "gpu",
        "nodeRoleArn": "arn:aws:iam::123456789012:role/nodes",
        "subnetIds": ["subnet-1"],
        "instanceTypes": ["g6.xlarge"],
        "amiType": "AL2023_x86_64_NVIDIA",
        "capacityType": "ON_DEMAND",
        "diskSize": 100,
        "scalingConfig": {"minSize": 0, "maxSize": 4, "desiredSize": 0},
        "labels": {"pool": "gpu"},
        "taints": [TAINT],
        "updateConfig": {"maxUnavailable": 1},
        "launchTemplate": {"id": "lt-1", "version": "1"},
        "version": "1.33",
    },
    GKE: {
        "name": "ml",
        "location": "europe-west4",
        "network": "net",
        "subnetwork": "net",
        "initialNodeCount": 1,
        "releaseChannel": {"channel": "REGULAR"},
        "masterAuthorizedNetworksConfig": {"cidrBlocks": [{"cidrBlock": "10.0.0.0/8"}]},
        "nodeLocations": ["europe-west4-a"],
        "resourceLabels": {"team": "ml"},
    },
    NODE_POOL: {
        "name": "gpu",
        "cluster": "ml",
        "location": "europe-west4",
        "nodeLocations": ["europe-west4-a"],
        "initialNodeCount": 0,
        "autoscaling": {"totalMinNodeCount": 0, "totalMaxNodeCount": 4},
        "management": {"autoRepair": True, "autoUpgrade": True},
        "upgradeSettings": {"maxSurge": 1},
        "nodeConfig": NODES,
        "maxPodsPerNode": 32,
        "queuedProvisioning": {"enabled": False},
        "placementPolicy": {"type": "COMPACT", "policyName": "compact"},
    },
    AKS: {
        "resourceGroupName": "ml",
        "resourceName": "ml",
        "location": "westeurope",
        "dnsPrefix": "ml",
        "kubernetesVersion": "1.33",
        "agentPoolProfiles": [{"name": "system", "mode": "System", "vmSize": "Standard_D2s_v5", "count": 1, "maxPods": 30}],
        "networkProfile": {"networkPlugin": "azure", "networkDataplane": "azure"},
        "autoUpgradeProfile": {"upgradeChannel": "stable"},
        "tags": {"team": "ml"},
    },
    AGENT_POOL: {
        "resourceGroupName": "ml",
        "resourceName": "ml",
        "agentPoolName": "gpu",
        "vmSize": "Standard_NC4as_T4_v3",
        "count": 0,
        "minCount": 0,
        "maxCount": 4,
        "nodeLabels": {"pool": "gpu"},
        "nodeTaints": ["nvidia.com/gpu=present:NoSchedule"],
        "upgradeSettings": {"maxSurge": "1"},
        "gpuInstanceProfile": "MIG1g",
        "osSKU": "Ubuntu",
        "tags": {"team": "ml"},
    },
}
Kind = Literal["update", "replace"]
CHANGES: list[tuple[str, str, Any, Kind]] = [
    (EKS, "version", "1.34", "update"),
    (EKS, "vpcConfig", {"subnetIds": ["subnet-1"], "endpointPublicAccess": True, "endpointPrivateAccess": True}, "update"),
    (EKS, "enabledClusterLogTypes", ["audit", "api"], "update"),
    (EKS, "roleArn", "arn:aws:iam::123456789012:role/other", "replace"),
    (EKS, "name", "other", "replace"),
    (NODE_GROUP, "scalingConfig", {"minSize": 1, "maxSize": 8, "desiredSize": 1}, "update"),
    (NODE_GROUP, "labels", {"pool": "gpu", "team": "ml"}, "update"),
    (NODE_GROUP, "taints", [{**TAINT, "effect": "NO_EXECUTE"}], "update"),
    (NODE_GROUP, "taints", [], "update"),
    (NODE_GROUP, "updateConfig", {"maxUnavailable": 2}, "update"),
    (NODE_GROUP, "launchTemplate", {"id": "lt-1", "version": "2"}, "update"),
    (NODE_GROUP, "version", "1.34", "update"),
    (NODE_GROUP, "launchTemplate", {"id": "lt-2", "version": "1"}, "replace"),
    (NODE_GROUP, "instanceTypes", ["g6.2xlarge"], "replace"),
    (NODE_GROUP, "amiType", "BOTTLEROCKET_x86_64_NVIDIA", "replace"),
    (NODE_GROUP, "capacityType", "SPOT", "replace"),
    (NODE_GROUP, "diskSize", 200, "replace"),
    (NODE_GROUP, "subnetIds", ["subnet-2"], "replace"),
    (NODE_GROUP, "nodeRoleArn", "arn:aws:iam::123456789012:role/other", "replace"),
    (GKE, "releaseChannel", {"channel": "STABLE"}, "update"),
    (GKE, "masterAuthorizedNetworksConfig", {"cidrBlocks": [{"cidrBlock": "172.16.0.0/12"}]}, "update"),
    (GKE, "nodeLocations", ["europe-west4-a", "europe-west4-b"], "update"),
    (GKE, "resourceLabels", {"team": "research"}, "update"),
    (GKE, "network", "other", "replace"),
    (GKE, "location", "europe-west1", "replace"),
    (NODE_POOL, "autoscaling", {"totalMinNodeCount": 1, "totalMaxNodeCount": 8}, "update"),
    (NODE_POOL, "nodeLocations", ["europe-west4-a", "europe-west4-b"], "update"),
    (NODE_POOL, "management", {"autoRepair": False, "autoUpgrade": True}, "update"),
    (NODE_POOL, "upgradeSettings", {"maxSurge": 2}, "update"),
    (NODE_POOL, "nodeConfig", {**NODES, "machineType": "g2-standard-8"}, "update"),
    (NODE_POOL, "nodeConfig", {**NODES, "diskSizeGb": 200}, "update"),
    (NODE_POOL, "nodeConfig", {**NODES, "diskType": "pd-ssd"}, "update"),
    (NODE_POOL, "nodeConfig", {**NODES, "labels": {"pool": "l4"}}, "update"),
    (NODE_POOL, "nodeConfig", {**NODES, "taints": [TAINT, {**TAINT, "key": "team"}]}, "update"),
    (NODE_POOL, "nodeConfig", {**NODES, "guestAccelerators": [{**GPU, "count": 2}]}, "replace"),
    (NODE_POOL, "nodeConfig", {**NODES, "spot": True}, "replace"),
    (NODE_POOL, "nodeConfig", {**NODES, "flexStart": True}, "replace"),
    (NODE_POOL, "nodeConfig", {**NODES, "serviceAccount": "other@acme-ml.iam.gserviceaccount.com"}, "replace"),
    (NODE_POOL, "nodeConfig", {**NODES, "reservationAffinity": {"consumeReservationType": "NO_RESERVATION"}}, "replace"),
    (NODE_POOL, "initialNodeCount", 1, "replace"),
    (NODE_POOL, "maxPodsPerNode", 64, "replace"),
    (NODE_POOL, "queuedProvisioning", {"enabled": True}, "replace"),
    (NODE_POOL, "placementPolicy", {"type": "COMPACT", "policyName": "other"}, "replace"),
    (AKS, "kubernetesVersion", "1.34", "update"),
    (AKS, "agentPoolProfiles", [{"name": "system", "mode": "System", "vmSize": "Standard_D4s_v5", "count": 3, "maxPods": 50}], "update"),
    (AKS, "agentPoolProfiles", [], "update"),
    (AKS, "autoUpgradeProfile", {"upgradeChannel": "patch"}, "update"),
    (AKS, "tags", {"team": "research"}, "update"),
    (AKS, "networkProfile", {"networkPlugin": "azure", "networkDataplane": "cilium"}, "replace"),
    (AKS, "location", "northeurope", "replace"),
    (AGENT_POOL, "minCount", 1, "update"),
    (AGENT_POOL, "maxCount", 8, "update"),
    (AGENT_POOL, "count", 2, "update"),
    (AGENT_POOL, "nodeLabels", {"pool": "t4"}, "update"),
    (AGENT_POOL, "nodeTaints", [], "update"),
    (AGENT_POOL, "upgradeSettings", {"maxSurge": "33%"}, "update"),
    (AGENT_POOL, "osSKU", "AzureLinux", "update"),
    (AGENT_POOL, "tags", {"team": "research"}, "update"),
    (AGENT_POOL, "vmSize", "Standard_NC8as_T4_v3", "replace"),
    (AGENT_POOL, "gpuInstanceProfile", "MIG2g", "replace"),
]


@pytest.mark.parametrize(
    ("token", "name", "value", "expected"), CHANGES, ids=[f"{token.rpartition(':')[2]}-{name}" for token, name, *_ in CHANGES]
)
def test_a_change_is_made_in_place_or_needs_a_new_resource_as_in_its_cloud(token: str, name: str, value: Any, expected: Kind) -> None:
    old = WHOLE[token]
    changes = diff(resource_schema(token), facts(token), old, {**old, name: value})
    assert changes
    assert any(change.replaces for change in changes) == (expected == "replace"), changes


def test_adding_an_agent_pool_to_the_clusters_list_touches_the_cluster_in_place() -> None:
    old = WHOLE[AKS]
    more = {"name": "cpu", "mode": "User", "vmSize": "Standard_D4s_v5", "count": 0}
    changes = diff(resource_schema(AKS), facts(AKS), old, {**old, "agentPoolProfiles": [*old["agentPoolProfiles"], more]})
    assert [change.replaces for change in changes] == [False]
