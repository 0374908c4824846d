"""Outputs that a cloud takes from another resource: a cluster's network, a pool's version and zones, a template's next version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from rehearsal.cloud_run import SERVICE, service_outputs
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import UNKNOWN, Value, Values, as_map, as_text, lookup
from rehearsal.zones import gcp_zones

LAUNCH_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
_EKS: Final = "aws:eks/cluster:Cluster"
_GKE: Final = "gcp:container/cluster:Cluster"
_AKS: Final = "azure-native:containerservice:ManagedCluster"
_AKS_IMAGE: Final = "AKSUbuntu-2204gen2containerd-202511.07.0"
# Changes of these make no new version of a launch template (terraform-provider-aws, resource aws_launch_template: update).
_NO_NEW_VERSION: Final = frozenset({"tags", "defaultVersion", "updateDefaultVersion", "disableApiStop", "region"})


def completed(cloud: SimulatedCloud, token: str, identifier: str, inputs: Values, made: Values) -> Values:
    """Give a resource's outputs with those that come from others; `made` holds what the resource has of itself."""
    complete = _COMPLETIONS.get(token)
    return complete(cloud, identifier, inputs, made) if complete else made


def updated(token: str, old_inputs: Values, inputs: Values, old: Values, made: Values, *, preview: bool = False) -> Values:
    """Give the outputs after an update with those that count updates: a launch template's versions."""
    if token != LAUNCH_TEMPLATE:
        return made
    changed = {name for name in {*old_inputs, *inputs} if not name.startswith("__") and old_inputs.get(name) != inputs.get(name)}
    versions = {name: old[name] for name in ("latestVersion", "defaultVersion") if name in old}
    if changed <= _NO_NEW_VERSION:
        return {**made, **versions}
    latest: Value = UNKNOWN if preview else int(as_text(old.get("latestVersion")) or 1) + 1
    following = {"defaultVersion": latest} if inputs.get("updateDefaultVersion") is True else {}
    return {**made, **versions, "latestVersion": latest, **following}


def _eks_cluster(cloud: SimulatedCloud, identifier: str, inputs: Values, made: Values) -> Values:
    subnet = cloud.get("aws:ec2/subnet:Subnet", as_text(lookup(inputs, ("vpcConfig", "subnetIds", 0))) or "")
    if subnet is None:
        return made
    return {**made, "vpcConfig": {**as_map(made.get("vpcConfig")), "vpcId": subnet.inputs.get("vpcId")}}


def _eks_node_group(cloud: SimulatedCloud, identifier: str, inputs: Values, made: Values) -> Values:
    """Nodes run the cluster's version unless the group names its own (EKS API, CreateNodegroup)."""
    version = inputs.get("version") or _output(_first(cloud, _EKS, inputs.get("clusterName")), "version")
    return {**made, "version": version, "releaseVersion": inputs.get("releaseVersion") or f"{as_text(version)}.5-20251209"}


def _gke_cluster(cloud: SimulatedCloud, identifier: str, inputs: Values, made: Values) -> Values:
    """Nodes go to the zones of the cluster's region unless it names some."""
    zones: list[Value] = list(gcp_zones(as_text(made.get("location")) or ""))
    return {**made, "nodeLocations": inputs.get("nodeLocations") or zones}


def _gke_node_pool(cloud: SimulatedCloud, identifier: str, inputs: Values, made: Values) -> Values:
    cluster = _first(cloud, _GKE, inputs.get("cluster"))
    zones = inputs.get("nodeLocations") or _output(cluster, "nodeLocations") or []
    project, name = as_text(made.get("project")) or "", as_text(made.get("name")) or ""
    groups = [
        f"https://www.googleapis.com/compute/v1/projects/{project}/zones/{as_text(zone)}/instanceGroupManagers/gke-{name}-grp"
        for zone in (zones if isinstance(zones, list) else [])
    ]
    urls: list[Value] = list(groups)
    managed: list[Value] = [group.replace("instanceGroupManagers", "instanceGroups") for group in groups]
    version = inputs.get("version") or _output(cluster, "masterVersion") or made.get("version")
    return {**made, "nodeLocations": zones, "version": version, "instanceGroupUrls": urls, "managedInstanceGroupUrls": managed}


def _aks_cluster(cloud: SimulatedCloud, identifier: str, inputs: Values, made: Values) -> Values:
    """Pools that the cluster is made with run its version (AKS REST API: Managed Clusters - Get)."""
    version, profiles = made.get("kubernetesVersion"), made.get("agentPoolProfiles")
    if not isinstance(profiles, list):
        return made
    run: Values = {"currentOrchestratorVersion": version, "nodeImageVersion": _AKS_IMAGE}
    pools: list[Value] = [{**as_map(profile), **run} for profile in profiles]
    return {**made, "agentPoolProfiles": pools}


def _azure_network(cloud: SimulatedCloud, identifier: str, inputs: Values, made: Values) -> Values:
    """Subnets that a network is made with have ids of their own."""
    subnets = made.get("subnets")
    if not isinstance(subnets, list):
        return made
    identified: list[Value] = [
        {**as_map(subnet), "id": f"{identifier}/subnets/{as_text(as_map(subnet).get('name'))}"} for subnet in subnets
    ]
    return {**made, "subnets": identified}


def _aks_pool(cloud: SimulatedCloud, identifier: str, inputs: Values, made: Values) -> Values:
    version = inputs.get("orchestratorVersion") or _output(_first(cloud, _AKS, inputs.get("resourceName")), "kubernetesVersion")
    return {**made, "currentOrchestratorVersion": version} if version else made


def _first(cloud: SimulatedCloud, token: str, named: Value) -> Resource | None:
    found = cloud.identified([token], (as_text(named) or "").rsplit("/", 1)[-1])
    return found[0] if found else None


def _output(resource: Resource | None, name: str) -> Value:
    return resource.outputs.get(name) if resource else None


_COMPLETIONS: Final[Mapping[str, Callable[[SimulatedCloud, str, Values, Values], Values]]] = {
    _AKS: _aks_cluster,
    _EKS: _eks_cluster,
    "aws:eks/nodeGroup:NodeGroup": _eks_node_group,
    _GKE: _gke_cluster,
    "gcp:container/nodePool:NodePool": _gke_node_pool,
    "azure-native:containerservice:AgentPool": _aks_pool,
    "azure-native:network:VirtualNetwork": _azure_network,
    SERVICE: service_outputs,
}
