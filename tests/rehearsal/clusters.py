"""Clusters with pools on each simulated cloud, for the tests of capacity and scheduling."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from rehearsal.capacity.store import held_nodes
from rehearsal.scheduling.scheduler import outcomes
from rehearsal.values import Values
from tests.rehearsal.simulated import Client, Clouds, state

NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
NODE_POOL = "gcp:container/nodePool:NodePool"
AGENT_POOL = "azure-native:containerservice:AgentPool"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
JOB = "kubernetes:batch/v1:Job"
GPU_TAINT = {"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}
GPU_TOLERATION = {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}


@dataclass
class Made:
    """A cluster of the rehearsal: a client of its cloud, and one of its API server."""

    clouds: Clouds
    cloud: Client
    server: str
    common: dict[str, Any]

    @property
    def kubernetes(self) -> Client:
        config = {"apiVersion": "v1", "kind": "Config", "clusters": [{"name": "ml", "cluster": {"server": f"https://{self.server}"}}]}
        return self.clouds.connect("kubernetes", kubeconfig=json.dumps(config))

    def pool(self, name: str, **more: Any) -> str:
        return self.pool_inputs(name, **more)[0]

    def pool_inputs(self, name: str, **more: Any) -> tuple[str, Values]:
        token, inputs = {"aws": _eks_pool, "gcp": _gke_pool, "azure-native": _aks_pool}[self.cloud.package](name, self.common, more)
        identifier, _ = self.cloud.create(token, name, inputs)
        return identifier, inputs

    def nodes(self) -> list[tuple[str, str, str]]:
        """The nodes that run: their pools, machine types and markets."""
        return [(each.pool, each.node.machine_type, each.node.market) for each in held_nodes(state(self.clouds))]

    def outcomes(self) -> list[str]:
        return outcomes(state(self.clouds))


def eks(clouds: Clouds, zones: str = "a", autoscaler: bool = True) -> Made:
    """An EKS cluster over zones of eu-west-1, with a cluster autoscaler."""
    aws = clouds.connect("aws")
    vpc, _ = aws.create("aws:ec2/vpc:Vpc", "net", {"cidrBlock": "10.0.0.0/16"})
    subnets = [
        aws.create("aws:ec2/subnet:Subnet", z, {"vpcId": vpc, "cidrBlock": f"10.0.{ord(z)}.0/24", "availabilityZone": f"eu-west-1{z}"})[0]
        for z in zones
    ]
    _, role = aws.create("aws:iam/role:Role", "nodes", {"name": "nodes", "assumeRolePolicy": "{}"})
    inputs = {"name": "ml", "roleArn": role["arn"], "vpcConfig": {"subnetIds": subnets}}
    _, cluster = aws.create("aws:eks/cluster:Cluster", "ml", inputs)
    common = {"clusterName": "ml", "nodeRoleArn": role["arn"], "subnetIds": subnets}
    made = Made(clouds, aws, str(cluster["endpoint"]).removeprefix("https://"), common)
    if autoscaler:
        release = {"name": "scaler", "chart": "cluster-autoscaler", "namespace": "kube-system"}
        made.kubernetes.create("kubernetes:helm.sh/v3:Release", "scaler", release)
    return made


def gke(clouds: Clouds, **more: Any) -> Made:
    """A GKE cluster in europe-west4 without its default pool."""
    gcp = clouds.connect("gcp")
    inputs = {"name": "ml", "location": "europe-west4", "initialNodeCount": 1, "removeDefaultNodePool": True, "deletionProtection": False}
    _, cluster = gcp.create("gcp:container/cluster:Cluster", "ml", {**inputs, **more})
    common = {"cluster": "ml", "location": "europe-west4", "nodeLocations": ["europe-west4-a"]}
    return Made(clouds, gcp, str(cluster["endpoint"]), common)


def aks(clouds: Clouds, **system: Any) -> Made:
    """An AKS cluster in westeurope with a small system pool."""
    azure = clouds.connect("azure-native")
    azure.create("azure-native:resources:ResourceGroup", "ml", {"resourceGroupName": "ml"})
    pool = {"name": "system", "mode": "System", "vmSize": "Standard_D2s_v5", "count": 1, **system}
    inputs = {"resourceGroupName": "ml", "resourceName": "ml", "dnsPrefix": "ml", "agentPoolProfiles": [pool]}
    _, cluster = azure.create("azure-native:containerservice:ManagedCluster", "ml", inputs)
    return Made(clouds, azure, str(cluster["fqdn"]), {"resourceGroupName": "ml", "resourceName": "ml"})


def _eks_pool(name: str, common: dict[str, Any], more: dict[str, Any]) -> tuple[str, Values]:
    scaling = {"minSize": 0, "maxSize": more.pop("maximum", 4), "desiredSize": more.pop("count", 0)}
    return NODE_GROUP, {"nodeGroupName": name, "instanceTypes": ["g6.xlarge"], "scalingConfig": scaling, **common, **more}


def _gke_pool(name: str, common: dict[str, Any], more: dict[str, Any]) -> tuple[str, Values]:
    config = {"machineType": "g2-standard-4", "guestAccelerators": [{"type": "nvidia-l4", "count": 1}], **more.pop("config", {})}
    scaling = {"totalMinNodeCount": 0, "totalMaxNodeCount": more.pop("maximum", 4)}
    return NODE_POOL, {
        "name": name,
        "initialNodeCount": more.pop("count", 0),
        "autoscaling": scaling,
        "nodeConfig": config,
        **common,
        **more,
    }


def _aks_pool(name: str, common: dict[str, Any], more: dict[str, Any]) -> tuple[str, Values]:
    scaling = {"enableAutoScaling": True, "minCount": 0, "maxCount": more.pop("maximum", 4), "count": more.pop("count", 0)}
    return AGENT_POOL, {"agentPoolName": name, "vmSize": "Standard_NC4as_T4_v3", "mode": "User", **scaling, **common, **more}


def deployment(name: str, replicas: int = 1, **pod: Any) -> Values:
    """A Deployment whose pods each ask for a GPU and tolerate the usual taint."""
    container = {"name": "main", "image": "smoke", "resources": {"limits": pod.pop("limits", {"nvidia.com/gpu": "1"})}}
    spec = {"tolerations": [GPU_TOLERATION], **pod, "containers": [container]}
    template = {"metadata": {"labels": {"app": name}}, "spec": spec}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template},
    }
