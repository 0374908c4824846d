"""The parts of an AKS cluster that follow from the plan alone."""

from ipaddress import ip_network
from typing import cast

import pulumi_azure_native as azure

from plan.model import ClusterPlan, NetworkPlan, NodePoolPlan

aks = azure.containerservice
_DAYS = {"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday", "SU": "Sunday"}


def moves_version(plan: ClusterPlan) -> bool:
    """Whether Azure changes the minor version by itself, so that the file's one is only where the cluster began."""
    return plan.upgrade_channel in ("stable", "rapid")


def api_server(plan: ClusterPlan) -> aks.ManagedClusterAPIServerAccessProfileArgs:
    """Who may reach the Kubernetes API: the network alone, or the plan's ranges."""
    if plan.private_api:
        return aks.ManagedClusterAPIServerAccessProfileArgs(
            enable_private_cluster=True,
            enable_private_cluster_public_fqdn=False,
            private_dns_zone="system",
            # Commands through Azure's own API would go round the closed network.
            disable_run_command=True,
        )
    return aks.ManagedClusterAPIServerAccessProfileArgs(authorized_ip_ranges=list(plan.authorized_ranges), disable_run_command=True)


def cluster_network(plan: ClusterPlan, network: NetworkPlan) -> aks.ContainerServiceNetworkProfileArgs:
    """Pods in an overlay of their own, network policies by Cilium, out through the network's NAT gateway where it has one."""
    return aks.ContainerServiceNetworkProfileArgs(
        network_plugin=aks.NetworkPlugin.AZURE,
        network_plugin_mode=aks.NetworkPluginMode.OVERLAY,
        network_dataplane=aks.NetworkDataplane.CILIUM,
        network_policy=aks.NetworkPolicy.CILIUM,
        outbound_type=aks.OutboundType.USER_ASSIGNED_NAT_GATEWAY if network.nats else _without_nat(network),
        load_balancer_sku=aks.LoadBalancerSku.STANDARD,
        pod_cidr=network.pod_cidr,
        service_cidr=plan.service_cidr,
        dns_service_ip=str(ip_network(plan.service_cidr)[10]) if plan.service_cidr else None,
    )


def _without_nat(network: NetworkPlan) -> aks.OutboundType:
    # What leads out of somebody else's network is theirs to route; AKS's own balancer works in any.
    return aks.OutboundType.LOAD_BALANCER if network.existing else aks.OutboundType.USER_DEFINED_ROUTING


def auto_scaler(pools: tuple[NodePoolPlan, ...]) -> aks.ManagedClusterPropertiesAutoScalerProfileArgs:
    """How AKS's cluster autoscaler chooses: by the ladder's priorities where a pool has several rungs, else the least waste."""
    ladder = any(len(pool.rungs) > 1 for pool in pools)
    return aks.ManagedClusterPropertiesAutoScalerProfileArgs(
        expander=aks.Expander.PRIORITY if ladder else aks.Expander.LEAST_WASTE,
        skip_nodes_with_system_pods="false",
        skip_nodes_with_local_storage="false",
        scale_down_unneeded_time="10m",
    )


def upgrades(plan: ClusterPlan) -> aks.ManagedClusterAutoUpgradeProfileArgs:
    """What Azure upgrades by itself: the version by the plan's channel, node images always."""
    return aks.ManagedClusterAutoUpgradeProfileArgs(
        upgrade_channel=cast(aks.UpgradeChannel, plan.upgrade_channel), node_os_upgrade_channel=aks.NodeOSUpgradeChannel.NODE_IMAGE
    )


def maintenance_window(plan: ClusterPlan) -> aks.MaintenanceWindowArgs:
    """The plan's window; Azure's weekly schedule knows one day, the first of them."""
    weekly = aks.WeeklyScheduleArgs(day_of_week=cast(aks.WeekDay, _DAYS[plan.maintenance.days[0]]), interval_weeks=1)
    return aks.MaintenanceWindowArgs(
        schedule=aks.ScheduleArgs(weekly=weekly),
        start_time=f"{plan.maintenance.start_hour_utc:02d}:00",
        duration_hours=plan.maintenance.hours,
        utc_offset="+00:00",
    )


def security(plan: ClusterPlan, kms: aks.AzureKeyVaultKmsArgs | None) -> aks.ManagedClusterSecurityProfileArgs:
    """Workload identity, unused images cleaned weekly, and secrets under a key of one's own where the plan has one."""
    return aks.ManagedClusterSecurityProfileArgs(
        workload_identity=aks.ManagedClusterSecurityProfileWorkloadIdentityArgs(enabled=True),
        image_cleaner=aks.ManagedClusterSecurityProfileImageCleanerArgs(enabled=True, interval_hours=168),
        azure_key_vault_kms=kms,
    )
