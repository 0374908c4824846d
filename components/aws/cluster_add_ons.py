"""EKS's own add-ons: those that nodes need before they can join, and those that need nodes to run on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions

from components.aws.place import Place
from components.aws.role import attach, pod_role
from plan.model import ClusterPlan

_SYSTEM = "kube-system"
# Daemons without which a node is not ready, and the agent that hands pods their AWS credentials. The others wait for nodes: EKS calls an
# add-on of deployments degraded until its pods run.
_BEFORE_NODES = ("eks-pod-identity-agent", "vpc-cni", "kube-proxy", "eks-node-monitoring-agent")


@dataclass(frozen=True, kw_only=True)
class _Identity:
    """What an add-on may do in the account: its service account, and AWS's policy for it."""

    service_account: str
    policy: str


# Source: Amazon EKS User Guide, "AWS add-ons", and what each says of IAM permissions.
_IDENTITIES: Mapping[str, _Identity] = {
    "vpc-cni": _Identity(service_account="aws-node", policy="AmazonEKS_CNI_Policy"),
    "aws-ebs-csi-driver": _Identity(service_account="ebs-csi-controller-sa", policy="service-role/AmazonEBSCSIDriverPolicy"),
}
# Network policies are obeyed only once the network add-on is told to. Source: Amazon EKS User Guide, "Limit Pod traffic with Kubernetes
# network policies".
_CONFIGURATION: Mapping[str, Mapping[str, str]] = {"vpc-cni": {"enableNetworkPolicy": "true"}}


@dataclass(frozen=True, kw_only=True)
class AddOnSpec:
    """Which cluster's add-ons. `name` begins the logical names; `opts` are the options of every child."""

    name: str
    cluster_name: Input[str]
    cluster_arn: Input[str]
    place: Place
    labels: Mapping[str, str]
    opts: ResourceOptions


class NodeAddOns(ComponentResource):
    """The add-ons of the cluster that run on its nodes, with what they may do in the account."""

    resources: list[Resource]

    def __init__(
        self,
        name: str,
        plan: ClusterPlan,
        *,
        cluster_name: Input[str],
        cluster_arn: Input[str],
        nodes: Sequence[Resource],
        place: Place,
        opts: ResourceOptions | None = None,
    ) -> None:
        """Install those of the plan's add-ons that wait for `nodes`."""
        super().__init__("drydock:aws:NodeAddOns", name, None, opts)
        own = ResourceOptions(parent=self)
        spec = AddOnSpec(name=name, cluster_name=cluster_name, cluster_arn=cluster_arn, place=place, labels=plan.labels, opts=own)
        names = [each for each in plan.cloud_add_ons if each not in _BEFORE_NODES]
        self.resources = [_add_on(spec, each, nodes) for each in names]
        self.register_outputs({"names": names})


def install_before_nodes(spec: AddOnSpec, add_ons: Sequence[str]) -> list[Resource]:
    """Install those of the plan's add-ons that nodes need; the agent that hands out credentials is there before whoever asks it."""
    built: list[Resource] = []
    for name in _BEFORE_NODES:
        if name in add_ons:
            built.append(_add_on(spec, name, built[:1]))
    return built


def _add_on(spec: AddOnSpec, add_on: str, after: Sequence[Resource]) -> aws.eks.Addon:
    identity = _IDENTITIES.get(add_on)
    role, attached = _role(spec, add_on, identity) if identity else (None, [])
    association = (
        aws.eks.AddonPodIdentityAssociationArgs(role_arn=role.arn, service_account=identity.service_account) if role and identity else None
    )
    settings = _CONFIGURATION.get(add_on)
    return aws.eks.Addon(
        f"{spec.name}-{add_on}",
        cluster_name=spec.cluster_name,
        addon_name=add_on,
        configuration_values=Output.json_dumps(settings) if settings else None,
        pod_identity_associations=[association] if association else None,
        # What somebody changed by hand in the cluster is put back, as anything else that is deployed from here.
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="OVERWRITE",
        region=spec.place.region,
        tags=spec.labels,
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[*after, *attached])),
    )


def _role(spec: AddOnSpec, add_on: str, identity: _Identity) -> tuple[aws.iam.Role, list[aws.iam.RolePolicyAttachment]]:
    name = f"{spec.name}-{add_on}-role"
    role = pod_role(name, spec.cluster_arn, _SYSTEM, identity.service_account, labels=spec.labels, opts=spec.opts)
    return role, attach(name, role, [identity.policy], place=spec.place, opts=spec.opts)
