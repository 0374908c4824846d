"""An AKS cluster: its control plane, its first pool, and how Pulumi and people get in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi_azure_native as azure
import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, Input, InvokeOptions, Output, Resource, ResourceOptions

from components.azure import cluster_profiles as profiles
from components.azure.cluster_access import NETWORK_CONTRIBUTOR, cluster_identity, grant_deployer, grant_identity
from components.azure.cluster_audit import record_audit
from components.azure.cluster_kms import SecretsKey, secrets_key
from components.azure.kubeconfig import kubeconfig
from components.azure.network import NodeSubnet
from components.azure.node_pool import inline_pool
from components.contract import ClusterOutputs
from plan.model import ClusterPlan, ExistingClusterPlan, NetworkPlan, NodePoolPlan

aks = azure.containerservice
_WINDOWS = ("aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule")
_PREMIUM = "Premium"


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a cluster stands in. node_subnets: of the network, in its order."""

    location: str
    resource_group_name: Input[str]
    network: NetworkPlan
    node_subnets: tuple[NodeSubnet, ...]


class Cluster(ComponentResource):
    """The environment's cluster.

    Owns the control plane with its first system pool, its identity and what that may do, the key of its secrets, its logs and its
    maintenance windows. Owns nothing when the plan names a cluster that exists.

    provider: talks to the cluster's API. identity: the control plane's, None for a cluster that exists. ready: what must be there before
    anything is put into the cluster. version: what node pools are to run, None where Azure moves it.
    """

    outputs: ClusterOutputs
    provider: kubernetes.Provider
    identity: azure.managedidentity.UserAssignedIdentity | None
    ready: Sequence[Resource]
    version: str | None
    resource_group_name: Input[str]

    def __init__(
        self,
        name: str,
        plan: ClusterPlan,
        *,
        pools: tuple[NodePoolPlan, ...],
        surroundings: Surroundings | None,
        opts: ResourceOptions | None = None,
    ) -> None:
        """Build the cluster that the plan describes.

        `pools` are all of the environment's; `surroundings` may be left out for a cluster that exists.
        """
        super().__init__("drydock:azure:Cluster", name, {"usage": {}}, opts)
        self.version = None if profiles.moves_version(plan) or plan.existing else plan.version
        if plan.existing:
            self.identity, self.ready = None, ()
            self.resource_group_name = cast(str, plan.existing.resource_group)
            found = _existing(self, plan.existing)
        else:
            spec = _Spec(name=name, plan=plan, pools=pools, around=cast(Surroundings, surroundings), opts=ResourceOptions(parent=self))
            self.resource_group_name = spec.around.resource_group_name
            self.identity, cluster, granted = _build(spec)
            self.ready = (cluster, granted)
            found = _Found(
                name=cluster.name,
                # A private cluster has no other name.
                endpoint=cluster.private_fqdn if plan.private_api else cluster.fqdn,
                version=cluster.current_kubernetes_version,
                issuer=cluster.oidc_issuer_profile.apply(lambda profile: profile.issuer_url if profile else ""),
            )
        config = kubeconfig(found.name, self.resource_group_name, self)
        self.provider = kubernetes.Provider(
            f"{name}-api",
            kubeconfig=config,
            # Whatever changes in the cluster, what stands in it is not to be made anew unless the cluster is.
            cluster_identifier=found.name,
            enable_server_side_apply=True,
            opts=ResourceOptions(parent=self, depends_on=list(self.ready)),
        )
        self.outputs = ClusterOutputs(
            name=found.name,
            endpoint=Output.concat("https://", found.endpoint, ":443"),
            version=found.version,
            kubeconfig=config,
            identityIssuer=found.issuer,
            usage={},
        )
        self.register_outputs({**self.outputs})


@dataclass(frozen=True, kw_only=True)
class _Spec:
    name: str
    plan: ClusterPlan
    pools: tuple[NodePoolPlan, ...]
    around: Surroundings
    opts: ResourceOptions


@dataclass(frozen=True, kw_only=True)
class _Found:
    name: Output[str]
    endpoint: Output[str]
    version: Output[str]
    issuer: Output[str]


def _existing(parent: Cluster, existing: ExistingClusterPlan) -> _Found:
    found = aks.get_managed_cluster_output(
        resource_name=existing.name, resource_group_name=existing.resource_group, opts=InvokeOptions(parent=parent)
    )
    return _Found(
        name=found.name,
        endpoint=found.apply(lambda cluster: cluster.private_fqdn or cluster.fqdn),
        version=found.current_kubernetes_version,
        issuer=found.apply(lambda cluster: (cluster.oidc_issuer_profile.issuer_url if cluster.oidc_issuer_profile else None) or ""),
    )


