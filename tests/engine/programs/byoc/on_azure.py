"""The network, cluster and storage on Azure, with the pools that a customer names."""

from azure_parts.aks import AKS
from azure_parts.storage import BlobStorage
from azure_parts.vnet import VNet
from config.azure import AzureConfig
from config.base import NodePoolConfig, NodePoolTaint

CELL = "acme-byoc-82cb"
POOLS = [
    NodePoolConfig(name="default", vm_size="Standard_D4s_v5"),
    NodePoolConfig(name="index", vm_size="Standard_L8s_v3", taints=[NodePoolTaint(key="pool", value="index", effect="NoSchedule")]),
]
config = AzureConfig(
    subscription_id="11111111-2222-3333-4444-555555555555", region="westeurope", availability_zones=["1", "2", "3"], node_pools=POOLS
)
network = VNet("vnet", config, CELL)
AKS("aks", config, network.resource_group_name, network.aks_subnet_id, CELL)
BlobStorage("blobs", config, CELL, network.resource_group_name)
