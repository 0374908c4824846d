"""How an environment's network, cluster, pools and buckets come together on Azure."""

from dataclasses import replace

import pytest
from pulumi import ResourceOptions

from components import deploy
from components.azure.node_classes import build_provisioned_pools
from plan.model import Plan, PrivateEndpointPlan
from tests.components.plans import LABELS, cluster_plan, network_plan, pool_plan, rung_plan

BLOB = PrivateEndpointPlan(name="blob", service="blob", kind="interface", dns_zone="privatelink.blob.core.windows.net")
ACCOUNT, ENDPOINT = "azure-native:storage:StorageAccount", "azure-native:network:PrivateEndpoint"


@pytest.fixture
def platform(registered):
    def build(*, buckets=(), network=None, cluster=None, pools=None):
        plan = Plan(
            cloud="azure",
            region="westeurope",
            stage="prod",
            labels=LABELS,
            buckets=tuple(buckets),
            decisions=(),
            network=network or network_plan("azure"),
            cluster=cluster or cluster_plan("azure"),
            node_pools=pools or (pool_plan("azure", "system"), pool_plan("azure", "gpu", gpu=True)),
        )
        return registered(lambda: deploy(plan))

    return build


def test_a_bucket_is_closed_to_outsiders_where_the_network_has_an_address_for_it(platform, bucket):
    closed = platform(buckets=[bucket("azure")], network=network_plan("azure", private_endpoints=(BLOB,)))
    assert closed.one(ACCOUNT).inputs["publicNetworkAccess"] == "Disabled"
    connection = closed.one(ENDPOINT).inputs["privateLinkServiceConnections"][0]
    assert (connection["privateLinkServiceId"], connection["groupIds"]) == ("captures-1a2b3c4", ["blob"])
    assert closed.one(ENDPOINT).inputs["subnet"]["id"] == "network-endpoints-1a2b3c4"
    open_to_tenant = platform(buckets=[bucket("azure")])
    assert open_to_tenant.one(ACCOUNT).inputs["publicNetworkAccess"] == "Enabled"
    assert open_to_tenant.of_type(ENDPOINT) == []


def test_everything_stands_in_one_resource_group(platform):
    deployment = platform()
    groups = {r.inputs["resourceGroupName"] for r in deployment.resources if "resourceGroupName" in r.inputs}
    assert groups == {"drydock-1a2b3c4"}


def test_pools_wait_for_the_cluster_and_the_cluster_for_the_network(platform):
    deployment = platform()
    cluster = deployment.one("azure-native:containerservice:ManagedCluster")
    assert cluster.urn in deployment.one("azure-native:containerservice:AgentPool", "gpu").depends_on
    subnet = deployment.one("azure-native:network:Subnet", "network-nodes")
    assert subnet.urn in cluster.depends_on


def test_a_pool_of_node_auto_provisioning_is_a_karpenter_node_pool_with_its_class(registered):

    rungs = (
        rung_plan("azure", "gpu", provisioner="karpenter"),
        rung_plan("azure", "gpu-spot", "spot", provisioner="karpenter", priority=1),
    )
    pool = replace(pool_plan("azure", "gpu", gpu=True), rungs=rungs)
    deployment = registered(lambda: build_provisioned_pools([pool_plan("azure", "system"), pool], "westeurope", ResourceOptions()))
    # The class comes first; the pools that wait for it are registered in no order.
    first, *others = [r.name for r in deployment.resources]
    assert (first, sorted(others)) == ("gpu-node-class", ["gpu-node-pool", "gpu-spot-node-pool"])
    reference = deployment.one("kubernetes:karpenter.sh/v1:NodePool", "gpu-node-pool").inputs["spec"]["template"]["spec"]["nodeClassRef"]
    assert reference == {"group": "karpenter.azure.com", "kind": "AKSNodeClass", "name": "gpu"}
    assert deployment.one("kubernetes:karpenter.azure.com/v1beta1:AKSNodeClass").inputs["spec"]["osDiskSizeGB"] == 100
    # As AKS labels its nodes: the zone's number stands behind the region.
    requirements = deployment.one("kubernetes:karpenter.sh/v1:NodePool", "gpu-node-pool").inputs["spec"]["template"]["spec"]["requirements"]
    zones = [each["values"] for each in requirements if each["key"] == "topology.kubernetes.io/zone"]
    assert zones == [["westeurope-1", "westeurope-2"]]
