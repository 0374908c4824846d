"""A Kubernetes cluster with a system pool and a pool of spot GPUs."""

import pulumi_azure_native as azure
from network import Network


def cluster(group: azure.resources.ResourceGroup, network: Network, logs: azure.operationalinsights.Workspace) -> None:
    """The cluster with the uptime guarantee; its GPUs are spot machines, none to four."""
    system: azure.containerservice.ManagedClusterAgentPoolProfileArgsDict = {
        "name": "system",
        "mode": "System",
        "vm_size": "Standard_D4s_v5",
        "count": 3,
        "os_disk_size_gb": 128,
        "os_type": "Linux",
        "vnet_subnet_id": network.nodes.id,
    }
    agent = azure.containerservice.ManagedClusterAddonProfileArgs(enabled=True, config={"logAnalyticsWorkspaceResourceID": logs.id})
    made = azure.containerservice.ManagedCluster(
        "assistant",
        resource_group_name=group.name,
        dns_prefix="assistant",
        identity={"type": azure.containerservice.ResourceIdentityType.SYSTEM_ASSIGNED},
        sku={"name": "Base", "tier": "Standard"},
        agent_pool_profiles=[system],
        addon_profiles={"omsagent": agent},
        network_profile={"network_plugin": "azure", "outbound_type": "userAssignedNATGateway", "service_cidr": "10.30.0.0/16"},
    )
    azure.containerservice.AgentPool(
        "gpus",
        agent_pool_name="gpus",
        resource_group_name=group.name,
        resource_name_=made.name,
        mode="User",
        vm_size="Standard_NC24ads_A100_v4",
        scale_set_priority="Spot",
        scale_set_eviction_policy="Delete",
        spot_max_price=-1,
        enable_auto_scaling=True,
        count=0,
        min_count=0,
        max_count=4,
        os_disk_size_gb=256,
        os_type="Linux",
        node_taints=["sku=gpu:NoSchedule"],
        vnet_subnet_id=network.nodes.id,
    )
