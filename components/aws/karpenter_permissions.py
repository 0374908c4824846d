"""What Karpenter may do in the account: run machines for this cluster, as its nodes, and nothing else."""

from dataclasses import dataclass
from typing import Any

from components.aws.role import Statement, document

# As Karpenter reads them, all of which AWS grants for all resources or none.
_READ = [
    "ec2:DescribeCapacityReservations",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstances",
    "ec2:DescribeLaunchTemplates",
    "ec2:DescribePlacementGroups",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSpotPriceHistory",
    "ec2:DescribeSubnets",
]
_LAUNCH = ["ec2:RunInstances", "ec2:CreateFleet"]
_LAUNCHED = ("fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request")
_NODEPOOL, _CLUSTER = "karpenter.sh/nodepool", "eks:eks-cluster-name"


@dataclass(frozen=True, kw_only=True)
class KarpenterScope:
    """Which cluster Karpenter serves, where, and with which node role, instance profile and queue (ARNs)."""

    cluster: str
    cluster_arn: str
    partition: str
    account: str
    region: str
    node_role: str
    queue: str

    def ec2(self, kind: str, *, public: bool = False) -> str:
        """The ARN of every EC2 resource of a kind in the region; public: those that belong to no account."""
        return f"arn:{self.partition}:ec2:{self.region}:{'' if public else '*'}:{kind}/*"

    def tagged(self, source: str, **equal: str | list[str]) -> dict[str, Any]:
        """That a resource (ResourceTag) or a request (RequestTag) carries this cluster's tags."""
        named = {f"aws:{source}/kubernetes.io/cluster/{self.cluster}": "owned"}
        return {"StringEquals": {**named, **equal}, "StringLike": {f"aws:{source}/{_NODEPOOL}": "*"}}


def karpenter_permissions(scope: KarpenterScope) -> dict[str, Any]:
    """The controller's policy; it makes no instance profile, since it is given one.

    Source: Karpenter documentation, "CloudFormation": the controller policies, without those on making instance profiles.
    """
    return document([*_launching(scope), *_tagging(scope), *_ending(scope), *_reading(scope), *_rest(scope)])


def _launching(scope: KarpenterScope) -> list[Statement]:
    given = [scope.ec2(kind, public=True) for kind in ("image", "snapshot")]
    given += [scope.ec2(kind) for kind in ("security-group", "subnet", "capacity-reservation", "placement-group")]
    new = [scope.ec2(kind) for kind in _LAUNCHED]
    named: dict[str, str | list[str]] = {f"aws:RequestTag/{_CLUSTER}": scope.cluster}
    return [
        _allowed("LaunchFromWhatIsThere", _LAUNCH, given),
        _allowed("LaunchFromOwnTemplates", _LAUNCH, [scope.ec2("launch-template")], scope.tagged("ResourceTag")),
        _allowed("LaunchOwnNodes", [*_LAUNCH, "ec2:CreateLaunchTemplate"], new, scope.tagged("RequestTag", **named)),
    ]


def _tagging(scope: KarpenterScope) -> list[Statement]:
    new = [scope.ec2(kind) for kind in _LAUNCHED]
    at_birth: dict[str, str | list[str]] = {
        f"aws:RequestTag/{_CLUSTER}": scope.cluster,
        "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
    }
    later = {
        **scope.tagged("ResourceTag"),
        "StringEqualsIfExists": {f"aws:RequestTag/{_CLUSTER}": scope.cluster},
        "ForAllValues:StringEquals": {"aws:TagKeys": [_CLUSTER, "karpenter.sh/nodeclaim", "Name"]},
    }
    return [
        _allowed("TagNewNodes", ["ec2:CreateTags"], new, scope.tagged("RequestTag", **at_birth)),
        _allowed("TagOwnNodes", ["ec2:CreateTags"], [scope.ec2("instance")], later),
    ]


def _ending(scope: KarpenterScope) -> list[Statement]:
    owned = [scope.ec2("instance"), scope.ec2("launch-template")]
    return [_allowed("EndOwnNodes", ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"], owned, scope.tagged("ResourceTag"))]


def _reading(scope: KarpenterScope) -> list[Statement]:
    here = {"StringEquals": {"aws:RequestedRegion": scope.region}}
    parameters = f"arn:{scope.partition}:ssm:{scope.region}::parameter/aws/service/*"
    profiles = f"arn:{scope.partition}:iam::{scope.account}:instance-profile/*"
    return [
        _allowed("ReadRegion", _READ, ["*"], here),
        _allowed("ReadImages", ["ssm:GetParameter"], [parameters]),
        _allowed("ReadPrices", ["pricing:GetProducts"], ["*"]),
        _allowed("ListInstanceProfiles", ["iam:ListInstanceProfiles"], ["*"]),
        _allowed("ReadInstanceProfiles", ["iam:GetInstanceProfile"], [profiles]),
    ]


def _rest(scope: KarpenterScope) -> list[Statement]:
    to_machines = {"StringEquals": {"iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]}}
    return [
        _allowed("GiveNodesTheirRole", ["iam:PassRole"], [scope.node_role], to_machines),
        _allowed("HearOfInterruptions", ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"], [scope.queue]),
        _allowed("FindTheApi", ["eks:DescribeCluster"], [scope.cluster_arn]),
    ]


def _allowed(sid: str, actions: list[str], resources: list[str], condition: dict[str, Any] | None = None) -> Statement:
    statement: Statement = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
    return {**statement, "Condition": condition} if condition else statement
