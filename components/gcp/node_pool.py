"""GKE node pools: one for each rung of a pool's capacity ladder."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_gcp import container as gke

from components.contract import NodePoolOutputs, node_pool_outputs, pool_inputs
from components.gcp.capacity import placement, reservation_affinity
from components.gcp.node_config import node_config
from plan.model import NodePoolPlan, RungPlan

# Capacity that is taken wherever there is some. Source: Google Cloud, "About GKE cluster autoscaling", location policy.
_WHEREVER = frozenset({"spot", "flexStart", "reserved", "block"})


@dataclass(frozen=True, kw_only=True)
class ClusterOfPools:
    """The cluster that pools belong to. service_account: as whom nodes act. depends_on: what must be there before nodes are."""

    name: Input[str]
    region: str
    service_account: Output[str]
    depends_on: Sequence[Resource]


class NodePool(ComponentResource):
    """One node pool of the environment: a GKE node pool for each rung, with what its capacity stands on (reservation, slice policy)."""

    outputs: NodePoolOutputs
    resources: list[Resource]
    names: list[Output[str]]

    def __init__(self, name: str, plan: NodePoolPlan, *, cluster: ClusterOfPools | None, opts: ResourceOptions | None = None) -> None:
        """Build the GKE node pools that the plan describes; `cluster` may be left out for nodes that exist."""
        super().__init__("drydock:gcp:NodePool", name, pool_inputs(plan), opts)
        own = ResourceOptions(parent=self)
        groups = [rung for rung in plan.rungs if rung.provisioner == "group"]
        built = {rung.name: _node_pool(plan, rung, cluster, own) for rung in groups} if cluster else {}
        self.resources = list(built.values())
        self.names = [pool.name for pool in built.values()]
        self.outputs = node_pool_outputs(plan, {name: pool.name for name, pool in built.items()})
        self.register_outputs({**self.outputs})


def _node_pool(plan: NodePoolPlan, rung: RungPlan, cluster: ClusterOfPools, opts: ResourceOptions) -> gke.NodePool:
    return gke.NodePool(
        rung.name,
        cluster=cluster.name,
        location=cluster.region,
        node_locations=list(rung.zones),
        initial_node_count=_first_count(rung),
        autoscaling=_scaling(plan, rung),
        node_config=node_config(plan, rung, service_account=cluster.service_account, reservation=reservation_affinity(plan, rung, opts)),
        network_config=gke.NodePoolNetworkConfigArgs(
            enable_private_nodes=True,
            accelerator_network_profile="auto" if plan.interconnect.kind.startswith("gpuDirect") else None,
        ),
        placement_policy=placement(plan, rung, cluster.region, opts),
        queued_provisioning=gke.NodePoolQueuedProvisioningArgs(enabled=True) if rung.queued else None,
        management=gke.NodePoolManagementArgs(
            # A node that is repaired would be a new one, which flex-start gives only to who waits for it.
            # Source: Google Cloud, "Run a small batch workload with GPUs and flex-start provisioning mode".
            auto_repair=plan.auto_repair and rung.capacity != "flexStart",
            auto_upgrade=True,
        ),
        upgrade_settings=_upgrades(plan, rung),
        opts=ResourceOptions.merge(
            opts,
            ResourceOptions(
                # The cluster autoscaler moves the count; put back, each `up` would undo what it did.
                ignore_changes=["initialNodeCount", "nodeCount"],
                depends_on=list(cluster.depends_on),
            ),
        ),
    )


def _first_count(rung: RungPlan) -> int | None:
    """Nodes in each zone to begin with: GKE does not raise a pool to its minimum by itself. None for pools that may be empty."""
    return -(-rung.min_nodes // len(rung.zones)) if rung.min_nodes else None


def _scaling(plan: NodePoolPlan, rung: RungPlan) -> gke.NodePoolAutoscalingArgs:
    if plan.tpu and plan.tpu.hosts > 1:
        # The hosts of a slice come and go together, in its one zone.
        return gke.NodePoolAutoscalingArgs(min_node_count=rung.min_nodes, max_node_count=rung.max_nodes, location_policy="ANY")
    wherever = rung.capacity in _WHEREVER or plan.tpu is not None
    return gke.NodePoolAutoscalingArgs(
        total_min_node_count=rung.min_nodes, total_max_node_count=rung.max_nodes, location_policy="ANY" if wherever else "BALANCED"
    )


def _upgrades(plan: NodePoolPlan, rung: RungPlan) -> gke.NodePoolUpgradeSettingsArgs | None:
    # Nodes that go by themselves are renewed by going: GKE takes no other way there.
    # Source: Google Cloud, "Node upgrade strategies", short-lived upgrades.
    if rung.capacity == "flexStart":
        return None
    return gke.NodePoolUpgradeSettingsArgs(strategy="SURGE", max_surge=plan.upgrade.max_surge, max_unavailable=plan.upgrade.max_unavailable)
