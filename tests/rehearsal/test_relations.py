"""Outputs that come from another resource, changes that an API refuses, and what holds a network."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rehearsal.simulated import Client, Clouds, refusal

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
EKS = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
GKE = "gcp:container/cluster:Cluster"
GKE_POOL = "gcp:container/nodePool:NodePool"
GROUP = "azure-native:resources:ResourceGroup"
NETWORK = "azure-native:network:VirtualNetwork"
AZURE_SUBNET = "azure-native:network:Subnet"
AKS = "azure-native:containerservice:ManagedCluster"
AKS_POOL = "azure-native:containerservice:AgentPool"


def eks(aws: Client, version: str = "1.33") -> tuple[str, str, str, str]:
    """A VPC, a subnet, a role's ARN and a cluster's name."""
    vpc, _ = aws.create(VPC, "net", {"cidrBlock": "10.0.0.0/16"})
    subnet, _ = aws.create(SUBNET, "net", {"vpcId": vpc, "cidrBlock": "10.0.0.0/24"})
    _, role = aws.create("aws:iam/role:Role", "role", {"name": "nodes", "assumeRolePolicy": "{}"})
    arn = str(role["arn"])
    cluster, _ = aws.create(EKS, "ml", {"name": "ml", "roleArn": arn, "version": version, "vpcConfig": {"subnetIds": [subnet]}})
    return vpc, subnet, arn, cluster


def node_group(subnet: str, role: str, **more: Any) -> dict[str, Any]:
    scaling = {"minSize": 0, "maxSize": 2, "desiredSize": 0}
    return {"clusterName": "ml", "nodeGroupName": "gpu", "nodeRoleArn": role, "subnetIds": [subnet], "scalingConfig": scaling, **more}


def test_an_eks_cluster_stands_in_its_subnets_vpc_and_its_nodes_run_its_version(aws: Client) -> None:
    vpc, subnet, role, cluster = eks(aws, "1.32")
    _, _, made = aws.read(EKS, cluster)
    assert made["vpcConfig"]["vpcId"] == vpc
    assert made["vpcConfig"]["clusterSecurityGroupId"].startswith("sg-")
    _, pool = aws.create(NODE_GROUP, "gpu", node_group(subnet, role))
    assert pool["version"] == "1.32"


def test_an_eks_cluster_holds_its_subnets_and_is_held_by_its_node_groups(aws: Client) -> None:
    vpc, subnet, role, cluster = eks(aws)
    pool, _ = aws.create(NODE_GROUP, "gpu", node_group(subnet, role))
    assert "ResourceInUseException: Cluster has nodegroups attached" in refusal(lambda: aws.delete(EKS, cluster)).details()
    aws.delete(NODE_GROUP, pool)
    told = refusal(lambda: aws.delete(SUBNET, subnet)).details()
    assert "DependencyViolation" in told
    assert "aws:eks/cluster:Cluster 'ml'" in told
    aws.delete(EKS, cluster)
    aws.delete(SUBNET, subnet)
    aws.delete(VPC, vpc)


def test_a_change_makes_the_next_version_of_a_launch_template_and_a_preview_does_not_know_it(aws: Client) -> None:
    old = {"name": "gpu", "metadataOptions": {"httpTokens": "optional"}}
    template, made = aws.create(TEMPLATE, "gpu", old)
    assert (made["latestVersion"], made["defaultVersion"]) == (1, 1)
    new = {**old, "metadataOptions": {"httpTokens": "required"}}
    planned = aws.update(TEMPLATE, template, old, new, preview=True, outputs=made)
    assert not isinstance(planned["latestVersion"], int)
    assert planned["defaultVersion"] == 1
    assert aws.update(TEMPLATE, template, old, new, outputs=made)["latestVersion"] == 2
    tagged = {**new, "tags": {"team": "ml"}}
    assert aws.update(TEMPLATE, template, new, tagged)["latestVersion"] == 2


def test_an_internet_gateway_stays_while_its_vpc_has_a_nat_gateway(aws: Client) -> None:
    vpc, _ = aws.create(VPC, "net", {"cidrBlock": "10.0.0.0/16"})
    gateway, _ = aws.create("aws:ec2/internetGateway:InternetGateway", "net", {"vpcId": vpc})
    subnet, _ = aws.create(SUBNET, "net", {"vpcId": vpc, "cidrBlock": "10.0.0.0/24"})
    address, _ = aws.create("aws:ec2/eip:Eip", "nat", {"domain": "vpc"})
    nat, _ = aws.create("aws:ec2/natGateway:NatGateway", "nat", {"subnetId": subnet, "allocationId": address})
    assert nat in refusal(lambda: aws.delete("aws:ec2/internetGateway:InternetGateway", gateway)).details()
    aws.delete("aws:ec2/natGateway:NatGateway", nat)
    aws.delete("aws:ec2/internetGateway:InternetGateway", gateway)


def test_an_access_policy_needs_the_principals_entry(aws: Client) -> None:
    eks(aws)
    principal = "arn:aws:iam::123456789012:role/owners"
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
    granted = {"clusterName": "ml", "principalArn": principal, "policyArn": policy, "accessScope": {"type": "cluster"}}
    association = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
    assert "ResourceNotFoundException" in refusal(lambda: aws.create(association, "owners", granted)).details()
    aws.create("aws:eks/accessEntry:AccessEntry", "owners", {"clusterName": "ml", "principalArn": principal})
    aws.create(association, "owners", granted)


def test_a_gke_pool_lies_in_its_clusters_zones_unless_it_names_some(clouds: Clouds) -> None:
    gcp = clouds.connect("gcp")
    _, cluster = gcp.create(GKE, "ml", {"name": "ml", "location": "europe-west1", "initialNodeCount": 1})
    assert cluster["nodeLocations"] == ["europe-west1-b", "europe-west1-c", "europe-west1-d"]
    pool = {"name": "cpu", "cluster": "ml", "location": "europe-west1"}
    _, made = gcp.create(GKE_POOL, "cpu", pool)
    assert made["nodeLocations"] == cluster["nodeLocations"]
    assert made["version"] == cluster["masterVersion"]
    assert len(made["instanceGroupUrls"]) == 3
    _, single = gcp.create(GKE_POOL, "gpu", {**pool, "name": "gpu", "nodeLocations": ["europe-west1-b"]})
    assert [url.split("/")[8] for url in single["instanceGroupUrls"]] == ["europe-west1-b"]


def test_a_network_of_google_cloud_is_held_by_what_names_it_as_its_network_only(clouds: Clouds) -> None:
    gcp = clouds.connect("gcp")
    network, _ = gcp.create("gcp:compute/network:Network", "ml", {"name": "ml", "autoCreateSubnetworks": False})
    other, _ = gcp.create("gcp:compute/network:Network", "other", {"name": "other", "autoCreateSubnetworks": False})
    router, _ = gcp.create("gcp:compute/router:Router", "ml", {"name": "ml", "network": other, "region": "europe-west4"})
    assert "resourceInUseByAnotherResource" in refusal(lambda: gcp.delete("gcp:compute/network:Network", other)).details()
    gcp.delete("gcp:compute/network:Network", network)
    gcp.delete("gcp:compute/router:Router", router)
    gcp.delete("gcp:compute/network:Network", other)


def aks(azure: Client) -> tuple[str, str, str]:
    """A network, a subnet and a cluster in it."""
    azure.create(GROUP, "ml", {"resourceGroupName": "ml"})
    network, _ = azure.create(
        NETWORK, "net", {"resourceGroupName": "ml", "virtualNetworkName": "net", "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}
    )
    subnet, _ = azure.create(
        AZURE_SUBNET,
        "nodes",
        {"resourceGroupName": "ml", "virtualNetworkName": "net", "subnetName": "nodes", "addressPrefix": "10.0.0.0/20"},
    )
    pools = [{"name": "system", "mode": "System", "vmSize": "Standard_D2s_v5", "count": 1, "vnetSubnetID": subnet}]
    cluster, made = azure.create(
        AKS,
        "ml",
        {"resourceGroupName": "ml", "resourceName": "ml", "kubernetesVersion": "1.33", "dnsPrefix": "ml", "agentPoolProfiles": pools},
    )
    assert made["agentPoolProfiles"][0]["currentOrchestratorVersion"] == "1.33"
    return network, subnet, cluster


def test_an_aks_cluster_holds_its_subnet_and_its_network(azure: Client) -> None:
    network, subnet, cluster = aks(azure)
    assert "InUseSubnetCannotBeDeleted" in refusal(lambda: azure.delete(AZURE_SUBNET, subnet)).details()
    assert "InUseSubnetCannotBeDeleted" in refusal(lambda: azure.delete(NETWORK, network)).details()
    azure.delete(AKS, cluster)
    azure.delete(AZURE_SUBNET, subnet)
    azure.delete(NETWORK, network)


def test_a_subnet_that_a_network_is_made_with_can_be_named_and_holds_it(azure: Client) -> None:
    azure.create(GROUP, "ml", {"resourceGroupName": "ml"})
    network, made = azure.create(
        NETWORK,
        "net",
        {
            "resourceGroupName": "ml",
            "virtualNetworkName": "net",
            "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "subnets": [{"name": "nodes", "addressPrefix": "10.0.0.0/20"}],
        },
    )
    subnet = made["subnets"][0]["id"]
    assert subnet == f"{network}/subnets/nodes"
    pools = [{"name": "system", "mode": "System", "vmSize": "Standard_D2s_v5", "count": 1, "vnetSubnetID": subnet}]
    azure.create(AKS, "ml", {"resourceGroupName": "ml", "resourceName": "ml", "dnsPrefix": "ml", "agentPoolProfiles": pools})
    assert "InUseSubnetCannotBeDeleted" in refusal(lambda: azure.delete(NETWORK, network)).details()


def aks_pool(subnet: str, **more: Any) -> dict[str, Any]:
    pool = {"resourceGroupName": "ml", "resourceName": "ml", "agentPoolName": "gpu", "vmSize": "Standard_NC4as_T4_v3", "mode": "User"}
    return {
        **pool,
        "count": 0,
        "minCount": 0,
        "maxCount": 2,
        "enableAutoScaling": True,
        "osDiskSizeGB": 128,
        "vnetSubnetID": subnet,
        **more,
    }


# Refused: the properties that terraform-provider-azurerm rotates or replaces a pool for, where azure-native plans an update.
@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"osDiskSizeGB": 256}, "osDiskSizeGB"),
        ({"scaleSetPriority": "Spot"}, "scaleSetPriority"),
        ({"availabilityZones": ["2"]}, "availabilityZones"),
        ({"maxPods": 50}, "maxPods"),
        ({"gpuProfile": {"driver": "Install"}}, "gpuProfile.driver"),
        ({"capacityReservationGroupID": None, "podSubnetID": "/subscriptions/s/subnets/pods"}, "podSubnetID"),
        ({"enableUltraSSD": True}, "enableUltraSSD"),
        ({"enableUltraSSD": False}, None),
        ({"maxCount": 5}, None),
        ({"nodeLabels": {"pool": "gpu"}}, None),
        ({"nodeTaints": ["nvidia.com/gpu=present:NoSchedule"]}, None),
        ({"upgradeSettings": {"maxSurge": "1"}}, None),
        ({"tags": {"team": "ml"}}, None),
    ],
)
def test_an_aks_pool_takes_some_changes_and_its_api_refuses_others(azure: Client, change: dict[str, Any], path: str | None) -> None:
    _, subnet, _ = aks(azure)
    old = aks_pool(subnet, scaleSetPriority="Regular", availabilityZones=["1"], maxPods=30, gpuProfile={"driver": "None"})
    pool, _ = azure.create(AKS_POOL, "gpu", old)
    assert list(azure.diff(AKS_POOL, "gpu", old, {**old, **change}).replaces) == []
    if path is None:
        azure.update(AKS_POOL, pool, old, {**old, **change})
        return
    told = refusal(lambda: azure.update(AKS_POOL, pool, old, {**old, **change})).details()
    assert f"PropertyChangeNotAllowed: Changing property 'properties.{path}' is not allowed" in told


def test_a_pool_that_an_aks_cluster_is_made_with_keeps_its_machine_whatever_place_it_has_in_the_list(azure: Client) -> None:
    _, subnet, cluster = aks(azure)
    system = {"name": "system", "mode": "System", "vmSize": "Standard_D2s_v5", "count": 1, "vnetSubnetID": subnet}
    old = {"resourceGroupName": "ml", "resourceName": "ml", "kubernetesVersion": "1.33", "dnsPrefix": "ml", "agentPoolProfiles": [system]}
    more = {**old, "agentPoolProfiles": [{**system, "name": "first", "vmSize": "Standard_D4s_v5"}, system]}
    assert list(azure.diff(AKS, "ml", old, more).replaces) == []
    azure.update(AKS, cluster, old, more)
    other = {**old, "agentPoolProfiles": [{**system, "vmSize": "Standard_D8s_v5"}]}
    assert list(azure.diff(AKS, "ml", old, other).replaces) == []
    assert "properties.agentPoolProfiles.vmSize" in refusal(lambda: azure.update(AKS, cluster, old, other)).details()
