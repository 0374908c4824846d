"""A GKE cluster: its control plane, as whom its nodes act, and how Pulumi and people get in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, InvokeOptions, Output, Resource, ResourceOptions
from pulumi_gcp import container as gke

from components.contract import ClusterOutputs
from components.gcp import cluster_settings as settings
from components.gcp.cluster_identity import NodeIdentity, admit_owners, node_identity, security_group
from components.gcp.customer_key import CustomerKey, customer_key
from components.gcp.kubeconfig import kubeconfig
from components.gcp.network import NodeSubnet
from components.gcp.project import Project, current_project
from plan.model import ClusterPlan, ExistingClusterPlan

# The pool that every cluster is born with, gone before the first of ours comes: the smallest that GKE takes.
_FIRST_MACHINE = "e2-medium"
# Rights that the whole internet, or everybody with a Google account, would have. Source: Google Cloud, "Harden your cluster's security".
_BINDINGS = gke.ClusterRbacBindingConfigArgs(
    enable_insecure_binding_system_authenticated=False, enable_insecure_binding_system_unauthenticated=False
)


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a cluster stands in. ready: what must be there before its nodes are."""

    nodes: NodeSubnet
    ready: Sequence[Resource]


class Cluster(ComponentResource):
    """The environment's cluster.

    Owns the control plane, the service account of nodes, the key of its secrets, and the owner group's rights. Owns none of these when
    the plan names a cluster that exists, but the service account of nodes that are added to it.

    provider: talks to the cluster's API. identity: as whom nodes act, None where none are built. ready: what must be there before nodes.
    """

    outputs: ClusterOutputs
    provider: kubernetes.Provider
    identity: NodeIdentity | None
    ready: Sequence[Resource]

    def __init__(
        self,
        name: str,
        plan: ClusterPlan,
        *,
        region: str,
        around: Surroundings | None,
        has_nodes: bool,
        opts: ResourceOptions | None = None,
    ) -> None:
        """Build the cluster that the plan describes.

        `around` may be left out for a cluster that exists; has_nodes: whether node pools are built.
        """
        super().__init__("drydock:gcp:Cluster", name, {"usage": {}}, opts)
        own = ResourceOptions(parent=self)
        project = current_project(self)
        self.identity = node_identity(name, project, own) if has_nodes or not plan.existing else None
        if plan.existing:
            found, self.ready = _existing(self, plan.existing, region), ()
        else:
            cluster = _control_plane(
                _Spec(
                    name=name,
                    plan=plan,
                    region=region,
                    around=cast(Surroundings, around),
                    project=project,
                    identity=cast(NodeIdentity, self.identity),
                    opts=own,
                )
            )
            found, self.ready = _created(cluster, plan), (cluster,)
        config = kubeconfig(found.name, found.address, found.certificate)
        self.provider = kubernetes.Provider(
            f"{name}-api",
            kubeconfig=config,
            # Whatever changes in the cluster, what stands in it is not to be made anew unless the cluster is.
            cluster_identifier=found.name,
            enable_server_side_apply=True,
            opts=ResourceOptions.merge(own, ResourceOptions(depends_on=list(self.ready))),
        )
        if plan.owner_group and not plan.existing:
            admit_owners(name, plan.owner_group, project, self.provider, own)
        self.outputs = ClusterOutputs(
            name=found.name,
            endpoint=Output.concat("https://", found.address),
            version=found.version,
            kubeconfig=config,
            identityIssuer=_workload_pool(project),
            usage={},
        )
        self.register_outputs({**self.outputs})


@dataclass(frozen=True, kw_only=True)
class _Spec:
    name: str
    plan: ClusterPlan
    region: str
    around: Surroundings
    project: Project
    identity: NodeIdentity
    opts: ResourceOptions


@dataclass(frozen=True, kw_only=True)
class _Found:
    name: Output[str]
    address: Output[str]
    certificate: Output[str]
    version: Output[str]


def _existing(parent: Cluster, plan: ExistingClusterPlan, region: str) -> _Found:
    cluster = gke.get_cluster_output(name=plan.name, location=region, opts=InvokeOptions(parent=parent))
    return _Found(
        name=cluster.name,
        address=cluster.endpoint,
        certificate=cluster.master_auths.apply(lambda auths: auths[0].cluster_ca_certificate),
        version=cluster.master_version,
    )


def _created(cluster: gke.Cluster, plan: ClusterPlan) -> _Found:
    private = cluster.private_cluster_config.apply(lambda config: config.private_endpoint or "")
    return _Found(
        name=cluster.name,
        address=private if plan.private_api else cluster.endpoint,
        certificate=cluster.master_auth.apply(lambda auth: auth.cluster_ca_certificate or ""),
        version=cluster.master_version,
    )


