"""As whom nodes act, and who may administer the cluster."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_gcp as gcp
import pulumi_kubernetes as kubernetes
from pulumi import Output, Resource, ResourceOptions

from components.gcp.project import Project

# What the node's own agents need, and images. Source: Google Cloud, "About service accounts in GKE", least-privilege service account.
_NODE_ROLES = {"node": "roles/container.defaultNodeServiceAccount", "images": "roles/artifactregistry.reader"}


@dataclass(frozen=True, kw_only=True)
class NodeIdentity:
    """The service account of nodes, which may do its work once `grants` are there."""

    email: Output[str]
    grants: Sequence[Resource]


def node_identity(name: str, project: Project, opts: ResourceOptions) -> NodeIdentity:
    """A service account for nodes alone, which may write logs and metrics and read images, and nothing else."""
    account = gcp.serviceaccount.Account(f"{name}-nodes", display_name=f"Nodes of {name}", opts=opts)
    grants = [
        gcp.projects.IAMMember(
            f"{name}-nodes-{word}", project=project.id, role=role, member=Output.concat("serviceAccount:", account.email), opts=opts
        )
        for word, role in _NODE_ROLES.items()
    ]
    return NodeIdentity(email=account.email, grants=grants)


def security_group(owner_group: str) -> str:
    """The group in which every group that RBAC names must be nested; its name is Google's.

    Source: Google Cloud, "Configure Google Groups for RBAC".
    """
    return f"gke-security-groups@{owner_group.rpartition('@')[2]}"


def admit_owners(name: str, owner_group: str, project: Project, provider: kubernetes.Provider, opts: ResourceOptions) -> None:
    """Let the group find the cluster, and administer what is in it."""
    gcp.projects.IAMMember(
        f"{name}-owners-view", project=project.id, role="roles/container.clusterViewer", member=f"group:{owner_group}", opts=opts
    )
    kubernetes.rbac.v1.ClusterRoleBinding(
        f"{name}-owners",
        role_ref=kubernetes.rbac.v1.RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="ClusterRole", name="cluster-admin"),
        subjects=[kubernetes.rbac.v1.SubjectArgs(api_group="rbac.authorization.k8s.io", kind="Group", name=owner_group)],
        opts=ResourceOptions.merge(opts, ResourceOptions(provider=provider)),
    )
