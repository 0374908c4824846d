"""An EKS cluster: its control plane, the add-ons that nodes need, and how Pulumi and people get in."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, Input, InvokeOptions, Output, Resource, ResourceOptions

from components.aws.cluster_access import grant_owners
from components.aws.cluster_add_ons import AddOnSpec, install_before_nodes
from components.aws.customer_key import create_key
from components.aws.kubeconfig import kubeconfig
from components.aws.network import Network
from components.aws.place import Place
from components.aws.role import service_role
from components.aws.subnets import FoundSubnets, NodeSubnets
from components.contract import ClusterOutputs
from plan.model import ClusterPlan


@dataclass(frozen=True, kw_only=True)
class ClusterFacts:
    """A cluster as node pools and controllers need to know it.

    security_group: the group that EKS makes for the control plane and its nodes. ready: what must be there before a node can join.
    """

    name: Output[str]
    arn: Output[str]
    version: Output[str]
    endpoint: Output[str]
    certificate: Output[str]
    issuer: Output[str]
    vpc: Output[str]
    security_group: Output[str]
    subnets: NodeSubnets
    ready: Sequence[Resource]


class Cluster(ComponentResource):
    """The environment's cluster.

    Owns the control plane with its role and logs, the key of its secrets when it is a customer key, the owners' access, and the add-ons
    that nodes need to join. Owns nothing but the way to its API when the plan names a cluster that exists.

    provider: talks to the cluster's API.
    """

    outputs: ClusterOutputs
    facts: ClusterFacts
    provider: kubernetes.Provider

    def __init__(self, name: str, plan: ClusterPlan, *, network: Network | None, place: Place, opts: ResourceOptions | None = None) -> None:
        """Build the cluster that the plan describes; `network` may be left out for one that exists."""
        super().__init__("drydock:aws:Cluster", name, {"usage": {}}, opts)
        if plan.existing:
            self.facts = _existing(self, str(plan.existing.name), network, place)
        elif network:
            self.facts = _build(_Spec(name=name, plan=plan, network=network, place=place, opts=ResourceOptions(parent=self)))
        else:
            raise ValueError(f"{name}: a cluster of our own stands in a network, and the plan has none")
        config = kubeconfig(self.facts.name, self.facts.endpoint, self.facts.certificate, place.region)
        self.provider = kubernetes.Provider(
            f"{name}-api",
            kubeconfig=config,
            # Whatever changes in the cluster, what stands in it is not to be made anew unless the cluster is.
            cluster_identifier=self.facts.name,
            enable_server_side_apply=True,
            opts=ResourceOptions(parent=self, depends_on=list(self.facts.ready)),
        )
        self.outputs = ClusterOutputs(
            name=self.facts.name,
            endpoint=self.facts.endpoint,
            version=self.facts.version,
            kubeconfig=config,
            identityIssuer=self.facts.issuer,
            usage={},
        )
        self.register_outputs({**self.outputs})


@dataclass(frozen=True, kw_only=True)
class _Spec:
    name: str
    plan: ClusterPlan
    network: Network
    place: Place
    opts: ResourceOptions


def _existing(parent: Cluster, name: str, network: Network | None, place: Place) -> ClusterFacts:
    lookup = InvokeOptions(parent=parent)
    found = aws.eks.get_cluster_output(name=name, region=place.region, opts=lookup)
    return ClusterFacts(
        name=found.name,
        arn=found.arn,
        version=found.version,
        endpoint=found.endpoint,
        certificate=found.certificate_authorities[0].data,
        issuer=found.identities[0].oidcs[0].issuer,
        vpc=found.vpc_config.vpc_id,
        security_group=found.vpc_config.cluster_security_group_id,
        subnets=network.node_subnets if network else FoundSubnets(found.vpc_config.subnet_ids, place.region, lookup),
        ready=[],
    )


def _build(spec: _Spec) -> ClusterFacts:
    role, attached = service_role(
        spec.name, "eks.amazonaws.com", ["AmazonEKSClusterPolicy"], place=spec.place, labels=spec.plan.labels, opts=spec.opts
    )
    logs = _log_group(spec, role)
    cluster = _control_plane(spec, role, [*spec.network.ready, *attached, *logs])
    owners = _owners(spec, cluster)
    add_ons = install_before_nodes(
        AddOnSpec(
            name=spec.name,
            cluster_name=cluster.name,
            cluster_arn=cluster.arn,
            place=spec.place,
            labels=spec.plan.labels,
            opts=spec.opts,
        ),
        spec.plan.cloud_add_ons,
    )
    return ClusterFacts(
        name=cluster.name,
        arn=cluster.arn,
        version=cluster.version,
        endpoint=cluster.endpoint,
        certificate=cluster.certificate_authority.apply(lambda authority: authority.data or ""),
        issuer=cluster.identities.apply(lambda found: found[0].oidcs[0].issuer if found and found[0].oidcs else "").apply(str),
        vpc=spec.network.outputs["id"],
        security_group=cluster.vpc_config.apply(lambda vpc: vpc.cluster_security_group_id or ""),
        subnets=spec.network.node_subnets,
        ready=[cluster, *owners, *add_ons],
    )


def _log_group(spec: _Spec, role: aws.iam.Role) -> list[Resource]:
    """The log group that EKS writes to; made before the cluster, or EKS makes it, and keeps what is in it for ever."""
    if not spec.plan.audit_logs:
        return []
    group = aws.cloudwatch.LogGroup(
        f"{spec.name}-logs",
        # EKS derives it from the cluster's name, which is the role's.
        name=Output.concat("/aws/eks/", role.name, "/cluster"),
        retention_in_days=spec.plan.log_retention_days,
        region=spec.place.region,
        tags=spec.plan.labels,
        opts=spec.opts,
    )
    return [group]


def _control_plane(spec: _Spec, role: aws.iam.Role, after: list[Resource]) -> aws.eks.Cluster:
    plan = spec.plan
    return aws.eks.Cluster(
        spec.name,
        # Pulumi's own name would be known only after its log group is wanted. A new role needs a new cluster anyway.
        name=role.name,
        role_arn=role.arn,
        version=plan.version,
        upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type=plan.upgrade_channel),
        vpc_config=_api(spec),
        access_config=aws.eks.ClusterAccessConfigArgs(
            authentication_mode="API",
            # Whoever deploys the cluster deploys what stands in it.
            bootstrap_cluster_creator_admin_permissions=True,
        ),
        # Unmanaged twins of the add-ons, which nobody would ever upgrade.
        bootstrap_self_managed_addons=False,
        kubernetes_network_config=aws.eks.ClusterKubernetesNetworkConfigArgs(ip_family="ipv4", service_ipv4_cidr=plan.service_cidr),
        encryption_config=_secrets(spec),
        enabled_cluster_log_types=list(plan.audit_logs),
        deletion_protection=plan.deletion_protection,
        region=spec.place.region,
        tags=plan.labels,
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=after)),
    )


def _api(spec: _Spec) -> aws.eks.ClusterVpcConfigArgs:
    plan = spec.plan
    return aws.eks.ClusterVpcConfigArgs(
        subnet_ids=spec.network.node_subnets.inside(()),
        endpoint_private_access=True,
        endpoint_public_access=not plan.private_api,
        public_access_cidrs=None if plan.private_api else list(plan.authorized_ranges),
    )


def _secrets(spec: _Spec) -> aws.eks.ClusterEncryptionConfigArgs | None:
    # Without it EKS encrypts them with a key of its own. Source: Amazon EKS User Guide, "Default envelope encryption".
    arn: Input[str] | None = spec.plan.encryption.existing_key
    if spec.plan.encryption.customer_key:
        description = f"Kubernetes secrets of {spec.name}"
        arn = create_key(
            spec.name, spec.plan.encryption, description=description, place=spec.place, labels=spec.plan.labels, opts=spec.opts
        ).arn
    if arn is None:
        return None
    return aws.eks.ClusterEncryptionConfigArgs(provider=aws.eks.ClusterEncryptionConfigProviderArgs(key_arn=arn), resources=["secrets"])


def _owners(spec: _Spec, cluster: aws.eks.Cluster) -> list[Resource]:
    if not spec.plan.owner_group:
        return []
    granted = grant_owners(spec.name, cluster.name, spec.plan.owner_group, place=spec.place, labels=spec.plan.labels, opts=spec.opts)
    return [granted]
