"""The way into a cluster that is there already."""

import pulumi_kubernetes as kubernetes

from plan.model import ClusterPlan


def existing_cluster(plan: ClusterPlan) -> kubernetes.Provider:
    """A provider for the plan's context of the kubeconfig; nobody falls into whatever context happens to be the current one."""
    return kubernetes.Provider("cluster", context=plan.existing.context if plan.existing else None, enable_server_side_apply=True)
