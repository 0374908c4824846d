"""What AKS node auto-provisioning builds nodes from: one AKSNodeClass for each pool that it provisions."""

from collections.abc import Sequence
from dataclasses import replace

from pulumi import Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.kubernetes import NodeClassRef, karpenter_node_pool
from plan.model import NodePoolPlan, RungPlan

_GROUP, _KIND = "karpenter.azure.com", "AKSNodeClass"


def build_provisioned_pools(pools: Sequence[NodePoolPlan], region: str, opts: ResourceOptions) -> list[Resource]:
    """The node class and the Karpenter node pools of each pool with a rung that node auto-provisioning serves."""
    built: list[Resource] = []
    for plan in pools:
        rungs = [rung for rung in plan.rungs if rung.provisioner == "karpenter"]
        if not rungs:
            continue
        node_class = _node_class(plan, opts)
        reference = NodeClassRef(group=_GROUP, kind=_KIND, name=plan.name)
        after = ResourceOptions.merge(opts, ResourceOptions(depends_on=[node_class]))
        built += [node_class, *(_node_pool(plan, rung, region, reference, after) for rung in rungs)]
    return built


def _node_pool(plan: NodePoolPlan, rung: RungPlan, region: str, node_class: NodeClassRef, opts: ResourceOptions) -> CustomResource:
    # Nodes carry their zone with the region before it. Source: Microsoft Learn, "Use availability zones in AKS", node labels.
    labelled = replace(rung, zones=tuple(f"{region}-{zone}" for zone in rung.zones))
    return karpenter_node_pool(plan, labelled, node_class=node_class, opts=opts)


def _node_class(plan: NodePoolPlan, opts: ResourceOptions) -> CustomResource:
    return CustomResource(
        f"{plan.name}-node-class",
        api_version=f"{_GROUP}/v1beta1",
        kind=_KIND,
        metadata=ObjectMetaArgs(name=plan.name),
        spec={"imageFamily": plan.os_image, "osDiskSizeGB": plan.disk.size_gib, "tags": dict(plan.labels)},
        opts=opts,
    )