def _build(spec: _Spec) -> tuple[azure.managedidentity.UserAssignedIdentity, aks.ManagedCluster, Resource]:
    place: dict[str, Any] = {"location": spec.around.location, "resource_group_name": spec.around.resource_group_name, "opts": spec.opts}
    identity = cluster_identity(spec.name, spec.plan, **place)
    joins = [
        grant_identity(f"{spec.name}-joins-{index}", identity, subnet.id, NETWORK_CONTRIBUTOR, spec.opts)
        for index, subnet in enumerate(spec.around.node_subnets)
    ]
    key = secrets_key(spec.name, spec.plan, identity, **place)
    cluster = _control_plane(spec, identity, key, [*joins, *([key.grant] if key else [])])
    record_audit(spec.name, spec.plan, cluster, **place)
    _maintenance(spec, cluster)
    return identity, cluster, grant_deployer(spec.name, cluster, spec.opts)


def _control_plane(
    spec: _Spec, identity: azure.managedidentity.UserAssignedIdentity, key: SecretsKey | None, after: list[Resource]
) -> aks.ManagedCluster:
    plan, around = spec.plan, spec.around
    first = next(pool for pool in spec.pools if pool.system)
    extended = plan.tier == _PREMIUM
    return aks.ManagedCluster(
        spec.name,
        resource_group_name=around.resource_group_name,
        location=around.location,
        kubernetes_version=plan.version,
        dns_prefix=spec.name,
        sku=aks.ManagedClusterSKUArgs(name=aks.ManagedClusterSKUName.BASE, tier=cast(aks.ManagedClusterSKUTier, plan.tier)),
        support_plan=aks.KubernetesSupportPlan.AKS_LONG_TERM_SUPPORT if extended else aks.KubernetesSupportPlan.KUBERNETES_OFFICIAL,
        identity=aks.ManagedClusterIdentityArgs(type=aks.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[identity.id]),
        agent_pool_profiles=[inline_pool(first, around.node_subnets, version=None if profiles.moves_version(plan) else plan.version)],
        aad_profile=aks.ManagedClusterAADProfileArgs(
            managed=True, enable_azure_rbac=True, admin_group_object_ids=[plan.owner_group] if plan.owner_group else None
        ),
        enable_rbac=True,
        disable_local_accounts=True,
        api_server_access_profile=profiles.api_server(plan),
        network_profile=profiles.cluster_network(plan, around.network),
        auto_scaler_profile=profiles.auto_scaler(spec.pools) if plan.node_provisioner == "cloud" else None,
        auto_upgrade_profile=profiles.upgrades(plan),
        node_provisioning_profile=_node_provisioning(plan),
        oidc_issuer_profile=aks.ManagedClusterOIDCIssuerProfileArgs(enabled=True),
        security_profile=profiles.security(plan, key.profile if key else None),
        workload_auto_scaler_profile=aks.ManagedClusterWorkloadAutoScalerProfileArgs(
            keda=aks.ManagedClusterWorkloadAutoScalerProfileKedaArgs(enabled="keda" in plan.cloud_add_ons)
        ),
        tags=plan.labels,
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=after, ignore_changes=_moved_by_azure(plan))),
    )


def _moved_by_azure(plan: ClusterPlan) -> list[str]:
    # The cluster autoscaler moves the count; put back, each `up` would undo what it did.
    moved = ["agentPoolProfiles[0].count"]
    return [*moved, "kubernetesVersion"] if profiles.moves_version(plan) else moved


def _node_provisioning(plan: ClusterPlan) -> aks.ManagedClusterNodeProvisioningProfileArgs:
    if plan.node_provisioner != "karpenter":
        return aks.ManagedClusterNodeProvisioningProfileArgs(mode=aks.NodeProvisioningMode.MANUAL)
    # The pools are the plan's: Azure's own default ones would add machines that nobody asked for.
    return aks.ManagedClusterNodeProvisioningProfileArgs(
        mode=aks.NodeProvisioningMode.AUTO, default_node_pools=aks.NodeProvisioningDefaultNodePools.NONE
    )


def _maintenance(spec: _Spec, cluster: aks.ManagedCluster) -> None:
    for window in _WINDOWS:
        aks.MaintenanceConfiguration(
            f"{spec.name}-{window.lower()}",
            config_name=window,
            resource_group_name=spec.around.resource_group_name,
            resource_name_=cluster.name,
            maintenance_window=profiles.maintenance_window(spec.plan),
            opts=spec.opts,
        )
