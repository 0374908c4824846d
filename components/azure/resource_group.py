"""The resource group that holds an environment."""

import pulumi_azure_native as azure
from pulumi import Output, ResourceOptions

from plan.model import Plan


def resource_group_name(plan: Plan) -> Output[str] | None:
    """Build the environment's one resource group and give its name; None where all that the plan has is in a group of its own already.

    It stays when anything in it stays: Azure deletes a group with everything inside.
    """
    buckets = [bucket for bucket in plan.buckets if bucket.existing is None]
    network = plan.network is not None and plan.network.existing is None
    cluster = plan.cluster is not None and plan.cluster.existing is None
    registry = plan.registry is not None and plan.registry.existing is None
    endpoints = any(endpoint.platform == "azureMl" for endpoint in plan.endpoints)
    if not (buckets or network or cluster or registry or endpoints):
        return None
    kept = any(bucket.keep for bucket in buckets) or (plan.registry is not None and registry and plan.registry.retain)
    group = azure.resources.ResourceGroup("drydock", location=plan.region, tags=plan.labels, opts=ResourceOptions(retain_on_delete=kept))
    return group.name
