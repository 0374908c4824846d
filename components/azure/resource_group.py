"""The resource group that holds an environment."""

import pulumi_azure_native as azure
from pulumi import Output, ResourceOptions

from plan.model import Plan


def resource_group_name(plan: Plan) -> Output[str]:
    """Build the environment's one resource group; gives its name.

    It stays when anything in it stays: Azure deletes a group with everything inside.
    """
    kept = any(bucket.keep for bucket in plan.buckets)
    group = azure.resources.ResourceGroup("drydock", location=plan.region, tags=plan.labels, opts=ResourceOptions(retain_on_delete=kept))
    return group.name
