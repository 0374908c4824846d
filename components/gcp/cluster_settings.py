"""What a GKE cluster is told: who reaches its API, what it records, what it brings, when Google may change it."""

from datetime import datetime, timedelta

from pulumi_gcp import container as gke

from plan.model import ClusterPlan

# With a private address alone GKE wants to be told who may reach it: whoever is in the network, joined to it, or comes by VPN.
# Source: RFC 1918; RFC 6598.
_PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
# A Saturday; the recurrence says which days follow.
_FIRST_DAY = datetime(2000, 1, 1)


def private_cluster(plan: ClusterPlan) -> gke.ClusterPrivateClusterConfigArgs:
    """Nodes without public addresses, and where the plan says so an API without one."""
    return gke.ClusterPrivateClusterConfigArgs(
        enable_private_nodes=True,
        enable_private_endpoint=plan.private_api,
        master_global_access_config=gke.ClusterPrivateClusterConfigMasterGlobalAccessConfigArgs(enabled=plan.private_api),
    )


def endpoints() -> gke.ClusterControlPlaneEndpointsConfigArgs:
    """The API by its address only: its DNS name is public, and no range of addresses would guard it."""
    return gke.ClusterControlPlaneEndpointsConfigArgs(
        dns_endpoint_config=gke.ClusterControlPlaneEndpointsConfigDnsEndpointConfigArgs(allow_external_traffic=False),
        ip_endpoints_config=gke.ClusterControlPlaneEndpointsConfigIpEndpointsConfigArgs(enabled=True),
    )


def authorized_networks(plan: ClusterPlan) -> gke.ClusterMasterAuthorizedNetworksConfigArgs:
    """Who may reach the API: the plan's ranges where it is public, private addresses where it is not."""
    ranges = _PRIVATE_RANGES if plan.private_api else plan.authorized_ranges
    return gke.ClusterMasterAuthorizedNetworksConfigArgs(
        cidr_blocks=[gke.ClusterMasterAuthorizedNetworksConfigCidrBlockArgs(cidr_block=each) for each in ranges],
        gcp_public_cidrs_access_enabled=False,
    )


def add_ons(plan: ClusterPlan) -> gke.ClusterAddonsConfigArgs:
    """GKE's own add-ons, each on or off as the plan says."""
    return gke.ClusterAddonsConfigArgs(
        gcs_fuse_csi_driver_config=gke.ClusterAddonsConfigGcsFuseCsiDriverConfigArgs(enabled="gcsFuse" in plan.cloud_add_ons),
        gce_persistent_disk_csi_driver_config=gke.ClusterAddonsConfigGcePersistentDiskCsiDriverConfigArgs(
            enabled="persistentDisk" in plan.cloud_add_ons
        ),
        dns_cache_config=gke.ClusterAddonsConfigDnsCacheConfigArgs(enabled="nodeLocalDns" in plan.cloud_add_ons),
    )


def gateway_api(plan: ClusterPlan) -> gke.ClusterGatewayApiConfigArgs:
    """Whether GKE keeps the Gateway API's definitions and serves its Gateways."""
    return gke.ClusterGatewayApiConfigArgs(channel="CHANNEL_STANDARD" if "gateway" in plan.cloud_add_ons else "CHANNEL_DISABLED")


def monitoring(plan: ClusterPlan) -> gke.ClusterMonitoringConfigArgs:
    """Metrics of the system, and of GPUs where the plan has GKE export them."""
    gpus = ["DCGM"] if "dcgmExporter" in plan.cloud_add_ons else []
    return gke.ClusterMonitoringConfigArgs(
        enable_components=["SYSTEM_COMPONENTS", *gpus],
        managed_prometheus=gke.ClusterMonitoringConfigManagedPrometheusArgs(enabled="managedPrometheus" in plan.cloud_add_ons),
    )


def autoscaling(plan: ClusterPlan) -> gke.ClusterClusterAutoscalingArgs:
    """How eagerly idle nodes go; GKE makes no node pools of its own."""
    return gke.ClusterClusterAutoscalingArgs(enabled=False, autoscaling_profile=plan.autoscaling_profile)


def maintenance(plan: ClusterPlan) -> gke.ClusterMaintenancePolicyArgs:
    """When Google may upgrade the cluster and its nodes."""
    start = _FIRST_DAY + timedelta(hours=plan.maintenance.start_hour_utc)
    end = start + timedelta(hours=plan.maintenance.hours)
    return gke.ClusterMaintenancePolicyArgs(
        recurring_window=gke.ClusterMaintenancePolicyRecurringWindowArgs(
            start_time=f"{start.isoformat()}Z",
            end_time=f"{end.isoformat()}Z",
            recurrence=f"FREQ=WEEKLY;BYDAY={','.join(plan.maintenance.days)}",
        )
    )
