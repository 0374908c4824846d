"""EKS node pools: a managed node group for each rung of a pool's capacity ladder that Karpenter does not serve."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions

from components.aws.capacity import SET_ASIDE, placement_group, reservation
from components.aws.cluster import ClusterFacts
from components.aws.launch_template import Launch, launch_template
from components.aws.node_security import fabric_security_group
from components.aws.place import Place
from components.contract import NodePoolOutputs, node_pool_outputs, pool_inputs
from plan.model import NodePoolPlan, RungPlan

_CAPACITY_TYPES = {"spot": "SPOT", "block": "CAPACITY_BLOCK"}
_EFFECTS = {"NoSchedule": "NO_SCHEDULE", "PreferNoSchedule": "PREFER_NO_SCHEDULE", "NoExecute": "NO_EXECUTE"}


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """What pools' nodes are made in. role: that nodes take. autoscaled: whether the cluster autoscaler moves node groups' sizes.

    ready: what must be there before a node can join.
    """

    cluster: ClusterFacts
    role: Input[str]
    autoscaled: bool
    place: Place
    ready: Sequence[Resource]


class NodePool(ComponentResource):
    """One node pool of the environment.

    Owns a node group with its launch template for each rung that EKS provides, what the capacity of every rung stands on (reservation,
    placement group), and the security group of nodes that are joined by EFA. Karpenter's rungs are node pools in the cluster.

    groups: the node groups. reservations: by rung. security_groups: that its nodes need.
    """

    outputs: NodePoolOutputs
    groups: list[Resource]
    reservations: dict[str, Output[str]]
    security_groups: list[Input[str]]

    def __init__(self, name: str, plan: NodePoolPlan, *, nodes: Nodes, opts: ResourceOptions | None = None) -> None:
        """Build the pool that the plan describes."""
        super().__init__("drydock:aws:NodePool", name, pool_inputs(plan), opts)
        own = ResourceOptions(parent=self)
        ours = [] if plan.existing else list(plan.rungs)
        fabric = fabric_security_group(plan, vpc=nodes.cluster.vpc, place=nodes.place, opts=own) if ours else None
        self.security_groups = [nodes.cluster.security_group, *([fabric] if fabric else [])]
        found = {rung.name: reservation(plan, rung, place=nodes.place, opts=own) for rung in ours}
        self.reservations = {rung: identifier for rung, identifier in found.items() if identifier is not None}
        built = {rung.name: self._group(plan, rung, nodes, own) for rung in ours if rung.provisioner == "group"}
        self.groups = list(built.values())
        names: dict[str, Input[str]] = {rung.name: rung.pool_name or rung.name for rung in plan.rungs}
        self.outputs = node_pool_outputs(plan, {**names, **{rung: group.node_group_name for rung, group in built.items()}})
        self.register_outputs({**self.outputs})

    def _group(self, plan: NodePoolPlan, rung: RungPlan, nodes: Nodes, opts: ResourceOptions) -> aws.eks.NodeGroup:
        packed = placement_group(plan, rung, place=nodes.place, opts=opts)
        launch = Launch(
            reservation=self.reservations.get(rung.name),
            placement_group=packed.name if packed else None,
            security_groups=self.security_groups,
            place=nodes.place,
        )
        return _node_group(plan, rung, nodes, launch_template(plan, rung, launch, opts=opts), opts)


def _node_group(
    plan: NodePoolPlan, rung: RungPlan, nodes: Nodes, template: aws.ec2.LaunchTemplate, opts: ResourceOptions
) -> aws.eks.NodeGroup:
    moved = nodes.autoscaled and rung.min_nodes < rung.max_nodes
    return aws.eks.NodeGroup(
        rung.name,
        cluster_name=nodes.cluster.name,
        node_group_name=rung.pool_name,
        node_role_arn=nodes.role,
        version=nodes.cluster.version,
        subnet_ids=nodes.cluster.subnets.inside(rung.zones),
        ami_type=plan.os_image,
        capacity_type=_CAPACITY_TYPES.get(rung.capacity, "ON_DEMAND"),
        instance_types=None if rung.capacity == "block" else [plan.machine.instance_type],
        launch_template=aws.eks.NodeGroupLaunchTemplateArgs(id=template.id, version=template.latest_version.apply(str)),
        scaling_config=aws.eks.NodeGroupScalingConfigArgs(min_size=rung.min_nodes, max_size=rung.max_nodes, desired_size=rung.min_nodes),
        update_config=_updates(plan, rung),
        node_repair_config=aws.eks.NodeGroupNodeRepairConfigArgs(enabled=plan.auto_repair),
        labels=dict(rung.node_labels),
        taints=[
            aws.eks.NodeGroupTaintArgs(key=taint.key, value=taint.value or None, effect=_EFFECTS[taint.effect]) for taint in rung.taints
        ],
        region=nodes.place.region,
        tags=plan.labels,
        opts=ResourceOptions.merge(
            opts,
            ResourceOptions(
                depends_on=list(nodes.ready),
                # Put back, each `up` would undo what the cluster autoscaler did.
                ignore_changes=["scalingConfig.desiredSize"] if moved else None,
            ),
        ),
    )


def _updates(plan: NodePoolPlan, rung: RungPlan) -> aws.eks.NodeGroupUpdateConfigArgs:
    """How many nodes are renewed at a time. EKS adds new ones first; capacity that is set aside has no room for both at once.

    Source: Amazon EKS API Reference, NodegroupUpdateConfig (updateStrategy).
    """
    strategy = "MINIMAL" if rung.capacity in SET_ASIDE else "DEFAULT"
    return aws.eks.NodeGroupUpdateConfigArgs(max_unavailable=max(1, plan.upgrade.max_unavailable), update_strategy=strategy)
