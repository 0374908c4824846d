"""What stands in an EKS cluster, and what that needs of the account."""

from collections.abc import Mapping
from typing import Any, Protocol

from pulumi import Output, Resource, ResourceOptions

from components.aws.cluster import Cluster
from components.aws.cluster_add_ons import NodeAddOns
from components.aws.cluster_autoscaler import ClusterAutoscaler
from components.aws.karpenter import Karpenter, karpenter_nodes
from components.aws.network import Network
from components.aws.node_pool import NodePool
from components.aws.node_pools import first_nodes
from components.aws.place import Place
from components.kubernetes import Inside, deploy_kubernetes
from plan.model import ClusterPlan, Plan


class Controller(Protocol):
    """A controller's side in the account. chart_values: what its chart must know of it. ready: what is there before it starts."""

    chart_values: Mapping[str, Any]
    ready: list[Resource]


def fill_cluster(
    plan: Plan, cluster_plan: ClusterPlan, cluster: Cluster, pools: dict[str, NodePool], network: Network | None, place: Place
) -> Inside:
    """Install the cluster's add-ons on its first nodes, then teams and workloads."""
    first = first_nodes(plan, pools)
    add_ons = _node_add_ons(cluster_plan, cluster, first, place)
    controllers = _controllers(plan, cluster_plan, cluster, place)
    karpenter = controllers.get("karpenter")

    def build_nodes(_: object, opts: ResourceOptions) -> list[Resource]:
        # Workloads wait for every node group, add-ons for the first ones only.
        groups = [group for pool in pools.values() for group in pool.groups]
        if not isinstance(karpenter, Karpenter):
            return groups
        return [*groups, *karpenter_nodes(plan.node_pools, pools, karpenter, cluster=cluster.facts, opts=opts)]

    return deploy_kubernetes(
        plan,
        provider=cluster.provider,
        nodes=[*cluster.facts.ready, *first, *add_ons, *(each for known in controllers.values() for each in known.ready)],
        chart_values={name: known.chart_values for name, known in controllers.items()},
        service_ranges=network.service_ranges if network else Output.from_input([]),
        build_nodes=build_nodes,
    )


def _node_add_ons(plan: ClusterPlan, cluster: Cluster, nodes: list[Resource], place: Place) -> list[Resource]:
    if plan.existing or not plan.cloud_add_ons:
        return []
    facts = cluster.facts
    return NodeAddOns("add-ons", plan, cluster_name=facts.name, cluster_arn=facts.arn, nodes=nodes, place=place).resources


def _controllers(plan: Plan, cluster_plan: ClusterPlan, cluster: Cluster, place: Place) -> dict[str, Controller]:
    """Those of the cluster's add-ons that act on the account, by name."""
    kinds = {"cluster-autoscaler": ClusterAutoscaler, "karpenter": Karpenter}
    wanted = [add_on for add_on in plan.kubernetes.add_ons if add_on.name in kinds] if plan.kubernetes else []
    return {
        add_on.name: kinds[add_on.name](add_on.name, add_on, plan=cluster_plan, cluster=cluster.facts, place=place) for add_on in wanted
    }
