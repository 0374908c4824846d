"""Who gets into an EKS cluster: people by access entries, nodes by their role."""

from collections.abc import Mapping

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components.aws.place import Place
from components.aws.role import service_role

_ADMINISTRATOR = "AmazonEKSClusterAdminPolicy"
# What a node needs to join and to pull images. How pods get addresses is the network add-on's right, not the node's.
# Source: Amazon EKS User Guide, "Amazon EKS node IAM role".
_NODE = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")
_NODE_NETWORK = "AmazonEKS_CNI_Policy"


def grant_owners(
    name: str, cluster_name: Input[str], role_arn: str, *, place: Place, labels: Mapping[str, str], opts: ResourceOptions
) -> Resource:
    """Lets whoever takes the role administer the cluster."""
    entry = aws.eks.AccessEntry(
        f"{name}-owners", cluster_name=cluster_name, principal_arn=role_arn, type="STANDARD", region=place.region, tags=labels, opts=opts
    )
    return aws.eks.AccessPolicyAssociation(
        f"{name}-owners-administer",
        cluster_name=cluster_name,
        principal_arn=entry.principal_arn,
        policy_arn=Output.concat("arn:", place.partition, ":eks::aws:cluster-access-policy/", _ADMINISTRATOR),
        access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
        region=place.region,
        opts=opts,
    )


def node_role(
    name: str, *, own_cluster: bool, place: Place, labels: Mapping[str, str], opts: ResourceOptions
) -> tuple[aws.iam.Role, list[aws.iam.RolePolicyAttachment]]:
    """The role of nodes, and what must be attached before a node takes it.

    own_cluster: its network add-on has an identity of its own. That of a cluster that was there before may count on the nodes'.
    """
    policies = _NODE if own_cluster else (*_NODE, _NODE_NETWORK)
    return service_role(name, "ec2.amazonaws.com", policies, place=place, labels=labels, opts=opts)
