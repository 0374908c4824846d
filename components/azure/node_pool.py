"""AKS node pools: one agent pool for each rung of a pool's capacity ladder."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi_azure_native as azure
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions

from components.azure.capacity import placement_group, reservation_group
from components.azure.network import NodeSubnet
from components.contract import NodePoolOutputs, node_pool_outputs, pool_inputs
from plan.model import NodePoolPlan, RungPlan, Taint

aks = azure.containerservice


@dataclass(frozen=True, kw_only=True)
class ClusterOfPools:
    """The cluster that pools belong to.

    name: as Azure knows it. identity: the control plane's, None for a cluster that exists. inline: the name of the pool whose first rung is
    part of the cluster itself, empty for none. version: what nodes run, None where Azure moves it.
    """

    name: Input[str]
    resource_group_name: Input[str]
    location: str
    identity: azure.managedidentity.UserAssignedIdentity | None
    node_subnets: tuple[NodeSubnet, ...]
    version: str | None
    inline: str
    depends_on: Sequence[Resource]


class NodePool(ComponentResource):
    """One node pool of the environment: an agent pool for each rung, with what its capacity stands on (reservation, placement group)."""

    outputs: NodePoolOutputs
    resources: list[Resource]

    def __init__(self, name: str, plan: NodePoolPlan, *, cluster: ClusterOfPools, opts: ResourceOptions | None = None) -> None:
        """Build the agent pools that the plan describes, but the one that is part of the cluster itself and rungs of Karpenter's."""
        super().__init__("drydock:azure:NodePool", name, pool_inputs(plan), opts)
        own = ResourceOptions(parent=self)
        built = {
            rung.name: _agent_pool(plan, rung, cluster, own)
            for index, rung in enumerate(plan.rungs)
            if rung.provisioner == "group" and not (index == 0 and name == cluster.inline)
        }
        self.resources = list(built.values())
        names: dict[str, Input[str]] = {rung.name: rung.pool_name or rung.name for rung in plan.rungs}
        self.outputs = node_pool_outputs(plan, {**names, **{rung: pool.name for rung, pool in built.items()}})
        self.register_outputs({**self.outputs})


def inline_pool(plan: NodePoolPlan, subnets: tuple[NodeSubnet, ...], *, version: str | None) -> aks.ManagedClusterAgentPoolProfileArgs:
    """The pool that a cluster is born with, its first rung: Azure builds no cluster without one."""
    rung = plan.rungs[0]
    return aks.ManagedClusterAgentPoolProfileArgs(
        name=rung.pool_name or rung.name, **_settings(plan, rung, version), vnet_subnet_id=subnet_of(rung, subnets), tags=plan.labels
    )


def subnet_of(rung: RungPlan, subnets: tuple[NodeSubnet, ...]) -> Output[str] | None:
    """The subnet of a rung: that of its zone where subnets belong to zones, else the first; None where none is known."""
    own = [subnet for subnet in subnets if subnet.zone is not None and (subnet.zone,) == rung.zones]
    return (own or list(subnets))[0].id if subnets else None


def _agent_pool(plan: NodePoolPlan, rung: RungPlan, cluster: ClusterOfPools, opts: ResourceOptions) -> aks.AgentPool:
    reservation = reservation_group(plan, rung, cluster.location, cluster.resource_group_name, cluster.identity, opts)
    placement = placement_group(plan, rung, cluster.location, cluster.resource_group_name, opts) if plan.compact_placement else None
    return aks.AgentPool(
        rung.name,
        resource_group_name=cluster.resource_group_name,
        resource_name_=cluster.name,
        agent_pool_name=rung.pool_name,
        **_settings(plan, rung, cluster.version),
        vnet_subnet_id=subnet_of(rung, cluster.node_subnets),
        capacity_reservation_group_id=reservation.id if reservation else None,
        proximity_placement_group_id=placement,
        tags=plan.labels,
        opts=ResourceOptions.merge(
            opts,
            ResourceOptions(
                # The cluster autoscaler moves the count; put back, each `up` would undo what it did.
                ignore_changes=["count"],
                depends_on=[*cluster.depends_on, *(reservation.ready if reservation else ())],
            ),
        ),
    )


def _settings(plan: NodePoolPlan, rung: RungPlan, version: str | None) -> dict[str, Any]:
    """What an agent pool says, whether it is a resource of its own or part of the cluster."""
    return {
        "vm_size": plan.machine.instance_type,
        "mode": aks.AgentPoolMode.SYSTEM if plan.system else aks.AgentPoolMode.USER,
        "type": aks.AgentPoolType.VIRTUAL_MACHINE_SCALE_SETS,
        "os_type": aks.OSType.LINUX,
        "os_sku": plan.os_image,
        "os_disk_size_gb": plan.disk.size_gib,
        "os_disk_type": plan.disk.type,
        "kubelet_disk_type": aks.KubeletDiskType.TEMPORARY if plan.cache.local_ssd_count else None,
        "availability_zones": list(rung.zones) or None,
        "enable_node_public_ip": False,
        "node_labels": dict(rung.node_labels),
        "node_taints": [_taint(taint) for taint in rung.taints],
        "orchestrator_version": version,
        "upgrade_settings": _upgrades(plan, rung),
        **_scaling(plan, rung),
        **_market(rung),
        **_gpu(plan),
    }


def _scaling(plan: NodePoolPlan, rung: RungPlan) -> dict[str, Any]:
    if rung.min_nodes == rung.max_nodes:
        return {"enable_auto_scaling": False, "count": rung.max_nodes}
    return {
        "enable_auto_scaling": True,
        "count": rung.min_nodes,
        "min_count": rung.min_nodes,
        "max_count": rung.max_nodes,
        "scale_down_mode": aks.ScaleDownMode.DELETE,
    }


def _market(rung: RungPlan) -> dict[str, Any]:
    if rung.capacity != "spot":
        return {}
    return {
        "scale_set_priority": aks.ScaleSetPriority.SPOT,
        "scale_set_eviction_policy": aks.ScaleSetEvictionPolicy.DELETE,
        # -1 bids up to the on-demand price. Source: Microsoft Learn, "Add an Azure Spot node pool to an AKS cluster".
        "spot_max_price": rung.spot_max_usd_per_hour or -1,
    }


def _gpu(plan: NodePoolPlan) -> dict[str, Any]:
    if not plan.resource.endswith("/gpu"):
        return {}
    driver = aks.GPUDriver.INSTALL if plan.driver.driver == "cloud" else aks.GPUDriver.NONE
    return {"gpu_profile": aks.GPUProfileArgs(driver=driver), "gpu_instance_profile": plan.sharing.cloud_profile}


def _upgrades(plan: NodePoolPlan, rung: RungPlan) -> aks.AgentPoolUpgradeSettingsArgs | None:
    # Spot pools take no surge: Azure refuses upgrade settings there.
    if rung.capacity == "spot":
        return None
    return aks.AgentPoolUpgradeSettingsArgs(max_surge=str(plan.upgrade.max_surge), max_unavailable=str(plan.upgrade.max_unavailable))


def _taint(taint: Taint) -> str:
    return f"{taint.key}={taint.value}:{taint.effect}" if taint.value else f"{taint.key}:{taint.effect}"
