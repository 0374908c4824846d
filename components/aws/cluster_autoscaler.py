"""What the cluster autoscaler needs of AWS."""

from collections.abc import Mapping
from typing import Any

from pulumi import ComponentResource, Output, Resource, ResourceOptions

from components.aws.cluster import ClusterFacts
from components.aws.controller_identity import controller_identity
from components.aws.place import Place
from components.aws.role import document
from plan.model import AddOnPlan, ClusterPlan

_READ = [
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeAutoScalingInstances",
    "autoscaling:DescribeLaunchConfigurations",
    "autoscaling:DescribeScalingActivities",
    "autoscaling:DescribeTags",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeLaunchTemplateVersions",
    "ec2:GetInstanceTypesFromInstanceRequirements",
]
_RESIZE = ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"]


class ClusterAutoscaler(ComponentResource):
    """What the cluster autoscaler may do in the account: resize this cluster's node groups. Its chart is an add-on of the cluster.

    chart_values: what the chart must know of AWS. ready: what must be there before it starts.
    """

    chart_values: Mapping[str, Any]
    ready: list[Resource]

    def __init__(
        self, name: str, add_on: AddOnPlan, *, plan: ClusterPlan, cluster: ClusterFacts, place: Place, opts: ResourceOptions | None = None
    ) -> None:
        """Build the identity of the add-on's pods."""
        super().__init__("drydock:aws:ClusterAutoscaler", name, None, opts)
        own = ResourceOptions(parent=self)
        permissions = Output.all(name=cluster.name, partition=place.partition, account=place.account).apply(
            lambda known: autoscaler_permissions(place.region, **known)
        )
        self.ready = controller_identity(name, add_on, permissions, plan=plan, cluster=cluster, place=place, opts=own)
        self.chart_values = {
            "cloudProvider": "aws",
            "awsRegion": place.region,
            "autoDiscovery": {"clusterName": cluster.name},
            "rbac": {"serviceAccount": {"name": add_on.name}},
        }
        self.register_outputs({})


def autoscaler_permissions(region: str, name: str, partition: str, account: str) -> dict[str, Any]:
    """See all groups, which AWS grants for all or none; resize those that EKS has tagged as this cluster's.

    The node groups' own description tells it the labels and taints of nodes that are not there yet.
    Source: kubernetes/autoscaler, cluster-autoscaler/cloudprovider/aws/README.md, "IAM Policy".
    """
    owned = {"StringEquals": {f"aws:ResourceTag/k8s.io/cluster-autoscaler/{name}": "owned"}}
    groups = f"arn:{partition}:eks:{region}:{account}:nodegroup/{name}/*"
    return document(
        [
            {"Effect": "Allow", "Action": _READ, "Resource": "*"},
            {"Effect": "Allow", "Action": _RESIZE, "Resource": "*", "Condition": owned},
            {"Effect": "Allow", "Action": "eks:DescribeNodegroup", "Resource": groups},
        ]
    )
