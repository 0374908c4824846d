"""IAM roles: who may take them, and what they may do."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.aws.place import Place

Statement = dict[str, Any]


def service_role(
    name: str, service: str, policies: Sequence[str], *, place: Place, labels: Mapping[str, str], opts: ResourceOptions
) -> tuple[aws.iam.Role, list[aws.iam.RolePolicyAttachment]]:
    """A role that a service of AWS takes (eks.amazonaws.com), with AWS's own policies of these names.

    Whoever uses the role waits for the attachments: before them it may do nothing.
    """
    trust = document([{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}])
    role = aws.iam.Role(name, assume_role_policy=Output.json_dumps(trust), tags=labels, opts=opts)
    return role, attach(name, role, policies, place=place, opts=opts)


def pod_role(
    name: str, cluster_arn: Input[str], namespace: str, service_account: str, *, labels: Mapping[str, str], opts: ResourceOptions
) -> aws.iam.Role:
    """A role that the pods of one service account in one cluster take, and no others.

    Source: Amazon EKS User Guide, "Assign an IAM role to a Kubernetes service account" (EKS Pod Identity) and its session tags.
    """
    trust = Output.from_input(cluster_arn).apply(lambda arn: document([_pod_trust(arn, namespace, service_account)]))
    return aws.iam.Role(name, assume_role_policy=Output.json_dumps(trust), tags=labels, opts=opts)


def attach(
    name: str, role: aws.iam.Role, policies: Sequence[str], *, place: Place, opts: ResourceOptions
) -> list[aws.iam.RolePolicyAttachment]:
    """AWS's own policies of these names on a role; `name` begins the attachments' names."""
    return [
        aws.iam.RolePolicyAttachment(
            f"{name}-{policy.rpartition('/')[2].lower()}", role=role.name, policy_arn=place.managed_policy(policy), opts=opts
        )
        for policy in policies
    ]


def document(statements: Sequence[Statement]) -> dict[str, Any]:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _pod_trust(cluster_arn: str, namespace: str, service_account: str) -> Statement:
    tags = {"eks-cluster-arn": cluster_arn, "kubernetes-namespace": namespace, "kubernetes-service-account": service_account}
    return {
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {"StringEquals": {f"aws:RequestTag/{key}": value for key, value in tags.items()}},
    }
