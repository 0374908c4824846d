"""A regional cluster with three pools: plain machines, spot machines with an L4, and one slice of sixteen TPU chips."""

from collections.abc import Sequence

import pulumi
import pulumi_gcp as gcp

Machine = gcp.container.NodePoolNodeConfigArgsDict


def cluster(subnetwork: gcp.compute.Subnetwork, region: str) -> gcp.container.Cluster:
    """The cluster, without the pool that Google would make, and its own pools."""
    made = gcp.container.Cluster(
        "research",
        location=region,
        network=subnetwork.network,
        subnetwork=subnetwork.id,
        initial_node_count=1,
        remove_default_node_pool=True,
        deletion_protection=False,
        ip_allocation_policy={"cluster_secondary_range_name": "pods", "services_secondary_range_name": "services"},
        private_cluster_config={"enable_private_nodes": True, "master_ipv4_cidr_block": "172.16.0.0/28"},
        release_channel={"channel": "REGULAR"},
        resource_labels={"owner": "research"},
    )
    pools = Pools(made, region)
    pools.plain()
    pools.gpus()
    pools.chips()
    return made


class Pools:
    """The node pools of one cluster."""

    def __init__(self, cluster: gcp.container.Cluster, region: str) -> None:
        self._cluster, self._region = cluster, region
        self._account = gcp.serviceaccount.Account("nodes", account_id="research-nodes")

    def plain(self) -> None:
        """In each of the region's three zones one to four machines."""
        zones = [f"{self._region}-{zone}" for zone in "abc"]
        self._pool("plain", zones, {"machine_type": "e2-standard-4"}, limits={"min_node_count": 1, "max_node_count": 4})

    def gpus(self) -> None:
        """None to six spot machines with an L4."""
        card: gcp.container.NodePoolNodeConfigGuestAcceleratorArgsDict = {"type": "nvidia-l4", "count": 1}
        machine: Machine = {"machine_type": "g2-standard-8", "spot": True, "guest_accelerators": [card], "disk_size_gb": 200}
        self._pool("gpus", [f"{self._region}-a"], machine, limits={"total_min_node_count": 0, "total_max_node_count": 6})

    def chips(self) -> None:
        """A slice of 4 × 4 TPU v5e chips: four machines that are made and used together."""
        slice_ = gcp.container.NodePoolPlacementPolicyArgs(type="COMPACT", tpu_topology="4x4")
        self._pool("chips", [f"{self._region}-a"], {"machine_type": "ct5lp-hightpu-4t"}, nodes=4, slice_=slice_)

    def _pool(
        self,
        name: str,
        zones: Sequence[str],
        machine: Machine,
        nodes: int | None = None,
        limits: gcp.container.NodePoolAutoscalingArgsDict | None = None,
        slice_: gcp.container.NodePoolPlacementPolicyArgs | None = None,
    ) -> None:
        machine["service_account"] = self._account.email
        gcp.container.NodePool(
            name,
            cluster=self._cluster.id,
            location=self._region,
            node_locations=zones,
            node_config=machine,
            node_count=nodes,
            autoscaling=limits,
            placement_policy=slice_,
            opts=pulumi.ResourceOptions(parent=self._cluster),
        )
