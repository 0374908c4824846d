"""A GKE and an AKS cluster, each with a GPU node from the start."""

import pulumi_azure_native as azure
import pulumi_gcp as gcp

cluster = gcp.container.Cluster(
    "ml", location="europe-west4", initial_node_count=1, remove_default_node_pool=True, deletion_protection=False
)
gcp.container.NodePool(
    "gpu",
    name="gpu",
    cluster=cluster.name,
    location="europe-west4",
    node_locations=["europe-west4-a"],
    node_count=1,
    node_config={"machine_type": "g2-standard-4", "guest_accelerators": [{"type": "nvidia-l4", "count": 1}]},
)
group = azure.resources.ResourceGroup("ml")
system = {"name": "system", "mode": "System", "vm_size": "Standard_D2s_v5", "count": 1}
managed = azure.containerservice.ManagedCluster("ml", resource_group_name=group.name, dns_prefix="ml", agent_pool_profiles=[system])
azure.containerservice.AgentPool(
    "gpu", resource_group_name=group.name, resource_name_=managed.name, agent_pool_name="gpu", vm_size="Standard_NC4as_T4_v3", count=1
)