def _workload_pool(project: Project) -> Output[str]:
    return Output.concat(project.id, ".svc.id.goog")


def _control_plane(spec: _Spec) -> gke.Cluster:
    plan, around = spec.plan, spec.around
    key = _secrets_key(spec)
    waits = [*around.ready, *spec.identity.grants, *([key.grant] if key else [])]
    return gke.Cluster(
        spec.name,
        location=spec.region,
        node_locations=list(plan.zones),
        min_master_version=plan.version,
        release_channel=gke.ClusterReleaseChannelArgs(channel=plan.upgrade_channel),
        network=around.nodes.network,
        subnetwork=around.nodes.subnetwork,
        networking_mode="VPC_NATIVE",
        ip_allocation_policy=gke.ClusterIpAllocationPolicyArgs(
            cluster_secondary_range_name=around.nodes.pod_range, services_secondary_range_name=around.nodes.service_range
        ),
        # Network policies are enforced by the data plane itself.
        datapath_provider="ADVANCED_DATAPATH",
        # Switched on later, for machines with several network cards, it would replace the cluster.
        enable_multi_networking=True,
        private_cluster_config=settings.private_cluster(plan),
        control_plane_endpoints_config=settings.endpoints(),
        master_authorized_networks_config=settings.authorized_networks(plan),
        anonymous_authentication_config=gke.ClusterAnonymousAuthenticationConfigArgs(mode="LIMITED"),
        rbac_binding_config=_BINDINGS,
        authenticator_groups_config=_groups(plan),
        workload_identity_config=gke.ClusterWorkloadIdentityConfigArgs(workload_pool=_workload_pool(spec.project)),
        database_encryption=gke.ClusterDatabaseEncryptionArgs(
            state="ENCRYPTED" if key else "DECRYPTED", key_name=key.name if key else None
        ),
        enable_shielded_nodes=True,
        security_posture_config=gke.ClusterSecurityPostureConfigArgs(mode="BASIC"),
        logging_config=gke.ClusterLoggingConfigArgs(enable_components=list(plan.audit_logs)),
        monitoring_config=settings.monitoring(plan),
        addons_config=settings.add_ons(plan),
        gateway_api_config=settings.gateway_api(plan),
        cluster_autoscaling=settings.autoscaling(plan),
        cost_management_config=gke.ClusterCostManagementConfigArgs(enabled=True),
        maintenance_policy=settings.maintenance(plan),
        remove_default_node_pool=True,
        initial_node_count=1,
        node_config=_first_nodes(spec.identity),
        node_pool_defaults=_node_defaults(),
        deletion_protection=plan.deletion_protection,
        resource_labels=plan.labels,
        opts=ResourceOptions.merge(
            spec.opts,
            # Once the first pool is gone, Google reports another pool's nodes here; taken for a change, they would replace the cluster.
            ResourceOptions(depends_on=waits, ignore_changes=["nodeConfig"]),
        ),
    )


def _secrets_key(spec: _Spec) -> CustomerKey | None:
    plan = spec.plan
    if not plan.encryption.existing_key and not plan.encryption.customer_key:
        return None
    # Source: Google Cloud, "Encrypt secrets at the application layer": the GKE service agent uses the key.
    agent = Output.concat("service-", spec.project.number, "@container-engine-robot.iam.gserviceaccount.com")
    return customer_key(f"{spec.name}-secrets", plan.encryption, location=spec.region, labels=plan.labels, agent=agent, opts=spec.opts)


def _groups(plan: ClusterPlan) -> gke.ClusterAuthenticatorGroupsConfigArgs | None:
    return gke.ClusterAuthenticatorGroupsConfigArgs(security_group=security_group(plan.owner_group)) if plan.owner_group else None


def _first_nodes(identity: NodeIdentity) -> gke.ClusterNodeConfigArgs:
    return gke.ClusterNodeConfigArgs(
        machine_type=_FIRST_MACHINE,
        service_account=identity.email,
        oauth_scopes=["https://www.googleapis.com/auth/cloud-platform"],
        shielded_instance_config=gke.ClusterNodeConfigShieldedInstanceConfigArgs(enable_secure_boot=True, enable_integrity_monitoring=True),
        workload_metadata_config=gke.ClusterNodeConfigWorkloadMetadataConfigArgs(mode="GKE_METADATA"),
    )


def _node_defaults() -> gke.ClusterNodePoolDefaultsArgs:
    # The port tells everybody on the network what runs on a node, without a log-in.
    return gke.ClusterNodePoolDefaultsArgs(
        node_config_defaults=gke.ClusterNodePoolDefaultsNodeConfigDefaultsArgs(insecure_kubelet_readonly_port_enabled="FALSE")
    )
