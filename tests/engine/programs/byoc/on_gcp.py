"""The network, cluster and buckets on Google Cloud, with the pools that a customer names."""

from config.base import NodePoolConfig, NodePoolTaint
from config.gcp import GCPConfig
from gcp_parts.gcs import GCSBuckets
from gcp_parts.gke import GKE
from gcp_parts.vpc import VPC

CELL = "acme-byoc-82cb"
POOLS = [
    NodePoolConfig(name="default", machine_type="n2-standard-4"),
    NodePoolConfig(name="index", machine_type="c4a-standard-8", taints=[NodePoolTaint(key="pool", value="index")]),
]
config = GCPConfig(project="acme", region="europe-west4", availability_zones=["europe-west4-a", "europe-west4-b"], node_pools=POOLS)
network = VPC("vpc", config, CELL)
GKE("gke", config, network.network_id, network.main_subnet_id, CELL)
GCSBuckets("gcs", config, CELL)
