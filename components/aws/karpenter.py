"""What Karpenter needs of AWS: an identity, nodes' role, news of interruptions, and a node class for each pool that it serves."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.aws.cluster import ClusterFacts
from components.aws.cluster_access import node_role
from components.aws.controller_identity import controller_identity
from components.aws.karpenter_interruptions import interruption_queue
from components.aws.karpenter_permissions import KarpenterScope, karpenter_permissions
from components.aws.launch_template import ROOT_DEVICE
from components.aws.node_pool import NodePool
from components.aws.node_user_data import IMAGES_DEVICE, user_data
from components.aws.place import Place
from components.kubernetes import NodeClassRef, karpenter_node_pool
from plan.model import AddOnPlan, ClusterPlan, NodePoolPlan

_GROUP, _KIND = "karpenter.k8s.aws", "EC2NodeClass"


class Karpenter(ComponentResource):
    """What Karpenter may do in the account, the role that its nodes take, and the queue that tells it of interruptions.

    Its chart is an add-on of the cluster, its node classes and pools stand in the cluster.
    chart_values: what the chart must know of AWS. ready: what must be there before it starts. instance_profile: of its nodes.
    """

    chart_values: Mapping[str, Any]
    ready: list[Resource]
    instance_profile: Output[str]

    def __init__(
        self, name: str, add_on: AddOnPlan, *, plan: ClusterPlan, cluster: ClusterFacts, place: Place, opts: ResourceOptions | None = None
    ) -> None:
        """Build everything that stands in the account."""
        super().__init__("drydock:aws:Karpenter", name, None, opts)
        own = ResourceOptions(parent=self)
        nodes, attached = node_role(f"{name}-node-role", own_cluster=not plan.existing, place=place, labels=plan.labels, opts=own)
        profile = aws.iam.InstanceProfile(f"{name}-node-profile", role=nodes.name, tags=plan.labels, opts=own)
        queue, heard = interruption_queue(name, place=place, labels=plan.labels, opts=own)
        permissions = _scope(cluster, place, nodes, queue).apply(karpenter_permissions)
        identity = controller_identity(name, add_on, permissions, plan=plan, cluster=cluster, place=place, opts=own)
        joined = _let_nodes_join(name, nodes, plan=plan, cluster=cluster, place=place, opts=own)
        self.ready = [*attached, profile, *heard, *identity, joined]
        self.instance_profile = profile.name
        self.chart_values = {
            "settings": {"clusterName": cluster.name, "interruptionQueue": queue.name},
            "serviceAccount": {"name": add_on.name},
        }
        self.register_outputs({})


def karpenter_nodes(
    plans: Sequence[NodePoolPlan], pools: Mapping[str, NodePool], karpenter: Karpenter, *, cluster: ClusterFacts, opts: ResourceOptions
) -> list[Resource]:
    """The node classes and Karpenter node pools of every pool that Karpenter serves."""
    built: list[Resource] = []
    for plan in plans:
        rungs = [rung for rung in plan.rungs if rung.provisioner == "karpenter"]
        if not rungs:
            continue
        spec = _node_class(plan, pools[plan.name], karpenter, cluster)
        # What the pool tells of its use is told of these too.
        own = ResourceOptions.merge(opts, ResourceOptions(parent=pools[plan.name]))
        node_class = CustomResource(
            f"{plan.name}-node-class",
            api_version=f"{_GROUP}/v1",
            kind=_KIND,
            metadata=ObjectMetaArgs(name=plan.name),
            spec=spec,
            opts=own,
        )
        # Its nodes are gone before the class is: Karpenter holds the class until then.
        after = ResourceOptions.merge(own, ResourceOptions(depends_on=[node_class]))
        reference = NodeClassRef(group=_GROUP, kind=_KIND, name=plan.name)
        built += [node_class, *(karpenter_node_pool(plan, rung, node_class=reference, opts=after) for rung in rungs)]
    return built


def _scope(cluster: ClusterFacts, place: Place, nodes: aws.iam.Role, queue: aws.sqs.Queue) -> Output[KarpenterScope]:
    known: dict[str, Output[str]] = {
        "cluster": cluster.name,
        "cluster_arn": cluster.arn,
        "partition": place.partition,
        "account": place.account,
        "node_role": nodes.arn,
        "queue": queue.arn,
    }
    return Output.all(**known).apply(lambda found: KarpenterScope(region=place.region, **found))


def _let_nodes_join(
    name: str, nodes: aws.iam.Role, *, plan: ClusterPlan, cluster: ClusterFacts, place: Place, opts: ResourceOptions
) -> Resource:
    # EKS does this by itself for node groups only.
    return aws.eks.AccessEntry(
        f"{name}-nodes-join",
        cluster_name=cluster.name,
        principal_arn=nodes.arn,
        type="EC2_LINUX",
        region=place.region,
        tags=plan.labels,
        opts=opts,
    )


def _node_class(plan: NodePoolPlan, pool: NodePool, karpenter: Karpenter, cluster: ClusterFacts) -> dict[str, Any]:
    """The pool's machines in Karpenter's words. Source: Karpenter documentation, "NodeClasses"."""
    zones = sorted({zone for rung in plan.rungs for zone in rung.zones})
    spec: dict[str, Any] = {
        # Karpenter takes the variant for the machine's processor and accelerator.
        "amiSelectorTerms": [{"alias": "al2023@latest"}],
        "instanceProfile": karpenter.instance_profile,
        "subnetSelectorTerms": _ids(cluster.subnets.inside(zones)),
        "securityGroupSelectorTerms": _ids(pool.security_groups),
        "associatePublicIPAddress": False,
        "metadataOptions": {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1},
        "blockDeviceMappings": _disks(plan),
        "tags": {**plan.labels, "Name": plan.name},
    }
    if pool.reservations:
        spec["capacityReservationSelectorTerms"] = _ids(list(pool.reservations.values()))
    if plan.cache.local_ssd_count and not plan.cache.image_snapshot:
        spec["instanceStorePolicy"] = "RAID0"
    if told := user_data(plan, node_config=False):
        spec["userData"] = told
    return spec


def _ids(found: Input[Sequence[Input[str]]]) -> Output[list[dict[str, Any]]]:
    return Output.from_input(found).apply(lambda ids: [{"id": each} for each in ids])


def _disks(plan: NodePoolPlan) -> list[dict[str, Any]]:
    disk = plan.disk
    speed = {"iops": disk.iops, "throughput": disk.throughput_mibps}
    common = {"volumeType": disk.type, "encrypted": True, "deleteOnTermination": True}
    root = {**common, "volumeSize": f"{disk.size_gib}Gi", **{key: value for key, value in speed.items() if value is not None}}
    disks: list[dict[str, Any]] = [{"deviceName": ROOT_DEVICE, "rootVolume": True, "ebs": root}]
    if plan.cache.image_snapshot:
        disks.append({"deviceName": IMAGES_DEVICE, "ebs": {**common, "snapshotID": plan.cache.image_snapshot}})
    return disks
