"""As whom the pods of an endpoint in an AKS cluster read their models."""

import pulumi_azure_native as azure
from pulumi import Input, Output, ResourceOptions

from components.azure.cluster_access import grant_identity
from components.contract import DeploymentOutputs
from components.kubernetes.endpoint_spec import CloudIdentity, account_name
from plan.model import EndpointPlan

# Storage Blob Data Reader. Source: Microsoft Learn, "Azure built-in roles".
_BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
# Source: Microsoft Learn, "Use Microsoft Entra Workload ID with AKS": the audience of tokens, the annotation and the label.
_AUDIENCE = "api://AzureADTokenExchange"
_CLIENT_ANNOTATION, _USE_LABEL = "azure.workload.identity/client-id", "azure.workload.identity/use"


def endpoint_identity(
    plan: EndpointPlan, built: DeploymentOutputs, *, issuer: Output[str], resource_group_name: Input[str], location: str
) -> CloudIdentity:
    """An identity that reads the containers of the endpoint's models, and that only the endpoint's service account may take."""
    artifacts = [variant.model.artifact for variant in plan.variants]
    buckets = sorted({artifact.bucket for artifact in artifacts if artifact and artifact.bucket})
    if not buckets:
        return CloudIdentity()
    identity = azure.managedidentity.UserAssignedIdentity(
        f"{plan.name}-pods", resource_group_name=resource_group_name, location=location, tags=plan.labels
    )
    trust = azure.managedidentity.FederatedIdentityCredential(
        f"{plan.name}-pods",
        resource_group_name=resource_group_name,
        resource_name_=identity.name,
        issuer=issuer,
        subject=f"system:serviceaccount:{plan.namespace}:{account_name(plan)}",
        audiences=[_AUDIENCE],
    )
    grants = [
        grant_identity(
            f"{plan.name}-pods-read-{bucket}", identity, built.get("storage", {})[bucket]["resourceId"], _BLOB_READER, ResourceOptions()
        )
        for bucket in buckets
    ]
    return CloudIdentity(annotations={_CLIENT_ANNOTATION: identity.client_id}, pod_labels={_USE_LABEL: "true"}, ready=[trust, *grants])
