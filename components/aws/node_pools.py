"""All node pools of an environment, in one cluster."""

from pulumi import ComponentResource, Resource, ResourceOptions

from components.aws.cluster import Cluster
from components.aws.cluster_access import node_role
from components.aws.node_pool import NodePool, Nodes
from components.aws.place import Place
from plan.model import ClusterPlan, Plan


class NodeRole(ComponentResource):
    """The role that the nodes of every node group take. Karpenter's nodes have one of their own.

    nodes: what pools are built in.
    """

    nodes: Nodes

    def __init__(self, name: str, plan: ClusterPlan, *, cluster: Cluster, place: Place, opts: ResourceOptions | None = None) -> None:
        """Build the role, with what a node needs to join."""
        super().__init__("drydock:aws:NodeRole", name, None, opts)
        own = ResourceOptions(parent=self)
        role, attached = node_role(name, own_cluster=not plan.existing, place=place, labels=plan.labels, opts=own)
        self.nodes = Nodes(
            cluster=cluster.facts,
            role=role.arn,
            autoscaled=plan.node_provisioner == "clusterAutoscaler",
            place=place,
            ready=[*cluster.facts.ready, *attached],
        )
        self.register_outputs({"arn": role.arn})


def build_node_pools(plan: Plan, cluster_plan: ClusterPlan, cluster: Cluster, place: Place) -> dict[str, NodePool]:
    """Build each pool of the plan in the cluster; by name."""
    if not plan.node_pools:
        return {}
    nodes = NodeRole("nodes", cluster_plan, cluster=cluster, place=place).nodes
    return {pool.name: NodePool(pool.name, pool, nodes=nodes) for pool in plan.node_pools}


def first_nodes(plan: Plan, pools: dict[str, NodePool]) -> list[Resource]:
    """The node groups that the cluster's own add-ons run on: those of system pools, else all."""
    system = [group for pool in plan.node_pools if pool.system for group in pools[pool.name].groups]
    return system or [group for pool in pools.values() for group in pool.groups]
